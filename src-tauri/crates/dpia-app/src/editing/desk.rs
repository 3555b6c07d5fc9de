//! Editing what the store holds: drafts that are durable at once, history entries, undo and redo.

use super::{Hand, Intent, set_content};
use crate::error::AppError;
use crate::views::{AssessmentView, Update};
use crate::workspace::Workspace;
use dpia_model::assessment::{Answer, Content, Origin};
use dpia_model::change::Change;
use dpia_model::history::{Entry, group_to_redo, group_to_undo};
use dpia_model::id::{AssessmentId, EntryId, GroupId, QuestionId};
use dpia_model::{Assessment, Form, Instant, progress, screening};
use dpia_store::{NewEntry, Revision, StoreError};

/// How many entries are looked at to say whether there is something to undo; only where they do not tell, all are.
const RECENT_ENTRIES: u32 = 8;

impl Workspace {
    /// Opens an assessment. What was being typed when the program ended becomes history first.
    pub fn open_assessment(&self, id: AssessmentId) -> Result<AssessmentView, AppError> {
        let form = self.form_of(id)?;
        self.settle_drafts(id, &form)?;
        Ok(AssessmentView { id, form: (*form).clone(), now: self.update(id, &form)? })
    }

    /// Keeps an answer as it is being typed; where it `settles`, a history entry is made of it. It is durable on return.
    pub fn save_answer(&self, id: AssessmentId, question: QuestionId, content: Content, settles: bool) -> Result<Update, AppError> {
        let form = self.form_of(id)?;
        let (assessment, revision) = self.store.load(id)?;
        let asked = form.question(&question).ok_or_else(|| AppError::refused(super::IntentError::NoSuchQuestion(question.clone())))?;
        asked.check(&content).map_err(AppError::refused)?;
        if settles {
            self.settle(id, &form, &assessment, revision, question, content)?;
        } else {
            self.store.save_draft(id, question, content, revision, self.surroundings.now())?;
        }
        self.update(id, &form)
    }

    /// Does what somebody wants to an assessment, in one history entry.
    pub fn edit(&self, id: AssessmentId, intent: Intent) -> Result<Update, AppError> {
        let form = self.form_of(id)?;
        if let Some(question) = intent.question() {
            let being_typed = self.store.drafts(id)?.into_iter().find(|draft| draft.question == *question);
            if let Some(draft) = being_typed {
                let (assessment, revision) = self.store.load(id)?;
                self.settle(id, &form, &assessment, revision, draft.question, draft.content)?;
            }
        }
        let (assessment, revision) = self.store.load(id)?;
        let person = self.person_name()?;
        let at = self.surroundings.now();
        let mut new_id = || self.surroundings.new_id();
        let mut hand = Hand { person: &person, at, new_id: &mut new_id };
        if let Some(change) = intent.change(&form, &assessment, &mut hand).map_err(AppError::refused)? {
            let entry = self.new_entry(change, GroupId(self.surroundings.new_id()), None, &person, at);
            self.store.append(id, revision, vec![entry])?;
        }
        self.update(id, &form)
    }

    /// Takes back the last edit that is not taken back yet.
    pub fn undo(&self, id: AssessmentId) -> Result<Update, AppError> {
        self.walk_history(id, |entries| {
            let group = group_to_undo(entries)?;
            Some(entries.iter().rev().filter(|entry| entry.group == group).map(|entry| (entry.inverse.clone(), entry.id)).collect())
        })
    }

    /// Brings back the edit that was taken back last.
    pub fn redo(&self, id: AssessmentId) -> Result<Update, AppError> {
        self.walk_history(id, |entries| {
            let group = group_to_redo(entries)?;
            let edits = entries.iter().filter(|entry| entry.group == group);
            Some(edits.map(|edit| last_turn(entries, edit)).map(|undo| (undo.inverse.clone(), undo.id)).collect())
        })
    }

    /// Settles whatever is being typed.
    pub fn settle_drafts(&self, id: AssessmentId, form: &Form) -> Result<(), AppError> {
        for draft in self.store.drafts(id)? {
            let (assessment, revision) = self.store.load(id)?;
            self.settle(id, form, &assessment, revision, draft.question, draft.content)?;
        }
        Ok(())
    }

