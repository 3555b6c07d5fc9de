//! Opening the keys of a folder: by the keychain, or with what somebody types.

use super::secret::{TypedSecret, choose_passphrase, parse_recovery_key, typed_passphrase};
use crate::error::{AppError, ErrorCode};
use crate::folder::Folder;
use dpia_keys::{
    Found, KeyFiles, Keychain, Keys, Obstacle, Opening, OsKeychain, TimeLimited, Ways, create_with_passphrase, find_ways, open_or_create,
    open_with_passphrase, open_with_recovery_key,
};
use dpia_model::date::Instant;
use rand_core::OsRng;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The name under which the keychain shows the secret.
const SERVICE: &str = "DPIA Editor";
/// How long the keychain may take before it is shown that it waits.
const KEYCHAIN_TIME: Duration = Duration::from_secs(20);
/// How long it may take once somebody typed what opens the assessments without it.
const KEYCHAIN_TIME_AFTER: Duration = Duration::from_secs(5);

/// How the assessments are opened.
pub enum Unlock {
    /// By the keychain; on the first run the keys are made with it.
    Keychain,
    /// With the recovery key. The keychain is then given the key again.
    RecoveryKey(TypedSecret),
    /// With the passphrase.
    Passphrase(TypedSecret),
    /// On the first run, under a new passphrase.
    NewPassphrase(TypedSecret),
    /// With the keys that were open until a moment ago.
    Kept(OpenedKeys),
}

/// What else opens assessments that the keychain does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct UnlockWays {
    /// The recovery key.
    pub recovery_key: bool,
    /// The passphrase.
    pub passphrase: bool,
    /// A new passphrase: this is the first run, and there is nothing to open yet.
    pub new_passphrase: bool,
    /// A copy of the key file: the one that belongs here is missing or damaged.
    pub key_file: bool,
}

/// The keychain of the person who is logged in.
pub(crate) fn system_keychain() -> TimeLimited<OsKeychain> {
    keychain_within(KEYCHAIN_TIME)
}

/// The same, where it is asked next to this way to open the assessments.
pub(crate) fn system_keychain_for(unlock: &Unlock) -> TimeLimited<OsKeychain> {
    keychain_within(match unlock {
        Unlock::Keychain => KEYCHAIN_TIME,
        Unlock::RecoveryKey(_) | Unlock::Passphrase(_) | Unlock::NewPassphrase(_) | Unlock::Kept(_) => KEYCHAIN_TIME_AFTER,
    })
}

fn keychain_within(limit: Duration) -> TimeLimited<OsKeychain> {
    TimeLimited::new(OsKeychain::new(SERVICE), limit)
}

/// Opens the keys at a place in this way, or makes them on the first run.
pub(crate) fn open_keys(place: &KeyFiles, unlock: &Unlock, keychain: &dyn Keychain, now: Instant) -> Result<Arc<Keys>, AppError> {
    let opening = match unlock {
        Unlock::Keychain => open_or_create(place, keychain, &mut OsRng)?,
        Unlock::RecoveryKey(typed) => open_with_recovery_key(place, &parse_recovery_key(typed)?)?,
        Unlock::Passphrase(typed) => open_with_passphrase(place, &typed_passphrase(typed))?,
        Unlock::NewPassphrase(typed) => create_with_passphrase(place, &choose_passphrase(typed)?, &now.to_string(), &mut OsRng)?,
        Unlock::Kept(OpenedKeys(keys)) => return Ok(Arc::clone(keys)),
    };
    match opening {
        Opening::Opened(keys) | Opening::FirstRun(keys) => Ok(Arc::new(keys)),
        Opening::Stopped(obstacle) => Err(obstacle.into()),
    }
}

/// The copy of the key file that is used: none where the one that belongs here can be read.
pub(crate) fn copy_to_use<'a>(place: &KeyFiles, key_file: Option<&'a Path>) -> Result<Option<&'a Path>, AppError> {
    Ok(match find_ways(place)? {
        Found::Stopped(Obstacle::KeyFileMissing { .. } | Obstacle::KeyFileDamaged { .. }) => key_file,
        Found::Nothing | Found::Ways(_) | Found::Stopped(_) => None,
    })
}

/// Keys that were opened, for what is done while the workspace is closed or cannot be opened.
#[derive(Debug, Clone)]
pub struct OpenedKeys(pub(crate) Arc<Keys>);

impl OpenedKeys {
    /// Opens the keys of the workspace in a folder with what was typed; the keychain is not asked.
    pub fn open(folder: &Path, key_file: Option<&Path>, unlock: &Unlock) -> Result<Self, AppError> {
        let place = Folder::at(folder).place();
        let key_file = copy_to_use(&place, key_file)?.unwrap_or(&place.key_file).to_owned();
        let opening = match unlock {
            Unlock::RecoveryKey(typed) => open_with_recovery_key(&KeyFiles { key_file, ..place }, &parse_recovery_key(typed)?)?,
            Unlock::Passphrase(typed) => open_with_passphrase(&KeyFiles { key_file, ..place }, &typed_passphrase(typed))?,
            Unlock::Kept(keys) => return Ok(keys.clone()),
            Unlock::Keychain | Unlock::NewPassphrase(_) => {
                return Err(AppError::new(ErrorCode::Misused, "Only what was entered for existing assessments opens their keys."));
            }
        };
        match opening {
            Opening::Opened(keys) | Opening::FirstRun(keys) => Ok(Self(Arc::new(keys))),
            Opening::Stopped(obstacle) => Err(obstacle.into()),
        }
    }
}

/// What else opens the assessments in a folder. A `key_file` is a copy of the key file in the place of a missing one.
/// What cannot be read opens nothing.
pub fn find_unlock_ways(folder: &Path, key_file: Option<&Path>) -> UnlockWays {
    let place = Folder::at(folder).place();
    let ways_of =
        |ways: &Ways| UnlockWays { recovery_key: ways.recovery.is_some(), passphrase: ways.passphrase.is_some(), ..UnlockWays::default() };
    match find_ways(&place) {
        Ok(Found::Nothing) => UnlockWays { new_passphrase: true, ..UnlockWays::default() },
        Ok(Found::Ways(ways)) => ways_of(&ways),
        Ok(Found::Stopped(Obstacle::KeyFileMissing { .. } | Obstacle::KeyFileDamaged { .. })) => {
            let copy = key_file.map(|key_file| find_ways(&KeyFiles { key_file: key_file.to_owned(), ..place.clone() }));
            let ways = if let Some(Ok(Found::Ways(ways))) = &copy { ways_of(ways) } else { UnlockWays::default() };
            UnlockWays { key_file: true, ..ways }
        }
        Ok(Found::Stopped(_)) | Err(_) => UnlockWays::default(),
    }
}
