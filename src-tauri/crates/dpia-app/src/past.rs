//! What an assessment said before: the answers that a question had, one of them brought back, and the whole history as a
//! file for those who audit.

use crate::csv_lines::{MARK, to_line};
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::show::{lines_of, show_answer};
use crate::views::{PastAnswer, Update, Written};
use crate::workspace::Workspace;
use dpia_model::assessment::{Answer, Content, Origin};
use dpia_model::change::Change;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, AttachmentId, EntryId, GroupId, QuestionId};
use dpia_model::rich_text::plain_runs;
use dpia_model::{Assessment, Form};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

/// The columns of the file for those who audit.
const COLUMNS: [&str; 10] =
    ["number", "time", "person", "question", "words of the question", "before", "after", "takes back", "previous", "sha256"];
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Workspace {
    /// The answers that a question had, the newest first. What is being typed is not among them yet.
    pub fn past_answers(&self, id: AssessmentId, question: &QuestionId) -> Result<Vec<PastAnswer>, AppError> {
        let form = self.form_of(id)?;
        let asked = form.question(question).ok_or_else(|| AppError::not_found("This question"))?;
        let mut answers: Vec<PastAnswer> = Vec::new();
        self.walk_back(id, |entry, assessment| {
            let content = assessment.content(question);
            let answer = PastAnswer {
                number: number_of(entry),
                person: entry.map(|entry| entry.person.clone()),
                at: entry.map(|entry| entry.at),
                is_undo: entry.is_some_and(|entry| entry.undoes.is_some()),
                lines: lines_of(asked, &show_answer(asked, content)),
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
        let form = self.form_of(id)?;
        let asked = form.question(question).ok_or_else(|| AppError::not_found("This question"))?;
        self.settle_drafts(id, &form)?;
        let mut found = None;
        self.walk_back(id, |entry, assessment| {
            if number_of(entry) != number {
                return ControlFlow::Continue(());
            }
            found = Some(assessment.clone());
            ControlFlow::Break(())
        })?;
        let then = found.ok_or_else(|| AppError::not_found("This answer"))?;
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
        let mut numbers: BTreeMap<EntryId, u32> = BTreeMap::new();
        let mut edits: Vec<(Entry, Vec<Difference>)> = Vec::new();
        let mut later: Option<(Entry, Assessment)> = None;
        self.walk_back(id, |entry, assessment| {
            if let Some((edit, after)) = later.take() {
                let differences = find_differences(&form, assessment, &after);
                edits.push((edit, differences));
            }
            if let Some(entry) = entry {
                numbers.insert(entry.id, entry.sequence);
                later = Some((entry.clone(), assessment.clone()));
            }
            ControlFlow::Continue(())
        })?;
        let mut bytes = MARK.to_vec();
        bytes.extend(to_line(&COLUMNS)?);
        for (entry, differences) in edits.iter().rev() {
            let undone = entry.undoes.and_then(|undone| numbers.get(&undone)).map(u32::to_string).unwrap_or_default();
            let (number, at, hash) = (entry.sequence.to_string(), entry.at.to_string(), entry.digest().to_string());
            let previous = entry.previous.map(|digest| digest.to_string()).unwrap_or_default();
            for Difference { question, words, before, after } in differences {
                let cells = [&number, &at, &entry.person, question, words, before, after, &undone, &previous, &hash];
                bytes.extend(to_line(&cells.map(|cell| make_harmless(cell)).each_ref().map(|cell| cell.as_ref()))?);
            }
        }
        files::write(path, &bytes)?;
        Ok(Written { name: files::name_of(path), bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX), pages: None })
    }

    /// Shows the assessment after each entry, the newest first, and then as it began, without an entry; stops where that is
    /// asked.
    fn walk_back(&self, id: AssessmentId, mut see: impl FnMut(Option<&Entry>, &Assessment) -> ControlFlow<()>) -> Result<(), AppError> {
        let (mut assessment, _) = self.store.load(id)?;
        for entry in self.store.history(id)?.iter().rev() {
            if see(Some(entry), &assessment).is_break() {
                return Ok(());
            }
            entry.inverse.apply(&mut assessment).map_err(|error| {
                AppError::new(ErrorCode::Damaged, "The history of this assessment does not hold together.").with_detail(error)
            })?;
        }
        let _ = see(None, &assessment);
        Ok(())
    }
}

/// The number of an entry; 0 as the assessment began.
fn number_of(entry: Option<&Entry>) -> u32 {
    entry.map_or(0, |entry| entry.sequence)
}

/// Pictures of an answer that the assessment had then and has not now.
fn pictures_to_attach(content: &Content, then: &Assessment, now: &Assessment) -> Vec<Change> {
    let drawn: BTreeSet<AttachmentId> = content.rich_text().map(|text| text.pictures().into_iter().collect()).unwrap_or_default();
    let missing = drawn.into_iter().filter(|id| !now.attachments.contains_key(id));
    missing.filter_map(|id| Some(Change::AddAttachment { id, attachment: then.attachments.get(&id)?.clone() })).collect()
}

/// What an entry changed of a question: its id and words, and its answer before and after. What is no question is named in
/// words.
struct Difference {
    question: String,
    words: String,
    before: String,
    after: String,
}

fn find_differences(form: &Form, before: &Assessment, after: &Assessment) -> Vec<Difference> {
    let difference = |question: &str, words: &str, before: String, after: String| Difference {
        question: question.to_owned(),
        words: words.to_owned(),
        before,
        after,
    };
    let mut found = Vec::new();
    for question in form.questions() {
        let (was, is) = (before.content(&question.id), after.content(&question.id));
        if was != is {
            let words = |content| lines_of(question, &show_answer(question, content)).join("\n");
            found.push(difference(question.id.as_str(), &plain_runs(&question.prompt), words(was), words(is)));
        }
    }
    if before.details != after.details {
        let product = |assessment: &Assessment| assessment.details.product.clone();
        found.push(difference("details", "What stands on the cover", product(before), product(after)));
    }
    if before.unplaced != after.unplaced {
        let pieces =
            |assessment: &Assessment| assessment.unplaced.iter().map(|piece| piece.text.plain_text()).collect::<Vec<_>>().join("\n\n");
        found.push(difference("unplaced", "Text that has no place in the form", pieces(before), pieces(after)));
    }
    if found.is_empty() {
        found.push(difference("", "Nothing that is printed", String::new(), String::new()));
    }
    found
}

/// A cell that no spreadsheet takes for a formula.
fn make_harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}
