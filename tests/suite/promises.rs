//! SECURITY.md names a test for each promise: each of them is there.

use std::fs;

use anyhow::{Context, Result};
use dpia_tests::places::{project_root, read_sources};

#[test]
fn each_promise_names_tests_that_are_there() -> Result<()> {
    let root = project_root();
    let security = fs::read_to_string(root.join("SECURITY.md"))?;
    let (_, promises) = security.split_once("## What is promised").context("SECURITY.md promises nothing")?;
    let (promises, _) = promises.split_once("\n## ").context("nothing follows the promises")?;
    let rows: Vec<&str> = promises.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise")).collect();
    assert!(rows.len() >= 15, "{} promises", rows.len());
    let mut sources = String::new();
    for folder in ["src-tauri", "tests"] {
        read_sources(&root.join(folder), &mut sources)?;
    }
    for row in rows {
        let tests: Vec<&str> = row.rsplit(" | ").next().into_iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let tests: Vec<&str> = tests.into_iter().filter(|name| !name.contains(' ')).collect();
        assert!(!tests.is_empty(), "a promise without a test: {row}");
        for test in tests {
            assert!(sources.contains(&format!("fn {test}(")), "there is no test `{test}`: {row}");
        }
    }
    Ok(())
}
