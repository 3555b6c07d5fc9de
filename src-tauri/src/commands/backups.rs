//! Backups. They can be asked for when the assessments cannot be opened. Folders are chosen in a dialog and stay here.

use crate::app_state::{AppState, with_state, with_workspace};
use dpia_app::backups::{BackupLook, BackupsView};
use dpia_app::{AppError, Start, Surroundings as _, System};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};

/// The backups that there are, and whether the last was made as it should be.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_backups(app: AppHandle) -> Result<BackupsView, AppError> {
    with_state(app, |state| Ok(state.backups_view())).await
}

/// Makes a backup now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_backup(app: AppHandle) -> Result<BackupsView, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, _| {
        workspace.backups.make()?;
        Ok(handle.state::<AppState>().backups_view())
    })
    .await
}

/// Asks for the folder in which backups are made from now on; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_backup_folder(app: AppHandle) -> Result<Option<BackupsView>, AppError> {
    with_state(app, |state| state.dialogs().choose_folder().map(|folder| state.backups().choose_folder(Some(&folder))).transpose()).await
}

/// Backups are made with the assessments again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_backup_folder(app: AppHandle) -> Result<BackupsView, AppError> {
    with_state(app, |state| state.backups().choose_folder(None)).await
}

/// What a backup holds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_into_backup(app: AppHandle, name: String) -> Result<BackupLook, AppError> {
    with_state(app, move |state| state.backups().look(&name)).await
}

/// Puts a backup in the place of the assessments, which are set aside, and opens it. Where something still uses them, such as a
/// backup that is being made, that is said on the line first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_backup(app: AppHandle, name: String, waits: Channel<()>) -> Result<Start, AppError> {
    with_state(app, move |state| {
        state.with_closed_workspace(&waits, || state.backups().restore(&name, System.now()))?;
        state.start()
    })
    .await
}

/// Opens the assessments as they are, though they are older than they were left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn go_on_with_older(app: AppHandle, waits: Channel<()>) -> Result<Start, AppError> {
    with_state(app, move |state| {
        state.with_closed_workspace(&waits, || state.backups().go_on_with_older(System.now()))?;
        state.start()
    })
    .await
}
