//! Comments that somebody made on a document, and that a conversion wrote into its text: they are of no answer.

use crate::html;
use std::collections::HashMap;

/// The longest comment, in bytes.
const LONGEST: usize = 4096;
/// How far the name of who made it may go on, in bytes.
const LONGEST_NAME: usize = 40;
/// How a comment in brackets begins, before the name of who made it and a colon.
const BEGINNINGS: [&str; 12] = [
    "comment",
    "commented",
    "internal comment",
    "internal note",
    "internal",
    "reviewer comment",
    "reviewer",
    "dpo comment",
    "dpo note",
    "dpo",
    "note to",
    "todo",
];

/// How long the comment is that begins at this place of a text, with its marks: `[Comment JB: …]`, `{>>…<<}`, or
/// `[…]{.comment-start}`. The places of closing brackets are known.
pub(crate) fn read_comment(text: &str, at: usize, brackets: &HashMap<usize, usize>) -> Option<usize> {
    let rest = &text[at..];
    if let Some(inner) = rest.strip_prefix("{>>") {
        let end = bounded(inner).find("<<}")?;
        return Some(end + 6);
    }
    let close = *brackets.get(&at)?;
    let attributes = html::read_attributes(&text[close + 1..]);
    if let Some(length) = attributes.filter(|length| text[close + 1..close + 1 + length].contains(".comment-start")) {
        return Some(close + 1 + length - at);
    }
    let inner = text.get(at + 1..close).filter(|inner| inner.len() <= LONGEST)?;
    let head = inner.split_once(':').map(|(head, _)| head).filter(|head| head.len() <= LONGEST_NAME)?;
    let head = head.trim().to_lowercase();
    let is_comment = BEGINNINGS.iter().any(|beginning| {
        let after = head.strip_prefix(beginning);
        after.is_some_and(|after| after.is_empty() || after.starts_with(|c: char| !c.is_alphabetic()))
    });
    is_comment.then_some(close + 1 - at)
}

fn bounded(text: &str) -> &str {
    let end = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}

#[cfg(test)]
mod tests {
    use crate::marks::read_marks;

    #[test]
    fn comments_are_taken_out_and_named() {
        let check = |text: &str, expected: &str, removed: &[&str]| {
            let marked = read_marks(text);
            let words: Vec<&str> = marked.removed.iter().map(|(_, words)| words.as_str()).collect();
            assert_eq!((marked.text.as_str(), &words[..]), (expected, removed), "{text}");
        };
        check("Daily. [Comment: is it?] Yes.", "Daily.  Yes.", &["[Comment: is it?]"]);
        check("[Comment JB, 3 May: is\nit?] Yes.", "\n Yes.", &["[Comment JB, 3 May: is\nit?]"]);
        check("[Commented [JB1]: is it?]", "", &["[Commented [JB1]: is it?]"]);
        check("[DPO: ask again] a", " a", &["[DPO: ask again]"]);
        check("a{>>Is it?<<} b", "a b", &["{>>Is it?<<}"]);
        check(
            "[Is it?]{.comment-start id=\"0\" author=\"Jo Bloggs\" date=\"2026-01-01\"}Daily[]{.comment-end id=\"0\"}.",
            "Daily.",
            &["[Is it?]{.comment-start id=\"0\" author=\"Jo Bloggs\" date=\"2026-01-01\"}", "{.comment-end id=\"0\"}"],
        );
        check("[Notes: on](a) [commentary: x] [1] a]", "Notes: on [commentary: x] [1] a]", &[]);
    }
}
