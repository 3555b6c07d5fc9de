//! Files in and out. Paths come from dialogs and stay here.

use crate::app_state::{AppState, Remembered, with_workspace};
use crate::dialogs::FileKind;
use crate::file_manager;
use dpia_app::exporting::MissingLetter;
use dpia_app::files::Written;
use dpia_app::importing::{Imported, Resolution};
use dpia_app::keys::TypedSecret;
use dpia_app::model::id::AssessmentId;
use dpia_app::printing::ReportRequest;
use dpia_app::{AppError, Workspace};
use serde::Serialize;
use std::path::Path;
use std::sync::atomic::Ordering;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};

/// Asks for a document or a bundle and brings it in; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_file(app: AppHandle) -> Result<Option<Imported>, AppError> {
    with_workspace(app, |workspace, dialogs| {
        dialogs.choose_file(FileKind::Importable).map(|path| workspace.imports.import_file(&path)).transpose()
    })
    .await
}

/// Tells on this line when a file is handed over by another start of the program.
#[tauri::command]
#[specta::specta]
pub(crate) fn watch_given(app: AppHandle, line: Channel<()>) {
    app.state::<AppState>().announce_request(line);
}

/// Brings in the next file that the program was given, at its start or since; none where there is none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_given_file(app: AppHandle) -> Result<Option<Imported>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, _| {
        handle.state::<AppState>().take_given().map(|path| workspace.imports.import_file(&path)).transpose()
    })
    .await
}

/// Says what becomes of a bundle whose assessment is here already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_import(app: AppHandle, ticket: u32, resolution: Resolution) -> Result<Option<Imported>, AppError> {
    with_workspace(app, move |workspace, _| workspace.imports.settle(ticket, resolution)).await
}

/// Opens an encrypted bundle that waits; none where it no longer waits. `WrongSecret` where the passphrase is wrong.
#[tauri::command]
#[specta::specta]
pub(crate) async fn decrypt_import(app: AppHandle, ticket: u32, passphrase: TypedSecret) -> Result<Option<Imported>, AppError> {
    with_workspace(app, move |workspace, _| workspace.imports.decrypt(ticket, &passphrase)).await
}

/// A file that was written, with the number of its place.
#[derive(Serialize, specta::Type)]
pub(crate) struct Exported {
    /// The file.
    file: Written,
    /// Names its place.
    place: Remembered,
}

/// What an export is doing.
#[derive(Clone, Copy, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportStage {
    /// The pages are made, and signed.
    Drawing,
    /// The dialog asks for a place.
    Choosing,
    /// The file is written.
    Writing,
}

/// The letters of a report that no font has: they would be printed as boxes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_missing_letters(app: AppHandle, id: AssessmentId, request: ReportRequest) -> Result<Vec<MissingLetter>, AppError> {
    with_workspace(app, move |workspace, _| workspace.exports.find_missing_letters(id, &request)).await
}

/// Asks for a place and writes a PDF there, signed by the officer; none where the dialog was left, or the export was
/// cancelled: then nothing is written.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_pdf(
    app: AppHandle,
    id: AssessmentId,
    request: ReportRequest,
    stages: Channel<ExportStage>,
) -> Result<Option<Exported>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let state = handle.state::<AppState>();
        let is_cancelled = state.begin_export();
        let is_wanted = || !is_cancelled.load(Ordering::SeqCst);
        // Nobody is left to listen where the window was closed: then the stages are of no use.
        let tell = |stage| drop(stages.send(stage));
        tell(ExportStage::Drawing);
        let report = workspace.exports.render_report(id, &request)?;
        if !is_wanted() {
            return Ok(None);
        }
        tell(ExportStage::Choosing);
        let Some(path) = dialogs.choose_place(FileKind::Pdf, &report.suggested_name) else { return Ok(None) };
        tell(ExportStage::Writing);
        let written = workspace.exports.write_report_while(&path, &report, &is_wanted)?;
        Ok(written.map(|file| Exported { file, place: state.remember(path) }))
    })
    .await
}

/// Stops the export that is under way; what was at its place stays.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel_export(app: AppHandle) {
    app.state::<AppState>().cancel_export();
}

/// Asks for a place and writes the assessment's bundle there; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_bundle(app: AppHandle, id: AssessmentId) -> Result<Option<Exported>, AppError> {
    export(
        app,
        FileKind::Bundle,
        move |workspace| workspace.exports.bundle_name(id),
        move |workspace, path| workspace.exports.write_bundle(id, path),
    )
    .await
}

/// Encrypts the assessment's bundle with a passphrase, asks for a place and writes it there; none where the dialog was left.
/// `WrongSecret` where the passphrase is too short or too long.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_encrypted_bundle(
    app: AppHandle,
    id: AssessmentId,
    passphrase: TypedSecret,
) -> Result<Option<Exported>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let encrypted = workspace.exports.encrypt_bundle(id, &passphrase)?;
        let Some(path) = dialogs.choose_place(FileKind::Bundle, &workspace.exports.bundle_name(id)?) else { return Ok(None) };
        let file = workspace.exports.write_made_bundle(&path, &encrypted)?;
        Ok(Some(Exported { file, place: handle.state::<AppState>().remember(path) }))
    })
    .await
}

/// Asks for a place, which is given a name, and writes there; none where the dialog was left.
pub(crate) async fn export(
    app: AppHandle,
    kind: FileKind,
    name: impl FnOnce(&Workspace) -> Result<String, AppError> + Send + 'static,
    write: impl FnOnce(&Workspace, &Path) -> Result<Written, AppError> + Send + 'static,
) -> Result<Option<Exported>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let Some(path) = dialogs.choose_place(kind, &name(workspace)?) else { return Ok(None) };
        let file = write(workspace, &path)?;
        Ok(Some(Exported { file, place: handle.state::<AppState>().remember(path) }))
    })
    .await
}

/// Shows a file that was written in its folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_in_folder(app: AppHandle, place: Remembered) -> Result<(), AppError> {
    let handle = app.clone();
    with_workspace(app, move |_, _| file_manager::show(&handle.state::<AppState>().recall(place)?)).await
}
