//! A document as lines without marks, and as one stream of words. Each word has one use in the end, so that none can
//! get lost.

use crate::boxes;
use crate::lines::{RawLine, Shape, split_lines};
use crate::marks::{Marked, Span, read_marks};
use crate::words::{Vocabulary, normalise, split_words};
use crate::work::count;
use dpia_model::assessment::LeftOutReason;
use std::ops::Range;

/// A line of the document, without its marks.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) shape: Shape,
    /// How deep a heading is, from 1; 0 where it is none.
    pub(crate) level: u8,
    /// The bullet of an item.
    pub(crate) bullet: Option<char>,
    pub(crate) indent: usize,
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
    pub(crate) hard_break: bool,
    pub(crate) after_blank: bool,
    /// How many empty lines stand before it.
    pub(crate) blanks: usize,
    pub(crate) after_page: bool,
    pub(crate) is_piped: bool,
    /// How wide the line is as it was drawn, and its first word, in characters.
    pub(crate) width: usize,
    pub(crate) lead: usize,
    /// Where its text is shifted against the line with marks: from this byte on, by so many bytes.
    pub(crate) shifts: Vec<(usize, usize)>,
    /// Its words in the stream.
    pub(crate) words: Range<usize>,
}

impl Line {
    /// In which column of the line as it was drawn a byte of its text is.
    pub(crate) fn column(&self, byte: usize) -> usize {
        let at = self.shifts.partition_point(|(from, _)| *from <= byte);
        let shift = at.checked_sub(1).map_or(0, |at| self.shifts[at].1);
        self.text[..byte].chars().count() + shift
    }
}

/// A word of the stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// The index of its line.
    pub(crate) line: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Its number in the vocabulary.
    pub(crate) number: u32,
}

/// What became of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordUse {
    /// Not decided yet.
    Open,
    /// It is wording of the form.
    Wording,
    /// It is wording that differs from the form's, and is in a difference.
    Difference,
    /// It is in an answer or in the details.
    Answer,
    /// It is kept without a place.
    Unplaced,
    /// It is left out on purpose.
    LeftOut,
}

/// Words that are left out, as one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Removal {
    pub(crate) reason: LeftOutReason,
    /// The index of the first line.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// A document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) lines: Vec<Line>,
    pub(crate) words: Vec<Word>,
    pub(crate) word_uses: Vec<WordUse>,
    pub(crate) removals: Vec<Removal>,
    /// The first line after the back cover.
    pub(crate) back_cover: Option<usize>,
    /// Lines of a back cover that are there still.
    pub(crate) cover_signs: Vec<usize>,
    /// The width at which the form's own sentences are broken; none where they are not.
    pub(crate) wrap_width: Option<usize>,
}

