//! The history, and what differs between two moments, as tables (CSV) that no spreadsheet takes for formulas.

use super::histories::Histories;
use super::moments::Past;
use super::views::{Comparison, Difference, MomentView, RowChange, WordRun};
use super::words::{after_of, before_of};
use crate::csv_lines::{MARK, to_line};
use crate::error::AppError;
use crate::files::Written;
use crate::past::Moment;
use crate::show::{lines_of, show_answer};
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, EntryId};
use dpia_model::rich_text::plain_runs;
use dpia_model::version::kept_name;
use dpia_model::{Assessment, Form};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

/// The columns of the history.
const HISTORY: [&str; 10] =
    ["number", "time", "person", "question", "words of the question", "before", "after", "takes back", "previous", "sha256"];
/// The columns of what differs.
const COMPARISON: [&str; 9] =
    ["from", "to", "section", "question", "words of the question", "part", "what became of it", "before", "after"];
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Histories {
    /// A name for the history of an assessment as a table.
    pub fn history_name(&self, id: AssessmentId) -> Result<String, AppError> {
        self.editor.file_name(id, " history.csv")
    }

    /// A name for what differs between two moments as a table.
    pub fn comparison_name(&self, id: AssessmentId) -> Result<String, AppError> {
        self.editor.file_name(id, " changes.csv")
    }

    /// Writes the whole history to a CSV file: a line for each question that an entry changed, with the entry's hash. Fails
    /// where the history does not hold.
    pub fn write_history(&self, id: AssessmentId, path: &Path) -> Result<Written, AppError> {
        self.vault.store().check_history(id)?;
        self.write_table(path, &self.past(id)?.to_table()?)
    }

    /// Writes what differs between two moments to a CSV file, a line for each thing that differs.
    pub fn write_comparison(&self, id: AssessmentId, from: Moment, to: Moment, path: &Path) -> Result<Written, AppError> {
        self.write_table(path, &comparison_table(&self.compare(id, from, to)?)?)
    }

    fn write_table(&self, path: &Path, table: &[u8]) -> Result<Written, AppError> {
        self.vault.folder().write_outside(path, table)?;
        Ok(Written::of(path, table))
    }
}

impl Past {
    /// The whole history as a table.
    fn to_table(&self) -> Result<Vec<u8>, AppError> {
        let mut numbers: BTreeMap<EntryId, u32> = BTreeMap::new();
        let mut edits: Vec<(Entry, Vec<Edited>)> = Vec::new();
        let mut later: Option<(Entry, Assessment)> = None;
        self.walk_back(|entry, assessment| {
            if let Some((edit, after)) = later.take() {
                let edited = find_edited(&self.form, &edit, assessment, &after);
                edits.push((edit, edited));
            }
            if let Some(entry) = entry {
                numbers.insert(entry.id, entry.sequence);
                later = Some((entry.clone(), assessment.clone()));
            }
            ControlFlow::Continue(())
        })?;
        let mut table = begin_table(&HISTORY)?;
        for (entry, edited) in edits.iter().rev() {
            let undone = entry.undoes.and_then(|undone| numbers.get(&undone)).map(u32::to_string).unwrap_or_default();
            let (number, at, hash) = (entry.sequence.to_string(), entry.at.to_string(), entry.digest().to_string());
            let previous = entry.previous.map(|digest| digest.to_string()).unwrap_or_default();
            for Edited { question, words, before, after } in edited {
                add_line(&mut table, &[&number, &at, &entry.person, question, words, before, after, &undone, &previous, &hash])?;
            }
        }
        Ok(table)
    }
}

