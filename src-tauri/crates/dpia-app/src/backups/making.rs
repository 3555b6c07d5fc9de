//! Backups that an open workspace makes: at the end, every few hours while it is open, and when it is asked to. The first
//! two make none where nothing was changed since the last.

use super::{BackupEntry, BackupKind, Backups, BackupsView, folder_of_backups, slots_of, thinning};
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::folder::backup_at;
use crate::keys::Vault;
use dpia_model::Instant;
use dpia_store::backup;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How long an open workspace goes on until it makes a backup.
const SECONDS_BETWEEN: i64 = 4 * 60 * 60;
/// How long until its file is checked again where no backup checked it.
const SECONDS_BETWEEN_CHECKS: i64 = 24 * 60 * 60;

/// Makes the backups of an open workspace.
pub struct BackupMaker {
    vault: Arc<Vault>,
    /// Why the last backup was not made, or what the last check found.
    trouble: Mutex<Option<AppError>>,
    /// When the whole file was checked last.
    checked_at: Mutex<Option<Instant>>,
}

impl BackupMaker {
    /// Makes backups of a vault.
    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self { vault, trouble: Mutex::default(), checked_at: Mutex::default() }
    }

    /// The backups that there are, and whether the last was made as it should be.
    pub fn view(&self, backups: &Backups) -> BackupsView {
        let mut view = backups.view();
        if view.trouble.is_none() {
            view.trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        }
        view
    }

    /// Makes a backup now.
    pub fn make(&self) -> Result<(), AppError> {
        self.remember(self.make_where_chosen())
    }

    /// Makes a backup, unless nothing was changed since the last. True where one was made.
    pub fn make_if_changed(&self) -> Result<bool, AppError> {
        let has_changed = self.has_changed();
        if matches!(has_changed, Ok(false)) {
            return Ok(false);
        }
        self.remember(has_changed.and_then(|_| self.make_where_chosen())).map(|()| true)
    }

    /// What is to be done from time to time while the workspace is open: a backup, where the last is some hours old and
    /// something was changed since; or else, once a day, a check of the whole file.
    pub fn keep_safe(&self) -> Result<(), AppError> {
        let now = self.vault.now();
        if self.newest_backup(now).is_none_or(|(_, made_at)| seconds_between(made_at, now) >= SECONDS_BETWEEN) && self.make_if_changed()? {
            return Ok(());
        }
        let checked = *self.checked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.is_none_or(|checked| seconds_between(checked, now) >= SECONDS_BETWEEN_CHECKS) {
            self.remember(self.vault.store().check_integrity().map_err(AppError::from))?;
            self.note_check(now);
        }
        Ok(())
    }

    /// Whether something was written since the newest backup.
    fn has_changed(&self) -> Result<bool, AppError> {
        let Some((newest, _)) = self.newest_backup(self.vault.now()) else { return Ok(true) };
        let head = backup::head_of(&newest, self.vault.keys().database_key().as_bytes());
        Ok(match head {
            Some(head) => !head.is_same(&self.vault.store().keep_head()?),
            None => true,
        })
    }

    /// The newest backup of those made until now, and when it was made. One with a date that is still to come, since the clock was
    /// set back or the file was renamed, says nothing of the days until then. Where the folder chosen is gone, those count
    /// that were made with the assessments instead.
    fn newest_backup(&self, now: Instant) -> Option<(PathBuf, Instant)> {
        let folders = [folder_of_backups(self.vault.folder()), self.vault.folder().backups()];
        let (folder, files) = folders.into_iter().find_map(|folder| fs::read_dir(&folder).ok().map(|files| (folder, files)))?;
        let newest = super::entries_in(files, BackupKind::Made)
            .into_iter()
            .filter(|entry| entry.made_at <= now)
            .max_by_key(|entry| entry.made_at)?;
        Some((folder.join(newest.name), newest.made_at))
    }

    /// Makes a backup where they were chosen to lie. Where that cannot be, one is made with the assessments, and the
    /// failure is reported all the same.
    fn make_where_chosen(&self) -> Result<(), AppError> {
        let folder = folder_of_backups(self.vault.folder());
        let made = self.make_in(&folder);
        let with_the_assessments = self.vault.folder().backups();
        match made {
            Err(error) if error.code == ErrorCode::NotSaved && folder != with_the_assessments => {
                self.make_in(&with_the_assessments)?;
                let words = format!("{} A backup was made in the folder of the assessments instead.", error.message);
                Err(AppError { message: words, ..error })
            }
            made => made,
        }
    }

    fn make_in(&self, folder: &Path) -> Result<(), AppError> {
        let now = self.vault.now();
        if folder == self.vault.folder().backups() {
            files::make_folder(folder)?;
        }
        let place = free_place(folder, now);
        let carried = slots_of(&place);
        files::write_secret(&carried, &files::read(&self.vault.folder().place().key_file)?, &[])?;
        if let Err(error) = self.vault.store().back_up(&place) {
            // Without its database it is of no use; where it cannot be removed either, it does no harm.
            let _ = fs::remove_file(&carried);
            return Err(match error {
                dpia_store::StoreError::File { source, .. } => AppError::writing(&place, &source),
                other => other.into(),
            });
        }
        self.note_check(now);
        thin_out(folder, now)
    }

    fn note_check(&self, now: Instant) {
        *self.checked_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Keeps a failure until something goes well.
    fn remember(&self, done: Result<(), AppError>) -> Result<(), AppError> {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = done.clone().err();
        done
    }
}

/// Removes what is no longer needed. What is no backup of ours is left alone.
fn thin_out(folder: &Path, now: Instant) -> Result<(), AppError> {
    let files = fs::read_dir(folder).map_err(|error| super::cannot_read(folder, &error))?;
    let made: Vec<BackupEntry> = super::entries_in(files, BackupKind::Made);
    let moments: Vec<Instant> = made.iter().map(|entry| entry.made_at).collect();
    let surplus = thinning::find_surplus(&moments, now);
    for entry in made.iter().filter(|entry| surplus.contains(&entry.made_at)) {
        let place = folder.join(&entry.name);
        backup::discard(&place)?;
        match fs::remove_file(slots_of(&place)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(AppError::writing(&place, &error)),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// A place for a backup of this moment, or of the next that has none yet.
fn free_place(folder: &Path, moment: Instant) -> PathBuf {
    let later = |seconds: i64| moment.0.checked_add(jiff::SignedDuration::from_secs(seconds)).map_or(moment, Instant);
    let places = (0..).map(|seconds| folder.join(backup_at(later(seconds))));
    let mut free = places.take(100_000).filter(|place| !place.exists());
    free.next().unwrap_or_else(|| folder.join(backup_at(moment)))
}

fn seconds_between(earlier: Instant, later: Instant) -> i64 {
    later.0.as_second().saturating_sub(earlier.0.as_second())
}
