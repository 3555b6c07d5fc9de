//! Writes a bundle, in the oldest version that holds it.

use super::manifest::{Manifest, Part, ScopeName, picture_kind, picture_name};
use super::{ASSESSMENT, BRAND, EDITION, HISTORY, MANIFEST, PACK, SIGNATURE, check};
use crate::error::BundleError;
use crate::{Bundle, Scope, archive, bounds};
use dpia_model::id::Digest;
use serde::Serialize;
use std::collections::BTreeMap;

/// The bundle as a file.
pub(crate) fn write(bundle: &Bundle) -> Result<Vec<u8>, BundleError> {
    let mut parts = collect_parts(bundle)?;
    parts.insert(MANIFEST.to_owned(), describe(bundle, &parts)?);
    if let Some(signature) = &bundle.signature {
        parts.insert(SIGNATURE.to_owned(), signature.clone());
    }
    archive::write(&parts)
}

/// The manifest that the bundle is written with.
pub(crate) fn manifest_bytes(bundle: &Bundle) -> Result<Vec<u8>, BundleError> {
    describe(bundle, &collect_parts(bundle)?)
}

/// Every part that the manifest lists.
fn collect_parts(bundle: &Bundle) -> Result<BTreeMap<String, Vec<u8>>, BundleError> {
    check::check(bundle)?;
    let mut parts = BTreeMap::from([
        (ASSESSMENT.to_owned(), to_line(ASSESSMENT, &bundle.assessment)?),
        (EDITION.to_owned(), bundle.edition.clone().into_bytes()),
        (PACK.to_owned(), bundle.pack.clone().into_bytes()),
        (BRAND.to_owned(), to_line(BRAND, &bundle.brand)?),
    ]);
    if let Scope::Full { history } = &bundle.scope {
        let mut lines = Vec::new();
        for entry in history {
            lines.extend_from_slice(&to_line(HISTORY, entry)?);
        }
        bounds::check(HISTORY, &lines)?;
        parts.insert(HISTORY.to_owned(), lines);
    }
    for (id, bytes) in &bundle.attachments {
        // What is no picture was refused above.
        let kind = picture_kind(bytes).ok_or(BundleError::MissingPicture(*id))?;
        parts.insert(picture_name(*id, kind), bytes.clone());
    }
    Ok(parts)
}

fn describe(bundle: &Bundle, parts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, BundleError> {
    let listed =
        parts.iter().map(|(name, bytes)| Part { name: name.clone(), bytes: bytes.len() as u64, sha256: Digest::of(bytes) }).collect();
    let manifest = match &bundle.scope {
        Scope::Full { .. } => Manifest::new(&bundle.brand, ScopeName::Full, None, listed),
        Scope::Copy { withheld } => Manifest::new(&bundle.brand, ScopeName::Copy, Some(withheld.clone()), listed),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(|source| BundleError::Unreadable { part: MANIFEST.to_owned(), source })?;
    text.push(b'\n');
    bounds::check(MANIFEST, &text)?;
    Ok(text)
}

/// A tree on one line.
fn to_line<T: Serialize>(part: &str, tree: &T) -> Result<Vec<u8>, BundleError> {
    let mut line = serde_json::to_vec(tree).map_err(|source| BundleError::Unreadable { part: part.to_owned(), source })?;
    bounds::check(part, &line)?;
    line.push(b'\n');
    Ok(line)
}
