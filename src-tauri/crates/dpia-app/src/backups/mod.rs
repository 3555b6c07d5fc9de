//! Backups: where they lie, what they hold, and the way back to one.
//!
//! A backup is the encrypted database, its head and a copy of the key slots, three files of one dated name. It is proved
//! before it has that name. Nothing here needs an open workspace, since a damaged one cannot be opened: [`Backups`] is
//! a folder and a keychain. What an open one does by itself is in [`making`].

mod leftovers;
mod making;
mod thinning;

pub(crate) use leftovers::clear_leftovers;
pub use making::BackupMaker;
pub use thinning::find_surplus;

use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::folder::{Folder, made_at, set_aside_at, stamp};
use crate::keys::{OpenedKeys, system_keychain};
use dpia_keys::{Found, KEY_FILE, KeyFiles, Keychain, Keys, Opening, find_ways, open_or_create};
use dpia_model::Instant;
use dpia_store::StoreError;
use dpia_store::backup::{Look, look_into};
use dpia_store::restore::{CompanionFile, restore, set_head_aside};
use rand_core::OsRng;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which folder was chosen. It lies beside the database, since it is needed when that cannot be opened.
const CHOICE: &str = "backups.json";
/// Where a backup is looked into.
const SCRATCH: &str = "looking";

/// The backups of a workspace's folder.
pub struct Backups {
    folder: Folder,
    keychain: Box<dyn Keychain>,
    /// Keys that are open already: the keychain may not be the way to them.
    known: Option<OpenedKeys>,
}

/// What kind of copy it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum BackupKind {
    /// It was made as a backup.
    Made,
    /// It was in use until a backup took its place.
    SetAside,
}

/// A backup, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BackupEntry {
    /// Names it here.
    pub name: String,
    /// When it was made, or set aside.
    pub made_at: Instant,
    /// How large it is, in kilobytes of 1,000 bytes.
    pub kilobytes: u32,
    /// What it is.
    pub kind: BackupKind,
}

/// The backups that there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BackupsView {
    /// The name of the folder that was chosen; none where they lie with the assessments.
    pub chosen: Option<String>,
    /// Newest first.
    pub backups: Vec<BackupEntry>,
    /// Why the last one was not made as it should be; reported until one is.
    pub trouble: Option<AppError>,
}

/// An assessment in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BackedUp {
    /// The product.
    pub product: String,
    /// Its revision.
    pub revision: u32,
    /// When it was edited last.
    pub changed_at: Instant,
    /// It lay in the bin.
    pub is_binned: bool,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BackupLook {
    /// Which.
    pub entry: BackupEntry,
    /// Its assessments, the one edited last first.
    pub assessments: Vec<BackedUp>,
}

/// What is kept of the choice.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    folder: Option<PathBuf>,
}

impl Backups {
    /// Those of a workspace's folder, with the keychain of the person who is logged in.
    pub fn of(folder: &Path) -> Self {
        Self::with(folder, Box::new(system_keychain()))
    }

    /// The same with this keychain.
    pub fn with(folder: &Path, keychain: Box<dyn Keychain>) -> Self {
        Self { folder: Folder::at(folder), keychain, known: None }
    }

    /// The same, which try these keys first.
    pub fn with_keys(self, known: Option<OpenedKeys>) -> Self {
        Self { known, ..self }
    }

    /// The backups that are in the folder chosen, and what was set aside. A missing folder is reported as trouble.
    pub fn view(&self) -> BackupsView {
        let chosen = chosen_folder(&self.folder);
        let (backups, trouble) = list(&self.folder);
        BackupsView { chosen: chosen.as_deref().map(files::name_of), backups, trouble }
    }

    /// Chooses the folder in which backups are made from now on; none puts them with the assessments. It has to be there
    /// and to take a file.
    pub fn choose_folder(&self, folder: Option<&Path>) -> Result<BackupsView, AppError> {
        if let Some(folder) = folder {
            let probe = folder.join(".dpia-editor-probe");
            files::write(&probe, b"", &[])?;
            fs::remove_file(&probe).map_err(|error| AppError::writing(folder, &error))?;
        }
        let choice = Choice { folder: folder.map(Path::to_owned) };
        let text = serde_json::to_vec(&choice).map_err(|_| {
            AppError::new(
                ErrorCode::Refused,
                "The name of this folder contains characters that cannot be stored: choose \
            another folder.",
            )
        })?;
        files::write(&self.folder.path().join(CHOICE), &text, &[])?;
        Ok(self.view())
    }

