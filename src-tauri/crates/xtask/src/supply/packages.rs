//! The packages that the delivered programs are made of: crates as cargo resolves them under the lock file, and npm
//! packages as the interface's lock file has them.
//!
//! Delivered is what the window and the terminal program link on Linux, procedural macros included, and the sources of C
//! that a crate brings in a crate of its own (`openssl-src`). What only tests or builds use is not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::progress::read;
use crate::project::{APP_FEATURES, Project};

/// The programs that are delivered, by their crates.
const DELIVERED: [&str; 2] = ["dpia-editor", "dpia-cli"];
/// The platform that packages are built for.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Where a package is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ecosystem {
    Cargo,
    Npm,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) name: String,
    pub(crate) version: String,
    /// The SPDX expression that it gives; empty where it gives none.
    pub(crate) license: String,
    pub(crate) repository: Option<String>,
    pub(crate) authors: Vec<String>,
    /// Where it comes from; none for a crate of ours.
    pub(crate) source: Option<String>,
    /// The hash that the lock file has: SHA-256 in hexadecimal for a crate, SHA-512 in base64 for npm.
    pub(crate) checksum: Option<String>,
    /// The folder of its sources on this machine.
    pub(crate) folder: PathBuf,
    /// The packages it was found through, from the program down to it.
    pub(crate) way: Vec<String>,
    /// What it links itself, by [`Package::reference`].
    pub(crate) links: Vec<String>,
}

impl Package {
    /// Its package URL.
    pub(crate) fn reference(&self) -> String {
        match self.ecosystem {
            Ecosystem::Cargo => format!("pkg:cargo/{}@{}", self.name, self.version),
            Ecosystem::Npm => format!("pkg:npm/{}@{}", self.name.replace('@', "%40"), self.version),
        }
    }

    /// Whether it is one of the project's own.
    pub(crate) fn is_ours(&self) -> bool {
        self.source.is_none()
    }
}

/// Every package that is delivered, crates first, each by name and version.
pub(crate) fn read_delivered(project: &Project) -> Result<Vec<Package>> {
    let mut packages = read_crates(project)?;
    packages.extend(read_npm(&project.ui())?);
    packages.sort_by(|a, b| (a.ecosystem, &a.name, &a.version).cmp(&(b.ecosystem, &b.name, &b.version)));
    Ok(packages)
}

fn read_crates(project: &Project) -> Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(&read(project.cargo().args([
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        PLATFORM,
        "--features",
        APP_FEATURES,
    ]))?)?;
    let checksums = read_checksums(&project.root.join("Cargo.lock"))?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let nodes: BTreeMap<String, Value> = list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let known: BTreeMap<String, Value> = list(&metadata["packages"]).into_iter().map(|package| (text(&package["id"]), package)).collect();
    let links_of = |id: &str| -> Vec<String> {
        let dependencies = nodes.get(id).map(|node| list(&node["deps"])).unwrap_or_default();
        let is_linked = |dependency: &Value| {
            list(&dependency["dep_kinds"]).iter().any(|kind| match kind["kind"].as_str() {
                None => true,
                Some(kind) => {
                    kind == "build" && known.get(&text(&dependency["pkg"])).is_some_and(|found| text(&found["name"]).ends_with("-src"))
                }
            })
        };
        dependencies.iter().filter(|dependency| is_linked(dependency)).map(|dependency| text(&dependency["pkg"])).collect()
    };
    let mut found: BTreeMap<String, Package> = BTreeMap::new();
    let mut waiting: Vec<(String, Vec<String>)> = known
        .iter()
        .filter(|(_, package)| DELIVERED.contains(&text(&package["name"]).as_str()))
        .map(|(id, _)| (id.clone(), Vec::new()))
        .collect();
    while let Some((id, mut way)) = waiting.pop() {
        if found.contains_key(&id) {
            continue;
        }
        let package = known.get(&id).with_context(|| format!("cargo metadata does not describe {id}"))?;
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let links = links_of(&id);
        way.push(name.clone());
        waiting.extend(links.iter().map(|link| (link.clone(), way.clone())));
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        let read = Package {
            ecosystem: Ecosystem::Cargo,
            checksum: checksums.get(&(name.clone(), version.clone())).cloned(),
            license: text(&package["license"]),
            repository: package["repository"].as_str().map(str::to_owned),
            authors: list(&package["authors"]).iter().map(text).collect(),
            source: package["source"].as_str().map(str::to_owned),
            folder: manifest.parent().map(Path::to_owned).unwrap_or_default(),
            links,
            name,
            version,
            way,
        };
        found.insert(id, read);
    }
    let references: BTreeMap<String, String> = found.iter().map(|(id, package)| (id.clone(), package.reference())).collect();
    let mut packages: Vec<Package> = found.into_values().collect();
    for package in &mut packages {
        package.links = package.links.iter().filter_map(|id| references.get(id).cloned()).collect();
        package.links.sort();
    }
    Ok(packages)
}

/// The checksums of the lock file, by name and version.
fn read_checksums(lock: &Path) -> Result<BTreeMap<(String, String), String>> {
    let table: toml::Table = toml::from_str(&std::fs::read_to_string(lock)?)?;
    let packages = table.get("package").and_then(toml::Value::as_array).context("Cargo.lock names no package")?;
    let word = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    Ok(packages
        .iter()
        .filter_map(|package| Some(((word(package, "name")?, word(package, "version")?), word(package, "checksum")?)))
        .collect())
}

/// The npm packages that go into the built interface: all that its lock file does not call a package for development.
fn read_npm(ui: &Path) -> Result<Vec<Package>> {
    let lock: Value = serde_json::from_str(&std::fs::read_to_string(ui.join("package-lock.json"))?)?;
    let entries = lock["packages"].as_object().context("package-lock.json names no package")?;
    let mut packages = Vec::new();
    for (place, entry) in entries {
        let Some((_, name)) = place.rsplit_once("node_modules/") else { continue };
        if entry["dev"] == true || entry["optional"] == true || entry["devOptional"] == true {
            continue;
        }
        packages.push(Package {
            ecosystem: Ecosystem::Npm,
            name: name.to_owned(),
            version: text(&entry["version"]),
            license: text(&entry["license"]),
            repository: Some(format!("https://www.npmjs.com/package/{name}")),
            authors: Vec::new(),
            source: Some("npm".to_owned()),
            checksum: entry["integrity"].as_str().map(str::to_owned),
            folder: ui.join(place),
            way: vec!["ui".to_owned(), name.to_owned()],
            links: Vec::new(),
        });
    }
    Ok(packages)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
