//! Edits. A [`Change`] is a value; applying it gives its inverse, so undo is another change and survives a restart.
//! A change that does not fit the assessment is refused and leaves it as it was.

use crate::assessment::{Answer, Assessment, Attachment, Content, Details, Origin, Risk, Row, Unplaced, Value};
use crate::id::{AttachmentId, QuestionId, RowId};
use crate::rich_text::{Block, RichText};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// An edit of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Gives a question another answer; none takes the answer away.
    SetAnswer {
        /// The question.
        question: QuestionId,
        /// The new answer.
        answer: Option<Answer>,
    },
    /// Replaces blocks of a prose answer.
    SpliceText {
        /// The question.
        question: QuestionId,
        /// The place of the first block replaced, counted from 0.
        at: u32,
        /// The blocks that have to stand there.
        removed: Vec<Block>,
        /// The blocks that come instead.
        inserted: Vec<Block>,
        /// Where the answer comes from now.
        origin: Option<Origin>,
    },
    /// Puts a row into a table.
    InsertRow {
        /// The question.
        question: QuestionId,
        /// Its place, counted from 0.
        at: u32,
        /// The row.
        row: TableRow,
    },
    /// Takes a row out of a table.
    RemoveRow {
        /// The question.
        question: QuestionId,
        /// The row.
        row: RowId,
    },
    /// Replaces a row by another of the same id.
    ReplaceRow {
        /// The question.
        question: QuestionId,
        /// The new row.
        row: TableRow,
    },
    /// Moves a row.
    MoveRow {
        /// The question.
        question: QuestionId,
        /// The row.
        row: RowId,
        /// Its new place, counted from 0.
        to: u32,
    },
    /// Sets what is on the cover.
    SetDetails {
        /// The new details.
        details: Details,
    },
    /// Puts a piece among those without a place.
    InsertUnplaced {
        /// Its place, counted from 0.
        at: u32,
        /// The piece.
        piece: Unplaced,
    },
    /// Takes a piece from those without a place.
    RemoveUnplaced {
        /// The piece.
        piece: RowId,
    },
    /// Notes an attached picture; its bytes are kept beside.
    AddAttachment {
        /// The SHA-256 of its bytes.
        id: AttachmentId,
        /// What is known of it.
        attachment: Attachment,
    },
    /// Forgets an attached picture.
    RemoveAttachment {
        /// The SHA-256 of its bytes.
        id: AttachmentId,
    },
    /// Several edits, in order, all or none.
    All {
        /// The edits.
        changes: Vec<Change>,
    },
}

/// A row of either kind of table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TableRow {
    /// A row of named cells.
    Cells {
        /// The row.
        row: Row,
    },
    /// A risk.
    Risk {
        /// The risk.
        risk: Box<Risk>,
    },
}

/// Why a change does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The answer is not prose.
    #[error("the answer to {0} is not text")]
    NotText(QuestionId),
    /// The answer is not a table of that kind.
    #[error("the answer to {0} is not a table of such rows")]
    NotTable(QuestionId),
    /// The blocks to be replaced are not there.
    #[error("the answer to {0} has been changed in the meantime: the text to replace is no longer there")]
    TextDiffers(QuestionId),
    /// There is no such row.
    #[error("the answer to {question} has no row {row}")]
    NoSuchRow {
        /// The question.
        question: QuestionId,
        /// The row.
        row: RowId,
    },
    /// There is such a row already.
    #[error("the answer to {question} already has a row {row}")]
    RowExists {
        /// The question.
        question: QuestionId,
        /// The row.
        row: RowId,
    },
    /// The place lies beyond the end.
    #[error("place {at} is beyond the end, {end}")]
    BeyondEnd {
        /// The place.
        at: u32,
        /// The last place that can be named.
        end: u32,
    },
    /// There is no such piece.
    #[error("there is no unplaced text {0}")]
    NoSuchPiece(RowId),
    /// There is such a piece already.
    #[error("there is already an unplaced text {0}")]
    PieceExists(RowId),
    /// There is no such picture.
    #[error("there is no picture {0}")]
    NoSuchAttachment(AttachmentId),
    /// There is such a picture already.
    #[error("the picture {0} is already attached")]
    AttachmentExists(AttachmentId),
}

