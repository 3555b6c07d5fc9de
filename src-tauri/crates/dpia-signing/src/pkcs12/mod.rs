//! PKCS#12 files (RFC 7292): how an identity travels, encrypted with a password.
//!
//! OpenSSL does the work, built from source with the application: the database needs it
//! anyway, and the PKCS#12 crates in pure Rust know only old ciphers or are not finished. What
//! is written uses PBES2 with AES-256-CBC and an HMAC-SHA256; the salts are OpenSSL's own, so two
//! files of one identity differ. What is read may be old: triple DES and RC2 are OpenSSL's too.
//!
//! A file is looked through before OpenSSL sees it ([`survey`]): how much work it may cost is bounded.

mod ber;
mod survey;

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{Id, PKey};
use openssl::x509::X509;
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::error::SigningError;
use crate::identity::Identity;
use crate::key::PrivateKey;
use survey::survey;

/// Rounds of PBKDF2-HMAC-SHA256, after OWASP's password storage advice of 2023.
const ROUNDS: u32 = 600_000;

/// The largest PKCS#12 file that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

impl Identity {
    /// The identity as a PKCS#12 file that other programs read (`.p12`).
    ///
    /// # Errors
    /// [`SigningError::EmptyPassword`], [`SigningError::PasswordNotPrintable`] for a zero character, or what
    /// OpenSSL could not do.
    pub fn to_pkcs12(&self, password: &str) -> Result<Vec<u8>, SigningError> {
        if password.is_empty() {
            return Err(SigningError::EmptyPassword);
        }
        if password.contains('\0') {
            return Err(SigningError::PasswordNotPrintable);
        }
        let key = self.to_pkcs8()?;
        let name = self.certificate().subject().name.unwrap_or_default();
        let write = || -> Result<Vec<u8>, ErrorStack> {
            let key = PKey::private_key_from_pkcs8(&key)?;
            let certificate = X509::from_der(self.certificate().as_der())?;
            Pkcs12::builder()
                .name(&name)
                .pkey(&key)
                .cert(&certificate)
                .key_algorithm(Nid::AES_256_CBC)
                .cert_algorithm(Nid::AES_256_CBC)
                .key_iter(ROUNDS)
                .mac_iter(ROUNDS)
                .mac_md(MessageDigest::sha256())
                .build2(password)?
                .to_der()
        };
        write().map_err(|source| SigningError::Pkcs12Failed { doing: "written", source })
    }

    /// Reads a PKCS#12 file: a key (RSA of 2048 to 4096 bits, P-256, P-384) and its certificate, which has to be for
    /// signing documents. Other certificates in the file, such as those of authorities, are passed over.
    ///
    /// # Errors
    /// Each cause has its own: no PKCS#12 file, more work than is done, a wrong password, a cipher that is not read, no
    /// key, no certificate, another or a weak kind of key, a key that is not the certificate's, a certificate for
    /// another purpose.
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Identity, SigningError> {
        if bytes.len() > MAX_BYTES {
            return Err(SigningError::TooLarge { size: bytes.len(), limit: MAX_BYTES });
        }
        // OpenSSL takes passwords as C strings: none of them holds a zero character.
        if password.contains('\0') {
            return Err(SigningError::WrongPassword);
        }
        let survey = survey(bytes, password)?;
        let _legacy = survey.load_legacy()?;
        let file = Pkcs12::from_der(bytes).map_err(|_| SigningError::NotPkcs12)?;
        let parts = file.parse2(password).map_err(describe_failure)?;
        let key = parts.pkey.ok_or(SigningError::NoPrivateKey)?;
        let certificate = parts.cert.ok_or(SigningError::NoCertificate)?;
        let certificate = Certificate::from_der(&certificate.to_der().map_err(not_read)?)?;
        if key.id() == Id::RSA_PSS {
            return Err(SigningError::UnsupportedKey { kind: "RSA for PSS alone".to_owned() });
        }
        let pkcs8 = Zeroizing::new(key.private_key_to_pkcs8().map_err(not_read)?);
        let identity = Identity::join(certificate, PrivateKey::from_pkcs8(&pkcs8)?)?;
        if !identity.certificate().may_sign_documents() {
            return Err(SigningError::KeyUsageForbids);
        }
        identity.check_key()?;
        Ok(identity)
    }
}

/// OpenSSL 3 checks the password by the MAC first. A cipher that no loaded provider has is "unsupported".
fn describe_failure(stack: ErrorStack) -> SigningError {
    let reasons = |wanted: &str| stack.errors().iter().any(|error| error.reason().is_some_and(|reason| reason == wanted));
    // A file without a MAC shows a wrong password by what its decryption gives.
    if ["mac verify failure", "bad decrypt", "pkcs12 cipherfinal error"].into_iter().any(reasons) {
        SigningError::WrongPassword
    } else if reasons("unsupported") || reasons("unknown pbe algorithm") {
        SigningError::UnsupportedCipher { cipher: "of an unknown kind".to_owned() }
    } else {
        not_read(stack)
    }
}

fn not_read(source: ErrorStack) -> SigningError {
    SigningError::Pkcs12Failed { doing: "read", source }
}
