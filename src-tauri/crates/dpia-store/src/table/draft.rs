//! The table `draft`: what is being typed, kept before it is an entry of the history.

use super::{AssessmentKey, parse_id, parse_instant};
use crate::error::StoreError;
use crate::json;
use dpia_model::assessment::Content;
use dpia_model::date::Instant;
use dpia_model::id::QuestionId;
use rusqlite::{Connection, Row, params};

/// An answer that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The question.
    pub question: QuestionId,
    /// The answer so far.
    pub content: Content,
    /// What was typed, as JSON, where the answer cannot hold all of it yet.
    pub typed: Option<String>,
    /// When it was typed.
    pub at: Instant,
}

pub(crate) fn save(connection: &Connection, assessment: AssessmentKey, draft: &Draft) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("INSERT OR REPLACE INTO draft (assessment, question, at, json, typed) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let content = json::to_text(&draft.content)?;
    statement.execute(params![assessment.0, draft.question.as_str(), draft.at.to_string(), content, draft.typed])?;
    Ok(())
}

pub(crate) fn all(connection: &Connection, assessment: AssessmentKey) -> Result<Vec<Draft>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT question, at, json, typed FROM draft WHERE assessment = ?1 ORDER BY question")?;
    let mut rows = statement.query([assessment.0])?;
    let mut drafts = Vec::new();
    while let Some(row) = rows.next()? {
        drafts.push(read(row)?);
    }
    Ok(drafts)
}

pub(crate) fn of(connection: &Connection, assessment: AssessmentKey, question: &QuestionId) -> Result<Option<Draft>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT question, at, json, typed FROM draft WHERE assessment = ?1 AND question = ?2")?;
    let mut rows = statement.query(params![assessment.0, question.as_str()])?;
    rows.next()?.map(read).transpose()
}

fn read(row: &Row<'_>) -> Result<Draft, StoreError> {
    let question: QuestionId = parse_id(&row.get::<_, String>(0)?)?;
    let content = json::from_text(&row.get::<_, String>(2)?, &format!("the draft of {question}"))?;
    Ok(Draft { question, content, typed: row.get(3)?, at: parse_instant(&row.get::<_, String>(1)?)? })
}

pub(crate) fn remove(connection: &Connection, assessment: AssessmentKey, question: &QuestionId) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("DELETE FROM draft WHERE assessment = ?1 AND question = ?2")?;
    statement.execute(params![assessment.0, question.as_str()])?;
    Ok(())
}
