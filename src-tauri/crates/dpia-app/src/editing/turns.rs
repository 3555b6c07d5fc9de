//! What an undo takes back next, and a redo brings back: found from the end of the history, entry by entry, jumping over what is
//! taken back already. So it costs the same however long the history is.
//!
//! [`dpia_model::history::group_to_undo`] and [`dpia_model::history::group_to_redo`] say the same of a whole history.

use dpia_model::change::Change;
use dpia_model::history::Entry;
use dpia_model::id::EntryId;
use dpia_model::version::kept_name;
use dpia_store::{Editing, StoreError};

/// What takes back, or brings back, edits: for each the change that does it, and the entry that this undoes.
pub(crate) type Steps = Vec<(Change, EntryId)>;

/// The end of a history, from which it is read.
pub(crate) struct Turns<'a> {
    editing: &'a Editing<'a>,
    last: u32,
}

/// The edit that an entry is, takes back or brings back.
struct Root {
    edit: Entry,
    /// It is, or was brought back.
    is_in_force: bool,
}

impl<'a> Turns<'a> {
    /// The history of an assessment up to this entry.
    pub(crate) fn new(editing: &'a Editing<'a>, last: u32) -> Self {
        Self { editing, last }
    }

    /// Whether there is something to undo, and to redo.
    pub(crate) fn are_left(&self) -> Result<(bool, bool), StoreError> {
        Ok((self.newest_in_force()?.is_some(), self.newest_undo()?.is_some()))
    }

    /// Takes back the newest edit in force; none where there is none.
    pub(crate) fn to_undo(&self) -> Result<Option<Steps>, StoreError> {
        let Some(newest) = self.newest_in_force()? else { return Ok(None) };
        let group = self.group_back(newest)?;
        Ok(Some(group.into_iter().map(|edit| (edit.inverse, edit.id)).collect()))
    }

    /// Brings back the edit that was taken back last, unless something else was edited since.
    pub(crate) fn to_redo(&self) -> Result<Option<Steps>, StoreError> {
        let Some(undo) = self.newest_undo()? else { return Ok(None) };
        // The edits were taken back last to first.
        let undos = self.group_back(undo)?;
        Ok(Some(undos.into_iter().map(|undo| (undo.inverse, undo.id)).collect()))
    }

    /// The newest edit that is not taken back.
    fn newest_in_force(&self) -> Result<Option<Entry>, StoreError> {
        let mut at = self.last;
        while let Some(entry) = self.at(at)? {
            if is_version(&entry) {
                at -= 1;
                continue;
            }
            let root = self.root_of(entry)?;
            if root.edit.undoes.is_some() {
                // It takes back what is not here.
                at -= 1;
                continue;
            }
            if root.is_in_force {
                return Ok(Some(root.edit));
            }
            // All that was edited between an edit and its undo was taken back before.
            at = root.edit.sequence - 1;
        }
        Ok(None)
    }

