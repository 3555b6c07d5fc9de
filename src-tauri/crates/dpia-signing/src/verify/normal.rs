//! BER (X.690) made DER. A CMS structure may be written in BER (RFC 5652, 4): many programs leave lengths open and cut
//! strings into pieces. What it means is the same; here each value gets its one form, and what has none is refused.

/// How deep elements may nest.
const MAX_DEPTH: usize = 32;

const CONSTRUCTED: u8 = 0x20;
const BOOLEAN: u8 = 0x01;
const BIT_STRING: u8 = 0x03;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;

/// What is before the certificates of a SignedData, which are a [`CONTEXT_0`]: its version, its digest algorithms, its
/// content (RFC 5652, 5.1).
const BEFORE_CERTIFICATES: [u8; 3] = [0x02, SET, 0x30];

/// Universal types that are strings, which may come in pieces (X.690, 8.21).
const STRINGS: [u8; 12] = [0x04, 0x0c, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1a, 0x1b, 0x1c, 0x1e];

/// One element as DER.
struct Normal {
    der: Vec<u8>,
    /// Whether it was written in another way.
    is_changed: bool,
}

/// The first element of `bytes` as DER, how many bytes it takes, and whether it was DER already. Certificates are left as
/// they are written: they are DER already, or are none, and digests are of their bytes.
pub(super) fn normalise(bytes: &[u8]) -> Option<(Vec<u8>, usize, bool)> {
    let (normal, rest) = read_element(bytes, false, 0)?;
    Some((normal.der, bytes.len() - rest.len(), !normal.is_changed))
}

/// A CMS structure in which each certificate is there once: some programs carry the signer's own twice, which a SET does not
/// allow and which says nothing more.
pub(super) fn drop_doubles(der: &[u8]) -> Option<Vec<u8>> {
    let (outer, content_info, _) = split_der(der)?;
    let parts = split_all(content_info)?;
    let wrapped = parts.iter().find(|(tag, _)| *tag == CONTEXT_0)?;
    let (inner, signed_data, _) = split_der(wrapped.1)?;
    let mut fields = Vec::new();
    for (tag, content) in split_all(signed_data)? {
        let mut kept: Vec<Vec<u8>> = Vec::new();
        if tag == CONTEXT_0 {
            for (tag, content) in split_all(content)? {
                let certificate = write_element(tag, content);
                if !kept.contains(&certificate) {
                    kept.push(certificate);
                }
            }
        }
        let content = if tag == CONTEXT_0 { kept.concat() } else { content.to_vec() };
        fields.push(write_element(tag, &content));
    }
    let wrapped_again = write_element(inner, &fields.concat());
    let parts: Vec<Vec<u8>> =
        parts.into_iter().map(|(tag, content)| write_element(tag, if tag == CONTEXT_0 { &wrapped_again } else { content })).collect();
    Some(write_element(outer, &parts.concat()))
}

/// All elements of a content in DER.
pub(super) fn split_all(mut content: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut found = Vec::new();
    while !content.is_empty() {
        let (tag, inner, rest) = split_der(content)?;
        found.push((tag, inner));
        content = rest;
    }
    Some(found)
}

/// Tag and content of the first element of DER, and what follows it.
pub(super) fn split_der(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest, _) = read_length(rest)?;
    let (content, rest) = rest.split_at_checked(length?)?;
    Some((*tag, content, rest))
}

/// An element of this tag and content.
pub(super) fn write_element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len();
    if length < 0x80 {
        bytes.push(u8::try_from(length).unwrap_or_default());
    } else {
        let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
        bytes.extend(digits);
    }
    bytes.extend(content);
    bytes
}

/// A length (none where it is open), what follows it, and whether it is written as DER asks.
fn read_length(bytes: &[u8]) -> Option<(Option<usize>, &[u8], bool)> {
    let (first, rest) = bytes.split_first()?;
    match first {
        0..0x80 => Some((Some(usize::from(*first)), rest, true)),
        0x80 => Some((None, rest, false)),
        0xff => None,
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let significant: Vec<u8> = digits.iter().copied().skip_while(|byte| *byte == 0).collect();
            if significant.len() > 4 {
                return None;
            }
            let length = significant.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            Some((Some(length), rest, significant.len() == digits.len() && length >= 0x80))
        }
    }
}

/// The first element. What `holds_certificates` keeps its elements as they are written.
fn read_element(bytes: &[u8], holds_certificates: bool, depth: usize) -> Option<(Normal, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    // Tags of several bytes do not occur in these structures, and 0 is the end of contents.
    if depth > MAX_DEPTH || tag & 0x1f == 0x1f || *tag == 0 {
        return None;
    }
    let (length, rest, is_short) = read_length(rest)?;
    let (content, rest) = match length {
        Some(length) => rest.split_at_checked(length)?,
        None if tag & CONSTRUCTED == 0 => return None,
        None => (rest, rest),
    };
    if tag & CONSTRUCTED == 0 {
        let is_true = *tag == BOOLEAN && content.len() == 1 && content[0] != 0;
        let value = if is_true { [0xff].as_slice() } else { content };
        return Some((Normal { der: write_element(*tag, value), is_changed: !is_short || value != content }, rest));
    }
    let read = |is_open| read_parts(content, is_open, holds_certificates, depth);
    let (parts, rest) = if length.is_some() { (read(false)?.0, rest) } else { read(true)? };
    let is_changed = !is_short || parts.iter().any(|part| part.is_changed);
    let primitive = tag & !CONSTRUCTED;
    if STRINGS.contains(&primitive) || primitive == BIT_STRING {
        return Some((Normal { der: write_element(primitive, &join_pieces(&parts, primitive)?), is_changed: true }, rest));
    }
    let mut ders: Vec<Vec<u8>> = parts.into_iter().map(|part| part.der).collect();
    if *tag == SET && is_changed {
        ders.sort();
    }
    Some((Normal { der: write_element(*tag, &ders.concat()), is_changed }, rest))
}

