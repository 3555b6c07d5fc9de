//! What may be added after any signature (ISO 32000-2, 12.8.2.2 and 12.8.4): validation information, timestamps, further
//! signatures, a form written again. Each is allowed, named, and no cover for anything else.

#[path = "support/cms.rs"]
mod cms;
mod support;

use cms::{Holder, Purposes, Wish, fill, p256_key, tlv};
use dpia_signing::{Integrity, LaterChange, PdfVerification, Problem, SignatureKind, SignatureReport, sign, verify_pdf};
use support::{certified_pdf_with, find, identity, placeholder, revise, revise_with_bytes, write_pdf};

const TRAILER: &str = "/Root 1 0 R/ID[<0123><89AB>]";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>/Contents 8 0 R/Annots[4 0 R 6 0 R]>>";
const NEW_FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[0 0 0 0]/F 132/P 3 0 R/V 21 0 R>>";
const HASH: &str = "1C3F137540BD581486CB811524C5577A456F99F8";

/// A stream with these bytes.
fn stream(bytes: &[u8]) -> Vec<u8> {
    [format!("<</Length {}>>\nstream\n", bytes.len()).as_bytes(), bytes, b"\nendstream"].concat()
}

/// Streams of validation information: a certificate, a list of revoked ones, an answer about one, a timestamp.
fn certificate() -> Vec<u8> {
    stream(identity(7).certificate().as_der())
}

fn revocation_list() -> Vec<u8> {
    let empty = tlv(0x30, &[b""]);
    let signed = tlv(0x30, &[&tlv(0x02, &[&[1]]), &empty, &empty, &tlv(0x17, &[b"261130000000Z"])]);
    stream(&tlv(0x30, &[&signed, &empty, &tlv(0x03, &[&[0]])]))
}

fn answer() -> Vec<u8> {
    stream(&tlv(0x30, &[&tlv(0x0a, &[&[0]]), &tlv(0xa0, &[&tlv(0x30, &[b""])])]))
}

fn timestamp() -> Vec<u8> {
    stream(&timestamps().stamp(b"bytes", 1_795_420_900))
}

/// How the first signature is made: a certification with P, or an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Certified(u8),
    Approval,
}

const EACH: [First; 3] = [First::Certified(1), First::Certified(2), First::Approval];

fn signed(first: First) -> Vec<u8> {
    signed_with(first, "", "")
}

/// The signed file, with more entries of the catalog, and more of the signature's dictionary.
fn signed_with(first: First, of_catalog: &str, of_signature: &str) -> Vec<u8> {
    let allowed = if let First::Certified(allowed) = first { allowed } else { 2 };
    let pdf = String::from_utf8(certified_pdf_with(allowed, of_catalog, "", &[])).expect("text");
    // What is taken away is replaced by blanks, so that no offset moves.
    let blank = |text: String, from: &str, to: &str| text.replacen(from, &format!("{to:width$}", width = from.len()), 1);
    let mut pdf = pdf;
    if first == First::Approval {
        let reference = pdf[pdf.find("/Reference[").expect("rules")..].split("]").next().expect("an end").to_owned() + "]";
        pdf = blank(pdf, "/Perms<</DocMDP 5 0 R>>", "");
        assert!(of_signature.len() <= reference.len(), "{of_signature}");
        pdf = blank(pdf, &reference, of_signature);
    }
    sign(pdf.into_bytes(), &identity(1)).expect("signed")
}

fn catalog(first: First, more: &str, fields: &str) -> String {
    let permissions = if first == First::Approval { "" } else { "/Perms<</DocMDP 5 0 R>>" };
    format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 6 0 R{fields}]/SigFlags 3>>{permissions}{more}>>")
}

fn reports_of(pdf: &[u8]) -> Vec<SignatureReport> {
    match verify_pdf(pdf, None).expect("read") {
        PdfVerification::Signed(reports) => reports,
        other => panic!("{other:?}"),
    }
}

