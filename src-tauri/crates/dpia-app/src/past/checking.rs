//! Whether a history holds: no entry missing or altered, and each leads to what the document says.

use super::histories::Histories;
use super::views::HistoryTrouble;
use crate::error::{AppError, sentence};
use dpia_model::history::HistoryError;
use dpia_model::id::AssessmentId;
use dpia_store::StoreError;

/// So many entries are read in one go; what is typed meanwhile waits no longer than for these.
const AT_ONCE: u32 = 250;

impl Histories {
    /// Why the history of an assessment does not hold; none where it does. It is read in parts, so that nothing waits for it.
    pub fn find_history_trouble(&self, id: AssessmentId) -> Result<Option<HistoryTrouble>, AppError> {
        if self.check_in_parts(id).is_ok() {
            return Ok(None);
        }
        // It may have been replaced between two parts: one look at the whole says what is so.
        match self.vault.store().check_history(id) {
            Ok(()) => Ok(None),
            Err(error) => trouble_of(&error).map(Some).ok_or_else(|| error.into()),
        }
    }

    fn check_in_parts(&self, id: AssessmentId) -> Result<(), StoreError> {
        let (assessment, revision) = self.vault.store().load(id)?;
        let mut entries = Vec::new();
        while entries.len() < revision as usize {
            let part =
                self.vault.store().history_part(id, entries.last().map_or(0, |entry: &dpia_model::Entry| entry.sequence), AT_ONCE)?;
            if part.is_empty() {
                break;
            }
            entries.extend(part);
        }
        // What was edited meanwhile is no part of the revision that was read first.
        entries.retain(|entry| entry.sequence <= revision);
        dpia_store::check_history(&assessment, &entries, revision)
    }
}

/// What is wrong with a history; none where something else failed.
fn trouble_of(error: &StoreError) -> Option<HistoryTrouble> {
    let number = match error {
        StoreError::EntryDamaged { sequence } | StoreError::HistoryMismatch { sequence } => Some(*sequence),
        StoreError::History(HistoryError::Broken { sequence }) => Some(*sequence),
        StoreError::History(HistoryError::Gap { expected, .. }) => Some(*expected),
        StoreError::HistoryEnds { last, .. } => Some(*last),
        StoreError::Missing { .. }
        | StoreError::Exists { .. }
        | StoreError::AlreadyOpen { .. }
        | StoreError::NetworkFolder { .. }
        | StoreError::WrongKey { .. }
        | StoreError::NotADatabase { .. }
        | StoreError::Newer { .. }
        | StoreError::Damaged { .. }
        | StoreError::Older { .. }
        | StoreError::HeadUnreadable { .. }
        | StoreError::TakenAway { .. }
        | StoreError::DiskFull
        | StoreError::ReadOnly
        | StoreError::NoAssessment(_)
        | StoreError::AssessmentExists(_)
        | StoreError::NoEntry(_)
        | StoreError::EntryExists(_)
        | StoreError::Stale { .. }
        | StoreError::Change(_)
        | StoreError::NoAttachment(_)
        | StoreError::Picture(_)
        | StoreError::TemplateDiffers { .. }
        | StoreError::TooDeep { .. }
        | StoreError::File { .. }
        | StoreError::Sql(_)
        | StoreError::Closed => return None,
    };
    Some(HistoryTrouble { number, words: format!("{}.", sentence(&error.to_string())) })
}
