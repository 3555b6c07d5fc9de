//! The tables `passage` and `passage_index`: the words of every place of an assessment, and where each word is.

use super::{AssessmentKey, assessment};
use crate::error::StoreError;
use crate::search::{HitPlace, fold_text};
use dpia_model::answer_text::{AnswerText, CellValue, Field, Role};
use dpia_model::assessment::{Assessment, Content, DocumentDate};
use dpia_model::id::AssessmentId;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::{BTreeMap, BTreeSet};

/// A passage that was found.
pub(crate) struct Found {
    pub(crate) assessment: String,
    pub(crate) product: String,
    pub(crate) place: String,
    pub(crate) text: String,
}

/// Writes every place of an assessment that has none yet.
pub(crate) fn write_all(connection: &Connection, key: AssessmentKey, assessment: &Assessment) -> Result<(), StoreError> {
    let places = [HitPlace::Details]
        .into_iter()
        .chain(assessment.answers.keys().cloned().map(HitPlace::Question))
        .chain(assessment.unplaced.iter().map(|piece| HitPlace::Unplaced(piece.id)))
        .collect();
    write(connection, key, assessment, &places)
}

/// Notes that these places were edited; [`write_waiting`] brings them up.
pub(crate) fn wait(connection: &Connection, key: AssessmentKey, places: &BTreeSet<HitPlace>) -> Result<(), StoreError> {
    let mut wait = connection.prepare_cached("INSERT OR IGNORE INTO passage_waiting (assessment, place) VALUES (?1, ?2)")?;
    places.iter().try_for_each(|place| wait.execute(params![key.0, place.to_string()]).map(drop))?;
    Ok(())
}

/// Whether a place was edited that is not brought up yet.
pub(crate) fn is_waiting(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM passage_waiting LIMIT 1")?.exists([])?)
}

