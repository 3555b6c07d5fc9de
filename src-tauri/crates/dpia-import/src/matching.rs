//! Where the phrases of the forms are in a document: to the letter, or slightly reworded.
//!
//! Work is bounded: a phrase has at most a fixed number of places, however often a hostile document repeats it.

use crate::document::{Document, WordUse};
use crate::lines::Shape;
use crate::standing::{Standing, standing_of};
use crate::wording::{Phrase, Phrases};
use crate::words::{UNKNOWN, common_words, ratio};
use crate::work::count;
use std::collections::HashMap;
use std::ops::Range;

/// The most places of one phrase.
const MOST_PLACES: usize = 24;
/// The most places of a pair of words that are followed up.
const MOST_PAIRS: usize = 400;
/// The fewest words of a phrase that is found in other words.
const LEAST_REWORDED: usize = 5;
/// How far a rewording may go on beyond the stretch that is most alike, in words.
const MOST_EXTENDED: usize = 12;
/// How alike a rewording is at least.
const LEAST_ALIKE: f64 = 0.6;

/// The most weight of a phrase that is in doubt: it does not pay for a step back in the order of the form.
const MOST_DOUBTFUL: f64 = 7.5;
/// In a form whose prompts are items, at least one prompt in this many is one.
const ITEM_HABIT: usize = 3;

/// A phrase at a place of the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) phrase: usize,
    /// In the stream of open words.
    pub(crate) words: Range<usize>,
    /// How many of the phrase's words are there, less what counts against it.
    pub(crate) weight: f64,
    pub(crate) is_exact: bool,
    /// It ends where its line or cell ends.
    pub(crate) ends_line: bool,
    /// It has the mark of a heading, or is all in bold.
    pub(crate) is_heading: bool,
    pub(crate) standing: Standing,
    /// It is all that is on its line.
    pub(crate) is_alone: bool,
}

/// The open words of a document, in order: what furniture parted is together again.
#[derive(Debug)]
pub(crate) struct Stream<'d> {
    pub(crate) document: &'d Document,
    /// Their places among the document's words.
    pub(crate) words: Vec<usize>,
    /// By line: it has the mark of a heading, or is all in bold.
    headings: Vec<bool>,
}

impl<'d> Stream<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        let words = (0..document.words.len()).filter(|at| document.word_uses[*at] == WordUse::Open).collect();
        let headings =
            (0..document.lines.len()).map(|line| document.lines[line].shape == Shape::Heading || document.is_bold(line)).collect();
        Self { document, words, headings }
    }

    pub(crate) fn number(&self, at: usize) -> u32 {
        self.document.words[self.words[at]].number
    }

    pub(crate) fn line(&self, at: usize) -> usize {
        self.document.words[self.words[at]].line
    }

    /// What is between this word and the one before it on the same line; none at the start of a line.
    pub(crate) fn gap_before(&self, at: usize) -> Option<&str> {
        let word = self.document.words[self.words[at]];
        let line = &self.document.lines[word.line];
        let before = self.words[at].checked_sub(1).filter(|before| self.document.words[*before].line == word.line)?;
        Some(&line.text[self.document.words[before].end..word.start])
    }

    /// Says whether a phrase may begin here: at the start of a line or cell, or after the end of a sentence.
    pub(crate) fn is_boundary(&self, at: usize) -> bool {
        self.gap_before(at).is_none_or(|gap| {
            gap.contains(['.', '?', '!', ':', ';', '\t', '|', '*', '–', '—'])
                || gap.contains("  ")
                || gap.contains(" - ")
                || gap.chars().any(|c| crate::boxes::is_ticked(c).is_some())
        })
    }

    fn ends_line(&self, end: usize) -> bool {
        let line = |at: usize| self.document.words[self.words[at]].line;
        match self.words.get(end) {
            Some(_) if line(end) == line(end - 1) => self.gap_before(end).is_some_and(|gap| gap.contains('\t')),
            Some(_) | None => true,
        }
    }

    /// Says whether these words are all that is on their lines.
    fn is_alone(&self, words: &Range<usize>) -> bool {
        let starts = words.start == 0 || self.line(words.start - 1) != self.line(words.start);
        let ends = words.end >= self.words.len() || self.line(words.end) != self.line(words.end - 1);
        starts && ends
    }

    /// Says whether further cells with words follow on the same line.
    fn has_more_cells(&self, end: usize) -> bool {
        end < self.words.len() && self.gap_before(end).is_some_and(|gap| gap.contains('\t'))
    }

    /// Where numbering that is before this word begins: `3.1`, `Q4`, `Section 2:`, `iv`.
    fn numbering_start(&self, at: usize) -> Option<usize> {
        let line = self.line(at);
        let mut start = at;
        while start > 0 && self.line(start - 1) == line && self.words[start - 1] + 1 == self.words[start] {
            start -= 1;
            if at - start > 4 || !is_numbering(&self.document.normal(self.words[start])) {
                return None;
            }
        }
        self.gap_before(start).is_none().then_some(start)
    }

    /// What hangs on a word: punctuation up to the next space or word.
    pub(crate) fn tail(&self, at: usize) -> &str {
        let at = self.words[at];
        let word = self.document.words[at];
        &self.document.lines[word.line].text[word.end..self.document.tail_of(at)]
    }

    /// The words of the paragraph that holds this word; bounded.
    pub(crate) fn paragraph(&self, at: usize) -> Range<usize> {
        let starts_paragraph = |at: usize| at == 0 || self.line(at) != self.line(at - 1) && self.breaks_between(at);
        let mut start = at;
        while !starts_paragraph(start) && at - start < 200 {
            start -= 1;
        }
        let mut end = at + 1;
        while end < self.words.len() && !starts_paragraph(end) && end - at < 200 {
            end += 1;
        }
        start..end
    }

    fn breaks_between(&self, at: usize) -> bool {
        let (above, here) = (self.line(at - 1), self.line(at));
        (above + 1..=here).any(|line| {
            let line = &self.document.lines[line];
            line.after_blank || line.shape != Shape::Plain
        }) || self.document.lines[above].shape == Shape::Heading
    }

    pub(crate) fn is_heading(&self, at: usize) -> bool {
        self.headings[self.line(at)]
    }
}

