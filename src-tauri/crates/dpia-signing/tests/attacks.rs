//! The published attacks on PDF signatures, each built as a file and refused.
//!
//! - Universal signature forgery, incremental saving, signature wrapping: Mladenov et al., "1 Trillion Dollar Refund:
//!   How To Spoof PDF Signatures", CCS 2019.
//! - Shadow attacks (hide, replace, hide and replace): Mainka et al., "Shadow Attacks: Hiding and Replacing Content in
//!   Signed PDFs", NDSS 2021.
//! - Attacks on certifications (evil annotation, sneaky signature): Rohlmann et al., "Breaking the Specification: PDF
//!   Certification", S&P 2021.
//!
//! Each is made against a certification that allows nothing (P 1), one that allows a countersignature (P 2), and a
//! signature without DocMDP, and where an attacker would sign the change, with a key of his own. Refused means: the
//! file cannot be read, or the honest signature's report is not sound; whatever the attacker's own report says.

mod support;

use dpia_signing::{PdfVerification, sign, verify_pdf};
use support::{certification, find, identity, placeholder, revise, write_pdf};

const HONEST: u64 = 1;
const ATTACKER: u64 = 2;
const TRAILER: &str = "/Root 1 0 R/ID[<0123><89AB>]";
const EMPTY_FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Counter)/Rect[10 10 90 40]/F 132/P 3 0 R/AP<</N 7 0 R>>>>";
const FORM: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 80 30]/Length 0>>\nstream\n\nendstream";
const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R/Perms<</DocMDP 5 0 R>>>>";
const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PAGE: &str =
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 8 0 R/Resources<</Font<</F 10 0 R>>>>/Annots[4 0 R 6 0 R 11 0 R]>>";
const CONTENT: &str = "<</Length 31>>\nstream\nBT /F 9 Tf (You owe 10) Tj ET    \nendstream";
const EVIL_CONTENT: &str = "<</Length 31>>\nstream\nBT /F 9 Tf (You owe 99) Tj ET    \nendstream";

/// How the honest signature is made.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Certified(u8),
    Plain,
}

/// A signed file with what shadow attacks prepare: an overlay (11), a second content (12), a second page tree (13, 14).
fn signed(kind: Kind) -> Vec<u8> {
    let (signature, catalog) = match kind {
        Kind::Certified(allowed) => (certification(allowed), CATALOG.to_owned()),
        Kind::Plain => (placeholder(), CATALOG.replace("/Perms<</DocMDP 5 0 R>>", "")),
    };
    let pdf = write_pdf(&[
        &catalog,
        PAGES,
        PAGE,
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Certification)/Rect[0 0 0 0]/F 132/P 3 0 R/V 5 0 R>>",
        &signature,
        EMPTY_FIELD,
        FORM,
        CONTENT,
        "<</Fields[4 0 R 6 0 R]/SigFlags 3>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Type/Annot/Subtype/Stamp/Rect[0 0 200 100]/F 4/P 3 0 R/AP<</N 7 0 R>>>>",
        EVIL_CONTENT,
        "<</Type/Pages/Kids[14 0 R]/Count 1>>",
        "<</Type/Page/Parent 13 0 R/MediaBox[0 0 200 100]/Contents 12 0 R/Resources<</Font<</F 10 0 R>>>>>>",
    ]);
    let text = String::from_utf8(pdf).expect("text").replace("/Root 1 0 R", "/Root 1 0 R/ID[<0123><4567>]");
    sign(text.into_bytes(), &identity(HONEST)).expect("signed")
}

/// Whether the file can be read and the honest signature in it is sound.
fn is_believed(pdf: &[u8]) -> bool {
    let honest = identity(HONEST);
    match verify_pdf(pdf, None) {
        Ok(PdfVerification::Signed(reports)) => {
            reports.iter().any(|report| report.signer.as_ref() == Some(honest.certificate()) && report.is_sound())
        }
        Ok(PdfVerification::NotSigned { .. }) | Err(_) => false,
    }
}

