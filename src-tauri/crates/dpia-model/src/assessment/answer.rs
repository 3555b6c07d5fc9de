//! Answers: what was said, and where it came from.

use super::risk::Risk;
use crate::date::{CivilDate, Instant};
use crate::id::{ColumnId, Digest, OptionId, RowId};
use crate::rich_text::RichText;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What is said.
    pub content: Content,
    /// Where it came from; none where nothing was ever said.
    pub origin: Option<Origin>,
}

/// What is said of a question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// Nothing yet.
    #[default]
    Unanswered,
    /// Something was said that could not be read: to be confirmed. Never to be taken for "no".
    Unknown {
        /// Text that came with it, such as that of "other" or of a reason.
        stated: Option<RichText>,
    },
    /// This.
    Answered {
        /// What was said.
        value: Value,
    },
    /// The question does not apply.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// There is an answer, and this copy leaves it out.
    Withheld,
}

/// The value of an answer, by kind of question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Value {
    /// Prose.
    RichText {
        /// The prose.
        text: RichText,
    },
    /// A mark for every option of the list or grid.
    Ticks {
        /// By option.
        ticks: BTreeMap<OptionId, Tick>,
        /// The words of "other".
        other: Option<RichText>,
    },
    /// Yes or no.
    YesNo {
        /// Yes.
        is_yes: bool,
        /// Why, where reasons have a place.
        reasoning: Option<RichText>,
    },
    /// Rows.
    Table {
        /// First to last.
        rows: Vec<Row>,
    },
    /// A day.
    Date {
        /// The day.
        date: CivilDate,
        /// The year was read from two digits.
        has_short_year: bool,
    },
    /// One option.
    Choice {
        /// The option.
        option: OptionId,
        /// Why, where a reason is asked.
        reason: Option<RichText>,
    },
    /// A person's word.
    SignOff {
        /// Who.
        name: String,
        /// As what.
        role: String,
        /// When, if said.
        date: Option<CivilDate>,
        /// The content that was signed; none for a sign-off read from a document.
        signs: Option<Digest>,
    },
    /// Risks.
    Risks {
        /// First to last; a risk's number is its place.
        risks: Vec<Risk>,
    },
}

/// The mark of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    /// It applies.
    Ticked,
    /// It was considered and does not apply.
    NotTicked,
    /// To be confirmed.
    Unknown,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The same for its whole life, wherever it is.
    pub id: RowId,
    /// By column; a column without a cell is empty.
    pub cells: BTreeMap<ColumnId, Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Cell {
    /// Words, or the name of a country.
    Text {
        /// The words.
        text: String,
    },
    /// A label and the address it leads to.
    Link {
        /// The words; may equal the address.
        label: String,
        /// The address; none where it was lost, to be confirmed.
        address: Option<String>,
    },
    /// A day.
    Date {
        /// The day.
        date: CivilDate,
    },
    /// One of the column's options.
    Choice {
        /// The option.
        option: OptionId,
    },
}

/// Where an answer came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// Somebody wrote it here.
    Typed {
        /// Who.
        by: String,
        /// When.
        at: Instant,
    },
    /// It was read from a document.
    Imported {
        /// The document's file name.
        document: String,
        /// When.
        at: Instant,
    },
    /// It was read from a document, or carried over, and somebody said that it is right.
    Confirmed {
        /// Who.
        by: String,
        /// When.
        at: Instant,
    },
}

impl Answer {
    /// An answer with this value, from there.
    pub fn of(value: Value, origin: Origin) -> Self {
        Self { content: Content::Answered { value }, origin: Some(origin) }
    }
}

impl Content {
    /// The most words of an answer, in bytes of UTF-8: 2 MiB. A bundle reads texts of twice that, so that a text of quotation
    /// marks fits as well, each of which JSON writes as two bytes.
    pub const MOST_BYTES: usize = 2 * 1024 * 1024;

    /// The prose in it: the answer itself, the words of "other", a reason, or words that came with an unknown mark.
    pub fn rich_text(&self) -> Option<&RichText> {
        match self {
            Content::Unknown { stated } => stated.as_ref(),
            Content::Answered { value } => match value {
                Value::RichText { text } => Some(text),
                Value::Ticks { other: text, .. } | Value::YesNo { reasoning: text, .. } | Value::Choice { reason: text, .. } => {
                    text.as_ref()
                }
                Value::Table { .. } | Value::Date { .. } | Value::SignOff { .. } | Value::Risks { .. } => None,
            },
            Content::Unanswered | Content::NotApplicable { .. } | Content::Withheld => None,
        }
    }

    /// As [`Content::rich_text`], to be changed.
    pub fn rich_text_mut(&mut self) -> Option<&mut RichText> {
        match self {
            Content::Unknown { stated } => stated.as_mut(),
            Content::Answered { value } => match value {
                Value::RichText { text } => Some(text),
                Value::Ticks { other: text, .. } | Value::YesNo { reasoning: text, .. } | Value::Choice { reason: text, .. } => {
                    text.as_mut()
                }
                Value::Table { .. } | Value::Date { .. } | Value::SignOff { .. } | Value::Risks { .. } => None,
            },
            Content::Unanswered | Content::NotApplicable { .. } | Content::Withheld => None,
        }
    }

    /// How long its words are, in bytes of UTF-8.
    pub fn bytes_of_words(&self) -> usize {
        let others = match self {
            Content::Answered { value: Value::Table { rows } } => {
                rows.iter().flat_map(|row| row.cells.values()).map(|cell| cell.plain_text().len()).sum()
            }
            Content::Answered { value: Value::Risks { risks } } => risks.iter().map(Risk::bytes_of_words).sum(),
            Content::Answered { value: Value::SignOff { name, role, .. } } => name.len() + role.len(),
            Content::NotApplicable { reason } => reason.len(),
            Content::Answered { .. } | Content::Unknown { .. } | Content::Unanswered | Content::Withheld => 0,
        };
        others + self.rich_text().map_or(0, |text| text.plain_text().len())
    }
}

impl Value {
    /// The kind in words, as errors name it.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Value::RichText { .. } => "text",
            Value::Ticks { .. } => "ticks",
            Value::YesNo { .. } => "yes or no",
            Value::Table { .. } => "rows of a table",
            Value::Date { .. } => "a date",
            Value::Choice { .. } => "one of several options",
            Value::SignOff { .. } => "a sign-off",
            Value::Risks { .. } => "risks",
        }
    }
}

impl Cell {
    /// The kind in words, as errors name it.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Cell::Text { .. } => "words",
            Cell::Link { .. } => "a link",
            Cell::Date { .. } => "a date",
            Cell::Choice { .. } => "an option",
        }
    }

    /// The words of the cell as they would be read aloud; a link's address follows where it differs from the label.
    pub fn plain_text(&self) -> String {
        match self {
            Cell::Text { text } => text.clone(),
            Cell::Link { label, address } => match address {
                Some(address) if label.is_empty() || label == address => address.clone(),
                Some(address) => format!("{label} {address}"),
                None => label.clone(),
            },
            Cell::Date { date } => date.to_string(),
            Cell::Choice { option } => option.to_string(),
        }
    }
}
