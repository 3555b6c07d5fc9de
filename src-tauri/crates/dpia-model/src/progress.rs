//! How far an assessment is: the state of every question and section. Answered is not approved.

use crate::assessment::{Assessment, Content, Tick, Value};
use crate::id::{QuestionId, SectionId};
use crate::screening::{ResultState, screen};
use crate::template::{Form, Question};
use serde::Serialize;

/// The state of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum QuestionState {
    /// Answered, or said not to apply.
    Answered,
    /// Something in it is unknown.
    ToConfirm,
    /// Waits for an answer.
    Open,
    /// Its condition does not hold, and it holds nothing.
    NotAsked,
    /// Left out of this copy.
    Withheld,
}

/// The state of a question, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct QuestionProgress {
    /// The question.
    pub question: QuestionId,
    /// Its state.
    pub state: QuestionState,
}

/// Counts over the questions that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Counts {
    /// Answered.
    pub answered: u32,
    /// To be confirmed.
    pub to_confirm: u32,
    /// Waiting.
    pub open: u32,
}

/// How far a section is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct SectionProgress {
    /// The section.
    pub section: SectionId,
    /// Left out of a customer copy.
    pub is_internal: bool,
    /// Its counts.
    pub counts: Counts,
    /// Its questions, in order.
    pub questions: Vec<QuestionProgress>,
}

/// How far an assessment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Progress {
    /// Over all sections.
    pub counts: Counts,
    /// The sections that ask something, in order.
    pub sections: Vec<SectionProgress>,
}

impl Counts {
    /// All that are asked.
    pub fn asked(self) -> u32 {
        self.answered + self.to_confirm + self.open
    }

    fn add(&mut self, state: QuestionState) {
        match state {
            QuestionState::Answered => self.answered += 1,
            QuestionState::ToConfirm => self.to_confirm += 1,
            QuestionState::Open => self.open += 1,
            QuestionState::NotAsked | QuestionState::Withheld => {}
        }
    }
}

/// Measures how far an assessment is.
pub fn measure(form: &Form, assessment: &Assessment) -> Progress {
    let mut progress = Progress { counts: Counts::default(), sections: Vec::new() };
    for section in form.sections() {
        let questions: Vec<QuestionProgress> = section
            .questions()
            .map(|question| QuestionProgress { question: question.id.clone(), state: state_of(form, question, assessment) })
            .collect();
        if questions.is_empty() {
            continue;
        }
        let mut counts = Counts::default();
        for question in &questions {
            counts.add(question.state);
            progress.counts.add(question.state);
        }
        progress.sections.push(SectionProgress { section: section.id.clone(), is_internal: section.is_internal, counts, questions });
    }
    progress
}

/// The state of one question.
pub fn state_of(form: &Form, question: &Question, assessment: &Assessment) -> QuestionState {
    let content = assessment.content(&question.id);
    if question.id == form.screening.result {
        return match screen(form, assessment).result_state {
            ResultState::Follows | ResultState::Recorded | ResultState::Overridden => QuestionState::Answered,
            ResultState::ToConfirm => QuestionState::ToConfirm,
            ResultState::ReasonMissing | ResultState::Open => QuestionState::Open,
        };
    }
    match content {
        Content::Unanswered if form.is_asked(question, assessment) => QuestionState::Open,
        Content::Unanswered => QuestionState::NotAsked,
        Content::Unknown { .. } => QuestionState::ToConfirm,
        Content::NotApplicable { .. } => QuestionState::Answered,
        Content::Withheld => QuestionState::Withheld,
        Content::Answered { value } => match value {
            Value::RichText { text } if text.is_blank() => QuestionState::Open,
            Value::Ticks { ticks, .. } if ticks.values().any(|tick| *tick == Tick::Unknown) => QuestionState::ToConfirm,
            Value::Table { rows } if rows.is_empty() => QuestionState::Open,
            Value::Risks { risks } if risks.is_empty() => QuestionState::Open,
            Value::SignOff { name, .. } if name.trim().is_empty() => QuestionState::Open,
            Value::RichText { .. }
            | Value::Ticks { .. }
            | Value::YesNo { .. }
            | Value::Table { .. }
            | Value::Date { .. }
            | Value::Choice { .. }
            | Value::SignOff { .. }
            | Value::Risks { .. } => QuestionState::Answered,
        },
    }
}
