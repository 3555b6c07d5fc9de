//! One module a table. Nothing here begins or ends a transaction: that is for the caller.

pub(crate) mod assessment;
pub(crate) mod attachment;
pub(crate) mod client;
pub(crate) mod draft;
pub(crate) mod history;
pub(crate) mod issued;
pub(crate) mod passage;
pub(crate) mod setting;
pub(crate) mod template;

use crate::error::StoreError;
use dpia_model::date::Instant;

/// The key of an assessment in this file alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AssessmentKey(pub(crate) i64);

pub(crate) fn parse_instant(text: &str) -> Result<Instant, StoreError> {
    text.parse().map(Instant).map_err(|error| StoreError::damaged(format!("\"{text}\" is not an instant: {error}")))
}

/// Reads an id that was stored as text.
fn parse_id<T: std::str::FromStr>(text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| StoreError::damaged(format!("\"{text}\" is not an id: {error}")))
}
