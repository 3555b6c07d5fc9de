//! What was said of a question, by kind. Unknown is said to be so, and nothing said is never shown as "no".

use super::Writer;
use super::tree::{AnswerBlock, Block, Fact, Mark, TickItem, TickLayout, TickRow, Ticks, Words};
use dpia_model::answer_text::{self, AnswerState, AnswerText, Role};
use dpia_model::assessment::Tick;
use dpia_model::rich_text::RichText;
use dpia_model::template::{Question, QuestionKind};

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

impl<'a> Writer<'a> {
    /// A question with its answer.
    pub(crate) fn question(&mut self, question: &'a Question) -> Vec<Block> {
        let prompt = self.form_words(&question.prompt);
        let help = question.help.iter().map(|runs| self.form_words(runs)).collect();
        let mut blocks = vec![Block::Question { prompt, help }];
        let input = self.input;
        let answer = self.read(question);
        match answer.state {
            AnswerState::NotApplicable => {
                let reason = plain_words(&answer, Role::Reason);
                let said = if reason.trim().is_empty() { "Does not apply".to_owned() } else { format!("Does not apply: {reason}") };
                blocks.push(Block::Nothing(said));
            }
            AnswerState::Withheld => blocks.push(Block::Nothing("This answer is not part of this copy.".to_owned())),
            AnswerState::Unanswered if !input.form.is_asked(question, input.assessment) => {
                blocks.push(Block::Nothing("Not asked, because of the answer above".to_owned()));
            }
            AnswerState::Unanswered => self.without_answer(question, &answer, &mut blocks, &NOBODY_ANSWERED),
            AnswerState::Unknown => self.without_answer(question, &answer, &mut blocks, &NOT_READ),
            AnswerState::Answered => self.answer(question, &answer, &mut blocks),
        }
        blocks
    }

    /// The answer to a question, with the labels of its form.
    pub(crate) fn read(&self, question: &'a Question) -> AnswerText<'a> {
        AnswerText::read(self.input.form, question, self.input.assessment.content(&question.id))
    }

    /// A question without a certain answer: its options with boxes to be confirmed, and the words that an import found.
    fn without_answer(&mut self, question: &Question, answer: &AnswerText<'_>, blocks: &mut Vec<Block>, remarks: &Remarks) {
        match &question.kind {
            QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. } | QuestionKind::Choice { .. } => {
                blocks.push(marks_block(answer, layout_of(&question.kind), Some(remarks.list)));
            }
            QuestionKind::YesNo { .. } => {
                let items = answer.marks.iter().map(|mark| TickItem { mark: Mark::Unknown, label: Words::plain(mark.label) });
                blocks.push(Block::TickRow(TickRow { items: items.collect(), remark: Some(remarks.row.to_owned()) }));
            }
            QuestionKind::RichText { .. }
            | QuestionKind::Table { .. }
            | QuestionKind::Date
            | QuestionKind::SignOff
            | QuestionKind::RiskRegister => {
                if let QuestionKind::Table { columns } = &question.kind {
                    blocks.push(Block::Table(self.table(columns, &[])));
                }
                blocks.push(match answer.state {
                    AnswerState::Unanswered => Block::Nothing(NOT_ANSWERED.to_owned()),
                    AnswerState::Unknown | AnswerState::Answered | AnswerState::NotApplicable | AnswerState::Withheld => {
                        Block::Answer(vec![AnswerBlock::Paragraph(Words::default().and_remark(UNKNOWN))])
                    }
                });
            }
        }
        self.reasoning_prompt(question, answer, blocks);
        self.written(answer, blocks);
    }

