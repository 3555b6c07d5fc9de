//! Signature fields: from the catalog through the AcroForm to each signature dictionary
//! (ISO 32000-1, 12.7.2 and 12.8.1).

use std::collections::HashSet;
use std::ops::Range;

use super::object::{Dictionary, Object, Spanned};
use super::xref::{Document, Located};
use super::{MAX_FIELDS, unreadable};
use crate::error::SigningError;

/// A form field of type `Sig`.
#[derive(Debug)]
pub(crate) struct SignatureField {
    /// The full name: partial names joined by dots (12.7.3.2).
    pub(crate) name: String,
    /// The number of the field's object; none where it is in another object.
    pub(crate) object: Option<u32>,
    /// Its signature; none where the field waits to be signed.
    pub(crate) signature: Option<SignatureDictionary>,
}

/// A signature dictionary whose place in the file is known.
#[derive(Debug)]
pub(crate) struct SignatureDictionary {
    /// The number of its object; none where it is in the field.
    pub(crate) object: Option<u32>,
    pub(crate) entries: Dictionary,
    /// The bytes of the dictionary, from `<<` to `>>`.
    pub(crate) span: Range<usize>,
}

/// A field that is still to be looked at, with what it inherits.
struct Waiting {
    value: Spanned,
    is_in_file: bool,
    prefix: String,
    is_signature: bool,
}

/// All signature fields that the catalog's AcroForm leads to, in its order.
///
/// # Errors
/// A structure that cannot be followed, or a signature dictionary that is not itself in the file.
pub(crate) fn find_signature_fields(document: &Document<'_>) -> Result<Vec<SignatureField>, SigningError> {
    let catalog = document.read_catalog()?;
    let Some(form) = catalog.get("AcroForm") else {
        return Ok(Vec::new());
    };
    let form = document.resolve(form, true)?;
    let Object::Dictionary(form_entries) = &form.value.object else {
        return Err(unreadable("the AcroForm is not a dictionary", form.value.span.start));
    };
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    let mut seen = HashSet::new();
    push_children(document, form_entries, "Fields", &form, &mut waiting, "", false)?;
    while let Some(next) = waiting.pop() {
        if let Object::Reference(number, _) = next.value.object
            && !seen.insert(number)
        {
            return Err(unreadable("a form field is listed twice", next.value.span.start));
        }
        if seen.len() + found.len() > MAX_FIELDS {
            return Err(unreadable("it has too many form fields", next.value.span.start));
        }
        let field = document.resolve(&next.value, next.is_in_file)?;
        let Object::Dictionary(entries) = &field.value.object else {
            continue;
        };
        let name = read_field_name(document, entries, &next.prefix)?;
        let is_signature = match entries.get_name("FT") {
            Some(kind) => kind == b"Sig",
            None => next.is_signature,
        };
        let value = entries.get("V");
        let before = waiting.len();
        push_children(document, entries, "Kids", &field, &mut waiting, &name, is_signature)?;
        let has_children = waiting.len() > before;
        if is_signature && (value.is_some() || !has_children) {
            let signature = match value {
                Some(value) => read_signature(document, value, field.is_in_file)?,
                None => None,
            };
            found.push(SignatureField { name, object: number_of(&next.value), signature });
        }
    }
    Ok(found)
}

/// Pushes the fields of an array so that the first is popped first. Kids that are mere widgets
/// (no `/T`, no `/FT`) have nothing of their own and would be taken for empty fields, so they are left out.
fn push_children(
    document: &Document<'_>,
    entries: &Dictionary,
    key: &str,
    parent: &Located,
    waiting: &mut Vec<Waiting>,
    prefix: &str,
    is_signature: bool,
) -> Result<(), SigningError> {
    let Some(children) = entries.get(key) else {
        return Ok(());
    };
    let children = document.resolve(children, parent.is_in_file)?;
    let Object::Array(items) = children.value.object else {
        return Err(unreadable("a list of form fields is not an array", parent.value.span.start));
    };
    for value in items.into_iter().rev() {
        if waiting.len() > MAX_FIELDS {
            return Err(unreadable("it has too many form fields", value.span.start));
        }
        if key == "Kids" {
            let child = document.resolve(&value, children.is_in_file)?;
            let Object::Dictionary(entries) = &child.value.object else {
                continue;
            };
            let is_field = ["T", "FT", "V", "Kids"].iter().any(|key| entries.get(key).is_some());
            if !is_field {
                continue;
            }
        }
        waiting.push(Waiting { value, is_in_file: children.is_in_file, prefix: prefix.to_owned(), is_signature });
    }
    Ok(())
}

fn read_signature(document: &Document<'_>, value: &Spanned, is_in_file: bool) -> Result<Option<SignatureDictionary>, SigningError> {
    let located = document.resolve(value, is_in_file)?;
    let span = located.value.span;
    match located.value.object {
        Object::Null => Ok(None),
        Object::Dictionary(entries) if located.is_in_file => Ok(Some(SignatureDictionary { object: number_of(value), entries, span })),
        Object::Dictionary(_) => Err(unreadable("a signature is in a compressed object stream", span.start)),
        _ => Err(unreadable("a signature is not a dictionary", span.start)),
    }
}

fn number_of(value: &Spanned) -> Option<u32> {
    match value.object {
        Object::Reference(number, _) => Some(number),
        _ => None,
    }
}

fn read_field_name(document: &Document<'_>, entries: &Dictionary, prefix: &str) -> Result<String, SigningError> {
    let partial = match entries.get("T") {
        Some(value) => document.resolve(value, true)?.value.object.as_text().map_or_else(String::new, |bytes| decode_text(&bytes)),
        None => String::new(),
    };
    // A name is for people; an endless one is cut.
    let mut name = match (prefix.is_empty(), partial.is_empty()) {
        (true, _) => partial,
        (false, true) => prefix.to_owned(),
        (false, false) => format!("{prefix}.{partial}"),
    };
    if let Some((end, _)) = name.char_indices().nth(256) {
        name.truncate(end);
    }
    Ok(name)
}

/// A text string (7.9.2.2): UTF-16BE or UTF-8 with a mark, else PDFDocEncoding, of which only
/// the part shared with Latin-1 is known here.
pub(crate) fn decode_text(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units = rest.chunks_exact(2);
        let units: Vec<u16> = units.map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
        String::from_utf16_lossy(&units)
    } else if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        bytes.iter().map(|b| char::from(*b)).collect()
    }
}
