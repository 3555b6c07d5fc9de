//! The ways to a database's key: which there are, and adding, changing and removing them while it is open; and carrying
//! them beside a copy of the database.
//!
//! What always holds: a slot is removed only once another that is known to open is in the same file; a header that was
//! exchanged for another database's is never changed.

use std::path::Path;

use dpia_files::Writing;
use rand_core::CryptoRngCore;

use crate::error::{Access, KeysError};
use crate::header::{FoundHeader, Header, lock};
use crate::keychain::{Account, Keychain, KeychainError};
use crate::keys::Keys;
use crate::opening::{NotDone, Obstacle, Place, keep, read_header, tell_obstacle};
use crate::passphrase::{Cost, Passphrase};
use crate::recovery_key::RecoveryKey;
use crate::slot::{KeySlot, PassphraseSlot, RecoverySlot};

/// What is there at a place, looked at without a keychain and without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Neither header nor database: keys may be made.
    Nothing,
    /// A header that can be read.
    Ways(Ways),
    /// A header that is missing, damaged or newer.
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
pub enum Kept {
    /// The keychain has it, as before.
    Already,
    /// The keychain has it again. Slots whose secret was lost are gone.
    Anew,
    /// The keychain cannot have it; nothing was changed.
    Stopped(Obstacle),
}

/// The ways to the key of the database at `place`.
///
/// # Errors
/// A file that cannot be read.
pub fn find_ways(place: &Place) -> Result<Found, KeysError> {
    match read_header(place) {
        Ok(Some(header)) => Ok(Found::Ways(ways_of(&header))),
        Ok(None) => Ok(Found::Nothing),
        Err(NotDone::Obstacle(obstacle)) => Ok(Found::Stopped(obstacle)),
        Err(NotDone::Failed(error)) => Err(error),
    }
}

fn ways_of(header: &Header) -> Ways {
    let recovery = header.recovery_slots().max_by_key(|slot| slot.is_confirmed);
    Ways {
        has_keychain: header.keychain_slots().next().is_some(),
        recovery: recovery.map(|slot| RecoveryWay { made_at: slot.made_at.clone(), is_confirmed: slot.is_confirmed }),
        passphrase: header.passphrase_slots().next().map(|slot| PassphraseWay { made_at: slot.made_at.clone() }),
    }
}

impl Keys {
    /// Makes a recovery key. It opens at once, and stays unconfirmed until [`Keys::confirm_recovery_key`]; until then a key
    /// that was confirmed before goes on opening, and one that was never confirmed does not. `made_at` is kept in the
    /// slot, to be shown.
    ///
    /// # Errors
    /// The header cannot be written, or is another's by now.
    pub fn make_recovery_key(&self, place: &Place, made_at: &str, rng: &mut impl CryptoRngCore) -> Result<RecoveryKey, KeysError> {
        let key = RecoveryKey::draw(rng)?;
        let slot = RecoverySlot::wrap(&self.master, &key, made_at, rng)?;
        self.prove(&slot.wrapped);
        self.update(place, |header| {
            header.key_slots.retain(|slot| !matches!(slot, KeySlot::Recovery(slot) if !slot.is_confirmed));
            header.key_slots.push(KeySlot::Recovery(slot));
            Ok(())
        })?;
        Ok(key)
    }

