//! Other programs, run to their end.

use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

/// Runs a command to its end, whatever its exit code.
pub(crate) fn finish(command: &mut Command) -> Result<Output> {
    command.output().with_context(|| format!("{command:?} could not be started"))
}

/// The stdout of a command that has to succeed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = finish(command)?;
    if !output.status.success() {
        bail!("{command:?} ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
