//! The vault of a workspace: what is opened with the keys, what opens it, and who works here.

use super::opening::{OpenedKeys, Unlock, copy_to_use, open_keys, system_keychain};
use super::recovery::{NewRecoveryKey, PendingKey};
use super::secret::{TypedSecret, choose_passphrase};
use crate::backups::clear_leftovers;
use crate::error::{AppError, ErrorCode};
use crate::files::{self, Written};
use crate::folder::Folder;
use crate::person::{PERSON, Person};
use crate::surroundings::{Surroundings, parse_moment};
use dpia_keys::{Found, KeyFiles, Keychain, KeychainSaving, Keys, Obstacle, OpenedBy, adopt_key_file, find_ways};
use dpia_model::date::Instant;
use dpia_store::{Store, StoreError};
use rand_core::OsRng;
use serde::Serialize;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The setting that says that somebody was asked who they are.
const WELCOMED: &str = "welcomed";

/// What is opened with the keys: the store of a folder.
pub struct Vault {
    store: Store,
    keys: Arc<Keys>,
    folder: Folder,
    surroundings: Arc<dyn Surroundings>,
    /// Why the keychain could not be given the key again, where it could not.
    keychain_trouble: Mutex<Option<String>>,
    /// The recovery key that is shown and not confirmed yet.
    pending_key: Mutex<Option<PendingKey>>,
}

/// What opens the assessments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct KeysView {
    /// What opened them this time.
    pub opened_by: OpenedWith,
    /// The keychain is one of the ways.
    pub has_keychain: bool,
    /// Why the keychain could not be given the key again; none where it has it, or never had it.
    pub keychain_trouble: Option<String>,
    /// The recovery key, once one was made.
    pub recovery: Option<RecoveryKeyFacts>,
    /// The passphrase, where one is set.
    pub passphrase: Option<PassphraseFacts>,
}

/// What opened the assessments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OpenedWith {
    /// The keychain.
    Keychain,
    /// The recovery key.
    RecoveryKey,
    /// The passphrase.
    Passphrase,
}

/// What is known of the recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct RecoveryKeyFacts {
    /// When it was made; none where that cannot be read.
    pub made_at: Option<Instant>,
    /// Whether the officer has shown that it was kept.
    pub is_confirmed: bool,
}

/// What is known of the passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct PassphraseFacts {
    /// When it was set; none where that cannot be read.
    pub made_at: Option<Instant>,
}

impl Vault {
    /// Opens the vault of a folder in this way, or makes it on the first run.
    pub(crate) fn unlock(
        folder: &Path,
        key_file: Option<&Path>,
        unlock: &Unlock,
        keychain: &dyn Keychain,
        surroundings: Arc<dyn Surroundings>,
    ) -> Result<Self, AppError> {
        files::make_folder(folder)?;
        let folder = Folder::at(folder);
        let place = folder.place();
        // Database and key slots may be on their way.
        dpia_store::restore::finish_restoring(&place.database)?;
        // Says that a first run has begun and its database was never made: then, and only then, one may be made later.
        let setting_up = folder.setting_up();
        if !place.key_file.exists() && !place.database.exists() {
            files::write(&setting_up, b"", &[])?;
        }
        let copy = copy_to_use(&place, key_file)?;
        let opened_with = KeyFiles { key_file: copy.unwrap_or(&place.key_file).to_owned(), ..place.clone() };
        let keys = open_keys(&opened_with, unlock, keychain, surroundings.now())?;
        let store = match Store::open(&place.database, keys.database_key().as_bytes()) {
            Err(StoreError::Missing { .. }) if setting_up.exists() => Store::create(&place.database, keys.database_key().as_bytes()),
            opened => opened,
        }?;
        // A file that cannot be removed stops nothing here; an exchange of keys insists on it.
        let _ = clear_leftovers(&folder);
        if setting_up.exists() {
            fs::remove_file(&setting_up).map_err(|error| AppError::writing(&setting_up, &error))?;
        }
        if let Some(copy) = copy {
            adopt_key_file(&place, copy, &keys)?;
        }
        let (keychain_trouble, pending_key) = (Mutex::default(), Mutex::default());
        Ok(Self { store, keys, folder, surroundings, keychain_trouble, pending_key })
    }

    /// Who works here, if that was said.
    pub fn person(&self) -> Result<Option<Person>, AppError> {
        Ok(self.store.setting(PERSON)?)
    }

    /// Sets who works here; none says that it is to be asked later.
    pub fn save_person(&self, person: Option<Person>) -> Result<(), AppError> {
        if let Some(person) = person {
            self.store.set_setting(PERSON, &person.check()?)?;
        }
        Ok(self.store.set_setting(WELCOMED, &true)?)
    }

    /// Whether nothing was ever done here.
    pub(crate) fn is_first_run(&self) -> Result<bool, AppError> {
        Ok(self.person()?.is_none() && self.store.setting::<bool>(WELCOMED)?.is_none() && self.store.list()?.is_empty())
    }

    /// The keys, for what is done while the workspace is closed.
    pub fn opened_keys(&self) -> OpenedKeys {
        OpenedKeys(Arc::clone(&self.keys))
    }

