//! The file: made, locked, unlocked with its key, compared with its head, brought to the newest format.
//!
//! A lock file beside the database says that it is open; it is taken before the database is touched, and the system
//! frees it when the process ends, however it ends. A missing database is never made by opening it.

use crate::error::StoreError;
use crate::head::{Head, Keeper};
use crate::migration::{self, MIGRATIONS};
use crate::{backup, leftovers, place, restore};
use dpia_files::{Lock, create_private};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Once;
use zeroize::Zeroizing;

/// "DPIA" in ASCII: SQLite's `application_id` of a file of ours.
const APPLICATION_ID: u32 = 0x4450_4941;

/// The beginning of every SQLite file that is not encrypted.
const PLAIN_HEADER: &[u8; 16] = b"SQLite format 3\0";

/// The WAL is cut back to this many bytes after a checkpoint.
const MOST_WAL: u32 = 4 * 1024 * 1024;

/// How much of the file is kept in memory, decrypted, in KiB; SQLite's own 2 MB are less than a list of thousands reads.
const CACHE: u32 = 32 * 1024;

/// SQLite calls itself ready before SQLCipher is: a connection that another thread opens between the two cannot be
/// given a key. So the first of the process is opened alone.
static CIPHER_READY: Once = Once::new();

/// An open database with its lock, and the keeper of its head.
pub(crate) struct OpenFile {
    pub(crate) connection: Connection,
    pub(crate) keeper: Keeper,
    pub(crate) lock: Lock,
}

/// Opens a database that is there, and is not older than its head says.
///
/// Nothing is written to its files before that is known: no checkpoint, no change of journal, no migration.
pub(crate) fn open(path: &Path, key: &[u8; 32]) -> Result<OpenFile, StoreError> {
    if !path.is_file() && !restore::is_unfinished(path) {
        return Err(StoreError::Missing { path: path.to_owned() });
    }
    refuse_network(folder_of(path))?;
    let lock = take_lock(path)?;
    restore::finish(path)?;
    // A file that cannot be removed stops nothing here; an exchange of keys insists on it.
    let _ = leftovers::clear(path);
    refuse_plain(path)?;
    let head = Head::read(path, key);
    let was_left_open = std::fs::metadata(beside(path, "-wal")).is_ok_and(|wal| wal.len() > 0);
    let mut connection = connect(path, key, false).map_err(|error| match error {
        // The head was written with this key.
        StoreError::WrongKey { .. } if matches!(head, Ok(Some(_))) => StoreError::damaged("its beginning cannot be read"),
        other => other,
    })?;
    let head = head?;
    if let Some(head) = &head {
        head.check(&connection)?;
    }
    migration::refuse_newer(&connection, &MIGRATIONS)?;
    set_up(&connection)?;
    migration::migrate(&mut connection, &MIGRATIONS, |connection, found| {
        check_integrity(connection)?;
        back_up(connection, &beside(path, &format!(".before-{found}")))
    })?;
    let keeper = Keeper::new(path, key, head.as_ref(), was_left_open, &connection);
    Ok(OpenFile { connection, keeper, lock })
}

/// Makes a database where nothing is, whole or not at all, and opens it.
pub(crate) fn create(path: &Path, key: &[u8; 32]) -> Result<OpenFile, StoreError> {
    let folder = folder_of(path);
    refuse_network(folder)?;
    let lock = take_lock(path)?;
    if path.exists() {
        return Err(StoreError::Exists { path: path.to_owned() });
    }
    let new = beside(path, ".new");
    leftovers::clear(path)?;
    create_private(&new).map_err(|source| StoreError::File { path: new.clone(), source })?;
    let mut connection = connect(&new, key, true)?;
    set_up(&connection)?;
    migration::migrate(&mut connection, &MIGRATIONS, |_, _| Ok(()))?;
    connection.close().map_err(|(_, error)| error)?;
    move_durably(&new, path)?;
    let connection = connect(path, key, false)?;
    set_up(&connection)?;
    let keeper = Keeper::new(path, key, None, true, &connection);
    Ok(OpenFile { connection, keeper, lock })
}

/// The format of a database that nobody has open: the number of the last migration that it has seen. Nothing is written.
/// Errors: those of [`crate::Store::open`], but for `Newer`.
pub fn read_format(path: &Path, key: &[u8; 32]) -> Result<u32, StoreError> {
    migration::read_version(&connect(path, key, false)?)
}

/// Copies the whole database, under the same key, to a file that is not there yet: written beside, synced, renamed.
fn back_up(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    backup::copy_beside(connection, to)?;
    move_durably(&beside(to, ".part"), to)
}

/// Reads every page and checks its HMAC and the tree it belongs to.
///
/// The HMACs are those of the file alone, so what the WAL still holds is brought there first: a page that a power cut
/// tore on its way from the WAL is whole in the WAL.
pub(crate) fn check_integrity(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()))?;
    check_pages(connection)
}

/// As [`check_integrity`], of a file that has no WAL.
pub(crate) fn check_pages(connection: &Connection) -> Result<(), StoreError> {
    for check in ["PRAGMA cipher_integrity_check", "PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
        let mut statement = connection.prepare(check)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let said: String = row.get(0)?;
            if said != "ok" {
                return Err(StoreError::damaged(said));
            }
        }
    }
    Ok(())
}

