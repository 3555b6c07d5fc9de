//! What the tests share: a key, a place, people and edits.
#![allow(dead_code, reason = "each test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

use dpia_model::assessment::{Answer, Assessment, Content, Origin, Value};
use dpia_model::change::Change;
use dpia_model::id::{AssessmentId, EditionId, EntryId, GroupId, PackId, QuestionId};
use dpia_model::{Instant, RichText};
use dpia_store::{Draft, NewEntry, Store, StoreError};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use uuid::Uuid;

pub(crate) const KEY: [u8; 32] = [7; 32];

/// A folder of its own, gone with it, and the path of a database in it.
pub(crate) struct TestPlace {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

pub(crate) fn place() -> TestPlace {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("assessments.db");
    TestPlace { folder, path }
}

pub(crate) fn created() -> (TestPlace, Store) {
    let place = place();
    let store = Store::create(&place.path, &KEY).unwrap();
    (place, store)
}

/// The database as SQLite has it.
pub(crate) fn unlocked(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\";")).unwrap();
    connection
}

pub(crate) fn at(second: i64) -> Instant {
    Instant(jiff::Timestamp::from_second(1_700_000_000 + second).unwrap())
}

pub(crate) fn question(id: &str) -> QuestionId {
    QuestionId::new(id).unwrap()
}

pub(crate) fn assessment(number: u128, product: &str) -> Assessment {
    Assessment::new(AssessmentId(Uuid::from_u128(number)), EditionId::new("2026.1").unwrap(), PackId::new("internal-1").unwrap(), product)
}

pub(crate) fn prose(text: &str) -> Content {
    Content::Answered { value: Value::RichText { text: RichText::from_plain(text) } }
}

/// What is being typed in answer to a question.
pub(crate) fn draft(id: &str, content: Content, second: i64) -> Draft {
    Draft { question: question(id), content, typed: None, at: at(second) }
}

pub(crate) fn set_answer(id: &str, content: Content) -> Change {
    let origin = Some(Origin::Typed { by: "Sam".to_owned(), at: at(0) });
    Change::SetAnswer { question: question(id), answer: Some(Answer { content, origin }) }
}

pub(crate) fn entry(number: u128, change: Change) -> NewEntry {
    NewEntry {
        id: EntryId(Uuid::from_u128(number)),
        group: GroupId(Uuid::from_u128(number)),
        person: "Sam".to_owned(),
        at: at(i64::try_from(number).unwrap()),
        undoes: None,
        change,
    }
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    format!("{:?}", result.unwrap_err())
}
