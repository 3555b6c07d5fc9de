//! PDF structure: the forms that other programs write are read, and hostile ones end soon.

mod support;

use std::io::Write;

use dpia_signing::{PdfVerification, SigningError, sign, verify_pdf};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use support::{identity, open_pdf, pdf_with, placeholder, signed_pdf, write_pdf};

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// One row of a cross-reference stream with widths 1, 4 and 2.
fn row(kind: u8, second: usize, third: u16) -> [u8; 7] {
    let second = u32::try_from(second).expect("small").to_be_bytes();
    let third = third.to_be_bytes();
    [kind, second[0], second[1], second[2], second[3], third[0], third[1]]
}

/// Rows with PNG predictor "up", as most programs write them.
fn predict_up(rows: &[[u8; 7]]) -> Vec<u8> {
    let mut above = [0u8; 7];
    let mut bytes = Vec::new();
    for row in rows {
        bytes.push(2);
        bytes.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = *row;
    }
    bytes
}

/// A PDF whose catalog, form and field are in an object stream, found through a cross-reference stream; only the
/// signature is not packed.
fn packed_pdf(has_predictor: bool, packs_signature: bool) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let signature = placeholder();
    let mut objects =
        vec![(1, "<</Type/Catalog/AcroForm 2 0 R>>"), (2, "<</Fields[3 0 R]/SigFlags 3>>"), (3, "<</FT/Sig/T(Signature)/V 4 0 R>>")];
    if packs_signature {
        objects.push((4, signature.as_str()));
    }
    let (mut head, mut body) = (String::new(), String::new());
    for (number, object) in &objects {
        head += &format!("{number} {} ", body.len());
        body += &format!("{object} ");
    }
    offsets.push(pdf.len());
    pdf.extend(format!("4 0 obj\n{signature}\nendobj\n").bytes());
    offsets.push(pdf.len());
    let packed = deflate(format!("{head}{body}").as_bytes());
    let (count, first, length) = (objects.len(), head.len(), packed.len());
    pdf.extend(format!("5 0 obj\n<</Type/ObjStm/N {count}/First {first}/Filter/FlateDecode/Length {length}>>\nstream\n").bytes());
    pdf.extend(packed);
    pdf.extend(b"\nendstream\nendobj\n");
    let start = pdf.len();
    let signature_row = if packs_signature { row(2, 5, 3) } else { row(1, offsets[0], 0) };
    let rows = [row(0, 0, 65535), row(2, 5, 0), row(2, 5, 1), row(2, 5, 2), signature_row, row(1, offsets[1], 0), row(1, start, 0)];
    let (rows, parameters) = match has_predictor {
        true => (predict_up(&rows), "/DecodeParms<</Predictor 12/Columns 7>>"),
        false => (rows.concat(), ""),
    };
    let rows = deflate(&rows);
    let length = rows.len();
    pdf.extend(
        format!("6 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter/FlateDecode{parameters}/Length {length}>>\nstream\n").bytes(),
    );
    pdf.extend(rows);
    pdf.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    pdf
}

#[test]
fn a_pdf_with_packed_objects_is_signed_and_verified() {
    for has_predictor in [false, true] {
        let signed = sign(packed_pdf(has_predictor, false), &identity(1)).expect("signed");
        assert!(verify_pdf(&signed, None).expect("read").is_sound());
        for index in (0..signed.len()).step_by(61) {
            let mut flipped = signed.clone();
            flipped[index] ^= 1;
            assert!(!verify_pdf(&flipped, None).is_ok_and(|found| found.is_sound()), "byte {index}");
        }
    }
}

#[test]
fn a_signature_in_a_packed_object_stream_is_refused() {
    let error = sign(packed_pdf(true, true), &identity(1)).expect_err("packed");
    assert!(error.to_string().contains("a signature is in a compressed object stream"), "{error}");
}

