//! A countersignature: one more signature into a field that waits, in a document whose certification allows it.
//!
//! The document's bytes stay as they are; an incremental update (ISO 32000-1, 7.5.6) follows them, with the field's
//! object written again, the signature, and what draws it. It is exactly the change that [`verify_pdf`](crate::verify_pdf)
//! allows after a certification with P 2, and it is checked so before it is handed out. The same document, request and
//! signer give the same bytes.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::SigningError;
use crate::pades::sign;
use crate::pdf::{Dictionary, Document, Object, find_signature_fields};
use crate::placeholder::{BYTE_RANGE_NUMBER, CONTENTS_BYTES, FILTER, SUB_FILTER};
use crate::signer::Signer;
use crate::verify::{MAX_PDF_BYTES, PdfVerification, Permission, SignatureReport, read_permission, verify_pdf};

/// What is signed, and what is said with it.
#[derive(Debug, Clone)]
pub struct Countersignature<'a> {
    /// The name of the field that waits.
    pub field: &'a str,
    /// The time that the signer claims, cut to the second.
    pub at: Timestamp,
    /// Why it is signed; shown by readers.
    pub reason: Option<&'a str>,
    /// What the field shows from now on; none leaves what it shows.
    pub appearance: Option<Appearance>,
}

/// A drawing, as objects of a PDF that do not know their numbers yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// Each object as what is between `obj` and `endobj`.
    pub objects: Vec<Vec<ObjectPart>>,
    /// Which of them is the form XObject (ISO 32000-1, 8.10) that is shown; it leads to all others.
    pub form: usize,
}

/// A piece of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectPart {
    /// Bytes that are written as they are, such as a dictionary's beginning or a stream.
    Bytes(Vec<u8>),
    /// A reference to another object of the drawing, by its place in the list.
    Reference(usize),
}

/// Signs the field that waits and returns the document with what was added.
///
/// # Errors
/// [`SigningError::NoFurtherSignature`] where the document is not certified with P 2,
/// [`SigningError::NotToBeCountersigned`] where a signature that is there is not intact and valid,
/// [`SigningError::NoEmptyField`], a drawing that is not as agreed, a PDF that cannot be read, or a signer that fails.
pub fn countersign(
    mut pdf: Vec<u8>,
    countersignature: &Countersignature<'_>,
    signer: &(impl Signer + ?Sized),
) -> Result<Vec<u8>, SigningError> {
    check_document(&pdf)?;
    let update = build_update(&pdf, countersignature)?;
    pdf.extend(update);
    let pdf = sign(pdf, signer)?;
    // What was drawn came from elsewhere: that the first signature still holds is not taken for granted.
    match verify_pdf(&pdf, None)? {
        PdfVerification::Signed(reports) if reports.iter().all(SignatureReport::is_sound) => Ok(pdf),
        _ => Err(SigningError::AppearanceMalformed { reason: "with it the first signature would not hold" }),
    }
}

/// Whether a field of this name waits for a signature that [`countersign`] would give it.
pub fn awaits_countersignature(pdf: &[u8], field: &str) -> bool {
    let is_empty = |document: &Document<'_>| {
        find_signature_fields(document).is_ok_and(|fields| fields.iter().any(|found| found.name == field && found.signature.is_none()))
    };
    check_document(pdf).is_ok() && Document::read(pdf).is_ok_and(|document| is_empty(&document))
}

/// Whether the document is certified, allows signatures, and all that signed it hold.
fn check_document(pdf: &[u8]) -> Result<(), SigningError> {
    let PdfVerification::Signed(reports) = verify_pdf(pdf, None)? else {
        return Err(SigningError::NoFurtherSignature);
    };
    if let Some(problem) = reports.iter().flat_map(SignatureReport::problems).next() {
        return Err(SigningError::NotToBeCountersigned { problem: problem.to_string() });
    }
    let document = Document::read(pdf)?;
    let fields = find_signature_fields(&document)?;
    let permission = fields.iter().filter_map(|field| field.signature.as_ref()).find_map(|signature| read_permission(&document, signature));
    match permission {
        Some(Permission::Signatures) => Ok(()),
        Some(Permission::Nothing | Permission::Unknown) | None => Err(SigningError::NoFurtherSignature),
    }
}

fn build_update(pdf: &[u8], countersignature: &Countersignature<'_>) -> Result<Vec<u8>, SigningError> {
    let document = Document::read(pdf)?;
    if document.newest().table_end.is_none() {
        let reason = "its cross-references are a stream, to which no signature is added here";
        return Err(SigningError::PdfUnreadable { reason, offset: document.newest().start });
    }
    let no_field = || SigningError::NoEmptyField { field: countersignature.field.to_owned() };
    let fields = find_signature_fields(&document)?;
    let field = fields.iter().find(|field| field.name == countersignature.field && field.signature.is_none());
    let number = field.and_then(|field| field.object).ok_or_else(no_field)?;
    let entries = document.read_dictionary_in_file(number)?.ok_or_else(no_field)?;
    let first = document.next_number().and_then(|number| usize::try_from(number).ok()).ok_or_else(no_field)?;
    let mut objects = BTreeMap::new();
    objects.insert(first, write_signature(countersignature).into_bytes());
    let form = match &countersignature.appearance {
        Some(appearance) => Some(add_appearance(appearance, first + 1, &mut objects)?),
        None => None,
    };
    objects.insert(number as usize, write_field(pdf, &entries, first, form));

    let mut update = Vec::new();
    if !pdf.ends_with(b"\n") {
        update.push(b'\n');
    }
    let mut offsets = BTreeMap::new();
    for (number, object) in &objects {
        offsets.insert(*number, pdf.len() + update.len());
        update.extend(format!("{number} 0 obj\n").bytes());
        update.extend(object);
        update.extend(b"\nendobj\n");
    }
    if pdf.len() + update.len() > MAX_PDF_BYTES {
        return Err(SigningError::TooLarge { size: pdf.len() + update.len(), limit: MAX_PDF_BYTES });
    }
    let start = pdf.len() + update.len();
    update.extend(write_table(&offsets).bytes());
    let size = first + objects.len() - 1;
    update.extend(write_trailer(&document, &update, size));
    update.extend(format!("\nstartxref\n{start}\n%%EOF\n").bytes());
    Ok(update)
}

