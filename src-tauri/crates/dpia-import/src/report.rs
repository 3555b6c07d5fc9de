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
    /// How many of the edition's questions were found in the document.
    pub questions_found: u32,
    /// How many questions the edition asks, those of the internal sections not counted.
    pub questions_asked: u32,
    /// What is odd about the text of the document.
    pub remarks: Vec<Remark>,
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

/// Something odd about the text of a document. It is read as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Remark {
    /// Letters were decoded twice, so that an apostrophe shows as `â€™`.
    DecodedTwice {
        /// The line of the first of them, counted from 1.
        line: u32,
        /// How the first of them shows.
        shown: String,
        /// The letter that it was.
        meant: String,
        /// How many of them there are.
        count: u32,
    },
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

/// What is known of a reading besides the assessment.
pub(crate) struct ReadingFacts {
    pub(crate) scores: Vec<EditionScore>,
    pub(crate) questions_found: usize,
    pub(crate) questions_asked: usize,
    pub(crate) remarks: Vec<Remark>,
}

impl ImportReport {
    /// The edition is known, and fewer than half of its questions were found: the person who imports it is asked first.
    pub fn is_partly_placed(&self) -> bool {
        self.questions_found.saturating_mul(2) < self.questions_asked
    }

    /// The report of an assessment that was just read.
    pub(crate) fn new(assessment: &Assessment, form: &Form, is_forced: bool, reading: ReadingFacts) -> Self {
        let ReadingFacts { scores, questions_found, questions_asked, remarks } = reading;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut report = Self {
            document: String::new(),
            edition: assessment.edition.clone(),
            is_forced,
            scores,
            questions_found: count(questions_found),
            questions_asked: count(questions_asked),
            remarks,
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
