//! Tampering with a real report: our verifier and pyHanko look at the same changed files, and where they differ ours is
//! the stricter one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use dpia_app::verifying::{FactAnswer, verify_file};
use dpia_app::{System, Workspace};
use dpia_signing::{Certificate, Countersignature, Identity, LaterChange, PdfVerification, countersign, verify_pdf};
use dpia_tests::judges::{Question, check_pdf, judge_pdf};
use dpia_tests::keychain::FileKeychain;
use dpia_tests::places::{DOCUMENTS, build_folder, document, project_root, temporary_folder};
use dpia_tests::terminal::{IDENTITY_PASSWORD, dpia, import, make_identity};
use tempfile::TempDir;

/// How many flips both verifiers look at.
const FLIPS: usize = 300;

/// A signed report, in a folder of its own.
pub(crate) struct Signed {
    pub(crate) folder: TempDir,
    pub(crate) pdf: PathBuf,
    identity: PathBuf,
    certificate: PathBuf,
}

impl Signed {
    pub(crate) fn make(options: &str) -> Result<Signed> {
        let folder = temporary_folder()?;
        let bundle = folder.path().join("a.dpia");
        import(&document(DOCUMENTS[3]), &bundle)?;
        let (identity, certificate) = make_identity(folder.path())?;
        let pdf = folder.path().join("signed.pdf");
        dpia("report")?.argument(&bundle).words("-o").argument(&pdf).words("--sign").argument(&identity).words(options).succeed()?;
        Ok(Signed { folder, pdf, identity, certificate })
    }

    fn certificate(&self) -> Result<Certificate> {
        Ok(Certificate::from_pem(&fs::read_to_string(&self.certificate)?)?)
    }
}

/// The parts of a report's file, each with the bytes that it is in.
fn find_regions(pdf: &[u8]) -> Result<BTreeMap<String, Vec<Range<usize>>>> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    // Bytes that are no UTF-8 would move the places.
    let text =
        if text.len() == pdf.len() { text } else { pdf.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '?' }).collect() };
    let place = |needle: &str, from: usize| text[from..].find(needle).map(|at| from + at).with_context(|| format!("no {needle:?}"));
    let mut regions: BTreeMap<String, Vec<Range<usize>>> = BTreeMap::new();
    let mut add = |name: &str, range: Range<usize>| regions.entry(name.to_owned()).or_default().push(range);
    let table = text.rfind("\nxref").context("no table")?;
    let trailer = place("trailer", table)?;
    add("header", 0..9);
    add("xref", table..trailer);
    add("trailer", trailer..pdf.len());
    let range = place("/ByteRange", 0)?;
    let contents = place("/Contents<", range)? + "/Contents<".len();
    let contents_end = place(">", contents)?;
    let padding = pdf[..contents_end].iter().rposition(|byte| *byte != b'0').context("no digits")? + 1;
    add("contents", contents..padding);
    add("padding", padding..contents_end);
    add("byte range", range..place("]", range)?);
    let xmp = place("<?xpacket begin", 0)?;
    add("XMP", xmp..place("<?xpacket end", xmp)?);
    let mut at = 0;
    while let Ok(start) = place(" 0 obj", at) {
        let end = place("endobj", start)?;
        let object = &text[start..end];
        let value = |key: &str| {
            let after = object.split(key).nth(1)?;
            let name: String = after.trim_start().trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
            Some(name).filter(|name| !name.is_empty())
        };
        let kind = value("/Type")
            .or_else(|| value("/S "))
            .unwrap_or_else(|| if object.contains("stream") { "stream" } else { "other" }.to_owned());
        if kind != "Sig" && kind != "Metadata" {
            add(&format!("object {kind}"), start..end);
        }
        at = end;
    }
    Ok(regions)
}

/// The same numbers at every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

/// One byte changed: where, to what, and in which region.
struct Flip {
    at: usize,
    byte: u8,
    region: String,
}

/// At least one flip in each region, and as many more as make [`FLIPS`], spread over the regions and not over the
/// bytes, most of which are pictures.
fn choose_flips(pdf: &[u8], regions: &BTreeMap<String, Vec<Range<usize>>>) -> Vec<Flip> {
    let mut numbers = Numbers(20_261_122);
    let names: Vec<&String> = regions.keys().collect();
    let mut flips = Vec::new();
    while flips.len() < FLIPS {
        let region = names[flips.len() % names.len()];
        let ranges = &regions[region];
        let range = &ranges[numbers.below(ranges.len())];
        let at = range.start + numbers.below(range.len());
        let is_digits = region == "contents" || region == "padding";
        let byte = match (is_digits, flips.len() % 3) {
            // The other case of a hexadecimal letter means the same to a lenient reader.
            (true, 0) if pdf[at].is_ascii_alphabetic() => pdf[at] ^ 0x20,
            (true, _) => b"0123456789abcdef"[numbers.below(16)],
            (false, _) => pdf[at] ^ (1 << numbers.below(8)),
        };
        if byte != pdf[at] {
            flips.push(Flip { at, byte, region: region.clone() });
        }
    }
    flips
}

