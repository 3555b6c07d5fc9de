//! Where a word may be cut when a line cannot hold it. An address breaks so that it can be read and copied: first
//! after `/`, else before `? & #`, else before `. - _ %`; never after a hyphen and never inside `://`.

use unicode_segmentation::UnicodeSegmentation;

/// A place where a word may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Opportunity {
    /// Bytes before it.
    pub(crate) at: usize,
    /// 1 is best, 3 is last.
    pub(crate) tier: u8,
}

/// A space at which a line may end.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, '\u{200B}') || (c.is_whitespace() && !matches!(c, '\u{A0}' | '\u{2007}' | '\u{202F}'))
}

/// A character that is never drawn: controls, soft hyphens, direction, variation and byte order marks.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FE00}'..='\u{FE0F}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Whether a word is an address: of a page, or of a letter box.
pub(crate) fn is_address(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '[', '<', '"', '“', '‘']);
    word.contains("://")
        || word.starts_with("www.")
        || word.starts_with("mailto:")
        || word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// The places in an address.
pub(crate) fn in_address(text: &str) -> Vec<Opportunity> {
    let mut found = Vec::new();
    let scheme_end = text.find("://").map_or(0, |at| at + 3);
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        if at < scheme_end {
            continue;
        }
        if c == '/' && after < text.len() {
            found.push(Opportunity { at: after, tier: 1 });
        }
        let follows_hyphen = text[..at].ends_with('-');
        if at > scheme_end && !follows_hyphen {
            match c {
                '?' | '&' | '#' => found.push(Opportunity { at, tier: 2 }),
                '.' | '-' | '_' | '%' => found.push(Opportunity { at, tier: 3 }),
                _ => {}
            }
        }
    }
    // A stop or bracket alone is not left behind, nor sent ahead.
    let has_word = |part: &str| part.chars().any(char::is_alphanumeric);
    found.retain(|opportunity| has_word(&text[..opportunity.at]) && has_word(&text[opportunity.at..]));
    found.sort_by_key(|opportunity| opportunity.at);
    found
}

/// The places in a word that is no address: after a slash, a hyphen or a dash between letters.
pub(crate) fn in_word(text: &str) -> Vec<Opportunity> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let is_letter = |at: usize| characters.get(at).is_some_and(|(_, c)| c.is_alphabetic());
    characters
        .iter()
        .enumerate()
        .filter(|(at, (_, c))| {
            let is_between = || *at > 0 && is_letter(at - 1) && is_letter(at + 1);
            match c {
                '/' => is_letter(at + 1) && *at > 0,
                '-' | '–' | '—' => is_between(),
                _ => false,
            }
        })
        .map(|(_, (at, c))| Opportunity { at: at + c.len_utf8(), tier: 1 })
        .collect()
}

/// Where each letter as a reader counts them ends, in bytes.
pub(crate) fn letter_ends(text: &str) -> Vec<usize> {
    // Words have no line ends in them, and every other character of ASCII is a letter of its own.
    if text.is_ascii() {
        return (1..=text.len()).collect();
    }
    text.grapheme_indices(true).map(|(at, letter)| at + letter.len()).collect()
}

/// Every place between two letters as a reader counts them.
pub(crate) fn between_letters(text: &str) -> Vec<usize> {
    let mut ends = letter_ends(text);
    ends.pop();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_breaks_after_a_slash_and_never_after_a_hyphen() {
        let check = |text: &str, expected: &str| {
            let mut marked = String::new();
            let places = in_address(text);
            for (at, c) in text.char_indices() {
                if let Some(place) = places.iter().find(|place| place.at == at) {
                    marked.push_str(&place.tier.to_string());
                }
                marked.push(c);
            }
            assert_eq!(marked, expected);
        };
        check("https://a.b/c", "https://a3.b/1c");
        check("https://a.b/c-d?e=f", "https://a3.b/1c3-d2?e=f");
        check("https://a.b/", "https://a3.b/");
        check("dpo@a.org.", "dpo@a3.org.");
        check("x@y-z.org", "x@y3-z3.org");
        check("https://a.b/c-.html", "https://a3.b/1c3-.html");
    }

    #[test]
    fn an_address_is_no_word() {
        let check = |word: &str, expected: bool| assert_eq!(is_address(word), expected, "{word}");
        check("https://juniper.org/a", true);
        check("(www.juniper.org)", true);
        check("dpo@juniper.org", true);
        check("and/or", false);
        check("@home", false);
        check("e.g.", false);
    }

    #[test]
    fn a_word_breaks_between_letters_only() {
        let check = |word: &str, expected: &[usize]| {
            assert_eq!(in_word(word).iter().map(|place| place.at).collect::<Vec<_>>(), expected, "{word}");
        };
        check("and/or", &[4]);
        check("up-to-date", &[3, 6]);
        check("24/7", &[]);
        check("-5", &[]);
        check("plain", &[]);
    }
}
