//! What a PDF carries beside its pages: embedded files, and the metadata that says what they should be.
//!
//! A report's metadata names the SHA-256 of the bundle inside it (`dpia:attachmentSha256`). A signature covers both,
//! so that a bundle which agrees with it is the one that the report was printed from.

use sha2::{Digest, Sha256};

use crate::error::SigningError;
use crate::pdf::{Document, find_attachments, read_metadata_stream};
use crate::signer::Sha256Digest;
use crate::verify::MAX_PDF_BYTES;

/// The namespace of the properties that reports carry.
const NAMESPACE: &str = "xmlns:dpia=\"urn:dpia-editor:xmp:1\"";

/// The property: the SHA-256 of the attachment, 64 hexadecimal digits in lower case.
const PROPERTY: &str = "dpia:attachmentSha256";

/// A file embedded in a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfAttachment {
    /// Its file name as the PDF gives it: a stranger's text, not a path to write to.
    pub name: String,
    /// Its media type, where one is named.
    pub media_type: Option<String>,
    /// `AFRelationship` (ISO 19005-3, 6.8): `Source` for what the PDF was made from; `Unspecified` where nothing is said.
    pub relationship: String,
    /// The file, unpacked.
    pub bytes: Vec<u8>,
}

/// Whether a PDF's attachment is the one that its metadata names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentFact {
    /// There is no attachment, and the metadata names none.
    None,
    /// There is one attachment, and its SHA-256 is the one in the metadata.
    Matches,
    /// The metadata names the SHA-256 of an attachment, and there is none, another one, or one more.
    Differs,
    /// There are attachments, and the metadata has no SHA-256 to compare them with.
    NoHash,
    /// The attachments or the metadata are not written in a way that has one reading.
    Unreadable,
}

/// The files embedded in a PDF: those of the catalog's `/AF` and of its name tree `/EmbeddedFiles`, each once.
///
/// # Errors
/// A file that is no PDF, is too large, is encrypted, or whose structure cannot be followed strictly and within bounds:
/// at most 256 attachments of 128 MiB together, packed with Flate or not at all.
pub fn read_attachments(pdf: &[u8]) -> Result<Vec<PdfAttachment>, SigningError> {
    let document = read_document(pdf)?;
    let found = find_attachments(&document)?.into_iter().map(|attachment| PdfAttachment {
        name: attachment.name,
        media_type: attachment.media_type,
        relationship: attachment.relationship,
        bytes: attachment.bytes.into_owned(),
    });
    Ok(found.collect())
}

/// The metadata (XMP) of a PDF's catalog, at most 4 MiB; none where there is none.
///
/// # Errors
/// As [`read_attachments`].
pub fn read_metadata(pdf: &[u8]) -> Result<Option<Vec<u8>>, SigningError> {
    let document = read_document(pdf)?;
    Ok(read_metadata_stream(&document)?.map(std::borrow::Cow::into_owned))
}

/// The SHA-256 that the metadata of a report gives for its attachment; none where it gives none.
///
/// This is no XML reader: the one form that reports are written in is found by its very bytes, and whatever could be
/// read in another way (two values, another namespace, a comment around them) is refused.
///
/// # Errors
/// [`SigningError::MetadataUnreadable`] where the property is there in another form.
pub fn read_attachment_hash(metadata: &[u8]) -> Result<Option<Sha256Digest>, SigningError> {
    let unreadable = |reason| SigningError::MetadataUnreadable { reason };
    let Ok(text) = std::str::from_utf8(metadata) else {
        return match metadata.windows(PROPERTY.len()).any(|window| window == PROPERTY.as_bytes()) {
            true => Err(unreadable("it is not UTF-8")),
            false => Ok(None),
        };
    };
    // Opening and closing tag.
    match text.matches(PROPERTY).count() {
        0 => return Ok(None),
        2 => {}
        _ => return Err(unreadable("it names the hash of the attachment more than once")),
    }
    if text.matches("xmlns:dpia=").count() != 1 || text.matches(NAMESPACE).count() != 1 {
        return Err(unreadable("its properties are not those of a report"));
    }
    if ["<!--", "<![", "<!DOCTYPE"].iter().any(|mark| text.contains(mark)) {
        return Err(unreadable("it holds a comment or a section that is not read"));
    }
    let (_, rest) = text.split_once(&format!("<{PROPERTY}>")).ok_or_else(|| unreadable("the hash of the attachment is not an element"))?;
    let (digits, _) =
        rest.split_once(&format!("</{PROPERTY}>")).ok_or_else(|| unreadable("the hash of the attachment is not an element"))?;
    parse_hash(digits).map(Some).ok_or_else(|| unreadable("the hash of the attachment is not 64 digits in lower case"))
}

