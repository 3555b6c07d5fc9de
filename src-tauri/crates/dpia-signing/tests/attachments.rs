//! What a PDF carries beside its pages: read strictly, and compared with what its signed metadata says.

mod support;

use std::io::Write;

use dpia_signing::{
    AttachmentFact, PdfVerification, compare_attachment, read_attachment_hash, read_attachments, read_metadata, sign, verify_pdf,
};
use flate2::{Compression, write::ZlibEncoder};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use support::{find, identity, placeholder, write_pdf};

const BUNDLE: &str = "the bundle";

fn hash_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Metadata that names `hash` as a report's does.
fn metadata(hash: &str) -> String {
    format!("<rdf:Description xmlns:dpia=\"urn:dpia-editor:xmp:1\"><dpia:attachmentSha256>{hash}</dpia:attachmentSha256></rdf:Description>")
}

fn stream(entries: &str, content: &str) -> String {
    format!("<<{entries}/Length {}>>\nstream\n{content}\nendstream", content.len())
}

/// A PDF that waits to be signed, with `catalog` in its catalog, a file specification (5), an embedded file (6), and
/// metadata (7).
fn pdf_of(catalog: &str, specification: &str, file: &str, metadata: &str) -> Vec<u8> {
    write_pdf(&[
        &format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]/SigFlags 3>>{catalog}>>"),
        "<</Type/Pages/Kids[]/Count 0>>",
        "<</FT/Sig/T(Signature)/V 4 0 R>>",
        &placeholder(),
        specification,
        file,
        &stream("/Type/Metadata/Subtype/XML", metadata),
    ])
}

const CATALOG: &str = "/AF[5 0 R]/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>/Metadata 7 0 R";
const SPECIFICATION: &str = "<</Type/Filespec/F(a.dpia)/UF<feff0175002e0064007000690061>/AFRelationship/Source/EF<</F 6 0 R/UF 6 0 R>>>>";

fn report_pdf() -> Vec<u8> {
    let file = stream("/Type/EmbeddedFile/Subtype/application#2Fzip", BUNDLE);
    pdf_of(CATALOG, SPECIFICATION, &file, &metadata(&hash_of(BUNDLE.as_bytes())))
}