/// What differs between two moments as a table.
pub(crate) fn comparison_table(comparison: &Comparison) -> Result<Vec<u8>, AppError> {
    let (from, to) = (format_moment(&comparison.from), format_moment(&comparison.to));
    let mut table = begin_table(&COMPARISON)?;
    for place in &comparison.places {
        let question = place.question.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut add = |part: &str, became: &str, before: &str, after: &str| {
            add_line(&mut table, &[&from, &to, &place.section, &question, &place.words, part, became, before, after])
        };
        for difference in &place.differences {
            match difference {
                Difference::State { before, after } => add("state", "", before, after)?,
                Difference::Tick { label, before, after } => add(label, "", before, after)?,
                Difference::Words { label, pieces } => add(label, format_change(pieces), &before_of(pieces), &after_of(pieces))?,
                Difference::Setting => add("formatting", "changed", "", "")?,
                Difference::Row { fate, name, cells } => {
                    if cells.is_empty() {
                        add(name, format_fate(*fate), "", "")?;
                    }
                    for cell in cells {
                        let part = if cell.label.is_empty() { name.clone() } else { format!("{name}: {}", cell.label) };
                        add(&part, format_fate(*fate), &before_of(&cell.pieces), &after_of(&cell.pieces))?;
                    }
                }
            }
        }
    }
    Ok(table)
}

/// What became of a row, in a word.
pub(super) fn format_fate(fate: RowChange) -> &'static str {
    match fate {
        RowChange::Added => "added",
        RowChange::Removed => "removed",
        RowChange::Changed => "changed",
        RowChange::Moved => "moved",
    }
}

/// What became of words, in a word.
fn format_change(pieces: &[WordRun]) -> &'static str {
    match (before_of(pieces).is_empty(), after_of(pieces).is_empty()) {
        (true, _) => "added",
        (false, true) => "removed",
        (false, false) => "changed",
    }
}

/// A moment as a table and a terminal name it.
pub(super) fn format_moment(moment: &MomentView) -> String {
    let entry = match (moment.number, moment.at) {
        (number, Some(at)) => format!("entry {number}, {at}"),
        (_, None) => "when created".to_owned(),
    };
    moment.name.as_ref().map_or(entry.clone(), |name| format!("{name} ({entry})"))
}

fn begin_table(columns: &[&str]) -> Result<Vec<u8>, AppError> {
    let mut table = MARK.to_vec();
    table.extend(to_line(columns)?);
    Ok(table)
}

fn add_line(table: &mut Vec<u8>, cells: &[&str]) -> Result<(), AppError> {
    let cells: Vec<Cow<'_, str>> = cells.iter().map(|cell| make_harmless(cell)).collect();
    table.extend(to_line(&cells.iter().map(AsRef::as_ref).collect::<Vec<&str>>())?);
    Ok(())
}

/// What an entry changed of a question: its id and words, and its answer before and after. What is no question is named in
/// words.
struct Edited {
    question: String,
    words: String,
    before: String,
    after: String,
}

fn find_edited(form: &Form, entry: &Entry, before: &Assessment, after: &Assessment) -> Vec<Edited> {
    let edited = |question: &str, words: &str, before: String, after: String| Edited {
        question: question.to_owned(),
        words: words.to_owned(),
        before,
        after,
    };
    let mut found = Vec::new();
    for question in form.questions() {
        let (was, is) = (before.content(&question.id), after.content(&question.id));
        if was != is {
            let words = |content| lines_of(question, &show_answer(form, question, content)).join("\n");
            found.push(edited(question.id.as_str(), &plain_runs(&question.prompt), words(was), words(is)));
        }
    }
    if before.details != after.details {
        let product = |assessment: &Assessment| assessment.details.product.clone();
        found.push(edited("details", "Cover details", product(before), product(after)));
    }
    if before.unplaced != after.unplaced {
        let pieces =
            |assessment: &Assessment| assessment.unplaced.iter().map(|piece| piece.text.plain_text()).collect::<Vec<_>>().join("\n\n");
        found.push(edited("unplaced", "Text that matches no question", pieces(before), pieces(after)));
    }
    if let Some(name) = kept_name(&entry.change) {
        found.push(edited("version", "A version was saved", String::new(), name.as_str().to_owned()));
    }
    if found.is_empty() {
        found.push(edited("", "Nothing printed", String::new(), String::new()));
    }
    found
}

/// A cell that no spreadsheet takes for a formula.
fn make_harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}
