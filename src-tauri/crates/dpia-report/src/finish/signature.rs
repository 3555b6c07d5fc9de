//! The field of the digital signature and the dictionary that waits to be filled (ISO 32000-1, 12.8; ETSI EN 319 142-1).
//!
//! The dictionary's place for the signature is 8192 zero bytes, and its byte range three placeholders: the signer
//! the file changes those two values in place and nothing else.

use super::objects::{date, name, rectangle, text};
use crate::SignatureBlock;
use crate::draw::{GLYPH_SHEETS, take_page};
use crate::layout::page::Area;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

/// Bytes kept for the signature.
pub(crate) const CONTENTS_BYTES: usize = 8192;
/// Holds the place of an offset.
const OFFSET_PLACE: i64 = 9_999_999_999;
/// The name of the officer's field.
const CERTIFICATION: &str = "Certification";
/// The name of the field that waits for somebody else.
pub const COUNTERSIGNATURE: &str = "Countersignature";
/// Printed, and locked (ISO 32000-1, table 165).
const FLAGS: i64 = 132;

/// Where a field is.
#[derive(Clone, Copy)]
pub(crate) struct FieldPlace {
    /// On its page.
    pub(crate) area: Area,
    /// The page.
    pub(crate) page: ObjectId,
    /// Its key in the parent tree.
    pub(crate) key: i64,
}

/// The fields of the file's form.
#[derive(Default)]
pub(crate) struct Fields {
    widgets: Vec<ObjectId>,
    certification: Option<ObjectId>,
}

impl Fields {
    /// Adds the field over the printed block; gives the widget.
    pub(crate) fn add_certification(
        &mut self,
        document: &mut Document,
        block: &SignatureBlock,
        place: FieldPlace,
        at: jiff::Timestamp,
    ) -> ObjectId {
        let signature = document.add_object(signature_dictionary(at, block.is_open));
        self.certification = Some(signature);
        // The block itself is printed on the page, where it is read as text; the field's own appearance is empty.
        let (width, height) = (place.area.right - place.area.left, place.area.foot - place.area.top);
        let bounds = vec![0.into(), 0.into(), Object::Real(width.round()), Object::Real(height.round())];
        let appearance = Stream::new(form_dictionary(bounds, Dictionary::new().into()), Vec::new());
        let mut widget = self.widget(document, CERTIFICATION, &format!("Digital signature of {}", block.name), appearance, place);
        widget.set("V", signature);
        self.keep(document, widget)
    }

    /// Adds a field that waits, showing the sheet that was drawn for it; gives the widget.
    pub(crate) fn add_empty(&mut self, document: &mut Document, mut sheet: Stream, place: FieldPlace) -> ObjectId {
        sheet.dict.set("BBox", rectangle(place.area));
        let widget = self.widget(document, COUNTERSIGNATURE, "Field for a countersignature", sheet, place);
        self.keep(document, widget)
    }

    fn widget(&self, document: &mut Document, field: &str, words: &str, appearance: Stream, place: FieldPlace) -> Dictionary {
        let appearance = document.add_object(appearance);
        dictionary! {
            "Type" => name("Annot"),
            "Subtype" => name("Widget"),
            "FT" => name("Sig"),
            "T" => text(field),
            "TU" => text(words),
            "Rect" => rectangle(place.area),
            "F" => FLAGS,
            "P" => place.page,
            "AP" => dictionary! { "N" => appearance },
            "StructParent" => place.key,
        }
    }

    fn keep(&mut self, document: &mut Document, widget: Dictionary) -> ObjectId {
        let id = document.add_object(widget);
        self.widgets.push(id);
        id
    }

    /// Writes the form, if there is a field.
    pub(crate) fn write(self, document: &mut Document) -> Result<(), lopdf::Error> {
        if self.widgets.is_empty() {
            return Ok(());
        }
        let fields: Vec<Object> = self.widgets.into_iter().map(Object::Reference).collect();
        let form = document.add_object(dictionary! { "SigFlags" => 3, "Fields" => fields });
        let catalog = document.catalog_mut()?;
        catalog.set("AcroForm", form);
        if let Some(certification) = self.certification {
            catalog.set("Perms", dictionary! { "DocMDP" => certification });
        }
        Ok(())
    }
}

/// Takes sheets that were drawn as pages off the page tree: what is on each becomes a form (ISO 32000-1, 8.10). The
/// last, which shows the glyphs, is let go.
pub(crate) fn take_sheets(document: &mut Document, sheets: Vec<ObjectId>) -> Result<Vec<Stream>, lopdf::Error> {
    let mut forms = Vec::new();
    let fields = sheets.len().saturating_sub(GLYPH_SHEETS);
    for (at, sheet) in sheets.into_iter().enumerate() {
        let content = document.get_page_content(sheet);
        for part in document.get_page_contents(sheet) {
            document.objects.remove(&part);
        }
        let resources = take_page(document, sheet)?.get(b"Resources")?.clone();
        if at < fields {
            forms.push(Stream::new(form_dictionary(Vec::new(), resources), content));
        } else if let Ok(resources) = resources.as_reference() {
            document.objects.remove(&resources);
        }
    }
    Ok(forms)
}

fn form_dictionary(bounds: Vec<Object>, resources: Object) -> Dictionary {
    dictionary! { "Type" => name("XObject"), "Subtype" => name("Form"), "FormType" => 1, "BBox" => bounds, "Resources" => resources }
}

/// Makes the string of zeros that was written in parentheses the hexadecimal one that it means: lopdf formats the latter
/// byte by byte, which was a tenth of a client's copy.
pub(crate) fn write_contents(file: &mut [u8]) {
    let written = format!("/Contents({})", "0".repeat(2 * CONTENTS_BYTES));
    let Some(at) = file.windows(written.len()).rposition(|window| window == written.as_bytes()) else { return };
    file[at + "/Contents".len()] = b'<';
    file[at + written.len() - 1] = b'>';
}

/// The dictionary: a certification that allows no change afterwards (DocMDP, P 1), or none but signing (P 2).
fn signature_dictionary(at: jiff::Timestamp, is_open: bool) -> Dictionary {
    let allowed = if is_open { 2 } else { 1 };
    let parameters = dictionary! { "Type" => name("TransformParams"), "P" => allowed, "V" => name("1.2") };
    let reference = dictionary! { "Type" => name("SigRef"), "TransformMethod" => name("DocMDP"), "TransformParams" => parameters };
    let place = Object::Integer(OFFSET_PLACE);
    dictionary! {
        "Type" => name("Sig"),
        "Filter" => name("Adobe.PPKLite"),
        "SubFilter" => name("ETSI.CAdES.detached"),
        "M" => date(at),
        "Reference" => vec![Object::Dictionary(reference)],
        "ByteRange" => vec![Object::Integer(0), place.clone(), place.clone(), place],
        "Contents" => Object::String(vec![b'0'; 2 * CONTENTS_BYTES], StringFormat::Literal),
    }
}
