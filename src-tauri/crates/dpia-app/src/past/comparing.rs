//! What differs between two moments, in the order of the form: words within words, rows by their ids.

use super::histories::Histories;
use super::moments::{Moment, Past};
use super::reading::{ReadCell, ReadRow, name_mark, name_state, read_date, read_parts, read_rows, read_text};
use super::views::{ChangedCell, ChangedPlace, Comparison, Difference, RowChange};
use super::words::compare_words;
use crate::error::AppError;
use dpia_model::Assessment;
use dpia_model::answer_text::{AnswerText, OptionMark, Role};
use dpia_model::assessment::{Details, DocumentDate, Tick};
use dpia_model::id::{AssessmentId, RowId};
use dpia_model::rich_text::plain_runs;
use dpia_model::version::kept_name;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::BTreeSet;

/// A comparison, with the two moments that it is between.
pub struct Compared {
    /// What differs.
    pub comparison: Comparison,
    /// The product assessed, at the later moment.
    pub product: String,
}

impl Past {
    /// What differs between two moments, whichever is named first.
    pub fn compare(&self, one: Moment, other: Moment) -> Result<Compared, AppError> {
        let (one, other) = (self.number_at(one)?, self.number_at(other)?);
        let (from, to) = (one.min(other), one.max(other));
        let (before, after) = (self.at(from)?, self.at(to)?);
        let changes =
            self.entries.iter().filter(|entry| (from + 1..=to).contains(&entry.sequence) && kept_name(&entry.change).is_none()).count();
        let comparison = Comparison {
            from: self.moment(from),
            to: self.moment(to),
            changes: u32::try_from(changes).unwrap_or(u32::MAX),
            places: self.changed_places(&before, &after),
        };
        Ok(Compared { comparison, product: after.details.product })
    }

    fn changed_places(&self, before: &Assessment, after: &Assessment) -> Vec<ChangedPlace> {
        let beside =
            |words: &str, differences| ChangedPlace { question: None, section: words.to_owned(), words: words.to_owned(), differences };
        let read = |question, content| AnswerText::read(&self.form, question, content);
        let mut places = Vec::new();
        if before.details != after.details {
            places.push(beside("Cover details", compare_details(&before.details, &after.details)));
        }
        for section in self.form.sections() {
            for question in section.questions() {
                let (was, is) = (before.content(&question.id), after.content(&question.id));
                if was != is {
                    places.push(ChangedPlace {
                        question: Some(question.id.clone()),
                        section: section.title.clone(),
                        words: plain_runs(&question.prompt),
                        differences: compare_answers(&read(question, was), &read(question, is)),
                    });
                }
            }
        }
        if before.unplaced != after.unplaced {
            let differences = compare_rows(&read_unplaced(before), &read_unplaced(after));
            places.push(beside("Text that matches no question", or_setting(differences)));
        }
        places
    }
}

impl Histories {
    /// What differs between two moments of an assessment. What is being typed is settled first.
    pub fn compare(&self, id: AssessmentId, from: Moment, to: Moment) -> Result<Comparison, AppError> {
        Ok(self.settled_past(id)?.compare(from, to)?.comparison)
    }
}

/// Something differs; where nothing that is read does, it is how it is set.
fn or_setting(differences: Vec<Difference>) -> Vec<Difference> {
    if differences.is_empty() { vec![Difference::Setting] } else { differences }
}

fn compare_answers(before: &AnswerText<'_>, after: &AnswerText<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    if before.state != after.state {
        differences.push(Difference::State { before: name_state(before.state).to_owned(), after: name_state(after.state).to_owned() });
    }
    differences.extend(compare_marks(before, after));
    differences.extend(compare_labelled(&read_parts(before), &read_parts(after)));
    differences.extend(compare_rows(&read_rows(before), &read_rows(after)));
    or_setting(differences)
}

/// The marks of a list or a grid; of a choice, the words say which option it is. Where only one of the two is an answer, only
/// what is ticked is shown: the state says the rest.
fn compare_marks(before: &AnswerText<'_>, after: &AnswerText<'_>) -> Vec<Difference> {
    let is_choice = |answer: &AnswerText<'_>| answer.words(Role::Chosen).is_some();
    if is_choice(before) || is_choice(after) {
        return Vec::new();
    }
    let is_ticked = |mark: &OptionMark<'_>| mark.tick == Tick::Ticked;
    let marks = before.marks.iter().zip(&after.marks);
    let changed = marks.filter_map(|(was, is)| {
        let (said_before, said_after) = (name_mark(before.state, was), name_mark(after.state, is));
        let is_shown = said_before != said_after && (before.state == after.state || is_ticked(was) || is_ticked(is));
        is_shown.then(|| Difference::Tick { label: is.label.to_owned(), before: said_before.to_owned(), after: said_after.to_owned() })
    });
    changed.collect()
}

