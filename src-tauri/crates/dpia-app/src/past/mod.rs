//! What an assessment said before: the answers that a question had, versions, what changed between two moments, and the
//! whole history as a file for those who audit.

mod answers;
mod checking;
mod comparing;
mod histories;
mod moments;
mod reading;
mod tables;
mod telling;
mod views;
mod words;

pub use comparing::Compared;
pub use histories::Histories;
pub use moments::{Moment, Past};
pub use views::{
    ChangedCell, ChangedPlace, Comparison, Difference, HistoryEntry, HistoryTrouble, HistoryView, MomentView, PastAnswer, RowChange,
    VersionView, WordRun, WordRunKind,
};
