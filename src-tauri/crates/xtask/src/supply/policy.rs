//! What a delivered package must not be, and which licences are taken: `deny.toml`, the part of it that needs no
//! database. `cargo xtask audit` has cargo-deny read the rest.

use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::packages::{Package, read_delivered};
use crate::project::Project;

/// `deny.toml`, as far as it is read here.
#[derive(Debug, Deserialize)]
struct Policy {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// Every delivered package that the policy refuses.
pub(crate) fn find_breaches(project: &Project) -> Result<Vec<String>> {
    let source = std::fs::read_to_string(project.root.join("deny.toml")).context("deny.toml cannot be read")?;
    let policy: Policy = toml::from_str(&source).context("deny.toml cannot be read")?;
    Ok(judge(&policy, &read_delivered(project)?))
}

fn judge(policy: &Policy, packages: &[Package]) -> Vec<String> {
    packages.iter().filter(|package| !package.is_ours()).flat_map(|package| judge_package(policy, package)).collect()
}

fn judge_package(policy: &Policy, package: &Package) -> Vec<String> {
    let mut breaches = Vec::new();
    let reference = package.reference();
    let way = package.way.join(" → ");
    if let Some(ban) = policy.bans.deny.iter().find(|ban| ban.name == package.name) {
        breaches.push(format!("{reference} is banned: {} ({way})", ban.reason));
    }
    let source = package.source.as_deref().unwrap_or_default();
    let registry = source.strip_prefix("registry+").unwrap_or(source);
    if source != "npm" && !policy.sources.allow_registry.iter().any(|allowed| allowed == registry) {
        breaches.push(format!("{reference} comes from {source}, which is no registry that is allowed ({way})"));
    }
    if package.checksum.is_none() {
        breaches.push(format!("{reference} has no checksum in its lock file ({way})"));
    }
    match Expression::parse_mode(&package.license, ParseMode::LAX) {
        Ok(expression) => {
            let is_allowed = |asked: &spdx::LicenseReq| policy.licenses.allow.iter().any(|allowed| *allowed == asked.to_string());
            if !expression.evaluate(is_allowed) {
                breaches.push(format!("{reference} is under {}, which is not allowed ({way})", package.license));
            }
        }
        Err(error) => breaches.push(format!("{reference} gives no licence that can be read: {} ({way})", error.reason)),
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::{Policy, judge_package};
    use crate::supply::packages::{Ecosystem, Package};

    fn package() -> Package {
        Package {
            ecosystem: Ecosystem::Cargo,
            name: "good".to_owned(),
            version: "1.0.0".to_owned(),
            license: "MIT/Apache-2.0".to_owned(),
            repository: None,
            authors: Vec::new(),
            source: Some("registry+https://github.com/rust-lang/crates.io-index".to_owned()),
            checksum: Some("00".to_owned()),
            folder: std::path::PathBuf::new(),
            way: vec!["dpia-cli".to_owned(), "good".to_owned()],
            links: Vec::new(),
        }
    }

    fn check(package: &Package, expected: &[&str]) {
        let policy: Policy = toml::from_str(include_str!("../../../../../deny.toml")).expect("the policy is read");
        assert_eq!(judge_package(&policy, package), expected, "{package:?}");
    }

    #[test]
    fn what_is_allowed_is_no_breach() {
        check(&package(), &[]);
        check(&Package { license: "GPL-2.0-only OR MIT".to_owned(), ..package() }, &[]);
        check(&Package { license: "(Apache-2.0 OR MIT) AND BSD-3-Clause".to_owned(), ..package() }, &[]);
        check(&Package { license: "Apache-2.0 WITH LLVM-exception".to_owned(), ..package() }, &[]);
    }

    #[test]
    fn what_is_not_allowed_is_named_with_the_way_it_came() {
        check(
            &Package { license: "MIT AND GPL-3.0-only".to_owned(), ..package() },
            &["pkg:cargo/good@1.0.0 is under MIT AND GPL-3.0-only, which is not allowed (dpia-cli → good)"],
        );
        check(
            &Package { license: String::new(), ..package() },
            &["pkg:cargo/good@1.0.0 gives no licence that can be read: empty expression (dpia-cli → good)"],
        );
        check(
            &Package { name: "reqwest".to_owned(), ..package() },
            &["pkg:cargo/reqwest@1.0.0 is banned: opens connections (dpia-cli → good)"],
        );
        check(
            &Package { source: Some("git+https://example.org/good".to_owned()), ..package() },
            &["pkg:cargo/good@1.0.0 comes from git+https://example.org/good, which is no registry that is allowed (dpia-cli → good)"],
        );
        check(&Package { checksum: None, ..package() }, &["pkg:cargo/good@1.0.0 has no checksum in its lock file (dpia-cli → good)"]);
    }
}
