//! Reads a zip file that may be anything: first its directory, judged whole, then a part when it is asked for.

use super::{CENTRAL, CENTRAL_BYTES, DEFLATED, END, END_BYTES, LOCAL, LOCAL_BYTES, STORED};
use crate::error::BundleError;
use crate::limits::{MOST_BYTES, MOST_NAME, MOST_PARTS, MOST_RATIO, MOST_UNPACKED, RATIO_FROM};
use flate2::read::DeflateDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

/// A comment after the end is at most this long.
const MOST_COMMENT: usize = u16::MAX as usize;
/// The kind of file in Unix attributes, and the kind that is a link.
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// A zip file whose directory has been judged.
pub(crate) struct Archive<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    method: u16,
    checksum: u32,
    packed: usize,
    unpacked: u64,
    /// Where the local header begins.
    start: usize,
}

impl<'a> Archive<'a> {
    /// Reads and judges the directory. Errors: `NotABundle`, `TooLarge`, `TooManyParts`, `Damaged`, `UnsafeName`,
    /// `Link`, `Twice`, `Packing`, `Ratio`.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, BundleError> {
        if !crate::is_bundle(bytes) {
            return Err(BundleError::NotABundle);
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(BundleError::TooLarge { what: "the bundle".to_owned(), found: bytes.len() as u64, most: MOST_BYTES });
        }
        let (mut at, end, count) = find_directory(bytes)?;
        if count > MOST_PARTS {
            return Err(BundleError::TooManyParts { found: count, most: MOST_PARTS });
        }
        let mut archive = Self { bytes, entries: BTreeMap::new() };
        let mut folded = BTreeSet::new();
        let mut unpacked = 0u64;
        for _ in 0..count {
            let (name, entry, next) = read_entry(&bytes[..end], at)?;
            if !folded.insert(name.to_lowercase()) {
                return Err(BundleError::Twice { name });
            }
            unpacked = unpacked.saturating_add(entry.unpacked);
            archive.entries.insert(name, entry);
            at = next;
        }
        if at != end {
            return Err(damaged("its directory is longer than it says"));
        }
        if unpacked > MOST_UNPACKED {
            return Err(BundleError::TooLarge { what: "the bundle, unpacked,".to_owned(), found: unpacked, most: MOST_UNPACKED });
        }
        archive.refuse_overlaps()?;
        Ok(archive)
    }

    /// The names of the parts, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Whether there is such a part.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// What other kind of zip file this looks like.
    pub(crate) fn foreign_kind(&self) -> Option<&'static str> {
        let begins = |with: &str| self.entries.keys().any(|name| name.starts_with(with));
        if begins("word/") {
            Some("a Word document")
        } else if begins("xl/") {
            Some("an Excel workbook")
        } else if begins("ppt/") {
            Some("a PowerPoint presentation")
        } else if begins("META-INF/manifest.xml") {
            Some("an OpenDocument file")
        } else {
            None
        }
    }

    /// Unpacks a part of at most this many bytes. Errors: `MissingPart`, `TooLarge`, `DamagedPart`.
    pub(crate) fn unpack(&self, name: &str, most: u64) -> Result<Vec<u8>, BundleError> {
        let entry = self.entries.get(name).ok_or_else(|| BundleError::MissingPart { part: name.to_owned() })?;
        if entry.unpacked > most {
            return Err(BundleError::TooLarge { what: format!("the part {name} of the bundle"), found: entry.unpacked, most });
        }
        let damaged = |what: &'static str| BundleError::DamagedPart { part: name.to_owned(), what };
        let range = self.content_range(name, entry)?;
        let packed = &self.bytes[range];
        let mut bytes = Vec::new();
        match entry.method {
            DEFLATED => {
                // One byte more than said tells a part that says too little.
                let mut decoder = DeflateDecoder::new(packed).take(entry.unpacked.saturating_add(1));
                decoder.read_to_end(&mut bytes).map_err(|_| damaged("it cannot be unpacked"))?;
            }
            _ => bytes.extend_from_slice(packed),
        }
        if bytes.len() as u64 != entry.unpacked {
            return Err(damaged("its length does not match its entry"));
        }
        let mut checksum = flate2::Crc::new();
        checksum.update(&bytes);
        if checksum.sum() != entry.checksum {
            return Err(damaged("its checksum does not match its entry"));
        }
        Ok(bytes)
    }

    /// Where a part's packed bytes lie, after its local header, which has to bear the same name.
    fn content_range(&self, name: &str, entry: &Entry) -> Result<std::ops::Range<usize>, BundleError> {
        let damaged = || BundleError::DamagedPart { part: name.to_owned(), what: "its header is inconsistent" };
        let header =
            self.bytes.get(entry.start..entry.start + LOCAL_BYTES).filter(|header| header.starts_with(LOCAL)).ok_or_else(damaged)?;
        let named = entry.start + LOCAL_BYTES;
        let content = named + usize::from(number(header, 26)) + usize::from(number(header, 28));
        let own_name = self.bytes.get(named..named + usize::from(number(header, 26))).ok_or_else(damaged)?;
        let end = content.checked_add(entry.packed).filter(|end| *end <= self.bytes.len()).ok_or_else(damaged)?;
        if own_name != name.as_bytes() || number(header, 8) != entry.method {
            return Err(damaged());
        }
        Ok(content..end)
    }

    /// Parts that share bytes make a small file a large one.
    fn refuse_overlaps(&self) -> Result<(), BundleError> {
        let mut ranges = Vec::with_capacity(self.entries.len());
        for (name, entry) in &self.entries {
            ranges.push((entry.start, self.content_range(name, entry)?.end, name));
        }
        ranges.sort();
        match ranges.windows(2).find(|pair| pair[0].1 > pair[1].0) {
            Some(pair) => Err(damaged(&format!("its parts {} and {} overlap", pair[0].2, pair[1].2))),
            None => Ok(()),
        }
    }
}