/// The Python that pyHanko is installed for. The judges are set up by the first question.
fn find_python(signed: &Path) -> Result<PathBuf> {
    judge_pdf(signed, &Question { is_signed: true, ..Question::default() })?;
    let build = build_folder()?;
    let place = std::env::var_os("DPIA_JUDGES").map_or_else(|| build.parent().unwrap_or(&build).join("judges"), PathBuf::from);
    Ok(place.join("python/bin/python"))
}

/// What pyHanko says of each change: whether it passes, and why not.
fn ask_pyhanko(signed: &Signed, flips: &[Flip]) -> Result<Vec<(bool, String)>> {
    let mut child = Command::new(find_python(&signed.pdf)?)
        .arg(project_root().join("tests/judges/tampered.py"))
        .arg("--trust")
        .arg(&signed.certificate)
        .arg(&signed.pdf)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let changes: Vec<[(usize, u8); 1]> = flips.iter().map(|flip| [(flip.at, flip.byte)]).collect();
    child.stdin.take().context("no pipe")?.write_all(serde_json::to_string(&changes)?.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "pyHanko ended with {}", output.status);
    let lines = String::from_utf8(output.stdout)?;
    Ok(lines.lines().map(|line| (line.starts_with("PASS"), line[4..].trim().to_owned())).collect())
}

#[test]
fn three_hundred_flips_are_noticed_and_pyhanko_is_never_the_stricter_one() -> Result<()> {
    let signed = Signed::make("")?;
    let pdf = fs::read(&signed.pdf)?;
    let trust = [signed.certificate()?];
    assert!(verify_pdf(&pdf, Some(&trust))?.is_sound());
    let regions = find_regions(&pdf)?;
    for region in
        ["object Catalog", "object Page", "object Font", "object EmbeddedFile", "object Filespec", "object StructElem", "object Annot"]
    {
        ensure!(regions.contains_key(region), "the report has no {region}: {:?}", regions.keys());
    }
    let flips = choose_flips(&pdf, &regions);
    let met: BTreeSet<&str> = flips.iter().map(|flip| flip.region.as_str()).collect();
    assert_eq!(met.len(), regions.len(), "a flip in each region");
    let theirs = ask_pyhanko(&signed, &flips)?;
    ensure!(theirs.len() == FLIPS, "pyHanko spoke of {} versions", theirs.len());
    let mut differences: BTreeMap<&str, usize> = BTreeMap::new();
    for (flip, (passes, said)) in flips.iter().zip(&theirs) {
        let mut version = pdf.clone();
        version[flip.at] = flip.byte;
        let ours = verify_pdf(&version, Some(&trust)).is_ok_and(|found| found.is_sound());
        assert!(!ours, "byte {} ({}) changed to {:#x}; pyHanko: {said}", flip.at, flip.region, flip.byte);
        if *passes {
            *differences.entry(flip.region.as_str()).or_default() += 1;
        }
    }
    // Where pyHanko passes a version, the changed byte is in the one place that no digest covers: the digits of
    // /Contents. Two classes: the room behind the structure, which pyHanko does not look at and in which something
    // could be kept; and the letter case of a digit (or another form of an unsigned part of the structure), which
    // means the same to pyHanko. Ours asks for zeros and for one way of writing, so that a sound file has one form.
    let covered: Vec<_> = differences.keys().filter(|region| !matches!(**region, "contents" | "padding")).collect();
    assert!(covered.is_empty(), "pyHanko passes a change in {covered:?}");
    assert!(differences.contains_key("padding"), "the argument above is about nothing: {differences:?}");
    Ok(())
}

#[test]
fn a_countersigned_report_stays_sound_and_conformant() -> Result<()> {
    let signed = Signed::make("--countersignature")?;
    let before = fs::read(&signed.pdf)?;
    let identity = Identity::from_pkcs12(&fs::read(&signed.identity)?, IDENTITY_PASSWORD)?;
    let at = "2026-11-23T09:00:00Z".parse()?;
    let request = Countersignature { field: "Countersignature", at, reason: Some("Read"), appearance: None };
    let after = countersign(before.clone(), &request, &identity)?;
    let PdfVerification::Signed(reports) = verify_pdf(&after, Some(&[signed.certificate()?]))? else {
        anyhow::bail!("not signed");
    };
    assert!(reports.len() == 2 && reports.iter().all(|report| report.is_sound()), "{reports:?}");
    assert_eq!(reports[0].after, [LaterChange::Signed { field: "Countersignature".to_owned() }]);
    let file = signed.folder.path().join("countersigned.pdf");
    fs::write(&file, &after)?;
    let question = Question { profiles: &["3a", "ua1"], is_signed: true, trust: Some(&signed.certificate) };
    check_pdf(&file, &question)?;
    // The judge can fail: a page is changed in the same breath.
    let evil = change_a_page(&after)?;
    fs::write(&file, &evil)?;
    let verdicts = judge_pdf(&file, &Question { is_signed: true, ..Question::default() })?;
    assert!(verdicts.iter().any(|verdict| verdict.judge == "pyHanko" && !verdict.has_passed), "{verdicts:?}");
    assert!(!verify_pdf(&evil, None)?.is_sound());
    Ok(())
}

