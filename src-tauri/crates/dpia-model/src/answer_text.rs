//! An answer in words: the one reading from which the report, the terminal, the history, a comparison and the search draw.
//!
//! It puts the form's labels to the ids of an answer and names each piece of text by its role. What was never read stays
//! unknown here too. How it is laid out, and which words surround it, is for each of them to decide.

use crate::assessment::{Cell, Content, Measure, Risk, Row, Tick, Value};
use crate::date::CivilDate;
use crate::id::{ColumnId, OptionId, RowId};
use crate::rich_text::RichText;
use crate::template::{Column, ColumnKind, Form, Question, QuestionKind, label_in};
use serde::Serialize;

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerText<'a> {
    /// Whether there is an answer.
    pub state: AnswerState,
    /// Every option of the question with its mark, in the order of the form. Only where the answer decides about options:
    /// a list, a grid, a choice, a yes or no.
    pub marks: Vec<OptionMark<'a>>,
    /// Its words, in reading order.
    pub parts: Vec<Part<'a>>,
    /// Its rows or risks, first to last.
    pub rows: Vec<RowText<'a>>,
}

/// Whether there is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerState {
    /// Nobody has answered.
    Unanswered,
    /// There is an answer that could not be read, or no mark of its options is known.
    Unknown,
    /// There is an answer.
    Answered,
    /// The question does not apply.
    NotApplicable,
    /// There is an answer, and this copy leaves it out.
    Withheld,
}

/// An option with its mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionMark<'a> {
    /// The option; none for the two of a yes or no, which have no ids.
    pub option: Option<&'a OptionId>,
    /// Its label, or its id where the question does not have it.
    pub label: &'a str,
    /// The mark. An option without one is unknown.
    pub tick: Tick,
}

/// Words with their role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// What the words are.
    pub role: Role,
    /// The words.
    pub words: Words<'a>,
}

/// What the words of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The answer itself.
    Answer,
    /// The label of the option that was chosen: the answer itself too, in the form's words.
    Chosen,
    /// The words of the option "other".
    Other,
    /// The reasons for a yes or a no.
    Reasons,
    /// The reason for a choice, or why the question does not apply.
    Reason,
    /// Who signed.
    Name,
    /// As what.
    SignedAs,
    /// When.
    SignedOn,
}

/// Words, as an answer holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words<'a> {
    /// Plain words.
    Plain(&'a str),
    /// Words with marks, links and pictures.
    Rich(&'a RichText),
    /// A day.
    Day {
        /// The day.
        date: CivilDate,
        /// The year was read from two digits.
        has_short_year: bool,
    },
}

/// A row of a table, or a risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowText<'a> {
    /// The row.
    pub id: RowId,
    /// Its cells, in the order of the columns; a cell of a column that the form does not have comes last.
    pub cells: Vec<CellText<'a>>,
}

/// A cell of a row, or a field of a risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellText<'a> {
    /// Which cell it is.
    pub field: Field<'a>,
    /// The words at the head of its column, or the id of a column that the form does not have.
    pub label: &'a str,
    /// What it holds.
    pub value: CellValue<'a>,
}

