//! Pictures: which are taken, and what is taken out of them before they are kept.
//!
//! A picture that is kept has been decoded once, within limits, and says nothing but what it shows: names, places, times
//! and thumbnails that cameras and editors write beside the pixels are gone. The pixels are left as they came, except
//! that a picture which was to be turned on display is turned and encoded again.

mod jpeg;
mod png;
#[cfg(test)]
mod tests;

use dpia_model::assessment::{Attachment, MediaType};
use dpia_model::id::{AttachmentId, Digest};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder as _, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The most bytes of a picture: 10 MiB.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// The most pixels of a picture: 40 million.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The most memory that decoding one may take, in bytes: 8 a pixel, and room to work.
const MOST_MEMORY: u64 = MOST_PIXELS * 8 + 64 * 1024 * 1024;
/// The quality, of 100, at which a turned JPEG is encoded again.
const QUALITY: u8 = 92;

/// A picture that may be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    id: AttachmentId,
    attachment: Attachment,
    bytes: Vec<u8>,
}

/// Why a picture is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is neither PNG nor JPEG.
    #[error("this is neither a PNG nor a JPEG picture")]
    Kind,
    /// It has too many bytes.
    #[error("the picture has {found} bytes; the limit is {MOST_BYTES}")]
    Bytes {
        /// Its bytes.
        found: usize,
    },
    /// It has too many pixels.
    #[error("the picture is {width} by {height} pixels; the limit is {MOST_PIXELS} pixels")]
    Pixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Its structure does not hold, at this byte.
    #[error("the picture is damaged at byte {at}")]
    Damaged {
        /// The byte, counted from 0.
        at: usize,
    },
    /// It cannot be decoded, or not be encoded after it was turned.
    #[error("the picture cannot be read: {0}")]
    Unreadable(#[source] Box<ImageError>),
}

impl Picture {
    /// Takes a picture as somebody chose it: checks it, and strips what it says besides what it shows.
    pub fn take(bytes: &[u8]) -> Result<Self, PictureError> {
        let (kind, decoded, orientation, profile) = decode(bytes)?;
        let stripped = match orientation {
            Orientation::NoTransforms => match kind {
                MediaType::Png => png::strip(bytes)?,
                MediaType::Jpeg => jpeg::strip(bytes)?,
            },
            orientation => encode_upright(kind, decoded, orientation, profile)?,
        };
        Self::keep(stripped)
    }

    /// Takes a picture that was stripped before it came here, as those in a bundle were: checks it and leaves its bytes,
    /// and so its name, as they are.
    pub fn keep(bytes: Vec<u8>) -> Result<Self, PictureError> {
        let (media_type, decoded, _, _) = decode(&bytes)?;
        let length = u32::try_from(bytes.len()).map_err(|_| PictureError::Bytes { found: bytes.len() })?;
        let attachment = Attachment { media_type, width: decoded.width(), height: decoded.height(), bytes: length };
        Ok(Self { id: Digest::of(&bytes), attachment, bytes })
    }

    pub(crate) fn from_store(id: AttachmentId, attachment: Attachment, bytes: Vec<u8>) -> Self {
        Self { id, attachment, bytes }
    }

    /// The SHA-256 of its bytes.
    pub fn id(&self) -> AttachmentId {
        self.id
    }

    /// What is known of it.
    pub fn attachment(&self) -> &Attachment {
        &self.attachment
    }

    /// Its bytes: a PNG or JPEG file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("id", &self.id).field("attachment", &self.attachment).finish_non_exhaustive()
    }
}

type Decoded = (MediaType, DynamicImage, Orientation, Option<Vec<u8>>);

/// Decodes the whole picture within the limits.
fn decode(bytes: &[u8]) -> Result<Decoded, PictureError> {
    if bytes.len() > MOST_BYTES {
        return Err(PictureError::Bytes { found: bytes.len() });
    }
    let (format, kind) = match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => (ImageFormat::Png, MediaType::Png),
        [0xff, 0xd8, 0xff, ..] => (ImageFormat::Jpeg, MediaType::Jpeg),
        _ => return Err(PictureError::Kind),
    };
    let unreadable = |error: ImageError| PictureError::Unreadable(Box::new(error));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PictureError::Pixels { width, height });
    }
    // What cannot be understood of how it is to be turned does not turn it.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let decoded = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    Ok((kind, decoded, orientation, profile))
}

fn encode_upright(
    kind: MediaType,
    mut decoded: DynamicImage,
    orientation: Orientation,
    profile: Option<Vec<u8>>,
) -> Result<Vec<u8>, PictureError> {
    decoded.apply_orientation(orientation);
    let mut bytes = Vec::new();
    let written = match kind {
        MediaType::Png => {
            let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
            // A profile that cannot be written is left out: the picture is taken as sRGB.
            if let Some(profile) = profile {
                let _ = encoder.set_icc_profile(profile);
            }
            decoded.write_with_encoder(encoder)
        }
        MediaType::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
            if let Some(profile) = profile {
                let _ = encoder.set_icc_profile(profile);
            }
            decoded.write_with_encoder(encoder)
        }
    };
    written.map_err(|error| PictureError::Unreadable(Box::new(error)))?;
    Ok(bytes)
}
