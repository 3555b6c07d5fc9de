//! Starting, and who works here.

use crate::app_state::{with_state, with_workspace};
use dpia_app::{AppError, Person, Start};
use tauri::AppHandle;

/// Unlocks the assessments, or says why they cannot be. May be asked again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(app: AppHandle) -> Result<Start, AppError> {
    with_state(app, |state| state.start()).await
}

/// Sets who works here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_person(app: AppHandle, person: Option<Person>) -> Result<(), AppError> {
    with_workspace(app, move |workspace, _| workspace.vault.save_person(person)).await
}
