//! What the program is, and what it is made of.

use serde::Serialize;

/// The notices of the packages that are delivered.
const NOTICES: &str = include_str!("../../third-party-notices.txt");

/// The program's version, and the notices of those whose work is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub(crate) struct About {
    version: String,
    notices: String,
}

/// Says which version this is and whose work is in it.
#[tauri::command]
#[specta::specta]
pub(crate) fn about() -> About {
    About { version: env!("CARGO_PKG_VERSION").to_owned(), notices: NOTICES.to_owned() }
}

/// The log for support: what was done and how it ended, nothing of an assessment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_log() -> String {
    crate::log::read()
}
