//! The recovery key: 160 random bits as 36 letters and digits, to be kept on paper.
//!
//! ```text
//! 006H-M9SM-…-70PW     nine groups of four: 32 characters of key, then 4 of checksum
//! ```
//!
//! The alphabet is Crockford's base 32: no I, L, O or U. Reading is tolerant: case, spaces and dashes mean nothing, O is
//! read as 0, I and L as 1. The checksum is a Reed–Solomon code over GF(32): any one wrong character and any two
//! neighbours that changed places are certain to be noticed, anything else slips through once in a million.

use std::fmt;

use rand_core::CryptoRngCore;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::KeysError;

/// Groups of a recovery key.
pub const RECOVERY_KEY_GROUPS: usize = 9;

/// Characters of a group.
const GROUP: usize = 4;
/// Characters that bear the key, and those of its checksum.
const SYMBOLS: usize = 32;
const CHECKS: usize = 4;
const LENGTH: usize = SYMBOLS + CHECKS;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A key that opens a database when its keychain is lost. It wipes itself and does not show itself.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryKey([u8; 20]);

/// Why what was typed is not a recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryKeyFault {
    /// There are too few or too many characters.
    #[error("A recovery key has {LENGTH} letters and digits; this one has {found}. Compare it with your sheet, then try again.")]
    Length {
        /// How many there are.
        found: usize,
    },
    /// A character that no recovery key has.
    #[error("A recovery key never contains “{character}”, which is in group {group}. Compare it with your sheet, then try again.")]
    Character {
        /// The character.
        character: char,
        /// The group that it is in, counted from one.
        group: usize,
    },
    /// The characters do not fit together: at least one was mistyped.
    #[error("This recovery key contains a typing error. Compare each group with your sheet, then try again.")]
    Mistyped,
}

impl RecoveryKey {
    pub(crate) fn draw(rng: &mut impl CryptoRngCore) -> Result<RecoveryKey, KeysError> {
        let mut key = RecoveryKey([0; 20]);
        rng.try_fill_bytes(&mut key.0).map_err(KeysError::NoRandomness)?;
        Ok(key)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Reads what somebody typed.
    ///
    /// # Errors
    /// What is wrong with it, in words for the person who typed it.
    pub fn parse(typed: &str) -> Result<RecoveryKey, RecoveryKeyFault> {
        let mut symbols = Zeroizing::new([0; LENGTH]);
        let mut found = 0;
        for character in typed.chars().filter(|character| !is_between(*character)) {
            let symbol = symbol_of(character).ok_or(RecoveryKeyFault::Character { character, group: found / GROUP + 1 })?;
            if let Some(place) = symbols.get_mut(found) {
                *place = symbol;
            }
            found += 1;
        }
        if found != LENGTH {
            return Err(RecoveryKeyFault::Length { found });
        }
        let (key, checks) = symbols.split_at(SYMBOLS);
        if remainder(key) != checks {
            return Err(RecoveryKeyFault::Mistyped);
        }
        let mut bytes = RecoveryKey([0; 20]);
        for (symbols, bytes) in key.chunks_exact(8).zip(bytes.0.chunks_exact_mut(5)) {
            let bits = symbols.iter().fold(0_u64, |bits, symbol| bits << 5 | u64::from(*symbol));
            bytes.copy_from_slice(&bits.to_be_bytes()[3..]);
        }
        Ok(bytes)
    }

    /// The groups, as they are shown and printed.
    pub fn groups(&self) -> Vec<Zeroizing<String>> {
        let symbols = self.symbols();
        let group = |symbols: &[u8]| symbols.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect();
        symbols.chunks_exact(GROUP).map(|symbols| Zeroizing::new(group(symbols))).collect()
    }

    /// The whole key, its groups joined by dashes.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH + RECOVERY_KEY_GROUPS));
        for group in self.groups() {
            if !text.is_empty() {
                text.push('-');
            }
            text.push_str(&group);
        }
        text
    }

