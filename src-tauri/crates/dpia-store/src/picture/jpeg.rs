//! JPEG (ITU-T T.81): only the segments that decoding needs are kept.

use super::PictureError;

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const JFIF: u8 = 0xe0;
const PROFILE: u8 = 0xe2;
const ADOBE: u8 = 0xee;
const COMMENT: u8 = 0xfe;

/// Leaves out Exif, XMP, IPTC, comments, thumbnails and whatever follows the end. Kept are the tables, frames and
/// scans, the JFIF header (its thumbnail cut off), the colour profile, and Adobe's word on how colours are coded.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    let mut kept = vec![0xff, START];
    let mut at = 2;
    loop {
        let damaged = || PictureError::Damaged { at };
        if *bytes.get(at).ok_or_else(damaged)? != 0xff {
            return Err(damaged());
        }
        let marker = *bytes.get(at + 1).ok_or_else(damaged)?;
        match marker {
            // Fill bytes may be before a marker.
            0xff => at += 1,
            END => {
                kept.extend_from_slice(&[0xff, END]);
                return Ok(kept);
            }
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => at += 2,
            0x00 | START => return Err(damaged()),
            _ => {
                let &[high, low] = bytes.get(at + 2..at + 4).ok_or_else(damaged)? else { return Err(damaged()) };
                let length = usize::from(u16::from_be_bytes([high, low]));
                let end = at + 2 + length;
                let content = bytes.get(at + 4..end).filter(|_| length >= 2).ok_or_else(damaged)?;
                keep_segment(marker, content, &mut kept);
                at = end;
                if marker == SCAN {
                    let scan = scan_length(&bytes[at..]);
                    kept.extend_from_slice(&bytes[at..at + scan]);
                    at += scan;
                }
            }
        }
    }
}

fn keep_segment(marker: u8, content: &[u8], kept: &mut Vec<u8>) {
    let content: Vec<u8> = match marker {
        // Version, units and densities are 12 bytes; then the size of the thumbnail, which becomes 0 by 0.
        JFIF if content.starts_with(b"JFIF\0") && content.len() >= 14 => [&content[..12], &[0, 0]].concat(),
        PROFILE if content.starts_with(b"ICC_PROFILE\0") => content.to_vec(),
        ADOBE if content.starts_with(b"Adobe") => content.to_vec(),
        0xe0..=0xef | COMMENT => return,
        // Extensions that no decoder here knows.
        0xf0..=0xfd => return,
        _ => content.to_vec(),
    };
    // What was read as a segment fits one.
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    kept.extend_from_slice(&[0xff, marker]);
    kept.extend_from_slice(&length.to_be_bytes());
    kept.extend_from_slice(&content);
}

/// The bytes of entropy-coded data up to the next marker that is neither a stuffed zero nor a restart.
fn scan_length(bytes: &[u8]) -> usize {
    bytes.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff)).unwrap_or(bytes.len())
}
