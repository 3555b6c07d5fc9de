//! The history of an assessment: every edit with its time, person and inverse, each entry bound to the one before by a
//! hash, so that a gap or a forgery is noticed. Order is the sequence, not the clock.

use crate::change::Change;
use crate::date::Instant;
use crate::id::{Digest, EntryId, GroupId};
use crate::version::kept_name;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An entry of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The same in every copy of the history.
    pub id: EntryId,
    /// Counts up from 1 without a gap. The revision of an assessment is its last entry's sequence.
    pub sequence: u32,
    /// The entries it builds on: none for the first, two where histories were merged.
    pub parents: Vec<EntryId>,
    /// Entries of one group are undone together.
    pub group: GroupId,
    /// Who made the edit.
    pub person: String,
    /// When, by that computer's clock.
    pub at: Instant,
    /// The entry that this one takes back, if it does. An undo of an undo is a redo.
    pub undoes: Option<EntryId>,
    /// The edit.
    pub change: Change,
    /// What takes it back.
    pub inverse: Change,
    /// The hash of the entry before; none for the first.
    pub previous: Option<Digest>,
}

/// Why a history does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// An entry is missing, or one is there twice.
    #[error("entry {expected} of the history is missing: entry {found} is in its place")]
    Gap {
        /// The sequence expected.
        expected: u32,
        /// The sequence found.
        found: u32,
    },
    /// An entry does not follow the one before it.
    #[error("entry {sequence} of the history does not follow the one before it: one of them was altered")]
    Broken {
        /// The entry that does not follow.
        sequence: u32,
    },
}

