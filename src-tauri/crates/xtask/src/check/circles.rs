//! Circles among the files of a crate. Files that need each other in a circle can only be read, and changed, all at once: two may,
//! more may not.
//!
//! A file needs another where a path in its code leads there; tests are left out. `pub use` is a signpost: a path through it leads
//! to the file that it points to. Its own file needs that one only where it uses the name itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::paths::{Import, Source};
use crate::project::Project;

/// The most files that may be in a circle.
const MOST_FILES: usize = 2;

/// The larger circles that there are today, each with its crate and its modules. This list may only shrink.
const LEDGER: &[(&str, &[&str])] = &[
    ("dpia-bundle", &["the root", "archive::read", "plausible", "v1::check", "v1::manifest", "v1::read", "v1::write"]),
    ("dpia-import", &["back_cover", "contents", "furniture", "running"]),
    ("dpia-import", &["breaks", "notes", "place"]),
    ("dpia-import", &["document", "lines", "ruled_tables"]),
    ("dpia-keys", &["key_file", "keychain", "slot"]),
    ("dpia-report", &["draw", "draw::fonts", "draw::operations"]),
    (
        "dpia-report",
        &[
            "the root",
            "content",
            "content::covers",
            "content::form",
            "content::missing",
            "content::signatures",
            "content::words",
            "finish",
            "finish::links",
            "finish::metadata",
            "finish::signature",
            "finish::structure",
            "press",
        ],
    ),
    (
        "dpia-signing",
        &[
            "attachment",
            "verify",
            "verify::facts",
            "verify::later",
            "verify::later::drawing",
            "verify::later::form",
            "verify::later::housekeeping",
            "verify::later::revision",
            "verify::later::store",
            "verify::later::update",
            "verify::report",
        ],
    ),
    ("dpia-signing", &["certificate", "key", "signer"]),
    ("dpia-signing", &["pdf::fields", "pdf::object", "pdf::parser", "pdf::stream", "pdf::xref"]),
    ("dpia-store", &["backup", "file", "head", "leftovers", "restore"]),
    ("dpia-store", &["picture", "picture::jpeg", "picture::png"]),
    ("dpia-store", &["the root", "error", "migration"]),
];

/// The files of a crate, by the path of their modules; that of the root is empty.
type Files = BTreeMap<Vec<String>, Source>;

/// Every circle in the crates that is too large and not in the ledger, and every line of the ledger that is not true any longer.
pub(crate) fn find_breaches(project: &Project) -> Result<Vec<String>> {
    let crates = project.root.join("src-tauri/crates");
    let mut breaches = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&crates).with_context(|| format!("{} cannot be read", crates.display()))? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    for name in names {
        let known: Vec<&[&str]> = LEDGER.iter().filter(|(of, _)| *of == name).map(|(_, files)| *files).collect();
        breaches.extend(judge_crate(&name, &read_files(&crates.join(&name).join("src"))?, &known));
    }
    Ok(breaches)
}

/// Reads the files that a crate's root declares, and those that they declare.
fn read_files(folder: &Path) -> Result<Files> {
    let root = ["lib.rs", "main.rs"].map(|name| folder.join(name)).into_iter().find(|path| path.exists());
    let root = root.with_context(|| format!("{} has neither lib.rs nor main.rs", folder.display()))?;
    let mut files = Files::new();
    let mut waiting = vec![(Vec::new(), root)];
    while let Some((module, path)) = waiting.pop() {
        let source = Source::read(&fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?);
        let below = folder.join(module.join("/"));
        for name in &source.modules {
            let places = [below.join(format!("{name}.rs")), below.join(name).join("mod.rs")];
            if let Some(place) = places.into_iter().find(|place| place.exists()) {
                waiting.push((child(&module, name), place));
            }
        }
        files.insert(module, source);
    }
    Ok(files)
}

