//! A word on its way into lines: what is between two places where a line may end.

use super::breaks;
use crate::content::tree::{TextRun, Words};
use crate::typeface::symbols;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What a paragraph is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Atom {
    Word(Word),
    Space(Marks),
    Break,
}

/// The marks of a stretch of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) is_remark: bool,
    pub(super) link: Option<usize>,
}

/// Text between two places where a line may end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    stretches: Vec<(Marks, String)>,
}

impl Word {
    pub(super) fn of(marks: Marks, text: String) -> Self {
        Self { stretches: vec![(marks, text)] }
    }

    pub(super) fn push(&mut self, marks: Marks, letter: char) {
        match self.stretches.last_mut() {
            Some((same, text)) if *same == marks => text.push(letter),
            Some(_) | None => self.stretches.push((marks, letter.to_string())),
        }
    }

    pub(super) fn stretches(&self) -> &[(Marks, String)] {
        &self.stretches
    }

    pub(super) fn text(&self) -> Cow<'_, str> {
        match self.stretches.as_slice() {
            [(_, text)] => Cow::Borrowed(text),
            several => Cow::Owned(several.iter().map(|(_, text)| text.as_str()).collect()),
        }
    }

    /// How many characters it has.
    pub(super) fn letters(&self) -> usize {
        self.stretches.iter().map(|(_, text)| text.chars().count()).sum()
    }

    /// Its length in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.stretches.iter().map(|(_, text)| text.len()).sum()
    }

    /// What of it is between these bytes.
    pub(super) fn part(&self, from: usize, to: usize) -> Self {
        let (mut start, mut stretches) = (0, Vec::new());
        for (marks, text) in &self.stretches {
            let within = from.saturating_sub(start)..to.saturating_sub(start).min(text.len());
            if let Some(taken) = text.get(within).filter(|taken| !taken.is_empty()) {
                stretches.push((*marks, taken.to_owned()));
            }
            start += text.len();
        }
        Self { stretches }
    }
}

/// A word that is taken piece by piece, each at a cost of its own length, however long the word is.
pub(super) struct LongWord {
    word: Word,
    /// Where each stretch ends, in bytes of the word.
    ends: Vec<usize>,
}

impl LongWord {
    pub(super) fn new(word: Word) -> Self {
        let ends = word.stretches.iter().scan(0, |end, (_, text)| {
            *end += text.len();
            Some(*end)
        });
        Self { ends: ends.collect(), word }
    }

    /// What begins at this byte, of at most about so many letters as a reader counts them; and whether that is the rest.
    pub(super) fn piece(&self, from: usize, most_letters: usize) -> (Cow<'_, Word>, bool) {
        if from == 0 && self.word.bytes() <= most_letters {
            return (Cow::Borrowed(&self.word), true);
        }
        let first = self.ends.partition_point(|end| *end <= from);
        let mut start = first.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let (mut stretches, mut left) = (Vec::new(), most_letters);
        for (marks, text) in self.word.stretches.get(first..).unwrap_or_default() {
            let rest = text.get(from.saturating_sub(start)..).unwrap_or_default();
            let (taken, letters) = take_letters(rest, left);
            stretches.push((*marks, taken.to_owned()));
            if taken.len() < rest.len() {
                return (Cow::Owned(Word { stretches }), false);
            }
            left -= letters.min(left);
            start += text.len();
        }
        (Cow::Owned(Word { stretches }), true)
    }
}

/// So many letters of a text as a reader counts them, and how many characters they are. A letter with so many marks that it alone
/// is longer is cut: it is no letter of any language.
fn take_letters(text: &str, most: usize) -> (&str, usize) {
    let Some((beyond, _)) = text.char_indices().nth(most) else { return (text, text.chars().count()) };
    // The last letter may go on beyond.
    let window = text.char_indices().nth(most + 1).and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let end = window.grapheme_indices(true).map(|(at, _)| at).take_while(|at| *at <= beyond).last().filter(|at| *at > 0);
    (text.get(..end.unwrap_or(beyond)).unwrap_or(text), most)
}

/// Words, spaces and breaks; composed characters, no control characters, runs of spaces as one.
pub(super) fn split_atoms(words: &Words) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    for (at, piece) in words.0.iter().enumerate() {
        let TextRun::Text { text, bold, italic, link, is_remark } = piece else {
            atoms.push(Atom::Break);
            continue;
        };
        let marks = Marks { bold: *bold, italic: *italic, is_remark: *is_remark, link: link.as_ref().map(|_| at) };
        for c in text.nfc().map(symbols::shown) {
            if breaks::is_space(c) {
                if !matches!(atoms.last(), Some(Atom::Space(_))) {
                    atoms.push(Atom::Space(marks));
                }
                continue;
            }
            if breaks::is_invisible(c) {
                continue;
            }
            match atoms.last_mut() {
                Some(Atom::Word(word)) => word.push(marks, c),
                _ => atoms.push(Atom::Word(Word::of(marks, c.to_string()))),
            }
        }
    }
    atoms
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Marks = Marks { bold: false, italic: false, is_remark: false, link: None };
    const BOLD: Marks = Marks { bold: true, ..PLAIN };

    #[test]
    fn pieces_give_the_word_back_and_cut_no_letter() {
        let check = |texts: &[&str], most: usize| {
            let mut word = Word { stretches: Vec::new() };
            for (at, text) in texts.iter().enumerate() {
                text.chars().for_each(|letter| word.push(if at % 2 == 0 { PLAIN } else { BOLD }, letter));
            }
            let whole = word.text().into_owned();
            let (long, mut read, mut is_last) = (LongWord::new(word), String::new(), false);
            while !is_last {
                let (piece, is_rest) = long.piece(read.len(), most);
                assert!(piece.bytes() > 0 && piece.text().chars().count() <= most + 1, "{piece:?}");
                read.push_str(&piece.text());
                is_last = is_rest;
            }
            assert_eq!(read, whole);
        };
        check(&["plain"], 64);
        check(&["abc", "def", "ghi"], 2);
        check(&["e\u{301}e\u{301}e\u{301}"], 3);
        check(&["x", &"\u{301}".repeat(500), "y"], 64);
        check(&["👩‍👧👩‍👧👩‍👧"], 4);
        let long = LongWord::new(Word::of(PLAIN, "ae\u{301}x".to_owned()));
        let (piece, _) = long.piece(0, 2);
        assert_eq!(piece.text(), "a", "a letter and its mark stay together");
    }

    #[test]
    fn a_part_keeps_its_marks() {
        let mut word = Word::of(PLAIN, "ab".to_owned());
        word.push(BOLD, 'c');
        word.push(BOLD, 'd');
        assert_eq!(word.part(0, 3), Word { stretches: vec![(PLAIN, "ab".to_owned()), (BOLD, "c".to_owned())] });
        assert_eq!(word.part(0, 2), Word::of(PLAIN, "ab".to_owned()));
        assert_eq!(word.part(1, 3), Word { stretches: vec![(PLAIN, "b".to_owned()), (BOLD, "c".to_owned())] });
        assert_eq!(word.part(2, 4), Word::of(BOLD, "cd".to_owned()));
        assert_eq!(word.part(0, 4), word);
    }
}
