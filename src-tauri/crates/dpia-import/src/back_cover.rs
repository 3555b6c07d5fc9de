//! The back cover: wordmark, slogan, client, site and the copyright paragraph. It is left out, and what is after it
//! belongs to no answer.

use crate::document::Document;
use crate::furniture::{Surroundings, has_numbers};
use crate::words::{normalise, split_words};
use dpia_model::assessment::LeftOutReason;
use std::collections::HashSet;
use std::ops::Range;

/// How many lines a copyright paragraph has at most.
const COPYRIGHT_LINES: usize = 15;
/// The fewest lines by which a back cover is known that does not end the document.
const LEAST_LINES: usize = 2;
/// The most wordmarks that are lines of back covers.
const MOST_WORDMARKS: usize = 3;
/// The most titles of the form that follow a back cover: those of what is kept inside.
const MOST_TITLES: usize = 8;

/// Leaves the back cover out. Returns the year of its copyright line.
pub(crate) fn leave_out_back_cover(document: &mut Document, known: &Surroundings) -> Option<i16> {
    let year = leave_out_found_cover(document, known);
    document.cover_signs = find_cover_signs(document, known);
    year
}

/// Lines of a back cover that were not left out, since other words stand among them.
fn find_cover_signs(document: &Document, known: &Surroundings) -> Vec<usize> {
    let is_open = |line: &usize| !document.lines[*line].words.is_empty() && !document.is_left_out(*line);
    let lines: Vec<usize> = (document.lines.len() / 2..document.lines.len()).filter(is_open).collect();
    let wordmarks = lines.iter().filter(|line| known.is_wordmark(document, **line)).count();
    let is_sign = |line: usize| {
        let at = &document.lines[line];
        let is_apart = at.after_blank || at.after_page;
        match read_cover_line(document, line, known) {
            // One that comes again and again runs at the head of pages.
            Some(CoverLine::Wordmark) => is_apart && wordmarks <= MOST_WORDMARKS,
            Some(CoverLine::Fixed(_)) => is_apart,
            Some(CoverLine::Left) => false,
            None => {
                is_site(document, line, known)
                    || is_apart && (is_number_to_call(&at.text) || find_copyright_end(document, line, known).is_some())
            }
        }
    };
    lines.into_iter().filter(|line| is_sign(*line)).collect()
}

/// A short line that ends with the site: an address, or a mailbox.
fn is_site(document: &Document, line: usize, known: &Surroundings) -> bool {
    let words = document.lines[line].words.clone();
    let length = known.site.len();
    words.len() >= length && words.len() <= length + 3 && has_numbers(document, words.end - length..words.end, &known.site)
}

/// "0345 200 8600": digits, and nothing but what parts them.
fn is_number_to_call(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (9..=16).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '(' | ')' | '-'))
}

fn leave_out_found_cover(document: &mut Document, known: &Surroundings) -> Option<i16> {
    let last = document.lines.len();
    let (is_there, year) = leave_out_cover(document, known, last);
    if is_there {
        return year;
    }
    let end = find_cover_end(document, known)?;
    document.back_cover = Some(end);
    leave_out_cover(document, known, end).1
}

/// Where a back cover ends after which the document goes on: in its second half, with at most a few titles of the form after
/// it.
fn find_cover_end(document: &Document, known: &Surroundings) -> Option<usize> {
    let titles: HashSet<&[u32]> = known.titles.iter().map(Vec::as_slice).collect();
    let mut titles_below = 0;
    let mut line = document.lines.len();
    while line * 2 > document.lines.len() {
        line -= 1;
        let numbers: Vec<u32> = document.lines[line].words.clone().take(24).map(|at| document.words[at].number).collect();
        titles_below += usize::from(titles.contains(&numbers[..]));
        if titles_below > MOST_TITLES {
            return None;
        }
        let copyright = find_copyright_end(document, line, known);
        let is_fixed = matches!(read_cover_line(document, line, known), Some(CoverLine::Fixed(_)));
        if copyright.is_none() && !is_fixed {
            continue;
        }
        let end = copyright.unwrap_or(line + 1);
        let above = (0..line).rev().take_while(|line| is_cover(document, *line, known)).take(LEAST_LINES).count();
        if above + 1 >= LEAST_LINES {
            return Some(end);
        }
    }
    None
}

fn is_cover(document: &Document, line: usize, known: &Surroundings) -> bool {
    !document.lines[line].words.is_empty() && read_cover_line(document, line, known).is_some()
}

