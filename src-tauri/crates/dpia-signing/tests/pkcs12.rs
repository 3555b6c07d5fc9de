//! PKCS#12 files of other programs, as they were made once (`fixtures/pkcs12/make`): which are read, and what is said
//! of those that are not.

mod support;

use std::path::Path;

use dpia_signing::{
    Certificate, Identity, PdfVerification, SignatureAlgorithm, SigningError, Trust, sign, sign_detached, verify_detached, verify_pdf,
};
use proptest::prelude::*;
use support::open_pdf;

fn read(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pkcs12").join(name);
    std::fs::read(path).expect(name)
}

fn bring(name: &str) -> Identity {
    Identity::from_pkcs12(&read(&format!("{name}.p12")), "x").expect(name)
}

fn authority(name: &str) -> Certificate {
    Certificate::from_pem(&String::from_utf8(read(name)).expect("text")).expect("a certificate")
}

#[test]
fn each_kind_of_key_and_cipher_signs_the_same_way_twice_and_is_verified() {
    let check = |name: &str, algorithm: SignatureAlgorithm, root: &str| {
        let identity = bring(name);
        assert_eq!(identity.certificate().signature_algorithm().expect("a kind"), algorithm, "{name}");
        assert_eq!(identity.certificate().subject().to_string(), "Siân Officer, Ysgol <sian@school.example>");
        let signed = sign(open_pdf(), &identity).expect(name);
        assert_eq!(signed, sign(open_pdf(), &identity).expect(name), "{name} does not sign the same way twice");
        let PdfVerification::Signed(reports) = verify_pdf(&signed, Some(&[authority(root)])).expect(name) else {
            panic!("{name} did not sign");
        };
        assert!(reports[0].is_sound(), "{name}: {:?}", reports[0].problems());
        assert!(matches!(reports[0].trust, Trust::IssuedBy(_)));
        let signature = sign_detached(b"a manifest", &identity).expect(name);
        assert!(verify_detached(b"a manifest", &signature, None).is_sound());
        assert!(!verify_detached(b"A manifest", &signature, None).is_sound());
    };
    use SignatureAlgorithm::{EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1Sha256};
    check("rsa-2048", RsaPkcs1Sha256, "root-rsa.pem");
    check("rsa-3072-chain", RsaPkcs1Sha256, "root-rsa.pem");
    check("rsa-4096", RsaPkcs1Sha256, "root-rsa.pem");
    check("p256", EcdsaP256Sha256, "root-rsa.pem");
    check("p384-chain", EcdsaP384Sha384, "root-p384.pem");
    check("old-rc2-40", RsaPkcs1Sha256, "root-rsa.pem");
    check("old-rc2-128", RsaPkcs1Sha256, "root-rsa.pem");
    check("old-3des", EcdsaP384Sha384, "root-p384.pem");
    check("pbes2-3des-sha1", EcdsaP256Sha256, "root-rsa.pem");
    check("open-certificates", EcdsaP256Sha256, "root-rsa.pem");
    check("open-key", RsaPkcs1Sha256, "root-rsa.pem");
    check("no-mac", EcdsaP256Sha256, "root-rsa.pem");
}

#[test]
fn each_file_that_cannot_be_used_says_why() {
    let check = |name: &str, password: &str, said: &str| {
        let error = Identity::from_pkcs12(&read(name), password).expect_err(name);
        assert_eq!(error.to_string(), said, "{name}");
    };
    let wrong = "the password does not open this PKCS#12 file";
    for name in ["rsa-2048.p12", "old-rc2-40.p12", "old-3des.p12", "no-mac.p12", "open-key.p12"] {
        check(name, "y", wrong);
        check(name, "", wrong);
        check(name, "x\0", wrong);
    }
    check(
        "weak-rsa-1024.p12",
        "x",
        "the RSA key has 1024 bits; signatures with fewer than 2048 bits are not secure, so a new certificate is needed",
    );
    let kind = |kind: &str| format!("the key is of the kind {kind}; RSA of 2048 to 4096 bits, P-256 and P-384 keys can sign here");
    check("rsa-8192.p12", "x", &kind("RSA 8192"));
    check("p521.p12", "x", &kind("elliptic curve P-521"));
    check("ed25519.p12", "x", &kind("Ed25519"));
    check(
        "other-usage.p12",
        "x",
        "the certificate is not for signing documents; one with the key usage digitalSignature or nonRepudiation is needed",
    );
    check("old-rc4.p12", "x", "this PKCS#12 file is encrypted with an unsupported cipher (RC4); export it again with AES-256");
    check("no-key.p12", "x", "this PKCS#12 file contains no private key; export it again with its key");
    check("no-certificate.p12", "x", "this PKCS#12 file contains no certificate; export it again with its certificate");
    check("root-rsa.pem", "x", "this is not a PKCS#12 file (.p12 or .pfx)");
}