    /// What opens the assessments.
    pub fn view(&self) -> Result<KeysView, AppError> {
        let ways = match find_ways(&self.folder.place())? {
            Found::Ways(ways) => ways,
            Found::Stopped(obstacle) => return Err(obstacle.into()),
            Found::Nothing => return Err(Obstacle::KeyFileMissing { path: self.folder.place().key_file }.into()),
        };
        Ok(KeysView {
            opened_by: match self.keys.opened_by() {
                OpenedBy::Keychain => OpenedWith::Keychain,
                OpenedBy::RecoveryKey => OpenedWith::RecoveryKey,
                OpenedBy::Passphrase => OpenedWith::Passphrase,
            },
            has_keychain: ways.has_keychain,
            keychain_trouble: self.keychain_trouble.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            recovery: ways.recovery.map(|way| RecoveryKeyFacts { made_at: parse_moment(&way.made_at), is_confirmed: way.is_confirmed }),
            passphrase: ways.passphrase.map(|way| PassphraseFacts { made_at: parse_moment(&way.made_at) }),
        })
    }

    /// Makes a recovery key and returns it, this once. The one before it goes on opening until this one is confirmed.
    pub fn make_recovery_key(&self) -> Result<NewRecoveryKey, AppError> {
        let made_at = self.now();
        let key = self.keys.make_recovery_key(&self.folder.place(), &made_at.to_string(), &mut OsRng)?;
        let pending = PendingKey::new(key, made_at);
        let new = pending.show();
        *self.pending_key.lock().unwrap_or_else(PoisonError::into_inner) = Some(pending);
        Ok(new)
    }

    /// Writes the recovery key that is shown to a text file, readable by its owner alone.
    pub fn write_recovery_key(&self, path: &Path) -> Result<Written, AppError> {
        let pending = self.pending_key.lock().unwrap_or_else(PoisonError::into_inner);
        let sheet = pending.as_ref().ok_or_else(no_key_shown)?.sheet();
        self.folder.refuse_own_file(path)?;
        files::write_secret(path, sheet.as_bytes(), &[])?;
        Ok(Written::of(path, sheet.as_bytes()))
    }

    /// Takes the groups that were asked back. From then on the key that is shown is the one that opens, and it is no longer
    /// shown.
    pub fn confirm_recovery_key(&self, typed: &[TypedSecret]) -> Result<KeysView, AppError> {
        let mut pending = self.pending_key.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = pending.as_ref().ok_or_else(no_key_shown)?.confirm(typed)?;
        self.keys.confirm_recovery_key(&self.folder.place(), shown)?;
        *pending = None;
        drop(pending);
        self.view()
    }

    /// No longer shows the recovery key, whether it was confirmed or not.
    pub fn forget_recovery_key(&self) {
        *self.pending_key.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Sets the passphrase, in the place of any that there was. Takes some tenths of a second on purpose.
    pub fn set_passphrase(&self, typed: &TypedSecret) -> Result<KeysView, AppError> {
        let passphrase = choose_passphrase(typed)?;
        self.keys.set_passphrase(&self.folder.place(), &passphrase, &self.now().to_string(), &mut OsRng)?;
        self.view()
    }

    /// Removes the passphrase, where something else is known to open the assessments.
    pub fn remove_passphrase(&self) -> Result<KeysView, AppError> {
        self.remove_passphrase_with(&system_keychain())
    }

    /// As [`Vault::remove_passphrase`], with this keychain.
    pub fn remove_passphrase_with(&self, keychain: &dyn Keychain) -> Result<KeysView, AppError> {
        self.keys.remove_passphrase(&self.folder.place(), keychain)?;
        self.view()
    }

    /// Gives the keychain the key, so that the next start asks nothing.
    pub fn keep_in_keychain(&self) -> Result<KeysView, AppError> {
        self.keep_in_keychain_with(&system_keychain())
    }

    /// As [`Vault::keep_in_keychain`], with this keychain.
    pub fn keep_in_keychain_with(&self, keychain: &dyn Keychain) -> Result<KeysView, AppError> {
        let kept = self.keys.keep_in_keychain(&self.folder.place(), keychain, &mut OsRng)?;
        let trouble = match kept {
            KeychainSaving::Already | KeychainSaving::Again => None,
            KeychainSaving::Stopped(obstacle) => Some(obstacle),
        };
        *self.keychain_trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble.as_ref().map(Obstacle::to_string);
        match trouble {
            Some(obstacle) => Err(obstacle.into()),
            None => self.view(),
        }
    }

    /// After the assessments were opened without it: gives the keychain the key again, if it was one of the ways or a
    /// recovery key had to be typed. Where it cannot have it, the assessments are open all the same, and it is said.
    pub(crate) fn mend_keychain(&self, keychain: &dyn Keychain) {
        if self.keys.opened_by() == OpenedBy::Keychain {
            return;
        }
        let had_one = matches!(find_ways(&self.folder.place()), Ok(Found::Ways(ways)) if ways.has_keychain);
        if !had_one && self.keys.opened_by() != OpenedBy::RecoveryKey {
            return;
        }
        if let Err(error) = self.keep_in_keychain_with(keychain) {
            *self.keychain_trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.message);
        }
    }

    /// The store.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The keys that opened it.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The folder that it is in.
    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The world around it.
    pub(crate) fn surroundings(&self) -> &Arc<dyn Surroundings> {
        &self.surroundings
    }

    /// The moment it is.
    pub(crate) fn now(&self) -> Instant {
        self.surroundings.now()
    }

    /// A fresh random (v4) id.
    pub(crate) fn new_id(&self) -> Uuid {
        self.surroundings.new_id()
    }
}

fn no_key_shown() -> AppError {
    AppError::new(ErrorCode::Stale, "This recovery key is no longer shown. Create one again, and keep it.")
}
