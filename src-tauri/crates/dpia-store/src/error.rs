//! Why the store refused or failed. Each variant says what and where; what to do is for the one who shows it.

use crate::Revision;
use crate::picture::PictureError;
use dpia_model::change::ChangeError;
use dpia_model::date::Instant;
use dpia_model::history::HistoryError;
use dpia_model::id::{AssessmentId, AttachmentId, EntryId};
use rusqlite::ErrorCode;
use std::path::PathBuf;

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no database at that place; a new one is never made in its stead.
    #[error("there is no database at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// There is something at the place where a database was to be made.
    #[error("there is a file at {} already", path.display())]
    Exists {
        /// Where it is.
        path: PathBuf,
    },
    /// Another process, or another handle of this one, has it open.
    #[error("the database {} is already open", path.display())]
    AlreadyOpen {
        /// The database.
        path: PathBuf,
    },
    /// It is on a file system whose locks and syncs cannot be trusted.
    #[error("the database {} is in a network folder ({kind}), where writes can be lost; keep it on this computer", path.display())]
    NetworkFolder {
        /// The database.
        path: PathBuf,
        /// The kind of file system, such as `nfs4`.
        kind: String,
    },
    /// The key does not open it. A database whose first page is damaged looks the same.
    #[error("the key does not open the database {}", path.display())]
    WrongKey {
        /// The database.
        path: PathBuf,
    },
    /// It is some other file.
    #[error("{} is not a database of this program", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program made it.
    #[error("the database was written by a newer version of the program: its format is {found}, and {known} is the newest known here")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// What is stored does not hold together.
    #[error("the database is damaged: {what}")]
    Damaged {
        /// What was found.
        what: String,
        /// What SQLite said of it, where it did.
        #[source]
        source: Option<rusqlite::Error>,
    },
    /// It is not the database that was left here, but an older copy or one that lost its last edits.
    #[error("the database is older than the one that was left here, which held {assessments} assessments, {}", count_edited(edited_at))]
    Older {
        /// How many assessments that one held.
        assessments: u32,
        /// When it was edited last.
        edited_at: Option<Instant>,
    },
    /// The file that says how far the database had come was altered.
    #[error("{} was altered: it is not known whether the database is the newest", path.display())]
    HeadUnreadable {
        /// That file.
        path: PathBuf,
    },
    /// The file was moved, deleted or replaced while it was open. What SQLite writes to it then is nowhere to be found.
    #[error("the database {} was taken away while it was open", path.display())]
    TakenAway {
        /// Where it was.
        path: PathBuf,
    },
    /// The disk is full; nothing was written.
    #[error("the disk is full: nothing was written")]
    DiskFull,
    /// The file or its folder cannot be written to.
    #[error("the database cannot be written to: the file or its folder is read-only")]
    ReadOnly,
    /// There is no such assessment.
    #[error("there is no assessment {0}")]
    NoAssessment(AssessmentId),
    /// There is such an assessment already, maybe in the bin.
    #[error("the assessment {0} is here already")]
    AssessmentExists(AssessmentId),
    /// There is no such entry in its history.
    #[error("the history has no entry {0}")]
    NoEntry(EntryId),
    /// The history has this entry already.
    #[error("the history has an entry {0} already")]
    EntryExists(EntryId),
    /// It was edited since the edit was begun.
    #[error("the assessment was changed meanwhile: the edit was begun at revision {base}, and {current} is the newest")]
    Stale {
        /// The revision the edit was begun at.
        base: Revision,
        /// The revision it is at.
        current: Revision,
    },
    /// An edit does not fit.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A history does not hold.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A history does not lead to its assessment.
    #[error("entry {sequence} of the history does not fit the assessment it led to")]
    HistoryMismatch {
        /// The entry that cannot be taken back.
        sequence: u32,
    },
    /// An entry of a history is not the one that was written.
    #[error("entry {sequence} of the history is not what was written")]
    EntryDamaged {
        /// The entry.
        sequence: u32,
    },
    /// A history ends before or after its assessment.
    #[error("the history ends at entry {last}, and the assessment is at {revision}")]
    HistoryEnds {
        /// The last entry.
        last: u32,
        /// The revision that the assessment says it is at.
        revision: Revision,
    },
    /// There is no such picture here.
    #[error("the picture {0} is not here")]
    NoAttachment(AttachmentId),
    /// A picture is not taken.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// Another text is kept under this id, and a released template never changes.
    #[error("another text of {id} is here already, and a template never changes")]
    TemplateDiffers {
        /// The edition's or pack's id.
        id: String,
    },
    /// Lists inside lists go deeper than could be read back.
    #[error("the text is nested {depth} deep; {most} is the most that is kept")]
    TooDeep {
        /// How deep it goes.
        depth: usize,
        /// The most that is kept.
        most: usize,
    },
    /// A file or folder of the store could not be used.
    #[error("{} cannot be used: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database failed in another way.
    #[error("the database failed: {0}")]
    Sql(#[source] rusqlite::Error),
    /// The writer has ended; the store has to be opened again.
    #[error("the database was closed")]
    Closed,
}

fn count_edited(at: &Option<Instant>) -> String {
    at.as_ref().map_or_else(|| "none of them edited".to_owned(), |at| format!("edited last at {at}"))
}

impl StoreError {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into(), source: None }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // The key was proved when the file was opened: a page that fails its HMAC now is a damaged page.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { what: "a page of it cannot be read".to_owned(), source: Some(error) }
            }
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            _ => Self::Sql(error),
        }
    }
}

impl From<dpia_files::FileError> for StoreError {
    fn from(error: dpia_files::FileError) -> Self {
        Self::File { path: error.path, source: error.source }
    }
}
