//! Lines that run at the head or foot of pages: they return with nothing but a number changed. They are recognised by how often they
//! return, by the ends of pages beside which they stand, or by the number of a page that they hold. A line that an author
//! repeats has none of these, and stays.

use crate::document::Document;
use crate::furniture::read_short_page;
use crate::lines::Shape;
use dpia_model::assessment::LeftOutReason;
use std::collections::BTreeMap;

/// How many words a running line has, with its number.
const RUNNING_WORDS: std::ops::RangeInclusive<usize> = 2..=14;
/// The fewest words of a line that only returns, and how often it does.
const LEAST_WORDS: usize = 3;
const LEAST_TIMES: usize = 3;
/// The fewest lines between two running lines: a page has more than a list has between its items.
const LEAST_APART: usize = 8;
/// The fewest lines between two that hold the number of a page.
const LEAST_PAGE: usize = 3;
/// By how many pages the number of a running line goes up at most.
const MOST_STEP: u32 = 3;
/// How many lines of a header or footer stand between a line and the end of its page, at most.
const DEEPEST: usize = 4;
/// Words with which a line begins that sends its reader to a page.
const SENDING: [&str; 8] = ["see", "refer", "from", "on", "in", "at", "as", "cf"];

/// A line without one of its numbers.
#[derive(Debug, Clone, Copy)]
struct NumberedLine {
    line: usize,
    number: u32,
    /// It is long enough to be known by its return alone.
    is_long: bool,
    /// The number is that of a page: "Page 1 of 2".
    is_page: bool,
}

/// The words of a line without one of its numbers, and where that stood.
type WithoutNumber = (usize, Vec<String>);

/// Leaves such lines out.
pub(crate) fn leave_out_running_lines(document: &mut Document) {
    let mut returns: BTreeMap<WithoutNumber, Vec<NumberedLine>> = BTreeMap::new();
    for line in 0..document.lines.len() {
        collect_numbers(document, line, &mut returns);
    }
    let pages = count_pages(document);
    let running: Vec<usize> = returns
        .into_values()
        .filter(|places| returns_far(places) || is_at_ends(document, &pages, places) || counts_pages(document, places))
        .flatten()
        .map(|place| place.line)
        .collect();
    for line in running {
        document.leave_out(document.lines[line].words.clone(), LeftOutReason::PageFurniture);
    }
}

fn collect_numbers(document: &Document, line: usize, returns: &mut BTreeMap<WithoutNumber, Vec<NumberedLine>>) {
    let at = &document.lines[line];
    if document.is_left_out(line) {
        return;
    }
    if at.words.len() <= 2
        && let Some((number, rest)) = read_short_page(&at.text)
    {
        returns.entry((0, vec![rest])).or_default().push(NumberedLine { line, number, is_long: true, is_page: false });
        return;
    }
    if !RUNNING_WORDS.contains(&at.words.len()) || at.shape != Shape::Plain {
        return;
    }
    let words = document.normal_line(line);
    for (place, word) in words.iter().enumerate().filter(|(_, word)| word.len() <= 4) {
        let Ok(number) = word.parse() else { continue };
        let mut rest = words.clone();
        rest.remove(place);
        let is_long = words.len() >= LEAST_WORDS && !at.is_piped;
        let is_page = holds_page(document, line, &words, place);
        returns.entry((place, rest)).or_default().push(NumberedLine { line, number, is_long, is_page });
    }
}

