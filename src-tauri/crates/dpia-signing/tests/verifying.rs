//! Verification: what is noticed, what is distinguished, and that no input upsets it.

mod support;

use dpia_signing::{
    Certificate, Coverage, DateFact, Integrity, PdfVerification, Problem, SignatureReport, Trust, sign, sign_detached, verify_detached,
    verify_pdf,
};
use proptest::prelude::*;
use support::{find, identity, officer, open_pdf, pdf_with, placeholder, signed_pdf, write_pdf};

fn only_report(pdf: &[u8], trust: Option<&[Certificate]>) -> SignatureReport {
    match verify_pdf(pdf, trust).expect("the PDF is read") {
        PdfVerification::Signed(reports) => {
            assert_eq!(reports.len(), 1);
            reports.into_iter().next().expect("one report")
        }
        other => panic!("not signed: {other:?}"),
    }
}

#[test]
fn a_signed_pdf_is_intact_and_valid_and_says_who_claims_when() {
    let report = only_report(&signed_pdf(), None);
    assert!(report.is_sound(), "{:?}", report.problems());
    assert_eq!(report.field.as_deref(), Some("Signature"));
    assert_eq!(report.coverage, Coverage::Whole);
    assert_eq!(report.trust, Trust::NotAsked);
    assert_eq!(report.dates, DateFact::WithinLife);
    let claimed = report.claimed_time.as_ref().expect("a claimed time");
    assert_eq!(claimed.to_string(), "2026-11-23T08:00:00Z");
    let subject = report.subject().expect("a subject");
    assert_eq!(subject.name, Some(officer().name));
}

#[test]
fn a_time_claimed_outside_the_validity_of_the_certificate_is_reported() {
    // The certificate lives from 2026-11-22 09:30 for three years.
    let check = |time: &str, expected: DateFact| {
        let pdf = pdf_with(&placeholder().replace("D:20261123080000Z", time));
        let report = only_report(&sign(pdf, &identity(1)).expect("signed"), None);
        assert_eq!(report.dates, expected, "{time}");
        assert!(report.is_intact() && report.is_valid(), "{time}");
    };
    check("D:20261122092959Z", DateFact::BeforeLife);
    check("D:20261122093000Z", DateFact::WithinLife);
    check("D:20291122093000Z", DateFact::AfterLife);
    check("D:20291122093000+01'00'", DateFact::WithinLife);
    check("D:20291122", DateFact::Unknown);
}

#[test]
fn trust_is_a_fact_of_its_own() {
    let (own, other) = (identity(1), identity(2));
    let check = |list: &[Certificate], expected: Trust, is_sound: bool| {
        let report = only_report(&signed_pdf(), Some(list));
        assert!(report.is_intact() && report.is_valid());
        assert_eq!(report.trust, expected);
        assert_eq!(report.is_sound(), is_sound);
    };
    check(&[], Trust::NotTrusted, false);
    check(&[other.certificate().clone()], Trust::NotTrusted, false);
    check(&[other.certificate().clone(), own.certificate().clone()], Trust::Named, true);
}

#[test]
fn a_flip_of_every_single_byte_is_noticed() {
    let signed = signed_pdf();
    let places: Vec<usize> = (0..signed.len()).collect();
    let check = |index: usize| {
        // Another digit; or the other case of a letter, which a lenient reader overlooks.
        let is_letter = signed[index].is_ascii_alphabetic();
        let bit = if is_letter && index.is_multiple_of(2) { 0x20 } else { 0x01 };
        let mut flipped = signed.clone();
        flipped[index] ^= bit;
        if let Ok(found) = verify_pdf(&flipped, None) {
            assert!(!found.is_sound(), "byte {index} with bit {bit:#x}");
        }
    };
    let (one, two) = places.split_at(places.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| one.iter().copied().for_each(check));
        two.iter().copied().for_each(check);
    });
}

#[test]
fn appended_bytes_are_noticed_and_counted() {
    let mut longer = signed_pdf();
    longer.extend(b"\n% more");
    let report = only_report(&longer, None);
    assert_eq!(report.integrity, Integrity::Damaged(vec![Problem::BytesAfter { count: 7 }]));
    assert_eq!(report.coverage, Coverage::Part { covered: longer.len() - 7, after: 7 });
    assert!(report.is_valid());
}

