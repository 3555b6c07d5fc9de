//! A desktop in small: display, session bus, unlocked keychain, and a home that nothing else uses.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use dpia_tests::places::temporary_folder;
use tempfile::TempDir;

use crate::process::{Process, wait_until};

/// The size of the display: room for the window as it opens.
const SCREEN: &str = "1440x900x24";

/// A desktop. Its processes end and its home is removed when it is dropped.
pub(crate) struct Desk {
    // The order is that of dropping: who speaks on the bus ends before the bus.
    keychain: Option<Process>,
    _bus: Process,
    _display: Process,
    environment: Vec<(&'static str, OsString)>,
    folder: TempDir,
}

impl Desk {
    /// Starts all of it; returns once the keychain answers.
    pub(crate) fn open() -> Result<Self> {
        let folder = temporary_folder()?;
        let mut environment = private_folders(folder.path())?;
        // The display has the first free number, which it tells.
        let (display, number) = Process::start_and_read_line(
            Command::new("Xvfb").args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]).stderr(Stdio::null()),
        )
        .context("there is no display (Debian's package xvfb)")?;
        environment.push(("DISPLAY", format!(":{number}").into()));
        environment.push(("GDK_BACKEND", "x11".into()));
        // Nobody reads the screen aloud, and looking for who does takes time.
        environment.push(("NO_AT_BRIDGE", "1".into()));
        environment.push(("GTK_A11Y", "none".into()));

        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address=1"]).stderr(Stdio::null());
        let (bus, address) = Process::start_and_read_line(place(&mut bus, &environment)).context("there is no session bus")?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS", address.into()));
        let keychain = unlock_keychain(&environment)?;
        Ok(Self { keychain: Some(keychain), _bus: bus, _display: display, environment, folder })
    }

    /// Puts a command at this desk: it sees this display, bus and home.
    pub(crate) fn place<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        place(command, &self.environment)
    }

    /// Puts another keychain in the place of the one that is there, as after a repair: it has no secret.
    pub(crate) fn replace_keychain(&mut self) -> Result<()> {
        self.keychain = None;
        std::fs::remove_dir_all(self.folder.path().join("home/data/keyrings")).context("the keychain's own files are not there")?;
        self.keychain = Some(unlock_keychain(&self.environment)?);
        Ok(())
    }

    /// A folder on the desk for a test's own files.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn place<'a>(command: &'a mut Command, environment: &[(&'static str, OsString)]) -> &'a mut Command {
    command.env_remove("WAYLAND_DISPLAY").envs(environment.iter().map(|(name, value)| (name, value)))
}

/// A home and its folders, which nobody else may read: the keychain and the bus insist.
fn private_folders(folder: &Path) -> Result<Vec<(&'static str, OsString)>> {
    let home = folder.join("home");
    let folders: [(&str, PathBuf); 6] = [
        ("HOME", home.clone()),
        ("XDG_DATA_HOME", home.join("data")),
        ("XDG_CONFIG_HOME", home.join("config")),
        ("XDG_CACHE_HOME", home.join("cache")),
        ("XDG_RUNTIME_DIR", home.join("runtime")),
        ("TMPDIR", home.join("tmp")),
    ];
    let mut environment = Vec::new();
    for (name, path) in folders {
        std::fs::create_dir_all(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700))?;
        environment.push((name, path.into_os_string()));
    }
    Ok(environment)
}

/// Starts a keychain whose one collection is open.
fn unlock_keychain(environment: &[(&'static str, OsString)]) -> Result<Process> {
    let mut command = Command::new("gnome-keyring-daemon");
    command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut keychain = Process::start(place(&mut command, environment)).context("there is no keychain (Debian's package gnome-keyring)")?;
    keychain.tell("test")?;
    wait_until("the keychain answers on the bus", || {
        keychain.ensure_running()?;
        let mut ask = Command::new("dbus-send");
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        let reply = place(&mut ask, environment).output()?;
        Ok(String::from_utf8_lossy(&reply.stdout).contains("boolean true"))
    })?;
    Ok(keychain)
}
