//! What other programs write again when they sign, besides the field: which program wrote last, and when. None of it is
//! drawn on a page. It is judged entry by entry all the same: what a reader sees of the document has to stay as it was.

use std::collections::BTreeSet;

use super::form::{is_direct, judge_form};
use super::number_of;
use super::update::Update;
use super::xmp::{Words, read_names};
use crate::pdf::{Dictionary, Document, Object, Spanned, push_references, read_metadata_stream};

/// Entries of the catalog that are judged one by one: the version and the extensions of the standard that the file makes
/// use of (ISO 32000-2, 7.12), the form, validation information, metadata where there was none.
const OF_CATALOG: [&str; 5] = ["Extensions", "Version", "AcroForm", "DSS", "Metadata"];

/// Entries of the information dictionary.
const OF_INFORMATION: [&str; 2] = ["ModDate", "Producer"];

/// Entries of the metadata's stream; none that packs it, so that it has one reading.
const OF_METADATA: [&str; 3] = ["Type", "Subtype", "Length"];

/// Judges the catalog of a change, wherever it is.
///
/// # Errors
/// Why the change to it is not allowed.
pub(super) fn judge_catalog(update: &Update<'_, '_>, after: &Spanned) -> Result<(), &'static str> {
    const CHANGED: &str = "the catalog was changed";
    let before = update.old.read_catalog().map_err(|_| "the catalog cannot be read")?;
    let Object::Dictionary(after) = &after.object else { return Err(CHANGED) };
    let is_known = after.get("Version").is_none() || matches!(after.get_name("Version"), Some(b"1.7" | b"2.0"));
    let has_plain_extensions = after.get("Extensions").is_none_or(is_direct);
    // Metadata that was there is an object of its own, which is judged as one.
    let has_metadata = match (before.get("Metadata"), after.get("Metadata")) {
        (None, added) => added.is_none_or(|added| number_of(Some(added)).is_some_and(|number| update.find_new(number).is_some())),
        (Some(one), Some(other)) => one.object.means(&other.object),
        (Some(_), None) => false,
    };
    let keeps_store = before.get("DSS").is_none() || after.get("DSS").is_some();
    let keeps_form = match (before.get("AcroForm"), after.get("AcroForm")) {
        (Some(one), Some(other)) => one.object.means(&other.object) || judge_form(update, &mut BTreeSet::new()).is_ok(),
        _ => false,
    };
    let is_same = before.means_except(after, &OF_CATALOG);
    judged(is_same && is_known && has_plain_extensions && has_metadata && keeps_store && keeps_form, CHANGED)
}

/// Judges what the document says of itself in its information dictionary.
///
/// # Errors
/// Why the change to it is not allowed.
pub(super) fn judge_information(update: &Update<'_, '_>, number: u32, after: &Spanned) -> Result<(), &'static str> {
    const CHANGED: &str = "what the document says of itself was changed";
    let before = update.old.find_object(number).map(|before| before.object);
    let (Ok(Object::Dictionary(before)), Object::Dictionary(after)) = (before, &after.object) else {
        return Err(CHANGED);
    };
    let are_words = OF_INFORMATION.iter().filter_map(|key| after.get(key)).all(|value| value.object.as_text().is_some());
    judged(before.means_except(after, &OF_INFORMATION) && are_words, CHANGED)
}

/// Judges metadata that was replaced, or added where there was none: it names the same title, author and subject.
///
/// # Errors
/// Why the change to it is not allowed.
pub(super) fn judge_metadata(update: &Update<'_, '_>, number: u32, after: &Spanned) -> Result<(), &'static str> {
    const CHANGED: &str = "the document's title was changed";
    let is_plain = match &after.object {
        Object::Stream(entries, _) => {
            entries.get_name("Type") == Some(b"Metadata")
                && entries.get_name("Subtype") == Some(b"XML")
                && entries.iter().all(|(key, _)| OF_METADATA.iter().any(|name| name.as_bytes() == key))
        }
        _ => false,
    };
    if !is_plain {
        return Err(CHANGED);
    }
    let names = |document: &Document<'_>| -> Option<Option<[Vec<Words>; 3]>> {
        match read_metadata_stream(document).ok()? {
            Some(metadata) => read_names(std::str::from_utf8(&metadata).ok()?).map(Some),
            None => Some(None),
        }
    };
    let after = names(update.new).flatten().ok_or(CHANGED)?;
    match names(update.old).ok_or(CHANGED)? {
        Some(before) if before != after => {
            Err(if before[0] == after[0] { "the document's author or subject was changed" } else { CHANGED })
        }
        // A stream that a page draws too could be written again to draw something else.
        Some(_) => judged(counts_one_reference(update.old, number), "the metadata is used by something else too"),
        None => judged(agrees_with_information(update.old, &after), CHANGED),
    }
}

/// Whether metadata where there was none says what the information dictionary says, or nothing.
fn agrees_with_information(document: &Document<'_>, names: &[Vec<Words>; 3]) -> bool {
    let information = document.newest().trailer.get("Info").and_then(|value| document.resolve(value, true).ok());
    let entries = match information.map(|located| located.value.object) {
        Some(Object::Dictionary(entries)) => entries,
        _ => Dictionary::default(),
    };
    ["Title", "Author", "Subject"].iter().zip(names).all(|(key, words)| {
        let said = entries.get(key).and_then(|value| value.object.as_text()).map(|bytes| crate::pdf::decode_text(&bytes));
        let words: Vec<&str> = words.iter().map(|(_, words)| words.as_str()).collect();
        words.is_empty() || said.is_some_and(|said| words == [said.trim()])
    })
}

/// Whether one place alone in all objects leads to this one.
fn counts_one_reference(document: &Document<'_>, number: u32) -> bool {
    let mut found = Vec::new();
    for other in document.object_numbers() {
        match document.find_object(other) {
            Ok(value) => push_references(&value, &mut found),
            Err(_) => return false,
        }
        found.retain(|led_to| *led_to == number);
    }
    found.len() == 1
}

fn judged(is_allowed: bool, reason: &'static str) -> Result<(), &'static str> {
    if is_allowed { Ok(()) } else { Err(reason) }
}
