//! Checking the signatures of a file.

use crate::app_state::{AppState, Remembered, with_workspace};
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::files::name_of;
use dpia_app::importing::Imported;
use dpia_app::verifying::{self, Verification};
use serde::Serialize;
use tauri::{AppHandle, Manager as _};

/// A file that was verified.
#[derive(Serialize, specta::Type)]
pub(crate) struct Verified {
    /// Its name, without the folder.
    name: String,
    /// Names its place.
    place: Remembered,
    /// What was found.
    found: Verification,
}

/// Asks for a PDF or a bundle and verifies it; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_file(app: AppHandle) -> Result<Option<Verified>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let Some(path) = dialogs.choose_file(FileKind::Verifiable) else { return Ok(None) };
        let found = verifying::verify_file(&workspace.identity, &path)?;
        Ok(Some(Verified { name: name_of(&path), place: handle.state::<AppState>().remember(path), found }))
    })
    .await
}

/// Asks for a place and writes the file there, countersigned by the officer in the field that waits; none where the
/// dialog was left. The file that was verified stays as it is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn countersign_verified(app: AppHandle, place: Remembered) -> Result<Option<Verified>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let from = handle.state::<AppState>().recall(place)?;
        let stem = from.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(to) = dialogs.choose_place(FileKind::Pdf, &format!("{stem}, countersigned.pdf")) else { return Ok(None) };
        let found = verifying::countersign_file(&workspace.identity, &from, &to)?;
        Ok(Some(Verified { name: name_of(&to), place: handle.state::<AppState>().remember(to), found }))
    })
    .await
}

/// Opens the assessment inside a file that was verified.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_verified(app: AppHandle, place: Remembered) -> Result<Imported, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, _| workspace.imports.import_file(&handle.state::<AppState>().recall(place)?)).await
}