fn is_numbering(word: &str) -> bool {
    let is_number = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    let is_roman = word.len() <= 4 && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    let is_marked = word.strip_prefix('q').is_some_and(|rest| rest.len() <= 2 && rest.bytes().all(|b| b.is_ascii_digit()));
    let is_letter = word.len() == 1 && word.bytes().all(|b| matches!(b, b'a'..=b'h'));
    is_number || is_roman || is_marked || is_letter || matches!(word, "section" | "question" | "step" | "no")
}

/// Every place where a phrase may stand, by first word.
pub(crate) fn find_candidates(stream: &Stream<'_>, phrases: &Phrases) -> Vec<Candidate> {
    let mut found = find_exact(stream, &phrases.list);
    settle_standing(&mut found, &phrases.list);
    let mut is_found = vec![false; phrases.list.len()];
    for candidate in &found {
        is_found[candidate.phrase] = true;
    }
    let pairs = index_pairs(stream, &phrases.list);
    for (index, phrase) in phrases.list.iter().enumerate() {
        if !is_found[index] && !phrase.is_title && phrase.numbers.len() >= LEAST_REWORDED {
            found.extend(find_reworded(stream, index, phrase, &pairs));
        }
    }
    found.extend(find_reworded_titles(stream, &phrases.list, &is_found));
    found.sort_by_key(|candidate| (candidate.words.start, candidate.words.end, candidate.phrase));
    found
}

fn find_exact(stream: &Stream<'_>, phrases: &[Phrase]) -> Vec<Candidate> {
    let mut by_first: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, phrase) in phrases.iter().enumerate() {
        by_first.entry(phrase.numbers[0]).or_default().push(index);
    }
    let mut places = vec![0; phrases.len()];
    let mut found = Vec::new();
    for at in 0..stream.words.len() {
        for &index in by_first.get(&stream.number(at)).map_or(&[][..], Vec::as_slice) {
            let phrase = &phrases[index];
            count(1);
            let end = at + phrase.numbers.len();
            if places[index] >= MOST_PLACES
                || end > stream.words.len()
                || (at..end).zip(&phrase.numbers).any(|(at, n)| stream.number(at) != *n)
            {
                continue;
            }
            let numbering = stream.numbering_start(at);
            let is_short = phrase.numbers.len() < LEAST_REWORDED;
            let is_after_title = |found: &Candidate| found.words.end == at && phrases[found.phrase].is_title;
            let may_share = stream.is_heading(at) || found.iter().rev().take(8).any(is_after_title);
            let is_after_mark = stream.is_boundary(at) && (!phrase.is_title || may_share);
            if numbering.is_none() && !is_after_mark && (phrase.is_title || is_short) {
                continue;
            }
            let words = numbering.unwrap_or(at)..end;
            let follows = |found: &Candidate| found.words.end == words.start;
            let after_wording = found.iter().rev().take(8).any(follows) || follows_own_start(stream, at, phrase);
            let standing = standing_of(stream, &words, after_wording);
            if standing == Standing::Quoted || phrase.is_title && stream.has_more_cells(end) {
                continue;
            }
            places[index] += 1;
            found.push(Candidate {
                phrase: index,
                weight: ratio(phrase.numbers.len(), 1) - 0.02 * ratio(spelled_otherwise(stream, at, phrase), 1),
                is_exact: true,
                ends_line: stream.ends_line(end),
                is_heading: stream.is_heading(at),
                standing,
                is_alone: stream.is_alone(&words),
                words,
            });
        }
    }
    found
}

