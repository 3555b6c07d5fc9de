//! What printpdf leaves open, with lopdf: structure, links, outline, metadata, colour, pictures, the embedded file and
//! the signature's field. Nothing here asks the clock or chance: the same report gives the same bytes.

pub(crate) mod attachment;
pub(crate) mod drawing;
mod links;
mod metadata;
mod objects;
mod outline;
pub(crate) mod pictures;
pub(crate) mod signature;
mod structure;

use crate::SignatureBlock;
use crate::cache::Cache;
use crate::draw::Structure;
use crate::error::ReportError;
use crate::layout::Layout;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Document, Object, ObjectId, Stream, StringFormat, dictionary};
use objects::name;
use pictures::Picture;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::sync::Arc;

/// The largest stream that is kept packed, in bytes: pictures above it are packed each time.
const LARGEST_KEPT: usize = 4 * 1024 * 1024;
/// So many streams are packed by two threads: those of a later report are few.
const WORTH_A_THREAD: usize = 8;
/// Bytes that the entry for the filter takes.
const FILTER_ENTRY: usize = 20;
/// Holds the place of the file's identifier until its bytes are known.
const ID_PLACE: [u8; 16] = *b"\xD1\xA0dpia-editor-id";

/// Streams that were packed, by their bytes.
pub(crate) type PackedStreams = Cache<Vec<u8>, Vec<u8>>;

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
    pub(crate) pictures: &'a [Arc<Picture>],
    /// The file to embed.
    pub(crate) embedded: Option<attachment::Attachment<'a>>,
    /// The signature that is to fill the field.
    pub(crate) signature: Option<&'a SignatureBlock>,
}

/// Finishes a drawn document and writes it out.
pub(crate) fn finish(
    mut document: Document,
    layout: &Layout,
    structure: &Structure,
    facts: &Facts<'_>,
    packed: &mut PackedStreams,
) -> Result<Vec<u8>, ReportError> {
    "1.7".clone_into(&mut document.version);
    let mut pages: Vec<ObjectId> = document.get_pages().values().copied().collect();
    let sheets = signature::take_sheets(&mut document, pages.split_off(layout.pages.len()))?;
    pictures::add_pictures(&mut document, &pages, facts.pictures)?;
    let tree = structure::Tree::reserve(&mut document, layout, structure);
    let zones = links::add_zones(&mut document, &pages, layout, structure, &tree, facts, sheets)?;
    tree.write(&mut document, &pages, layout, structure, &zones)?;
    outline::add_outline(&mut document, &pages, layout)?;
    metadata::add_metadata(&mut document, facts)?;
    if let Some(file) = &facts.embedded {
        attachment::embed(&mut document, file, facts.at)?;
    }
    let labels = document.add_object(dictionary! { "Nums" => vec![0.into(), Object::Dictionary(dictionary! { "S" => name("D") })] });
    let catalog = document.catalog_mut()?;
    catalog.set("PageLabels", labels);
    catalog.set("PageLayout", name("SinglePage"));
    write(document, packed)
}

/// Packs every stream that is not packed yet. The usual level packs a report within a few per cent of the best one, in a
/// third of the time. A first report packs many, so two threads share them.
fn compress(document: &mut Document, kept: &mut PackedStreams) -> Result<(), std::io::Error> {
    let mut waiting: Vec<&mut Stream> = Vec::new();
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        if !stream.allows_compression || stream.dict.has(b"Filter") {
            continue;
        }
        match kept.get(&stream.content) {
            Some((packed, _)) => replace_content(stream, packed.clone()),
            None => waiting.push(stream),
        }
    }
    // The heaviest to either side in turn.
    waiting.sort_by_key(|stream| std::cmp::Reverse(stream.content.len()));
    let sides: [Vec<&[u8]>; 2] = [0, 1].map(|side| waiting.iter().skip(side).step_by(2).map(|stream| stream.content.as_slice()).collect());
    let [first, second] = if waiting.len() < WORTH_A_THREAD {
        sides.map(|side| pack(&side))
    } else {
        std::thread::scope(|scope| {
            let second = scope.spawn(|| pack(&sides[1]));
            let first = pack(&sides[0]);
            [first, second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))]
        })
    };
    let (mut first, mut second) = (first?.into_iter(), second?.into_iter());
    for (at, stream) in waiting.into_iter().enumerate() {
        let Some(packed) = (if at % 2 == 0 { first.next() } else { second.next() }) else { continue };
        if stream.content.len() <= LARGEST_KEPT {
            kept.keep(stream.content.clone(), packed.clone());
        }
        replace_content(stream, packed);
    }
    Ok(())
}

/// Packs one after another with one encoder, whose tables cost as much to make as a small stream to pack.
fn pack(contents: &[&[u8]]) -> Result<Vec<Vec<u8>>, std::io::Error> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut packed = Vec::with_capacity(contents.len());
    for content in contents {
        encoder.write_all(content)?;
        packed.push(encoder.reset(Vec::new())?);
    }
    Ok(packed)
}

/// Takes the packed bytes where that is shorter.
fn replace_content(stream: &mut Stream, packed: Vec<u8>) {
    if packed.len() + FILTER_ENTRY < stream.content.len() {
        stream.dict.set("Filter", name("FlateDecode"));
        stream.set_content(packed);
    }
}

/// Writes the file; its identifier is the hash of all the rest.
fn write(mut document: Document, packed: &mut PackedStreams) -> Result<Vec<u8>, ReportError> {
    let place = Object::String(ID_PLACE.to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![place.clone(), place]);
    compress(&mut document, packed)?;
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    signature::write_contents(&mut bytes);
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
