//! A disk that fails where a test says.

use crate::disk::{Disk, FileKind, Readers, System};
use crate::error::{Cause, WriteStep};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

/// Which system's numbers its errors have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Those of Linux (`errno.h`).
    Linux,
    /// Those of Windows (`winerror.h`).
    Windows,
}

/// This computer's disk, one step of which fails with one error.
#[derive(Debug, Clone)]
pub struct FaultyDisk {
    fails_at: WriteStep,
    number: i32,
    numbers: Numbers,
    failures: Rc<Cell<u32>>,
}

impl FaultyDisk {
    /// A disk that fails at this step with the error of this number.
    pub fn new(fails_at: WriteStep, number: i32, numbers: Numbers) -> Self {
        Self { fails_at, number, numbers, failures: Rc::default() }
    }

    /// How often it failed.
    pub fn failures(&self) -> u32 {
        self.failures.get()
    }

    fn pass(&self, step: WriteStep) -> io::Result<()> {
        if step != self.fails_at {
            return Ok(());
        }
        self.failures.set(self.failures.get() + 1);
        Err(io::Error::from_raw_os_error(self.number))
    }
}

/// A file of a [`FaultyDisk`].
#[derive(Debug)]
pub struct FaultyFile {
    file: File,
    disk: FaultyDisk,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A disk that fills up takes some of it first.
        let taken = self.file.write(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
        self.disk.pass(WriteStep::Write)?;
        Ok(taken + self.file.write(bytes.get(taken..).unwrap_or_default())?)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl System for FaultyDisk {
    type File = FaultyFile;

    fn create_new(&self, path: &Path, readers: Readers) -> io::Result<FaultyFile> {
        self.pass(WriteStep::Create)?;
        Ok(FaultyFile { file: Disk.create_new(path, readers)?, disk: self.clone() })
    }

    fn sync(&self, file: &FaultyFile) -> io::Result<()> {
        self.pass(WriteStep::Sync)?;
        Disk.sync(&file.file)
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass(WriteStep::Replace)?;
        Disk.replace(from, to)
    }

    fn place_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.pass(WriteStep::Replace)?;
        Disk.place_new(from, to)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.pass(WriteStep::SyncFolder)?;
        Disk.sync_folder(folder)
    }

    fn kind_of(&self, path: &Path) -> io::Result<FileKind> {
        self.pass(WriteStep::Look)?;
        Disk.kind_of(path)
    }

    fn is_same(&self, one: &Path, other: &Path) -> io::Result<bool> {
        Disk.is_same(one, other)
    }

    fn cause_of(&self, error: &io::Error, step: WriteStep) -> Cause {
        match self.numbers {
            Numbers::Linux => Cause::of_unix(error),
            Numbers::Windows => Cause::of_windows(error, step),
        }
    }
}