/// The breaches of one crate, given the circles that are known of it.
fn judge_crate(name: &str, files: &Files, known: &[&[&str]]) -> Vec<String> {
    let circles = find_circles(files);
    let is_known = |circle: &[String]| known.iter().any(|files| *files == circle);
    let mut breaches: Vec<String> = circles
        .iter()
        .filter(|circle| !is_known(circle))
        .map(|circle| format!("{name}: {} files need each other in a circle: {}", circle.len(), circle.join(", ")))
        .collect();
    let gone = known.iter().filter(|files| circles.iter().all(|circle| circle != *files));
    breaches
        .extend(gone.map(|files| format!("{name}: the circle of {} is not there any longer: take it off the ledger", files.join(", "))));
    breaches
}

/// The circles of more files than may be in one, by the names of their modules.
fn find_circles(files: &Files) -> Vec<Vec<String>> {
    let needs: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> = files.keys().map(|module| (module, needs_of(files, module))).collect();
    let reached = |from: &Vec<String>| {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = waiting.pop() {
            for need in needs.get(&module).into_iter().flatten() {
                if reached.insert(need.clone()) {
                    waiting.push(need.clone());
                }
            }
        }
        reached
    };
    let all: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> = files.keys().map(|module| (module, reached(module))).collect();
    let leads = |from: &Vec<String>, to: &Vec<String>| all.get(from).is_some_and(|reached| reached.contains(to));
    let circle_of = |module: &Vec<String>| -> Vec<String> {
        files
            .keys()
            .filter(|other| *other == module || (leads(module, other) && leads(other, module)))
            .map(|module| name_of(module))
            .collect()
    };
    let circles: BTreeSet<Vec<String>> = files.keys().map(circle_of).filter(|circle| circle.len() > MOST_FILES).collect();
    circles.into_iter().collect()
}

/// The files that the code of a file leads to.
fn needs_of(files: &Files, module: &[String]) -> BTreeSet<Vec<String>> {
    let Some(source) = files.get(module) else { return BTreeSet::new() };
    let imports = source.imports.iter().filter(|import| !import.is_exported || source.words.contains(&import.name));
    let paths = imports.map(|import| &import.path).chain(&source.paths);
    let mut needs: BTreeSet<Vec<String>> = paths.filter_map(|path| follow(files, module, path, &mut BTreeSet::new())).collect();
    needs.remove(module);
    needs
}

/// The file that a path leads to from a module; none where it leads out of the crate.
fn follow(files: &Files, module: &[String], path: &[String], seen: &mut BTreeSet<(Vec<String>, Vec<String>)>) -> Option<Vec<String>> {
    if !seen.insert((module.to_vec(), path.to_vec())) {
        return None;
    }
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" => follow_down(files, &[], rest, seen),
        "self" => follow_down(files, module, rest, seen),
        "super" => follow_up(files, module, rest, seen),
        _ if files.contains_key(&child(module, first)) => follow_down(files, module, path, seen),
        _ => match find_import(files, module, first) {
            // What is brought in is counted by itself, unless it is a module that the path goes on from.
            Some(import) if import.path != path => follow(files, module, &[&import.path, rest].concat(), seen),
            Some(_) | None => None,
        },
    }
}

fn follow_up(files: &Files, module: &[String], rest: &[String], seen: &mut BTreeSet<(Vec<String>, Vec<String>)>) -> Option<Vec<String>> {
    let (_, above) = module.split_last()?;
    match rest.split_first() {
        Some((next, rest)) if next == "super" => follow_up(files, above, rest, seen),
        Some(_) | None => follow_down(files, above, rest, seen),
    }
}

/// Goes down from a module by these names, and on where a signpost points.
fn follow_down(files: &Files, module: &[String], names: &[String], seen: &mut BTreeSet<(Vec<String>, Vec<String>)>) -> Option<Vec<String>> {
    let Some((name, rest)) = names.split_first() else { return Some(module.to_vec()) };
    let below = child(module, name);
    if files.contains_key(&below) {
        return follow_down(files, &below, rest, seen);
    }
    let pointed = find_import(files, module, name);
    pointed.and_then(|import| follow(files, module, &[&import.path, rest].concat(), seen)).or_else(|| {
        // Where it points to a crate of others nothing of ours is needed.
        pointed.is_none().then(|| module.to_vec())
    })
}