    /// Notes that somebody has kept this recovery key: from now on it alone opens, and those before it do not.
    ///
    /// # Errors
    /// [`KeysError::RecoveryKeyReplaced`] where a newer one was made since; otherwise as [`Keys::make_recovery_key`].
    pub fn confirm_recovery_key(&self, place: &Place, key: &RecoveryKey) -> Result<(), KeysError> {
        self.update(place, |header| {
            let opens =
                |slot: &KeySlot| matches!(slot, KeySlot::Recovery(slot) if slot.unwrap(key).is_some_and(|master| master == self.master));
            if !header.key_slots.iter().any(opens) {
                return Err(KeysError::RecoveryKeyReplaced);
            }
            header.key_slots.retain(|slot| !matches!(slot, KeySlot::Recovery(_)) || opens(slot));
            for slot in &mut header.key_slots {
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
        place: &Place,
        passphrase: &Passphrase,
        made_at: &str,
        rng: &mut impl CryptoRngCore,
    ) -> Result<(), KeysError> {
        let slot = PassphraseSlot::wrap(&self.master, passphrase, Cost::STANDARD, made_at, rng)?;
        self.prove(&slot.wrapped);
        self.update(place, |header| {
            header.key_slots.retain(|slot| !matches!(slot, KeySlot::Passphrase(_)));
            header.key_slots.push(KeySlot::Passphrase(slot));
            Ok(())
        })
    }

    /// Removes the passphrase, where something else is known to open: the keychain, which is asked, or a recovery key that
    /// was confirmed.
    ///
    /// # Errors
    /// [`KeysError::LastWay`] where nothing else is; otherwise as [`Keys::make_recovery_key`].
    pub fn remove_passphrase(&self, place: &Place, keychain: &dyn Keychain) -> Result<(), KeysError> {
        let kept = match self.ask_keychain(place, keychain)? {
            Asked::Has(account) => Some(account),
            Asked::Lacks(_) | Asked::Stopped(_) => None,
        };
        self.update(place, |header| {
            let is_in_keychain = header.keychain_slots().any(|slot| Some(&slot.account) == kept.as_ref());
            if !is_in_keychain && !header.recovery_slots().any(|slot| slot.is_confirmed) {
                return Err(KeysError::LastWay);
            }
            header.key_slots.retain(|slot| !matches!(slot, KeySlot::Passphrase(_)));
            Ok(())
        })
    }

    /// Sees to it that the keychain has the key. Where it has lost it, a new secret is put in and read back, and only then
    /// the slots whose secret is lost give way to the new one. A keychain that does not answer changes nothing.
    ///
    /// # Errors
    /// As [`Keys::make_recovery_key`].
    pub fn keep_in_keychain(&self, place: &Place, keychain: &dyn Keychain, rng: &mut impl CryptoRngCore) -> Result<Kept, KeysError> {
        let lost = match self.ask_keychain(place, keychain)? {
            Asked::Has(_) => return Ok(Kept::Already),
            Asked::Lacks(lost) => lost,
            Asked::Stopped(obstacle) => return Ok(Kept::Stopped(obstacle)),
        };
        let slot = match keep(&self.master, keychain, rng) {
            Ok(slot) => slot,
            Err(NotDone::Obstacle(obstacle)) => return Ok(Kept::Stopped(obstacle)),
            Err(NotDone::Failed(error)) => return Err(error),
        };
        self.prove(&slot.wrapped);
        let account = slot.account.clone();
        let written = self.update(place, |header| {
            header.key_slots.retain(|slot| !matches!(slot, KeySlot::Keychain(slot) if lost.contains(&slot.account)));
            header.key_slots.push(KeySlot::Keychain(slot));
            Ok(())
        });
        if written.is_err() {
            // Nobody will ever ask for this secret; where it cannot be removed it does no harm.
            let _ = keychain.delete(&account);
        }
        written.map(|()| Kept::Anew)
    }

    /// Whether the keychain has a secret that opens one of the slots.
    fn ask_keychain(&self, place: &Place, keychain: &dyn Keychain) -> Result<Asked, KeysError> {
        let FoundHeader::Read(header) = Header::read(&place.header)? else {
            return Err(KeysError::HeaderReplaced { path: place.header.clone() });
        };
        let (mut lost, mut stopped) = (Vec::new(), None);
        for slot in header.keychain_slots() {
            match keychain.get(&slot.account) {
                Ok(secret) if slot.unwrap(&secret).is_some_and(|master| master == self.master) => {
                    return Ok(Asked::Has(slot.account.clone()));
                }
                Ok(_) | Err(KeychainError::Missing) => lost.push(slot.account.clone()),
                Err(error) => stopped = stopped.or(Some(tell_obstacle(error))),
            }
        }
        Ok(stopped.map_or(Asked::Lacks(lost), Asked::Stopped))
    }

    /// Changes the header, if it is still one that these keys opened or wrote.
    fn update(&self, place: &Place, change: impl FnOnce(&mut Header) -> Result<(), KeysError>) -> Result<(), KeysError> {
        Header::update(&place.header, |header| {
            if !self.fits(header) {
                return Err(KeysError::HeaderReplaced { path: place.header.clone() });
            }
            change(header)
        })
    }

    pub(crate) fn fits(&self, header: &Header) -> bool {
        header.key_slots.iter().filter_map(KeySlot::wrapped).any(|slot| self.is_proven(slot))
    }
}

/// What the keychain said.
enum Asked {
    Has(Account),
    /// It answered, and has none of these.
    Lacks(Vec<Account>),
    Stopped(Obstacle),
}

/// Copies the header of the database at `place` to `to`, in the place of what is there: for a copy of the database, which
/// then opens in every way that this one does at that moment ([`Place::of_copy`]).
///
/// All slots go along, the keychain's too: on this computer the copy then opens without asking, and without the keychain
/// its slot says nothing to anybody. `to` is in no other use.
///
/// # Errors
/// The header is missing or damaged, or the copy cannot be written.
pub fn copy_header(place: &Place, to: &Path) -> Result<(), KeysError> {
    match Header::read(&place.header)? {
        FoundHeader::Read(header) => header.replace(to),
        FoundHeader::Absent | FoundHeader::Newer { .. } | FoundHeader::Damaged { .. } => {
            Err(KeysError::HeaderReplaced { path: place.header.clone() })
        }
    }
}

/// Puts a copy of a header, with which `keys` were opened and the database was then found to open, in the place of a
/// header that is missing or damaged. A damaged one is kept beside as `….damaged`; one that can be read is left as it is.
///
/// # Errors
/// [`KeysError::HeaderReplaced`] where there is nothing to mend, or the copy is not the one that opened.
pub fn adopt_header(place: &Place, copy: &Path, keys: &Keys) -> Result<(), KeysError> {
    let replaced = || KeysError::HeaderReplaced { path: place.header.clone() };
    let FoundHeader::Read(header) = Header::read(copy)? else {
        return Err(replaced());
    };
    if !keys.fits(&header) {
        return Err(replaced());
    }
    let _lock = lock(&place.header)?;
    match Header::read(&place.header)? {
        FoundHeader::Absent => {}
        FoundHeader::Damaged { .. } => {
            let mut aside = place.header.as_os_str().to_owned();
            aside.push(".damaged");
            let damaged = std::fs::read(&place.header).map_err(|source| KeysError::File {
                path: place.header.clone(),
                access: Access::Read,
                source,
            })?;
            Writing::to(Path::new(&aside)).for_owner().write(&damaged)?;
        }
        FoundHeader::Read(_) | FoundHeader::Newer { .. } => return Err(replaced()),
    }
    header.replace(&place.header)
}
