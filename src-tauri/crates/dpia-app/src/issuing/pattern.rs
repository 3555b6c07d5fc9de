//! File names made from a pattern: one a client, no two the same on any file system.

use super::clients::{Client, fold};
use crate::error::{AppError, ErrorCode};
use dpia_files::portable_name;
use dpia_model::Instant;
use std::collections::BTreeSet;

/// The pattern where none is given.
pub const DEFAULT_PATTERN: &str = "DPIA {product} - {client}";

/// The longest name before its number and ending, in bytes: file systems take 255.
const MOST_BYTES: usize = 160;
/// The longest product, client or reference in a name that is too long, in bytes.
const MOST_BYTES_OF_FIELD: usize = 60;
const ENDING: &str = ".pdf";

/// A pattern of file names, such as `DPIA {product} - {client}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Product,
    Client,
    Reference,
    Date,
}

impl FilePattern {
    /// Reads a pattern: words and the fields `{product}`, `{client}`, `{reference}` and `{date}`, the last as
    /// 2026-11-22. The ending `.pdf` may be left out. One that names no client is refused.
    pub fn parse(pattern: &str) -> Result<Self, AppError> {
        let refuse = |message: String| Err(AppError::new(ErrorCode::Refused, message));
        let pattern = pattern.trim();
        let cut = pattern.len().saturating_sub(ENDING.len());
        let mut rest = match pattern.get(cut..) {
            Some(ending) if ending.eq_ignore_ascii_case(ENDING) => pattern.get(..cut).unwrap_or_default(),
            Some(_) | None => pattern,
        };
        let mut parts = Vec::new();
        while let Some((words, after)) = rest.split_once('{') {
            let Some((field, after)) = after.split_once('}') else {
                return refuse("A { in the pattern is not closed: write a field as {client}.".to_owned());
            };
            parts.push(Part::Words(words.to_owned()));
            parts.push(match field.trim().to_lowercase().as_str() {
                "product" => Part::Product,
                "client" => Part::Client,
                "reference" => Part::Reference,
                "date" => Part::Date,
                _ => return refuse(format!("There is no field {{{field}}}: use {{product}}, {{client}}, {{reference}} or {{date}}.")),
            });
            rest = after;
        }
        parts.push(Part::Words(rest.to_owned()));
        if !parts.iter().any(|part| matches!(part, Part::Client | Part::Reference)) {
            return refuse("The pattern gives every client the same name: put {client} or {reference} into it.".to_owned());
        }
        Ok(Self { parts })
    }

    /// The name that a client's copy is given, without regard to other clients.
    pub fn name(&self, product: &str, client: &Client, at: Instant) -> String {
        format!("{}{ENDING}", self.stem(product, client, at))
    }

    pub(crate) fn stem(&self, product: &str, client: &Client, at: Instant) -> String {
        let fill = |most: usize| -> String {
            let words = self.parts.iter().map(|part| match part {
                Part::Words(words) => words.clone(),
                Part::Product => shorten(product, most),
                Part::Client => shorten(&client.name, most),
                Part::Reference => shorten(&client.reference, most),
                Part::Date => at.0.to_zoned(jiff::tz::TimeZone::UTC).date().to_string(),
            });
            words.collect()
        };
        // Where the whole is too long, each field is: what a client's name ends with may be all that it does not share.
        let long = fill(usize::MAX);
        let words = if long.len() <= MOST_BYTES { long } else { fill(MOST_BYTES_OF_FIELD) };
        let name = portable_name(&words, MOST_BYTES).unwrap_or_else(|| "copy".to_owned());
        // In a table a name that begins so would be a formula.
        match name.trim_start_matches(['=', '+', '@']) {
            "" => "copy".to_owned(),
            name => name.to_owned(),
        }
    }
}

/// Words with their middle left out, where they are longer than this.
fn shorten(words: &str, most: usize) -> String {
    const GAP: &str = "…";
    if words.len() <= most {
        return words.to_owned();
    }
    let half = (most - GAP.len()) / 2;
    let start = (0..=half).rev().find(|at| words.is_char_boundary(*at)).unwrap_or_default();
    let end = (words.len() - half..words.len()).find(|at| words.is_char_boundary(*at)).unwrap_or(words.len());
    format!("{}{GAP}{}", words[..start].trim_end(), words[end..].trim_start())
}

