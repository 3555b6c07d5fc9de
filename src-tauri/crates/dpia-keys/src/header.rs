//! The header file: which key slots there are, and the master key as each of them wraps it.
//!
//! ```json
//! { "format": 1,
//!   "key_slots": [
//!     { "kind": "keychain", "account": "<32 hex>", "nonce": "<48 hex>", "wrapped": "<96 hex>" } ] }
//! ```
//!
//! `wrapped` is XChaCha20-Poly1305 over the master key, under a key derived from the keychain's
//! secret, bound to format, kind and account. A slot of a kind that is not known here is kept
//! word for word. A header is written once and whole, and never over another.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use rand_core::CryptoRngCore;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::aead::{self, NONCE_BYTES};
use crate::error::KeysError;
use crate::keychain::Account;
use crate::secret::{CipherKey, KeychainSecret, MasterKey};

/// The name of the header file in the data folder.
pub const HEADER_FILE: &str = "keys.json";

/// The format that is written.
const FORMAT: u64 = 1;

/// The largest header that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// The header of a database.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    format: u64,
    pub(crate) key_slots: Vec<KeySlot>,
}

/// One way to the master key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum KeySlot {
    /// Through the keychain's secret.
    Keychain(KeychainSlot),
    /// Through something that this version does not know: kept as it is.
    Other(Map<String, Value>),
}

/// The master key as the keychain's secret wraps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeychainSlot {
    pub(crate) account: Account,
    nonce: [u8; NONCE_BYTES],
    wrapped: Vec<u8>,
}

/// What was found where a header may be.
#[derive(Debug, PartialEq)]
pub(crate) enum FoundHeader {
    Absent,
    Read(Header),
    Newer { format: u64 },
    Damaged { reason: String },
}

impl Header {
    /// A header whose only slot is the keychain's.
    pub(crate) fn with_keychain(slot: KeychainSlot) -> Header {
        Header { format: FORMAT, key_slots: vec![KeySlot::Keychain(slot)] }
    }

    /// The slots that open through the keychain.
    pub(crate) fn keychain_slots(&self) -> impl Iterator<Item = &KeychainSlot> {
        self.key_slots.iter().filter_map(|slot| match slot {
            KeySlot::Keychain(slot) => Some(slot),
            KeySlot::Other(_) => None,
        })
    }

    /// The kinds of the slots that this version does not know, to name them.
    pub(crate) fn unknown_kinds(&self) -> Vec<String> {
        let kinds = self.key_slots.iter().filter_map(|slot| match slot {
            KeySlot::Keychain(_) => None,
            KeySlot::Other(fields) => Some(fields.get("kind").and_then(Value::as_str).unwrap_or("unnamed")),
        });
        kinds.map(|kind| kind.chars().filter(|c| !c.is_control()).take(40).collect()).collect()
    }

    /// Reads the header at `path`.
    pub(crate) fn read(path: &Path) -> Result<FoundHeader, KeysError> {
        let failed = |source| KeysError::File { path: path.to_owned(), doing: "read", source };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(FoundHeader::Absent),
            Err(error) => return Err(failed(error)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Header::parse(&bytes))
    }

    /// Reads a header from bytes; the format decides before anything else is looked at.
    pub(crate) fn parse(bytes: &[u8]) -> FoundHeader {
        let damaged = |reason: &str| FoundHeader::Damaged { reason: reason.to_owned() };
        if bytes.len() as u64 > MAX_BYTES {
            return damaged("it is too large");
        }
        let value: Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => return FoundHeader::Damaged { reason: error.to_string() },
        };
        match value.get("format").and_then(Value::as_u64) {
            None | Some(0) => return damaged("it does not say its format"),
            Some(FORMAT) => {}
            Some(format) => return FoundHeader::Newer { format },
        }
        match serde_json::from_value(value) {
            Ok(header) => FoundHeader::Read(header),
            Err(error) => FoundHeader::Damaged { reason: error.to_string() },
        }
    }

    /// Writes the header where there is none, readable by its owner alone: a temporary file,
    /// synced, moved into place without replacing, the folder synced.
    ///
    /// Returns `false`, having written nothing, where a header is there by now.
    pub(crate) fn write_new(&self, path: &Path) -> Result<bool, KeysError> {
        let failed = |source| KeysError::File { path: path.to_owned(), doing: "written", source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut text = serde_json::to_vec_pretty(self).map_err(KeysError::NotEncoded)?;
        text.push(b'\n');
        // A named temporary file has mode 0600 from the start.
        let mut file = tempfile::Builder::new().prefix(".keys-").suffix(".tmp").tempfile_in(folder).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        match file.persist_noclobber(path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(failed(error.error)),
        }
        sync_folder(folder).map_err(failed)?;
        Ok(true)
    }
}

impl KeychainSlot {
    /// Wraps the master key with the keychain's secret.
    pub(crate) fn wrap(
        master: &MasterKey,
        account: Account,
        secret: &KeychainSecret,
        rng: &mut impl CryptoRngCore,
    ) -> Result<KeychainSlot, KeysError> {
        let (nonce, wrapped) = aead::seal(&wrapping_key(secret), &context(&account), master.as_bytes(), rng)?;
        Ok(KeychainSlot { account, nonce, wrapped })
    }

