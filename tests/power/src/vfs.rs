//! The recording file system: SQLite's own one for this platform, with each change to a watched folder taken down.
//!
//! Every function here is called by SQLite with the pointers that its interface promises (sqlite3.h, "OS Interface
//! Object" and "OS Interface File Virtual Methods Object"). A file is [`Watched`] with the platform's own file right behind
//! it, in one piece of memory that SQLite makes and frees. Shared memory is not offered: our database is open exclusively.

use crate::disk::Moment;
use rusqlite::ffi;
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// A fault that is planted to see whether a proof notices it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `PRAGMA synchronous = FULL` is carried out as `OFF`.
    SynchronousOff,
    /// The disk says that it has synced and has not.
    LyingDisk,
}

/// What happens in a folder from now on. It ends when this is dropped.
#[derive(Debug)]
pub struct Recording {
    folder: PathBuf,
}

/// What is done to a folder that is watched.
#[derive(Debug)]
enum Watch {
    Recorded { moments: Vec<Moment>, fault: Option<Fault> },
    Plain,
}

static WATCHES: Mutex<BTreeMap<PathBuf, Watch>> = Mutex::new(BTreeMap::new());

/// Records what SQLite does to the files right in this folder, whose path is absolute.
///
/// # Panics
/// Where SQLite refuses another file system, which it never does.
pub fn record(folder: &Path, fault: Option<Fault>) -> Recording {
    register();
    watches().insert(folder.to_owned(), Watch::Recorded { moments: Vec::new(), fault });
    Recording { folder: folder.to_owned() }
}

/// Has the databases right in this folder unencrypted from now on, for a comparison: `PRAGMA key` is not carried out, and
/// all else is as ever. The first bytes of the file are turned over, so that it is not taken for a plain one. With no
/// folder the recording file system is below all the same, so that both sides pay for it.
pub fn leave_plain(folder: Option<&Path>) {
    register();
    if let Some(folder) = folder {
        watches().insert(folder.to_owned(), Watch::Plain);
    }
}

impl Recording {
    /// Takes down something that SQLite knows nothing of.
    pub fn note(&self, moment: Moment) {
        if let Some(Watch::Recorded { moments, .. }) = watches().get_mut(&self.folder) {
            moments.push(moment);
        }
    }

    /// What happened so far.
    pub fn moments(&self) -> Vec<Moment> {
        match watches().get(&self.folder) {
            Some(Watch::Recorded { moments, .. }) => moments.clone(),
            Some(Watch::Plain) | None => Vec::new(),
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        watches().remove(&self.folder);
    }
}

fn watches() -> MutexGuard<'static, BTreeMap<PathBuf, Watch>> {
    WATCHES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a file lies.
struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// None where it is a temporary file without a name.
    unsafe fn of(path: *const c_char) -> Option<Self> {
        if path.is_null() {
            return None;
        }
        // SAFETY: SQLite hands in a string that ends with a zero.
        let path = Path::new(unsafe { CStr::from_ptr(path) }.to_str().ok()?);
        Some(Self { folder: path.parent()?.to_owned(), name: path.file_name()?.to_str()?.to_owned() })
    }

    fn note(&self, moment: impl FnOnce(String) -> Moment) {
        if let Some(Watch::Recorded { moments, .. }) = watches().get_mut(&self.folder) {
            moments.push(moment(self.name.clone()));
        }
    }

    fn fault(&self) -> Option<Fault> {
        match watches().get(&self.folder) {
            Some(Watch::Recorded { fault, .. }) => *fault,
            Some(Watch::Plain) | None => None,
        }
    }

    fn is_recorded(&self) -> bool {
        matches!(watches().get(&self.folder), Some(Watch::Recorded { .. }))
    }

    fn is_plain(&self) -> bool {
        matches!(watches().get(&self.folder), Some(Watch::Plain))
    }
}

/// An open file; the platform's own is behind it.
#[repr(C)]
struct Watched {
    base: ffi::sqlite3_file,
    place: *mut Place,
    /// It is the file of a database that is left plain.
    is_plain: bool,
}

/// The address of SQLite's own file system.
struct Real(*mut ffi::sqlite3_vfs);
// SAFETY: it is a table that SQLite made when it started and never changes.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

