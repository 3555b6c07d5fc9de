//! One window over one folder. The person who is started while another has the folder hands over the file that it was given, and
//! ends: the other comes to the front and brings it in.
//!
//! A lock says who is first; the system frees it however the process ends. The first listens on a socket of the file system,
//! in a folder that only its owner may enter. Where there is no such socket, or nobody answers, a second window opens and
//! says that the assessments are open elsewhere. Nothing here reaches beyond the machine.

use std::fs::File;
#[cfg(not(unix))]
use std::path::Path;
use std::path::PathBuf;

/// How a start goes on.
pub(crate) enum Claim {
    /// Nobody else has the folder.
    First(Instance),
    /// Another has it, and has taken what was given.
    HandedOver,
    /// Another has it and does not answer, or it cannot be asked.
    Alone,
}

/// The first over a folder, until it is dropped.
pub(crate) struct Instance {
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no such sockets"))]
    folder: PathBuf,
    _lock: File,
}

#[cfg(not(unix))]
pub(crate) fn claim(_folder: &Path, _given: Option<&Path>) -> Claim {
    Claim::Alone
}

#[cfg(not(unix))]
impl Instance {
    pub(crate) fn listen(&self, _take: impl Fn(Option<PathBuf>) -> bool + Send + 'static) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(unix)]
pub(crate) use local::claim;

#[cfg(unix)]
mod local {
    use super::{Claim, Instance};
    use std::ffi::OsStr;
    use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
    use std::io::{self, Read as _, Write as _};
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    const LOCK: &str = "instance.lock";
    /// The folder of the socket, which only its owner may enter.
    const ROOM: &str = "instance";
    const SOCKET: &str = "socket";

    /// What is handed over begins with this; the number is that of the shape.
    const GREETING: &[u8; 5] = b"DPIA1";
    const TAKEN: &[u8; 5] = b"taken";
    /// The longest path that is taken, in bytes; Linux has none longer.
    const MOST_BYTES: u32 = 4096;

    /// How long another may take until it has taken what was given. A window that is closing lets go of the folder within it.
    const PATIENCE: Duration = Duration::from_secs(4);
    /// How long one who hands over may take to say what.
    const GREETING_TIME: Duration = Duration::from_secs(1);
    const GLANCE: Duration = Duration::from_millis(50);

    /// Claims a folder, or hands over what was given to the person who has it.
    pub(crate) fn claim(folder: &Path, given: Option<&Path>) -> Claim {
        let begun = Instant::now();
        loop {
            match take_lock(folder) {
                Ok(Some(lock)) => return Claim::First(Instance { folder: folder.to_owned(), _lock: lock }),
                Ok(None) => {}
                // The workspace says what is wrong with the folder.
                Err(_) => return Claim::Alone,
            }
            if hand_over(folder, given).is_ok() {
                return Claim::HandedOver;
            }
            if begun.elapsed() > PATIENCE {
                return Claim::Alone;
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// The lock of a folder; none where another has it.
    fn take_lock(folder: &Path) -> io::Result<Option<File>> {
        std::fs::create_dir_all(folder)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn hand_over(folder: &Path, given: Option<&Path>) -> io::Result<()> {
        let room = File::open(folder.join(ROOM))?;
        let mut stream = UnixStream::connect(socket_in(folder, &room))?;
        stream.set_write_timeout(Some(GREETING_TIME))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let path = given.map_or(&[][..], |path| path.as_os_str().as_bytes());
        let length = u32::try_from(path.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        stream.write_all(&[GREETING.as_slice(), &length.to_be_bytes(), path].concat())?;
        let mut answer = [0; TAKEN.len()];
        stream.read_exact(&mut answer)?;
        if answer == *TAKEN { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    impl Instance {
        /// Takes, on a thread of its own, what others hand over: an absolute path, or nothing but the wish to be seen. What
        /// is not taken is left with them.
        pub(crate) fn listen(&self, take: impl Fn(Option<PathBuf>) -> bool + Send + 'static) -> io::Result<()> {
            let place = self.folder.join(ROOM);
            // What a process left that was killed.
            let _ = std::fs::remove_dir_all(&place);
            DirBuilder::new().mode(0o700).create(&place)?;
            let listener = UnixListener::bind(socket_in(&self.folder, &File::open(&place)?))?;
            std::thread::Builder::new().name("instance".to_owned()).spawn(move || {
                for stream in listener.incoming().flatten() {
                    // Whoever says nothing, or something else, is not answered.
                    let _ = answer(stream, &take);
                }
            })?;
            Ok(())
        }
    }

    impl Drop for Instance {
        fn drop(&mut self) {
            // Where it stays, the person who is first next takes it away.
            let _ = std::fs::remove_dir_all(self.folder.join(ROOM));
        }
    }

    fn answer(mut stream: UnixStream, take: &impl Fn(Option<PathBuf>) -> bool) -> io::Result<()> {
        stream.set_read_timeout(Some(GREETING_TIME))?;
        stream.set_write_timeout(Some(GREETING_TIME))?;
        let mut head = [0; GREETING.len() + 4];
        stream.read_exact(&mut head)?;
        let (greeting, length) = head.split_at(GREETING.len());
        let length = u32::from_be_bytes(length.try_into().map_err(|_| io::ErrorKind::InvalidData)?);
        if greeting != GREETING || length > MOST_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut path = vec![0; length as usize];
        stream.read_exact(&mut path)?;
        let path = (length > 0).then(|| PathBuf::from(OsStr::from_bytes(&path)));
        if path.as_ref().is_some_and(|path| !path.is_absolute()) || !take(path) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        stream.write_all(TAKEN)
    }

    /// The socket of a folder. Its name may have 107 bytes and a folder's may be longer, so it is named by the open folder
    /// where the system can do that.
    fn socket_in(folder: &Path, room: &File) -> PathBuf {
        use std::os::fd::AsRawFd as _;
        match cfg!(target_os = "linux") {
            true => PathBuf::from(format!("/proc/self/fd/{}", room.as_raw_fd())).join(SOCKET),
            false => folder.join(ROOM).join(SOCKET),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::os::unix::fs::PermissionsExt as _;
        use std::sync::mpsc::{Receiver, channel};

        fn first(folder: &Path) -> (Instance, Receiver<Option<PathBuf>>) {
            let Claim::First(instance) = claim(folder, None) else { panic!("the folder is taken") };
            let (sender, handed) = channel();
            instance.listen(move |path| sender.send(path).is_ok()).unwrap();
            (instance, handed)
        }

        fn connect(folder: &Path) -> UnixStream {
            UnixStream::connect(socket_in(folder, &File::open(folder.join(ROOM)).unwrap())).unwrap()
        }

        #[test]
        fn what_a_second_was_given_is_handed_to_the_first() {
            let folder = tempfile::tempdir().unwrap();
            // Longer than the name of a socket may be.
            let folder = folder.path().join("a long name".repeat(20));
            let (instance, handed) = first(&folder);
            let path = Path::new(OsStr::from_bytes(b"/state/caf\xe9 \n.dpia"));
            assert!(matches!(claim(&folder, Some(path)), Claim::HandedOver));
            assert_eq!(handed.recv().unwrap().as_deref(), Some(path));
            assert!(matches!(claim(&folder, None), Claim::HandedOver));
            assert_eq!(handed.recv().unwrap(), None);
            let mode = |name: &str| std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(LOCK), mode(ROOM)), (0o600, 0o700), "others may not knock");
            drop(instance);
            assert!(!folder.join(ROOM).exists());
            assert!(matches!(claim(&folder, Some(path)), Claim::First(_)), "a program that is gone holds nothing");
        }

        #[test]
        fn what_a_killed_process_left_is_no_first() {
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join(ROOM)).unwrap();
            drop(UnixListener::bind(folder.path().join(ROOM).join(SOCKET)).unwrap());
            let (_instance, handed) = first(folder.path());
            assert!(matches!(claim(folder.path(), Some(Path::new("/a.dpia"))), Claim::HandedOver));
            assert_eq!(handed.recv().unwrap(), Some(PathBuf::from("/a.dpia")));
        }

        #[test]
        fn what_is_no_path_is_not_taken() {
            let folder = tempfile::tempdir().unwrap();
            let (_instance, handed) = first(folder.path());
            let check = |said: &[u8]| {
                let mut stream = connect(folder.path());
                stream.write_all(said).unwrap();
                stream.shutdown(std::net::Shutdown::Write).unwrap();
                let mut answer = Vec::new();
                // A reset is no answer either.
                let _ = stream.read_to_end(&mut answer);
                assert_eq!(answer, b"", "{said:?}");
            };
            check(b"");
            check(b"GET / HTTP/1.1\r\n\r\n");
            check(b"DPIA2\0\0\0\0");
            check(b"DPIA1\xff\xff\xff\xff");
            check(b"DPIA1\0\0\0\x08/a.dp");
            check(b"DPIA1\0\0\0\x06a.dpia");
            assert!(handed.try_recv().is_err(), "nothing of it was handed on");
            assert!(matches!(claim(folder.path(), Some(Path::new("/a.dpia"))), Claim::HandedOver), "it listens on");
        }

        #[test]
        fn one_who_is_not_ready_is_asked_again_and_one_who_never_is_not_waited_for() {
            let folder = tempfile::tempdir().unwrap();
            let Claim::First(instance) = claim(folder.path(), None) else { panic!("the folder is taken") };
            let asked = std::sync::atomic::AtomicU32::new(0);
            instance.listen(move |_| asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) >= 2).unwrap();
            assert!(matches!(claim(folder.path(), None), Claim::HandedOver));
            drop(instance);

            let Claim::First(deaf) = claim(folder.path(), None) else { panic!("the folder is taken") };
            deaf.listen(|_| false).unwrap();
            assert!(matches!(claim(folder.path(), None), Claim::Alone));
        }
    }
}
