//! The answers that a question had, and one of them brought back.

use super::histories::Histories;
use super::moments::number_of;
use super::views::PastAnswer;
use crate::editing::Update;
use crate::error::AppError;
use crate::show::{lines_of, show_answer};
use dpia_model::Assessment;
use dpia_model::assessment::{Answer, Content, Origin};
use dpia_model::change::Change;
use dpia_model::id::{AssessmentId, AttachmentId, QuestionId};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

impl Histories {
    /// The answers that a question had, the newest first. What is being typed is not among them yet.
    pub fn past_answers(&self, id: AssessmentId, question: &QuestionId) -> Result<Vec<PastAnswer>, AppError> {
        let past = self.past(id)?;
        let asked = past.form.question(question).ok_or_else(|| AppError::not_found("This question"))?;
        let mut answers: Vec<PastAnswer> = Vec::new();
        past.walk_back(|entry, assessment| {
            let content = assessment.content(question);
            let answer = PastAnswer {
                number: number_of(entry),
                person: entry.map(|entry| entry.person.clone()),
                at: entry.map(|entry| entry.at),
                is_undo: entry.is_some_and(|entry| entry.undoes.is_some()),
                lines: lines_of(asked, &show_answer(&past.form, asked, content)),
                content: content.clone(),
            };
            // Walking back, an earlier moment of the same answer is the one that made it.
            match answers.last_mut() {
                Some(later) if later.content == answer.content => *later = answer,
                Some(_) | None => answers.push(answer),
            }
            ControlFlow::Continue(())
        })?;
        Ok(answers)
    }

    /// Gives a question the answer again that it had after the entry of this number, or as the assessment began (0). It is an
    /// edit like any other.
    pub fn bring_back(&self, id: AssessmentId, question: &QuestionId, number: u32) -> Result<Update, AppError> {
        let question = question.clone();
        self.editor.edit_one(id, move |page| {
            let asked = page.form.question(&question).ok_or_else(|| AppError::not_found("This question"))?;
            page.settle_all()?;
            let then = page.as_after(number)?;
            let (now, revision) = page.load()?;
            let content = then.content(&question);
            if now.content(&question) != content {
                page.form.check_answer(asked, content).map_err(AppError::refused)?;
                let author = page.author()?;
                let origin = Some(Origin::Typed { by: author.name().to_owned(), at: author.at });
                let answer = (*content != Content::Unanswered).then(|| Answer { content: content.clone(), origin });
                let mut changes = pictures_to_attach(content, &then, &now);
                changes.push(Change::SetAnswer { question: question.clone(), answer });
                let change = if changes.len() == 1 { changes.remove(0) } else { Change::All { changes } };
                page.append_over_typing(&author, &now, revision, vec![(change, None)])?;
            }
            page.collect_changes()
        })
    }
}

/// Pictures of an answer that the assessment had then and has not now.
fn pictures_to_attach(content: &Content, then: &Assessment, now: &Assessment) -> Vec<Change> {
    let drawn: BTreeSet<AttachmentId> = content.rich_text().map(|text| text.pictures().into_iter().collect()).unwrap_or_default();
    let missing = drawn.into_iter().filter(|id| !now.attachments.contains_key(id));
    missing.filter_map(|id| Some(Change::AddAttachment { id, attachment: then.attachments.get(&id)?.clone() })).collect()
}