fn fact_of(pdf: Vec<u8>) -> AttachmentFact {
    let signed = sign(pdf, &identity(1)).expect("signed");
    match verify_pdf(&signed, None).expect("read") {
        PdfVerification::Signed(reports) => {
            assert!(reports[0].is_sound());
            reports[0].attachment
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_attachment_is_read_once_with_its_name_kind_and_relationship() {
    let found = read_attachments(&report_pdf()).expect("read");
    let [file] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(file.name, "ŵ.dpia");
    assert_eq!(file.media_type.as_deref(), Some("application/zip"));
    assert_eq!(file.relationship, "Source");
    assert_eq!(file.bytes, BUNDLE.as_bytes());
    let text = read_metadata(&report_pdf()).expect("read").expect("there");
    assert_eq!(String::from_utf8(text).expect("text"), metadata(&hash_of(BUNDLE.as_bytes())));
}

#[test]
fn an_attachment_that_only_the_name_tree_leads_to_is_found() {
    for tree in [
        "/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>",
        "/Names<</EmbeddedFiles<</Kids[<</Limits[(a)(b)]/Names[(a)5 0 R]>>]>>>>",
        "/AF[5 0 R]",
    ] {
        let pdf = pdf_of(tree, SPECIFICATION, &stream("", BUNDLE), "");
        let found = read_attachments(&pdf).expect(tree);
        assert_eq!(found.len(), 1, "{tree}");
        assert_eq!(found[0].media_type, None);
    }
    let none = pdf_of("", SPECIFICATION, &stream("", BUNDLE), "");
    assert_eq!(read_attachments(&none).expect("read"), []);
    assert_eq!(read_metadata(&none).expect("read"), None);
}

#[test]
fn a_packed_attachment_is_unpacked() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(BUNDLE.as_bytes()).expect("packed");
    let packed = encoder.finish().expect("packed");
    let mut pdf = pdf_of("/AF[5 0 R]", SPECIFICATION, "<</Filter/FlateDecode/Length 8 0 R>>\nstream\n(place)\nendstream", "");
    // The stream's length is in an object of its own, after it, and is never moved.
    let at = find(&pdf, b"(place)");
    pdf.splice(at..at + 7, packed.iter().copied());
    let grown = packed.len() - 7;
    let text = pdf.clone();
    let from = find(&text, b"xref\n0 8");
    let mut tail = String::from_utf8(text[from..].to_vec()).expect("text");
    let length_at = from;
    let moved = |offset: usize| if offset > at { offset + grown } else { offset };
    let offsets: Vec<usize> = tail.lines().skip(3).take(7).map(|line| moved(line[..10].parse().expect("an offset"))).collect();
    let object = format!("8 0 obj\n{}\nendobj\n", packed.len());
    tail = String::from("xref\n0 9\n0000000000 65535 f \n");
    for offset in offsets.iter().chain([&length_at]) {
        tail += &format!("{offset:010} 00000 n \n");
    }
    let start = length_at + object.len();
    tail += &format!("trailer\n<</Size 9/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    pdf.truncate(from);
    pdf.extend(object.bytes());
    pdf.extend(tail.bytes());
    assert_eq!(read_attachments(&pdf).expect("read")[0].bytes, BUNDLE.as_bytes());
}

#[test]
fn attachments_that_could_be_read_in_two_ways_or_without_end_are_refused() {
    let file = stream("", BUNDLE);
    let check = |pdf: Vec<u8>, reason: &str| {
        let said = read_attachments(&pdf).expect_err(reason).to_string();
        assert!(said.contains(reason), "{said}");
        assert_eq!(compare_attachment(&pdf).expect("read"), AttachmentFact::Unreadable);
    };
    check(pdf_of("/AF[5 0 R]", "<</EF<</F 6 0 R/UF 7 0 R>>>>", &file, ""), "two different files");
    check(pdf_of("/AF[5 0 R]", "<</EF<</F<<>>>>>>", &file, ""), "not an object of its own");
    check(pdf_of("/AF[5 0 R]", "(a path)", &file, ""), "not a dictionary");
    check(pdf_of("/AF 5 0 R", SPECIFICATION, &file, ""), "not an array");
    check(pdf_of("/AF[5 0 R]", SPECIFICATION, "<<>>", ""), "not a stream");
    check(pdf_of("/AF[5 0 R]", SPECIFICATION, &stream("/Filter/LZWDecode", BUNDLE), ""), "packed in another way");
    check(pdf_of("/AF[5 0 R]", SPECIFICATION, &stream("/Filter/FlateDecode", BUNDLE), ""), "damaged");
    check(pdf_of("/AF[5 0 R]", SPECIFICATION, &file.replace("/Length 10", "/Length 5"), ""), "does not end where its length says");
    check(pdf_of("/Names<</EmbeddedFiles 5 0 R>>", "<</Kids[5 0 R 5 0 R]>>", &file, ""), "too many attachments");
    check(pdf_of("/Names<</EmbeddedFiles<</Names[5 0 R]>>>>", SPECIFICATION, &file, ""), "in pairs");
    let many = "5 0 R ".repeat(257);
    check(pdf_of(&format!("/AF[{many}]"), SPECIFICATION, &file, ""), "too many attachments");
}

#[test]
fn an_attachment_that_unpacks_without_bound_is_refused() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..129 {
        encoder.write_all(&zeros).expect("packed");
    }
    let packed = encoder.finish().expect("packed");
    let place = "#".repeat(packed.len());
    let mut pdf = pdf_of("/AF[5 0 R]", SPECIFICATION, &stream("/Filter/FlateDecode", &place), "");
    let at = find(&pdf, place.as_bytes());
    pdf[at..at + packed.len()].copy_from_slice(&packed);
    let said = read_attachments(&pdf).expect_err("too much").to_string();
    assert!(said.contains("packed streams are too large"), "{said}");
}

#[test]
fn a_signature_says_whether_the_attachment_is_the_one_that_its_metadata_names() {
    let file = stream("", BUNDLE);
    let good = metadata(&hash_of(BUNDLE.as_bytes()));
    let check = |pdf: Vec<u8>, expected: AttachmentFact| assert_eq!(fact_of(pdf), expected);
    check(report_pdf(), AttachmentFact::Matches);
    check(pdf_of(CATALOG, SPECIFICATION, &stream("", "a bundle"), &good), AttachmentFact::Differs);
    check(pdf_of("/Metadata 7 0 R", SPECIFICATION, &file, &good), AttachmentFact::Differs);
    let second = "<</EF<</F 7 0 R>>>>";
    check(pdf_of(&CATALOG.replace("/AF[", &format!("/AF[{second}")), SPECIFICATION, &file, &good), AttachmentFact::Differs);
    check(pdf_of(CATALOG, SPECIFICATION, &file, "<x:xmpmeta/>"), AttachmentFact::NoHash);
    check(pdf_of("/AF[5 0 R]", SPECIFICATION, &file, &good), AttachmentFact::NoHash);
    check(pdf_of(CATALOG, SPECIFICATION, &file, &good.repeat(2)), AttachmentFact::Unreadable);
    check(pdf_of("", SPECIFICATION, &file, &good), AttachmentFact::None);
}

#[test]
fn what_was_added_later_does_not_change_what_a_signature_says_of_its_attachment() {
    let mut signed = sign(report_pdf(), &identity(1)).expect("signed");
    let previous = find(&signed, b"xref\n0 8");
    // A later revision replaces the embedded file.
    let object = signed.len();
    signed.extend(format!("6 0 obj\n{}\nendobj\n", stream("", "another bundle")).bytes());
    let table = signed.len();
    signed.extend(
        format!("xref\n6 1\n{object:010} 00000 n \ntrailer\n<</Size 8/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n").bytes(),
    );
    assert_eq!(compare_attachment(&signed).expect("read"), AttachmentFact::Differs);
    let PdfVerification::Signed(reports) = verify_pdf(&signed, None).expect("read") else { panic!("not signed") };
    assert_eq!(reports[0].attachment, AttachmentFact::Matches);
    assert!(!reports[0].is_intact());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_upset_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..1000)) {
        let pdf = [b"%PDF-1.7\n".as_slice(), &bytes, b"\nstartxref\n9\n%%EOF"].concat();
        prop_assert!(read_attachments(&pdf).is_err());
        prop_assert!(read_metadata(&pdf).is_err());
        let _ = read_attachment_hash(&bytes);
    }

    #[test]
    fn no_change_to_a_file_upsets_the_reader(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut pdf = report_pdf();
        // The room for the signature is most of the file and says nothing here.
        let zeros = find(&pdf, &[b'0'; 64])..find(&pdf, b">>>\nendobj");
        for (at, byte) in changes {
            let at = at.index(pdf.len() - zeros.len());
            pdf[if at < zeros.start { at } else { at + zeros.len() }] = byte;
        }
        // What is read is one of the file's own parts, never more than the file.
        if let Ok(found) = read_attachments(&pdf) {
            prop_assert!(found.iter().all(|file| file.bytes.len() < pdf.len()));
        }
        let _ = (read_metadata(&pdf), compare_attachment(&pdf));
    }
}
