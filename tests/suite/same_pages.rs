//! Sound means that everybody sees the same page. Each file that verification passes with something added after a signature is
//! opened in poppler, qpdf and pdf.js: on every page the words and a picture are those of the revision that was signed, but
//! for the rectangles of the fields that were signed since.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use dpia_signing::{Coverage, PdfVerification, verify_pdf};
use dpia_tests::places::{fixture, project_root, temporary_folder};
use dpia_tests::terminal::{dpia, make_identity};
use lopdf::{Dictionary, Document, Object};

use crate::tampering::{Signed, countersign_with_pyhanko};

/// Dots an inch of each picture.
const RESOLUTION: f64 = 50.0;

/// How far around a field's rectangle a picture is left out, in dots: edges are smoothed.
const EDGE: f64 = 2.0;

/// A rectangle of a page in points from its lower left corner, where the page has this height.
#[derive(Debug, Clone)]
struct Field {
    page: usize,
    rectangle: [f64; 4],
    height: f64,
}

impl Field {
    /// Whether a place in points from the upper left corner is in the rectangle.
    fn covers(&self, page: usize, x: f64, y: f64) -> bool {
        let [left, bottom, right, top] = self.rectangle;
        let edge = EDGE * 72.0 / RESOLUTION;
        let up = self.height - y;
        page == self.page && right > left && x >= left - edge && x <= right + edge && up >= bottom - edge && up <= top + edge
    }
}

/// What a program prints that has to succeed.
fn read(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} could not be started"))?;
    ensure!(output.status.success(), "{command:?} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The rectangles of all signature fields.
fn find_fields(pdf: &Path) -> Result<Vec<Field>> {
    let document = Document::load(pdf)?;
    let number = |object: &Object| -> Result<f64> { Ok(f64::from(document.dereference(object)?.1.as_float()?)) };
    let numbers = |entries: &Dictionary, key: &[u8]| -> Result<Vec<f64>> {
        let (_, list) = document.dereference(entries.get(key)?)?;
        list.as_array()?.iter().map(number).collect()
    };
    let mut fields = Vec::new();
    for (page, id) in document.get_pages() {
        let entries = document.get_dictionary(id)?;
        let Ok(list) = entries.get(b"Annots").and_then(|list| document.dereference(list)).and_then(|(_, list)| list.as_array().cloned())
        else {
            continue;
        };
        let page_box = numbers(entries, b"MediaBox")?;
        for annotation in &list {
            let (_, widget) = document.dereference(annotation)?;
            let widget = widget.as_dict()?;
            if widget.get(b"FT").and_then(Object::as_name).is_ok_and(|kind| kind == b"Sig") {
                let rectangle = numbers(widget, b"Rect")?.try_into().ok().context("a rectangle has four numbers")?;
                fields.push(Field { page: usize::try_from(page)?, rectangle, height: page_box[3] });
            }
        }
    }
    Ok(fields)
}

/// What a reader shows of one page: words with their places, and the dots of its picture.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    words: Vec<String>,
    picture: Vec<u8>,
}

/// A picture without the fields' rectangles.
fn read_picture(file: &Path, page: usize, fields: &[Field]) -> Result<Vec<u8>> {
    let bytes = fs::read(file)?;
    let mut head = bytes.splitn(4, |byte| matches!(byte, b' ' | b'\n'));
    let mut part = || head.next().context("a picture has a head");
    ensure!(part()? == b"P6", "{} is no PPM", file.display());
    let width: usize = std::str::from_utf8(part()?)?.parse()?;
    let _height = part()?;
    let rest = part()?;
    let depth = rest.iter().position(|byte| *byte == b'\n').context("a picture has a depth")?;
    let mut dots = rest[depth + 1..].to_vec();
    for (index, dot) in dots.chunks_exact_mut(3).enumerate() {
        let (x, y) = ((index % width) as f64 + 0.5, (index / width) as f64 + 0.5);
        if fields.iter().any(|field| field.covers(page, x * 72.0 / RESOLUTION, y * 72.0 / RESOLUTION)) {
            dot.fill(0);
        }
    }
    dots.extend(width.to_le_bytes());
    Ok(dots)
}

