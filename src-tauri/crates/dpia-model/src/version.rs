//! Versions: the named moments of an assessment. A sign-off makes one by itself; others are kept under a name.
//!
//! Both are read off the history, so they travel with it and its hashes cover them. A name is kept by an entry that changes
//! nothing: it lays a piece with the name among those without a place and takes it away again. Readers that know no
//! versions take such an entry for what it is, an edit without an effect.

use crate::assessment::{Answer, Content, Place, Unplaced, Value};
use crate::change::Change;
use crate::date::Instant;
use crate::history::{Entry, taken_back};
use crate::id::{QuestionId, RowId};
use crate::rich_text::{Block, RichText};
use std::collections::BTreeSet;
use std::str::FromStr;

/// Where the piece of a kept version says that it stood. Lines of documents count from 1, so no other piece is there.
const LINE: u32 = 0;
/// The heading that such a piece is under.
const HEADING: &str = "version";
/// The most letters of a name.
const MOST_LETTERS: usize = 120;

/// A named moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The sequence of its entry: the version is what the assessment said after it.
    pub number: u32,
    /// Who made it.
    pub person: String,
    /// When.
    pub at: Instant,
    /// What made it.
    pub kind: VersionKind,
}

/// What made a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionKind {
    /// Somebody signed here.
    SignedOff {
        /// The sign-off.
        question: QuestionId,
        /// Who signed.
        by: String,
    },
    /// Somebody kept it under a name.
    Kept {
        /// The name.
        name: VersionName,
    },
}

/// The name of a version: one line of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionName(String);

/// Why words are no name of a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionNameError {
    /// There is no word.
    #[error("a version needs a name")]
    Empty,
    /// There are too many letters.
    #[error("the name of a version has at most {MOST_LETTERS} letters; this has {0}")]
    TooLong(usize),
}

impl FromStr for VersionName {
    type Err = VersionNameError;

    /// Spaces at the ends, and more than one between words, are left out; a line break is a space.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words: Vec<&str> =
            text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty()).collect();
        let name = words.join(" ");
        match name.chars().count() {
            0 => Err(VersionNameError::Empty),
            letters if letters > MOST_LETTERS => Err(VersionNameError::TooLong(letters)),
            _ => Ok(Self(name)),
        }
    }
}

impl VersionName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The change that keeps a version under this name. The id is a fresh one.
pub fn keep_version(name: &VersionName, id: RowId) -> Change {
    let piece = Unplaced {
        id,
        text: RichText { blocks: vec![Block::plain(name.as_str())] },
        place: Place { line: LINE, heading: HEADING.to_owned(), question: None },
    };
    Change::All { changes: vec![Change::InsertUnplaced { at: 0, piece }, Change::RemoveUnplaced { piece: id }] }
}

/// The name that a change keeps a version under, if that is what it does.
pub fn kept_name(change: &Change) -> Option<VersionName> {
    let Change::All { changes } = change else { return None };
    let [Change::InsertUnplaced { piece, .. }, Change::RemoveUnplaced { piece: removed }] = changes.as_slice() else { return None };
    let is_version = piece.id == *removed && piece.place.line == LINE && piece.place.heading == HEADING;
    is_version.then(|| piece.text.plain_text().parse().ok()).flatten()
}

/// The versions of a history, first to last. What was taken back made none, and neither did a sign-off that was only
/// brought back.
pub fn find_versions(entries: &[Entry]) -> Vec<Version> {
    let undone = taken_back(entries);
    let mut signed: BTreeSet<(&QuestionId, Vec<u8>)> = BTreeSet::new();
    let standing = entries.iter().filter(|entry| entry.undoes.is_none() && !undone.contains(&entry.group));
    let mut versions = Vec::new();
    for entry in standing {
        let kind = match (kept_name(&entry.change), sign_off_in(&entry.change)) {
            (Some(name), _) => VersionKind::Kept { name },
            (None, Some((question, by, content))) if signed.insert((question, serde_json::to_vec(content).unwrap_or_default())) => {
                VersionKind::SignedOff { question: question.clone(), by: by.to_owned() }
            }
            (None, Some(_) | None) => continue,
        };
        versions.push(Version { number: entry.sequence, person: entry.person.clone(), at: entry.at, kind });
    }
    versions
}