/// Words of the same kind are compared with each other.
fn compare_labelled(before: &[(&'static str, String)], after: &[(&'static str, String)]) -> Vec<Difference> {
    let text_of = |words: &'_ [(&'static str, String)], label: &str| {
        words.iter().find(|(known, _)| *known == label).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = before.iter().filter(|(label, _)| !after.iter().any(|(known, _)| known == label));
    let labels = after.iter().chain(gone).map(|(label, _)| *label);
    labels
        .filter_map(|label| {
            let (before, after) = (text_of(before, label), text_of(after, label));
            (before != after).then(|| Difference::Words { label: label.to_owned(), pieces: compare_words(&before, &after) })
        })
        .collect()
}

/// Rows of one id are the same row, wherever they stand.
fn compare_rows(before: &[ReadRow], after: &[ReadRow]) -> Vec<Difference> {
    let ids = |rows: &[ReadRow]| rows.iter().map(|row| row.id).collect::<Vec<RowId>>();
    let (old_ids, new_ids) = (ids(before), ids(after));
    let is_there: BTreeSet<RowId> = new_ids.iter().copied().collect();
    let old_of = |id: RowId| before.iter().find(|row| row.id == id);
    let mut differences = Vec::new();
    for step in capture_diff_slices(Algorithm::Myers, &old_ids, &new_ids) {
        let (old, new) = (&before[step.old_range()], &after[step.new_range()]);
        if step.tag() == DiffTag::Equal {
            differences.extend(old.iter().zip(new).filter_map(|(old, new)| compare_row(old, new, RowChange::Changed)));
            continue;
        }
        // A row that is gone from here and is elsewhere is shown where it is now.
        differences.extend(old.iter().filter(|row| !is_there.contains(&row.id)).map(|row| whole_row(row, RowChange::Removed)));
        differences.extend(new.iter().filter_map(|row| match old_of(row.id) {
            Some(old) => compare_row(old, row, RowChange::Moved),
            None => Some(whole_row(row, RowChange::Added)),
        }));
    }
    differences
}

/// A row that came or went, with all that it says.
fn whole_row(row: &ReadRow, fate: RowChange) -> Difference {
    let told = |cell: &ReadCell| {
        let (before, after) = if fate == RowChange::Removed { (cell.text.as_str(), "") } else { ("", cell.text.as_str()) };
        ChangedCell { label: cell.label.clone(), pieces: compare_words(before, after) }
    };
    let cells = row.cells.iter().filter(|cell| !cell.text.is_empty()).map(told).collect();
    Difference::Row { fate, name: row.name().to_owned(), cells }
}

/// A row that is in both; none where it stayed as it was.
fn compare_row(before: &ReadRow, after: &ReadRow, fate: RowChange) -> Option<Difference> {
    let text_of =
        |row: &ReadRow, key: &str| row.cells.iter().find(|cell| cell.key == key).map(|cell| cell.text.clone()).unwrap_or_default();
    let gone = before.cells.iter().filter(|cell| !after.cells.iter().any(|known| known.key == cell.key));
    let cells: Vec<ChangedCell> = after
        .cells
        .iter()
        .chain(gone)
        .filter_map(|cell| {
            let (before, after) = (text_of(before, &cell.key), text_of(after, &cell.key));
            (before != after).then(|| ChangedCell { label: cell.label.clone(), pieces: compare_words(&before, &after) })
        })
        .collect();
    // The order of measures within a risk is no column of its own.
    let is_same = cells.is_empty() && fate != RowChange::Moved && before == after;
    (!is_same).then(|| Difference::Row { fate, name: after.name().to_owned(), cells })
}

fn compare_details(before: &Details, after: &Details) -> Vec<Difference> {
    let read = |details: &Details| -> Vec<(&'static str, String)> {
        let date = match &details.date {
            DocumentDate::Unanswered => String::new(),
            DocumentDate::Unknown { as_written } => format!("{as_written} (to be confirmed)"),
            DocumentDate::Known { date, has_short_year } => read_date(*date, *has_short_year),
        };
        vec![
            ("Product", details.product.clone()),
            ("Date", date),
            ("Version", details.version.clone().unwrap_or_default()),
            ("Author", details.author.clone().unwrap_or_default()),
            ("Year of the copyright", details.copyright_year.map(|year| year.to_string()).unwrap_or_default()),
        ]
    };
    or_setting(compare_labelled(&read(before), &read(after)))
}

fn read_unplaced(assessment: &Assessment) -> Vec<ReadRow> {
    let read = |piece: &dpia_model::assessment::Unplaced| ReadRow {
        id: piece.id,
        cells: vec![ReadCell { key: "text".to_owned(), label: String::new(), text: read_text(&piece.text) }],
    };
    assessment.unplaced.iter().map(read).collect()
}
