//! What a run of many suites comes to: how many tests passed, and which failed.

use anyhow::{Result, bail};

/// The tests of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// The names of those that failed.
    pub(crate) failures: Vec<String>,
}

impl Tally {
    /// Takes in a line of what `cargo test` prints.
    pub(crate) fn count(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED")) {
            self.failures.push(name.to_owned());
        }
        let Some(result) = line.strip_prefix("test result: ") else { return };
        for part in result.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => self.passed += number.parse::<u64>().unwrap_or(0),
                Some((number, "failed")) => self.failed += number.parse::<u64>().unwrap_or(0),
                Some(_) | None => {}
            }
        }
    }
}

/// A run that has no tests to count, only a result.
impl From<()> for Tally {
    fn from((): ()) -> Self {
        Self::default()
    }
}

/// All runs together.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    tally: Tally,
    troubles: Vec<String>,
}

impl Summary {
    /// Takes in how a run ended.
    pub(crate) fn note<T: Into<Tally>>(&mut self, what: &str, ended: Result<T>) {
        match ended.map(Into::into) {
            Ok(Tally { passed, failed, failures }) => {
                self.tally.passed += passed;
                self.tally.failed += failed;
                self.tally.failures.extend(failures);
            }
            Err(error) => self.troubles.push(format!("{what}: {error:#}")),
        }
    }

    /// Prints the summary; fails where something did.
    pub(crate) fn finish(self) -> Result<()> {
        let Self { tally: Tally { passed, failed, failures }, troubles } = self;
        println!();
        failures.iter().for_each(|name| println!("failed: {name}"));
        troubles.iter().for_each(|trouble| println!("failed: {trouble}"));
        println!("{passed} passed, {} failed", failed + troubles.len() as u64);
        if failed > 0 || !troubles.is_empty() {
            bail!("not every suite passed");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_named_and_all_is_counted() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test disk::a_full_disk_is_reported ... ok",
            "test kill::nothing_is_lost ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 4 filtered out; finished in 0.28s",
            "test result: ok. 40 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ] {
            tally.count(line);
        }
        assert_eq!(tally, Tally { passed: 42, failed: 1, failures: vec!["kill::nothing_is_lost".to_owned()] });
        let mut summary = Summary::default();
        summary.note("a", Ok(tally));
        assert!(summary.finish().is_err());
        let mut summary = Summary::default();
        summary.note("a", Ok(()));
        summary.note::<()>("b", Err(anyhow::anyhow!("it was not built")));
        assert!(summary.finish().is_err());
        let mut summary = Summary::default();
        summary.note("a", Ok(Tally { passed: 1, ..Tally::default() }));
        assert!(summary.finish().is_ok());
    }
}
