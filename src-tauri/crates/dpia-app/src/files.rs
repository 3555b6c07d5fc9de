//! Reading and writing whole files. What is written stands beside its place first and is renamed when it is whole.

use crate::error::{AppError, ErrorCode};
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

/// The largest file that is read.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// How much is written before it is asked whether it is still wanted.
const PIECE_BYTES: usize = 256 * 1024;

/// The name of a file without its folder.
pub fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads a file whole.
pub fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    let name = name_of(path);
    let failed = |error: std::io::Error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => "it is not there".to_owned(),
            std::io::ErrorKind::PermissionDenied => "you have no permission to read it".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            _ => error.to_string(),
        };
        AppError::new(ErrorCode::NotFound, format!("{name} cannot be read: {why}."))
    };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(AppError::new(ErrorCode::Refused, format!("{name} is larger than 512 MB, which is more than is read.")));
    }
    Ok(bytes)
}

/// Makes a folder, with those above it, where there is none.
pub fn make_folder(path: &Path) -> Result<(), AppError> {
    fs::create_dir_all(path).map_err(|error| AppError::writing(path, &error))
}

/// Writes a file whole: beside its place, synced, then renamed. Where it fails, what stood there is untouched.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    write_with(path, bytes, &OpenOptions::new())
}

/// As [`write()`], readable by its owner alone.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    write_with(path, bytes, &options)
}

/// As [`write()`], piece by piece for as long as it is wanted. False where it was not to the end: then nothing is written,
/// and what stood there is untouched.
pub fn write_while(path: &Path, bytes: &[u8], is_wanted: &dyn Fn() -> bool) -> Result<bool, AppError> {
    write_pieces(path, bytes, &OpenOptions::new(), is_wanted)
}

fn write_with(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<(), AppError> {
    write_pieces(path, bytes, options, &|| true).map(drop)
}

fn write_pieces(path: &Path, bytes: &[u8], options: &OpenOptions, is_wanted: &dyn Fn() -> bool) -> Result<bool, AppError> {
    let failed = |error: std::io::Error| AppError::writing(path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = folder.join(format!(".{}.{}.part", name_of(path), std::process::id()));
    let written = options.clone().write(true).create(true).truncate(true).open(&beside).and_then(|mut file| {
        for piece in bytes.chunks(PIECE_BYTES) {
            if !is_wanted() {
                return Ok(false);
            }
            file.write_all(piece)?;
        }
        file.sync_all()?;
        if !is_wanted() {
            return Ok(false);
        }
        fs::rename(&beside, path)?;
        File::open(folder)?.sync_all()?;
        Ok(true)
    });
    if !matches!(written, Ok(true)) {
        // What is left beside is of no use; where it cannot be removed either, the failure below says enough.
        let _ = fs::remove_file(&beside);
    }
    written.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report.pdf");
        write(&place, b"first").unwrap();
        write(&place, b"second").unwrap();
        assert_eq!(read(&place).unwrap(), b"second");
        let missing = folder.path().join("gone").join("report.pdf");
        let error = write(&missing, b"third").unwrap_err();
        assert_eq!(error.code, ErrorCode::NotSaved);
        assert_eq!(error.message, "report.pdf was not written. The folder is not there: choose another.");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_stopped_while_it_is_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report.pdf");
        write(&place, b"first").unwrap();
        let long = vec![b'x'; 3 * PIECE_BYTES + 1];
        // Asked before each of the four pieces and once more before the file takes its place.
        for stopped_at in 0..5 {
            let asked = std::cell::Cell::new(0);
            let is_wanted = || asked.replace(asked.get() + 1) < stopped_at;
            assert!(!write_while(&place, &long, &is_wanted).unwrap(), "{stopped_at}");
            assert_eq!(read(&place).unwrap(), b"first");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
        }
        assert!(write_while(&place, &long, &|| true).unwrap());
        assert_eq!(read(&place).unwrap().len(), long.len());
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read(Path::new("/nowhere/old.txt")).unwrap_err();
        assert_eq!(error.message, "old.txt cannot be read: it is not there.");
    }
}
