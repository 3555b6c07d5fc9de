//! Signing identities: made on first use, kept sealed in the store, or carried in a PKCS#12 file.

use crate::error::{AppError, ErrorCode};
use crate::surroundings::Surroundings;
use crate::views::Person;
use crate::workspace::Workspace;
use dpia_signing::Certificate;
pub use dpia_signing::Identity;
use rand_core::OsRng;

const IDENTITY: &str = "identity";

/// An identity that was made.
pub struct MadeIdentity {
    /// The file, sealed with its password.
    pub pkcs12: Vec<u8>,
    /// The SHA-256 of its certificate, in groups of four digits.
    pub fingerprint: String,
    /// The last moment of its life.
    pub not_after: String,
}

fn signing_person(person: &Person) -> dpia_signing::Person {
    dpia_signing::Person {
        name: person.name.clone(),
        role: person.role.clone(),
        organisation: person.organisation.clone(),
        email: person.email.clone(),
    }
}

/// The person with surrounding spaces taken off, if a certificate can be made out to them.
pub(crate) fn check_person(person: &Person) -> Result<Person, AppError> {
    let checked = signing_person(person).check().map_err(AppError::refused)?;
    Ok(Person { name: checked.name, role: checked.role, organisation: checked.organisation, email: checked.email })
}

/// Makes an identity and seals it with a password.
pub fn make_identity(person: &Person, password: &str, surroundings: &dyn Surroundings) -> Result<MadeIdentity, AppError> {
    let identity = Identity::create(&signing_person(person), surroundings.now().0, &mut OsRng).map_err(AppError::refused)?;
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

/// Reads a certificate from PEM.
pub fn read_certificate(pem: &[u8]) -> Result<Certificate, AppError> {
    Certificate::from_pem(&String::from_utf8_lossy(pem)).map_err(AppError::refused)
}

impl Workspace {
    /// The officer's certificate; none where no identity was made yet.
    pub(crate) fn certificate(&self) -> Result<Option<Certificate>, AppError> {
        let Some(sealed) = self.store.setting::<Vec<u8>>(IDENTITY)? else { return Ok(None) };
        let bytes = self.keys.open_identity(&sealed).map_err(AppError::from)?;
        let identity = Identity::from_bytes(&bytes).map_err(AppError::refused)?;
        Ok(Some(identity.certificate().clone()))
    }

    /// The officer's identity; made on first use, for the person who works here.
    pub(crate) fn identity(&self) -> Result<Identity, AppError> {
        let person = self
            .person()?
            .ok_or_else(|| AppError::new(ErrorCode::PersonMissing, "A signature needs your name: say who you are, then export again."))?;
        if let Some(sealed) = self.store.setting::<Vec<u8>>(IDENTITY)? {
            let bytes = self.keys.open_identity(&sealed).map_err(AppError::from)?;
            return Identity::from_bytes(&bytes).map_err(AppError::refused);
        }
        let identity = Identity::create(&signing_person(&person), self.surroundings.now().0, &mut OsRng).map_err(AppError::refused)?;
        let bytes = identity.to_bytes().map_err(AppError::refused)?;
        let sealed = self.keys.seal_identity(&bytes, &mut OsRng).map_err(AppError::from)?;
        self.store.set_setting(IDENTITY, &sealed)?;
        Ok(identity)
    }
}