static REAL: OnceLock<Real> = OnceLock::new();

/// Makes the recording file system SQLite's default one, once.
fn register() {
    REAL.get_or_init(|| {
        // SAFETY: finding the default file system starts SQLite; a table of our own is registered that is never freed.
        unsafe {
            let real = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!real.is_null(), "SQLite has no file system");
            let mut table = std::ptr::read(real);
            table.iVersion = 2;
            table.szOsFile += size_of::<Watched>() as c_int;
            table.zName = c"recording".as_ptr();
            table.pNext = std::ptr::null_mut();
            table.xOpen = Some(open);
            table.xDelete = Some(delete);
            assert_eq!(ffi::sqlite3_vfs_register(Box::into_raw(Box::new(table)), 1), ffi::SQLITE_OK);
            Real(real)
        }
    });
}

fn real_vfs() -> *mut ffi::sqlite3_vfs {
    REAL.get().map_or(std::ptr::null_mut(), |real| real.0)
}

/// The platform's file behind a watched one.
unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: SQLite made `szOsFile` bytes, which is both.
    unsafe { file.cast::<u8>().add(size_of::<Watched>()).cast() }
}

unsafe fn place<'a>(file: *mut ffi::sqlite3_file) -> Option<&'a Place> {
    // SAFETY: the file was opened by `open`, and its place is freed when it is closed.
    unsafe { (*file.cast::<Watched>()).place.as_ref() }
}

