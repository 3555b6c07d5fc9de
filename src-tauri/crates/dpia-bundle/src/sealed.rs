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
/// What sealing may add: the header, and 16 bytes to each 64 KiB.
const MOST_ADDED: u64 = 1024 * 1024;

/// Says whether these bytes begin as an encrypted bundle does.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINNING)
}

/// Encrypts the bytes of a bundle. Another file each time.
pub fn seal(bundle: &[u8], passphrase: &str) -> Result<Vec<u8>, BundleError> {
    seal_with(bundle, passphrase, WORK)
}

fn seal_with(bundle: &[u8], passphrase: &str, work: u8) -> Result<Vec<u8>, BundleError> {
    let not_sealed = |what: String| BundleError::NotSealed { what };
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(work);
    let encryptor = Encryptor::with_recipients(once(&recipient as &dyn Recipient)).map_err(|error| not_sealed(error.to_string()))?;
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(|error| not_sealed(error.to_string()))?;
    writer.write_all(bundle).and_then(|()| writer.finish()).map_err(|error| not_sealed(error.to_string()))?;
    Ok(sealed)
}

/// Opens an encrypted bundle: the bytes that were encrypted. Whether they are a bundle is for [`crate::read`] to say.
/// Errors: `TooLarge`, `WrongPassphrase`, `SealedOtherwise`, `TooMuchWork`, `SealBroken`.
pub fn unseal(bytes: &[u8], passphrase: &str) -> Result<Vec<u8>, BundleError> {
    let most = MOST_BYTES + MOST_ADDED;
    if bytes.len() as u64 > most {
        return Err(BundleError::TooLarge { what: "the encrypted bundle".to_owned(), found: bytes.len() as u64, most });
    }
    let decryptor = Decryptor::new_buffered(bytes).map_err(broken)?;
    if !decryptor.is_scrypt() {
        return Err(BundleError::SealedOtherwise);
    }
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let reader = decryptor.decrypt(once(&identity as &dyn Identity)).map_err(broken)?;
    let mut bundle = Vec::new();
    // Nothing is packed inside, so it is no larger than the file; one byte more than the most tells what is.
    reader.take(MOST_BYTES + 1).read_to_end(&mut bundle).map_err(|_| BundleError::SealBroken)?;
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
        _ => BundleError::SealBroken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "walnut harbour seven lanterns";

    /// Little work, so that many are opened in a moment.
    fn sealed() -> Vec<u8> {
        seal_with(&b"PK the bundle".repeat(9), PASSPHRASE, 2).expect("sealed")
    }

    fn refuse(bytes: &[u8], expected: &str) {
        let refused = unseal(bytes, PASSPHRASE).expect_err(expected).to_string();
        assert!(refused.contains(expected), "{refused}");
    }

    #[test]
    fn what_is_sealed_opens_with_its_passphrase_and_no_other() {
        let sealed = sealed();
        assert!(is_sealed(&sealed) && !crate::is_bundle(&sealed));
        assert_eq!(unseal(&sealed, PASSPHRASE).expect("opened"), b"PK the bundle".repeat(9));
        for wrong in ["", "walnut harbour seven lantern", "Walnut harbour seven lanterns"] {
            assert!(matches!(unseal(&sealed, wrong), Err(BundleError::WrongPassphrase)), "{wrong}");
        }
        assert_ne!(sealed, self::sealed(), "the same bundle is another file each time");
    }

    #[test]
    fn the_work_that_is_done_is_the_one_that_is_promised() {
        let sealed = seal(b"PK", PASSPHRASE).expect("sealed");
        let text = String::from_utf8_lossy(&sealed[..120]).into_owned();
        assert!(
            text.starts_with("age-encryption.org/v1\n-> scrypt ") && text.lines().nth(1).is_some_and(|line| line.ends_with(" 17")),
            "{text}"
        );
        assert_eq!(unseal(&sealed, PASSPHRASE).expect("opened"), b"PK");
    }

    #[test]
    fn a_hostile_work_factor_is_refused_before_any_work_is_done() {
        let sealed = sealed();
        let line = sealed.windows(3).position(|window| window == b" 2\n").expect("the work factor");
        for (asked, expected) in [("19", "needs 2^19 rounds"), ("40", "needs 2^40 rounds")] {
            let hostile = [&sealed[..line + 1], asked.as_bytes(), &sealed[line + 2..]].concat();
            refuse(&hostile, expected);
        }
        for odd in ["64", "255", "999", "-1", "x", "02"] {
            let hostile = [&sealed[..line + 1], odd.as_bytes(), &sealed[line + 2..]].concat();
            assert!(unseal(&hostile, PASSPHRASE).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_sealed_bundle_that_is_cut_off_or_changed_is_refused() {
        let sealed = sealed();
        for length in (20..sealed.len()).step_by(23) {
            assert!(unseal(&sealed[..length], PASSPHRASE).is_err(), "{length} of {} bytes", sealed.len());
        }
        refuse(&sealed[..sealed.len() - 1], "cut off or changed");
        for at in (0..sealed.len()).step_by(7) {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(unseal(&flipped, PASSPHRASE).is_err(), "byte {at}");
        }
        refuse(&[sealed.as_slice(), b"x"].concat(), "cut off or changed");
        refuse(b"age-encryption.org/v2\n", "cut off or changed");
    }

    #[test]
    fn what_is_sealed_to_a_key_is_told_from_what_has_a_passphrase() {
        let key = age::x25519::Identity::generate().to_public();
        let encryptor = Encryptor::with_recipients(once(&key as &dyn Recipient)).expect("a recipient");
        let mut sealed = Vec::new();
        let mut writer = encryptor.wrap_output(&mut sealed).expect("begun");
        writer.write_all(b"PK").expect("written");
        writer.finish().expect("finished");
        refuse(&sealed, "encrypted to a key");
    }
}