impl Change {
    /// The smallest splice that turns one prose answer into the other, or nothing where they are equal.
    pub fn between_texts(question: &QuestionId, before: &RichText, after: &RichText, origin: Option<Origin>) -> Option<Self> {
        let (old, new) = (&before.blocks, &after.blocks);
        let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
        let removed = old[head..old.len() - tail].to_vec();
        let inserted = new[head..new.len() - tail].to_vec();
        if removed.is_empty() && inserted.is_empty() {
            return None;
        }
        Some(Self::SpliceText { question: question.clone(), at: u32::try_from(head).ok()?, removed, inserted, origin })
    }

    /// The rows put in, taken out, replaced and moved that turn one table into the other; nothing where they are equal, where
    /// more rows differ than are worth naming one by one, or where an id names no row.
    pub fn between_rows(question: &QuestionId, before: &[Row], after: &[Row]) -> Option<Self> {
        between(question, before, after, |row| TableRow::Cells { row: row.clone() })
    }

    /// As [`Change::between_rows`], for risks.
    pub fn between_risks(question: &QuestionId, before: &[Risk], after: &[Risk]) -> Option<Self> {
        between(question, before, after, |risk| TableRow::Risk { risk: Box::new(risk.clone()) })
    }

    /// Adds the pictures that the change attaches or forgets.
    pub fn collect_attachments(&self, named: &mut BTreeSet<AttachmentId>) {
        match self {
            Change::AddAttachment { id, .. } | Change::RemoveAttachment { id } => {
                named.insert(*id);
            }
            Change::All { changes } => changes.iter().for_each(|change| change.collect_attachments(named)),
            Change::SetAnswer { .. }
            | Change::SpliceText { .. }
            | Change::InsertRow { .. }
            | Change::RemoveRow { .. }
            | Change::ReplaceRow { .. }
            | Change::MoveRow { .. }
            | Change::SetDetails { .. }
            | Change::InsertUnplaced { .. }
            | Change::RemoveUnplaced { .. } => {}
        }
    }

