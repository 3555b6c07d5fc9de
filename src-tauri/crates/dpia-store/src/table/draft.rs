//! The table `draft`: what is being typed, kept before it is an entry of the history.

use super::{AssessmentKey, parse_id, parse_instant};
use crate::error::StoreError;
use crate::{Revision, json};
use dpia_model::assessment::Content;
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, QuestionId};
use rusqlite::{Connection, params};

/// An answer that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The question.
    pub question: QuestionId,
    /// The answer so far.
    pub content: Content,
    /// The revision it was begun at.
    pub base: Revision,
    /// When it was typed.
    pub at: Instant,
}

pub(crate) fn save(connection: &Connection, id: AssessmentId, draft: &Draft) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO draft (assessment, question, base, at, json) SELECT key, ?2, ?3, ?4, ?5 FROM assessment WHERE id = ?1",
    )?;
    let content = json::to_text(&draft.content)?;
    match statement.execute(params![id.to_string(), draft.question.as_str(), draft.base, draft.at.to_string(), content])? {
        0 => Err(StoreError::NoAssessment(id)),
        _ => Ok(()),
    }
}

pub(crate) fn all(connection: &Connection, assessment: AssessmentKey) -> Result<Vec<Draft>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT question, base, at, json FROM draft WHERE assessment = ?1 ORDER BY question")?;
    let mut rows = statement.query([assessment.0])?;
    let mut drafts = Vec::new();
    while let Some(row) = rows.next()? {
        let question: QuestionId = parse_id(&row.get::<_, String>(0)?)?;
        let content = json::from_text(&row.get::<_, String>(3)?, &format!("the draft of {question}"))?;
        drafts.push(Draft { question, content, base: row.get(1)?, at: parse_instant(&row.get::<_, String>(2)?)? });
    }
    Ok(drafts)
}

pub(crate) fn remove(connection: &Connection, id: AssessmentId, question: &QuestionId) -> Result<(), StoreError> {
    let mut statement =
        connection.prepare_cached("DELETE FROM draft WHERE assessment = (SELECT key FROM assessment WHERE id = ?1) AND question = ?2")?;
    statement.execute(params![id.to_string(), question.as_str()])?;
    Ok(())
}
