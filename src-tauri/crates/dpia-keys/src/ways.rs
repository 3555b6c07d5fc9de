//! The ways to a database's key: which there are, and adding, changing and removing them while it is open; and carrying
//! them beside a copy of the database.
//!
//! What always holds: a slot is removed only once another that is known to open is in the same file; a key file that was
//! exchanged for another database's is never changed.

use std::path::Path;

use dpia_files::Writing;
use rand_core::CryptoRngCore;

use crate::error::{Access, KeysError};
use crate::key_file::{FoundKeyFile, KeyFile, lock};
use crate::keychain::{Account, Keychain, KeychainError};
use crate::keys::Keys;
use crate::opening::{KeyFiles, NotDone, Obstacle, describe_obstacle, keep, read_key_file};
use crate::passphrase::{Cost, Passphrase};
use crate::recovery_key::RecoveryKey;
use crate::slot::{KeySlot, PassphraseSlot, RecoverySlot};

/// What is there at a place, looked at without a keychain and without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Neither key file nor database: keys may be made.
    Nothing,
    /// A key file that can be read.
    Ways(Ways),
    /// A key file that is missing, damaged or newer.
    Stopped(Obstacle),
}

/// The ways to a database's key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ways {
    /// There is a keychain slot. Whether the keychain still has its secret is not known.
    pub has_keychain: bool,
    /// The recovery key; where there are two, the one that is confirmed.
    pub recovery: Option<RecoveryWay>,
    /// The passphrase.
    pub passphrase: Option<PassphraseWay>,
}

/// A recovery key that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryWay {
    /// When it was made, as the caller said it then.
    pub made_at: String,
    /// Whether somebody has shown that they kept it.
    pub is_confirmed: bool,
}

/// A passphrase that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassphraseWay {
    /// When it was set, as the caller said it then.
    pub made_at: String,
}

/// What became of the key in the keychain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeychainSaving {
    /// The keychain has it, as before.
    Already,
    /// The keychain has it again. Slots whose secret was lost are gone.
    Again,
    /// The keychain cannot have it; nothing was changed.
    Stopped(Obstacle),
}

/// The ways to the key of the database at `place`.
///
/// # Errors
/// A file that cannot be read.
pub fn find_ways(place: &KeyFiles) -> Result<Found, KeysError> {
    match read_key_file(place) {
        Ok(Some(key_file)) => Ok(Found::Ways(ways_of(&key_file))),
        Ok(None) => Ok(Found::Nothing),
        Err(NotDone::Obstacle(obstacle)) => Ok(Found::Stopped(obstacle)),
        Err(NotDone::Failed(error)) => Err(error),
    }
}

fn ways_of(key_file: &KeyFile) -> Ways {
    let recovery = key_file.recovery_slots().max_by_key(|slot| slot.is_confirmed);
    Ways {
        has_keychain: key_file.keychain_slots().next().is_some(),
        recovery: recovery.map(|slot| RecoveryWay { made_at: slot.made_at.clone(), is_confirmed: slot.is_confirmed }),
        passphrase: key_file.passphrase_slots().next().map(|slot| PassphraseWay { made_at: slot.made_at.clone() }),
    }
}

impl Keys {
    /// Makes a recovery key. It opens at once, and stays unconfirmed until [`Keys::confirm_recovery_key`]; until then a key
    /// that was confirmed before goes on opening, and one that was never confirmed does not. `made_at` is kept in the
    /// slot, to be shown.
    ///
    /// # Errors
    /// The key file cannot be written, or is another's by now.
    pub fn make_recovery_key(&self, place: &KeyFiles, made_at: &str, rng: &mut impl CryptoRngCore) -> Result<RecoveryKey, KeysError> {
        let key = RecoveryKey::draw(rng)?;
        let slot = RecoverySlot::wrap(&self.master, &key, made_at, rng)?;
        self.prove(&slot.wrapped);
        self.update(place, |key_file| {
            key_file.key_slots.retain(|slot| !matches!(slot, KeySlot::Recovery(slot) if !slot.is_confirmed));
            key_file.key_slots.push(KeySlot::Recovery(slot));
            Ok(())
        })?;
        Ok(key)
    }

