//! Editing an assessment.

use crate::app_state::with_workspace;
use dpia_app::AppError;
use dpia_app::editing::{AssessmentView, Intent, Saved, Typed, Update, read_day as read_typed_day};
use dpia_app::model::CivilDate;
use dpia_app::model::id::{AssessmentId, QuestionId};
use tauri::AppHandle;

/// Opens an assessment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_assessment(app: AppHandle, id: AssessmentId) -> Result<AssessmentView, AppError> {
    with_workspace(app, move |workspace, _| workspace.editor.open(id)).await
}

/// Makes what is being typed durable; where it settles, a history entry is made of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_answer(
    app: AppHandle,
    id: AssessmentId,
    question: QuestionId,
    typed: Typed,
    settles: bool,
) -> Result<Saved, AppError> {
    with_workspace(app, move |workspace, _| workspace.editor.save_answer(id, question, typed, settles)).await
}

/// Reads a day as it was typed: day, month and year.
#[tauri::command]
#[specta::specta]
pub(crate) fn read_day(day: String) -> Result<CivilDate, AppError> {
    read_typed_day(&day)
}

/// Does what somebody wants to an assessment, in one history entry.
#[tauri::command]
#[specta::specta]
pub(crate) async fn edit(app: AppHandle, id: AssessmentId, intent: Intent) -> Result<Update, AppError> {
    with_workspace(app, move |workspace, _| workspace.editor.edit(id, intent)).await
}

/// Takes back the last edit.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(app: AppHandle, id: AssessmentId) -> Result<Update, AppError> {
    with_workspace(app, move |workspace, _| workspace.editor.undo(id)).await
}

/// Brings back the edit that was taken back last.
#[tauri::command]
#[specta::specta]
pub(crate) async fn redo(app: AppHandle, id: AssessmentId) -> Result<Update, AppError> {
    with_workspace(app, move |workspace, _| workspace.editor.redo(id)).await
}
