//! What came after a signature: whether each later revision is one that a certification with P 2 allows (ISO 32000-1,
//! 12.8.2.2, table 254), judged object by object.
//!
//! One kind of change is allowed: a signature into a field that was there and empty. The revision may rewrite the
//! field's own object (`/V`, `/AP` and `/M`, nothing else), and adds the signature and what draws it. No other object
//! is touched but those that programs write anew when they sign ([`housekeeping`]), nothing stands between the objects, and nothing new is there that the field does not lead to. The field
//! keeps its place on its page, so that the drawing can cover nothing else.

use std::collections::{HashMap, HashSet};

use super::housekeeping;
use super::report::LaterChange;
use crate::pdf::{Dictionary, Document, Object, SignatureDictionary, Spanned, find_signature_fields, push_references};

/// The entries of the field that a signature may set.
const FIELD_ENTRIES: [&str; 3] = ["V", "AP", "M"];

/// The entries that a later signature may have; none that forbids or allows changes itself.
const SIGNATURE_ENTRIES: [&str; 11] =
    ["Type", "Filter", "SubFilter", "ByteRange", "Contents", "M", "Reason", "Name", "Location", "ContactInfo", "Prop_Build"];

/// The entries of the trailer that a revision may set.
const TRAILER_ENTRIES: [&str; 3] = ["Size", "Prev", "ID"];

/// What DocMDP allows after a certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    /// P 1: nothing.
    Nothing,
    /// P 2: signatures into fields that wait; filling in fields too, of which reports have none.
    Signatures,
    /// P 3, or a number that the standard does not have: more than is judged here.
    Unknown,
}

/// What a certification allows; none for a signature that is not the one that the catalog names as its certification.
pub(crate) fn read_permission(document: &Document<'_>, signature: &SignatureDictionary) -> Option<Permission> {
    let catalog = document.read_catalog().ok()?;
    let Object::Dictionary(permissions) = document.resolve(catalog.get("Perms")?, true).ok()?.value.object else {
        return None;
    };
    match permissions.get("DocMDP")?.object {
        Object::Reference(number, _) if Some(number) == signature.object => {}
        _ => return None,
    }
    let Object::Array(references) = &signature.entries.get("Reference")?.object else {
        return None;
    };
    let [Spanned { object: Object::Dictionary(reference), .. }] = references.as_slice() else {
        return None;
    };
    if reference.get_name("TransformMethod") != Some(b"DocMDP") {
        return None;
    }
    // Direct, since the dictionary is signed as it stands; an object elsewhere could be replaced.
    let Object::Dictionary(parameters) = &reference.get("TransformParams")?.object else {
        return None;
    };
    Some(match parameters.get_integer("P") {
        Some(1) => Permission::Nothing,
        Some(2) => Permission::Signatures,
        _ => Permission::Unknown,
    })
}

/// Judges all that follows the first `end` bytes. `ends` are the ends of what the file's signatures cover.
///
/// # Errors
/// Why the change is not allowed.
pub(super) fn judge_later(document: &Document<'_>, end: usize, ends: &[usize]) -> Result<Vec<LaterChange>, &'static str> {
    let mut ends: Vec<usize> = ends.iter().copied().filter(|other| *other > end).collect();
    ends.sort_unstable();
    ends.dedup();
    if ends.last() != Some(&document.bytes().len()) {
        return Err("what follows is not covered by another signature");
    }
    let mut changes = Vec::new();
    let mut old = document.read_revision(end).map_err(|_| "what was signed is not a whole file")?;
    for end in ends {
        let new = document.read_revision(end).map_err(|_| "a later revision cannot be read")?;
        let field = judge_revision(&old, &new)?;
        changes.push(LaterChange::Signed { field });
        old = new;
    }
    Ok(changes)
}

/// Judges one revision: returns the name of the field that was signed.
fn judge_revision(old: &Document<'_>, new: &Document<'_>) -> Result<String, &'static str> {
    let objects = read_new_objects(old, new)?;
    judge_trailer(old, new)?;
    let fields = find_signature_fields(old).map_err(|_| "the form cannot be read")?;
    let (mut signed, mut kept) = (None, 0);
    for (number, value) in objects.iter().filter(|(number, _)| old.has_object(**number)) {
        let field = fields.iter().find(|field| field.object == Some(*number) && field.signature.is_none());
        let Some(field) = field.filter(|_| signed.is_none()) else {
            if housekeeping::judge(old, new, *number, value)? {
                kept += 1;
                continue;
            }
            return Err("an object was replaced that is not an empty signature field");
        };
        let before = find_object(old, *number).ok_or("the field cannot be read")?;
        let (Object::Dictionary(before), Object::Dictionary(after)) = (before, &value.object) else {
            return Err("the field was replaced by something else");
        };
        if before.get("V").is_some() || !before.means_except(after, &FIELD_ENTRIES) {
            return Err("the field was changed beyond its signature and its drawing");
        }
        signed = Some((field.name.clone(), before, *number, after));
    }
    let (name, before, number, field) = signed.ok_or("no signature field was signed")?;
    judge_field(&before, number, field, &objects, kept)?;
    Ok(name)
}

