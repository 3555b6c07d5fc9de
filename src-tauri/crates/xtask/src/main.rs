//! The project's own commands, called as `cargo xtask run | test | ci | check | bench | prove | bindings`.
//!
//! Each command brings what it needs (system packages, npm packages, the interface, the judges of a PDF), says what it
//! does while it does it, and does nothing twice: a second call is quick. What is brought is in the target directory
//! and in `ui/node_modules`; system packages are installed on Debian and its kin, and named everywhere else.

mod acts;
mod bench;
mod bindings;
mod check;
mod fuzz;
mod interface;
mod machine;
mod package;
mod progress;
mod project;
mod prove;
mod requirements;
mod run;
mod summary;
mod supply;
mod test;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;

const USAGE: &str = "\
cargo xtask run             set up, then open the app; without a display, make a signed PDF of the sample document
cargo xtask test [SUITE…]   set up, then run every test, or the suites named: ui, a crate, or a test target such as e2e
cargo xtask ci              every check, then every test: what continuous integration runs
cargo xtask check           format, lints, directions between crates, circles in them, words, the interface, the bindings, the tree
cargo xtask bench report    time the printing of a report beside Typst, in one run
cargo xtask package         build the packages for Linux (.deb and .rpm) and look into them
cargo xtask audit           ask the databases of known vulnerabilities, which needs the network
cargo xtask bill            write the bill of materials (CycloneDX)
cargo xtask notices         write the notices of the packages that are delivered, again
cargo xtask bench store     time the store with 10,000 assessments beside plain SQLite, in one run
cargo xtask prove kill      kill a process that edits, --times N [1000], and look for what it heard was kept
cargo xtask prove power     cut the power below the database, --times N [1000], and look likewise
cargo xtask prove fuzz      fuzz what reads strangers' files, [TARGET…] --minutes N [10] each
cargo xtask prove package   install the .deb that was built in a bare Debian, drive the app there, and remove it (needs root)
cargo xtask bindings        write the interface's types and calls, and the answers that its tests replay";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match start_command(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command that the arguments name.
fn start_command(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("{USAGE}");
    };
    if !matches!(command.as_str(), "test" | "bench" | "prove")
        && let Some(surplus) = rest.first()
    {
        bail!("`{command}` takes no argument, and `{surplus}` was given\n\n{USAGE}");
    }
    match command.as_str() {
        "run" => run::run_app(&Project::open()?),
        "test" => test::run_tests(&Project::open()?, rest),
        "bench" => bench::run_bench(&Project::open()?, rest),
        "prove" => prove::run_proof(&Project::open()?, rest),
        "check" => check::check_all(&Project::open()?),
        "ci" => {
            let project = Project::open()?.linting_builds();
            check::check_sources(&project)?;
            test::run_checked_tests(&project)
        }
        "package" => package::package(&Project::open()?),
        "audit" => supply::audit::audit(&Project::open()?),
        "bill" => supply::bill::write_bill(&Project::open()?).map(|_| ()),
        "notices" => supply::notices::write_notices(&Project::open()?),
        "bindings" => bindings::write_bindings(&Project::open()?),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        unknown => bail!("there is no command `{unknown}`\n\n{USAGE}"),
    }
}

#[cfg(test)]
mod tests {
    use super::start_command;

    fn check(arguments: &[&str], expected: &str) {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let error = start_command(&arguments).expect_err("the arguments are wrong").to_string();
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn wrong_use_is_answered_with_what_was_wrong_and_the_commands() {
        check(&[], "cargo xtask run");
        check(&["fly"], "there is no command `fly`");
        check(&["run", "fast"], "`run` takes no argument, and `fast` was given");
    }
}
