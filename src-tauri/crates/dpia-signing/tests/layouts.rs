//! How a later revision may be laid out: every legal layout of a countersignature is believed, and none with a flaw by which
//! one reader would see another page than the next. Layouts are drawn at random; a flaw is put into a legal one.

#[path = "support/flaws.rs"]
mod flaws;
mod support;

use std::io::Write as _;

use dpia_signing::{PdfVerification, sign, verify_pdf};
use flate2::{Compression, write::ZlibEncoder};
use flaws::{FLAWS, Flaw, OF_PACKED, OF_STREAMS, OF_TABLES};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use support::{certified_pdf, identity, placeholder};

const EVIL_PAGE: &str = "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 8 0 R/Rotate 180>>\nendobj\n";

/// The number of the object stream.
const CONTAINER: usize = 18;

/// The page of the file that is signed, as it is there.
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<<>>/Contents 8 0 R/Annots[4 0 R 6 0 R]>>";

/// The same draws at every run.
struct Draws(ChaCha20Rng);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.0.next_u32() as usize % limit
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// Rows of so many bytes, each with the mark of PNG's "up" before it.
fn predict(bytes: &[u8], columns: usize) -> Vec<u8> {
    let mut above = vec![0; columns];
    let mut predicted = Vec::new();
    for row in bytes.chunks(columns) {
        predicted.push(2);
        predicted.extend(row.iter().zip(&above).map(|(byte, above)| byte.wrapping_sub(*above)));
        above[..row.len()].copy_from_slice(row);
    }
    predicted
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    [format!("<<{entries}/Length {}>>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// The objects of a countersignature, with or without a drawing of its own.
fn write_objects(draws: &mut Draws, flaw: Option<Flaw>) -> Vec<(usize, Vec<u8>)> {
    use Flaw::*;
    let draws_itself = draws.coin()
        || matches!(
            flaw,
            Some(
                ObjectInStream
                    | ObjectInString
                    | ObjectInPackedStream
                    | TrailerInStream
                    | EndInStream
                    | ExternalStream
                    | ExternalFilter
                    | StreamOfObjects
                    | WrongLength
                    | DrawingWithoutBox
                    | DrawingOfNoArea
                    | DrawingFlattened
                    | DrawingOfAnotherFile
                    | ObjectInArrayPackedStream
                    | ObjectInHexadecimalStream
                    | ShortParameters
                    | FilterElsewhere
                    | NulInNewName
                    | PackedOverlapping
            )
        );
    let mut signature = placeholder();
    let mut note = |entry: &str| signature = signature.replacen("/M(", &format!("{entry}/M("), 1);
    if draws.coin() {
        note("/Name(Jane Officer)/Location(Cardiff)/Reason(Agreed)/R 65537/V 0");
    }
    if draws.coin() && !matches!(flaw, Some(NoteElsewhere | StreamInNote | ObjectInHexadecimalNote)) {
        note("/Prop_Build<</App<</Name/Reader/REx(2026.1)/TrustedMode true>>/Filter<</R 131104/Date(Nov 2026)>>>>");
    }
    let evil_digits: String = EVIL_PAGE.bytes().map(|byte| format!("{byte:02x}")).collect();
    match flaw {
        Some(ObjectInReason) => note(&format!("/ContactInfo({EVIL_PAGE})")),
        Some(ObjectInHexadecimalNote) => note(&format!("/Prop_Build<</App<</REx({})>>/N<{evil_digits}>>>", EVIL_PAGE.trim())),
        Some(ReasonElsewhere) => note("/ContactInfo 20 0 R"),
        Some(NoteElsewhere) => note("/Prop_Build<</App 20 0 R>>"),
        Some(StreamInNote) => note("/Prop_Build 20 0 R"),
        Some(EndlessReason) => note(&format!("/ContactInfo({})", "x".repeat(70_000))),
        Some(UnknownEntry) => note("/Pages 2 0 R"),
        Some(DocMdp) => note("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P 3/V/1.2>>>>]"),
        _ => {}
    }
    let form = if draws_itself { 10 } else { 7 };
    let mut widget =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Counter)/Rect[10.5 10 90 40]/F 132/P 3 0 R/AP<</N {form} 0 R>>/V 9 0 R>>");
    match flaw {
        Some(CommentInObject) => widget = widget.replace("/V 9", "% a comment\n/V 9"),
        Some(KeyTwice) => widget = widget.replace("/V 9", "/F 132/V 9"),
        _ => {}
    }
    let mut objects = vec![(6, widget.into_bytes()), (9, signature.into_bytes())];
    if matches!(flaw, Some(ReasonElsewhere)) {
        objects.push((20, b"(Agreed)".to_vec()));
    }
    if matches!(flaw, Some(NoteElsewhere)) {
        objects.push((20, b"<</Name/Reader>>".to_vec()));
    }
    if matches!(flaw, Some(StreamInNote)) {
        objects.push((20, stream("", b"a stream")));
    }
    if matches!(flaw, Some(SomethingMore)) {
        objects.push((20, b"<</Type/Annot/Subtype/FreeText/Rect[0 0 200 100]/Contents(You owe 99)>>".to_vec()));
    }
    if draws_itself {
        objects.extend(write_drawing(draws, flaw));
    }
    match flaw {
        Some(WholeNumbersAsDecimals) => objects.push((3, PAGE.replace("200 100", "200.0 100.0").into_bytes())),
        Some(NullEntry) => objects.push((3, PAGE.replace("/Parent", "/Rotate null/Parent").into_bytes())),
        Some(NulInName) => objects.push((3, PAGE.replace("/Parent", "/Contents#00 null/Parent").into_bytes())),
        _ if draws.coin() => objects.push((3, PAGE.replace("[0 0 200 100]", "[ 0 0 200  100 ]").into_bytes())),
        _ => {}
    }
    objects
}

fn write_drawing(draws: &mut Draws, flaw: Option<Flaw>) -> Vec<(usize, Vec<u8>)> {
    use Flaw::*;
    let mut content = b"BT /F 9 Tf 2 2 Td (Signed) Tj ET".to_vec();
    match flaw {
        Some(ObjectInStream | ObjectInPackedStream | ObjectInArrayPackedStream | ObjectInHexadecimalStream) => {
            content.extend(format!("\n{EVIL_PAGE}").bytes())
        }
        Some(TrailerInStream) => content.extend(b"\ntrailer\n<</Root 1 0 R>>\n"),
        Some(EndInStream) => content.extend(b"\nendstream\nendobj\n"),
        _ => {}
    }
    let is_packed = match flaw {
        Some(ObjectInPackedStream | ObjectInArrayPackedStream | FilterElsewhere) => true,
        Some(ObjectInStream | ObjectInHexadecimalStream | TrailerInStream | EndInStream) => false,
        _ => draws.coin(),
    };
    let filter = match flaw {
        Some(ObjectInArrayPackedStream) => "/Filter[/FlateDecode]",
        Some(ObjectInHexadecimalStream) => "/Filter/ASCIIHexDecode",
        Some(FilterElsewhere) => "/Filter 13 0 R",
        _ if is_packed => draws.pick(&["/Filter/FlateDecode", "/Filter[/FlateDecode]", "/Filter [ /FlateDecode ] /DecodeParms [ null ]"]),
        _ => draws.pick(&["", "/Filter[]"]),
    };
    let data = match flaw {
        Some(ObjectInHexadecimalStream) => content.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
        _ if is_packed => pack(&content),
        _ => content,
    };
    let more = match flaw {
        Some(ExternalStream) => "/F(other.pdf)",
        Some(ExternalFilter) => "/FFilter/FlateDecode",
        Some(StreamOfObjects) => "/N 1/First 4",
        Some(ShortParameters) => "/Metadata null/DP<</Predictor 12/Columns 4>>",
        Some(DrawingOfAnotherFile) => "/Ref<</F(other.pdf)/Page 0>>",
        Some(DrawingFlattened) => "/Matrix[1 1 1 1 0 0]",
        _ => draws.pick(&["", "/FormType 1", "/Matrix[1 0 0 1 0 0]"]),
    };
    let the_box = match flaw {
        Some(DrawingWithoutBox) => "",
        Some(DrawingOfNoArea) => "/BBox[0 0 0 30]",
        _ => "/BBox[0 0 80 30]",
    };
    let kind = if flaw == Some(StreamOfObjects) { "/Type/ObjStm/Subtype/Form" } else { "/Type/XObject/Subtype/Form" };
    let entries = format!("{kind}{the_box}{more}/Resources<</Font<</F 11 0 R>>>>{filter}");
    let mut form = stream(&entries, &data);
    if flaw == Some(WrongLength) {
        let text = String::from_utf8_lossy(&form).into_owned();
        let length = format!("/Length {}", data.len());
        let at = text.find(&length).expect("a length");
        form.splice(at..at + length.len(), format!("/Length {}", data.len() - 1).bytes());
    }
    let note = if flaw == Some(ObjectInString) { format!("/Note({EVIL_PAGE})") } else { String::new() };
    let note = match flaw {
        Some(NulInNewName) => "/Encoding#00/WinAnsiEncoding".to_owned(),
        // The second is in the first, where an object stream says so.
        Some(PackedOverlapping) => "/ToUnicode 12 0 R/Encoding<</Type/Encoding>>".to_owned(),
        _ => note,
    };
    let mut objects = vec![(10, form), (11, format!("<</Type/Font/Subtype/Type1/BaseFont/Helvetica{note}>>").into_bytes())];
    if flaw == Some(FilterElsewhere) {
        objects[1].1 = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding 13 0 R>>".to_vec();
        objects.push((13, b"/FlateDecode".to_vec()));
    }
    objects
}

/// A revision with a countersignature after `before`, in a layout that is drawn.
fn lay_out(before: &[u8], draws: &mut Draws, flaw: Option<Flaw>) -> Vec<u8> {
    use Flaw::*;
    let is_stream = match flaw {
        Some(flaw) if OF_TABLES.contains(&flaw) => false,
        Some(flaw) if OF_STREAMS.contains(&flaw) || OF_PACKED.contains(&flaw) => true,
        _ => draws.below(3) == 0,
    };
    let text = String::from_utf8_lossy(before);
    let previous: usize =
        text.rsplit("startxref\n").next().and_then(|tail| tail.lines().next()).expect("a start").parse().expect("a number");
    let end = draws.pick(&["\n", "\r\n"]);
    let mut pdf = before.to_vec();
    pdf.extend(draws.pick(&["", "\n", "\r\n \n"]).bytes());
    let mut objects = write_objects(draws, flaw);
    draws.shuffle(&mut objects);
    let mut packed = Vec::new();
    if is_stream && (flaw.is_some_and(|flaw| OF_PACKED.contains(&flaw)) || draws.coin()) {
        // The signature itself is in the file, and streams always do.
        let may_be_packed = |(number, object): &(usize, Vec<u8>)| *number != 9 && !object.ends_with(b"endstream");
        let (inside, outside): (Vec<_>, Vec<_>) = objects.into_iter().partition(may_be_packed);
        objects = outside;
        objects.push((CONTAINER, write_container(&inside, &mut packed, draws, flaw)));
        draws.shuffle(&mut objects);
    }
    let mut places = Vec::new();
    for (index, (number, object)) in objects.iter().enumerate() {
        if index == 1 {
            match flaw {
                Some(CommentBetweenObjects) => pdf.extend(b"% a comment\n"),
                Some(JunkBetween) => pdf.extend(b"junk\n"),
                Some(ObjectOutsideTheTable) => pdf.extend(EVIL_PAGE.bytes()),
                _ => {}
            }
        }
        places.push((*number, pdf.len()));
        let head = match flaw {
            Some(WideHead) if index == 0 => format!("{number}  0 obj"),
            Some(ZeroHead) if index == 0 => format!("0{number} 0 obj"),
            _ => format!("{number} 0 obj"),
        };
        pdf.extend(format!("{head}{end}").bytes());
        pdf.extend(object);
        pdf.extend(format!("{end}endobj{end}{}", draws.pick(&["", "\n", " \n"])).bytes());
    }
    places.sort_unstable();
    if flaw == Some(Flaw::ListedTwice) {
        places.push(places[0]);
    }
    let size = match flaw {
        Some(SizeThatShrinks) => 7,
        Some(SizeBeyondAll) => draws.pick(&[8_388_609, 100_000_000]),
        Some(SizeBeyondSigned) => draws.pick(&[2_147_483_647, 2_147_483_648, 4_294_967_295]),
        _ => draws.pick(&[40, 21, 1000, 8_388_607]),
    };
    let size = if flaw == Some(NumberBeyondSize) { places.iter().map(|(number, _)| *number).max().expect("one") } else { size };
    let mut trailer = format!("/Size {size}/Root 1 0 R/ID[<0123><89AB>]/Prev {previous}");
    let mut swap = |from: &str, to: &str| trailer = trailer.replace(from, to);
    match flaw {
        Some(OtherPrevious) => swap(&format!("/Prev {previous}"), &format!("/Prev {}", previous - 1)),
        Some(NoPrevious) => swap(&format!("/Prev {previous}"), ""),
        Some(HybridStream) => swap("/Root", &format!("/XRefStm {previous}/Root")),
        Some(Encrypted) => swap("/Root", "/Encrypt<</Filter/Standard>>/Root"),
        Some(OtherCatalog) => swap("/Root 1 0 R", "/Root 9 0 R"),
        Some(NewInformation) => swap("/Root", "/Info 9 0 R/Root"),
        Some(OtherIdentifier) => swap("<0123>", "<0124>"),
        _ => {}
    }
    let start = pdf.len();
    match is_stream {
        true => pdf.extend(write_xref_stream(&places, &packed, start, &trailer, draws, flaw)),
        false => pdf.extend(write_table(&places, &trailer, end, draws, flaw)),
    }
    let tail = match flaw {
        Some(TwoStarts) => format!("startxref{end}{start}{end}startxref{end}{start}{end}%%EOF{end}"),
        Some(StartOnOneLine) => format!("startxref {start}{end}%%EOF{end}"),
        Some(StartWithZero) => format!("startxref{end}0{start}{end}%%EOF{end}"),
        _ => format!("startxref{end}{start}{end}%%EOF{}", draws.pick(&["", end])),
    };
    pdf.extend(tail.bytes());
    pdf
}

fn write_table(places: &[(usize, usize)], trailer: &str, end: &str, draws: &mut Draws, flaw: Option<Flaw>) -> Vec<u8> {
    use Flaw::*;
    let line = if end == "\r\n" { "\r\n" } else { " \n" };
    let entry = |offset: usize, kind: &str, generation: usize| format!("{offset:010} {generation:05} {kind}{line}");
    let mut table = format!("xref{end}");
    match flaw {
        Some(EmptySubsection) => table += &format!("9 0{end}"),
        Some(EmptySubsectionFarAway) => table += &format!("4294967295 0{end}"),
        Some(CommentInTable) => table += &format!("% a comment{end}"),
        Some(Deleted) => table += &format!("8 1{end}{}", entry(0, "f", 1)),
        _ => {}
    }
    if draws.coin() {
        table += &format!("0 1{end}{}", entry(0, "f", 65535));
    }
    let mut rest = places;
    while let [(first, _), ..] = rest {
        // A run of numbers is one subsection, or several.
        let run = rest.iter().enumerate().take_while(|(index, (number, _))| *number == first + index).count();
        let count = if run > 1 && draws.coin() { 1 + draws.below(run) } else { run };
        table += &format!("{first} {count}{end}");
        for (_, offset) in &rest[..count] {
            let written = entry(*offset, "n", usize::from(flaw == Some(OfGenerationOne)));
            table += &match flaw {
                Some(ShortEntry) => written.replace(line, "\n"),
                Some(LongEntry) => written.replace(line, " \r\n"),
                Some(TabInEntry) => written.replace(" n", "\tn"),
                _ => written,
            };
        }
        rest = &rest[count..];
    }
    if flaw == Some(CommentBeforeTrailer) {
        table += "% a comment\n";
    }
    if flaw == Some(SecondTrailer) {
        table += &format!("trailer{end}<<{trailer}/Evil true>>{end}");
    }
    table += &format!("trailer{end}<<{trailer}>>{end}");
    if flaw == Some(CommentBehindTable) {
        table += "% a comment\n";
    }
    table.into_bytes()
}

/// An object stream of these objects; `packed` takes the numbers in its order.
fn write_container(objects: &[(usize, Vec<u8>)], packed: &mut Vec<usize>, draws: &mut Draws, flaw: Option<Flaw>) -> Vec<u8> {
    use Flaw::*;
    let (mut places, mut body) = (Vec::new(), Vec::new());
    for (index, (number, object)) in objects.iter().enumerate() {
        match flaw {
            Some(PackedComment) if index == 0 => body.extend(b"% <</Type/Page>>\n"),
            Some(PackedJunkBefore) if index == 0 => body.extend(b"<<>> "),
            Some(PackedJunkBetween) if index == 1 => body.extend(b"null "),
            _ => {}
        }
        places.push((*number, body.len()));
        let inside = b"<</Type/Encoding>>";
        if let Some(at) = object.windows(inside.len()).position(|window| window == inside).filter(|_| flaw == Some(PackedOverlapping)) {
            places.push((12, body.len() + at));
        }
        body.extend(object);
        body.extend(draws.pick(&[" ", "\n", " \r\n"]).bytes());
    }
    match flaw {
        Some(PackedDescending) => places.reverse(),
        Some(PackedJunkBehind) => body.extend(b"<</Type/Page>>"),
        _ => {}
    }
    packed.extend(places.iter().map(|(number, _)| *number));
    let mut head: String = places.iter().map(|(number, at)| format!("{number} {at} ")).collect();
    match flaw {
        Some(PackedCommentInHead) => head = format!("% a comment\n{head}"),
        Some(PackedJunkInHead) => head += "3 0 ",
        _ => {}
    }
    let entries = format!("/Type/ObjStm/N {}/First {}", places.len(), head.len());
    let data = [head.as_bytes(), &body].concat();
    let (data, filter) = match flaw {
        // Each is as the one reader takes it; the next takes it in another way.
        Some(PackedFilterArrayAlone) => (pack(&predict(&data, 8)), "/Filter[/FlateDecode]/DecodeParms<</Predictor 12/Columns 8>>"),
        Some(PackedParametersArrayAlone) => (pack(&data), "/Filter/FlateDecode/DecodeParms[<</Predictor 12/Columns 8>>]"),
        Some(PackedParametersElsewhere) => (pack(&data), "/Filter/FlateDecode/DecodeParms 2 0 R"),
        Some(PackedPredictor) => (pack(&predict(&data, 8)), "/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 8>>"),
        Some(PackedShortParameters) => (pack(&data), "/Filter/FlateDecode/DP<</Predictor 12/Columns 8>>"),
        _ if draws.coin() => (pack(&data), "/Filter/FlateDecode"),
        _ => (data, ""),
    };
    stream(&format!("{entries}{filter}"), &data)
}

fn write_xref_stream(
    places: &[(usize, usize)],
    packed: &[usize],
    start: usize,
    trailer: &str,
    draws: &mut Draws,
    flaw: Option<Flaw>,
) -> Vec<u8> {
    use Flaw::*;
    let own = 19;
    // The kind of each row, its number, and where the object is.
    let mut all: Vec<(usize, u8, usize, u8)> = places.iter().map(|(number, offset)| (*number, 1, *offset, 0)).collect();
    all.extend(packed.iter().enumerate().map(|(index, number)| (*number, 2, CONTAINER, index as u8)));
    if draws.coin() {
        all.push((own, 1, start, 0));
    }
    // The head of the list of free objects, as some programs repeat it.
    if draws.coin() {
        all.push((0, 0, 0, 0));
    }
    all.sort_unstable();
    if flaw == Some(IndexTwice) {
        all.push(all[0]);
    }
    let kind_width = usize::from(flaw != Some(WidthOfZero));
    let widths = [kind_width, draws.pick(&[3, 4, 8]), draws.pick(if packed.is_empty() { &[0, 1, 2] } else { &[1, 2] })];
    let row = |kind: u8, offset: usize, index: u8| {
        let digits = (offset as u64).to_be_bytes();
        let kind = if flaw == Some(UnknownRow) { 7 } else { kind };
        [&[kind][..widths[0]], &digits[8 - widths[1]..], &[0, index][2 - widths[2]..]].concat()
    };
    let mut rows: Vec<u8> = all.iter().flat_map(|(_, kind, offset, index)| row(*kind, *offset, *index)).collect();
    if flaw == Some(RowTooMany) {
        rows.extend(row(1, 9, 0));
    }
    let index: String = all.iter().map(|(number, ..)| format!("{number} 1 ")).collect();
    let columns: usize = widths.iter().sum();
    let parameters = format!("<</Columns {columns}/Predictor 12>>");
    let (data, filter) = match (flaw, draws.below(5)) {
        // Each is as the one reader takes it; the next takes it in another way.
        (Some(RowsFilterArrayAlone), _) => (pack(&predict(&rows, columns)), format!("/Filter[/FlateDecode]/DecodeParms{parameters}")),
        (Some(RowsParametersArrayAlone), _) => (pack(&rows), format!("/Filter/FlateDecode/DecodeParms[{parameters}]")),
        (Some(RowsParametersElsewhere), _) => (pack(&rows), "/Filter/FlateDecode/DecodeParms 2 0 R".to_owned()),
        (Some(RowsPredictorOfReal), _) => (pack(&rows), format!("/Filter/FlateDecode/DecodeParms<</Columns {columns}/Predictor 12.0>>")),
        (Some(RowsPredictorElsewhere), _) => {
            (pack(&rows), format!("/Filter/FlateDecode/DecodeParms<</Columns {columns}/Predictor 2 0 R>>"))
        }
        (_, 0) => (rows, String::new()),
        (_, 1) => (pack(&rows), "/Filter/FlateDecode".to_owned()),
        (_, 2) => (pack(&rows), "/Filter[/FlateDecode]".to_owned()),
        (_, 3) => (pack(&predict(&rows, columns)), format!("/Filter/FlateDecode/DecodeParms{parameters}")),
        _ => (pack(&predict(&rows, columns)), format!("/Filter[/FlateDecode]/DecodeParms[{parameters}]")),
    };
    let [one, two, three] = widths;
    let entries = format!("/Type/XRef/W[{one} {two} {three}]/Index[{index}]{filter}{trailer}");
    [format!("{own} 0 obj\n").as_bytes(), &stream(&entries, &data), b"\nendobj\n"].concat()
}

/// Whether the first signature is believed, and what is said of it.
fn judge(pdf: &[u8]) -> (bool, String) {
    match verify_pdf(pdf, None) {
        Ok(PdfVerification::Signed(reports)) => {
            let said = reports.iter().map(|report| format!("{:?} {:?}", report.problems(), report.after)).collect::<Vec<_>>().join("; ");
            (reports.iter().all(|report| report.is_sound()) && reports.len() == 2, said)
        }
        other => (false, format!("{other:?}")),
    }
}

#[test]
fn every_legal_layout_is_believed() {
    let before = sign(certified_pdf(2), &identity(1)).expect("signed");
    for seed in 0..400 {
        let mut draws = Draws(ChaCha20Rng::seed_from_u64(seed));
        let revised = lay_out(&before, &mut draws, None);
        let signed = sign(revised, &identity(2)).expect("signed");
        let (is_believed, said) = judge(&signed);
        assert!(is_believed, "layout {seed}: {said}\n{}", String::from_utf8_lossy(&signed[before.len()..]));
    }
}

#[test]
fn no_layout_with_a_flaw_is_believed() {
    let before = sign(certified_pdf(2), &identity(1)).expect("signed");
    let mut believed = Vec::new();
    for &flaw in FLAWS {
        for seed in 0..12 {
            let mut draws = Draws(ChaCha20Rng::seed_from_u64(seed));
            let revised = lay_out(&before, &mut draws, Some(flaw));
            // What cannot be read well enough to be signed is not believed either.
            let signed = sign(revised.clone(), &identity(2)).unwrap_or(revised);
            if judge(&signed).0 {
                believed.push((flaw, seed));
            }
        }
    }
    assert!(believed.is_empty(), "{believed:?}");
}