    /// Whether what was typed is the group of this number, counted from zero; read as tolerantly as a whole key.
    pub fn has_group(&self, number: usize, typed: &str) -> bool {
        let typed: Option<Zeroizing<Vec<u8>>> =
            typed.chars().filter(|character| !is_between(*character)).map(symbol_of).collect::<Option<Vec<u8>>>().map(Zeroizing::new);
        let symbols = self.symbols();
        typed.is_some_and(|typed| symbols.chunks_exact(GROUP).nth(number) == Some(typed.as_slice()))
    }

    fn symbols(&self) -> Zeroizing<[u8; LENGTH]> {
        let mut symbols = Zeroizing::new([0; LENGTH]);
        for (bytes, symbols) in self.0.chunks_exact(5).zip(symbols.chunks_exact_mut(8)) {
            let bits = bytes.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for (at, symbol) in symbols.iter_mut().enumerate() {
                *symbol = (bits >> (35 - 5 * at) & 31) as u8;
            }
        }
        let checks = remainder(&symbols[..SYMBOLS]);
        symbols[SYMBOLS..].copy_from_slice(&checks);
        symbols
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(…)")
    }
}

/// What people put between the characters of a key, a dash of any kind among them.
fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '_' | '·')
}

fn symbol_of(character: char) -> Option<u8> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|letter| char::from(*letter) == character)?;
    u8::try_from(place).ok()
}

/// The checksum: the remainder of the key, as a polynomial over GF(32), by (x − 1)(x − α)(x − α²)(x − α³).
fn remainder(key: &[u8]) -> [u8; CHECKS] {
    // The generator without its leading 1, the highest power first; a test multiplies it out.
    const GENERATOR: [u8; CHECKS] = [15, 19, 23, 10];
    let mut remainder = [0; CHECKS];
    for symbol in key {
        let lead = symbol ^ remainder[0];
        remainder.rotate_left(1);
        remainder[CHECKS - 1] = 0;
        for (place, factor) in remainder.iter_mut().zip(GENERATOR) {
            *place ^= multiply(lead, factor);
        }
    }
    remainder
}