#[test]
fn a_later_revision_is_read_before_an_older_one() {
    // The first revision has an unsigned field; the second, appended, gives it a placeholder.
    let mut pdf = pdf_with("null");
    let text = String::from_utf8(pdf.clone()).expect("text");
    let old = text.rsplit("startxref\n").next().and_then(|rest| rest.lines().next()).expect("an offset").to_owned();
    assert_eq!(verify_pdf(&pdf, None).expect("read"), PdfVerification::NotSigned { empty_fields: 1 });
    let object = pdf.len();
    pdf.extend(format!("5 0 obj\n{}\nendobj\n", placeholder()).bytes());
    let table = pdf.len();
    pdf.extend(
        format!("xref\n5 1\n{object:010} 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev {old}>>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    let signed = sign(pdf, &identity(1)).expect("signed");
    assert!(verify_pdf(&signed, None).expect("read").is_sound());
}

#[test]
fn a_field_below_others_is_found_by_its_full_name() {
    let pdf = write_pdf(&[
        "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>",
        "<</T(Decision)/FT/Sig/Kids[3 0 R]>>",
        "<</T<FEFF0041007000700072006F00760061006C>/Parent 2 0 R/Kids[5 0 R]/V 4 0 R>>",
        &placeholder(),
        "<</Subtype/Widget/Parent 3 0 R>>",
    ]);
    let signed = sign(pdf, &identity(1)).expect("signed");
    match verify_pdf(&signed, None).expect("read") {
        PdfVerification::Signed(reports) => {
            assert_eq!(reports.len(), 1);
            assert_eq!(reports[0].field.as_deref(), Some("Decision.Approval"));
            assert!(reports[0].is_sound());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_structure_that_cannot_be_followed_is_refused_with_its_reason() {
    let check = |pdf: Vec<u8>, reason: &str| {
        let error = verify_pdf(&pdf, None).expect_err(reason).to_string();
        assert!(error.contains(reason), "{error}");
    };
    let change = |pdf: Vec<u8>, from: &str, to: &str| {
        let text = String::from_utf8(pdf).expect("text");
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    let catalog = "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>";
    check(b"PK\x03\x04".to_vec(), "this is not a PDF file");
    check(b"%PDF-1.7\n".to_vec(), "there is no \"startxref\" at the end");
    check(change(open_pdf(), "/Root 1 0 R", "/Encrypt 5 0 R/Root 1 0 R"), "the PDF is encrypted");
    check(change(open_pdf(), "/Root 1 0 R", ""), "the trailer names no catalog");
    check(change(open_pdf(), "4 0 obj", "9 0 obj"), "an object is not where the table says");
    check(change(open_pdf(), "0000000000 65535 f", "0000000000 65535 x"), "a cross-reference is neither used nor free");
    check(change(open_pdf(), "/Root 1 0 R", "/Prev 99999999/Root 1 0 R"), "a link between revisions leads nowhere");
    check(write_pdf(&[catalog, "<</T(A)/Kids[2 0 R]>>"]), "a form field is listed twice");
    check(write_pdf(&[catalog, "<</FT/Sig/T(A)/V 3 0 R>>", "3 0 R"]), "references go round in a circle");
    check(write_pdf(&[catalog, "<</FT/Sig/T(A)/V(text)>>"]), "a signature is not a dictionary");
    check(write_pdf(&[&"[".repeat(5000)]), "objects nest too deeply");
    let text = String::from_utf8(open_pdf()).expect("text");
    let start = text.rsplit("startxref\n").next().and_then(|rest| rest.lines().next()).expect("an offset").to_owned();
    check(change(open_pdf(), "/Root 1 0 R", &format!("/Prev {start}/Root 1 0 R")), "cross-references go round in a circle");
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let large = vec![b' '; dpia_signing::MAX_PDF_BYTES + 1];
    assert!(matches!(verify_pdf(&large, None), Err(SigningError::TooLarge { .. })));
    assert!(matches!(sign(large, &identity(1)), Err(SigningError::TooLarge { .. })));
}

#[test]
fn a_stream_that_unpacks_to_more_than_the_limit_is_refused() {
    let bomb = deflate(&vec![0u8; 65 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let start = pdf.len();
    pdf.extend(format!("1 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Filter/FlateDecode/Length {}>>\nstream\n", bomb.len()).bytes());
    pdf.extend(bomb);
    pdf.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    let error = verify_pdf(&pdf, None).expect_err("too large").to_string();
    assert!(error.contains("packed streams are too large"), "{error}");
}

#[test]
fn work_that_a_file_asks_for_again_and_again_is_bounded() {
    // A thousand fields whose values are one string of half a megabyte: 500 MB to be read, if it were.
    let fields: String = (0..1000).map(|_| "<</FT/Sig/T(A)/V 2 0 R>>").collect();
    let catalog = format!("<</Type/Catalog/AcroForm<</Fields[{fields}]>>>>");
    let value = format!("<</Filler({})>>", "x".repeat(500_000));
    let error = verify_pdf(&write_pdf(&[&catalog, &value]), None).expect_err("too much").to_string();
    assert!(error.contains("it takes too much work to read"), "{error}");
}

#[test]
fn more_signatures_than_are_checked_are_refused() {
    let signed = signed_pdf();
    assert!(verify_pdf(&signed, None).expect("read").is_sound());
    let fields: String = (0..40).map(|_| "<</FT/Sig/T(A)/V 2 0 R>>").collect();
    let catalog = format!("<</Type/Catalog/AcroForm<</Fields[{fields}]>>>>");
    let error = verify_pdf(&write_pdf(&[&catalog, &placeholder()]), None).expect_err("too many");
    assert_eq!(error.to_string(), "the PDF has 40 signatures; the limit is 32");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_to_packed_structure_upsets_verification(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)
    ) {
        // What is behind the placeholder is structure alone.
        let mut pdf = packed_pdf(true, false);
        let start = placeholder().len();
        for (at, byte) in changes {
            let at = start + at.index(pdf.len() - start);
            pdf[at] = byte;
        }
        prop_assert!(!verify_pdf(&pdf, None).is_ok_and(|found| found.is_sound()));
    }
}
