//! What the tests share: people, identities from fixed random numbers, and a PDF written by hand.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fmt::Write;

use dpia_signing::{Identity, Person, sign};
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

/// The time at which all test certificates begin.
pub(crate) fn now() -> Timestamp {
    "2026-11-22T09:30:00Z".parse().expect("a timestamp")
}

/// An officer whose name needs letters beyond Latin-1.
pub(crate) fn officer() -> Person {
    Person {
        name: "Siân Żółkiewska-Παπαδοπούλου".into(),
        role: "Swyddog Diogelu Data".into(),
        organisation: "Juniper Education – Addysg".into(),
        email: "sian.z@juniper.example".into(),
    }
}

/// An identity that is the same for the same seed.
pub(crate) fn identity(seed: u64) -> Identity {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    Identity::create(&officer(), now(), &mut rng).expect("an identity")
}

/// XMP with these properties of the document.
pub(crate) fn xmp(properties: &str) -> String {
    let text = format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\
         {properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{text}\nendstream", text.len())
}

/// The value of a signature field as `placeholder` agrees it.
pub(crate) fn placeholder() -> String {
    let zeros = "0".repeat(2 * dpia_signing::placeholder::CONTENTS_BYTES);
    format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261123080000Z)\
         /ByteRange[0 9999999999 9999999999 9999999999]/Contents<{zeros}>>>"
    )
}

/// A PDF of one empty page with one signature field, whose value is `signature`.
pub(crate) fn pdf_with(signature: &str) -> Vec<u8> {
    write_pdf(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>/Annots[4 0 R]>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature)/Rect[0 0 0 0]/F 132/P 3 0 R/V 5 0 R>>",
        signature,
    ])
}

/// The value of a certification's field, with what DocMDP allows.
pub(crate) fn certification(allowed: u8) -> String {
    let parameters = format!("<</Type/TransformParams/P {allowed}/V/1.2>>");
    let reference = format!("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams {parameters}>>]");
    placeholder().replacen("/M(", &format!("{reference}/M("), 1)
}

/// A PDF of one page with a certification (object 5) that waits to be signed, and an empty field (object 6) with a
/// drawing (object 7) for a countersignature.
pub(crate) fn certified_pdf(allowed: u8) -> Vec<u8> {
    certified_pdf_with(allowed, "", "", &[])
}

/// As [`certified_pdf`], with more entries of the catalog and the trailer, and more objects from 9 on.
pub(crate) fn certified_pdf_with(allowed: u8, of_catalog: &str, of_trailer: &str, more: &[&str]) -> Vec<u8> {
    let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 6 0 R]/SigFlags 3>>/Perms<</DocMDP 5 0 R>>{of_catalog}>>");
    let certification = certification(allowed);
    let mut objects = vec![
        catalog.as_str(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>/Contents 8 0 R/Annots[4 0 R 6 0 R]>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Certification)/Rect[0 0 0 0]/F 132/P 3 0 R/V 5 0 R>>",
        certification.as_str(),
        "<</Type/Annot/Subtype/Widget/FT/Sig/T<FEFF0043006F0075006E007400650072>/Rect[10.5 10 90 40]/F 132/P 3 0 R/AP<</N 7 0 R>>>>",
        "<</Type/XObject/Subtype/Form/BBox[0 0 80 30]/Resources<<>>/Length 0>>\nstream\n\nendstream",
        "<</Length 18>>\nstream\n0 0 m 200 100 l S \nendstream",
    ];
    objects.extend(more);
    let text = String::from_utf8(write_pdf(&objects)).expect("text");
    // The trailer is behind the table, so that no offset moves.
    text.replace("/Root 1 0 R", &format!("/Root 1 0 R/ID[<0123><4567>]{of_trailer}")).into_bytes()
}

/// A PDF with the placeholder in it.
pub(crate) fn open_pdf() -> Vec<u8> {
    pdf_with(&placeholder())
}

/// A signed PDF.
pub(crate) fn signed_pdf() -> Vec<u8> {
    sign(open_pdf(), &identity(1)).expect("a signed PDF")
}

/// Writes objects 1, 2, 3… with a classic cross-reference table; object 1 is the catalog.
pub(crate) fn write_pdf(objects: &[&str]) -> Vec<u8> {
    let mut pdf = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", pdf.len()).expect("written");
        writeln!(pdf, "{} 0 obj\n{object}\nendobj", index + 1).expect("written");
    }
    let start = pdf.len();
    let size = objects.len() + 1;
    write!(pdf, "xref\n0 {size}\n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").expect("written");
    pdf.into_bytes()
}

/// Where `needle` is in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).position(|window| window == needle).expect("it is there")
}

/// A revision by hand after `pdf`: objects with their numbers, and what the trailer says beside its size and link.
pub(crate) fn revise(pdf: &[u8], objects: &[(usize, &str)], trailer: &str) -> Vec<u8> {
    let objects: Vec<(usize, &[u8])> = objects.iter().map(|(number, object)| (*number, object.as_bytes())).collect();
    revise_with_bytes(pdf, &objects, trailer)
}

/// As [`revise`], of objects that are not all text.
pub(crate) fn revise_with_bytes(pdf: &[u8], objects: &[(usize, &[u8])], trailer: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf);
    let previous = text.rsplit("startxref\n").next().and_then(|tail| tail.lines().next()).expect("an offset").to_owned();
    let mut revised = pdf.to_vec();
    let mut table = String::from("xref\n");
    for (number, object) in objects {
        table += &format!("{number} 1\n{:010} 00000 n \n", revised.len());
        revised.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let start = revised.len();
    revised.extend(format!("{table}trailer\n<</Size 40{trailer}/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n").bytes());
    revised
}
