//! The `dpia` program, as a person at a terminal runs it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};

use crate::places::{build_folder, project_root};
use crate::process::{finish, read};

/// The password of every identity that a test makes.
pub const IDENTITY_PASSWORD: &str = "correct horse battery staple";

/// What a run of the program came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it printed as its result.
    pub stdout: String,
    /// What it said beside.
    pub stderr: String,
}

impl Outcome {
    /// Itself, where the program did what it was asked.
    ///
    /// # Errors
    /// With what the program said, where it exited with anything but 0.
    pub fn succeeded(self) -> Result<Self> {
        ensure!(self.code == Some(0), "dpia exited with {:?}\n{}{}", self.code, self.stdout, self.stderr);
        Ok(self)
    }
}

/// Runs `dpia` with the arguments, and with nothing of the caller's own settings.
///
/// # Errors
/// Where the program cannot be built or started, or prints what is not UTF-8.
pub fn run_dpia<A: AsRef<OsStr>>(arguments: &[A]) -> Result<Outcome> {
    let output = finish(dpia_command()?.args(arguments))?;
    Ok(Outcome { code: output.status.code(), stdout: String::from_utf8(output.stdout)?, stderr: String::from_utf8(output.stderr)? })
}

/// The program, ready for its arguments and for what a test changes in its environment.
///
/// # Errors
/// Where the program cannot be built.
pub fn dpia_command() -> Result<Command> {
    let mut command = Command::new(dpia_program()?);
    command.env("DPIA_P12_PASSWORD", IDENTITY_PASSWORD).env_remove("SOURCE_DATE_EPOCH");
    Ok(command)
}

/// Makes an identity in a folder: the `.p12` to sign with, and its certificate as `.pem`.
///
/// # Errors
/// Where the program refuses.
pub fn make_identity(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    let identity = folder.join("officer.p12");
    let certificate = folder.join("officer.pem");
    let path = identity.as_os_str();
    let words = "identity new --name Ada --role Officer --organisation Juniper --email ada@example.org -o";
    let new: Vec<&OsStr> = words.split(' ').map(OsStr::new).chain([path]).collect();
    run_dpia(&new)?.succeeded()?;
    let show = ["identity".as_ref(), "certificate".as_ref(), path, "-o".as_ref(), certificate.as_os_str()];
    run_dpia(&show)?.succeeded()?;
    Ok((identity, certificate))
}

/// Where the program lies: where `DPIA_BIN` says, or where cargo puts it, built first.
fn dpia_program() -> Result<&'static Path> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| find_or_build().map_err(|error| format!("{error:#}")));
    program.as_deref().map_err(|error| anyhow::anyhow!("{error}"))
}

fn find_or_build() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("DPIA_BIN") {
        let named = PathBuf::from(named);
        ensure!(named.is_file(), "DPIA_BIN names {}, and there is no such file", named.display());
        return Ok(named);
    }
    let folder = build_folder()?;
    let target = folder.parent().context("the build folder has no parent")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--package", "dpia-cli", "--target-dir"]).arg(target).current_dir(project_root());
    if folder.ends_with("release") {
        build.arg("--release");
    }
    read(&mut build)?;
    Ok(folder.join(format!("dpia{}", std::env::consts::EXE_SUFFIX)))
}
