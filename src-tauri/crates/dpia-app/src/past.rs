//! What an assessment said before: the answers that a question had, one of them brought back, and the whole history as a
//! file for those who audit.

use crate::error::AppError;
use crate::files;
use crate::show::{lines_of, show_answer};
use crate::views::{PastAnswer, Update, Written};
use crate::workspace::Workspace;
use dpia_model::assessment::{Answer, Content, Origin};
use dpia_model::change::Change;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, AttachmentId, GroupId, QuestionId};
use dpia_model::rich_text::plain_runs;
use dpia_model::{Assessment, Form};
use std::collections::BTreeSet;
use std::path::Path;

/// The columns of the file for those who audit.
const COLUMNS: [&str; 10] =
    ["number", "time", "person", "question", "words of the question", "before", "after", "takes back", "previous", "sha256"];
/// Tells spreadsheets that the file is UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// An assessment as it was once, with the entry that led to it; none as it began.
struct Moment {
    entry: Option<Entry>,
    assessment: Assessment,
}

impl Workspace {
    /// The answers that a question had, the newest first. What is being typed is not among them yet.
    pub fn past_answers(&self, id: AssessmentId, question: &QuestionId) -> Result<Vec<PastAnswer>, AppError> {
        let form = self.form_of(id)?;
        let asked = form.question(question).ok_or_else(|| AppError::not_found("This question"))?;
        let mut answers: Vec<PastAnswer> = Vec::new();
        for Moment { entry, assessment } in self.moments(id)? {
            let content = assessment.content(question);
            let answer = PastAnswer {
                number: entry.as_ref().map_or(0, |entry| entry.sequence),
                person: entry.as_ref().map(|entry| entry.person.clone()),
                at: entry.as_ref().map(|entry| entry.at),
                is_undo: entry.as_ref().is_some_and(|entry| entry.undoes.is_some()),
                lines: lines_of(asked, &show_answer(asked, content)),
                content: content.clone(),
            };
            // Walking back, an earlier moment of the same answer is the one that made it.
            match answers.last_mut() {
                Some(later) if later.content == answer.content => *later = answer,
                Some(_) | None => answers.push(answer),
            }
        }
        Ok(answers)
    }

    /// Gives a question the answer again that it had after the entry of this number, or as the assessment began (0). It is an
    /// edit like any other.
    pub fn bring_back(&self, id: AssessmentId, question: &QuestionId, number: u32) -> Result<Update, AppError> {
        let form = self.form_of(id)?;
        let asked = form.question(question).ok_or_else(|| AppError::not_found("This question"))?;
        self.settle_drafts(id, &form)?;
        let moment = self.moments(id)?.into_iter().find(|moment| moment.entry.as_ref().map_or(0, |entry| entry.sequence) == number);
        let Moment { assessment: then, .. } = moment.ok_or_else(|| AppError::not_found("This answer"))?;
        let (now, revision) = self.store.load(id)?;
        let content = then.content(question);
        if now.content(question) != content {
            asked.check(content).map_err(AppError::refused)?;
            let person = self.person_name()?;
            let at = self.surroundings.now();
            let origin = Some(Origin::Typed { by: person.clone(), at });
            let answer = (*content != Content::Unanswered).then(|| Answer { content: content.clone(), origin });
            let mut changes = pictures_to_attach(content, &then, &now);
            changes.push(Change::SetAnswer { question: question.clone(), answer });
            let change = if changes.len() == 1 { changes.remove(0) } else { Change::All { changes } };
            let entry = self.new_entry(change, GroupId(self.surroundings.new_id()), None, &person, at);
            self.store.append(id, revision, vec![entry])?;
        }
        self.update(id, &form)
    }

