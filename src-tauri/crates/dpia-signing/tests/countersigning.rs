//! Countersignatures: what is added is allowed by the certification, and nothing else is.

mod support;

use dpia_signing::{
    Appearance, Countersignature, Coverage, Integrity, LaterChange, ObjectPart, PdfVerification, Problem, SignatureReport, countersign,
    sign, verify_pdf,
};
use support::{certified_pdf, find, identity, now, open_pdf, revise, signed_pdf, write_pdf};

const FIELD: &str = "Counter";

fn request(appearance: Option<Appearance>) -> Countersignature<'static> {
    Countersignature { field: FIELD, at: now(), reason: Some("Read and agreed – Ŵ"), appearance }
}

/// A form with a font of its own, given in an order that is not that of its references.
fn drawing() -> Appearance {
    let bytes = |text: &str| ObjectPart::Bytes(text.as_bytes().to_vec());
    Appearance {
        objects: vec![
            vec![bytes("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")],
            vec![
                bytes("<</Type/XObject/Subtype/Form/BBox[0 0 80 30]/Resources<</Font<</F"),
                ObjectPart::Reference(0),
                bytes(">>>>/Length 32>>\nstream\nBT /F 9 Tf 2 2 Td (Signed) Tj ET \nendstream"),
            ],
        ],
        form: 1,
    }
}

fn certified() -> Vec<u8> {
    sign(certified_pdf(2), &identity(1)).expect("signed")
}

fn countersigned(appearance: Option<Appearance>) -> Vec<u8> {
    countersign(certified(), &request(appearance), &identity(2)).expect("countersigned")
}

