//! What was said of a question, by kind. Unknown is said to be so, and nothing said is never shown as "no".

use super::Writer;
use super::tree::{AnswerBlock, Block, Fact, Mark, TickItem, TickLayout, TickRow, Ticks, Words};
use dpia_model::assessment::{Content, Tick, Value};
use dpia_model::id::OptionId;
use dpia_model::rich_text::RichText;
use dpia_model::template::{Opt, Question, QuestionKind};
use std::collections::BTreeMap;

/// Said where nobody has answered.
pub(crate) const NOT_ANSWERED: &str = "Not answered";
/// Said after an option that is to be confirmed; kept on one line.
const TO_BE_CONFIRMED: &str = "to\u{A0}be\u{A0}confirmed";
/// Said over a list of which nothing is known.
const LIST_UNKNOWN: &str = "To be confirmed: no tick in this list could be read from the earlier document.";
/// Said where the earlier document's words could not be read as an answer.
const UNKNOWN: &str = "To be confirmed";
/// Options in two columns are at least this many...
const COLUMNS_FROM: usize = 8;
/// ...and this short on average, in letters.
const COLUMNS_MEAN: usize = 50;

impl Writer<'_> {
    /// A question with its answer.
    pub(crate) fn question(&mut self, question: &Question) -> Vec<Block> {
        let prompt = self.form_words(&question.prompt);
        let help = question.help.iter().map(|runs| self.form_words(runs)).collect();
        let mut blocks = vec![Block::Question { prompt, help }];
        let input = self.input;
        match input.assessment.content(&question.id) {
            Content::NotApplicable { reason } => {
                let said = if reason.trim().is_empty() { "Does not apply".to_owned() } else { format!("Does not apply: {reason}") };
                blocks.push(Block::Nothing(said));
            }
            Content::Withheld => blocks.push(Block::Nothing("This answer is not part of this copy.".to_owned())),
            Content::Unanswered if !input.form.is_asked(question, input.assessment) => {
                blocks.push(Block::Nothing("Not asked, going by the answer above".to_owned()));
            }
            Content::Unanswered => self.unknown(question, None, &mut blocks, Said::Nothing),
            Content::Unknown { stated } => self.unknown(question, stated.as_ref(), &mut blocks, Said::Unknown),
            Content::Answered { value } => self.value(question, value, &mut blocks),
        }
        blocks
    }

    /// A question without a certain answer: its options with boxes to be confirmed, and the words that stood there.
    fn unknown(&mut self, question: &Question, stated: Option<&RichText>, blocks: &mut Vec<Block>, said: Said) {
        match &question.kind {
            QuestionKind::TickList { options, .. } => blocks.push(unknown_ticks(options, list_layout(options), said)),
            QuestionKind::TickGrid { options, columns } => {
                blocks.push(unknown_ticks(options, TickLayout::Grid(usize::from(*columns)), said));
            }
            QuestionKind::Choice { options } => blocks.push(unknown_ticks(options, TickLayout::Column, said)),
            QuestionKind::YesNo { yes, no, .. } => {
                let items = [yes, no].map(|label| TickItem { mark: Mark::Unknown, label: Words::plain(label.as_str()) });
                let remark = match said {
                    Said::Nothing => "not answered",
                    Said::Unknown => "to be confirmed",
                };
                blocks.push(Block::TickRow(TickRow { items: items.into(), remark: Some(remark.to_owned()) }));
            }
            QuestionKind::RichText { .. }
            | QuestionKind::Table { .. }
            | QuestionKind::Date
            | QuestionKind::SignOff
            | QuestionKind::RiskRegister => {
                if let QuestionKind::Table { columns } = &question.kind {
                    blocks.push(Block::Table(self.table(columns, &[])));
                }
                match said {
                    Said::Nothing => blocks.push(Block::Nothing(NOT_ANSWERED.to_owned())),
                    Said::Unknown => {
                        let words = Words::default().and_remark(UNKNOWN);
                        blocks.push(Block::Answer(vec![AnswerBlock::Paragraph(words)]));
                    }
                }
            }
        }
        self.reasoning_prompt(question, stated, blocks);
    }

    fn value(&mut self, question: &Question, value: &Value, blocks: &mut Vec<Block>) {
        match value {
            Value::RichText { text } if text.is_blank() => blocks.push(Block::Nothing(NOT_ANSWERED.to_owned())),
            Value::RichText { text } => blocks.push(Block::Answer(self.answer_blocks(text))),
            Value::Ticks { ticks, other } => {
                let layout = match &question.kind {
                    QuestionKind::TickGrid { columns, .. } => TickLayout::Grid(usize::from(*columns)),
                    _ => list_layout(question.options()),
                };
                blocks.push(ticks_block(question.options(), ticks, layout));
                self.words(other.as_ref(), blocks);
            }
            Value::YesNo { is_yes, reasoning } => {
                let (yes, no) = match &question.kind {
                    QuestionKind::YesNo { yes, no, .. } => (yes.as_str(), no.as_str()),
                    _ => ("Yes", "No"),
                };
                let item = |label: &str, is_ticked: bool| TickItem {
                    mark: if is_ticked { Mark::Ticked } else { Mark::Blank },
                    label: Words::plain(label),
                };
                blocks.push(Block::TickRow(TickRow { items: vec![item(yes, *is_yes), item(no, !is_yes)], remark: None }));
                self.reasoning_prompt(question, reasoning.as_ref(), blocks);
            }
            Value::Table { rows } => {
                let QuestionKind::Table { columns } = &question.kind else { return };
                blocks.push(Block::Table(self.table(columns, rows)));
                if rows.is_empty() {
                    blocks.push(Block::Nothing("No rows".to_owned()));
                }
            }
            Value::Choice { option, reason } => {
                let items = question.options().iter().map(|choice| TickItem {
                    mark: if choice.id == *option { Mark::Ticked } else { Mark::Blank },
                    label: Words::plain(choice.label.as_str()),
                });
                blocks.push(Block::Ticks(Ticks { layout: TickLayout::Column, items: items.collect(), remark: None }));
                self.words(reason.as_ref(), blocks);
            }
            Value::Date { .. } | Value::SignOff { .. } => blocks.push(Block::Answer(vec![AnswerBlock::Paragraph(short_value(value))])),
            Value::Risks { risks } => {
                blocks.push(Block::Table(self.risk_register(risks)));
                if risks.is_empty() {
                    blocks.push(Block::Nothing("No risk has been recorded".to_owned()));
                }
            }
        }
    }

    /// The reasons of a yes or no, after what the form asks for them.
    fn reasoning_prompt(&mut self, question: &Question, reasoning: Option<&RichText>, blocks: &mut Vec<Block>) {
        if let QuestionKind::YesNo { reasoning: Some(prompt), .. } = &question.kind {
            blocks.push(Block::Question { prompt: Words::default(), help: vec![self.form_words(prompt)] });
            if reasoning.is_none_or(RichText::is_blank) {
                blocks.push(Block::Nothing(NOT_ANSWERED.to_owned()));
            }
        }
        self.words(reasoning, blocks);
    }

    /// Words that stand with an answer.
    pub(crate) fn words(&mut self, text: Option<&RichText>, blocks: &mut Vec<Block>) {
        if let Some(text) = text.filter(|text| !text.is_blank()) {
            blocks.push(Block::Answer(self.answer_blocks(text)));
        }
    }

    /// An answer that stands by its label.
    pub(crate) fn fact(&self, question: &Question) -> Fact {
        let label = self.form_words(&question.prompt).text();
        let (value, is_missing) = match self.input.assessment.content(&question.id) {
            Content::Unanswered => (Words::plain(NOT_ANSWERED), true),
            Content::Unknown { stated } => {
                let stated = stated.as_ref().map(RichText::plain_text).filter(|text| !text.is_empty());
                let words = Words::plain(stated.map(|text| format!("{text} ")).unwrap_or_default());
                (words.and_remark(TO_BE_CONFIRMED), false)
            }
            Content::Answered { value } => (short_value(value), false),
            Content::NotApplicable { reason } => (Words::plain(format!("Does not apply. {reason}").trim().to_owned()), true),
            Content::Withheld => (Words::plain("Not part of this copy"), true),
        };
        Fact { label, value, is_missing }
    }
}

