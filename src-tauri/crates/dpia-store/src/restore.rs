//! A backup takes the place of the database, which is set aside and never destroyed.
//!
//! Everything is prepared beside: the backup is copied, proved and given its head. Then a plan of moves is written, and
//! the moves are made, each durable before the next. From the moment the plan is on the disk the restoring is done,
//! whatever happens: the person who opens the database next makes the moves that are left. Before that moment nothing was done.

use crate::backup::{copy_file, copy_if_there, prove, remove};
use crate::error::StoreError;
use crate::file::{self, beside, folder_of, move_durably, take_lock};
use crate::head::Head;
use crate::{json, leftovers};
use dpia_files::{Lock, Writing, sync_folder};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What is added to the name of a file for what is to take its place.
pub(crate) const PREPARED: &str = ".restored";

/// What is left to do of a restoring or an exchange of keys. Names in the folder of the database.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// Each file is moved from the first name to the second.
    moves: Vec<(String, String)>,
    /// Then these are removed: they open with keys that somebody else may know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    removals: Vec<String>,
}

/// A file that belongs to the database and changes places with it: the one of this name, and what takes its place.
#[derive(Debug, Clone)]
pub struct CompanionFile<'a> {
    /// The file, in the folder of the database.
    pub file: &'a Path,
    /// What it becomes.
    pub bytes: &'a [u8],
}

