//! What a process that was ended left next to the database: half-made copies, and new files that never took their place. Some
//! of them are whole databases, which open with the keys of their time.

use crate::error::StoreError;
use crate::file::folder_of;
use crate::restore::PREPARED;
use dpia_files::{place_of_part, remove_leftovers};
use std::path::Path;

/// What SQLite and this store add to the name of a database.
const COMPANIONS: [&str; 5] = ["-wal", "-journal", "-probe", ".head", ".lock"];

/// Removes them. The lock of the database is held, and no move of a restoring is left to make.
pub(crate) fn clear(database: &Path) -> Result<(), StoreError> {
    let Some(name) = database.file_name().and_then(|name| name.to_str()) else { return Ok(()) };
    if name.ends_with(PREPARED) {
        // It is one itself, and somebody is at work on it.
        return Ok(());
    }
    let folder = folder_of(database);
    remove_leftovers(folder, &|found| is_leftover(found, name))
        .map(drop)
        .map_err(|source| StoreError::File { path: folder.to_owned(), source })
}

/// Whether a file of this name, next to a database of that name, is left of work that was never finished.
fn is_leftover(found: &str, database: &str) -> bool {
    if let Some(place) = place_of_part(found) {
        return place.starts_with(database) || place.ends_with(PREPARED);
    }
    let bare = COMPANIONS.iter().find_map(|companion| found.strip_suffix(companion)).unwrap_or(found);
    // A copy that is to take the place of a file, a database that is being made, a copy made before a migration.
    bare.ends_with(PREPARED)
        || bare.strip_prefix(database).is_some_and(|rest| rest == ".new" || (rest.starts_with(".before-") && rest.ends_with(".part")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leftover_is_known_by_its_name() {
        for left in [
            "a.db.new",
            "a.db.new-wal",
            "a.db.restored",
            "a.db.restored-wal",
            "a.db.restored-journal",
            "a.db.restored.head",
            "a.db.restored.lock",
            "keys.json.restored",
            "a.db.before-2.part",
            "a.db.before-2.part-journal",
            ".a.db.head.aB3dE5gH7jK9.part",
            ".a.db.restoring.aB3dE5gH7jK9.part",
            ".keys.json.restored.aB3dE5gH7jK9.part",
        ] {
            assert!(is_leftover(left, "a.db"), "{left}");
        }
        for kept in [
            "a.db",
            "a.db-wal",
            "a.db.head",
            "a.db.lock",
            "a.db.restoring",
            "a.db.before-2",
            "a.db.aside-20261122T143205Z",
            "a.db.aside-20261122T143205Z-wal",
            "keys.json",
            ".keys.json.aB3dE5gH7jK9.part",
            "brand.toml",
            "restored",
        ] {
            assert!(!is_leftover(kept, "a.db"), "{kept}");
        }
    }
}
