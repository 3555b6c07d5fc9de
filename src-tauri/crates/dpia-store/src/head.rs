//! The head: a small file beside the database that says how far the database had come, so that an older copy in its
//! place, or a WAL that was lost, is noticed. SQLite itself sees nothing wrong with either.
//!
//! The database has a mark, which moves on with what was written: a number that counts up, and 32 random bytes. The
//! head names the mark. The mark is on the disk before the head is, so a database is at the mark of its head, or one
//! further where a crash came between the two; at any other mark it is not the database that was left here. A head is
//! authenticated with a key that is derived from the database's: who does not have that can remove a head, and then it
//! says nothing, but cannot make one. What was written after the last mark, some seconds' work, no head can speak for.

use crate::error::StoreError;
use crate::file::beside;
use crate::table::{self, setting};
use crate::{json, place};
use dpia_files::Writing;
use dpia_model::date::Instant;
use dpia_model::id::Digest;
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, Mac as _};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The row of the table `setting` that holds the mark.
const MARK: &str = "mark";
/// The format of the file.
const FORMAT: u32 = 1;
/// What the key of the heads is derived for.
const PURPOSE: &[u8] = b"dpia-store/1/head";

/// The mark of a database: two files of one mark hold the same, but for what came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    number: u64,
    id: Digest,
    /// The mark before; none for the first.
    previous: Option<Digest>,
}

/// How far a database had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    format: u32,
    number: u64,
    id: Digest,
    /// How many assessments it held, the bin's among them.
    pub assessments: u32,
    /// When one of them was edited last; none where there was none.
    pub edited_at: Option<Instant>,
}

impl Head {
    /// Whether the other speaks of the same state.
    pub fn is_same(&self, other: &Self) -> bool {
        self.id == other.id && self.number == other.number
    }

    /// Where the head of a database lies.
    pub(crate) fn place_of(database: &Path) -> PathBuf {
        beside(database, ".head")
    }

    /// The head of a connection's database at its mark; none where it was never marked.
    pub(crate) fn of(connection: &Connection) -> Result<Option<Self>, StoreError> {
        read_mark(connection)?.map(|mark| Self::at(connection, &mark)).transpose()
    }

    fn at(connection: &Connection, mark: &Mark) -> Result<Self, StoreError> {
        let mut statement = connection.prepare_cached("SELECT count(*), max(updated_at) FROM assessment")?;
        let (assessments, edited_at): (u32, Option<String>) = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let edited_at = edited_at.as_deref().map(table::parse_instant).transpose()?;
        Ok(Self { format: FORMAT, number: mark.number, id: mark.id, assessments, edited_at })
    }

    /// The head that lies beside a database; none where none does. Errors: `HeadUnreadable` where it is not one that
    /// was written with this key.
    pub(crate) fn read(database: &Path, key: &[u8; 32]) -> Result<Option<Self>, StoreError> {
        let path = Self::place_of(database);
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(StoreError::File { path, source }),
            Ok(bytes) => bytes,
        };
        let parts = std::str::from_utf8(&text).ok().and_then(|text| text.trim_end().split_once('\n'));
        let known = parts.and_then(|(body, code)| {
            let code: Digest = code.parse().ok()?;
            authenticator(key)?.chain_update(body).verify_slice(code.as_bytes()).ok()?;
            serde_json::from_str::<Self>(body).ok().filter(|head| head.format == FORMAT)
        });
        known.map(Some).ok_or(StoreError::HeadUnreadable { path })
    }

    /// Puts it beside a database, whole or not at all.
    pub(crate) fn write(&self, database: &Path, key: &[u8; 32]) -> Result<(), StoreError> {
        let body = json::to_text(self)?;
        let code = authenticator(key).ok_or_else(|| StoreError::damaged("a head cannot be authenticated"))?.chain_update(&body);
        let code = Digest::from_bytes(code.finalize().into_bytes().into());
        Ok(Writing::to(&Self::place_of(database)).for_owner().write(format!("{body}\n{code}\n").as_bytes())?)
    }

    /// Fails where the database is not as far as this. Reads alone.
    pub(crate) fn check(&self, connection: &Connection) -> Result<(), StoreError> {
        let mark = read_mark(connection)?;
        let fits = mark.is_some_and(|mark| {
            (mark.number, mark.id) == (self.number, self.id) || (mark.number, mark.previous) == (self.number + 1, Some(self.id))
        });
        match fits {
            true => Ok(()),
            false => Err(StoreError::Older { assessments: self.assessments, edited_at: self.edited_at }),
        }
    }
}

