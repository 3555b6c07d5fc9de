//! The tables `assessment`, `document` and `progress`: what a list shows, the tree itself, and what was worked out.

use super::{AssessmentKey, parse_id, parse_instant};
use crate::error::StoreError;
use crate::{Revision, json};
use dpia_model::assessment::Assessment;
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, EditionId, PackId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

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
    /// What was remembered of this very revision; see [`crate::Store::remember_progress`].
    pub progress: Option<serde_json::Value>,
}

const SUMMARY: &str = "SELECT a.id, a.product, a.edition, a.pack, a.revision, a.created_at, a.updated_at, a.binned_at,
        (SELECT count(*) FROM draft d WHERE d.assessment = a.key),
        p.json
    FROM assessment a LEFT JOIN progress p ON p.assessment = a.key AND p.revision = a.revision";

pub(crate) fn list(connection: &Connection) -> Result<Vec<Summary>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SUMMARY} ORDER BY a.updated_at DESC, a.key DESC"))?;
    let mut rows = statement.query([])?;
    let mut summaries = Vec::new();
    while let Some(row) = rows.next()? {
        summaries.push(read_summary(row)?);
    }
    Ok(summaries)
}

pub(crate) fn summary(connection: &Connection, id: AssessmentId) -> Result<Option<Summary>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{SUMMARY} WHERE a.id = ?1"))?;
    let mut rows = statement.query([id.to_string()])?;
    rows.next()?.map(read_summary).transpose()
}

fn read_summary(row: &Row<'_>) -> Result<Summary, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    Ok(Summary {
        id: AssessmentId(parse_id(&text(0)?)?),
        product: text(1)?,
        edition: parse_id(&text(2)?)?,
        pack: parse_id(&text(3)?)?,
        revision: row.get(4)?,
        created_at: parse_instant(&text(5)?)?,
        updated_at: parse_instant(&text(6)?)?,
        binned_at: row.get::<_, Option<String>>(7)?.as_deref().map(parse_instant).transpose()?,
        drafts: row.get(8)?,
        progress: row.get::<_, Option<String>>(9)?.map(|text| json::from_text(&text, "the progress of an assessment")).transpose()?,
    })
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
