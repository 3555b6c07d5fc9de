//! The report as it would be printed now.

use crate::app_state::with_workspace;
use dpia_app::AppError;
use dpia_app::model::id::AssessmentId;
use dpia_app::preview::{PreviewCopy, PreviewView};
use tauri::AppHandle;
use tauri::ipc::{InvokeResponseBody, IpcResponse};

/// Bytes that cross as they are, in one piece.
pub(crate) struct RawBytes(Vec<u8>);

impl IpcResponse for RawBytes {
    fn body(self) -> tauri::Result<InvokeResponseBody> {
        Ok(InvokeResponseBody::Raw(self.0))
    }
}

impl specta::Type for RawBytes {
    fn definition(_: &mut specta::Types) -> specta::datatype::DataType {
        specta_typescript::define("ArrayBuffer").into()
    }
}

/// Draws the draft of a copy with what is being typed; none where a newer one was asked for meanwhile.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draw_preview(app: AppHandle, id: AssessmentId, copy: PreviewCopy) -> Result<Option<PreviewView>, AppError> {
    with_workspace(app, move |workspace, _| workspace.previews.draw(id, copy)).await
}

/// The bytes of the preview that was drawn last, by its number.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_preview(app: AppHandle, number: u32) -> Result<RawBytes, AppError> {
    with_workspace(app, move |workspace, _| workspace.previews.take(number).map(RawBytes)).await
}