/// Whether a question was left alone, or its answer could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Unknown,
}

/// A date or a sign-off in a line.
pub(crate) fn short_value(value: &Value) -> Words {
    match value {
        Value::Date { date, .. } => Words::plain(date.to_string()),
        Value::SignOff { name, role, date, .. } => {
            let parts = [name.trim().to_owned(), role.trim().to_owned(), date.map(|date| date.to_string()).unwrap_or_default()];
            Words::plain(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
        }
        Value::RichText { text } => Words::plain(text.plain_text()),
        Value::Ticks { .. } | Value::YesNo { .. } | Value::Table { .. } | Value::Choice { .. } | Value::Risks { .. } => Words::default(),
    }
}

fn list_layout(options: &[Opt]) -> TickLayout {
    let letters: usize = options.iter().map(|option| option.label.chars().count()).sum();
    let is_short = letters <= COLUMNS_MEAN * options.len();
    if options.len() >= COLUMNS_FROM && is_short { TickLayout::TwoColumns } else { TickLayout::Column }
}

fn unknown_ticks(options: &[Opt], layout: TickLayout, said: Said) -> Block {
    let items = options.iter().map(|option| TickItem { mark: Mark::Unknown, label: Words::plain(option.label.as_str()) }).collect();
    let remark = match said {
        Said::Nothing => "Not answered yet.",
        Said::Unknown => LIST_UNKNOWN,
    };
    Block::Ticks(Ticks { layout, items, remark: Some(remark.to_owned()) })
}

fn ticks_block(options: &[Opt], ticks: &BTreeMap<OptionId, Tick>, layout: TickLayout) -> Block {
    let mark_of = |option: &Opt| match ticks.get(&option.id) {
        Some(Tick::Ticked) => Mark::Ticked,
        Some(Tick::NotTicked) => Mark::Blank,
        Some(Tick::Unknown) | None => Mark::Unknown,
    };
    if !options.is_empty() && options.iter().all(|option| mark_of(option) == Mark::Unknown) {
        return unknown_ticks(options, layout, Said::Unknown);
    }
    let items = options.iter().map(|option| {
        let label = Words::plain(option.label.as_str());
        let mark = mark_of(option);
        let label = if mark == Mark::Unknown { label.and(" ").and_remark(TO_BE_CONFIRMED) } else { label };
        TickItem { mark, label }
    });
    Block::Ticks(Ticks { layout, items: items.collect(), remark: None })
}