fn timestamps() -> Holder {
    let purposes: Option<Purposes> = Some((vec!["1.3.6.1.5.5.7.3.8"], true));
    let key = p256_key();
    let certificate = Wish { purposes, ..Wish::named("Stamps") }.issue(&key, None);
    Holder { key, certificate, carried: Vec::new() }
}

/// A placeholder for a document timestamp, which `fill` fills.
fn stamp_placeholder() -> String {
    placeholder().replace("/Type/Sig/", "/Type/DocTimeStamp/").replace("/M(D:20261123080000Z)", "")
}

fn stamped(pdf: Vec<u8>) -> Vec<u8> {
    let authority = timestamps();
    fill(pdf, "ETSI.RFC3161", |content| authority.stamp(content, 1_795_420_900))
}

fn check_refused(first: First, pdf: &[u8], what: &str) {
    let report = reports_of(pdf).remove(0);
    assert!(report.is_valid() && !report.is_intact() && report.after.is_empty(), "{first:?}, {what}: {:?}", report.after);
}

#[test]
fn validation_information_is_allowed_after_any_signature_and_nothing_with_it() {
    let store = format!("<</Type/DSS/Certs[21 0 R]/VRI<</{HASH} 22 0 R>>>>");
    let part = "<</Type/VRI/Cert[21 0 R]/TU(D:20261130000000Z)>>";
    for first in EACH {
        let before = signed(first);
        let with_store = catalog(first, "/DSS 20 0 R", "");
        let (certificate, list) = (certificate(), revocation_list());
        let bytes = str::as_bytes;
        let objects = [(1, bytes(&with_store)), (20, bytes(&store)), (21, certificate.as_slice()), (22, bytes(part))];
        let once = revise_with_bytes(&before, &objects, TRAILER);
        let report = reports_of(&once).remove(0);
        assert!(report.is_sound(), "{first:?}: {:?}", report.problems());
        assert_eq!(report.after, [LaterChange::ValidationInformation]);
        // Once more, with the store written again.
        let more = "<</Type/DSS/Certs[21 0 R 23 0 R]/CRLs[24 0 R]>>";
        let twice = revise_with_bytes(&once, &[(20, bytes(more)), (23, &certificate), (24, &list)], TRAILER);
        let report = reports_of(&twice).remove(0);
        assert!(report.is_sound(), "{first:?}: {:?}", report.problems());
        assert_eq!(report.after, [LaterChange::ValidationInformation, LaterChange::ValidationInformation]);

        let refuse = |what: &str, objects: &[(usize, &[u8])]| check_refused(first, &revise_with_bytes(&before, objects, TRAILER), what);
        let [one, two, three, four] = objects;
        refuse("another entry", &[one, (20, b"<</Certs[21 0 R]/Pages 2 0 R>>"), three]);
        refuse("an entry of another kind", &[one, (20, b"<</Certs 21 0 R>>"), three]);
        let with = |entry: &str| [format!("<<{entry}").as_bytes(), &certificate[2..]].concat();
        refuse("a form among the streams", &[one, two, (21, &with("/Subtype/Form")), four]);
        refuse("a stream elsewhere", &[one, two, (21, &with("/F(a.bin)")), four]);
        refuse("something that nothing needs", &[one, two, three, four, (23, b"<</Type/Annot>>")]);
        refuse("a page", &[one, two, three, four, (3, PAGE.replace("/Parent", "/Rotate 90/Parent").as_bytes())]);
        let action = catalog(first, "/DSS 20 0 R/OpenAction<</S/JavaScript/JS(1)>>", "");
        refuse("an action", &[(1, bytes(&action)), two, three, four]);
        let elsewhere = catalog(first, "/DSS 8 0 R", "");
        refuse("the place of something else", &[(1, bytes(&elsewhere)), (8, b"<</Certs[21 0 R]>>"), three]);
        check_refused(first, &revise(&once, &[(21, "<</Length 3>>\nstream\nabd\nendstream")], TRAILER), "a certificate replaced");
        check_refused(first, &revise(&once, &[(1, &catalog(first, "", ""))], TRAILER), "the store taken away");
    }
}

