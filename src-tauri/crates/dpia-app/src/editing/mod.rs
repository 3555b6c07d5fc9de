//! Editing an assessment: from what somebody wants to a change of the model.

mod desk;
mod intent;
mod turns;

pub(crate) use intent::unsigned;
pub use intent::{Hand, Intent, IntentError, set_content};

#[cfg(test)]
mod tests;