/// The files of an open database, to see that they are where they were.
struct Files {
    /// Database and WAL, each with what distinguished it from other files when it was seen first.
    seen: [(PathBuf, Option<(u64, u64)>); 2],
}

impl Files {
    fn of(database: &Path) -> Self {
        let see = |path: PathBuf| {
            let identity = place::identity_of(&path).ok().flatten();
            (path, identity)
        };
        Self { seen: [see(database.to_owned()), see(beside(database, "-wal"))] }
    }

    /// Fails where one of them was moved, deleted or replaced. SQLite would go on writing to it, where nobody finds it.
    fn check(&mut self) -> Result<(), StoreError> {
        for (path, identity) in &mut self.seen {
            match (place::identity_of(path), &identity) {
                (Ok(now), Some(_)) if now == *identity => {}
                // It was not there when the database was opened, or the platform does not let a file in use be moved.
                (Ok(now), None) => *identity = now,
                (Err(_), None) => {}
                (Ok(_) | Err(_), Some(_)) => return Err(StoreError::TakenAway { path: path.clone() }),
            }
        }
        Ok(())
    }
}

/// Keeps the head of an open database.
pub(crate) struct Keeper {
    database: PathBuf,
    files: Files,
    key: Zeroizing<[u8; 32]>,
    /// The mark that the head beside the database names.
    written: Option<Digest>,
    /// How many rows this connection had changed at that mark; none where the file may have changed before it was opened.
    changes: Option<u64>,
}

impl Keeper {
    /// For a database that was just opened, with the head that lies beside it. `may_have_changed` says that it was not
    /// closed.
    pub(crate) fn new(database: &Path, key: &[u8; 32], head: Option<&Head>, may_have_changed: bool, connection: &Connection) -> Self {
        let changes = (!may_have_changed).then(|| connection.total_changes());
        Self {
            database: database.to_owned(),
            files: Files::of(database),
            key: Zeroizing::new(*key),
            written: head.map(|head| head.id),
            changes,
        }
    }

    /// Fails where the files of the database are not where they were when it was opened.
    pub(crate) fn check_files(&mut self) -> Result<(), StoreError> {
        self.files.check()
    }

    /// Whether something was written that the head does not speak for.
    pub(crate) fn is_behind(&self, connection: &Connection) -> bool {
        self.changes != Some(connection.total_changes())
    }

    /// Moves the mark on where something was written since, and brings the head to it.
    ///
    /// A mark is never moved on twice without a head between: a head that cannot be written stays one behind.
    pub(crate) fn keep(&mut self, connection: &mut Connection) -> Result<Head, StoreError> {
        self.check_files()?;
        let mut mark = read_mark(connection)?;
        if let Some(mark) = mark
            && self.written != Some(mark.id)
        {
            self.write(connection, &mark)?;
        }
        if mark.is_none() || self.is_behind(connection) {
            mark = Some(advance(connection, mark.as_ref())?);
            self.changes = Some(connection.total_changes());
        }
        let mark = mark.ok_or_else(|| StoreError::damaged("it cannot be marked"))?;
        match self.written == Some(mark.id) {
            true => Head::at(connection, &mark),
            false => self.write(connection, &mark),
        }
    }

    fn write(&mut self, connection: &Connection, mark: &Mark) -> Result<Head, StoreError> {
        let head = Head::at(connection, mark)?;
        head.write(&self.database, &self.key)?;
        self.written = Some(mark.id);
        Ok(head)
    }
}

fn read_mark(connection: &Connection) -> Result<Option<Mark>, StoreError> {
    let has_settings = "SELECT 1 FROM sqlite_schema WHERE name = 'setting'";
    if connection.query_row(has_settings, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    setting::get(connection, MARK)
}

fn advance(connection: &mut Connection, mark: Option<&Mark>) -> Result<Mark, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let id: [u8; 32] = transaction.query_row("SELECT randomblob(32)", [], |row| row.get(0))?;
    let next = Mark { number: mark.map_or(1, |mark| mark.number + 1), id: Digest::from_bytes(id), previous: mark.map(|mark| mark.id) };
    setting::set(&transaction, MARK, &json::to_text(&next)?)?;
    transaction.commit()?;
    Ok(next)
}

fn authenticator(key: &[u8; 32]) -> Option<Hmac<Sha256>> {
    let mut derived = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, key).expand(PURPOSE, derived.as_mut()).ok()?;
    Hmac::new_from_slice(derived.as_ref()).ok()
}
