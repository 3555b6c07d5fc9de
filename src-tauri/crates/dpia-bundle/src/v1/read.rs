//! Reads a bundle: the manifest, then every part that it lists and no other, then all of them together.

use super::manifest::{Manifest, ScopeName, picture_kind, picture_of, version_for};
use super::{ASSESSMENT, BRAND, EDITION, HISTORY, MANIFEST, PACK, SIGNATURE, check};
use crate::archive::Archive;
use crate::error::BundleError;
use crate::limits::most_bytes;
use crate::{Bundle, Scope, bounds, doubled, plausible};
use dpia_model::Brand;
use dpia_model::history::Entry;
use dpia_model::id::Digest;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;

/// The bundle in this file.
pub(crate) fn read(archive: &Archive<'_>) -> Result<Bundle, BundleError> {
    let manifest: Manifest = from_text(MANIFEST, &unpack(archive, MANIFEST)?)?;
    let mut parts = unpack_listed(archive, &manifest)?;
    let mut take = |name: &str| parts.remove(name).ok_or_else(|| BundleError::MissingPart { part: name.to_owned() });
    let assessment = from_text(ASSESSMENT, &take(ASSESSMENT)?)?;
    let edition = to_words(EDITION, take(EDITION)?)?;
    let pack = to_words(PACK, take(PACK)?)?;
    let brand = read_brand(&take(BRAND)?, manifest.version)?;
    let scope = match (manifest.scope, manifest.withheld) {
        (ScopeName::Full, None) => Scope::Full { history: read_history(&take(HISTORY)?)? },
        (ScopeName::Copy, Some(withheld)) => Scope::Copy { withheld },
        (ScopeName::Full, Some(_)) => return Err(contradiction(MANIFEST, "a full bundle withholds nothing")),
        (ScopeName::Copy, None) => return Err(contradiction(MANIFEST, "a copy says what it withholds")),
    };
    let mut attachments = BTreeMap::new();
    for (name, bytes) in parts {
        let (id, kind) = picture_of(&name).ok_or_else(|| BundleError::UnlistedPart { part: name.clone() })?;
        if Digest::of(&bytes) != id {
            return Err(contradiction(&name, "its SHA-256 is not its name"));
        }
        if picture_kind(&bytes) != Some(kind) {
            return Err(contradiction(&name, "it is no picture of that kind"));
        }
        attachments.insert(id, bytes);
    }
    let signature = archive.holds(SIGNATURE).then(|| unpack(archive, SIGNATURE)).transpose()?;
    let bundle = Bundle { scope, assessment, edition, pack, brand, attachments, signature };
    plausible::check(&bundle, &check::check(&bundle)?)?;
    Ok(bundle)
}

fn read_brand(json: &[u8], version: u32) -> Result<Brand, BundleError> {
    let brand: Brand = from_text(BRAND, json)?;
    let fields: BTreeMap<String, IgnoredAny> = from_text(BRAND, json)?;
    let names_typefaces = fields.contains_key("typeface");
    if version != version_for(&brand) || names_typefaces == brand.typeface.is_standard() {
        return Err(contradiction(BRAND, "only version 2 names typefaces"));
    }
    Ok(brand)
}

/// Unpacks what the manifest lists, each part as it is noted; refuses a part that it does not list.
fn unpack_listed(archive: &Archive<'_>, manifest: &Manifest) -> Result<BTreeMap<String, Vec<u8>>, BundleError> {
    let mut parts = BTreeMap::new();
    for part in &manifest.parts {
        if matches!(part.name.as_str(), MANIFEST | SIGNATURE) {
            return Err(contradiction(MANIFEST, "it lists itself or its signature"));
        }
        let bytes = unpack(archive, &part.name)?;
        if bytes.len() as u64 != part.bytes || Digest::of(&bytes) != part.sha256 {
            return Err(BundleError::WrongHash { part: part.name.clone() });
        }
        if parts.insert(part.name.clone(), bytes).is_some() {
            return Err(BundleError::Twice { name: part.name.clone() });
        }
    }
    match archive.names().find(|name| !matches!(*name, MANIFEST | SIGNATURE) && !parts.contains_key(*name)) {
        Some(name) => Err(BundleError::UnlistedPart { part: name.to_owned() }),
        None => Ok(parts),
    }
}

fn unpack(archive: &Archive<'_>, name: &str) -> Result<Vec<u8>, BundleError> {
    archive.unpack(name, most_bytes(name))
}

fn read_history(bytes: &[u8]) -> Result<Vec<Entry>, BundleError> {
    bounds::check(HISTORY, bytes)?;
    let lines = match bytes.strip_suffix(b"\n") {
        Some(lines) => lines,
        None if bytes.is_empty() => return Ok(Vec::new()),
        None => return Err(BundleError::DamagedPart { part: HISTORY.to_owned(), what: "its last line has no end" }),
    };
    lines.split(|byte| *byte == b'\n').map(|line| from_text(HISTORY, line)).collect()
}

fn from_text<T: DeserializeOwned>(part: &str, json: &[u8]) -> Result<T, BundleError> {
    bounds::check(part, json)?;
    doubled::check(part, json)?;
    serde_json::from_slice(json).map_err(|source| BundleError::Unreadable { part: part.to_owned(), source })
}

fn to_words(part: &str, bytes: Vec<u8>) -> Result<String, BundleError> {
    String::from_utf8(bytes).map_err(|_| BundleError::DamagedPart { part: part.to_owned(), what: "it is not UTF-8" })
}

fn contradiction(part: &str, what: &str) -> BundleError {
    BundleError::Mismatch { part: part.to_owned(), what: what.to_owned() }
}
