//! Keys and recovery. What is typed is a secret: it wipes itself here, though the web view and what carries it across may
//! keep a copy for a while. A recovery key crosses once, to be shown.

use crate::app_state::{with_state, with_workspace};
use crate::dialogs::FileKind;
use dpia_app::files::Written;
use dpia_app::keys::{KeysView, NewRecoveryKey, TypedSecret, Unlock};
use dpia_app::{AppError, ErrorCode, Start};
use serde::Deserialize;
use tauri::AppHandle;
use tauri::ipc::Channel;

/// What somebody typed to open the assessments.
#[derive(Debug, Clone, Copy, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnlockWith {
    /// The recovery key.
    RecoveryKey,
    /// The passphrase.
    Passphrase,
    /// A new passphrase, on the first run.
    NewPassphrase,
}

/// Opens the assessments with what was typed. Refused with `WrongSecret` where it does not open them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(app: AppHandle, by: UnlockWith, typed: TypedSecret) -> Result<Start, AppError> {
    let unlock = match by {
        UnlockWith::RecoveryKey => Unlock::RecoveryKey(typed),
        UnlockWith::Passphrase => Unlock::Passphrase(typed),
        UnlockWith::NewPassphrase => Unlock::NewPassphrase(typed),
    };
    with_state(app, move |state| state.unlock(&unlock)?.start()).await
}

/// Asks for a copy of the key file and tries to open the assessments with it; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_key_file(app: AppHandle) -> Result<Option<Start>, AppError> {
    with_state(app, |state| state.choose_key_file().then(|| state.start()).transpose()).await
}

/// Gives the assessments new keys: what opened them before no longer does. A passphrase is needed where one is set. Once
/// they are open again a new recovery key is to be made.
#[tauri::command]
#[specta::specta]
pub(crate) async fn exchange_keys(app: AppHandle, passphrase: Option<TypedSecret>, waits: Channel<()>) -> Result<Start, AppError> {
    with_state(app, move |state| {
        state.exchange_keys(passphrase.as_ref(), &waits)?;
        state.start()
    })
    .await
}

/// What opens the assessments.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_keys(app: AppHandle) -> Result<KeysView, AppError> {
    with_workspace(app, |workspace, _| workspace.vault.view()).await
}

/// Makes a recovery key, to be shown this once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_recovery_key(app: AppHandle) -> Result<NewRecoveryKey, AppError> {
    with_workspace(app, |workspace, _| workspace.vault.make_recovery_key()).await
}

/// Asks for a place and writes the recovery key that is shown there; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_recovery_key(app: AppHandle) -> Result<Option<Written>, AppError> {
    with_workspace(app, |workspace, dialogs| {
        let place = dialogs.choose_place(FileKind::RecoveryKey, "DPIA Editor recovery key.txt");
        place.map(|path| workspace.vault.write_recovery_key(&path)).transpose()
    })
    .await
}

/// Opens the system's own print dialog on what the window shows for print.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_recovery_key(window: tauri::WebviewWindow) -> Result<(), AppError> {
    window.print().map_err(|error| {
        AppError::new(ErrorCode::Environment, "The print dialog did not open. Save the key to a file instead, and print that.")
            .with_detail(error)
    })
}

/// Takes the groups that were asked back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_recovery_key(app: AppHandle, typed: Vec<TypedSecret>) -> Result<KeysView, AppError> {
    with_workspace(app, move |workspace, _| workspace.vault.confirm_recovery_key(&typed)).await
}

/// Hides the recovery key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_recovery_key(app: AppHandle) -> Result<(), AppError> {
    with_workspace(app, |workspace, _| {
        workspace.vault.forget_recovery_key();
        Ok(())
    })
    .await
}

/// Sets the passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_passphrase(app: AppHandle, typed: TypedSecret) -> Result<KeysView, AppError> {
    with_workspace(app, move |workspace, _| workspace.vault.set_passphrase(&typed)).await
}

/// Removes the passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_passphrase(app: AppHandle) -> Result<KeysView, AppError> {
    with_workspace(app, |workspace, _| workspace.vault.remove_passphrase()).await
}

/// Gives the keychain the key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_in_keychain(app: AppHandle) -> Result<KeysView, AppError> {
    with_workspace(app, |workspace, _| workspace.vault.keep_in_keychain()).await
}
