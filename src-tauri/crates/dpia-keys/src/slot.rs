//! Key slots: the master key, wrapped once for each way to it.
//!
//! `wrapped` is XChaCha20-Poly1305 over the master key, under a key derived from the slot's secret, bound to format and
//! kind (and a keychain's account). A slot that is not understood is kept word for word: one of a kind, an algorithm or a
//! cost that this version does not know, and one that is damaged. One way in that is blocked does not block the others.

use rand_core::CryptoRngCore;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::aead::{self, NONCE_BYTES};
use crate::error::KeysError;
use crate::key_file::{from_hex, to_hex};
use crate::keychain::Account;
use crate::passphrase::{Cost, Passphrase};
use crate::recovery_key::RecoveryKey;
use crate::secret::{CipherKey, KeychainSecret, MasterKey};

/// The algorithm of a passphrase's key, as the slot names it.
const ALGORITHM: &str = "argon2id";

/// The longest moment that a slot may bear, in characters.
const LONGEST_MOMENT: usize = 40;

/// One way to the master key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum KeySlot {
    /// Through the keychain's secret.
    Keychain(KeychainSlot),
    /// Through the recovery key.
    Recovery(RecoverySlot),
    /// Through a passphrase.
    Passphrase(PassphraseSlot),
    /// Through something that this version does not know.
    Other(Map<String, Value>),
    /// It says that it is of a kind that is known, and is not.
    Damaged { fields: Map<String, Value>, reason: String },
}

/// The master key as a slot wraps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wrapped {
    nonce: [u8; NONCE_BYTES],
    encrypted: [u8; 48],
}

/// The master key as the keychain's secret wraps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeychainSlot {
    pub(crate) account: Account,
    pub(crate) wrapped: Wrapped,
}

/// The master key as a recovery key wraps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RecoverySlot {
    /// When it was made, as the caller said it.
    pub(crate) made_at: String,
    /// Whether somebody has shown that they kept it.
    pub(crate) is_confirmed: bool,
    pub(crate) wrapped: Wrapped,
}

/// The master key as a passphrase wraps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PassphraseSlot {
    /// When it was set, as the caller said it.
    pub(crate) made_at: String,
    cost: Cost,
    salt: [u8; 16],
    pub(crate) wrapped: Wrapped,
}

impl KeySlot {
    /// What tells this slot from all others of its key file; none where it was not understood.
    pub(crate) fn wrapped(&self) -> Option<&Wrapped> {
        match self {
            KeySlot::Keychain(slot) => Some(&slot.wrapped),
            KeySlot::Recovery(slot) => Some(&slot.wrapped),
            KeySlot::Passphrase(slot) => Some(&slot.wrapped),
            KeySlot::Other(_) | KeySlot::Damaged { .. } => None,
        }
    }
}

impl Wrapped {
    fn wrap(master: &MasterKey, key: &CipherKey, context: &str, rng: &mut impl CryptoRngCore) -> Result<Wrapped, KeysError> {
        let (nonce, encrypted) = aead::encrypt(key, context.as_bytes(), master.as_bytes(), rng)?;
        Ok(Wrapped { nonce, encrypted: encrypted.try_into().map_err(|_| KeysError::NotEncrypted)? })
    }

    fn unwrap(&self, key: &CipherKey, context: &str) -> Option<MasterKey> {
        MasterKey::from_slice(&aead::open(key, context.as_bytes(), &self.nonce, &self.encrypted)?)
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
        let wrapped = Wrapped::wrap(master, &KeychainSlot::key(secret), &KeychainSlot::context(&account), rng)?;
        Ok(KeychainSlot { account, wrapped })
    }

    /// Unwraps the master key; none where the secret is not the one that wrapped it.
    pub(crate) fn unwrap(&self, secret: &KeychainSecret) -> Option<MasterKey> {
        self.wrapped.unwrap(&KeychainSlot::key(secret), &KeychainSlot::context(&self.account))
    }

    fn key(secret: &KeychainSecret) -> CipherKey {
        aead::derive_cipher_key(secret.as_bytes(), "dpia-keys/1/slot/keychain")
    }

    fn context(account: &Account) -> String {
        format!("dpia-keys/1/slot/keychain/{}", account.as_str())
    }
}

