//! `cargo xtask audit`: known vulnerabilities of what is delivered. It asks databases on the network, so no check and no
//! test calls it; where one cannot be reached it fails and says so.

use std::process::Command;

use anyhow::{Result, bail};

use crate::machine::find_program;
use crate::progress::{note, run, step};
use crate::project::Project;

/// The judge of crates.
const DENY_VERSION: &str = "0.20.2";

/// Asks both databases; fails with all that was found or could not be asked.
pub(crate) fn audit(project: &Project) -> Result<()> {
    let asked = [("the crates", audit_crates(project)), ("the npm packages", audit_npm(project))];
    let failed: Vec<String> = asked.into_iter().filter_map(|(what, result)| Some(format!("{what}: {:#}", result.err()?))).collect();
    if !failed.is_empty() {
        bail!("the audit did not pass, because something was found or a database could not be reached\n{}", failed.join("\n"));
    }
    Ok(())
}

fn audit_crates(project: &Project) -> Result<()> {
    let tools = project.target.join("tools");
    let program = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        step("building cargo-deny", || {
            let mut install = project.cargo();
            install.args(["install", "cargo-deny", "--version", DENY_VERSION, "--locked", "--root"]).arg(&tools);
            run(install.arg("--target-dir").arg(tools.join("build")))
        })?;
    }
    step("asking the RustSec database about the crates", || {
        run(Command::new(&program).args(["--locked", "check", "advisories"]).current_dir(&project.root))
    })
}

fn audit_npm(project: &Project) -> Result<()> {
    if find_program("npm").is_none() {
        bail!("npm is missing: it comes with Node");
    }
    note("npm asks the registry that it is set up with");
    step("asking the npm registry about the interface's packages", || {
        run(Command::new("npm").args(["audit", "--omit=dev", "--audit-level=low"]).current_dir(project.ui()))
    })
}
