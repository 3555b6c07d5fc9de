//! Backups: a whole copy of the database under its key, proved before it has its name; and a look into one.
//!
//! A backup is alone: it has no WAL, and its head lies beside it. Looking into one reads a copy, so that nothing is
//! ever written where backups lie.

use crate::error::StoreError;
use crate::file::{self, beside, folder_of, move_durably};
use crate::head::Head;
use crate::table::assessment::{self, Summary};
use dpia_files::{create_private, sync_folder};
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Its assessments, the one edited last first.
    pub assessments: Vec<Summary>,
    /// How far it had come; none for a copy of a version that kept no heads.
    pub head: Option<Head>,
}

/// Copies the whole database, under the same key, to a file beside this name. Nothing is left where that fails.
pub(crate) fn copy_beside(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    let part = beside(to, ".part");
    remove(&part)?;
    create_private(&part).map_err(|source| StoreError::File { path: part.clone(), source })?;
    let copied = part
        .to_str()
        .ok_or_else(|| StoreError::File {
            path: part.clone(),
            source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "its name is not Unicode"),
        })
        .and_then(|name| Ok(connection.execute("VACUUM INTO ?1", [name])?));
    if let Err(error) = copied {
        remove(&part)?;
        return Err(error);
    }
    let copy = fs::OpenOptions::new().write(true).open(&part);
    copy.and_then(|copy| copy.sync_all()).map_err(|source| StoreError::File { path: part.clone(), source })
}

/// Proves the copy beside this name (each page, the trees, that it is at this head), gives it its head, then the name.
pub(crate) fn finish(to: &Path, key: &[u8; 32], head: &Head) -> Result<(), StoreError> {
    let part = beside(to, ".part");
    let proved = prove(&part, key, Some(head)).and_then(|_| head.write(to, key));
    if let Err(error) = proved {
        remove(&part)?;
        return Err(error);
    }
    move_durably(&part, to)
}

/// Opens a copy that is alone, reads each page and compares it with its head.
pub(crate) fn prove(copy: &Path, key: &[u8; 32], head: Option<&Head>) -> Result<Connection, StoreError> {
    let connection = file::connect(copy, key, false)?;
    file::check_pages(&connection)?;
    if let Some(head) = head {
        match Head::of(&connection)? {
            Some(found) if found.is_same(head) => {}
            Some(_) | None => return Err(StoreError::damaged("it is not the copy that its head speaks of")),
        }
    }
    Ok(connection)
}

/// The head of a backup, which lies beside it; none where there is none that was written with this key.
pub fn head_of(backup: &Path, key: &[u8; 32]) -> Option<Head> {
    Head::read(backup, key).ok().flatten()
}

/// Removes a backup and its head; the backup goes first.
pub fn discard(backup: &Path) -> Result<(), StoreError> {
    remove(backup)?;
    remove(&Head::place_of(backup))
}

/// Looks into a backup, or a database that was set aside, by way of a copy in a folder that is made for it and removed
/// again. Errors: those of [`crate::Store::open`].
pub fn look_into(backup: &Path, key: &[u8; 32], scratch: &Path) -> Result<Look, StoreError> {
    clear(scratch)?;
    fs::create_dir_all(scratch).map_err(|source| StoreError::File { path: scratch.to_owned(), source })?;
    let copy = scratch.join("copy.db");
    let looked = copy_file(backup, &copy).and_then(|()| {
        copy_if_there(&beside(backup, "-wal"), &beside(&copy, "-wal"))?;
        let open = file::open(&copy, key)?;
        file::check_integrity(&open.connection)?;
        let head = Head::of(&open.connection)?;
        if let Some(known) = Head::read(backup, key)? {
            known.check(&open.connection).map_err(|_| StoreError::damaged("it is not the copy that its head speaks of"))?;
        }
        Ok(Look { assessments: assessment::list(&open.connection)?, head })
    });
    clear(scratch)?;
    looked
}

/// Copies a file for its owner alone, synced.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::File { path, source }
    };
    let mut source = dpia_files::open_file(from).map_err(std::io::Error::from).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => StoreError::Missing { path: from.to_owned() },
        _ => StoreError::File { path: from.to_owned(), source },
    })?;
    remove(to)?;
    let mut target = create_private(to).map_err(failed(to))?;
    std::io::copy(&mut source, &mut target).and_then(|_| target.sync_all()).map_err(failed(to))
}

/// As [`copy_file`], where there is something to copy.
pub(crate) fn copy_if_there(from: &Path, to: &Path) -> Result<(), StoreError> {
    if from.exists() { copy_file(from, to) } else { Ok(()) }
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(StoreError::File { path: path.to_owned(), source }),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn clear(scratch: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(scratch) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(StoreError::File { path: scratch.to_owned(), source }),
        Ok(()) | Err(_) => sync_folder(folder_of(scratch)).map_err(|source| StoreError::File { path: scratch.to_owned(), source }),
    }
}