/// The pages as poppler has them.
fn read_with_poppler(pdf: &Path, folder: &Path, fields: &[Field]) -> Result<Vec<Page>> {
    fs::create_dir_all(folder)?;
    read(Command::new("pdftoppm").args(["-r", "50"]).arg(pdf).arg(folder.join("page")))?;
    let mut pictures: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    pictures.sort();
    let printed = read(Command::new("pdftotext").args(["-bbox", "-enc", "UTF-8"]).arg(pdf).arg("-"))?;
    let attribute = |line: &str, name: &str| -> Option<f64> { line.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0.parse().ok() };
    let mut words: Vec<Vec<String>> = Vec::new();
    for line in printed.lines().map(str::trim) {
        if line.starts_with("<page ") {
            words.push(vec![line.to_owned()]);
        }
        let count = words.len();
        if let (Some(page), true) = (words.last_mut(), line.starts_with("<word ")) {
            let middle = |from: &str, to: &str| Some(f64::midpoint(attribute(line, from)?, attribute(line, to)?));
            let (x, y) = middle("xMin", "xMax").zip(middle("yMin", "yMax")).context("a word has a place")?;
            if !fields.iter().any(|field| field.covers(count, x, y)) {
                page.push(line.to_owned());
            }
        }
    }
    ensure!(words.len() == pictures.len(), "{} pages and {} pictures", words.len(), pictures.len());
    let pages = words.into_iter().zip(&pictures).enumerate();
    pages.map(|(index, (words, picture))| Ok(Page { words, picture: read_picture(picture, index + 1, fields)? })).collect()
}

/// The pages as qpdf has them: what it writes again, drawn by poppler, which has nothing left to guess.
fn read_with_qpdf(pdf: &Path, folder: &Path, fields: &[Field]) -> Result<Vec<Page>> {
    fs::create_dir_all(folder)?;
    let rewritten = folder.join("rewritten.pdf");
    read(Command::new("qpdf").args(["--warning-exit-0", "--no-warn", "--deterministic-id"]).arg(pdf).arg(&rewritten))?;
    read_with_poppler(&rewritten, &folder.join("pages"), fields)
}

/// The pages of several files as pdf.js has them. Where it cannot draw here, words and boxes alone are compared.
fn read_with_pdfjs(files: &[(&Path, &[Field])], folder: &Path) -> Result<Vec<Vec<Page>>> {
    fs::create_dir_all(folder)?;
    let mut node = Command::new("node");
    node.arg(project_root().join("tests/judges/pages.mjs")).arg(folder).args(files.iter().map(|(file, _)| file));
    let draws = read(&mut node)?.lines().any(|line| line == "pictures");
    if !draws {
        eprintln!("pdf.js has no canvas here: its words and boxes are compared, and no pictures");
    }
    let mut found = Vec::new();
    for (index, (_, fields)) in files.iter().enumerate() {
        let mut pages = Vec::new();
        while let Ok(text) = fs::read_to_string(folder.join(format!("{index}-{}.txt", pages.len() + 1))) {
            let number = pages.len() + 1;
            let is_covered = |line: &str| {
                let mut parts = line.split(' ');
                let place = parts.next().and_then(|x| x.parse::<f64>().ok()).zip(parts.next().and_then(|y| y.parse::<f64>().ok()));
                place.is_some_and(|(x, y)| fields.iter().any(|field| field.covers(number, x, field.height - y)))
            };
            let words = text.lines().filter(|line| !is_covered(line)).map(str::to_owned).collect();
            let picture = match draws {
                true => read_picture(&folder.join(format!("{index}-{number}.ppm")), number, fields)?,
                false => Vec::new(),
            };
            pages.push(Page { words, picture });
        }
        ensure!(!pages.is_empty(), "pdf.js shows no page");
        found.push(pages);
    }
    Ok(found)
}

