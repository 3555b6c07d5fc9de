//! Whole documents, in and out.

mod accounting;
mod breaks;
mod describe;
mod dice;
mod end_matter;
mod exports;
mod growth;
mod headings;
mod hostile;
mod lists;
mod made_up;
mod other_forms;
mod quotes;
mod rendered;
mod running;
mod scenarios;
mod seeds;
mod tables;

use crate::{Import, ImportError, ImportOptions, Source, read_in_full};
use dpia_model::date::Instant;
use dpia_model::id::{EditionId, PackId};
use dpia_model::template::{Library, NEWEST_PACK};
use std::sync::LazyLock;
use uuid::Uuid;

/// The editions and packs that come with the program.
static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::built_in().expect("the library holds together"));

/// The four published documents.
const SEEDS: [&str; 4] =
    ["2024-04-19-sonar-multi-school.txt", "2024-06-04-juniper-mis.txt", "2025-05-06-sisra-analytics.txt", "2025-07-04-pupil-progress.txt"];

/// The bytes of a document among the fixtures.
fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/../../../tests/fixtures/documents/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A made-up document without lists that are marked, with these words changed.
fn larkfield(edits: &[(&str, &str)]) -> String {
    let mut text = String::from_utf8(fixture("made-up/larkfield-register.txt")).expect("it is UTF-8");
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

/// Reads a document with ids that count up; also gives the words that were wording of the form.
fn import_in_full(name: &str, bytes: &[u8], edition: Option<&str>) -> Result<(Import, Vec<String>), ImportError> {
    let mut next = 0;
    let mut ids = || {
        next += 1;
        Uuid::from_u128(next)
    };
    let edition = edition.map(|id| EditionId::new(id).expect("an id"));
    let options = ImportOptions {
        edition: edition.as_ref(),
        library: &LIBRARY,
        pack: &PackId::new(NEWEST_PACK).expect("an id"),
        at: Instant(jiff::Timestamp::UNIX_EPOCH),
        ids: &mut ids,
    };
    read_in_full(Source { name, bytes }, options)
}

/// Reads a document on the edition that it matches best.
fn import(name: &str, bytes: &[u8]) -> Result<Import, ImportError> {
    import_in_full(name, bytes, None).map(|(import, _)| import)
}
