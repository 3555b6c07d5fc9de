//! Bundles: `.dpia` files, one assessment each, to move and to keep. `FORMAT.md` beside this crate specifies them.
//!
//! What always holds: the same content gives the same bytes; what is written can be read; a file that is damaged, newer
//! or something else is refused with the place and the reason. Files from strangers are read within named limits, and
//! nothing of them is followed, run or unpacked to a folder. Bytes in, bytes out. A bundle may be encrypted with a passphrase;
//! that file alone is another each time.

mod archive;
mod bounds;
mod copy;
mod doubled;
mod encrypted;
mod error;
pub mod limits;
mod plausible;
mod v1;

pub use copy::make_copy;
pub use encrypted::{decrypt, encrypt, is_encrypted};
pub use error::BundleError;

use archive::Archive;
use dpia_model::Brand;
use dpia_model::assessment::Assessment;
use dpia_model::history::Entry;
use dpia_model::id::{AttachmentId, SectionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The media type of a bundle (FORMAT.md).
pub const MEDIA_TYPE: &str = "application/vnd.dpia-bundle+zip";

/// The newest version of the format.
pub const NEWEST_VERSION: u32 = v1::WITH_TYPEFACE;

/// An assessment with all that it needs elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Whether it is the whole assessment or a copy that leaves sections out.
    pub scope: Scope,
    /// The assessment.
    pub assessment: Assessment,
    /// Its edition, as TOML.
    pub edition: String,
    /// Its pack, as TOML; in a copy only what the copy holds of it.
    pub pack: String,
    /// The brand it is printed in.
    pub brand: Brand,
    /// The bytes of its pictures, of the brand's logo, and of pictures that only its history still names.
    pub attachments: BTreeMap<AttachmentId, Vec<u8>>,
    /// A detached signature (CMS, DER) over the bytes of the manifest; made and checked elsewhere.
    pub signature: Option<Vec<u8>>,
}

/// What a bundle holds of its assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of it.
    Full {
        /// The whole history, first to last; empty where it was never edited.
        history: Vec<Entry>,
    },
    /// What a copy prints: an assessment of its own, never to take the place of the full one.
    Copy {
        /// The sections left out, in the order of the form.
        withheld: Vec<Withheld>,
    },
}

/// A section that a copy leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// The section.
    pub id: SectionId,
    /// Its title.
    pub title: String,
}

/// Says whether these bytes begin as a bundle does: as a zip file. Word documents do as well; [`read`] tells them apart.
pub fn is_bundle(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Writes a bundle, in the oldest version of the format that holds it. Refuses what could not be read back.
pub fn write(bundle: &Bundle) -> Result<Vec<u8>, BundleError> {
    v1::write(bundle)
}

/// Reads a bundle of any version known.
pub fn read(bytes: &[u8]) -> Result<Bundle, BundleError> {
    let archive = Archive::open(bytes)?;
    match version_of(&archive)? {
        v1::VERSION | v1::WITH_TYPEFACE => v1::read(&archive),
        found => Err(BundleError::Newer { found, known: NEWEST_VERSION }),
    }
}

/// The bytes of the manifest that [`write()`] gives this bundle: what a signature is made over.
pub fn manifest_to_sign(bundle: &Bundle) -> Result<Vec<u8>, BundleError> {
    v1::manifest_bytes(bundle)
}

/// The bytes of the manifest as they stand in this file: what its signature has to be checked against.
pub fn read_manifest(bytes: &[u8]) -> Result<Vec<u8>, BundleError> {
    let archive = Archive::open(bytes)?;
    version_of(&archive)?;
    archive.unpack(v1::MANIFEST, limits::most_bytes(v1::MANIFEST))
}

/// What every version's manifest says, whatever else it says.
#[derive(Deserialize)]
struct Beginning {
    format: String,
    version: u32,
}

fn version_of(archive: &Archive<'_>) -> Result<u32, BundleError> {
    if !archive.holds(v1::MANIFEST) {
        return Err(BundleError::Foreign { kind: archive.foreign_kind() });
    }
    let manifest = archive.unpack(v1::MANIFEST, limits::most_bytes(v1::MANIFEST))?;
    bounds::check(v1::MANIFEST, &manifest)?;
    let beginning: Beginning = match serde_json::from_slice(&manifest) {
        Ok(beginning) => beginning,
        // Other programs have manifests of their own.
        Err(_) if !holds(&manifest, v1::FORMAT.as_bytes()) => return Err(BundleError::Foreign { kind: archive.foreign_kind() }),
        Err(source) => return Err(BundleError::Unreadable { part: v1::MANIFEST.to_owned(), source }),
    };
    if beginning.format != v1::FORMAT {
        return Err(BundleError::Foreign { kind: archive.foreign_kind() });
    }
    match beginning.version {
        0 => Err(BundleError::Mismatch { part: v1::MANIFEST.to_owned(), what: "there is no version 0".to_owned() }),
        version => Ok(version),
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