/// Where the copyright paragraph ends that begins on this line.
fn find_copyright_end(document: &Document, start: usize, known: &Surroundings) -> Option<usize> {
    let text = document.lines[start].text.trim_start_matches(['*', '_', ' ']).to_lowercase();
    if !["©", "(c)", "copyright"].iter().any(|mark| text.starts_with(mark)) {
        return None;
    }
    let lines = (start + 1..document.lines.len()).take(COPYRIGHT_LINES - 1).take_while(|line| !document.lines[*line].after_blank);
    let end = lines.last().unwrap_or(start);
    let words = document.lines[start].words.start..document.lines[end].words.end;
    read_copyright(document, words, known).map(|_| end + 1)
}

/// From the line before this one upwards, as far as its lines go. Says whether a cover is there, and its year.
fn leave_out_cover(document: &mut Document, known: &Surroundings, end: usize) -> (bool, Option<i16>) {
    let mut year = None;
    let (mut found, mut is_there) = (false, false);
    let mut wordmarks = Vec::new();
    let mut line = end;
    while line > 0 {
        let words = document.lines[line - 1].words.clone();
        match read_cover_line(document, line - 1, known) {
            Some(CoverLine::Left) => found |= !words.is_empty(),
            Some(CoverLine::Wordmark) => wordmarks.push(words),
            Some(CoverLine::Fixed(reason)) => {
                (found, is_there) = (true, true);
                document.leave_out(words, reason);
            }
            None => {
                let Some((start, read)) = find_copyright(document, line, known) else { break };
                (found, is_there, year) = (true, true, year.or(Some(read)));
                document.leave_out(document.lines[start].words.start..words.end, LeftOutReason::Cover);
                line = start + 1;
            }
        }
        line -= 1;
    }
    // A wordmark at the end is the cover's where more of the cover is there.
    for words in wordmarks.into_iter().filter(|_| found) {
        is_there = true;
        document.leave_out(words, LeftOutReason::Cover);
    }
    (is_there, year)
}

/// The copyright paragraph that ends before this line: its first line, and its year.
fn find_copyright(document: &Document, end: usize, known: &Surroundings) -> Option<(usize, i16)> {
    for start in (end.saturating_sub(COPYRIGHT_LINES)..end).rev() {
        let words = document.lines[start].words.start..document.lines[end - 1].words.end;
        if let Some(year) = read_copyright(document, words, known) {
            return Some((start, year));
        }
        if document.lines[start].after_blank {
            return None;
        }
    }
    None
}

enum CoverLine {
    Wordmark,
    /// It is left out already.
    Left,
    Fixed(LeftOutReason),
}

fn read_cover_line(document: &Document, line: usize, known: &Surroundings) -> Option<CoverLine> {
    let words = document.lines[line].words.clone();
    if words.is_empty() || document.is_left_out(line) {
        return Some(CoverLine::Left);
    }
    if known.is_wordmark(document, line) {
        return Some(CoverLine::Wordmark);
    }
    let www = usize::from(document.normal(words.start) == "www");
    if has_numbers(document, words.start + www..words.end, &known.site) {
        return Some(CoverLine::Fixed(LeftOutReason::Cover));
    }
    let text = &document.lines[line].text;
    let label = split_words(text).first().map(|range| (normalise(&text[range.clone()]), range.end));
    match label {
        Some((label, end)) if label == "client" && (words.len() == 1 || text[end..].trim_start().starts_with([':', '\t', '-', '–'])) => {
            Some(CoverLine::Fixed(if is_placeholder(&document.normal_line(line)[1..]) {
                LeftOutReason::Placeholder
            } else {
                LeftOutReason::Cover
            }))
        }
        _ => None,
    }
}

/// `Name Here`, `Client name`, or nothing.
fn is_placeholder(words: &[String]) -> bool {
    let fixed = ["name", "here", "client", "insert", "enter", "customer", "school", "tbc"];
    words.iter().all(|word| fixed.contains(&word.as_str()))
}

/// The year of a copyright paragraph, 0 where it has none; none where the paragraph is something else.
fn read_copyright(document: &Document, words: Range<usize>, known: &Surroundings) -> Option<i16> {
    if words.len() < known.rights.len() + 1 || words.len() > 120 {
        return None;
    }
    let text = document.text_of(words.clone()).to_lowercase();
    let is_marked = ["©", "(c)", "copyright"].iter().any(|mark| text.trim_start_matches(['*', '_']).starts_with(mark));
    let rights = known.rights.len();
    let has_rights = words.clone().any(|at| at + rights <= words.end && has_numbers(document, at..at + rights, &known.rights));
    if !is_marked || !has_rights {
        return None;
    }
    let mut years = words.map(|at| document.normal(at)).filter(|word| word.len() == 4).filter_map(|word| word.parse::<i16>().ok());
    years.find(|year| (1990..2100).contains(year)).or(Some(0))
}
