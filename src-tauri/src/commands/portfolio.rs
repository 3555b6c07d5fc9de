//! The list of assessments.

use crate::app_state::with_workspace;
use dpia_app::AppError;
use dpia_app::model::id::AssessmentId;
use dpia_app::portfolio::{Hit, Summary};
use tauri::AppHandle;

/// Every assessment outside the bin.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_assessments(app: AppHandle) -> Result<Vec<Summary>, AppError> {
    with_workspace(app, |workspace, _| workspace.portfolio.list()).await
}

/// The places in which all these words stand.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search(app: AppHandle, words: String) -> Result<Vec<Hit>, AppError> {
    with_workspace(app, move |workspace, _| workspace.portfolio.search(&words)).await
}

/// Starts an assessment on the newest edition.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_assessment(app: AppHandle, product: String) -> Result<AssessmentId, AppError> {
    with_workspace(app, move |workspace, _| workspace.portfolio.create(&product)).await
}

/// Moves an assessment to the bin.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bin_assessment(app: AppHandle, id: AssessmentId) -> Result<(), AppError> {
    with_workspace(app, move |workspace, _| workspace.portfolio.bin(id)).await
}

/// Takes an assessment out of the bin.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_assessment(app: AppHandle, id: AssessmentId) -> Result<(), AppError> {
    with_workspace(app, move |workspace, _| workspace.portfolio.restore(id)).await
}