    /// Writes the whole history to a CSV file: a line for each question that an entry changed, with the entry's hash. Fails
    /// where the history does not hold.
    pub fn write_history(&self, id: AssessmentId, path: &Path) -> Result<Written, AppError> {
        self.store.check_history(id)?;
        let form = self.form_of(id)?;
        let mut moments = self.moments(id)?;
        moments.reverse();
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
        writer.write_record(COLUMNS).map_err(AppError::refused)?;
        for pair in moments.windows(2) {
            let [before, Moment { entry: Some(entry), assessment: after }] = pair else { continue };
            let taken_back = entry.undoes.and_then(|undone| number_of(&moments, undone)).unwrap_or_default();
            let (number, at, hash) = (entry.sequence.to_string(), entry.at.to_string(), entry.digest().to_string());
            let previous = entry.previous.map(|digest| digest.to_string()).unwrap_or_default();
            for (question, words, was, is) in differences(&form, &before.assessment, after) {
                let record = [&number, &at, &entry.person, &question, &words, &was, &is, &taken_back, &previous, &hash];
                writer.write_record(record.map(|cell| harmless(cell))).map_err(AppError::refused)?;
            }
        }
        let bytes = writer.into_inner().map_err(|error| AppError::refused(error.into_error()))?;
        files::write(path, &bytes)?;
        Ok(Written { name: files::name_of(path), bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX), pages: None })
    }

    /// The assessment after each entry, the newest first, and as it began.
    fn moments(&self, id: AssessmentId) -> Result<Vec<Moment>, AppError> {
        let (mut assessment, _) = self.store.load(id)?;
        let mut moments = Vec::new();
        for entry in self.store.history(id)?.into_iter().rev() {
            let earlier = {
                let mut earlier = assessment.clone();
                entry.inverse.apply(&mut earlier).map_err(|error| {
                    AppError::new(crate::ErrorCode::Damaged, "The history of this assessment does not hold together.").with_detail(error)
                })?;
                earlier
            };
            moments.push(Moment { entry: Some(entry), assessment: std::mem::replace(&mut assessment, earlier) });
        }
        moments.push(Moment { entry: None, assessment });
        Ok(moments)
    }
}

/// Pictures of an answer that the assessment had then and has not now.
fn pictures_to_attach(content: &Content, then: &Assessment, now: &Assessment) -> Vec<Change> {
    let drawn: BTreeSet<AttachmentId> = content.rich_text().map(|text| text.pictures().into_iter().collect()).unwrap_or_default();
    let missing = drawn.into_iter().filter(|id| !now.attachments.contains_key(id));
    missing.filter_map(|id| Some(Change::AddAttachment { id, attachment: then.attachments.get(&id)?.clone() })).collect()
}

/// The number of an entry.
fn number_of(moments: &[Moment], id: dpia_model::id::EntryId) -> Option<String> {
    moments.iter().filter_map(|moment| moment.entry.as_ref()).find(|entry| entry.id == id).map(|entry| entry.sequence.to_string())
}

/// What differs between two moments: a question's id and words, and its answer before and after. What is no answer is named
/// in words.
fn differences(form: &Form, before: &Assessment, after: &Assessment) -> Vec<(String, String, String, String)> {
    let mut found = Vec::new();
    for question in form.questions() {
        let (was, is) = (before.content(&question.id), after.content(&question.id));
        if was != is {
            let words = |content| lines_of(question, &show_answer(question, content)).join("\n");
            found.push((question.id.to_string(), plain_runs(&question.prompt), words(was), words(is)));
        }
    }
    if before.details != after.details {
        found.push((
            "details".to_owned(),
            "What stands on the cover".to_owned(),
            before.details.product.clone(),
            after.details.product.clone(),
        ));
    }
    let pieces = |assessment: &Assessment| assessment.unplaced.iter().map(|piece| piece.text.plain_text()).collect::<Vec<_>>().join("\n\n");
    if before.unplaced != after.unplaced {
        found.push(("unplaced".to_owned(), "Text that has no place in the form".to_owned(), pieces(before), pieces(after)));
    }
    if found.is_empty() {
        found.push((String::new(), "Nothing that is printed".to_owned(), String::new(), String::new()));
    }
    found
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}
