//! One assessment while it is edited: what is read, judged and written of it goes to the writer in one trip, and is kept
//! together or not at all.

use crate::Revision;
use crate::edit::{self, Appended, NewEntry};
use crate::error::StoreError;
use crate::table::assessment::Summary;
use crate::table::draft::{self, Draft};
use crate::table::{AssessmentKey, assessment, history, setting};
use dpia_model::assessment::Assessment;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, EntryId, QuestionId};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use std::cell::Cell;

/// An assessment within one transaction; see [`crate::Store::edit`].
pub struct Editing<'a> {
    connection: &'a Connection,
    id: AssessmentId,
    key: AssessmentKey,
    has_written: Cell<bool>,
}

impl<'a> Editing<'a> {
    /// Fails where the assessment is not here.
    pub(crate) fn begin(connection: &'a Connection, id: AssessmentId) -> Result<Self, StoreError> {
        Ok(Self { connection, id, key: assessment::key_of(connection, id)?, has_written: Cell::new(false) })
    }

    /// Whether there is something to keep.
    pub(crate) fn has_written(&self) -> bool {
        self.has_written.get()
    }

    /// Which assessment it is.
    pub fn id(&self) -> AssessmentId {
        self.id
    }

    /// What the list says of it.
    pub fn summary(&self) -> Result<Summary, StoreError> {
        assessment::summary(self.connection, self.id)?.ok_or(StoreError::NoAssessment(self.id))
    }

    /// The assessment and its revision.
    pub fn load(&self) -> Result<(Assessment, Revision), StoreError> {
        assessment::load(self.connection, self.id).map(|(_, assessment, revision)| (assessment, revision))
    }

    /// As [`crate::Store::append`].
    pub fn append(&self, base: Revision, entries: Vec<NewEntry>) -> Result<Appended, StoreError> {
        self.has_written.set(true);
        edit::append(self.connection, self.id, base, entries)
    }

    /// As [`crate::Store::history_part`].
    pub fn history_part(&self, after: u32, most: u32) -> Result<Vec<Entry>, StoreError> {
        history::part(self.connection, self.key, after, most)
    }

    /// As [`crate::Store::entry`].
    pub fn entry(&self, entry: EntryId) -> Result<Entry, StoreError> {
        history::entry(self.connection, self.key, entry)
    }

    /// Its drafts, by question.
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        draft::all(self.connection, self.key)
    }

    /// The draft of a question, if there is one.
    pub fn draft(&self, question: &QuestionId) -> Result<Option<Draft>, StoreError> {
        draft::of(self.connection, self.key, question)
    }

    /// Keeps what is being typed in answer to a question; the draft before is replaced.
    pub fn save_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        self.has_written.set(true);
        draft::save(self.connection, self.key, draft)
    }

    /// Drops a draft, if there is one.
    pub fn discard_draft(&self, question: &QuestionId) -> Result<(), StoreError> {
        self.has_written.set(true);
        draft::remove(self.connection, self.key, question)
    }

    /// As [`crate::Store::setting`].
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        setting::get(self.connection, name)
    }
}
