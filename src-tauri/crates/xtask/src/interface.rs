//! The interface in `ui/`: its packages, its build, its checks and its tests.
//!
//! The window embeds `ui/dist` when it is compiled, so the interface is built before any crate is compiled.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::machine::find_program;
use crate::progress::{run, step};
use crate::project::Project;

/// What the build of the interface is made from, inside `ui/`.
const SOURCES: &[&str] =
    &["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "svelte.config.js", "tsconfig.json"];

/// Installs the packages and builds the interface, each only where something has changed.
pub(crate) fn build_interface(project: &Project) -> Result<()> {
    install_packages(project)?;
    let built = modified(&project.ui().join("dist/index.html"));
    if built.is_some() && built >= newest_source(&project.ui())? {
        return Ok(());
    }
    step("building the interface", || npm(project, &["run", "--silent", "build"]))
}

/// Types, lints and format of the interface.
pub(crate) fn check_interface(project: &Project) -> Result<()> {
    step("checking the interface", || npm(project, &["run", "--silent", "check"]))
}

/// The interface's own tests.
pub(crate) fn test_interface(project: &Project) -> Result<()> {
    step("testing the interface", || npm(project, &["run", "--silent", "test"]))
}

/// Installs what the lock file names, where it is not the lock file that was installed last.
fn install_packages(project: &Project) -> Result<()> {
    let lock = project.ui().join("package-lock.json");
    // A copy of the lock file among the packages tells which they are, and goes when they go.
    let installed = project.ui().join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    if fs::read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    step("installing the interface's packages", || {
        npm(project, &["ci", "--no-audit", "--no-fund"])?;
        fs::write(&installed, &wanted).with_context(|| format!("{} cannot be written", installed.display()))
    })
}

/// Runs npm in `ui/`; what it prints is progress.
fn npm(project: &Project, arguments: &[&str]) -> Result<()> {
    let program = find_program("npm").context("there is no `npm` on the path")?;
    run(Command::new(program).args(arguments).current_dir(project.ui()).stdout(std::io::stderr()))
}

/// When the newest of the sources was changed. A folder counts too: its time tells of a file that was removed.
fn newest_source(ui: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    let mut left: Vec<_> = SOURCES.iter().map(|name| ui.join(name)).collect();
    while let Some(place) = left.pop() {
        newest = newest.max(modified(&place));
        if place.is_dir() {
            for entry in fs::read_dir(&place)? {
                left.push(entry?.path());
            }
        }
    }
    Ok(newest)
}

fn modified(place: &Path) -> Option<SystemTime> {
    fs::metadata(place).and_then(|file| file.modified()).ok()
}
