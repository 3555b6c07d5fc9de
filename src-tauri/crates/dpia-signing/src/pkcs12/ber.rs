//! Just enough BER (X.690) to walk a PKCS#12 file before anything is done with it: other programs write lengths that
//! are not stated and texts in pieces. Depth is bounded, and nothing is read past its end.

/// How deep elements may nest.
const MAX_DEPTH: usize = 24;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
/// The context-specific tag 0, constructed.
pub(super) const CONTEXT_0: u8 = 0xa0;

const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// One element: its tag and what is in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements inside, where this is of the given kind.
    pub(super) fn children(self, tag: u8) -> Option<Vec<Element<'a>>> {
        (self.tag == tag).then(|| read_all(self.content))?
    }

    /// The bytes of an octet string, in one piece or in several.
    pub(super) fn octets(self) -> Option<Vec<u8>> {
        match self.tag & !CONSTRUCTED {
            OCTET_STRING => self.octets_untagged(0),
            _ => None,
        }
    }

    /// As [`Element::octets`], whatever tag is in the place of the octet string's.
    pub(super) fn octets_untagged(self, depth: usize) -> Option<Vec<u8>> {
        if self.tag & CONSTRUCTED == 0 {
            return Some(self.content.to_vec());
        }
        let mut bytes = Vec::new();
        for piece in read_all(self.content).filter(|_| depth < MAX_DEPTH)? {
            let is_piece = piece.tag & !CONSTRUCTED == OCTET_STRING;
            bytes.extend(piece.octets_untagged(depth + 1).filter(|_| is_piece)?);
        }
        Some(bytes)
    }

    /// A number that is not negative; the largest where it is larger.
    pub(super) fn count(self) -> Option<u64> {
        if self.tag != INTEGER || self.content.first().is_none_or(|byte| *byte >= 0x80) {
            return None;
        }
        let digits = self.content.iter().skip_while(|byte| **byte == 0);
        let is_small = digits.clone().count() <= 8;
        Some(if is_small { digits.fold(0, |number, byte| number << 8 | u64::from(*byte)) } else { u64::MAX })
    }
}

/// All elements of `bytes`, one after the other.
pub(super) fn read_all(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (element, rest) = read_element(bytes, 0)?;
        found.push(element);
        bytes = rest;
    }
    Some(found)
}

/// The first element of `bytes`, and what follows it.
pub(super) fn read_element(bytes: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    // Tags of several bytes do not occur in these files.
    if depth > MAX_DEPTH || tag & 0x1f == 0x1f {
        return None;
    }
    let length = match length {
        0..0x80 => usize::from(*length),
        0x80 => return read_endless(*tag, rest, depth),
        count => {
            let (digits, _) = rest.split_at_checked(usize::from(count - 0x80)).filter(|(digits, _)| digits.len() <= 4)?;
            let length = digits.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
            let (content, rest) = rest[digits.len()..].split_at_checked(length)?;
            return Some((Element { tag: *tag, content }, rest));
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((Element { tag: *tag, content }, rest))
}

/// An element that ends where two zeros are in the place of an element.
fn read_endless(tag: u8, content: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let mut rest = content;
    loop {
        if let Some(after) = rest.strip_prefix(&[0, 0]) {
            let content = &content[..content.len() - rest.len()];
            return Some((Element { tag, content }, after)).filter(|_| tag & CONSTRUCTED != 0);
        }
        (_, rest) = read_element(rest, depth + 1)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_a_length_are_read() {
        let check = |bytes: &[u8], expected: &[u8]| {
            let (element, rest) = read_element(bytes, 0).expect("read");
            assert_eq!(element.octets().expect("octets"), expected);
            assert_eq!(rest, b"rest");
        };
        check(b"\x04\x02abrest", b"ab");
        check(b"\x04\x81\x02abrest", b"ab");
        check(b"\x24\x80\x04\x01a\x04\x01b\0\0rest", b"ab");
        check(b"\x24\x80\x24\x80\x04\x01a\0\0\x04\x01b\0\0rest", b"ab");
    }

    #[test]
    fn what_has_no_end_is_refused() {
        for bytes in [&b"\x30"[..], b"\x30\x02a", b"\x30\x80\x04\x01a", b"\x30\x85\x01\0\0\0\0", b"\x1f\x01a", b"\x04\x80ab\0\0"] {
            assert!(read_element(bytes, 0).is_none(), "{bytes:?}");
        }
        assert!(read_element(&[0x30, 0x80].repeat(10_000), 0).is_none());
    }

    #[test]
    fn a_number_larger_than_can_be_said_is_the_largest() {
        let check = |bytes: &[u8], expected: Option<u64>| {
            assert_eq!(Element { tag: INTEGER, content: bytes }.count(), expected);
        };
        check(&[8, 0], Some(2048));
        check(&[0, 0xff], Some(255));
        check(&[1; 9], Some(u64::MAX));
        check(&[0xff], None);
        check(&[], None);
    }
}
