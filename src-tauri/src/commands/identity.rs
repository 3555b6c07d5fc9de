//! The officer's identity: who signs, until when, and what schools need to check it.

use crate::app_state::with_workspace;
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::files::Written;
use dpia_app::identity::IdentityView;
use tauri::AppHandle;

/// What is known of the identity; none where none was made or brought yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_identity(app: AppHandle) -> Result<Option<IdentityView>, AppError> {
    with_workspace(app, |workspace, _| workspace.identity.view()).await
}

/// Asks for a PKCS#12 file and takes the identity in it; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bring_identity(app: AppHandle, password: String) -> Result<Option<IdentityView>, AppError> {
    with_workspace(app, move |workspace, dialogs| {
        dialogs.choose_file(FileKind::Identity).map(|path| workspace.identity.bring(&path, &password)).transpose()
    })
    .await
}

/// Makes a new identity in the place of the one that is here, whose certificate stays on record.
#[tauri::command]
#[specta::specta]
pub(crate) async fn renew_identity(app: AppHandle) -> Result<IdentityView, AppError> {
    with_workspace(app, |workspace, _| workspace.identity.renew()).await
}

/// Asks for a place and writes the public certificate there, with a page for schools beside it; none where the dialog
/// was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_certificate(app: AppHandle) -> Result<Option<Written>, AppError> {
    with_workspace(app, |workspace, dialogs| {
        let place = dialogs.choose_place(FileKind::Certificate, "certificate.pem");
        place.map(|path| workspace.identity.export_certificate(&path)).transpose()
    })
    .await
}
