//! Bytes to text: UTF-8, UTF-16 or Windows-1252, with any kind of line end. Every line of the result ends in `\n`; a
//! form feed is on a line of its own. No byte is dropped: what cannot be decoded becomes U+FFFD.

use crate::error::ImportError;

/// The most bytes that are read.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;
/// The most lines that are read.
pub(crate) const MAX_LINES: usize = 100_000;
/// The most bytes of a line that are read.
pub(crate) const MAX_LINE: usize = 1024 * 1024;

/// The characters of Windows-1252 from 0x80 to 0x9F; the five that it leaves open are taken as Latin-1 does.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// What other kinds of file begin with.
const SIGNATURES: [(&[u8], &str); 9] = [
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word document or another zip file"),
    (b"\xD0\xCF\x11\xE0", "an old Word document"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1F\x8B", "a compressed file"),
    (b"\xFF\xFE\x00\x00", "text in UTF-32"),
];

/// Decodes a document, or says why it cannot be one.
pub(crate) fn decode_text(name: &str, bytes: &[u8]) -> Result<String, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge { name: name.to_owned(), bytes: bytes.len(), limit: MAX_BYTES });
    }
    let not_text = |found| ImportError::NotText { name: name.to_owned(), found };
    if let Some((_, found)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(not_text(found));
    }
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => decode_utf_8(rest),
        [0xFF, 0xFE, rest @ ..] => decode_utf_16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => decode_utf_16(rest, u16::from_be_bytes),
        _ if bytes.contains(&0) => match zero_bytes(bytes) {
            (even, odd) if odd * 10 > bytes.len() * 3 && even * 10 < odd => decode_utf_16(bytes, u16::from_le_bytes),
            (even, odd) if even * 10 > bytes.len() * 3 && odd * 10 < even => decode_utf_16(bytes, u16::from_be_bytes),
            _ => return Err(not_text("a binary file")),
        },
        _ => decode_utf_8(bytes),
    };
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}')).count();
    let lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    if (odd + lost) * 50 > text.chars().count() {
        return Err(not_text("a binary file"));
    }
    let text = normalise_line_ends(&text);
    if text.chars().all(|c| !c.is_alphanumeric()) {
        return Err(ImportError::Empty { name: name.to_owned() });
    }
    check_lines(name, &text)?;
    Ok(text)
}

fn check_lines(name: &str, text: &str) -> Result<(), ImportError> {
    for (at, line) in text.lines().enumerate() {
        if at >= MAX_LINES {
            return Err(ImportError::TooManyLines { name: name.to_owned(), limit: MAX_LINES });
        }
        if line.len() > MAX_LINE {
            let line = u32::try_from(at + 1).unwrap_or(u32::MAX);
            return Err(ImportError::LineTooLong { name: name.to_owned(), line, limit: MAX_LINE });
        }
    }
    Ok(())
}

/// How many zero bytes stand at even and at odd places.
fn zero_bytes(bytes: &[u8]) -> (usize, usize) {
    let count = |rest: usize| bytes.iter().skip(rest).step_by(2).filter(|byte| **byte == 0).count();
    (count(0), count(1))
}

fn decode_utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks(2).map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0xFFFD,
    });
    char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// UTF-8, or Windows-1252 where it is not. In a text that is UTF-8 but for a few bytes, those are read one by one.
fn decode_utf_8(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let (mut longer, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        longer += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += chunk.invalid().len();
    }
    if longer <= invalid * 4 {
        return decode_windows_1252(bytes);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| decode_byte(*byte)));
    }
    text
}

/// Reads bytes as Windows-1252, in which each byte is a letter of its own: nothing fails.
pub fn decode_windows_1252(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| decode_byte(*byte)).collect()
}

fn decode_byte(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

fn normalise_line_ends(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {
                letters.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' => out.push('\n'),
            '\u{c}' => out.push_str("\n\u{c}\n"),
            '\u{feff}' | '\u{200b}' | '\u{ad}' => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let check = |bytes: Vec<u8>, expected: &str| {
            assert_eq!(decode_text("a.txt", &bytes).ok().as_deref(), Some(expected), "{bytes:?}");
        };
        let text = "The organisation’s data – “café”\nOne\n";
        let utf_16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        check(text.as_bytes().to_vec(), text);
        check([b"\xEF\xBB\xBF", text.as_bytes()].concat(), text);
        check([b"\xFF\xFE".to_vec(), utf_16(u16::to_le_bytes)].concat(), text);
        check([b"\xFE\xFF".to_vec(), utf_16(u16::to_be_bytes)].concat(), text);
        check(utf_16(u16::to_le_bytes), text);
        check(utf_16(u16::to_be_bytes), text);
        check(b"The organisation\x92s data \x96 \x93caf\xE9\x94\nOne\n".to_vec(), text);
        check("a\r\nb\rc\n\u{c}d".into(), "a\nb\nc\n\n\u{c}\nd");
        check([text.repeat(3).as_bytes(), b"\x92"].concat(), &(text.repeat(3) + "’"));
    }

    #[test]
    fn what_is_not_text_is_refused_with_a_reason() {
        let check = |bytes: &[u8], expected: &str| {
            let error = decode_text("a.txt", bytes).expect_err("it is refused").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(b"", "empty");
        check(b" \r\n\t --", "empty");
        check(b"%PDF-1.7 text", "a PDF");
        check(b"PK\x03\x04word", "Word");
        check(b"a\0b\0\0\0ccccc", "binary");
        check(b"\x01\x02\x03 a", "binary");
        check(&vec![b'a'; MAX_BYTES + 1], "bytes");
        check(&vec![b'a'; MAX_LINE + 1], "line 1 ");
        check("a\n".repeat(MAX_LINES + 1).as_bytes(), "lines");
    }
}
