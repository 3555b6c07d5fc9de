//! Risks: what could happen to people, what is done about it, and what is left (UK GDPR Article 35(7)(c) and (d)).

use crate::date::CivilDate;
use crate::id::{OptionId, RowId};
use serde::{Deserialize, Serialize};

/// A risk of the register. Steps of the scales are named by their ids; none where not placed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// The same for its whole life, wherever it is.
    pub id: RowId,
    /// Where the risk comes from.
    pub source: String,
    /// What could happen to people.
    pub harm: String,
    /// How likely it is before the measures.
    pub likelihood: Option<OptionId>,
    /// How bad it would be before the measures.
    pub severity: Option<OptionId>,
    /// What is done about it.
    pub measures: Vec<Measure>,
    /// How likely it is after the measures.
    pub residual_likelihood: Option<OptionId>,
    /// How bad it would be after the measures.
    pub residual_severity: Option<OptionId>,
    /// The measures were approved, or were not; none while nobody has decided.
    pub is_approved: Option<bool>,
}

impl Risk {
    /// How long its words and those of its measures are, in bytes of UTF-8.
    pub fn bytes_of_words(&self) -> usize {
        let measures: usize = self.measures.iter().map(|measure| measure.description.len() + measure.owner.len()).sum();
        self.source.len() + self.harm.len() + measures
    }
}

/// Something done about a risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The same for its whole life.
    pub id: RowId,
    /// What is done.
    pub description: String,
    /// Who sees to it.
    pub owner: String,
    /// By when.
    pub due: Option<CivilDate>,
    /// What it does to the risk.
    pub effect: Option<Effect>,
}

/// What a measure does to a risk (the ICO's words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The risk is gone.
    Eliminated,
    /// The risk is smaller.
    Reduced,
    /// The risk is taken as it is.
    Accepted,
}
