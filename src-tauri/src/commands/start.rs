//! Starting, and who works here.

use crate::app_state::{AppState, with_state, with_workspace};
use crate::closing;
use dpia_app::{AppError, Person, Start};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};

/// Unlocks the assessments, or says why they cannot be. May be asked again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(app: AppHandle) -> Result<Start, AppError> {
    with_state(app, |state| state.start()).await
}

/// Tells on this line when the window is to close: then what was typed is saved, and [`finish_closing`] says so.
#[tauri::command]
#[specta::specta]
pub(crate) fn watch_closing(app: AppHandle, line: Channel<()>) {
    app.state::<AppState>().closing.announce_on(line);
}

/// Closes the window where everything is saved. Where it is not, the window stays open until it is asked again.
#[tauri::command]
#[specta::specta]
pub(crate) fn finish_closing(app: AppHandle, is_saved: bool) {
    closing::answer(&app, is_saved);
}

/// Sets who works here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_person(app: AppHandle, person: Option<Person>) -> Result<(), AppError> {
    with_workspace(app, move |workspace, _| workspace.vault.save_person(person)).await
}