/// The product in GF(32), over x⁵ + x² + 1.
fn multiply(mut one: u8, other: u8) -> u8 {
    let mut product = 0;
    for bit in 0..5 {
        if other >> bit & 1 == 1 {
            product ^= one;
        }
        one <<= 1;
        if one & 32 != 0 {
            one ^= 0b10_0101;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(key: &RecoveryKey) -> String {
        key.to_text().to_string()
    }

    #[test]
    fn the_generator_has_four_neighbouring_powers_as_its_roots() {
        // Highest power first, as in the constant.
        let mut generator = vec![1_u8];
        let mut root = 1;
        for _ in 0..CHECKS {
            let shifted = generator.iter().copied().chain([0]);
            let times_root = [0].into_iter().chain(generator.iter().map(|factor| multiply(*factor, root)));
            generator = shifted.zip(times_root).map(|(one, other)| one ^ other).collect();
            root = multiply(root, 2);
        }
        assert_eq!(generator[0], 1);
        let key = [&[0; SYMBOLS - 1][..], &[1]].concat();
        assert_eq!(remainder(&key), generator[1..]);
    }

    #[test]
    fn a_key_is_written_the_same_for_ever() {
        let key = RecoveryKey(std::array::from_fn(|at| at as u8 * 13));
        assert_eq!(text_of(&key), "006H-M9SM-8575-PT3N-GA7S-SADP-RF8D-VTQQ-70PW");
        assert_eq!(RecoveryKey::parse(&text_of(&key)), Ok(key));
    }

    #[test]
    fn case_spaces_dashes_and_letters_that_look_like_digits_are_read() {
        let key = RecoveryKey([0; 20]);
        assert_eq!(text_of(&key), ["0000"; 9].join("-"));
        let typed = " oOo0 – 0000\n0000-0000 0000.OOOO o0o0o0o0\t0000 ";
        assert_eq!(RecoveryKey::parse(typed), Ok(key));
        let mut one = RecoveryKey([0; 20]);
        one.0[0] = 0b0000_1000;
        let text = text_of(&one);
        assert!(text.starts_with("1000"), "{text}");
        for letter in ["1", "i", "I", "l", "L"] {
            assert_eq!(RecoveryKey::parse(&text.replacen('1', letter, 1)), Ok(one.clone()), "{letter}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_where() {
        let check = |typed: &str, said: &str| {
            assert_eq!(RecoveryKey::parse(typed).expect_err("refused").to_string(), said);
        };
        check("", "A recovery key has 36 letters and digits; this one has 0. Compare it with your sheet, then try again.");
        check("0000-0", "A recovery key has 36 letters and digits; this one has 5. Compare it with your sheet, then try again.");
        check(
            &["0000"; 10].join(" "),
            "A recovery key has 36 letters and digits; this one has 40. Compare it with your sheet, then try again.",
        );
        check("0000-00u0", "A recovery key never contains “u”, which is in group 2. Compare it with your sheet, then try again.");
        check(
            &["0000"; 9].join("-").replacen('0', "8", 1),
            "This recovery key contains a typing error. Compare each group with your sheet, then try again.",
        );
    }

    #[test]
    fn no_debug_output_shows_a_recovery_key() {
        assert_eq!(format!("{:?}", RecoveryKey([7; 20])), "RecoveryKey(…)");
    }

    /// As a person may write it: some letters small, O for 0, I or L for 1, something or nothing between.
    fn disguise(text: &str, ways: &[u8]) -> String {
        let mut disguised = String::new();
        for (character, way) in text.chars().zip(ways.iter().cycle()) {
            match (character, way % 3) {
                ('0', 1) => disguised.push('O'),
                ('0', 2) => disguised.push('o'),
                ('1', 1) => disguised.push('l'),
                ('1', 2) => disguised.push('I'),
                ('-', 1) => disguised.push(' '),
                ('-', 2) => {}
                (letter, 1) => disguised.push(letter.to_ascii_lowercase()),
                (letter, _) => disguised.push(letter),
            }
        }
        disguised
    }

    proptest! {
        #[test]
        fn a_key_comes_back_however_it_is_typed(bytes: [u8; 20], ways in proptest::collection::vec(any::<u8>(), 1..60)) {
            let key = RecoveryKey(bytes);
            let typed = disguise(&text_of(&key), &ways);
            prop_assert_eq!(RecoveryKey::parse(&typed), Ok(key), "{}", typed);
        }

        #[test]
        fn any_one_wrong_character_is_noticed(bytes: [u8; 20], at in 0..LENGTH, other in 0..32_usize) {
            let key = RecoveryKey(bytes);
            let mut text: Vec<char> = text_of(&key).chars().filter(|c| *c != '-').collect();
            let wrong = char::from(ALPHABET[other]);
            prop_assume!(text[at] != wrong);
            text[at] = wrong;
            prop_assert_eq!(RecoveryKey::parse(&text.iter().collect::<String>()), Err(RecoveryKeyFault::Mistyped));
        }

        #[test]
        fn any_two_neighbours_that_changed_places_are_noticed(bytes: [u8; 20], at in 0..LENGTH - 1) {
            let key = RecoveryKey(bytes);
            let mut text: Vec<char> = text_of(&key).chars().filter(|c| *c != '-').collect();
            prop_assume!(text[at] != text[at + 1]);
            text.swap(at, at + 1);
            prop_assert_eq!(RecoveryKey::parse(&text.iter().collect::<String>()), Err(RecoveryKeyFault::Mistyped));
        }

        #[test]
        fn each_group_is_known_when_it_is_typed_back(bytes: [u8; 20], number in 0..RECOVERY_KEY_GROUPS, other in 0..RECOVERY_KEY_GROUPS) {
            let key = RecoveryKey(bytes);
            let groups = key.groups();
            let typed = groups[number].to_lowercase();
            prop_assert!(key.has_group(number, &typed));
            prop_assert_eq!(key.has_group(other, &typed), groups[other] == groups[number]);
            prop_assert!(!key.has_group(number, &typed[1..]));
        }

        #[test]
        fn no_text_upsets_the_reader(text: String) {
            let _ = RecoveryKey::parse(&text);
        }
    }
}