/// Which cell of a row it is: the same in every state of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// The cell of this column.
    Column(&'a ColumnId),
    /// Where a risk comes from.
    Source,
    /// What could happen to people.
    Harm,
    /// How likely it is before the measures.
    Likelihood,
    /// How bad it would be before the measures.
    Severity,
    /// This measure.
    Measure(RowId),
    /// How likely it is after the measures.
    ResidualLikelihood,
    /// How bad it would be after the measures.
    ResidualSeverity,
    /// Whether the measures were approved.
    Approved,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellValue<'a> {
    /// Words.
    Plain(&'a str),
    /// A label and the address it leads to; none where the address was lost.
    Link {
        /// The words.
        label: &'a str,
        /// The address.
        address: Option<&'a str>,
    },
    /// A day.
    Day(CivilDate),
    /// An option of the column, or a step of a scale.
    Option {
        /// The option.
        id: &'a OptionId,
        /// Its label, or its id where the form does not have it.
        label: &'a str,
    },
    /// A measure.
    Measure(&'a Measure),
    /// Yes or no; none while nobody has decided.
    Decision(Option<bool>),
}

impl<'a> AnswerText<'a> {
    /// Reads an answer of this form.
    pub fn read(form: &'a Form, question: &'a Question, content: &'a Content) -> Self {
        Reader { asked: Some((form, question)) }.read(content)
    }

    /// Reads an answer without its form: options and columns are named by their ids, and an option without a mark is not
    /// there.
    pub fn read_alone(content: &'a Content) -> Self {
        Reader { asked: None }.read(content)
    }

    /// The words of this role.
    pub fn words(&self, role: Role) -> Option<Words<'a>> {
        self.parts.iter().find(|part| part.role == role).map(|part| part.words)
    }

    /// The labels of the options that apply.
    pub fn ticked(&self) -> impl Iterator<Item = &'a str> {
        self.marks.iter().filter(|mark| mark.tick == Tick::Ticked).map(|mark| mark.label)
    }
}

impl Words<'_> {
    /// The words alone: a line a paragraph or item, no marks.
    pub fn plain_text(&self) -> String {
        match self {
            Words::Plain(words) => (*words).to_owned(),
            Words::Rich(text) => text.plain_text(),
            Words::Day { date, .. } => date.to_string(),
        }
    }
}

impl<'a> RowText<'a> {
    /// What the cell of this field holds.
    pub fn value(&self, field: Field<'_>) -> Option<CellValue<'a>> {
        self.cells.iter().find(|cell| cell.field == field).map(|cell| cell.value)
    }
}

impl CellValue<'_> {
    /// The words of the cell as they would be read aloud; a link's address follows where it differs from the label, and of a
    /// measure this is what is done.
    pub fn plain_text(&self) -> String {
        match self {
            CellValue::Plain(words) => (*words).to_owned(),
            CellValue::Link { label, address } => match address {
                Some(address) if label.is_empty() || label == address => (*address).to_owned(),
                Some(address) => format!("{label} {address}"),
                None => (*label).to_owned(),
            },
            CellValue::Day(date) => date.to_string(),
            CellValue::Option { label, .. } => (*label).to_owned(),
            CellValue::Measure(measure) => measure.description.clone(),
            CellValue::Decision(decision) => decision.map_or("", |is_approved| if is_approved { "Yes" } else { "No" }).to_owned(),
        }
    }
}

/// Reads content with the labels of its form, where that is known.
#[derive(Clone, Copy)]
struct Reader<'a> {
    asked: Option<(&'a Form, &'a Question)>,
}

