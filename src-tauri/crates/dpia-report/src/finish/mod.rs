//! What printpdf leaves open, with lopdf: structure, links, outline, metadata, colour, pictures, the embedded file and
//! the signature's field. Nothing here asks the clock or chance: the same report gives the same bytes.

mod attachment;
mod links;
mod metadata;
mod objects;
mod outline;
pub(crate) mod pictures;
pub(crate) mod signature;
mod structure;

use crate::draw::Structure;
use crate::error::ReportError;
use crate::layout::Layout;
use crate::{EmbeddedFile, SignatureBlock};
use lopdf::{Document, Object, ObjectId, StringFormat, dictionary};
use objects::name;
use pictures::Picture;
use sha2::{Digest as _, Sha256};

/// Holds the place of the file's identifier until its bytes are known.
const ID_PLACE: [u8; 16] = *b"\xD1\xA0dpia-editor-id";

/// What is known of the file besides its pages.
pub(crate) struct Facts<'a> {
    /// The title.
    pub(crate) title: &'a str,
    /// Who answers for it.
    pub(crate) author: &'a str,
    /// What it is about.
    pub(crate) subject: &'a str,
    /// When it was made.
    pub(crate) at: jiff::Timestamp,
    /// The version of the program.
    pub(crate) app_version: &'a str,
    /// The pictures, by their place in the layout.
    pub(crate) pictures: &'a [Picture],
    /// The file to embed.
    pub(crate) embedded: Option<&'a EmbeddedFile>,
    /// The signature that is to fill the field.
    pub(crate) signature: Option<&'a SignatureBlock>,
}

/// Finishes a drawn document and writes it out.
pub(crate) fn finish(mut document: Document, layout: &Layout, structure: &Structure, facts: &Facts<'_>) -> Result<Vec<u8>, ReportError> {
    "1.7".clone_into(&mut document.version);
    let pages: Vec<ObjectId> = document.get_pages().values().copied().collect();
    pictures::add_pictures(&mut document, &pages, facts.pictures)?;
    let tree = structure::Tree::reserve(&mut document, layout, structure);
    let zones = links::add_zones(&mut document, &pages, layout, structure, &tree, facts)?;
    tree.write(&mut document, &pages, layout, structure, &zones)?;
    outline::add_outline(&mut document, &pages, layout)?;
    metadata::add_metadata(&mut document, facts)?;
    if let Some(file) = facts.embedded {
        attachment::embed(&mut document, file, facts.at)?;
    }
    let labels = document.add_object(dictionary! { "Nums" => vec![0.into(), Object::Dictionary(dictionary! { "S" => name("D") })] });
    let catalog = document.catalog_mut()?;
    catalog.set("PageLabels", labels);
    catalog.set("PageLayout", name("SinglePage"));
    write(document)
}

/// Writes the file; its identifier is the hash of all the rest.
fn write(mut document: Document) -> Result<Vec<u8>, ReportError> {
    let place = Object::String(ID_PLACE.to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![place.clone(), place]);
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    let hash = Sha256::digest(&bytes);
    let identifier: String = hash.iter().take(16).map(|byte| format!("{byte:02X}")).collect();
    let place: String = ID_PLACE.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut end = bytes.len();
    for _ in 0..2 {
        if let Some(at) = bytes[..end].windows(place.len()).rposition(|window| window == place.as_bytes()) {
            bytes[at..at + place.len()].copy_from_slice(identifier.as_bytes());
            end = at;
        }
    }
    Ok(bytes)
}
