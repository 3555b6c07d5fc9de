//! All that `dpia` prints goes through here, so that no stranger's word (a name, a title, a reason) makes a line of its own,
//! hides one, or is obeyed by the terminal.

use dpia_app::{AppError, ErrorCode, plain};
use std::fmt::Display;
use std::io::Write as _;

/// Says one line beside the result, on stderr. Where nobody reads stderr any longer, the work goes on.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", plain::line(&line.to_string()));
}

/// Prints a value as JSON; characters that are not shown are there as their numbers.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), AppError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| AppError::new(ErrorCode::Environment, "the answer could not be written as JSON").with_detail(error))?;
    write(&format!("{}\n", plain::json(&text)))
}

/// Prints lines to stdout.
pub(crate) fn print_text(text: &str) -> Result<(), AppError> {
    write(&plain::text(text))
}

/// A reader that has gone away is no failure of ours to shout about.
fn write(text: &str) -> Result<(), AppError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(AppError::new(ErrorCode::Environment, "stdout cannot be written to").with_detail(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
