//! Strangers' words: no wide gap in them makes what follows look like a line of ours at the edge of a terminal.

use crate::desk::{Desk, root};
use std::fs;

/// What must not look like a line of ours.
const FORGED: &str = "Trusted: yes: forged";

fn gap(blank: char) -> String {
    String::from(blank).repeat(90)
}

/// Neither spaces nor what looks like them fill a line up.
fn check(said: &str) {
    assert!(said.contains("forged"), "{said}");
    let is_filling = |letter: char| letter.is_whitespace() || "\u{2800}\u{3164}\u{115f}\u{1160}\u{ffa0}".contains(letter);
    let widest = said.lines().flat_map(|line| line.split(|letter: char| !is_filling(letter))).map(|blanks| blanks.chars().count()).max();
    assert!(widest <= Some(8), "{widest:?}: {said:?}");
}

#[test]
fn a_file_name_with_a_wide_gap_makes_no_line() {
    let desk = Desk::new();
    for blank in [' ', '\u{a0}', '\u{2003}', '\u{3000}', '\u{2800}', '\u{3164}'] {
        let name = format!("a{}{FORGED}.dpia", gap(blank));
        check(&desk.refuse(&["show", &name], 3));
        check(&desk.refuse(&["show", "a.dpia", &name], 2));
    }
}

#[test]
fn a_client_with_a_wide_gap_makes_no_line() {
    let desk = Desk::new();
    let client = format!("Hill{}{FORGED}", gap(' '));
    fs::write(desk.file("clients.csv"), format!("name\n{client}\n")).unwrap();
    desk.succeed(&["issue", "a.dpia", "--clients", "clients.csv", "--out", "out", "--sign", "id.p12", "--pattern", "{client}"]);
    check(&desk.succeed(&["issued", "out"]));
    check(&desk.succeed(&["issued", "out", "--json"]));
}

#[test]
fn a_title_and_an_answer_with_a_wide_gap_make_no_line() {
    let desk = Desk::new();
    let document = fs::read_to_string(root().join("tests/fixtures/documents/2025-07-04-pupil-progress.txt")).unwrap();
    let words = format!("Pupil{}{FORGED} Progress", gap('\u{a0}'));
    fs::write(desk.file("gap.txt"), document.replace("Pupil Progress", &words)).unwrap();
    let said = String::from_utf8(desk.run(&["import", "gap.txt", "-o", "gap.dpia"]).stderr).unwrap();
    check(&said);
    check(&desk.succeed(&["show", "gap.dpia"]));
    let json = desk.succeed(&["show", "gap.dpia", "--json"]);
    assert!(!json.contains(&gap('\u{a0}')), "a gap is shown by its numbers");
}