/// Finds the directory: where it begins, where it ends, how many entries it has.
fn find_directory(bytes: &[u8]) -> Result<(usize, usize, usize), BundleError> {
    let cut_off = || damaged("it is cut off: its end is missing");
    let earliest = bytes.len().saturating_sub(END_BYTES + MOST_COMMENT);
    let latest = bytes.len().checked_sub(END_BYTES).ok_or_else(cut_off)?;
    let end = (earliest..=latest)
        .rev()
        .find(|at| bytes[*at..].starts_with(END) && usize::from(number(bytes, at + 20)) == bytes.len() - at - END_BYTES)
        .ok_or_else(cut_off)?;
    let (length, start) = (long(bytes, end + 12) as usize, long(bytes, end + 16) as usize);
    let counts = [number(bytes, end + 8), number(bytes, end + 10)];
    if bytes[end + 4..end + 8] != [0; 4] || counts[0] != counts[1] || counts[0] == u16::MAX {
        return Err(damaged("it is split over several files, or larger than a bundle can be"));
    }
    if start.checked_add(length) != Some(end) {
        return Err(damaged("its directory is not where its end record says"));
    }
    Ok((start, end, usize::from(counts[0])))
}

/// Reads and judges the directory's entry that begins here; where the next begins is returned with it.
fn read_entry(bytes: &[u8], at: usize) -> Result<(String, Entry, usize), BundleError> {
    let broken = || damaged("its directory is inconsistent");
    let head = bytes.get(at..at + CENTRAL_BYTES).filter(|head| head.starts_with(CENTRAL)).ok_or_else(broken)?;
    let [name_length, extra_length, comment_length] = [28, 30, 32].map(|at| usize::from(number(head, at)));
    let name = bytes.get(at + CENTRAL_BYTES..at + CENTRAL_BYTES + name_length).ok_or_else(broken)?;
    let name = check_name(name)?;
    let next = at + CENTRAL_BYTES + name_length + extra_length + comment_length;
    let entry = Entry {
        method: number(head, 10),
        checksum: long(head, 16),
        packed: long(head, 20) as usize,
        unpacked: u64::from(long(head, 24)),
        start: long(head, 42) as usize,
    };
    if long(head, 38) >> 16 & KIND == LINK {
        return Err(BundleError::Link { name });
    }
    let packing = |how: &'static str| BundleError::Packing { part: name.clone(), how };
    if number(head, 8) & 1 != 0 {
        return Err(packing("encrypted"));
    }
    if [long(head, 20), long(head, 24), long(head, 42)].contains(&u32::MAX) || number(head, 34) != 0 {
        return Err(packing("a zip64 part"));
    }
    match entry.method {
        STORED if entry.packed as u64 != entry.unpacked => return Err(broken()),
        STORED | DEFLATED => {}
        _ => return Err(packing("compressed by an unknown method")),
    }
    let ratio = entry.unpacked.div_ceil(entry.packed.max(1) as u64);
    if entry.unpacked >= RATIO_FROM && ratio > MOST_RATIO {
        return Err(BundleError::Ratio { part: name, found: ratio, most: MOST_RATIO });
    }
    Ok((name, entry, next))
}

/// Takes a name that is a plain path: no way up, no root, no drive, no backslash, nothing that does not print.
fn check_name(name: &[u8]) -> Result<String, BundleError> {
    let shown = || String::from_utf8_lossy(&name[..name.len().min(MOST_NAME)]).into_owned();
    let plain = name.len() <= MOST_NAME
        && name.iter().all(|byte| (b' '..=b'~').contains(byte) && !matches!(byte, b'\\' | b':'))
        // A folder's own entry ends in a slash.
        && name.strip_suffix(b"/").unwrap_or(name).split(|byte| *byte == b'/').all(|step| !matches!(step, b"" | b"." | b".."));
    match std::str::from_utf8(name) {
        Ok(name) if plain => Ok(name.to_owned()),
        Ok(_) | Err(_) => Err(BundleError::UnsafeName { name: shown() }),
    }
}

fn damaged(what: &str) -> BundleError {
    BundleError::Damaged { what: what.to_owned() }
}

/// The number of two bytes that begins here; the callers have made sure that there are two.
fn number(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |pair| u16::from_le_bytes([pair[0], pair[1]]))
}

/// The number of four bytes that begins here.
fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from(number(bytes, at)) | u32::from(number(bytes, at + 2)) << 16
}
