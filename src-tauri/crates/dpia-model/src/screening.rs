//! The outcome of the screening (Part 1), as it follows from the ticks. Any tick: a full DPIA is required. Every list
//! answered with no tick: not required, with a reason. A tick that is unknown can never make it "not required".

use crate::assessment::{Assessment, Content, Tick, Value};
use crate::id::OptionId;
use crate::template::Form;
use serde::Serialize;

/// What the ticks lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A list has no answer yet, and nothing is ticked.
    Open,
    /// Something is ticked.
    Required,
    /// Every list is answered and nothing is ticked.
    NotRequired,
    /// Nothing is ticked, and a mark is unknown.
    Undetermined,
}

/// What is the matter with the recorded result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ResultState {
    /// It follows from the ticks; nothing needs to be recorded.
    Follows,
    /// It was recorded, and the ticks say neither for nor against it: shown as recorded.
    Recorded,
    /// It was recorded against the ticks, with a reason.
    Overridden,
    /// A reason is needed: it goes against the ticks, or says that none is required.
    ReasonMissing,
    /// A document left it undecided: to be confirmed.
    ToConfirm,
    /// There is none yet.
    Open,
}

/// The screening of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Screening {
    /// What the ticks lead to.
    pub outcome: Outcome,
    /// How many options are ticked.
    pub ticked: u32,
    /// How many are unknown.
    pub unknown: u32,
    /// The result that counts: the recorded one, else the one that follows from the ticks.
    pub result: Option<OptionId>,
    /// What is the matter with it.
    pub result_state: ResultState,
}

/// Screens an assessment by its form's rule.
pub fn screen(form: &Form, assessment: &Assessment) -> Screening {
    let (mut ticked, mut unknown, mut open_lists) = (0usize, 0usize, 0usize);
    for list in &form.screening.lists {
        match assessment.content(list) {
            Content::Answered { value: Value::Ticks { ticks, .. } } => {
                ticked += ticks.values().filter(|tick| **tick == Tick::Ticked).count();
                unknown += ticks.values().filter(|tick| **tick == Tick::Unknown).count();
            }
            Content::Unknown { .. } | Content::Withheld | Content::Answered { .. } => {
                unknown += form.question(list).map_or(1, |question| question.options().len());
            }
            Content::Unanswered => open_lists += 1,
            Content::NotApplicable { .. } => {}
        }
    }
    let outcome = match (ticked, open_lists, unknown) {
        (1.., _, _) => Outcome::Required,
        (0, 1.., _) => Outcome::Open,
        (0, 0, 1..) => Outcome::Undetermined,
        (0, 0, 0) => Outcome::NotRequired,
    };
    let follows = match outcome {
        Outcome::Required => Some(&form.screening.required),
        Outcome::NotRequired => Some(&form.screening.not_required),
        Outcome::Open | Outcome::Undetermined => None,
    };
    let (result, result_state) = match assessment.content(&form.screening.result) {
        Content::Answered { value: Value::Choice { option, reason } } => {
            let has_reason = reason.as_ref().is_some_and(|reason| !reason.is_blank());
            let state = match follows {
                None => ResultState::Recorded,
                Some(follows) if follows == option && (*option == form.screening.required || has_reason) => ResultState::Follows,
                Some(follows) if follows == option => ResultState::ReasonMissing,
                Some(_) if has_reason => ResultState::Overridden,
                Some(_) => ResultState::ReasonMissing,
            };
            (Some(option.clone()), state)
        }
        Content::Unanswered | Content::Answered { .. } | Content::NotApplicable { .. } | Content::Withheld => match (outcome, follows) {
            (Outcome::Required, follows) => (follows.cloned(), ResultState::Follows),
            (Outcome::NotRequired, follows) => (follows.cloned(), ResultState::ReasonMissing),
            (Outcome::Open | Outcome::Undetermined, _) => (None, ResultState::Open),
        },
        // Ticks that are known settle what the document left undecided.
        Content::Unknown { .. } => match (outcome, follows) {
            (Outcome::Required, follows) => (follows.cloned(), ResultState::Follows),
            (Outcome::NotRequired | Outcome::Open | Outcome::Undetermined, _) => (None, ResultState::ToConfirm),
        },
    };
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Screening { outcome, ticked: count(ticked), unknown: count(unknown), result, result_state }
}
