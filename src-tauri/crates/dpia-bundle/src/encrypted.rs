//! A bundle encrypted with a passphrase: an age file (age-encryption.org/v1) with one scrypt recipient, around a bundle.
//!
//! The one thing of this crate that draws randomness, a salt and a key: the same bundle encrypted twice is two files. What a
//! header asks for is a stranger's word until it has opened something, so the work and the bytes are bounded before.

use crate::error::BundleError;
use crate::limits::MOST_BYTES;
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient, scrypt};
use std::io::{Read as _, Write as _};
use std::iter::once;

/// How an age file begins.
const BEGINNING: &[u8] = b"age-encryption.org/";
/// The scrypt work that a bundle is encrypted with: 2^17 rounds over 128 MiB, about half a second.
const WORK: u8 = 17;
/// The most scrypt work that is done for a stranger's file: 2^18 rounds over 256 MiB, as much as age itself asks for.
const MOST_WORK: u8 = 18;
/// What encryption may add: the header, and 16 bytes to each 64 KiB.
const MOST_ADDED: u64 = 1024 * 1024;

/// Says whether these bytes begin as an encrypted bundle does.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINNING)
}

/// Encrypts the bytes of a bundle. Another file each time.
pub fn encrypt(bundle: &[u8], passphrase: &str) -> Result<Vec<u8>, BundleError> {
    encrypt_with(bundle, passphrase, WORK)
}

fn encrypt_with(bundle: &[u8], passphrase: &str, work: u8) -> Result<Vec<u8>, BundleError> {
    let not_encrypted = |what: String| BundleError::NotEncrypted { what };
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(work);
    let encryptor = Encryptor::with_recipients(once(&recipient as &dyn Recipient)).map_err(|error| not_encrypted(error.to_string()))?;
    let mut encrypted = Vec::new();
    let mut writer = encryptor.wrap_output(&mut encrypted).map_err(|error| not_encrypted(error.to_string()))?;
    writer.write_all(bundle).and_then(|()| writer.finish()).map_err(|error| not_encrypted(error.to_string()))?;
    Ok(encrypted)
}

/// Opens an encrypted bundle: the bytes that were encrypted. Whether they are a bundle is for [`crate::read`] to say.
/// Errors: `TooLarge`, `WrongPassphrase`, `EncryptedOtherwise`, `TooMuchWork`, `EncryptionBroken`.
pub fn decrypt(bytes: &[u8], passphrase: &str) -> Result<Vec<u8>, BundleError> {
    let most = MOST_BYTES + MOST_ADDED;
    if bytes.len() as u64 > most {
        return Err(BundleError::TooLarge { what: "the encrypted bundle".to_owned(), found: bytes.len() as u64, most });
    }
    let decryptor = Decryptor::new_buffered(bytes).map_err(broken)?;
    if !decryptor.is_scrypt() {
        return Err(BundleError::EncryptedOtherwise);
    }
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let reader = decryptor.decrypt(once(&identity as &dyn Identity)).map_err(broken)?;
    let mut bundle = Vec::new();
    // Nothing is packed inside, so it is no larger than the file; one byte more than the most tells what is.
    reader.take(MOST_BYTES + 1).read_to_end(&mut bundle).map_err(|_| BundleError::EncryptionBroken)?;
    match bundle.len() as u64 {
        found if found > MOST_BYTES => Err(BundleError::TooLarge { what: "the bundle".to_owned(), found, most: MOST_BYTES }),
        _ => Ok(bundle),
    }
}

fn broken(error: DecryptError) -> BundleError {
    match error {
        DecryptError::ExcessiveWork { required, .. } => BundleError::TooMuchWork { found: required, most: MOST_WORK },
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => BundleError::WrongPassphrase,
        // What age may come to say besides is of a file that did not open.
        _ => BundleError::EncryptionBroken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "walnut harbour seven lanterns";

    /// Little work, so that many are opened in a moment.
    fn encrypted() -> Vec<u8> {
        encrypt_with(&b"PK the bundle".repeat(9), PASSPHRASE, 2).expect("encrypted")
    }

    fn refuse(bytes: &[u8], expected: &str) {
        let refused = decrypt(bytes, PASSPHRASE).expect_err(expected).to_string();
        assert!(refused.contains(expected), "{refused}");
    }

    #[test]
    fn what_is_encrypted_opens_with_its_passphrase_and_no_other() {
        let encrypted = encrypted();
        assert!(is_encrypted(&encrypted) && !crate::is_bundle(&encrypted));
        assert_eq!(decrypt(&encrypted, PASSPHRASE).expect("opened"), b"PK the bundle".repeat(9));
        for wrong in ["", "walnut harbour seven lantern", "Walnut harbour seven lanterns"] {
            assert!(matches!(decrypt(&encrypted, wrong), Err(BundleError::WrongPassphrase)), "{wrong}");
        }
        assert_ne!(encrypted, self::encrypted(), "the same bundle is another file each time");
    }

    #[test]
    fn the_work_that_is_done_is_the_one_that_is_promised() {
        let encrypted = encrypt(b"PK", PASSPHRASE).expect("encrypted");
        let text = String::from_utf8_lossy(&encrypted[..120]).into_owned();
        assert!(
            text.starts_with("age-encryption.org/v1\n-> scrypt ") && text.lines().nth(1).is_some_and(|line| line.ends_with(" 17")),
            "{text}"
        );
        assert_eq!(decrypt(&encrypted, PASSPHRASE).expect("opened"), b"PK");
    }

    #[test]
    fn a_hostile_work_factor_is_refused_before_any_work_is_done() {
        let encrypted = encrypted();
        let line = encrypted.windows(3).position(|window| window == b" 2\n").expect("the work factor");
        for (asked, expected) in [("19", "needs 2^19 rounds"), ("40", "needs 2^40 rounds")] {
            let hostile = [&encrypted[..line + 1], asked.as_bytes(), &encrypted[line + 2..]].concat();
            refuse(&hostile, expected);
        }
        for odd in ["64", "255", "999", "-1", "x", "02"] {
            let hostile = [&encrypted[..line + 1], odd.as_bytes(), &encrypted[line + 2..]].concat();
            assert!(decrypt(&hostile, PASSPHRASE).is_err(), "{odd}");
        }
    }

    #[test]
    fn an_encrypted_bundle_that_is_cut_off_or_changed_is_refused() {
        let encrypted = encrypted();
        for length in (20..encrypted.len()).step_by(23) {
            assert!(decrypt(&encrypted[..length], PASSPHRASE).is_err(), "{length} of {} bytes", encrypted.len());
        }
        refuse(&encrypted[..encrypted.len() - 1], "cut off or changed");
        for at in (0..encrypted.len()).step_by(7) {
            let mut flipped = encrypted.clone();
            flipped[at] ^= 1;
            assert!(decrypt(&flipped, PASSPHRASE).is_err(), "byte {at}");
        }
        refuse(&[encrypted.as_slice(), b"x"].concat(), "cut off or changed");
        refuse(b"age-encryption.org/v2\n", "cut off or changed");
    }

    #[test]
    fn a_file_encrypted_to_a_key_is_no_file_with_a_passphrase() {
        let key = age::x25519::Identity::generate().to_public();
        let encryptor = Encryptor::with_recipients(once(&key as &dyn Recipient)).expect("a recipient");
        let mut encrypted = Vec::new();
        let mut writer = encryptor.wrap_output(&mut encrypted).expect("begun");
        writer.write_all(b"PK").expect("written");
        writer.finish().expect("finished");
        refuse(&encrypted, "encrypted to a key");
    }
}
