//! Which crate may know which: the house's directions, read off `cargo metadata`.
//!
//! A crate's direct dependencies are judged, of every kind: a test that reaches past its crate's neighbours is a breach
//! as well. Tests that cross crates live in the crate of tests, which may know all.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::project::Project;

/// A crate of ours, and those of ours that it may know.
const OURS: &[(&str, &[&str])] = &[
    ("dpia-model", &[]),
    ("dpia-files", &[]),
    ("dpia-signing", &[]),
    ("dpia-keys", &["dpia-files"]),
    ("dpia-review", &["dpia-model"]),
    ("dpia-store", &["dpia-model", "dpia-files"]),
    ("dpia-bundle", &["dpia-model"]),
    ("dpia-import", &["dpia-model"]),
    ("dpia-report", &["dpia-model"]),
    (
        "dpia-app",
        &[
            "dpia-model",
            "dpia-files",
            "dpia-review",
            "dpia-store",
            "dpia-bundle",
            "dpia-import",
            "dpia-report",
            "dpia-signing",
            "dpia-keys",
        ],
    ),
    ("dpia-cli", &["dpia-app"]),
    ("dpia-editor", &["dpia-app"]),
    ("xtask", &[]),
    (POWER, &["dpia-model", "dpia-store"]),
    ("dpia-fuzz", &["dpia-model", "dpia-bundle", "dpia-import", "dpia-signing"]),
];

/// The crate of tests, which may know every crate of ours.
const TESTS: &str = "dpia-tests";
/// The recording disk below the tests' databases, which no crate but that of the tests may know.
const POWER: &str = "dpia-power";

/// Crates of others that only some of ours may use. A name that ends in `*` means all that begin so.
const THEIRS: &[(&str, &[&str])] = &[
    ("tauri*", &["dpia-editor", TESTS]),
    ("tokio", &["dpia-editor", TESTS]),
    ("rusqlite", &["dpia-store", POWER]),
    ("libsqlite3-sys", &["dpia-store"]),
    ("printpdf", &["dpia-report"]),
    ("keyring*", &["dpia-keys"]),
    ("zbus*", &["dpia-keys"]),
];

/// Every direct dependency that the directions do not allow.
pub(crate) fn find_breaches(project: &Project) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for package in project.metadata["packages"].as_array().context("cargo metadata has no packages")? {
        let name = package["name"].as_str().context("a package has no name")?;
        let dependencies: Vec<&str> =
            package["dependencies"].as_array().into_iter().flatten().filter_map(|dependency| Value::as_str(&dependency["name"])).collect();
        breaches.extend(judge_package(name, &dependencies));
    }
    Ok(breaches)
}

/// The breaches of one package, given the names of what it depends on.
fn judge_package(name: &str, dependencies: &[&str]) -> Vec<String> {
    let known = OURS.iter().find(|(ours, _)| *ours == name).map(|(_, known)| *known);
    if known.is_none() && name != TESTS {
        return vec![format!("{name}: a new crate; say in the directions which crates of ours it may know")];
    }
    let mut breaches = Vec::new();
    for dependency in dependencies {
        let is_ours = *dependency == TESTS || OURS.iter().any(|(ours, _)| ours == dependency);
        // A crate that names itself asks for its own features in its tests.
        if is_ours && *dependency != name && known.is_some_and(|known| !known.contains(dependency)) {
            breaches.push(format!("{name} must not know {dependency}"));
        }
        let rule = THEIRS.iter().find(|(theirs, _)| matches_name(theirs, dependency));
        if let Some((_, users)) = rule
            && !users.contains(&name)
        {
            breaches.push(format!("{name} must not use {dependency}, which belongs to {}", users.join(" and ")));
        }
    }
    breaches
}

fn matches_name(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::judge_package;

    fn check(name: &str, dependencies: &[&str], expected: &[&str]) {
        assert_eq!(judge_package(name, dependencies), expected, "{name} with {dependencies:?}");
    }

    #[test]
    fn a_dependency_along_the_directions_is_no_breach() {
        check("dpia-model", &["serde", "jiff", "dpia-model"], &[]);
        check("dpia-report", &["dpia-model", "printpdf"], &[]);
        check("dpia-app", &["dpia-model", "dpia-store", "dpia-keys"], &[]);
        check("dpia-editor", &["dpia-app", "tauri", "tauri-build", "tauri-specta", "tokio"], &[]);
        check("dpia-tests", &["dpia-model", "dpia-app", "tokio"], &[]);
    }

    #[test]
    fn a_dependency_against_the_directions_is_named() {
        check("dpia-model", &["dpia-store"], &["dpia-model must not know dpia-store"]);
        check("dpia-cli", &["dpia-app", "dpia-model"], &["dpia-cli must not know dpia-model"]);
        check("dpia-report", &["dpia-signing"], &["dpia-report must not know dpia-signing"]);
        check("dpia-store", &["dpia-tests", "dpia-power"], &["dpia-store must not know dpia-tests", "dpia-store must not know dpia-power"]);
    }

    #[test]
    fn a_library_outside_its_place_is_named_with_its_place() {
        check("dpia-app", &["rusqlite"], &["dpia-app must not use rusqlite, which belongs to dpia-store and dpia-power"]);
        check("dpia-cli", &["tauri-plugin-fs"], &["dpia-cli must not use tauri-plugin-fs, which belongs to dpia-editor and dpia-tests"]);
        check("dpia-signing", &["keyring-core"], &["dpia-signing must not use keyring-core, which belongs to dpia-keys"]);
    }

    #[test]
    fn a_crate_that_the_directions_do_not_know_is_a_breach() {
        check("dpia-new", &[], &["dpia-new: a new crate; say in the directions which crates of ours it may know"]);
    }
}
