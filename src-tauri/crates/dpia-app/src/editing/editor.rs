//! Editing what the store holds: drafts that are durable at once, history entries, undo and redo. Whatever is done to an
//! assessment, by typing or by an act, is read, judged and written in one trip to the store.

use super::turns::{Steps, Turns};
use super::typed::{Answering, Made};
use super::views::{AssessmentView, Saved, Update};
use super::{EditAuthor, Intent, IntentError, Typed, set_content};
use crate::error::{AppError, ErrorCode};
use crate::forms::Forms;
use crate::names::product_stem;
use crate::person::{PERSON, Person};
use crate::pictures::{Picture, keep_picture, show_picture};
use crate::surroundings::Surroundings;
use dpia_model::assessment::{Answer, Origin};
use dpia_model::change::Change;
use dpia_model::id::{AssessmentId, AttachmentId, EntryId, GroupId, QuestionId};
use dpia_model::{Assessment, Form, Instant, progress, screening};
use dpia_store::{Appended, Draft, Editing, NewEntry, Revision, Store, StoreError, Summary as StoredSummary};
use serde::{Deserialize, Serialize};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Edits the assessments of a store. Clones share it.
#[derive(Clone)]
pub struct Editor {
    store: Store,
    tools: Tools,
}

/// What editing needs besides the store. It goes to the writer with each act.
#[derive(Clone)]
struct Tools {
    surroundings: Arc<dyn Surroundings>,
    forms: Arc<Forms>,
}

/// An assessment while something is done to it.
pub(crate) struct Page<'a> {
    tools: &'a Tools,
    editing: &'a Editing<'a>,
    pub(crate) form: Arc<Form>,
    /// As it was kept when it was read first.
    before: OnceCell<Assessment>,
    /// The questions whose drafts are history now, whether that changed their answers or not.
    settled: RefCell<BTreeSet<QuestionId>>,
}

/// What a draft's answer cannot hold, as the store keeps it.
#[derive(Serialize, Deserialize)]
struct Remainder {
    version: u32,
    typed: Typed,
}

/// The version of [`Remainder`] that is written, and the only one there is.
const REMAINDER: u32 = 1;

impl Editor {
    /// Edits what this store holds.
    pub(crate) fn new(store: Store, surroundings: Arc<dyn Surroundings>, forms: Arc<Forms>) -> Self {
        Self { store, tools: Tools { surroundings, forms } }
    }

    /// Opens an assessment. What was being typed when the program ended becomes history first.
    pub fn open(&self, id: AssessmentId) -> Result<AssessmentView, AppError> {
        self.edit_one(id, |page| {
            page.settle_all()?;
            let typed = page.remainders()?;
            Ok(AssessmentView { id: page.editing.id(), form: (*page.form).clone(), now: page.tell(None)?, typed })
        })
    }

    /// Keeps what is being typed in answer to a question; where it `settles`, a history entry is made of it. It is durable on
    /// return.
    pub fn save_answer(&self, id: AssessmentId, question: QuestionId, typed: Typed, settles: bool) -> Result<Saved, AppError> {
        self.edit_one(id, move |page| page.type_answer(question, typed, settles))
    }

    /// Does what somebody wants to an assessment, in one history entry.
    pub fn edit(&self, id: AssessmentId, intent: Intent) -> Result<Update, AppError> {
        self.edit_one(id, move |page| page.act(intent))
    }

    /// Takes back the last edit that is not taken back yet.
    pub fn undo(&self, id: AssessmentId) -> Result<Update, AppError> {
        self.edit_one(id, |page| page.undo_or_redo(|turns| turns.to_undo()))
    }

    /// Brings back the edit that was taken back last.
    pub fn redo(&self, id: AssessmentId) -> Result<Update, AppError> {
        self.edit_one(id, |page| page.undo_or_redo(|turns| turns.to_redo()))
    }

