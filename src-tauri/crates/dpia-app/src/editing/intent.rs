//! What somebody wants to do to an assessment, and the [`Change`] that does it. The rules of answering live here: what
//! the first tick of a list says of the others, what confirming means, what a sign-off signs.

use dpia_model::Assessment;
use dpia_model::assessment::{Answer, Content, Details, Origin, Tick, Value, one_line};
use dpia_model::change::Change;
use dpia_model::date::{CivilDate, Instant};
use dpia_model::id::{OptionId, QuestionId, RowId};
use dpia_model::rich_text::RichText;
use dpia_model::template::{AnswerMismatch, Form, Question, QuestionKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Something to do to an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Intent {
    /// Mark one option of a list or grid. In a list without an answer the other options become not ticked; in an unknown
    /// one they stay unknown.
    Tick {
        /// The question.
        question: QuestionId,
        /// The option.
        option: OptionId,
        /// It applies.
        is_ticked: bool,
    },
    /// Say that none of the options applies.
    TickNone {
        /// The question.
        question: QuestionId,
    },
    /// Confirm what was read: marks still unknown become not ticked.
    Confirm {
        /// The question.
        question: QuestionId,
    },
    /// Say yes or no; a reason that is there stays.
    AnswerYesNo {
        /// The question.
        question: QuestionId,
        /// Yes.
        is_yes: bool,
    },
    /// Take out a row or a risk.
    RemoveRow {
        /// The question.
        question: QuestionId,
        /// The row.
        row: RowId,
    },
    /// Move a row or a risk.
    MoveRow {
        /// The question.
        question: QuestionId,
        /// The row.
        row: RowId,
        /// Its new place, counted from 0.
        to: u32,
    },
    /// Change what is on the cover.
    SetDetails {
        /// The new details.
        details: Details,
    },
    /// Add a piece without a place to the end of a prose answer.
    PlacePiece {
        /// The piece.
        piece: RowId,
        /// The question it belongs to.
        question: QuestionId,
    },
    /// Remove a piece without a place.
    RemovePiece {
        /// The piece.
        piece: RowId,
    },
    /// Sign what the assessment says now, as the officer and today.
    SignOff {
        /// The question.
        question: QuestionId,
    },
}

/// The name in the history of an officer who has given none.
const NOBODY: &str = "unnamed";

/// Why an intent cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntentError {
    /// The form asks no such question.
    #[error("this form has no question {0}")]
    NoSuchQuestion(QuestionId),
    /// The answer does not fit the question.
    #[error(transparent)]
    Mismatch(#[from] AnswerMismatch),
    /// The question takes another kind of answer.
    #[error("{question} takes {expected}, so this is not possible")]
    WrongKind {
        /// The question.
        question: QuestionId,
        /// What it takes.
        expected: &'static str,
    },
    /// There is nothing to confirm.
    #[error("{0} has nothing left to confirm")]
    NothingToConfirm(QuestionId),
    /// Yes and no cannot be confirmed without saying which.
    #[error("{0} needs an answer before it can be confirmed")]
    NeedsAnswer(QuestionId),
    /// A sign-off without a name.
    #[error("a sign-off needs a name and a role")]
    Nameless,
    /// There is no such piece.
    #[error("there is no unplaced text {0}")]
    NoSuchPiece(RowId),
    /// Pieces are placed in prose only.
    #[error("{0} takes no text: choose a question that is answered in words")]
    NotProse(QuestionId),
}

/// Who edits, and when.
#[derive(Debug, Clone)]
pub struct EditAuthor {
    /// The officer's name and role; none where they have not said.
    pub person: Option<(String, String)>,
    /// The moment.
    pub at: Instant,
    /// The day where the officer is.
    pub today: CivilDate,
}

impl EditAuthor {
    /// The name that the history has for the person.
    pub fn name(&self) -> &str {
        self.person.as_ref().map_or(NOBODY, |(name, _)| name)
    }

    fn typed(&self) -> Origin {
        Origin::Typed { by: self.name().to_owned(), at: self.at }
    }

    fn confirmed(&self) -> Origin {
        Origin::Confirmed { by: self.name().to_owned(), at: self.at }
    }
}

impl Intent {
    /// The question that it is about; none for the cover and for pieces without a place.
    pub fn question(&self) -> Option<&QuestionId> {
        match self {
            Intent::Tick { question, .. }
            | Intent::TickNone { question }
            | Intent::Confirm { question }
            | Intent::AnswerYesNo { question, .. }
            | Intent::RemoveRow { question, .. }
            | Intent::MoveRow { question, .. }
            | Intent::PlacePiece { question, .. }
            | Intent::SignOff { question, .. } => Some(question),
            Intent::SetDetails { .. } | Intent::RemovePiece { .. } => None,
        }
    }

    /// The change that does it, or nothing where it is so already.
    pub fn change(self, form: &Form, assessment: &Assessment, author: &EditAuthor) -> Result<Option<Change>, IntentError> {
        match self {
            Intent::Tick { question, option, is_ticked } => {
                let (mut ticks, other) = ticks_now(asked(form, &question)?, assessment)?;
                let mark = if is_ticked { Tick::Ticked } else { Tick::NotTicked };
                match ticks.get_mut(&option) {
                    Some(tick) => *tick = mark,
                    None => return Err(AnswerMismatch::Option { question, option }.into()),
                }
                set_value(form, assessment, &question, Value::Ticks { ticks, other }, author.typed())
            }
            Intent::TickNone { question } => {
                let (ticks, other) = ticks_now(asked(form, &question)?, assessment)?;
                let ticks = ticks.into_keys().map(|option| (option, Tick::NotTicked)).collect();
                set_value(form, assessment, &question, Value::Ticks { ticks, other }, author.typed())
            }
            Intent::Confirm { question } => confirm(form, assessment, author, &question),
            Intent::AnswerYesNo { question, is_yes } => {
                let reasoning = assessment.content(&question).rich_text().cloned();
                set_value(form, assessment, &question, Value::YesNo { is_yes, reasoning }, author.typed())
            }
            Intent::RemoveRow { question, row } => Ok(Some(Change::RemoveRow { question, row })),
            Intent::MoveRow { question, row, to } => Ok(Some(Change::MoveRow { question, row, to })),
            Intent::SetDetails { details } => {
                let details = details.on_one_line();
                Ok((assessment.details != details).then_some(Change::SetDetails { details }))
            }
            Intent::PlacePiece { piece, question } => place_piece(form, assessment, author, piece, question),
            Intent::RemovePiece { piece } => match assessment.unplaced.iter().any(|known| known.id == piece) {
                true => Ok(Some(Change::RemoveUnplaced { piece })),
                false => Err(IntentError::NoSuchPiece(piece)),
            },
            Intent::SignOff { question } => {
                let (name, role) = author.person.clone().unwrap_or_default();
                let (name, role) = (one_line(&name).trim().to_owned(), one_line(&role).trim().to_owned());
                if name.is_empty() || role.is_empty() {
                    return Err(IntentError::Nameless);
                }
                let (date, signs) = (Some(author.today), Some(assessment.content_digest()));
                set_value(form, assessment, &question, Value::SignOff { name, role, date, signs }, author.typed())
            }
        }
    }
}

/// The change that gives this content as the answer; a splice where prose follows prose.
pub fn set_content(
    form: &Form,
    assessment: &Assessment,
    author: &EditAuthor,
    question: &QuestionId,
    content: Content,
) -> Result<Option<Change>, IntentError> {
    form.check_answer(asked(form, question)?, &content)?;
    match content {
        Content::Unanswered => {
            Ok(assessment.answers.contains_key(question).then(|| Change::SetAnswer { question: question.clone(), answer: None }))
        }
        Content::Answered { value } => set_value(form, assessment, question, value, author.typed()),
        Content::Unknown { .. } | Content::NotApplicable { .. } | Content::Withheld => {
            let answer = Some(Answer { content, origin: Some(author.typed()) });
            Ok(Some(Change::SetAnswer { question: question.clone(), answer }))
        }
    }
}

fn set_value(
    form: &Form,
    assessment: &Assessment,
    question: &QuestionId,
    value: Value,
    origin: Origin,
) -> Result<Option<Change>, IntentError> {
    let content = Content::Answered { value };
    form.check_answer(asked(form, question)?, &content)?;
    let before = assessment.content(question);
    if *before == content {
        return Ok(None);
    }
    let smaller = match (before, &content) {
        (Content::Answered { value: before }, Content::Answered { value: after }) => match (before, after) {
            (Value::RichText { text: before }, Value::RichText { text: after }) => {
                Change::between_texts(question, before, after, Some(origin.clone()))
            }
            // A change of rows would leave an answer saying that it is another's.
            _ if !may_stay(origin_of(assessment, question), &origin) => None,
            (Value::Table { rows: before }, Value::Table { rows: after }) => Change::between_rows(question, before, after),
            (Value::Risks { risks: before }, Value::Risks { risks: after }) => Change::between_risks(question, before, after),
            _ => None,
        },
        _ => None,
    };
    if smaller.is_some() {
        return Ok(smaller);
    }
    Ok(Some(Change::SetAnswer { question: question.clone(), answer: Some(Answer { content, origin: Some(origin) }) }))
}

fn origin_of<'a>(assessment: &'a Assessment, question: &QuestionId) -> Option<&'a Origin> {
    assessment.answers.get(question).and_then(|answer| answer.origin.as_ref())
}

