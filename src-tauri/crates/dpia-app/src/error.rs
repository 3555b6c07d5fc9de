//! Failures as people meet them: a code where somebody acts on it, a sentence that says what, where and what to do.

use dpia_files::{Cause, Disk, FileError, System as _, WriteStep};
use dpia_keys::{Access, KeysError, NotDone, Obstacle};
use dpia_store::StoreError;
use serde::Serialize;

/// A failure of a use case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[error("{message}")]
pub struct AppError {
    /// What to act on.
    pub code: ErrorCode,
    /// What happened, where, and what to do.
    pub message: String,
    /// More, for those who want it.
    pub detail: Option<String>,
}

/// What somebody can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// What was given cannot be taken: say why.
    Refused,
    /// It was asked for in a wrong way: say how to ask.
    Misused,
    /// Something else was edited meanwhile: read it again.
    Stale,
    /// It is not here.
    NotFound,
    /// Another window has the assessments open.
    AlreadyOpen,
    /// There is no keychain, or none that works.
    KeychainMissing,
    /// The keychain is locked, or waits for an answer.
    KeychainLocked,
    /// The keychain has lost the key of the assessments.
    KeyMissing,
    /// The key file is not there.
    KeyFileMissing,
    /// The key file cannot be read.
    KeyFileDamaged,
    /// The passphrase is asked for.
    PassphraseNeeded,
    /// The recovery key is asked for.
    RecoveryKeyNeeded,
    /// What was typed does not open the assessments.
    WrongSecret,
    /// The assessments' file is damaged.
    Damaged,
    /// The assessments' file is older than the one that was left here.
    Outdated,
    /// A newer version wrote it.
    Newer,
    /// The report's fonts do not have some of its characters, and it was to be signed.
    CharactersMissing,
    /// The officer's name is needed first.
    PersonMissing,
    /// It could not be written: the disk is full, the folder is read-only or gone.
    NotSaved,
    /// The computer failed in another way.
    Environment,
}

impl AppError {
    /// A failure with this code and sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: None }
    }

    /// The same with the cause below it.
    pub fn with_detail(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// The same, said of a thing of this name.
    pub fn about(mut self, name: &str) -> Self {
        self.message = format!("{name}: {}", self.message);
        self
    }

    pub(crate) fn refused(error: impl std::error::Error) -> Self {
        Self::new(ErrorCode::Refused, sentence(&error.to_string()))
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("{what} no longer exists."))
    }

    pub(crate) fn writing(place: &std::path::Path, error: &std::io::Error) -> Self {
        Self::not_written(place, &Disk.cause_of(error, WriteStep::Write)).with_detail(error)
    }

    fn not_written(place: &std::path::Path, cause: &Cause) -> Self {
        let why = match cause {
            Cause::Full => "The disk is full: free some space, then try again",
            Cause::NoPermission => "This folder cannot be written to: choose another, or change its permissions",
            Cause::ReadOnly => "This disk is read-only: choose another place",
            Cause::HeldOpen => "It is open in another program: close it there, then try again",
            Cause::FolderMissing => "The folder does not exist: choose another",
            Cause::IsFolder => "There is a folder of this name: choose another name",
            Cause::NotAFile => "There is something of this name that is not a file: choose another name",
            Cause::IsInput => "It is one of the source files: choose another name",
            Cause::Exists => "There is already a file of this name: choose another name",
            Cause::BadName => "The disk does not allow this name: choose a shorter one, without special characters",
            Cause::Other => "The computer refused: choose another place, or try again",
        };
        // What is on the disk has no part in this: another name was to be given.
        let code = if *cause == Cause::IsInput { ErrorCode::Misused } else { ErrorCode::NotSaved };
        Self::new(code, format!("{} was not saved. {why}.", crate::names::name_of(place)))
    }
}

impl From<FileError> for AppError {
    fn from(error: FileError) -> Self {
        (&error).into()
    }
}