#[test]
fn a_truncated_pdf_is_not_sound() {
    let signed = signed_pdf();
    for length in [0, 5, 100, signed.len() / 2, signed.len() - 1] {
        let is_sound = verify_pdf(&signed[..length], None).is_ok_and(|found| found.is_sound());
        assert!(!is_sound, "{length} bytes");
    }
}

#[test]
fn an_unsigned_pdf_is_said_to_be_unsigned() {
    let check = |pdf: Vec<u8>, empty_fields| {
        let found = verify_pdf(&pdf, None).expect("read");
        assert_eq!(found, PdfVerification::NotSigned { empty_fields });
        assert!(!found.is_sound());
    };
    check(write_pdf(&["<</Type/Catalog>>"]), 0);
    check(write_pdf(&["<</Type/Catalog/AcroForm<</Fields[]>>>>"]), 0);
    check(pdf_with("null"), 1);
    // A signature that no form field leads to is none.
    check(write_pdf(&["<</Type/Catalog>>", &placeholder()]), 0);
}

#[test]
fn a_placeholder_that_was_never_filled_is_not_sound() {
    let report = only_report(&open_pdf(), None);
    assert!(!report.is_intact() && !report.is_valid());
    assert_eq!(report.signer, None);
}

#[test]
fn each_way_to_lie_in_the_dictionary_is_found() {
    let signed = String::from_utf8(signed_pdf()).expect("the test PDF is ASCII");
    let contents = find(signed.as_bytes(), b"/Contents<") + "/Contents".len();
    let check = |pdf: String, expected: Problem| {
        let report = only_report(pdf.as_bytes(), None);
        let problems = report.problems();
        assert!(problems.contains(&&expected), "{problems:?}");
        assert!(!report.is_sound());
    };
    let swap = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        assert!(signed.contains(from), "{from}");
        signed.replacen(from, to, 1)
    };
    check(swap("/Type/Sig/", "/Type/Xig/"), Problem::NotASignature);
    check(swap("ETSI.CAdES", "ETSI.CADES"), Problem::KindUnknown);
    check(swap("/Contents<", "/Kontents<"), Problem::ContentsMissing);
    check(swap("/ByteRange", "/KyteRange"), Problem::ByteRangeWrong);
    check(swap("/ByteRange[0 ", "/ByteRange[1 "), Problem::ByteRangeWrong);
    let negative = format!("[0 {contents} ");
    check(swap(&negative, &format!("[0 -{} ", "1".repeat(negative.len() - 5))), Problem::ByteRangeWrong);
    check(swap("MediaBox[0 0 2", "MediaBox[0 0 3"), Problem::ContentChanged);
    // A letter of the signature in the other case has the same value and is refused all the same.
    let digits = &signed[contents + 1..];
    let letter = contents + 1 + digits.find(|c: char| c.is_ascii_lowercase()).expect("a letter");
    let mut cased = signed.clone();
    let upper = signed[letter..=letter].to_uppercase();
    cased.replace_range(letter..=letter, &upper);
    check(cased, Problem::ContentsOdd);
    // Something hidden behind the signature.
    let mut hidden = signed.clone();
    let end = contents + 16_000;
    hidden.replace_range(end..=end, "7");
    check(hidden, Problem::PaddingNotZero);
}

#[test]
fn a_shadow_in_a_later_revision_is_not_sound() {
    // The signature is kept; a later revision leads the catalog to another page tree.
    let signed = signed_pdf();
    let before = find(&signed, b"startxref\n") + "startxref\n".len();
    let old = String::from_utf8(signed[before..].to_vec()).expect("text");
    let old = old.lines().next().expect("an offset").to_owned();
    let mut pdf = signed.clone();
    let object = pdf.len();
    pdf.extend(b"1 0 obj\n<</Type/Catalog/AcroForm<</Fields[4 0 R]>>>>\nendobj\n");
    let table = pdf.len();
    pdf.extend(
        format!(
            "xref\n1 1\n{object:010} 00000 n \ntrailer\n<</Size 6/Root 1 0 R/Prev {old}>>\n\
             startxref\n{table}\n%%EOF\n"
        )
        .into_bytes(),
    );
    let report = only_report(&pdf, None);
    assert!(report.is_valid());
    assert!(!report.is_intact());
}