fn find_import<'a>(files: &'a Files, module: &[String], name: &str) -> Option<&'a Import> {
    files.get(module)?.imports.iter().find(|import| import.name == name)
}

fn child(module: &[String], name: &str) -> Vec<String> {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

fn name_of(module: &[String]) -> String {
    if module.is_empty() { "the root".to_owned() } else { module.join("::") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(sources: &[(&str, &str)]) -> Files {
        let module = |name: &str| name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        sources.iter().map(|(name, text)| (module(name), Source::read(text))).collect()
    }

    fn check(sources: &[(&str, &str)], expected: &[&str]) {
        let circles: Vec<String> = find_circles(&files(sources)).iter().map(|circle| circle.join(" ")).collect();
        assert_eq!(circles, expected, "{sources:?}");
    }

    #[test]
    fn a_circle_of_three_files_is_found_however_they_name_each_other() {
        check(
            &[
                ("", "mod a; mod b; mod c;"),
                ("a", "use crate::b::B;"),
                ("b", "fn f() { super::c::work() }"),
                ("c", "use crate::{a}; fn work() { a::begin() }"),
            ],
            &["a b c"],
        );
        check(&[("", "mod a; mod b; mod c;"), ("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "struct C;")], &[]);
        check(&[("", "mod a; mod b;"), ("a", "use crate::b::B;"), ("b", "use crate::a::A;")], &[]);
    }

    #[test]
    fn a_signpost_leads_to_what_it_points_to() {
        // The children use what their parent has, and the parent only points to them.
        let parent = ("a", "mod b; mod c; pub use b::B; pub use c::C; pub struct Common;");
        check(&[("", "mod a;"), parent, ("a::b", "use super::{C, Common};"), ("a::c", "use super::Common;")], &[]);
        check(&[("", "mod a;"), parent, ("a::b", "use super::{C, Common};"), ("a::c", "use super::{B, Common};")], &[]);
        let worker = ("a", "mod b; mod c; pub use b::B; pub use c::C; pub struct Common(B, C);");
        check(&[("", "mod a;"), worker, ("a::b", "use super::Common;"), ("a::c", "use super::Common;")], &["a a::b a::c"]);
        let through_the_root = [("a", "use crate::B;"), ("b", "use crate::c::C;"), ("c", "use crate::a::A;")];
        check(&[&[("", "mod a; mod b; mod c; pub use b::B;")], &through_the_root[..]].concat(), &["a b c"]);
    }

    #[test]
    fn what_only_tests_need_is_no_circle() {
        let test = "#[cfg(test)] mod tests { use crate::a::A; }";
        check(&[("", "mod a; mod b; mod c;"), ("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", test)], &[]);
    }

    #[test]
    fn the_ledger_excuses_what_it_names_and_nothing_else() {
        let circle =
            files(&[("", "mod a; mod b; mod c;"), ("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "use crate::a::A;")]);
        assert_eq!(judge_crate("made-up", &circle, &[]), ["made-up: 3 files need each other in a circle: a, b, c"]);
        assert!(judge_crate("made-up", &circle, &[&["a", "b", "c"]]).is_empty());
        let larger = judge_crate("made-up", &circle, &[&["a", "b", "c", "d"]]);
        assert_eq!(larger.len(), 2, "a ledger that names more than there is: {larger:?}");
        let straight = files(&[("", "mod a;"), ("a", "")]);
        let gone = ["made-up: the circle of a, b, c is not there any longer: take it off the ledger"];
        assert_eq!(judge_crate("made-up", &straight, &[&["a", "b", "c"]]), gone);
    }
}
