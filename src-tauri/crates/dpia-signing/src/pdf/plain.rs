//! Whether a later revision is written so that every reader reads it alike. Readers differ in what they forgive: where a
//! cross-reference section has a flaw, some go on and others look through the whole file for `number generation obj`.
//! So a later section has none of the flaws that are known, and nothing looks like an object that is none.

use super::MAX_NUMBER;
use super::object::Object;
use super::parser::is_space;
use super::stream::{Packing, Predictor, read_packing};
use super::xref::{Document, Entry, Section};

/// The most digits that an object number has in a table's head.
const MAX_DIGITS: usize = 10;

/// The longest line between `startxref` and the number, and so on: an end of line, with a blank before it.
const MAX_BREAK: usize = 4;

/// Whether the newest section of a document is one that every reader reads alike. `size_before` is `/Size` of the
/// revision before.
///
/// # Errors
/// The first flaw.
pub(crate) fn check_plain_section(document: &Document<'_>, size_before: i64) -> Result<(), &'static str> {
    let section = document.newest();
    let size = section.trailer.get_integer("Size").ok_or("the change does not say how many objects there are")?;
    let mut numbers: Vec<u32> = section.entries.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    if numbers.is_empty() {
        return Err("the change holds nothing");
    }
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err("the change lists an object twice");
    }
    // What readers do where the size is beyond all that they hold, each decides for itself.
    if size > MAX_NUMBER {
        return Err("the change says that there are more objects than a file may have");
    }
    if size < size_before || numbers.last().is_some_and(|last| i64::from(*last) >= size) {
        return Err("the change lists an object beyond the number of objects");
    }
    match section.table_end {
        Some(_) => check_table(document.bytes(), section.start),
        None => check_stream(document, section),
    }
}

/// A table (ISO 32000-1, 7.5.4) to the letter: `xref`, subsections of at least one entry, entries of 20 bytes,
/// `trailer`, and only line ends between them.
fn check_table(bytes: &[u8], start: usize) -> Result<(), &'static str> {
    const FLAW: &str = "the table of the change is not one that every reader reads alike";
    let mut rest = bytes.get(start..).and_then(|rest| rest.strip_prefix(b"xref")).ok_or(FLAW)?;
    rest = take_line_end(rest).ok_or(FLAW)?;
    loop {
        if rest.starts_with(b"trailer") {
            let after = rest["trailer".len()..].iter().find(|byte| !is_space(**byte));
            return if after == Some(&b'<') { Ok(()) } else { Err(FLAW) };
        }
        let (_, after) = take_digits(rest).ok_or(FLAW)?;
        let (count, after) = take_digits(after.strip_prefix(b" ").ok_or(FLAW)?).ok_or(FLAW)?;
        rest = take_line_end(after).ok_or(FLAW)?;
        if count == 0 {
            return Err(FLAW);
        }
        for _ in 0..count {
            let (entry, after) = rest.split_at_checked(20).ok_or(FLAW)?;
            if !is_entry(entry) {
                return Err(FLAW);
            }
            rest = after;
        }
    }
}

/// `0000000017 00000 n` and two bytes of line end.
fn is_entry(entry: &[u8]) -> bool {
    let (offset, rest) = entry.split_at(10);
    let (generation, rest) = rest.split_at(6);
    let is_number = |digits: &[u8]| digits.iter().all(u8::is_ascii_digit);
    is_number(offset)
        && generation[0] == b' '
        && is_number(&generation[1..])
        && rest[0] == b' '
        && matches!(rest[1], b'n' | b'f')
        && matches!(&rest[2..], b" \r" | b" \n" | b"\r\n")
}

