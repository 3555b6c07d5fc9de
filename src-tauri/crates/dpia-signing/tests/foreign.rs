//! Identities that another program made: an authority and its certificates, by `openssl`.

mod support;

use std::path::Path;
use std::process::Command;

use dpia_signing::{
    Certificate, Identity, PdfVerification, Problem, Signature, SignatureAlgorithm, SignatureReport, Signer, SigningError, Trust, sign,
    verify_pdf,
};
use support::open_pdf;

/// A folder with an authority of its own.
struct Authority {
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Authority {
        let authority = Authority { folder: tempfile::tempdir().expect("a folder") };
        for name in ["ca", "other"] {
            authority.run(&[
                "req",
                "-x509",
                "-nodes",
                "-days",
                "3650",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-subj",
                "/O=School Authority/CN=Root",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout",
                &format!("{name}.key"),
                "-out",
                &format!("{name}.pem"),
            ]);
        }
        authority
    }

    /// A certificate of the authority `ca`, with the extensions given, and its key.
    fn issue(&self, extensions: &str) -> Reckless {
        self.make_leaf(extensions);
        Reckless { certificate: self.certificate("leaf.pem"), key: self.folder.path().join("leaf.key") }
    }

    /// As [`Authority::issue`], brought as PKCS#12.
    fn issue_identity(&self, extensions: &str) -> Identity {
        self.make_leaf(extensions);
        self.run(&[
            "pkcs12",
            "-export",
            "-inkey",
            "leaf.key",
            "-in",
            "leaf.pem",
            "-certfile",
            "ca.pem",
            "-out",
            "leaf.p12",
            "-passout",
            "pass:x",
        ]);
        let file = std::fs::read(self.folder.path().join("leaf.p12")).expect("read");
        Identity::from_pkcs12(&file, "x").expect("an identity")
    }

    fn make_leaf(&self, extensions: &str) {
        std::fs::write(self.folder.path().join("ext.cnf"), extensions).expect("written");
        self.run(&[
            "req",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-utf8",
            "-subj",
            "/O=Ysgol/CN=Ann Officer/emailAddress=ann@school.example",
            "-keyout",
            "leaf.key",
            "-out",
            "leaf.csr",
        ]);
        self.run(&[
            "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "365", "-extfile", "ext.cnf", "-out",
            "leaf.pem",
        ]);
    }

    fn certificate(&self, name: &str) -> Certificate {
        let pem = std::fs::read_to_string(self.folder.path().join(name)).expect("read");
        Certificate::from_pem(&pem).expect("a certificate")
    }

    fn run(&self, arguments: &[&str]) {
        run_openssl(self.folder.path(), arguments);
    }
}

fn run_openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output();
    let output = output.expect("this test needs the openssl program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {said}");
}

fn verify(signed: &[u8], trust: Option<&[Certificate]>) -> SignatureReport {
    match verify_pdf(signed, trust).expect("read") {
        PdfVerification::Signed(mut reports) => reports.remove(0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_certificate_is_trusted_through_the_authority_that_issued_it_and_no_other() {
    let authority = Authority::new();
    let identity = authority.issue_identity("keyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n");
    let subject = identity.certificate().subject();
    assert_eq!(subject.to_string(), "Ann Officer, Ysgol <ann@school.example>");
    assert_eq!(subject.role, None);
    // The certificates begin now, and so the time that is claimed is now: before, they were not in force.
    let claimed = jiff::Timestamp::now().strftime("D:%Y%m%d%H%M%SZ").to_string();
    let pdf = String::from_utf8(open_pdf()).expect("text").replace("D:20261123080000Z", &claimed);
    let signed = sign(pdf.into_bytes(), &identity).expect("signed");
    let check = |list: &[Certificate], expected: Trust| {
        let report = verify(&signed, Some(list));
        assert!(report.is_intact() && report.is_valid(), "{:?}", report.problems());
        assert_eq!(report.is_sound(), expected != Trust::NotTrusted);
        assert_eq!(report.trust, expected);
    };
    let (issuer, namesake) = (authority.certificate("ca.pem"), authority.certificate("other.pem"));
    check(std::slice::from_ref(&issuer), Trust::IssuedBy(Box::new(issuer.clone())));
    check(&[namesake.clone(), issuer.clone()], Trust::IssuedBy(Box::new(issuer.clone())));
    // The same name and another key.
    check(&[namesake], Trust::NotTrusted);
    check(&[identity.certificate().clone()], Trust::Named);
}

#[test]
fn a_certificate_that_is_no_authority_makes_nothing_trusted() {
    let authority = Authority::new();
    let leaf = authority.issue_identity("keyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n");
    let issuer = authority.certificate("ca.pem");
    assert!(leaf.certificate().is_issued_by(&issuer));
    assert!(!issuer.is_issued_by(leaf.certificate()));
    assert!(!leaf.certificate().is_issued_by(leaf.certificate()));
    // A self-signed certificate made here is no authority either.
    let own = support::identity(1);
    assert!(!own.certificate().is_issued_by(own.certificate()));
}

#[test]
fn a_certificate_that_is_not_for_signing_is_reported() {
    let authority = Authority::new();
    let check = |extensions: &str, is_valid: bool| {
        let signed = sign(open_pdf(), &authority.issue(extensions)).expect("signed");
        let report = verify(&signed, None);
        assert!(report.is_intact());
        assert_eq!(report.is_valid(), is_valid, "{extensions}");
        assert_eq!(report.problems().contains(&&Problem::KeyUsageForbids), !is_valid);
    };
    check("keyUsage=critical,keyAgreement\n", false);
    check("keyUsage=critical,nonRepudiation\n", true);
    check("basicConstraints=CA:FALSE\n", true);
}

/// A key that signs whatever its certificate is for, as another program might.
struct Reckless {
    certificate: Certificate,
    key: std::path::PathBuf,
}

impl Signer for Reckless {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Signature, SigningError> {
        let folder = self.key.parent().expect("a folder");
        std::fs::write(folder.join("digest"), digest).expect("written");
        run_openssl(folder, &["pkeyutl", "-sign", "-inkey", "leaf.key", "-in", "digest", "-out", "signature"]);
        let bytes = std::fs::read(folder.join("signature")).expect("read");
        Ok(Signature { algorithm: SignatureAlgorithm::EcdsaP256Sha256, bytes })
    }
}
