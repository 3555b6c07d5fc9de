//! PNG (W3C, Portable Network Graphics, third edition): only the chunks that say how the pixels look are kept.

use super::PictureError;

/// Signature, then chunks of length, type, content and check sum.
const SIGNATURE: usize = 8;
const AROUND: usize = 12;

/// The chunks that are kept: the picture, its transparency, its colours, its pixels' shape. Not kept are texts, times,
/// Exif, frames of an animation, and whatever is private or unknown.
const KEPT: [&[u8; 4]; 13] =
    [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs"];

/// Leaves out every chunk that is not kept, and whatever follows the end.
pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    let mut kept = bytes.get(..SIGNATURE).ok_or(PictureError::Damaged { at: 0 })?.to_vec();
    let mut at = SIGNATURE;
    loop {
        let damaged = || PictureError::Damaged { at };
        let head = bytes.get(at..at + 8).ok_or_else(damaged)?;
        let &[l0, l1, l2, l3, ref kind @ ..] = head else { return Err(damaged()) };
        let length = u32::from_be_bytes([l0, l1, l2, l3]) as usize;
        let end = at.checked_add(AROUND).and_then(|end| end.checked_add(length)).ok_or_else(damaged)?;
        let chunk = bytes.get(at..end).ok_or_else(damaged)?;
        if KEPT.iter().any(|name| name.as_slice() == kind) {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Ok(kept);
        }
        at = end;
    }
}
