//! Starting, and who works here.

use crate::desk::{Desk, before_opening, on_desk};
use dpia_app::AppError;
use dpia_app::views::{Person, Start};
use tauri::AppHandle;

/// Unlocks the assessments, or says why they cannot be. May be asked again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start(app: AppHandle) -> Result<Start, AppError> {
    before_opening(app, |desk| Ok(tell_start(desk))).await
}

/// How the start goes.
pub(crate) fn tell_start(desk: &Desk) -> Start {
    match desk.open().and_then(|workspace| workspace.start()) {
        Ok(start) => start,
        Err(failure) => Start::Locked { failure, ways: desk.find_unlock_ways() },
    }
}

/// Sets who works here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_person(app: AppHandle, person: Option<Person>) -> Result<(), AppError> {
    on_desk(app, move |workspace, _| workspace.save_person(person)).await
}
