//! The desktop's own file manager.

use dpia_app::{AppError, ErrorCode};
use std::path::Path;

/// Shows a file in its folder, marked. May wait for the file manager to start.
pub(crate) fn show(path: &Path) -> Result<(), AppError> {
    if !path.exists() {
        return Err(AppError::new(ErrorCode::NotFound, "The file is no longer there: it was moved or deleted."));
    }
    show_marked(path).or_else(|_| show_folder(path)).map_err(|error| {
        AppError::new(ErrorCode::Environment, "No file manager answered. The file is in the folder that you chose.").with_detail(error)
    })
}

/// Asks whichever file manager the session has (freedesktop.org, File Manager D-Bus Interface).
#[cfg(target_os = "linux")]
fn show_marked(path: &Path) -> Result<(), gio::glib::Error> {
    use gio::glib::prelude::ToVariant as _;
    use gio::prelude::FileExt as _;
    /// A file manager that has to be started takes its time; one that hangs is given up.
    const MOST_MILLISECONDS: i32 = 10_000;
    let address = gio::File::for_path(path).uri().to_string();
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
    bus.call_sync(
        Some("org.freedesktop.FileManager1"),
        "/org/freedesktop/FileManager1",
        "org.freedesktop.FileManager1",
        "ShowItems",
        Some(&(vec![address], "").to_variant()),
        None,
        gio::DBusCallFlags::NONE,
        MOST_MILLISECONDS,
        gio::Cancellable::NONE,
    )
    .map(drop)
}

/// Opens the folder with what opens folders here.
#[cfg(target_os = "linux")]
fn show_folder(path: &Path) -> Result<(), gio::glib::Error> {
    use gio::prelude::FileExt as _;
    let folder = gio::File::for_path(path.parent().unwrap_or(path));
    gio::AppInfo::launch_default_for_uri(&folder.uri(), gio::AppLaunchContext::NONE)
}

#[cfg(target_os = "macos")]
fn show_marked(path: &Path) -> std::io::Result<()> {
    std::process::Command::new("open").arg("-R").arg(path).spawn().map(drop)
}

#[cfg(target_os = "macos")]
fn show_folder(path: &Path) -> std::io::Result<()> {
    std::process::Command::new("open").arg(path.parent().unwrap_or(path)).spawn().map(drop)
}

#[cfg(windows)]
fn show_marked(path: &Path) -> std::io::Result<()> {
    let mut marked = std::ffi::OsString::from("/select,");
    marked.push(path);
    std::process::Command::new("explorer").arg(marked).spawn().map(drop)
}

#[cfg(windows)]
fn show_folder(path: &Path) -> std::io::Result<()> {
    std::process::Command::new("explorer").arg(path.parent().unwrap_or(path)).spawn().map(drop)
}
