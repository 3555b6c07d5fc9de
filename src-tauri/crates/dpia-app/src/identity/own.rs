//! The officer's own identity: made on first use, kept encrypted in the store, and the record of those before it.

use super::certificates::{IdentityLife, certificate_pem, life_of, read_certificate, read_identity};
use crate::brand::CompanyBrand;
use crate::error::{AppError, ErrorCode};
use crate::files::{self, Written};
use crate::keys::Vault;
use crate::printing::signature_words;
use dpia_keys::Keys;
use dpia_model::date::Instant;
use dpia_report::CertificateNote;
use dpia_signing::{Certificate, Identity};
use dpia_store::Store;
use rand_core::OsRng;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The setting that holds the identity, encrypted.
const IDENTITY: &str = "identity";
/// The setting that holds the certificates of all identities there were, the one in use among them.
const RECORDS: &str = "identity_certificates";

/// The officer's own identity.
pub struct OwnIdentity {
    vault: Arc<Vault>,
    brand: Arc<CompanyBrand>,
}

/// What a window may know of the officer's identity. The private key stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct IdentityView {
    /// Whom the certificate names; what it does not say is empty.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Their organisation.
    pub organisation: String,
    /// Their email address.
    pub email: String,
    /// The SHA-256 of the certificate, in groups of four digits.
    pub fingerprint: String,
    /// The last moment of its life.
    pub not_after: Instant,
    /// Days to its end, the day begun counted; below one where it has ended.
    pub days_left: i32,
    /// Whether it can sign now.
    pub life: IdentityLife,
    /// Where it came from.
    pub origin: IdentityOrigin,
    /// Certificates that were in use before, in the order in which they were replaced.
    pub earlier: Vec<EarlierCertificate>,
}

/// A certificate that was in use before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct EarlierCertificate {
    /// The SHA-256 of the certificate, in groups of four digits.
    pub fingerprint: String,
    /// The last moment of its life.
    pub not_after: Instant,
    /// Where it came from.
    pub origin: IdentityOrigin,
    /// When another took its place.
    pub replaced_at: Instant,
}

/// Where an identity came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum IdentityOrigin {
    /// Made by this program.
    MadeHere,
    /// Brought in a PKCS#12 file.
    Brought,
}

/// A certificate on record, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    fingerprint: String,
    not_after: Instant,
    /// PEM.
    certificate: String,
    origin: IdentityOrigin,
    replaced_at: Option<Instant>,
}

impl OwnIdentity {
    /// That of a vault; the page for schools is printed in this brand.
    pub(crate) fn new(vault: Arc<Vault>, brand: Arc<CompanyBrand>) -> Self {
        Self { vault, brand }
    }

    /// The certificates that are known here: the officer's own, and those that were before.
    pub(crate) fn known_certificates(&self) -> Result<Vec<Certificate>, AppError> {
        let recorded = self.records()?.into_iter().map(|record| read_certificate(record.certificate.as_bytes()));
        let mut known = recorded.collect::<Result<Vec<_>, _>>()?;
        // The first release kept no record.
        if let Some(identity) = self.stored()?
            && !known.contains(identity.certificate())
        {
            known.push(identity.certificate().clone());
        }
        Ok(known)
    }

    /// The officer's identity; made on first use, for the person who works here.
    pub(crate) fn get_or_make(&self) -> Result<Identity, AppError> {
        match self.stored()? {
            Some(identity) => Ok(identity),
            None => self.make_own_identity(),
        }
    }

    /// What is known of the officer's identity; none where none was made or brought yet.
    pub fn view(&self) -> Result<Option<IdentityView>, AppError> {
        let Some(identity) = self.stored()? else {
            return Ok(None);
        };
        let (certificate, now) = (identity.certificate(), self.vault.now());
        let fingerprint = certificate.fingerprint().to_string();
        let (current, others): (Vec<_>, Vec<_>) = self.records()?.into_iter().partition(|record| record.fingerprint == fingerprint);
        let earlier = others.into_iter().filter_map(|record| {
            let replaced_at = record.replaced_at?;
            Some(EarlierCertificate { fingerprint: record.fingerprint, not_after: record.not_after, origin: record.origin, replaced_at })
        });
        let subject = certificate.subject();
        Ok(Some(IdentityView {
            name: subject.name.unwrap_or_default(),
            role: subject.role.unwrap_or_default(),
            organisation: subject.organisation.unwrap_or_default(),
            email: subject.email.unwrap_or_default(),
            fingerprint,
            not_after: Instant(certificate.not_after()),
            days_left: i32::try_from(certificate.days_left(now.0)).unwrap_or(i32::MAX),
            life: life_of(certificate, now),
            // The first release made every identity itself and kept no record.
            origin: current.first().map_or(IdentityOrigin::MadeHere, |record| record.origin),
            earlier: earlier.collect(),
        }))
    }