fn reports_of(pdf: &[u8]) -> Vec<SignatureReport> {
    match verify_pdf(pdf, None).expect("read") {
        PdfVerification::Signed(reports) => reports,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_countersignature_leaves_the_first_signature_as_it_was() {
    for appearance in [None, Some(drawing())] {
        let before = certified();
        let after = countersigned(appearance.clone());
        assert!(after.starts_with(&before));
        assert_eq!(after, countersigned(appearance), "the same request gives the same bytes");
        let reports = reports_of(&after);
        let [first, second] = reports.as_slice() else { panic!("{reports:?}") };
        assert!(first.is_sound() && second.is_sound(), "{:?} {:?}", first.problems(), second.problems());
        assert_eq!(first.after, [LaterChange::Signed { field: FIELD.into() }]);
        assert_eq!(first.after[0].to_string(), "the field \"Counter\" was signed, as this signature allows");
        assert_eq!(first.coverage, Coverage::Part { covered: before.len(), after: after.len() - before.len() });
        assert_eq!(second.after, []);
        assert_eq!(second.coverage, Coverage::Whole);
        assert_eq!(second.claimed_time.as_ref().and_then(|time| time.instant), Some(now()));
        assert_eq!(second.signer.as_ref(), Some(identity(2).certificate()));
        // The first half of the identifier stays, the second does not.
        let tail = String::from_utf8_lossy(&after[before.len()..]).into_owned();
        assert!(tail.contains("/ID [<0123><") && !tail.contains("<4567>"), "{tail}");
    }
}

#[test]
fn what_allows_no_countersignature_gets_none() {
    let check = |pdf: Vec<u8>, field: &'static str, said: &str| {
        let request = Countersignature { field, ..request(None) };
        let error = countersign(pdf, &request, &identity(2)).expect_err(said);
        assert_eq!(error.to_string(), said);
    };
    let none = "the document allows no further signature; it has to be exported with a field for a countersignature";
    check(sign(certified_pdf(1), &identity(1)).expect("signed"), FIELD, none);
    check(sign(certified_pdf(3), &identity(1)).expect("signed"), FIELD, none);
    check(signed_pdf(), FIELD, none);
    check(write_pdf(&["<</Type/Catalog>>"]), FIELD, none);
    check(certified(), "Other", "the document has no empty field \"Other\" to sign");
    check(certified(), "Certification", "the document has no empty field \"Certification\" to sign");
    check(countersigned(None), FIELD, "the document has no empty field \"Counter\" to sign");
    let mut changed = certified();
    let at = find(&changed, b"200 100 l");
    changed[at] = b'3';
    check(changed, FIELD, "the document cannot be countersigned: the content was changed after it was signed");
    let open = certified_pdf(2);
    assert!(countersign(open, &request(None), &identity(2)).is_err(), "the first signature is not there yet");
    assert!(countersign(open_pdf(), &request(None), &identity(2)).is_err());
}

#[test]
fn a_drawing_that_is_more_than_a_drawing_is_refused() {
    let bytes = |text: &str| ObjectPart::Bytes(text.as_bytes().to_vec());
    let form = "<</Subtype/Form/BBox[0 0 1 1]/Length 0>>\nstream\n\nendstream";
    let check = |objects: Vec<Vec<ObjectPart>>, form: usize| {
        let error = countersign(certified(), &request(Some(Appearance { objects, form })), &identity(2)).expect_err("refused");
        assert!(error.to_string().contains("drawing") || error.to_string().contains("structure"), "{error}");
    };
    check(vec![], 0);
    check(vec![vec![bytes(form)]], 1);
    check(vec![vec![ObjectPart::Reference(7)]], 0);
    check(vec![vec![bytes("<</Type/Page>>")]], 0);
    // An object that nothing leads to, an object that closes itself, and one that hides another.
    check(vec![vec![bytes(form)], vec![bytes("<</S/JavaScript>>")]], 0);
    check(vec![vec![bytes(form), bytes("\nendobj\n2 0 obj\n<<>>")]], 0);
    check(vec![vec![bytes("<</Subtype/Form/Length 0/Length 0>>\nstream\n\nendstream")]], 0);
}

const TRAILER: &str = "/Root 1 0 R/ID[<0123><89AB>]";
const WIDGET: &str =
    "<</Type/Annot/Subtype/Widget/FT/Sig/T<feff0043006F0075006E007400650072>/Rect[10.5 10.0 90 40]/F 132/P 3 0 R/AP<</N 7 0 R>>/V 9 0 R>>";

/// What verification says of the first signature after a revision by hand in which the field was signed by a real key.
fn judge(objects: &[(usize, &str)], trailer: &str) -> SignatureReport {
    let revised = revise(&certified(), objects, trailer);
    let signed = sign(revised, &identity(2)).expect("the change is signed");
    reports_of(&signed).remove(0)
}

#[test]
fn a_change_is_judged_object_by_object() {
    let signature = support::placeholder();
    let honest = [(6, WIDGET), (9, signature.as_str())];
    let report = judge(&honest, TRAILER);
    assert!(report.is_sound(), "{:?}", report.problems());
    assert_eq!(report.after, [LaterChange::Signed { field: FIELD.into() }]);

    let check = |objects: &[(usize, &str)], trailer: &str, expected: &str| {
        let report = judge(objects, trailer);
        assert!(report.is_valid() && !report.is_intact() && report.after.is_empty(), "{expected}");
        match &report.integrity {
            Integrity::Damaged(problems) => match problems.as_slice() {
                [Problem::ChangeNotAllowed { reason, .. }] => assert_eq!(*reason, expected),
                other => panic!("{expected}: {other:?}"),
            },
            other => panic!("{expected}: {other:?}"),
        }
    };
    let beyond = "the field was changed beyond its signature and its drawing";
    let with = |more: &'static [(usize, &'static str)]| [&honest[..], more].concat();
    // The page, its content, the catalog, and things that nothing needs.
    let replaced = "an object was replaced that is not an empty signature field";
    check(&with(&[(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Annots[4 0 R 6 0 R 10 0 R]>>")]), TRAILER, replaced);
    check(&with(&[(8, "<</Length 0>>\nstream\n\nendstream")]), TRAILER, replaced);
    check(&with(&[(7, "<</Subtype/Form/Length 0>>\nstream\n\nendstream")]), TRAILER, replaced);
    check(
        &with(&[(4, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Certification)/Rect[0 0 200 100]/F 132/P 3 0 R/V 5 0 R>>")]),
        TRAILER,
        replaced,
    );
    check(
        &with(&[(10, "<</Subtype/FreeText/Rect[0 0 200 100]/Contents(You owe)>>")]),
        TRAILER,
        "something was added that the signature does not need",
    );
    // The field itself: its place, its flags, an action, its name.
    let changed = |from: &str, to: &str| WIDGET.replace(from, to);
    for widget in [
        changed("[10.5 10.0 90 40]", "[0 0 200 100]"),
        changed("/F 132", "/F 2"),
        changed("/P 3 0 R", "/P 3 0 R/A<</S/URI/URI(https://x.example)>>"),
        changed("0043", "0044"),
        changed("/P 3 0 R", ""),
    ] {
        check(&[(6, widget.as_str()), (9, signature.as_str())], TRAILER, beyond);
    }
    check(&[(6, changed("/AP<</N 7 0 R>>", "").as_str()), honest[1]], TRAILER, "the field's drawing was taken away");
    check(&[(6, changed("7 0 R", "8 0 R").as_str()), honest[1]], TRAILER, "the field's drawing is not one form");
    // The trailer.
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 6 0 R]/SigFlags 3>>/Perms<</DocMDP 5 0 R>>>>";
    check(&[honest[0], honest[1], (10, catalog)], "/Root 10 0 R/ID[<0123><89AB>]", "the change has another catalog");
    check(&honest, "/Root 1 0 R/Info 9 0 R/ID[<0123><89AB>]", "the change has another catalog");
    check(&honest, "/Root 1 0 R/ID[<0124><89AB>]", "the change is one of another file");
    // A signature that sets rules of its own.
    let ruling = support::certification(1);
    check(&[(6, WIDGET), (9, ruling.as_str())], TRAILER, "the later signature sets rules of its own");
}

#[test]
fn what_another_program_notes_when_it_signs_is_allowed_and_nothing_more() {
    let xmp = |title: &str, more: &str| {
        support::xmp(&format!("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>{more}"))
    };
    let (information, metadata) = ("<</Title(Report)/Producer(One)/ModDate(D:2026)>>", xmp("Report", ""));
    let before = support::certified_pdf_with(2, "/Metadata 10 0 R", "/Info 9 0 R", &[information, &metadata]);
    let before = sign(before, &identity(1)).expect("signed");
    let widget = WIDGET.replace("9 0 R", "11 0 R").replace("<feff0043006F0075006E007400650072>", "(Counter)");
    let signature = support::placeholder();
    let judge = |number: usize, object: &str| {
        let objects = [(6, widget.as_str()), (11, signature.as_str()), (number, object)];
        let revised = revise(&before, &objects, "/Root 1 0 R/Info 9 0 R/ID[<0123><89AB>]");
        reports_of(&sign(revised, &identity(2)).expect("signed")).remove(0)
    };
    let catalog = |more: &str| {
        format!("<</Type/Catalog/Metadata 10 0 R/Pages 2 0 R/AcroForm<</Fields[4 0 R 6 0 R]/SigFlags 3>>/Perms<</DocMDP 5 0 R>>{more}>>")
    };
    for (number, object) in [
        (1, catalog("")),
        (1, catalog("/Extensions<</ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>>>")),
        (1, catalog("/Version/2.0/Extensions<</ISO_[<</BaseVersion/2.0/ExtensionLevel 32002>>]>>")),
        (9, "<</Title<FEFF005200650070006F00720074>/Producer(Two)/ModDate(D:2027)>>".to_owned()),
        (10, xmp("Report", "<xmp:ModifyDate>2027</xmp:ModifyDate>")),
    ] {
        let report = judge(number, &object);
        assert!(report.is_sound(), "{object}: {:?}", report.problems());
        assert_eq!(report.after, [LaterChange::Signed { field: FIELD.into() }]);
    }
    for (number, object, reason) in [
        (1, catalog("/OpenAction<</S/JavaScript>>"), "the catalog was changed"),
        (1, catalog("/Extensions 8 0 R"), "the catalog was changed"),
        (1, catalog("/Version/1.2"), "the catalog was changed"),
        (1, catalog("").replace("SigFlags 3", "SigFlags 1"), "the catalog was changed"),
        (9, information.replace("Report", "Repost"), "what the document says of itself was changed"),
        (9, information.replace("(One)", " 8 0 R"), "what the document says of itself was changed"),
        (9, information.replace("/Title(Report)", ""), "what the document says of itself was changed"),
        (10, xmp("Repost", ""), "the document's title was changed"),
        (10, xmp("Report", "<dc:title>Other</dc:title>"), "the document's title was changed"),
        (10, metadata.replace("/XML", "/XML/Filter[]"), "the document's title was changed"),
        (10, "<<>>".to_owned(), "the document's title was changed"),
    ] {
        let report = judge(number, &object);
        let said = report.problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        assert!(!report.is_intact() && report.after.is_empty() && said.contains(reason), "{object}: {said}");
    }
}

#[test]
fn anything_else_in_a_change_makes_it_one_that_is_not_allowed() {
    let signature = support::placeholder();
    let revised = revise(&certified(), &[(6, WIDGET), (9, signature.as_str())], TRAILER);
    let end = certified().len();
    // Something between the objects, between object and table, between table and end.
    for (before, inserted) in
        [("9 0 obj", "% a page to come\n"), ("9 0 obj", "17 0 obj\n<<>>\nendobj\n"), ("startxref", "%x\n"), ("%%EOF", "% ")]
    {
        let mut text = revised.clone();
        let at = end + find(&text[end..], before.as_bytes());
        text.splice(at..at, inserted.bytes());
        let moved = String::from_utf8_lossy(&text[end..]).into_owned();
        // The offsets behind the insertion move with it.
        let table = end + find(&text[end..], b"xref\n");
        let widget_at = end + find(&text[end..], b"6 0 obj");
        let signature_at = end + find(&text[end..], b"9 0 obj");
        let head = moved.split("xref\n").next().expect("objects").len();
        let tail = moved[head..].replace(
            &moved[head..].split("trailer").next().expect("a table").to_owned(),
            &format!("xref\n6 1\n{widget_at:010} 00000 n \n9 1\n{signature_at:010} 00000 n \n"),
        );
        let old_start = tail.rsplit("startxref\n").next().and_then(|rest| rest.lines().next()).expect("an offset").to_owned();
        let tail = tail.replace(&format!("startxref\n{old_start}"), &format!("startxref\n{table}"));
        text.truncate(end + head);
        text.extend(tail.bytes());
        let signed = sign(text, &identity(2)).expect("signed");
        let reports = reports_of(&signed);
        assert!(!reports[0].is_intact(), "{inserted:?} before {before:?}");
        assert!(reports[1].is_intact());
    }
}

#[test]
fn bytes_after_the_countersignature_are_reported() {
    let mut pdf = countersigned(None);
    pdf.extend(b"\n% more\nstartxref\n0\n%%EOF\n");
    assert!(!verify_pdf(&pdf, None).is_ok_and(|found| found.is_sound()));
    let revised = revise(&countersigned(None), &[(8, "<</Length 0>>\nstream\n\nendstream")], TRAILER);
    let reports = reports_of(&revised);
    assert!(reports.iter().all(|report| !report.is_intact() && report.after.is_empty()), "{reports:?}");
}

#[test]
fn a_change_after_a_certification_that_allows_none_is_reported() {
    let certified = sign(certified_pdf(1), &identity(1)).expect("signed");
    let signature = support::placeholder();
    let revised = revise(&certified, &[(6, WIDGET), (9, signature.as_str())], TRAILER);
    let signed = sign(revised, &identity(2)).expect("signed");
    let reports = reports_of(&signed);
    assert!(
        matches!(reports[0].integrity, Integrity::Damaged(ref problems) if matches!(problems.as_slice(), [Problem::BytesAfter { .. }]))
    );
    assert!(reports[1].is_sound());
}
