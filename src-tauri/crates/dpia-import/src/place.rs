//! A document cut along the wording that was found in it: what is after a question belongs to that question, what
//! is before the first question of a section to the section, what is before any wording to the cover.

use crate::boxes;
use crate::breaks::find_wrap_width;
use crate::chain::Anchor;
use crate::document::{Document, WordUse};
use crate::end_matter::EndMatter;
use crate::headings::{Surrounds, TitleLook, find_words_below};
use crate::lines::Shape;
use crate::notes::Notes;
use crate::wording::{Phrases, Role, Wording};
use dpia_model::assessment::LeftOutReason;
use std::collections::BTreeSet;
use std::ops::Range;

/// The most words of a heading that names a place.
const MOST_HEADING_WORDS: usize = 14;
/// The most characters of a heading that names a place.
const LONGEST_HEADING: usize = 300;

/// A stretch of a line that is no wording of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fragment {
    /// The index of its line.
    pub(crate) line: usize,
    /// In bytes of the line.
    pub(crate) bytes: Range<usize>,
    /// Its words in the document; may be none, where it is only punctuation or boxes.
    pub(crate) words: Range<usize>,
    /// It begins where the line begins.
    pub(crate) starts_line: bool,
    /// An empty line is before it.
    pub(crate) after_blank: bool,
    /// A page ends before it.
    pub(crate) after_page: bool,
    /// Wording of the form is between it and the piece before.
    pub(crate) after_wording: bool,
}

/// To what the pieces belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// They stand before any title or question.
    Cover,
    /// They are under a title, before its first question.
    Title,
    /// They stand after this question.
    Question(usize),
    /// They are a note that was called in the answer to this question.
    Note(usize),
}

/// Pieces that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) owner: Owner,
    pub(crate) pieces: Vec<Fragment>,
}

/// Wording that was found in other words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reworded {
    pub(crate) instance: usize,
    pub(crate) line: usize,
    pub(crate) found: String,
}

/// A document, cut.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// In the order of the document. A question may own several.
    pub(crate) regions: Vec<Region>,
    pub(crate) reworded: Vec<Reworded>,
    /// By instance: the line where it was found.
    pub(crate) found: Vec<Option<usize>>,
    /// Addresses behind the words of instances, with their lines.
    pub(crate) addresses: Vec<(usize, usize, String)>,
    /// Titles as the document has them, by line.
    pub(crate) headings: Vec<(usize, String)>,
    /// Instances that were found in other words.
    pub(crate) changed: BTreeSet<usize>,
    /// Questions that stand out of the form's order.
    pub(crate) moved: BTreeSet<usize>,
}

impl Layout {
    /// The heading above a line, in the document's words.
    pub(crate) fn heading_above(&self, line: usize) -> &str {
        let at = self.headings.partition_point(|(heading, _)| *heading <= line);
        at.checked_sub(1).map_or("", |at| self.headings[at].1.as_str())
    }
}

/// What becomes of a word, as the cut sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Free,
    Gone,
    Wording(usize),
}

/// Cuts a document along its anchors.
pub(crate) fn cut_document(
    document: &mut Document,
    anchors: &[Anchor],
    stream_words: &[usize],
    wording: &Wording<'_>,
    phrases: &Phrases,
) -> Layout {
    let mut layout = Layout { found: vec![None; wording.instances.len()], ..Layout::default() };
    let mut parts: Vec<Part> =
        document.word_uses.iter().map(|word_use| if *word_use == WordUse::Open { Part::Free } else { Part::Gone }).collect();
    for (index, anchor) in anchors.iter().enumerate() {
        let words = &stream_words[anchor.candidate.words.clone()];
        words.iter().for_each(|at| parts[*at] = Part::Wording(index));
        settle_anchor(document, anchor, words, wording, phrases, &mut layout);
        if let (true, Role::Question(question)) = (anchor.is_moved, wording.instances[anchor.instance].role) {
            layout.moved.insert(question);
        }
    }
    for anchor in anchors {
        if let Some(words) = doubled_start(document, anchor, stream_words, &parts, phrases) {
            parts[words.clone()].fill(Part::Gone);
            document.leave_out(words, LeftOutReason::DoubledPrompt);
        }
    }
    document.wrap_width = find_wrap_width(document, anchors, stream_words);
    collect_regions(document, anchors, stream_words, wording, &parts, &mut layout);
    layout
}