    /// Looks into a backup: what it holds. It is read from a copy, and each of its pages is checked.
    pub fn look(&self, name: &str) -> Result<BackupLook, AppError> {
        let (entry, path) = self.find(name)?;
        let (look, _) = self.open(&path)?;
        let assessments = look.assessments.into_iter().map(|summary| BackedUp {
            product: summary.product,
            revision: summary.revision,
            changed_at: summary.updated_at,
            is_binned: summary.binned_at.is_some(),
        });
        Ok(BackupLook { entry, assessments: assessments.collect() })
    }

    /// Puts a backup in the place of the assessments, which are set aside under a dated name. No workspace may be open
    /// here.
    pub fn restore(&self, name: &str, now: Instant) -> Result<(), AppError> {
        let (_, path) = self.find(name)?;
        let (_, keys) = self.open(&path)?;
        let KeyFiles { key_file, database } = self.folder.place();
        let along: Vec<CompanionFile<'_>> =
            keys.slots.as_ref().map(|slots| CompanionFile { file: &key_file, bytes: slots }).into_iter().collect();
        restore(&database, keys.keys.database_key().as_bytes(), &path, &along, &stamp(now)).map_err(about_backup)?;
        Ok(())
    }

    /// Takes the file of the assessments as it is, though it is older than what was left here: its head is set aside.
    pub fn go_on_with_older(&self, now: Instant) -> Result<(), AppError> {
        Ok(set_head_aside(&self.folder.place().database, &stamp(now))?)
    }

    /// A backup of the list, and where it lies.
    fn find(&self, name: &str) -> Result<(BackupEntry, PathBuf), AppError> {
        let entry = self.view().backups.into_iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| AppError::not_found("This backup"))?;
        let path = match entry.kind {
            BackupKind::Made => {
                let chosen = folder_of_backups(&self.folder).join(name);
                if chosen.exists() { chosen } else { self.folder.backups().join(name) }
            }
            BackupKind::SetAside => self.folder.path().join(name),
        };
        Ok((entry, path))
    }

    /// Opens it with the key slots that are here, or else with those that were kept with it.
    fn open(&self, backup: &Path) -> Result<(Look, FoundKeys), AppError> {
        let scratch = self.folder.path().join(SCRATCH);
        let look = |keys: &Keys| look_into(backup, keys.database_key().as_bytes(), &scratch);
        if let Some(OpenedKeys(known)) = &self.known {
            match look(known) {
                // Another key made it.
                Err(StoreError::WrongKey { .. } | StoreError::HeadUnreadable { .. }) => {}
                looked => {
                    return Ok((looked.map_err(about_backup)?, FoundKeys { keys: Arc::clone(known), slots: self.slots_to_bring(backup)? }));
                }
            }
        }
        let here = self.keys_by(&self.folder.place().key_file, backup);
        let carried = slots_of(backup);
        match here {
            Ok(keys) => match look(&keys) {
                Err(StoreError::WrongKey { .. } | StoreError::HeadUnreadable { .. }) if carried.exists() => {}
                looked => return Ok((looked.map_err(about_backup)?, FoundKeys { keys: Arc::new(keys), slots: None })),
            },
            Err(error) if !carried.exists() => return Err(error),
            Err(_) => {}
        }
        let keys = self.keys_by(&carried, backup)?;
        let slots = files::read(&carried)?;
        let looked = look(&keys).map_err(about_backup)?;
        Ok((looked, FoundKeys { keys: Arc::new(keys), slots: Some(slots) }))
    }

    /// The slots that a backup carries, where none that can be read are here.
    fn slots_to_bring(&self, backup: &Path) -> Result<Option<Vec<u8>>, AppError> {
        let carried = slots_of(backup);
        match find_ways(&self.folder.place())? {
            Found::Ways(_) => Ok(None),
            Found::Nothing | Found::Stopped(_) if carried.exists() => Ok(Some(files::read(&carried)?)),
            Found::Nothing | Found::Stopped(_) => Ok(None),
        }
    }

    fn keys_by(&self, key_file: &Path, database: &Path) -> Result<Keys, AppError> {
        let place = KeyFiles { key_file: key_file.to_owned(), database: database.to_owned() };
        // The database is there, so no keys are ever made.
        match open_or_create(&place, &*self.keychain, &mut OsRng)? {
            Opening::Opened(keys) | Opening::FirstRun(keys) => Ok(keys),
            Opening::Stopped(obstacle) => Err(obstacle.into()),
        }
    }
}

