//! The tables `assessment`, `document` and `progress`: what a list shows, the tree itself, and what was worked out.

use super::{AssessmentKey, parse_id, parse_instant};
use crate::error::StoreError;
use crate::{Revision, json};
use dpia_model::assessment::Assessment;
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, EditionId, PackId};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, Rows, params};
use std::collections::BTreeMap;

/// What a list shows of an assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The assessment.
    pub id: AssessmentId,
    /// The product assessed.
    pub product: String,
    /// The edition it is written on.
    pub edition: EditionId,
    /// The pack of internal sections.
    pub pack: PackId,
    /// Its revision.
    pub revision: Revision,
    /// When it came here.
    pub created_at: Instant,
    /// When it was edited last.
    pub updated_at: Instant,
    /// When it went to the bin, if it did.
    pub binned_at: Option<Instant>,
    /// How many answers are being typed.
    pub drafts: u32,
    /// What was remembered of this very revision, as JSON; see [`crate::Store::remember_progress`].
    pub progress: Option<String>,
}

const SUMMARY: &str = "SELECT key, id, product, edition, pack, revision, created_at, updated_at, binned_at FROM assessment";

/// Every assessment, the one edited last first. Each table is read once from its beginning to its end, and what belongs
/// together is brought together here: ten thousand are listed in the time that a key takes to come up.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Summary>, StoreError> {
    let mut drafts = counts_of_drafts(connection)?;
    let mut statement = connection.prepare_cached("SELECT assessment, revision, json FROM progress ORDER BY assessment")?;
    let mut remembered = statement.query([])?;
    let mut next = read_progress(&mut remembered)?;
    let mut statement = connection.prepare_cached(&format!("{SUMMARY} ORDER BY key"))?;
    let mut rows = statement.query([])?;
    let mut summaries = Vec::new();
    while let Some(row) = rows.next()? {
        let (key, mut summary) = read_summary(row)?;
        summary.drafts = drafts.remove(&key).unwrap_or(0);
        while next.as_ref().is_some_and(|progress| progress.assessment < key) {
            next = read_progress(&mut remembered)?;
        }
        summary.progress = next.take_if(|progress| progress.assessment == key).and_then(|progress| progress.of(summary.revision));
        summaries.push((key, summary));
    }
    summaries.sort_unstable_by(|(key, one), (other_key, other)| (other.updated_at, other_key).cmp(&(one.updated_at, key)));
    Ok(summaries.into_iter().map(|(_, summary)| summary).collect())
}

pub(crate) fn summary(connection: &Connection, id: AssessmentId) -> Result<Option<Summary>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SUMMARY} WHERE id = ?1"))?;
    let mut rows = statement.query([id.to_string()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (key, mut summary) = read_summary(row)?;
    summary.drafts = connection.prepare_cached("SELECT count(*) FROM draft WHERE assessment = ?1")?.query_row([key], |row| row.get(0))?;
    let mut statement = connection.prepare_cached("SELECT assessment, revision, json FROM progress WHERE assessment = ?1")?;
    summary.progress = read_progress(&mut statement.query([key])?)?.and_then(|progress| progress.of(summary.revision));
    Ok(Some(summary))
}

/// How many answers are being typed, by the key of their assessment.
fn counts_of_drafts(connection: &Connection) -> Result<BTreeMap<i64, u32>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT assessment, count(*) FROM draft GROUP BY assessment")?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

/// A row of `progress`.
struct Progress {
    assessment: i64,
    revision: Revision,
    json: String,
}

impl Progress {
    /// What was remembered, where it is of this revision.
    fn of(self, revision: Revision) -> Option<String> {
        (self.revision == revision).then_some(self.json)
    }
}

fn read_progress(rows: &mut Rows<'_>) -> Result<Option<Progress>, StoreError> {
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Progress { assessment: row.get(0)?, revision: row.get(1)?, json: row.get(2)? }))
}