    fn settle(
        &self,
        id: AssessmentId,
        form: &Form,
        assessment: &Assessment,
        revision: Revision,
        question: QuestionId,
        content: Content,
    ) -> Result<(), AppError> {
        let person = self.person_name()?;
        let at = self.surroundings.now();
        let mut new_id = || self.surroundings.new_id();
        let hand = Hand { person: &person, at, new_id: &mut new_id };
        let change = set_content(form, assessment, &hand, &question, content).map_err(AppError::refused)?;
        let group = GroupId(self.surroundings.new_id());
        let entries = change.map(|change| self.new_entry(change, group, None, &person, at)).into_iter().collect();
        self.store.settle(id, revision, question, entries)?;
        Ok(())
    }

    fn walk_history(&self, id: AssessmentId, steps: impl FnOnce(&[Entry]) -> Option<Vec<(Change, EntryId)>>) -> Result<Update, AppError> {
        let form = self.form_of(id)?;
        self.settle_drafts(id, &form)?;
        let entries = self.store.history(id)?;
        if let Some(steps) = steps(&entries) {
            let person = self.person_name()?;
            let (at, group) = (self.surroundings.now(), GroupId(self.surroundings.new_id()));
            let turns = steps.into_iter().map(|(change, of)| self.new_entry(change, group, Some(of), &person, at)).collect();
            let revision = entries.last().map_or(0, |entry| entry.sequence);
            self.store.append(id, revision, turns)?;
        }
        self.update(id, &form)
    }

    pub(crate) fn new_entry(&self, change: Change, group: GroupId, undoes: Option<EntryId>, person: &str, at: Instant) -> NewEntry {
        NewEntry { id: EntryId(self.surroundings.new_id()), group, person: person.to_owned(), at, undoes, change }
    }

    /// The assessment with what is being typed, as somebody would read it now.
    pub(crate) fn load_with_drafts(&self, id: AssessmentId) -> Result<(Assessment, Revision, Instant), AppError> {
        let (mut assessment, revision) = self.store.load(id)?;
        let summary = self.store.summary(id)?.ok_or_else(|| AppError::not_found("this assessment"))?;
        let mut saved_at = summary.updated_at;
        let drafts = self.store.drafts(id)?;
        if !drafts.is_empty() {
            let person = self.person_name()?;
            for draft in drafts {
                saved_at = saved_at.max(draft.at);
                let origin = Some(Origin::Typed { by: person.clone(), at: draft.at });
                assessment.answers.insert(draft.question, Answer { content: draft.content, origin });
            }
        }
        Ok((assessment, revision, saved_at))
    }

    pub(crate) fn update(&self, id: AssessmentId, form: &Form) -> Result<Update, AppError> {
        let (assessment, revision, saved_at) = self.load_with_drafts(id)?;
        let (can_undo, can_redo) = self.turns_left(id, revision)?;
        Ok(Update {
            revision,
            progress: progress::measure(form, &assessment),
            screening: screening::screen(form, &assessment),
            changed_since_sign_off: assessment.changed_since_sign_off(),
            details: assessment.details,
            answers: assessment.answers,
            unplaced: assessment.unplaced,
            can_undo,
            can_redo,
            saved_at,
        })
    }

    /// Whether there is something to undo and to redo.
    fn turns_left(&self, id: AssessmentId, revision: Revision) -> Result<(bool, bool), AppError> {
        let recent = match self.store.history_tail(id, RECENT_ENTRIES) {
            // The answers are here all the same; what is wrong with the history is told apart.
            Err(StoreError::EntryDamaged { .. }) => return Ok((false, false)),
            recent => recent?,
        };
        if group_to_undo(&recent).is_some() || revision <= RECENT_ENTRIES {
            return Ok((group_to_undo(&recent).is_some(), group_to_redo(&recent).is_some()));
        }
        let all = match self.store.history(id) {
            Err(StoreError::EntryDamaged { .. }) => return Ok((false, false)),
            all => all?,
        };
        Ok((group_to_undo(&all).is_some(), group_to_redo(&all).is_some()))
    }
}

/// The entry that turned this edit last: its undo, the redo of that, and so on.
fn last_turn<'a>(entries: &'a [Entry], edit: &'a Entry) -> &'a Entry {
    let mut at = edit;
    while let Some(next) = entries.iter().rev().find(|entry| entry.undoes == Some(at.id)) {
        at = next;
    }
    at
}
