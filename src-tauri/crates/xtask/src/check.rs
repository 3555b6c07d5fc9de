//! `cargo xtask check`: all that a change has to meet beside its tests.

mod circles;
mod directions;
mod paths;
mod tree;
mod words;

use anyhow::{Result, bail};

use crate::bindings::check_bindings;
use crate::interface::{build_interface, check_interface};
use crate::progress::{run, step};
use crate::project::{APP_FEATURES, Project, TEST_FEATURES};
use crate::requirements::{Need, ensure_requirements};
use crate::supply::{notices::check_notices, policy};

/// Runs every check; the quick ones come first.
pub(crate) fn check_all(project: &Project) -> Result<()> {
    check_sources(project)?;
    step("checking the lints", || lint(project, TEST_FEATURES))?;
    step("checking the lints of the app as it is delivered", || lint(project, APP_FEATURES))?;
    check_bindings(project)
}

/// Runs every check that compiles none of the crates.
pub(crate) fn check_sources(project: &Project) -> Result<()> {
    check_rules("checking the tree", || tree::find_breaches(project))?;
    check_rules("checking the directions between crates", || directions::find_breaches(project))?;
    check_rules("checking that the files of a crate need each other in no circle", || circles::find_breaches(project))?;
    check_rules("checking the words", || words::find_breaches(project))?;
    check_rules("checking what the programs are made of", || policy::find_breaches(project))?;
    step("checking the format", || run(project.cargo().args(["fmt", "--all", "--check"])))?;
    ensure_requirements(&[Need::Terminal, Need::Window])?;
    build_interface(project)?;
    check_notices(project)?;
    check_interface(project)
}

/// Fails with every breach that a search finds.
fn check_rules(what: &str, search: impl FnOnce() -> Result<Vec<String>>) -> Result<()> {
    step(what, || {
        let breaches = search()?;
        if !breaches.is_empty() {
            bail!("{}", breaches.join("\n"));
        }
        Ok(())
    })
}

fn lint(project: &Project, features: &str) -> Result<()> {
    let mut command = project.cargo();
    command.args(["clippy", "--workspace", "--all-targets", "--features", features, "--", "--deny", "warnings"]);
    run(&mut command)
}