    /// Attaches a picture; what cameras write next to the pixels is taken out.
    pub fn add_picture(&self, id: AssessmentId, path: &Path) -> Result<Picture, AppError> {
        let (attachment, known) = keep_picture(&self.store, path)?;
        self.edit_one(id, move |page| {
            let (assessment, revision) = page.load()?;
            if !assessment.attachments.contains_key(&attachment) {
                let attach = Change::AddAttachment { id: attachment, attachment: known };
                page.append(&page.author()?, revision, vec![(attach, None)])?;
            }
            Ok(())
        })?;
        self.read_picture(attachment)
    }

    /// An attached picture, to show.
    pub fn read_picture(&self, attachment: AttachmentId) -> Result<Picture, AppError> {
        show_picture(&self.store, attachment)
    }

    /// Settles whatever is being typed.
    pub(crate) fn settle_drafts(&self, id: AssessmentId) -> Result<(), AppError> {
        self.edit_one(id, |page| page.settle_all())
    }

    /// The assessment with what is being typed, as somebody would read it now.
    pub(crate) fn load_with_drafts(&self, id: AssessmentId) -> Result<(Assessment, Revision), AppError> {
        self.edit_one(id, |page| page.read().map(|(assessment, revision, _)| (assessment, revision)))
    }

    /// Does something to one assessment, in one trip to the store: all of it is kept, or nothing.
    pub(crate) fn edit_one<T: Send + 'static>(
        &self,
        id: AssessmentId,
        work: impl FnOnce(&Page<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let tools = self.tools.clone();
        self.store.edit(id, move |editing| work(&Page::open(&tools, editing)?))
    }

    /// What the store knows of an assessment without reading it.
    pub(crate) fn summary(&self, id: AssessmentId) -> Result<StoredSummary, AppError> {
        self.store.summary(id)?.ok_or_else(|| AppError::not_found("This assessment"))
    }

    /// The form of an assessment.
    pub(crate) fn form_of(&self, id: AssessmentId) -> Result<Arc<Form>, AppError> {
        let summary = self.summary(id)?;
        self.tools.forms.get(&summary.edition, &summary.pack)
    }

    /// A name for a file of an assessment, with this ending.
    pub(crate) fn file_name(&self, id: AssessmentId, ending: &str) -> Result<String, AppError> {
        Ok(format!("{}{ending}", product_stem(&self.summary(id)?.product)))
    }
}

impl<'a> Page<'a> {
    fn open(tools: &'a Tools, editing: &'a Editing<'a>) -> Result<Self, AppError> {
        let summary = editing.summary()?;
        let form = tools.forms.get(&summary.edition, &summary.pack)?;
        Ok(Self { tools, editing, form, before: OnceCell::new(), settled: RefCell::default() })
    }

    /// The assessment as it is kept, without what is being typed, and its revision.
    pub(crate) fn load(&self) -> Result<(Assessment, Revision), AppError> {
        let (assessment, revision) = self.editing.load()?;
        self.before.get_or_init(|| assessment.clone());
        Ok((assessment, revision))
    }

    /// The assessment as it was after the entry of this number; 0 is before the first.
    pub(crate) fn as_after(&self, number: Revision) -> Result<Assessment, AppError> {
        let (mut assessment, revision) = self.load()?;
        if number > revision {
            return Err(AppError::not_found("This answer"));
        }
        for entry in self.editing.history_part(number, revision - number)?.iter().rev() {
            let mismatch = |_| StoreError::HistoryMismatch { sequence: entry.sequence };
            entry.inverse.apply(&mut assessment).map_err(mismatch)?;
        }
        Ok(assessment)
    }

    /// Who edits, and when.
    pub(crate) fn author(&self) -> Result<EditAuthor, AppError> {
        let person = self.editing.setting::<Person>(PERSON)?.map(|person| (person.name, person.role));
        let surroundings = &self.tools.surroundings;
        Ok(EditAuthor { person, at: surroundings.now(), today: surroundings.today() })
    }