    /// Applies the change and gives its inverse. Where it does not fit, the assessment stays as it was.
    pub fn apply(&self, assessment: &mut Assessment) -> Result<Self, ChangeError> {
        match self {
            Change::SetAnswer { question, answer } => {
                let before = match answer {
                    Some(answer) => assessment.answers.insert(question.clone(), answer.clone()),
                    None => assessment.answers.remove(question),
                };
                Ok(Change::SetAnswer { question: question.clone(), answer: before })
            }
            Change::SpliceText { question, at, removed, inserted, origin } => {
                let answer = assessment.answers.get_mut(question).ok_or_else(|| ChangeError::NotText(question.clone()))?;
                let Content::Answered { value: Value::RichText { text } } = &mut answer.content else {
                    return Err(ChangeError::NotText(question.clone()));
                };
                let start = *at as usize;
                let end = start + removed.len();
                if text.blocks.get(start..end) != Some(removed.as_slice()) {
                    return Err(ChangeError::TextDiffers(question.clone()));
                }
                text.blocks.splice(start..end, inserted.iter().cloned());
                Ok(Change::SpliceText {
                    question: question.clone(),
                    at: *at,
                    removed: inserted.clone(),
                    inserted: removed.clone(),
                    origin: std::mem::replace(&mut answer.origin, origin.clone()),
                })
            }
            Change::InsertRow { question, at, row } => {
                match (row, table_of(assessment, question)?) {
                    (TableRow::Cells { row }, Rows::Cells(rows)) => insert(rows, question, *at, row.clone())?,
                    (TableRow::Risk { risk }, Rows::Risks(risks)) => insert(risks, question, *at, (**risk).clone())?,
                    (TableRow::Cells { .. }, Rows::Risks(_)) | (TableRow::Risk { .. }, Rows::Cells(_)) => {
                        return Err(ChangeError::NotTable(question.clone()));
                    }
                }
                Ok(Change::RemoveRow { question: question.clone(), row: row.id() })
            }
            Change::RemoveRow { question, row } => {
                let (at, row) = match table_of(assessment, question)? {
                    Rows::Cells(rows) => {
                        let at = place_of(rows, question, *row)?;
                        (at, TableRow::Cells { row: rows.remove(at as usize) })
                    }
                    Rows::Risks(risks) => {
                        let at = place_of(risks, question, *row)?;
                        (at, TableRow::Risk { risk: Box::new(risks.remove(at as usize)) })
                    }
                };
                Ok(Change::InsertRow { question: question.clone(), at, row })
            }
            Change::ReplaceRow { question, row } => {
                let before = match (row, table_of(assessment, question)?) {
                    (TableRow::Cells { row }, Rows::Cells(rows)) => {
                        let at = place_of(rows, question, row.id)?;
                        TableRow::Cells { row: std::mem::replace(&mut rows[at as usize], row.clone()) }
                    }
                    (TableRow::Risk { risk }, Rows::Risks(risks)) => {
                        let at = place_of(risks, question, risk.id)?;
                        TableRow::Risk { risk: Box::new(std::mem::replace(&mut risks[at as usize], (**risk).clone())) }
                    }
                    (TableRow::Cells { .. }, Rows::Risks(_)) | (TableRow::Risk { .. }, Rows::Cells(_)) => {
                        return Err(ChangeError::NotTable(question.clone()));
                    }
                };
                Ok(Change::ReplaceRow { question: question.clone(), row: before })
            }
            Change::MoveRow { question, row, to } => {
                let from = match table_of(assessment, question)? {
                    Rows::Cells(rows) => move_row(rows, question, *row, *to)?,
                    Rows::Risks(risks) => move_row(risks, question, *row, *to)?,
                };
                Ok(Change::MoveRow { question: question.clone(), row: *row, to: from })
            }
            Change::SetDetails { details } => {
                Ok(Change::SetDetails { details: std::mem::replace(&mut assessment.details, details.clone()) })
            }
            Change::InsertUnplaced { at, piece } => {
                let pieces = &mut assessment.unplaced;
                if pieces.iter().any(|known| known.id == piece.id) {
                    return Err(ChangeError::PieceExists(piece.id));
                }
                check_place(*at, pieces.len())?;
                pieces.insert(*at as usize, piece.clone());
                Ok(Change::RemoveUnplaced { piece: piece.id })
            }
            Change::RemoveUnplaced { piece } => {
                let pieces = &mut assessment.unplaced;
                let at = pieces.iter().position(|known| known.id == *piece).ok_or(ChangeError::NoSuchPiece(*piece))?;
                Ok(Change::InsertUnplaced { at: count(at), piece: pieces.remove(at) })
            }
            Change::AddAttachment { id, attachment } => {
                if assessment.attachments.contains_key(id) {
                    return Err(ChangeError::AttachmentExists(*id));
                }
                assessment.attachments.insert(*id, attachment.clone());
                Ok(Change::RemoveAttachment { id: *id })
            }
            Change::RemoveAttachment { id } => {
                let attachment = assessment.attachments.remove(id).ok_or(ChangeError::NoSuchAttachment(*id))?;
                Ok(Change::AddAttachment { id: *id, attachment })
            }
            Change::All { changes } => {
                let mut inverses = Vec::with_capacity(changes.len());
                for change in changes {
                    match change.apply(assessment) {
                        Ok(inverse) => inverses.push(inverse),
                        Err(error) => {
                            for inverse in inverses.iter().rev() {
                                // An inverse fits the state that its change left.
                                let undone = inverse.apply(assessment);
                                debug_assert!(undone.is_ok(), "an inverse did not fit: {undone:?}");
                            }
                            return Err(error);
                        }
                    }
                }
                inverses.reverse();
                Ok(Change::All { changes: inverses })
            }
        }
    }
}

impl TableRow {
    /// The row's id.
    pub fn id(&self) -> RowId {
        match self {
            TableRow::Cells { row } => row.id,
            TableRow::Risk { risk } => risk.id,
        }
    }
}

