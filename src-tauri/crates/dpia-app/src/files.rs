//! Reading and writing whole files. What is written stands beside its place first and is renamed when it is whole.

use crate::error::{AppError, ErrorCode};
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

/// The largest file that is read.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

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

fn write_with(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<(), AppError> {
    let failed = |error: std::io::Error| AppError::writing(path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = folder.join(format!(".{}.{}.part", name_of(path), std::process::id()));
    let written = options.clone().write(true).create(true).truncate(true).open(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        File::open(folder)?.sync_all()
    });
    if written.is_err() {
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
    fn a_file_that_is_not_there_is_named() {
        let error = read(Path::new("/nowhere/old.txt")).unwrap_err();
        assert_eq!(error.message, "old.txt cannot be read: it is not there.");
    }
}
