//! The driver: Tauri's, over the one of the web view.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use dpia_tests::places::build_folder;

use crate::desk::Desk;
use crate::process::{Process, wait_until};

/// A driver that listens. It ends, with the driver of the web view and what that opened, when it is dropped.
pub(crate) struct Driver {
    _process: Process,
    port: u16,
}

impl Driver {
    /// Starts the driver at a desk; returns once it and the web view's driver listen. What the app reads from its
    /// environment is given here: the app inherits it.
    pub(crate) fn start(desk: &Desk, environment: &[(&str, PathBuf)]) -> Result<Self> {
        let (port, native_port) = (find_free_port()?, find_free_port()?);
        let program = driver_program()?;
        let mut command = Command::new(&program);
        command.args(["--port", &port.to_string(), "--native-port", &native_port.to_string()]).stdout(Stdio::null());
        // What a test asks for comes last: it may take something off the desk.
        let placed = desk.place(&mut command).envs(environment.iter().map(|(name, value)| (name, value)));
        let mut process = Process::start(placed)?;
        wait_until("the drivers listen (Debian's package webkit2gtk-driver)", || {
            process.ensure_running()?;
            Ok([port, native_port].iter().all(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok()))
        })?;
        Ok(Self { _process: process, port })
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A port that nothing listens on at this moment.
fn find_free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Where the driver lies: where `DPIA_DRIVER` says, or where `cargo xtask test` puts it.
fn driver_program() -> Result<PathBuf> {
    let program = match std::env::var_os("DPIA_DRIVER") {
        Some(named) => PathBuf::from(named),
        None => build_folder()?.parent().context("the build folder has no parent")?.join("tools/bin/tauri-driver"),
    };
    if !program.is_file() {
        bail!("there is no {}; `cargo xtask test e2e` builds it", program.display());
    }
    Ok(program)
}
