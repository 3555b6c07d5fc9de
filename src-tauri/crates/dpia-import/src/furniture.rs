//! What the pages carry besides the text: running headers and footers, page numbers, the slogan, the contents, the back
//! cover. It is left out and named, also where it is in the middle of a sentence.

use crate::back_cover::leave_out_back_cover;
use crate::contents::leave_out_contents;
use crate::document::{Document, WordUse};
use crate::running::leave_out_running_lines;
use crate::words::Vocabulary;
use crate::work::count;
use dpia_model::Brand;
use dpia_model::assessment::LeftOutReason;
use std::collections::BTreeMap;
use std::ops::Range;

/// How many lines a cover has at most, empty ones not counted.
const COVER_LINES: usize = 12;

/// The fixed words that surround the form, as numbers.
#[derive(Debug)]
pub(crate) struct Surroundings {
    slogans: Vec<Vec<u32>>,
    header: Vec<u32>,
    wordmark: Vec<u32>,
    pub(crate) site: Vec<u32>,
    pub(crate) rights: Vec<u32>,
    /// Titles of parts and sections, as they may be in the contents.
    pub(crate) titles: Vec<Vec<u32>>,
}

impl Surroundings {
    /// The words of the brand, and the titles of the forms.
    pub(crate) fn new(brand: &Brand, titles: Vec<Vec<u32>>, vocabulary: &mut Vocabulary) -> Self {
        let mut slogans: Vec<Vec<u32>> = [&brand.slogan, &brand.footer].map(|text| vocabulary.learn(text)).to_vec();
        slogans.retain(|slogan| slogan.len() > 3);
        slogans.dedup();
        Self {
            slogans,
            header: vocabulary.learn(&brand.header),
            wordmark: vocabulary.learn(&brand.wordmark),
            site: vocabulary.learn(&brand.site),
            rights: vocabulary.learn("all rights reserved"),
            titles,
        }
    }

    /// Says whether the line holds the wordmark and nothing else.
    pub(crate) fn is_wordmark(&self, document: &Document, line: usize) -> bool {
        has_numbers(document, document.lines[line].words.clone(), &self.wordmark)
    }
}

/// Leaves out what is no text of the assessment. Returns the year of the copyright line.
pub(crate) fn leave_out_furniture(document: &mut Document, known: &Surroundings) -> Option<i16> {
    leave_out_slogans(document, known);
    leave_out_front_wordmarks(document, known);
    leave_out_contents(document, known);
    leave_out_headers(document, known);
    leave_out_running_lines(document);
    leave_out_page_numbers(document);
    leave_out_back_cover(document, known)
}

/// Says whether these words of the document are exactly this wording.
pub(crate) fn has_numbers(document: &Document, words: Range<usize>, numbers: &[u32]) -> bool {
    count(numbers.len());
    words.len() == numbers.len() && document.words[words].iter().zip(numbers).all(|(word, number)| word.number == *number)
}

/// The wordmark on the cover: alone on a line, before the contents or among the first lines.
fn leave_out_front_wordmarks(document: &mut Document, known: &Surroundings) {
    for line in 0..document.lines.len().min(COVER_LINES) {
        if known.is_wordmark(document, line) {
            document.leave_out(document.lines[line].words.clone(), LeftOutReason::Cover);
        }
    }
}

fn leave_out_slogans(document: &mut Document, known: &Surroundings) {
    for slogan in &known.slogans {
        let mut at = 0;
        while at + slogan.len() <= document.words.len() {
            let words = at..at + slogan.len();
            let is_near = document.words[words.end - 1].line - document.words[at].line <= 3;
            if is_near && document.words[at].number == slogan[0] && has_numbers(document, words.clone(), slogan) {
                document.leave_out(words.clone(), LeftOutReason::Slogan);
                at = words.end;
            } else {
                at += 1;
            }
        }
    }
}

fn leave_out_headers(document: &mut Document, known: &Surroundings) {
    let mut named: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for line in 0..document.lines.len() {
        let words = document.lines[line].words.clone();
        let length = known.header.len();
        if words.len() < length
            || words.len() > length + 8
            || document.word_uses[words.clone()].iter().any(|word_use| *word_use != WordUse::Open)
        {
            continue;
        }
        let Some(at) = (words.start..=words.end - length).find(|at| has_numbers(document, *at..at + length, &known.header)) else {
            continue;
        };
        let beside: Vec<String> = (words.start..at).chain(at + length..words.end).map(|word| document.normal(word)).collect();
        // The title on the cover is not a running header, even where the wordmark is before it.
        if is_page_number(&beside, true) {
            document.leave_out(words, LeftOutReason::PageFurniture);
        } else {
            named.entry(beside).or_default().push(line);
        }
    }
    // With the product's name beside it, it is one where it comes again and again.
    for line in named.into_values().filter(|lines| lines.len() > 2).flatten() {
        document.leave_out(document.lines[line].words.clone(), LeftOutReason::PageFurniture);
    }
    leave_out_continued(document, known);
}

