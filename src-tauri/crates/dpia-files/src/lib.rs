//! Whole files on the disk.
//!
//! A file is written completely or not at all: into a new file of a random name next to its place, with its rights set before
//! its content, synced, renamed, the folder synced. No link is followed, nothing is truncated in place, and whatever fails
//! leaves what was there before.
//!
//! What is read is a file: a pipe, a socket and a device are never waited for.
//!
//! This crate knows none of the others, and nothing of assessments.

mod disk;
mod error;
#[cfg(feature = "faulty")]
pub mod faulty;
mod leftovers;
mod lock;
mod name;
mod reading;
mod writing;

pub use disk::{Disk, FileKind, Readers, System, create_private};
pub use error::{Cause, FileError, WriteStep};
pub use leftovers::{place_of_part, remove_leftovers};
pub use lock::Lock;
pub use name::{is_device_name, portable_name};
pub use reading::{OtherThing, ReadError, expect_file, open_file, read_file};
pub use writing::{Writing, move_durably, sync_folder};
