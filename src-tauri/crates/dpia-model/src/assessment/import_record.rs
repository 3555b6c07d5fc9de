//! What remains of an import: the document it read, what had no place, what differed, what was left out and why.

use crate::date::Instant;
use crate::id::{Digest, QuestionId, RowId};
use crate::rich_text::RichText;
use serde::{Deserialize, Serialize};

/// The account of an import that stays with the assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct ImportRecord {
    /// The document's file name.
    pub document: String,
    /// The SHA-256 of its bytes.
    pub sha256: Digest,
    /// When it was read.
    pub at: Instant,
    /// Where its wording differs from the edition's.
    pub differences: Vec<Difference>,
    /// What was left out on purpose.
    pub left_out: Vec<LeftOut>,
}

/// A piece of the document that has no place in the form. It is kept until somebody moves or removes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Unplaced {
    /// The same for its whole life.
    pub id: RowId,
    /// The piece.
    pub text: RichText,
    /// Where it stood.
    pub place: Place,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The line, counted from 1.
    pub line: u32,
    /// The heading above it, in the document's words; empty before the first.
    pub heading: String,
    /// The question it followed, if it followed one.
    pub question: Option<QuestionId>,
}

/// Wording of the document that is not the edition's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// What differs.
    pub kind: DifferenceKind,
    /// The words of the document.
    pub found: String,
    /// The words of the edition; empty where it has none.
    pub expected: String,
    /// Where it stood.
    pub place: Place,
}

/// What differs from the edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// A heading, question or other fixed wording is worded otherwise.
    Wording,
    /// A list has an option that the edition has not.
    OptionUnknown,
    /// The edition has an option that the document's list has not.
    OptionMissing,
    /// The edition asks a question that the document has not.
    QuestionMissing,
}

/// Words of the document that were left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Why.
    pub reason: LeftOutReason,
    /// The words.
    pub text: String,
    /// Where they stood.
    pub place: Place,
}

/// Why words were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// A line of the contents page.
    Contents,
    /// A running header or footer, a page number.
    PageFurniture,
    /// The company's slogan.
    Slogan,
    /// The cover's or back cover's fixed words.
    Cover,
    /// A placeholder that was never filled in, such as "Name Here".
    Placeholder,
    /// A mark of the conversion, such as `~~`; the words it enclosed are kept.
    ConversionMark,
    /// A prompt that was there twice.
    DoubledPrompt,
}
