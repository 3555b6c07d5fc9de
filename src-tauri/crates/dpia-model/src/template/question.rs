//! What a form asks, and what shape of answer it takes.

use crate::assessment::{Content, Row, Value};
use crate::id::{ColumnId, OptionId, QuestionId};
use crate::rich_text::Run;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A question of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Question {
    /// The stable id, the same in every edition that asks this.
    pub id: QuestionId,
    /// The question itself, in the edition's words.
    pub prompt: Vec<Run>,
    /// Help that the form prints under the question, paragraph by paragraph.
    pub help: Vec<Vec<Run>>,
    /// The shape of the answer.
    pub kind: QuestionKind,
    /// Asked only where this holds; an answer that is there is shown all the same.
    pub condition: Option<Condition>,
    /// The edition added this to the older form.
    pub is_addition: bool,
    /// The note beside the question, from the pack.
    pub guidance: Option<Guidance>,
}

/// A note that helps to answer: shown beside the question and printed in Appendix A.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Guidance {
    /// What the note is about.
    pub title: String,
    /// The note, paragraph by paragraph.
    pub paragraphs: Vec<Vec<Run>>,
    /// The clause that the note rests on, such as "UK GDPR Article 35(7)(a)".
    pub source: Option<String>,
}

/// The shape of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum QuestionKind {
    /// Prose.
    RichText {
        /// Pictures may be placed in it.
        allows_pictures: bool,
    },
    /// Options one under the other, any number of which may be ticked.
    TickList {
        /// The options, in order.
        options: Vec<Opt>,
        /// The option whose words follow in a text of its own.
        other: Option<OptionId>,
    },
    /// Options in columns, row by row.
    TickGrid {
        /// The options, row by row.
        options: Vec<Opt>,
        /// How many stand in a row.
        columns: u8,
    },
    /// Yes or no.
    YesNo {
        /// The label of yes.
        yes: String,
        /// The label of no.
        no: String,
        /// What is asked besides, if reasons have a place.
        reasoning: Option<Vec<Run>>,
    },
    /// Rows of named cells.
    Table {
        /// The columns, left to right.
        columns: Vec<Column>,
    },
    /// A day.
    Date,
    /// One of several.
    Choice {
        /// The options, in order.
        options: Vec<Opt>,
    },
    /// Who signed, as what, when.
    SignOff,
    /// Risks with their measures.
    RiskRegister,
}

/// An option. (`Option` is a word of the language.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Opt {
    /// The stable id.
    pub id: OptionId,
    /// The words, to the letter.
    pub label: String,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Column {
    /// The stable id.
    pub id: ColumnId,
    /// The words at its head.
    pub label: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ColumnKind {
    /// Words.
    Text,
    /// The name of a country.
    Country,
    /// A label and an address.
    Link,
    /// A day.
    Date,
    /// One of several.
    Choice {
        /// The options, in order.
        options: Vec<Opt>,
    },
}

/// When a question is asked: another question has this answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Condition {
    /// The other question.
    pub question: QuestionId,
    /// What it has to say.
    pub is: ConditionValue,
}

/// What a condition looks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ConditionValue {
    /// Yes.
    Yes,
    /// No.
    No,
    /// This option is ticked or chosen.
    Option(OptionId),
}

/// Why an answer does not fit its question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerMismatch {
    /// The value is of another shape.
    #[error("{question} takes {expected}, not {found}")]
    Kind {
        /// The question.
        question: QuestionId,
        /// What it takes.
        expected: &'static str,
        /// What came.
        found: &'static str,
    },
    /// The question has no such option.
    #[error("{question} has no option \"{option}\"")]
    Option {
        /// The question.
        question: QuestionId,
        /// What came.
        option: OptionId,
    },
    /// The list's option was left without a mark.
    #[error("{question} says nothing of the option \"{option}\": every option is ticked, not ticked or unknown")]
    OptionMissing {
        /// The question.
        question: QuestionId,
        /// The option without a mark.
        option: OptionId,
    },
    /// The table has no such column.
    #[error("{question} has no column \"{column}\"")]
    Column {
        /// The question.
        question: QuestionId,
        /// What came.
        column: ColumnId,
    },
}