/// Decides the words of an anchor, and keeps account of it.
fn settle_anchor(document: &mut Document, anchor: &Anchor, words: &[usize], wording: &Wording<'_>, phrases: &Phrases, layout: &mut Layout) {
    let instance = &wording.instances[anchor.instance];
    let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else { return };
    let line = document.words[first].line;
    let runs = runs_of(words);
    let text = runs.iter().map(|run| document.text_of(run.clone())).collect::<Vec<_>>().join(" ");
    if matches!(instance.role, Role::Title | Role::Part | Role::Section(_)) {
        layout.headings.push((line, shorten(&text)));
    }
    if anchor.is_doubled {
        for run in runs {
            document.leave_out(run, LeftOutReason::DoubledPrompt);
        }
        return;
    }
    layout.found[anchor.instance] = Some(line);
    collect_addresses(document, anchor.instance, words, layout);
    // A number that a list would count by belongs to no title and no prompt.
    let numbered = match document.lines[line].shape {
        Shape::Number(number) if first == document.lines[line].words.start => format!("{number}. "),
        Shape::Number(_) | Shape::Plain | Shape::Heading | Shape::Bullet => String::new(),
    };
    let text = format!("{numbered}{text}");
    let is_worded = numbered.is_empty() && anchor.candidate.is_exact && words.len() == phrases.list[instance.phrase].numbers.len();
    if !is_worded {
        if !anchor.candidate.is_exact {
            layout.changed.insert(anchor.instance);
        }
        layout.reworded.push(Reworded { instance: anchor.instance, line, found: text });
    }
    debug_assert!(first <= last, "the words of an anchor are in order");
    for run in runs {
        document.decide(run, if is_worded { WordUse::Wording } else { WordUse::Difference });
    }
}

/// A heading as it names a place: of a very long one the beginning will do.
fn shorten(heading: &str) -> String {
    heading.chars().take(LONGEST_HEADING).collect()
}

/// Where the links among the words of an anchor lead.
fn collect_addresses(document: &Document, instance: usize, words: &[usize], layout: &mut Layout) {
    for at in words {
        let word = document.words[*at];
        let line = &document.lines[word.line];
        let span = line.spans.partition_point(|span| span.end <= word.start);
        if let Some(Some(address)) = line.spans.get(span).and_then(|span| span.link.clone())
            && layout.addresses.last().is_none_or(|(_, _, last)| *last != address)
        {
            layout.addresses.push((instance, word.line, address));
        }
    }
}

/// Places that follow one another, as ranges.
fn runs_of(words: &[usize]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in words {
        match runs.last_mut().filter(|run| run.end == *at) {
            Some(run) => run.end = at + 1,
            None => runs.push(*at..at + 1),
        }
    }
    runs
}

/// The first words of a prompt that stand once more directly before it.
fn doubled_start(document: &Document, anchor: &Anchor, stream_words: &[usize], parts: &[Part], phrases: &Phrases) -> Option<Range<usize>> {
    let numbers = &phrases.list[anchor.candidate.phrase].numbers;
    let end = anchor.candidate.words.start;
    let longest = numbers.len().min(end);
    (2..=longest).rev().find_map(|length| {
        let words = &stream_words[end - length..end];
        let (first, last) = (*words.first()?, *words.last()?);
        let is_same = words.iter().zip(numbers).all(|(at, number)| document.words[*at].number == *number && parts[*at] == Part::Free);
        let starts_line = first == 0 || document.words[first - 1].line != document.words[first].line || parts[first - 1] != Part::Free;
        (is_same && starts_line && last + 1 - first == length && numbers.len() >= 4).then_some(first..last + 1)
    })
}

fn collect_regions(
    document: &Document,
    anchors: &[Anchor],
    stream_words: &[usize],
    wording: &Wording<'_>,
    parts: &[Part],
    layout: &mut Layout,
) {
    let look = TitleLook::of(document, anchors, stream_words, wording);
    let words_below = find_words_below(document, &|at| parts[at] == Part::Free);
    let last = anchors.last().and_then(|anchor| stream_words.get(anchor.candidate.words.start)).map_or(0, |at| document.words[*at].line);
    let mut walk = Walk::default();
    let mut notes = Notes::default();
    let mut end = EndMatter::of(document);
    for (index, line) in document.lines.iter().enumerate() {
        walk.after_blank |= line.after_blank;
        walk.after_page |= line.after_page;
        if document.back_cover == Some(index) {
            walk.leave_answer();
        }
        let is_free = !line.words.is_empty() && line.words.clone().all(|at| parts[at] == Part::Free);
        if is_free {
            notes.turn(line, &mut walk);
            let surrounds = Surrounds {
                after_words: walk.has_words,
                before_words: words_below[index],
                is_last: index > last,
                in_headed: walk.is_headed,
            };
            let is_answer = !matches!(walk.owner, Owner::Cover | Owner::Note(_));
            let is_end = matches!(walk.owner, Owner::Question(_)) && index > last && end.begins(document, index, surrounds);
            let ends = is_answer && (is_end || look.ends_answer(document, index, surrounds));
            if ends {
                walk.leave_answer();
            } else if walk.has_words && matches!(walk.owner, Owner::Question(_)) {
                end.pass(document, index);
            }
            let is_named = ends && (!is_end || line.words.len() <= MOST_HEADING_WORDS);
            if is_named || line.shape == Shape::Heading {
                layout.headings.push((index, shorten(&document.text_of(line.words.clone()))));
            }
            walk.is_headed |= !walk.has_words && words_below[index] && look.is_heading(document, index);
        } else if line.words.clone().any(|at| matches!(parts[at], Part::Wording(_))) {
            notes = notes.ended();
        }
        walk_line(document, index, anchors, wording, parts, &mut walk);
        notes.note_calls(line, walk.owner);
    }
    layout.regions = walk.regions;
    layout.headings.sort();
}