/// The key of a row and what it says; drafts and progress are other tables'.
fn read_summary(row: &Row<'_>) -> Result<(i64, Summary), StoreError> {
    let text = |column: usize| row.get_ref(column)?.as_str().map_err(|_| StoreError::damaged("a row of an assessment is not text"));
    let binned_at = match row.get_ref(8)? {
        ValueRef::Null => None,
        ValueRef::Text(_) => Some(parse_instant(text(8)?)?),
        ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => {
            return Err(StoreError::damaged("a row of an assessment is not text"));
        }
    };
    let summary = Summary {
        id: AssessmentId(parse_id(text(1)?)?),
        product: text(2)?.to_owned(),
        edition: parse_id(text(3)?)?,
        pack: parse_id(text(4)?)?,
        revision: row.get(5)?,
        created_at: parse_instant(text(6)?)?,
        updated_at: parse_instant(text(7)?)?,
        binned_at,
        drafts: 0,
        progress: None,
    };
    Ok((row.get(0)?, summary))
}

/// The key of an assessment that has to be here.
pub(crate) fn key_of(connection: &Connection, id: AssessmentId) -> Result<AssessmentKey, StoreError> {
    find_key(connection, id)?.ok_or(StoreError::NoAssessment(id))
}

pub(crate) fn find_key(connection: &Connection, id: AssessmentId) -> Result<Option<AssessmentKey>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT key FROM assessment WHERE id = ?1")?;
    Ok(statement.query_row([id.to_string()], |row| row.get(0).map(AssessmentKey)).optional()?)
}

pub(crate) fn load(connection: &Connection, id: AssessmentId) -> Result<(AssessmentKey, Assessment, Revision), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT a.key, a.revision, d.json FROM assessment a LEFT JOIN document d ON d.assessment = a.key WHERE a.id = ?1",
    )?;
    let (key, revision, document): (i64, Revision, Option<String>) = statement
        .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?
        .ok_or(StoreError::NoAssessment(id))?;
    let document = document.ok_or_else(|| StoreError::damaged(format!("the assessment {id} has no document")))?;
    let assessment: Assessment = json::from_text(&document, &format!("the assessment {id}"))?;
    if assessment.id != id {
        return Err(StoreError::damaged(format!("the document of {id} is that of {}", assessment.id)));
    }
    Ok((AssessmentKey(key), assessment, revision))
}

/// Writes the row and document of an assessment that is not here.
pub(crate) fn insert(
    connection: &Connection,
    assessment: &Assessment,
    revision: Revision,
    at: Instant,
) -> Result<AssessmentKey, StoreError> {
    if find_key(connection, assessment.id)?.is_some() {
        return Err(StoreError::AssessmentExists(assessment.id));
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO assessment (id, revision, product, edition, pack, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
    )?;
    let key = statement.insert(params![
        assessment.id.to_string(),
        revision,
        assessment.details.product,
        assessment.edition.as_str(),
        assessment.pack.as_str(),
        at.to_string()
    ])?;
    connection
        .prepare_cached("INSERT INTO document (assessment, json) VALUES (?1, ?2)")?
        .execute(params![key, json::to_text(assessment)?])?;
    Ok(AssessmentKey(key))
}

/// Writes the row and document of an assessment that is here.
pub(crate) fn update(
    connection: &Connection,
    key: AssessmentKey,
    assessment: &Assessment,
    revision: Revision,
    at: Instant,
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("UPDATE assessment SET revision = ?2, product = ?3, edition = ?4, pack = ?5, updated_at = ?6 WHERE key = ?1")?;
    statement.execute(params![
        key.0,
        revision,
        assessment.details.product,
        assessment.edition.as_str(),
        assessment.pack.as_str(),
        at.to_string()
    ])?;
    connection
        .prepare_cached("UPDATE document SET json = ?2 WHERE assessment = ?1")?
        .execute(params![key.0, json::to_text(assessment)?])?;
    Ok(())
}

pub(crate) fn remember_progress(
    connection: &Connection,
    id: AssessmentId,
    revision: Revision,
    progress: &serde_json::Value,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO progress (assessment, revision, json)
         SELECT key, revision, ?3 FROM assessment WHERE id = ?1 AND revision = ?2",
    )?;
    statement.execute(params![id.to_string(), revision, json::to_text(progress)?])?;
    Ok(())
}

pub(crate) fn set_binned(connection: &Connection, id: AssessmentId, at: Option<Instant>) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("UPDATE assessment SET binned_at = ?2 WHERE id = ?1")?;
    match statement.execute(params![id.to_string(), at.map(|at| at.to_string())])? {
        0 => Err(StoreError::NoAssessment(id)),
        _ => Ok(()),
    }
}