    /// Takes the identity in a PKCS#12 file in the place of the one that is here, whose certificate stays on record.
    ///
    /// # Errors
    /// `Refused` where the file cannot be used, or its certificate is not in force now.
    pub fn bring(&self, path: &Path, password: &str) -> Result<IdentityView, AppError> {
        let identity = read_identity(&files::read(path)?, password)?;
        match life_of(identity.certificate(), self.vault.now()) {
            IdentityLife::InForce | IdentityLife::EndsSoon => self.replace_identity(&identity, IdentityOrigin::Brought),
            IdentityLife::Ended => {
                Err(AppError::new(ErrorCode::Refused, "The certificate in this file has expired: ask its issuer for a new one."))
            }
            IdentityLife::NotYet => {
                Err(AppError::new(ErrorCode::Refused, "The certificate in this file is not valid yet: import it once it is."))
            }
        }
    }

    /// Makes a new identity for the person who works here, with a key of its own, in the place of the one that is here,
    /// whose certificate stays on record: what it signed is still checked with it.
    pub fn renew(&self) -> Result<IdentityView, AppError> {
        let identity = self.create_own_identity()?;
        self.replace_identity(&identity, IdentityOrigin::MadeHere)
    }

    /// Writes the public certificate as PEM, and beside it a page (PDF) that tells a school how to check a signature by it.
    pub fn export_certificate(&self, path: &Path) -> Result<Written, AppError> {
        let identity = self.get_or_make()?;
        let certificate = identity.certificate();
        let pem = certificate_pem(&identity)?;
        let brand = self.brand.current();
        let note = dpia_report::render_certificate_note(&CertificateNote {
            signer: &signature_words(certificate, false),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            file: &files::name_of(path),
            brand: &brand,
            logo: brand.logo.and_then(|logo| self.vault.store().attachment(logo).ok()).as_ref().map(|picture| picture.bytes()),
            at: self.vault.now().0,
            app_version: env!("CARGO_PKG_VERSION"),
        });
        // The page is not asked about, so it takes nobody's place.
        let note = note.map_err(AppError::refused)?;
        self.vault.folder().write_outside(path, pem.as_bytes())?;
        files::write_beside(path, "pdf", &note)?;
        Ok(Written::of(path, pem.as_bytes()))
    }

    pub(crate) fn stored(&self) -> Result<Option<Identity>, AppError> {
        let Some(encrypted) = self.vault.store().setting::<Vec<u8>>(IDENTITY)? else {
            return Ok(None);
        };
        let bytes = self.vault.keys().open_identity(&encrypted).map_err(AppError::from)?;
        Identity::from_bytes(&bytes).map(Some).map_err(AppError::refused)
    }

    fn make_own_identity(&self) -> Result<Identity, AppError> {
        let identity = self.create_own_identity()?;
        self.keep_identity(&identity, IdentityOrigin::MadeHere)?;
        Ok(identity)
    }

    fn create_own_identity(&self) -> Result<Identity, AppError> {
        let person = self
            .vault
            .person()?
            .ok_or_else(|| AppError::new(ErrorCode::PersonMissing, "A signature needs your name: add it, then export again."))?;
        Identity::create(&person.to_signing(), self.vault.now().0, &mut OsRng).map_err(AppError::refused)
    }

    fn replace_identity(&self, identity: &Identity, origin: IdentityOrigin) -> Result<IdentityView, AppError> {
        self.keep_identity(identity, origin)?;
        self.view()?.ok_or_else(|| AppError::not_found("The identity"))
    }

    /// Puts the certificates on record, then keeps the identity: a program that ends between the two has lost nothing.
    fn keep_identity(&self, identity: &Identity, origin: IdentityOrigin) -> Result<(), AppError> {
        let now = self.vault.now();
        let mut records = self.records()?;
        if let Some(old) = self.stored()? {
            let known = record_of(&old, IdentityOrigin::MadeHere)?;
            if records.iter().all(|record| record.fingerprint != known.fingerprint) {
                records.push(known);
            }
        }
        let new = record_of(identity, origin)?;
        records.retain(|record| record.fingerprint != new.fingerprint);
        for record in &mut records {
            record.replaced_at.get_or_insert(now);
        }
        records.push(new);
        let bytes = identity.to_bytes().map_err(AppError::refused)?;
        let encrypted = self.vault.keys().encrypt_identity(&bytes, &mut OsRng).map_err(AppError::from)?;
        self.vault.store().set_setting(RECORDS, &records)?;
        Ok(self.vault.store().set_setting(IDENTITY, &encrypted)?)
    }

    fn records(&self) -> Result<Vec<Record>, AppError> {
        Ok(self.vault.store().setting(RECORDS)?.unwrap_or_default())
    }

    /// The vault in which it is kept.
    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

/// Encrypts the identity that a store keeps with other keys, if it keeps one.
pub(crate) fn encrypt_identity_again(store: &Store, old: &Keys, new: &Keys) -> Result<(), AppError> {
    let Some(encrypted) = store.setting::<Vec<u8>>(IDENTITY)? else { return Ok(()) };
    let identity = old.open_identity(&encrypted)?;
    Ok(store.set_setting(IDENTITY, &new.encrypt_identity(&identity, &mut OsRng)?)?)
}

fn record_of(identity: &Identity, origin: IdentityOrigin) -> Result<Record, AppError> {
    let certificate = identity.certificate();
    Ok(Record {
        fingerprint: certificate.fingerprint().to_string(),
        not_after: Instant(certificate.not_after()),
        certificate: certificate_pem(identity)?,
        origin,
        replaced_at: None,
    })
}