/// Checks a class of attacks against each kind of signature. A file that is the honest one is a mistake of the test's.
fn check(class: &str, is_well_formed: bool, build: impl Fn(&[u8]) -> Vec<(&'static str, Vec<u8>)>) {
    for kind in [Kind::Certified(1), Kind::Certified(2), Kind::Plain] {
        let honest = signed(kind);
        assert!(is_believed(&honest), "{kind:?}");
        for (variant, attack) in build(&honest) {
            assert_ne!(attack, honest, "{class}, {variant}");
            assert!(!is_believed(&attack), "{class}, {variant}, {kind:?} is believed");
            if is_well_formed {
                // What is refused is the change, and not a slip in how the test wrote it.
                let Ok(PdfVerification::Signed(reports)) = verify_pdf(&attack, None) else { panic!("{variant} cannot be read") };
                let own = identity(HONEST);
                let honest: Vec<_> = reports.iter().filter(|report| report.signer.as_ref() == Some(own.certificate())).collect();
                assert!(matches!(honest.as_slice(), [report] if report.is_valid() && !report.is_intact()), "{variant}: {reports:?}");
                assert!(reports.iter().all(|report| report.is_valid()), "{variant}: {reports:?}");
            }
        }
    }
}

/// Replaces the one place where `from` is by bytes of the same length.
fn patch(pdf: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = find(pdf, from.as_bytes());
    let mut patched = pdf.to_vec();
    patched[at..at + from.len()].copy_from_slice(format!("{to:width$}", width = from.len()).as_bytes());
    patched
}

/// A revision that an attacker signs in the field that waits, beside what else he changes.
fn revise_and_sign(pdf: &[u8], more: &[(usize, &str)]) -> Vec<u8> {
    let widget = EMPTY_FIELD.replace("/AP", "/V 20 0 R/AP");
    let signature = placeholder();
    let objects = [&[(6, widget.as_str()), (20, signature.as_str())], more].concat();
    sign(revise(pdf, &objects, TRAILER), &identity(ATTACKER)).expect("the attacker signs")
}

/// The honest signature's dictionary as it is in the file.
fn signature_of(pdf: &[u8]) -> String {
    let start = find(pdf, b"5 0 obj\n") + 8;
    let length = find(&pdf[start..], b"\nendobj");
    String::from_utf8(pdf[start..start + length].to_vec()).expect("text")
}

#[test]
fn universal_signature_forgery_is_refused() {
    check("USF", false, |honest| {
        let evil = patch(honest, "(You owe 10)", "(You owe 99)");
        let signature = signature_of(&evil);
        let range = &signature[signature.find("/ByteRange").expect("a range")..signature.find("/Contents").expect("contents")];
        let contents = &signature[signature.find("/Contents").expect("contents")..signature.len() - 2];
        vec![
            ("no contents", patch(&evil, contents, "")),
            ("contents of null", patch(&evil, contents, "/Contents null")),
            ("contents that are empty", patch(&evil, contents, "/Contents<>")),
            ("contents of one zero", patch(&evil, contents, "/Contents<00>")),
            ("contents of zeros", patch(&evil, contents, &format!("/Contents<{}>", "0".repeat(contents.len() - 11)))),
            ("no byte range", patch(&evil, range, "")),
            ("a byte range of null", patch(&evil, range, "/ByteRange null")),
            ("an empty byte range", patch(&evil, range, "/ByteRange[]")),
            ("a byte range of zeros", patch(&evil, range, "/ByteRange[0 0 0 0]")),
            ("a negative byte range", patch(&evil, range, "/ByteRange[-1 -1 -1 -1]")),
            ("a byte range past the end", patch(&evil, range, "/ByteRange[0 9999999 99999999 9]")),
            ("no kind of signature", patch(&evil, "/SubFilter/ETSI.CAdES.detached", "")),
            ("an unknown kind of signature", patch(&evil, "ETSI.CAdES.detached", "ETSI.none")),
        ]
    });
}

#[test]
fn incremental_saving_is_refused() {
    check("ISA", false, |honest| {
        let objects = format!("8 0 obj\n{EVIL_CONTENT}\nendobj\n");
        let copied = signature_of(honest);
        let appended = |text: &str| [honest, text.as_bytes()].concat();
        let start = String::from_utf8_lossy(honest);
        let start = start.rsplit("startxref\n").next().expect("a start").to_owned();
        vec![
            ("new objects with table and trailer", revise(honest, &[(8, EVIL_CONTENT)], TRAILER)),
            ("new objects alone", appended(&objects)),
            ("new objects and the old end", appended(&format!("{objects}startxref\n{start}"))),
            ("new objects and a trailer without a table", appended(&format!("{objects}trailer\n<</Root 1 0 R/Size 40>>\n%%EOF\n"))),
            ("new objects and a copy of the signature", revise(honest, &[(8, EVIL_CONTENT), (5, &copied)], TRAILER)),
            ("a copy of the signature alone", revise(honest, &[(5, &copied)], TRAILER)),
            ("a copy of the signature without a table", appended(&format!("{objects}5 0 obj\n{copied}\nendobj\n%%EOF\n"))),
            ("an update that changes nothing", revise(honest, &[], TRAILER)),
            ("a comment", appended("% nothing\n")),
            ("a line end", appended("\n")),
        ]
    });
}

#[test]
fn signature_wrapping_is_refused() {
    check("SWA", false, |honest| {
        let contents_start = find(honest, b"/Contents<") + 9;
        let contents_end = contents_start + find(&honest[contents_start..], b">") + 1;
        let (first, contents, second) = (&honest[..contents_start], &honest[contents_start..contents_end], &honest[contents_end..]);
        let evil_page = b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 12 0 R>>\nendobj\n";
        // The second part is moved to the end; what is between is the attacker's.
        let moved = |gap: &[u8]| [first, contents, gap, second].concat();
        let wrapped = [first, contents, b">>\nendobj\n", evil_page, b"30 0 obj\n(", second, b")\nendobj\n"].concat();
        let blanks = [b' '; 400];
        // A dictionary of the attacker's own, with the honest bytes and a byte range that names them where they are now.
        let mut own = first.to_vec();
        let place = own.len();
        own.extend(contents);
        own.extend(b">>\nendobj\n");
        let dictionary_at = own.len();
        let length = contents.len();
        let head = format!("5 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 {place} ");
        let after = dictionary_at + head.len() + 40 + length + 200;
        let tail = format!("{after:010} {:010}]/Contents", second.len());
        own.extend(head.bytes());
        own.extend(tail.bytes());
        own.extend(contents);
        own.extend(b">>\nendobj\n");
        own.resize(after, b' ');
        own.extend(second);
        let own = revise(&own, &[(3, "<</Type/Page/Parent 2 0 R/Contents 12 0 R>>")], TRAILER);
        vec![
            ("a gap that grew by blanks", moved(&blanks)),
            ("a gap that grew by an object", moved(&[b">>\nendobj\n".as_slice(), evil_page, b"31 0 obj\n<<"].concat())),
            ("a gap that grew within the contents", [first, b"<", evil_page, &contents[1..], second].concat()),
            ("contents with blanks", [first, &contents[..20], b" ", &contents[20..contents.len() - 2], b">", second].concat()),
            ("the signed end wrapped in a string", wrapped),
            ("a second dictionary with the moved range", own),
            ("contents shortened, with an object in the room", {
                let zeros = contents.iter().rposition(|byte| *byte != b'0' && *byte != b'>').expect("digits") + 3;
                let zeros = zeros + zeros % 2;
                let mut room = contents[..zeros + 1].to_vec();
                room.push(b'>');
                room.extend(b">>\nendobj\n");
                room.extend(evil_page);
                room.resize(contents.len(), b' ');
                [first, &room, second].concat()
            }),
        ]
    });
}

#[test]
fn shadow_attacks_are_refused() {
    check("shadow", true, |honest| {
        let page = |contents: &str| PAGE.replace("8 0 R", contents);
        let catalog = CATALOG.replace("2 0 R", "13 0 R");
        let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<<>>/FirstChar 0/LastChar 0/Widths[0]>>";
        let value = EMPTY_FIELD.replace("/T(Counter)", "/T(Counter)/DV(You owe 99)");
        let without = PAGE.replace(" 11 0 R", "");
        let free = {
            let mut pdf = revise(honest, &[(11, "null")], TRAILER);
            let at = pdf.len() - 300 + find(&pdf[pdf.len() - 300..], b"00000 n");
            pdf[at..at + 7].copy_from_slice(b"00001 f");
            pdf
        };
        let mut found = Vec::new();
        let mut add = |name: &'static str, objects: &[(usize, &str)]| {
            found.push((name, revise(honest, objects, TRAILER)));
            found.push((name, revise_and_sign(honest, objects)));
        };
        add("hide: the overlay is taken off the page", &[(3, &without)]);
        add("hide: the overlay is emptied", &[(11, "null")]);
        add("hide: the overlay's drawing is replaced", &[(7, "<</Subtype/Form/BBox[0 0 0 0]/Length 0>>\nstream\n\nendstream")]);
        add("replace: the font is defined again", &[(10, font)]);
        add("replace: a field shows another value", &[(6, &value)]);
        add("replace: the content is another", &[(8, EVIL_CONTENT)]);
        add("hide and replace: the page uses what was prepared", &[(3, &page("12 0 R"))]);
        add("hide and replace: the catalog leads to the pages that were prepared", &[(1, &catalog)]);
        add("hide and replace: the pages are others", &[(2, "<</Type/Pages/Kids[14 0 R]/Count 1>>")]);
        found.push(("hide: the overlay is set free", free));
        found.push(("hide and replace: another catalog", { revise(honest, &[(21, &catalog)], "/Root 21 0 R/ID[<0123><89AB>]") }));
        // The countersignature's own drawing is one that was prepared, or lies over the page.
        let evil = |from: &str, to: &str| EMPTY_FIELD.replace("/AP", "/V 20 0 R/AP").replace(from, to);
        for (name, widget) in [
            ("hide and replace: the field shows what was prepared", evil("7 0 R", "12 0 R")),
            ("hide: the field lies over the page", evil("[10 10 90 40]", "[0 0 200 100]")),
        ] {
            let signature = placeholder();
            let revised = revise(honest, &[(6, &widget), (20, &signature)], TRAILER);
            found.push((name, sign(revised, &identity(ATTACKER)).expect("signed")));
        }
        found
    });
}

