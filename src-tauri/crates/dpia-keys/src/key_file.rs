//! The key file: which key slots there are, and the master key as each of them wraps it.
//!
//! ```json
//! { "format": 1,
//!   "key_slots": [
//!     { "kind": "keychain", "account": "<32 hex>", "nonce": "<48 hex>", "wrapped": "<96 hex>" },
//!     { "kind": "recovery", "made_at": "<moment>", "is_confirmed": true, "nonce": …, "wrapped": … },
//!     { "kind": "passphrase", "made_at": "<moment>", "algorithm": "argon2id", "memory_kib": 65536, "passes": 3,
//!       "lanes": 4, "salt": "<32 hex>", "nonce": …, "wrapped": … } ] }
//! ```
//!
//! Further kinds of slot are still format 1: a version that knows the format and not the kind keeps the slot word for
//! word, opens by the slots that it does know, and names the others where it knows none.
//!
//! A key file is replaced whole and at once, and only by what was read from it a moment before, under a lock: nobody writes
//! a copy of their own over what another has written since.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dpia_files::{Cause, Lock, Writing};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Access, KeysError};
use crate::slot::{KeySlot, KeychainSlot, PassphraseSlot, RecoverySlot};

/// The name of the key file in the data folder.
pub const KEY_FILE: &str = "keys.json";

/// The format that is written.
const FORMAT: u64 = 1;

/// The largest key file that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// The most slots that are read, and the most of them with a passphrase: each may cost seconds to try.
const MOST_SLOTS: usize = 16;
const MOST_PASSPHRASES: usize = 2;

/// How often, and how long apart, it is tried to lock a key file that another is writing.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// The key file of a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    format: u64,
    pub(crate) key_slots: Vec<KeySlot>,
}

/// What was found where a key file may be.
#[derive(Debug, PartialEq)]
pub(crate) enum FoundKeyFile {
    Absent,
    Read(KeyFile),
    Newer { format: u64 },
    Damaged { reason: String },
}

impl KeyFile {
    /// A key file with one slot.
    pub(crate) fn with_slot(slot: KeySlot) -> KeyFile {
        KeyFile::with_slots(vec![slot])
    }

    /// A key file with these slots.
    pub(crate) fn with_slots(key_slots: Vec<KeySlot>) -> KeyFile {
        KeyFile { format: FORMAT, key_slots }
    }

