//! Identities and certificates as bytes: made, read, and judged by their dates.

use crate::error::{AppError, ErrorCode};
use crate::person::Person;
use crate::surroundings::Surroundings;
use dpia_model::date::Instant;
use dpia_signing::{Certificate, Identity, SigningError};
use rand_core::OsRng;
use serde::Serialize;

/// So many days before its end a certificate is said to end soon.
pub const WARNING_DAYS: u32 = 60;

/// How a certificate's dates lie to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum IdentityLife {
    /// Its first day is still to come.
    NotYet,
    /// It can sign.
    InForce,
    /// It can sign, and ends within [`WARNING_DAYS`] days.
    EndsSoon,
    /// It can no longer sign.
    Ended,
}

/// An identity that was made.
pub struct MadeIdentity {
    /// The file, encrypted with its password.
    pub pkcs12: Vec<u8>,
    /// The SHA-256 of its certificate, in groups of four digits.
    pub fingerprint: String,
    /// The last moment of its life.
    pub not_after: String,
}

/// Makes an identity and encrypts it with a password.
pub fn make_identity(person: &Person, password: &str, surroundings: &dyn Surroundings) -> Result<MadeIdentity, AppError> {
    let identity = Identity::create(&person.to_signing(), surroundings.now().0, &mut OsRng).map_err(AppError::refused)?;
    let certificate = identity.certificate();
    Ok(MadeIdentity {
        pkcs12: identity.to_pkcs12(password).map_err(AppError::refused)?,
        fingerprint: certificate.fingerprint().to_string(),
        not_after: certificate.not_after().to_string(),
    })
}

/// Reads an identity from a PKCS#12 file.
pub fn read_identity(pkcs12: &[u8], password: &str) -> Result<Identity, AppError> {
    Identity::from_pkcs12(pkcs12, password).map_err(AppError::refused)
}

/// The certificate of an identity as PEM.
pub fn certificate_pem(identity: &Identity) -> Result<String, AppError> {
    identity.certificate().to_pem().map_err(AppError::refused)
}

/// Reads every certificate of a file: one in DER, or any number in PEM.
///
/// # Errors
/// `Refused` where there is none, and where one of them cannot be read, with its number.
pub fn read_certificates(file: &[u8]) -> Result<Vec<Certificate>, AppError> {
    let read = Certificate::read_all(file);
    if read.is_empty() {
        let message = "There is no certificate in this file: choose one in PEM (\"BEGIN CERTIFICATE\") or DER.";
        return Err(AppError::new(ErrorCode::Refused, message));
    }
    let unreadable = |number: usize, error: SigningError| {
        let reason = match error {
            SigningError::CertificateUnreadable { reason } => reason,
            other => other.to_string(),
        };
        AppError::new(ErrorCode::Refused, format!("Certificate {number} of this file cannot be read: {reason}."))
    };
    (1..).zip(read).map(|(number, read)| read.map_err(|error| unreadable(number, error))).collect()
}

/// Reads a certificate from PEM.
pub fn read_certificate(pem: &[u8]) -> Result<Certificate, AppError> {
    Certificate::from_pem(&String::from_utf8_lossy(pem)).map_err(AppError::refused)
}

/// Refuses to sign at a moment that is not of the certificate's life: nobody could verify such a signature.
pub(crate) fn refuse_out_of_force(certificate: &Certificate, now: Instant) -> Result<(), AppError> {
    let (begin, end) = (certificate.not_before(), certificate.not_after());
    let message = match life_of(certificate, now) {
        IdentityLife::InForce | IdentityLife::EndsSoon => return Ok(()),
        IdentityLife::Ended => format!("This certificate expired on {end}: create a new one, then sign again."),
        IdentityLife::NotYet => format!(
            "This certificate is valid from {begin}, so a signature made at {now} could not be verified: sign at a later time, or \
            correct the computer's clock."
        ),
    };
    Err(AppError::new(ErrorCode::Refused, message))
}

/// Whether a certificate's life has begun and is not over.
pub(crate) fn is_in_force(certificate: &Certificate, now: Instant) -> bool {
    match life_of(certificate, now) {
        IdentityLife::InForce | IdentityLife::EndsSoon => true,
        IdentityLife::NotYet | IdentityLife::Ended => false,
    }
}

/// How the dates of a certificate are to this moment.
pub(crate) fn life_of(certificate: &Certificate, now: Instant) -> IdentityLife {
    if now.0 < certificate.not_before() {
        IdentityLife::NotYet
    } else if now.0 > certificate.not_after() {
        IdentityLife::Ended
    } else if certificate.expires_within(WARNING_DAYS, now.0) {
        IdentityLife::EndsSoon
    } else {
        IdentityLife::InForce
    }
}
