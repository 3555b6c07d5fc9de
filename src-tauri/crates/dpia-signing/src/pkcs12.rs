//! PKCS#12 files (RFC 7292): how an identity travels, sealed with a password.
//!
//! OpenSSL does the work, built from source with the application: the database needs it
//! anyway, and the PKCS#12 crates in pure Rust know only old ciphers or are not finished. What
//! is written uses PBES2 with AES-256-CBC and an HMAC-SHA256; the salts are OpenSSL's own, so two
//! files of one identity differ.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{Id, PKey, PKeyRef, Private};
use openssl::x509::X509;
use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePrivateKey;
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::error::SigningError;
use crate::identity::Identity;

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

    /// Reads a PKCS#12 file with a P-256 key and its certificate.
    ///
    /// # Errors
    /// Each cause has its own: no PKCS#12 file, a wrong password, a cipher that is not read, no
    /// key, no certificate, another kind of key, a key that is not the certificate's.
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Identity, SigningError> {
        if bytes.len() > MAX_BYTES {
            return Err(SigningError::TooLarge { size: bytes.len(), limit: MAX_BYTES });
        }
        let file = Pkcs12::from_der(bytes).map_err(SigningError::NotPkcs12)?;
        // OpenSSL takes passwords as C strings: none of them holds a zero character.
        if password.contains('\0') {
            return Err(SigningError::WrongPassword);
        }
        let parts = file.parse2(password).map_err(tell_failure)?;
        let key = parts.pkey.ok_or(SigningError::NoPrivateKey)?;
        let certificate = parts.cert.ok_or(SigningError::NoCertificate)?;
        let certificate = certificate.to_der().map_err(not_read)?;
        Identity::join(Certificate::from_der(&certificate)?, read_key(&key)?)
    }
}

fn read_key(key: &PKeyRef<Private>) -> Result<SigningKey, SigningError> {
    let unsupported = || SigningError::UnsupportedKey { kind: name_kind(key) };
    if key.id() != Id::EC {
        return Err(unsupported());
    }
    let curve = key.ec_key().map_err(not_read)?.group().curve_name();
    if curve != Some(Nid::X9_62_PRIME256V1) {
        return Err(unsupported());
    }
    let pkcs8 = Zeroizing::new(key.private_key_to_pkcs8().map_err(not_read)?);
    SigningKey::from_pkcs8_der(&pkcs8).map_err(|_| unsupported())
}

fn name_kind(key: &PKeyRef<Private>) -> String {
    match key.id() {
        Id::RSA => format!("RSA {}", key.bits()),
        Id::EC => {
            let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
            let name = curve.and_then(|curve| curve.long_name().ok());
            format!("elliptic curve {}", name.unwrap_or("of no name"))
        }
        Id::ED25519 => "Ed25519".to_owned(),
        Id::DSA => "DSA".to_owned(),
        other => format!("number {}", other.as_raw()),
    }
}

/// OpenSSL 3 checks the password by the MAC first: reason 113 of library 35 (PKCS12), "mac verify
/// failure". A cipher that no loaded provider has is "unsupported" (library 6 or 3).
fn tell_failure(stack: ErrorStack) -> SigningError {
    let reasons = |wanted: &str| stack.errors().iter().any(|error| error.reason().is_some_and(|reason| reason == wanted));
    if reasons("mac verify failure") {
        SigningError::WrongPassword
    } else if reasons("unsupported") || reasons("unknown pbe algorithm") {
        SigningError::UnsupportedCipher(stack)
    } else {
        not_read(stack)
    }
}

fn not_read(source: ErrorStack) -> SigningError {
    SigningError::Pkcs12Failed { doing: "read", source }
}