impl RecoverySlot {
    const LABEL: &str = "dpia-keys/1/slot/recovery";

    /// Wraps the master key with a recovery key that nobody has confirmed yet.
    pub(crate) fn wrap(
        master: &MasterKey,
        key: &RecoveryKey,
        made_at: &str,
        rng: &mut impl CryptoRngCore,
    ) -> Result<RecoverySlot, KeysError> {
        let wrapped = Wrapped::wrap(master, &RecoverySlot::key(key), RecoverySlot::LABEL, rng)?;
        Ok(RecoverySlot { made_at: made_at.to_owned(), is_confirmed: false, wrapped })
    }

    /// Unwraps the master key; none where the key is another.
    pub(crate) fn unwrap(&self, key: &RecoveryKey) -> Option<MasterKey> {
        self.wrapped.unwrap(&RecoverySlot::key(key), RecoverySlot::LABEL)
    }

    fn key(key: &RecoveryKey) -> CipherKey {
        aead::derive_cipher_key(key.as_bytes(), RecoverySlot::LABEL)
    }
}

impl PassphraseSlot {
    const LABEL: &str = "dpia-keys/1/slot/passphrase";

    /// Wraps the master key with a passphrase. Takes as long as the cost says.
    pub(crate) fn wrap(
        master: &MasterKey,
        passphrase: &Passphrase,
        cost: Cost,
        made_at: &str,
        rng: &mut impl CryptoRngCore,
    ) -> Result<PassphraseSlot, KeysError> {
        let mut salt = [0; 16];
        rng.try_fill_bytes(&mut salt).map_err(KeysError::NoRandomness)?;
        let key = PassphraseSlot::key(passphrase, &salt, cost)?;
        let wrapped = Wrapped::wrap(master, &key, PassphraseSlot::LABEL, rng)?;
        Ok(PassphraseSlot { made_at: made_at.to_owned(), cost, salt, wrapped })
    }

    /// Unwraps the master key; none where the passphrase is another. Takes as long as the cost says.
    pub(crate) fn unwrap(&self, passphrase: &Passphrase) -> Result<Option<MasterKey>, KeysError> {
        let key = PassphraseSlot::key(passphrase, &self.salt, self.cost)?;
        Ok(self.wrapped.unwrap(&key, PassphraseSlot::LABEL))
    }

    fn key(passphrase: &Passphrase, salt: &[u8; 16], cost: Cost) -> Result<CipherKey, KeysError> {
        let stretched = passphrase.make_key(salt, cost)?;
        Ok(aead::derive_cipher_key(stretched.as_slice(), PassphraseSlot::LABEL))
    }
}

/// The fields of a slot as they are in the file.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Fields {
    Keychain {
        account: String,
        nonce: String,
        wrapped: String,
    },
    Recovery {
        made_at: String,
        is_confirmed: bool,
        nonce: String,
        wrapped: String,
    },
    Passphrase {
        made_at: String,
        algorithm: String,
        memory_kib: u32,
        passes: u32,
        lanes: u32,
        salt: String,
        nonce: String,
        wrapped: String,
    },
}

impl Serialize for KeySlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nonce = |wrapped: &Wrapped| to_hex(&wrapped.nonce);
        let encrypted = |wrapped: &Wrapped| to_hex(&wrapped.encrypted);
        let fields = match self {
            KeySlot::Keychain(slot) => Fields::Keychain {
                account: slot.account.as_str().to_owned(),
                nonce: nonce(&slot.wrapped),
                wrapped: encrypted(&slot.wrapped),
            },
            KeySlot::Recovery(slot) => Fields::Recovery {
                made_at: slot.made_at.clone(),
                is_confirmed: slot.is_confirmed,
                nonce: nonce(&slot.wrapped),
                wrapped: encrypted(&slot.wrapped),
            },
            KeySlot::Passphrase(slot) => Fields::Passphrase {
                made_at: slot.made_at.clone(),
                algorithm: ALGORITHM.to_owned(),
                memory_kib: slot.cost.memory_kib,
                passes: slot.cost.passes,
                lanes: slot.cost.lanes,
                salt: to_hex(&slot.salt),
                nonce: nonce(&slot.wrapped),
                wrapped: encrypted(&slot.wrapped),
            },
            KeySlot::Other(fields) | KeySlot::Damaged { fields, .. } => return fields.serialize(serializer),
        };
        fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for KeySlot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<KeySlot, D::Error> {
        use serde::de::Error;
        let fields = Map::deserialize(deserializer)?;
        match fields.get("kind").and_then(Value::as_str) {
            None => return Err(D::Error::custom("a key slot has no kind")),
            Some("keychain" | "recovery" | "passphrase") => {}
            Some(_) => return Ok(KeySlot::Other(fields)),
        }
        Ok(match understand(&fields) {
            Ok(slot) => slot,
            Err(NotUnderstood::Newer) => KeySlot::Other(fields),
            Err(NotUnderstood::Damaged(reason)) => KeySlot::Damaged { fields, reason },
        })
    }
}

