//! What the store costs beside plain SQLite: the same code, schema and pragmas, once encrypted and once not, in turns.
//!
//! `cargo xtask bench store` runs it. Its arguments: a folder on the disk to measure, and how many assessments.

use dpia_model::assessment::{Answer, Assessment, Content, Value};
use dpia_model::change::Change;
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, EditionId, EntryId, GroupId, PackId, QuestionId};
use dpia_model::{Block, RichText};
use dpia_power::leave_plain;
use dpia_store::{Draft, NewEntry, Store};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn Error>>;

const KEY: [u8; 32] = [1; 32];
const ANSWERS: usize = 12;
const WORDS: [&str; 24] = [
    "pupil",
    "records",
    "are",
    "deleted",
    "after",
    "school",
    "data",
    "kept",
    "secure",
    "by",
    "measures",
    "reviewed",
    "every",
    "year",
    "teacher",
    "access",
    "role",
    "based",
    "stored",
    "encrypted",
    "transit",
    "retention",
    "contract",
    "processor",
];

/// One of the two databases.
struct Side {
    path: PathBuf,
    store: Option<Store>,
    revision: u32,
}

/// What is aimed at.
enum Target {
    Under(Duration),
    Ratio(f64),
    None,
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1);
    let parent = arguments.next().map_or_else(std::env::temp_dir, Into::into);
    let count: u128 = arguments.next().map_or(Ok(10_000), |text| text.to_string_lossy().parse())?;
    let folder = tempfile::tempdir_in(parent)?;
    let folder = folder.path().canonicalize()?;
    let (encrypted, plain) = (folder.join("encrypted"), folder.join("plain"));
    std::fs::create_dir_all(&encrypted)?;
    std::fs::create_dir_all(&plain)?;
    leave_plain(Some(&plain));
    let mut sides = [fill(&encrypted, count)?, fill(&plain, count)?];
    let is_plain = |side: &Side| Ok::<_, std::io::Error>(std::fs::read(&side.path)?.windows(12).any(|bytes| bytes == b"CREATE TABLE"));
    if is_plain(&sides[0])? || !is_plain(&sides[1])? {
        return Err("one is not encrypted, or the other is".into());
    }
    let megabytes = |side: &Side| std::fs::metadata(&side.path).map(|file| file.len() / 1_000_000).unwrap_or_default();
    println!("{count} assessments of {ANSWERS} answers; {} MB encrypted, {} MB plain\n", megabytes(&sides[0]), megabytes(&sides[1]));
    println!("| | p50 | p99 | plain p50 | plain p99 | ratio of p50 | aimed at |\n|---|---|---|---|---|---|---|");

    let under = |milliseconds| Target::Under(Duration::from_millis(milliseconds));
    measure("open", 30, &under(50), &mut sides, |side, _| {
        side.store = Some(Store::open(&side.path, &KEY)?);
        Ok(())
    })?;
    let id = AssessmentId(Uuid::from_u128(7));
    let question = QuestionId::new("question.7")?;
    measure("an edit, acknowledged and synced", 400, &Target::Ratio(1.3), &mut sides, |side, turn| {
        let (before, after) = (text_of(8, turn), text_of(8, turn + 1));
        let change = Change::between_texts(&question, &before, &after, None).ok_or("no change")?;
        let number = Uuid::from_u128(u128::from(side.revision) + 1);
        let entry = NewEntry { id: EntryId(number), group: GroupId(number), person: "Sam".to_owned(), at: now(), undoes: None, change };
        side.revision = store(side)?.append(id, side.revision, vec![entry])?.revision;
        Ok(())
    })?;
    measure("a draft, acknowledged and synced", 400, &Target::None, &mut sides, |side, turn| {
        let content = Content::Answered { value: Value::RichText { text: text_of(8, turn) } };
        Ok(store(side)?.save_draft(id, Draft { question: question.clone(), content, typed: None, at: now() })?)
    })?;
    measure("list of all", 100, &under(20), &mut sides, |side, _| keep(store(side)?.list()?))?;
    measure("search, a rare word", 200, &under(20), &mut sides, |side, turn| {
        keep(store(side)?.search(&format!("marker{}", turn as u128 % count), 200)?)
    })?;
    measure("search, a word in a hundredth of them", 200, &under(20), &mut sides, |side, _| keep(store(side)?.search("hundredth", 200)?))?;
    measure("search, two words in every place", 200, &under(20), &mut sides, |side, _| keep(store(side)?.search("delet school", 200)?))?;
    measure("the last 50 entries of a history", 200, &Target::None, &mut sides, |side, _| keep(store(side)?.history_tail(id, 50)?))?;
    measure("a history of 400, whole", 20, &Target::None, &mut sides, |side, _| keep(store(side)?.history(id)?))?;
    measure("check of every page", 3, &Target::None, &mut sides, |side, _| Ok(store(side)?.check_integrity()?))?;
    measure("a backup, checked", 3, &Target::None, &mut sides, |side, turn| {
        let backup = side.path.with_file_name(format!("backup-{turn}.db"));
        store(side)?.back_up(&backup)?;
        Ok(())
    })
}

