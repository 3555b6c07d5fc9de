//! One later revision, judged: what was signed, stamped or added, and that nothing else was.

use std::collections::BTreeSet;

use super::drawing::{judge_drawing, read_numbers};
use super::form::{NewField, is_direct, judge_form, judge_new_field, lists_new_fields};
use super::housekeeping::{judge_catalog, judge_information, judge_metadata};
use super::locks::{Locks, names_method};
use super::store::judge_store;
use super::update::Update;
use super::{Permission, Refusal, Rules, number_of};
use crate::pdf::{Dictionary, Document, Object, SignatureField, Spanned, find_signature_fields};
use crate::verify::report::LaterChange;

/// The entries of the field that a signature may set, and the rectangle, whose four numbers are compared one by one: some
/// programs write them again with or without a decimal point, and every reader takes either (ISO 32000-1, 7.9.5).
const FIELD_ENTRIES: [&str; 3] = ["V", "AP", "Rect"];

/// What some programs note besides.
const NOTES: [&str; 2] = ["M", "AS"];
const WITH_NOTES: [&str; 5] = ["V", "AP", "Rect", "M", "AS"];

/// Entries of a later signature that are words, and those that are numbers or names.
const WORDS: [&str; 6] = ["M", "Reason", "Name", "Location", "ContactInfo", "Cert"];
const MARKS: [&str; 7] = ["Type", "Filter", "SubFilter", "R", "V", "Prop_AuthTime", "Prop_AuthType"];

/// The longest words that a later signature says; what is longer is no reason or place.
const MAX_WORDS: usize = 4096;

/// What one revision did.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) changes: Vec<LaterChange>,
    /// It has a signature or a timestamp, which covers it.
    pub(super) has_signature: bool,
}

/// Judges one revision against the one before.
///
/// # Errors
/// Why it is not passed.
pub(super) fn judge(old: &Document<'_>, new: &Document<'_>, rules: &Rules) -> Result<Judged, Refusal> {
    let update = Update::read(old, new)?;
    let mut reached = BTreeSet::new();
    let mut judged = Judged::default();
    let root = number_of(new.newest().trailer.get("Root"));
    if let Some((number, catalog)) = root.and_then(|number| Some((number, update.objects.get(&number)?))) {
        judge_catalog(&update, catalog)?;
        reached.insert(number);
    }
    let fields = find_signature_fields(old).map_err(|_| "the form cannot be read")?;
    let form = judge_form(&update, &mut reached)?;
    let added: Vec<NewField> = form.added.iter().map(|number| judge_new_field(&update, *number, &mut reached)).collect::<Result<_, _>>()?;
    let has_store = judge_store(&update, &mut reached)?;
    let signed = judge_replaced(&update, &fields, &added, &mut reached)?;
    if let Some((field, number)) = signed {
        judge_field(&update, field, number, rules, &mut reached, &mut judged)?;
    }
    for field in &added {
        judge_added(&update, field, &fields, rules, &mut reached, &mut judged)?;
    }
    if let Some(number) = number_of(new.newest().trailer.get("Info")).filter(|number| update.find_new(*number).is_some()) {
        reached.insert(number);
    }
    if let Some(number) = new_metadata(&update) {
        judge_metadata(&update, number, &update.objects[&number])?;
        reached.insert(number);
    }
    if update.objects.keys().any(|number| !reached.contains(number)) {
        return Err("something was added that the signature does not need".into());
    }
    if has_store {
        judged.changes.push(LaterChange::ValidationInformation);
    }
    if judged.changes.is_empty() {
        return Err("no signature field was signed".into());
    }
    if form.is_rewritten && added.is_empty() {
        judged.changes.push(LaterChange::FormRewritten { has_resources: form.has_resources });
    }
    Ok(judged)
}

/// The number of metadata where there was none.
fn new_metadata(update: &Update<'_, '_>) -> Option<u32> {
    let catalog = update.new.read_catalog().ok()?;
    number_of(catalog.get("Metadata")).filter(|number| update.find_new(*number).is_some())
}