unsafe extern "C" fn open(
    _vfs: *mut ffi::sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: see the head of this file; a file that was not opened has no methods, so SQLite will not close it.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let place = Place::of(path);
        let is_new = flags & ffi::SQLITE_OPEN_CREATE != 0 && place.as_ref().is_some_and(|place| !place.folder.join(&place.name).exists());
        let Some(open) = (*real_vfs()).xOpen else { return ffi::SQLITE_ERROR };
        let result = open(real_vfs(), path, real(file), flags, flags_out);
        if result != ffi::SQLITE_OK {
            return result;
        }
        if is_new && let Some(place) = &place {
            // As SQLite's file system for Unix has it: the folder is synced with a new journal.
            let syncs_folder = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
            place.note(|name| Moment::Made { name, syncs_folder });
        }
        (*file.cast::<Watched>()).is_plain = flags & ffi::SQLITE_OPEN_MAIN_DB != 0 && place.as_ref().is_some_and(Place::is_plain);
        (*file.cast::<Watched>()).place = place.map_or(std::ptr::null_mut(), |place| Box::into_raw(Box::new(place)));
        (*file).pMethods = &raw const METHODS;
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn delete(_vfs: *mut ffi::sqlite3_vfs, path: *const c_char, syncs_folder: c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe {
        let Some(delete) = (*real_vfs()).xDelete else { return ffi::SQLITE_ERROR };
        let result = delete(real_vfs(), path, syncs_folder);
        if result == ffi::SQLITE_OK
            && let Some(place) = Place::of(path)
        {
            let syncs_folder = syncs_folder != 0 && place.fault() != Some(Fault::LyingDisk);
            place.note(|name| Moment::Deleted { name, syncs_folder });
        }
        result
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see the head of this file; after this SQLite uses neither file nor place.
    unsafe {
        let place = (*file.cast::<Watched>()).place;
        if !place.is_null() {
            drop(Box::from_raw(place));
        }
        pass(file, |methods| methods.xClose, |close, real| close(real))
    }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, bytes: *const c_void, count: c_int, at: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see the head of this file; `bytes` are `count` bytes.
    unsafe {
        let mut turned = Vec::new();
        let mut written = bytes;
        if (*file.cast::<Watched>()).is_plain && at < BEGINNING {
            turned.extend_from_slice(std::slice::from_raw_parts(bytes.cast::<u8>(), count as usize));
            turn_over(&mut turned, at);
            written = turned.as_ptr().cast();
        }
        let result = pass(file, |methods| methods.xWrite, |write, real| write(real, written, count, at));
        if result == ffi::SQLITE_OK
            && let Some(place) = place(file)
        {
            let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), count as usize).to_vec();
            place.note(|name| Moment::Written { name, at: at as usize, bytes });
        }
        result
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see the head of this file.
    unsafe {
        let result = pass(file, |methods| methods.xTruncate, |truncate, real| truncate(real, length));
        if result == ffi::SQLITE_OK
            && let Some(place) = place(file)
        {
            place.note(|name| Moment::Resized { name, length: length as usize });
        }
        result
    }
}

/// Where it is recorded the bytes are left to the page cache: whether they were synced is what is written down, and a
/// real sync would only take its time.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe {
        let Some(place) = place(file).filter(|place| place.is_recorded()) else {
            return pass(file, |methods| methods.xSync, |sync, real| sync(real, flags));
        };
        if place.fault() != Some(Fault::LyingDisk) {
            place.note(|name| Moment::Synced { name });
        }
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn control(file: *mut ffi::sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: see the head of this file; for a pragma the argument is three strings: an error, the name, the value.
    unsafe {
        if operation == ffi::SQLITE_FCNTL_PRAGMA && place(file).is_some_and(|place| place.fault() == Some(Fault::SynchronousOff)) {
            let strings = argument.cast::<*mut c_char>();
            let (name, value) = (*strings.add(1), *strings.add(2));
            let is_full = |text: *mut c_char| CStr::from_ptr(text).to_bytes().eq_ignore_ascii_case(b"full");
            if !name.is_null() && CStr::from_ptr(name).to_bytes() == b"synchronous" && !value.is_null() && is_full(value) {
                std::ptr::copy_nonoverlapping(c"OFF".as_ptr(), value, 4);
            }
        }
        if operation == ffi::SQLITE_FCNTL_PRAGMA && (*file.cast::<Watched>()).is_plain {
            let name = *argument.cast::<*mut c_char>().add(1);
            if !name.is_null() && CStr::from_ptr(name).to_bytes().eq_ignore_ascii_case(b"key") {
                // Carried out: there is nothing more to do.
                return ffi::SQLITE_OK;
            }
        }
        pass(file, |methods| methods.xFileControl, |control, real| control(real, operation, argument))
    }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, bytes: *mut c_void, count: c_int, at: ffi::sqlite3_int64) -> c_int {
    // SAFETY: see the head of this file; `bytes` are `count` bytes.
    unsafe {
        let result = pass(file, |methods| methods.xRead, |read, real| read(real, bytes, count, at));
        if (*file.cast::<Watched>()).is_plain && at < BEGINNING && result == ffi::SQLITE_OK {
            turn_over(std::slice::from_raw_parts_mut(bytes.cast::<u8>(), count as usize), at);
        }
        result
    }
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { pass(file, |methods| methods.xFileSize, |file_size, real| file_size(real, size)) }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { pass(file, |methods| methods.xLock, |lock, real| lock(real, level)) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { pass(file, |methods| methods.xUnlock, |unlock, real| unlock(real, level)) }
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, is_locked: *mut c_int) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { pass(file, |methods| methods.xCheckReservedLock, |check, real| check(real, is_locked)) }
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { pass(file, |methods| methods.xSectorSize, |sector_size, real| sector_size(real)) }
}

unsafe extern "C" fn characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: see the head of this file.
    unsafe { pass(file, |methods| methods.xDeviceCharacteristics, |characteristics, real| characteristics(real)) }
}

/// How many bytes at the beginning of a plain file are turned over: those by which it is known.
const BEGINNING: ffi::sqlite3_int64 = 16;

fn turn_over(bytes: &mut [u8], at: ffi::sqlite3_int64) {
    let count = usize::try_from(BEGINNING - at).unwrap_or(0);
    bytes.iter_mut().take(count).for_each(|byte| *byte ^= 0xff);
}

/// Calls the platform's own method.
unsafe fn pass<F>(
    file: *mut ffi::sqlite3_file,
    method: impl FnOnce(&ffi::sqlite3_io_methods) -> Option<F>,
    call: impl FnOnce(F, *mut ffi::sqlite3_file) -> c_int,
) -> c_int {
    // SAFETY: the platform's file is open, so it has methods.
    unsafe {
        let real = real(file);
        (*real).pMethods.as_ref().and_then(method).map_or(ffi::SQLITE_ERROR, |method| call(method, real))
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};
