//! Line breaks: which of them the width of a page made, and which were meant. A break that the width made leaves no room for
//! the next word; whether lines are broken at a width at all shows in the wording of the form, in the other blocks of the
//! answer, and in sentences that go on in a small letter.

use crate::chain::Anchor;
use crate::document::Document;
use crate::lines::Shape;
use crate::place::Fragment;
use crate::work::count;
use std::ops::Range;

/// The least width at which anything is broken, in characters.
const LEAST_WIDTH: usize = 40;
/// The fewest breaks inside the form's own sentences by which a document is known to be broken at a width.
const LEAST_BREAKS: usize = 3;
/// How far the words that are set in another type may change the width of a line.
const SLACK: usize = 4;
/// The fewest lines, and the least width of the widest, of a block that is known to be full by its sentences alone.
const LEAST_FULL: usize = 3;
const LEAST_FULL_WIDTH: usize = 56;
/// The most lines of an address.
const LONGEST_ADDRESS: usize = 8;
/// Words that no sentence ends with.
const UNFINISHED: [&str; 40] = [
    "a", "an", "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "from", "with", "within", "into", "is", "are", "was", "were",
    "be", "been", "has", "have", "will", "would", "may", "can", "which", "that", "as", "if", "our", "their", "its", "this", "these", "not",
    "than", "such",
];

/// What a line break is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Break {
    /// The width of the page made it: the line goes on.
    Wrapped,
    /// It was meant, and a paragraph ends here.
    Paragraph,
    /// It was meant, inside an item or an address.
    Line,
}

/// How a document breaks its lines, by the wording of the form: a break that leaves room for fewer characters than this was
/// made by the width.
pub(crate) fn find_wrap_width(document: &Document, anchors: &[Anchor], stream_words: &[usize]) -> Option<usize> {
    let mut reaches = Vec::new();
    let mut widest = 0;
    for anchor in anchors.iter().filter(|anchor| anchor.candidate.is_exact) {
        for pair in stream_words[anchor.candidate.words.clone()].windows(2) {
            let (above, below) = (document.words[pair[0]].line, document.words[pair[1]].line);
            if below == above + 1 && !document.lines[below].after_blank && !document.lines[below].after_page {
                reaches.push(document.lines[above].width + 1 + document.lines[below].lead);
                widest = widest.max(document.lines[above].width);
            }
        }
    }
    let nearest = reaches.iter().copied().min().filter(|_| reaches.len() >= LEAST_BREAKS)?;
    let width = if nearest > widest { widest + 1 } else { nearest.saturating_sub(SLACK) };
    (width >= LEAST_WIDTH).then_some(width)
}

/// By piece: the break before it.
pub(crate) fn judge_breaks(document: &Document, pieces: &[Fragment]) -> Vec<Break> {
    let mut breaks = vec![Break::Paragraph; pieces.len()];
    let blocks: Vec<Block<'_>> =
        split_blocks(document, pieces).into_iter().map(|pieces_of| Block::new(document, pieces, pieces_of)).collect();
    let width = WrapWidth::of(&blocks);
    for block in &blocks {
        let is_address = block.is_address();
        for at in 1..block.lines.len() {
            // A line without a word is no line of its own.
            let has_words = block.lines[at].text.chars().any(char::is_alphanumeric);
            breaks[block.range.start + at] = match (!has_words || block.wraps(at, width), is_address || block.is_item) {
                (true, _) => Break::Wrapped,
                (false, true) => Break::Line,
                (false, false) => Break::Paragraph,
            };
        }
    }
    breaks
}

/// Says whether a line of text ends in the middle of a sentence.
pub(crate) fn ends_unfinished(text: &str) -> bool {
    let text = text.trim_end();
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    text.ends_with(',') || UNFINISHED.contains(&last.as_str())
}

