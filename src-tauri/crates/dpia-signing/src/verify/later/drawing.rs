//! What a signed field shows: one form that stays in the field's rectangle, and what the form is drawn with.

use std::collections::BTreeSet;

use super::number_of;
use super::update::Update;
use crate::pdf::{Dictionary, Object, Spanned, push_references};

/// The entries that a form may have (ISO 32000-1, table 95): none that shows another document, or depends on layers.
const FORM_ENTRIES: [&str; 13] = [
    "Type",
    "Subtype",
    "FormType",
    "BBox",
    "Matrix",
    "Resources",
    "Group",
    "LastModified",
    "Name",
    "Length",
    "Filter",
    "DecodeParms",
    "Metadata",
];

/// What the objects of a drawing may be.
const KINDS: [&[u8]; 10] =
    [b"XObject", b"Font", b"FontDescriptor", b"Encoding", b"ExtGState", b"Pattern", b"CMap", b"Group", b"Mask", b"Halftone"];

/// Styles of groups and masks.
const STYLES: [&[u8]; 3] = [b"Transparency", b"Luminosity", b"Alpha"];

/// What its streams may be, where they say.
const STREAM_KINDS: [&[u8]; 6] = [b"Form", b"Image", b"Type1C", b"CIDFontType0C", b"OpenType", b"XML"];

/// Judges the drawing that a field had and has, and adds the new objects of it to `reached`.
///
/// # Errors
/// Why it is not one form in the field's rectangle.
pub(super) fn judge_drawing(
    update: &Update<'_, '_>,
    before: Option<&Spanned>,
    after: Option<&Spanned>,
    reached: &mut BTreeSet<u32>,
) -> Result<(), &'static str> {
    let drawing = match (before, after) {
        (Some(old), Some(new)) if old.object.means(&new.object) => return Ok(()),
        (None, None) => return Ok(()),
        (Some(_), None) => return Err("the field's drawing was taken away"),
        (_, Some(new)) => new,
    };
    let form = match &drawing.object {
        Object::Dictionary(kinds) if kinds.iter().count() == 1 => number_of(kinds.get("N")),
        _ => None,
    };
    let form = form.filter(|form| is_form(update.find_new(*form))).ok_or("the field's drawing is not one form")?;
    judge_form(update, form)?;
    reach_drawing(update, form, reached)
}

/// Whether a new object is a form that draws nothing.
pub(super) fn is_empty_form(update: &Update<'_, '_>, number: u32) -> bool {
    match update.find_new(number).map(|value| &value.object) {
        Some(Object::Stream(entries, data)) => {
            entries.get_name("Subtype") == Some(b"Form")
                && update.new.unpack_stream(entries, *data).is_ok_and(|content| content.trim_ascii().is_empty())
        }
        _ => false,
    }
}

fn is_form(value: Option<&Spanned>) -> bool {
    match value.map(|value| &value.object) {
        Some(Object::Stream(entries, _)) => entries.get_name("Subtype") == Some(b"Form"),
        _ => false,
    }
}

/// A form that readers fit into the rectangle alike: its box has a width and a height, its matrix has an inverse.
fn judge_form(update: &Update<'_, '_>, number: u32) -> Result<(), &'static str> {
    const ODD: &str = "the field's drawing is not one that every reader draws alike";
    let Some(Object::Stream(entries, _)) = update.find_new(number).map(|value| &value.object) else { return Err(ODD) };
    if !entries.iter().all(|(key, _)| FORM_ENTRIES.iter().any(|name| name.as_bytes() == key)) {
        return Err(ODD);
    }
    let has_area = match read_numbers(entries, "BBox").as_deref() {
        // The corners may be named in either order (7.9.5).
        Some([left, bottom, right, top]) => right != left && top != bottom,
        _ => return Err(ODD),
    };
    let has_inverse = match (entries.get("Matrix"), read_numbers(entries, "Matrix").as_deref()) {
        (None, _) => true,
        (Some(_), Some([a, b, c, d, _, _])) => (a * d - b * c).abs() > 1e-6,
        (Some(_), _) => false,
    };
    match (has_area && has_inverse) || is_empty_form(update, number) {
        true => Ok(()),
        false => Err(ODD),
    }
}

/// Direct numbers, none beyond what a page has.
pub(super) fn read_numbers(entries: &Dictionary, key: &str) -> Option<Vec<f64>> {
    let Object::Array(items) = &entries.get(key)?.object else { return None };
    let number = |object: &Object| match object {
        Object::Integer(number) => Some(*number as f64),
        Object::Real(number) => Some(*number),
        _ => None,
    };
    items.iter().map(|item| number(&item.object).filter(|number| number.abs() < 100_000.0)).collect()
}

/// Adds an object of a drawing and all new ones that it leads to.
///
/// # Errors
/// Where one of them is something that is not drawn with.
pub(super) fn reach_drawing(update: &Update<'_, '_>, from: u32, reached: &mut BTreeSet<u32>) -> Result<(), &'static str> {
    let mut waiting = vec![from];
    while let Some(number) = waiting.pop() {
        let Some(value) = update.objects.get(&number) else { continue };
        if update.old.has_object(number) || !reached.insert(number) {
            continue;
        }
        let is_kind =
            |entries: &Dictionary| entries.get("Type").is_none() || entries.get_name("Type").is_some_and(|kind| KINDS.contains(&kind));
        let is_drawn_with = match &value.object {
            Object::Dictionary(entries) => {
                is_kind(entries) && entries.get("S").is_none_or(|_| entries.get_name("S").is_some_and(|style| STYLES.contains(&style)))
            }
            Object::Stream(entries, _) => {
                let kind = entries.get_name("Subtype");
                let is_metadata = entries.get_name("Type") == Some(b"Metadata") && kind == Some(b"XML");
                (is_kind(entries) || is_metadata)
                    && kind.is_none_or(|kind| STREAM_KINDS.contains(&kind))
                    && ["Ref", "OPI", "OC"].iter().all(|key| entries.get(key).is_none())
            }
            _ => true,
        };
        if !is_drawn_with {
            return Err("something was added that the signature does not need");
        }
        push_references(value, &mut waiting);
    }
    Ok(())
}