enum Rows<'a> {
    Cells(&'a mut Vec<Row>),
    Risks(&'a mut Vec<Risk>),
}

fn table_of<'a>(assessment: &'a mut Assessment, question: &QuestionId) -> Result<Rows<'a>, ChangeError> {
    match assessment.answers.get_mut(question).map(|answer| &mut answer.content) {
        Some(Content::Answered { value: Value::Table { rows } }) => Ok(Rows::Cells(rows)),
        Some(Content::Answered { value: Value::Risks { risks } }) => Ok(Rows::Risks(risks)),
        Some(_) | None => Err(ChangeError::NotTable(question.clone())),
    }
}

/// The most rows that are named one by one. Of more, the whole answer is as short.
const MOST_ROWS_NAMED: usize = 32;

fn between<T: Identified + PartialEq>(question: &QuestionId, before: &[T], after: &[T], row_of: fn(&T) -> TableRow) -> Option<Change> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let tail = before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..before.len() - tail], &after[head..after.len() - tail]);
    // A table from elsewhere may have an id twice, which names no row.
    let has_doubles = |rows: &[T]| rows.iter().map(Identified::row_id).collect::<BTreeSet<_>>().len() < rows.len();
    if old.len().max(new.len()) > MOST_ROWS_NAMED || has_doubles(before) || has_doubles(after) {
        return None;
    }
    let mut changes = Vec::new();
    let mut now: Vec<&T> = old.iter().collect();
    now.retain(|row| {
        let stays = new.iter().any(|other| other.row_id() == row.row_id());
        if !stays {
            changes.push(Change::RemoveRow { question: question.clone(), row: row.row_id() });
        }
        stays
    });
    for (place, row) in new.iter().enumerate() {
        let at = count(head + place);
        match now.iter().position(|known| known.row_id() == row.row_id()) {
            None => {
                changes.push(Change::InsertRow { question: question.clone(), at, row: row_of(row) });
                now.insert(place, row);
                continue;
            }
            Some(from) if from != place => {
                changes.push(Change::MoveRow { question: question.clone(), row: row.row_id(), to: at });
                let moved = now.remove(from);
                now.insert(place, moved);
            }
            Some(_) => {}
        }
        if now[place] != row {
            changes.push(Change::ReplaceRow { question: question.clone(), row: row_of(row) });
        }
    }
    match changes.len() {
        0 | 1 => changes.pop(),
        _ => Some(Change::All { changes }),
    }
}

trait Identified {
    fn row_id(&self) -> RowId;
}

impl Identified for Row {
    fn row_id(&self) -> RowId {
        self.id
    }
}

impl Identified for Risk {
    fn row_id(&self) -> RowId {
        self.id
    }
}

fn count(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn check_place(at: u32, end: usize) -> Result<(), ChangeError> {
    if at as usize > end { Err(ChangeError::BeyondEnd { at, end: count(end) }) } else { Ok(()) }
}

fn place_of<T: Identified>(rows: &[T], question: &QuestionId, row: RowId) -> Result<u32, ChangeError> {
    rows.iter().position(|known| known.row_id() == row).map(count).ok_or_else(|| ChangeError::NoSuchRow { question: question.clone(), row })
}

fn insert<T: Identified>(rows: &mut Vec<T>, question: &QuestionId, at: u32, row: T) -> Result<(), ChangeError> {
    if rows.iter().any(|known| known.row_id() == row.row_id()) {
        return Err(ChangeError::RowExists { question: question.clone(), row: row.row_id() });
    }
    check_place(at, rows.len())?;
    rows.insert(at as usize, row);
    Ok(())
}

fn move_row<T: Identified>(rows: &mut Vec<T>, question: &QuestionId, row: RowId, to: u32) -> Result<u32, ChangeError> {
    let from = place_of(rows, question, row)?;
    check_place(to, rows.len() - 1)?;
    let moved = rows.remove(from as usize);
    rows.insert(to as usize, moved);
    Ok(from)
}
