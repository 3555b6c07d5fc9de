//! Whether words that read like wording of the form are there as its wording, or are quoted: in the middle of a sentence,
//! in quotation marks, or in an item of a list they are words of the answer.

use crate::lines::Shape;
use crate::matching::Stream;
use crate::work::count;
use std::ops::Range;

/// How far back a quotation mark is looked for, in bytes.
const MOST_BACK: usize = 600;

/// How a phrase is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It is quoted, or a part of a sentence.
    Quoted,
    /// It is an item of a list.
    Item,
    /// It begins after another sentence on the same line, or goes on in a small letter.
    Doubtful,
    /// It begins where a paragraph or a cell begins, or where other wording ends.
    Own,
}

/// How the words of a phrase stand. They may follow other wording directly.
pub(crate) fn standing_of(stream: &Stream<'_>, words: &Range<usize>, after_wording: bool) -> Standing {
    if is_in_quotes(stream, words.start) {
        return Standing::Quoted;
    }
    let line = &stream.document.lines[stream.line(words.start)];
    let starts_line = stream.gap_before(words.start).is_none();
    let own = if after_wording || starts_line && is_fresh(stream, words.start) || starts_cell(stream, words.start) {
        Standing::Own
    } else if starts_line || stream.is_boundary(words.start) {
        Standing::Doubtful
    } else {
        return Standing::Quoted;
    };
    if matches!(line.shape, Shape::Bullet | Shape::Number(_)) && !after_wording {
        return Standing::Item;
    }
    match (goes_on(stream, words.end), own) {
        (true, Standing::Own) => Standing::Doubtful,
        (true, Standing::Doubtful | Standing::Item | Standing::Quoted) => Standing::Quoted,
        (false, own) => own,
    }
}

/// A line begins a paragraph: after an empty line or a title, after the end of a sentence, or after a line that had room.
fn is_fresh(stream: &Stream<'_>, at: usize) -> bool {
    let lines = &stream.document.lines;
    let line = stream.line(at);
    let here = &lines[line];
    if here.after_blank || here.after_page || stream.is_heading(at) || at == 0 {
        return true;
    }
    let Some(above) = line.checked_sub(1).map(|above| &lines[above]) else { return true };
    count(above.text.len());
    let text = above.text.trim_end();
    let widest = lines[line.saturating_sub(3)..(line + 4).min(lines.len())].iter().map(|line| line.width).max().unwrap_or_default();
    above.shape == Shape::Heading
        || above.hard_break
        || stream.line(at - 1) + 1 < line
        || text.ends_with(['.', '?', '!', ':', ';', '\t'])
        || text.contains('\t')
        || above.width + 1 + here.lead < widest * 4 / 5
}

fn starts_cell(stream: &Stream<'_>, at: usize) -> bool {
    stream.gap_before(at).is_some_and(|gap| gap.contains(['\t', '|', '\u{b}']) || gap.contains("  "))
}

/// The sentence goes on after a phrase: in a small letter on the same line, but for "yes" and "no".
fn goes_on(stream: &Stream<'_>, end: usize) -> bool {
    let Some(gap) = (end < stream.words.len()).then(|| stream.gap_before(end)).flatten() else { return false };
    let word = stream.document.word(stream.words[end]);
    let is_cell =
        gap.contains(['\t', ':', '|', '–', '—', '-']) || gap.contains("  ") || gap.chars().any(|c| crate::boxes::is_ticked(c).is_some());
    !is_cell && word.starts_with(char::is_lowercase) && !matches!(word, "yes" | "no")
}

/// A quotation mark opens before a word of its paragraph, and is not closed before it.
fn is_in_quotes(stream: &Stream<'_>, at: usize) -> bool {
    let word = stream.document.words[stream.words[at]];
    let line = &stream.document.lines[word.line];
    let before = &line.text[..word.start];
    let is_single = before.ends_with(['\'', '‘', '‚', '`', '‹'])
        && before.chars().rev().nth(1).is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '['));
    is_single || is_open(before).unwrap_or_else(|| quote_above(stream, word.line))
}

/// Whether a quotation is open at the end of a text; none where there is no mark in it.
fn is_open(text: &str) -> Option<bool> {
    let from = text.len().saturating_sub(MOST_BACK);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    count(text.len() - from);
    let text = &text[from..];
    let last = text.chars().rev().find(|c| matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '\u{ff02}'))?;
    Some(match last {
        '“' | '„' | '«' => true,
        '”' | '»' => false,
        _ => text.matches(last).count() % 2 == 1,
    })
}

/// Whether a quotation is open at the end of the line above, in the same paragraph.
fn quote_above(stream: &Stream<'_>, line: usize) -> bool {
    let lines = &stream.document.lines;
    let mut at = line;
    for _ in 0..4 {
        let Some(above) = at.checked_sub(1).filter(|_| !lines[at].after_blank && !lines[at].after_page && lines[at].shape == Shape::Plain)
        else {
            return false;
        };
        if let Some(is_open) = is_open(&lines[above].text) {
            return is_open;
        }
        at = above;
    }
    false
}
