//! Documents: no word gets lost.

use dpia_import::{Import, ImportOptions, Source, read_document};
use dpia_model::Instant;
use dpia_model::id::PackId;
use dpia_model::template::{Library, NEWEST_PACK};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use uuid::Uuid;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::built_in().expect("the templates hold together"));
static PACK: LazyLock<PackId> = LazyLock::new(|| PackId::new(NEWEST_PACK).expect("an id"));
/// Every word of the templates.
static WORDING: LazyLock<String> = LazyLock::new(|| {
    let editions = LIBRARY.editions().iter().map(|edition| edition.source.as_str());
    editions.chain(LIBRARY.packs().iter().map(|pack| pack.source.as_str())).collect::<String>().to_lowercase()
});

/// A date that was read is kept as a date.
const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Imports a document.
///
/// # Panics
/// Where a law of imports is broken.
pub fn document(bytes: &[u8]) {
    let mut count = 0;
    let mut ids = || {
        count += 1;
        Uuid::from_u128(count)
    };
    let options = ImportOptions { edition: None, library: &LIBRARY, pack: &PACK, at: Instant(jiff::Timestamp::UNIX_EPOCH), ids: &mut ids };
    let import = match read_document(Source { name: "document.txt", bytes }, options) {
        Ok(import) => import,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let form = LIBRARY.form(&import.assessment.edition, &import.assessment.pack).expect("the form is known").expect("it is a form");
    for question in import.assessment.answers.keys() {
        assert!(form.question(question).is_some(), "{question} is answered, and not asked");
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let lost = lost_words(text, &import);
        assert!(lost.is_empty(), "words that are nowhere: {lost:?}");
    }
}

/// Words of a document that are neither in its assessment, with what had no place and what was left out, nor in the
/// templates. Marks of a conversion are no words, so a document that may hold some is not judged; how often each word
/// is is counted by the importing crate's own tests.
fn lost_words(text: &str, import: &Import) -> BTreeSet<String> {
    // What begins a tag, an entity, an escape or an address behind a label; NUL and friends are UTF-16.
    if text.contains(['<', '&', '\\', '\0', '\u{ad}', '\u{200b}', '\u{feff}']) || text.contains("](") {
        return BTreeSet::new();
    }
    let kept = serde_json::to_string(&import.assessment).expect("an assessment is written").to_lowercase();
    let words = text.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 3);
    let words: BTreeSet<String> = words.map(str::to_lowercase).collect();
    let is_lost = |word: &String| !kept.contains(word.as_str()) && !WORDING.contains(word.as_str());
    words.into_iter().filter(|word| is_lost(word) && !MONTHS.iter().any(|month| month.starts_with(word.as_str()))).collect()
}
