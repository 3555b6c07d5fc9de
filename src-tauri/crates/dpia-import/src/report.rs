//! What an import has to say: which edition it chose and why, what it placed, what is unknown, what has no place, what
//! was left out and what differs.

use dpia_model::assessment::{Assessment, Content, Difference, LeftOut, Unplaced};
use dpia_model::id::{EditionId, QuestionId};
use dpia_model::template::Form;
use serde::Serialize;

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ImportReport {
    /// The document's file name.
    pub document: String,
    /// The edition it was read on.
    pub edition: EditionId,
    /// The edition was asked for, and not chosen by best match.
    pub is_forced: bool,
    /// How well every edition matches, best first.
    pub scores: Vec<EditionScore>,
    /// The questions that have an answer, in the order of the form.
    pub placed: Vec<Placed>,
    /// The questions whose answer is to be confirmed, in the order of the form.
    pub unknown: Vec<QuestionId>,
    /// The questions without an answer, in the order of the form.
    pub unanswered: Vec<QuestionId>,
    /// What is kept without a place.
    pub unplaced: Vec<Unplaced>,
    /// What was left out on purpose.
    pub left_out: Vec<LeftOut>,
    /// Where the document's wording is not the edition's.
    pub differences: Vec<Difference>,
}

/// How well an edition matches a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct EditionScore {
    /// The edition.
    pub edition: EditionId,
    /// From 0 (nothing in common) to 1 (its wording to the letter).
    pub score: f64,
}

/// A question that got an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Placed {
    /// The question.
    pub question: QuestionId,
    /// How many words the answer has; a tick counts as none.
    pub words: u32,
}

impl ImportReport {
    /// The report of an assessment that was just read.
    pub(crate) fn new(assessment: &Assessment, form: &Form, is_forced: bool, scores: Vec<EditionScore>) -> Self {
        let mut report = Self {
            document: String::new(),
            edition: assessment.edition.clone(),
            is_forced,
            scores,
            placed: Vec::new(),
            unknown: Vec::new(),
            unanswered: Vec::new(),
            unplaced: assessment.unplaced.clone(),
            left_out: Vec::new(),
            differences: Vec::new(),
        };
        if let Some(record) = &assessment.imported {
            report.document.clone_from(&record.document);
            report.left_out.clone_from(&record.left_out);
            report.differences.clone_from(&record.differences);
        }
        for question in form.questions() {
            match assessment.content(&question.id) {
                Content::Answered { .. } | Content::NotApplicable { .. } => {
                    let words = count_words(assessment.content(&question.id));
                    report.placed.push(Placed { question: question.id.clone(), words });
                }
                Content::Unknown { .. } => report.unknown.push(question.id.clone()),
                Content::Unanswered | Content::Withheld => report.unanswered.push(question.id.clone()),
            }
        }
        report
    }
}

fn count_words(content: &Content) -> u32 {
    let mut text = content.rich_text().map(|text| text.plain_text()).unwrap_or_default();
    if let Content::Answered { value: dpia_model::Value::Table { rows } } = content {
        for cell in rows.iter().flat_map(|row| row.cells.values()) {
            text.push(' ');
            text.push_str(&cell.plain_text());
        }
    }
    u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX)
}
