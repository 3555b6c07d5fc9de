//! An answer as a comparison reads it: the words of the state and of each mark, its words by what they are, its rows.

use dpia_model::answer_text::{AnswerState, AnswerText, CellText, CellValue, Field, OptionMark, Role, RowText, Words};
use dpia_model::assessment::{Effect, Measure, Tick};
use dpia_model::date::CivilDate;
use dpia_model::id::RowId;
use dpia_model::rich_text::{Block, RichText, Run};

/// A row as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadRow {
    pub(super) id: RowId,
    pub(super) cells: Vec<ReadCell>,
}

/// A cell as it is read. Two cells are the same cell where their keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadCell {
    pub(super) key: String,
    pub(super) label: String,
    pub(super) text: String,
}

impl ReadRow {
    /// The first of its words.
    pub(super) fn name(&self) -> &str {
        self.cells.iter().map(|cell| cell.text.as_str()).find(|text| !text.is_empty()).unwrap_or("An empty row")
    }
}

/// The state in words.
pub(super) fn name_state(state: AnswerState) -> &'static str {
    match state {
        AnswerState::Unanswered => "Not answered",
        AnswerState::Unknown => "To be confirmed",
        AnswerState::Answered => "Answered",
        AnswerState::NotApplicable => "Does not apply",
        AnswerState::Withheld => "Left out of this copy",
    }
}

/// What is said of an option. One without a mark shares the state of its question: what is not known is not "not ticked".
pub(super) fn name_mark(state: AnswerState, mark: &OptionMark<'_>) -> &'static str {
    match (state, mark.tick) {
        (AnswerState::Unanswered, _) => "not answered",
        (AnswerState::NotApplicable, _) => "does not apply",
        (AnswerState::Withheld, _) => "left out of this copy",
        (AnswerState::Unknown, _) | (AnswerState::Answered, Tick::Unknown) => "to be confirmed",
        (AnswerState::Answered, Tick::Ticked) => "ticked",
        (AnswerState::Answered, Tick::NotTicked) => "not ticked",
    }
}

/// The words of an answer, each by what they are; the answer itself by nothing.
pub(super) fn read_parts(answer: &AnswerText<'_>) -> Vec<(&'static str, String)> {
    let label = |role| match role {
        Role::Answer | Role::Chosen => "",
        Role::Other => "Other",
        Role::Reasons => "Reasons",
        Role::Reason => "Reason",
        Role::Name => "Name",
        Role::SignedAs => "Role",
        Role::SignedOn => "Date",
    };
    let words = |words| match words {
        Words::Plain(words) => words.to_owned(),
        Words::Rich(text) => read_text(text),
        Words::Day { date, has_short_year } => read_date(date, has_short_year),
    };
    answer.parts.iter().map(|part| (label(part.role), words(part.words))).collect()
}

/// The rows of an answer.
pub(super) fn read_rows(answer: &AnswerText<'_>) -> Vec<ReadRow> {
    let read = |row: &RowText<'_>| ReadRow { id: row.id, cells: row.cells.iter().map(read_cell).collect() };
    answer.rows.iter().map(read).collect()
}

fn read_cell(cell: &CellText<'_>) -> ReadCell {
    let key = match cell.field {
        Field::Column(column) => column.to_string(),
        Field::Measure(measure) => measure.0.to_string(),
        Field::Source
        | Field::Harm
        | Field::Likelihood
        | Field::Severity
        | Field::ResidualLikelihood
        | Field::ResidualSeverity
        | Field::Approved => cell.label.to_owned(),
    };
    let text = match cell.value {
        CellValue::Measure(measure) => read_measure(measure),
        CellValue::Plain(_) | CellValue::Link { .. } | CellValue::Day(_) | CellValue::Option { .. } | CellValue::Decision(_) => {
            cell.value.plain_text()
        }
    };
    ReadCell { key, label: cell.label.to_owned(), text }
}

/// A date, with the doubt that there is of it.
pub(super) fn read_date(date: CivilDate, has_short_year: bool) -> String {
    format!("{date}{}", if has_short_year { " (the year was read from two digits)" } else { "" })
}

fn read_measure(measure: &Measure) -> String {
    let effect = measure.effect.map(|effect| match effect {
        Effect::Eliminated => "Effect: eliminated",
        Effect::Reduced => "Effect: reduced",
        Effect::Accepted => "Effect: accepted",
    });
    let mut parts = vec![measure.description.clone()];
    parts.extend((!measure.owner.is_empty()).then(|| format!("Owner: {}", measure.owner)));
    parts.extend(measure.due.map(|due| format!("Due: {due}")));
    parts.extend(effect.map(str::to_owned));
    parts.join("\n")
}

/// The words with the marks of lists, where links lead, and the words for a picture.
pub(super) fn read_text(text: &RichText) -> String {
    let mut lines = Vec::new();
    read_blocks(&text.blocks, "", &mut lines);
    lines.join("\n")
}

fn read_blocks(blocks: &[Block], indent: &str, lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph { runs } => lines.push(format!("{indent}{}", read_runs(runs))),
            Block::BulletedList { items } => {
                items.iter().for_each(|item| read_item("\u{2022} ", &item.blocks, indent, lines));
            }
            Block::NumberedList { start, items } => {
                (*start..).zip(items).for_each(|(number, item)| read_item(&format!("{number}. "), &item.blocks, indent, lines));
            }
            Block::Picture { attachment, description, caption } => {
                let words: Vec<&str> =
                    [description, caption].into_iter().map(|words| words.trim()).filter(|words| !words.is_empty()).collect();
                // Two pictures with the same words, or with none, are told apart by the beginning of their digest.
                let mark = &attachment.to_string()[..8];
                lines.push(format!("{indent}[Picture {mark}: {}]", words.join(". ")));
            }
        }
    }
}

/// The first line of an item has its mark.
fn read_item(mark: &str, blocks: &[Block], indent: &str, lines: &mut Vec<String>) {
    let first = lines.len();
    read_blocks(blocks, &format!("{indent}  "), lines);
    match lines.get_mut(first) {
        Some(line) => *line = format!("{indent}{mark}{}", line.trim_start()),
        None => lines.push(format!("{indent}{}", mark.trim_end())),
    }
}

fn read_runs(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| match run {
            Run::Break => "\n".to_owned(),
            Run::Text { text, link: Some(link), .. } => match &link.address {
                Some(address) if address == text => text.clone(),
                Some(address) => format!("{text} ({address})"),
                None => format!("{text} (link address to be confirmed)"),
            },
            Run::Text { text, link: None, .. } => text.clone(),
        })
        .collect()
}