/// Lines between which nothing but a line end is.
fn split_blocks(document: &Document, pieces: &[Fragment]) -> Vec<Range<usize>> {
    let is_row = |piece: &Fragment| piece.starts_line && document.lines[piece.line].text.trim().contains('\t');
    let mut blocks: Vec<Range<usize>> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let line = &document.lines[piece.line];
        let goes_on = at > 0
            && piece.starts_line
            && line.shape == Shape::Plain
            && !piece.after_blank
            && !piece.after_page
            && !piece.after_wording
            && !is_row(piece)
            && !is_row(&pieces[at - 1])
            && document.lines[pieces[at - 1].line].shape != Shape::Heading;
        match blocks.last_mut().filter(|_| goes_on) {
            Some(block) => block.end = at + 1,
            None => blocks.push(at..at + 1),
        }
    }
    blocks.retain(|block| block.len() > 1);
    blocks
}

/// The width at which an answer is broken, as its own blocks show it.
#[derive(Clone, Copy)]
struct WrapWidth {
    /// The widest line that was broken.
    least: usize,
    /// A line of this width no longer fits.
    too_wide: usize,
}

impl WrapWidth {
    /// None where no block is known to be broken at a width.
    fn of(blocks: &[Block<'_>]) -> Option<Self> {
        let wrapped = || blocks.iter().filter(|block| block.is_wrapped);
        let least = wrapped().map(|block| block.widest).max()?;
        let nearest = wrapped().flat_map(|block| (1..block.lines.len()).map(|at| block.reach(at))).min()?;
        // Blocks that were broken at more than one width say only what the widest of them says.
        Some(Self { least, too_wide: nearest.max(least + 1) })
    }
}

/// A line of a block.
struct BlockLine<'d> {
    text: &'d str,
    width: usize,
    lead: usize,
}

/// Lines that follow one another without an empty one.
struct Block<'d> {
    range: Range<usize>,
    lines: Vec<BlockLine<'d>>,
    widest: usize,
    is_item: bool,
    /// No line had room for the next word, and a sentence goes on over one of the breaks.
    is_wrapped: bool,
    /// Where the document's own sentences break.
    wrap_width: Option<usize>,
}

impl<'d> Block<'d> {
    fn new(document: &'d Document, pieces: &[Fragment], range: Range<usize>) -> Self {
        let lines: Vec<BlockLine<'d>> = pieces[range.clone()]
            .iter()
            .map(|piece| {
                let line = &document.lines[piece.line];
                BlockLine { text: line.text[piece.bytes.clone()].trim(), width: line.width, lead: line.lead }
            })
            .collect();
        let first = &pieces[range.start];
        let is_item = first.starts_line && matches!(document.lines[first.line].shape, Shape::Bullet | Shape::Number(_));
        let widest = lines.iter().map(|line| line.width).max().unwrap_or_default();
        let block = Self { range, lines, widest, is_item, is_wrapped: false, wrap_width: document.wrap_width };
        let breaks = 1..block.lines.len();
        let has_no_room = widest >= LEAST_WIDTH && breaks.clone().all(|at| block.reach(at) > widest);
        let is_wrapped = has_no_room && (breaks.into_iter().any(|at| block.goes_on(at)) || block.is_full());
        Self { is_wrapped, ..block }
    }

    /// How far the line above a break would reach with the first word of the line below.
    fn reach(&self, at: usize) -> usize {
        self.lines[at - 1].width + 1 + self.lines[at].lead
    }

    /// The sentence goes on over a break.
    fn goes_on(&self, at: usize) -> bool {
        let (above, below) = (self.lines[at - 1].text, self.lines[at].text);
        count(above.len() + below.len());
        let is_small = below.starts_with(|c: char| c.is_lowercase() || matches!(c, '(' | '&'));
        !is_labelled(below) && !ends_sentence(above) && (is_small || ends_unfinished(above) || above.ends_with(['-', '–', '/', '(']))
    }