    /// Notes that somebody has kept this recovery key: from now on it alone opens, and those before it do not.
    ///
    /// # Errors
    /// [`KeysError::RecoveryKeyReplaced`] where a newer one was made since; otherwise as [`Keys::make_recovery_key`].
    pub fn confirm_recovery_key(&self, place: &KeyFiles, key: &RecoveryKey) -> Result<(), KeysError> {
        self.update(place, |key_file| {
            let opens =
                |slot: &KeySlot| matches!(slot, KeySlot::Recovery(slot) if slot.unwrap(key).is_some_and(|master| master == self.master));
            if !key_file.key_slots.iter().any(opens) {
                return Err(KeysError::RecoveryKeyReplaced);
            }
            key_file.key_slots.retain(|slot| !matches!(slot, KeySlot::Recovery(_)) || opens(slot));
            for slot in &mut key_file.key_slots {
                if let KeySlot::Recovery(slot) = slot {
                    slot.is_confirmed = true;
                }
            }
            Ok(())
        })
    }

    /// Sets the passphrase, in the place of any that there was. Takes some tenths of a second on purpose.
    ///
    /// # Errors
    /// As [`Keys::make_recovery_key`]; [`KeysError::TooLittleMemory`].
    pub fn set_passphrase(
        &self,
        place: &KeyFiles,
        passphrase: &Passphrase,
        made_at: &str,
        rng: &mut impl CryptoRngCore,
    ) -> Result<(), KeysError> {
        let slot = PassphraseSlot::wrap(&self.master, passphrase, Cost::STANDARD, made_at, rng)?;
        self.prove(&slot.wrapped);
        self.update(place, |key_file| {
            key_file.key_slots.retain(|slot| !matches!(slot, KeySlot::Passphrase(_)));
            key_file.key_slots.push(KeySlot::Passphrase(slot));
            Ok(())
        })
    }

    /// Removes the passphrase, where something else is known to open: the keychain, which is asked, or a recovery key that
    /// was confirmed.
    ///
    /// # Errors
    /// [`KeysError::LastWay`] where nothing else is; otherwise as [`Keys::make_recovery_key`].
    pub fn remove_passphrase(&self, place: &KeyFiles, keychain: &dyn Keychain) -> Result<(), KeysError> {
        let kept = match self.ask_keychain(place, keychain)? {
            Asked::Has(account) => Some(account),
            Asked::Lacks(_) | Asked::Stopped(_) => None,
        };
        self.update(place, |key_file| {
            let is_in_keychain = key_file.keychain_slots().any(|slot| Some(&slot.account) == kept.as_ref());
            if !is_in_keychain && !key_file.recovery_slots().any(|slot| slot.is_confirmed) {
                return Err(KeysError::LastWay);
            }
            key_file.key_slots.retain(|slot| !matches!(slot, KeySlot::Passphrase(_)));
            Ok(())
        })
    }

    /// Sees to it that the keychain has the key. Where it has lost it, a new secret is put in and read back, and only then
    /// the slots whose secret is lost give way to the new one. A keychain that does not answer changes nothing.
    ///
    /// # Errors
    /// As [`Keys::make_recovery_key`].
    pub fn keep_in_keychain(
        &self,
        place: &KeyFiles,
        keychain: &dyn Keychain,
        rng: &mut impl CryptoRngCore,
    ) -> Result<KeychainSaving, KeysError> {
        let lost = match self.ask_keychain(place, keychain)? {
            Asked::Has(_) => return Ok(KeychainSaving::Already),
            Asked::Lacks(lost) => lost,
            Asked::Stopped(obstacle) => return Ok(KeychainSaving::Stopped(obstacle)),
        };
        let slot = match keep(&self.master, keychain, rng) {
            Ok(slot) => slot,
            Err(NotDone::Obstacle(obstacle)) => return Ok(KeychainSaving::Stopped(obstacle)),
            Err(NotDone::Failed(error)) => return Err(error),
        };
        self.prove(&slot.wrapped);
        let account = slot.account.clone();
        let written = self.update(place, |key_file| {
            key_file.key_slots.retain(|slot| !matches!(slot, KeySlot::Keychain(slot) if lost.contains(&slot.account)));
            key_file.key_slots.push(KeySlot::Keychain(slot));
            Ok(())
        });
        if written.is_err() {
            // Nobody will ever ask for this secret; where it cannot be removed it does no harm.
            let _ = keychain.delete(&account);
        }
        written.map(|()| KeychainSaving::Again)
    }