/// Allots names: no two that a file system without regard to case would take for one.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes a name out of what can be allotted.
    pub(crate) fn keep(&mut self, name: &str) {
        self.taken.insert(fold(name));
    }

    /// The first of `stem.pdf`, `stem (2).pdf`, `stem (3).pdf` and so on that is free, and takes it.
    pub(crate) fn allot(&mut self, stem: &str) -> String {
        let mut number = 1u32;
        loop {
            let name = numbered(stem, number);
            if self.taken.insert(fold(&name)) {
                return name;
            }
            number += 1;
        }
    }
}

fn numbered(stem: &str, number: u32) -> String {
    if number == 1 { format!("{stem}{ENDING}") } else { format!("{stem} ({number}){ENDING}") }
}

/// Says whether a name is one that [`Names::allot`] may make of this stem.
pub(crate) fn is_made_of(name: &str, stem: &str) -> bool {
    let Some(rest) = name.strip_suffix(ENDING).and_then(|name| name.strip_prefix(stem)) else { return false };
    let number = rest.strip_prefix(" (").and_then(|rest| rest.strip_suffix(')'));
    rest.is_empty() || number.is_some_and(|number| !number.starts_with('0') && number.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Instant {
        crate::surroundings::parse_moment("2026-11-22T09:00:00Z").unwrap()
    }

    fn client(name: &str, reference: &str) -> Client {
        Client { reference: reference.to_owned(), ..Client::named(name) }
    }

    #[test]
    fn a_name_is_one_that_every_file_system_takes() {
        let check = |pattern: &str, name: &str, reference: &str, expected: &str| {
            let pattern = FilePattern::parse(pattern).unwrap();
            assert_eq!(pattern.name("Sonar", &client(name, reference), at()), expected);
        };
        check(DEFAULT_PATTERN, "Ysgol Gŵyr", "", "DPIA Sonar - Ysgol Gŵyr.pdf");
        check("{date} {reference} {client}.PDF", "Zespół Szkół", "Z/1", "2026-11-22 Z-1 Zespół Szkół.pdf");
        check("{reference} - {client}", "Hill", "", "Hill.pdf");
        check("{client}", "../../etc/passwd", "", "etc-passwd.pdf");
        check("{client}", "..", "", "copy.pdf");
        check("{client}", "nul", "", "DPIA nul.pdf");
        check("{client}", "Com1.old", "", "DPIA Com1.old.pdf");
        check("{client}", "Commons", "", "Commons.pdf");
        check("{client}", "a\u{202e}fdp.exe", "", "afdp.exe.pdf");
        check("{ Client }", "  St  Mary's:  \"A\" ", "", "St Mary's- -A.pdf");
        check("{client}", "e\u{301}cole", "", "\u{e9}cole.pdf");
        let half = "ŵ".repeat(14);
        check("{client}", &"ŵ".repeat(200), "", &format!("{half}…{half}.pdf"));
        let trust = "The Learning Trust of the Northern Dales and the Villages of the Upper Valley of the River, ".repeat(2);
        check("{client}", &format!("{trust}North Campus"), "", "The Learning Trust of the No…y of the River, North Campus.pdf");
        check("{client}", &format!("{trust}South Campus"), "", "The Learning Trust of the No…y of the River, South Campus.pdf");
        check("{client}", "=HYPERLINK(1)", "", "HYPERLINK(1).pdf");
        check("{client}", "=+", "", "copy.pdf");
    }

    #[test]
    fn a_pattern_that_cannot_be_used_says_why() {
        let check = |pattern: &str, expected: &str| {
            let refused = FilePattern::parse(pattern).unwrap_err();
            assert!(refused.message.contains(expected), "{pattern}: {}", refused.message);
        };
        check("{client} {town}", "no field {town}");
        check("{client", "not closed");
        check("DPIA {product}", "{client} or {reference}");
        check("", "{client} or {reference}");
    }

    #[test]
    fn no_two_clients_share_a_file() {
        let mut names = Names::default();
        let allot = |names: &mut Names, stem: &str| names.allot(stem);
        assert_eq!(allot(&mut names, "Hill"), "Hill.pdf");
        assert_eq!(allot(&mut names, "HILL"), "HILL (2).pdf");
        assert_eq!(allot(&mut names, "hill (2)"), "hill (2) (2).pdf");
        names.keep("hill (3).PDF");
        assert_eq!(allot(&mut names, "hill"), "hill (4).pdf");
        assert!(is_made_of("Hill (12).pdf", "Hill") && is_made_of("Hill.pdf", "Hill"));
        assert!(!is_made_of("Hill (x).pdf", "Hill") && !is_made_of("Hillside.pdf", "Hill") && !is_made_of("Hill (02).pdf", "Hill"));
    }
}