#[test]
fn what_validation_information_holds_is_what_its_list_is_for() {
    let before = signed(First::Certified(2));
    let with_store = catalog(First::Certified(2), "/DSS 20 0 R", "");
    let check = |store: &str, held: &[u8], is_sound: bool| {
        let objects = [(1, with_store.as_bytes()), (20, store.as_bytes()), (21, held)];
        let report = reports_of(&revise_with_bytes(&before, &objects, TRAILER)).remove(0);
        assert_eq!(report.is_sound(), is_sound, "{store}: {:?}", report.problems());
        if !is_sound {
            assert!(matches!(report.integrity, Integrity::NotJudged(_)), "{store}: {:?}", report.integrity);
        }
    };
    let part = |entry: &str| format!("<</VRI<</{HASH}<<{entry}>>>>>>");
    let kinds = [("Cert", certificate()), ("CRL", revocation_list()), ("OCSP", answer()), ("TS", timestamp())];
    for (index, (_, held)) in kinds.iter().enumerate() {
        for (place, (key, _)) in kinds.iter().enumerate() {
            let is_sound = index == place;
            if *key == "TS" {
                check(&part("/TS 21 0 R"), held, is_sound);
            } else {
                check(&format!("<</{key}s[21 0 R]>>"), held, is_sound);
                check(&part(&format!("/{key}[21 0 R]")), held, is_sound);
            }
        }
    }
    let bare = identity(7).certificate().as_der().to_vec();
    let shorter = &bare[..bare.len() - 1];
    for other in [b"x".as_slice(), b"BT (You owe 99) Tj ET", shorter, &[&bare, b"more".as_slice()].concat(), b"0\0"] {
        for store in ["<</Certs[21 0 R]>>", "<</CRLs[21 0 R]>>", "<</OCSPs[21 0 R]>>"] {
            check(store, &stream(other), false);
        }
    }
}

#[test]
fn a_document_timestamp_is_allowed_after_any_signature_and_is_judged_itself() {
    for first in EACH {
        let before = signed(first);
        let form = catalog(first, "", " 20 0 R");
        let page = PAGE.replace("6 0 R]", "6 0 R 20 0 R]");
        let stamp = stamp_placeholder();
        let objects = [(1, form.as_str()), (3, page.as_str()), (20, NEW_FIELD), (21, stamp.as_str())];
        let after = stamped(revise(&before, &objects, TRAILER));
        let reports = reports_of(&after);
        let [one, two] = reports.as_slice() else { panic!("{reports:?}") };
        assert!(one.is_sound() && two.is_sound(), "{first:?}: {:?} {:?}", one.problems(), two.problems());
        assert_eq!(one.after, [LaterChange::Timestamped { field: "Second".into() }]);
        assert_eq!((one.kind, two.kind), (SignatureKind::Signature, SignatureKind::Timestamp));
        assert_eq!(one.stamp.as_ref().map(|stamp| stamp.is_trusted), Some(false));
        // The same without a place on a page, and with validation information behind it.
        let alone = NEW_FIELD.replace("/P 3 0 R", "");
        let after = stamped(revise(&before, &[(1, &form), (20, &alone), (21, &stamp)], TRAILER));
        let store = catalog(first, "/DSS<</Certs[23 0 R]>>", " 20 0 R");
        let after = revise_with_bytes(&after, &[(1, store.as_bytes()), (23, &certificate())], TRAILER);
        let reports = reports_of(&after);
        assert!(reports.iter().all(SignatureReport::is_sound), "{first:?}: {reports:?}");
        assert_eq!(reports[0].after.len(), 2);

        let refuse = |what: &str, objects: &[(usize, &str)]| {
            let revised = stamped(revise(&before, objects, TRAILER));
            check_refused(first, &revised, what);
        };
        let field = |from: &str, to: &str| NEW_FIELD.replace(from, to);
        refuse("a field that is drawn", &[(1, &form), (3, &page), (20, &field("[0 0 0 0]", "[0 0 200 100]")), (21, &stamp)]);
        refuse("a name that another has", &[(1, &form), (3, &page), (20, &field("Second", "Counter")), (21, &stamp)]);
        refuse("an action", &[(1, &form), (3, &page), (20, &field("/V", "/A<</S/JavaScript>>/V")), (21, &stamp)]);
        refuse("a text field", &[(1, &form), (3, &page), (20, &field("/FT/Sig", "/FT/Tx")), (21, &stamp)]);
        refuse("another annotation", &[(1, &form), (3, &page.replace("20 0 R]", "20 0 R 22 0 R]")), objects[2], objects[3], (22, "<<>>")]);
        refuse("another page", &[(1, &form), (3, &page.replace("/Rotate", "").replace("200 100", "300 100")), objects[2], objects[3]]);
        refuse("one field fewer", &[(1, &form.replace("6 0 R ", "")), objects[1], objects[2], objects[3]]);
        refuse("other flags", &[(1, &form.replace("SigFlags 3", "SigFlags 1")), objects[1], objects[2], objects[3]]);
        refuse(
            "fields that are drawn again",
            &[(1, &form.replace("/SigFlags", "/NeedAppearances true/SigFlags")), objects[1], objects[2], objects[3]],
        );
    }
    // A timestamp of something else is not one of this document.
    let before = signed(First::Approval);
    let form = catalog(First::Approval, "", " 20 0 R");
    let revised = revise(&before, &[(1, &form), (20, NEW_FIELD), (21, &stamp_placeholder())], TRAILER);
    let authority = timestamps();
    let other = fill(revised, "ETSI.RFC3161", |_| authority.stamp(b"something else", 1_795_420_900));
    let report = reports_of(&other).remove(1);
    assert_eq!(report.integrity, Integrity::Damaged(vec![Problem::ContentChanged]));
}