    /// Writes changes to the history, one entry each, to be undone together. Each may say which entry it undoes.
    pub(crate) fn append(
        &self,
        author: &EditAuthor,
        base: Revision,
        changes: Vec<(Change, Option<EntryId>)>,
    ) -> Result<Appended, AppError> {
        let group = GroupId(self.tools.surroundings.new_id());
        let entry = |(change, undoes)| NewEntry {
            id: EntryId(self.tools.surroundings.new_id()),
            group,
            person: author.name().to_owned(),
            at: author.at,
            undoes,
            change,
        };
        Ok(self.editing.append(base, changes.into_iter().map(entry).collect())?)
    }

    /// Settles whatever is being typed.
    pub(crate) fn settle_all(&self) -> Result<(), AppError> {
        for draft in self.editing.drafts()? {
            self.settle(draft)?;
        }
        Ok(())
    }

    /// What changed since the assessment was read first.
    pub(crate) fn collect_changes(&self) -> Result<Update, AppError> {
        self.tell(self.before.get())
    }

    fn type_answer(&self, question: QuestionId, typed: Typed, settles: bool) -> Result<Saved, AppError> {
        let asked = self.form.question(&question).ok_or_else(|| AppError::refused(IntentError::NoSuchQuestion(question.clone())))?;
        let now = match self.editing.draft(&question)? {
            Some(draft) => draft.content,
            None => self.load()?.0.content(&question).clone(),
        };
        let Made { content, new_ids, is_whole } = match &typed {
            Typed::AsBefore { revision } => {
                Made { content: self.as_after(*revision)?.content(&question).clone(), new_ids: Vec::new(), is_whole: true }
            }
            typed => {
                let is_result = matches!(typed, Typed::Choice { .. }) && question == self.form.screening.result;
                let result = if is_result { screening::screen(&self.form, &self.read()?.0).result } else { None };
                let new_id = || self.tools.surroundings.new_id();
                Answering { asked, now: &now, result, new_id: &new_id }.make(typed).map_err(AppError::refused)?
            }
        };
        self.form.check_answer(asked, &content).map_err(AppError::refused)?;
        let at = self.tools.surroundings.now();
        let draft = Draft { question, content, typed: if is_whole { None } else { Some(written(typed)?) }, at };
        match settles {
            true => {
                self.settle(draft)?;
                let update = self.collect_changes()?;
                Ok(Saved { saved_at: update.saved_at, new_ids, is_whole, update: Some(update) })
            }
            false => {
                self.editing.save_draft(&draft)?;
                Ok(Saved { saved_at: at, new_ids, is_whole, update: None })
            }
        }
    }

    fn act(&self, intent: Intent) -> Result<Update, AppError> {
        if let Some(question) = intent.question()
            && let Some(draft) = self.editing.draft(question)?
        {
            self.settle(draft)?;
        }
        let (assessment, revision) = self.load()?;
        let author = self.author()?;
        if let Some(change) = intent.change(&self.form, &assessment, &author).map_err(AppError::refused)? {
            self.append_over_typing(&author, &assessment, revision, vec![(change, None)])?;
        }
        self.collect_changes()
    }

