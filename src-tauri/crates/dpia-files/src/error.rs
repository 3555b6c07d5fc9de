//! Why a file could not be written, as people can act on it.

use std::io;
use std::path::PathBuf;

/// A file that was not written, or that was written and not confirmed.
#[derive(Debug, thiserror::Error)]
#[error("{} was not written: {cause}", path.display())]
pub struct FileError {
    /// The place it was meant for.
    pub path: PathBuf,
    /// What was being done.
    pub step: WriteStep,
    /// What was in the way.
    pub cause: Cause,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// What is done to write a file, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteStep {
    /// Looking at what is at its place.
    Look,
    /// Making the new file next to its place.
    Create,
    /// Writing its content.
    Write,
    /// Waiting until its content is on the disk.
    Sync,
    /// Giving it its name.
    Replace,
    /// Waiting until its name is on the disk. The file is at its place by then.
    SyncFolder,
}

/// Why a file cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// There is no space left, or a quota is used up.
    #[error("the disk is full")]
    Full,
    /// It may not be written there.
    #[error("that place cannot be written to")]
    NoPermission,
    /// The whole file system can only be read.
    #[error("the disk is read-only")]
    ReadOnly,
    /// Another program has the file at its place open, and the system lets nobody replace it meanwhile.
    #[error("it is open in another program")]
    HeldOpen,
    /// Its folder does not exist.
    #[error("the folder does not exist")]
    FolderMissing,
    /// A folder has its name.
    #[error("there is a folder of this name")]
    IsFolder,
    /// A device or a pipe has its name.
    #[error("it is not a file")]
    NotAFile,
    /// It is one of the files that the content was made from.
    #[error("it is the file that is being read")]
    IsInput,
    /// A file is at its place already, and was not to be replaced.
    #[error("there is already a file of this name")]
    Exists,
    /// The file system does not take this name.
    #[error("the file system does not allow this name")]
    BadName,
    /// Something else.
    #[error("the system refused")]
    Other,
}

impl FileError {
    /// Whether the file is at its place all the same.
    pub fn is_in_place(&self) -> bool {
        self.step == WriteStep::SyncFolder
    }
}

impl Cause {
    /// What an error of a Unix system means.
    pub fn of_unix(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Self::Full,
            io::ErrorKind::PermissionDenied => Self::NoPermission,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::ExecutableFileBusy | io::ErrorKind::ResourceBusy => Self::HeldOpen,
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::FolderMissing,
            io::ErrorKind::IsADirectory => Self::IsFolder,
            io::ErrorKind::AlreadyExists => Self::Exists,
            io::ErrorKind::InvalidFilename => Self::BadName,
            _ => Self::Other,
        }
    }

    /// What an error of Windows means at this step (System Error Codes, `winerror.h`).
    pub fn of_windows(error: &io::Error, step: WriteStep) -> Self {
        match (error.raw_os_error(), step) {
            // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
            (Some(32 | 33), _) => Self::HeldOpen,
            // ERROR_ACCESS_DENIED: what a rename says of a file that another program holds.
            (Some(5), WriteStep::Replace) => Self::HeldOpen,
            (Some(5), _) => Self::NoPermission,
            // ERROR_WRITE_PROTECT
            (Some(19), _) => Self::ReadOnly,
            // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED
            (Some(39 | 112 | 1295), _) => Self::Full,
            // ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_INVALID_DRIVE, ERROR_NOT_READY
            (Some(2 | 3 | 15 | 21), _) => Self::FolderMissing,
            // ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS
            (Some(80 | 183), _) => Self::Exists,
            // ERROR_INVALID_NAME, ERROR_FILENAME_EXCED_RANGE, ERROR_DIRECTORY
            (Some(123 | 206 | 267), _) => Self::BadName,
            (Some(_) | None, _) => Self::of_unix(error),
        }
    }
}
