//! Words and their comparison. A word is a run of letters and digits with apostrophes inside it; case, apostrophes of
//! any kind, ligatures and the width of letters make no difference. Every known word has a number, so that wordings are compared by numbers.

use crate::work::count;
use std::collections::HashMap;
use std::ops::Range;

/// The number of a word that is in no wording.
pub(crate) const UNKNOWN: u32 = 0;

/// The words of the wordings that are looked for, with their numbers.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    numbers: HashMap<String, u32>,
}

impl Vocabulary {
    /// The numbers of a wording's words; those that are new get one.
    pub(crate) fn learn(&mut self, text: &str) -> Vec<u32> {
        split_words(text)
            .into_iter()
            .map(|range| {
                let next = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
                *self.numbers.entry(normalise(&text[range])).or_insert(next)
            })
            .collect()
    }

    /// The number of a word of a document.
    pub(crate) fn number(&self, word: &str) -> u32 {
        self.numbers.get(&normalise(word)).copied().unwrap_or(UNKNOWN)
    }
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`')
}

/// Where the words of a text stand, in bytes.
pub(crate) fn split_words(text: &str) -> Vec<Range<usize>> {
    count(text.len());
    let mut words = Vec::new();
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let continues = letter.is_alphanumeric()
            || start.is_some() && is_apostrophe(letter) && letters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        match (continues, start) {
            (true, None) => start = Some(at),
            (false, Some(begun)) => {
                words.push(begun..at);
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    words.extend(start.map(|begun| begun..text.len()));
    words
}

/// A word as it is compared.
pub(crate) fn normalise(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars().filter(|letter| !is_apostrophe(*letter)) {
        match letter {
            'ﬀ' => out.push_str("ff"),
            'ﬁ' => out.push_str("fi"),
            'ﬂ' => out.push_str("fl"),
            'ﬃ' => out.push_str("ffi"),
            'ﬄ' => out.push_str("ffl"),
            other => out.extend(narrow(other).to_lowercase()),
        }
    }
    out
}

/// A letter, digit or mark of full width, as East Asian typefaces have them, in its usual width.
pub(crate) fn narrow(letter: char) -> char {
    match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        other => other,
    }
}

/// The words of a text as they are compared, with a space between.
pub(crate) fn normalise_text(text: &str) -> String {
    split_words(text).into_iter().map(|range| normalise(&text[range])).collect::<Vec<_>>().join(" ")
}

/// The length of the longest common subsequence of two short wordings. Both are bounded by the caller.
pub(crate) fn common_words(a: &[u32], b: &[u32]) -> usize {
    count(a.len() * b.len());
    let mut lengths = vec![0_usize; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let above = lengths[j + 1];
            lengths[j + 1] = if x == y && *x != UNKNOWN { diagonal + 1 } else { above.max(lengths[j]) };
            diagonal = above;
        }
    }
    lengths[b.len()]
}

/// How alike two short wordings are, from 0 to 1.
pub(crate) fn similarity(a: &[u32], b: &[u32]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    ratio(2 * common_words(a, b), a.len() + b.len())
}

/// One count over another.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { number(part) / number(whole) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_quotes_and_punctuation() {
        let check = |text: &str, expected: &str| assert_eq!(normalise_text(text), expected, "{text}");
        check("The subjects’ rights, 'quoted' don't", "the subjects rights quoted dont");
        check("UP-to-date (e.g. ID)?", "up to date e g id");
        check("ef\u{fb01}cient – ", "efficient");
        check("", "");
    }

    #[test]
    fn alike_is_measured_by_the_words_in_common() {
        let mut vocabulary = Vocabulary::default();
        let mut check = |a: &str, b: &str, expected: f64| {
            let found = similarity(&vocabulary.learn(a), &vocabulary.learn(b));
            assert!((found - expected).abs() < 0.001, "{a} / {b}: {found}");
        };
        check("a b c d", "a b c d", 1.0);
        check("a b c d", "a x c d", 0.75);
        check("a b", "c d", 0.0);
        check("", "c d", 0.0);
    }
}