    /// The newest undo that was not itself taken back, unless something was edited since.
    fn newest_undo(&self) -> Result<Option<Entry>, StoreError> {
        let mut at = self.last;
        while let Some(entry) = self.at(at)? {
            if is_version(&entry) {
                at -= 1;
                continue;
            }
            let Some(undone) = entry.undoes else { return Ok(None) };
            let root = self.root_of(entry.clone())?;
            if root.edit.undoes.is_some() {
                // It takes back what is not here.
                at -= 1;
            } else if root.is_in_force {
                // Between an undo and its redo are turns of what was taken back later and brought back before.
                at = self.of(undone, at)?.map_or(at, |undo| undo.sequence) - 1;
            } else {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// This entry and those of its group before it, last to first.
    fn group_back(&self, last: Entry) -> Result<Vec<Entry>, StoreError> {
        let mut group = vec![last];
        while let Some(first) = group.last()
            && let Some(before) = self.at(first.sequence - 1)?
            && before.group == first.group
        {
            group.push(before);
        }
        Ok(group)
    }

    /// An undo names an edit, a redo the undo: the edit at the end of that.
    fn root_of(&self, entry: Entry) -> Result<Root, StoreError> {
        let mut root = Root { edit: entry, is_in_force: true };
        while let Some(undone) = root.edit.undoes
            && let Some(before) = self.of(undone, root.edit.sequence)?
        {
            root = Root { edit: before, is_in_force: !root.is_in_force };
        }
        Ok(root)
    }

    /// The entry of this number; none for 0.
    fn at(&self, sequence: u32) -> Result<Option<Entry>, StoreError> {
        match sequence {
            0 => Ok(None),
            sequence => Ok(self.editing.history_part(sequence - 1, 1)?.pop()),
        }
    }

    /// The entry of this id, where it is before that of this number: a stranger's history may name any.
    fn of(&self, id: EntryId, before: u32) -> Result<Option<Entry>, StoreError> {
        match self.editing.entry(id) {
            Ok(entry) => Ok((entry.sequence < before).then_some(entry)),
            Err(StoreError::NoEntry(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether an entry keeps the name of a version: it changes nothing.
fn is_version(entry: &Entry) -> bool {
    kept_name(&entry.change).is_some()
}

#[cfg(test)]
mod tests {
    use crate::editing::{Intent, Typed};
    use crate::{System, Workspace};
    use dpia_keys::fake::MemoryKeychain;
    use dpia_model::assessment::{Answer, Content, Value};
    use dpia_model::change::Change;
    use dpia_model::history::{group_to_redo, group_to_undo};
    use dpia_model::id::{AssessmentId, EntryId, GroupId};
    use dpia_model::rich_text::RichText;
    use dpia_store::NewEntry;
    use proptest::prelude::*;

    const QUESTION: &str = "retention.periods";

    fn workspace(folder: &tempfile::TempDir) -> (Workspace, AssessmentId) {
        let workspace = Workspace::open_with(&folder.path().join("data"), &MemoryKeychain::new(), Box::new(System)).unwrap();
        let id = workspace.portfolio.create("Sonar").unwrap();
        (workspace, id)
    }

    fn write(workspace: &Workspace, id: AssessmentId, words: &str) {
        workspace.editor.save_answer(id, QUESTION.parse().unwrap(), Typed::Words { text: RichText::from_plain(words) }, true).unwrap();
    }

    #[derive(Debug, Clone)]
    enum Act {
        Write(u8),
        Tick(bool),
        Version(u8),
        Undo,
        Redo,
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            2 => any::<u8>().prop_map(Act::Write),
            1 => any::<bool>().prop_map(Act::Tick),
            1 => any::<u8>().prop_map(Act::Version),
            4 => Just(Act::Undo),
            3 => Just(Act::Redo),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn what_is_undone_and_redone_is_what_the_whole_history_says(acts in prop::collection::vec(act(), 1..40)) {
            let folder = tempfile::tempdir().unwrap();
            let (workspace, id) = workspace(&folder);
            for act in acts {
                let entries = workspace.vault.store().history(id).unwrap();
                let (to_undo, to_redo) = (group_to_undo(&entries), group_to_redo(&entries));
                match act {
                    Act::Write(number) => write(&workspace, id, &format!("Words {number}.")),
                    Act::Tick(is_yes) => drop(workspace.editor.edit(id, Intent::AnswerYesNo { question: "disclosure.shared".parse().unwrap(), is_yes }).unwrap()),
                    Act::Version(number) => drop(workspace.past.keep_version(id, &format!("Version {number}"))),
                    Act::Undo | Act::Redo => {
                        let update = if matches!(act, Act::Undo) { workspace.editor.undo(id) } else { workspace.editor.redo(id) }.unwrap();
                        let after = workspace.vault.store().history(id).unwrap();
                        let wanted = if matches!(act, Act::Undo) { to_undo } else { to_redo };
                        let turned = after.get(entries.len()).map(|turn| {
                            let mut root = turn;
                            while let Some(undone) = root.undoes {
                                root = after.iter().find(|entry| entry.id == undone).unwrap();
                            }
                            root.group
                        });
                        prop_assert_eq!(turned, wanted);
                        prop_assert_eq!((update.can_undo, update.can_redo), (group_to_undo(&after).is_some(), group_to_redo(&after).is_some()));
                    }
                }
            }
        }
    }

    #[test]
    fn whatever_is_done_to_an_assessment_is_one_trip_to_the_writer() {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, id) = workspace(&folder);
        let check = |what: &str, act: &dyn Fn()| {
            let before = workspace.vault.store().count_trips();
            act();
            assert_eq!(workspace.vault.store().count_trips() - before, 1, "{what}");
        };
        let typed = |words: &str| Typed::Words { text: RichText::from_plain(words) };
        let save =
            |words: &str, settles: bool| drop(workspace.editor.save_answer(id, QUESTION.parse().unwrap(), typed(words), settles).unwrap());
        check("open", &|| drop(workspace.editor.open(id).unwrap()));
        check("a first draft", &|| save("Ke", false));
        check("a draft", &|| save("Kept", false));
        check("a settled answer", &|| save("Kept for six years.", true));
        check("an act", &|| drop(workspace.editor.edit(id, Intent::TickNone { question: "screening.must".parse().unwrap() }).unwrap()));
        check("an undo", &|| drop(workspace.editor.undo(id).unwrap()));
        check("a redo", &|| drop(workspace.editor.redo(id).unwrap()));
        check("an answer that is brought back", &|| drop(workspace.past.bring_back(id, &QUESTION.parse().unwrap(), 0).unwrap()));
        check("a version", &|| drop(workspace.past.keep_version(id, "First").unwrap()));
    }

    #[test]
    fn an_undo_costs_the_same_however_long_the_history_is() {
        let folder = tempfile::tempdir().unwrap();
        let (workspace, id) = workspace(&folder);
        let cost_after = |entries: u32| {
            let revision = workspace.vault.store().load(id).unwrap().1;
            let edits = (revision..entries).map(|number| {
                let value = Value::YesNo { is_yes: number % 2 == 0, reasoning: None };
                let answer = Some(Answer { content: Content::Answered { value }, origin: None });
                let change = Change::SetAnswer { question: "disclosure.shared".parse().unwrap(), answer };
                let new_id = || workspace.vault.new_id();
                let (id, group, at) = (EntryId(new_id()), GroupId(new_id()), workspace.vault.now());
                NewEntry { id, group, person: "Sam".to_owned(), at, undoes: None, change }
            });
            workspace.vault.store().append(id, revision, edits.collect()).unwrap();
            let (update, steps) = workspace.vault.store().count_steps(|| workspace.editor.undo(id).unwrap()).unwrap();
            assert!(update.can_redo && steps > 0);
            steps
        };
        let (few, many) = (cost_after(100), cost_after(10_000));
        assert!(many as f64 <= 1.5 * few as f64, "an undo after 100 edits takes {few} steps, after 10,000 {many}");
    }
}
