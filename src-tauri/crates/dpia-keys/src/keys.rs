//! The keys of one database, opened: what the store and the signing identities need.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use crate::aead::{self, NONCE_BYTES};
use crate::error::KeysError;
use crate::secret::{CipherKey, DatabaseKey, MasterKey};
use crate::slot::Wrapped;

/// How an encrypted identity begins; the byte after it is the format.
const MAGIC: &[u8] = b"dpia-identity";
const FORMAT: u8 = 1;

/// The keys of one database. They wipe themselves when dropped.
pub struct Keys {
    database: DatabaseKey,
    identity: CipherKey,
    pub(crate) master: MasterKey,
    opened_by: OpenedBy,
    /// Slots that are known to hold this master key: the one that was opened, and those that were made since.
    proven: Mutex<Vec<Wrapped>>,
}

/// What opened the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenedBy {
    /// The keychain.
    Keychain,
    /// A recovery key that was typed.
    RecoveryKey,
    /// A passphrase that was typed.
    Passphrase,
}

impl Keys {
    /// Derives all keys from the master key (HKDF-SHA256, a label a purpose).
    pub(crate) fn derive(master: MasterKey, opened_by: OpenedBy, slot: &Wrapped) -> Keys {
        Keys {
            database: DatabaseKey::from_bytes(*aead::derive(master.as_bytes(), "dpia-keys/1/database")),
            identity: aead::derive_cipher_key(master.as_bytes(), "dpia-keys/1/identity"),
            master,
            opened_by,
            proven: Mutex::new(vec![slot.clone()]),
        }
    }

    /// What opened them.
    pub fn opened_by(&self) -> OpenedBy {
        self.opened_by
    }

    /// Remembers that a slot holds this master key.
    pub(crate) fn prove(&self, slot: &Wrapped) {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner).push(slot.clone());
    }

    /// Whether a slot is known to hold this master key.
    pub(crate) fn is_proven(&self, slot: &Wrapped) -> bool {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner).contains(slot)
    }

    /// The raw key of the database.
    pub fn database_key(&self) -> &DatabaseKey {
        &self.database
    }

    /// Encrypts a signing identity, given as bytes, so that only these keys open it.
    ///
    /// The result is `dpia-identity`, a format byte, a nonce of 24 bytes and the encrypted bytes
    /// (XChaCha20-Poly1305); the nonce is random, so two results differ.
    ///
    /// # Errors
    /// A source of randomness that fails, or more bytes than the cipher takes.
    pub fn encrypt_identity(&self, identity: &[u8], rng: &mut impl CryptoRngCore) -> Result<Vec<u8>, KeysError> {
        let head = [MAGIC, &[FORMAT]].concat();
        let (nonce, encrypted) = aead::encrypt(&self.identity, &head, identity, rng)?;
        Ok([head.as_slice(), &nonce, &encrypted].concat())
    }

    /// Opens what [`Keys::encrypt_identity`] encrypted; the bytes wipe themselves.
    ///
    /// # Errors
    /// [`KeysError::IdentityNewer`] for a newer format, [`KeysError::IdentityNotOpened`] for bytes that are
    /// damaged or were encrypted under other keys.
    pub fn open_identity(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        let rest = encrypted.strip_prefix(MAGIC).ok_or(KeysError::IdentityNotOpened)?;
        let (format, rest) = rest.split_first().ok_or(KeysError::IdentityNotOpened)?;
        if *format > FORMAT {
            return Err(KeysError::IdentityNewer { format: *format });
        }
        let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(KeysError::IdentityNotOpened)?;
        let head = [MAGIC, &[*format]].concat();
        aead::open(&self.identity, &head, nonce, body).ok_or(KeysError::IdentityNotOpened)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn keys(seed: u64) -> Keys {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let master = MasterKey::draw(&mut rng).expect("drawn");
        let key = crate::recovery_key::RecoveryKey::draw(&mut rng).expect("drawn");
        let slot = crate::slot::RecoverySlot::wrap(&master, &key, "", &mut rng).expect("wrapped");
        Keys::derive(master, OpenedBy::RecoveryKey, &slot.wrapped)
    }

    #[test]
    fn an_identity_opens_under_its_own_keys_and_no_others() {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let encrypted = keys(1).encrypt_identity(b"a private key", &mut rng).expect("encrypted");
        assert!(!encrypted.windows(9).any(|part| part == b"a private"));
        assert_eq!(*keys(1).open_identity(&encrypted).expect("opened"), b"a private key");
        let error = keys(2).open_identity(&encrypted).expect_err("other keys");
        assert!(matches!(error, KeysError::IdentityNotOpened));
    }

    #[test]
    fn a_damaged_cut_or_newer_identity_is_refused() {
        let mut rng = ChaCha20Rng::seed_from_u64(9);
        let encrypted = keys(1).encrypt_identity(b"a private key", &mut rng).expect("encrypted");
        for index in 0..encrypted.len() {
            let mut changed = encrypted.clone();
            changed[index] ^= 1;
            assert!(keys(1).open_identity(&changed).is_err(), "byte {index}");
            assert!(keys(1).open_identity(&encrypted[..index]).is_err(), "{index} bytes");
        }
        let mut newer = encrypted.clone();
        newer[MAGIC.len()] = 2;
        let error = keys(1).open_identity(&newer).expect_err("newer");
        assert!(matches!(error, KeysError::IdentityNewer { format: 2 }));
    }

    #[test]
    fn no_debug_output_shows_a_key() {
        let keys = keys(1);
        assert_eq!(format!("{keys:?} {:?}", keys.database_key()), "Keys(…) DatabaseKey(…)");
        assert_ne!(keys.database_key().as_bytes(), &[0; 32]);
    }
}