    /// Unwraps the master key; none where the secret is not the one that wrapped it.
    pub(crate) fn unwrap(&self, secret: &KeychainSecret) -> Option<MasterKey> {
        let plain = aead::open(&wrapping_key(secret), &context(&self.account), &self.nonce, &self.wrapped)?;
        MasterKey::from_slice(&plain)
    }
}

fn wrapping_key(secret: &KeychainSecret) -> CipherKey {
    aead::derive_cipher_key(secret.as_bytes(), "dpia-keys/1/slot/keychain")
}

fn context(account: &Account) -> Vec<u8> {
    format!("dpia-keys/1/slot/keychain/{}", account.as_str()).into_bytes()
}

/// A rename is only durable once its folder is. Windows has no such call and needs none.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The fields of a keychain slot as they stand in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeychainFields {
    kind: String,
    account: String,
    nonce: String,
    wrapped: String,
}

impl Serialize for KeySlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            KeySlot::Keychain(slot) => KeychainFields {
                kind: "keychain".to_owned(),
                account: slot.account.as_str().to_owned(),
                nonce: to_hex(&slot.nonce),
                wrapped: to_hex(&slot.wrapped),
            }
            .serialize(serializer),
            KeySlot::Other(fields) => fields.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for KeySlot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<KeySlot, D::Error> {
        use serde::de::Error;
        let fields = Map::deserialize(deserializer)?;
        match fields.get("kind").and_then(Value::as_str) {
            None => Err(D::Error::custom("a key slot has no kind")),
            Some("keychain") => {
                let fields: KeychainFields = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
                let wrong = |what: &str| D::Error::custom(format!("the {what} of a key slot is malformed"));
                Ok(KeySlot::Keychain(KeychainSlot {
                    account: Account::from_name(&fields.account).ok_or_else(|| wrong("account"))?,
                    nonce: from_hex(&fields.nonce).ok_or_else(|| wrong("nonce"))?,
                    wrapped: from_hex::<48>(&fields.wrapped).ok_or_else(|| wrong("wrapped key"))?.to_vec(),
                }))
            }
            Some(_) => Ok(KeySlot::Other(fields)),
        }
    }
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
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn header() -> (Header, KeychainSecret, MasterKey) {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let secret = KeychainSecret::draw(&mut rng).expect("drawn");
        let master = MasterKey::draw(&mut rng).expect("drawn");
        let account = Account::draw(&mut rng).expect("drawn");
        let slot = KeychainSlot::wrap(&master, account, &secret, &mut rng).expect("wrapped");
        (Header::with_keychain(slot), secret, master)
    }

    #[test]
    fn a_header_comes_back_as_it_was_written_and_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(HEADER_FILE);
        let (header, secret, master) = header();
        assert!(header.write_new(&path).expect("written"));
        let FoundHeader::Read(again) = Header::read(&path).expect("read") else {
            panic!("not read");
        };
        assert_eq!(again, header);
        let slot = again.keychain_slots().next().expect("a slot");
        assert!(slot.unwrap(&secret).is_some_and(|key| key == master));
        assert!(slot.unwrap(&KeychainSecret::from_bytes([0; 32])).is_none());
        let before = std::fs::read(&path).expect("read");
        let mut other = header.clone();
        other.key_slots.clear();
        assert!(!other.write_new(&path).expect("refused without an error"));
        assert_eq!(std::fs::read(&path).expect("read"), before);
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "no temporary file is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_header_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(HEADER_FILE);
        header().0.write_new(&path).expect("written");
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_header_of_this_format_is_read_for_ever() {
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
        let FoundHeader::Read(header) = Header::parse(text.as_bytes()) else {
            panic!("not read");
        };
        let slot = header.keychain_slots().next().expect("a slot");
        let master = slot.unwrap(&KeychainSecret::from_bytes([7; 32])).expect("unwrapped");
        assert_eq!(master.as_bytes(), &[9; 32]);
    }

    #[test]
    fn a_slot_of_an_unknown_kind_is_kept_word_for_word() {
        let text = r#"{"format":1,"key_slots":[{"kind":"recovery key","check":"x","n":[1,{"a":null}]}]}"#;
        let FoundHeader::Read(header) = Header::parse(text.as_bytes()) else {
            panic!("not read");
        };
        assert_eq!(header.unknown_kinds(), ["recovery key"]);
        assert_eq!(header.keychain_slots().count(), 0);
        let again: Value = serde_json::to_value(&header).expect("written");
        let before: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(again, before);
    }

    #[test]
    fn a_newer_or_damaged_header_is_refused_with_words() {
        let check = |text: &str, expected: &str| {
            let found = match Header::parse(text.as_bytes()) {
                FoundHeader::Newer { format } => format!("newer {format}"),
                FoundHeader::Damaged { reason } => reason,
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
        check(
            r#"{"format":1,"key_slots":[{"kind":"keychain","account":"x","nonce":"","wrapped":""}]}"#,
            "the account of a key slot is malformed",
        );
        check(&" ".repeat(300_000), "it is too large");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_upset_the_reader(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let found = Header::parse(&bytes);
            proptest::prop_assert!(!matches!(found, FoundHeader::Absent));
        }
    }
}
