//! The bytes of a CSV file as text: UTF-8, UTF-16 with its mark, or else Windows-1252, which is said.

use crate::error::{AppError, ErrorCode};

/// The most bytes that are read.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// What other kinds of file begin with, and what to do with them.
const OTHERS: [(&[u8], &str); 4] = [
    (b"PK\x03\x04", "This is a spreadsheet or another zip file: save the sheet as CSV and choose that."),
    (b"\xD0\xCF\x11\xE0", "This is an old spreadsheet: save the sheet as CSV and choose that."),
    (b"%PDF", "This is a PDF: choose a CSV file."),
    (b"\xFF\xFE\x00\x00", "This is text in UTF-32: save it as CSV in UTF-8."),
];

/// Decodes the file. What has to be guessed comes back as a remark.
pub(crate) fn decode_text(bytes: &[u8]) -> Result<(String, Option<String>), AppError> {
    let refuse = |message: &str| AppError::new(ErrorCode::Refused, message);
    if bytes.len() > MOST_BYTES {
        return Err(refuse("The file is over the 8 MB limit: split it."));
    }
    if let Some((_, words)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(refuse(words));
    }
    let (text, remark) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_8_bit(rest),
        [0xFF, 0xFE, rest @ ..] => (decode_utf_16(rest, u16::from_le_bytes)?, None),
        [0xFE, 0xFF, rest @ ..] => (decode_utf_16(rest, u16::from_be_bytes)?, None),
        _ => decode_8_bit(bytes),
    };
    if text.contains('\0') {
        return Err(refuse("This is not a text file: save the list as CSV and choose that."));
    }
    // A line may end in a carriage return alone.
    let text = if text.contains('\n') { text } else { text.replace('\r', "\n") };
    Ok((text, remark))
}

fn decode_8_bit(bytes: &[u8]) -> (String, Option<String>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => {
            let remark = "The file is not in UTF-8 and was read as Windows-1252: check names with accents.";
            (dpia_import::decode_windows_1252(bytes), Some(remark.to_owned()))
        }
    }
}

fn decode_utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, AppError> {
    let damaged = || AppError::new(ErrorCode::Refused, "The file is cut off or damaged: save it again as CSV in UTF-8.");
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(damaged());
    }
    char::decode_utf16(pairs.iter().copied().map(unit)).collect::<Result<String, _>>().map_err(|_| damaged())
}
