//! What the commands share: the open workspace, the dialogs, and a thread for whatever may wait.

use crate::dialogs::{Dialogs, NativeDialogs};
use dpia_app::{AppError, ErrorCode, Workspace};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tauri::Manager as _;

/// Names another folder for the assessments, for tests.
const FOLDER: &str = "DPIA_DATA_DIR";

/// The program's own state.
pub(crate) struct Desk {
    folder: PathBuf,
    dialogs: Arc<dyn Dialogs>,
    workspace: Mutex<Option<Arc<Workspace>>>,
}

impl Desk {
    pub(crate) fn new(app: &tauri::AppHandle) -> tauri::Result<Self> {
        let folder = match std::env::var_os(FOLDER) {
            Some(folder) => PathBuf::from(folder),
            None => app.path().app_local_data_dir()?,
        };
        Ok(Self { folder, dialogs: dialogs(app), workspace: Mutex::new(None) })
    }

    /// Opens the workspace, or gives the one that is open. May wait for the keychain.
    pub(crate) fn open(&self) -> Result<Arc<Workspace>, AppError> {
        let mut open = self.workspace.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(workspace) = &*open {
            return Ok(Arc::clone(workspace));
        }
        let workspace = Arc::new(Workspace::open(&self.folder)?);
        *open = Some(Arc::clone(&workspace));
        Ok(workspace)
    }
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
    let done = tokio::task::spawn_blocking(move || {
        let desk = app.state::<Desk>();
        let workspace = desk.open()?;
        work(&workspace, &*desk.dialogs)
    });
    match done.await {
        Ok(result) => result,
        Err(error) => Err(AppError::new(ErrorCode::Environment, "This could not be done. Try again.").with_detail(error)),
    }
}
