//! What moves together: an assessment, its history and what the search index has or waits for. Each function here runs inside
//! one transaction and leaves all three in step, or fails and leaves none changed.

use crate::Revision;
use crate::error::StoreError;
use crate::picture::Picture;
use crate::search::HitPlace;
use crate::table::passage;
use crate::table::template::{self, TemplateSource};
use crate::table::{AssessmentKey, assessment, attachment, history};
use dpia_model::assessment::Assessment;
use dpia_model::change::Change;
use dpia_model::date::Instant;
use dpia_model::history::{Entry, check_chain};
use dpia_model::id::{AssessmentId, AttachmentId, EntryId, GroupId};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// An edit on its way into the history. The store adds its sequence, its inverse and its link to the entry before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Random; the same in every copy of the history.
    pub id: EntryId,
    /// Entries of one group are undone together.
    pub group: GroupId,
    /// Who makes the edit.
    pub person: String,
    /// When.
    pub at: Instant,
    /// The entry that this one takes back, if it does.
    pub undoes: Option<EntryId>,
    /// The edit.
    pub change: Change,
}

/// What an assessment is after its edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The new revision.
    pub revision: Revision,
    /// The assessment as it is now.
    pub assessment: Assessment,
    /// The entries as they were written.
    pub entries: Vec<Entry>,
}

/// An assessment from elsewhere, whole.
#[derive(Debug, Clone)]
pub struct Import {
    /// The assessment.
    pub assessment: Assessment,
    /// Its history, first to last; empty where none came with it.
    pub history: Vec<Entry>,
    /// The bytes of its pictures.
    pub pictures: Vec<Picture>,
    /// Editions and packs that came with it.
    pub templates: Vec<TemplateSource>,
    /// When it came.
    pub at: Instant,
}

/// Keeps a new assessment at revision 0.
pub(crate) fn insert(connection: &Connection, new: &Assessment, at: Instant) -> Result<(), StoreError> {
    refuse_missing_pictures(connection, new.attachments.keys())?;
    let key = assessment::insert(connection, new, 0, at)?;
    passage::write_all(connection, key, new)
}

/// Applies the edits and writes them to the history.
pub(crate) fn append(
    connection: &Connection,
    id: AssessmentId,
    base: Revision,
    new_entries: Vec<NewEntry>,
) -> Result<Appended, StoreError> {
    let (key, mut edited, current) = assessment::load(connection, id)?;
    if base != current {
        return Err(StoreError::Stale { base, current });
    }
    let mut head = history::head(connection, key)?;
    let mut touched = Touched::default();
    let mut entries = Vec::with_capacity(new_entries.len());
    for (sequence, new) in (current + 1..).zip(new_entries) {
        touched.note(&new.change);
        let inverse = new.change.apply(&mut edited)?;
        let entry = Entry {
            id: new.id,
            sequence,
            parents: head.iter().map(|head| head.id).collect(),
            group: new.group,
            person: new.person,
            at: new.at,
            undoes: new.undoes,
            change: new.change,
            inverse,
            previous: head.map(|head| head.hash),
        };
        let hash = history::insert(connection, key, &entry)?;
        head = Some(history::LastEntry { id: entry.id, hash });
        entries.push(entry);
    }
    let Some(last) = entries.last() else { return Ok(Appended { revision: current, assessment: edited, entries }) };
    refuse_missing_pictures(connection, &touched.attachments)?;
    assessment::update(connection, key, &edited, last.sequence, last.at)?;
    passage::wait(connection, key, &touched.places)?;
    Ok(Appended { revision: last.sequence, assessment: edited, entries })
}

/// Keeps an assessment from elsewhere that is not here.
pub(crate) fn import(connection: &Connection, import: Import) -> Result<(), StoreError> {
    check_fit(&import.assessment, &import.history)?;
    keep_parts(connection, &import)?;
    let key = assessment::insert(connection, &import.assessment, last_sequence(&import.history), import.at)?;
    keep_history(connection, key, &import.history)?;
    passage::write_all(connection, key, &import.assessment)
}

