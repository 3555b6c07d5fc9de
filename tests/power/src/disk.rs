//! What a disk holds when the power goes: everything that was synced, and of the rest whatever chance leaves.
//!
//! A sector of 512 bytes is written whole or torn at one place, as SQLite expects of a disk ("powersafe overwrite"); the
//! sectors of writes that were not synced reach the disk in any order or not at all. A name that was made or deleted is
//! durable once its folder was synced.

use std::collections::BTreeMap;

const SECTOR: usize = 512;

/// Files by name, each with its bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Something that happened to the files of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// A file was made. Its name becomes durable when it is first synced, where that is said.
    Made {
        /// Its name.
        name: String,
        /// The folder is synced with it.
        syncs_folder: bool,
    },
    /// Bytes were written to it.
    Written {
        /// Its name.
        name: String,
        /// The first byte's place.
        at: usize,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// It was cut, or made longer.
    Resized {
        /// Its name.
        name: String,
        /// Its length.
        length: usize,
    },
    /// It was synced.
    Synced {
        /// Its name.
        name: String,
    },
    /// It was deleted.
    Deleted {
        /// Its name.
        name: String,
        /// The folder was synced after that.
        syncs_folder: bool,
    },
    /// It was put in its place whole and durably: written beside, synced, renamed, the folder synced.
    Replaced {
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A caller heard that this much is kept.
    Acknowledged(usize),
}

/// The change that a write or a resize makes to a file.
#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// A file, whatever its name.
#[derive(Debug, Clone, Default)]
struct Inode {
    durable: Vec<u8>,
    pending: Vec<Change>,
    syncs_folder: bool,
}

/// A disk after so many moments.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    inodes: Vec<Inode>,
    /// What each name stood for since the folder was last synced; the first is durable.
    names: BTreeMap<String, Vec<Option<usize>>>,
    acknowledged: usize,
}

/// A number below the one given, which is not 0.
type Below<'a> = &'a mut dyn FnMut(usize) -> usize;

impl Disk {
    /// A disk that holds these files durably.
    pub fn holding(files: Files) -> Self {
        let mut disk = Self::default();
        for (name, durable) in files {
            disk.put(name, durable);
        }
        disk
    }

    /// The last that was acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    /// Goes on by one moment.
    pub fn pass(&mut self, moment: &Moment) {
        match moment {
            Moment::Made { name, syncs_folder } => {
                self.inodes.push(Inode { syncs_folder: *syncs_folder, ..Inode::default() });
                let inode = self.inodes.len() - 1;
                self.names.entry(name.clone()).or_insert_with(|| vec![None]).push(Some(inode));
            }
            Moment::Written { name, at, bytes } => self.change(name, Change::Write { at: *at, bytes: bytes.clone() }),
            Moment::Resized { name, length } => self.change(name, Change::Resize(*length)),
            Moment::Synced { name } => {
                let Some(inode) = self.inode_mut(name) else { return };
                for change in std::mem::take(&mut inode.pending) {
                    apply(&mut inode.durable, &change);
                }
                if std::mem::take(&mut inode.syncs_folder) {
                    self.sync_folder();
                }
            }
            Moment::Deleted { name, syncs_folder } => {
                if let Some(stands_for) = self.names.get_mut(name) {
                    stands_for.push(None);
                }
                if *syncs_folder {
                    self.sync_folder();
                }
            }
            Moment::Replaced { name, bytes } => {
                self.put(name.clone(), bytes.clone());
                self.sync_folder();
            }
            Moment::Acknowledged(mark) => self.acknowledged = *mark,
        }
    }

    /// The files as a power cut at this moment leaves them, as chance wills. With each cut one way is chosen to treat what
    /// was not synced: none of it is there, all of it, its beginning, or any part of it.
    pub fn cut(&self, below: Below<'_>) -> Files {
        let way = below(4);
        let mut files = Files::new();
        for (name, stands_for) in &self.names {
            let chosen = match way {
                0 => stands_for.first(),
                1 => stands_for.last(),
                _ => stands_for.get(below(stands_for.len())),
            };
            if let Some(Some(inode)) = chosen
                && let Some(inode) = self.inodes.get(*inode)
            {
                files.insert(name.clone(), inode.cut(way, below));
            }
        }
        files
    }

    fn put(&mut self, name: String, durable: Vec<u8>) {
        self.inodes.push(Inode { durable, ..Inode::default() });
        self.names.insert(name, vec![Some(self.inodes.len() - 1)]);
    }

    fn change(&mut self, name: &str, change: Change) {
        if let Some(inode) = self.inode_mut(name) {
            inode.pending.push(change);
        }
    }

    fn inode_mut(&mut self, name: &str) -> Option<&mut Inode> {
        let inode = self.names.get(name)?.last().copied().flatten()?;
        self.inodes.get_mut(inode)
    }

    fn sync_folder(&mut self) {
        for stands_for in self.names.values_mut() {
            stands_for.drain(..stands_for.len().saturating_sub(1));
        }
    }
}

