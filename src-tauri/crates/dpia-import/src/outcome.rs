//! What comes of a document on one edition, before ids are given out: contents of answers, what is kept without a
//! place, what differs.

use crate::document::{Document, Removal, WordUse};
use crate::place::{Fragment, Layout};
use crate::prose::read_prose;
use crate::wording::Wording;
use dpia_model::assessment::{Content, Details, DifferenceKind, LeftOutReason};
use dpia_model::id::QuestionId;
use dpia_model::rich_text::RichText;
use std::collections::BTreeMap;

/// A piece without a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnplacedText {
    pub(crate) text: RichText,
    /// The index of its first line.
    pub(crate) line: usize,
    pub(crate) question: Option<usize>,
}

/// Wording that is not the edition's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Differs {
    pub(crate) kind: DifferenceKind,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) line: usize,
    pub(crate) question: Option<usize>,
}

/// What comes of a document.
#[derive(Debug)]
pub(crate) struct Outcome<'f> {
    pub(crate) wording: std::rc::Rc<Wording<'f>>,
    pub(crate) document: Document,
    pub(crate) layout: Layout,
    pub(crate) details: Details,
    pub(crate) contents: BTreeMap<QuestionId, Content>,
    pub(crate) kept: Vec<UnplacedText>,
    pub(crate) differs: Vec<Differs>,
    /// How many words were in lists and tables without being the edition's.
    pub(crate) strange_words: usize,
}

impl Outcome<'_> {
    /// Keeps pieces without a place. Punctuation alone is not kept.
    pub(crate) fn keep(&mut self, pieces: &[Fragment], question: Option<usize>) {
        let Some(first) = pieces.first() else { return };
        let text = read_prose(&self.document, pieces);
        if !text.plain_text().chars().any(char::is_alphanumeric) {
            return;
        }
        self.kept.push(UnplacedText { text, line: first.line, question });
        self.decide(pieces, WordUse::Unplaced);
    }

    /// Decides the words of pieces.
    pub(crate) fn decide(&mut self, pieces: &[Fragment], word_use: WordUse) {
        pieces.iter().for_each(|piece| self.document.decide(piece.words.clone(), word_use));
    }

    /// Leaves pieces out.
    pub(crate) fn leave_out(&mut self, pieces: &[Fragment], reason: LeftOutReason) {
        for piece in pieces.iter().filter(|piece| !piece.words.is_empty()) {
            self.document.leave_out(piece.words.clone(), reason);
        }
    }

    /// Keeps account of a difference.
    pub(crate) fn differ(&mut self, kind: DifferenceKind, found: String, expected: &str, line: usize, question: Option<usize>) {
        self.differs.push(Differs { kind, found, expected: expected.to_owned(), line, question });
    }

    /// What was left out, in the order of the document.
    pub(crate) fn removals(&self) -> Vec<&Removal> {
        let mut removals: Vec<&Removal> = self.document.removals.iter().collect();
        removals.sort_by_key(|removal| removal.line);
        removals
    }
}
