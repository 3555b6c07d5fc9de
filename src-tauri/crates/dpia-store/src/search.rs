//! Search: every word of the query, or a word that begins with it, is in one place of an assessment.
//!
//! Words are folded here, for the index and for the query alike: lower case, without diacritics, so that "zazolc" finds
//! "Zażółć" and "ty" finds "tŷ". The index holds folded words only; what is shown is cut from the text itself.

use crate::error::StoreError;
use crate::table::passage::{self, Found};
use dpia_model::id::{AssessmentId, QuestionId, RowId};
use rusqlite::Connection;
use std::fmt;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Words of a query beyond these are not looked at.
const MOST_WORDS: usize = 16;
/// Characters shown before the first match, and from it on.
const BEFORE: usize = 48;
const AFTER: usize = 112;

/// A place of an assessment in which words stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitPlace {
    /// The cover: product, version, author, date.
    Details,
    /// The answer to this question.
    Question(QuestionId),
    /// A piece that an import could not place.
    Unplaced(RowId),
}

/// A place where the words of a query stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The assessment.
    pub assessment: AssessmentId,
    /// Its product.
    pub product: String,
    /// Where in it.
    pub place: HitPlace,
    /// The words around the first match, on one line; an ellipsis is where words were cut off.
    pub text: String,
    /// The words in `text` that match, as ranges of bytes, first to last.
    pub matches: Vec<Range<usize>>,
}

pub(crate) fn search(connection: &Connection, query: &str, most: u32) -> Result<Vec<Hit>, StoreError> {
    let mut terms: Vec<String> = words(query).map(|(_, word)| word).collect();
    terms.sort();
    terms.dedup();
    terms.truncate(MOST_WORDS);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let expression = terms.iter().map(|term| format!("\"{}\"*", term.replace('"', "\"\""))).collect::<Vec<_>>().join(" AND ");
    passage::find(connection, &expression, most)?.into_iter().map(|found| show(found, &terms)).collect()
}

fn show(found: Found, terms: &[String]) -> Result<Hit, StoreError> {
    let damaged = |what: &str| StoreError::damaged(format!("the search index names no place: \"{what}\""));
    let (text, matches) = cut(&found.text, terms);
    Ok(Hit {
        assessment: found.assessment.parse().map(AssessmentId).map_err(|_| damaged(&found.assessment))?,
        product: found.product,
        place: HitPlace::parse(&found.place).ok_or_else(|| damaged(&found.place))?,
        text,
        matches,
    })
}

/// Cuts the words around the first match out of a text.
fn cut(text: &str, terms: &[String]) -> (String, Vec<Range<usize>>) {
    let is_match = |word: &str| terms.iter().any(|term| word.starts_with(term.as_str()));
    let first = words(text).find(|(_, word)| is_match(word)).map_or(0, |(range, _)| range.start);
    let start = match text[..first].char_indices().rev().nth(BEFORE) {
        // Not in the middle of a word: the first word that begins after the cut.
        Some((at, _)) => words(&text[at..first]).nth(1).map_or(first, |(range, _)| at + range.start),
        None => 0,
    };
    let end = match text[first..].char_indices().nth(AFTER) {
        Some((at, _)) => {
            let cut = first + at;
            // Not in the middle of a word, unless the match itself is as long.
            words(&text[first..cut]).map(|(range, _)| first + range.end).take_while(|end| *end < cut).last().unwrap_or(cut)
        }
        None => text.len(),
    };
    let mut shown = String::new();
    if start > 0 {
        shown.push('…');
    }
    let offset = shown.len();
    shown.extend(text[start..end].chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
    if end < text.len() {
        shown.push('…');
    }
    let matches =
        words(&text[start..end]).filter(|(_, word)| is_match(word)).map(|(range, _)| range.start + offset..range.end + offset).collect();
    (shown, matches)
}

/// A text as the index takes it: its folded words with a space between.
pub(crate) fn fold_text(text: &str) -> String {
    words(text).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

/// The words of a text: where each is, and the word folded.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        rest = end;
        Some((start..end, fold(&text[start..end])))
    })
    .filter(|(_, word)| !word.is_empty())
}

/// Lower case, without diacritics; letters with a stroke, and those that are two letters, as they are typed without.
fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase).nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ŧ' => folded.push('t'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            _ => folded.push(c),
        }
    }
    folded
}

impl HitPlace {
    /// Reads what is stored.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "details" {
            return Some(Self::Details);
        }
        match text.split_once(':')? {
            ("question", id) => QuestionId::new(id).ok().map(Self::Question),
            ("unplaced", id) => id.parse().ok().map(|id| Self::Unplaced(RowId(id))),
            _ => None,
        }
    }
}

/// `details`, `question:<id>` or `unplaced:<id>`, as it is stored.
impl fmt::Display for HitPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Details => f.write_str("details"),
            Self::Question(id) => write!(f, "question:{id}"),
            Self::Unplaced(id) => write!(f, "unplaced:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_to_what_is_typed() {
        let check = |text: &str, expected: &str| assert_eq!(fold_text(text), expected, "{text}");
        check("Zażółć gęślą jaźń", "zazolc gesla jazn");
        check("Tŷ, ŵyr & Ỳ", "ty wyr y");
        check("cafe\u{301}s", "cafes");
        check("Größe; SMØRREBRØD — Œuvre", "grosse smorrebrod oeuvre");
        check("the school’s data", "the school s data");
        check("  \u{301} … ", "");
    }

    #[test]
    fn a_snippet_is_cut_between_words_and_says_where_the_matches_are() {
        let terms = ["delet".to_owned(), "dat".to_owned()];
        let check = |text: &str, expected: &str, matched: &[&str]| {
            let (shown, matches) = cut(text, &terms);
            assert_eq!(shown, expected);
            assert_eq!(matches.iter().map(|range| &shown[range.clone()]).collect::<Vec<_>>(), matched);
        };
        check("Data is\ndeleted.", "Data is deleted.", &["Data", "deleted"]);
        check("nothing of it", "nothing of it", &[]);
        let long = format!("{} is Deleted after {}", "zażółć ".repeat(20).trim(), "a year ".repeat(40));
        let (shown, matches) = cut(&long, &terms);
        assert!(shown.starts_with("…zażółć ") && (shown.ends_with(" a…") || shown.ends_with(" year…")), "{shown}");
        assert_eq!(matches.iter().map(|range| &shown[range.clone()]).collect::<Vec<_>>(), ["Deleted"]);
        assert!(shown.chars().count() < BEFORE + AFTER + 4);
        let endless = format!("deleted{}", "x".repeat(500));
        let (shown, matches) = cut(&endless, &terms);
        assert_eq!(shown, format!("{}…", &endless[..AFTER]));
        assert_eq!((matches.len(), matches[0].clone()), (1, 0..AFTER));
    }

    #[test]
    fn a_place_is_read_back_as_it_was_written() {
        let question = QuestionId::new("security.measures").unwrap();
        for place in [HitPlace::Details, HitPlace::Question(question), HitPlace::Unplaced(RowId(uuid::Uuid::from_u128(7)))] {
            assert_eq!(HitPlace::parse(&place.to_string()), Some(place));
        }
        assert_eq!(HitPlace::parse("question:../x"), None);
    }
}
