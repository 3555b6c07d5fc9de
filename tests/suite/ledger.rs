//! CONFORMANCE.md is held against what it speaks of: every checkpoint and every rule is in it, and every file, test and
//! way to break a report that it names is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result, ensure};
use dpia_tests::judges::list_rules;
use dpia_tests::places::{project_root, read_sources};

/// The failure conditions of each checkpoint of the Matterhorn Protocol 1.1, from checkpoint 01 on: 136 in all.
const CONDITIONS: [usize; 31] = [7, 4, 3, 1, 2, 4, 2, 2, 8, 1, 7, 1, 8, 7, 5, 3, 3, 3, 4, 3, 1, 1, 0, 1, 1, 2, 1, 18, 1, 2, 30];

/// What can be said of a line.
const VERDICTS: [&str; 4] = ["enforced", "caller", "not applicable", "open"];

/// The lines of the table that has this first head, cell by cell.
fn rows<'a>(ledger: &'a str, first_head: &str) -> Vec<Vec<&'a str>> {
    let head = format!("| {first_head} |");
    let table = ledger.lines().skip_while(|line| !line.starts_with(&head)).skip(2).take_while(|line| line.starts_with('|'));
    table.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The numbers of a cell such as `1–3, 7`; none for a dash.
fn numbers(cell: &str) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for part in cell.split(", ").filter(|part| *part != "–") {
        let (first, last) = part.split_once('–').unwrap_or((part, part));
        found.extend(first.parse::<usize>()?..=last.parse()?);
    }
    Ok(found)
}

/// The names in backticks.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn read_ledger() -> Result<String> {
    Ok(fs::read_to_string(project_root().join("CONFORMANCE.md"))?)
}

#[test]
fn the_ledger_names_every_checkpoint_and_every_rule_and_nothing_that_is_not_there() -> Result<()> {
    let ledger = read_ledger()?;
    check_checkpoints(&ledger)?;
    check_rules(&ledger)?;
    check_names(&ledger)
}

fn check_checkpoints(ledger: &str) -> Result<()> {
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut clauses = BTreeSet::new();
    for row in rows(ledger, "checkpoint") {
        let [checkpoint, conditions, named, verdict, how] = row.try_into().ok().context("a line of five cells")?;
        let number: usize = checkpoint.split(' ').next().unwrap_or_default().parse()?;
        ensure!(VERDICTS.contains(&verdict) && !how.is_empty(), "{checkpoint}: {verdict}");
        ensure!(verdict != "enforced" || names(how).next().is_some(), "{checkpoint} does not say what enforces it");
        found.entry(number).or_default().extend(numbers(conditions)?);
        clauses.extend(named.split(", ").filter(|clause| *clause != "–").map(str::to_owned));
    }
    for (number, count) in (1..).zip(CONDITIONS) {
        let mut conditions = found.remove(&number).with_context(|| format!("checkpoint {number:02} is missing"))?;
        conditions.sort_unstable();
        assert_eq!(conditions, (1..=count).collect::<Vec<_>>(), "conditions of checkpoint {number:02}");
    }
    assert_eq!(found, BTreeMap::new(), "there are no such checkpoints");
    assert_eq!(CONDITIONS.iter().sum::<usize>(), 136);
    let expected: BTreeSet<String> = list_rules("ua1")?.into_iter().map(|rule| rule.clause).collect();
    assert_eq!(clauses, expected, "clauses of ISO 14289-1");
    Ok(())
}

fn check_rules(ledger: &str) -> Result<()> {
    let mut found = Vec::new();
    for row in rows(ledger, "clause") {
        let [clause, tests, verdict, how] = row.try_into().ok().context("a line of four cells")?;
        ensure!(VERDICTS.contains(&verdict) && !how.is_empty(), "{clause}: {verdict}");
        ensure!(verdict != "enforced" || names(how).next().is_some(), "{clause} does not say what enforces it");
        found.extend(numbers(tests)?.into_iter().map(|test| (clause.to_owned(), test)));
    }
    let expected: Vec<(String, usize)> = list_rules("3a")?.into_iter().map(|rule| (rule.clause, rule.test as usize)).collect();
    ensure!(expected.len() > 100, "the profile has {} rules", expected.len());
    let sorted = |mut rules: Vec<(String, usize)>| {
        rules.sort();
        rules
    };
    assert_eq!(sorted(found), sorted(expected));
    Ok(())
}

fn check_names(ledger: &str) -> Result<()> {
    let root = project_root();
    let mut sources = String::new();
    read_sources(&root.join("src-tauri/crates"), &mut sources)?;
    read_sources(&root.join("tests"), &mut sources)?;
    let (mut files, mut functions) = (0, 0);
    for name in names(ledger) {
        if name.contains('/') {
            ensure!(root.join("src-tauri/crates").join(name).is_file(), "there is no {name}");
            files += 1;
        } else if name.starts_with(char::is_lowercase) {
            ensure!(sources.contains(&format!("fn {name}(")), "there is no test or way to break a report called {name}");
            functions += 1;
        } else {
            ensure!(["Suspects", "DisplayDocTitle"].contains(&name), "what is {name}?");
        }
    }
    assert!(files > 50 && functions > 50, "{files} files, {functions} functions");
    Ok(())
}
