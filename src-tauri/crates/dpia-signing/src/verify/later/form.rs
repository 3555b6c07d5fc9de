//! The form after a change: written again with the same content, with resources, or with fields that are new and show
//! nothing.

use std::collections::BTreeSet;

use super::drawing::{is_empty_form, reach_drawing, read_numbers};
use super::number_of;
use super::update::Update;
use crate::pdf::{Dictionary, Document, Object, Spanned};

/// Entries of the form that are judged one by one.
const JUDGED: [&str; 4] = ["Fields", "SigFlags", "DR", "DA"];

/// Entries of the resources that fields are drawn with.
const RESOURCES: [&str; 3] = ["Font", "Encoding", "ProcSet"];

/// Entries of a new signature field that shows nothing.
const FIELD_ENTRIES: [&str; 17] =
    ["FT", "T", "TU", "TM", "Type", "Subtype", "F", "Ff", "Rect", "P", "V", "AP", "MK", "Lock", "DA", "NM", "M"];

/// What became of the form.
#[derive(Debug, Default)]
pub(super) struct FormChange {
    /// It is another object than before, or is in one that was written again.
    pub(super) is_rewritten: bool,
    /// It has resources that it did not have.
    pub(super) has_resources: bool,
    /// The numbers of fields that are new.
    pub(super) added: Vec<u32>,
}

/// The form of a document: its dictionary, and its number where it is an object.
fn read_form(document: &Document<'_>) -> Option<(Option<u32>, Dictionary)> {
    let catalog = document.read_catalog().ok()?;
    let form = catalog.get("AcroForm")?;
    match document.resolve(form, true).ok()?.value.object {
        Object::Dictionary(entries) => Some((number_of(Some(form)), entries)),
        _ => None,
    }
}

/// Judges the form, wherever it is, and adds what it is made of to `reached`.
///
/// # Errors
/// Why the change to it is not allowed.
pub(super) fn judge_form(update: &Update<'_, '_>, reached: &mut BTreeSet<u32>) -> Result<FormChange, &'static str> {
    const CHANGED: &str = "the form was changed";
    let (Some((_, before)), Some((number, after))) = (read_form(update.old), read_form(update.new)) else { return Err(CHANGED) };
    let mut change =
        FormChange { is_rewritten: number.is_some_and(|number| update.objects.contains_key(&number)), ..FormChange::default() };
    reached.extend(number.filter(|number| update.objects.contains_key(number)));
    let flags = |form: &Dictionary| form.get("SigFlags").map_or(Some(0), |_| form.get_integer("SigFlags"));
    let (Some(old_flags), Some(new_flags)) = (flags(&before), flags(&after)) else { return Err(CHANGED) };
    if !before.means_except(&after, &JUDGED) || !(0..=3).contains(&new_flags) || old_flags & !new_flags != 0 {
        return Err(CHANGED);
    }
    let (old_fields, new_fields) = (read_list(update.old, &before, "Fields")?, read_list(update.new, &after, "Fields")?);
    if let Some(number) = number_of(after.get("Fields")).filter(|number| update.objects.contains_key(number)) {
        reached.insert(number);
    }
    let (kept, added) = new_fields.split_at_checked(old_fields.len()).ok_or(CHANGED)?;
    if !kept.iter().zip(&old_fields).all(|(one, other)| one.object.means(&other.object)) {
        return Err(CHANGED);
    }
    for field in added {
        change.added.push(number_of(Some(field)).ok_or(CHANGED)?);
    }
    let is_same = |key: &str| match (before.get(key), after.get(key)) {
        (None, None) => true,
        (Some(one), Some(other)) => one.object.means(&other.object),
        _ => false,
    };
    if !is_same("DR") || !is_same("DA") {
        // What other fields show may depend on them.
        let is_new = (before.get("DR").is_none() || is_same("DR")) && (before.get("DA").is_none() || is_same("DA"));
        if !is_new || !has_signature_fields_alone(update.old, &old_fields) {
            return Err(CHANGED);
        }
        judge_resources(update, &after, reached)?;
        change.has_resources = true;
    }
    Ok(change)
}

fn read_list(document: &Document<'_>, form: &Dictionary, key: &str) -> Result<Vec<Spanned>, &'static str> {
    let Some(list) = form.get(key) else { return Ok(Vec::new()) };
    match document.resolve(list, true).map(|located| located.value.object) {
        Ok(Object::Array(items)) => Ok(items),
        _ => Err("the form cannot be read"),
    }
}

fn has_signature_fields_alone(document: &Document<'_>, fields: &[Spanned]) -> bool {
    fields.iter().all(|field| match document.resolve(field, true).map(|located| located.value.object) {
        Ok(Object::Dictionary(entries)) => entries.get_name("FT") == Some(b"Sig"),
        _ => false,
    })
}

/// `/DR` and `/DA`: fonts for fields, and how they are set.
fn judge_resources(update: &Update<'_, '_>, form: &Dictionary, reached: &mut BTreeSet<u32>) -> Result<(), &'static str> {
    const ODD: &str = "the form was given resources of another kind than fonts";
    if form.get("DA").is_some_and(|style| style.object.as_text().is_none()) {
        return Err(ODD);
    }
    let Some(resources) = form.get("DR") else { return Ok(()) };
    let resources = match number_of(Some(resources)) {
        Some(number) => {
            reached.insert(number);
            update.find_new(number).ok_or(ODD)?
        }
        None => resources,
    };
    let Object::Dictionary(entries) = &resources.object else { return Err(ODD) };
    if !entries.iter().all(|(key, _)| RESOURCES.iter().any(|name| name.as_bytes() == key)) {
        return Err(ODD);
    }
    let mut numbers = Vec::new();
    crate::pdf::push_references(resources, &mut numbers);
    numbers.into_iter().try_for_each(|number| reach_drawing(update, number, reached))
}

