//! What a customer must never see is searched for: words that nobody else would write stand wherever an assessment keeps
//! something internal, and every byte of a customer copy is gone through for them, packed or not, however encoded.
//!
//! The internal copy holds them: the search finds what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use dpia_bundle::{Bundle, Scope};
use dpia_model::Instant;
use dpia_model::assessment::{
    Answer, Content, Difference, DifferenceKind, ImportRecord, LeftOut, LeftOutReason, Origin, Place, Unplaced, Value,
};
use dpia_model::change::Change;
use dpia_model::history::Entry;
use dpia_model::id::{Digest, EntryId, GroupId, QuestionId};
use dpia_model::rich_text::{Block, RichText};
use dpia_tests::places::{fixture, temporary_folder};
use dpia_tests::terminal::dpia;
use lopdf::{Document, Object};
use uuid::Uuid;

use crate::papers::filling::{fill, prose, row_id};
use crate::papers::{MOMENT, make_empty};

/// The client that an earlier copy was made for.
const OTHER_CLIENT: &str = "Canaryotherclient";

/// What every such word begins with, in small letters.
const BEGINNING: &[u8] = b"canary";

/// What a camera wrote beside the pixels of a public picture, which is taken out when the picture is taken.
const CAMERA: &str = "Canaryofacamera";

/// The words that stand in one place each, by the section whose inclusion shows them; under an empty name those that no
/// customer copy may ever hold.
#[derive(Default)]
struct Canaries {
    by_section: BTreeMap<String, Vec<String>>,
    count: usize,
}

impl Canaries {
    /// A new word for a place.
    fn place(&mut self, section: &str) -> String {
        self.count += 1;
        let word = format!("Canary{:03}{}", self.count, if section.is_empty() { "never" } else { "section" });
        self.by_section.entry(section.to_owned()).or_default().push(word.clone());
        word
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.by_section.values().flatten()
    }
}

/// A bundle with a word of its own in each place.
fn make_bundle(canaries: &mut Canaries) -> Result<Bundle> {
    let mut made = make_empty()?;
    let form = made.form.clone();
    made.assessment.details.product = "Product".to_owned();
    let home: BTreeMap<QuestionId, String> = form
        .sections()
        .filter(|section| section.is_internal)
        .flat_map(|section| section.questions().map(|question| (question.id.clone(), section.id.to_string())))
        .collect();
    // Answers of internal sections, risks and sign-offs among them; public answers bear nothing.
    fill(&form, &mut made.assessment, &mut |question, _| {
        home.get(question).map_or_else(|| "A public answer.".to_owned(), |section| canaries.place(section))
    })?;
    let at = Instant(MOMENT.parse()?);
    // Where every answer came from.
    for (number, answer) in made.assessment.answers.values_mut().enumerate() {
        let word = canaries.place("");
        answer.origin = Some(match number % 3 {
            0 => Origin::Typed { by: word, at },
            1 => Origin::Imported { document: format!("{word}.docx"), at },
            _ => Origin::Confirmed { by: word, at },
        });
    }
    // Why an internal question does not apply; the words that were there before give way.
    let reviewed = made.assessment.answers.get_mut(&"decision.responses_reviewed".parse::<QuestionId>()?).context("an answer")?;
    if let Content::Answered { value: Value::SignOff { name, role, .. } } = &reviewed.content {
        canaries.by_section.values_mut().for_each(|words| words.retain(|word| word != name && word != role));
    }
    reviewed.content = Content::NotApplicable { reason: canaries.place("decision") };
    add_pictures(&mut made, canaries)?;
    let place = |word: String| Place { line: 1, heading: word, question: None };
    made.assessment.unplaced = vec![Unplaced { id: row_id(1), text: prose(&canaries.place("")), place: place(canaries.place("")) }];
    made.assessment.imported = Some(ImportRecord {
        document: format!("{}.docx", canaries.place("")),
        sha256: Digest::of(b"the document"),
        at,
        differences: vec![Difference {
            kind: DifferenceKind::Wording,
            found: canaries.place(""),
            expected: String::new(),
            place: place(canaries.place("")),
        }],
        left_out: vec![LeftOut { reason: LeftOutReason::Placeholder, text: canaries.place(""), place: place(canaries.place("")) }],
    });
    let mut bundle = made.into_bundle()?;
    // A past value of a public answer, by a person that history names.
    let question: QuestionId = "purpose.aims".parse()?;
    let now = bundle.assessment.answers.remove(&question).context("an answer")?;
    let past =
        Answer { content: Content::Answered { value: Value::RichText { text: prose(&canaries.place("")) } }, origin: now.origin.clone() };
    bundle.assessment.answers.insert(question.clone(), past);
    let change = Change::SetAnswer { question, answer: Some(now) };
    let inverse = change.apply(&mut bundle.assessment)?;
    bundle.scope = Scope::Full {
        history: vec![Entry {
            id: EntryId(Uuid::from_u128(1)),
            sequence: 1,
            parents: Vec::new(),
            group: GroupId(Uuid::from_u128(1)),
            person: canaries.place(""),
            at,
            undoes: None,
            change,
            inverse,
            previous: None,
        }],
    };
    Ok(bundle)
}