    /// The key file as it is in its file.
    pub(crate) fn to_text(&self) -> Result<Vec<u8>, KeysError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(KeysError::NotEncoded)?;
        text.push(b'\n');
        Ok(text)
    }

    /// The slots that open through the keychain.
    pub(crate) fn keychain_slots(&self) -> impl Iterator<Item = &KeychainSlot> {
        self.key_slots.iter().filter_map(|slot| match slot {
            KeySlot::Keychain(slot) => Some(slot),
            KeySlot::Recovery(_) | KeySlot::Passphrase(_) | KeySlot::Other(_) | KeySlot::Damaged { .. } => None,
        })
    }

    /// The slots that open with a recovery key.
    pub(crate) fn recovery_slots(&self) -> impl Iterator<Item = &RecoverySlot> {
        self.key_slots.iter().filter_map(|slot| match slot {
            KeySlot::Recovery(slot) => Some(slot),
            KeySlot::Keychain(_) | KeySlot::Passphrase(_) | KeySlot::Other(_) | KeySlot::Damaged { .. } => None,
        })
    }

    /// The slots that open with a passphrase.
    pub(crate) fn passphrase_slots(&self) -> impl Iterator<Item = &PassphraseSlot> {
        self.key_slots.iter().filter_map(|slot| match slot {
            KeySlot::Passphrase(slot) => Some(slot),
            KeySlot::Keychain(_) | KeySlot::Recovery(_) | KeySlot::Other(_) | KeySlot::Damaged { .. } => None,
        })
    }

    /// The kinds of the slots that this version does not know, to name them.
    pub(crate) fn unknown_kinds(&self) -> Vec<String> {
        let kinds = self.key_slots.iter().filter_map(|slot| match slot {
            KeySlot::Keychain(_) | KeySlot::Recovery(_) | KeySlot::Passphrase(_) | KeySlot::Damaged { .. } => None,
            KeySlot::Other(fields) => Some(fields.get("kind").and_then(Value::as_str).unwrap_or("unnamed")),
        });
        kinds.map(|kind| kind.chars().filter(|c| !c.is_control()).take(40).collect()).collect()
    }

    /// What is wrong with the first slot that is damaged.
    pub(crate) fn first_damage(&self) -> Option<&str> {
        self.key_slots.iter().find_map(|slot| match slot {
            KeySlot::Damaged { reason, .. } => Some(reason.as_str()),
            KeySlot::Keychain(_) | KeySlot::Recovery(_) | KeySlot::Passphrase(_) | KeySlot::Other(_) => None,
        })
    }

    /// Reads the key file at `path`.
    pub(crate) fn read(path: &Path) -> Result<FoundKeyFile, KeysError> {
        let failed = |source| KeysError::File { path: path.to_owned(), access: Access::Read, source };
        let file = match dpia_files::open_file(path).map_err(std::io::Error::from) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(FoundKeyFile::Absent),
            Err(error) => return Err(failed(error)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        Ok(KeyFile::parse(&bytes))
    }

    /// Reads a key file from bytes; the format decides before anything else is looked at.
    pub(crate) fn parse(bytes: &[u8]) -> FoundKeyFile {
        let damaged = |reason: &str| FoundKeyFile::Damaged { reason: reason.to_owned() };
        if bytes.len() as u64 > MAX_BYTES {
            return damaged("it is too large");
        }
        let value: Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => return FoundKeyFile::Damaged { reason: error.to_string() },
        };
        match value.get("format").and_then(Value::as_u64) {
            None | Some(0) => return damaged("it does not say its format"),
            Some(FORMAT) => {}
            Some(format) => return FoundKeyFile::Newer { format },
        }
        let key_file: KeyFile = match serde_json::from_value(value) {
            Ok(key_file) => key_file,
            Err(error) => return FoundKeyFile::Damaged { reason: error.to_string() },
        };
        if key_file.key_slots.len() > MOST_SLOTS || key_file.passphrase_slots().count() > MOST_PASSPHRASES {
            return damaged("it has too many key slots");
        }
        FoundKeyFile::Read(key_file)
    }

    /// Writes the key file where there is none, readable by its owner alone, whole or not at all.
    ///
    /// Returns `false`, having written nothing, where a key file is there by now.
    pub(crate) fn write_new(&self, path: &Path) -> Result<bool, KeysError> {
        match Writing::to(path).for_owner().where_nothing_is().write(&self.to_text()?) {
            Err(error) if error.cause == Cause::Exists => Ok(false),
            written => written.map(|()| true).map_err(KeysError::NotWritten),
        }
    }

    /// Writes the key file in the place of whatever is there, in the same way.
    pub(crate) fn replace(&self, path: &Path) -> Result<(), KeysError> {
        Writing::to(path).for_owner().write(&self.to_text()?).map_err(KeysError::NotWritten)
    }

    /// Changes the key file at `path`: reads it, changes what was read, and replaces it, all under a lock. Where `change`
    /// refuses, or changes nothing, nothing is written.
    ///
    /// The caller does before or after, not within, what may take long.
    pub(crate) fn update(path: &Path, change: impl FnOnce(&mut KeyFile) -> Result<(), KeysError>) -> Result<(), KeysError> {
        let _lock = lock(path)?;
        let FoundKeyFile::Read(before) = KeyFile::read(path)? else {
            return Err(KeysError::KeyFileReplaced { path: path.to_owned() });
        };
        let mut after = before.clone();
        change(&mut after)?;
        if after == before { Ok(()) } else { after.replace(path) }
    }
}

/// Waits until nobody else writes the key file at `path`. The lock is a file of its own, since the key file is replaced; it
/// ends with the program, however that ends.
pub(crate) fn lock(path: &Path) -> Result<Lock, KeysError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    for _ in 0..LOCK_TRIES {
        match Lock::take(&name) {
            Ok(Some(lock)) => return Ok(lock),
            Ok(None) => std::thread::sleep(LOCK_PAUSE),
            Err(source) => return Err(KeysError::File { path: name, access: Access::Write, source }),
        }
    }
    Err(KeysError::KeyFileBusy { path: path.to_owned() })
}

