//! Attached pictures.

use crate::app_state::with_workspace;
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::model::id::{AssessmentId, AttachmentId};
use dpia_app::pictures::Picture;
use tauri::AppHandle;

/// Asks for a picture and attaches it; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_picture(app: AppHandle, id: AssessmentId) -> Result<Option<Picture>, AppError> {
    with_workspace(app, move |workspace, dialogs| {
        dialogs.choose_file(FileKind::Picture).map(|path| workspace.editor.add_picture(id, &path)).transpose()
    })
    .await
}

/// An attached picture, to show.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_picture(app: AppHandle, attachment: AttachmentId) -> Result<Picture, AppError> {
    with_workspace(app, move |workspace, _| workspace.editor.read_picture(attachment)).await
}
