//! Reading and writing whole files, and what is said where that fails.

use crate::error::{AppError, ErrorCode};
pub use crate::names::name_of;
use dpia_files::{Cause, OtherThing, ReadError, Writing};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// The largest file that is read.
pub(crate) const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Written {
    /// Its name, without the folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u32,
    /// Pages, for a PDF.
    pub pages: Option<u32>,
    /// Whether its manifest is signed, for a bundle.
    pub signing: Option<Signing>,
}

/// Whether a bundle that goes out is signed, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    /// With the officer's identity.
    Signed,
    /// Not: the life of its certificate is over, or has not begun.
    NotInForce,
    /// Not: there is no identity.
    NoIdentity,
}

impl Written {
    /// Bytes that were written to a place, which have no pages and no manifest.
    pub(crate) fn of(path: &Path, bytes: &[u8]) -> Self {
        Self { name: name_of(path), bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX), pages: None, signing: None }
    }
}

/// Whether these are the bytes of a PDF: its header is near the start (ISO 32000-1, 7.5.2 and annex H.3).
pub(crate) fn is_pdf(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// Reads a file whole. A pipe, a device and a socket are refused: nobody knows when they end.
pub fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    let name = name_of(path);
    let why = match dpia_files::read_file(path, MOST_BYTES) {
        Ok(bytes) => return Ok(bytes),
        Err(ReadError::TooLarge { .. }) => {
            return Err(AppError::new(ErrorCode::Refused, format!("{name} is over the 512 MB limit.")));
        }
        Err(ReadError::NotAFile(OtherThing::Folder)) => "it is a folder".to_owned(),
        Err(ReadError::NotAFile(OtherThing::Pipe)) => "it is a pipe, not a file. Save its output to a file, and use that".to_owned(),
        Err(ReadError::NotAFile(thing @ (OtherThing::Socket | OtherThing::Device))) => {
            format!("it is {thing}, not a file. Give the path of a file")
        }
        Err(ReadError::System(error)) => match error.kind() {
            std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
            std::io::ErrorKind::PermissionDenied => "you have no permission to read it".to_owned(),
            std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            _ => error.to_string(),
        },
    };
    Err(AppError::new(ErrorCode::NotFound, format!("{name} cannot be read: {why}.")))
}

/// Makes a folder, with those above it, where there is none.
pub fn make_folder(path: &Path) -> Result<(), AppError> {
    fs::create_dir_all(path).map_err(|error| AppError::writing(path, &error))
}

/// Writes a file whole or not at all. It takes the place of a file that is there, but never of one that it is made from.
pub fn write(path: &Path, bytes: &[u8], made_from: &[&Path]) -> Result<(), AppError> {
    Ok(Writing::to(path).made_from(made_from).write(bytes)?)
}

/// As [`write()`], readable by its owner alone.
pub fn write_secret(path: &Path, bytes: &[u8], made_from: &[&Path]) -> Result<(), AppError> {
    Ok(Writing::to(path).for_owner().made_from(made_from).write(bytes)?)
}

/// As [`write_secret`], where there is no file: what is there may be the only copy of a key.
pub fn write_new_secret(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    Ok(Writing::to(path).for_owner().where_nothing_is().write(bytes)?)
}

/// As [`write()`], piece by piece for as long as it is wanted. False where it was not wanted to the end: then nothing was
/// written.
pub fn write_while(path: &Path, bytes: &[u8], made_from: &[&Path], is_wanted: &dyn Fn() -> bool) -> Result<bool, AppError> {
    Ok(Writing::to(path).made_from(made_from).write_while(bytes, is_wanted)?)
}

/// Writes a file next to another, under the same name with this ending, or the first numbered one that is free.
pub fn write_beside(path: &Path, ending: &str, bytes: &[u8]) -> Result<(), AppError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut number = 1u32;
    loop {
        let name = if number == 1 { format!("{stem}.{ending}") } else { format!("{stem} ({number}).{ending}") };
        match Writing::to(&path.with_file_name(name)).where_nothing_is().write(bytes) {
            Err(error) if error.cause == Cause::Exists || error.cause == Cause::IsFolder => number += 1,
            written => return Ok(written?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dpia_files::WriteStep;
    use dpia_files::faulty::{FaultyDisk, Numbers};

    #[test]
    fn a_file_that_cannot_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report.pdf");
        write(&place, b"first", &[]).unwrap();
        write(&place, b"second", &[]).unwrap();
        assert_eq!(read(&place).unwrap(), b"second");
        let missing = folder.path().join("gone").join("report.pdf");
        let error = write(&missing, b"third", &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::NotSaved);
        assert_eq!(error.message, "report.pdf was not saved. The folder does not exist: choose another.");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn why_a_file_was_not_written_is_said_with_a_way_on() {
        let check = |numbers: Numbers, number: i32, step: WriteStep, expected: &str| {
            let folder = tempfile::tempdir().unwrap();
            let place = folder.path().join("report.pdf");
            fs::write(&place, b"before").unwrap();
            let error = AppError::from(Writing::on(FaultyDisk::new(step, number, numbers), &place).write(b"after").unwrap_err());
            assert_eq!((error.code, error.message.as_str()), (ErrorCode::NotSaved, expected));
        };
        let held = "report.pdf was not saved. It is open in another program: close it there, then try again.";
        check(Numbers::Windows, 5, WriteStep::Replace, held);
        check(Numbers::Windows, 32, WriteStep::Replace, held);
        check(Numbers::Windows, 33, WriteStep::Replace, held);
        check(Numbers::Windows, 112, WriteStep::Write, "report.pdf was not saved. The disk is full: free some space, then try again.");
        check(Numbers::Linux, 28, WriteStep::Sync, "report.pdf was not saved. The disk is full: free some space, then try again.");
        check(Numbers::Linux, 30, WriteStep::Create, "report.pdf was not saved. This disk is read-only: choose another place.");
        let unconfirmed = "report.pdf was saved, but the computer did not confirm that it is safely on the disk: check the disk, then save it \
            again.";
        check(Numbers::Linux, 5, WriteStep::SyncFolder, unconfirmed);
    }

    #[test]
    fn what_a_file_is_made_from_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("assessment.dpia");
        fs::write(&place, b"bundle").unwrap();
        let error = write(&place, b"report", &[&place]).unwrap_err();
        assert_eq!(error.message, "assessment.dpia was not saved. It is one of the source files: choose another name.");
        assert_eq!(read(&place).unwrap(), b"bundle");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = read(Path::new("/nowhere/old.txt")).unwrap_err();
        assert_eq!(error.message, "old.txt cannot be read: it does not exist.");
    }
}
