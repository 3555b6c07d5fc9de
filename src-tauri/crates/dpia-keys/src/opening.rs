//! From a folder and a keychain to opened keys, or to the one thing that is in the way.

use std::path::{Path, PathBuf};

use rand_core::CryptoRngCore;

use crate::error::{Access, KeysError};
use crate::key_file::{FoundKeyFile, KEY_FILE, KeyFile};
use crate::keychain::{Account, Keychain, KeychainError};
use crate::keys::{Keys, OpenedBy};
use crate::passphrase::{Cost, Passphrase};
use crate::recovery_key::RecoveryKey;
use crate::secret::{KeychainSecret, MasterKey};
use crate::slot::{KeySlot, KeychainSlot, PassphraseSlot};

/// Where a database and its key file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFiles {
    /// The key file; it need not be there.
    pub key_file: PathBuf,
    /// The database file; it need not be there. Only whether it exists is looked at.
    pub database: PathBuf,
}

/// How far the opening came.
#[derive(Debug)]
pub enum Opening {
    /// The keys of the database that is there.
    Opened(Keys),
    /// The first run: there was neither key file nor database, and the keys have just been made.
    FirstRun(Keys),
    /// Nothing was made and nothing changed; a person can resolve it and try again.
    Stopped(Obstacle),
}