/// Puts a backup in the place of the database, which is set aside under a name with this stamp; that name is given back.
/// Files that go along are set aside likewise. Errors: `AlreadyOpen`, and those of [`crate::Store::open`] for the backup;
/// then nothing was changed.
pub fn restore(database: &Path, key: &[u8; 32], backup: &Path, along: &[CompanionFile<'_>], stamp: &str) -> Result<PathBuf, StoreError> {
    let lock = take_lock(database)?;
    finish(database)?;
    prepare(database, key, backup)?;
    let aside = set_aside_name(database, stamp);
    Plan::make(database, &aside, along)?.write_or_leave_nothing(database)?;
    finish(database)?;
    drop(lock);
    Ok(aside)
}

/// Copies the backup beside the database, proves the copy and gives it its head.
fn prepare(database: &Path, key: &[u8; 32], backup: &Path) -> Result<(), StoreError> {
    let new = prepared(database);
    clear_prepared(&new)?;
    copy_file(backup, &new)?;
    copy_if_there(&wal_of(backup), &wal_of(&new))?;
    write_head(&new, key)
}

/// Proves a copy, and writes the head that is its own.
fn write_head(copy: &Path, key: &[u8; 32]) -> Result<(), StoreError> {
    let connection = prove(copy, key, None)?;
    let head = Head::of(&connection)?;
    connection.close().map_err(|(_, error)| error)?;
    head.map_or(Ok(()), |head| head.write(copy, key))
}

/// Removes what an earlier attempt prepared.
fn clear_prepared(new: &Path) -> Result<(), StoreError> {
    [new.to_owned(), wal_of(new), Head::place_of(new), beside(new, ".lock")].iter().try_for_each(|left| remove(left))
}

/// A database that is being given another key: a copy beside it has the new one already, and takes its place at the end.
pub struct Exchange {
    database: PathBuf,
    lock: Lock,
}

impl Exchange {
    /// Copies the database, which nobody may have open, and writes the copy again under another key. What is there is not
    /// changed. Errors: those of [`crate::Store::open`].
    pub fn prepare(database: &Path, key: &[u8; 32], new_key: &[u8; 32]) -> Result<Self, StoreError> {
        let lock = take_lock(database)?;
        finish(database)?;
        // What was left of earlier work opens with the old keys.
        leftovers::clear(database)?;
        match Self::make_copy(database, key, new_key) {
            Ok(()) => Ok(Self { database: database.to_owned(), lock }),
            Err(error) => {
                // What is left of it takes room that may be missing.
                let _ = leftovers::clear(database);
                Err(error)
            }
        }
    }

    fn make_copy(database: &Path, key: &[u8; 32], new_key: &[u8; 32]) -> Result<(), StoreError> {
        let new = prepared(database);
        for place in [Path::to_owned, wal_of, Head::place_of] {
            copy_if_there(&place(database), &place(&new))?;
        }
        // As any opening does, this compares it with its head.
        let open = file::open(&new, key)?;
        file::check_integrity(&open.connection)?;
        open.connection.execute_batch("PRAGMA journal_mode = DELETE")?;
        file::exchange_key(&open.connection, &new, new_key)?;
        open.connection.close().map_err(|(_, error)| error)?;
        drop(open.lock);
        remove(&Head::place_of(&new))?;
        write_head(&new, new_key)
    }

    /// The copy. Under the new key it may be opened, written to and closed again.
    pub fn copy(&self) -> PathBuf {
        prepared(&self.database)
    }

    /// Puts the copy in the place of the database, and the files that go along in theirs, and removes what was there: it
    /// opens with keys that somebody else may know. Wherever this is interrupted, the person who opens the database next goes on
    /// with it.
    pub fn finish(self, new_key: &[u8; 32], along: &[CompanionFile<'_>], stamp: &str) -> Result<(), StoreError> {
        let new = self.copy();
        let proved = prove(&new, new_key, Head::read(&new, new_key)?.as_ref())?;
        proved.close().map_err(|(_, error)| error)?;
        remove(&beside(&new, ".lock"))?;
        let aside = set_aside_name(&self.database, stamp);
        let mut plan = Plan::make(&self.database, &aside, along)?;
        plan.remove_what_is_set_aside(&aside);
        plan.write_or_leave_nothing(&self.database)?;
        finish(&self.database)?;
        drop(self.lock);
        Ok(())
    }

    /// Leaves the database as it is.
    pub fn cancel(self) -> Result<(), StoreError> {
        clear_prepared(&self.copy())
    }
}

/// Makes the moves that a restoring left, if one was interrupted. Has to be called before the database or a file that
/// goes along is looked at.
pub fn finish_restoring(database: &Path) -> Result<(), StoreError> {
    if !is_unfinished(database) {
        return Ok(());
    }
    let lock = take_lock(database)?;
    finish(database)?;
    drop(lock);
    Ok(())
}

/// Sets the head of a database aside, under a name with this stamp: the database is taken as it is.
pub fn set_head_aside(database: &Path, stamp: &str) -> Result<(), StoreError> {
    let lock = take_lock(database)?;
    let head = Head::place_of(database);
    if head.exists() {
        move_durably(&head, &Head::place_of(&set_aside_name(database, stamp)))?;
    }
    drop(lock);
    Ok(())
}

pub(crate) fn finish(database: &Path) -> Result<(), StoreError> {
    let written = plan_of(database);
    let text = match std::fs::read_to_string(&written) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(StoreError::File { path: written, source }),
        Ok(text) => text,
    };
    let plan: Plan = json::from_text(&text, "the plan of a restoring")?;
    plan.make_moves(folder_of(database), usize::MAX)?;
    plan.make_removals(folder_of(database))?;
    remove(&written)?;
    sync_folder(folder_of(database)).map_err(|source| StoreError::File { path: written, source })
}

impl Plan {
    /// The moves that set aside what is there and put what is prepared in its place.
    fn make(database: &Path, aside: &Path, along: &[CompanionFile<'_>]) -> Result<Self, StoreError> {
        let (new, mut plan) = (prepared(database), Self { moves: Vec::new(), removals: Vec::new() });
        for place in [Path::to_owned, wal_of, Head::place_of] {
            plan.add(&place(database), &place(aside))?;
        }
        for file in along {
            let next = prepared(file.file);
            Writing::to(&next).for_owner().write(file.bytes)?;
            let name = file.file.file_name().and_then(OsStr::to_str).unwrap_or("along");
            plan.add(file.file, &beside(aside, &format!(".{name}")))?;
            plan.add(&next, file.file)?;
        }
        for place in [Path::to_owned, wal_of, Head::place_of] {
            plan.add(&place(&new), &place(database))?;
        }
        Ok(plan)
    }

    /// Puts it beside the database, whole or not at all: from here on the restoring is done.
    fn write(&self, database: &Path) -> Result<(), StoreError> {
        Ok(Writing::to(&plan_of(database)).for_owner().write(json::to_text(self)?.as_bytes())?)
    }

    /// As [`Plan::write`]. Where that fails, what was prepared is removed, so that it takes no room and opens with no key.
    fn write_or_leave_nothing(&self, database: &Path) -> Result<(), StoreError> {
        let written = self.write(database);
        if is_unfinished(database) {
            return Ok(());
        }
        let _ = leftovers::clear(database);
        written
    }

    /// Adds a move, where there is something to move: what is not there now is not moved when the plan is taken up again.
    fn add(&mut self, from: &Path, to: &Path) -> Result<(), StoreError> {
        if !from.exists() {
            return Ok(());
        }
        let name = |path: &Path| {
            path.file_name().and_then(OsStr::to_str).map(str::to_owned).ok_or_else(|| StoreError::File {
                path: path.to_owned(),
                source: std::io::Error::new(std::io::ErrorKind::InvalidInput, "its name is not Unicode"),
            })
        };
        self.moves.push((name(from)?, name(to)?));
        Ok(())
    }

    /// Removes, in the end, whatever the moves set aside under this name.
    fn remove_what_is_set_aside(&mut self, aside: &Path) {
        if let Some(aside) = aside.file_name().and_then(OsStr::to_str) {
            self.removals.extend(self.moves.iter().map(|(_, to)| to.clone()).filter(|to| to.starts_with(aside)));
        }
    }

    fn make_removals(&self, folder: &Path) -> Result<(), StoreError> {
        self.removals.iter().try_for_each(|name| remove(&in_folder(folder, name)?))
    }

    /// Makes at most so many of the moves that are not made yet. A move is made when nothing is at its beginning any
    /// more; nothing is ever moved over a file.
    fn make_moves(&self, folder: &Path, most: usize) -> Result<(), StoreError> {
        for (from, to) in self.moves.iter().take(most) {
            let (from, to) = (in_folder(folder, from)?, in_folder(folder, to)?);
            if from.exists() && !to.exists() {
                move_durably(&from, &to)?;
            }
        }
        Ok(())
    }
}

/// A file of this folder.
fn in_folder(folder: &Path, name: &str) -> Result<PathBuf, StoreError> {
    match Path::new(name).file_name() == Some(OsStr::new(name)) {
        true => Ok(folder.join(name)),
        false => Err(StoreError::damaged("the plan of a restoring leads out of its folder")),
    }
}

/// Whether a restoring was interrupted after its plan was made.
pub(crate) fn is_unfinished(database: &Path) -> bool {
    plan_of(database).exists()
}

/// What is to take the place of a file.
fn prepared(file: &Path) -> PathBuf {
    beside(file, PREPARED)
}

fn wal_of(database: &Path) -> PathBuf {
    beside(database, "-wal")
}

fn plan_of(database: &Path) -> PathBuf {
    beside(database, ".restoring")
}

/// A name that is free.
fn set_aside_name(database: &Path, stamp: &str) -> PathBuf {
    let name = |addition: &str| beside(database, &format!(".aside-{stamp}{addition}"));
    let is_free = |path: &PathBuf| !path.exists() && !Head::place_of(path).exists();
    (1..).map(|number| if number == 1 { name("") } else { name(&format!("-{number}")) }).find(is_free).unwrap_or_else(|| name(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    const KEY: [u8; 32] = [7; 32];

    /// A folder with a database that says "new", its backup that says "old", and a file that goes along.
    fn lay_out() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("a.db");
        let store = Store::create(&database, &KEY).unwrap();
        store.set_setting("said", &"old").unwrap();
        store.back_up(&folder.path().join("backup.db")).unwrap();
        store.set_setting("said", &"new").unwrap();
        std::fs::write(folder.path().join("keys"), "new keys").unwrap();
        (folder, database)
    }

    fn said(database: &Path) -> Option<String> {
        Store::open(database, &KEY).unwrap().setting("said").unwrap()
    }

    #[test]
    fn wherever_a_restoring_is_interrupted_it_is_done_or_not_begun() {
        let moves = 7;
        for made in 0..=moves {
            let (folder, database) = lay_out();
            prepare(&database, &KEY, &folder.path().join("backup.db")).unwrap();
            assert_eq!(said(&database).as_deref(), Some("new"), "it is not begun");
            prepare(&database, &KEY, &folder.path().join("backup.db")).unwrap();
            let (aside, keys) = (set_aside_name(&database, "today"), folder.path().join("keys"));
            let plan = Plan::make(&database, &aside, &[CompanionFile { file: &keys, bytes: b"old keys" }]).unwrap();
            // Database and head away, the keys away and back, database and head in: there is no WAL after a close.
            assert_eq!(plan.moves.len(), moves - 1, "{plan:?}");
            plan.write(&database).unwrap();
            plan.make_moves(folder.path(), made).unwrap();

            finish_restoring(&database).unwrap();
            assert_eq!(std::fs::read_to_string(&keys).unwrap(), "old keys");
            assert_eq!(said(&database).as_deref(), Some("old"), "after {made} moves");
            assert_eq!(said(&aside).as_deref(), Some("new"), "after {made} moves");
            assert_eq!(std::fs::read_to_string(beside(&aside, ".keys")).unwrap(), "new keys");
            assert!(!is_unfinished(&database));
        }
    }

    #[test]
    fn a_database_is_given_another_key_whole_or_not_at_all_and_the_old_one_opens_nothing_any_more() {
        const NEW: [u8; 32] = [9; 32];
        let (folder, database) = lay_out();
        let keys = folder.path().join("keys");
        let names = |folder: &Path| {
            let mut names: Vec<_> =
                std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        let before = names(folder.path());
        // Left, in whichever way, it was never begun.
        Exchange::prepare(&database, &KEY, &NEW).unwrap().cancel().unwrap();
        assert_eq!(names(folder.path()), before);
        drop(Exchange::prepare(&database, &KEY, &NEW).unwrap());
        assert_eq!(said(&database).as_deref(), Some("new"));

        let exchange = Exchange::prepare(&database, &KEY, &NEW).unwrap();
        assert!(matches!(Store::open(&database, &KEY), Err(StoreError::AlreadyOpen { .. })), "nobody edits meanwhile");
        let copy = Store::open(&exchange.copy(), &NEW).unwrap();
        copy.set_setting("encrypted", &"anew").unwrap();
        drop(copy);
        exchange.finish(&NEW, &[CompanionFile { file: &keys, bytes: b"newer keys" }], "today").unwrap();
        assert!(matches!(Store::open(&database, &KEY), Err(StoreError::WrongKey { .. } | StoreError::HeadUnreadable { .. })));
        let store = Store::open(&database, &NEW).unwrap();
        assert_eq!(store.setting::<String>("said").unwrap().as_deref(), Some("new"));
        assert_eq!(store.setting::<String>("encrypted").unwrap().as_deref(), Some("anew"));
        drop(store);
        assert_eq!(std::fs::read_to_string(&keys).unwrap(), "newer keys");
        assert_eq!(names(folder.path()), before, "nothing is left of the old one");
        // A wrong key changes nothing.
        assert!(Exchange::prepare(&database, &KEY, &NEW).is_err());
        assert!(Store::open(&database, &NEW).is_ok());
    }

    #[test]
    fn wherever_an_exchange_is_interrupted_the_old_key_opens_nothing_once_it_is_done() {
        const NEW: [u8; 32] = [9; 32];
        for made in 0..=7 {
            let (folder, database) = lay_out();
            let keys = folder.path().join("keys");
            // A copy that an earlier, killed restoring had prepared.
            std::fs::copy(folder.path().join("backup.db"), prepared(&database)).unwrap();
            let exchange = Exchange::prepare(&database, &KEY, &NEW).unwrap();
            let aside = set_aside_name(&database, "today");
            let along = [CompanionFile { file: &keys, bytes: b"newer keys" }];
            remove(&beside(&exchange.copy(), ".lock")).unwrap();
            let mut plan = Plan::make(&database, &aside, &along).unwrap();
            plan.remove_what_is_set_aside(&aside);
            plan.write(&database).unwrap();
            plan.make_moves(folder.path(), made).unwrap();
            drop(exchange);

            assert_eq!(Store::open(&database, &NEW).unwrap().setting::<String>("said").unwrap().as_deref(), Some("new"));
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let file = file.unwrap().path();
                let is_backup = file.file_name() == Some(OsStr::new("backup.db"));
                let opens = crate::file::connect(&file, &KEY, false).is_ok();
                assert!(is_backup == opens, "after {made} moves {} opens with the old key: {opens}", file.display());
            }
            assert_eq!(std::fs::read_to_string(&keys).unwrap(), "newer keys");
        }
    }

    #[test]
    fn a_plan_that_leads_out_of_its_folder_is_refused() {
        let (folder, database) = lay_out();
        for name in ["../away", "/etc/away", ".."] {
            for plan in [
                Plan { moves: vec![("a.db".to_owned(), name.to_owned())], removals: Vec::new() },
                Plan { moves: Vec::new(), removals: vec![name.to_owned()] },
            ] {
                plan.write(&database).unwrap();
                assert!(matches!(finish_restoring(&database), Err(StoreError::Damaged { .. })));
                assert!(folder.path().join("a.db").is_file());
            }
        }
    }
}
