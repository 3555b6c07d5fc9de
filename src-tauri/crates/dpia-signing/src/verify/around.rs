//! What mail and downloads do to a file around its PDF: a head before it, a mark of its encoding, lines with which a mail
//! ends an attachment, an end that is missing. It is named for what it is, and never passed over.

use std::ops::Range;

use super::problem::Problem;
use crate::pdf::is_space;

/// How far from the start a PDF may begin.
const MAX_HEAD: usize = 64 * 1024;

/// The longest line with which a mail ends a part (RFC 2046, 5.1.1), the marks before and behind it counted.
const MAX_BOUNDARY: usize = 80;

/// Where the PDF is in the bytes, and what is around it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) problems: Vec<Problem>,
}

/// Finds the PDF; none where there is none.
pub(super) fn find_pdf(bytes: &[u8]) -> Option<Found> {
    const MARK: &[u8] = b"%PDF-";
    let reach = bytes.len().min(MAX_HEAD + MARK.len());
    let start = bytes[..reach].windows(MARK.len()).position(|window| window == MARK)?;
    let end = start + find_end(&bytes[start..]);
    let mut problems = Vec::new();
    if start > 0 {
        problems.push(Problem::BytesBefore { count: start });
    }
    if end < bytes.len() {
        problems.push(Problem::MailAfter { count: bytes.len() - end });
    }
    Some(Found { range: start..end, problems })
}

/// The end of a PDF that lines of a mail follow; that of the bytes where something else does, or nothing.
fn find_end(bytes: &[u8]) -> usize {
    const MARK: &[u8] = b"%%EOF";
    let from = bytes.len().saturating_sub(4 * MAX_BOUNDARY);
    let Some(at) = bytes[from..].windows(MARK.len()).rposition(|window| window == MARK) else { return bytes.len() };
    let end = from + at + MARK.len();
    let lines: Vec<&[u8]> = bytes[end..].split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty()).collect();
    let is_boundary = |line: &&[u8]| {
        line.len() <= MAX_BOUNDARY && line.starts_with(b"--") && line.len() > 2 && line.iter().all(|byte| matches!(byte, b' '..=b'~'))
    };
    let is_blank = |line: &&[u8]| line.iter().all(|byte| is_space(*byte));
    let is_mail = lines.iter().any(is_boundary) && lines.iter().all(|line| is_boundary(line) || is_blank(line));
    // The line end before a boundary is the boundary's (RFC 2046, 5.1.1); one more is the PDF's own.
    match (is_mail, &bytes[end..]) {
        (false, _) => bytes.len(),
        (true, [b'\r', b'\n', b'\r' | b'\n', ..]) => end + 2,
        (true, [b'\n', b'\r' | b'\n', ..] | [b'\r', b'\r', ..]) => end + 1,
        (true, _) => end,
    }
}

/// Whether these bytes are the beginning of a revision whose end is missing: an object, and no section behind it.
pub(super) fn is_begun(rest: &[u8]) -> bool {
    let has = |word: &[u8]| rest.windows(word.len()).any(|window| window == word);
    let mut words = rest.split(|byte| is_space(*byte)).filter(|word| !word.is_empty());
    let is_number = |word: Option<&[u8]>| word.is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    is_number(words.next()) && is_number(words.next()) && words.next().is_some_and(|word| word.starts_with(b"obj")) && !has(b"%%EOF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_is_found_between_what_a_mail_writes() {
        let check = |bytes: &str, range: Range<usize>, problems: &[Problem]| {
            let found = find_pdf(bytes.as_bytes()).expect("a PDF");
            assert_eq!((found.range, found.problems.as_slice()), (range, problems), "{bytes:?}");
        };
        check("%PDF-1.7 %%EOF", 0..14, &[]);
        check("\u{feff}%PDF-1.7 %%EOF", 3..17, &[Problem::BytesBefore { count: 3 }]);
        check("Content-Type: x\r\n\r\n%PDF- %%EOF\n", 19..31, &[Problem::BytesBefore { count: 19 }]);
        check("%PDF- %%EOF\n\r\n--abc--\r\n", 0..12, &[Problem::MailAfter { count: 11 }]);
        check("%PDF- %%EOF\r\n\r\n--abc\r\n", 0..13, &[Problem::MailAfter { count: 9 }]);
        check("%PDF- %%EOF\r\n--abc--", 0..11, &[Problem::MailAfter { count: 9 }]);
        // Anything else is left for the structure's own judge.
        for other in ["%PDF- %%EOF\n% --abc", "%PDF- %%EOF\n--abc\n1 0 obj", "%PDF- %%EOF\n\n\n", "%PDF- --abc--"] {
            check(other, 0..other.len(), &[]);
        }
        assert!(find_pdf(b"no PDF").is_none());
        assert!(find_pdf(format!("{}%PDF-", " ".repeat(MAX_HEAD + 1)).as_bytes()).is_none());
    }

    #[test]
    fn a_revision_that_has_no_end_is_known_by_its_beginning() {
        for begun in ["1 0 obj", "\n12 0 obj<</A 1>>\nendobj\nxref\n0 1", "7 0 obj\n(a"] {
            assert!(is_begun(begun.as_bytes()), "{begun}");
        }
        for other in ["", "% 1 0 obj", "1 0 R", "xref\n1 0 obj", "1 0 obj %%EOF"] {
            assert!(!is_begun(other.as_bytes()), "{other}");
        }
    }
}
