//! Pictures as objects of the file. A JPEG that a reader of PDF understands goes in as it is; everything else goes in
//! as plain samples, without loss, transparency kept as a mask.

use crate::draw::operations::picture_name;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::io::Cursor;
use std::sync::Arc;

/// The most pixels that are taken; more would not fit in memory of a modest machine several times over.
const MOST_PIXELS: u64 = 60_000_000;

/// A picture that can be drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// Pixels across.
    pub(crate) width: u32,
    /// Pixels down.
    pub(crate) height: u32,
    samples: Samples,
}

#[derive(Debug, Clone, PartialEq)]
enum Samples {
    /// A JPEG file with one or three components.
    Jpeg { bytes: Vec<u8>, components: usize },
    /// Eight bits a channel, row by row, and the mask where some of it shines through.
    Plain { rgb: Vec<u8>, mask: Option<Vec<u8>> },
}

impl Picture {
    /// Reads a PNG or JPEG; none where it is neither, damaged or too large.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
        let format = reader.format()?;
        let decoder = reader.into_decoder().ok()?;
        let (width, height) = decoder.dimensions();
        if width == 0 || height == 0 || u64::from(width) * u64::from(height) > MOST_PIXELS {
            return None;
        }
        let picture = DynamicImage::from_decoder(decoder).ok()?;
        if format == ImageFormat::Jpeg
            && let Some(components @ (1 | 3)) = jpeg_components(bytes)
        {
            return Some(Self { width, height, samples: Samples::Jpeg { bytes: bytes.to_vec(), components } });
        }
        let mask = picture.color().has_alpha().then(|| picture.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect::<Vec<u8>>());
        let mask = mask.filter(|mask| mask.iter().any(|alpha| *alpha != u8::MAX));
        Some(Self { width, height, samples: Samples::Plain { rgb: picture.to_rgb8().into_raw(), mask } })
    }
}

/// The number of components that a JPEG's frame header names, for the two kinds that every reader of PDF decodes.
fn jpeg_components(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2)? else { return None };
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        if matches!(marker, 0xC0..=0xC2) {
            return bytes.get(at + 9).map(|count| usize::from(*count));
        }
        at += 2 + length;
    }
}

/// Adds the pictures to the resources that all pages share.
pub(crate) fn add_pictures(document: &mut Document, pages: &[ObjectId], pictures: &[Arc<Picture>]) -> Result<(), lopdf::Error> {
    if pictures.is_empty() {
        return Ok(());
    }
    let mut shared = Dictionary::new();
    for (index, picture) in pictures.iter().enumerate() {
        let id = add_picture(document, picture);
        shared.set(picture_name(index), id);
    }
    let shared = document.add_object(shared);
    for page in pages {
        let resources = document.get_dictionary(*page)?.get(b"Resources")?.as_reference()?;
        document.get_dictionary_mut(resources)?.set("XObject", shared);
    }
    Ok(())
}

fn add_picture(document: &mut Document, picture: &Picture) -> ObjectId {
    let mut entries = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(picture.width),
        "Height" => i64::from(picture.height),
        "BitsPerComponent" => 8,
    };
    match &picture.samples {
        Samples::Jpeg { bytes, components } => {
            entries.set("ColorSpace", if *components == 1 { "DeviceGray" } else { "DeviceRGB" });
            entries.set("Filter", "DCTDecode");
            document.add_object(Stream::new(entries, bytes.clone()).with_compression(false))
        }
        Samples::Plain { rgb, mask } => {
            entries.set("ColorSpace", "DeviceRGB");
            if let Some(mask) = mask {
                let mut of_mask = entries.clone();
                of_mask.set("ColorSpace", "DeviceGray");
                let id = document.add_object(Stream::new(of_mask, mask.clone()));
                entries.set("SMask", Object::Reference(id));
            }
            document.add_object(Stream::new(entries, rgb.clone()))
        }
    }
}