/// All objects of the newest revision, which fill it without a gap from the end of the old file to the new end.
fn read_new_objects(old: &Document<'_>, new: &Document<'_>) -> Result<HashMap<u32, Spanned>, &'static str> {
    let section = new.newest();
    let table_end = section.table_end.ok_or("the change is not an update with a cross-reference table")?;
    let from = old.bytes().len();
    let mut places = Vec::new();
    for (number, offset) in &section.entries {
        match offset {
            Some(offset) => places.push((*offset, *number)),
            // The head of the list of free objects, which some programs repeat.
            None if *number == 0 => {}
            None => return Err("an object was deleted"),
        }
    }
    places.sort_unstable();
    let mut objects = HashMap::new();
    let mut at = from;
    for (offset, number) in places {
        let (found, generation, value, end) = new.read_object_at(offset).map_err(|_| "a new object cannot be read")?;
        let is_in_place = offset >= at && is_blank(&new.bytes()[at..offset]) && (found, generation) == (number, 0);
        if !is_in_place || objects.insert(number, value).is_some() {
            return Err("the objects of the change do not follow one another");
        }
        at = end;
    }
    let is_tidy =
        section.start >= at && is_blank(&new.bytes()[at..section.start]) && ends_as_a_file(&new.bytes()[table_end..], section.start);
    match is_tidy {
        true => Ok(objects),
        false => Err("something else stands in the change"),
    }
}

fn judge_trailer(old: &Document<'_>, new: &Document<'_>) -> Result<(), &'static str> {
    let (before, after) = (old.newest(), new.newest());
    let follows = after.trailer.get_integer("Prev").and_then(|offset| usize::try_from(offset).ok()) == Some(before.start);
    if !follows || after.trailer.get("XRefStm").is_some() {
        return Err("the change does not follow the revision that was signed");
    }
    // A cross-reference stream's dictionary is its trailer, and says more than one.
    if before.table_end.is_none() || !before.trailer.means_except(&after.trailer, &TRAILER_ENTRIES) {
        return Err("the change has another catalog");
    }
    let first = |trailer: &Dictionary| match trailer.get("ID").map(|id| &id.object) {
        Some(Object::Array(parts)) => parts.first().and_then(|part| part.object.as_text()),
        _ => None,
    };
    match first(&before.trailer) == first(&after.trailer) {
        true => Ok(()),
        false => Err("the change is one of another file"),
    }
}

/// Whether the field holds a signature and a drawing, both new, and leads to every new object but those that are `kept`.
fn judge_field(
    before: &Dictionary,
    own: u32,
    field: &Dictionary,
    objects: &HashMap<u32, Spanned>,
    kept: usize,
) -> Result<(), &'static str> {
    let number_of = |value: Option<&Spanned>| match value?.object {
        Object::Reference(number, 0) => Some(number),
        _ => None,
    };
    let number = number_of(field.get("V")).ok_or("the field has no signature of its own")?;
    let signature = match objects.get(&number).map(|signature| &signature.object) {
        Some(Object::Dictionary(signature)) => signature,
        _ => return Err("the field has no signature of its own"),
    };
    let is_plain = signature.iter().all(|(key, _)| SIGNATURE_ENTRIES.iter().any(|name| name.as_bytes() == key));
    if signature.get_name("Type") != Some(b"Sig") || !is_plain {
        return Err("the later signature sets rules of its own");
    }
    let mut waiting = vec![number];
    let is_redrawn = match (before.get("AP"), field.get("AP")) {
        (Some(old), Some(new)) => !old.object.means(&new.object),
        (None, None) => false,
        (Some(_), None) => return Err("the field's drawing was taken away"),
        (None, Some(_)) => true,
    };
    if let Some(drawing) = field.get("AP").filter(|_| is_redrawn) {
        let form = match &drawing.object {
            Object::Dictionary(kinds) if kinds.iter().count() == 1 => number_of(kinds.get("N")),
            _ => None,
        };
        let form = form.filter(|form| is_form(objects.get(form))).ok_or("the field's drawing is not one form")?;
        waiting.push(form);
    }
    let mut reached: HashSet<u32> = HashSet::new();
    while let Some(number) = waiting.pop() {
        if let Some(value) = objects.get(&number).filter(|_| number != own)
            && reached.insert(number)
        {
            push_references(value, &mut waiting);
        }
    }
    // All but the field itself.
    match reached.len() + 1 + kept == objects.len() {
        true => Ok(()),
        false => Err("something was added that the signature does not need"),
    }
}

fn is_form(value: Option<&Spanned>) -> bool {
    match value.map(|value| &value.object) {
        Some(Object::Stream(entries, _)) => entries.get_name("Subtype") == Some(b"Form"),
        _ => false,
    }
}

fn find_object(document: &Document<'_>, number: u32) -> Option<Object> {
    let reference = Spanned { object: Object::Reference(number, 0), span: 0..0 };
    document.resolve(&reference, true).ok().map(|located| located.value.object)
}

/// `startxref`, the offset of the section, `%%EOF`, and white space.
fn ends_as_a_file(bytes: &[u8], start: usize) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words == ["startxref", start.to_string().as_str(), "%%EOF"]
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}
