//! The manifest: what the bundle is and what it holds, each part with its length and SHA-256.

use super::{ATTACHMENTS, FORMAT, VERSION, WITH_TYPEFACE};
use crate::Withheld;
use dpia_model::Brand;
use dpia_model::assessment::MediaType;
use dpia_model::id::{AttachmentId, Digest};
use serde::{Deserialize, Serialize};

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// `dpia-bundle`.
    pub(super) format: String,
    /// 1, or 2 where the brand names its typefaces.
    pub(super) version: u32,
    pub(super) scope: ScopeName,
    /// The sections that a copy leaves out; absent from a full bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) withheld: Option<Vec<Withheld>>,
    /// Every part but the manifest and its signature, sorted by name.
    pub(super) parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ScopeName {
    Full,
    Copy,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) sha256: Digest,
}

impl Manifest {
    pub(super) fn new(brand: &Brand, scope: ScopeName, withheld: Option<Vec<Withheld>>, parts: Vec<Part>) -> Self {
        Self { format: FORMAT.to_owned(), version: version_for(brand), scope, withheld, parts }
    }
}

/// The version of a bundle with this brand: the oldest that holds it.
pub(super) fn version_for(brand: &Brand) -> u32 {
    if brand.typeface.is_standard() { VERSION } else { WITH_TYPEFACE }
}

/// The part that holds a picture.
pub(super) fn picture_name(id: AttachmentId, media_type: MediaType) -> String {
    let ending = match media_type {
        MediaType::Png => "png",
        MediaType::Jpeg => "jpg",
    };
    format!("{ATTACHMENTS}{id}.{ending}")
}

/// The picture that a part of this name holds.
pub(super) fn picture_of(name: &str) -> Option<(AttachmentId, MediaType)> {
    let (id, ending) = name.strip_prefix(ATTACHMENTS)?.split_once('.')?;
    let media_type = match ending {
        "png" => MediaType::Png,
        "jpg" => MediaType::Jpeg,
        _ => return None,
    };
    id.parse().ok().map(|id| (id, media_type))
}

/// The kind of picture that begins like this.
pub(super) fn picture_kind(bytes: &[u8]) -> Option<MediaType> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(MediaType::Png),
        [0xff, 0xd8, 0xff, ..] => Some(MediaType::Jpeg),
        _ => None,
    }
}