#[test]
fn evil_annotations_and_sneaky_signatures_are_refused() {
    check("certification", true, |honest| {
        let annots = |annots: &str| PAGE.replace("11 0 R]", &format!("11 0 R {annots}]"));
        let with_one = annots("22 0 R");
        let text = "<</Type/Annot/Subtype/FreeText/Rect[0 0 200 100]/Contents(You owe 99)/F 4/P 3 0 R>>";
        let redact = "<</Type/Annot/Subtype/Redact/Rect[0 0 200 100]/OverlayText(You owe 99)/P 3 0 R>>";
        let stamp = "<</Type/Annot/Subtype/Stamp/Rect[0 0 200 100]/AP<</N 23 0 R>>/P 3 0 R>>";
        let mut found = Vec::new();
        for (name, annotation) in [("EAA: free text", text), ("EAA: redaction", redact), ("EAA: stamp", stamp)] {
            let objects = [(3, with_one.as_str()), (22, annotation), (23, FORM)];
            found.push((name, revise(honest, &objects, TRAILER)));
            found.push((name, revise_and_sign(honest, &objects)));
        }
        found.push(("EAA: an annotation that no page has", revise_and_sign(honest, &[(22, text)])));
        // A new field over the page, signed, and drawn with the attacker's words.
        let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sneaky)/Rect[0 0 200 100]/F 132/P 3 0 R/AP<</N 23 0 R>>/V 20 0 R>>";
        let signature = placeholder();
        let form = "<</Fields[4 0 R 6 0 R 22 0 R]/SigFlags 3>>";
        let sneaky = revise(honest, &[(3, &with_one), (9, form), (20, &signature), (22, field), (23, FORM)], TRAILER);
        found.push(("SSA: a new field", sign(sneaky, &identity(ATTACKER)).expect("signed")));
        // The field that waits is signed, and becomes two.
        let parent = "<</FT/Sig/T(Counter)/Kids[24 0 R]/V 20 0 R>>";
        let kid = "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[0 0 200 100]/F 132/P 3 0 R/AP<</N 7 0 R>>>>";
        let split = revise(honest, &[(6, parent), (20, &signature), (24, kid)], TRAILER);
        found.push(("SSA: the field gets a widget of its own", sign(split, &identity(ATTACKER)).expect("signed")));
        // JavaScript, which a certified document may run.
        let catalog = CATALOG.replace("/Pages", "/OpenAction<</S/JavaScript/JS(app.alert(1))>>/Pages");
        found.push(("JavaScript on opening", revise_and_sign(honest, &[(1, &catalog)])));
        let permissions = CATALOG.replace("/Perms<</DocMDP 5 0 R>>", "/Perms<</DocMDP 20 0 R>>");
        found.push(("the certification is another's", revise_and_sign(honest, &[(1, &permissions)])));
        found
    });
}