/// The sign-off that a change gives, with who signed, where it says what was signed.
fn sign_off_in(change: &Change) -> Option<(&QuestionId, &str, &Content)> {
    let Change::SetAnswer { question, answer: Some(Answer { content, .. }) } = change else { return None };
    match content {
        Content::Answered { value: Value::SignOff { name, signs: Some(_), .. } } => Some((question, name, content)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::Assessment;
    use crate::history::{group_to_redo, group_to_undo};
    use crate::id::{Digest, EditionId, EntryId, GroupId, PackId};
    use uuid::Uuid;

    fn entry(number: u32, undoes: Option<u32>, change: Change) -> Entry {
        let id = |number: u32| Uuid::from_u128(u128::from(number));
        Entry {
            id: EntryId(id(number)),
            sequence: number,
            parents: Vec::new(),
            group: GroupId(id(number)),
            person: "Sam".to_owned(),
            at: Instant(jiff::Timestamp::UNIX_EPOCH),
            undoes: undoes.map(|undone| EntryId(id(undone))),
            inverse: change.clone(),
            change,
            previous: None,
        }
    }

    fn kept(name: &str) -> Change {
        keep_version(&name.parse().unwrap(), RowId(Uuid::from_u128(9)))
    }

    fn signed(question: &str, name: &str) -> Change {
        let value = Value::SignOff { name: name.to_owned(), role: "DPO".to_owned(), date: None, signs: Some(Digest::of(b"all")) };
        Change::SetAnswer {
            question: question.parse().unwrap(),
            answer: Some(Answer { content: Content::Answered { value }, origin: None }),
        }
    }

    fn edit() -> Change {
        Change::SetAnswer { question: "purpose.aims".parse().unwrap(), answer: None }
    }

    #[test]
    fn a_name_is_one_line_that_is_not_empty() {
        let check = |text: &str, expected: Result<&str, VersionNameError>| {
            assert_eq!(text.parse::<VersionName>().as_ref().map(VersionName::as_str), expected.as_ref().copied(), "{text:?}");
        };
        check("Sent to the board", Ok("Sent to the board"));
        check("  Sent\n\tto  the board ", Ok("Sent to the board"));
        check(" \n", Err(VersionNameError::Empty));
        check(&"é".repeat(120), Ok(&"é".repeat(120)));
        check(&"é".repeat(121), Err(VersionNameError::TooLong(121)));
    }

    #[test]
    fn keeping_a_version_changes_nothing_and_is_its_own_inverse() {
        let before = Assessment::new(
            crate::id::AssessmentId(Uuid::from_u128(1)),
            EditionId::new("2026.1").unwrap(),
            PackId::new("internal-1").unwrap(),
            "Sonar",
        );
        let mut after = before.clone();
        let change = kept("Sent to the board");
        assert_eq!(change.apply(&mut after), Ok(change.clone()));
        assert_eq!(after, before);
        assert_eq!(kept_name(&change).unwrap().as_str(), "Sent to the board");
        let piece = Unplaced {
            id: RowId(Uuid::from_u128(9)),
            text: RichText::from_plain("A piece"),
            place: Place { line: 1, heading: HEADING.to_owned(), question: None },
        };
        let moved = [Change::InsertUnplaced { at: 0, piece: piece.clone() }, Change::RemoveUnplaced { piece: piece.id }];
        assert_eq!(kept_name(&Change::All { changes: moved.to_vec() }), None, "a piece of a document is no version");
    }

    #[test]
    fn sign_offs_and_kept_names_are_versions_unless_they_were_taken_back() {
        let check = |changes: Vec<(Change, Option<u32>)>, expected: &[(u32, &str)]| {
            let entries: Vec<Entry> = (1..).zip(changes).map(|(number, (change, undoes))| entry(number, undoes, change)).collect();
            let found: Vec<(u32, String)> = find_versions(&entries)
                .into_iter()
                .map(|version| match version.kind {
                    VersionKind::SignedOff { question, .. } => (version.number, question.to_string()),
                    VersionKind::Kept { name } => (version.number, name.as_str().to_owned()),
                })
                .collect();
            let expected: Vec<(u32, String)> = expected.iter().map(|(number, name)| (*number, (*name).to_owned())).collect();
            assert_eq!(found, expected);
        };
        check(vec![], &[]);
        check(
            vec![(edit(), None), (signed("screening.sign_off", "Sam"), None), (edit(), None), (kept("Board"), None)],
            &[(2, "screening.sign_off"), (4, "Board")],
        );
        check(vec![(kept("Board"), None), (kept("Board"), Some(1))], &[]);
        check(vec![(signed("a", "Sam"), None), (edit(), Some(1)), (edit(), Some(2))], &[(1, "a")]);
        // Brought back, not signed again; signed by somebody else it is another.
        check(vec![(signed("a", "Sam"), None), (signed("a", "Alex"), None), (signed("a", "Sam"), None)], &[(1, "a"), (2, "a")]);
    }

    #[test]
    fn undo_and_redo_pass_over_a_kept_version() {
        let group = |number: u32| Some(GroupId(Uuid::from_u128(u128::from(number))));
        let entries = [entry(1, None, edit()), entry(2, None, kept("Board"))];
        assert_eq!(group_to_undo(&entries), group(1));
        assert_eq!(group_to_undo(&entries[1..]), None);
        let entries = [entry(1, None, edit()), entry(2, Some(1), edit()), entry(3, None, kept("Board"))];
        assert_eq!((group_to_undo(&entries), group_to_redo(&entries)), (None, group(1)));
    }
}