impl<'a> Reader<'a> {
    fn read(self, content: &'a Content) -> AnswerText<'a> {
        let undecided = |state| AnswerText { state, marks: self.unknown_marks(), parts: Vec::new(), rows: Vec::new() };
        match content {
            Content::Unanswered => undecided(AnswerState::Unanswered),
            Content::Withheld => undecided(AnswerState::Withheld),
            Content::NotApplicable { reason } => AnswerText {
                parts: vec![Part { role: Role::Reason, words: Words::Plain(reason) }],
                ..undecided(AnswerState::NotApplicable)
            },
            Content::Unknown { stated } => {
                AnswerText { parts: rich(self.role_beside(), stated.as_ref()), ..undecided(AnswerState::Unknown) }
            }
            Content::Answered { value } => self.read_value(value),
        }
    }

    fn read_value(self, value: &'a Value) -> AnswerText<'a> {
        let answered = AnswerText { state: AnswerState::Answered, marks: Vec::new(), parts: Vec::new(), rows: Vec::new() };
        match value {
            Value::RichText { text } => AnswerText { parts: rich(Role::Answer, Some(text)), ..answered },
            Value::Ticks { ticks, other } => {
                let mark = |option: &'a OptionId, label: &'a str| OptionMark {
                    option: Some(option),
                    label,
                    tick: ticks.get(option).copied().unwrap_or(Tick::Unknown),
                };
                let marks: Vec<OptionMark<'a>> = match self.asked {
                    Some((_, question)) => question.options().iter().map(|option| mark(&option.id, &option.label)).collect(),
                    None => ticks.keys().map(|option| mark(option, option.as_str())).collect(),
                };
                let is_unknown = !marks.is_empty() && marks.iter().all(|mark| mark.tick == Tick::Unknown);
                let state = if is_unknown { AnswerState::Unknown } else { AnswerState::Answered };
                AnswerText { state, marks, parts: rich(Role::Other, other.as_ref()), ..answered }
            }
            Value::YesNo { is_yes, reasoning } => {
                let labels = self.yes_no().unwrap_or(["Yes", "No"]);
                let mark = |(label, applies)| OptionMark { option: None, label, tick: tick_of(applies) };
                let chosen = if *is_yes { labels[0] } else { labels[1] };
                let parts = chosen_and(chosen, rich(Role::Reasons, reasoning.as_ref()));
                AnswerText { marks: labels.into_iter().zip([*is_yes, !is_yes]).map(mark).collect(), parts, ..answered }
            }
            Value::Choice { option, reason } => {
                let options = self.asked.map(|(_, question)| question.options()).unwrap_or_default();
                let marks = options.iter().map(|known| OptionMark {
                    option: Some(&known.id),
                    label: &known.label,
                    tick: tick_of(known.id == *option),
                });
                let mut marks: Vec<OptionMark<'a>> = marks.collect();
                let chosen = label_in(options, option);
                if !options.iter().any(|known| known.id == *option) {
                    marks.push(OptionMark { option: Some(option), label: chosen, tick: Tick::Ticked });
                }
                AnswerText { marks, parts: chosen_and(chosen, rich(Role::Reason, reason.as_ref())), ..answered }
            }
            Value::Date { date, has_short_year } => {
                let words = Words::Day { date: *date, has_short_year: *has_short_year };
                AnswerText { parts: vec![Part { role: Role::Answer, words }], ..answered }
            }
            Value::SignOff { name, role, date, .. } => {
                let mut parts =
                    vec![Part { role: Role::Name, words: Words::Plain(name) }, Part { role: Role::SignedAs, words: Words::Plain(role) }];
                parts.extend(date.map(|date| Part { role: Role::SignedOn, words: Words::Day { date, has_short_year: false } }));
                AnswerText { parts, ..answered }
            }
            Value::Table { rows } => AnswerText { rows: rows.iter().map(|row| self.read_row(row)).collect(), ..answered },
            Value::Risks { risks } => AnswerText { rows: risks.iter().map(|risk| self.read_risk(risk)).collect(), ..answered },
        }
    }

    /// The labels of yes and no, where that is asked.
    fn yes_no(self) -> Option<[&'a str; 2]> {
        match self.asked.map(|(_, question)| &question.kind) {
            Some(QuestionKind::YesNo { yes, no, .. }) => Some([yes, no]),
            Some(_) | None => None,
        }
    }

    /// Every option without a known mark.
    fn unknown_marks(self) -> Vec<OptionMark<'a>> {
        let unknown = |option, label| OptionMark { option, label, tick: Tick::Unknown };
        match (self.asked, self.yes_no()) {
            (Some(_), Some(labels)) => labels.into_iter().map(|label| unknown(None, label)).collect(),
            (Some((_, question)), None) => {
                question.options().iter().map(|option| unknown(Some(&option.id), option.label.as_str())).collect()
            }
            (None, _) => Vec::new(),
        }
    }

