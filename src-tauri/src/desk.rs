//! What the commands share: the open workspace, the dialogs, and a thread for whatever may wait.

use crate::dialogs::{Dialogs, NativeDialogs};
use dpia_app::keys::{Unlock, UnlockWays, find_unlock_ways};
use dpia_app::{AppError, ErrorCode, Workspace};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::Manager as _;

/// Names another folder for the assessments, for tests.
const FOLDER: &str = "DPIA_DATA_DIR";

/// The program's own state.
pub(crate) struct Desk {
    folder: PathBuf,
    dialogs: Arc<dyn Dialogs>,
    workspace: Mutex<Option<Arc<Workspace>>>,
    /// Places that were chosen; the web view knows them by their number alone.
    places: Mutex<Vec<PathBuf>>,
    /// A file that the program was started with, as a desktop does where a bundle is opened.
    given: Mutex<Option<PathBuf>>,
    /// A copy of the key file that was chosen, for one that is missing or damaged.
    key_file: Mutex<Option<PathBuf>>,
    /// Says to the export that is under way that it is not wanted any more.
    export: Mutex<Arc<AtomicBool>>,
}

/// The number of a place that was chosen in a dialog.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, specta::Type)]
pub(crate) struct Remembered(u32);

impl Desk {
    pub(crate) fn new(app: &tauri::AppHandle) -> tauri::Result<Self> {
        let folder = match std::env::var_os(FOLDER) {
            Some(folder) => PathBuf::from(folder),
            None => app.path().app_local_data_dir()?,
        };
        Ok(Self {
            folder,
            dialogs: dialogs(app),
            workspace: Mutex::new(None),
            places: Mutex::default(),
            given: Mutex::new(given_file()),
            key_file: Mutex::default(),
            export: Mutex::default(),
        })
    }

    /// Remembers a place that was chosen.
    pub(crate) fn remember(&self, place: PathBuf) -> Remembered {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.push(place);
        Remembered(u32::try_from(places.len() - 1).unwrap_or(u32::MAX))
    }

    /// The place that a number stands for.
    pub(crate) fn recall(&self, place: Remembered) -> Result<PathBuf, AppError> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let found = usize::try_from(place.0).ok().and_then(|at| places.get(at).cloned());
        found.ok_or_else(|| AppError::new(ErrorCode::NotFound, "This file was not chosen here."))
    }

    /// The file that the program was started with, once.
    pub(crate) fn take_given(&self) -> Option<PathBuf> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Begins an export: what is given turns true once it is not wanted any more.
    pub(crate) fn begin_export(&self) -> Arc<AtomicBool> {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        *self.export.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&is_cancelled);
        is_cancelled
    }

    /// Stops the export that was begun last.
    pub(crate) fn cancel_export(&self) {
        self.export.lock().unwrap_or_else(PoisonError::into_inner).store(true, Ordering::SeqCst);
    }

    /// Opens the workspace, or gives the one that is open. May wait for the keychain.
    pub(crate) fn open(&self) -> Result<Arc<Workspace>, AppError> {
        self.unlock(&Unlock::Keychain)
    }

    /// As [`Desk::open`], in another way than by the keychain where it is not open yet.
    pub(crate) fn unlock(&self, unlock: &Unlock) -> Result<Arc<Workspace>, AppError> {
        let mut open = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(workspace) = &*open {
            return Ok(Arc::clone(workspace));
        }
        let key_file = self.key_file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let workspace = Arc::new(Workspace::unlock(&self.folder, key_file.as_deref(), unlock)?);
        *open = Some(Arc::clone(&workspace));
        Ok(workspace)
    }

    /// What else opens the workspace, where the keychain does not.
    pub(crate) fn find_unlock_ways(&self) -> UnlockWays {
        let key_file = self.key_file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        find_unlock_ways(&self.folder, key_file.as_deref())
    }

    /// Asks for a copy of the key file, to be used by whatever opens the workspace next. False where the dialog was left.
    pub(crate) fn choose_key_file(&self) -> bool {
        let Some(chosen) = self.dialogs.choose_file(crate::dialogs::FileKind::KeyFile) else { return false };
        *self.key_file.lock().unwrap_or_else(PoisonError::into_inner) = Some(chosen);
        true
    }
}

/// The first argument that is no option.
fn given_file() -> Option<PathBuf> {
    let given = std::env::args_os().skip(1).find(|argument| !argument.to_string_lossy().starts_with('-'))?;
    // The folder may change; what was meant does not.
    std::path::absolute(given).ok()
}

#[cfg(not(feature = "test-dialogs"))]
fn dialogs(app: &tauri::AppHandle) -> Arc<dyn Dialogs> {
    Arc::new(NativeDialogs(app.clone()))
}

#[cfg(feature = "test-dialogs")]
fn dialogs(app: &tauri::AppHandle) -> Arc<dyn Dialogs> {
    match std::env::var_os("DPIA_TEST_DIALOGS") {
        Some(script) => Arc::new(crate::dialogs::ScriptedDialogs(PathBuf::from(script))),
        None => Arc::new(NativeDialogs(app.clone())),
    }
}

/// Does a piece of work on a thread that may wait, with the open workspace and the dialogs.
pub(crate) async fn on_desk<T: Send + 'static>(
    app: tauri::AppHandle,
    work: impl FnOnce(&Workspace, &dyn Dialogs) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    before_opening(app, move |desk| work(&*desk.open()?, &*desk.dialogs)).await
}

/// Does a piece of work on a thread that may wait, with the desk, whose workspace may not be open yet.
pub(crate) async fn before_opening<T: Send + 'static>(
    app: tauri::AppHandle,
    work: impl FnOnce(&Desk) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    match tokio::task::spawn_blocking(move || work(&app.state::<Desk>())).await {
        Ok(result) => result,
        Err(error) => Err(AppError::new(ErrorCode::Environment, "This could not be done. Try again.").with_detail(error)),
    }
}