/// The signature's dictionary, with the placeholders that [`sign`] fills.
fn write_signature(countersignature: &Countersignature<'_>) -> String {
    let time = countersignature.at.strftime("%Y%m%d%H%M%SZ");
    let reason = countersignature.reason.map_or_else(String::new, |reason| format!("/Reason{}", write_text(reason)));
    let zeros = "0".repeat(2 * CONTENTS_BYTES);
    let place = BYTE_RANGE_NUMBER;
    format!(
        "<</Type/Sig/Filter/{FILTER}/SubFilter/{SUB_FILTER}/M(D:{time}){reason}\
         /ByteRange[0 {place} {place} {place}]/Contents<{zeros}>>>"
    )
}

/// A text string in UTF-16 with its mark (7.9.2.2), as hexadecimal digits.
fn write_text(text: &str) -> String {
    let mut digits = String::from("<FEFF");
    for unit in text.encode_utf16() {
        let _ = write!(digits, "{unit:04X}");
    }
    digits + ">"
}

/// Adds the objects of a drawing, numbered from `first` on; returns the number of the form.
fn add_appearance(appearance: &Appearance, first: usize, objects: &mut BTreeMap<usize, Vec<u8>>) -> Result<usize, SigningError> {
    let malformed = |reason| SigningError::AppearanceMalformed { reason };
    let count = appearance.objects.len();
    for (index, pieces) in appearance.objects.iter().enumerate() {
        let mut bytes = Vec::new();
        for piece in pieces {
            match piece {
                ObjectPart::Bytes(piece) => bytes.extend(piece),
                ObjectPart::Reference(other) if *other < count => bytes.extend(format!(" {} 0 R ", first + other).bytes()),
                ObjectPart::Reference(_) => return Err(malformed("it refers to an object that is not there")),
            }
        }
        objects.insert(first + index, bytes);
    }
    match appearance.form < count {
        true => Ok(first + appearance.form),
        false => Err(malformed("it has no form")),
    }
}

/// The field's object as it was, with its signature and, where it is drawn again, its drawing.
fn write_field(pdf: &[u8], entries: &Dictionary, signature: usize, form: Option<usize>) -> Vec<u8> {
    let mut bytes = b"<<".to_vec();
    for (key, value) in entries.iter().filter(|(key, _)| *key != b"AP" || form.is_none()) {
        write_name(key, &mut bytes);
        bytes.push(b' ');
        bytes.extend(&pdf[value.span.clone()]);
    }
    if let Some(form) = form {
        bytes.extend(format!("/AP<</N {form} 0 R>>").bytes());
    }
    bytes.extend(format!("/V {signature} 0 R>>").bytes());
    bytes
}

/// A name (7.3.5), with what is not a plain letter or digit as its number.
fn write_name(name: &[u8], bytes: &mut Vec<u8>) {
    bytes.push(b'/');
    for byte in name {
        match byte.is_ascii_alphanumeric() {
            true => bytes.push(*byte),
            false => bytes.extend(format!("#{byte:02X}").bytes()),
        }
    }
}

/// A cross-reference section (7.5.4) with a subsection for each run of numbers.
fn write_table(offsets: &BTreeMap<usize, usize>) -> String {
    let mut table = String::from("xref\n");
    let mut runs: Vec<Vec<(usize, usize)>> = Vec::new();
    for (number, offset) in offsets {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last + 1 == *number) => run.push((*number, *offset)),
            _ => runs.push(vec![(*number, *offset)]),
        }
    }
    for run in runs {
        let _ = writeln!(table, "{} {}", run[0].0, run.len());
        for (_, offset) in run {
            let _ = writeln!(table, "{offset:010} 00000 n ");
        }
    }
    table
}

/// The trailer of the revision before, with its own size and link; the second half of `/ID` is new, as 14.4 asks.
fn write_trailer(document: &Document<'_>, update: &[u8], size: usize) -> Vec<u8> {
    let newest = document.newest();
    let pdf = document.bytes();
    let mut bytes = b"trailer\n<<".to_vec();
    for (key, value) in newest.trailer.iter() {
        let written = match (key, &value.object) {
            (b"Size" | b"Prev", _) => continue,
            (b"ID", Object::Array(parts)) if parts.len() == 2 => {
                let hash = Sha256::new().chain_update(&pdf[value.span.clone()]).chain_update(update).finalize();
                let digits: String = hash[..16].iter().map(|byte| format!("{byte:02X}")).collect();
                [b"[".as_slice(), &pdf[parts[0].span.clone()], b"<", digits.as_bytes(), b">]"].concat()
            }
            _ => pdf[value.span.clone()].to_vec(),
        };
        write_name(key, &mut bytes);
        bytes.push(b' ');
        bytes.extend(written);
    }
    bytes.extend(format!("/Size {size}/Prev {}>>", newest.start).bytes());
    bytes
}