    /// Three wide lines or more, of which every one ends as a sentence does: that each of them is full is no chance.
    fn is_full(&self) -> bool {
        let are_sentences = self.lines.iter().all(|line| ends_sentence(line.text) && !line.text.ends_with(':') && !is_labelled(line.text));
        self.lines.len() >= LEAST_FULL && self.widest >= LEAST_FULL_WIDTH && are_sentences
    }

    /// Says whether the width of the page made a break; the width is that of other blocks of the answer.
    fn wraps(&self, at: usize, width: Option<WrapWidth>) -> bool {
        let is_label = is_labelled(self.lines[at].text);
        // Columns that nothing but space parts.
        if has_wide_gap(self.lines[at - 1].text) && has_wide_gap(self.lines[at].text) {
            return false;
        }
        if self.is_wrapped {
            return true;
        }
        if let Some(wrap_width) = self.wrap_width.filter(|wrap_width| self.lines[at - 1].width <= wrap_width * 2) {
            let is_near = self.reach(at) * 4 >= wrap_width * 3 && self.goes_on(at);
            return (self.reach(at) >= wrap_width || is_near) && !is_label || self.is_short_sentence(at);
        }
        if let Some(width) = width.filter(|width| self.widest < width.too_wide) {
            return self.reach(at) > width.least.max(self.widest) && !is_label || self.is_short_sentence(at);
        }
        let is_near = self.reach(at) * 4 > self.widest * 3 && self.widest >= LEAST_WIDTH;
        is_near && self.goes_on(at) || self.is_short_sentence(at) || self.is_one_sentence(at)
    }

    /// A short line that plainly goes on: the one sentence of an item, or of a block that ends as a sentence does.
    fn is_short_sentence(&self, at: usize) -> bool {
        let is_small = self.lines[at].text.starts_with(char::is_lowercase) && !is_labelled(self.lines[at].text);
        let above = self.lines[at - 1].text;
        let is_open = !ends_sentence(above) && !above.ends_with(',');
        let begins = self.lines[0].text.starts_with(|c: char| c.is_uppercase());
        let ends = self.lines.last().is_some_and(|line| ends_sentence(line.text));
        is_small && is_open && (self.is_item || begins && ends)
    }

    /// Two wide lines of which only the last ends as a sentence does.
    fn is_one_sentence(&self, at: usize) -> bool {
        let (above, below) = (self.lines[at - 1].text, self.lines[at].text);
        let is_open = !ends_sentence(above) && ends_sentence(below) || above.contains(". ") && ends_sentence(above) && ends_sentence(below);
        self.lines.len() == 2 && self.widest >= LEAST_WIDTH && self.reach(at) > self.widest && is_open && !is_labelled(below)
    }

    /// A short block of short lines with a postcode.
    fn is_address(&self) -> bool {
        let is_short = self.lines.len() <= LONGEST_ADDRESS && self.lines.iter().all(|line| line.width <= LEAST_WIDTH + 20);
        is_short && self.lines.iter().any(|line| has_postcode(line.text))
    }
}

/// Three spaces or more stand between two words.
fn has_wide_gap(text: &str) -> bool {
    text.contains("   ")
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', '\'', ')', '*', '_']).ends_with(['.', '!', '?', ':', ';'])
}

/// `Owner: …`: at most four words before a colon.
fn is_labelled(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, rest)| {
        label.split_whitespace().count() <= 4 && !label.is_empty() && !label.contains(['.', ',']) && !rest.starts_with("//")
    })
}

/// A British postcode at the end of a line: `AB1 2CD`.
fn has_postcode(text: &str) -> bool {
    let mut words = text.trim_end_matches(['.', ',']).rsplit(char::is_whitespace);
    let (Some(inward), Some(outward)) = (words.next(), words.next()) else { return false };
    let is_inward =
        inward.len() == 3 && inward.starts_with(|c: char| c.is_ascii_digit()) && inward[1..].bytes().all(|b| b.is_ascii_uppercase());
    let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = &outward[letters..];
    is_inward
        && (1..=2).contains(&letters)
        && (1..=2).contains(&rest.len())
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}
