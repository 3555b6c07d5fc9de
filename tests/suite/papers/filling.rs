//! Answers for a whole form: every question gets one of its kind, with words of the caller's.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use dpia_model::assessment::{Answer, Assessment, Cell, Content, Effect, Measure, Origin, Risk, Row, Tick, Value};
use dpia_model::id::{QuestionId, RowId};
use dpia_model::rich_text::{Block, ListItem, RichText, Run};
use dpia_model::template::{Column, ColumnKind, Question, QuestionKind, RiskScales, SectionItem};
use dpia_model::{CivilDate, Form, Instant};
use uuid::Uuid;

/// A paragraph of words.
pub(crate) fn prose(words: &str) -> RichText {
    RichText { blocks: vec![Block::plain(words)] }
}

/// A paragraph of runs.
pub(crate) fn paragraph(runs: Vec<Run>) -> Block {
    Block::Paragraph { runs }
}

/// An item of a list: words, and what is nested under them.
pub(crate) fn item(words: &str, nested: Vec<Block>) -> ListItem {
    ListItem { blocks: [vec![Block::plain(words)], nested].concat() }
}

/// The id of a row.
pub(crate) fn row_id(number: usize) -> RowId {
    RowId(Uuid::from_u128(number as u128))
}

/// A day.
pub(crate) fn day() -> Result<CivilDate> {
    CivilDate::new(2026, 11, 22).context("a day")
}

/// Answers a question.
pub(crate) fn answer(assessment: &mut Assessment, question: &str, value: Value) -> Result<()> {
    state(assessment, question, Content::Answered { value })
}

/// Says this of a question.
pub(crate) fn state(assessment: &mut Assessment, question: &str, content: Content) -> Result<()> {
    let origin = Origin::Typed { by: "Sam Sample".to_owned(), at: Instant(super::MOMENT.parse()?) };
    assessment.answers.insert(question.parse()?, Answer { content, origin: Some(origin) });
    Ok(())
}

/// Answers every question of the form; `words` gives the words for a question, made different by a number.
pub(crate) fn fill(form: &Form, assessment: &mut Assessment, words: &mut dyn FnMut(&QuestionId, usize) -> String) -> Result<()> {
    for item in form.sections().flat_map(|section| &section.items) {
        let SectionItem::Question { question } = item else { continue };
        let mut words = |number: usize| words(&question.id, number);
        let value = value_of(question, &form.scales, &mut words)?;
        answer(assessment, question.id.as_str(), value)?;
    }
    Ok(())
}

/// An answer of the kind that a question takes, with words wherever it has words.
fn value_of(question: &Question, scales: &RiskScales, words: &mut dyn FnMut(usize) -> String) -> Result<Value> {
    Ok(match &question.kind {
        QuestionKind::RichText { .. } => Value::RichText { text: prose(&words(0)) },
        QuestionKind::TickList { options, other } => Value::Ticks {
            ticks: options.iter().zip(ticks()).map(|(option, tick)| (option.id.clone(), tick)).collect(),
            other: other.as_ref().map(|_| prose(&words(0))),
        },
        QuestionKind::TickGrid { options, .. } => {
            Value::Ticks { ticks: options.iter().zip(ticks()).map(|(option, tick)| (option.id.clone(), tick)).collect(), other: None }
        }
        QuestionKind::YesNo { reasoning, .. } => Value::YesNo { is_yes: true, reasoning: reasoning.as_ref().map(|_| prose(&words(0))) },
        QuestionKind::Table { columns } => {
            Value::Table { rows: (0..2).map(|at| row_of(columns, at, &mut |number| words(10 * at + number))).collect::<Result<_>>()? }
        }
        QuestionKind::Date => Value::Date { date: day()?, has_short_year: false },
        QuestionKind::Choice { options } => {
            Value::Choice { option: options.first().context("a choice has options")?.id.clone(), reason: Some(prose(&words(0))) }
        }
        QuestionKind::SignOff => Value::SignOff { name: words(0), role: words(1), date: Some(day()?), signs: None },
        QuestionKind::RiskRegister => Value::Risks { risks: vec![risk(scales, 0, words)?] },
    })
}

/// Marks of every state, over and over.
fn ticks() -> impl Iterator<Item = Tick> {
    [Tick::Ticked, Tick::NotTicked, Tick::Unknown].into_iter().cycle()
}

/// Rows for the table of recipients; `words` gives the words for a row and a column.
pub(crate) fn rows_of(form: &Form, count: usize, words: &mut dyn FnMut(usize, usize) -> String) -> Result<Vec<Row>> {
    let question = form.question(&"disclosure.recipients".parse()?).context("a question of recipients")?;
    let QuestionKind::Table { columns } = &question.kind else { bail!("the recipients are no table") };
    (0..count).map(|at| row_of(columns, at, &mut |number| words(at, number))).collect()
}

/// A row with a cell of its kind in every column.
fn row_of(columns: &[Column], at: usize, words: &mut dyn FnMut(usize) -> String) -> Result<Row> {
    let mut cells = BTreeMap::new();
    for (number, column) in columns.iter().enumerate() {
        let cell = match &column.kind {
            ColumnKind::Text | ColumnKind::Country => Cell::Text { text: words(number) },
            ColumnKind::Link => {
                let label = words(number);
                Cell::Link { address: Some(format!("https://example.org/{}", label.replace(' ', "-"))), label }
            }
            ColumnKind::Date => Cell::Date { date: day()? },
            ColumnKind::Choice { options } => {
                Cell::Choice { option: options.get(at % options.len().max(1)).context("a column has options")?.id.clone() }
            }
        };
        cells.insert(column.id.clone(), cell);
    }
    Ok(Row { id: row_id(1000 + at), cells })
}

/// A risk with two measures, placed on the scales by its number.
pub(crate) fn risk(scales: &RiskScales, number: usize, words: &mut dyn FnMut(usize) -> String) -> Result<Risk> {
    let likelihood = |at: usize| scales.likelihood.get(at % scales.likelihood.len().max(1)).map(|step| step.id.clone());
    let severity = |at: usize| scales.severity.get(at % scales.severity.len().max(1)).map(|step| step.id.clone());
    let (source, harm) = (words(0), words(1));
    let mut measure = |at: usize| -> Result<Measure> {
        Ok(Measure {
            id: row_id(20_000 + 10 * number + at),
            description: words(2 + 2 * at),
            owner: words(3 + 2 * at),
            due: Some(day()?),
            effect: [Some(Effect::Eliminated), Some(Effect::Reduced), Some(Effect::Accepted), None][number % 4],
        })
    };
    let measures = vec![measure(0)?, measure(1)?];
    Ok(Risk {
        id: row_id(10_000 + number),
        source,
        harm,
        likelihood: likelihood(number),
        severity: severity(number / 3),
        measures,
        residual_likelihood: if number % 5 == 4 { None } else { likelihood(number / 2) },
        residual_severity: if number % 5 == 4 { None } else { severity(number / 7) },
        is_approved: [Some(true), Some(false), None][number % 3],
    })
}
