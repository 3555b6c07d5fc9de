//! What a command says while it works: one line when a step begins, one when it has ended.
//!
//! All of it goes to stderr, where cargo's own progress goes, so that stdout holds results alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Says what is about to be done, does it, and says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("→ {what}");
    let begun = Instant::now();
    let result = work().with_context(|| format!("failed: {what}"))?;
    eprintln!("✓ {what} ({:.1} s)", begun.elapsed().as_secs_f32());
    Ok(result)
}

/// Says something that is no step.
pub(crate) fn note(words: &str) {
    eprintln!("  {words}");
}

/// Runs a command whose output the reader sees, and fails with its line where it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    let status = command.status().with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs a command whose output the reader sees, and hears each line of its stdout too. How it ended is for the caller.
pub(crate) fn run_and_hear(command: &mut Command, hear: &mut dyn FnMut(&str)) -> Result<ExitStatus> {
    let line = command_line(command);
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("`{line}` could not be started"))?;
    let mut out = BufReader::new(child.stdout.take().context("it has no stdout")?);
    let mut text = Vec::new();
    while out.read_until(b'\n', &mut text)? > 0 {
        std::io::stdout().write_all(&text)?;
        hear(String::from_utf8_lossy(&text).trim_end());
        text.clear();
    }
    child.wait().with_context(|| format!("`{line}` was lost"))
}

/// Runs a command for its stdout, and fails with its line and stderr where it fails.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let line = command_line(command);
    let output = command.output().with_context(|| format!("`{line}` could not be started"))?;
    if !output.status.success() {
        bail!("`{line}` ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed what is not UTF-8"))
}

/// Whether a command runs and succeeds; nothing of it is shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The command as one would type it.
fn command_line(command: &Command) -> String {
    std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{command_line, read};

    #[test]
    fn a_command_that_cannot_be_started_is_named_with_its_arguments() {
        let mut command = Command::new("no-such-program");
        command.args(["--with", "this"]);
        assert_eq!(command_line(&command), "no-such-program --with this");
        let error = read(&mut command).expect_err("there is no such program");
        assert_eq!(error.to_string(), "`no-such-program --with this` could not be started");
    }
}