/// The pieces of a line, and the wording between them.
fn walk_line(document: &Document, index: usize, anchors: &[Anchor], wording: &Wording<'_>, parts: &[Part], walk: &mut Walk) {
    let line = &document.lines[index];
    if line.words.is_empty() {
        if !line.text.trim().is_empty() {
            walk.push(index, 0..line.text.len(), line.words.clone(), true);
        }
        return;
    }
    let mut at = line.words.start;
    while at < line.words.end {
        let part = parts[at];
        let end = (at..line.words.end).find(|next| parts[*next] != part).unwrap_or(line.words.end);
        match part {
            Part::Free => {
                let start = if at == line.words.start { 0 } else { document.tail_of(at - 1) };
                let stop = if end == line.words.end { line.text.len() } else { document.tail_of(end - 1) };
                walk.push(index, start..stop.max(start), at..end, at == line.words.start);
            }
            Part::Gone => walk.after_page = true,
            Part::Wording(anchor) => walk.pass(&anchors[anchor], wording),
        }
        let tail = document.tail_of(end - 1);
        if part != Part::Free && end == line.words.end && line.text[tail..].chars().any(|c| boxes::is_ticked(c).is_some()) {
            walk.push(index, tail..line.text.len(), end..end, false);
        }
        at = end;
    }
}

/// The way through a document, and whose the words are.
pub(crate) struct Walk {
    pub(crate) owner: Owner,
    after_blank: bool,
    after_page: bool,
    after_wording: bool,
    /// Words of the owner are above.
    has_words: bool,
    /// The first of them were a heading.
    is_headed: bool,
    /// What comes next is a region of its own.
    pub(crate) begins: bool,
    regions: Vec<Region>,
}

impl Default for Walk {
    fn default() -> Self {
        let (after_blank, after_page, after_wording) = (false, false, false);
        Self {
            owner: Owner::Cover,
            after_blank,
            after_page,
            after_wording,
            has_words: false,
            is_headed: false,
            begins: false,
            regions: Vec::new(),
        }
    }
}

impl Walk {
    fn push(&mut self, line: usize, bytes: Range<usize>, words: Range<usize>, starts_line: bool) {
        let (after_blank, after_page) = (std::mem::take(&mut self.after_blank), std::mem::take(&mut self.after_page));
        let after_wording = std::mem::take(&mut self.after_wording);
        let begins = std::mem::take(&mut self.begins) || self.owner == Owner::Title && after_wording;
        self.has_words |= !words.is_empty();
        let piece = Fragment { line, bytes, words, starts_line, after_blank, after_page, after_wording };
        match self.regions.last_mut().filter(|region| region.owner == self.owner && !begins) {
            Some(region) => region.pieces.push(piece),
            None => self.regions.push(Region { owner: self.owner, pieces: vec![piece] }),
        }
    }

    /// What follows belongs to no answer.
    fn leave_answer(&mut self) {
        match self.owner {
            Owner::Cover => {}
            Owner::Title | Owner::Question(_) | Owner::Note(_) => {
                (self.owner, self.begins, self.has_words, self.is_headed) = (Owner::Title, true, false, false);
            }
        }
    }

    fn pass(&mut self, anchor: &Anchor, wording: &Wording<'_>) {
        let instance = &wording.instances[anchor.instance];
        (self.after_blank, self.after_page, self.after_wording) = (false, false, true);
        let owner = match instance.role {
            // The title on the cover is the cover's.
            Role::Title => self.owner,
            // A title that comes again, at the head of a page, interrupts nothing.
            Role::Part | Role::Section(_) if anchor.is_doubled => self.owner,
            Role::Part | Role::Section(_) => Owner::Title,
            Role::Question(question) => Owner::Question(question),
            // What follows other words of the form still belongs to the question above them in the same section.
            Role::Text(section) => match self.owner {
                Owner::Question(question) | Owner::Note(question) if wording.questions[question].section == section => {
                    Owner::Question(question)
                }
                Owner::Question(_) | Owner::Note(_) | Owner::Cover | Owner::Title => Owner::Title,
            },
        };
        if owner != self.owner || matches!(instance.role, Role::Question(_)) {
            (self.has_words, self.is_headed) = (false, false);
        }
        self.owner = owner;
    }
}
