//! Identities: what a certificate says, and PKCS#12 to and from other programs.

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use dpia_signing::{Certificate, Identity, Person, SigningError};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use support::{identity, now, officer};

#[test]
fn a_certificate_says_whom_it_is_for_and_until_when() {
    let own = identity(1);
    let certificate = own.certificate();
    let subject = certificate.subject();
    let person = officer();
    assert_eq!(subject.name, Some(person.name));
    assert_eq!(subject.role, Some(person.role));
    assert_eq!(subject.organisation, Some(person.organisation));
    assert_eq!(subject.email, Some(person.email));
    assert_eq!(
        subject.to_string(),
        "Siân Żółkiewska-Παπαδοπούλου, Swyddog Diogelu Data, Juniper Education – Addysg <sian.z@juniper.example>"
    );
    assert_eq!(certificate.not_before().to_string(), "2026-11-22T09:30:00Z");
    assert_eq!(certificate.not_after().to_string(), "2029-11-22T09:29:59Z");
    assert_eq!(certificate.serial().split(':').count(), 16);
}

#[test]
fn the_days_that_are_left_are_counted_to_the_last() {
    let certificate = identity(1).certificate().clone();
    let check = |at: &str, days: i64, is_soon: bool| {
        let at = at.parse().expect("a time");
        assert_eq!(certificate.days_left(at), days, "{at}");
        assert_eq!(certificate.expires_within(60, at), is_soon, "{at}");
    };
    check("2026-11-22T09:30:00Z", 1096, false);
    check("2029-09-23T09:29:59Z", 61, false);
    check("2029-09-23T09:30:00Z", 60, true);
    check("2029-11-22T09:29:59Z", 1, true);
    check("2029-11-22T09:30:00Z", -1, true);
    check("2029-11-23T09:29:59Z", -1, true);
}

#[test]
fn a_fingerprint_is_sixteen_groups_of_four() {
    let text = identity(1).certificate().fingerprint().to_string();
    let groups: Vec<_> = text.split(' ').collect();
    assert_eq!(groups.len(), 16);
    assert!(groups.iter().all(|group| group.len() == 4));
}

#[test]
fn the_same_random_numbers_give_the_same_identity_and_others_another() {
    let one = identity(1);
    assert_eq!(one.certificate(), identity(1).certificate());
    assert_ne!(one.certificate(), identity(2).certificate());
    assert_ne!(one.certificate().serial(), identity(2).certificate().serial());
}

#[test]
fn a_certificate_that_ends_after_2049_is_written_with_four_digit_years() {
    let at = "2048-02-29T12:00:00.75Z".parse().expect("a time");
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let identity = Identity::create(&officer(), at, &mut rng).expect("an identity");
    let certificate = identity.certificate();
    assert_eq!(certificate.not_before().to_string(), "2048-02-29T12:00:00Z");
    assert_eq!(certificate.not_after().to_string(), "2051-02-28T11:59:59Z");
    let early = "1969-12-31T23:59:59Z".parse().expect("a time");
    let error = Identity::create(&officer(), early, &mut rng).expect_err("before 1970");
    assert!(matches!(error, SigningError::DateOutOfRange { .. }));
}

#[test]
fn a_person_that_cannot_be_named_gets_no_certificate() {
    let person = Person { role: String::new(), ..officer() };
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let error = Identity::create(&person, now(), &mut rng).expect_err("no role");
    assert_eq!(error.to_string(), "the role is empty; a certificate needs it");
}

#[test]
fn pem_out_and_in_is_the_same_certificate() {
    let certificate = identity(1).certificate().clone();
    let pem = certificate.to_pem().expect("PEM");
    assert_eq!(Certificate::from_pem(&pem).expect("read"), certificate);
    let wrapped = format!("subject: Siân\n{pem}\nand more\n");
    assert_eq!(Certificate::from_pem(&wrapped).expect("read"), certificate);
    for text in ["", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"] {
        assert!(Certificate::from_pem(text).is_err(), "{text}");
    }
}

#[test]
fn every_certificate_of_a_file_is_read_or_said_not_to_be() {
    let certificates = [1, 2, 3].map(|seed| identity(seed).certificate().clone());
    let [one, two, three] = certificates.clone().map(|certificate| certificate.to_pem().expect("PEM"));
    let read =
        |file: &[u8]| Certificate::read_all(file).into_iter().map(|read| read.map_err(|error| error.to_string())).collect::<Vec<_>>();
    let all = certificates.map(Ok);
    assert_eq!(read(format!("0 s:one\n{one}between\r\n{two}{three}after").as_bytes()), all);
    assert_eq!(read(one.replace('\n', "\r\n").as_bytes()), all[..1]);
    assert_eq!(read(all[1].as_ref().expect("read").as_der()), all[1..2]);
    let [first, cut_off, last] = &read(format!("{one}{}{three}", two.split("-----END").next().expect("a part")).as_bytes())[..] else {
        panic!("three are read")
    };
    assert_eq!((first, last), (&all[0], &all[2]));
    assert!(cut_off.as_ref().is_err_and(|reason| reason.ends_with("its END CERTIFICATE line is missing")), "{cut_off:?}");
    assert!(read(b"").is_empty() && read(b"no certificate").is_empty());
    assert!(read(b"0 at the beginning").iter().all(Result::is_err));
}