/// Judges each object that takes the place of another, and finds the field that was signed.
fn judge_replaced<'f>(
    update: &Update<'_, '_>,
    fields: &'f [SignatureField],
    added: &[NewField],
    reached: &mut BTreeSet<u32>,
) -> Result<Option<(&'f SignatureField, u32)>, Refusal> {
    let information = number_of(update.old.newest().trailer.get("Info"));
    let metadata = update.old.read_catalog().ok().and_then(|catalog| number_of(catalog.get("Metadata")));
    let mut signed = None;
    for (number, after) in update.objects.iter().filter(|(number, _)| update.old.has_object(**number)) {
        if reached.contains(number) {
            continue;
        }
        let waiting = fields.iter().find(|field| field.object == Some(*number) && field.signature.is_none());
        if update.is_same(*number, after) || lists_new_fields(update, *number, after, added) {
            // Written again as it was.
        } else if let (Some(field), None) = (waiting, signed) {
            signed = Some((field, *number));
        } else if information == Some(*number) {
            judge_information(update, *number, after)?;
        } else if metadata == Some(*number) {
            judge_metadata(update, *number, after)?;
        } else {
            return Err("an object was replaced that is not an empty signature field".into());
        }
        reached.insert(*number);
    }
    Ok(signed)
}

/// Judges a field that waited and was signed.
fn judge_field(
    update: &Update<'_, '_>,
    field: &SignatureField,
    number: u32,
    rules: &Rules,
    reached: &mut BTreeSet<u32>,
    judged: &mut Judged,
) -> Result<(), Refusal> {
    let before = update.old.find_object(number).map_err(|_| "the field cannot be read")?.object;
    let (Object::Dictionary(before), Object::Dictionary(after)) = (&before, &update.objects[&number].object) else {
        return Err("the field was replaced by something else".into());
    };
    let has_moved = match (before.get("Rect"), after.get("Rect")) {
        (None, None) => false,
        (Some(one), Some(other)) if one.object.means(&other.object) => false,
        _ => read_numbers(before, "Rect").is_none_or(|numbers| read_numbers(after, "Rect") != Some(numbers)),
    };
    if has_moved {
        return Err("the field was changed beyond its signature and its drawing".into());
    }
    if before.get("V").is_some() || !before.means_except(after, &FIELD_ENTRIES) {
        let is_note = |key: &str| before.get(key).is_none() || after.get(key).is_some();
        return Err(match before.get("V").is_none() && NOTES.iter().all(|key| is_note(key)) && before.means_except(after, &WITH_NOTES) {
            true => Refusal::NotJudged("the field notes a time or which drawing is shown (/M, /AS), which the standard does not foresee"),
            false => "the field was changed beyond its signature and its drawing".into(),
        });
    }
    let signature = number_of(after.get("V")).ok_or("the field has no signature of its own")?;
    let locks = judge_signature(update, signature, false, reached)?;
    judge_drawing(update, before.get("AP"), after.get("AP"), reached)?;
    allow_signature(rules, &field.name)?;
    judged.changes.push(LaterChange::Signed { field: field.name.clone() });
    if locks {
        judged.changes.push(LaterChange::FieldsLocked { field: field.name.clone() });
    }
    judged.has_signature = true;
    Ok(())
}

/// Judges a field that is new and signed: a timestamp's, or a further signer's.
fn judge_added(
    update: &Update<'_, '_>,
    field: &NewField,
    fields: &[SignatureField],
    rules: &Rules,
    reached: &mut BTreeSet<u32>,
    judged: &mut Judged,
) -> Result<(), Refusal> {
    if fields.iter().any(|known| known.name == field.name) {
        return Err("a field was added under a name that another has".into());
    }
    let is_timestamp = match update.find_new(field.signature).map(|value| &value.object) {
        Some(Object::Dictionary(signature)) => signature.get_name("Type") == Some(b"DocTimeStamp"),
        _ => false,
    };
    let locks = judge_signature(update, field.signature, is_timestamp, reached)?;
    let name = field.name.clone();
    if is_timestamp {
        judged.changes.push(LaterChange::Timestamped { field: name });
    } else {
        allow_signature(rules, &name)?;
        judged.changes.push(LaterChange::SignedNewField { field: name.clone() });
        if locks {
            judged.changes.push(LaterChange::FieldsLocked { field: name });
        }
    }
    judged.has_signature = true;
    Ok(())
}