impl Entry {
    /// The SHA-256 that binds the next entry to this one: over the entry's JSON, fields in the order of this type.
    pub fn digest(&self) -> Digest {
        // String keys and finite numbers only: it always serialises.
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// Says whether the entries, first to last, are a whole history: no gap, every link of the chain sound.
pub fn check_chain<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<(), HistoryError> {
    let mut previous: Option<Digest> = None;
    for (expected, entry) in (1..).zip(entries) {
        if entry.sequence != expected {
            return Err(HistoryError::Gap { expected, found: entry.sequence });
        }
        if entry.previous != previous {
            return Err(HistoryError::Broken { sequence: entry.sequence });
        }
        previous = Some(entry.digest());
    }
    Ok(())
}

/// How another copy of an assessment is to the one that is here, by their histories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Relation {
    /// Both are the same.
    Same,
    /// The other has all that is here, and more.
    Newer {
        /// So many entries more.
        by: u32,
    },
    /// What is here has all of the other, and more.
    Older {
        /// So many entries more.
        by: u32,
    },
    /// Each has entries that the other has not; or neither has any, and they are not the same.
    Diverged {
        /// Entries that are here alone.
        here: u32,
        /// Entries that the other has alone.
        there: u32,
    },
}

/// Compares two whole histories of one assessment. That they are the same says nothing of what they began with.
pub fn relate(here: &[Entry], there: &[Entry]) -> Relation {
    let common = here.iter().zip(there).take_while(|(here, there)| here == there).count();
    let more = |entries: &[Entry]| u32::try_from(entries.len() - common).unwrap_or(u32::MAX);
    match (more(here), more(there)) {
        (0, 0) => Relation::Same,
        (0, by) => Relation::Newer { by },
        (by, 0) => Relation::Older { by },
        (here, there) => Relation::Diverged { here, there },
    }
}

/// The group that an undo would take back: the newest that is neither an undo nor undone. A version that was kept is passed
/// over: taking it back would change nothing that is seen.
pub fn group_to_undo(entries: &[Entry]) -> Option<GroupId> {
    let undone = taken_back(entries);
    edits(entries).rev().find(|entry| entry.undoes.is_none() && !undone.contains(&entry.group)).map(|entry| entry.group)
}

/// The group that a redo would bring back: the group undone last, as long as nothing else was edited since.
pub fn group_to_redo(entries: &[Entry]) -> Option<GroupId> {
    let by_id: BTreeMap<EntryId, &Entry> = entries.iter().map(|entry| (entry.id, entry)).collect();
    let before = |entry: &Entry| entry.undoes.and_then(|id| by_id.get(&id)).copied().filter(|target| target.sequence < entry.sequence);
    let mut rest = entries;
    while let Some((last, earlier)) = rest.split_last() {
        rest = earlier;
        if kept_name(&last.change).is_some() {
            continue;
        }
        last.undoes?;
        let (mut root, mut is_in_force) = (last, true);
        while let Some(target) = before(root) {
            (root, is_in_force) = (target, !is_in_force);
        }
        match (root.undoes, is_in_force) {
            // It takes back what is not here.
            (Some(_), _) => {}
            (None, false) => return Some(root.group),
            // What was brought back is passed over, with all that was undone and brought back meanwhile.
            (None, true) => {
                let undo = before(last)?.sequence;
                rest = rest.get(..rest.partition_point(|entry| entry.sequence < undo)).unwrap_or_default();
            }
        }
    }
    None
}

/// The entries that change something.
fn edits(entries: &[Entry]) -> impl DoubleEndedIterator<Item = &Entry> {
    entries.iter().filter(|entry| kept_name(&entry.change).is_none())
}

/// The groups whose edits are taken back at the end of these entries.
pub(crate) fn taken_back(entries: &[Entry]) -> BTreeSet<GroupId> {
    let by_id: BTreeMap<EntryId, &Entry> = entries.iter().map(|entry| (entry.id, entry)).collect();
    let mut undone = BTreeSet::new();
    for entry in entries {
        // An undo names an edit; a redo names the undo. Walk down to the edit and count the steps.
        let (mut at, mut steps) = (entry, 0);
        while let Some(target) = at.undoes.and_then(|id| by_id.get(&id)).filter(|target| target.sequence < at.sequence) {
            at = target;
            steps += 1;
        }
        match steps {
            0 => {}
            steps if steps % 2 == 1 => {
                undone.insert(at.group);
            }
            _ => {
                undone.remove(&at.group);
            }
        }
    }
    undone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::Details;
    use uuid::Uuid;

    fn entry(number: u128, group: u128, undoes: Option<u128>) -> Entry {
        let change = Change::SetDetails { details: Details::default() };
        Entry {
            id: EntryId(Uuid::from_u128(number)),
            sequence: u32::try_from(number).unwrap(),
            parents: Vec::new(),
            group: GroupId(Uuid::from_u128(group)),
            person: "Sam".to_owned(),
            at: Instant(jiff::Timestamp::UNIX_EPOCH),
            undoes: undoes.map(|id| EntryId(Uuid::from_u128(id))),
            change: change.clone(),
            inverse: change,
            previous: None,
        }
    }

    #[test]
    fn undo_and_redo_walk_back_and_forth() {
        let check = |entries: &[(u128, u128, Option<u128>)], undo: Option<u128>, redo: Option<u128>| {
            let entries: Vec<Entry> = entries.iter().map(|(n, g, u)| entry(*n, *g, *u)).collect();
            let number = |group: Option<GroupId>| group.map(|g| g.0.as_u128());
            assert_eq!((number(group_to_undo(&entries)), number(group_to_redo(&entries))), (undo, redo), "{entries:?}");
        };
        check(&[], None, None);
        check(&[(1, 10, None), (2, 20, None)], Some(20), None);
        check(&[(1, 10, None), (2, 20, None), (3, 30, Some(2))], Some(10), Some(20));
        check(&[(1, 10, None), (2, 20, None), (3, 30, Some(2)), (4, 40, Some(1))], None, Some(10));
        // Redo of the first, then there is one more to redo.
        check(&[(1, 10, None), (2, 20, None), (3, 30, Some(2)), (4, 40, Some(1)), (5, 50, Some(4))], Some(10), Some(20));
        // An edit after an undo ends the redo.
        check(&[(1, 10, None), (2, 20, None), (3, 30, Some(2)), (4, 60, None)], Some(60), None);
        // What is undone after an edit is brought back alone: what was undone before that edit is past.
        let edited_after_undo = [(1, 10, None), (2, 20, None), (3, 30, Some(2)), (4, 60, None), (5, 70, Some(4))];
        check(&edited_after_undo, Some(10), Some(60));
        let mut brought_back = edited_after_undo.to_vec();
        brought_back.push((6, 80, Some(5)));
        check(&brought_back, Some(60), None);
        // Undo, redo, undo again.
        check(&[(1, 10, None), (2, 20, Some(1)), (3, 30, Some(2)), (4, 40, Some(3))], None, Some(10));
        // A stranger's entry may name itself, or one that comes later.
        check(&[(1, 10, Some(1))], None, None);
        check(&[(1, 10, None), (2, 20, Some(3)), (3, 30, Some(2))], Some(10), None);
    }

    #[test]
    fn two_histories_are_the_same_newer_older_or_diverged() {
        let whole = [entry(1, 1, None), entry(2, 2, None), entry(3, 3, None)];
        let mut other = whole.clone();
        other[1].person = "Alex".to_owned();
        let check = |here: &[Entry], there: &[Entry], expected: Relation| assert_eq!(relate(here, there), expected);
        check(&[], &[], Relation::Same);
        check(&whole, &whole, Relation::Same);
        check(&whole[..1], &whole, Relation::Newer { by: 2 });
        check(&whole, &whole[..2], Relation::Older { by: 1 });
        check(&whole, &other[..2], Relation::Diverged { here: 2, there: 1 });
        check(&[], &whole, Relation::Newer { by: 3 });
    }

    #[test]
    fn a_chain_shows_gaps_and_forgeries() {
        let mut entries = vec![entry(1, 1, None), entry(2, 2, None), entry(3, 3, None)];
        entries[1].previous = Some(entries[0].digest());
        entries[2].previous = Some(entries[1].digest());
        assert_eq!(check_chain(&entries), Ok(()));
        let mut forged = entries.clone();
        forged[1].person = "Alex".to_owned();
        assert_eq!(check_chain(&forged), Err(HistoryError::Broken { sequence: 3 }));
        entries.remove(1);
        assert_eq!(check_chain(&entries), Err(HistoryError::Gap { expected: 2, found: 3 }));
    }
}
