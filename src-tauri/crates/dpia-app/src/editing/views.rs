//! What a window is shown of an assessment while it is edited.

use super::typed::Typed;
use dpia_model::Form;
use dpia_model::assessment::{Answer, Details, Unplaced};
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, QuestionId, RowId};
use dpia_model::progress::Progress;
use dpia_model::screening::Screening;
use serde::Serialize;
use std::collections::BTreeMap;

/// An assessment as an editor shows it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct AssessmentView {
    /// Which.
    pub id: AssessmentId,
    /// Its form.
    pub form: Form,
    /// What it says now, all of it.
    pub now: Update,
    /// What was typed before the program ended and no answer can hold yet, by question.
    pub typed: BTreeMap<QuestionId, Typed>,
}

/// What came of typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Saved {
    /// When it was made durable.
    pub saved_at: Instant,
    /// The ids of the rows, risks and measures that were typed without one, in their order: a risk before its measures.
    pub new_ids: Vec<RowId>,
    /// Whether the answer holds all that was typed. The rest, such as half a date, is kept as it was typed.
    pub is_whole: bool,
    /// What a history entry of it changed; none where none was asked for.
    pub update: Option<Update>,
}

/// What an edit, an undo or a redo changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Update {
    /// The revision: the last history entry's sequence.
    pub revision: u32,
    /// The cover; none where it is as it was.
    pub details: Option<Details>,
    /// The answers that changed; none for a question that has no answer now.
    pub answers: BTreeMap<QuestionId, Option<Answer>>,
    /// What has no place; none where that is as it was.
    pub unplaced: Option<Vec<Unplaced>>,
    /// How far it is.
    pub progress: Progress,
    /// The screening.
    pub screening: Screening,
    /// The sign-offs after which something was changed.
    pub changed_since_sign_off: Vec<QuestionId>,
    /// There is something to undo.
    pub can_undo: bool,
    /// There is something to redo.
    pub can_redo: bool,
    /// When it was last made durable.
    pub saved_at: Instant,
}
