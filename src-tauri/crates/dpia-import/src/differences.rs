//! Where the document's wording is not the edition's: in other words, with another address, or not there at all.

use crate::outcome::Outcome;
use crate::wording::{Phrases, Role};
use dpia_model::assessment::DifferenceKind;

/// Keeps account of wording that differs, and of what the edition has and the document has not.
pub(crate) fn name_differences(outcome: &mut Outcome<'_>, phrases: &Phrases) {
    for reworded in std::mem::take(&mut outcome.layout.reworded) {
        let instance = outcome.wording.instances[reworded.instance];
        let expected = &phrases.list[instance.phrase].text;
        outcome.differ(DifferenceKind::Wording, reworded.found, expected, reworded.line, question_of(instance.role));
    }
    // A link of the form that leads where the form's does not.
    let known = outcome.wording.addresses();
    for (at, line, address) in std::mem::take(&mut outcome.layout.addresses) {
        let instance = outcome.wording.instances[at];
        if !known.contains(&address) {
            outcome.differ(DifferenceKind::Wording, address, &phrases.list[instance.phrase].text, line, question_of(instance.role));
        }
    }
    name_missing(outcome, phrases);
}

fn question_of(role: Role) -> Option<usize> {
    match role {
        Role::Question(question) => Some(question),
        Role::Title | Role::Part | Role::Section(_) | Role::Text(_) => None,
    }
}

/// What was not found, at the line of what is before it in the form. Internal sections are often cut from a copy,
/// and a section that is not there at all is named by its questions alone.
fn name_missing(outcome: &mut Outcome<'_>, phrases: &Phrases) {
    let found = outcome.layout.found.clone();
    let is_found = |at: usize| found[at].is_some();
    let sections: Vec<Option<usize>> =
        (0..found.len()).filter(|at| is_found(*at)).map(|at| outcome.wording.instances[at].section).collect();
    let mut line = 0;
    for (at, place) in found.iter().enumerate() {
        let instance = outcome.wording.instances[at];
        if let Some(here) = place {
            line = *here;
            continue;
        }
        if instance.is_internal {
            continue;
        }
        let expected = &phrases.list[instance.phrase].text;
        match instance.role {
            Role::Question(question) => {
                let mut instances = outcome.wording.questions[question].instances.clone();
                let kind = match instances.clone().any(is_found) {
                    true => DifferenceKind::Wording,
                    false if Some(at) == instances.next() => DifferenceKind::QuestionMissing,
                    false => continue,
                };
                outcome.differ(kind, String::new(), expected, line, Some(question));
            }
            Role::Section(_) | Role::Text(_) if sections.contains(&instance.section) => {
                outcome.differ(DifferenceKind::Wording, String::new(), expected, line, None);
            }
            Role::Title | Role::Part | Role::Section(_) | Role::Text(_) => {}
        }
    }
}
