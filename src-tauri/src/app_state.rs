//! What the commands share: the open workspace, the dialogs, and a thread for whatever may wait.

use crate::closing::Closing;
use crate::dialogs::{Dialogs, NativeDialogs};
use crate::log;
use dpia_app::backups::{Backups, BackupsView};
use dpia_app::keys::{OpenedKeys, TypedSecret, Unlock, UnlockWays, exchange_keys, find_unlock_ways, judge_passphrase};
use dpia_app::{AppError, ErrorCode, Start, Surroundings as _, System, Workspace, wait_for_closing};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::Manager as _;
use tauri::ipc::Channel;

/// Names another folder for the assessments, for tests.
const FOLDER: &str = "DPIA_DATA_DIR";

/// How long after the start the file is looked after first: the start itself is not held up.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// How long until it is looked after again.
const PAUSE: Duration = Duration::from_secs(15 * 60);

/// How long something is waited for until that is said.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long until it is looked again whether the workspace is still used.
const GLANCE: Duration = Duration::from_millis(50);

/// The program's own state.
pub(crate) struct AppState {
    folder: PathBuf,
    dialogs: Arc<dyn Dialogs>,
    workspace: Mutex<Option<Arc<Workspace>>>,
    /// Places that were chosen; the web view knows them by their number alone.
    places: Mutex<Vec<PathBuf>>,
    /// Files that the program was started with, or that were handed over since, as a desktop does where a bundle is opened.
    open_requests: Mutex<VecDeque<PathBuf>>,
    /// Where the web view hears that there is one.
    open_request_channel: Mutex<Option<Channel<()>>>,
    /// A copy of the key file that was chosen, for one that is missing or damaged.
    key_file: Mutex<Option<PathBuf>>,
    /// The keys that were opened last: backups are opened with them, where the assessments are closed or damaged.
    keys: Mutex<Option<OpenedKeys>>,
    /// The closing of the window.
    pub(crate) closing: Closing,
    /// Says to the export that is under way that it is no longer wanted.
    export: Mutex<Arc<AtomicBool>>,
}

/// The number of a place that was chosen in a dialog.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, specta::Type)]
pub(crate) struct Remembered(u32);

impl AppState {
    pub(crate) fn new(app: &tauri::AppHandle, folder: PathBuf, given: Option<PathBuf>) -> Self {
        Self {
            folder,
            dialogs: dialogs(app),
            workspace: Mutex::new(None),
            places: Mutex::default(),
            open_requests: Mutex::new(given.into_iter().collect()),
            open_request_channel: Mutex::default(),
            key_file: Mutex::default(),
            keys: Mutex::default(),
            closing: Closing::default(),
            export: Mutex::default(),
        }
    }

    /// Remembers a place that was chosen.
    pub(crate) fn remember(&self, place: PathBuf) -> Remembered {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.push(place);
        Remembered(u32::try_from(places.len() - 1).unwrap_or(u32::MAX))
    }

    /// The place that a number means.
    pub(crate) fn recall(&self, place: Remembered) -> Result<PathBuf, AppError> {
        let places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let found = usize::try_from(place.0).ok().and_then(|at| places.get(at).cloned());
        found.ok_or_else(|| AppError::new(ErrorCode::NotFound, "This file was not chosen here."))
    }