#[test]
fn a_stored_identity_comes_back_and_a_damaged_one_does_not() {
    let own = identity(1);
    let bytes = own.to_bytes().expect("bytes");
    let again = Identity::from_bytes(&bytes).expect("read");
    assert_eq!(again.certificate(), own.certificate());
    assert_eq!(*again.to_bytes().expect("bytes"), *bytes);
    assert!(Identity::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Identity::from_bytes(b"").is_err());
    let mut newer = bytes.to_vec();
    newer[6] = 3;
    let error = Identity::from_bytes(&newer).expect_err("a newer form");
    assert!(error.to_string().contains("newer"), "{error}");
}

#[test]
fn no_debug_output_shows_the_private_key() {
    let own = identity(1);
    let text = format!("{own:?}");
    let bytes = own.to_bytes().expect("bytes");
    let key = &bytes[bytes.len() - 100..];
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    for start in (0..digits.len() - 8).step_by(2) {
        assert!(!text.contains(&digits[start..start + 8]));
    }
}

#[test]
fn pkcs12_out_and_in_is_the_same_identity() {
    let own = identity(1);
    let file = own.to_pkcs12("pässwörd").expect("written");
    let again = Identity::from_pkcs12(&file, "pässwörd").expect("read");
    assert_eq!(*again.to_bytes().expect("bytes"), *own.to_bytes().expect("bytes"));
    assert!(matches!(own.to_pkcs12(""), Err(SigningError::EmptyPassword)));
}

#[test]
fn each_pkcs12_file_that_cannot_be_used_says_why() {
    let file = identity(1).to_pkcs12("right").expect("written");
    let check = |bytes: &[u8], password: &str, said: &str| {
        let error = Identity::from_pkcs12(bytes, password).expect_err(said);
        assert_eq!(error.to_string(), said);
    };
    check(&file, "wrong", "the password does not open this PKCS#12 file");
    check(&file, "", "the password does not open this PKCS#12 file");
    check(&file, "right\0", "the password does not open this PKCS#12 file");
    let refused = identity(1).to_pkcs12("a\0b").expect_err("a zero character");
    assert_eq!(refused.to_string(), "the password contains a character that cannot be typed");
    check(b"hello", "x", "this is not a PKCS#12 file (.p12 or .pfx)");
    check(&file[..200], "x", "this is not a PKCS#12 file (.p12 or .pfx)");
}

#[test]
fn openssl_reads_our_pkcs12_and_we_read_its() {
    let own = identity(1);
    let folder = tempfile::tempdir().expect("a folder");
    let ours = folder.path().join("ours.p12");
    std::fs::write(&ours, own.to_pkcs12("secret").expect("written")).expect("saved");
    let shown = openssl(folder.path(), "pkcs12 -in ours.p12 -passin pass:secret -nodes -info");
    assert!(shown.contains("BEGIN PRIVATE KEY"), "{shown}");
    assert!(shown.contains("PBES2, PBKDF2, AES-256-CBC"), "{shown}");
    assert!(shown.contains("MAC: sha256"), "{shown}");
    let certificate = Certificate::from_pem(&shown).expect("a certificate");
    assert_eq!(&certificate, own.certificate());
    std::fs::write(folder.path().join("both.pem"), &shown).expect("saved");
    openssl(folder.path(), "pkcs12 -export -in both.pem -out theirs.p12 -passout pass:other");
    let theirs = std::fs::read(folder.path().join("theirs.p12")).expect("read");
    let again = Identity::from_pkcs12(&theirs, "other").expect("read");
    assert_eq!(*again.to_bytes().expect("bytes"), *own.to_bytes().expect("bytes"));
}

#[test]
fn openssl_finds_the_certificate_as_it_was_meant() {
    let folder = tempfile::tempdir().expect("a folder");
    let pem = identity(1).certificate().to_pem().expect("PEM");
    std::fs::write(folder.path().join("own.pem"), pem).expect("saved");
    let text = openssl(folder.path(), "x509 -in own.pem -noout -text -nameopt utf8,sep_comma_plus_space");
    for expected in [
        "Version: 3 (0x2)",
        "O=Juniper Education – Addysg, title=Swyddog Diogelu Data, CN=Siân Żółkiewska-Παπαδοπούλου, emailAddress=sian.z@juniper.example",
        "X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation",
        "CA:FALSE",
        "email:sian.z@juniper.example",
        "X509v3 Subject Key Identifier",
        "ASN1 OID: prime256v1",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    openssl(folder.path(), "verify -check_ss_sig -CAfile own.pem -partial_chain -attime 1800000000 own.pem");
}

/// Runs the `openssl` of the machine in a folder and returns what it wrote.
fn openssl(folder: &std::path::Path, arguments: &str) -> String {
    let mut child = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test needs the openssl program");
    child.stdin.take().expect("a pipe").write_all(b"").expect("closed");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned() + &said
}