/// Says whether the words before it on its line are the first words of the phrase, which then are there twice.
fn follows_own_start(stream: &Stream<'_>, at: usize, phrase: &Phrase) -> bool {
    let line = stream.line(at);
    let most = phrase.numbers.len().min(at);
    let length = (0..most).take_while(|back| stream.line(at - back - 1) == line).count();
    let starts_line = length == at || stream.line(at - length - 1) != line;
    length >= 2 && starts_line && (0..length).all(|offset| stream.number(at - length + offset) == phrase.numbers[offset])
}

/// Items are wording only where the form's prompts, or its titles, are items by habit; a phrase in doubt only where it
/// is nowhere as its own.
fn settle_standing(found: &mut Vec<Candidate>, phrases: &[Phrase]) {
    let is_habit = [false, true].map(|is_title| {
        let own = |wanted: Standing| {
            let of_kind = |candidate: &&Candidate| phrases[candidate.phrase].is_title == is_title && candidate.standing == wanted;
            found.iter().filter(of_kind).map(|candidate| candidate.phrase).collect::<std::collections::BTreeSet<usize>>().len()
        };
        let items = own(Standing::Item);
        items >= 3 && items * ITEM_HABIT >= own(Standing::Own) + items
    });
    for candidate in found.iter_mut().filter(|candidate| candidate.standing == Standing::Item) {
        candidate.standing = if is_habit[usize::from(phrases[candidate.phrase].is_title)] { Standing::Own } else { Standing::Quoted };
    }
    let mut best = vec![Standing::Quoted; phrases.len()];
    for candidate in found.iter() {
        best[candidate.phrase] = best[candidate.phrase].max(candidate.standing);
    }
    found.retain(|candidate| candidate.standing != Standing::Quoted && candidate.standing == best[candidate.phrase]);
    for candidate in found.iter_mut().filter(|candidate| candidate.standing == Standing::Doubtful) {
        candidate.weight = candidate.weight.min(MOST_DOUBTFUL);
    }
}

/// How many words are the same and spelled otherwise: in case or in their apostrophes.
fn spelled_otherwise(stream: &Stream<'_>, at: usize, phrase: &Phrase) -> usize {
    phrase.words.iter().enumerate().filter(|(offset, word)| stream.document.word(stream.words[at + offset]) != word.as_str()).count()
}

/// Where the pairs of words that stand in phrases are in the document.
fn index_pairs(stream: &Stream<'_>, phrases: &[Phrase]) -> HashMap<(u32, u32), Vec<usize>> {
    let mut pairs: HashMap<(u32, u32), Vec<usize>> =
        phrases.iter().flat_map(|phrase| phrase.numbers.windows(2)).map(|pair| ((pair[0], pair[1]), Vec::new())).collect();
    for at in 1..stream.words.len() {
        if let Some(places) = pairs.get_mut(&(stream.number(at - 1), stream.number(at))).filter(|places| places.len() < MOST_PAIRS) {
            places.push(at - 1);
        }
    }
    pairs
}

/// The places where many pairs of the phrase stand close together are aligned with it word by word.
fn find_reworded(stream: &Stream<'_>, index: usize, phrase: &Phrase, pairs: &HashMap<(u32, u32), Vec<usize>>) -> Vec<Candidate> {
    let mut votes: HashMap<usize, (usize, usize)> = HashMap::new();
    for (offset, pair) in phrase.numbers.windows(2).enumerate() {
        for place in pairs.get(&(pair[0], pair[1])).into_iter().flatten() {
            // Ten words wide, so that a few words more or less do not scatter the votes.
            let entry = votes.entry((place + 1000 - offset) / 10).or_insert((0, *place));
            entry.0 += 1;
        }
    }
    let least = (phrase.numbers.len() / 8).max(2);
    let mut best: Vec<(usize, usize, usize)> =
        votes.into_iter().filter(|(_, (count, _))| *count >= least).map(|(bucket, (count, place))| (count, bucket, place)).collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    best.truncate(6);
    let mut found: Vec<Candidate> = best.into_iter().filter_map(|(_, _, place)| align(stream, index, phrase, place)).collect();
    found.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    found.dedup_by(|a, b| a.words == b.words);
    found.truncate(2);
    found
}