    /// The next file that the program was given, once.
    pub(crate) fn take_given(&self) -> Option<PathBuf> {
        self.open_requests.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Keeps a file that was handed over, and tells the web view.
    pub(crate) fn give(&self, path: PathBuf) {
        self.open_requests.lock().unwrap_or_else(PoisonError::into_inner).push_back(path);
        if let Some(line) = &*self.open_request_channel.lock().unwrap_or_else(PoisonError::into_inner) {
            // Where it does not hear, it asks by itself once it is at the list of assessments.
            drop(line.send(()));
        }
    }

    /// Tells the web view on this line when a file is handed over.
    pub(crate) fn announce_request(&self, line: Channel<()>) {
        *self.open_request_channel.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    /// Begins an export: what is given turns true once it is no longer wanted.
    pub(crate) fn begin_export(&self) -> Arc<AtomicBool> {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        *self.export.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&is_cancelled);
        is_cancelled
    }

    /// Stops the export that was begun last.
    pub(crate) fn cancel_export(&self) {
        self.export.lock().unwrap_or_else(PoisonError::into_inner).store(true, Ordering::SeqCst);
    }

    /// Opens the workspace, or gives the one that is open. May wait for the keychain.
    pub(crate) fn open(&self) -> Result<Arc<Workspace>, AppError> {
        self.unlock(&Unlock::Keychain)
    }

    /// As [`AppState::open`], in another way than by the keychain where it is not open yet.
    pub(crate) fn unlock(&self, unlock: &Unlock) -> Result<Arc<Workspace>, AppError> {
        let mut open = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(workspace) = &*open {
            return Ok(Arc::clone(workspace));
        }
        let key_file = self.key_file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let unlocked = Workspace::unlock(&self.folder, key_file.as_deref(), unlock);
        let keys = match &unlocked {
            Ok(workspace) => Some(workspace.vault.opened_keys()),
            // What was typed was right, and what it opens is not.
            Err(error) if [ErrorCode::Damaged, ErrorCode::Outdated].contains(&error.code) => {
                OpenedKeys::open(&self.folder, key_file.as_deref(), unlock).ok()
            }
            Err(_) => None,
        };
        if keys.is_some() {
            *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
        }
        let workspace = Arc::new(unlocked?);
        *open = Some(Arc::clone(&workspace));
        keep_safe(&workspace);
        Ok(workspace)
    }

    /// What else opens the workspace, where the keychain does not.
    pub(crate) fn find_unlock_ways(&self) -> UnlockWays {
        let key_file = self.key_file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        find_unlock_ways(&self.folder, key_file.as_deref())
    }

    /// Asks for a copy of the key file, to be used by whatever opens the workspace next. False where the dialog was left.
    pub(crate) fn choose_key_file(&self) -> bool {
        let Some(chosen) = self.dialogs.choose_file(crate::dialogs::FileKind::KeyFile) else { return false };
        *self.key_file.lock().unwrap_or_else(PoisonError::into_inner) = Some(chosen);
        true
    }

    /// How the start went.
    pub(crate) fn start(&self) -> Result<Start, AppError> {
        match self.open().and_then(|workspace| workspace.start()) {
            Ok(start) => Ok(start),
            Err(failure) => Ok(Start::Locked { failure, ways: self.find_unlock_ways() }),
        }
    }

    /// The dialogs.
    pub(crate) fn dialogs(&self) -> &dyn Dialogs {
        &*self.dialogs
    }

    /// The backups of the folder, whether the workspace in it can be opened or not.
    pub(crate) fn backups(&self) -> Backups {
        Backups::of(&self.folder).with_keys(self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// What there is to say of the backups; more, where the workspace is open.
    pub(crate) fn backups_view(&self) -> BackupsView {
        let open = self.workspace.lock().unwrap_or_else(PoisonError::into_inner).clone();
        open.map_or_else(|| self.backups().view(), |workspace| workspace.backups.view(&self.backups()))
    }

    /// Does something for which the workspace has to be closed. It stays closed; what still uses it, a backup above all, is
    /// waited for, and that is said on this line.
    pub(crate) fn with_closed_workspace<T>(&self, waits: &Channel<()>, work: impl Fn() -> Result<T, AppError>) -> Result<T, AppError> {
        let mut open = self.workspace.lock().unwrap_or_else(PoisonError::into_inner);
        let closing = open.as_ref().map(Arc::downgrade);
        drop(open.take());
        let (begun, mut is_said) = (Instant::now(), false);
        while closing.as_ref().is_some_and(|closing| closing.strong_count() > 0) {
            if !is_said && begun.elapsed() > PATIENCE {
                // A window that does not hear it waits all the same.
                drop(waits.send(()));
                is_said = true;
            }
            std::thread::sleep(GLANCE);
        }
        wait_for_closing(work)
    }

    /// Gives the assessments new keys and opens them with those, by the keychain or else with the new passphrase.
    pub(crate) fn exchange_keys(&self, passphrase: Option<&TypedSecret>, waits: &Channel<()>) -> Result<(), AppError> {
        // Judged while they are open: where there is no keychain, nothing that is known here would open them again.
        passphrase.map(judge_passphrase).transpose()?;
        let opened = self.open()?.vault.opened_keys();
        let exchanged = self.with_closed_workspace(waits, || exchange_keys(&self.folder, &opened, passphrase, System.now()));
        // Whether it was done or not, they are opened again: with the new keys, or else with those that were open.
        let new_passphrase = passphrase.map(|typed| Unlock::Passphrase(typed.clone()));
        let ways = [Some(Unlock::Keychain), new_passphrase, Some(Unlock::Kept(opened))];
        let _ = ways.into_iter().flatten().find_map(|way| self.unlock(&way).ok());
        exchanged
    }

    /// Closes the workspace, with a backup of what was changed since the last. The window is gone: a failure is reported when
    /// it is opened next.
    pub(crate) fn close(&self) {
        // Where it is being opened or restored, nothing was edited that a backup would keep.
        if let Ok(mut open) = self.workspace.try_lock()
            && let Some(workspace) = open.take()
            && let Err(error) = workspace.backups.make_if_changed()
        {
            log::note(log::Event::ClosingBackupFailed(error.code));
        }
    }
}

/// From time to time, for as long as the workspace is open, makes a backup or checks the file. What goes wrong is kept by
/// the workspace, which tells it with its backups.
fn keep_safe(workspace: &Arc<Workspace>) {
    let open = Arc::downgrade(workspace);
    std::thread::spawn(move || {
        let mut pause = FIRST_PAUSE;
        loop {
            std::thread::sleep(pause);
            pause = PAUSE;
            let Some(workspace) = open.upgrade() else { break };
            let _ = workspace.backups.keep_safe();
        }
    });
}

/// The folder of the assessments of a program with this identifier; none where the person has no home.
pub(crate) fn find_folder(identifier: &str) -> Option<PathBuf> {
    match std::env::var_os(FOLDER) {
        Some(folder) => Some(PathBuf::from(folder)),
        None => dirs::data_local_dir().map(|data| data.join(identifier)),
    }
}

/// The first argument that is no option.
pub(crate) fn given_file() -> Option<PathBuf> {
    let given = std::env::args_os().skip(1).find(|argument| !argument.to_string_lossy().starts_with('-'))?;
    // The folder may change; what was meant does not.
    std::path::absolute(given).ok()
}

#[cfg(not(feature = "test-dialogs"))]
fn dialogs(app: &tauri::AppHandle) -> Arc<dyn Dialogs> {
    Arc::new(NativeDialogs(app.clone()))
}

#[cfg(feature = "test-dialogs")]
fn dialogs(app: &tauri::AppHandle) -> Arc<dyn Dialogs> {
    match std::env::var_os("DPIA_TEST_DIALOGS") {
        Some(script) => Arc::new(crate::dialogs::ScriptedDialogs(PathBuf::from(script))),
        None => Arc::new(NativeDialogs(app.clone())),
    }
}

/// Does a piece of work on a thread that may wait, with the open workspace and the dialogs.
pub(crate) async fn with_workspace<T, F>(app: tauri::AppHandle, work: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnOnce(&Workspace, &dyn Dialogs) -> Result<T, AppError> + Send + 'static,
{
    run_on_thread(app, log::command_of::<F>(), |state| work(&*state.open()?, &*state.dialogs)).await
}

/// Does a piece of work on a thread that may wait, whether the workspace is open or not.
pub(crate) async fn with_state<T, F>(app: tauri::AppHandle, work: F) -> Result<T, AppError>
where
    T: Send + 'static,
    F: FnOnce(&AppState) -> Result<T, AppError> + Send + 'static,
{
    run_on_thread(app, log::command_of::<F>(), work).await
}

async fn run_on_thread<T: Send + 'static>(
    app: tauri::AppHandle,
    command: &'static str,
    work: impl FnOnce(&AppState) -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let begun = Instant::now();
    let done = tokio::task::spawn_blocking(move || work(&app.state::<AppState>()));
    match done.await {
        Ok(result) => {
            let failed = result.as_ref().err().map(|error| error.code);
            log::note(log::Event::Done { command, took: begun.elapsed(), failed });
            result
        }
        Err(_) => {
            // What it said may be words of an assessment; where it broke off is in the log.
            log::note(log::Event::BrokeOff { command });
            Err(AppError::new(
                ErrorCode::Environment,
                "This could not be done. Try again; if it fails again, copy the log for support in About.",
            ))
        }
    }
}