/// Whether an answer may go on saying that it is of `before`: typed by the same person within the same hour. A change of rows
/// leaves that as it is.
fn may_stay(before: Option<&Origin>, now: &Origin) -> bool {
    const HOUR: i64 = 3_600;
    match (before, now) {
        (Some(Origin::Typed { by: before, at: then }), Origin::Typed { by, at }) => {
            before == by && then.0.as_second().div_euclid(HOUR) == at.0.as_second().div_euclid(HOUR)
        }
        _ => false,
    }
}

fn confirm(form: &Form, assessment: &Assessment, author: &EditAuthor, question: &QuestionId) -> Result<Option<Change>, IntentError> {
    let asked = asked(form, question)?;
    let content = assessment.content(question);
    let value = match (&asked.kind, content) {
        (QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. }, _) => {
            let (ticks, other) = ticks_now(asked, assessment)?;
            if !ticks.values().any(|tick| *tick == Tick::Unknown) {
                return Err(IntentError::NothingToConfirm(question.clone()));
            }
            let known = ticks.into_iter().map(|(option, tick)| (option, if tick == Tick::Unknown { Tick::NotTicked } else { tick }));
            Value::Ticks { ticks: known.collect(), other }
        }
        (_, Content::Unknown { .. }) => return Err(IntentError::NeedsAnswer(question.clone())),
        (_, Content::Answered { value })
            if matches!(assessment.answers.get(question), Some(Answer { origin: Some(Origin::Imported { .. }), .. })) =>
        {
            value.clone()
        }
        _ => return Err(IntentError::NothingToConfirm(question.clone())),
    };
    let answer = Answer { content: Content::Answered { value }, origin: Some(author.confirmed()) };
    Ok(Some(Change::SetAnswer { question: question.clone(), answer: Some(answer) }))
}

