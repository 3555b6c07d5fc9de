//! What is shown of a history. The shapes cross to the web front end.

use dpia_model::assessment::Content;
use dpia_model::date::Instant;
use dpia_model::id::QuestionId;
use serde::Serialize;

/// An answer that a question had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct PastAnswer {
    /// The number of the entry that gave it; 0 as the assessment began.
    pub number: u32,
    /// Who; none as it began.
    pub person: Option<String>,
    /// When; none as it began.
    pub at: Option<Instant>,
    /// It came of taking back another, or of bringing that back.
    pub is_undo: bool,
    /// The answer in plain words, line by line.
    pub lines: Vec<String>,
    /// The answer.
    pub content: Content,
}

/// The whole history of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct HistoryView {
    /// The versions, the newest first.
    pub versions: Vec<VersionView>,
    /// Every entry, the newest first.
    pub steps: Vec<HistoryEntry>,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct VersionView {
    /// The number of its entry.
    pub number: u32,
    /// Its name; of a sign-off, what was signed.
    pub name: String,
    /// A sign-off made it.
    pub is_sign_off: bool,
    /// Who.
    pub person: String,
    /// When.
    pub at: Instant,
    /// How many changes were made since.
    pub changes_since: u32,
}

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct HistoryEntry {
    /// Its number, counted from 1.
    pub number: u32,
    /// Who.
    pub person: String,
    /// When.
    pub at: Instant,
    /// It takes back another entry, or brings that back.
    pub is_undo: bool,
    /// The questions that it reaches.
    pub questions: Vec<QuestionId>,
    /// What it reaches besides, in words.
    pub besides: Vec<String>,
}

/// What differs between two moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Comparison {
    /// The earlier moment.
    pub from: MomentView,
    /// The later one.
    pub to: MomentView,
    /// How many changes are between them.
    pub changes: u32,
    /// The cover first, then questions in the order of the form, then what has no place.
    pub places: Vec<ChangedPlace>,
}

/// A moment of a history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct MomentView {
    /// The number of the entry that led to it; 0 as the assessment began.
    pub number: u32,
    /// When that entry was made; none as it began.
    pub at: Option<Instant>,
    /// The name of the version that it is, if it is one.
    pub name: Option<String>,
}

/// A question, the cover or what has no place, where it differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ChangedPlace {
    /// The question; none for the cover and for what has no place.
    pub question: Option<QuestionId>,
    /// The title of its section.
    pub section: String,
    /// Its words.
    pub words: String,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Difference {
    /// Whether there is an answer.
    State {
        /// What was.
        before: String,
        /// What is.
        after: String,
    },
    /// Words.
    Words {
        /// What they are, where an answer has several; empty for the answer itself.
        label: String,
        /// The words of both.
        pieces: Vec<WordRun>,
    },
    /// The mark of an option.
    Tick {
        /// The option.
        label: String,
        /// What was.
        before: String,
        /// What is.
        after: String,
    },
    /// A row of a table, a risk, a piece without a place.
    Row {
        /// What became of it.
        fate: RowChange,
        /// The first of its words.
        name: String,
        /// What differs in it; all of it where it was added or removed.
        cells: Vec<ChangedCell>,
    },
    /// How it is set (bold, italic) and nothing that is read.
    Setting,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum RowChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
    /// It is elsewhere, and may say something else.
    Moved,
}

/// A cell of a row, where it differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ChangedCell {
    /// The head of its column.
    pub label: String,
    /// The words of both.
    pub pieces: Vec<WordRun>,
}

/// Words that stand in both, or in one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct WordRun {
    /// Where they stand.
    pub kind: WordRunKind,
    /// The words.
    pub text: String,
}

/// Where words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum WordRunKind {
    /// In both.
    Same,
    /// In the earlier alone.
    Removed,
    /// In the later alone.
    Added,
}

/// Why a history does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct HistoryTrouble {
    /// The entry at which that shows, where it is one.
    pub number: Option<u32>,
    /// What was found.
    pub words: String,
}
