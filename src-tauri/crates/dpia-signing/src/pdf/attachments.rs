//! Files inside the file, and its metadata: what the catalog's `/AF` and `/Names` lead to (ISO 32000-1, 7.11.4; ISO
//! 19005-3, 6.8), and its `/Metadata` (14.3.2).
//!
//! An attachment is counted once, however many entries lead to it. A file specification that names two different
//! streams is refused: one reader would show the one, another the other.

use std::borrow::Cow;
use std::collections::HashSet;

use super::fields::decode_text;
use super::object::{Dictionary, Object, Spanned};
use super::xref::Document;
use super::{MAX_ATTACHMENTS, MAX_METADATA_BYTES, unreadable};
use crate::error::SigningError;

/// An embedded file.
#[derive(Debug)]
pub(crate) struct Attachment<'a> {
    /// `/UF`, else `/F`.
    pub(crate) name: String,
    /// `/Subtype` of the stream.
    pub(crate) media_type: Option<String>,
    /// `/AFRelationship`, which is `Unspecified` where nothing is said.
    pub(crate) relationship: String,
    /// Unpacked.
    pub(crate) bytes: Cow<'a, [u8]>,
}

/// All embedded files of the catalog, those of `/AF` first, each once.
///
/// # Errors
/// A structure that cannot be followed strictly, and more than the bounds allow.
pub(crate) fn find_attachments<'a>(document: &Document<'a>) -> Result<Vec<Attachment<'a>>, SigningError> {
    let mut specifications = Vec::new();
    push_associated(document, &mut specifications)?;
    push_named(document, &mut specifications)?;
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for specification in specifications {
        let at = specification.span.start;
        let located = document.resolve(&specification, true)?;
        let Object::Dictionary(entries) = &located.value.object else {
            return Err(unreadable("a file specification is not a dictionary", at));
        };
        let Some((number, stream)) = find_stream(document, entries, at)? else {
            // A specification of a file elsewhere embeds nothing.
            continue;
        };
        if !seen.insert(number) {
            continue;
        }
        found.push(read_attachment(document, entries, &stream)?);
    }
    Ok(found)
}

/// The catalog's metadata stream, unpacked; none where there is none.
///
/// # Errors
/// A structure that cannot be followed strictly, and more than 4 MiB.
pub(crate) fn read_metadata_stream<'a>(document: &Document<'a>) -> Result<Option<Cow<'a, [u8]>>, SigningError> {
    let catalog = document.read_catalog()?;
    let Some(metadata) = catalog.get("Metadata") else {
        return Ok(None);
    };
    let at = metadata.span.start;
    let Object::Stream(entries, data) = document.resolve(metadata, true)?.value.object else {
        return Err(unreadable("the metadata is not a stream", at));
    };
    let bytes = document.unpack_stream(&entries, data)?;
    match bytes.len() <= MAX_METADATA_BYTES {
        true => Ok(Some(bytes)),
        false => Err(unreadable("its metadata is too large", at)),
    }
}

/// The file specifications of `/AF`.
fn push_associated(document: &Document<'_>, specifications: &mut Vec<Spanned>) -> Result<(), SigningError> {
    let catalog = document.read_catalog()?;
    let Some(associated) = catalog.get("AF") else {
        return Ok(());
    };
    let at = associated.span.start;
    match document.resolve(associated, true)?.value.object {
        Object::Array(items) => specifications.extend(items),
        _ => return Err(unreadable("the associated files are not an array", at)),
    }
    check_count(specifications.len(), at)
}

/// The file specifications of the name tree `/EmbeddedFiles` (7.9.6), in its order.
fn push_named(document: &Document<'_>, specifications: &mut Vec<Spanned>) -> Result<(), SigningError> {
    let catalog = document.read_catalog()?;
    let Some(names) = catalog.get("Names") else {
        return Ok(());
    };
    let Object::Dictionary(names) = document.resolve(names, true)?.value.object else {
        return Err(unreadable("the names are not a dictionary", names.span.start));
    };
    let mut waiting: Vec<Spanned> = names.get("EmbeddedFiles").cloned().into_iter().collect();
    let mut nodes = 0;
    while let Some(node) = waiting.pop() {
        let at = node.span.start;
        nodes += 1;
        check_count(nodes, at)?;
        let Object::Dictionary(entries) = document.resolve(&node, true)?.value.object else {
            return Err(unreadable("a node of the embedded files is not a dictionary", at));
        };
        if let Some(list) = entries.get("Names") {
            let Object::Array(items) = document.resolve(list, true)?.value.object else {
                return Err(unreadable("the names of the embedded files are not an array", at));
            };
            if items.len() % 2 != 0 {
                return Err(unreadable("the names of the embedded files are not in pairs", at));
            }
            specifications.extend(items.into_iter().skip(1).step_by(2));
            check_count(specifications.len(), at)?;
        }
        if let Some(kids) = entries.get("Kids") {
            let Object::Array(items) = document.resolve(kids, true)?.value.object else {
                return Err(unreadable("the nodes of the embedded files are not an array", at));
            };
            check_count(waiting.len() + items.len(), at)?;
            waiting.extend(items.into_iter().rev());
        }
    }
    Ok(())
}

/// The one stream that `/EF` leads to, by its object number; none where the file is not embedded.
fn find_stream(document: &Document<'_>, specification: &Dictionary, at: usize) -> Result<Option<(u32, Spanned)>, SigningError> {
    let Some(embedded) = specification.get("EF") else {
        return Ok(None);
    };
    let Object::Dictionary(embedded) = document.resolve(embedded, true)?.value.object else {
        return Err(unreadable("an embedded file is not a dictionary", at));
    };
    let mut found: Option<(u32, Spanned)> = None;
    for key in ["F", "UF", "DOS", "Mac", "Unix"] {
        let Some(value) = embedded.get(key) else {
            continue;
        };
        let Object::Reference(number, _) = value.object else {
            return Err(unreadable("an embedded file is not an object of its own", at));
        };
        if found.as_ref().is_some_and(|(other, _)| *other != number) {
            return Err(unreadable("a file specification embeds two different files", at));
        }
        found = Some((number, value.clone()));
    }
    Ok(found)
}

fn read_attachment<'a>(document: &Document<'a>, specification: &Dictionary, stream: &Spanned) -> Result<Attachment<'a>, SigningError> {
    let Object::Stream(entries, data) = document.resolve(stream, true)?.value.object else {
        return Err(unreadable("an embedded file is not a stream", stream.span.start));
    };
    let name = match specification.get("UF").or_else(|| specification.get("F")) {
        Some(name) => match document.resolve(name, true)?.value.object.as_text() {
            Some(bytes) => decode_text(&bytes),
            None => return Err(unreadable("the name of an embedded file is not a text", name.span.start)),
        },
        None => String::new(),
    };
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    Ok(Attachment {
        name,
        media_type: entries.get_name("Subtype").map(text),
        relationship: specification.get_name("AFRelationship").map_or_else(|| "Unspecified".to_owned(), text),
        bytes: document.unpack_attachment(&entries, data)?,
    })
}

fn check_count(count: usize, at: usize) -> Result<(), SigningError> {
    match count <= MAX_ATTACHMENTS {
        true => Ok(()),
        false => Err(unreadable("it has too many attachments", at)),
    }
}
