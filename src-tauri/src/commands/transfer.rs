//! Files in and out. Paths come from dialogs and stay here.

use crate::desk::on_desk;
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::importing::Resolution;
use dpia_app::model::id::AssessmentId;
use dpia_app::printing::ReportRequest;
use dpia_app::views::{Imported, Written};
use tauri::AppHandle;

/// Asks for a document or a bundle and brings it in; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_file(app: AppHandle) -> Result<Option<Imported>, AppError> {
    on_desk(app, |workspace, dialogs| dialogs.choose_file(FileKind::Importable).map(|path| workspace.import_file(&path)).transpose()).await
}

/// Says what becomes of a bundle whose assessment is here already.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_import(app: AppHandle, ticket: u32, resolution: Resolution) -> Result<Option<Imported>, AppError> {
    on_desk(app, move |workspace, _| workspace.settle_import(ticket, resolution)).await
}

/// Asks for a place and writes a PDF there, signed by the officer; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_pdf(app: AppHandle, id: AssessmentId, request: ReportRequest) -> Result<Option<Written>, AppError> {
    on_desk(app, move |workspace, dialogs| {
        let report = workspace.render_report(id, &request)?;
        let place = dialogs.choose_place(FileKind::Pdf, &report.suggested_name);
        place.map(|path| workspace.write_report(&path, &report)).transpose()
    })
    .await
}

/// Asks for a place and writes the assessment's bundle there; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_bundle(app: AppHandle, id: AssessmentId) -> Result<Option<Written>, AppError> {
    on_desk(app, move |workspace, dialogs| {
        let name = workspace.bundle_name(id)?;
        dialogs.choose_place(FileKind::Bundle, &name).map(|path| workspace.write_bundle(id, &path)).transpose()
    })
    .await
}