#[test]
fn a_second_signer_is_allowed_where_the_first_signature_allows_it() {
    for first in [First::Certified(1), First::Certified(2), First::Certified(3), First::Approval] {
        let before = signed(first);
        let (form, page) = (catalog(first, "", " 20 0 R"), PAGE.replace("6 0 R]", "6 0 R 20 0 R]"));
        let signature = placeholder();
        let revised = revise(&before, &[(1, &form), (3, &page), (20, NEW_FIELD), (21, &signature)], TRAILER);
        let reports = reports_of(&sign(revised, &identity(2)).expect("signed"));
        assert!(reports[1].is_sound(), "{first:?}");
        assert_eq!(reports[0].is_sound(), first != First::Certified(1), "{first:?}: {:?}", reports[0].problems());
        if reports[0].is_sound() {
            assert_eq!(reports[0].after, [LaterChange::SignedNewField { field: "Second".into() }]);
        }
        // One that is drawn may cover something: that is not judged, where it could be allowed.
        let drawn = NEW_FIELD.replace("[0 0 0 0]", "[0 0 90 40]");
        let revised = revise(&before, &[(1, &form), (3, &page), (20, &drawn), (21, &signature)], TRAILER);
        let report = reports_of(&sign(revised, &identity(2)).expect("signed")).remove(0);
        assert!(matches!(report.integrity, Integrity::NotJudged(_)), "{first:?}: {:?}", report.integrity);
        // P 3 allows more than is judged: what is changed then is not said to be forbidden.
        let revised = revise(&before, &[(8, "<</Length 0>>\nstream\n\nendstream")], TRAILER);
        let report = reports_of(&revised).remove(0);
        assert_eq!(matches!(report.integrity, Integrity::NotJudged(_)), first == First::Certified(3), "{:?}", report.integrity);
        assert!(!report.is_intact());
    }
}

