//! The project's own commands: set up, run, test, check, package.
fn main() {}
