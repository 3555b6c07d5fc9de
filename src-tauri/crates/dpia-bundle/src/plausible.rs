//! What no program of ours writes, though its shape is right: names that hide or forge lines, dates of no assessment, answers
//! that their questions cannot have. A window would show them wrongly, or not at all.

use crate::error::BundleError;
use crate::{Bundle, Scope};
use dpia_model::assessment::{Content, DocumentDate, Origin, Value, is_hidden};
use dpia_model::date::{CivilDate, Instant};
use dpia_model::template::Form;

/// Refuses a bundle that holds such a thing.
pub(crate) fn check(bundle: &Bundle, form: &Form) -> Result<(), BundleError> {
    let details = &bundle.assessment.details;
    check_name("the product", Some(&details.product))?;
    check_name("the version", details.version.as_ref())?;
    check_name("the author", details.author.as_ref())?;
    if let DocumentDate::Known { date, .. } = &details.date
        && !date.is_plausible()
    {
        return Err(implausible(format!("{date} is not a plausible date of an assessment")));
    }
    if let Some(year) = details.copyright_year.filter(|year| !CivilDate::YEARS.contains(year)) {
        return Err(implausible(format!("{year} is not a plausible year of an assessment")));
    }
    check_answers(bundle, form)?;
    if let Some(record) = &bundle.assessment.imported {
        check_moment(record.at)?;
    }
    if let Scope::Full { history } = &bundle.scope {
        for entry in history {
            check_name("a person of the history", Some(&entry.person))?;
            check_moment(entry.at)?;
        }
    }
    Ok(())
}

fn check_answers(bundle: &Bundle, form: &Form) -> Result<(), BundleError> {
    for (id, answer) in &bundle.assessment.answers {
        if let Some(Origin::Typed { at, .. } | Origin::Imported { at, .. } | Origin::Confirmed { at, .. }) = &answer.origin {
            check_moment(*at)?;
        }
        if let Content::Answered { value: Value::SignOff { name, role, .. } } = &answer.content {
            check_name("a sign-off", Some(name))?;
            check_name("a sign-off", Some(role))?;
        }
        let is_withheld = answer.content == Content::Withheld && matches!(bundle.scope, Scope::Copy { .. });
        match form.question(id) {
            Some(question) if !is_withheld => {
                form.check_answer(question, &answer.content).map_err(|mismatch| implausible(mismatch.to_string()))?;
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// A name is on one line, and each letter of it can be seen.
fn check_name(what: &str, name: Option<&String>) -> Result<(), BundleError> {
    match name.is_some_and(|name| name.chars().any(is_hidden)) {
        true => Err(implausible(format!("the name of {what} has a line break or a hidden letter in it"))),
        false => Ok(()),
    }
}

fn check_moment(moment: Instant) -> Result<(), BundleError> {
    let year = moment.year();
    match CivilDate::YEARS.contains(&year) {
        true => Ok(()),
        false => Err(implausible(format!("it dates something to the year {year}"))),
    }
}

fn implausible(what: String) -> BundleError {
    BundleError::Implausible { what }
}