#[test]
fn a_field_that_is_locked_is_not_signed_later() {
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T<FEFF0043006F0075006E007400650072>/Rect[10.5 10 90 40]/F 132/P 3 0 R/AP<</N 7 0 R>>/V 9 0 R>>";
    let rules = |action: &str| format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/{action}>>>>]");
    let check = |action: &str, is_sound: bool| {
        let before = signed_with(First::Approval, "", &rules(action));
        let signature = placeholder();
        let revised = revise(&before, &[(6, widget), (9, &signature)], TRAILER);
        let report = reports_of(&sign(revised, &identity(2)).expect("signed")).remove(0);
        assert_eq!(report.is_sound(), is_sound, "{action}: {:?}", report.problems());
    };
    check("All", false);
    check("Include/Fields[(Counter)]", false);
    check("Include/Fields[(Other)]", true);
    check("Exclude/Fields[(Counter)]", true);
    check("Exclude/Fields[]", false);
    check("Unknown", false);
    // A later signature may lock fields itself: that is allowed, and named.
    let before = signed(First::Certified(2));
    let signature = placeholder().replacen(
        "/M(",
        "/Reference[<</Type/SigRef/TransformMethod/FieldMDP/Data 1 0 R/TransformParams<</Type/TransformParams/Action/All/V/1.2>>>>]/M(",
        1,
    );
    let report = reports_of(&sign(revise(&before, &[(6, widget), (9, &signature)], TRAILER), &identity(2)).expect("signed")).remove(0);
    assert!(report.is_sound(), "{:?}", report.problems());
    let field = || "Counter".to_owned();
    assert_eq!(report.after, [LaterChange::Signed { field: field() }, LaterChange::FieldsLocked { field: field() }]);
}

/// Colours of a page, of which a string lists the parts (ISO 32000-1, 8.6.6.3).
const COLOURS: &str = "/ColorSpace<</Names[/Indexed/DeviceRGB 0(ABC)]>>";

/// A certified file whose form, annotations and metadata are objects of their own.
fn spread_out(metadata: &str, contents: &str) -> Vec<u8> {
    let pdf = write_pdf(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/Metadata 11 0 R/Perms<</DocMDP 5 0 R>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<{COLOURS}>>/Contents {contents}/Annots 10 0 R>>"),
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Certification)/Rect[0 0 0 0]/F 132/P 3 0 R/V 5 0 R>>",
        &support::certification(2),
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Counter)/Rect[10 10 90 40]/F 132/P 3 0 R>>",
        "<<>>",
        "<</Length 18>>\nstream\n0 0 m 200 100 l S \nendstream",
        "<</Fields[4 0 R 6 0 R]/SigFlags 3>>",
        "[4 0 R 6 0 R]",
        metadata,
    ]);
    let text = String::from_utf8(pdf).expect("text").replace("/Root 1 0 R", "/Root 1 0 R/ID[<0123><4567>]");
    sign(text.into_bytes(), &identity(1)).expect("signed")
}

fn xmp(title: &str, author: &str, more: &str) -> String {
    support::xmp(&format!(
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>{more}"
    ))
}

const SIGNED_FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Counter)/Rect[10 10 90 40]/F 132/P 3 0 R/V 20 0 R>>";

fn countersign(before: &[u8], more: &[(usize, &str)]) -> SignatureReport {
    let signature = placeholder();
    let objects = [&[(6, SIGNED_FIELD), (20, signature.as_str())], more].concat();
    let reports = reports_of(&sign(revise(before, &objects, TRAILER), &identity(2)).expect("signed"));
    reports.into_iter().find(|report| report.field.as_deref() == Some("Certification")).expect("the first signature")
}