/// Digits without a zero before them, at most ten.
fn take_digits(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let count = bytes.iter().take(MAX_DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at(count);
    let has_lead = digits.len() > 1 && digits[0] == b'0';
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (count <= MAX_DIGITS && !has_lead).then_some((number, rest))
}

/// One end of line, a blank before it allowed.
fn take_line_end(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
    [b"\r\n".as_slice(), b"\n", b"\r"].into_iter().find_map(|end| bytes.strip_prefix(end))
}

/// A cross-reference stream (7.5.8): widths that readers agree on, and exactly the rows that its index names.
fn check_stream(document: &Document<'_>, section: &Section) -> Result<(), &'static str> {
    const FLAW: &str = "the cross-reference stream of the change is not one that every reader reads alike";
    let Ok(placed) = document.read_object_at(section.start) else { return Err(FLAW) };
    let Object::Stream(entries, data) = &placed.value.object else { return Err(FLAW) };
    let numbers = |key: &str| -> Option<Vec<usize>> {
        let Object::Array(items) = &entries.get(key)?.object else { return None };
        let number = |object: &Object| match object {
            Object::Integer(number) => usize::try_from(*number).ok(),
            _ => None,
        };
        items.iter().map(|item| number(&item.object)).collect()
    };
    let widths = numbers("W").ok_or(FLAW)?;
    let [1, second @ 1..=8, third @ 0..=4] = widths[..] else { return Err(FLAW) };
    let ranges = match entries.get("Index") {
        Some(_) => numbers("Index").ok_or(FLAW)?,
        None => vec![0, section.entries.len()],
    };
    let is_paired = ranges.len() % 2 == 0 && ranges.chunks_exact(2).all(|range| range[1] > 0);
    let rows: usize = ranges.chunks_exact(2).map(|range| range[1]).sum();
    let unpacked = document.unpack_stream(entries, *data).map_err(|_| FLAW)?;
    let is_whole = unpacked.len() == rows * (1 + second + third) && rows == section.entries.len();
    let names_itself = section.entries.iter().all(|(number, entry)| match entry {
        Entry::At { offset, .. } => *number != placed.number || *offset == section.start,
        Entry::Free | Entry::InStream { .. } => *number != placed.number,
    });
    let is_plainly_packed = match read_packing(entries) {
        Ok(Packing::Plain | Packing::Flate(Predictor::None)) => true,
        Ok(Packing::Flate(Predictor::Png { columns })) => columns == 1 + second + third,
        Ok(Packing::Flate(Predictor::Other) | Packing::Other(_) | Packing::Several) | Err(_) => false,
    };
    let has_plain_kinds = unpacked.chunks_exact(1 + second + third).all(|row| row[0] <= 2);
    match is_paired && is_whole && names_itself && has_plain_kinds && !placed.has_comment && is_plainly_packed {
        true => Ok(()),
        false => Err(FLAW),
    }
}

/// Where the revision ends whose section starts at `start` and whose trailer ends at `after`: `startxref`, that number
/// and `%%EOF`, each on a line of its own, and the line end that may follow. None where something else is there.
pub(crate) fn find_revision_end(bytes: &[u8], after: usize, start: usize) -> Option<usize> {
    let blank = |bytes: &[u8]| bytes.iter().take(MAX_BREAK + 1).take_while(|byte| is_space(**byte)).count();
    let rest = bytes.get(after..)?;
    let rest = rest.get(blank(rest)..)?.strip_prefix(b"startxref")?;
    let rest = take_line_end(rest)?;
    let (number, rest) = take_digits(rest)?;
    let rest = take_line_end(rest)?.strip_prefix(b"%%EOF")?;
    let end = bytes.len() - take_line_end(rest).unwrap_or(rest).len();
    (usize::try_from(number) == Ok(start)).then_some(end)
}

/// Whether there is something that a reader which looks through the whole file would take for an object, a section, a
/// trailer or the end of one.
pub(crate) fn hides_an_object(bytes: &[u8]) -> bool {
    const WORDS: [&[u8]; 6] = [b"endobj", b"endstream", b"startxref", b"trailer", b"%%EOF", b"%PDF-"];
    WORDS.iter().any(|word| bytes.windows(word.len()).any(|window| window == *word)) || names_an_object(bytes)
}

/// Whether `number generation obj` is anywhere, however it is spaced.
fn names_an_object(bytes: &[u8]) -> bool {
    let take_back = |before: &[u8], is_part: fn(u8) -> bool| before.iter().rev().take_while(|byte| is_part(**byte)).count();
    bytes.windows(3).enumerate().filter(|(_, window)| *window == b"obj").any(|(at, _)| {
        let before = &bytes[..at];
        let before = &before[..before.len() - take_back(before, is_space)];
        let generation = take_back(before, |byte| byte.is_ascii_digit());
        let before = &before[..before.len() - generation];
        let gap = take_back(before, is_space);
        let before = &before[..before.len() - gap];
        generation > 0 && gap > 0 && before.last().is_some_and(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_to_the_letter() {
        let entry = "0000000017 00000 n \n";
        let good = format!("xref\n0 1\n{entry}7 2\n{entry}{entry}trailer\n<<>>");
        let check = |text: &str, is_plain: bool| assert_eq!(check_table(text.as_bytes(), 0).is_ok(), is_plain, "{text}");
        check(&good, true);
        check(&good.replace('\n', "\r\n").replace(" n \r\n", " n\r\n"), true);
        check(&good.replace("xref\n", "xref \n"), true);
        for (from, to) in [
            ("0 1\n", "0 1\n% a comment\n"),
            ("0 1\n", "4294967295 0\n0 1\n"),
            ("0 1\n", "0 1 \n\n"),
            ("0 1\n", "00 1\n"),
            ("0 1\n", "0  1\n"),
            ("0 1\n", "0 2\n"),
            ("0 1\n", "+0 1\n"),
            ("7 2", "7 1"),
            (" n \n", " n\n"),
            (" n \n", " n  \n"),
            (" n \n", " x \n"),
            ("xref\n0", "xref 0"),
            ("xref\n0", "xref\n\n0"),
            ("trailer\n", "\ntrailer\n"),
            ("trailer\n", "trailer % \n"),
            ("0000000017 00000", "000000017 000000"),
            ("0000000017 00000", "0000000017\t00000"),
        ] {
            assert!(good.contains(from));
            check(&good.replacen(from, to, 1), false);
        }
    }

    #[test]
    fn an_object_that_is_hidden_is_found_however_it_is_spaced() {
        for hidden in ["1 0 obj", "x12 0\nobj<<", "(7 00000 \r\n obj)", "7\t0obj", "a endobj", "endstream", "%%EOF", "trailer<<>>"] {
            assert!(hides_an_object(hidden.as_bytes()), "{hidden}");
        }
        for plain in ["", "obj", "0 obj", "an obj", "BT (objects 3) Tj", "1 0 R", "1 0 ob j", "sobj 0 1", "xref"] {
            assert!(!hides_an_object(plain.as_bytes()), "{plain}");
        }
    }

    #[test]
    fn the_end_of_a_revision_is_three_lines() {
        let check = |text: &str, end: Option<usize>| assert_eq!(find_revision_end(text.as_bytes(), 0, 7), end, "{text:?}");
        check("\nstartxref\n7\n%%EOF", Some(18));
        check("\nstartxref\n7\n%%EOF\n\n", Some(19));
        check(" \r\nstartxref\r\n7\r\n%%EOF\r\n", Some(24));
        check("\nstartxref\n8\n%%EOF\n", None);
        check("\nstartxref 7\n%%EOF\n", None);
        check("\nstartxref\n7 %%EOF\n", None);
        check("\n%x\nstartxref\n7\n%%EOF\n", None);
        check("\nstartxref\n07\n%%EOF\n", None);
    }
}