/// Brings every place that was edited up to what its assessment says now. Those of an assessment that cannot be read wait on.
pub(crate) fn write_waiting(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT a.id, w.place FROM passage_waiting w JOIN assessment a ON a.key = w.assessment ORDER BY w.assessment")?;
    let mut waiting: BTreeMap<AssessmentId, BTreeSet<HitPlace>> = BTreeMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place: String = row.get(1)?;
        let place = HitPlace::parse(&place).ok_or_else(|| StoreError::damaged(format!("no place waits for the index: \"{place}\"")))?;
        waiting.entry(AssessmentId(super::parse_id(&row.get::<_, String>(0)?)?)).or_default().insert(place);
    }
    let mut done = connection.prepare_cached("DELETE FROM passage_waiting WHERE assessment = ?1")?;
    for (id, places) in waiting {
        match assessment::load(connection, id) {
            Ok((key, assessment, _)) => {
                write(connection, key, &assessment, &places)?;
                done.execute([key.0])?;
            }
            Err(StoreError::Damaged { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Brings these places up to what the assessment says now.
fn write(connection: &Connection, key: AssessmentKey, assessment: &Assessment, places: &BTreeSet<HitPlace>) -> Result<(), StoreError> {
    for place in places {
        let (name, text) = (place.to_string(), words_at(assessment, place));
        let known: Option<(i64, String)> = connection
            .prepare_cached("SELECT key, text FROM passage WHERE assessment = ?1 AND place = ?2")?
            .query_row(params![key.0, name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match known {
            Some((_, before)) if before == text => {}
            Some((passage, _)) if text.is_empty() => {
                connection.prepare_cached("DELETE FROM passage_index WHERE rowid = ?1")?.execute([passage])?;
                connection.prepare_cached("DELETE FROM passage WHERE key = ?1")?.execute([passage])?;
            }
            Some((passage, _)) => {
                connection.prepare_cached("UPDATE passage SET text = ?2 WHERE key = ?1")?.execute(params![passage, text])?;
                connection
                    .prepare_cached("INSERT OR REPLACE INTO passage_index (rowid, words) VALUES (?1, ?2)")?
                    .execute(params![passage, fold_text(&text)])?;
            }
            None if text.is_empty() => {}
            None => {
                let passage = connection
                    .prepare_cached("INSERT INTO passage (assessment, place, text) VALUES (?1, ?2, ?3)")?
                    .insert(params![key.0, name, text])?;
                connection
                    .prepare_cached("INSERT INTO passage_index (rowid, words) VALUES (?1, ?2)")?
                    .execute(params![passage, fold_text(&text)])?;
            }
        }
    }
    Ok(())
}

pub(crate) fn remove_all(connection: &Connection, key: AssessmentKey) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM passage_index WHERE rowid IN (SELECT key FROM passage WHERE assessment = ?1)")?
        .execute([key.0])?;
    for table in ["passage", "passage_waiting"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE assessment = ?1"))?.execute([key.0])?;
    }
    Ok(())
}

/// Where more places than this are found, which of them is the best says nothing, and to work it out takes longer than
/// anybody waits for a letter.
const MOST_RANKED: usize = 2000;

/// What is in the bin is not found. The order of a cross join is: the few in the bin first, not every passage.
const NOT_BINNED: &str = "rowid NOT IN (
        SELECT b.key FROM assessment c CROSS JOIN passage b ON b.assessment = c.key WHERE c.binned_at IS NOT NULL
    )";

/// The passages that this FTS5 expression finds, the best first, or the newest where there are thousands. The bin is left
/// out.
pub(crate) fn find(connection: &Connection, expression: &str, most: u32) -> Result<Vec<Found>, StoreError> {
    let newest = format!(
        "SELECT rowid FROM passage_index WHERE passage_index MATCH ?1 AND {NOT_BINNED} ORDER BY rowid DESC LIMIT {}",
        MOST_RANKED + 1
    );
    let mut statement = connection.prepare_cached(&newest)?;
    let mut keys: Vec<i64> = statement.query_map([expression], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if keys.len() <= MOST_RANKED {
        // The best are chosen from the index alone; texts are read for those only.
        let best = format!("SELECT rowid FROM passage_index WHERE passage_index MATCH ?1 AND {NOT_BINNED} ORDER BY rank, rowid LIMIT ?2");
        let mut statement = connection.prepare_cached(&best)?;
        keys = statement.query_map(params![expression, most], |row| row.get(0))?.collect::<Result<_, _>>()?;
    }
    let mut statement = connection.prepare_cached(
        "SELECT a.id, a.product, p.place, p.text FROM passage p JOIN assessment a ON a.key = p.assessment WHERE p.key = ?1",
    )?;
    let shown = keys.into_iter().take(usize::try_from(most).unwrap_or(usize::MAX));
    let found = shown.map(|key| {
        let found =
            |row: &rusqlite::Row<'_>| Ok(Found { assessment: row.get(0)?, product: row.get(1)?, place: row.get(2)?, text: row.get(3)? });
        statement.query_row([key], found).optional()
    });
    Ok(found.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// The words that stand at a place, a line a paragraph, row or field; empty where nothing is there.
fn words_at(assessment: &Assessment, place: &HitPlace) -> String {
    let lines: Vec<String> = match place {
        HitPlace::Details => {
            let details = &assessment.details;
            let date = match &details.date {
                DocumentDate::Unanswered => None,
                DocumentDate::Unknown { as_written } => Some(as_written.clone()),
                DocumentDate::Known { date, .. } => Some(date.to_string()),
            };
            [Some(details.product.clone()), details.version.clone(), details.author.clone(), date].into_iter().flatten().collect()
        }
        HitPlace::Question(question) => answer_lines(assessment.content(question)),
        HitPlace::Unplaced(id) => assessment.unplaced.iter().filter(|piece| piece.id == *id).map(|piece| piece.text.plain_text()).collect(),
    };
    lines.into_iter().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// The words of an answer as they are searched: those that somebody wrote. The form's own labels are not among them.
fn answer_lines(content: &Content) -> Vec<String> {
    let answer = AnswerText::read_alone(content);
    let written = answer.parts.iter().filter(|part| part.role != Role::Chosen).map(|part| part.words.plain_text());
    let mut lines: Vec<String> =
        if answer.words(Role::Name).is_some() { vec![written.collect::<Vec<_>>().join(" ")] } else { written.collect() };
    for row in &answer.rows {
        let (fields, columns): (Vec<_>, Vec<_>) = row.cells.iter().partition(|cell| !matches!(cell.field, Field::Column(_)));
        lines.extend(fields.iter().filter_map(|cell| risk_line(cell.field, cell.value)));
        lines.push(columns.iter().map(|cell| cell.value.plain_text()).collect::<Vec<_>>().join(" · "));
    }
    lines
}

/// A field of a risk that holds words of somebody.
fn risk_line(field: Field<'_>, value: CellValue<'_>) -> Option<String> {
    match (field, value) {
        (_, CellValue::Measure(measure)) => Some(format!("{} {}", measure.description, measure.owner)),
        (Field::Source | Field::Harm, value) => Some(value.plain_text()),
        (_, CellValue::Plain(_) | CellValue::Link { .. } | CellValue::Day(_) | CellValue::Option { .. } | CellValue::Decision(_)) => None,
    }
}
