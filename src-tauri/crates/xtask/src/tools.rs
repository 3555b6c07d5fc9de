//! Programs that the tests need and no package brings: the driver of the window, what builds the fuzzer's targets, and
//! the judges of a PDF.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::progress::{run, step, succeeds};
use crate::project::Project;

/// The driver of the window. It belongs to Tauri 2, as the app does.
const DRIVER_VERSION: &str = "2.1.0";

/// What builds the fuzzer's targets.
const FUZZER_VERSION: &str = "0.13.2";

/// The bundler. It belongs to the Tauri that the app is built with.
const BUNDLER_VERSION: &str = "2.12.5";

/// Where the driver of the window lies once [`install_driver`] has run.
pub(crate) fn driver_path(project: &Project) -> PathBuf {
    program_path(project, "tauri-driver")
}

/// Builds the driver of the window into the target directory, once.
pub(crate) fn install_driver(project: &Project) -> Result<()> {
    install(project, "tauri-driver", DRIVER_VERSION, &format!("{DRIVER_VERSION}.stamp"))
}

/// Where cargo-fuzz lies once [`install_fuzzer`] has run.
pub(crate) fn fuzzer_path(project: &Project) -> PathBuf {
    program_path(project, "cargo-fuzz")
}

/// Builds cargo-fuzz into the target directory, once.
pub(crate) fn install_fuzzer(project: &Project) -> Result<()> {
    install(project, "cargo-fuzz", FUZZER_VERSION, &format!("cargo-fuzz-{FUZZER_VERSION}.stamp"))
}

fn program_path(project: &Project, name: &str) -> PathBuf {
    project.target.join("tools/bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn install(project: &Project, name: &str, version: &str, stamp: &str) -> Result<()> {
    let root = project.target.join("tools");
    // `cargo install` would notice too, but asks the registry first.
    if program_path(project, name).is_file() && root.join(stamp).is_file() {
        return Ok(());
    }
    step(&format!("building {name}"), || {
        run(project
            .cargo()
            .args(["install", name, "--version", version, "--locked", "--root"])
            .arg(&root)
            .arg("--target-dir")
            .arg(root.join("build")))?;
        Ok(std::fs::write(root.join(stamp), "")?)
    })
}

/// Where the bundler lies once [`install_bundler`] has run.
pub(crate) fn bundler_path(project: &Project) -> PathBuf {
    project.target.join("tools/bundler/node_modules/.bin/tauri")
}

/// Brings the bundler into the target directory, once. It is no package of the interface, whose lock file would have to name
/// its programs for every platform.
pub(crate) fn install_bundler(project: &Project) -> Result<()> {
    let root = project.target.join("tools/bundler");
    let stamp = root.join(format!("{BUNDLER_VERSION}.stamp"));
    if bundler_path(project).exists() && stamp.is_file() {
        return Ok(());
    }
    step("installing the bundler", || {
        std::fs::create_dir_all(&root)?;
        let package = format!("@tauri-apps/cli@{BUNDLER_VERSION}");
        run(Command::new("npm").args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]).arg(&root).arg(package))?;
        Ok(std::fs::write(&stamp, "")?)
    })
}

/// Brings the judges that are no system packages: veraPDF, with its Java, and pyHanko.
pub(crate) fn install_judges(project: &Project) -> Result<()> {
    let script = |word: &str| {
        let mut command = Command::new(project.root.join("tests/judges/check-pdf"));
        command.arg(word).env("DPIA_JUDGES", judges_folder(project));
        command
    };
    if succeeds(&mut script("--is-set-up")) {
        return Ok(());
    }
    step("installing the judges of a PDF", || run(&mut script("--set-up")))
}

/// Where the judges lie.
pub(crate) fn judges_folder(project: &Project) -> PathBuf {
    project.target.join("judges")
}