#[test]
fn a_signature_moved_to_another_document_is_not_sound() {
    let mut other = open_pdf();
    let at = find(&other, b"200 100");
    other[at] = b'3';
    let signed = signed_pdf();
    let range = find(&signed, b"/ByteRange");
    let end = find(&signed, b"xref\n0");
    other[range..end].copy_from_slice(&signed[range..end]);
    let report = only_report(&other, None);
    assert_eq!(report.integrity, Integrity::Damaged(vec![Problem::ContentChanged]));
}

#[test]
fn a_signature_by_one_key_under_the_certificate_of_another_is_not_valid() {
    // Same person, same issuer name; the serial number and the key differ.
    let content = b"a manifest";
    let (one, two) = (identity(1), identity(2));
    let signature = sign_detached(content, &one).expect("signed");
    let place = find(&signature, one.certificate().as_der());
    let mut swapped = signature.clone();
    let theirs = two.certificate().as_der();
    let length = one.certificate().as_der().len();
    if theirs.len() == length {
        swapped[place..place + length].copy_from_slice(theirs);
    } else {
        swapped.splice(place..place + length, theirs.iter().copied());
    }
    let report = verify_detached(content, &swapped, None);
    assert!(!report.is_valid());
}

#[test]
fn a_detached_signature_holds_for_its_own_content_only() {
    let content = b"{\"format\": 1}";
    let own = identity(3);
    let signature = sign_detached(content, &own).expect("signed");
    let list = [own.certificate().clone()];
    let report = verify_detached(content, &signature, Some(&list));
    assert!(report.is_sound(), "{:?}", report.problems());
    assert_eq!(report.trust, Trust::Named);
    let report = verify_detached(b"{\"format\": 2}", &signature, Some(&list));
    assert!(report.is_valid());
    assert_eq!(report.integrity, Integrity::Damaged(vec![Problem::ContentChanged]));
    for index in 0..signature.len() {
        let mut flipped = signature.clone();
        flipped[index] ^= 1;
        let is_sound = verify_detached(content, &flipped, None).is_sound();
        assert!(!is_sound, "byte {index}");
    }
    assert!(!verify_detached(content, b"", None).is_sound());
}

#[test]
fn a_second_signature_of_a_signed_pdf_needs_a_field_of_its_own() {
    let error = sign(signed_pdf(), &identity(2)).expect_err("no placeholder is left");
    assert_eq!(error.to_string(), "the PDF has no signature placeholder to fill");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_upset_verification(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.extend(&bytes);
        pdf.extend(b"\nstartxref\n9\n%%EOF");
        prop_assert!(!verify_pdf(&bytes, None).is_ok_and(|found| found.is_sound()));
        prop_assert!(!verify_pdf(&pdf, None).is_ok_and(|found| found.is_sound()));
        prop_assert!(!verify_detached(b"content", &bytes, None).is_sound());
        prop_assert!(Certificate::from_der(&bytes).is_err());
    }

    #[test]
    fn no_change_to_a_signed_pdf_upsets_verification_or_passes(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]{1,12}", any::<bool>()), 1..6)
    ) {
        let signed = signed_pdf();
        let mut pdf = signed.clone();
        for (at, text, inserts) in changes {
            let at = at.index(pdf.len());
            let end = if inserts { at } else { pdf.len().min(at + text.len()) };
            pdf.splice(at..end, text.bytes());
        }
        let is_sound = verify_pdf(&pdf, None).is_ok_and(|found| found.is_sound());
        prop_assert!(!is_sound || pdf == signed);
    }

    #[test]
    fn no_change_to_the_structure_upsets_verification(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        // A file with a cross-reference table of few bytes: every change hits structure.
        let mut pdf = write_pdf(&[
            "<</Type/Catalog/AcroForm 2 0 R>>",
            "<</Fields[3 0 R 4 0 R]>>",
            "<</FT/Sig/T(A)/Kids[4 0 R]>>",
            "<</T<FEFF0041>/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>",
        ]);
        for (at, byte) in changes {
            let at = at.index(pdf.len());
            pdf[at] = byte;
        }
        prop_assert!(!verify_pdf(&pdf, None).is_ok_and(|found| found.is_sound()));
    }
}
