//! Words into lines: ragged right, never hyphenated, no word cut that a line could hold.
//!
//! No character is added or lost: what a line breaks is only ever drawn apart, so copying gives the words back.

use super::breaks::{self, Opportunity};
use super::page::{GlyphRun, Ink};
use super::word::{Atom, LongWord, Marks, Word, split_atoms};
use crate::content::tree::Words;
use crate::typeface::shape::{Glyph, JOINER, Shaper, Stretch};
use crate::typeface::{Face, Family};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// Whose voice.
    pub(crate) family: Family,
    /// Semibold throughout.
    pub(crate) bold: bool,
    /// Italic throughout.
    pub(crate) italic: bool,
    /// Type size in points.
    pub(crate) size: f32,
    /// Height of a line in points.
    pub(crate) leading: f32,
    /// Colour.
    pub(crate) ink: Ink,
    /// Space added after each letter, in thousandths of the size.
    pub(crate) tracking: f32,
}

impl Style {
    /// Upright and regular.
    pub(crate) const fn new(family: Family, size: f32, leading: f32, ink: Ink) -> Self {
        Self { family, bold: false, italic: false, size, leading, ink, tracking: 0.0 }
    }

    /// The same in semibold.
    pub(crate) const fn semibold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same in italic.
    pub(crate) const fn slanted(self) -> Self {
        Self { italic: true, ..self }
    }

    /// The same in another colour.
    pub(crate) const fn inked(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }
}

/// A stretch of a line in one face.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LineRun {
    /// From the left end of the line.
    pub(crate) x: f32,
    /// Its width.
    pub(crate) width: f32,
    /// Its face.
    pub(crate) face: Face,
    /// Its colour.
    pub(crate) ink: Ink,
    /// Its glyphs.
    pub(crate) glyphs: Vec<Glyph>,
    /// Its text.
    pub(crate) text: String,
    /// How long it was in the words, in bytes: what joins letters is not set.
    bytes: u32,
    /// Stands for this text, which no face can draw.
    pub(crate) stands_for: Option<String>,
    /// Which piece of the words it links from.
    pub(crate) link: Option<usize>,
}

impl LineRun {
    /// The stretch on a page, where its line begins at this place.
    pub(crate) fn at(&self, (x, y): (f32, f32), size: f32) -> GlyphRun {
        GlyphRun {
            face: self.face,
            size,
            x: x + self.x,
            y,
            ink: self.ink,
            glyphs: self.glyphs.as_slice().into(),
            stands_for: self.stands_for.clone(),
            text: self.text.as_str().into(),
        }
    }
}

/// A line.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Its stretches, left to right.
    pub(crate) runs: Vec<LineRun>,
    /// Its width without a space at its end.
    pub(crate) width: f32,
}

/// A shaped part of a line.
#[derive(Debug, Clone)]
struct Set {
    runs: Vec<LineRun>,
    width: f32,
    is_space: bool,
    letters: usize,
}

/// Drawn in place of a character that no face has.
const STAND_IN: &str = "\u{25A1}";
/// A word is broken at a slash or hyphen only where the line would stay emptier than this.
const LOOSE_LINE: f32 = 0.72;
/// An address is broken at a lesser place only where the better one leaves the line emptier than this.
const FULL_ENOUGH: f32 = 0.5;
/// A last word shorter than this does not stand alone.
const SHORT_WORD: usize = 5;
/// The width of narrow letters, such as i and l with others between, as a share of the type size.
const NARROW: f32 = 0.4;
/// How much narrower than those before it some letters of a word may be.
const NARROWER: f32 = 0.9;
/// The least width that letters are taken to have, as a share of the type size: marks over others have none.
const FLAT: f32 = 0.01;
/// More than letters are moved where another follows them, as a share of the type size.
const KERNING: f32 = 0.25;
/// The fewest and the most letters of a word that are looked at for one line.
const MOST_LETTERS: (usize, usize) = (64, 1024);
/// Rounding must not push a word that fits to the next line.
const SLACK: f32 = 0.01;

