//! The field of the digital signature and the dictionary that waits to be filled (ISO 32000-1, 12.8; ETSI EN 319 142-1).
//!
//! The dictionary's place for the signature is 8192 zero bytes, and its byte range three placeholders: whoever seals
//! the file changes those two values in place and nothing else.

use super::objects::{date, name, rectangle, text};
use crate::SignatureBlock;
use crate::layout::page::Area;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

/// Bytes kept for the signature.
pub(crate) const CONTENTS_BYTES: usize = 8192;
/// Holds the place of an offset.
const OFFSET_PLACE: i64 = 9_999_999_999;
/// The field's name.
const FIELD: &str = "Certification";
/// Printed, and locked (ISO 32000-1, table 165).
const FLAGS: i64 = 132;

/// Adds the field over the printed block; gives the widget.
pub(crate) fn add_field(
    document: &mut Document,
    block: &SignatureBlock,
    area: Area,
    at: jiff::Timestamp,
    key: i64,
    page: ObjectId,
) -> Result<ObjectId, lopdf::Error> {
    let signature = document.add_object(signature_dictionary(at));
    // The block itself is printed on the page, where it is read as text; the field's own appearance is empty.
    let (width, height) = (area.right - area.left, area.foot - area.top);
    let appearance = dictionary! {
        "Type" => name("XObject"),
        "Subtype" => name("Form"),
        "FormType" => 1,
        "BBox" => vec![0.into(), 0.into(), Object::Real(width.round()), Object::Real(height.round())],
        "Resources" => Dictionary::new(),
    };
    let appearance = document.add_object(Stream::new(appearance, Vec::new()));
    let widget = document.add_object(dictionary! {
        "Type" => name("Annot"),
        "Subtype" => name("Widget"),
        "FT" => name("Sig"),
        "T" => text(FIELD),
        "TU" => text(&format!("Digital signature of {}", block.name)),
        "Rect" => rectangle(area),
        "F" => FLAGS,
        "P" => page,
        "AP" => dictionary! { "N" => appearance },
        "StructParent" => key,
        "V" => signature,
    });
    let form = document.add_object(dictionary! { "SigFlags" => 3, "Fields" => vec![Object::Reference(widget)] });
    let catalog = document.catalog_mut()?;
    catalog.set("AcroForm", form);
    catalog.set("Perms", dictionary! { "DocMDP" => signature });
    Ok(widget)
}

/// The dictionary: a certification that allows no change afterwards (DocMDP, P 1).
fn signature_dictionary(at: jiff::Timestamp) -> Dictionary {
    let parameters = dictionary! { "Type" => name("TransformParams"), "P" => 1, "V" => name("1.2") };
    let reference = dictionary! { "Type" => name("SigRef"), "TransformMethod" => name("DocMDP"), "TransformParams" => parameters };
    let place = Object::Integer(OFFSET_PLACE);
    dictionary! {
        "Type" => name("Sig"),
        "Filter" => name("Adobe.PPKLite"),
        "SubFilter" => name("ETSI.CAdES.detached"),
        "M" => date(at),
        "Reference" => vec![Object::Dictionary(reference)],
        "ByteRange" => vec![Object::Integer(0), place.clone(), place.clone(), place],
        "Contents" => Object::String(vec![0; CONTENTS_BYTES], StringFormat::Hexadecimal),
    }
}
