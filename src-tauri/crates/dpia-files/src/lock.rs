//! A lock that a process holds for as long as it works on something, and that ends with it, however it ends.

use crate::disk::create_private;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// A held lock. It is a file of its own, which stays when the lock is let go.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock with this name; none where somebody else holds it.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        let file = match create_private(path) {
            // The person who opens it first makes it.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => OpenOptions::new().read(true).write(true).open(path),
            made => made,
        }?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for Lock {
    /// Lets it go by saying so. Closing the file is not enough: a process that another thread is just starting has a copy of its
    /// descriptor until it becomes another program, and the lock would last as long (flock(2)).
    fn drop(&mut self) {
        // Where it cannot be let go, closing does it a moment later.
        let _ = self.file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let held = Lock::take(&path).unwrap().unwrap();
        assert!(Lock::take(&path).unwrap().is_none());
        drop(held);
        assert!(Lock::take(&path).unwrap().is_some());
        assert!(path.exists());
    }

    /// A copy of the descriptor is what a process that is just being started holds.
    #[test]
    fn it_is_let_go_though_a_copy_of_its_descriptor_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.lock");
        let held = Lock::take(&path).unwrap().unwrap();
        let copy = held.file.try_clone().unwrap();
        drop(held);
        assert!(Lock::take(&path).unwrap().is_some());
        drop(copy);
    }
}