/// The elements of a content, up to its end or to the two zeros that end it.
fn read_parts(mut bytes: &[u8], is_open: bool, as_written: bool, depth: usize) -> Option<(Vec<Normal>, &[u8])> {
    let mut parts = Vec::new();
    let mut tags = Vec::new();
    loop {
        match (is_open, bytes.strip_prefix(&[0, 0])) {
            (true, Some(rest)) => return Some((parts, rest)),
            (false, _) if bytes.is_empty() => return Some((parts, bytes)),
            _ => {}
        }
        let tag = *bytes.first()?;
        let (part, rest) = read_element(bytes, tag == CONTEXT_0 && tags == BEFORE_CERTIFICATES, depth + 1)?;
        tags.push(tag);
        let written = &bytes[..bytes.len() - rest.len()];
        parts.push(if as_written { Normal { der: written.to_vec(), is_changed: false } } else { part });
        bytes = rest;
    }
}

/// The pieces of a string, each of which has become one of the same type.
fn join_pieces(parts: &[Normal], primitive: u8) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    let mut unused = 0;
    for part in parts {
        let (tag, content, _) = split_der(&part.der)?;
        // The pieces of a text may be octet strings (X.690, 8.23.6).
        if tag != primitive && (tag != 0x04 || primitive == BIT_STRING) {
            return None;
        }
        if primitive == BIT_STRING {
            // Only the last piece may have bits that do not count.
            let (bits, content) = content.split_first().filter(|_| unused == 0)?;
            unused = *bits;
            joined.extend(content);
        } else {
            joined.extend(content);
        }
    }
    if primitive == BIT_STRING {
        joined.insert(0, unused);
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_writing_becomes_the_one() {
        let check = |ber: &[u8], der: &[u8]| {
            let (found, length, was_der) = normalise(&[ber, b"rest"].concat()).expect("read");
            assert_eq!((found.as_slice(), length, was_der), (der, ber.len(), ber == der), "{ber:02x?}");
        };
        check(b"\x04\x02ab", b"\x04\x02ab");
        check(b"\x04\x81\x02ab", b"\x04\x02ab");
        check(b"\x04\x84\0\0\0\x02ab", b"\x04\x02ab");
        check(b"\x24\x80\x04\x01a\x04\x01b\0\0", b"\x04\x02ab");
        check(b"\x24\x80\x24\x80\x04\x01a\0\0\x04\x01b\0\0", b"\x04\x02ab");
        check(b"\x2c\x06\x0c\x01a\x04\x01b", b"\x0c\x02ab");
        check(b"\x23\x80\x03\x02\0a\x03\x02\x04\xb0\0\0", b"\x03\x03\x04a\xb0");
        check(b"\x01\x01\x07", b"\x01\x01\xff");
        check(b"\x30\x80\xa0\x80\x02\x01\x07\0\0\0\0", b"\x30\x05\xa0\x03\x02\x01\x07");
        check(b"\x31\x80\x02\x01\x07\x02\x01\x05\0\0", b"\x31\x06\x02\x01\x05\x02\x01\x07");
        // DER that is not sorted is left as it is: what was signed is these bytes.
        check(b"\x31\x06\x02\x01\x07\x02\x01\x05", b"\x31\x06\x02\x01\x07\x02\x01\x05");
        // Certificates keep their bytes, whatever they are; what is next to them does not.
        check(
            b"\x30\x80\x02\x01\x01\x31\0\x30\0\xa0\x80\x30\x06\x01\x01\x07\x04\x81\0\0\0\xa1\x03\x01\x01\x07\0\0",
            b"\x30\x16\x02\x01\x01\x31\0\x30\0\xa0\x08\x30\x06\x01\x01\x07\x04\x81\0\xa1\x03\x01\x01\xff",
        );
        let long = vec![b'x'; 300];
        check(&[b"\x24\x80\x04\x82\x01\x2c".as_slice(), &long, b"\0\0"].concat(), &[b"\x04\x82\x01\x2c".as_slice(), &long].concat());
    }

    #[test]
    fn what_has_no_end_or_no_one_meaning_is_refused() {
        for bytes in [
            &b"\x30"[..],
            b"\x30\x02a",
            b"\x30\x80\x04\x01a",
            b"\x30\x85\x01\0\0\0\0",
            b"\x1f\x01a",
            b"\x04\x80ab\0\0",
            b"\x24\x03\x02\x01a",
            b"\x23\x80\x03\x02\x04\xb0\x03\x02\0a\0\0",
            b"\x30\xff\0",
            b"",
        ] {
            assert!(normalise(bytes).is_none(), "{bytes:02x?}");
        }
        assert!(normalise(&[0x30, 0x80].repeat(10_000)).is_none());
    }
}
