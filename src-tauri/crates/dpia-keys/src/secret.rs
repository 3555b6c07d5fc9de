//! Secrets of 32 bytes that wipe themselves and do not show themselves.
//!
//! Each use has a type of its own, so that one key cannot be handed over for another.

use std::fmt;

use rand_core::CryptoRngCore;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::KeysError;

macro_rules! secret_type {
    ($(#[$documentation:meta])* $visibility:vis $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
        $visibility struct $name([u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

secret_type! {
    /// What the keychain keeps: 32 random bytes that wrap the master key.
    pub KeychainSecret
}

secret_type! {
    /// The raw key of the database, for SQLCipher's `PRAGMA key = "x'…'"`.
    pub DatabaseKey
}

secret_type! {
    /// What all keys of one database derive from.
    pub(crate) MasterKey
}

secret_type! {
    /// A key of the cipher, derived for one purpose.
    pub(crate) CipherKey
}

impl KeychainSecret {
    /// Takes 32 bytes as a secret.
    pub fn from_bytes(bytes: [u8; 32]) -> KeychainSecret {
        KeychainSecret(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn draw(rng: &mut impl CryptoRngCore) -> Result<KeychainSecret, KeysError> {
        let mut secret = KeychainSecret([0; 32]);
        rng.try_fill_bytes(&mut secret.0).map_err(KeysError::NoRandomness)?;
        Ok(secret)
    }
}

impl DatabaseKey {
    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> DatabaseKey {
        DatabaseKey(bytes)
    }
}

impl MasterKey {
    pub(crate) fn draw(rng: &mut impl CryptoRngCore) -> Result<MasterKey, KeysError> {
        let mut key = MasterKey([0; 32]);
        rng.try_fill_bytes(&mut key.0).map_err(KeysError::NoRandomness)?;
        Ok(key)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<MasterKey> {
        bytes.try_into().ok().map(MasterKey)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl CipherKey {
    pub(crate) fn from_bytes(bytes: [u8; 32]) -> CipherKey {
        CipherKey(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