fn place_piece(
    form: &Form,
    assessment: &Assessment,
    author: &EditAuthor,
    piece: RowId,
    question: QuestionId,
) -> Result<Option<Change>, IntentError> {
    let found = assessment.unplaced.iter().find(|known| known.id == piece).ok_or(IntentError::NoSuchPiece(piece))?;
    let asked = asked(form, &question)?;
    if !matches!(asked.kind, QuestionKind::RichText { .. }) {
        return Err(IntentError::NotProse(question));
    }
    let before = assessment.text(&question).cloned().unwrap_or_default();
    let text = RichText { blocks: [before.blocks, found.text.blocks.clone()].concat() };
    let placed = set_value(form, assessment, &question, Value::RichText { text }, author.typed())?;
    Ok(Some(Change::All { changes: placed.into_iter().chain([Change::RemoveUnplaced { piece }]).collect() }))
}

fn asked<'a>(form: &'a Form, question: &QuestionId) -> Result<&'a Question, IntentError> {
    form.question(question).ok_or_else(|| IntentError::NoSuchQuestion(question.clone()))
}

fn expect_kind(question: &Question, is_kind: impl Fn(&QuestionKind) -> bool) -> Result<(), IntentError> {
    match is_kind(&question.kind) {
        true => Ok(()),
        false => Err(IntentError::WrongKind { question: question.id.clone(), expected: question.kind.name() }),
    }
}

/// The marks of a list as they are, before the next one is made.
fn ticks_now(question: &Question, assessment: &Assessment) -> Result<(BTreeMap<OptionId, Tick>, Option<RichText>), IntentError> {
    expect_kind(question, |kind| matches!(kind, QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. }))?;
    Ok(ticks_of(question, assessment.content(&question.id)))
}

/// The marks and other words of a list whose answer is this: none given means not ticked, unknown stays unknown.
pub(super) fn ticks_of(question: &Question, content: &Content) -> (BTreeMap<OptionId, Tick>, Option<RichText>) {
    let all = |tick: Tick| question.options().iter().map(|option| (option.id.clone(), tick)).collect();
    match content {
        Content::Answered { value: Value::Ticks { ticks, other } } => (ticks.clone(), other.clone()),
        Content::Unknown { stated } => (all(Tick::Unknown), stated.clone()),
        Content::Unanswered | Content::Answered { .. } | Content::NotApplicable { .. } | Content::Withheld => (all(Tick::NotTicked), None),
    }
}
