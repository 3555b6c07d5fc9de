//! What the killed process tells before and after each act.

use dpia_model::assessment::{Answer, Content};
use dpia_model::id::{AssessmentId, AttachmentId, QuestionId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A line of the killed process.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Line {
    /// The workspace is open.
    Ready,
    /// This is begun.
    Begin(Act),
    /// What was begun was acknowledged, and the assessment now is so.
    Done(Box<State>),
}

/// What is asked of the use cases.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Act {
    /// A new assessment.
    Create,
    /// Open it; what was being typed becomes history.
    Open(AssessmentId),
    /// Keep what is being typed.
    Type(AssessmentId, QuestionId, Content),
    /// The same, and a history entry is made of it.
    Settle(AssessmentId, QuestionId, Content),
    /// A click: another answer.
    Click(AssessmentId, QuestionId, bool),
    /// Take the last edit back.
    Undo(AssessmentId),
    /// Bring it back again.
    Redo(AssessmentId),
    /// Attach the picture of this name.
    Picture(AssessmentId, String),
    /// Move it to the bin.
    Bin(AssessmentId),
    /// Take it out again.
    TakeOut(AssessmentId),
}

impl Act {
    /// The assessment that it is done to; none where it makes one.
    pub(crate) fn assessment(&self) -> Option<AssessmentId> {
        match self {
            Self::Create => None,
            Self::Open(id)
            | Self::Type(id, ..)
            | Self::Settle(id, ..)
            | Self::Click(id, ..)
            | Self::Undo(id)
            | Self::Redo(id)
            | Self::Picture(id, _)
            | Self::Bin(id)
            | Self::TakeOut(id) => Some(*id),
        }
    }
}

/// How an assessment was when the last act on it was acknowledged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) id: AssessmentId,
    pub(crate) revision: u32,
    /// The answers as they are read, those being typed in their places.
    pub(crate) answers: BTreeMap<QuestionId, Answer>,
    /// What is being typed and is no history yet.
    pub(crate) drafts: BTreeMap<QuestionId, Content>,
    /// Pictures whose bytes were kept.
    pub(crate) pictures: BTreeSet<AttachmentId>,
    pub(crate) is_binned: bool,
}