/// Why a slot of a known kind cannot be used.
enum NotUnderstood {
    /// It asks for more than this version does.
    Newer,
    Damaged(String),
}

fn understand(fields: &Map<String, Value>) -> Result<KeySlot, NotUnderstood> {
    let read: Fields = serde_json::from_value(Value::Object(fields.clone())).map_err(|error| NotUnderstood::Damaged(error.to_string()))?;
    let wrong = |what: &str| NotUnderstood::Damaged(format!("the {what} of a key slot is malformed"));
    let wrapped = |nonce: &str, encrypted: &str| {
        Ok(Wrapped {
            nonce: from_hex(nonce).ok_or_else(|| wrong("nonce"))?,
            encrypted: from_hex(encrypted).ok_or_else(|| wrong("wrapped key"))?,
        })
    };
    let moment = |text: String| if text.len() <= LONGEST_MOMENT { Ok(text) } else { Err(wrong("moment")) };
    Ok(match read {
        Fields::Keychain { account, nonce, wrapped: encrypted } => KeySlot::Keychain(KeychainSlot {
            account: Account::from_name(&account).ok_or_else(|| wrong("account"))?,
            wrapped: wrapped(&nonce, &encrypted)?,
        }),
        Fields::Recovery { made_at, is_confirmed, nonce, wrapped: encrypted } => {
            KeySlot::Recovery(RecoverySlot { made_at: moment(made_at)?, is_confirmed, wrapped: wrapped(&nonce, &encrypted)? })
        }
        Fields::Passphrase { made_at, algorithm, memory_kib, passes, lanes, salt, nonce, wrapped: encrypted } => {
            let cost = Cost { memory_kib, passes, lanes };
            if algorithm != ALGORITHM || !cost.is_bearable() {
                return Err(NotUnderstood::Newer);
            }
            KeySlot::Passphrase(PassphraseSlot {
                made_at: moment(made_at)?,
                cost,
                salt: from_hex(&salt).ok_or_else(|| wrong("salt"))?,
                wrapped: wrapped(&nonce, &encrypted)?,
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use serde_json::json;

    const CHEAP: Cost = Cost { memory_kib: 32, passes: 1, lanes: 1 };

    fn read(value: &Value) -> KeySlot {
        let slot: KeySlot = serde_json::from_value(value.clone()).expect("a slot");
        assert_eq!(serde_json::to_value(&slot).expect("written"), *value, "it is written as it was read");
        slot
    }

    fn passphrase_fields() -> Value {
        // The bytes of format 1, made once by another program.
        json!({
            "kind": "passphrase", "made_at": "2026-11-22T12:00:00Z", "algorithm": "argon2id",
            "memory_kib": 32, "passes": 1, "lanes": 1, "salt": "07070707070707070707070707070707",
            "nonce": "000102030405060708090a0b0c0d0e0f1011121314151617", "wrapped": PASSPHRASE_WRAPPED,
        })
    }

    const PASSPHRASE_WRAPPED: &str = "9c1e894f89091b55bef513a50e7ffa75c484c38c5b88a3c51b232b8c0894081ac96d44ee23a711e1c187e3d8e446e6e2";
    const RECOVERY_WRAPPED: &str = "d8f8b0ce5f154ee9b8a8cde760257c00a8326e72d9c374eeb1a9faf69987c4929fdca29c126e1d5ae6d611f7fe8ad503";

    #[test]
    fn the_slots_of_this_format_are_read_for_ever() {
        let KeySlot::Passphrase(slot) = read(&passphrase_fields()) else { panic!("not a passphrase") };
        let master = slot.unwrap(&Passphrase::typed("correct horse battery")).expect("tried").expect("opened");
        assert_eq!(master.as_bytes(), &[9; 32]);
        let recovery = json!({
            "kind": "recovery", "made_at": "2026-11-22T12:00:00Z", "is_confirmed": true,
            "nonce": "000102030405060708090a0b0c0d0e0f1011121314151617", "wrapped": RECOVERY_WRAPPED,
        });
        let KeySlot::Recovery(slot) = read(&recovery) else { panic!("not a recovery key") };
        let key = RecoveryKey::parse("006H-M9SM-8575-PT3N-GA7S-SADP-RF8D-VTQQ-70PW").expect("a key");
        assert_eq!(slot.unwrap(&key).expect("opened").as_bytes(), &[9; 32]);
    }

    #[test]
    fn a_slot_opens_with_its_own_secret_and_no_other() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let master = MasterKey::draw(&mut rng).expect("drawn");
        let (one, other) = (RecoveryKey::draw(&mut rng).expect("drawn"), RecoveryKey::draw(&mut rng).expect("drawn"));
        let slot = RecoverySlot::wrap(&master, &one, "now", &mut rng).expect("wrapped");
        assert!(slot.unwrap(&one).is_some_and(|opened| opened == master));
        assert!(slot.unwrap(&other).is_none());
        let slot = PassphraseSlot::wrap(&master, &Passphrase::typed("one"), CHEAP, "now", &mut rng).expect("wrapped");
        assert!(slot.unwrap(&Passphrase::typed("one")).expect("tried").is_some_and(|opened| opened == master));
        assert!(slot.unwrap(&Passphrase::typed("One")).expect("tried").is_none());
        let dearer = PassphraseSlot { cost: Cost { passes: 2, ..CHEAP }, ..slot.clone() };
        assert!(dearer.unwrap(&Passphrase::typed("one")).expect("tried").is_none(), "the cost is part of the key");
        let salted = PassphraseSlot { salt: [0; 16], ..slot };
        assert!(salted.unwrap(&Passphrase::typed("one")).expect("tried").is_none(), "so is the salt");
    }

    #[test]
    fn what_asks_for_more_than_this_version_does_is_kept_word_for_word_and_never_computed() {
        let check = |field: &str, value: Value| {
            let mut fields = passphrase_fields();
            fields[field] = value;
            assert!(matches!(read(&fields), KeySlot::Other(_)), "{field}");
        };
        check("memory_kib", json!(u32::MAX));
        check("memory_kib", json!(256 * 1024 + 1));
        check("passes", json!(u32::MAX));
        check("passes", json!(0));
        check("lanes", json!(17));
        check("algorithm", json!("argon2x"));
    }

    #[test]
    fn a_damaged_slot_is_kept_word_for_word_and_says_what_is_wrong() {
        let check = |fields: Value, expected: &str| match read(&fields) {
            KeySlot::Damaged { reason, .. } => assert!(reason.contains(expected), "{reason}"),
            other => panic!("{fields}: {other:?}"),
        };
        check(json!({"kind": "keychain", "account": "x", "nonce": "", "wrapped": ""}), "the account of a key slot is malformed");
        check(json!({"kind": "keychain"}), "missing field `account`");
        check(json!({"kind": "recovery", "made_at": "", "is_confirmed": true, "nonce": "00", "wrapped": ""}), "the nonce of a key slot");
        check(json!({"kind": "passphrase", "salt": "00"}), "missing field");
        let with = |field: &str, value: Value| {
            let mut fields = passphrase_fields();
            fields[field] = value;
            fields
        };
        check(with("memory_kib", json!(-1)), "invalid value");
        check(with("memory_kib", json!(1_u64 << 40)), "invalid value");
        check(with("salt", json!("07")), "the salt of a key slot is malformed");
        check(with("wrapped", json!("07")), "the wrapped key of a key slot is malformed");
        check(with("made_at", json!("x".repeat(41))), "the moment of a key slot is malformed");
        check(with("more", json!(1)), "unknown field `more`");
    }
}
