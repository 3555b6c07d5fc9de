//! Editing an assessment: from what somebody types or wants to a change of the model.

mod editor;
mod intent;
mod turns;
mod typed;
mod views;

pub use editor::Editor;
pub use intent::{EditAuthor, Intent, IntentError, set_content};
pub use typed::{Typed, TypedCell, TypedMeasure, TypedRisk, TypedRow, read_day};
pub use views::{AssessmentView, Saved, Update};

#[cfg(test)]
mod tests;
