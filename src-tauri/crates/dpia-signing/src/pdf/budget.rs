//! How much work a file may cause. One budget is shared by all that reads one file: every parser, and every revision.

use std::cell::Cell;

use super::{MAX_ATTACHED_BYTES, MAX_ENTRIES, MAX_OBJECTS, MAX_READ_BYTES, MAX_UNPACKED_BYTES};

/// What may still be read.
#[derive(Debug)]
pub(super) struct Budget {
    /// Objects, parts of arrays and dictionaries counted.
    pub(super) objects: Purse,
    /// Bytes of objects that are looked at.
    pub(super) bytes: Purse,
    /// Entries of cross-reference sections.
    pub(super) entries: Purse,
    /// Bytes that streams of the structure unpack to.
    pub(super) unpacked: Purse,
    /// Bytes of attachments, unpacked.
    pub(super) attached: Purse,
}

/// How many of one thing are left.
#[derive(Debug)]
pub(super) struct Purse(Cell<usize>);

impl Budget {
    pub(super) fn new() -> Budget {
        let purse = |count| Purse(Cell::new(count));
        Budget {
            objects: purse(MAX_OBJECTS),
            bytes: purse(MAX_READ_BYTES),
            entries: purse(MAX_ENTRIES),
            unpacked: purse(MAX_UNPACKED_BYTES),
            attached: purse(MAX_ATTACHED_BYTES),
        }
    }
}

impl Purse {
    /// How many are left.
    pub(super) fn left(&self) -> usize {
        self.0.get()
    }

    /// Takes so many; where there were fewer, none are left and it is false.
    pub(super) fn spend(&self, count: usize) -> bool {
        let rest = self.left().checked_sub(count);
        self.0.set(rest.unwrap_or(0));
        rest.is_some()
    }
}
