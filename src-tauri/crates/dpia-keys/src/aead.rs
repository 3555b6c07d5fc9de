//! Encrypting with XChaCha20-Poly1305 and deriving with HKDF-SHA256 (RFC 5869).
//!
//! Nonces are random and 24 bytes long, so they never have to be counted. Every purpose has a
//! label of its own, and what is encrypted is bound to its context: a slot's wrapped key does not
//! open as another slot's.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rand_core::CryptoRngCore;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::KeysError;
use crate::secret::CipherKey;

/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 24;

/// Derives 32 bytes for one purpose.
pub(crate) fn derive(secret: &[u8], label: &str) -> Zeroizing<[u8; 32]> {
    let mut output = Zeroizing::new([0; 32]);
    // HKDF refuses only more than 255 blocks; 32 bytes are one.
    Hkdf::<Sha256>::new(None, secret).expand(label.as_bytes(), output.as_mut()).expect("one block is always derived");
    output
}

/// Derives a key of the cipher for one purpose.
pub(crate) fn derive_cipher_key(secret: &[u8], label: &str) -> CipherKey {
    CipherKey::from_bytes(*derive(secret, label))
}

/// Encrypts `plain`, bound to `context`; returns the nonce and the encrypted bytes.
pub(crate) fn encrypt(
    key: &CipherKey,
    context: &[u8],
    plain: &[u8],
    rng: &mut impl CryptoRngCore,
) -> Result<([u8; NONCE_BYTES], Vec<u8>), KeysError> {
    let mut nonce = [0; NONCE_BYTES];
    rng.try_fill_bytes(&mut nonce).map_err(KeysError::NoRandomness)?;
    let payload = Payload { msg: plain, aad: context };
    let encrypted = cipher(key).encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| KeysError::NotEncrypted)?;
    Ok((nonce, encrypted))
}

/// Opens what [`encrypt`] encrypted; none where the key, the context or a byte is another.
pub(crate) fn open(key: &CipherKey, context: &[u8], nonce: &[u8; NONCE_BYTES], encrypted: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let payload = Payload { msg: encrypted, aad: context };
    cipher(key).decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
}

fn cipher(key: &CipherKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.as_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    #[test]
    fn only_the_same_key_context_and_bytes_open() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let key = derive_cipher_key(&[1; 32], "a");
        let (nonce, encrypted) = encrypt(&key, b"slot", b"plain", &mut rng).expect("encrypted");
        let opened = open(&key, b"slot", &nonce, &encrypted).expect("opened");
        assert_eq!(*opened, b"plain");
        assert!(open(&key, b"other", &nonce, &encrypted).is_none());
        assert!(open(&derive_cipher_key(&[1; 32], "b"), b"slot", &nonce, &encrypted).is_none());
        assert!(open(&key, b"slot", &[0; NONCE_BYTES], &encrypted).is_none());
        for index in 0..encrypted.len() {
            let mut changed = encrypted.clone();
            changed[index] ^= 1;
            assert!(open(&key, b"slot", &nonce, &changed).is_none());
        }
    }

    #[test]
    fn the_derivation_is_rfc_5869_and_never_changes() {
        // HMAC-SHA256 with a zero salt, then one block with the label; worked out with Python's hmac.
        let derived = derive(&[7; 32], "dpia-keys/1/database");
        assert_eq!(crate::key_file::to_hex(derived.as_ref()), "6174d1cbe9e86a6e3014c6b2284f78ee72b722890dbc1778cee5dc3b1c07d37c");
    }
}
