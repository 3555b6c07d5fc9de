//! Who works here.

use crate::error::AppError;
use serde::{Deserialize, Serialize};

/// The setting of the store that says who works here.
pub(crate) const PERSON: &str = "person";

/// The officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name, as signed.
    pub name: String,
    /// Role, such as "Data Protection Officer".
    pub role: String,
    /// Organisation.
    pub organisation: String,
    /// Email address.
    pub email: String,
}

impl Person {
    /// The person with surrounding spaces taken off, if a certificate can be made out to them.
    pub(crate) fn check(&self) -> Result<Self, AppError> {
        let checked = self.to_signing().check().map_err(AppError::refused)?;
        Ok(Self { name: checked.name, role: checked.role, organisation: checked.organisation, email: checked.email })
    }

    /// The person as a certificate names them.
    pub(crate) fn to_signing(&self) -> dpia_signing::Person {
        dpia_signing::Person {
            name: self.name.clone(),
            role: self.role.clone(),
            organisation: self.organisation.clone(),
            email: self.email.clone(),
        }
    }
}
