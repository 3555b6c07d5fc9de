//! Where the project lies, and how cargo is called on it.
//!
//! Tests and lints are built with one set of features, for the whole workspace, so that the large dependencies (the web
//! view, the database's cipher) are compiled once. The app that a person runs is built without the tests' features.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::progress::read;

/// What the window needs to load the built interface and not a development server.
pub(crate) const APP_FEATURES: &str = "dpia-editor/custom-protocol";
/// The same, with dialogs that answer from a file instead of asking a person.
pub(crate) const TEST_FEATURES: &str = "dpia-editor/custom-protocol,dpia-editor/test-dialogs";

/// The checkout that this command was called in.
pub(crate) struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
    /// What `cargo metadata --no-deps` says of the workspace.
    pub(crate) metadata: Value,
    /// Whether each build lints what it compiles.
    pub(crate) lints_builds: bool,
}

impl Project {
    /// Finds the workspace that this program was built in.
    pub(crate) fn open() -> Result<Self> {
        let mut command = cargo_in(Path::new(env!("CARGO_MANIFEST_DIR")));
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata: Value = serde_json::from_str(&read(&mut command)?)?;
        let folder = |key: &str| -> Result<PathBuf> {
            let text = metadata[key].as_str().with_context(|| format!("cargo metadata has no {key}"))?;
            Ok(PathBuf::from(text))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")?, metadata, lints_builds: false })
    }

    /// The same project, where each build lints what it compiles and a warning fails it: clippy takes the compiler's place, so
    /// that nothing is compiled twice, once to be linted and once to be run.
    pub(crate) fn linting_builds(self) -> Self {
        Self { lints_builds: true, ..self }
    }

    /// The version that the workspace is at.
    pub(crate) fn version(&self) -> Result<String> {
        let packages = self.metadata["packages"].as_array().context("cargo metadata has no packages")?;
        let window = packages.iter().find(|package| package["name"] == "dpia-editor").context("the window's crate is missing")?;
        Ok(window["version"].as_str().context("the window's crate has no version")?.to_owned())
    }

    /// The folder of the interface's sources.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program that a debug build made.
    pub(crate) fn debug_binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A cargo command, ready for its arguments, run at the workspace's root.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = cargo_in(&self.root);
        if self.lints_builds {
            command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("RUSTFLAGS", "--deny warnings");
        }
        command
    }
}

/// A cargo command without what the outer `cargo run` put into the environment: build scripts would take that for a
/// change and run again.
fn cargo_in(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}