/// Sets words in lines of this measure.
pub(crate) fn break_lines(shaper: &mut Shaper, words: &Words, style: Style, measure: f32) -> Vec<Line> {
    let mut setter = Setter { shaper, style, measure, lines: Vec::new(), line: Vec::new(), width: 0.0, space: None, narrow: NARROW };
    for atom in split_atoms(words) {
        match atom {
            Atom::Break => setter.end_line(true),
            Atom::Space(marks) => {
                if !setter.line.is_empty() && setter.space.is_none() {
                    setter.space = Some(marks);
                }
            }
            Atom::Word(word) => setter.place(word),
        }
    }
    setter.end_line(true);
    let mut lines = setter.lines;
    while lines.len() > 1 && lines.last().is_some_and(|line| line.sets.is_empty()) {
        lines.pop();
    }
    pull_down_short_ending(&mut lines);
    lines.into_iter().map(SetLine::finish).collect()
}

/// The width of the words on one endless line.
pub(crate) fn measure_words(shaper: &mut Shaper, words: &Words, style: Style) -> f32 {
    break_lines(shaper, words, style, f32::MAX).iter().map(|line| line.width).fold(0.0, f32::max)
}

/// One line of plain text.
pub(crate) fn set_line(shaper: &mut Shaper, text: &str, style: Style) -> Line {
    break_lines(shaper, &Words::plain(text), style, f32::MAX).into_iter().next().unwrap_or_default()
}

struct SetLine {
    sets: Vec<Set>,
    /// The paragraph, or the officer, ends the line here.
    is_ended: bool,
    /// A word goes on in the next line.
    is_cut: bool,
}

struct Setter<'a> {
    shaper: &'a mut Shaper,
    style: Style,
    measure: f32,
    lines: Vec<SetLine>,
    line: Vec<Set>,
    width: f32,
    space: Option<Marks>,
    /// The width that narrow letters have here, as a share of the type size.
    narrow: f32,
}

