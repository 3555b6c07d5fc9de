//! The `dpia` program, as a person at a terminal runs it.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
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

/// A call of the program, put together word by word.
pub struct Call {
    command: Command,
}

/// Begins a call with words that have no spaces in them: `dpia("identity new")`. Nothing of the caller's own settings
/// reaches the program, and [`IDENTITY_PASSWORD`] is its password.
///
/// # Errors
/// Where the program cannot be built.
pub fn dpia(words: &str) -> Result<Call> {
    let mut command = Command::new(dpia_program()?);
    command.env("DPIA_P12_PASSWORD", IDENTITY_PASSWORD).env_remove("SOURCE_DATE_EPOCH");
    Ok(Call { command }.words(words))
}

impl Call {
    /// Adds words that have no spaces in them.
    #[must_use]
    pub fn words(mut self, words: &str) -> Self {
        self.command.args(words.split_whitespace());
        self
    }

    /// Adds one argument, a path or words with spaces.
    #[must_use]
    pub fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end, whatever its exit code.
    ///
    /// # Errors
    /// Where it cannot be started, or prints what is not UTF-8.
    pub fn run(mut self) -> Result<Outcome> {
        let output = finish(&mut self.command)?;
        Ok(Outcome { code: output.status.code(), stdout: String::from_utf8(output.stdout)?, stderr: String::from_utf8(output.stderr)? })
    }

    /// Runs it until it has said these words beside its result, and kills it then. False where it ended before.
    ///
    /// # Errors
    /// Where it cannot be started, or prints what is not UTF-8.
    pub fn kill_at(mut self, words: &str) -> Result<bool> {
        let mut program = self.command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let said = BufReader::new(program.stderr.take().context("stderr was asked for")?);
        let mut has_said = false;
        for line in said.lines() {
            if line?.contains(words) {
                has_said = true;
                program.kill()?;
                break;
            }
        }
        program.wait()?;
        Ok(has_said)
    }

    /// Runs it where it has to succeed.
    ///
    /// # Errors
    /// With what the program said, where it exits with anything but 0; and as [`Call::run`].
    pub fn succeed(self) -> Result<Outcome> {
        let call = format!("{:?}", self.command);
        let outcome = self.run()?;
        ensure!(outcome.code == Some(0), "{call} exited with {:?}\n{}{}", outcome.code, outcome.stdout, outcome.stderr);
        Ok(outcome)
    }
}

/// Imports a document into a bundle.
///
/// # Errors
/// Where the program refuses it.
pub fn import(document: &Path, bundle: &Path) -> Result<()> {
    dpia("import")?.argument(document).words("-o").argument(bundle).succeed().map(drop)
}

/// Makes an identity in a folder: the `.p12` to sign with, and its certificate as `.pem`.
///
/// # Errors
/// Where the program refuses.
pub fn make_identity(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    keep_identity(folder, |call| call)
}

/// As [`make_identity`], for signing at a moment after so many seconds since 1970: its certificate's life begins then.
///
/// # Errors
/// Where the program refuses.
pub fn make_identity_of(seconds: i64, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    keep_identity(folder, |call| call.environment("SOURCE_DATE_EPOCH", &seconds.to_string()))
}

fn keep_identity(folder: &Path, at: impl Fn(Call) -> Call) -> Result<(PathBuf, PathBuf)> {
    let (identity, certificate) = (folder.join("officer.p12"), folder.join("officer.pem"));
    let made = dpia("identity new --name Ada --role Officer --organisation Juniper --email ada@example.org -o")?.argument(&identity);
    at(made).succeed()?;
    dpia("identity certificate")?.argument(&identity).words("-o").argument(&certificate).succeed()?;
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
