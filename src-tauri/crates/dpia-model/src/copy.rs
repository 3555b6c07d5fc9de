//! What is printed of an assessment: for whom, and how much.

use crate::id::SectionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which copy of an assessment is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CopyKind {
    /// Every part: not for release.
    Internal,
    /// What a customer receives: no internal section.
    Customer {
        /// The client named on it.
        client: String,
        /// Internal sections that go along all the same.
        included: BTreeSet<SectionId>,
    },
}

/// How much of an assessment is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// All of the form.
    Whole,
    /// The screening alone, as a short document of its own.
    Screening,
}
