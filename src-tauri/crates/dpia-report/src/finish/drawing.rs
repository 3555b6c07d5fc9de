//! A drawing on its own: a form XObject (ISO 32000-1, 8.10) with all that it leads to, as objects that do not know
//! their numbers yet.

use super::objects::rectangle;
use super::{compress, signature};
use crate::cache::Cache;
use crate::error::ReportError;
use crate::layout::page::Area;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::collections::BTreeMap;

/// A drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Each object as what is between `obj` and `endobj`.
    pub objects: Vec<Vec<ObjectPart>>,
    /// Which of them is the form; it leads to all others.
    pub form: usize,
}

/// A piece of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectPart {
    /// Bytes that are written as they are.
    Bytes(Vec<u8>),
    /// A reference to another object of the drawing, by its place in the list.
    Reference(usize),
}

/// Takes what was drawn on the sheet after the pages out of its document.
pub(crate) fn take_drawing(mut document: Document, pages: usize, area: Area) -> Result<Drawing, ReportError> {
    let sheets = document.get_pages().values().skip(pages).copied().collect();
    let mut form = signature::take_sheets(&mut document, sheets)?.pop().ok_or(lopdf::Error::ObjectNotFound((0, 0)))?;
    form.dict.set("BBox", rectangle(area));
    let form = document.add_object(form);
    compress(&mut document, &mut Cache::new())?;
    let mut writer = Writer { document: &document, places: BTreeMap::new(), waiting: vec![form] };
    writer.places.insert(form, 0);
    let mut objects = Vec::new();
    // The list grows while it is walked: an object that is referred to is given the next place.
    while let Some(id) = writer.waiting.get(objects.len()).copied() {
        let mut object = Pieces::default();
        let found = document.get_object(id)?;
        writer.write(found, &mut object);
        objects.push(object.0);
    }
    Ok(Drawing { objects, form: 0 })
}

/// Pieces that are written one after another.
#[derive(Default)]
struct Pieces(Vec<ObjectPart>);

impl Pieces {
    fn bytes(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            Some(ObjectPart::Bytes(before)) => before.extend_from_slice(bytes),
            Some(ObjectPart::Reference(_)) | None => self.0.push(ObjectPart::Bytes(bytes.to_vec())),
        }
    }
}

struct Writer<'a> {
    document: &'a Document,
    places: BTreeMap<ObjectId, usize>,
    waiting: Vec<ObjectId>,
}

impl Writer<'_> {
    /// Writes an object (ISO 32000-1, 7.3); strings in hexadecimal, so that nothing in them needs an escape.
    fn write(&mut self, object: &Object, out: &mut Pieces) {
        match object {
            Object::Null => out.bytes(b"null"),
            Object::Boolean(value) => out.bytes(if *value { b"true" } else { b"false" }),
            Object::Integer(value) => out.bytes(value.to_string().as_bytes()),
            Object::Real(value) => out.bytes(value.to_string().as_bytes()),
            Object::Name(name) => write_name(name, out),
            Object::String(bytes, _) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
                out.bytes(format!("<{digits}>").as_bytes());
            }
            Object::Array(items) => {
                out.bytes(b"[");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.bytes(b" ");
                    }
                    self.write(item, out);
                }
                out.bytes(b"]");
            }
            Object::Dictionary(dictionary) => self.write_dictionary(dictionary, out),
            Object::Stream(stream) => {
                self.write_dictionary(&stream.dict, out);
                out.bytes(b"stream\n");
                out.bytes(&stream.content);
                out.bytes(b"\nendstream");
            }
            // What is missing counts as null (7.3.10).
            Object::Reference(id) if self.document.get_object(*id).is_err() => out.bytes(b"null"),
            Object::Reference(id) => {
                let next = self.waiting.len();
                let place = *self.places.entry(*id).or_insert(next);
                if place == next {
                    self.waiting.push(*id);
                }
                out.0.push(ObjectPart::Reference(place));
            }
        }
    }

    fn write_dictionary(&mut self, dictionary: &Dictionary, out: &mut Pieces) {
        out.bytes(b"<<");
        for (key, value) in dictionary {
            write_name(key, out);
            out.bytes(b" ");
            self.write(value, out);
            out.bytes(b" ");
        }
        out.bytes(b">>");
    }
}

fn write_name(name: &[u8], out: &mut Pieces) {
    out.bytes(b"/");
    for byte in name {
        if byte.is_ascii_alphanumeric() || b"-_.+".contains(byte) {
            out.bytes(&[*byte]);
        } else {
            out.bytes(format!("#{byte:02X}").as_bytes());
        }
    }
}
