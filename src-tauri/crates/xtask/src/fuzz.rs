//! `cargo xtask prove fuzz`: strangers' bytes at length. Every run of the tests has the same targets briefly.

use anyhow::{Context as _, Result, bail};
use std::path::Path;
use std::process::Command;

use crate::progress::{note, run, step};
use crate::project::Project;
use crate::requirements::{Need, ensure_requirements};
use crate::tools::{fuzzer_path, install_fuzzer};

/// The targets, each a program of `tests/fuzz`.
const TARGETS: [&str; 4] = ["bundle", "document", "template", "pdf"];
/// The longest input. What needs more is a matter of the limits, which have tests of their own.
const MOST_BYTES: u32 = 32 * 1024;
/// An input that takes longer is a find.
const MOST_SECONDS: u32 = 20;
/// A target that takes more memory is a find.
const MOST_MEGABYTES: u32 = 1024;

/// Fuzzes the targets that are named, or all, one after another, for so many minutes each. What is found stays in the
/// target directory: the corpus, to go on from, and the inputs that break a law.
pub(crate) fn fuzz(project: &Project, arguments: &[String]) -> Result<()> {
    let order = read_order(arguments)?;
    ensure_requirements(&[Need::Terminal])?;
    install_fuzzer(project)?;
    let folder = project.target.join("fuzz");
    step("building the targets (some minutes the first time)", || build(project, &folder))?;
    let mut broken = Vec::new();
    for target in order.targets {
        note(&format!("{target}: {} minutes", order.minutes));
        if run(&mut fuzzing(project, &folder, target, order.minutes)?).is_err() {
            broken.push(target);
        }
    }
    if !broken.is_empty() {
        bail!("A law was broken: {}. The inputs are in {}.", broken.join(", "), folder.join("artifacts").display());
    }
    Ok(())
}

/// Builds with the compiler as it is: without a sanitizer, which needs another one. The programs have no `unsafe` of their own.
fn build(project: &Project, folder: &Path) -> Result<()> {
    let mut command = Command::new(fuzzer_path(project));
    command.current_dir(&project.root).args(["fuzz", "build", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"]);
    command.args(["--features", "libfuzzer", "--target-dir"]).arg(folder);
    // Linking across crates takes minutes and finds nothing more; names are needed where a law is broken.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_STRIP", "none");
    run(&mut command)
}

fn fuzzing(project: &Project, folder: &Path, target: &str, minutes: u32) -> Result<Command> {
    let [found, broken] = ["corpus", "artifacts"].map(|kind| folder.join(kind).join(target));
    for place in [&found, &broken] {
        std::fs::create_dir_all(place).with_context(|| format!("{} cannot be made", place.display()))?;
    }
    let mut command = Command::new(program(folder, target)?);
    command.arg(&found).arg(project.root.join("tests/fuzz/corpus").join(target));
    command.arg(format!("-max_total_time={}", minutes * 60)).arg(format!("-max_len={MOST_BYTES}"));
    command.arg(format!("-timeout={MOST_SECONDS}")).arg(format!("-rss_limit_mb={MOST_MEGABYTES}"));
    command.arg(format!("-artifact_prefix={}/", broken.display())).arg("-print_final_stats=1");
    Ok(command)
}

/// cargo-fuzz builds below a folder with the name of the machine's kind, and nothing else is there.
fn program(folder: &Path, target: &str) -> Result<std::path::PathBuf> {
    let kinds = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let programs = kinds.flatten().map(|kind| kind.path().join("release").join(target));
    programs.into_iter().find(|program| program.is_file()).with_context(|| format!("the target {target} was not built"))
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order {
    targets: Vec<&'static str>,
    minutes: u32,
}

fn read_order(arguments: &[String]) -> Result<Order> {
    let mut order = Order { targets: Vec::new(), minutes: 10 };
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        if word == "--minutes" {
            let value = rest.next().context("`--minutes` needs a number")?;
            order.minutes = value.parse().with_context(|| format!("`{value}` is no number for `--minutes`"))?;
            if order.minutes == 0 {
                bail!("`--minutes` needs one at the least: the fuzzer takes 0 for ever");
            }
        } else if let Some(target) = TARGETS.into_iter().find(|target| target == word) {
            order.targets.push(target);
        } else {
            bail!("there is no target `{word}`: {}, --minutes N", TARGETS.join(", "));
        }
    }
    if order.targets.is_empty() {
        order.targets = TARGETS.to_vec();
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::{Order, TARGETS, read_order};

    #[test]
    fn an_order_names_targets_and_minutes() {
        let read = |words: &str| {
            let arguments: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            read_order(&arguments).map_err(|error| error.to_string())
        };
        let check = |words: &str, targets: &[&'static str], minutes: u32| {
            assert_eq!(read(words), Ok(Order { targets: targets.to_vec(), minutes }), "{words}");
        };
        check("", &TARGETS, 10);
        check("pdf --minutes 3", &["pdf"], 3);
        check("--minutes 1 bundle pdf", &["bundle", "pdf"], 1);
        let refuse = |words: &str, expected: &str| {
            let refused = read(words).expect_err(words);
            assert!(refused.starts_with(expected), "{refused}");
        };
        refuse("moon", "there is no target `moon`: bundle, document, template, pdf");
        refuse("--minutes", "`--minutes` needs a number");
        refuse("--minutes some", "`some` is no number");
        refuse("pdf --minutes 0", "`--minutes` needs one at the least");
    }
}