impl Document {
    /// Reads a text; words of the vocabulary get its numbers.
    pub(crate) fn read(text: &str, vocabulary: &Vocabulary) -> Self {
        let raw = split_lines(text);
        let (words, word_uses, removals) = (Vec::new(), Vec::new(), Vec::new());
        let mut document = Self {
            lines: Vec::with_capacity(raw.len()),
            words,
            word_uses,
            removals,
            back_cover: None,
            cover_signs: Vec::new(),
            wrap_width: None,
        };
        let mut rest = &raw[..];
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(chunk_length(rest));
            document.push_chunk(chunk, vocabulary);
            rest = after;
        }
        document.word_uses = vec![WordUse::Open; document.words.len()];
        document
    }

    fn push_chunk(&mut self, chunk: &[RawLine], vocabulary: &Vocabulary) {
        let joined = chunk.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        let marked = read_marks(&joined);
        let first = self.lines.len();
        let (mut line, mut counted) = (first, 0);
        let mut removed: Vec<&(usize, String)> = marked.removed.iter().collect();
        removed.sort_by_key(|(at, _)| *at);
        for (at, words) in removed {
            line += marked.text[counted..*at].matches('\n').count();
            counted = *at;
            self.removals.push(Removal { reason: LeftOutReason::ConversionMark, line, text: words.clone() });
        }
        let mut start = 0;
        for raw in chunk {
            let end = marked.text[start..].find('\n').map_or(marked.text.len(), |length| start + length);
            self.push_line(raw, &marked, start..end, vocabulary);
            start = (end + 1).min(marked.text.len());
        }
    }

    fn push_line(&mut self, raw: &RawLine, marked: &Marked, range: Range<usize>, vocabulary: &Vocabulary) {
        let text = marked.text[range.clone()].to_owned();
        let first = self.words.len();
        let line = self.lines.len();
        for word in split_words(&text) {
            let number = vocabulary.number(&text[word.clone()]);
            self.words.push(Word { line, start: word.start, end: word.end, number });
        }
        let from = marked.spans.partition_point(|span| span.end <= range.start);
        count(range.len());
        let spans = marked.spans[from..]
            .iter()
            .take_while(|span| span.start < range.end)
            .map(|span| Span {
                start: span.start.max(range.start) - range.start,
                end: span.end.min(range.end) - range.start,
                ..span.clone()
            })
            .collect();
        let from = marked.shifts.partition_point(|(from, _)| *from < range.start);
        let base = from.checked_sub(1).map_or(0, |before| marked.shifts[before].1);
        let shifts = marked.shifts[from..]
            .iter()
            .take_while(|(from, _)| *from < range.end)
            .map(|(from, shift)| (from - range.start, shift.saturating_sub(base)))
            .collect();
        self.lines.push(Line {
            shifts,
            number: raw.number,
            shape: raw.shape,
            level: raw.level,
            bullet: raw.bullet,
            indent: raw.indent,
            text,
            spans,
            hard_break: raw.hard_break,
            after_blank: raw.after_blank,
            blanks: raw.blanks,
            after_page: raw.after_page,
            is_piped: raw.is_piped,
            width: raw.width,
            lead: raw.lead,
            words: first..self.words.len(),
        });
    }

    /// A word as it is.
    pub(crate) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &self.lines[word.line].text[word.start..word.end])
    }

    /// A word as it is compared.
    pub(crate) fn normal(&self, at: usize) -> String {
        normalise(self.word(at))
    }

    /// The words of a line as they are compared.
    pub(crate) fn normal_line(&self, line: usize) -> Vec<String> {
        count(self.lines[line].words.len());
        self.lines[line].words.clone().map(|at| self.normal(at)).collect()
    }

    /// The text from one word to another, with its punctuation; lines with a space between.
    pub(crate) fn text_of(&self, words: Range<usize>) -> String {
        let (Some(first), Some(last)) = (self.words.get(words.start), words.end.checked_sub(1).and_then(|at| self.words.get(at))) else {
            return String::new();
        };
        let mut parts = Vec::new();
        count(words.len() + last.line - first.line);
        for at in first.line..=last.line {
            let line = &self.lines[at];
            let start = if at == first.line && words.start > line.words.start { first.start } else { 0 };
            let end = if at == last.line { self.tail_of(words.end - 1) } else { line.text.len() };
            parts.push(collapse_spaces(&line.text[start..end.max(start)]));
        }
        boxes::spell_boxes(parts.join(" ").trim())
    }

    /// Where the punctuation that hangs on a word ends, in bytes of its line.
    pub(crate) fn tail_of(&self, at: usize) -> usize {
        let word = self.words[at];
        let line = &self.lines[word.line];
        let limit = self.words.get(at + 1).filter(|next| next.line == word.line).map_or(line.text.len(), |next| next.start);
        let tail = &line.text[word.end..limit];
        let stop = tail.find(|c: char| c.is_whitespace() || boxes::is_ticked(c).is_some() || matches!(c, '(' | '[' | '“' | '‘'));
        match stop {
            Some(length) => word.end + length,
            None if limit == line.text.len() => limit,
            // The next word follows without a space: nothing hangs.
            None => word.end,
        }
    }

    /// Sets what became of words, whatever was thought of them before.
    pub(crate) fn decide(&mut self, words: Range<usize>, word_use: WordUse) {
        if let Some(word_uses) = self.word_uses.get_mut(words) {
            word_uses.fill(word_use);
        }
    }

    /// Leaves words out, and keeps account of it. Words that are left out already stay as they are.
    pub(crate) fn leave_out(&mut self, words: Range<usize>, reason: LeftOutReason) {
        let mut at = words.start;
        while at < words.end.min(self.words.len()) {
            let is_gone = |at: usize| self.word_uses[at] == WordUse::LeftOut;
            let end = (at..words.end.min(self.words.len())).find(|next| is_gone(*next) != is_gone(at)).unwrap_or(words.end);
            if !is_gone(at) {
                let text = self.text_of(at..end).trim_matches(['*', '_', ' ']).to_owned();
                let removal = Removal { reason, line: self.words[at].line, text };
                self.removals.push(removal);
                self.decide(at..end, WordUse::LeftOut);
            }
            at = end;
        }
    }

    /// Says whether every word of the line is left out, and there is one.
    pub(crate) fn is_left_out(&self, line: usize) -> bool {
        let words = self.lines[line].words.clone();
        !words.is_empty() && self.word_uses[words].iter().all(|word_use| *word_use == WordUse::LeftOut)
    }

    /// Says whether a word is struck through.
    pub(crate) fn is_struck(&self, at: usize) -> bool {
        let word = self.words[at];
        let spans = &self.lines[word.line].spans;
        spans.get(spans.partition_point(|span| span.end <= word.start)).is_some_and(|span| span.struck)
    }

    /// Says whether the whole line is set in bold.
    pub(crate) fn is_bold(&self, line: usize) -> bool {
        let line = &self.lines[line];
        count(line.spans.len());
        line.spans.iter().any(|span| span.bold)
            && line.spans.iter().all(|span| span.bold || line.text[span.start..span.end].trim().is_empty())
    }
}

/// Every run of spaces as one.
pub(crate) fn collapse_spaces(text: &str) -> String {
    text.split(char::is_whitespace).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The most lines of a paragraph over which a mark may go.
const MOST_LINES: usize = 300;
/// The most bytes of such a paragraph, where it has more than one line.
const MOST_BYTES: usize = 256 * 1024;

/// How many lines belong to one paragraph, in which a mark may open on one line and close on another.
fn chunk_length(lines: &[RawLine]) -> usize {
    let is_row = |line: &RawLine| line.text.contains('\t');
    let Some(first) = lines.first() else { return 0 };
    if first.shape == Shape::Heading || is_row(first) {
        return 1;
    }
    let follows = |line: &RawLine| !line.after_blank && !line.after_page && line.shape == Shape::Plain && !is_row(line);
    let mut bytes = first.text.len();
    let mut length = 1;
    for line in lines[1..].iter().take(MOST_LINES - 1).take_while(|line| follows(line)) {
        bytes += line.text.len();
        if bytes > MOST_BYTES {
            break;
        }
        length += 1;
    }
    length
}
