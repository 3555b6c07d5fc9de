//! The notices of others: every delivered package with its licence, and the words of each licence once. The file is kept in
//! the tree and shown by the app; a check says when it is out of date.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::packages::{Package, read_delivered};
use crate::progress::step;
use crate::project::Project;

/// Where the notices are in the tree.
const FILE: &str = "src-tauri/third-party-notices.txt";
/// Files that are part of the program and no package: what they are, and the file of their licence.
const VENDORED: [(&str, &str); 2] = [
    ("Source Sans 3 (in reports) — OFL-1.1", "src-tauri/crates/dpia-report/fonts/OFL-SourceSans3.txt"),
    ("Source Serif 4 (in reports) — OFL-1.1", "src-tauri/crates/dpia-report/fonts/OFL-SourceSerif4.txt"),
];
/// How the names of files begin that hold a licence or what goes with one.
const LICENSE_FILES: [&str; 5] = ["licen", "copying", "copyright", "notice", "unlicense"];

/// Writes the notices again.
pub(crate) fn write_notices(project: &Project) -> Result<()> {
    step("writing the notices", || Ok(std::fs::write(project.root.join(FILE), notices_of(project)?)?))
}

/// Fails where the notices in the tree are not those of the packages.
pub(crate) fn check_notices(project: &Project) -> Result<()> {
    step("checking that the notices are up to date", || {
        if std::fs::read_to_string(project.root.join(FILE)).unwrap_or_default() != notices_of(project)? {
            bail!("{FILE} is not what the packages give: run `cargo xtask notices`");
        }
        Ok(())
    })
}

fn notices_of(project: &Project) -> Result<String> {
    let packages: Vec<Package> = read_delivered(project)?.into_iter().filter(|package| !package.is_ours()).collect();
    let mut names = String::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in &packages {
        let title = format!("{} {}", package.name, package.version);
        writeln!(names, "{title} — {} — {}", package.license, package.repository.as_deref().unwrap_or("no repository named"))?;
        for text in license_texts(package)? {
            texts.entry(text).or_default().push(title.clone());
        }
    }
    for (title, file) in VENDORED {
        writeln!(names, "{title}")?;
        let text = std::fs::read_to_string(project.root.join(file)).with_context(|| format!("{file} cannot be read"))?;
        texts.entry(tidy(&text)).or_default().push(title.to_owned());
    }
    let mut notices = format!("DPIA Editor is made with the work of others. Thank you.\n\n{names}");
    // The licence that most packages are under comes first.
    let mut texts: Vec<(String, Vec<String>)> = texts.into_iter().collect();
    texts.sort_by(|(text, users), (other, others)| (others.len(), text).cmp(&(users.len(), other)));
    for (text, users) in texts {
        write!(notices, "\n{}\n{}\n\n{text}\n", "=".repeat(80), users.join(", "))?;
    }
    Ok(notices)
}

/// The words of a package's licences: its own files, or else the words that SPDX keeps of the licence that it names.
fn license_texts(package: &Package) -> Result<Vec<String>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(&package.folder)
        .with_context(|| format!("the sources of {} are not at {}", package.name, package.folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file() && is_license(path))
        .collect();
    files.sort();
    keep_chosen(&mut files, &package.license);
    let texts: Vec<String> = files
        .iter()
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .map(|text| tidy(&text))
        .filter(|text| !text.is_empty())
        .collect();
    if !texts.is_empty() {
        return Ok(texts);
    }
    let expression = spdx::Expression::parse_mode(&package.license, spdx::ParseMode::LAX).map_err(|error| {
        anyhow::anyhow!("{} has no file of its licence, and names none that can be read: {}", package.name, error.reason)
    })?;
    let owners = if package.authors.is_empty() { String::new() } else { format!("By {}\n\n", package.authors.join(", ")) };
    let known = expression.requirements().filter_map(|asked| asked.req.license.id()).map(|id| format!("{owners}{}", tidy(id.text())));
    Ok(known.collect())
}

/// Of licences to choose from, the MIT licence is taken where it is one and has a file of its own: the files of the others
/// go, those that are no licence stay.
fn keep_chosen(files: &mut Vec<PathBuf>, license: &str) {
    let is_choice = spdx::Expression::parse_mode(license, spdx::ParseMode::LAX)
        .is_ok_and(|expression| expression.requirements().count() > 1 && expression.evaluate(|asked| asked.to_string() == "MIT"));
    let is_mit = |file: &Path| lower_name(file).contains("mit");
    if is_choice && files.iter().any(|file| is_mit(file)) {
        files.retain(|file| is_mit(file) || !lower_name(file).starts_with("licen"));
    }
}

fn lower_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn is_license(path: &Path) -> bool {
    let name = lower_name(path);
    LICENSE_FILES.iter().any(|beginning| name.starts_with(beginning))
}

/// The text without what differs from copy to copy and says nothing: line ends, spaces at them, blank lines around.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches(['\n', '\u{feff}']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_license, keep_chosen, tidy};
    use std::path::{Path, PathBuf};

    #[test]
    fn the_same_words_are_the_same_text() {
        assert_eq!(tidy("\r\nMIT License  \r\n\r\nWords\n"), "MIT License\n\nWords");
    }

    #[test]
    fn of_licences_to_choose_from_the_mit_licence_is_taken() {
        let check = |license: &str, files: &[&str], expected: &[&str]| {
            let mut files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            keep_chosen(&mut files, license);
            assert_eq!(files, expected.iter().map(PathBuf::from).collect::<Vec<_>>(), "{license}");
        };
        check("MIT OR Apache-2.0", &["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"], &["LICENSE-MIT", "NOTICE"]);
        check("MIT/Apache-2.0", &["LICENSE"], &["LICENSE"]);
        check("MIT AND Apache-2.0", &["LICENSE-APACHE", "LICENSE-MIT"], &["LICENSE-APACHE", "LICENSE-MIT"]);
        check(
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            &["LICENSE-APACHE", "LICENSE-MIT", "LICENSE-UNICODE"],
            &["LICENSE-APACHE", "LICENSE-MIT", "LICENSE-UNICODE"],
        );
    }

    #[test]
    fn a_file_of_a_licence_is_known_by_its_name() {
        let check = |name: &str, expected: bool| assert_eq!(is_license(Path::new(name)), expected, "{name}");
        check("LICENSE-MIT", true);
        check("LICENCE.md", true);
        check("COPYING", true);
        check("UNLICENSE", true);
        check("README.md", false);
    }
}