/// Bytes as lower-case hexadecimal.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Exactly `N` bytes from lower-case hexadecimal.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keychain::Account;
    use crate::secret::{KeychainSecret, MasterKey};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn key_file() -> (KeyFile, KeychainSecret, MasterKey) {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let secret = KeychainSecret::draw(&mut rng).expect("drawn");
        let master = MasterKey::draw(&mut rng).expect("drawn");
        let account = Account::draw(&mut rng).expect("drawn");
        let slot = KeychainSlot::wrap(&master, account, &secret, &mut rng).expect("wrapped");
        (KeyFile::with_slot(KeySlot::Keychain(slot)), secret, master)
    }

    #[test]
    fn a_key_file_comes_back_as_it_was_written_and_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(KEY_FILE);
        let (key_file, secret, master) = key_file();
        assert!(key_file.write_new(&path).expect("written"));
        let FoundKeyFile::Read(again) = KeyFile::read(&path).expect("read") else {
            panic!("not read");
        };
        assert_eq!(again, key_file);
        let slot = again.keychain_slots().next().expect("a slot");
        assert!(slot.unwrap(&secret).is_some_and(|key| key == master));
        assert!(slot.unwrap(&KeychainSecret::from_bytes([0; 32])).is_none());
        let before = std::fs::read(&path).expect("read");
        let mut other = key_file.clone();
        other.key_slots.clear();
        assert!(!other.write_new(&path).expect("refused without an error"));
        assert_eq!(std::fs::read(&path).expect("read"), before);
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "no temporary file is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(KEY_FILE);
        key_file().0.write_new(&path).expect("written");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_file_of_this_format_is_read_for_ever() {
        // The bytes of format 1, written once and not made by the code under test.
        let text = r#"{
  "format": 1,
  "key_slots": [
    {
      "kind": "keychain",
      "account": "f3db8e39c8b4cb2e5e0ee2c1a30a2c5e",
      "nonce": "000102030405060708090a0b0c0d0e0f1011121314151617",
      "wrapped": "ce2a78e8eb19a6abd577b110e14d11e8fb9ac5e5fd91a973030aad9192066564133858038cf8a4d3863859fd0e3079d8"
    }
  ]
}"#;
        let FoundKeyFile::Read(key_file) = KeyFile::parse(text.as_bytes()) else {
            panic!("not read");
        };
        let slot = key_file.keychain_slots().next().expect("a slot");
        let master = slot.unwrap(&KeychainSecret::from_bytes([7; 32])).expect("unwrapped");
        assert_eq!(master.as_bytes(), &[9; 32]);
    }

    #[test]
    fn a_slot_of_an_unknown_kind_is_kept_word_for_word() {
        let text = r#"{"format":1,"key_slots":[{"kind":"recovery key","check":"x","n":[1,{"a":null}]}]}"#;
        let FoundKeyFile::Read(key_file) = KeyFile::parse(text.as_bytes()) else {
            panic!("not read");
        };
        assert_eq!(key_file.unknown_kinds(), ["recovery key"]);
        assert_eq!(key_file.keychain_slots().count(), 0);
        let again: Value = serde_json::to_value(&key_file).expect("written");
        let before: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(again, before);
    }

    #[test]
    fn a_newer_or_damaged_key_file_is_refused_with_words() {
        let check = |text: &str, expected: &str| {
            let found = match KeyFile::parse(text.as_bytes()) {
                FoundKeyFile::Newer { format } => format!("newer {format}"),
                FoundKeyFile::Damaged { reason } => reason,
                other => panic!("{text}: {other:?}"),
            };
            assert!(found.contains(expected), "{found}");
        };
        check(r#"{"format":2,"anything":[]}"#, "newer 2");
        check("", "EOF");
        check("[]", "it does not say its format");
        check(r#"{"format":0,"key_slots":[]}"#, "it does not say its format");
        check(r#"{"format":1}"#, "missing field `key_slots`");
        check(r#"{"format":1,"key_slots":[],"more":1}"#, "unknown field `more`");
        check(r#"{"format":1,"key_slots":[{}]}"#, "a key slot has no kind");
        check(&format!(r#"{{"format":1,"key_slots":[{}]}}"#, vec![r#"{"kind":"x"}"#; 17].join(",")), "it has too many key slots");
        check(&" ".repeat(300_000), "it is too large");
    }

    #[test]
    fn an_update_changes_what_is_there_and_nothing_where_it_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(KEY_FILE);
        let (key_file, ..) = key_file();
        key_file.write_new(&path).expect("written");
        let before = std::fs::read(&path).expect("read");
        let refused = KeyFile::update(&path, |key_file| {
            key_file.key_slots.clear();
            Err(KeysError::LastWay)
        });
        assert!(matches!(refused, Err(KeysError::LastWay)));
        assert_eq!(std::fs::read(&path).expect("read"), before);
        let other = serde_json::from_str(r#"{"kind":"x"}"#).expect("a slot");
        KeyFile::update(&path, |key_file| {
            key_file.key_slots.push(other);
            Ok(())
        })
        .expect("updated");
        let FoundKeyFile::Read(after) = KeyFile::read(&path).expect("read") else { panic!("not read") };
        assert_eq!(after.key_slots[..1], key_file.key_slots);
        assert_eq!(after.unknown_kinds(), ["x"]);
        for text in ["", r#"{"format":2}"#] {
            std::fs::write(&path, text).expect("written");
            let refused = KeyFile::update(&path, |_| Ok(()));
            assert!(matches!(refused, Err(KeysError::KeyFileReplaced { .. })), "{text}");
            assert_eq!(std::fs::read_to_string(&path).expect("read"), text);
        }
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("listed").map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(left.len(), 2, "the key file and its lock: {left:?}");
    }

    #[test]
    fn of_many_updates_at_once_none_is_lost() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(KEY_FILE);
        key_file().0.write_new(&path).expect("written");
        std::thread::scope(|scope| {
            for name in 0..10 {
                let path = &path;
                scope.spawn(move || {
                    let slot = serde_json::from_str(&format!(r#"{{"kind":"{name}"}}"#)).expect("a slot");
                    KeyFile::update(path, |key_file| {
                        key_file.key_slots.push(slot);
                        Ok(())
                    })
                    .expect("updated");
                });
            }
        });
        let FoundKeyFile::Read(after) = KeyFile::read(&path).expect("read") else { panic!("not read") };
        assert_eq!(after.key_slots.len(), 11);
        assert_eq!(after.keychain_slots().count(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_upset_the_reader(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let found = KeyFile::parse(&bytes);
            proptest::prop_assert!(!matches!(found, FoundKeyFile::Absent));
        }
    }
}
