//! An assessment that is long: an answer of forty pages, a table of three hundred rows, forty risks.

use anyhow::Result;
use dpia_model::assessment::Value;
use dpia_model::rich_text::{Block, RichText};

use super::filling::{answer, fill, risk, rows_of};
use super::{Made, make_empty};

/// Makes the assessment.
pub(crate) fn make_long() -> Result<Made> {
    let mut made = make_empty()?;
    let form = made.form.clone();
    let a = &mut made.assessment;
    fill(&form, a, &mut |question, number| format!("The answer to {question}, number {number}."))?;
    a.details.product = "A Long Product".to_owned();
    let sentence = "The quick brown fox jumps over the lazy dog and writes it down, once for each school and once for each year. ";
    let blocks = (0..300).map(|at| Block::plain(format!("Paragraph {at}. {}", sentence.repeat(at % 7 + 1))));
    answer(a, "security.measures", Value::RichText { text: RichText { blocks: blocks.collect() } })?;
    let rows = rows_of(&form, 300, &mut |at, number| format!("Recipient {at} {}", "and more words ".repeat((at + number) % 4)))?;
    answer(a, "disclosure.recipients", Value::Table { rows })?;
    let risks = (0..40).map(|number| risk(&form.scales, number, &mut |at| format!("Risk {number}, words {at}")));
    answer(a, "risk.register", Value::Risks { risks: risks.collect::<Result<_>>()? })?;
    Ok(made)
}
