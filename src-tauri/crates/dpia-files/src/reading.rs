//! Reading a file whole. What is no file is never waited for, and only what is asked for is read.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Something else has its name.
    #[error("it is {0}")]
    NotAFile(OtherThing),
    /// It is larger than what is read.
    #[error("it is larger than {most_bytes} bytes")]
    TooLarge {
        /// The most that is read.
        most_bytes: u64,
    },
    /// The system refused.
    #[error("{0}")]
    System(#[from] io::Error),
}

/// What has a name and is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OtherThing {
    /// A folder.
    #[error("a folder")]
    Folder,
    /// A pipe: what reads it waits for somebody who writes.
    #[error("a pipe")]
    Pipe,
    /// A socket.
    #[error("a socket")]
    Socket,
    /// A device, a terminal among them.
    #[error("a device")]
    Device,
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::System(error) => error,
            ReadError::NotAFile(OtherThing::Folder) => Self::new(io::ErrorKind::IsADirectory, error),
            ReadError::NotAFile(_) | ReadError::TooLarge { .. } => Self::new(io::ErrorKind::InvalidInput, error),
        }
    }
}

/// Opens a file, or what a link leads to, if it is one.
pub fn open_file(path: &Path) -> Result<File, ReadError> {
    // Opening a device can set something going, so that it is looked at first. What was opened is looked at again: something else
    // may have come to its place meanwhile.
    expect_file(&fs::metadata(path)?)?;
    let file = open_at_once(path)?;
    expect_file(&file.metadata()?)?;
    Ok(file)
}

/// Reads a file whole, if it has no more than so many bytes.
pub fn read_file(path: &Path, most_bytes: u64) -> Result<Vec<u8>, ReadError> {
    let file = open_file(path)?;
    let too_large = || Err(ReadError::TooLarge { most_bytes });
    let length = file.metadata()?.len();
    if length > most_bytes {
        return too_large();
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    // It may grow while it is read, and some files say that they are empty.
    file.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most_bytes { too_large() } else { Ok(bytes) }
}

/// Fails where this is no file.
pub fn expect_file(known: &Metadata) -> Result<(), ReadError> {
    match known.is_file() {
        true => Ok(()),
        false => Err(ReadError::NotAFile(thing_of(known))),
    }
}

fn thing_of(known: &Metadata) -> OtherThing {
    if known.is_dir() {
        return OtherThing::Folder;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if known.file_type().is_fifo() {
            return OtherThing::Pipe;
        }
        if known.file_type().is_socket() {
            return OtherThing::Socket;
        }
    }
    OtherThing::Device
}

/// Opens without waiting: opening a pipe would wait until somebody writes to it (open(2), `O_NONBLOCK`). With a file it makes no
/// difference.
#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().read(true).custom_flags(NO_WAITING).open(path)
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// `O_NONBLOCK` of this system (`fcntl.h`).
#[cfg(all(
    unix,
    any(target_os = "linux", target_os = "android"),
    not(any(target_arch = "mips", target_arch = "mips64", target_arch = "sparc64"))
))]
const NO_WAITING: i32 = 0o4000;
#[cfg(all(unix, any(target_arch = "mips", target_arch = "mips64")))]
const NO_WAITING: i32 = 0o200;
#[cfg(all(unix, target_arch = "sparc64"))]
const NO_WAITING: i32 = 0x4000;
#[cfg(all(
    unix,
    not(any(target_os = "linux", target_os = "android", target_arch = "mips", target_arch = "mips64", target_arch = "sparc64"))
))]
const NO_WAITING: i32 = 0x4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(read_file(&path, 5).unwrap(), b"12345");
        assert!(matches!(read_file(&path, 4), Err(ReadError::TooLarge { most_bytes: 4 })));
        assert!(matches!(read_file(folder.path(), 5), Err(ReadError::NotAFile(OtherThing::Folder))));
        let missing = read_file(&folder.path().join("b"), 5);
        assert!(matches!(missing, Err(ReadError::System(error)) if error.kind() == io::ErrorKind::NotFound));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_says_it_is_empty_is_read_and_bounded() {
        assert!(!read_file(Path::new("/proc/self/status"), 1 << 20).unwrap().is_empty());
        assert!(matches!(read_file(Path::new("/proc/self/status"), 10), Err(ReadError::TooLarge { .. })));
    }

    /// What comes to the place of a file between the look and the opening is not waited for either.
    #[cfg(unix)]
    #[test]
    fn a_pipe_a_socket_and_a_device_are_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, thing) in
            [(pipe.as_path(), OtherThing::Pipe), (&socket, OtherThing::Socket), (Path::new("/dev/zero"), OtherThing::Device)]
        {
            assert!(matches!(open_file(path), Err(ReadError::NotAFile(found)) if found == thing), "{thing}");
        }
        let opened = open_at_once(&pipe).unwrap();
        assert!(matches!(expect_file(&opened.metadata().unwrap()), Err(ReadError::NotAFile(OtherThing::Pipe))));
    }
}