impl Question {
    /// The options that can be ticked or chosen; none for other kinds.
    pub fn options(&self) -> &[Opt] {
        match &self.kind {
            QuestionKind::TickList { options, .. } | QuestionKind::TickGrid { options, .. } | QuestionKind::Choice { options } => options,
            QuestionKind::RichText { .. }
            | QuestionKind::YesNo { .. }
            | QuestionKind::Table { .. }
            | QuestionKind::Date
            | QuestionKind::SignOff
            | QuestionKind::RiskRegister => &[],
        }
    }

    /// Says whether this content may stand as the answer: shape, options and columns are the question's own.
    pub fn check(&self, content: &Content) -> Result<(), AnswerMismatch> {
        let Content::Answered { value } = content else { return Ok(()) };
        let mismatch = || AnswerMismatch::Kind { question: self.id.clone(), expected: self.kind.name(), found: value.kind_name() };
        match (&self.kind, value) {
            (QuestionKind::RichText { .. }, Value::RichText { .. })
            | (QuestionKind::YesNo { .. }, Value::YesNo { .. })
            | (QuestionKind::Date, Value::Date { .. })
            | (QuestionKind::SignOff, Value::SignOff { .. })
            | (QuestionKind::RiskRegister, Value::Risks { .. }) => Ok(()),
            (QuestionKind::TickList { options, .. } | QuestionKind::TickGrid { options, .. }, Value::Ticks { ticks, .. }) => {
                let known: BTreeSet<&OptionId> = options.iter().map(|option| &option.id).collect();
                if let Some(option) = ticks.keys().find(|id| !known.contains(id)) {
                    return Err(AnswerMismatch::Option { question: self.id.clone(), option: option.clone() });
                }
                match options.iter().find(|option| !ticks.contains_key(&option.id)) {
                    Some(option) => Err(AnswerMismatch::OptionMissing { question: self.id.clone(), option: option.id.clone() }),
                    None => Ok(()),
                }
            }
            (QuestionKind::Choice { options }, Value::Choice { option, .. }) => match options.iter().any(|known| known.id == *option) {
                true => Ok(()),
                false => Err(AnswerMismatch::Option { question: self.id.clone(), option: option.clone() }),
            },
            (QuestionKind::Table { .. }, Value::Table { rows }) => rows.iter().try_for_each(|row| self.check_row(row)),
            _ => Err(mismatch()),
        }
    }

    /// Says whether this row may stand in the question's table.
    pub fn check_row(&self, row: &Row) -> Result<(), AnswerMismatch> {
        let QuestionKind::Table { columns } = &self.kind else {
            return Err(AnswerMismatch::Kind { question: self.id.clone(), expected: self.kind.name(), found: "rows of a table" });
        };
        match row.cells.keys().find(|id| !columns.iter().any(|column| column.id == **id)) {
            Some(column) => Err(AnswerMismatch::Column { question: self.id.clone(), column: column.clone() }),
            None => Ok(()),
        }
    }
}

impl QuestionKind {
    /// The kind in words, as errors name it.
    pub fn name(&self) -> &'static str {
        match self {
            QuestionKind::RichText { .. } => "text",
            QuestionKind::TickList { .. } => "ticks in a list",
            QuestionKind::TickGrid { .. } => "ticks in a grid",
            QuestionKind::YesNo { .. } => "yes or no",
            QuestionKind::Table { .. } => "rows of a table",
            QuestionKind::Date => "a date",
            QuestionKind::Choice { .. } => "one of its options",
            QuestionKind::SignOff => "a sign-off",
            QuestionKind::RiskRegister => "risks",
        }
    }
}
