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
    if selection.runs.is_empty() {
        return Ok(());
    }
    step("building the programs and the tests (some minutes the first time)", || {
        run(project.cargo().args(["build", "--workspace", "--bins", "--tests", "--features", TEST_FEATURES]))
    })?;
    if suites.is_empty() {
        // Examples in the documentation first: what ends a run of tests should have run some.
        step("testing the examples in the documentation", || cargo_test(project, &workspace(&["--doc"])))?;
    }
    // The tests' own lines stand last, so that they are what a reader and a machine see.
    selection.runs.iter().try_for_each(|arguments| cargo_test(project, arguments))
}

/// What the named suites come to.
#[derive(Debug, PartialEq, Eq)]
struct Selection {
    interface: bool,
    /// The arguments of each run of `cargo test`.
    runs: Vec<Vec<String>>,
}

/// Reads the suites' names: `ui`, a package of the workspace, or a test target of any package.
fn select(project: &Project, suites: &[String]) -> Result<Selection> {
    if suites.is_empty() {
        return Ok(Selection { interface: true, runs: vec![workspace(&["--lib", "--bins", "--tests"])] });
    }
    let (packages, tests) = names(project);
    let mut selection = Selection { interface: false, runs: Vec::new() };
    let mut targets = Vec::new();
    for suite in suites {
        if suite == INTERFACE {
            selection.interface = true;
        } else if tests.contains(suite) {
            targets.extend(["--test", suite]);
        } else if packages.contains(suite) {
            // A feature of another package cannot be asked for beside it.
            let features = TEST_FEATURES.split(',').filter(|feature| feature.starts_with(&format!("{suite}/")));
            let features = features.flat_map(|feature| ["--features", feature]);
            selection.runs.push(["--package", suite].into_iter().chain(features).map(str::to_owned).collect());
        } else {
            bail!("There is no suite `{suite}`. There are: {INTERFACE}, {}, {}", tests.join(", "), packages.join(", "));
        }
    }
    if !targets.is_empty() {
        selection.runs.insert(0, workspace(&targets));
    }
    Ok(selection)
}

/// The arguments of a run over the whole workspace.
fn workspace(targets: &[&str]) -> Vec<String> {
    ["--workspace", "--features", TEST_FEATURES].iter().chain(targets).map(|argument| (*argument).to_owned()).collect()
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
    command
        .arg("test")
        .args(arguments)
        .env("DPIA_BIN", project.debug_binary("dpia"))
        .env("DPIA_APP", project.debug_binary("dpia-editor"))
        .env("DPIA_DRIVER", driver_path(project))
        .env("DPIA_JUDGES", judges_folder(project));
    run(&mut command)
}