    fn answer(&mut self, question: &Question, answer: &AnswerText<'_>, blocks: &mut Vec<Block>) {
        match &question.kind {
            QuestionKind::RichText { .. } => {
                let before = blocks.len();
                self.written(answer, blocks);
                if blocks.len() == before {
                    blocks.push(Block::Nothing(NOT_ANSWERED.to_owned()));
                }
            }
            QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. } | QuestionKind::Choice { .. } => {
                blocks.push(marks_block(answer, layout_of(&question.kind), None));
                self.written(answer, blocks);
            }
            QuestionKind::YesNo { .. } => {
                let items = answer.marks.iter().map(|mark| TickItem { mark: mark_of(mark.tick), label: Words::plain(mark.label) });
                blocks.push(Block::TickRow(TickRow { items: items.collect(), remark: None }));
                self.reasoning_prompt(question, answer, blocks);
                self.written(answer, blocks);
            }
            QuestionKind::Table { columns } => {
                blocks.push(Block::Table(self.table(columns, &answer.rows)));
                if answer.rows.is_empty() {
                    blocks.push(Block::Nothing("No rows".to_owned()));
                }
            }
            QuestionKind::Date | QuestionKind::SignOff => {
                blocks.push(Block::Answer(vec![AnswerBlock::Paragraph(Words::plain(short_answer(answer)))]));
            }
            QuestionKind::RiskRegister => {
                blocks.push(Block::Table(self.risk_register(&answer.rows)));
                if answer.rows.is_empty() {
                    blocks.push(Block::Nothing("No risk has been recorded".to_owned()));
                }
            }
        }
    }

    /// What the form asks besides a yes or no, before the reasons.
    fn reasoning_prompt(&self, question: &Question, answer: &AnswerText<'_>, blocks: &mut Vec<Block>) {
        if let QuestionKind::YesNo { reasoning: Some(prompt), .. } = &question.kind {
            blocks.push(Block::Question { prompt: Words::default(), help: vec![self.form_words(prompt)] });
            if written_text(answer).is_none() {
                blocks.push(Block::Nothing(NOT_ANSWERED.to_owned()));
            }
        }
    }

    /// The text that somebody wrote: the answer itself, or the words that accompany it.
    pub(crate) fn written(&mut self, answer: &AnswerText<'_>, blocks: &mut Vec<Block>) {
        if let Some(text) = written_text(answer) {
            blocks.push(Block::Answer(self.answer_blocks(text)));
        }
    }

    /// A short answer with its label.
    pub(crate) fn fact(&self, question: &'a Question) -> Fact {
        let label = self.form_words(&question.prompt).text();
        let answer = self.read(question);
        let (value, is_missing) = match answer.state {
            AnswerState::Unanswered => (Words::plain(NOT_ANSWERED), true),
            AnswerState::Unknown => {
                let stated = Some(short_answer(&answer)).filter(|text| !text.is_empty());
                let words = Words::plain(stated.map(|text| format!("{text} ")).unwrap_or_default());
                (words.and_remark(TO_BE_CONFIRMED), false)
            }
            AnswerState::Answered => (Words::plain(short_answer(&answer)), false),
            AnswerState::NotApplicable => {
                (Words::plain(format!("Does not apply. {}", plain_words(&answer, Role::Reason)).trim().to_owned()), true)
            }
            AnswerState::Withheld => (Words::plain("Not part of this copy"), true),
        };
        Fact { label, value, is_missing }
    }
}

/// What is said where there is no certain answer.
struct Remarks {
    /// Above a list of options.
    list: &'static str,
    /// After the two of a yes or no.
    row: &'static str,
}

/// Nobody has answered.
const NOBODY_ANSWERED: Remarks = Remarks { list: "Not answered yet.", row: "not answered" };
/// There is an answer that could not be read.
const NOT_READ: Remarks = Remarks { list: LIST_UNKNOWN, row: "to be confirmed" };

/// The text with marks that somebody wrote, if there is any.
pub(crate) fn written_text<'a>(answer: &AnswerText<'a>) -> Option<&'a RichText> {
    answer.parts.iter().find_map(|part| match part.words {
        answer_text::Words::Rich(text) if !text.is_blank() => Some(text),
        answer_text::Words::Rich(_) | answer_text::Words::Plain(_) | answer_text::Words::Day { .. } => None,
    })
}

/// The words of this role, without marks.
pub(crate) fn plain_words(answer: &AnswerText<'_>, role: Role) -> String {
    answer.words(role).map(|words| words.plain_text()).unwrap_or_default()
}

/// A day, a sign-off or short words on one line.
pub(crate) fn short_answer(answer: &AnswerText<'_>) -> String {
    let parts = answer.parts.iter().filter(|part| part.role != Role::Chosen).map(|part| part.words.plain_text());
    parts.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Options in a grid, in two columns where there are many short ones, or one under the other.
fn layout_of(kind: &QuestionKind) -> TickLayout {
    match kind {
        QuestionKind::TickGrid { columns, .. } => TickLayout::Grid(usize::from(*columns)),
        QuestionKind::TickList { options, .. } => {
            let letters: usize = options.iter().map(|option| option.label.chars().count()).sum();
            let is_short = letters <= COLUMNS_MEAN * options.len();
            if options.len() >= COLUMNS_FROM && is_short { TickLayout::TwoColumns } else { TickLayout::Column }
        }
        QuestionKind::Choice { .. }
        | QuestionKind::RichText { .. }
        | QuestionKind::YesNo { .. }
        | QuestionKind::Table { .. }
        | QuestionKind::Date
        | QuestionKind::SignOff
        | QuestionKind::RiskRegister => TickLayout::Column,
    }
}

/// The options with their marks. Where a remark says it of all, none is said to be confirmed on its own.
fn marks_block(answer: &AnswerText<'_>, layout: TickLayout, remark: Option<&str>) -> Block {
    let items = answer.marks.iter().map(|option| {
        let label = Words::plain(option.label);
        let is_remarked = option.tick == Tick::Unknown && remark.is_none();
        TickItem { mark: mark_of(option.tick), label: if is_remarked { label.and(" ").and_remark(TO_BE_CONFIRMED) } else { label } }
    });
    Block::Ticks(Ticks { layout, items: items.collect(), remark: remark.map(str::to_owned) })
}

fn mark_of(tick: Tick) -> Mark {
    match tick {
        Tick::Ticked => Mark::Ticked,
        Tick::NotTicked => Mark::Blank,
        Tick::Unknown => Mark::Unknown,
    }
}
