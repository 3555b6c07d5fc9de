//! `cargo xtask test`: sets up, then runs every test, or the suites that are named.

use anyhow::{Result, bail};

use crate::interface::{build_interface, check_interface, test_interface};
use crate::progress::{run, step};
use crate::project::{Project, TEST_FEATURES};
use crate::requirements::{Need, ensure_requirements};
use crate::tools::{driver_path, install_driver, install_judges, judges_folder};

/// The name of the interface's suite; all others are cargo's.
const INTERFACE: &str = "ui";

/// Runs every test where no suite is named. What is printed last are cargo's own lines.
pub(crate) fn run_tests(project: &Project, suites: &[String]) -> Result<()> {
    let selection = select(project, suites)?;
    ensure_requirements(&[Need::Terminal, Need::Window, Need::Judges, Need::DrivenWindow])?;
    build_interface(project)?;
    install_judges(project)?;
    install_driver(project)?;
    if selection.interface {
        check_interface(project)?;
        test_interface(project)?;
    }
    if !selection.cargo {
        return Ok(());
    }
    step("building the programs and the tests (some minutes the first time)", || {
        run(project.cargo().args(["build", "--workspace", "--bins", "--tests", "--features", TEST_FEATURES]))
    })?;
    if suites.is_empty() {
        // Examples in the documentation first: what ends a run of tests should have run some.
        step("testing the examples in the documentation", || cargo_test(project, &["--doc".to_owned()]))?;
    }
    // The tests' own lines stand last, so that they are what a reader and a machine see.
    cargo_test(project, &selection.targets)
}

/// What the named suites come to.
#[derive(Debug, PartialEq, Eq)]
struct Selection {
    interface: bool,
    cargo: bool,
    /// Arguments that narrow `cargo test`.
    targets: Vec<String>,
}

/// Reads the suites' names: `ui`, a package of the workspace, or a test target of any package.
fn select(project: &Project, suites: &[String]) -> Result<Selection> {
    if suites.is_empty() {
        let targets = ["--lib", "--bins", "--tests"].map(str::to_owned).to_vec();
        return Ok(Selection { interface: true, cargo: true, targets });
    }
    let (packages, tests) = names(project);
    let mut selection = Selection { interface: false, cargo: false, targets: Vec::new() };
    for suite in suites {
        if suite == INTERFACE {
            selection.interface = true;
            continue;
        }
        selection.cargo = true;
        if tests.contains(suite) {
            selection.targets.extend(["--test".to_owned(), suite.clone()]);
        } else if packages.contains(suite) {
            selection.targets.extend(["--package".to_owned(), suite.clone()]);
        } else {
            bail!("There is no suite `{suite}`. There are: {INTERFACE}, {}, {}", tests.join(", "), packages.join(", "));
        }
    }
    Ok(selection)
}

/// The workspace's packages, and the test targets among them.
fn names(project: &Project) -> (Vec<String>, Vec<String>) {
    let (mut packages, mut tests) = (Vec::new(), Vec::new());
    for package in project.metadata["packages"].as_array().into_iter().flatten() {
        packages.extend(package["name"].as_str().map(str::to_owned));
        for target in package["targets"].as_array().into_iter().flatten() {
            if target["kind"][0] == "test" {
                tests.extend(target["name"].as_str().map(str::to_owned));
            }
        }
    }
    (packages, tests)
}

/// Runs `cargo test` with what the tests look for in their environment.
fn cargo_test(project: &Project, arguments: &[String]) -> Result<()> {
    let mut command = project.cargo();
    command.arg("test");
    if !arguments.iter().any(|argument| argument == "--package") {
        command.arg("--workspace");
    }
    command
        .args(["--features", TEST_FEATURES])
        .args(arguments)
        .env("DPIA_BIN", project.debug_binary("dpia"))
        .env("DPIA_APP", project.debug_binary("dpia-editor"))
        .env("DPIA_DRIVER", driver_path(project))
        .env("DPIA_JUDGES", judges_folder(project));
    run(&mut command)
}
