//! The ledger of acts: what the driven window did, held against all that it can do.
//!
//! A command of the door exists for the officer when the driven window has done it by keys, clicks or drops. Those that it has never
//! done are a list in the repository that may only shrink.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// The acts that were never driven.
const NEVER: &str = "tests/e2e/never-driven.txt";
/// Commands that the window calls by itself: nobody begins them.
const BY_ITSELF: [&str; 4] = ["start", "watch_given", "watch_closing", "finish_closing"];
/// Commands whose argument says which act it is.
const MANY: [&str; 2] = ["edit", "save_answer"];

/// Begins the ledger of a run.
pub(crate) fn begin(project: &Project) -> Result<()> {
    match fs::remove_file(ledger(project)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("the ledger of acts cannot be begun"),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Fails where an act was neither driven nor listed, or was driven and is listed still. Nothing is said of a run without the window.
pub(crate) fn judge(project: &Project) -> Result<()> {
    let Ok(driven) = fs::read_to_string(ledger(project)) else { return Ok(()) };
    let all = acts_in(&fs::read_to_string(project.root.join("ui/src/ipc/bindings.ts"))?);
    let listed = fs::read_to_string(project.root.join(NEVER)).with_context(|| format!("{NEVER} is missing"))?;
    let faults = find_faults(&all, &lines(&driven), &lines(&listed));
    if faults.is_empty() { Ok(()) } else { bail!("{}", faults.join("\n")) }
}

fn ledger(project: &Project) -> PathBuf {
    project.target.join("e2e/acts.txt")
}

fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn find_faults(all: &BTreeSet<String>, driven: &BTreeSet<String>, listed: &BTreeSet<String>) -> Vec<String> {
    let say = |acts: Vec<&String>, words: &str| acts.into_iter().map(|act| format!("{act}: {words}")).collect::<Vec<_>>();
    let is_new = |act: &&String| !driven.contains(*act) && !listed.contains(*act);
    let mut faults = say(all.iter().filter(is_new).collect(), "the driven window never did it; drive it by keys or clicks");
    let is_driven = |act: &&String| driven.contains(*act);
    faults.extend(say(listed.iter().filter(is_driven).collect(), &format!("the driven window did it; take it out of {NEVER}")));
    let is_gone = |act: &&String| !all.contains(*act);
    faults.extend(say(listed.iter().filter(is_gone).collect(), &format!("there is no such act; take it out of {NEVER}")));
    faults
}

/// Every act of the door: the commands that a person begins, `edit` by each intent, `save_answer` by what can be typed.
fn acts_in(bindings: &str) -> BTreeSet<String> {
    let commands = bindings
        .lines()
        .filter_map(|line| line.split_once("__TAURI_INVOKE<")?.1.split_once(">(\"")?.1.split_once('"'))
        .map(|(name, _)| name);
    let of_a_person = commands.filter(|name| !MANY.contains(name) && !BY_ITSELF.contains(name));
    let mut acts: BTreeSet<String> = of_a_person.map(str::to_owned).collect();
    acts.extend(variants(bindings, "Intent", "type").into_iter().map(|intent| format!("edit:{intent}")));
    acts.extend(variants(bindings, "Typed", "type").into_iter().map(|typed| format!("save_answer:{typed}")));
    acts
}

/// The variants of a union that this member tells apart.
fn variants(bindings: &str, name: &str, member: &str) -> Vec<String> {
    let Some((_, after)) = bindings.split_once(&format!("export type {name} = ")) else { return Vec::new() };
    let body = after.split("\nexport type").next().unwrap_or_default();
    let marks = format!("{{ {member}: \"");
    body.split(marks.as_str()).skip(1).filter_map(|rest| rest.split_once('"')).map(|(variant, _)| variant.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(acts: &[&str]) -> BTreeSet<String> {
        acts.iter().map(|act| (*act).to_owned()).collect()
    }

    #[test]
    fn every_command_is_an_act_and_two_of_them_many() {
        let bindings = "start: () => __TAURI_INVOKE<Start>(\"start\"),\nabout: () => __TAURI_INVOKE<About>(\"about\"),\nedit: (id: Id) => __TAURI_INVOKE<Map<A>>(\"edit\", { id }),\n\
                        saveAnswer: () => __TAURI_INVOKE<Update>(\"save_answer\"),\n\
                        export type Intent = \n/** Tick. */\n{ type: \"tick\"; option: Id } | \n{ type: \"sign_off\" };\n\
                        export type Typed = \n{ type: \"rows\" } | \n{ type: \"nothing\" };\n";
        assert_eq!(acts_in(bindings), set(&["about", "edit:sign_off", "edit:tick", "save_answer:nothing", "save_answer:rows"]));
    }

    #[test]
    fn the_list_of_what_was_never_driven_only_shrinks() {
        let all = set(&["a", "b", "c"]);
        assert!(find_faults(&all, &set(&["a", "b"]), &set(&["c"])).is_empty());
        assert_eq!(find_faults(&all, &set(&["a"]), &set(&["c"])).len(), 1, "b is new");
        assert_eq!(find_faults(&all, &set(&["a", "b", "c"]), &set(&["c"])).len(), 1, "c was driven");
        assert_eq!(find_faults(&all, &set(&["a", "b", "c"]), &set(&["d"])).len(), 1, "there is no d");
    }
}