/// What was read is read.
fn keep<T>(read: T) -> Outcome<()> {
    std::hint::black_box(read);
    Ok(())
}

fn store(side: &Side) -> Outcome<&Store> {
    side.store.as_ref().ok_or_else(|| "it is closed".into())
}

/// Runs it on both sides in turns, and prints a row. Where a store is opened, it is closed before.
fn measure(what: &str, turns: usize, target: &Target, sides: &mut [Side; 2], run: impl Fn(&mut Side, usize) -> Outcome<()>) -> Outcome<()> {
    let mut times = [Vec::new(), Vec::new()];
    for turn in 0..turns {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            if what == "open" {
                side.store = None;
            }
            let start = std::time::Instant::now();
            run(side, turn)?;
            times.push(start.elapsed());
        }
    }
    times.iter_mut().for_each(|times| times.sort());
    let at = |side: usize, part: f64| times[side][((turns - 1) as f64 * part).round() as usize];
    let ratio = at(0, 0.5).as_secs_f64() / at(1, 0.5).as_secs_f64();
    let (aim, is_met) = match target {
        Target::Under(most) => (format!("p99 under {} ms", most.as_millis()), at(0, 0.99) < *most),
        Target::Ratio(most) => (format!("ratio at most {most}"), ratio <= *most),
        Target::None => ("–".to_owned(), true),
    };
    let met = if is_met { "" } else { ": **not met**" };
    let [p50, p99, plain_p50, plain_p99] = [at(0, 0.5), at(0, 0.99), at(1, 0.5), at(1, 0.99)].map(|time| format!("{time:.2?}"));
    println!("| {what} | {p50} | {p99} | {plain_p50} | {plain_p99} | {ratio:.2} | {aim}{met} |");
    Ok(())
}

fn fill(folder: &Path, count: u128) -> Outcome<Side> {
    let path = folder.join("assessments.db");
    let store = Store::create(&path, &KEY)?;
    let counts = serde_json::json!({ "counts": [12, 3, 20], "groups": [[[3, 0, 1], [2, 1, 4]], [[1, 1, 1]]], "next_review": null });
    for number in 0..count {
        let sample = sample(number)?;
        let id = sample.id;
        store.insert_assessment(sample, now())?;
        store.remember_progress(id, 0, counts.clone())?;
    }
    Ok(Side { path, store: None, revision: 0 })
}

/// Sixty words in two paragraphs, of which a few differ from turn to turn.
fn text_of(seed: usize, turn: usize) -> RichText {
    let paragraph = |from: usize, turn: usize| {
        let words = (0..30).map(|at| WORDS[(at * 7 + from * 5 + seed * 11 + if at == 9 { turn } else { 0 }) % WORDS.len()]);
        words.collect::<Vec<_>>().join(" ")
    };
    RichText { blocks: vec![Block::plain(paragraph(0, 0)), Block::plain(paragraph(1, turn))] }
}

fn sample(number: u128) -> Outcome<Assessment> {
    let id = AssessmentId(Uuid::from_u128(number));
    let mut assessment = Assessment::new(id, EditionId::new("2026.1")?, PackId::new("internal-1")?, format!("Product marker{number}"));
    for question in 0..ANSWERS {
        let mut text = text_of(question + 1, 0);
        if number.is_multiple_of(100) {
            text.blocks.push(Block::plain("hundredth"));
        }
        let value = Value::RichText { text };
        let answer = Answer { content: Content::Answered { value }, origin: None };
        assessment.answers.insert(QuestionId::new(format!("question.{question}"))?, answer);
    }
    Ok(assessment)
}

fn now() -> Instant {
    Instant(jiff::Timestamp::UNIX_EPOCH)
}