/// A title that says on a later page that its section goes on.
fn leave_out_continued(document: &mut Document, known: &Surroundings) {
    for line in 0..document.lines.len() {
        let words = document.lines[line].words.clone();
        if words.len() < 2
            || words.len() > 16
            || document.word_uses[words.start] != WordUse::Open
            || document.normal(words.end - 1) != "continued"
        {
            continue;
        }
        let title = words.start..words.end - 1;
        if known.titles.iter().any(|numbers| has_numbers(document, title.clone(), numbers)) {
            document.leave_out(words, LeftOutReason::PageFurniture);
        }
    }
}

/// `Page 3 of 9`, `page 3`, `3 of 9`, `3`, or nothing where that is enough.
fn is_page_number(words: &[String], nothing_is_enough: bool) -> bool {
    let is_number = |word: &String| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    let words = words.strip_prefix(&["page".to_owned()][..]).unwrap_or(words);
    match words {
        [] => nothing_is_enough,
        [page] => is_number(page),
        [page, of, pages] => is_number(page) && (of == "of" || of == "/") && is_number(pages),
        _ => false,
    }
}

/// `p3`, `p. 3`, `3/12`: the page, and what is next to it.
pub(crate) fn read_short_page(text: &str) -> Option<(u32, String)> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|' | '[' | ']' | '(' | ')'));
    let bare = text.trim_start_matches(['p', 'P', 'g', '.', ' ']);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let (number, pages) = (bare.get(..digits)?.parse().ok()?, &bare[digits..]);
    let has_pages = pages.trim_start().strip_prefix('/').is_some_and(|pages| pages.trim().parse::<u16>().is_ok());
    let is_named = bare.len() < text.len();
    (digits <= 4 && (has_pages || pages.is_empty() && is_named)).then(|| (number, format!("{}{pages}", &text[..text.len() - bare.len()])))
}

fn leave_out_page_numbers(document: &mut Document) {
    let mut lone: Vec<(usize, u32)> = Vec::new();
    for line in 0..document.lines.len() {
        let open: Vec<usize> = document.lines[line].words.clone().filter(|at| document.word_uses[*at] == WordUse::Open).collect();
        let (Some(first), Some(last), true) = (open.first().copied(), open.last().copied(), open.len() <= 4) else { continue };
        let words: Vec<String> = open.iter().map(|at| document.normal(*at)).collect();
        if !is_page_number(&words, false) || document.lines[line].text.contains('\t') {
            continue;
        }
        if !is_bare(document, first, last) {
            continue;
        }
        let stands_apart = document.lines[line].after_blank
            || document.lines[line].after_page
            || line.checked_sub(1).is_some_and(|above| document.is_left_out(above));
        let is_rest = open.len() < document.lines[line].words.len();
        let is_named = words[0] == "page";
        let is_beside = line.checked_sub(1).is_some_and(|above| document.is_left_out(above))
            || (line + 1 < document.lines.len() && (document.is_left_out(line + 1) || document.lines[line + 1].after_page))
            || document.lines[line].after_page;
        if is_rest || is_named || is_beside && stands_apart {
            document.leave_out(first..last + 1, LeftOutReason::PageFurniture);
        } else if let ([page], true) = (&words[..], document.lines[line].after_blank) {
            lone.extend(page.parse().ok().map(|page| (line, page)));
        }
    }
    // Numbers that stand alone and count up by one are the pages.
    let counts_up = |pair: &[(usize, u32)]| pair[1].1 == pair[0].1 + 1;
    if lone.len() >= 3 && lone.windows(2).all(counts_up) {
        for (line, _) in lone {
            document.leave_out(document.lines[line].words.clone(), LeftOutReason::PageFurniture);
        }
    }
}

/// Nothing is at these words that would make them an amount or a sentence.
fn is_bare(document: &Document, first: usize, last: usize) -> bool {
    let (first, last) = (document.words[first], document.words[last]);
    let text = &document.lines[first.line].text;
    let is_plain =
        |letter: char| letter.is_whitespace() || matches!(letter, '-' | '–' | '—' | '|' | '/' | '*' | '_' | '[' | ']' | '(' | ')');
    text[..first.start].chars().next_back().is_none_or(is_plain) && text[last.end..].chars().next().is_none_or(is_plain)
}
