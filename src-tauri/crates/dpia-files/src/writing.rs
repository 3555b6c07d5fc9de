//! Writing a file completely or not at all.

use crate::disk::{Disk, FileKind, Readers, System};
use crate::error::{Cause, FileError, WriteStep};
use std::io::{self, Write as _};
use std::path::Path;
use tempfile::TempPath;

/// How much is written before it is asked whether the file is still wanted, in bytes.
const PIECE_BYTES: usize = 256 * 1024;

/// How long the random part of a new file's name is, in letters.
const RANDOM_LETTERS: usize = 12;

/// The longest beginning of a file's own name that its new file takes along, in bytes.
const MOST_BYTES_OF_NAME: usize = 230;

/// The end of a new file's name.
pub(crate) const PART: &str = ".part";

/// A file that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct Writing<'a, S: System = Disk> {
    system: S,
    path: &'a Path,
    readers: Readers,
    may_replace: bool,
    inputs: &'a [&'a Path],
}

impl<'a> Writing<'a> {
    /// A file at this place, on this computer's disk. It takes the place of a file that is there.
    pub fn to(path: &'a Path) -> Self {
        Self::on(Disk, path)
    }
}

impl<'a, S: System> Writing<'a, S> {
    /// As [`Writing::to`], on this system.
    pub fn on(system: S, path: &'a Path) -> Self {
        Self { system, path, readers: Readers::AsUsual, may_replace: true, inputs: &[] }
    }

    /// Only its owner may read it.
    #[must_use]
    pub fn for_owner(mut self) -> Self {
        self.readers = Readers::Owner;
        self
    }

    /// It may not take the place of a file.
    #[must_use]
    pub fn where_nothing_is(mut self) -> Self {
        self.may_replace = false;
        self
    }

    /// It is made from these files, none of which it may replace.
    #[must_use]
    pub fn made_from(mut self, inputs: &'a [&'a Path]) -> Self {
        self.inputs = inputs;
        self
    }

    /// Writes it.
    pub fn write(self, bytes: &[u8]) -> Result<(), FileError> {
        self.write_while(bytes, &|| true).map(drop)
    }

    /// Writes it piece by piece for as long as it is wanted. False where it was not wanted to the end: then nothing was written.
    pub fn write_while(self, bytes: &[u8], is_wanted: &dyn Fn() -> bool) -> Result<bool, FileError> {
        self.check_place()?;
        let (mut file, part) = self.create()?;
        for piece in bytes.chunks(PIECE_BYTES) {
            if !is_wanted() {
                return Ok(false);
            }
            file.write_all(piece).map_err(|error| self.failed(WriteStep::Write, error))?;
        }
        self.system.sync(&file).map_err(|error| self.failed(WriteStep::Sync, error))?;
        drop(file);
        if !is_wanted() {
            return Ok(false);
        }
        let placed = match self.may_replace {
            true => self.system.replace(&part, self.path),
            false => self.system.place_new(&part, self.path),
        };
        // Where it was not placed, dropping `part` removes it.
        placed.map_err(|error| self.failed(WriteStep::Replace, error))?;
        let _ = part.keep();
        self.system.sync_folder(folder_of(self.path)).map_err(|error| self.failed(WriteStep::SyncFolder, error))?;
        Ok(true)
    }

    /// Fails where something is at the place that this file may not replace.
    fn check_place(&self) -> Result<(), FileError> {
        let refuse = |cause: Cause| {
            Err(FileError { path: self.path.to_owned(), step: WriteStep::Look, source: io::Error::other(cause.to_string()), cause })
        };
        match self.system.kind_of(self.path).map_err(|error| self.failed(WriteStep::Look, error))? {
            FileKind::Folder => return refuse(Cause::IsFolder),
            FileKind::Other => return refuse(Cause::NotAFile),
            FileKind::File if !self.may_replace => return refuse(Cause::Exists),
            FileKind::File | FileKind::Nothing => {}
        }
        for input in self.inputs {
            if self.system.is_same(self.path, input).map_err(|error| self.failed(WriteStep::Look, error))? {
                return refuse(Cause::IsInput);
            }
        }
        Ok(())
    }

    /// Makes the new file next to the place, under a random name that nothing has.
    fn create(&self) -> Result<(S::File, TempPath), FileError> {
        let prefix = part_prefix(self.path);
        let made = tempfile::Builder::new()
            .prefix(&prefix)
            .suffix(PART)
            .rand_bytes(RANDOM_LETTERS)
            .make_in(folder_of(self.path), |path| self.system.create_new(path, self.readers))
            .map_err(|error| self.failed(WriteStep::Create, error))?;
        Ok(made.into_parts())
    }

    fn failed(&self, step: WriteStep, source: io::Error) -> FileError {
        FileError { path: self.path.to_owned(), step, cause: self.system.cause_of(&source, step), source }
    }
}

/// Gives a file another name and returns once that name is on the disk.
pub fn move_durably(from: &Path, to: &Path) -> io::Result<()> {
    Disk.replace(from, to)?;
    Disk.sync_folder(folder_of(to))
}

/// Returns once the names in a folder are on the disk, where the system has such a call.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    Disk.sync_folder(folder)
}

/// How the name of a new file begins that will take this place.
fn part_prefix(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let end = (0..=MOST_BYTES_OF_NAME.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    format!(".{}.", name.get(..end).unwrap_or_default())
}

/// Whether this could be the random part of a new file's name.
pub(crate) fn is_random(letters: &str) -> bool {
    letters.len() == RANDOM_LETTERS && letters.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
