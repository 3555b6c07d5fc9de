//! `cargo xtask bindings`: the interface's types and calls, as the window's commands give them, and the recorded answers that
//! its tests are replayed.
//!
//! A test of the window's crate makes the first, one of the suite the second. Each compares them with the files in the tree, and
//! writes the files instead where `DPIA_WRITE_BINDINGS` is set.

use std::process::Command;

use anyhow::Result;

use crate::interface::build_interface;
use crate::progress::{run, step};
use crate::project::{Project, TEST_FEATURES};
use crate::requirements::{Need, ensure_requirements};

/// Writes the files again.
pub(crate) fn write_bindings(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal, Need::Window])?;
    build_interface(project)?;
    step("writing the bindings", || run(bindings_test(project).env("DPIA_WRITE_BINDINGS", "1")))?;
    step("recording the answers for the interface's tests", || run(recorded_test(project).env("DPIA_WRITE_BINDINGS", "1")))
}

/// Fails where the file in the tree is not what the commands give.
pub(crate) fn check_bindings(project: &Project) -> Result<()> {
    step("checking that the bindings are up to date", || run(&mut bindings_test(project)))
}

/// The suites compare the recorded answers by themselves.
fn recorded_test(project: &Project) -> Command {
    let mut command = project.cargo();
    command.args(["test", "--workspace", "--test", "suite", "--features", TEST_FEATURES, "recorded"]);
    command
}

fn bindings_test(project: &Project) -> Command {
    let mut command = project.cargo();
    // The whole workspace is named, so that what the other commands have built serves here as well.
    command.args(["test", "--workspace", "--bin", "dpia-editor", "--features", TEST_FEATURES, "bindings"]);
    command
}
