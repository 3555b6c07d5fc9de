//! Writes parts as a zip file: sorted, at one fixed time, packed in one fixed way.

use super::{CENTRAL, DEFLATED, END, LOCAL, STORED};
use crate::error::BundleError;
use crate::limits::{MOST_BYTES, MOST_PARTS, MOST_RATIO, MOST_UNPACKED, RATIO_FROM, most_bytes};
use std::collections::BTreeMap;

/// 1 January 1980, midnight: zip's first day.
const TIME: u16 = 0;
const DATE: u16 = 0x0021;
/// Unpacking needs version 2.0; the attributes are those of Unix.
const NEEDED: u16 = 20;
const MADE_BY: u16 = 3 << 8 | NEEDED;
/// A plain file that its owner may write and all may read.
const ATTRIBUTES: u32 = 0o100_644 << 16;
const LEVEL: u8 = 6;

/// Writes these parts.
pub(crate) fn write(parts: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, BundleError> {
    if parts.len() > MOST_PARTS {
        return Err(BundleError::TooManyParts { found: parts.len(), most: MOST_PARTS });
    }
    let too_large = |what: &str, found: usize, most: u64| BundleError::TooLarge { what: what.to_owned(), found: found as u64, most };
    let unpacked: usize = parts.values().map(Vec::len).sum();
    if unpacked as u64 > MOST_UNPACKED {
        return Err(too_large("the bundle, unpacked,", unpacked, MOST_UNPACKED));
    }
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        if bytes.len() as u64 > most_bytes(name) {
            return Err(too_large(name, bytes.len(), most_bytes(name)));
        }
        let (method, packed) = pack(name, bytes);
        let mut checksum = flate2::Crc::new();
        checksum.update(bytes);
        let mut shared = Vec::new();
        for number in [NEEDED, 0, method, TIME, DATE] {
            shared.extend_from_slice(&number.to_le_bytes());
        }
        for number in [checksum.sum(), small(packed.len())?, small(bytes.len())?] {
            shared.extend_from_slice(&number.to_le_bytes());
        }
        // The length of the name, and of the extra field.
        let name_length = u16::try_from(name.len()).map_err(|_| BundleError::UnsafeName { name: name.clone() })?;
        shared.extend_from_slice(&name_length.to_le_bytes());
        shared.extend_from_slice(&[0, 0]);

        directory.extend_from_slice(CENTRAL);
        directory.extend_from_slice(&MADE_BY.to_le_bytes());
        directory.extend_from_slice(&shared);
        // No comment, the first disk, no internal attributes.
        directory.extend_from_slice(&[0; 6]);
        directory.extend_from_slice(&ATTRIBUTES.to_le_bytes());
        directory.extend_from_slice(&small(file.len())?.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());

        file.extend_from_slice(LOCAL);
        file.extend_from_slice(&shared);
        file.extend_from_slice(name.as_bytes());
        file.extend_from_slice(&packed);
    }
    let count = u16::try_from(parts.len()).map_err(|_| BundleError::TooManyParts { found: parts.len(), most: MOST_PARTS })?;
    let (start, length) = (small(file.len())?, small(directory.len())?);
    file.extend_from_slice(&directory);
    file.extend_from_slice(END);
    // This disk, and the directory's.
    file.extend_from_slice(&[0; 4]);
    for _ in 0..2 {
        file.extend_from_slice(&count.to_le_bytes());
    }
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&start.to_le_bytes());
    // No comment.
    file.extend_from_slice(&[0; 2]);
    match file.len() {
        length if length as u64 > MOST_BYTES => Err(too_large("the bundle", length, MOST_BYTES)),
        _ => Ok(file),
    }
}

/// Deflates what becomes smaller by it. Pictures are packed already, and what would look like a bomb is left as it is.
fn pack(name: &str, bytes: &[u8]) -> (u16, Vec<u8>) {
    if name.ends_with(".png") || name.ends_with(".jpg") {
        return (STORED, bytes.to_vec());
    }
    // By this packer and no other: the same bundle has the same bytes, whatever else the program packs with.
    let packed = miniz_oxide::deflate::compress_to_vec(bytes, LEVEL);
    let looks_like_a_bomb = bytes.len() as u64 >= RATIO_FROM && bytes.len() as u64 > packed.len() as u64 * MOST_RATIO;
    if packed.len() >= bytes.len() || looks_like_a_bomb { (STORED, bytes.to_vec()) } else { (DEFLATED, packed) }
}

fn small(length: usize) -> Result<u32, BundleError> {
    u32::try_from(length).map_err(|_| BundleError::TooLarge { what: "the bundle".to_owned(), found: length as u64, most: MOST_BYTES })
}
