//! A file inside the file: the assessment it was printed from (ISO 19005-3, 6.8).

use super::objects::{ascii, date, name, text};
use lopdf::{Document, Object, Stream, dictionary};

/// What is embedded.
pub(crate) struct Attachment<'a> {
    pub(crate) name: &'a str,
    pub(crate) media_type: &'a str,
    pub(crate) bytes: Vec<u8>,
}

/// Embeds a file as the source of the report.
pub(crate) fn embed(document: &mut Document, file: &Attachment<'_>, at: jiff::Timestamp) -> Result<(), lopdf::Error> {
    let parameters = dictionary! { "Size" => file.bytes.len() as i64, "ModDate" => date(at) };
    let entries = dictionary! { "Type" => name("EmbeddedFile"), "Subtype" => name(file.media_type), "Params" => parameters };
    let stream = document.add_object(Stream::new(entries, file.bytes.clone()));
    let plain_name: String =
        file.name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '(' | ')' | '\\') { c } else { '_' }).collect();
    let specification = document.add_object(dictionary! {
        "Type" => name("Filespec"),
        "F" => ascii(&plain_name),
        "UF" => text(file.name),
        "Desc" => text("The assessment that this report was printed from"),
        "AFRelationship" => name("Source"),
        "EF" => dictionary! { "F" => stream, "UF" => stream },
    });
    let catalog = document.catalog_mut()?;
    catalog.set("AF", vec![Object::Reference(specification)]);
    let files = dictionary! { "Names" => vec![text(file.name), specification.into()] };
    catalog.set("Names", dictionary! { "EmbeddedFiles" => files });
    Ok(())
}
