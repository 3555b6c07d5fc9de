//! An hour of typing: sixty words a minute, a draft every 1.2 seconds, a history entry every 30 seconds.

mod support;

use dpia_model::change::Change;
use dpia_model::{Block, RichText};
use dpia_store::Store;
use support::*;

const MINUTES: usize = 60;
const WORDS_A_MINUTE: usize = 60;
const WORDS_A_PARAGRAPH: usize = 90;
const DRAFTS: usize = 3_000;
const ENTRIES: usize = MINUTES * 2;

/// What an hour may add to the files, in bytes: most of it is the write-ahead log, which is used again and again.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// What may stay of it when the log is folded in.
const MOST_BYTES_CLOSED: u64 = 1024 * 1024;

fn bytes_in(folder: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("the folder");
    files.map(|file| file.and_then(|file| file.metadata()).expect("a file").len()).sum()
}

/// The first words of the answer, in paragraphs.
fn typed(words: &[String], count: usize, words_a_paragraph: usize) -> RichText {
    RichText { blocks: words[..count].chunks(words_a_paragraph).map(|words| Block::plain(words.join(" "))).collect() }
}

#[test]
fn an_hour_of_typing_adds_little_to_the_file() {
    type_for_an_hour(WORDS_A_PARAGRAPH, DRAFTS, MOST_BYTES_CLOSED);
}

#[test]
fn an_hour_of_typing_without_a_paragraph_adds_little_more() {
    type_for_an_hour(usize::MAX, DRAFTS / 10, 2 * MOST_BYTES_CLOSED);
}

#[allow(clippy::unwrap_used, reason = "what fails here fails the test")]
fn type_for_an_hour(words_a_paragraph: usize, drafts: usize, most_closed: u64) {
    let (place, store) = created();
    let new = assessment(1, "Sonar");
    let aims = question("purpose.aims");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", prose("")))]).unwrap();
    let before = bytes_in(place.folder.path());
    // Words of an ordinary length, no two alike for long.
    let words: Vec<String> = (0..MINUTES * WORDS_A_MINUTE).map(|n| format!("w{}", (n * 7919) % 9973 + 100 * (n % 90))).collect();
    let mut settled = RichText::default();
    let (mut revision, mut most) = (1, 0);
    for draft in 1..=drafts {
        let now = typed(&words, words.len() * draft / drafts, words_a_paragraph);
        let content = dpia_model::Content::Answered { value: dpia_model::Value::RichText { text: now.clone() } };
        store.save_draft(new.id, support::draft("purpose.aims", content, i64::try_from(draft).unwrap())).unwrap();
        if draft * ENTRIES / drafts != (draft - 1) * ENTRIES / drafts {
            let change = Change::between_texts(&aims, &settled, &now, None).unwrap();
            revision = store.settle(new.id, revision, aims.clone(), vec![entry(u128::from(revision) + 1, change)]).unwrap().revision;
            settled = now;
        }
        if draft % 100 == 0 {
            most = most.max(bytes_in(place.folder.path()));
        }
    }
    assert_eq!(usize::try_from(revision).unwrap(), 1 + ENTRIES);
    assert_eq!(store.load(new.id).unwrap().0.text(&aims), Some(&settled));
    store.check_history(new.id).unwrap();
    let history: usize = store.history(new.id).unwrap().iter().map(|entry| serde_json::to_vec(entry).unwrap().len()).sum();
    drop(store);
    let closed = bytes_in(place.folder.path());
    println!(
        "an hour of typing: {} characters, {history} bytes of history, files {before} bytes before, {most} at most, {closed} closed",
        settled.plain_text().len()
    );
    assert!(most - before < MOST_BYTES, "{most} bytes");
    assert!(closed < most_closed, "{closed} bytes");
    Store::open(&place.path, &KEY).unwrap().check_integrity().unwrap();
}
