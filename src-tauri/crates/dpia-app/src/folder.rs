//! The folder of a workspace: the names of what is in it, those of its backups, and what may not be written over.

use crate::error::{AppError, ErrorCode};
use crate::files;
use dpia_keys::KeyFiles;
use dpia_model::Instant;
use std::path::{Path, PathBuf};

const DATABASE: &str = "assessments.db";
/// The brand file: the words and colours of the company, if they are not the default ones.
pub(crate) const BRAND: &str = "brand.toml";
/// Says that a first run has begun and its database was never made.
pub(crate) const SETTING_UP: &str = "setting-up";
/// The folder of backups where none was chosen.
const BACKUPS: &str = "backups";
/// How a moment is written in the name of a file.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// The folder of a workspace.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder at this path; it need not be there.
    pub(crate) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Where its key file and its database are.
    pub(crate) fn place(&self) -> KeyFiles {
        KeyFiles::in_folder(&self.0, DATABASE)
    }

    /// The path of its brand file.
    pub(crate) fn brand_file(&self) -> PathBuf {
        self.0.join(BRAND)
    }

    /// The path of the file that says that a first run has begun.
    pub(crate) fn setting_up(&self) -> PathBuf {
        self.0.join(SETTING_UP)
    }

    /// The path of the folder of backups where none was chosen.
    pub(crate) fn backups(&self) -> PathBuf {
        self.0.join(BACKUPS)
    }

    /// Writes a file that somebody asked for.
    pub(crate) fn write_outside(&self, path: &Path, bytes: &[u8]) -> Result<(), AppError> {
        self.refuse_own_file(path)?;
        files::write(path, bytes, &[])
    }

    /// Fails where a file is one of those that keep the assessments: nothing that is exported takes its place.
    pub(crate) fn refuse_own_file(&self, path: &Path) -> Result<(), AppError> {
        let Ok(place) = path.canonicalize() else { return Ok(()) };
        let is_in = |folder: PathBuf| folder.canonicalize().is_ok_and(|folder| place.parent() == Some(&folder));
        let name = files::name_of(&place);
        match is_in(self.0.clone()) || is_in(self.backups()) || backup_in(&name).is_some() {
            true => {
                let words =
                    format!("{} was not saved. DPIA Editor keeps the assessments in that file: choose another name.", files::name_of(path));
                Err(AppError::new(ErrorCode::NotSaved, words))
            }
            false => Ok(()),
        }
    }
}

/// A moment as it is written in the name of a file.
pub(crate) fn stamp(moment: Instant) -> String {
    moment.0.strftime(STAMP).to_string()
}

/// The name of a backup that is made at this moment.
pub(crate) fn backup_at(moment: Instant) -> String {
    format!("assessments-{}.db", stamp(moment))
}

/// The backup that a file of this name is, or belongs to; none where it has to do with none.
pub(crate) fn backup_in(name: &str) -> Option<&str> {
    let backup = name.find(".db").and_then(|end| name.get(..end + ".db".len()))?;
    made_at(backup).map(|_| backup)
}

/// When the backup of this name was made; none where it is no name of one.
pub(crate) fn made_at(name: &str) -> Option<Instant> {
    read_stamp(name.strip_prefix("assessments-")?.strip_suffix(".db")?)
}

/// When the database of this name was set aside; none where it is no name of one.
pub(crate) fn set_aside_at(name: &str) -> Option<Instant> {
    let rest = name.strip_prefix(DATABASE)?.strip_prefix(".aside-").filter(|rest| !rest.ends_with("-wal"))?;
    // A second one of the same moment is counted.
    read_stamp(rest.split_once('-').map_or(rest, |(stamp, _)| stamp))
}

fn read_stamp(stamp: &str) -> Option<Instant> {
    let moment = jiff::civil::DateTime::strptime(STAMP, stamp).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    (stamp.len() == "20261122T143205Z".len()).then_some(Instant(moment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_known_by_its_name() {
        let check_made = |name: &str, is_backup: bool| assert_eq!(made_at(name).is_some(), is_backup, "{name}");
        let check_aside = |name: &str, is_backup: bool| assert_eq!(set_aside_at(name).is_some(), is_backup, "{name}");
        let moment = crate::surroundings::parse_moment("2026-11-22T14:32:05Z").unwrap();
        assert_eq!(backup_at(moment), "assessments-20261122T143205Z.db");
        assert_eq!(made_at(&backup_at(moment)), Some(moment));
        check_made("assessments-20261122T143205Z.db.head", false);
        check_made("assessments-20261122T143205Z.db.part", false);
        check_made("assessments-20261322T143205Z.db", false);
        check_made("notes.db", false);
        check_aside("assessments.db.aside-20261122T143205Z", true);
        check_aside("assessments.db.aside-20261122T143205Z-2", true);
        check_aside("assessments.db.aside-20261122T143205Z-wal", false);
        check_aside("assessments.db.aside-20261122T143205Z.head", false);
        check_aside("assessments.db", false);
    }
}
