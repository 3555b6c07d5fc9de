//! Starting, and who works here.

use crate::desk::{on_desk, on_thread};
use dpia_app::{AppError, Person, Start};
use tauri::AppHandle;

/// Unlocks the assessments, or says why they cannot be. May be asked again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(app: AppHandle) -> Result<Start, AppError> {
    on_thread(app, |desk| desk.start()).await
}

/// Sets who works here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_person(app: AppHandle, person: Option<Person>) -> Result<(), AppError> {
    on_desk(app, move |workspace, _| workspace.vault.save_person(person)).await
}
