//! `cargo xtask prove`: the proofs of durability, and the fuzzing, at length, of which every run of the tests has each briefly;
//! and that of the package.

use anyhow::{Context as _, Result, bail};

use crate::fuzz::fuzz;
use crate::package::prove_package;
use crate::progress::run;
use crate::project::Project;

/// A proof: its name here, the test that it is, and the variable that says how often.
struct Proof {
    name: &'static str,
    test: &'static str,
    times: &'static str,
}

/// The proof that is no test: it runs for minutes and with a tool of its own.
const FUZZ: &str = "fuzz";

const PROOFS: &[Proof] = &[
    Proof { name: "kill", test: "kill::every_acknowledged_edit_survives_a_kill", times: "DPIA_PROVE_KILLS" },
    Proof { name: "power", test: "power::every_acknowledged_edit_survives_a_power_cut", times: "DPIA_PROVE_CUTS" },
];

/// The proof that no run of the tests has: it takes a bare system.
const PACKAGE: &str = "package";

/// Runs the proof that is named, as often as is said, with the seed that is given or a fresh one, which is printed.
pub(crate) fn run_proof(project: &Project, arguments: &[String]) -> Result<()> {
    match arguments.split_first().map(|(name, rest)| (name.as_str(), rest)) {
        Some((PACKAGE, [])) => return prove_package(project),
        Some((FUZZ, rest)) => return fuzz(project, rest),
        Some(_) | None => {}
    }
    let order = read_order(arguments)?;
    let mut command = project.cargo();
    command.args(["test", "--quiet", "--package", "dpia-tests", "--test", "durability", "--"]);
    command.args(["--exact", order.proof.test, "--nocapture"]);
    command.env(order.proof.times, order.times.to_string());
    if let Some(seed) = order.seed {
        command.env("DPIA_PROVE_SEED", seed.to_string());
    }
    run(&mut command)
}

/// What is asked for.
struct Order {
    proof: &'static Proof,
    times: u32,
    seed: Option<u64>,
}

fn read_order(arguments: &[String]) -> Result<Order> {
    let names = || PROOFS.iter().map(|proof| proof.name).chain([FUZZ, PACKAGE]).collect::<Vec<_>>().join(", ");
    let Some((name, mut rest)) = arguments.split_first() else { bail!("name one proof: {}", names()) };
    let Some(proof) = PROOFS.iter().find(|proof| proof.name == name) else { bail!("there is no proof `{name}`: {}", names()) };
    let mut order = Order { proof, times: 1000, seed: None };
    while let Some((option, after)) = rest.split_first() {
        let value = after.first().with_context(|| format!("`{option}` needs a number"))?;
        let wrong = || format!("`{value}` is no number for `{option}`");
        match option.as_str() {
            "--times" => order.times = value.parse().with_context(wrong)?,
            "--seed" => order.seed = Some(value.parse().with_context(wrong)?),
            unknown => bail!("there is no option `{unknown}`: --times N, --seed N"),
        }
        rest = &after[1..];
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::read_order;

    #[test]
    fn an_order_names_a_proof_how_often_and_a_seed() {
        fn check(words: &str, expected: Result<(&str, u32, Option<u64>), &str>) {
            let arguments: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
            let read = read_order(&arguments).map(|order| (order.proof.name, order.times, order.seed)).map_err(|error| error.to_string());
            match (&read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!(*read, expected, "{words}"),
                (Err(error), Err(expected)) => assert!(error.starts_with(expected), "{words}: {error}"),
                (read, expected) => panic!("{words}: {read:?}, not {expected:?}"),
            }
        }
        check("kill", Ok(("kill", 1000, None)));
        check("kill --times 15 --seed 7", Ok(("kill", 15, Some(7))));
        check("", Err("name one proof: kill"));
        check("flood", Err("there is no proof `flood`"));
        check("kill --times", Err("`--times` needs a number"));
        check("kill --times often", Err("`often` is no number"));
        check("kill --slowly 3", Err("there is no option `--slowly`"));
    }
}
