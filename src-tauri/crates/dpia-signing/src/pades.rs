//! Signing: a PAdES baseline B-B signature (ETSI EN 319 142-1) into a PDF's placeholder, and the
//! same CAdES signature detached, for bytes that are no PDF.

use crate::cms::build_signature;
use crate::error::SigningError;
use crate::pdf::{Document, Object, SignatureDictionary, Spanned, find_signature_fields};
use crate::placeholder::{BYTE_RANGE_NUMBER, CONTENTS_BYTES, FILTER, SUB_FILTER};
use crate::signer::Signer;
use crate::verify::MAX_PDF_BYTES;

const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Fills the one signature placeholder of a PDF (see [`crate::placeholder`]) and returns the PDF.
///
/// No byte moves: the byte range is written over the numbers that hold its place, padded with
/// spaces, and the signature over the zeros. The same PDF and signer give the same bytes.
///
/// # Errors
/// No placeholder, more than one, or one that is not as agreed; a PDF that cannot be read; a
/// signer that fails. The PDF is not changed then, but it has been taken.
pub fn sign(mut pdf: Vec<u8>, signer: &(impl Signer + ?Sized)) -> Result<Vec<u8>, SigningError> {
    if pdf.len() > MAX_PDF_BYTES {
        return Err(SigningError::TooLarge { size: pdf.len(), limit: MAX_PDF_BYTES });
    }
    let algorithm = signer.certificate().signature_algorithm()?;
    let place = find_placeholder(&pdf)?;
    let after = place.contents.end;
    let range = format!("[0 {} {} {}", place.contents.start, after, pdf.len() - after);
    let room = place.byte_range.len() - 1;
    if range.len() > room {
        return Err(malformed("its byte range is too short"));
    }
    let range = format!("{range:room$}]");
    pdf[place.byte_range].copy_from_slice(range.as_bytes());

    let digest = algorithm.digest().hash(&[&pdf[..place.contents.start], &pdf[after..]]);
    let signature = build_signature(&digest, signer)?;
    if signature.len() > CONTENTS_BYTES {
        return Err(SigningError::SignatureTooLarge { needed: signature.len(), room: CONTENTS_BYTES });
    }
    let digits = &mut pdf[place.contents.start + 1..after - 1];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(&signature) {
        pair[0] = HEX_DIGITS[usize::from(byte >> 4)];
        pair[1] = HEX_DIGITS[usize::from(byte & 15)];
    }
    Ok(pdf)
}

/// Signs any bytes: a CMS structure without the content, to be kept beside it (`.p7s`).
///
/// # Errors
/// A signer that fails.
pub fn sign_detached(content: &[u8], signer: &(impl Signer + ?Sized)) -> Result<Vec<u8>, SigningError> {
    let algorithm = signer.certificate().signature_algorithm()?;
    build_signature(&algorithm.digest().hash(&[content]), signer)
}

/// Where the placeholder is.
struct Placeholder {
    /// From `[` to `]`.
    byte_range: std::ops::Range<usize>,
    /// From `<` to `>`.
    contents: std::ops::Range<usize>,
}

fn find_placeholder(pdf: &[u8]) -> Result<Placeholder, SigningError> {
    let document = Document::read(pdf)?;
    let fields = find_signature_fields(&document)?;
    let open: Vec<SignatureDictionary> = fields.into_iter().filter_map(|field| field.signature).filter(is_open).collect();
    match open.as_slice() {
        [] => Err(SigningError::NoPlaceholder),
        [signature] => check_placeholder(signature),
        many => Err(SigningError::ManyPlaceholders { count: many.len() }),
    }
}

/// Whether the signature still has numbers in its byte range that only hold a place.
fn is_open(signature: &SignatureDictionary) -> bool {
    let is_holder = |item: &Spanned| item.object == Object::Integer(BYTE_RANGE_NUMBER);
    match signature.entries.get("ByteRange").map(|range| &range.object) {
        Some(Object::Array(items)) => items.iter().any(is_holder),
        _ => false,
    }
}

fn check_placeholder(signature: &SignatureDictionary) -> Result<Placeholder, SigningError> {
    let entries = &signature.entries;
    let names = [
        ("Type", "Sig", "its /Type is not Sig"),
        ("Filter", FILTER, "its /Filter is not Adobe.PPKLite"),
        ("SubFilter", SUB_FILTER, "its /SubFilter is not ETSI.CAdES.detached"),
    ];
    for (key, expected, reason) in names {
        if entries.get_name(key) != Some(expected.as_bytes()) {
            return Err(malformed(reason));
        }
    }
    if !matches!(entries.get("M").map(|time| &time.object), Some(Object::LiteralString(_))) {
        return Err(malformed("it has no /M, the time of signing"));
    }
    let byte_range = entries.get("ByteRange");
    let byte_range = byte_range.ok_or_else(|| malformed("it has no /ByteRange"))?;
    let numbers = match &byte_range.object {
        Object::Array(items) => items.iter().map(|item| &item.object).collect(),
        _ => Vec::new(),
    };
    let holder = Object::Integer(BYTE_RANGE_NUMBER);
    if numbers != [&Object::Integer(0), &holder, &holder, &holder] {
        return Err(malformed("its /ByteRange is not [0 and three times 9999999999]"));
    }
    let contents = entries.get("Contents");
    let contents = contents.ok_or_else(|| malformed("it has no /Contents"))?;
    match &contents.object {
        Object::HexString(digits) if digits.len() == 2 * CONTENTS_BYTES && digits.iter().all(|d| *d == b'0') => {}
        _ => return Err(malformed("its /Contents is not 8192 zero bytes in hexadecimal")),
    }
    Ok(Placeholder { byte_range: byte_range.span.clone(), contents: contents.span.clone() })
}

fn malformed(reason: &'static str) -> SigningError {
    SigningError::PlaceholderMalformed { reason }
}