#[test]
fn a_report_that_a_school_countersigns_with_another_program_stays_sound() -> Result<()> {
    let signed = Signed::make("--countersignature")?;
    let data = signed.folder.path().join("data");
    fs::create_dir_all(&data)?;
    let workspace = Workspace::open_with(&data, &FileKeychain::in_folder(&data), Box::new(System))?;
    assert!(verify_file(&workspace.identity, &signed.pdf)?.awaits_countersignature);
    for kind in ["pades", "pkcs7"] {
        let file = signed.folder.path().join(format!("{kind}.pdf"));
        let PdfVerification::Signed(reports) = verify_pdf(&countersign_with_pyhanko(&signed, kind)?, Some(&[signed.certificate()?]))?
        else {
            anyhow::bail!("not signed");
        };
        assert!(reports.len() == 2 && reports.iter().all(|report| report.is_sound()), "{kind}: {reports:?}");
        assert_eq!(reports[0].after, [LaterChange::Signed { field: "Countersignature".to_owned() }]);
        // The assessment inside is the one that was certified, whatever the other program wrote of the document.
        let found = verify_file(&workspace.identity, &file)?;
        assert!(found.attachment.answer == FactAnswer::Yes && !found.awaits_countersignature, "{kind}: {found:?}");
        assert!(!verify_pdf(&change_a_page(&fs::read(&file)?)?, None)?.is_sound());
    }
    Ok(())
}

/// The report countersigned by pyHanko, with a signature of this kind.
pub(crate) fn countersign_with_pyhanko(signed: &Signed, kind: &str) -> Result<Vec<u8>> {
    let file = signed.folder.path().join(format!("{kind}.pdf"));
    let output = Command::new(find_python(&signed.pdf)?)
        .arg(project_root().join("tests/judges/countersign.py"))
        .args([&signed.pdf, &file, &signed.identity])
        .arg(kind)
        .env("DPIA_P12_PASSWORD", IDENTITY_PASSWORD)
        .output()?;
    ensure!(output.status.success(), "pyHanko: {}", String::from_utf8_lossy(&output.stderr));
    Ok(fs::read(&file)?)
}

/// One more revision, in which the first page is upside down.
fn change_a_page(pdf: &[u8]) -> Result<Vec<u8>> {
    let text: String = pdf.iter().map(|byte| char::from(byte & 0x7f)).collect();
    let place = text.find("/Type/Page/").or_else(|| text.find("/Type /Page ")).or_else(|| text.find("/Type/Page\n")).context("no page")?;
    let start = text[..place].rfind(" 0 obj").context("no object")?;
    let number: String = text[..start].chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>().into_iter().rev().collect();
    let end = start + text[start..].find("endobj").context("no end")?;
    let page = text[start + " 0 obj".len()..end].trim().replacen("<<", "<</Rotate 180 ", 1);
    let last = text.rfind("startxref").context("no start")?;
    let previous = text[last..].split_whitespace().nth(1).context("no offset")?;
    let trailer = text.rfind("trailer").context("no trailer")?;
    let root = text[trailer..].split("/Root").nth(1).and_then(|rest| rest.split('R').next()).context("no catalog")?;
    let mut revised = pdf.to_vec();
    let offset = revised.len();
    revised.extend(format!("{number} 0 obj\n{page}\nendobj\n").bytes());
    let table = revised.len();
    revised.extend(
        format!(
            "xref\n{number} 1\n{offset:010} 00000 n \ntrailer\n<</Size 9999/Root{root}R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n"
        )
        .bytes(),
    );
    Ok(revised)
}

#[test]
fn a_report_that_another_certificate_signed_is_not_trusted() -> Result<()> {
    let (one, other) = (Signed::make("")?, Signed::make("")?);
    let pdf = fs::read(&one.pdf)?;
    let sound = |path: &Path| -> Result<bool> {
        let trust = Certificate::from_pem(&fs::read_to_string(path)?)?;
        Ok(verify_pdf(&pdf, Some(&[trust]))?.is_sound())
    };
    assert!(sound(&one.certificate)?);
    assert!(!sound(&other.certificate)?);
    Ok(())
}