/// Keys, and the slots that have to come along where those that are here do not lead to them.
struct FoundKeys {
    keys: Arc<Keys>,
    slots: Option<Vec<u8>>,
}

/// A failure with a backup is not one with the assessments.
fn about_backup(error: StoreError) -> AppError {
    match &error {
        StoreError::Damaged { .. } | StoreError::NotADatabase { .. } | StoreError::HeadUnreadable { .. } | StoreError::Older { .. } => {
            let words = "This backup is damaged. Nothing was changed: choose an earlier one.";
            AppError::new(ErrorCode::Refused, words).with_detail(error)
        }
        StoreError::WrongKey { .. } => {
            let words = "This backup was made with another key, which is not in this keychain. Nothing was changed.";
            AppError::new(ErrorCode::Refused, words).with_detail(error)
        }
        StoreError::Missing { .. } => AppError::not_found("This backup"),
        StoreError::Exists { .. }
        | StoreError::AlreadyOpen { .. }
        | StoreError::NetworkFolder { .. }
        | StoreError::Newer { .. }
        | StoreError::TakenAway { .. }
        | StoreError::DiskFull
        | StoreError::ReadOnly
        | StoreError::NoAssessment(_)
        | StoreError::AssessmentExists(_)
        | StoreError::NoEntry(_)
        | StoreError::EntryExists(_)
        | StoreError::Stale { .. }
        | StoreError::Change(_)
        | StoreError::History(_)
        | StoreError::HistoryMismatch { .. }
        | StoreError::EntryDamaged { .. }
        | StoreError::HistoryEnds { .. }
        | StoreError::NoAttachment(_)
        | StoreError::Picture(_)
        | StoreError::TemplateDiffers { .. }
        | StoreError::TooDeep { .. }
        | StoreError::File { .. }
        | StoreError::Sql(_)
        | StoreError::Closed => error.into(),
    }
}

/// The folder in which backups lie.
fn folder_of_backups(folder: &Folder) -> PathBuf {
    chosen_folder(folder).unwrap_or_else(|| folder.backups())
}

/// The folder that was chosen. A choice that cannot be read is none: backups go where they are always found.
fn chosen_folder(folder: &Folder) -> Option<PathBuf> {
    let bytes = fs::read(folder.path().join(CHOICE)).ok()?;
    serde_json::from_slice::<Choice>(&bytes).ok()?.folder
}

/// Where the key slots lie that a backup carries.
fn slots_of(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(format!(".{KEY_FILE}"));
    PathBuf::from(name)
}

/// Every backup and what was set aside, newest first; and the failure where the folder chosen cannot be read. Those that
/// were made with the assessments are listed wherever backups are made now.
fn list(workspace: &Folder) -> (Vec<BackupEntry>, Option<AppError>) {
    let (chosen, own) = (chosen_folder(workspace), workspace.backups());
    let (mut entries, mut trouble) = (Vec::new(), None);
    for folder in chosen.iter().chain([&own]) {
        match fs::read_dir(folder) {
            Ok(files) => entries.extend(entries_in(files, BackupKind::Made)),
            // The folder with the assessments is made with the first backup.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && *folder == own => {}
            Err(error) => trouble = trouble.or(Some(cannot_read(folder, &error))),
        }
    }
    match fs::read_dir(workspace.path()) {
        Ok(files) => entries.extend(entries_in(files, BackupKind::SetAside)),
        Err(error) => trouble = trouble.or(Some(cannot_read(workspace.path(), &error))),
    }
    entries.sort_by(|one, other| other.made_at.cmp(&one.made_at).then_with(|| other.name.cmp(&one.name)));
    entries.dedup_by(|one, other| one.name == other.name);
    (entries, trouble)
}

fn entries_in(files: fs::ReadDir, kind: BackupKind) -> Vec<BackupEntry> {
    let entry = |file: fs::DirEntry| {
        let name = file.file_name().into_string().ok()?;
        let moment = match kind {
            BackupKind::Made => made_at(&name),
            BackupKind::SetAside => set_aside_at(&name),
        };
        let kilobytes = u32::try_from(file.metadata().ok()?.len().div_ceil(1000)).unwrap_or(u32::MAX);
        Some(BackupEntry { made_at: moment?, kilobytes, kind, name })
    };
    files.flatten().filter_map(entry).collect()
}

fn cannot_read(folder: &Path, error: &std::io::Error) -> AppError {
    let words =
        format!("The folder of the backups, {}, cannot be reached. Reconnect it, or choose another folder.", files::name_of(folder));
    AppError::new(ErrorCode::NotSaved, words).with_detail(error)
}
