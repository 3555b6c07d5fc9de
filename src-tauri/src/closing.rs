//! Closing: what was typed a moment ago is saved before the window goes, however it was asked to go.
//!
//! The web view hears of it, saves and answers. One that has not answered in a second is not waited for any longer; one
//! that could not save keeps the window open, once, where a person asked: they can try again, or close it all the same.

use crate::app_state::AppState;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager as _};

/// How long the web view may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far the closing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    /// Nobody asked for it.
    #[default]
    Open,
    /// The web view is saving; the window goes after that.
    Saving,
    /// The web view could not save, and the window stayed.
    NotSaved,
    /// Asked again after that, the web view is saving; the window goes, whatever comes of it.
    SavingAgain,
}

/// Who asked for the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AskedBy {
    /// A person, at the window.
    Person,
    /// The system: the session ends, or somebody ended the process.
    System,
}

/// The closing of the window.
#[derive(Default)]
pub(crate) struct Closing {
    stage: Mutex<Stage>,
    /// Where the web view hears of it.
    channel: Mutex<Option<Channel<()>>>,
}

impl Closing {
    /// Lets the web view hear of it on this line.
    pub(crate) fn announce_on(&self, line: Channel<()>) {
        *self.channel.lock().unwrap_or_else(PoisonError::into_inner) = Some(line);
    }

    /// Asks the web view to save, where it is not saving already. False where it cannot hear.
    fn ask(&self) -> bool {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        *stage = match *stage {
            Stage::Saving | Stage::SavingAgain => return true,
            Stage::Open => Stage::Saving,
            Stage::NotSaved => Stage::SavingAgain,
        };
        self.channel.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|line| line.send(()).is_ok())
    }

    /// Takes the web view's answer; whether the window goes.
    fn take_answer(&self, is_saved: bool) -> bool {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        if *stage == Stage::Saving && !is_saved {
            *stage = Stage::NotSaved;
        }
        is_saved || *stage == Stage::SavingAgain
    }

    fn is_saving(&self) -> bool {
        matches!(*self.stage.lock().unwrap_or_else(PoisonError::into_inner), Stage::Saving | Stage::SavingAgain)
    }
}

/// Has what was typed saved, and the window closed after that; false where it can go at once.
pub(crate) fn save_first(app: &AppHandle, asked_by: AskedBy) -> bool {
    let Some(state) = app.try_state::<AppState>() else { return false };
    if !state.closing.ask() {
        return false;
    }
    let app = app.clone();
    std::thread::spawn(move || {
        std::thread::sleep(PATIENCE);
        if asked_by == AskedBy::System || app.state::<AppState>().closing.is_saving() {
            close(&app);
        }
    });
    true
}

/// Takes the web view's answer: it saved everything, or it could not.
pub(crate) fn answer(app: &AppHandle, is_saved: bool) {
    if app.state::<AppState>().closing.take_answer(is_saved) {
        close(app);
    }
}

fn close(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        // Where it is gone already there is nothing to close.
        let _ = window.destroy();
    }
}

/// Ends the program as closing its window does, when the system ends it (SIGTERM, SIGHUP, SIGINT).
#[cfg(unix)]
pub(crate) fn end_with_system(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            // Where it cannot be heard, the system ends the program by itself.
            let Ok(mut heard) = signal(kind) else { return };
            while heard.recv().await.is_some() {
                if !save_first(&app, AskedBy::System) {
                    close(&app);
                }
            }
        });
    }
}

/// Ends the program as closing its window does, when the system ends it: there the window is asked by itself.
#[cfg(not(unix))]
pub(crate) fn end_with_system(_: &AppHandle) {}

#[cfg(test)]
mod tests {
    use super::{Closing, Stage};

    #[test]
    fn what_cannot_be_saved_keeps_the_window_open_once() {
        let closing = Closing::default();
        assert!(!closing.ask(), "nobody hears");
        assert!(closing.is_saving() && closing.ask(), "it is asked once");
        assert!(!closing.take_answer(false));
        assert!(!closing.is_saving());
        closing.ask();
        assert!(closing.take_answer(false), "asked again, it goes");
    }

    #[test]
    fn what_is_saved_lets_the_window_go() {
        let closing = Closing::default();
        closing.ask();
        assert!(closing.take_answer(true));
        assert_eq!(*closing.stage.lock().unwrap(), Stage::Saving);
    }
}