/// Whether the earlier signature allows one more of this field.
fn allow_signature(rules: &Rules, field: &str) -> Result<(), Refusal> {
    let locks = match rules {
        Rules::Certified(Permission::Signatures | Permission::Unknown, locks) | Rules::Approval(locks) => locks,
        Rules::Certified(Permission::Nothing, _) => return Err("the certification allows no further signature".into()),
        Rules::Odd => return Err(Refusal::NotJudged("the signature sets rules that are not read here")),
    };
    match locks.hold(field) {
        true => Err("a field was signed that the signature locks".into()),
        false => Ok(()),
    }
}

/// Judges the dictionary of a later signature: each entry is what the standard says, direct, and leads nowhere. Says
/// whether it locks fields.
fn judge_signature(update: &Update<'_, '_>, number: u32, is_timestamp: bool, reached: &mut BTreeSet<u32>) -> Result<bool, Refusal> {
    let signature = match update.find_new(number).map(|value| &value.object) {
        Some(Object::Dictionary(signature)) => signature,
        _ => return Err("the field has no signature of its own".into()),
    };
    const RULES: &str = "the later signature sets rules of its own";
    let kind: &[u8] = if is_timestamp { b"DocTimeStamp" } else { b"Sig" };
    if signature.get_name("Type") != Some(kind) || names_method(signature, b"DocMDP") {
        return Err(RULES.into());
    }
    let locks = Locks::read(signature).ok_or(RULES)?;
    if !signature.iter().all(|(key, value)| is_plain_entry(key, value)) {
        return Err(RULES.into());
    }
    reached.insert(number);
    Ok(locks != Locks::None)
}

fn is_plain_entry(key: &[u8], value: &Spanned) -> bool {
    let names = |known: &[&str]| known.iter().any(|name| name.as_bytes() == key);
    let is_words = |object: &Object| object.as_text().is_some_and(|words| words.len() <= MAX_WORDS || key == b"Cert");
    let is_number = |object: &Object| matches!(object, Object::Integer(_));
    match key {
        b"Contents" => matches!(value.object, Object::HexString(_)),
        b"ByteRange" | b"Changes" => matches!(&value.object, Object::Array(items) if items.iter().all(|item| is_number(&item.object))),
        b"Prop_Build" => is_direct(value) && matches!(&value.object, Object::Dictionary(entries) if are_plain(entries)),
        b"Reference" => is_plain_reference(value),
        _ if names(&MARKS) => is_number(&value.object) || matches!(value.object, Object::Name(_)),
        _ if names(&WORDS) => is_words(&value.object),
        _ => false,
    }
}

/// FieldMDP's references, which `Locks` reads: `/Data` alone leads elsewhere, to the catalog.
fn is_plain_reference(value: &Spanned) -> bool {
    const ENTRIES: [&str; 4] = ["Type", "TransformMethod", "TransformParams", "Data"];
    let Object::Array(references) = &value.object else { return false };
    references.iter().all(|reference| match &reference.object {
        Object::Dictionary(entries) => entries.iter().all(|(key, value)| {
            ENTRIES.iter().any(|name| name.as_bytes() == key) && (key == b"Data" && number_of(Some(value)).is_some() || is_direct(value))
        }),
        _ => false,
    })
}

/// What a program notes of how it was built: names, numbers and short words.
fn are_plain(entries: &Dictionary) -> bool {
    entries.iter().all(|(_, value)| is_plain_note(&value.object))
}

fn is_plain_note(object: &Object) -> bool {
    match object {
        Object::Dictionary(entries) => are_plain(entries),
        Object::Array(items) => items.iter().all(|item| is_plain_note(&item.object)),
        Object::LiteralString(_) | Object::HexString(_) => object.as_text().is_some_and(|words| words.len() <= MAX_WORDS),
        Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Name(_) => true,
        Object::Stream(..) | Object::Reference(..) => false,
    }
}