/// A picture in an internal section, whose caption, description and bytes bear words, and one in a public section.
fn add_pictures(made: &mut crate::papers::Made, canaries: &mut Canaries) -> Result<()> {
    let grey = fs::read(fixture("pictures/grey.jpg"))?;
    let internal = made.attach(with_comment(&grey, &canaries.place("")), 720, 300)?;
    let blocks = vec![
        Block::plain(canaries.place("decision")),
        Block::Picture { attachment: internal, description: canaries.place("decision"), caption: canaries.place("decision") },
    ];
    let advice = made.assessment.answers.get_mut(&"decision.advice".parse::<QuestionId>()?).context("advice")?;
    // The words that were there before give way to these.
    let replaced = advice.content.rich_text().map(RichText::plain_text).unwrap_or_default();
    canaries.by_section.values_mut().for_each(|words| words.retain(|word| *word != replaced));
    advice.content = Content::Answered { value: Value::RichText { text: RichText { blocks } } };
    let camera = with_comment(&fs::read(fixture("pictures/progressive.jpg"))?, CAMERA);
    let public = made.attach(camera, 720, 300)?;
    let blocks = vec![Block::Picture { attachment: public, description: "A public picture".to_owned(), caption: String::new() }];
    let shown = made.assessment.answers.get_mut(&"it_systems.description".parse::<QuestionId>()?).context("an answer")?;
    shown.content = Content::Answered { value: Value::RichText { text: RichText { blocks } } };
    Ok(())
}

/// A JPEG with a comment and Exif data that hold these words.
fn with_comment(jpeg: &[u8], words: &str) -> Vec<u8> {
    let segment = |marker: u8, content: Vec<u8>| {
        let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
        [vec![0xFF, marker], length.to_vec(), content].concat()
    };
    let exif = [b"Exif\0\0II*\0\x08\0\0\0\0\0".as_slice(), words.as_bytes()].concat();
    [&jpeg[..2], &segment(0xE1, exif), &segment(0xFE, words.as_bytes().to_vec()), &jpeg[2..]].concat()
}

/// Everything that can be read in a PDF: its bytes, each stream unpacked, each string as text, what is drawn as poppler
/// reads it, and each part of the zip inside, unpacked.
fn read_everything(pdf: &Path) -> Result<Vec<Vec<u8>>> {
    let bytes = fs::read(pdf)?;
    let document = Document::load_mem(&bytes)?;
    let mut pieces = vec![bytes, dpia_tests::poppler::read_text(pdf)?.into_bytes()];
    let mut zips = 0;
    for object in document.objects.values().chain([&Object::Dictionary(document.trailer.clone())]) {
        read_object(object, &mut pieces, &mut zips)?;
    }
    ensure!(zips == 1, "the report carries {zips} bundles");
    Ok(pieces)
}

fn read_object(object: &Object, pieces: &mut Vec<Vec<u8>>, zips: &mut usize) -> Result<()> {
    match object {
        Object::String(bytes, _) => {
            pieces.push(bytes.clone());
            pieces.push(read_string(bytes).into_bytes());
        }
        Object::Name(name) => pieces.push(name.clone()),
        Object::Array(items) => items.iter().try_for_each(|item| read_object(item, pieces, zips))?,
        Object::Dictionary(dictionary) => dictionary.iter().try_for_each(|(_, value)| read_object(value, pieces, zips))?,
        Object::Stream(stream) => {
            stream.dict.iter().try_for_each(|(_, value)| read_object(value, pieces, zips))?;
            let content = if stream.dict.has(b"Filter") { stream.decompressed_content() } else { Ok(stream.content.clone()) };
            let content = content.unwrap_or_else(|_| stream.content.clone());
            if content.starts_with(b"PK\x03\x04") {
                *zips += 1;
                read_zip(&content, pieces)?;
            }
            pieces.push(content);
        }
        Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Reference(_) => {}
    }
    Ok(())
}