    fn undo_or_redo(&self, find: impl FnOnce(&Turns<'_>) -> Result<Option<Steps>, StoreError>) -> Result<Update, AppError> {
        self.settle_all()?;
        let (assessment, revision) = self.load()?;
        if let Some(steps) = find(&Turns::new(self.editing, revision))? {
            let turns = steps.into_iter().map(|(change, of)| (change, Some(of))).collect();
            self.append_over_typing(&self.author()?, &assessment, revision, turns)?;
        }
        self.collect_changes()
    }

    /// As [`Page::append`]. What is left of typing in an answer that this changes belongs to an answer that is gone.
    pub(crate) fn append_over_typing(
        &self,
        author: &EditAuthor,
        before: &Assessment,
        base: Revision,
        changes: Vec<(Change, Option<EntryId>)>,
    ) -> Result<(), AppError> {
        let after = self.append(author, base, changes)?.assessment;
        for draft in self.editing.drafts()? {
            if after.content(&draft.question) != before.content(&draft.question) {
                self.editing.discard_draft(&draft.question)?;
            }
        }
        Ok(())
    }

    /// Makes history of a draft. What its answer cannot hold stays a draft.
    fn settle(&self, draft: Draft) -> Result<(), AppError> {
        let (assessment, revision) = self.load()?;
        let author = self.author()?;
        let change = set_content(&self.form, &assessment, &author, &draft.question, draft.content.clone()).map_err(AppError::refused)?;
        if let Some(change) = change {
            self.append(&author, revision, vec![(change, None)])?;
        }
        match draft.typed {
            Some(_) => self.editing.save_draft(&draft)?,
            None => self.editing.discard_draft(&draft.question)?,
        }
        self.settled.borrow_mut().insert(draft.question);
        Ok(())
    }

    /// What was typed and is in no answer yet, by question.
    fn remainders(&self) -> Result<BTreeMap<QuestionId, Typed>, AppError> {
        let read = |draft: Draft| {
            let remainder: Remainder = serde_json::from_str(&draft.typed?).ok()?;
            (remainder.version == REMAINDER).then_some((draft.question, remainder.typed))
        };
        Ok(self.editing.drafts()?.into_iter().filter_map(read).collect())
    }

    /// The assessment with what is being typed, as somebody would read it now, and when it was last made durable.
    fn read(&self) -> Result<(Assessment, Revision, Instant), AppError> {
        let (mut assessment, revision) = self.load()?;
        let mut saved_at = self.editing.summary()?.updated_at;
        for draft in self.editing.drafts()? {
            saved_at = saved_at.max(draft.at);
            if *assessment.content(&draft.question) != draft.content {
                let origin = Some(Origin::Typed { by: self.author()?.name().to_owned(), at: draft.at });
                assessment.answers.insert(draft.question, Answer { content: draft.content, origin });
            }
        }
        Ok((assessment, revision, saved_at))
    }

    fn tell(&self, before: Option<&Assessment>) -> Result<Update, AppError> {
        let (now, revision, saved_at) = self.read()?;
        let (can_undo, can_redo) = self.turns_left(revision)?;
        let (progress, screening) = (progress::measure(&self.form, &now), screening::screen(&self.form, &now));
        let changed_since_sign_off = now.changed_since_sign_off();
        let settled = self.settled.borrow();
        let differs = |question: &QuestionId| {
            before.is_none_or(|before| settled.contains(question) || before.answers.get(question) != now.answers.get(question))
        };
        let questions: BTreeSet<&QuestionId> =
            now.answers.keys().chain(before.into_iter().flat_map(|before| before.answers.keys())).chain(settled.iter()).collect();
        let answers = questions.into_iter().filter(|question| differs(question));
        Ok(Update {
            revision,
            answers: answers.map(|question| (question.clone(), now.answers.get(question).cloned())).collect(),
            details: before.is_none_or(|before| before.details != now.details).then(|| now.details.clone()),
            unplaced: before.is_none_or(|before| before.unplaced != now.unplaced).then(|| now.unplaced.clone()),
            progress,
            screening,
            changed_since_sign_off,
            can_undo,
            can_redo,
            saved_at,
        })
    }

    /// Whether there is something to undo and to redo.
    fn turns_left(&self, revision: Revision) -> Result<(bool, bool), AppError> {
        match Turns::new(self.editing, revision).are_left() {
            // The answers are here all the same; what is wrong with the history is shown apart.
            Err(StoreError::EntryDamaged { .. }) => Ok((false, false)),
            left => Ok(left?),
        }
    }
}

fn written(typed: Typed) -> Result<String, AppError> {
    let refused = |error| AppError::new(ErrorCode::Environment, "Your latest changes could not be saved.").with_detail(error);
    serde_json::to_string(&Remainder { version: REMAINDER, typed }).map_err(refused)
}
