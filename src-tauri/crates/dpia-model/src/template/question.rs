//! What a form asks, and what shape of answer it takes.

use super::roles::Treatment;
use crate::assessment::{Cell, Content, Row, Value};
use crate::date::CivilDate;
use crate::id::{ColumnId, OptionId, QuestionId, RowId};
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
    /// How the program treats it beyond its kind.
    pub treatment: Treatment,
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
        /// How many are in a row.
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

/// What has an id by which answers name it, and a label: an option of a question, a step of a scale.
pub trait Labelled {
    /// The stable id.
    fn id(&self) -> &OptionId;
    /// The words.
    fn label(&self) -> &str;
}

impl Labelled for Opt {
    fn id(&self) -> &OptionId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.label
    }
}

/// The label of this id, or the id itself where it is not among the known.
pub fn label_in<'a>(known: &'a [impl Labelled], id: &'a OptionId) -> &'a str {
    known.iter().find(|one| one.id() == id).map_or(id.as_str(), Labelled::label)
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
    #[error("{question} has no mark for the option \"{option}\": every option is ticked, not ticked or unknown")]
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
    /// A cell holds what its column does not.
    #[error("the column \"{column}\" of {question} takes {expected}, or words, and not {found}")]
    Cell {
        /// The question.
        question: QuestionId,
        /// The column.
        column: ColumnId,
        /// What it takes.
        expected: &'static str,
        /// What came.
        found: &'static str,
    },
    /// Two rows, risks or measures have one id, or one has none.
    #[error("two rows of {question} have the id {row}, or one has none: each row has an id of its own")]
    RowId {
        /// The question.
        question: QuestionId,
        /// The id.
        row: RowId,
    },
    /// The scales on which risks are placed have no such step.
    #[error("the scales of {question} have no step \"{step}\"")]
    Step {
        /// The question.
        question: QuestionId,
        /// What came.
        step: OptionId,
    },
    /// A date that no assessment has.
    #[error("{date} in {question} is not a plausible date: its year is before {} or after {}", CivilDate::YEARS.start(), CivilDate::YEARS.end())]
    Year {
        /// The question.
        question: QuestionId,
        /// The date.
        date: CivilDate,
    },
    /// Its words are longer than any answer's.
    #[error(
        "the answer to {question} has {bytes} bytes of text, and an answer has at most {}: split it, or add the rest to another answer",
        Content::MOST_BYTES
    )]
    TooLong {
        /// The question.
        question: QuestionId,
        /// How long the words are, in bytes of UTF-8.
        bytes: usize,
    },
    /// Nobody withholds an answer of their own: only a copy for somebody else leaves answers out.
    #[error("{question} cannot be answered by withholding it")]
    Withheld {
        /// The question.
        question: QuestionId,
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

    /// Says whether this content may be as the answer: shape, options and columns are the question's own.
    pub fn check(&self, content: &Content) -> Result<(), AnswerMismatch> {
        self.check_length(content)?;
        let value = match content {
            Content::Answered { value } => value,
            Content::Withheld => return Err(AnswerMismatch::Withheld { question: self.id.clone() }),
            Content::Unanswered | Content::Unknown { .. } | Content::NotApplicable { .. } => return Ok(()),
        };
        let mismatch = || AnswerMismatch::Kind { question: self.id.clone(), expected: self.kind.name(), found: value.kind_name() };
        match (&self.kind, value) {
            (QuestionKind::RichText { .. }, Value::RichText { .. }) | (QuestionKind::YesNo { .. }, Value::YesNo { .. }) => Ok(()),
            (QuestionKind::Date, Value::Date { date, .. }) => self.check_date(*date),
            (QuestionKind::SignOff, Value::SignOff { date, .. }) => date.map_or(Ok(()), |date| self.check_date(date)),
            (QuestionKind::RiskRegister, Value::Risks { risks }) => {
                let measures = || risks.iter().flat_map(|risk| &risk.measures);
                self.check_ids(risks.iter().map(|risk| risk.id))?;
                self.check_ids(measures().map(|measure| measure.id))?;
                measures().filter_map(|measure| measure.due).try_for_each(|date| self.check_date(date))
            }
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
            (QuestionKind::Table { .. }, Value::Table { rows }) => {
                self.check_ids(rows.iter().map(|row| row.id))?;
                rows.iter().try_for_each(|row| self.check_row(row))
            }
            _ => Err(mismatch()),
        }
    }

    /// Says whether the words of this content are as long as an answer's may be.
    pub fn check_length(&self, content: &Content) -> Result<(), AnswerMismatch> {
        match content.bytes_of_words() {
            bytes if bytes > Content::MOST_BYTES => Err(AnswerMismatch::TooLong { question: self.id.clone(), bytes }),
            _ => Ok(()),
        }
    }

    /// Says whether this row may be in the question's table.
    fn check_row(&self, row: &Row) -> Result<(), AnswerMismatch> {
        let QuestionKind::Table { columns } = &self.kind else {
            return Err(AnswerMismatch::Kind { question: self.id.clone(), expected: self.kind.name(), found: "rows of a table" });
        };
        for (id, cell) in &row.cells {
            let Some(column) = columns.iter().find(|column| column.id == *id) else {
                return Err(AnswerMismatch::Column { question: self.id.clone(), column: id.clone() });
            };
            self.check_cell(column, cell)?;
        }
        Ok(())
    }

    /// Words may be in any cell: what an old document has there cannot always be read as a date or an option.
    fn check_cell(&self, column: &Column, cell: &Cell) -> Result<(), AnswerMismatch> {
        match (&column.kind, cell) {
            (_, Cell::Text { .. }) | (ColumnKind::Link, Cell::Link { .. }) => Ok(()),
            (ColumnKind::Date, Cell::Date { date }) => self.check_date(*date),
            (ColumnKind::Choice { options }, Cell::Choice { option }) => match options.iter().any(|known| known.id == *option) {
                true => Ok(()),
                false => Err(AnswerMismatch::Option { question: self.id.clone(), option: option.clone() }),
            },
            (kind, cell) => Err(AnswerMismatch::Cell {
                question: self.id.clone(),
                column: column.id.clone(),
                expected: kind.name(),
                found: cell.kind_name(),
            }),
        }
    }

    fn check_date(&self, date: CivilDate) -> Result<(), AnswerMismatch> {
        match date.is_plausible() {
            true => Ok(()),
            false => Err(AnswerMismatch::Year { question: self.id.clone(), date }),
        }
    }

    fn check_ids(&self, ids: impl Iterator<Item = RowId>) -> Result<(), AnswerMismatch> {
        let mut known = BTreeSet::new();
        for row in ids {
            if row.0.is_nil() || !known.insert(row) {
                return Err(AnswerMismatch::RowId { question: self.id.clone(), row });
            }
        }
        Ok(())
    }
}

impl ColumnKind {
    /// The kind in words, as errors name it.
    pub fn name(&self) -> &'static str {
        match self {
            ColumnKind::Text => "words",
            ColumnKind::Country => "a country",
            ColumnKind::Link => "a link",
            ColumnKind::Date => "a date",
            ColumnKind::Choice { .. } => "one of its options",
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