/// "Page 3 of 9", "p. 3/9" anywhere in a line, or "Page 3" that is parted from the rest of it.
fn holds_page(document: &Document, line: usize, words: &[String], place: usize) -> bool {
    let is_named = place.checked_sub(1).is_some_and(|before| matches!(words[before].as_str(), "page" | "pg" | "p"));
    if !is_named || is_sentence(document, line) || words.first().is_some_and(|word| SENDING.contains(&word.as_str())) {
        return false;
    }
    let (text, first) = (&document.lines[line].text, document.lines[line].words.start);
    let is_number = |word: Option<&String>| word.is_some_and(|word| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()));
    let after = &text[document.words[first + place].end..];
    let has_total = words.get(place + 1).is_some_and(|word| word == "of") && is_number(words.get(place + 2))
        || after.trim_start().starts_with('/') && is_number(words.get(place + 1));
    let before = &text[..document.words[first + place - 1].start];
    let is_mark = |c: char| matches!(c, '|' | '–' | '—' | '-' | '·' | '•' | '\t' | ',');
    let parts = |text: &str, space: &str| text.trim_matches([' ', '*', '_']).is_empty() || text.contains(space);
    let is_parted = (parts(before, "  ") || before.trim_end_matches([' ', '*', '_', '(', '[']).ends_with(|c| is_mark(c) && c != ','))
        && (parts(after, "  ") || after.trim_start_matches([' ', '*', '_', ')', ']']).starts_with(is_mark));
    has_total || is_parted
}

/// It ends as a sentence does.
fn is_sentence(document: &Document, line: usize) -> bool {
    document.lines[line].text.trim_end().ends_with(['.', '!', '?', ',', ';', ':'])
}

/// They return three times or more, far apart, and count up.
fn returns_far(places: &[NumberedLine]) -> bool {
    let is_step = |pair: &[NumberedLine]| steps(pair) && pair[1].line - pair[0].line >= LEAST_APART;
    places.len() >= LEAST_TIMES && places.iter().all(|place| place.is_long) && places.windows(2).all(is_step)
}

fn steps(pair: &[NumberedLine]) -> bool {
    pair[1].number > pair[0].number && pair[1].number - pair[0].number <= MOST_STEP
}

/// All are at the heads of pages, or all at their feet, and their numbers go up as the pages do.
fn is_at_ends(document: &Document, pages: &[u32], places: &[NumberedLine]) -> bool {
    let goes_along = |pair: &[NumberedLine]| steps(pair) && pair[1].number - pair[0].number == pages[pair[1].line] - pages[pair[0].line];
    places.len() > 1
        && places.windows(2).all(goes_along)
        && !places.iter().any(|place| is_sentence(document, place.line))
        && (places.iter().all(|place| is_head(document, place.line)) || places.iter().all(|place| is_foot(document, place.line)))
}

/// They hold the numbers of pages, each on a line of its own.
fn counts_pages(document: &Document, places: &[NumberedLine]) -> bool {
    let is_apart = |pair: &[NumberedLine]| pair[1].line - pair[0].line >= LEAST_PAGE;
    let counts = places.windows(2).all(steps) || places.len() >= LEAST_TIMES;
    places.len() > 1
        && counts
        && places.windows(2).all(is_apart)
        && places.iter().all(|place| {
            place.is_page && (is_alone(document, place.line) || is_head(document, place.line) || is_foot(document, place.line))
        })
}

/// An empty line, the end of a page, or what runs there is above and below.
fn is_alone(document: &Document, line: usize) -> bool {
    let begins = |line: usize| document.lines.get(line).is_none_or(|at| at.after_blank || at.after_page);
    let is_gone = |line: Option<usize>| line.is_some_and(|line| line < document.lines.len() && document.is_left_out(line));
    (begins(line) || is_gone(line.checked_sub(1))) && (begins(line + 1) || is_gone(Some(line + 1)))
}

/// By line: how many pages end before it.
fn count_pages(document: &Document) -> Vec<u32> {
    let mut pages = 0;
    let lines = document.lines.iter().enumerate();
    lines
        .map(|(at, line)| {
            pages += u32::from(line.after_page && at > 0);
            pages
        })
        .collect()
}

/// A page begins above a line; only what runs there is between.
fn is_head(document: &Document, line: usize) -> bool {
    let mut at = line;
    for _ in 0..DEEPEST {
        if at == 0 || document.lines[at].after_page {
            return true;
        }
        if !document.is_left_out(at - 1) {
            return false;
        }
        at -= 1;
    }
    false
}

/// A page ends below a line.
fn is_foot(document: &Document, line: usize) -> bool {
    for at in line + 1..line + 1 + DEEPEST {
        match document.lines.get(at) {
            None => return true,
            Some(below) if below.after_page => return true,
            Some(_) if !document.is_left_out(at) => return false,
            Some(_) => {}
        }
    }
    false
}
