//! What was acknowledged survives the process: killed at once, or copied from under it.
//!
//! The page cache outlives a kill, so this proves what is acknowledged and that it is whole, not what a power cut does.

mod support;

use dpia_model::assessment::Assessment;
use dpia_store::Store;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use support::*;

const CHILD: &str = "DPIA_STORE_CHILD";
const NAME: &str = "every_acknowledged_edit_survives_a_kill";

/// Edits and drafts without end, and says each after it was acknowledged.
#[allow(clippy::unwrap_used, reason = "what fails here fails the test")]
fn edit_until_killed(path: &Path) -> ! {
    let store = Store::open(path, &KEY).unwrap();
    let id = assessment(1, "").id;
    let mut out = std::io::stdout();
    for revision in store.load(id).unwrap().1.. {
        let (number, text) = (u128::from(revision) + 1, format!("Text {}", revision + 1));
        store.save_draft(id, draft("purpose.aims", prose(&text), 0)).unwrap();
        writeln!(out, "draft {number}").unwrap();
        store.settle(id, revision, question("purpose.aims"), vec![entry(number, set_answer("purpose.aims", prose(&text)))]).unwrap();
        writeln!(out, "edit {number}").unwrap();
    }
    unreachable!("the revisions have no end")
}

/// Everything said to be kept is there, and nothing half of it.
fn check(store: &Store, edits: u32, draft: u32) {
    let (loaded, revision): (Assessment, u32) = store.load(assessment(1, "").id).expect("the assessment");
    assert!(revision >= edits, "edit {edits} was acknowledged, and {revision} is the last");
    let text = loaded.text(&question("purpose.aims")).map(|text| text.plain_text());
    assert_eq!(text, (revision > 0).then(|| format!("Text {revision}")));
    if draft > revision {
        let drafts = store.drafts(loaded.id).expect("the drafts");
        assert_eq!(drafts.iter().map(|draft| &draft.content).collect::<Vec<_>>(), [&prose(&format!("Text {draft}"))]);
    }
    store.check_history(loaded.id).expect("the history is whole");
    store.check_integrity().expect("the file is whole");
    if revision > 0 {
        assert_eq!(store.search(&revision.to_string(), 5).expect("a search").len(), 1);
    }
}

#[test]
fn every_acknowledged_edit_survives_a_kill() {
    if let Some(path) = std::env::var_os(CHILD) {
        edit_until_killed(Path::new(&path));
    }
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    drop(store);
    let mut kept = 0;
    // How many acknowledgements to wait for before each kill.
    for wait in [1, 2, 7, 20, 43] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture", "--test-threads=1"])
            .env(CHILD, &place.path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        for line in lines {
            let line = line.unwrap();
            // The test runner's own words stand before the first.
            let Some((what, number)) =
                line.rsplit_once(' ').and_then(|(what, number)| Some((what.to_owned(), number.parse::<u32>().ok()?)))
            else {
                continue;
            };
            let Some(what) = ["draft", "edit"].into_iter().find(|known| what.ends_with(known)) else { continue };
            said.push((what, number));
            if said.len() == wait {
                // SIGKILL on Unix.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(said.len() >= wait, "the child ended by itself after {said:?}");
        let last = |kind: &str| said.iter().rev().find(|(what, _)| *what == kind).map_or(kept, |(_, number)| *number);
        let (edits, draft) = (last("edit"), last("draft"));
        let store = Store::open(&place.path, &KEY).unwrap();
        check(&store, edits, draft);
        kept = store.load(assessment(1, "").id).unwrap().1;
    }
    assert!(kept > 30, "{kept}");
}

#[test]
fn the_files_copied_from_under_it_open_as_they_were_acknowledged() {
    let (place, store) = created();
    let id = assessment(1, "").id;
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    for revision in 0..300u32 {
        let text = format!("Text {}", revision + 1);
        store.append(id, revision, vec![entry(u128::from(revision) + 1, set_answer("purpose.aims", prose(&text)))]).unwrap();
        if revision % 60 != 0 {
            continue;
        }
        let copy = support::place();
        for addition in ["", "-wal"] {
            let name = |path: &Path| format!("{}{addition}", path.display());
            std::fs::copy(name(&place.path), name(&copy.path)).unwrap();
        }
        check(&Store::open(&copy.path, &KEY).unwrap(), revision + 1, 0);
    }
}