/// What is between a person and the database, in words for a plain screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// The key file is there, and the keychain has no entry for it: emptied, replaced, or another
    /// computer's folder.
    #[error(
        "The keychain no longer holds the key of this database. Nothing was changed. Restore the keychain it was created with, then try \
        again."
    )]
    KeyMissing,
    /// The keychain has an entry of that name with another secret in it.
    #[error(
        "The keychain holds a key, but not the key of this database. Nothing was changed. Restore the keychain it was created with, \
        then try again."
    )]
    KeyReplaced,
    /// The keychain is locked.
    #[error("The keychain is locked. Unlock it, then try again.")]
    Locked,
    /// There is no keychain, or no keyring in it.
    #[error("No keychain was found ({reason}). Start the keychain of this computer, then try again.")]
    NoKeychain {
        /// What the system said.
        reason: String,
    },
    /// The keychain does not answer in time: it is probably asking for its password.
    #[error("The keychain does not answer. It may be asking for its password in another window. Answer it, then try again.")]
    Blocked,
    /// The keychain refuses this application.
    #[error("The keychain refuses access ({reason}). Allow access in its settings, then try again.")]
    Denied {
        /// What the system said.
        reason: String,
    },
    /// The keychain does not keep what it is given, or answers what makes no sense.
    #[error("The keychain is not reliable ({reason}). Nothing was changed.")]
    KeychainBroken {
        /// What was wrong.
        reason: String,
    },
    /// There is no keychain slot, and one with a passphrase.
    #[error("The database opens with your passphrase.")]
    PassphraseNeeded,
    /// There is neither a keychain slot nor a passphrase, and there is a recovery key.
    #[error("The database opens with your recovery key.")]
    RecoveryKeyNeeded,
    /// The passphrase is another.
    #[error("This passphrase does not open the database. Nothing was changed. Enter it again; capitals matter.")]
    WrongPassphrase,
    /// The recovery key is another: of another database, or one that was replaced by a newer one.
    #[error(
        "This recovery key does not open the database. Nothing was changed. Look for a newer sheet: a key that was replaced no longer \
        opens it."
    )]
    WrongRecoveryKey,
    /// No passphrase was ever set.
    #[error("No passphrase was set for this database.")]
    NoPassphrase,
    /// No recovery key was ever made.
    #[error("No recovery key was made for this database.")]
    NoRecoveryKey,
    /// The database is there and its key file is not: no keys could open it.
    #[error("The key file {} is missing, but the database exists. Nothing was changed. Put the key file back from a backup, then try \
    again.", .path.display())]
    KeyFileMissing {
        /// Where the key file should be.
        path: PathBuf,
    },
    /// The key file cannot be read.
    #[error("The key file is damaged ({reason}). Nothing was changed. Put it back from a backup, then try again.")]
    KeyFileDamaged {
        /// What is wrong with it.
        reason: String,
    },
    /// The key file was written by a newer version.
    #[error("The key file was written by a newer version (format {format}). Update the application to open it.")]
    KeyFileNewer {
        /// The format that it says it has.
        format: u64,
    },
    /// The key file has slots, and none that this version can open.
    #[error("The database opens only with {}, which this version does not know. Update the application to open it.", .kinds.join(", "))]
    NoKnownSlot {
        /// The kinds of slot that there are.
        kinds: Vec<String>,
    },
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// A person can resolve it and try again; nothing was changed.
    #[error(transparent)]
    Obstacle(#[from] Obstacle),
    /// It failed.
    #[error(transparent)]
    Failed(#[from] KeysError),
}

impl Opening {
    /// How far a try came: an obstacle is a place to stop at, a failure is none.
    fn of(tried: Result<Opening, NotDone>) -> Result<Opening, KeysError> {
        match tried {
            Ok(opening) => Ok(opening),
            Err(NotDone::Obstacle(obstacle)) => Ok(Opening::Stopped(obstacle)),
            Err(NotDone::Failed(error)) => Err(error),
        }
    }
}

impl KeyFiles {
    /// The key file and a database of the given name, both in one folder.
    pub fn in_folder(folder: &Path, database: &str) -> KeyFiles {
        KeyFiles { key_file: folder.join(KEY_FILE), database: folder.join(database) }
    }

    /// A copy of a database, such as a backup, that carries its key file beside it under its own name: `X.db` and
    /// `X.db.keys.json`.
    pub fn of_copy(database: &Path) -> KeyFiles {
        let mut key_file = database.as_os_str().to_owned();
        key_file.push(".");
        key_file.push(KEY_FILE);
        KeyFiles { key_file: PathBuf::from(key_file), database: database.to_owned() }
    }
}

/// Opens the keys of the database at `place`, or makes them on the first run.
///
/// Keys are made only where neither key file nor database exists. Then a secret is put into the
/// keychain and read back, and only if it is the same is the key file written; until that moment
/// nothing on the disk says that there was a first run, so it can be tried again. The folder has to exist.
///
/// `keychain` may block as long as it likes; wrap it in a [`TimeLimited`](crate::TimeLimited).
///
/// # Errors
/// A file that cannot be read or written, or a source of randomness that fails. What a person
/// can resolve at the keychain or with a backup is [`Opening::Stopped`].
pub fn open_or_create(place: &KeyFiles, keychain: &dyn Keychain, rng: &mut impl CryptoRngCore) -> Result<Opening, KeysError> {
    Opening::of(read_key_file(place).and_then(|key_file| match key_file {
        Some(key_file) => Ok(open_with(&key_file, keychain)),
        None => create(place, keychain, rng),
    }))
}

/// Opens the keys of the database at `place` with its recovery key; makes and changes nothing.
///
/// # Errors
/// As [`open_or_create`].
pub fn open_with_recovery_key(place: &KeyFiles, key: &RecoveryKey) -> Result<Opening, KeysError> {
    Opening::of(read_present_key_file(place).map(|key_file| open_by_recovery_key(&key_file, key)))
}

fn open_by_recovery_key(key_file: &KeyFile, key: &RecoveryKey) -> Opening {
    let opened = key_file.recovery_slots().find_map(|slot| Some((slot.unwrap(key)?, slot)));
    match opened {
        Some((master, slot)) => Opening::Opened(Keys::derive(master, OpenedBy::RecoveryKey, &slot.wrapped)),
        None if key_file.recovery_slots().next().is_none() => Opening::Stopped(Obstacle::NoRecoveryKey),
        None => Opening::Stopped(Obstacle::WrongRecoveryKey),
    }
}

/// Opens the keys of the database at `place` with a passphrase; makes and changes nothing. Takes some tenths of a second
/// on purpose, and seconds at most.
///
/// # Errors
/// As [`open_or_create`]; [`KeysError::TooLittleMemory`].
pub fn open_with_passphrase(place: &KeyFiles, passphrase: &Passphrase) -> Result<Opening, KeysError> {
    Opening::of(read_present_key_file(place).and_then(|key_file| Ok(open_by_passphrase(&key_file, passphrase)?)))
}

fn open_by_passphrase(key_file: &KeyFile, passphrase: &Passphrase) -> Result<Opening, KeysError> {
    for slot in key_file.passphrase_slots() {
        if let Some(master) = slot.unwrap(passphrase)? {
            return Ok(Opening::Opened(Keys::derive(master, OpenedBy::Passphrase, &slot.wrapped)));
        }
    }
    let has_none = key_file.passphrase_slots().next().is_none();
    Ok(Opening::Stopped(if has_none { Obstacle::NoPassphrase } else { Obstacle::WrongPassphrase }))
}

/// Makes the keys of a first run under a passphrase, for a computer without a keychain. As with [`open_or_create`], keys
/// are made only where neither key file nor database exists; where a key file is there by now, the passphrase is tried on it.
/// `made_at` is kept in the slot, to be shown.
///
/// # Errors
/// As [`open_or_create`]; [`KeysError::TooLittleMemory`].
pub fn create_with_passphrase(
    place: &KeyFiles,
    passphrase: &Passphrase,
    made_at: &str,
    rng: &mut impl CryptoRngCore,
) -> Result<Opening, KeysError> {
    match read_key_file(place) {
        Ok(None) => {}
        Ok(Some(_)) => return open_with_passphrase(place, passphrase),
        Err(stop) => return Opening::of(Err(stop)),
    }
    let master = MasterKey::draw(rng)?;
    let slot = PassphraseSlot::wrap(&master, passphrase, Cost::STANDARD, made_at, rng)?;
    if KeyFile::with_slot(KeySlot::Passphrase(slot.clone())).write_new(&place.key_file)? {
        return Ok(Opening::FirstRun(Keys::derive(master, OpenedBy::Passphrase, &slot.wrapped)));
    }
    // Another process made its key file in the meantime: that one holds.
    open_with_passphrase(place, passphrase)
}

/// The key file at `place`; none where neither it nor a database is there.
pub(crate) fn read_key_file(place: &KeyFiles) -> Result<Option<KeyFile>, NotDone> {
    match KeyFile::read(&place.key_file)? {
        FoundKeyFile::Read(key_file) => Ok(Some(key_file)),
        FoundKeyFile::Newer { format } => Err(Obstacle::KeyFileNewer { format }.into()),
        FoundKeyFile::Damaged { reason } => Err(Obstacle::KeyFileDamaged { reason }.into()),
        FoundKeyFile::Absent if exists(&place.database)? => Err(key_file_missing(place)),
        FoundKeyFile::Absent => Ok(None),
    }
}

/// The key file at `place`, where there has to be one.
fn read_present_key_file(place: &KeyFiles) -> Result<KeyFile, NotDone> {
    read_key_file(place)?.ok_or_else(|| key_file_missing(place))
}

fn key_file_missing(place: &KeyFiles) -> NotDone {
    Obstacle::KeyFileMissing { path: place.key_file.clone() }.into()
}

/// Tries the keychain slots in turn; the first obstacle is the one that is reported.
fn open_with(key_file: &KeyFile, keychain: &dyn Keychain) -> Opening {
    let mut first = None;
    for slot in key_file.keychain_slots() {
        let obstacle = match keychain.get(&slot.account) {
            Ok(secret) => match slot.unwrap(&secret) {
                Some(master) => return Opening::Opened(Keys::derive(master, OpenedBy::Keychain, &slot.wrapped)),
                None => Obstacle::KeyReplaced,
            },
            Err(error) => describe_obstacle(error),
        };
        first.get_or_insert(obstacle);
    }
    Opening::Stopped(match (first, key_file.first_damage()) {
        (Some(obstacle), _) => obstacle,
        (None, _) if key_file.passphrase_slots().next().is_some() => Obstacle::PassphraseNeeded,
        (None, _) if key_file.recovery_slots().next().is_some() => Obstacle::RecoveryKeyNeeded,
        (None, Some(reason)) => Obstacle::KeyFileDamaged { reason: reason.to_owned() },
        (None, None) if key_file.key_slots.is_empty() => Obstacle::KeyFileDamaged { reason: "it has no key slot".to_owned() },
        (None, None) => Obstacle::NoKnownSlot { kinds: key_file.unknown_kinds() },
    })
}

fn create(place: &KeyFiles, keychain: &dyn Keychain, rng: &mut impl CryptoRngCore) -> Result<Opening, NotDone> {
    let master = MasterKey::draw(rng)?;
    let slot = keep(&master, keychain, rng)?;
    let written = KeyFile::with_slot(KeySlot::Keychain(slot.clone())).write_new(&place.key_file);
    if !matches!(written, Ok(true)) {
        // Nobody will ever ask for this secret; where it cannot be removed it does no harm.
        let _ = keychain.delete(&slot.account);
    }
    if written? {
        return Ok(Opening::FirstRun(Keys::derive(master, OpenedBy::Keychain, &slot.wrapped)));
    }
    // Another process made its key file in the meantime: that one holds.
    Ok(open_with(&read_present_key_file(place)?, keychain))
}

/// Puts a new secret into the keychain, proves that it comes back, and wraps the master key with it.
pub(crate) fn keep(master: &MasterKey, keychain: &dyn Keychain, rng: &mut impl CryptoRngCore) -> Result<KeychainSlot, NotDone> {
    let account = Account::draw(rng)?;
    let secret = KeychainSecret::draw(rng)?;
    put(keychain, &account, &secret)?;
    Ok(KeychainSlot::wrap(master, account, &secret, rng)?)
}

/// Puts the secret into the keychain and proves that it comes back.
fn put(keychain: &dyn Keychain, account: &Account, secret: &KeychainSecret) -> Result<(), Obstacle> {
    keychain.set(account, secret).map_err(describe_obstacle)?;
    let broken = |reason: &str| Obstacle::KeychainBroken { reason: reason.to_owned() };
    match keychain.get(account) {
        Ok(kept) if kept == *secret => Ok(()),
        Ok(_) => Err(broken("it returned a different secret")),
        Err(KeychainError::Missing) => Err(broken("it did not keep the secret that it was given")),
        Err(error) => Err(describe_obstacle(error)),
    }
}

pub(crate) fn describe_obstacle(error: KeychainError) -> Obstacle {
    match error {
        KeychainError::Missing => Obstacle::KeyMissing,
        KeychainError::NoKeychain { reason } => Obstacle::NoKeychain { reason },
        KeychainError::Locked { .. } => Obstacle::Locked,
        KeychainError::TimedOut { .. } => Obstacle::Blocked,
        KeychainError::Denied { reason } => Obstacle::Denied { reason },
        KeychainError::Broken { reason } => Obstacle::KeychainBroken { reason },
    }
}

/// Whether anything is at `path`, a broken link included.
fn exists(path: &Path) -> Result<bool, KeysError> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(KeysError::File { path: path.to_owned(), access: Access::Read, source }),
    }
}
