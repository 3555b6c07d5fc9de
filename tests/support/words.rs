//! Words, to compare a document with what became of it.
//!
//! A word is a run of letters and digits, with apostrophes inside it. What is between words (spaces, line breaks,
//! punctuation, list marks) is no part of them, so that a line broken at another place compares as equal.

/// The words of a text, in order, with curly apostrophes made straight and ligatures taken apart.
pub fn split_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for character in text.chars() {
        match character {
            '\'' | '\u{2018}' | '\u{2019}' => word.push('\''),
            // A soft hyphen shows only where a line ends.
            '\u{AD}' => {}
            '\u{FB00}' => word.push_str("ff"),
            '\u{FB01}' => word.push_str("fi"),
            '\u{FB02}' => word.push_str("fl"),
            '\u{FB03}' => word.push_str("ffi"),
            '\u{FB04}' => word.push_str("ffl"),
            other if other.is_alphanumeric() => word.push(other),
            _ => end_word(&mut words, &mut word),
        }
    }
    end_word(&mut words, &mut word);
    words
}

/// Adds the word that has ended, without the quotes around it.
fn end_word(words: &mut Vec<String>, word: &mut String) {
    let bare = word.trim_matches('\'');
    if !bare.is_empty() {
        words.push(bare.to_owned());
    }
    word.clear();
}

/// The words of `expected` that a longest common subsequence with `actual` leaves out, each with its place among the
/// words expected, counted from 0. Empty where every word is there, in order.
pub fn missing_words(expected: &[String], actual: &[String]) -> Vec<(usize, String)> {
    // lengths[i][j] is the length for what follows i and j.
    let columns = actual.len() + 1;
    let mut lengths = vec![0_u32; (expected.len() + 1) * columns];
    for i in (0..expected.len()).rev() {
        for j in (0..actual.len()).rev() {
            lengths[i * columns + j] = if expected[i] == actual[j] {
                lengths[(i + 1) * columns + j + 1] + 1
            } else {
                lengths[(i + 1) * columns + j].max(lengths[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut missing = Vec::new();
    while i < expected.len() {
        if j < actual.len() && expected[i] == actual[j] {
            (i, j) = (i + 1, j + 1);
        } else if j < actual.len() && lengths[i * columns + j + 1] >= lengths[(i + 1) * columns + j] {
            j += 1;
        } else {
            missing.push((i, expected[i].clone()));
            i += 1;
        }
    }
    missing
}

/// The share of `expected` that its longest common subsequence with `actual` covers, from 0 to 1; 1 where nothing is
/// expected.
pub fn share_found(expected: &[String], actual: &[String]) -> f64 {
    if expected.is_empty() {
        return 1.0;
    }
    let found = expected.len() - missing_words(expected, actual).len();
    #[expect(clippy::cast_precision_loss, reason = "a document has far fewer words than an f64 counts exactly")]
    let share = found as f64 / expected.len() as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::{missing_words, share_found, split_words};

    #[test]
    fn what_is_between_words_is_no_part_of_them() {
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(split_words(text), expected, "{text}");
        }
        check("- Children\u{2019}s data,\n\n**always**", &["Children's", "data", "always"]);
        check("\u{2018}active\u{2019} data", &["active", "data"]);
        check("https://a.org/b-c?hl=en", &["https", "a", "org", "b", "c", "hl", "en"]);
        check("ef\u{FB01}cient co\u{AD}operation 2025", &["efficient", "cooperation", "2025"]);
        check(" … – ☐ ", &[]);
        check("Zażółć gęślą", &["Zażółć", "gęślą"]);
    }

    #[test]
    fn the_words_left_out_of_the_common_sequence_are_named() {
        fn check(expected: &str, actual: &str, missing: &[(usize, &str)]) {
            let (expected, actual) = (split_words(expected), split_words(actual));
            let found = missing_words(&expected, &actual);
            let found: Vec<(usize, &str)> = found.iter().map(|(at, word)| (*at, word.as_str())).collect();
            assert_eq!(found, missing);
        }
        check("a b c", "a b c", &[]);
        check("a b c", "a x b y c", &[]);
        check("a b c", "a c", &[(1, "b")]);
        check("a b c d", "c d a b x c", &[(3, "d")]);
        check("a", "", &[(0, "a")]);
        check("", "a", &[]);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "quarters are exact")]
    fn a_share_counts_the_words_expected() {
        let share = |expected: &str, actual: &str| share_found(&split_words(expected), &split_words(actual));
        assert_eq!(share("a b c d", "d a b c"), 0.75);
        assert_eq!(share("", "d"), 1.0);
        assert_eq!(share("a", ""), 0.0);
    }
}