#[test]
fn a_form_that_is_written_again_says_the_same() {
    let before = spread_out(&xmp("T", "A", ""), "8 0 R");
    let check = |form: &str, more: &[(usize, &str)], expected: Option<bool>| {
        let report = countersign(&before, &[&[(9, form)], more].concat());
        assert_eq!(report.is_sound(), expected.is_some(), "{form}: {:?}", report.problems());
        if let Some(has_resources) = expected {
            assert_eq!(report.after[1..], [LaterChange::FormRewritten { has_resources }], "{form}");
        }
    };
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3>>", &[], Some(false));
    check("<</SigFlags 3/Fields [ 4 0 R 6 0 R ] >>", &[], Some(false));
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/DR<<>>/DA(/Helv 0 Tf 0 g)>>", &[], Some(true));
    let font = (21, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/DR<</Font<</Helv 21 0 R>>>>>>", &[font], Some(true));
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/DR<</XObject<</Helv 21 0 R>>>>>>", &[font], None);
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/DR<</Font<</Helv 21 0 R>>>>>>", &[(21, "<</Type/Page>>")], None);
    check("<</Fields[6 0 R 4 0 R]/SigFlags 3>>", &[], None);
    check("<</Fields[4 0 R 6 0 R]/SigFlags 2>>", &[], None);
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/XFA[]>>", &[], None);
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/NeedAppearances true>>", &[], None);
    check("<</Fields[4 0 R 6 0 R]/SigFlags 3/CO[6 0 R]>>", &[], None);
    // A page that is written again as it was says the same; one list of annotations does too.
    let page = format!("<</Type/Page/MediaBox[0 0 200 100]/Parent 2 0 R/Resources<<{COLOURS}>>/Contents 8 0 R/Annots 10 0 R>>");
    let page_with = |from: &str, to: &str| {
        let changed = page.replace(from, to);
        assert!(from == to || changed != page, "{from}");
        countersign(&before, &[(3, &changed), (10, "[ 4 0 R 6 0 R ]")])
    };
    assert!(page_with("", "").is_sound());
    assert!(page_with("(ABC)", "<414243>").is_sound());
    // The same words in another encoding are other colours.
    assert!(!page_with("(ABC)", "<FEFF004100420043>").is_sound());
    assert!(!page_with("100]", "100.0]").is_sound());
    assert!(!page_with("/Parent", "/Rotate null/Parent").is_sound());
    assert!(!countersign(&before, &[(10, "[4 0 R 6 0 R 21 0 R]"), (21, "<</Type/Annot/Subtype/Stamp>>")]).is_sound());
    // A stream is the same byte for byte.
    assert!(countersign(&before, &[(8, "<</Length 18>>\nstream\n0 0 m 200 100 l S \nendstream")]).is_sound());
    assert!(!countersign(&before, &[(8, "<</Length 18>>\nstream\n0 0 m 200 200 l S \nendstream")]).is_sound());
}

#[test]
fn metadata_of_a_later_revision_names_the_same_title_and_author() {
    let before = spread_out(&xmp("T", "A", ""), "8 0 R");
    let check = |metadata: &str, is_sound: bool| {
        let report = countersign(&before, &[(11, metadata)]);
        assert_eq!(report.is_sound(), is_sound, "{metadata}: {:?}", report.problems());
    };
    check(&xmp("T", "A", "<xmp:ModifyDate>2027</xmp:ModifyDate>"), true);
    check(&xmp("T", "Another", ""), false);
    check(&xmp("Another", "A", ""), false);
    check(&xmp("T", "A", "<dc:description>About</dc:description>"), false);
    check(&xmp("T", "A", "").replace("dc:creator", "dx:creator"), false);
    // A title that only some readers find, hidden or nested, beside one that the others do.
    let title = "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">T</rdf:li></rdf:Alt></dc:title>";
    let other = "<e:title xmlns:e=\"http://purl.org/dc/elements/1.1&#47;\">Another</e:title>";
    let with = |from: &str, to: &str| {
        let properties = format!("{title}<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator>");
        assert!(properties.contains(from), "{from}");
        support::xmp(&properties.replacen(from, to, 1))
    };
    check(&with("", ""), true);
    check(&with(title, &format!("<?h {title}?>{other}")), false);
    check(&with(title, &format!("<e:n xmlns:e=\"urn:e\">{title}</e:n>{other}")), false);
    check(&with(title, &format!("{title}{other}")), false);
    check(&with("T<", "<![CDATA[T]]><"), false);
    check(&with("T<", "&#84;<"), false);
    // Metadata that a page draws too could be written again to draw something else.
    let doubled = spread_out(&xmp("T", "A", ""), "[8 0 R 11 0 R]");
    assert!(!countersign(&doubled, &[(11, &xmp("T", "A", "<xmp:ModifyDate>BT (You owe 99) Tj ET</xmp:ModifyDate>"))]).is_sound());
    assert!(find(&doubled, b"11 0 R") > 0);
}