/// A connection that has its key and has read the first page. It writes nothing, not even when it is closed, before it
/// is [`set_up`].
pub(crate) fn connect(path: &Path, key: &[u8; 32], is_new: bool) -> Result<Connection, StoreError> {
    // What is in its way is in the way of the connection below too, which says it.
    CIPHER_READY.call_once(|| drop(Connection::open_in_memory()));
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    leave_wal(&connection)?;
    // The key is not tried before a page is read.
    give_key(&connection, "PRAGMA cipher_log_level = NONE; PRAGMA key =", key)?;
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE")?;
    let application_id: u32 =
        connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => StoreError::WrongKey { path: path.to_owned() },
            _ => error.into(),
        })?;
    match application_id {
        APPLICATION_ID => {}
        0 if is_new => connection.pragma_update(None, "application_id", APPLICATION_ID)?,
        _ => return Err(StoreError::NotADatabase { path: path.to_owned() }),
    }
    Ok(connection)
}

/// Writes every page of the database at this place again, under another key.
pub(crate) fn exchange_key(connection: &Connection, path: &Path, key: &[u8; 32]) -> Result<(), StoreError> {
    give_key(connection, "PRAGMA rekey =", key).map_err(|error| match is_full(path) {
        // SQLCipher gives no reason here.
        true => StoreError::DiskFull,
        false => error,
    })
}

/// Whether the disk has no room for another file as large as this one.
fn is_full(path: &Path) -> bool {
    let probe = beside(path, "-probe");
    let Ok(size) = std::fs::metadata(path).map(|known| known.len()) else { return false };
    let written = create_private(&probe).and_then(|mut file| std::io::copy(&mut std::io::repeat(0).take(size), &mut file));
    let _ = std::fs::remove_file(&probe);
    written.is_err_and(|error| matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded))
}

/// Runs a statement that ends with a key. An error may quote the statement, and the key with it: its code alone is kept.
fn give_key(connection: &Connection, statement: &str, key: &[u8; 32]) -> Result<(), StoreError> {
    let mut hex = Zeroizing::new(String::with_capacity(64));
    for byte in key {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    let whole = Zeroizing::new(format!("{statement} \"x'{}'\"", hex.as_str()));
    connection.execute_batch(&whole).map_err(|error| match error.sqlite_error() {
        Some(code) => StoreError::Sql(rusqlite::Error::SqliteFailure(*code, None)),
        None => StoreError::damaged("it cannot be given its key"),
    })
}

/// Leaves the WAL as it is when the connection is closed.
pub(crate) fn leave_wal(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(())
}

/// Makes a connection fit for writing.
fn set_up(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA journal_size_limit = {MOST_WAL};
         PRAGMA cache_size = -{CACHE};
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;"
    ))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

pub(crate) fn take_lock(path: &Path) -> Result<Lock, StoreError> {
    let lock_path = beside(path, ".lock");
    match Lock::take(&lock_path) {
        Ok(Some(lock)) => Ok(lock),
        Ok(None) => Err(StoreError::AlreadyOpen { path: path.to_owned() }),
        Err(source) => Err(StoreError::File { path: lock_path, source }),
    }
}

fn refuse_network(path: &Path) -> Result<(), StoreError> {
    match place::network_kind(path) {
        Some(kind) => Err(StoreError::NetworkFolder { path: path.to_owned(), kind }),
        None => Ok(()),
    }
}

/// An encrypted file begins with a random salt and holds at least a page.
fn refuse_plain(path: &Path) -> Result<(), StoreError> {
    let file = |source| StoreError::File { path: path.to_owned(), source };
    let mut beginning = Vec::new();
    dpia_files::open_file(path).map_err(std::io::Error::from).map_err(file)?.take(512).read_to_end(&mut beginning).map_err(file)?;
    if beginning.len() < 512 || beginning.starts_with(PLAIN_HEADER) {
        return Err(StoreError::NotADatabase { path: path.to_owned() });
    }
    Ok(())
}

pub(crate) fn move_durably(from: &Path, to: &Path) -> Result<(), StoreError> {
    dpia_files::move_durably(from, to).map_err(|source| StoreError::File { path: to.to_owned(), source })
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    }
}

/// The path with this added to its name.
pub(crate) fn beside(path: &Path, addition: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(addition);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_set_up_to_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = create(&folder.path().join("a.db"), &[7; 32]).unwrap();
        let check = |pragma: &str, expected: &str| {
            let found: rusqlite::types::Value = file.connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0)).unwrap();
            let found = match found {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => panic!("{other:?}"),
            };
            assert_eq!(found, expected, "{pragma}");
        };
        check("synchronous", "2");
        check("journal_mode", "wal");
        check("locking_mode", "exclusive");
        check("foreign_keys", "1");
        check("fullfsync", "1");
        check("checkpoint_fullfsync", "1");
        // In memory: nothing is written in the clear beside the database.
        check("temp_store", "2");
        check("user_version", "4");
        check("application_id", "1146112321");
        check("cipher_status", "1");
    }
}