impl From<&FileError> for AppError {
    fn from(error: &FileError) -> Self {
        let name = crate::names::name_of(&error.path);
        let said = match error.is_in_place() {
            true => Self::new(
                ErrorCode::NotSaved,
                format!(
                    "{name} was saved, but the computer did not confirm that it is safely on the disk: check the disk, then save it \
                    again."
                ),
            ),
            false => Self::not_written(&error.path, &error.cause),
        };
        said.with_detail(&error.source)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        use ErrorCode as Code;
        let (code, message) = match &error {
            StoreError::AlreadyOpen { .. } => {
                (Code::AlreadyOpen, "The assessments are open in another window: use that window, or close it and try again.")
            }
            StoreError::DiskFull => (Code::NotSaved, "The disk is full. Keep this window open, free some space, then try again."),
            StoreError::ReadOnly => (
                Code::NotSaved,
                "The folder of the assessments is read-only. Change its permissions, then try \
            again.",
            ),
            StoreError::File { source, .. } if is_read_only(source) => {
                (Code::NotSaved, "The folder of the assessments cannot be written to. Change its permissions, then try again.")
            }
            StoreError::File { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
                (Code::NotSaved, "The disk is full. Keep this window open, free some space, then try again.")
            }
            StoreError::TakenAway { .. } => (
                Code::NotSaved,
                "The file of the assessments was moved, deleted or replaced while it was open. Keep this window open, put the file \
                back, then try again.",
            ),
            StoreError::File { .. } => {
                (Code::NotSaved, "The file of the assessments cannot be reached. Reconnect its folder, then try again.")
            }
            StoreError::Stale { .. } => (Code::Stale, "This assessment has been changed in the meantime. Open it again."),
            StoreError::NoAssessment(_) | StoreError::NoEntry(_) | StoreError::NoAttachment(_) => {
                (Code::NotFound, "This no longer exists.")
            }
            StoreError::Missing { .. } => {
                (Code::Damaged, "The file of the assessments is missing; its key is still here. Put the file back, or restore a backup.")
            }
            StoreError::WrongKey { .. } => {
                (Code::KeyMissing, "The key is for a different set of assessments. Put back the key file that belongs to these.")
            }
            StoreError::Newer { .. } => {
                (Code::Newer, "A newer version of DPIA Editor wrote these assessments: install it, then try again.")
            }
            StoreError::Older { assessments, edited_at } => return outdated(*assessments, *edited_at).with_detail(error),
            StoreError::HeadUnreadable { .. } => (
                Code::Outdated,
                "The record of the latest revision, kept next to the assessments, was altered, so it is not certain that their file is \
                the latest. Nothing was changed: restore a backup, or continue with the file as it is.",
            ),
            StoreError::Damaged { .. } | StoreError::NotADatabase { .. } => {
                (Code::Damaged, "The file of the assessments is damaged. Nothing was changed in it: restore a backup.")
            }
            StoreError::History(_)
            | StoreError::HistoryMismatch { .. }
            | StoreError::HistoryEnds { .. }
            | StoreError::EntryDamaged { .. } => (
                Code::Damaged,
                "The history of this assessment is inconsistent, so this is not possible. Its current answers are intact: export a \
                bundle without the history, or restore a backup.",
            ),
            StoreError::Exists { .. }
            | StoreError::NetworkFolder { .. }
            | StoreError::AssessmentExists(_)
            | StoreError::EntryExists(_)
            | StoreError::Change(_)
            | StoreError::Picture(_)
            | StoreError::TemplateDiffers { .. }
            | StoreError::TooDeep { .. }
            | StoreError::Sql(_)
            | StoreError::Closed => return Self::refused(error),
        };
        Self::new(code, message).with_detail(error)
    }
}

fn is_read_only(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem)
}

/// What was left here is not what is here now.
fn outdated(assessments: u32, edited_at: Option<dpia_model::Instant>) -> AppError {
    let held = match assessments {
        1 => "one assessment".to_owned(),
        count => format!("{count} assessments"),
    };
    let edited = edited_at.map(|at| format!(", last edited on {}", at.0.strftime("%-d %B %Y"))).unwrap_or_default();
    let words = format!(
        "The file of the assessments is older than when it was last closed, when it contained {held}{edited}: it was replaced by an \
        older copy, or its last edits were lost. Nothing was changed: restore a backup, or continue with the older file."
    );
    AppError::new(ErrorCode::Outdated, words)
}