/// Keeps an assessment from elsewhere in the place of the one that is here, out of the bin if that lay in it.
pub(crate) fn replace(connection: &Connection, import: Import) -> Result<(), StoreError> {
    check_fit(&import.assessment, &import.history)?;
    keep_parts(connection, &import)?;
    let key = assessment::key_of(connection, import.assessment.id)?;
    assessment::set_binned(connection, import.assessment.id, None)?;
    history::remove_all(connection, key)?;
    passage::remove_all(connection, key)?;
    assessment::update(connection, key, &import.assessment, last_sequence(&import.history), import.at)?;
    keep_history(connection, key, &import.history)?;
    passage::write_all(connection, key, &import.assessment)
}

/// Says whether the history that is kept is whole and leads to the assessment.
pub(crate) fn check_kept_history(connection: &Connection, id: AssessmentId) -> Result<(), StoreError> {
    let (key, assessment, revision) = assessment::load(connection, id)?;
    check_history(&assessment, &history::all(connection, key)?, revision)
}

/// Says whether these entries, first to last, are a whole history that leads to the assessment at this revision.
pub fn check_history(assessment: &Assessment, entries: &[Entry], revision: Revision) -> Result<(), StoreError> {
    check_chain(entries)?;
    match last_sequence(entries) {
        last if last == revision => check_inverses(assessment, entries),
        last => Err(StoreError::HistoryEnds { last, revision }),
    }
}

/// The chain is whole, and every edit can be taken back from the assessment, last to first.
fn check_fit(assessment: &Assessment, entries: &[Entry]) -> Result<(), StoreError> {
    check_chain(entries)?;
    check_inverses(assessment, entries)
}

fn check_inverses(assessment: &Assessment, entries: &[Entry]) -> Result<(), StoreError> {
    let mut earlier = assessment.clone();
    for entry in entries.iter().rev() {
        let change = entry.inverse.apply(&mut earlier).map_err(|_| StoreError::HistoryMismatch { sequence: entry.sequence })?;
        if change != entry.change {
            return Err(StoreError::HistoryMismatch { sequence: entry.sequence });
        }
    }
    Ok(())
}

fn last_sequence(entries: &[Entry]) -> Revision {
    entries.last().map_or(0, |entry| entry.sequence)
}

fn keep_parts(connection: &Connection, import: &Import) -> Result<(), StoreError> {
    import.pictures.iter().try_for_each(|picture| attachment::put(connection, picture))?;
    import.templates.iter().try_for_each(|source| template::put(connection, source))?;
    refuse_missing_pictures(connection, import.assessment.attachments.keys())
}

fn keep_history(connection: &Connection, key: AssessmentKey, entries: &[Entry]) -> Result<(), StoreError> {
    entries.iter().try_for_each(|entry| history::insert(connection, key, entry).map(drop))
}

fn refuse_missing_pictures<'a>(connection: &Connection, ids: impl IntoIterator<Item = &'a AttachmentId>) -> Result<(), StoreError> {
    for id in ids {
        if !attachment::is_here(connection, *id)? {
            return Err(StoreError::NoAttachment(*id));
        }
    }
    Ok(())
}

/// What an edit reaches.
#[derive(Default)]
struct Touched {
    places: BTreeSet<HitPlace>,
    attachments: BTreeSet<AttachmentId>,
}

impl Touched {
    fn note(&mut self, change: &Change) {
        match change {
            Change::SetAnswer { question, .. }
            | Change::SpliceText { question, .. }
            | Change::InsertRow { question, .. }
            | Change::RemoveRow { question, .. }
            | Change::ReplaceRow { question, .. }
            | Change::MoveRow { question, .. } => {
                self.places.insert(HitPlace::Question(question.clone()));
            }
            Change::SetDetails { .. } => {
                self.places.insert(HitPlace::Details);
            }
            Change::InsertUnplaced { piece, .. } => {
                self.places.insert(HitPlace::Unplaced(piece.id));
            }
            Change::RemoveUnplaced { piece } => {
                self.places.insert(HitPlace::Unplaced(*piece));
            }
            Change::AddAttachment { id, .. } => {
                self.attachments.insert(*id);
            }
            // Its bytes stay: the edit can be undone.
            Change::RemoveAttachment { .. } => {}
            Change::All { changes } => changes.iter().for_each(|change| self.note(change)),
        }
    }
}