/// Aligns a phrase with the paragraph at a place, and says where it begins and ends there.
fn align(stream: &Stream<'_>, index: usize, phrase: &Phrase, place: usize) -> Option<Candidate> {
    let length = phrase.numbers.len();
    let paragraph = stream.paragraph(place);
    let from = paragraph.start.max(place.saturating_sub(2 * length));
    let to = paragraph.end.min(place + 2 * length);
    let window: Vec<u32> = (from..to).map(|at| stream.number(at)).collect();
    let matched = align_words(&phrase.numbers, &window)?;
    let (mut start, mut end) = (from + matched.words.start, from + matched.words.end);
    // A rewording begins where a sentence begins, and ends where one ends, if that is near.
    let limit = start.saturating_sub(MOST_EXTENDED).max(from);
    while start > limit && !stream.is_boundary(start) {
        start -= 1;
    }
    let start = stream.numbering_start(start).unwrap_or(start);
    let near = (end..(end + MOST_EXTENDED).min(to + 1)).find(|end| *end == to || stream.is_boundary(*end));
    end = near.unwrap_or(end);
    // Words in common may be beyond the stretch that is most alike.
    let span: Vec<u32> = (start..end).map(|at| stream.number(at)).collect();
    let count = common_words(&phrase.numbers, &span);
    let alike = ratio(2 * count, length + span.len());
    let standing = standing_of(stream, &(start..end), false);
    let is_quoted = standing == Standing::Quoted && stream.gap_before(start).is_some();
    (alike >= LEAST_ALIKE && count >= LEAST_REWORDED - 1 && stream.is_boundary(start) && !is_quoted).then(|| Candidate {
        phrase: index,
        words: start..end,
        weight: ratio(count, 1) * alike - 1.5,
        is_exact: false,
        ends_line: stream.ends_line(end),
        is_heading: stream.is_heading(start),
        standing: Standing::Doubtful,
        is_alone: stream.is_alone(&(start..end)),
    })
}

struct Aligned {
    words: Range<usize>,
}

/// The best local alignment: two points a common word, one off for each word left over inside it.
fn align_words(phrase: &[u32], window: &[u32]) -> Option<Aligned> {
    #[derive(Clone, Copy, Default)]
    struct Cell {
        score: i32,
        start: usize,
    }
    count(phrase.len() * window.len());
    let mut row: Vec<Cell> = (0..=window.len()).map(|start| Cell { start, ..Cell::default() }).collect();
    let mut best: Option<(i32, Aligned)> = None;
    for number in phrase {
        let mut diagonal = Cell::default();
        for (at, other) in window.iter().enumerate() {
            let above = row[at + 1];
            let options = [
                Cell { score: above.score - 1, ..above },
                Cell { score: row[at].score - 1, ..row[at] },
                Cell { score: if number == other && *number != UNKNOWN { diagonal.score + 2 } else { i32::MIN }, ..diagonal },
            ];
            let top = options.into_iter().max_by_key(|cell| cell.score).unwrap_or_default();
            let cell = if top.score > 0 { top } else { Cell { score: 0, start: at + 1 } };
            diagonal = above;
            row[at + 1] = cell;
            if cell.score > best.as_ref().map_or(0, |(score, _)| *score) {
                best = Some((cell.score, Aligned { words: cell.start..at + 1 }));
            }
        }
    }
    best.map(|(_, aligned)| aligned)
}

/// Lines that look like headings and are nearly a title that is nowhere else.
fn find_reworded_titles(stream: &Stream<'_>, phrases: &[Phrase], is_found: &[bool]) -> Vec<Candidate> {
    let titles: Vec<usize> =
        (0..phrases.len()).filter(|at| phrases[*at].is_title && !is_found[*at] && phrases[*at].numbers.len() >= 2).collect();
    let mut found = Vec::new();
    let (mut at, mut lines) = (0, 0);
    while at < stream.words.len() && lines < 2000 {
        let line = stream.line(at);
        let end = (at..stream.words.len()).find(|end| stream.line(*end) != line).unwrap_or(stream.words.len());
        let numbers: Vec<u32> = (at..end.min(at + 13)).map(|at| stream.number(at)).collect();
        if numbers.len() <= 12 && stream.is_heading(at) {
            lines += 1;
            let alike = |index: &usize| crate::words::similarity(&phrases[*index].numbers, &numbers);
            let best = titles.iter().map(|index| (alike(index), *index)).max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((alike, phrase)) = best.filter(|(alike, _)| *alike >= LEAST_ALIKE) {
                found.push(Candidate {
                    phrase,
                    words: at..end,
                    weight: alike,
                    is_exact: false,
                    ends_line: true,
                    is_heading: true,
                    standing: Standing::Doubtful,
                    is_alone: true,
                });
            }
        }
        at = end;
    }
    found
}