impl From<Obstacle> for AppError {
    fn from(obstacle: Obstacle) -> Self {
        let code = match obstacle {
            Obstacle::KeyMissing | Obstacle::KeyReplaced => ErrorCode::KeyMissing,
            Obstacle::Locked | Obstacle::Blocked => ErrorCode::KeychainLocked,
            Obstacle::NoKeychain { .. } | Obstacle::Denied { .. } | Obstacle::KeychainBroken { .. } => ErrorCode::KeychainMissing,
            Obstacle::PassphraseNeeded => ErrorCode::PassphraseNeeded,
            Obstacle::RecoveryKeyNeeded => ErrorCode::RecoveryKeyNeeded,
            Obstacle::WrongPassphrase | Obstacle::WrongRecoveryKey | Obstacle::NoPassphrase | Obstacle::NoRecoveryKey => {
                ErrorCode::WrongSecret
            }
            Obstacle::KeyFileMissing { .. } => ErrorCode::KeyFileMissing,
            Obstacle::KeyFileDamaged { .. } => ErrorCode::KeyFileDamaged,
            Obstacle::KeyFileNewer { .. } | Obstacle::NoKnownSlot { .. } => ErrorCode::Newer,
        };
        Self::new(code, obstacle.to_string())
    }
}

impl From<NotDone> for AppError {
    fn from(stop: NotDone) -> Self {
        match stop {
            NotDone::Obstacle(obstacle) => obstacle.into(),
            NotDone::Failed(error) => error.into(),
        }
    }
}

impl From<KeysError> for AppError {
    fn from(error: KeysError) -> Self {
        use ErrorCode as Code;
        let (code, message) = match &error {
            KeysError::NotWritten(error) => return error.into(),
            KeysError::File { path, access: Access::Read, source } => {
                let message =
                    format!("The key file {} cannot be read. Change its permissions, then try again.", crate::names::name_of(path));
                return Self::new(Code::Environment, message).with_detail(source);
            }
            KeysError::File { path, access: Access::Write, source } => return Self::writing(path, source),
            KeysError::KeyFileReplaced { .. } => (
                Code::Stale,
                "The key file was replaced while it was in use. Nothing was changed. Close DPIA Editor, open it again, then try again.",
            ),
            KeysError::KeyFileBusy { .. } => (
                Code::NotSaved,
                "Another program is writing the key file. Nothing was changed. Close other windows of DPIA Editor, then try again.",
            ),
            KeysError::RecoveryKeyReplaced => (
                Code::Stale,
                "A newer recovery key has been created in the meantime. Create one again, \
            and keep it.",
            ),
            KeysError::LastWay => {
                (Code::Refused, "Nothing else opens the assessments. Confirm a recovery key first, then remove the passphrase.")
            }
            KeysError::PassphraseMissing => {
                (Code::WrongSecret, "The new keys need a new passphrase. Choose one, then replace the keys again.")
            }
            KeysError::TooLittleMemory { .. } => {
                (Code::Environment, "There is too little free memory to use the passphrase. Close some programs, then try again.")
            }
            KeysError::NoRandomness(_) => (Code::Environment, "The computer gave no random numbers. Nothing was changed. Try again."),
            KeysError::NotEncoded(_)
            | KeysError::PassphraseNotUsed
            | KeysError::IdentityNotOpened
            | KeysError::IdentityNewer { .. }
            | KeysError::NotEncrypted => (Code::Damaged, "A key of this workspace cannot be used."),
        };
        Self::new(code, message).with_detail(error)
    }
}

/// A sentence begins with a capital letter, unless it begins with an id, a path or an address.
pub(crate) fn sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ':', ';']);
    if !first.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’')) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
