//! What an assessment said before: its history, versions, and what differs between two moments.

use crate::app_state::with_workspace;
use crate::commands::transfer::{Exported, export};
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::editing::Update;
use dpia_app::model::id::{AssessmentId, QuestionId};
use dpia_app::past::{Comparison, HistoryTrouble, HistoryView, Moment, PastAnswer};
use tauri::AppHandle;

/// The answers that a question had, the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn past_answers(app: AppHandle, id: AssessmentId, question: QuestionId) -> Result<Vec<PastAnswer>, AppError> {
    with_workspace(app, move |workspace, _| workspace.past.past_answers(id, &question)).await
}

/// Gives a question again the answer that it had after the entry of this number.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bring_back(app: AppHandle, id: AssessmentId, question: QuestionId, number: u32) -> Result<Update, AppError> {
    with_workspace(app, move |workspace, _| workspace.past.bring_back(id, &question, number)).await
}

/// The versions of an assessment, and every entry of its history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_history(app: AppHandle, id: AssessmentId) -> Result<HistoryView, AppError> {
    with_workspace(app, move |workspace, _| workspace.past.read(id)).await
}

/// Keeps what an assessment says now as a version of this name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_version(app: AppHandle, id: AssessmentId, name: String) -> Result<Update, AppError> {
    with_workspace(app, move |workspace, _| workspace.past.keep_version(id, &name)).await
}

/// What differs between two moments.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_moments(app: AppHandle, id: AssessmentId, from: Moment, to: Moment) -> Result<Comparison, AppError> {
    with_workspace(app, move |workspace, _| workspace.past.compare(id, from, to)).await
}

/// Why the history of an assessment does not hold; none where it does.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_history_trouble(app: AppHandle, id: AssessmentId) -> Result<Option<HistoryTrouble>, AppError> {
    with_workspace(app, move |workspace, _| workspace.past.find_history_trouble(id)).await
}

/// Asks for a place and writes the whole history there as a table; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_history(app: AppHandle, id: AssessmentId) -> Result<Option<Exported>, AppError> {
    export(
        app,
        FileKind::History,
        move |workspace| workspace.past.history_name(id),
        move |workspace, path| workspace.past.write_history(id, path),
    )
    .await
}

/// Asks for a place and writes there as a table what differs between two moments; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_comparison(app: AppHandle, id: AssessmentId, from: Moment, to: Moment) -> Result<Option<Exported>, AppError> {
    export(
        app,
        FileKind::History,
        move |workspace| workspace.past.comparison_name(id),
        move |workspace, path| workspace.past.write_comparison(id, from, to, path),
    )
    .await
}

/// Asks for a place and writes the assessment there without its history, which does not hold; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_without_history(app: AppHandle, id: AssessmentId) -> Result<Option<Exported>, AppError> {
    export(
        app,
        FileKind::Bundle,
        move |workspace| workspace.exports.bundle_name(id),
        move |workspace, path| workspace.exports.write_bundle_without_history(id, path),
    )
    .await
}
