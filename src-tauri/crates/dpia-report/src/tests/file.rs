//! Reports as written: their bytes and objects.

use super::{customer, sample, signer, with_input};
use crate::{Press, ReportError, SignatureBlock, render};
use dpia_model::{Assessment, CopyKind};
use lopdf::{Document, Object};
use std::ops::ControlFlow;

fn count(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).filter(|window| *window == needle).count()
}

#[test]
fn the_same_report_has_the_same_bytes() {
    let form = sample::form("2024.2");
    let assessment = sample::full(&form);
    let signer = signer();
    let made = || with_input(&form, &assessment, &CopyKind::Internal, Some(&signer), |input| render(input).expect("a report").pdf);
    let (first, second) = (made(), made());
    assert!(first == second, "two runs differ");
    let other = with_input(&form, &assessment, &customer(), Some(&signer), |input| render(input).expect("a report").pdf);
    let id = |pdf: &[u8]| Document::load_mem(pdf).expect("a PDF").trailer.get(b"ID").expect("an id").clone();
    assert_ne!(id(&first), id(&other));
}

#[test]
fn a_copy_for_another_client_has_the_covers_artwork_of_the_last() {
    let form = sample::form("2024.2");
    let assessment = sample::full(&form);
    let mut press = Press::new().expect("a press");
    let mut print = |client: &str| {
        let copy = CopyKind::Customer { client: client.to_owned(), included: Default::default() };
        let pdf = with_input(&form, &assessment, &copy, None, |input| {
            press.print(input, &mut |_| ControlFlow::Continue(())).expect("a report").pdf
        });
        Document::load_mem(&pdf).expect("a PDF")
    };
    let (first, second) = (print("Ysgol Example"), print("Example Academy"));
    // What is drawn on the front, then what is written on it.
    let front = |document: &Document| -> Vec<Vec<u8>> {
        let page = document.get_pages()[&1];
        let streams = document.get_page_contents(page).into_iter();
        streams.map(|stream| document.get_object(stream).and_then(Object::as_stream).expect("a stream").content.clone()).collect()
    };
    let ([artwork, words], [other_artwork, other_words]) = (&front(&first)[..], &front(&second)[..]) else {
        panic!("a front of another make");
    };
    assert!(artwork == other_artwork, "the artwork differs");
    assert!(words != other_words, "the words are the same");
}

#[test]
fn a_signed_report_waits_for_its_signature_and_a_draft_does_not() {
    let form = sample::form("2025.2");
    let assessment = sample::empty(&form);
    let signer = signer();
    let signed = with_input(&form, &assessment, &customer(), Some(&signer), |input| render(input).expect("a report").pdf);
    let place = format!("/Contents<{}>", "0".repeat(2 * crate::finish::signature::CONTENTS_BYTES));
    assert_eq!(count(&signed, place.as_bytes()), 1);
    assert_eq!(count(&signed, b"/ByteRange[0 9999999999 9999999999 9999999999]"), 1);
    assert_eq!(count(&signed, b"/SubFilter/ETSI.CAdES.detached"), 1);
    assert_eq!(count(&signed, b"/M(D:20250704133200Z)"), 1);
    let document = Document::load_mem(&signed).expect("a PDF");
    let catalog = document.catalog().expect("a catalog");
    assert!(catalog.has(b"Perms") && catalog.has(b"AcroForm"));
    let draft = with_input(&form, &assessment, &customer(), None, |input| render(input).expect("a report").pdf);
    assert_eq!(count(&draft, b"/ByteRange"), 0);
    assert!(!Document::load_mem(&draft).expect("a PDF").catalog().expect("a catalog").has(b"AcroForm"));
}

#[test]
fn the_file_says_what_it_is() {
    let form = sample::form("2025.2");
    let assessment = sample::full(&form);
    let pdf = with_input(&form, &assessment, &CopyKind::Internal, None, |input| {
        let file = crate::EmbeddedFile { name: "pupil progress.dpia", media_type: "application/zip", bytes: &|| Some(b"bundle".to_vec()) };
        render(&crate::ReportInput { embedded: Some(file), ..*input }).expect("a report").pdf
    });
    let document = Document::load_mem(&pdf).expect("a PDF");
    let catalog = document.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").expect("a language").as_str().expect("text"), b"en-GB");
    for key in [&b"StructTreeRoot"[..], b"MarkInfo", b"Metadata", b"OutputIntents", b"Outlines", b"PageLabels", b"AF", b"Names"] {
        assert!(catalog.has(key), "{}", String::from_utf8_lossy(key));
    }
    let metadata = document.get_object(catalog.get(b"Metadata").and_then(Object::as_reference).expect("metadata")).expect("a stream");
    let xmp = String::from_utf8_lossy(&metadata.as_stream().expect("a stream").content).into_owned();
    for words in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Pupil Progress: Data Protection Impact Assessment",
        "<dpia:attachmentSha256>1e6ed65d",
    ] {
        assert!(xmp.contains(words), "{words}");
    }
}