impl Setter<'_> {
    fn end_line(&mut self, is_ended: bool) {
        let mut sets = std::mem::take(&mut self.line);
        let is_cut = false;
        if !is_ended && let Some(marks) = self.space.take() {
            sets.push(self.set_space(marks));
        }
        self.lines.push(SetLine { sets, is_ended, is_cut });
        self.width = 0.0;
        self.space = None;
    }

    fn place(&mut self, word: Word) {
        let is_address = breaks::is_address(&word.text());
        let (word, mut from) = (LongWord::new(word), 0);
        loop {
            let (rest, is_whole, set) = self.take_piece(&word, from);
            let space = self.space.map(|marks| self.set_space(marks));
            let gap = space.as_ref().map_or(0.0, |space| space.width);
            if self.width + gap + set.width <= self.measure + SLACK {
                self.width += gap + set.width;
                self.line.extend(space);
                self.space = None;
                self.line.push(set);
                if is_whole {
                    return;
                }
                from += rest.bytes();
                continue;
            }
            let is_alone = self.line.is_empty();
            let room = self.measure - self.width - gap;
            match self.choose_break(&rest, &set, is_address, room, is_alone, !is_whole || set.width > self.measure) {
                Some((at, set)) => {
                    self.line.extend(space);
                    self.space = None;
                    self.line.push(set);
                    self.end_line(false);
                    if let Some(line) = self.lines.last_mut() {
                        line.is_cut = true;
                    }
                    from += at;
                }
                None if is_alone => {
                    // Not even one character fits: it goes over the edge rather than being lost.
                    self.width += set.width;
                    self.line.push(set);
                    if is_whole {
                        return;
                    }
                    from += rest.bytes();
                }
                None => self.end_line(false),
            }
        }
    }

    /// What of a word is looked at for one line: more than a line holds, where there is more, and only as much as that needs.
    fn take_piece<'w>(&mut self, word: &'w LongWord, from: usize) -> (Cow<'w, Word>, bool, Set) {
        let mut most = self.most_letters();
        loop {
            let (piece, is_whole) = word.piece(from, most);
            let set = self.set_word(&piece);
            if is_whole || set.width > self.measure + SLACK || most >= MOST_LETTERS.1 {
                // The lines after are of letters like these.
                self.narrow = (NARROWER * set.width / (self.style.size * set.letters.max(1) as f32)).clamp(FLAT, NARROW);
                return (piece, is_whole, set);
            }
            most = (2 * most).min(MOST_LETTERS.1);
        }
    }

    /// Where to cut a word that the rest of the line cannot hold, if it is to be cut at all, and what is before the cut. `whole` is
    /// the word, set.
    fn choose_break(
        &mut self,
        word: &Word,
        whole: &Set,
        is_address: bool,
        room: f32,
        is_alone: bool,
        is_too_long: bool,
    ) -> Option<(usize, Set)> {
        let text = word.text();
        let found = if is_address { breaks::in_address(&text) } else { breaks::in_word(&text) };
        let taken = self.measure - room;
        let mut fallback = None;
        // An address that a line can hold is parted at its slashes only.
        let worst = if is_too_long { 3 } else { 2 };
        for tier in 1..=worst {
            let places: Vec<usize> =
                found.iter().filter(|Opportunity { tier: t, .. }| *t == tier).map(|opportunity| opportunity.at).collect();
            let Some((at, head)) = self.last_that_fits(word, whole, &places, room) else { continue };
            if is_address && (taken + head.width) / self.measure >= FULL_ENOUGH {
                return Some((at, head));
            }
            fallback = fallback.or(Some((at, head)));
        }
        if !is_address && (is_alone || self.width / self.measure < LOOSE_LINE) && fallback.is_some() {
            return fallback;
        }
        if !is_alone {
            // The next line holds more; only an address with a fair place is cut earlier.
            return None;
        }
        if fallback.is_some() || !is_too_long {
            return fallback;
        }
        let letters: Vec<usize> = breaks::between_letters(&text);
        let fits = self.last_that_fits(word, whole, &letters, room);
        fits.or_else(|| letters.first().map(|at| (*at, self.set_head(word, whole, *at))))
    }

    /// The last of these places that leaves a head no wider than the room, with that head. The first place that is tried is where
    /// the widths in the whole lead.
    fn last_that_fits(&mut self, word: &Word, whole: &Set, places: &[usize], room: f32) -> Option<(usize, Set)> {
        let ends = whole.letter_ends(self.style.size);
        let within = |room: f32| {
            let fitting = ends.partition_point(|(_, width)| *width <= room + SLACK);
            ends[..fitting].last().map_or(0, |(bytes, _)| *bytes)
        };
        let (guess, too_far) = (within(room), within(room + KERNING * self.style.size));
        let (mut low, mut high) = (0, places.len());
        let mut next = places.partition_point(|place| *place <= guess).saturating_sub(1);
        let mut best = None;
        let mut step = 1;
        while low < high {
            let at = next.clamp(low, high - 1);
            let head = self.set_head(word, whole, places[at]);
            let fits = head.width <= room + SLACK;
            if fits {
                best = Some((places[at], head));
                low = at + 1;
                if places.get(low).is_some_and(|next| *next > too_far) {
                    break;
                }
            } else {
                high = at;
            }
            // From the guess it goes in growing steps; once both ends are known, halving is quicker.
            next = match (fits, high < places.len(), low > 0) {
                (_, true, true) => (low + high) / 2,
                (true, false, _) | (true, _, false) => at + step,
                (false, _, _) => at.saturating_sub(step),
            };
            step *= 2;
        }
        best
    }

    /// More letters than a line holds, where they are not narrower than those before.
    fn most_letters(&self) -> usize {
        let letters = self.measure / (self.style.size * self.narrow);
        if letters.is_finite() { (letters as usize).clamp(MOST_LETTERS.0, MOST_LETTERS.1) } else { usize::MAX }
    }

    fn set_space(&mut self, marks: Marks) -> Set {
        let word = Word::of(marks, " ".to_owned());
        Set { is_space: true, letters: 0, ..self.set_word(&word) }
    }

    fn set_word(&mut self, word: &Word) -> Set {
        let mut runs = Vec::new();
        let mut x = 0.0;
        for (marks, text) in word.stretches() {
            let face = Face::in_typeface(
                self.shaper.typeface(),
                self.style.family,
                self.style.bold || marks.bold,
                self.style.italic || marks.italic,
            );
            for stretch in self.shaper.split_by_coverage(face, text) {
                let bytes = stretch.text().len() as u32;
                let (face, drawn, stands_for) = match stretch {
                    Stretch::Covered(face, text) => (face, text, None),
                    Stretch::Drawn(text, _) => (Face::Sans, text, Some(text.to_owned())),
                    Stretch::Missing(text) => (Face::Sans, STAND_IN, Some(text.to_owned())),
                };
                let joined;
                let drawn = if drawn.contains(JOINER) {
                    joined = drawn.replace(JOINER, "");
                    joined.as_str()
                } else {
                    drawn
                };
                let (mut glyphs, advance) = match stretch {
                    Stretch::Drawn(_, parts) => self.shaper.shape_over(face, parts),
                    Stretch::Covered(..) => {
                        let shaped = self.shaper.shape(face, drawn);
                        (shaped.glyphs.clone(), shaped.advance)
                    }
                    Stretch::Missing(text) => {
                        let (shaped, letters) = (self.shaper.shape(face, drawn), text.graphemes(true).count());
                        (shaped.glyphs.repeat(letters), shaped.advance * letters as f32)
                    }
                };
                glyphs.iter_mut().for_each(|glyph| glyph.advance += self.style.tracking);
                let advance = advance + self.style.tracking * glyphs.len() as f32;
                let width = advance * self.style.size / 1000.0;
                let ink = if marks.is_remark {
                    Ink::Second
                } else if marks.link.is_some() {
                    Ink::Accent
                } else {
                    self.style.ink
                };
                let text = stands_for.clone().unwrap_or_else(|| drawn.to_owned());
                runs.push(LineRun { x, width, face, ink, glyphs, text, bytes, stands_for, link: marks.link });
                x += width;
            }
        }
        Set { runs, width: x, is_space: false, letters: word.letters() }
    }

    /// The beginning of a word, of so many bytes. Of the whole word, set, the runs that end before are taken over.
    fn set_head(&mut self, word: &Word, whole: &Set, bytes: usize) -> Set {
        let ends = whole.runs.iter().scan(0, |end, run| {
            *end += run.bytes as usize;
            Some(*end)
        });
        let (kept, before) = ends.take_while(|end| *end <= bytes).fold((0, 0), |(kept, _), end| (kept + 1, end));
        let mut head = self.set_word(&word.part(before, bytes));
        if kept == 0 {
            return head;
        }
        let x = whole.runs.get(kept).map_or(whole.width, |next| next.x);
        head.runs.iter_mut().for_each(|run| run.x += x);
        head.runs.splice(..0, whole.runs[..kept].iter().cloned());
        Set { width: x + head.width, letters: word.part(0, bytes).letters(), ..head }
    }
}