/// A text string: UTF-16 where its mark says so, else one byte a letter, as PDFDocEncoding has ASCII.
fn read_string(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(units) => {
            let units: Vec<u16> = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => bytes.iter().copied().map(char::from).collect(),
    }
}

fn read_zip(bytes: &[u8], pieces: &mut Vec<Vec<u8>>) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    pieces.push(archive.comment().to_vec());
    ensure!(archive.len() > 3, "the bundle has {} parts", archive.len());
    for number in 0..archive.len() {
        let mut part = archive.by_index(number)?;
        pieces.push(part.name()?.as_bytes().to_vec());
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        pieces.push(content);
    }
    Ok(())
}

/// Which of these words are in a PDF, whatever their case.
fn find<'a>(pdf: &Path, words: impl Iterator<Item = &'a String>) -> Result<BTreeSet<&'a String>> {
    let mut found = BTreeSet::new();
    for piece in read_everything(pdf)? {
        let piece = piece.to_ascii_lowercase();
        for at in (0..piece.len()).filter(|at| piece[*at] == BEGINNING[0] && piece[*at..].starts_with(BEGINNING)) {
            let letters = piece[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric());
            found.insert(letters.copied().map(char::from).collect::<String>());
        }
    }
    let holds = |word: &String| found.iter().any(|found| found.starts_with(&word.to_ascii_lowercase()));
    Ok(words.filter(|word| holds(word)).collect())
}

fn print(bundle: &Path, pdf: &str, arguments: &[&str]) -> Result<PathBuf> {
    let pdf = bundle.with_file_name(pdf);
    let mut call = dpia("report --at")?.words(MOMENT).argument(bundle).words("-o").argument(&pdf);
    for argument in arguments {
        call = call.argument(argument);
    }
    call.succeed()?;
    Ok(pdf)
}

#[test]
fn a_customer_copy_holds_nothing_that_is_internal() -> Result<()> {
    let folder = temporary_folder()?;
    let path = folder.path().join("Canaryfilename.dpia");
    let mut canaries = Canaries::default();
    let bundle = make_bundle(&mut canaries)?;
    fs::write(&path, dpia_bundle::write(&bundle)?)?;
    let never = [OTHER_CLIENT, CAMERA, "Canaryfilename"].map(str::to_owned);

    let internal = print(&path, "internal.pdf", &[])?;
    let found = find(&internal, canaries.all())?;
    let unfound: Vec<&String> = canaries.all().filter(|word| !found.contains(word)).collect();
    assert_eq!(unfound, Vec::<&String>::new(), "the internal copy holds every word, so that the search is known to find them");
    ensure!(found.len() > 60, "there are {} words", found.len());

    assert!(find(&internal, never[1..2].iter())?.len() == 1, "what the camera wrote came with the bundle");

    let other = print(&path, "other.pdf", &["--copy", "customer", "--client", OTHER_CLIENT])?;
    assert_eq!(find(&other, never.iter())?.len(), 1, "the client's own copy names it");
    let customer = ["--copy", "customer", "--client", "Hill School"];
    let screening = [customer.as_slice(), &["--screening"]].concat();
    for (name, arguments) in [("customer.pdf", customer.as_slice()), ("screening.pdf", &screening)] {
        let pdf = print(&path, name, arguments)?;
        assert_eq!(find(&pdf, canaries.all().chain(&never))?, BTreeSet::new(), "{name}");
    }
    Ok(())
}

#[test]
fn an_internal_section_that_is_included_brings_its_own_words_and_no_others() -> Result<()> {
    let folder = temporary_folder()?;
    let path = folder.path().join("a.dpia");
    let mut canaries = Canaries::default();
    let bundle = make_bundle(&mut canaries)?;
    fs::write(&path, dpia_bundle::write(&bundle)?)?;
    let sections: Vec<&String> = canaries.by_section.keys().filter(|section| !section.is_empty()).collect();
    ensure!(sections.len() >= 2, "{sections:?} bear words");
    for section in sections {
        let pdf = print(&path, "one.pdf", &["--copy", "customer", "--client", "Hill School", "--include", section])?;
        let found = find(&pdf, canaries.all())?;
        assert_eq!(found, canaries.by_section[section].iter().collect(), "{section}");
    }
    Ok(())
}
