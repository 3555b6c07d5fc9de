//! For tests alone: SQLite's files on a disk that remembers each write, sync, truncation and deletion, and tells what it
//! would hold if the power had gone at any of those moments.
//!
//! [`record`] watches a folder; the database in it is opened as ever, since the recording file system is SQLite's default
//! one. [`Disk::cut`] then gives the files as a power cut could have left them: whatever was not synced is dropped, kept,
//! torn or out of order, sector by sector, and so are the names in the folder.

mod disk;
#[allow(unsafe_code, reason = "SQLite's interface to a file system is C: pointers in, pointers out")]
mod vfs;

pub use disk::{Disk, Files, Moment};
pub use vfs::{Fault, Recording, leave_plain, record};
