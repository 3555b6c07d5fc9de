//! What this crate asks of the system, so that a test can be between the two.

use crate::error::{Cause, WriteStep};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Everyone whom the system lets read a new file of this user.
    AsUsual,
    /// Its owner alone.
    Owner,
}

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Nothing.
    Nothing,
    /// A file, or a link to one or to nothing.
    File,
    /// A folder, or a link to one.
    Folder,
    /// A device, a pipe, a socket, or a link to one.
    Other,
}

/// The calls of an operating system that writing a file needs.
pub trait System {
    /// A file that is being written.
    type File: Write;

    /// Makes a file where nothing is, not even a link.
    fn create_new(&self, path: &Path, readers: Readers) -> io::Result<Self::File>;
    /// Returns once the content of a file is on the disk.
    fn sync(&self, file: &Self::File) -> io::Result<()>;
    /// Gives a file another name, in the place of what has that name.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a name that nothing has.
    fn place_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Returns once the names in a folder are on the disk, where the system has such a call.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// What has this name.
    fn kind_of(&self, path: &Path) -> io::Result<FileKind>;
    /// Whether two names are those of one file.
    fn is_same(&self, one: &Path, other: &Path) -> io::Result<bool>;
    /// What an error of this system means.
    fn cause_of(&self, error: &io::Error, step: WriteStep) -> Cause;
}

/// The disk of this computer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl System for Disk {
    type File = File;

    fn create_new(&self, path: &Path, readers: Readers) -> io::Result<File> {
        match readers {
            Readers::AsUsual => OpenOptions::new().write(true).create_new(true).open(path),
            Readers::Owner => create_private(path),
        }
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn place_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        tempfile::TempPath::try_from_path(from)?.persist_noclobber(to).map_err(|refused| refused.error)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if !cfg!(unix) {
            return Ok(());
        }
        match File::open(folder).and_then(|folder| folder.sync_all()) {
            // Some file systems have no such call for a folder and need none.
            Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
            synced => synced,
        }
    }

    fn kind_of(&self, path: &Path) -> io::Result<FileKind> {
        if is_in_device_folder(path) {
            return Ok(FileKind::Other);
        }
        let known = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link that leads nowhere is taken for a file: it is replaced, and never followed.
                return Ok(if fs::symlink_metadata(path).is_ok() { FileKind::File } else { FileKind::Nothing });
            }
            known => known?,
        };
        Ok(match known.file_type() {
            kind if kind.is_file() => FileKind::File,
            kind if kind.is_dir() => FileKind::Folder,
            _ => FileKind::Other,
        })
    }

    fn is_same(&self, one: &Path, other: &Path) -> io::Result<bool> {
        match same_file::is_same_file(one, other) {
            // What does not exist is not the same as anything.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            known => known,
        }
    }

    fn cause_of(&self, error: &io::Error, step: WriteStep) -> Cause {
        if cfg!(windows) { Cause::of_windows(error, step) } else { Cause::of_unix(error) }
    }
}

/// Whether a name is among those of devices. A link there, such as `/dev/stdout`, may lead to a file and is none.
fn is_in_device_folder(path: &Path) -> bool {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    cfg!(unix)
        && fs::canonicalize(parent)
            .is_ok_and(|folder| folder == Path::new("/dev") || folder.starts_with("/dev/fd") || folder.starts_with("/proc"))
}

/// Makes a file that only its owner may read, where nothing is, not even a link.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