    /// Whether the keychain has a secret that opens one of the slots.
    fn ask_keychain(&self, place: &KeyFiles, keychain: &dyn Keychain) -> Result<Asked, KeysError> {
        let FoundKeyFile::Read(key_file) = KeyFile::read(&place.key_file)? else {
            return Err(KeysError::KeyFileReplaced { path: place.key_file.clone() });
        };
        let (mut lost, mut stopped) = (Vec::new(), None);
        for slot in key_file.keychain_slots() {
            match keychain.get(&slot.account) {
                Ok(secret) if slot.unwrap(&secret).is_some_and(|master| master == self.master) => {
                    return Ok(Asked::Has(slot.account.clone()));
                }
                Ok(_) | Err(KeychainError::Missing) => lost.push(slot.account.clone()),
                Err(error) => stopped = stopped.or(Some(describe_obstacle(error))),
            }
        }
        Ok(stopped.map_or(Asked::Lacks(lost), Asked::Stopped))
    }

    /// Changes the key file, if it is still one that these keys opened or wrote.
    fn update(&self, place: &KeyFiles, change: impl FnOnce(&mut KeyFile) -> Result<(), KeysError>) -> Result<(), KeysError> {
        KeyFile::update(&place.key_file, |key_file| {
            if !self.fits(key_file) {
                return Err(KeysError::KeyFileReplaced { path: place.key_file.clone() });
            }
            change(key_file)
        })
    }

    pub(crate) fn fits(&self, key_file: &KeyFile) -> bool {
        key_file.key_slots.iter().filter_map(KeySlot::wrapped).any(|slot| self.is_proven(slot))
    }
}

/// What the keychain said.
enum Asked {
    Has(Account),
    /// It answered, and has none of these.
    Lacks(Vec<Account>),
    Stopped(Obstacle),
}

/// Copies the key file of the database at `place` to `to`, in the place of what is there: for a copy of the database, which
/// then opens in every way that this one does at that moment ([`KeyFiles::of_copy`]).
///
/// All slots go along, the keychain's too: on this computer the copy then opens without asking, and without the keychain
/// its slot says nothing to anybody. `to` is in no other use.
///
/// # Errors
/// The key file is missing or damaged, or the copy cannot be written.
pub fn copy_key_file(place: &KeyFiles, to: &Path) -> Result<(), KeysError> {
    match KeyFile::read(&place.key_file)? {
        FoundKeyFile::Read(key_file) => key_file.replace(to),
        FoundKeyFile::Absent | FoundKeyFile::Newer { .. } | FoundKeyFile::Damaged { .. } => {
            Err(KeysError::KeyFileReplaced { path: place.key_file.clone() })
        }
    }
}

/// Puts a copy of a key file, with which `keys` were opened and the database was then found to open, in the place of a
/// key file that is missing or damaged. A damaged one is kept beside as `….damaged`; one that can be read is left as it is.
///
/// # Errors
/// [`KeysError::KeyFileReplaced`] where there is nothing to mend, or the copy is not the one that opened.
pub fn adopt_key_file(place: &KeyFiles, copy: &Path, keys: &Keys) -> Result<(), KeysError> {
    let replaced = || KeysError::KeyFileReplaced { path: place.key_file.clone() };
    let FoundKeyFile::Read(key_file) = KeyFile::read(copy)? else {
        return Err(replaced());
    };
    if !keys.fits(&key_file) {
        return Err(replaced());
    }
    let _lock = lock(&place.key_file)?;
    match KeyFile::read(&place.key_file)? {
        FoundKeyFile::Absent => {}
        FoundKeyFile::Damaged { .. } => {
            let mut aside = place.key_file.as_os_str().to_owned();
            aside.push(".damaged");
            let damaged = std::fs::read(&place.key_file).map_err(|source| KeysError::File {
                path: place.key_file.clone(),
                access: Access::Read,
                source,
            })?;
            Writing::to(Path::new(&aside)).for_owner().write(&damaged)?;
        }
        FoundKeyFile::Read(_) | FoundKeyFile::Newer { .. } => return Err(replaced()),
    }
    key_file.replace(&place.key_file)
}
