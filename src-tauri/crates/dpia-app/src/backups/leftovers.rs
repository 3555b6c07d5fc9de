//! What a process that was ended left of backups, and of looks into them.

use super::{CHOICE, SCRATCH, chosen_folder};
use crate::folder::{BRAND, Folder, SETTING_UP, backup_in};
use dpia_files::{place_of_part, remove_leftovers};
use dpia_keys::KEY_FILE;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// How long nothing was written to a file in a folder that others may use too, until it is taken for left behind.
const LEFT_BEHIND: Duration = Duration::from_secs(60 * 60);

/// Removes what was left of backups, and of looks into them, by a process that was ended. Some of it opens with the keys of its
/// time. The lock of the assessments is held, so nobody makes one for this folder now; in a folder that was chosen another
/// computer may.
pub(crate) fn clear_leftovers(workspace: &Folder) -> io::Result<()> {
    match fs::remove_dir_all(workspace.path().join(SCRATCH)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    remove_leftovers(workspace.path(), &|name| {
        place_of_part(name).is_some_and(|place| [KEY_FILE, CHOICE, BRAND, SETTING_UP].contains(&place))
    })?;
    let own = workspace.backups();
    remove_leftovers(&own, &|name| is_half_made(name) || is_orphan(&own, name))?;
    if let Some(chosen) = chosen_folder(workspace) {
        let is_old = |name: &str| {
            let written = fs::metadata(chosen.join(name)).and_then(|known| known.modified());
            written.is_ok_and(|moment| moment.elapsed().is_ok_and(|age| age > LEFT_BEHIND))
        };
        // The folder may be away. A head or a key file without its backup may have been kept there on purpose.
        let _ = remove_leftovers(&chosen, &|name| is_half_made(name) && is_old(name));
    }
    Ok(())
}

/// Whether this is the name of a backup, or of a file that belongs to one, that was never finished.
fn is_half_made(name: &str) -> bool {
    match place_of_part(name) {
        Some(place) => backup_in(place).is_some(),
        None => backup_in(name).is_some_and(|backup| name.strip_prefix(backup).is_some_and(|rest| rest.starts_with(".part"))),
    }
}

/// Whether a file belongs to a backup that is not in this folder.
fn is_orphan(folder: &Path, name: &str) -> bool {
    backup_in(name).is_some_and(|backup| backup != name && !folder.join(backup).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_no_backup_is_removed_and_every_backup_stays() {
        let folder = tempfile::tempdir().unwrap();
        let kept = [
            "assessments-20261122T143205Z.db",
            "assessments-20261122T143205Z.db.head",
            "assessments-20261122T143205Z.db.keys.json",
            "assessments-20261122T143205Z.db-wal",
            "notes.db.part",
            ".report.pdf.aB3dE5gH7jK9.part",
            "report.pdf",
        ];
        let left = [
            "assessments-20261123T143205Z.db.part",
            "assessments-20261123T143205Z.db.part-journal",
            "assessments-20261123T143205Z.db.head",
            "assessments-20261123T143205Z.db.keys.json",
            "assessments-20261122T143205Z.db.part",
            ".assessments-20261122T143205Z.db.head.aB3dE5gH7jK9.part",
            ".assessments-20261122T143205Z.db.keys.json.aB3dE5gH7jK9.part",
            ".assessments-20261122T143205Z.db.keys.json.4711.part",
        ];
        kept.iter().chain(&left).for_each(|name| fs::write(folder.path().join(name), "x").unwrap());
        assert_eq!(remove_leftovers(folder.path(), &|name| is_half_made(name) || is_orphan(folder.path(), name)).unwrap(), left.len());
        for name in kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
    }
}