/// In which readers, and on which pages, a file differs from what was signed.
fn compare(whole: &Path, signed: &Path, folder: &Path) -> Result<Vec<String>> {
    let fields = find_fields(signed)?;
    let mut differences = Vec::new();
    let mut note = |reader: &str, one: &[Page], other: &[Page]| {
        if one.len() != other.len() {
            differences.push(format!("{reader}: {} pages and {}", one.len(), other.len()));
        }
        for (index, (one, other)) in one.iter().zip(other).enumerate() {
            if one.words != other.words {
                let gone: Vec<_> = one.words.iter().filter(|word| !other.words.contains(word)).take(3).collect();
                differences.push(format!("{reader}: the words of page {}: {gone:?}", index + 1));
            } else if one.picture != other.picture {
                differences.push(format!("{reader}: the picture of page {}", index + 1));
            }
        }
    };
    let at = |name: &str| folder.join(name);
    note("poppler", &read_with_poppler(whole, &at("poppler-whole"), &fields)?, &read_with_poppler(signed, &at("poppler-signed"), &fields)?);
    note("qpdf", &read_with_qpdf(whole, &at("qpdf-whole"), &fields)?, &read_with_qpdf(signed, &at("qpdf-signed"), &fields)?);
    let both = read_with_pdfjs(&[(whole, &fields), (signed, &fields)], &at("pdfjs"))?;
    note("pdf.js", &both[0], &both[1]);
    Ok(differences)
}

/// How many bytes the first signature covers, where all of the file is sound and something came later.
fn find_signed_part(pdf: &[u8]) -> Result<usize> {
    let PdfVerification::Signed(reports) = verify_pdf(pdf, None)? else { anyhow::bail!("not signed") };
    ensure!(reports.iter().all(|report| report.is_sound()), "{reports:?}");
    match reports[0].coverage {
        Coverage::Part { covered, .. } => Ok(covered),
        other => anyhow::bail!("nothing came later: {other:?}"),
    }
}

fn check_file(name: &str, pdf: &[u8]) -> Result<()> {
    let folder = temporary_folder()?;
    let (whole, signed) = (folder.path().join("whole.pdf"), folder.path().join("signed.pdf"));
    let covered = find_signed_part(pdf).with_context(|| name.to_owned())?;
    fs::write(&whole, pdf)?;
    fs::write(&signed, &pdf[..covered])?;
    let differences = compare(&whole, &signed, folder.path()).with_context(|| name.to_owned())?;
    ensure!(differences.is_empty(), "{name}: {differences:?}");
    Ok(())
}

#[test]
fn what_is_sound_shows_the_pages_that_were_signed_in_every_reader() -> Result<()> {
    for name in ["validation-information", "document-timestamp", "two-signers", "form-with-fonts", "rsa-without-digest"] {
        check_file(name, &fs::read(fixture("signed").join(format!("{name}.pdf")))?)?;
    }
    let signed = Signed::make("--countersignature")?;
    for kind in ["pades", "pkcs7"] {
        check_file(kind, &countersign_with_pyhanko(&signed, kind)?)?;
    }
    let school = temporary_folder()?;
    let (identity, _) = make_identity(school.path())?;
    let own = signed.folder.path().join("own.pdf");
    dpia("countersign")?.argument(&signed.pdf).words("-o").argument(&own).words("--sign").argument(&identity).succeed()?;
    check_file("our own countersignature", &fs::read(&own)?)
}

#[test]
fn a_page_that_one_reader_alone_shows_is_noticed_and_the_file_is_not_sound() -> Result<()> {
    let pdf = fixture("signed").join("hidden-page.pdf");
    let bytes = fs::read(&pdf)?;
    assert!(!verify_pdf(&bytes, None)?.is_sound());
    let folder = temporary_folder()?;
    let signed = folder.path().join("signed.pdf");
    let PdfVerification::Signed(reports) = verify_pdf(&bytes, None)? else { anyhow::bail!("not signed") };
    let Coverage::Part { covered, .. } = reports[0].coverage else { anyhow::bail!("nothing came later") };
    fs::write(&signed, &bytes[..covered])?;
    let differences = compare(&pdf, &signed, folder.path())?;
    assert!(differences.iter().any(|difference| difference.starts_with("poppler: the words of page 1")), "{differences:?}");
    assert!(!differences.iter().any(|difference| difference.starts_with("pdf.js")), "{differences:?}");
    Ok(())
}