/// Compares a PDF's attachment with the hash in its metadata. A signature's report says the same of the revision that
/// it covers; this is for a file without one.
///
/// # Errors
/// A file that is no PDF, is too large, is encrypted, or whose structure cannot be followed.
pub fn compare_attachment(pdf: &[u8]) -> Result<AttachmentFact, SigningError> {
    Ok(judge_attachment(&read_document(pdf)?))
}

pub(crate) fn judge_attachment(document: &Document<'_>) -> AttachmentFact {
    let judge = || -> Result<AttachmentFact, SigningError> {
        let attachments = find_attachments(document)?;
        let hash = match read_metadata_stream(document)? {
            Some(metadata) => read_attachment_hash(&metadata)?,
            None => None,
        };
        Ok(match (attachments.as_slice(), hash) {
            ([], None) => AttachmentFact::None,
            (_, None) => AttachmentFact::NoHash,
            ([attachment], Some(hash)) if Sha256::digest(&attachment.bytes)[..] == hash => AttachmentFact::Matches,
            (_, Some(_)) => AttachmentFact::Differs,
        })
    };
    judge().unwrap_or(AttachmentFact::Unreadable)
}

fn read_document(pdf: &[u8]) -> Result<Document<'_>, SigningError> {
    match pdf.len() <= MAX_PDF_BYTES {
        true => Document::read(pdf),
        false => Err(SigningError::TooLarge { size: pdf.len(), limit: MAX_PDF_BYTES }),
    }
}

fn parse_hash(digits: &str) -> Option<Sha256Digest> {
    if digits.len() != 64 || !digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

impl std::fmt::Display for AttachmentFact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AttachmentFact::None => "there is none",
            AttachmentFact::Matches => "the one that the document was printed from",
            AttachmentFact::Differs => "not the one that the document was printed from",
            AttachmentFact::NoHash => "the document does not identify which file it should be",
            AttachmentFact::Unreadable => "it can be read in more than one way",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_read_in_one_form_only() {
        let hash = "0123456789abcdef".repeat(4);
        let wrap = |inner: &str| format!("<rdf:Description xmlns:dpia=\"urn:dpia-editor:xmp:1\">{inner}</rdf:Description>");
        let good = wrap(&format!("<dpia:attachmentSha256>{hash}</dpia:attachmentSha256>"));
        let expected: Vec<u8> = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef].repeat(4);
        assert_eq!(read_attachment_hash(good.as_bytes()).expect("read").map(|hash| hash.to_vec()), Some(expected));
        for none in ["", "<x:xmpmeta/>", "\u{feff}", "<pdfaProperty:name>attachmentSha256</pdfaProperty:name>"] {
            assert_eq!(read_attachment_hash(none.as_bytes()).expect(none), None);
        }
        assert_eq!(read_attachment_hash(b"\xff\xfe").expect("not ours"), None);
        let check = |text: &str, reason: &str| {
            let said = read_attachment_hash(text.as_bytes()).expect_err(text).to_string();
            assert!(said.contains(reason), "{said}");
        };
        check(&good.repeat(2), "more than once");
        check(&good.replace("xmp:1", "xmp:2"), "not those of a report");
        check(&good.replace("xmlns:dpia", "xmlns:other"), "not those of a report");
        check(&good.replace(&hash, &hash.to_uppercase()), "64 digits");
        check(&good.replace(&hash, &hash[1..]), "64 digits");
        check(&good.replace("<dpia:", "<!-- <dpia:"), "a comment");
        check(&wrap(&format!("<a dpia:attachmentSha256=\"{hash}\" dpia:attachmentSha256x=\"\"/>")), "not an element");
    }
}
