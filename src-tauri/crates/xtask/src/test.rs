//! `cargo xtask test`: sets up, then runs every test, or the suites that are named.

use anyhow::{Result, bail};

use crate::acts;
use crate::interface::{build_interface, check_interface, test_interface};
use crate::progress::{self, run_and_hear, step};
use crate::project::{APP_FEATURES, Project, TEST_FEATURES};
use crate::requirements::{Need, ensure_requirements};
use crate::summary::{Summary, Tally};
use crate::tools::{driver_path, install_driver, install_judges, judges_folder};

/// The name of the interface's suite; all others are cargo's.
const INTERFACE: &str = "ui";
/// The suite that drives the window.
const DRIVEN: &str = "e2e";
/// The seed of the property tests, where the environment names no other: what fails here fails at every run of the same code.
/// `cargo test` alone draws a fresh seed each time.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20261130");

/// Runs every test where no suite is named. A suite that fails stops none of those after it; what is printed last says how many
/// passed and which failed.
pub(crate) fn run_tests(project: &Project, suites: &[String]) -> Result<()> {
    run(project, suites, false)
}

/// Runs every test, of an interface that was checked just now.
pub(crate) fn run_checked_tests(project: &Project) -> Result<()> {
    run(project, &[], true)
}

fn run(project: &Project, suites: &[String], is_checked: bool) -> Result<()> {
    let selection = select(project, suites)?;
    ensure_requirements(&[Need::Terminal, Need::Window, Need::Judges, Need::DrivenWindow])?;
    build_interface(project)?;
    install_judges(project)?;
    install_driver(project)?;
    let mut summary = Summary::default();
    if selection.interface {
        if !is_checked {
            summary.note("the interface's checks", check_interface(project));
        }
        summary.note("the interface's tests", test_interface(project));
    }
    if !selection.runs.is_empty() {
        if project.lints_builds {
            step("building and linting the app as it is delivered", || build(project, "--all-targets", APP_FEATURES))?;
            step("building and linting the programs and the tests", || build(project, "--all-targets", TEST_FEATURES))?;
        } else {
            step("building the programs and the tests (some minutes the first time)", || build(project, "--tests", TEST_FEATURES))?;
        }
    }
    if suites.is_empty() {
        summary.note(
            "the examples in the documentation",
            step("testing the examples in the documentation", || cargo_test(project, &workspace(&["--doc"]))),
        );
    }
    acts::begin(project)?;
    for arguments in &selection.runs {
        summary.note(&format!("cargo test {}", arguments.join(" ")), cargo_test(project, arguments));
    }
    if suites.is_empty() || suites.iter().any(|suite| suite == DRIVEN) {
        summary.note("the ledger of acts", acts::judge(project));
    }
    summary.finish()
}

/// Builds the programs, and the targets of one more kind.
fn build(project: &Project, targets: &str, features: &str) -> Result<()> {
    progress::run(project.cargo().args(["build", "--workspace", "--bins", targets, "--features", features]))
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

/// Runs `cargo test` with what the tests look for in their environment, and counts what it says.
fn cargo_test(project: &Project, arguments: &[String]) -> Result<Tally> {
    let mut command = project.cargo();
    command
        .args(["test", "--no-fail-fast"])
        .args(arguments)
        .env("DPIA_BIN", project.debug_binary("dpia"))
        .env("DPIA_APP", project.debug_binary("dpia-editor"))
        .env("DPIA_DRIVER", driver_path(project))
        .env("DPIA_JUDGES", judges_folder(project));
    if std::env::var_os(SEED.0).is_none() {
        command.env(SEED.0, SEED.1);
    }
    let mut tally = Tally::default();
    let ended = run_and_hear(&mut command, &mut |line| tally.count(line))?;
    if !ended.success() && tally.failed == 0 {
        bail!("it ended with {ended} before its tests did");
    }
    Ok(tally)
}