    /// What the words are that accompany an answer to this question.
    fn role_beside(self) -> Role {
        match self.asked.map(|(_, question)| &question.kind) {
            Some(QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. }) => Role::Other,
            Some(QuestionKind::YesNo { .. }) => Role::Reasons,
            Some(QuestionKind::Choice { .. }) => Role::Reason,
            Some(
                QuestionKind::RichText { .. }
                | QuestionKind::Table { .. }
                | QuestionKind::Date
                | QuestionKind::SignOff
                | QuestionKind::RiskRegister,
            )
            | None => Role::Answer,
        }
    }

    fn read_row(self, row: &'a Row) -> RowText<'a> {
        let columns: &[Column] = match self.asked.map(|(_, question)| &question.kind) {
            Some(QuestionKind::Table { columns }) => columns,
            Some(_) | None => &[],
        };
        let known = columns.iter().filter_map(|column| {
            let cell = row.cells.get(&column.id)?;
            let options = match &column.kind {
                ColumnKind::Choice { options } => options.as_slice(),
                ColumnKind::Text | ColumnKind::Country | ColumnKind::Link | ColumnKind::Date => &[],
            };
            let value = match cell {
                Cell::Choice { option } => CellValue::Option { id: option, label: label_in(options, option) },
                Cell::Text { .. } | Cell::Link { .. } | Cell::Date { .. } => read_cell(cell),
            };
            Some(CellText { field: Field::Column(&column.id), label: &column.label, value })
        });
        let others = row.cells.iter().filter(|(id, _)| !columns.iter().any(|column| column.id == **id));
        let others = others.map(|(id, cell)| CellText { field: Field::Column(id), label: id.as_str(), value: read_cell(cell) });
        RowText { id: row.id, cells: known.chain(others).collect() }
    }

    fn read_risk(self, risk: &'a Risk) -> RowText<'a> {
        let scales = self.asked.map(|(form, _)| &form.scales);
        let (likelihood, severity) = scales.map(|scales| (&*scales.likelihood, &*scales.severity)).unwrap_or_default();
        let step = |field, label, steps, id: &'a Option<OptionId>| {
            let value = id.as_ref().map_or(CellValue::Plain(""), |id| CellValue::Option { id, label: label_in(steps, id) });
            CellText { field, label, value }
        };
        let cell = |field, label, value| CellText { field, label, value };
        let mut cells = vec![
            cell(Field::Source, "Source of the risk", CellValue::Plain(&risk.source)),
            cell(Field::Harm, "What could happen to people", CellValue::Plain(&risk.harm)),
            step(Field::Likelihood, "Likelihood", likelihood, &risk.likelihood),
            step(Field::Severity, "Severity", severity, &risk.severity),
        ];
        cells.extend(risk.measures.iter().map(|measure| cell(Field::Measure(measure.id), "Measure", CellValue::Measure(measure))));
        cells.extend([
            step(Field::ResidualLikelihood, "Likelihood after the measures", likelihood, &risk.residual_likelihood),
            step(Field::ResidualSeverity, "Severity after the measures", severity, &risk.residual_severity),
            cell(Field::Approved, "Approved", CellValue::Decision(risk.is_approved)),
        ]);
        RowText { id: risk.id, cells }
    }
}

fn read_cell(cell: &Cell) -> CellValue<'_> {
    match cell {
        Cell::Text { text } => CellValue::Plain(text),
        Cell::Link { label, address } => CellValue::Link { label, address: address.as_deref() },
        Cell::Date { date } => CellValue::Day(*date),
        Cell::Choice { option } => CellValue::Option { id: option, label: option.as_str() },
    }
}

fn rich(role: Role, text: Option<&RichText>) -> Vec<Part<'_>> {
    text.map(|text| Part { role, words: Words::Rich(text) }).into_iter().collect()
}

fn chosen_and<'a>(chosen: &'a str, mut others: Vec<Part<'a>>) -> Vec<Part<'a>> {
    others.insert(0, Part { role: Role::Chosen, words: Words::Plain(chosen) });
    others
}

fn tick_of(applies: bool) -> Tick {
    if applies { Tick::Ticked } else { Tick::NotTicked }
}
