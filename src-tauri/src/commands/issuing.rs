//! Issuing copies to clients. The folder and the list come from dialogs and stay here.

use crate::app_state::{AppState, Remembered, with_workspace};
use crate::dialogs::FileKind;
use dpia_app::AppError;
use dpia_app::issuing::{Client, ClientsRead, ColumnTitles, IssueOrder, IssueProgress, IssueResult, IssuingView, LEDGER, ListedClient};
use dpia_app::model::id::{AssessmentId, ClientId};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _, State};

/// The run that goes on, or the last one: the way to end it, and its folder.
#[derive(Default)]
pub(crate) struct LastRun {
    cancel: Mutex<Arc<AtomicBool>>,
    folder: Mutex<Option<(AssessmentId, PathBuf)>>,
}

impl LastRun {
    fn begin(&self) -> Arc<AtomicBool> {
        let fresh = Arc::new(AtomicBool::new(false));
        *self.cancel.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        fresh
    }

    fn folder_of(&self, id: AssessmentId) -> Option<PathBuf> {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        folder.as_ref().filter(|(of, _)| *of == id).map(|(_, folder)| folder.clone())
    }
}

/// A run that ended, with the number of the place of its record.
#[derive(Serialize, specta::Type)]
pub(crate) struct IssuedCopies {
    /// How it ended.
    result: IssueResult,
    /// Names the place of its record, among the copies.
    place: Remembered,
}

/// The clients, the pattern used last, and who holds which copy of an assessment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_issuing(app: AppHandle, id: AssessmentId) -> Result<IssuingView, AppError> {
    with_workspace(app, move |workspace, _| workspace.issuing.open(id)).await
}

/// Puts a client on the list, or changes one that is on it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_client(app: AppHandle, id: Option<ClientId>, client: Client) -> Result<ListedClient, AppError> {
    with_workspace(app, move |workspace, _| workspace.issuing.save_client(id, &client)).await
}

/// Takes a client off the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_client(app: AppHandle, id: ClientId) -> Result<(), AppError> {
    with_workspace(app, move |workspace, _| workspace.issuing.remove_client(id)).await
}

/// A list of clients that was read, or about which something has to be said first.
#[derive(Serialize, specta::Type)]
pub(crate) struct ReadClients {
    /// What became of it.
    read: ClientsRead,
    /// Names the place of the list.
    place: Remembered,
}

/// Asks for a CSV file and reads its clients into the list; none where the dialog was left.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_clients(app: AppHandle) -> Result<Option<ReadClients>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let Some(path) = dialogs.choose_file(FileKind::Clients) else { return Ok(None) };
        let read = workspace.issuing.import_clients(&path, &ColumnTitles::default())?;
        Ok(Some(ReadClients { read, place: handle.state::<AppState>().remember(path) }))
    })
    .await
}

/// Reads the clients of a file that was chosen before into the list, by these columns.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_clients_by(app: AppHandle, place: Remembered, columns: ColumnTitles) -> Result<ClientsRead, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, _| workspace.issuing.import_clients(&handle.state::<AppState>().recall(place)?, &columns)).await
}

/// The name that a copy would be given, for a client or an example of one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn name_copy(app: AppHandle, id: AssessmentId, pattern: String, client: Option<ClientId>) -> Result<String, AppError> {
    with_workspace(app, move |workspace, _| workspace.issuing.name_copy(id, &pattern, client)).await
}

/// Asks for a folder, or goes on in that of the last run, and issues signed copies into it; none where the dialog was
/// left. Each client served is reported.
#[tauri::command]
#[specta::specta]
pub(crate) async fn issue_copies(
    app: AppHandle,
    id: AssessmentId,
    order: IssueOrder,
    goes_on: bool,
    progress: Channel<IssueProgress>,
) -> Result<Option<IssuedCopies>, AppError> {
    let handle = app.clone();
    with_workspace(app, move |workspace, dialogs| {
        let last = handle.state::<LastRun>();
        let known = if goes_on { last.folder_of(id) } else { None };
        let Some(folder) = known.or_else(|| dialogs.choose_folder()) else { return Ok(None) };
        let cancel = last.begin();
        *last.folder.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, folder.clone()));
        // A window that is gone needs no word of it.
        let report = &mut |done| drop(progress.send(done));
        let result = workspace.issuing.issue(id, &order, &folder, &cancel, report)?;
        Ok(Some(IssuedCopies { result, place: handle.state::<AppState>().remember(folder.join(LEDGER)) }))
    })
    .await
}

/// Ends the run that goes on, after the client that is being served.
#[tauri::command]
#[specta::specta]
pub(crate) fn cancel_issuing(last: State<'_, LastRun>) {
    last.cancel.lock().unwrap_or_else(PoisonError::into_inner).store(true, Ordering::Relaxed);
}
