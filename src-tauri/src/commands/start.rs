//! Starting, and who works here.

use crate::desk::on_desk;
use dpia_app::AppError;
use dpia_app::views::{Person, Start};
use tauri::AppHandle;

/// Unlocks the assessments, or says why they cannot be. May be asked again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(app: AppHandle) -> Result<Start, AppError> {
    match on_desk(app, |workspace, _| workspace.start()).await {
        Ok(start) => Ok(start),
        Err(failure) => Ok(Start::Locked { failure }),
    }
}

/// Sets who works here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_person(app: AppHandle, person: Option<Person>) -> Result<(), AppError> {
    on_desk(app, move |workspace, _| workspace.save_person(person)).await
}
