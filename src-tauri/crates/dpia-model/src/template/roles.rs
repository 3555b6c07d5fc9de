//! What the program has to know of a question and no edition says: `templates/juniper/roles.toml`. It is keyed by question, and
//! part of no bundle, so that released editions and packs stay as they are.

use super::question::QuestionKind;
use crate::id::QuestionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static ROLES: LazyLock<Result<RolesText, String>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../templates/juniper/roles.toml")).map_err(|error| format!("roles.toml cannot be read: {error}"))
});

/// How the program treats a question beyond its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Treatment {
    /// What the answer is to the whole assessment, if it is more than an answer.
    pub role: Option<QuestionRole>,
    /// What one row is called, such as "recipient".
    pub row_noun: String,
    /// What a table without rows asks for, in a sentence.
    pub empty_hint: String,
}

/// What an answer is to the whole assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum QuestionRole {
    /// The day of the screening.
    ScreeningDate,
    /// The day of the next review.
    NextReview,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RolesText {
    questions: BTreeMap<QuestionId, TreatmentText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TreatmentText {
    role: Option<QuestionRole>,
    row_noun: Option<String>,
    empty_hint: Option<String>,
}

/// How a question of this id and kind is treated.
pub(crate) fn treat(question: &QuestionId, kind: &QuestionKind) -> Result<Treatment, String> {
    let known = ROLES.as_ref().map_err(Clone::clone)?.questions.get(question);
    let row_noun = known.and_then(|known| known.row_noun.clone()).unwrap_or_else(|| noun_of(kind).to_owned());
    let empty_hint = known.and_then(|known| known.empty_hint.clone()).unwrap_or_else(|| format!("Add each {row_noun}."));
    Ok(Treatment { role: known.and_then(|known| known.role), row_noun, empty_hint })
}

fn noun_of(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::RiskRegister => "risk",
        QuestionKind::RichText { .. }
        | QuestionKind::TickList { .. }
        | QuestionKind::TickGrid { .. }
        | QuestionKind::YesNo { .. }
        | QuestionKind::Table { .. }
        | QuestionKind::Date
        | QuestionKind::Choice { .. }
        | QuestionKind::SignOff => "row",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Library;

    #[test]
    fn every_entry_is_of_a_question_of_the_editions() {
        let library = Library::built_in().unwrap();
        let forms: Vec<_> = library
            .editions()
            .iter()
            .flat_map(|edition| library.packs().iter().map(|pack| library.form(&edition.id, &pack.id).unwrap().unwrap()))
            .collect();
        for question in ROLES.as_ref().unwrap().questions.keys() {
            assert!(forms.iter().any(|form| form.question(question).is_some()), "{question} is asked in no edition");
        }
        let newest = forms.iter().find(|form| form.edition.as_str() == crate::template::NEWEST_EDITION).unwrap();
        for role in [QuestionRole::ScreeningDate, QuestionRole::NextReview] {
            assert!(newest.question_of(role).is_some(), "no question is the {role:?}");
        }
    }

    #[test]
    fn a_question_without_an_entry_falls_back_by_its_kind() {
        let treat = |kind| super::treat(&"somebody.elses_question".parse().unwrap(), &kind).unwrap();
        let table = treat(QuestionKind::Table { columns: Vec::new() });
        assert_eq!((table.role, table.row_noun.as_str(), table.empty_hint.as_str()), (None, "row", "Add each row."));
        assert_eq!(treat(QuestionKind::RiskRegister).row_noun, "risk");
    }
}