#[test]
fn a_customer_copy_without_a_client_is_refused() {
    let form = sample::form("2025.2");
    let copy = CopyKind::Customer { client: "  ".to_owned(), included: Default::default() };
    let result = with_input(&form, &sample::empty(&form), &copy, None, |input| render(input).map(|report| report.pages));
    assert!(matches!(result, Err(ReportError::NoClient)));
}

#[test]
fn a_picture_that_cannot_be_read_is_reported_and_its_words_stay() {
    let form = sample::form("2025.2");
    let assessment = sample::full(&form);
    let (id, _) = sample::picture();
    let report = with_input(&form, &assessment, &CopyKind::Internal, None, |input| {
        render(&crate::ReportInput { pictures: &|_| Some(b"not a picture".to_vec()), ..*input }).expect("a report")
    });
    assert_eq!(report.missing_pictures, [id]);
}

#[test]
fn a_brand_that_cannot_be_read_is_refused_with_the_ratio() {
    let form = sample::form("2025.2");
    let brand = dpia_model::Brand { accent: dpia_model::Colour([0x7F, 0xB0, 0xB0]), ..dpia_model::Brand::default() };
    let result = with_input(&form, &sample::empty(&form), &CopyKind::Internal, None, |input| {
        render(&crate::ReportInput { brand: &brand, ..*input }).map(|report| report.pages)
    });
    let message = result.expect_err("it is refused").to_string();
    assert!(message.contains("accent") && message.contains("2.4:1"), "{message}");
}

#[test]
fn every_row_of_a_table_has_as_many_cells_also_where_they_are_empty() {
    use dpia_model::assessment::{Cell, Content, Row, Value};
    let form = sample::form("2025.2");
    let mut assessment = sample::full(&form);
    let named = |name: &str, column: &str| Row {
        id: sample::row(9),
        cells: [(column.parse().expect("a column id"), Cell::Text { text: name.to_owned() })].into_iter().collect(),
    };
    let rows = vec![named("Only a name", "name"), named("UK", "country"), Row { id: sample::row(10), cells: Default::default() }];
    sample::answer(&mut assessment, "disclosure.recipients", Content::Answered { value: Value::Table { rows } });
    let pdf = with_input(&form, &assessment, &CopyKind::Internal, None, |input| render(input).expect("a report").pdf);
    let document = Document::load_mem(&pdf).expect("a PDF");
    let is = |object: &Object, role: &str| {
        object.as_dict().is_ok_and(|element| element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == role.as_bytes()))
    };
    let kids = |object: &Object| -> Vec<Object> {
        let kids = object.as_dict().and_then(|element| element.get(b"K")).and_then(Object::as_array).expect("kids");
        kids.iter().filter_map(|kid| document.get_object(kid.as_reference().ok()?).ok().cloned()).collect()
    };
    let tables: Vec<&Object> = document.objects.values().filter(|object| is(object, "Table")).collect();
    assert!(!tables.is_empty());
    for table in tables {
        let counts: Vec<usize> = kids(table).iter().map(|row| kids(row).len()).collect();
        assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
    }
}

#[test]
fn a_report_has_the_same_bytes_whatever_its_press_made_before() {
    let form = sample::form("2025.2");
    let (full, empty) = (sample::full(&form), sample::empty(&form));
    let client = |name: &str| CopyKind::Customer { client: name.to_owned(), included: Default::default() };
    let signer = signer();
    let mut press = crate::Press::new().expect("a press");
    let mut check = |assessment: &Assessment, copy: &CopyKind, signature: Option<&SignatureBlock>| {
        with_input(&form, assessment, copy, signature, |input| {
            let printed = press.print(input, &mut |_| std::ops::ControlFlow::Continue(())).expect("a report");
            assert!(printed == render(input).expect("a report"), "{copy:?}");
        });
    };
    check(&full, &client("Hill School"), Some(&signer));
    check(&full, &client("Dale School"), Some(&signer));
    check(&full, &client("Ysgol Gŵyr ẞ Ω"), Some(&signer));
    check(&full, &client("Hill School"), None);
    check(&empty, &client("Hill School"), None);
    check(&full, &CopyKind::Internal, Some(&signer));
    check(&full, &client("Hill School"), Some(&signer));
}

#[test]
fn a_report_can_be_stopped_at_each_step() {
    let form = sample::form("2025.2");
    let full = sample::full(&form);
    with_input(&form, &full, &CopyKind::Internal, None, |input| {
        for last in [crate::Stage::Content, crate::Stage::Layout, crate::Stage::Drawing, crate::Stage::Finishing] {
            let mut told = Vec::new();
            let stopped = crate::Press::new().expect("a press").print(input, &mut |step| {
                told.push(step);
                if step == last { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
            });
            assert!(matches!(stopped, Err(crate::ReportError::Cancelled)) && told.is_sorted() && told.last() == Some(&last));
        }
    });
}
