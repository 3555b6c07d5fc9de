//! Prints how long an edit, a draft, a list and a search take until they are acknowledged.
//!
//! `cargo run --release -p dpia-store --example latency [FOLDER [ASSESSMENTS]]`; the folder names the disk to measure.

use dpia_model::assessment::{Answer, Assessment, Content, Value};
use dpia_model::change::Change;
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, EditionId, EntryId, GroupId, PackId, QuestionId};
use dpia_model::{Block, RichText};
use dpia_store::{NewEntry, Store, StoreError};
use std::time::Duration;

const WORDS: [&str; 12] = ["pupil", "records", "are", "deleted", "after", "school", "data", "kept", "secure", "by", "measures", "reviewed"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let parent = arguments.next().map_or_else(std::env::temp_dir, Into::into);
    let count: u128 = match arguments.next() {
        Some(text) => text.to_string_lossy().parse()?,
        None => 200,
    };
    let folder = tempfile::tempdir_in(parent)?;
    let path = folder.path().join("latency.db");
    let key = [1; 32];
    let store = Store::create(&path, &key)?;
    let now = Instant(jiff::Timestamp::UNIX_EPOCH);
    for number in 0..count {
        store.insert_assessment(sample(number)?, now)?;
    }
    drop(store);
    let store = measure("open", 1, |_| Store::open(&path, &key))?;
    let question = QuestionId::new("question.7")?;
    let id = sample(0)?.id;
    let mut before = text_of(0, 7);
    measure("append", 500, |turn| {
        let after = text_of(turn + 1, 7);
        let change = Change::between_texts(&question, &before, &after, None).ok_or(StoreError::Closed)?;
        before = after;
        let number = u128::try_from(turn).unwrap_or_default();
        let entry = NewEntry {
            id: EntryId(uuid::Uuid::from_u128(number)),
            group: GroupId(uuid::Uuid::from_u128(number)),
            person: "Sam".to_owned(),
            at: now,
            undoes: None,
            change,
        };
        store.append(id, u32::try_from(turn).unwrap_or_default(), vec![entry])
    })?;
    measure("save_draft", 1000, |turn| {
        let content = Content::Answered { value: Value::RichText { text: text_of(turn, 7) } };
        store.save_draft(id, question.clone(), content, 500, now)
    })?;
    measure("list", 100, |_| store.list())?;
    measure("load", 100, |_| store.load(id))?;
    measure("search a rare word", 100, |turn| store.search(&format!("marker{}", turn as u128 % count), 50))?;
    measure("search a common word", 100, |_| store.search("delet", 50))?;
    measure("history_tail", 100, |_| store.history_tail(id, 50))?;
    println!("{count} assessments, file {} KiB", std::fs::metadata(&path)?.len() / 1024);
    Ok(())
}

/// Runs it so often, and prints the median and the 99th of a hundred.
fn measure<T>(what: &str, turns: usize, mut run: impl FnMut(usize) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let mut times: Vec<Duration> = Vec::with_capacity(turns);
    let mut last = None;
    for turn in 0..turns {
        let start = std::time::Instant::now();
        let done = run(turn)?;
        times.push(start.elapsed());
        last = Some(done);
    }
    times.sort();
    let at = |part: f64| times.get(((turns - 1) as f64 * part).round() as usize).copied().unwrap_or_default();
    println!("{what:22} p50 {:>10.3?}  p99 {:>10.3?}", at(0.5), at(0.99));
    last.ok_or(StoreError::Closed)
}

/// Six paragraphs, of which one differs from turn to turn.
fn text_of(turn: usize, seed: usize) -> RichText {
    let paragraph = |n: usize, turn: usize| (0..40).map(|w| WORDS[(w * 5 + n * 3 + seed + turn) % 12]).collect::<Vec<_>>().join(" ");
    RichText { blocks: (0..6).map(|n| Block::plain(paragraph(n, if n == 3 { turn } else { 0 }))).collect() }
}

/// Twenty answers.
fn sample(number: u128) -> Result<Assessment, Box<dyn std::error::Error>> {
    let id = AssessmentId(uuid::Uuid::from_u128(number));
    let mut assessment = Assessment::new(id, EditionId::new("2026.1")?, PackId::new("internal-1")?, format!("Product marker{number}"));
    for question in 0..20 {
        let value = Value::RichText { text: text_of(0, question) };
        let answer = Answer { content: Content::Answered { value }, origin: None };
        assessment.answers.insert(QuestionId::new(format!("question.{question}"))?, answer);
    }
    Ok(assessment)
}
