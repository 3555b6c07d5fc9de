//! An answer as somebody reads it: whether there is one, what is ticked, its words, its rows with their ids.

use dpia_model::Form;
use dpia_model::assessment::{self, Content, Effect, Measure, Risk, Row, Tick, Value};
use dpia_model::date::CivilDate;
use dpia_model::id::{OptionId, RowId};
use dpia_model::rich_text::{Block, RichText, Run};
use dpia_model::template::{ColumnKind, Opt, Question, QuestionKind, ScaleStep};
use std::collections::BTreeMap;

/// An answer as it is read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Whether there is one.
    pub(super) state: &'static str,
    /// Its words, each by what they are; the answer itself by nothing.
    pub(super) words: Vec<(&'static str, String)>,
    /// The marks of its options that are another than the common one.
    pub(super) ticks: BTreeMap<OptionId, &'static str>,
    /// The mark of every other option: what is not known is not "not ticked".
    pub(super) common_tick: &'static str,
    /// Its rows, first to last.
    pub(super) rows: Vec<ReadRow>,
}

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

/// What is said of an option that applies.
pub(super) const TICKED: &str = "ticked";

impl ReadRow {
    /// The first of its words.
    pub(super) fn name(&self) -> &str {
        self.cells.iter().map(|cell| cell.text.as_str()).find(|text| !text.is_empty()).unwrap_or("An empty row")
    }
}

/// Reads an answer.
pub(super) fn read(form: &Form, question: &Question, content: &Content) -> Reading {
    let plain = |state, common_tick, words: Option<(&'static str, String)>| Reading {
        state,
        common_tick,
        words: words.into_iter().collect(),
        ..Reading::default()
    };
    match content {
        Content::Unanswered => plain("Not answered", "not answered", None),
        Content::Withheld => plain("Left out of this copy", "left out of this copy", None),
        Content::NotApplicable { reason } => plain("Does not apply", "does not apply", Some(("Reason", reason.clone()))),
        Content::Unknown { stated } => {
            plain("To be confirmed", "to be confirmed", stated.as_ref().map(|text| (label_of_words(&question.kind), read_text(text))))
        }
        Content::Answered { value } => read_value(form, question, value),
    }
}

/// What the words are that stand beside an answer of this kind.
fn label_of_words(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. } => "Other",
        QuestionKind::YesNo { .. } => "Reasons",
        QuestionKind::Choice { .. } => "Reason",
        QuestionKind::RichText { .. }
        | QuestionKind::Table { .. }
        | QuestionKind::Date
        | QuestionKind::SignOff
        | QuestionKind::RiskRegister => "",
    }
}

fn read_value(form: &Form, question: &Question, value: &Value) -> Reading {
    let mut reading = Reading { state: "Answered", common_tick: "not ticked", ..Reading::default() };
    let beside = label_of_words(&question.kind);
    let label_of = |option: &OptionId| label_in(question.options(), option);
    let text_of = |text: &Option<RichText>| text.as_ref().map(read_text).unwrap_or_default();
    match value {
        Value::RichText { text } => reading.words.push(("", read_text(text))),
        Value::Ticks { ticks, other } => {
            reading.ticks = ticks.iter().filter_map(|(option, tick)| Some((option.clone(), read_tick(*tick)?))).collect();
            reading.words.push((beside, text_of(other)));
        }
        Value::YesNo { is_yes, reasoning } => {
            let label = match &question.kind {
                QuestionKind::YesNo { yes, no, .. } => if *is_yes { yes } else { no }.clone(),
                _ => if *is_yes { "Yes" } else { "No" }.to_owned(),
            };
            reading.words.extend([("", label), (beside, text_of(reasoning))]);
        }
        Value::Choice { option, reason } => reading.words.extend([("", label_of(option)), (beside, text_of(reason))]),
        Value::Date { date, has_short_year } => reading.words.push(("", read_date(*date, *has_short_year))),
        Value::SignOff { name, role, date, .. } => {
            let date = date.map(|date| date.to_string()).unwrap_or_default();
            reading.words.extend([("Name", name.clone()), ("Role", role.clone()), ("Date", date)]);
        }
        Value::Table { rows } => reading.rows = rows.iter().map(|row| read_row(question, row)).collect(),
        Value::Risks { risks } => reading.rows = risks.iter().map(|risk| read_risk(form, risk)).collect(),
    }
    reading
}

/// A date, with the doubt that there is of it.
pub(super) fn read_date(date: CivilDate, has_short_year: bool) -> String {
    format!("{date}{}", if has_short_year { " (the year was read from two digits)" } else { "" })
}

fn read_tick(tick: Tick) -> Option<&'static str> {
    match tick {
        Tick::Ticked => Some(TICKED),
        Tick::Unknown => Some("to be confirmed"),
        Tick::NotTicked => None,
    }
}

fn label_in(options: &[Opt], option: &OptionId) -> String {
    options.iter().find(|known| known.id == *option).map_or_else(|| option.to_string(), |known| known.label.clone())
}

fn read_row(question: &Question, row: &Row) -> ReadRow {
    let columns = match &question.kind {
        QuestionKind::Table { columns } => columns.as_slice(),
        _ => &[],
    };
    let cells = columns.iter().filter_map(|column| {
        let text = match (row.cells.get(&column.id)?, &column.kind) {
            (assessment::Cell::Choice { option }, ColumnKind::Choice { options }) => label_in(options, option),
            (cell, _) => cell.plain_text(),
        };
        Some(ReadCell { key: column.id.to_string(), label: column.label.clone(), text })
    });
    ReadRow { id: row.id, cells: cells.collect() }
}

fn read_risk(form: &Form, risk: &Risk) -> ReadRow {
    let cell = |label: &str, text: String| ReadCell { key: label.to_owned(), label: label.to_owned(), text };
    let step = |steps: &[ScaleStep], id: &Option<OptionId>| {
        let label = |id: &OptionId| steps.iter().find(|step| step.id == *id).map_or_else(|| id.to_string(), |step| step.label.clone());
        id.as_ref().map(label).unwrap_or_default()
    };
    let scales = &form.scales;
    let approved = risk.is_approved.map_or("", |is_approved| if is_approved { "Yes" } else { "No" });
    let mut cells = vec![
        cell("Source of the risk", risk.source.clone()),
        cell("What could happen to people", risk.harm.clone()),
        cell("Likelihood", step(&scales.likelihood, &risk.likelihood)),
        cell("Severity", step(&scales.severity, &risk.severity)),
    ];
    cells.extend(risk.measures.iter().map(|measure| ReadCell {
        key: measure.id.0.to_string(),
        label: "Measure".to_owned(),
        text: read_measure(measure),
    }));
    cells.extend([
        cell("Likelihood after the measures", step(&scales.likelihood, &risk.residual_likelihood)),
        cell("Severity after the measures", step(&scales.severity, &risk.residual_severity)),
        cell("Approved", approved.to_owned()),
    ]);
    ReadRow { id: risk.id, cells }
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

/// The first line of an item bears its mark.
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