#[test]
fn a_file_that_asks_for_too_much_work_is_refused_before_any_is_done() {
    let error = Identity::from_pkcs12(&read("many-rounds.p12"), "x").expect_err("six million");
    assert!(matches!(error, SigningError::TooManyRounds { limit: 5_000_000, .. }), "{error}");
    // The largest count that DER holds in four bytes, in each place where one is; 2048 is 08 00.
    let file = read("p256.p12");
    let places: Vec<usize> = (0..file.len() - 4).filter(|at| file[*at..*at + 4] == [2, 2, 8, 0]).collect();
    assert!(places.len() >= 2, "{places:?}");
    for at in places {
        let mut hostile = file.clone();
        hostile.splice(at..at + 4, [2, 4, 0x7f, 0xff, 0xff, 0xff]);
        // The lengths around it are wrong now, so that it is refused for one reason or the other. The work itself would take an hour.
        assert!(Identity::from_pkcs12(&hostile, "x").is_err());
        let mut large = file.clone();
        large[at + 2..at + 4].copy_from_slice(&[0x7f, 0xff]);
        assert!(Identity::from_pkcs12(&large, "x").is_err());
    }
}

#[test]
fn a_file_whose_lengths_are_not_stated_is_read() {
    let file = read("rsa-2048.p12");
    // 30 82 hh ll … becomes 30 80 … 00 00: the same file as BER.
    assert_eq!(file[..2], [0x30, 0x82]);
    let mut endless = vec![0x30, 0x80];
    endless.extend(&file[4..]);
    endless.extend([0, 0]);
    let identity = Identity::from_pkcs12(&endless, "x").expect("read");
    assert_eq!(identity.certificate(), bring("rsa-2048").certificate());
}

#[test]
fn identities_of_every_kind_of_key_are_stored_and_come_back() {
    for (name, version) in [("p256", 1), ("p384-chain", 2), ("rsa-2048", 2)] {
        let identity = bring(name);
        let bytes = identity.to_bytes().expect(name);
        let at = if bytes[1] < 0x80 { 4 } else { 4 + usize::from(bytes[1] - 0x80) };
        assert_eq!(bytes[at], version, "{name}");
        let again = Identity::from_bytes(&bytes).expect(name);
        assert_eq!(*again.to_bytes().expect(name), *bytes);
        assert_eq!(sign(open_pdf(), &again).expect(name), sign(open_pdf(), &identity).expect(name));
        let file = identity.to_pkcs12("y").expect(name);
        assert_eq!(*Identity::from_pkcs12(&file, "y").expect(name).to_bytes().expect(name), *bytes);
        let mut other = bytes.to_vec();
        other[at] = 3 - version;
        assert!(Identity::from_bytes(&other).is_err(), "{name} is stored in one way only");
    }
}

#[test]
fn no_byte_of_an_rsa_or_p384_signature_can_be_changed() {
    // 0x0a turns sha256WithRSAEncryption into rsaEncryption, which means the same and is refused for that reason.
    for (name, change) in [("rsa-2048", 0x0a), ("p384-chain", 0x01)] {
        let signature = sign_detached(b"a manifest", &bring(name)).expect(name);
        for index in 0..signature.len() {
            let mut changed = signature.clone();
            changed[index] ^= change;
            assert!(!verify_detached(b"a manifest", &changed, None).is_sound(), "{name}, byte {index}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_upset_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Identity::from_pkcs12(&bytes, "x").is_err());
    }

    #[test]
    fn no_change_to_a_file_upsets_the_reader(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        which in 0..4usize,
    ) {
        let mut file = read(["old-rc2-40.p12", "no-mac.p12", "open-key.p12", "p256.p12"][which]);
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        // Whether it is read is not the question: it ends.
        let _ = Identity::from_pkcs12(&file, "x");
    }
}
