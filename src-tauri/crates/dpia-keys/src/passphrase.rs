//! A passphrase, and the key that Argon2id makes of it.
//!
//! The cost of making the key is in the slot, so that it can be raised later. It is a stranger's word until the key
//! has opened something: what is above [`Cost`]'s bounds is not computed, so that no key file exhausts memory or time.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::error::KeysError;

/// The fewest characters of a new passphrase (NIST SP 800-63B-4, 3.1.1.2, where it is the only factor).
pub const FEWEST_CHARACTERS: usize = 15;
/// The most characters.
pub const MOST_CHARACTERS: usize = 1000;

/// A passphrase in Unicode's form NFKC, so that it is the same on every keyboard. It wipes itself and does not show itself.
pub struct Passphrase(Zeroizing<String>);

/// Why a passphrase is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseFault {
    /// It is too easily guessed by a machine that tries many.
    #[error(
        "A passphrase needs at least {FEWEST_CHARACTERS} characters; this one has {found}. Four or five unrelated words are a good one."
    )]
    TooShort {
        /// How many characters it has.
        found: usize,
    },
    /// It is longer than is read.
    #[error("A passphrase can have {MOST_CHARACTERS} characters at most. Choose a shorter one.")]
    TooLong,
}

/// What making a key of a passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Memory in KiB.
    pub(crate) memory_kib: u32,
    /// How often the memory is gone over.
    pub(crate) passes: u32,
    /// Lanes of the memory.
    pub(crate) lanes: u32,
}

impl Passphrase {
    /// Takes a new passphrase.
    ///
    /// # Errors
    /// Too short, or too long.
    pub fn choose(typed: &str) -> Result<Passphrase, PassphraseFault> {
        let passphrase = Passphrase::typed(typed);
        match passphrase.0.chars().count() {
            found if found < FEWEST_CHARACTERS => Err(PassphraseFault::TooShort { found }),
            found if found > MOST_CHARACTERS => Err(PassphraseFault::TooLong),
            _ => Ok(passphrase),
        }
    }

    /// Takes what somebody typed as the passphrase that they chose before. Nothing beyond the most characters is read.
    pub fn typed(typed: &str) -> Passphrase {
        // Grown text is copied and the old copy is not wiped, so there is room from the start: a letter of four bytes
        // becomes at most eighteen letters.
        let mut text = Zeroizing::new(String::with_capacity(typed.len().min(8 * MOST_CHARACTERS) * 4));
        text.extend(typed.nfkc().take(MOST_CHARACTERS + 1));
        Passphrase(text)
    }

    /// The passphrase, for what makes its own key of it. It is not to be kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes a key with Argon2id, version 1.3 (RFC 9106).
    pub(crate) fn make_key(&self, salt: &[u8; 16], cost: Cost) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| KeysError::PassphraseNotUsed)?;
        let mut memory = Vec::new();
        memory.try_reserve_exact(params.block_count()).map_err(|_| KeysError::TooLittleMemory { kib: cost.memory_kib })?;
        memory.resize(params.block_count(), Block::new());
        let mut key = Zeroizing::new([0; 32]);
        let made = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
            self.0.as_bytes(),
            salt,
            key.as_mut(),
            &mut memory,
        );
        for block in &mut memory {
            block.zeroize();
        }
        made.map_err(|_| KeysError::PassphraseNotUsed)?;
        Ok(key)
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Cost {
    /// What a new slot costs: the second recommended choice of RFC 9106, section 4, which is three times what OWASP's
    /// password storage cheat sheet asks for at least.
    pub(crate) const STANDARD: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// The most that is computed on the word of a key file: at most about a quarter of a gigabyte and some seconds.
    const MOST: Cost = Cost { memory_kib: 256 * 1024, passes: 10, lanes: 16 };

    /// Whether the bounds hold it.
    pub(crate) fn is_bearable(self) -> bool {
        let is_within = |value: u32, most: u32| value >= 1 && value <= most;
        is_within(self.memory_kib, Cost::MOST.memory_kib)
            && is_within(self.passes, Cost::MOST.passes)
            && is_within(self.lanes, Cost::MOST.lanes)
            && self.memory_kib >= 8 * self.lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key_file::to_hex;

    #[test]
    fn a_new_passphrase_is_long_enough_and_is_not_shown() {
        let check = |typed: &str, expected: Option<PassphraseFault>| assert_eq!(Passphrase::choose(typed).err(), expected, "{typed}");
        check("", Some(PassphraseFault::TooShort { found: 0 }));
        check("fourteen chars", Some(PassphraseFault::TooShort { found: 14 }));
        check("fifteen letters", None);
        check(&"é".repeat(15), None);
        check(&"x".repeat(1000), None);
        check(&"x".repeat(1001), Some(PassphraseFault::TooLong));
        check(&"\u{fdfa}".repeat(1_000_000), Some(PassphraseFault::TooLong));
        assert_eq!(format!("{:?}", Passphrase::typed("secret")), "Passphrase(…)");
    }

    #[test]
    fn the_same_letters_are_the_same_passphrase_however_they_are_composed() {
        let (salt, cost) = ([3; 16], Cost { memory_kib: 32, passes: 1, lanes: 1 });
        let key = |typed: &str| *Passphrase::typed(typed).make_key(&salt, cost).expect("made");
        assert_eq!(key("Zespół Łęcki é"), key("Zespo\u{301}ł Łęcki e\u{301}"));
        assert_ne!(key("passphrase"), key("Passphrase"));
        assert_ne!(key("passphrase"), key("passphrase "));
    }

    #[test]
    fn the_key_is_rfc_9106_and_never_changes() {
        // Worked out with the reference implementation's Python binding (argon2-cffi).
        let key = Passphrase::typed("correct horse battery").make_key(&[7; 16], Cost::STANDARD).expect("made");
        assert_eq!(to_hex(key.as_ref()), "59a2902397c914461c4790f9d1276c25c70a16a2800fce668f01fa592d4cb3ad");
    }

    #[test]
    fn the_standard_cost_is_within_the_bounds_and_what_exhausts_a_computer_is_not() {
        assert!(Cost::STANDARD.is_bearable());
        let check = |memory_kib, passes, lanes| {
            let cost = Cost { memory_kib, passes, lanes };
            assert!(!cost.is_bearable(), "{cost:?}");
        };
        check(u32::MAX, 3, 4);
        check(256 * 1024 + 1, 3, 4);
        check(64 * 1024, 11, 4);
        check(64 * 1024, u32::MAX, 4);
        check(64 * 1024, 3, 17);
        check(64 * 1024, 0, 4);
        check(64 * 1024, 3, 0);
        check(0, 3, 4);
        check(31, 3, 4);
    }
}
