//! `cargo xtask package`: the packages that are installed on Linux, `.deb` and `.rpm`, with the terminal program, the kind of
//! file, the notices of others and the bill of materials in them. What was built is looked into before it is handed over.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};

use crate::interface::build_interface;
use crate::machine::find_program;
use crate::progress::{note, read, run, step};
use crate::project::Project;
use crate::requirements::{Need, ensure_requirements};
use crate::supply::bill::write_bill;
use crate::tools::{bundler_path, driver_path, install_bundler, install_driver};

/// What a package has to hold, besides the metadata.
const CONTENTS: [&str; 8] = [
    "/usr/bin/dpia-editor",
    "/usr/bin/dpia",
    "/usr/share/applications/DPIA Editor.desktop",
    "/usr/share/icons/hicolor/128x128/apps/dpia-editor.png",
    "/usr/share/mime/packages/dpia-editor.xml",
    "/usr/share/doc/dpia-editor/copyright",
    "/usr/share/doc/dpia-editor/third-party-notices.txt",
    "/usr/share/doc/dpia-editor/bill-of-materials.cdx.json",
];
/// What the window cannot start without.
const NEEDED: [&str; 2] = ["libwebkit2gtk-4.1-0", "libgtk-3-0"];

/// Builds both packages and says where they lie.
pub(crate) fn package(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal, Need::Window])?;
    build_interface(project)?;
    install_bundler(project)?;
    let bill = write_bill(project)?;
    step("building the terminal program", || run(project.cargo().args(["build", "--release", "--locked", "-p", "dpia-cli"])))?;
    step("building the packages", || build_packages(project, &bill))?;
    let folder = project.target.join("release/bundle");
    let deb = find_package(&folder.join("deb"), "deb")?;
    let rpm = find_package(&folder.join("rpm"), "rpm")?;
    step("looking into the package", || inspect_deb(&deb))?;
    note(&deb.display().to_string());
    note(&rpm.display().to_string());
    Ok(())
}

/// Installs the package that was built in a bare system, drives the app in it, and removes it again.
pub(crate) fn prove_package(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal, Need::Window])?;
    let deb = find_package(&project.target.join("release/bundle/deb"), "deb").context("run `cargo xtask package` first")?;
    if find_program("debootstrap").is_none() {
        bail!("debootstrap is not here: `apt-get install debootstrap` brings it");
    }
    install_driver(project)?;
    step("proving the package in a bare system (some minutes)", || {
        run(Command::new("python3")
            .arg(project.root.join("tests/package/prove.py"))
            .arg(&deb)
            .arg(driver_path(project))
            .arg(project.target.join("package")))
    })
}

fn build_packages(project: &Project, bill: &Path) -> Result<()> {
    let files = files_of(project, bill);
    let config = json!({ "bundle": { "linux": { "deb": { "files": files }, "rpm": { "files": files } } } });
    // Packages of an earlier version would be taken for those of this one.
    for kind in ["deb", "rpm"] {
        let folder = project.target.join("release/bundle").join(kind);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be emptied", folder.display()))?;
        }
    }
    let mut command = Command::new(bundler_path(project));
    command.args(["build", "--bundles", "deb,rpm", "--config", &config.to_string(), "--", "--locked"]);
    run(command.current_dir(&project.root))
}

/// Files that go along, by their place once installed.
fn files_of(project: &Project, bill: &Path) -> Map<String, Value> {
    let root = &project.root;
    let files = [
        ("/usr/bin/dpia", project.target.join("release/dpia")),
        ("/usr/share/mime/packages/dpia-editor.xml", root.join("src-tauri/linux/dpia-editor.xml")),
        ("/usr/share/doc/dpia-editor/copyright", root.join("NOTICE")),
        ("/usr/share/doc/dpia-editor/third-party-notices.txt", root.join("src-tauri/third-party-notices.txt")),
        ("/usr/share/doc/dpia-editor/bill-of-materials.cdx.json", bill.to_owned()),
    ];
    files.into_iter().map(|(place, file)| (place.to_owned(), Value::String(file.display().to_string()))).collect()
}

fn find_package(folder: &Path, extension: &str) -> Result<PathBuf> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} was not built", folder.display()))?;
    let found = entries.flatten().map(|entry| entry.path()).find(|path| path.extension().is_some_and(|found| found == extension));
    found.with_context(|| format!("{} holds no .{extension}", folder.display()))
}

fn inspect_deb(deb: &Path) -> Result<()> {
    if find_program("dpkg-deb").is_none() {
        note("dpkg-deb is not here, so the package was not looked into");
        return Ok(());
    }
    let contents = read(Command::new("dpkg-deb").arg("--contents").arg(deb))?;
    let depends = read(Command::new("dpkg-deb").arg("--field").arg(deb).arg("Depends"))?;
    let faults = find_faults(&contents, &depends);
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    let scratch = deb.with_extension("unpacked");
    let unpack = |result: Result<()>| -> Result<()> {
        std::fs::remove_dir_all(&scratch)?;
        result
    };
    run(Command::new("dpkg-deb").arg("--extract").arg(deb).arg(&scratch))?;
    unpack(inspect_desktop_entry(&scratch))
}

/// The desktop opens bundles with the window.
fn inspect_desktop_entry(unpacked: &Path) -> Result<()> {
    let entry = std::fs::read_to_string(unpacked.join("usr/share/applications/DPIA Editor.desktop"))?;
    for line in ["MimeType=application/vnd.dpia-bundle+zip", "Exec=dpia-editor %f", "Icon=dpia-editor", "Categories=Office"] {
        if !entry.lines().any(|found| found.starts_with(line)) {
            bail!("the desktop entry lacks \"{line}\":\n{entry}");
        }
    }
    Ok(())
}

/// What a package lacks, by the list of its files and what it depends on.
fn find_faults(contents: &str, depends: &str) -> Vec<String> {
    // The name is the last of a line, with or without a point before it.
    let holds =
        |file: &str| contents.lines().any(|line| line.ends_with(&format!(" {}", &file[1..])) || line.ends_with(&format!(" .{file}")));
    let files = CONTENTS.iter().filter(|file| !holds(file)).map(|file| format!("the package lacks {file}"));
    let names: Vec<&str> = depends.split(',').filter_map(|name| name.split_whitespace().next()).collect();
    let needs = NEEDED.iter().filter(|name| !names.contains(name)).map(|name| format!("the package does not depend on {name}"));
    files.chain(needs).collect()
}

#[cfg(test)]
mod tests {
    use super::{CONTENTS, find_faults};

    #[test]
    fn what_a_package_lacks_is_named() {
        let listed: String = CONTENTS.iter().map(|file| format!("-rw-r--r-- 0/0 12 2026-11-22 09:00 {}\n", &file[1..])).collect();
        assert_eq!(find_faults(&listed, "libwebkit2gtk-4.1-0 (>= 2.40), libgtk-3-0\n"), [""; 0]);
        let faults = find_faults(&listed.replace("usr/bin/dpia\n", "usr/bin/other\n"), "libgtk-3-0");
        assert_eq!(faults, ["the package lacks /usr/bin/dpia", "the package does not depend on libwebkit2gtk-4.1-0"]);
    }
}
