//! What somebody types to open the assessments, or a bundle: it wipes itself.

use crate::error::{AppError, ErrorCode};
use dpia_keys::{Passphrase, RecoveryKey};
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret that somebody typed. It wipes itself and does not show itself.
#[derive(Clone, Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(transparent)]
pub struct TypedSecret(String);

impl TypedSecret {
    /// Takes what was typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What was typed.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for TypedSecret {
    fn from(typed: String) -> Self {
        Self(typed)
    }
}

/// Reads what was typed as a recovery key; `WrongSecret` where it is none.
pub(crate) fn parse_recovery_key(typed: &TypedSecret) -> Result<RecoveryKey, AppError> {
    RecoveryKey::parse(&typed.0).map_err(|fault| AppError::new(ErrorCode::WrongSecret, fault.to_string()))
}

/// What was typed as a passphrase that was chosen before.
pub(crate) fn typed_passphrase(typed: &TypedSecret) -> Passphrase {
    Passphrase::typed(&typed.0)
}

/// Takes a new passphrase; `WrongSecret` where it is too short or too long.
pub(crate) fn choose_passphrase(typed: &TypedSecret) -> Result<Passphrase, AppError> {
    Passphrase::choose(&typed.0).map_err(|fault| AppError::new(ErrorCode::WrongSecret, fault.to_string()))
}

/// Judges a new passphrase, before anything is done with it; `WrongSecret` where it is too short or too long.
pub fn judge_passphrase(typed: &TypedSecret) -> Result<(), AppError> {
    choose_passphrase(typed).map(drop)
}