impl Inode {
    fn cut(&self, way: usize, below: Below<'_>) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        match way {
            0 => {}
            1 => self.pending.iter().for_each(|change| apply(&mut bytes, change)),
            2 => {
                let whole = below(self.pending.len() + 1);
                self.pending.iter().take(whole).for_each(|change| apply(&mut bytes, change));
                if let Some(Change::Write { at, bytes: torn }) = self.pending.get(whole) {
                    let torn = torn.get(..below(torn.len() + 1)).unwrap_or_default().to_vec();
                    apply(&mut bytes, &Change::Write { at: *at, bytes: torn });
                }
            }
            _ => return self.cut_anyhow(below),
        }
        bytes
    }

    /// Each sector is what it was after one of the writes, or torn between two of them; the length likewise.
    fn cut_anyhow(&self, below: Below<'_>) -> Vec<u8> {
        let mut now = self.durable.clone();
        let mut lengths = vec![now.len()];
        let mut versions: BTreeMap<usize, Vec<Vec<u8>>> = BTreeMap::new();
        for change in &self.pending {
            if let Change::Write { at, bytes } = change {
                for sector in at / SECTOR..(at + bytes.len()).div_ceil(SECTOR) {
                    versions.entry(sector).or_insert_with(|| vec![sector_of(&now, sector)]);
                }
                apply(&mut now, change);
                for sector in at / SECTOR..(at + bytes.len()).div_ceil(SECTOR) {
                    versions.entry(sector).or_default().push(sector_of(&now, sector));
                }
            } else {
                apply(&mut now, change);
            }
            lengths.push(now.len());
        }
        let length = lengths[below(lengths.len())];
        let mut bytes = self.durable.clone();
        for (sector, versions) in versions {
            let mut chosen = versions[below(versions.len())].clone();
            if below(8) == 0 {
                let (other, torn_at) = (&versions[below(versions.len())], below(SECTOR));
                chosen[torn_at..].copy_from_slice(&other[torn_at..]);
            }
            apply(&mut bytes, &Change::Write { at: sector * SECTOR, bytes: chosen });
        }
        bytes.resize(length, 0);
        bytes
    }
}

fn apply(file: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Resize(length) => file.resize(*length, 0),
        Change::Write { at, bytes } => {
            let end = at + bytes.len();
            if file.len() < end {
                file.resize(end, 0);
            }
            file[*at..end].copy_from_slice(bytes);
        }
    }
}

fn sector_of(file: &[u8], sector: usize) -> Vec<u8> {
    let from = (sector * SECTOR).min(file.len());
    let mut bytes = file[from..(from + SECTOR).min(file.len())].to_vec();
    bytes.resize(SECTOR, 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> String {
        "a".to_owned()
    }

    /// Every file that many cuts leave of the name, without repetition.
    fn cuts(disk: &Disk) -> Vec<Option<Vec<u8>>> {
        let mut state = 1u64;
        let mut below = |end: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % end
        };
        let mut found: Vec<_> = (0..300).map(|_| disk.cut(&mut below).remove("a")).collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn what_was_synced_is_always_there() {
        let mut disk = Disk::holding(Files::from([(name(), vec![1; 1024])]));
        disk.pass(&Moment::Written { name: name(), at: 0, bytes: vec![2; 1024] });
        disk.pass(&Moment::Synced { name: name() });
        disk.pass(&Moment::Acknowledged(7));
        assert_eq!(cuts(&disk), [Some(vec![2; 1024])]);
        assert_eq!(disk.acknowledged(), 7);
    }

    #[test]
    fn what_was_not_synced_is_dropped_kept_torn_or_out_of_order() {
        let mut disk = Disk::holding(Files::from([(name(), vec![1; 1024])]));
        disk.pass(&Moment::Written { name: name(), at: 0, bytes: vec![2; 512] });
        disk.pass(&Moment::Written { name: name(), at: 512, bytes: vec![3; 512] });
        let found = cuts(&disk);
        let sectors = |first: u8, second: u8| Some([[first; 512], [second; 512]].concat());
        for expected in [sectors(1, 1), sectors(2, 3), sectors(2, 1), sectors(1, 3)] {
            assert!(found.contains(&expected));
        }
        assert!(found.iter().flatten().any(|bytes| bytes[0] != bytes[511]), "no sector is torn");
    }

    #[test]
    fn a_name_that_was_not_synced_may_be_gone_and_a_deleted_one_may_be_back() {
        let mut disk = Disk::holding(Files::new());
        disk.pass(&Moment::Made { name: name(), syncs_folder: true });
        assert_eq!(cuts(&disk), [None, Some(vec![])]);
        disk.pass(&Moment::Synced { name: name() });
        assert_eq!(cuts(&disk), [Some(vec![])]);
        disk.pass(&Moment::Deleted { name: name(), syncs_folder: false });
        assert_eq!(cuts(&disk), [None, Some(vec![])]);
        disk.pass(&Moment::Deleted { name: name(), syncs_folder: true });
        assert_eq!(cuts(&disk), [None]);
        disk.pass(&Moment::Replaced { name: name(), bytes: vec![9] });
        assert_eq!(cuts(&disk), [Some(vec![9])]);
    }
}
