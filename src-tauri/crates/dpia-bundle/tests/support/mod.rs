//! What the tests share: a small form, whole bundles, and zip files of any shape.
#![allow(dead_code, reason = "each test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use dpia_bundle::{Bundle, Scope};
use dpia_model::assessment::{Answer, Assessment, Attachment, Content, MediaType, Value};
use dpia_model::change::Change;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, AttachmentId, Digest, EntryId, GroupId, QuestionId};
use dpia_model::template::{Library, NEWEST_EDITION, NEWEST_PACK};
use dpia_model::{Brand, Instant, RichText};
use std::collections::BTreeMap;
use std::io::Write as _;
use uuid::Uuid;
use zip::write::SimpleFileOptions;

/// A form with one tick list, one text and one internal section.
pub(crate) const EDITION: &str = r#"
format = 1
id = "small"
released = "2026-01-01"
title = "A small form"

[screening]
lists = ["screening.must"]
result = "screening.result"
required = "required"
not_required = "not_required"

[[parts]]
id = "part_1"
title = "Part 1"

[[parts.sections]]
id = "screening"
title = "Screening"
items = [
    { question = "screening.must", kind = "tick_list", options = [{ id = "a", label = "A" }] },
    { question = "screening.result", kind = "choice", options = [{ id = "required", label = "Yes" }, { id = "not_required", label = "No" }] },
    { question = "purpose.aims", kind = "rich_text", pictures = true },
]
"#;

pub(crate) const PACK: &str = r#"
format = 1
id = "small-pack"
version = "1"
sections_follow = "part_1"
appendices = []
guidance = []
risk_examples = []
scales = { likelihood = [], severity = [], levels = [], matrix = [] }

[[sections]]
id = "decision"
title = "Decision"
internal = true
items = [{ question = "decision.advice", kind = "rich_text" }]
"#;

/// A brand that stays as it is, whatever the program's own becomes.
const BRAND: &str = r##"{"wordmark":"Small","logo":null,"accent":"#0b4a50","second":"#5b2a6b","paper":"#f6f2e9","slogan":"S","header":"H",
"footer":"F","site":"example.org","copyright_holder":"Small Ltd","copyright_text":"All rights reserved."}"##;

pub(crate) fn question(id: &str) -> QuestionId {
    QuestionId::new(id).unwrap()
}

pub(crate) fn prose(text: &str) -> Answer {
    Answer { content: Content::Answered { value: Value::RichText { text: RichText::from_plain(text) } }, origin: None }
}

pub(crate) fn at(second: i64) -> Instant {
    Instant(jiff::Timestamp::from_second(second).unwrap())
}

/// Applies these changes as edits; those that do not fit are left out.
pub(crate) fn edit(assessment: &mut Assessment, changes: Vec<Change>) -> Vec<Entry> {
    let mut history: Vec<Entry> = Vec::new();
    for change in changes {
        let Ok(inverse) = change.apply(assessment) else { continue };
        let number = u128::try_from(history.len()).unwrap() + 1;
        let before = history.last();
        let entry = Entry {
            id: EntryId(Uuid::from_u128(number)),
            sequence: u32::try_from(number).unwrap(),
            parents: before.iter().map(|before| before.id).collect(),
            group: GroupId(Uuid::from_u128(number / 2)),
            person: "Sam".to_owned(),
            at: at(i64::try_from(number).unwrap()),
            undoes: None,
            change,
            inverse,
            previous: before.map(Entry::digest),
        };
        history.push(entry);
    }
    history
}

/// A whole bundle of this assessment on the newest edition and pack.
pub(crate) fn bundle_of(assessment: Assessment, history: Vec<Entry>) -> Bundle {
    let library = Library::built_in().unwrap();
    Bundle {
        scope: Scope::Full { history },
        edition: library.edition(&NEWEST_EDITION.parse().unwrap()).unwrap().source.clone(),
        pack: library.pack(&NEWEST_PACK.parse().unwrap()).unwrap().source.clone(),
        assessment,
        brand: Brand::default(),
        attachments: BTreeMap::new(),
        signature: None,
    }
}

/// A picture as its beginning says it is.
pub(crate) fn picture(content: &str) -> (AttachmentId, Attachment, Vec<u8>) {
    let bytes = [b"\x89PNG\r\n\x1a\n", content.as_bytes()].concat();
    let known = Attachment { media_type: MediaType::Png, width: 2, height: 1, bytes: u32::try_from(bytes.len()).unwrap() };
    (Digest::of(&bytes), known, bytes)
}

/// A small bundle with a history, a picture and a logo.
pub(crate) fn small_bundle() -> Bundle {
    let mut assessment =
        Assessment::new(AssessmentId(Uuid::from_u128(1)), "small".parse().unwrap(), "small-pack".parse().unwrap(), "Sonar");
    let (id, known, bytes) = picture("a data flow");
    let (gone, gone_known, gone_bytes) = picture("taken out again");
    let (logo, _, logo_bytes) = picture("a logo");
    let history = edit(
        &mut assessment,
        vec![
            Change::SetAnswer { question: question("purpose.aims"), answer: Some(prose("To teach.\nTo mark.")) },
            Change::AddAttachment { id, attachment: known },
            Change::AddAttachment { id: gone, attachment: gone_known },
            Change::RemoveAttachment { id: gone },
            Change::SetAnswer { question: question("decision.advice"), answer: Some(prose("Go on.")) },
        ],
    );
    Bundle {
        scope: Scope::Full { history },
        assessment,
        edition: EDITION.to_owned(),
        pack: PACK.to_owned(),
        brand: Brand { logo: Some(logo), ..serde_json::from_str(BRAND).unwrap() },
        attachments: BTreeMap::from([(id, bytes), (gone, gone_bytes), (logo, logo_bytes)]),
        signature: Some(b"a signature".to_vec()),
    }
}

/// The parts of a bundle, unpacked by another implementation of zip.
pub(crate) fn unzip(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut content).unwrap();
        parts.insert(file.name().unwrap().into_owned(), content);
    }
    parts
}

/// A zip file of these parts, packed by another implementation of zip.
pub(crate) fn zip_of(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The small bundle with its parts changed, zipped again, and the manifest's notes brought into line.
pub(crate) fn altered(change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Vec<u8> {
    let mut parts = unzip(&dpia_bundle::write(&small_bundle()).unwrap());
    change(&mut parts);
    note_parts(&mut parts);
    zip_of(&parts.into_iter().collect::<Vec<_>>())
}

/// Writes the manifest's list again from the parts there are.
pub(crate) fn note_parts(parts: &mut BTreeMap<String, Vec<u8>>) {
    let mut manifest: serde_json::Value = serde_json::from_slice(&parts["manifest.json"]).unwrap();
    manifest["parts"] = parts
        .iter()
        .filter(|(name, _)| !name.starts_with("manifest."))
        .map(|(name, bytes)| serde_json::json!({ "name": name, "bytes": bytes.len(), "sha256": Digest::of(bytes) }))
        .collect();
    parts.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).unwrap());
}
