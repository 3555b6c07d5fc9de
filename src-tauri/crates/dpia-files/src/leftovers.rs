//! What a process that was ended left next to the places it was writing to.

use crate::writing::{PART, is_random};
use std::io;
use std::path::Path;

/// The name that a new file was to take and never did, going by its own; none where this is not the name of a new file. A long
/// name is given as its beginning.
pub fn place_of_part(name: &str) -> Option<&str> {
    let (place, random) = name.strip_prefix('.')?.strip_suffix(PART)?.rsplit_once('.')?;
    // Version 0.2.0 and those before put the number of the process there.
    let is_process = !random.is_empty() && random.bytes().all(|digit| digit.is_ascii_digit());
    (is_random(random) || is_process).then_some(place)
}

/// Removes the files of a folder whose names are those of leftovers, and says how many there were. A folder that does not exist
/// has none. Nothing may be writing them.
pub fn remove_leftovers(folder: &Path, is_leftover: &dyn Fn(&str) -> bool) -> io::Result<usize> {
    let files = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        files => files?,
    };
    let mut removed = 0;
    for file in files {
        let file = file?;
        if file.file_name().to_str().is_some_and(is_leftover) && !file.file_type()?.is_dir() {
            match std::fs::remove_file(file.path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                gone => gone.map(|()| removed += 1)?,
            }
        }
    }
    Ok(removed)
}
