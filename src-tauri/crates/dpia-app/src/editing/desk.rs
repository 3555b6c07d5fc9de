//! Editing what the store holds: drafts that are durable at once, history entries, undo and redo.

use super::turns::{Steps, Turns};
use super::{Hand, Intent, set_content};
use crate::error::AppError;
use crate::views::{AssessmentView, Update};
use crate::workspace::Workspace;
use dpia_model::assessment::{Answer, Content, Origin};
use dpia_model::change::Change;
use dpia_model::id::{AssessmentId, EntryId, GroupId, QuestionId};
use dpia_model::{Assessment, Form, Instant, progress, screening};
use dpia_store::{NewEntry, Revision, StoreError};

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
        let content = super::unsigned(content, assessment.content(&question));
        form.check_answer(asked, &content).map_err(AppError::refused)?;
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
        let hand = Hand { person: &person, at };
        if let Some(change) = intent.change(&form, &assessment, &hand).map_err(AppError::refused)? {
            let entry = self.new_entry(change, GroupId(self.surroundings.new_id()), None, &person, at);
            self.store.append(id, revision, vec![entry])?;
        }
        self.update(id, &form)
    }

    /// Takes back the last edit that is not taken back yet.
    pub fn undo(&self, id: AssessmentId) -> Result<Update, AppError> {
        self.walk_history(id, |turns| turns.to_undo())
    }

    /// Brings back the edit that was taken back last.
    pub fn redo(&self, id: AssessmentId) -> Result<Update, AppError> {
        self.walk_history(id, |turns| turns.to_redo())
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
        let hand = Hand { person: &person, at };
        let change = set_content(form, assessment, &hand, &question, content).map_err(AppError::refused)?;
        let group = GroupId(self.surroundings.new_id());
        let entries = change.map(|change| self.new_entry(change, group, None, &person, at)).into_iter().collect();
        self.store.settle(id, revision, question, entries)?;
        Ok(())
    }

    fn walk_history(
        &self,
        id: AssessmentId,
        find: impl FnOnce(&Turns<'_>) -> Result<Option<Steps>, StoreError>,
    ) -> Result<Update, AppError> {
        let form = self.form_of(id)?;
        self.settle_drafts(id, &form)?;
        let revision = self.store.load(id)?.1;
        if let Some(steps) = find(&Turns::new(&self.store, id, revision))? {
            let person = self.person_name()?;
            let (at, group) = (self.surroundings.now(), GroupId(self.surroundings.new_id()));
            let turns = steps.into_iter().map(|(change, of)| self.new_entry(change, group, Some(of), &person, at)).collect();
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
        match Turns::new(&self.store, id, revision).are_left() {
            // The answers are here all the same; what is wrong with the history is shown apart.
            Err(StoreError::EntryDamaged { .. }) => Ok((false, false)),
            left => Ok(left?),
        }
    }
}