impl Set {
    /// Where about each letter of its text ends, in bytes and in width: a head that is set by itself may be kerned otherwise.
    fn letter_ends(&self, size: f32) -> Vec<(usize, f32)> {
        let (mut before, mut width, mut ends) = (0, 0.0, Vec::new());
        for run in &self.runs {
            let letters = breaks::letter_ends(&run.text);
            for (at, end) in letters.iter().enumerate() {
                // Where a glyph is no letter, the letters share the width.
                let is_glyph = letters.len() == run.glyphs.len();
                width += if is_glyph { run.glyphs[at].advance * size / 1000.0 } else { run.width / letters.len() as f32 };
                ends.push((before + end, width));
            }
            before += run.text.len();
        }
        ends
    }
}

impl SetLine {
    /// Joins neighbours of one kind, so that a line is a few runs.
    fn finish(self) -> Line {
        let mut line = Line::default();
        let mut x = 0.0;
        let last = self.sets.iter().rposition(|set| !set.is_space);
        for (at, set) in self.sets.into_iter().enumerate() {
            for mut run in set.runs {
                run.x += x;
                if let Some(before) = line.runs.last_mut()
                    && before.face == run.face
                    && before.link == run.link
                    && before.ink == run.ink
                    && before.stands_for.is_none()
                    && run.stands_for.is_none()
                {
                    before.glyphs.extend(run.glyphs);
                    before.text.push_str(&run.text);
                    before.width += run.width;
                } else {
                    line.runs.push(run);
                }
            }
            x += set.width;
            if Some(at) == last {
                line.width = x;
            }
        }
        line
    }

    fn words(&self) -> usize {
        self.sets.iter().filter(|set| !set.is_space).count()
    }
}

/// A last line of one short word takes the word before it along.
fn pull_down_short_ending(lines: &mut [SetLine]) {
    let [.., before, last] = lines else { return };
    let is_short = last.words() == 1 && last.sets.iter().all(|set| set.letters < SHORT_WORD);
    if !is_short || before.is_ended || before.is_cut || before.words() < 3 {
        return;
    }
    let Some(space) = before.sets.pop().filter(|set| set.is_space) else { return };
    let Some(word) = before.sets.pop() else { return };
    last.sets.insert(0, space);
    last.sets.insert(0, word);
}

#[cfg(test)]
mod tests;