/// A new field, and the page that it says it is on.
#[derive(Debug)]
pub(super) struct NewField {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) page: Option<u32>,
    pub(super) signature: u32,
}

/// Judges a new field: a signature's, with no width and no height, that shows nothing.
///
/// # Errors
/// Why it is another; that it is drawn is not checked, since it may cover something.
pub(super) fn judge_new_field(update: &Update<'_, '_>, number: u32, reached: &mut BTreeSet<u32>) -> Result<NewField, super::Refusal> {
    const OTHER: &str = "a field was added that is not a signature's";
    let Some(Object::Dictionary(field)) = update.find_new(number).map(|value| &value.object) else { return Err(OTHER.into()) };
    let is_signature = field.get_name("FT") == Some(b"Sig")
        && field.get_name("Subtype") == Some(b"Widget")
        && field.iter().all(|(key, _)| FIELD_ENTRIES.iter().any(|name| name.as_bytes() == key));
    let name = field.get("T").and_then(|name| name.object.as_text()).filter(|_| is_signature).ok_or(OTHER)?;
    let signature = number_of(field.get("V")).ok_or("a field was added that nobody signed")?;
    let direct = |key: &str| field.get(key).is_none_or(is_direct);
    if !["TU", "TM", "F", "Ff", "MK", "Lock", "DA", "NM", "M"].iter().all(|key| direct(key)) {
        return Err(OTHER.into());
    }
    let is_hidden = match read_numbers(field, "Rect").as_deref() {
        Some([left, bottom, right, top]) => left == right && bottom == top,
        _ => return Err(OTHER.into()),
    };
    if !is_hidden {
        return Err(super::Refusal::NotJudged("a field was added that is drawn on a page, and whether it covers something is not checked"));
    }
    if let Some(drawing) = field.get("AP") {
        let form = match &drawing.object {
            Object::Dictionary(kinds) if kinds.iter().count() == 1 => number_of(kinds.get("N")),
            _ => None,
        };
        let form = form.ok_or(OTHER)?;
        if !is_empty_form(update, form) {
            return Err(super::Refusal::NotJudged("a field was added that has no size and a drawing, which is not checked"));
        }
        reach_drawing(update, form, reached)?;
    }
    reached.insert(number);
    Ok(NewField { number, name: crate::pdf::decode_text(&name), page: number_of(field.get("P")), signature })
}

/// Whether no reference is in a value.
pub(super) fn is_direct(value: &Spanned) -> bool {
    let mut found = Vec::new();
    crate::pdf::push_references(value, &mut found);
    found.is_empty()
}

/// Whether an object that was replaced is a page, or a page's list of annotations, that lists new fields besides.
pub(super) fn lists_new_fields(update: &Update<'_, '_>, number: u32, after: &Spanned, fields: &[NewField]) -> bool {
    let Ok(before) = update.old.find_object(number) else { return false };
    let is_on = |page: u32| fields.iter().any(|field| field.page == Some(page));
    match (&before.object, &after.object) {
        (Object::Dictionary(one), Object::Dictionary(other)) => {
            let list = |document: &Document<'_>, page: &Dictionary| read_list(document, page, "Annots").ok();
            let (Some(old), Some(new)) = (list(update.old, one), list(update.new, other)) else { return false };
            one.get_name("Type") == Some(b"Page")
                && is_on(number)
                && one.means_except(other, &["Annots"])
                && (one.get("Annots").is_none() || other.get("Annots").is_some())
                && is_list_with(&old, &new, fields, number)
        }
        (Object::Array(old), Object::Array(new)) => fields.iter().filter_map(|field| field.page).any(|page| {
            let leads_here = match update.old.find_object(page).map(|page| page.object) {
                Ok(Object::Dictionary(page)) => page.get_name("Type") == Some(b"Page") && number_of(page.get("Annots")) == Some(number),
                _ => false,
            };
            leads_here && is_list_with(old, new, fields, page)
        }),
        _ => false,
    }
}

/// Whether the new list is the old one, with new fields of this page behind it.
fn is_list_with(old: &[Spanned], new: &[Spanned], fields: &[NewField], page: u32) -> bool {
    let Some((kept, added)) = new.split_at_checked(old.len()) else { return false };
    let is_new = |value: &Spanned| {
        let number = number_of(Some(value));
        fields.iter().any(|field| Some(field.number) == number && field.page == Some(page))
    };
    kept.iter().zip(old).all(|(one, other)| one.object.means(&other.object)) && added.iter().all(is_new)
}
