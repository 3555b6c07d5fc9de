//! Which files stand for a bundle, what is never written over, what our own files are called, and that the README's synopsis is
//! that of the program.

use crate::desk::{Desk, root};
use std::fs;
use std::process::Command;

#[test]
fn an_encrypted_bundle_and_a_report_are_taken_wherever_a_bundle_is() {
    let desk = Desk::new();
    desk.succeed(&["report", "a.dpia", "-o", "report.pdf", "--sign", "id.p12"]);
    fs::write(desk.file("clients.csv"), "name\nHill School\n").unwrap();
    for bundle in ["a.dpia", "secret.dpia", "report.pdf"] {
        assert!(desk.succeed(&["show", bundle]).contains("Elm Lodge"), "{bundle}");
        let folder = format!("issued from {bundle}");
        desk.succeed(&["issue", bundle, "--clients", "clients.csv", "--out", &folder, "--sign", "id.p12"]);
        assert!(desk.succeed(&["issued", &folder, "--against", bundle]).contains("Hill School"), "{bundle}");
        desk.succeed(&["report", bundle, "-o", "again.pdf"]);
        if bundle != "report.pdf" {
            desk.succeed(&["history", bundle]);
        }
    }
}

#[test]
fn who_holds_which_version_is_said_of_the_copies_of_that_assessment_alone() {
    let desk = Desk::new();
    desk.succeed(&["issue", "a.dpia", "--client", "Hill School", "--out", "out", "--sign", "id.p12"]);
    let copy = desk.file("out").join("DPIA Elm Lodge Reports - Hill School.pdf").display().to_string();
    let other = root().join("tests/fixtures/documents/2025-07-04-pupil-progress.txt");
    desk.succeed(&["import", &other.display().to_string(), "-o", "other.dpia"]);
    let check = |arguments: &[&str], code: i32, expected: &str| {
        let said = desk.refuse(&[&["issued"], arguments].concat(), code);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    };
    assert!(desk.succeed(&["issued", "out", "--against", "a.dpia"]).contains("current"));
    // One that was imported again is another, and may be the one that is meant.
    let said = String::from_utf8(desk.run(&["issued", "out", "--against", "other.dpia"]).stderr).unwrap();
    assert!(said.contains("other.dpia: This is the assessment of Pupil Progress"), "{said}");
    check(&["out", "--against", &copy], 1, "This is a customer copy");
    check(&["nowhere"], 3, "nowhere does not exist");
    check(&["a.dpia"], 3, "a.dpia is not a folder");
    check(&["."], 3, "There is no record of issued copies (issued.csv) in .");
}

#[test]
fn an_identity_never_takes_the_place_of_another() {
    let desk = Desk::new();
    let before = fs::read(desk.file("id.p12")).unwrap();
    let said = desk
        .refuse(&["identity", "new", "--name", "X", "--role", "R", "--organisation", "O", "--email", "e@example.org", "-o", "id.p12"], 3);
    assert!(said.contains("id.p12 was not saved. There is already a file of this name"), "{said}");
    assert_eq!(fs::read(desk.file("id.p12")).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn the_record_of_copies_follows_no_link() {
    let desk = Desk::new();
    fs::create_dir(desk.file("out")).unwrap();
    std::os::unix::fs::symlink("../victim", desk.file("out").join("issued.csv")).unwrap();
    let said = desk.refuse(&["issue", "a.dpia", "--client", "Hill School", "--out", "out", "--sign", "id.p12"], 3);
    assert!(said.contains("issued.csv in this folder is not a file") && !desk.file("victim").exists(), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_who_listens_is_needed_for_the_work_to_be_done() {
    let desk = Desk::new();
    fs::write(desk.file("clients.csv"), "name\nAsh\nElm\nOak\n").unwrap();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let arguments = ["issue", "a.dpia", "--clients", "clients.csv", "--out", "out", "--sign", "id.p12"];
    let ended = desk.command(&arguments).stderr(full).status().unwrap();
    assert!(ended.success() && fs::read_dir(desk.file("out")).unwrap().count() == 4, "{ended}");
}

#[test]
fn what_was_given_makes_no_line_of_its_own_where_the_call_is_refused() {
    let desk = Desk::new();
    let said = desk.refuse(&["verify", "a.dpia", "b\nSigned and unchanged\u{202e}.pdf"], 2);
    assert!(!said.lines().any(|line| line.starts_with("Signed")) && !said.contains('\u{202e}'), "{said}");
}

#[test]
fn an_output_never_takes_the_place_of_what_it_is_made_from() {
    let desk = Desk::new();
    fs::copy(desk.file("a.dpia"), desk.file("b.dpia")).unwrap();
    desk.succeed(&["report", "a.dpia", "-o", "open.pdf", "--sign", "id.p12", "--countersignature"]);
    for (arguments, kept) in [
        (&["report", "b.dpia", "-o", "b.dpia"][..], "b.dpia"),
        (&["report", "b.dpia", "-o", "./b.dpia"][..], "b.dpia"),
        (&["report", "b.dpia", "-o", "id.p12", "--sign", "id.p12"][..], "id.p12"),
        (&["import", "lower name.txt", "-o", "lower name.txt"][..], "lower name.txt"),
        (&["countersign", "open.pdf", "-o", "open.pdf", "--sign", "id.p12"][..], "open.pdf"),
        (&["identity", "certificate", "id.p12", "-o", "id.p12"][..], "id.p12"),
    ] {
        let before = fs::read(desk.file(kept)).unwrap();
        let said = desk.refuse(arguments, 2);
        assert!(said.contains("one of the source files"), "{arguments:?}: {said}");
        assert!(fs::read(desk.file(kept)).unwrap() == before, "{arguments:?} changed {kept}");
    }
}

#[test]
fn our_own_files_are_named_as_ours_where_a_document_is_expected() {
    let desk = Desk::new();
    desk.succeed(&["report", "a.dpia", "-o", "report.pdf"]);
    for (file, what) in [
        ("a.dpia", "“a.dpia” is a bundle of this program"),
        ("secret.dpia", "“secret.dpia” is a bundle of this program, encrypted with a passphrase"),
        ("report.pdf", "“report.pdf” is a report of this program with its assessment inside"),
    ] {
        let said = desk.refuse(&["import", file, "-o", "out.dpia"], 1);
        assert!(said.contains(what), "{said}");
        assert!(!desk.file("out.dpia").exists());
    }
}

#[test]
fn a_file_keeps_its_name_in_every_message() {
    let desk = Desk::new();
    fs::write(desk.file("lower name.pdf"), "").unwrap();
    fs::write(desk.file("über.txt"), b"\x89PNG\r\n").unwrap();
    fs::write(desk.file("ähnlich.csv"), "name\n").unwrap();
    for (arguments, name) in [
        (&["import", "lower name.pdf", "-o", "out.dpia"][..], "lower name.pdf"),
        (&["import", "über.txt", "-o", "out.dpia"][..], "über.txt"),
        (&["verify", "über.txt"][..], "über.txt"),
        (&["show", "missing.dpia"][..], "missing.dpia"),
        (&["issue", "a.dpia", "--clients", "ähnlich.csv", "--out", "out", "--sign", "id.p12"][..], "ähnlich.csv"),
    ] {
        let ended = desk.run(arguments);
        let said = String::from_utf8(ended.stderr).unwrap() + &String::from_utf8(ended.stdout).unwrap();
        assert!(!ended.status.success() && said.contains(name), "{arguments:?}: {said}");
    }
}

#[test]
fn nobody_signs_a_box_that_they_have_not_seen() {
    let desk = Desk::new();
    let document = fs::read_to_string(root().join("tests/fixtures/documents/2025-07-04-pupil-progress.txt")).unwrap();
    let import = |name: &str, sign: &str| {
        fs::write(desk.file(name), document.replace("Pupil Progress", &format!("Pupil {sign} Progress"))).unwrap();
        desk.succeed(&["import", name, "-o", "odd.dpia"]);
    };
    // What is drawn is printed and signed: boxes with a cross, ticks, the letters of Word's symbol fonts.
    for sign in ["\u{2612}", "\u{2611}", "\u{f0fd}", "\u{f0fe}", "\u{f0a8}", "\u{f0fc}", "\u{f0b7}", "\u{2714}"] {
        import("drawn.txt", sign);
        desk.succeed(&["report", "odd.dpia", "-o", "odd.pdf", "--sign", "id.p12"]);
    }
    import("missing.txt", "漢");
    fs::remove_file(desk.file("odd.pdf")).unwrap();
    desk.succeed(&["report", "odd.dpia", "-o", "draft.pdf"]);
    let said = desk.refuse(&["report", "odd.dpia", "-o", "odd.pdf", "--sign", "id.p12"], 1);
    assert!(said.contains("\"漢\"") && said.contains("--missing-characters allow"), "{said}");
    assert!(!desk.file("odd.pdf").exists());
    let issue = ["issue", "odd.dpia", "--client", "Hill", "--out", "out", "--sign", "id.p12"];
    desk.refuse(&issue, 1);
    desk.succeed(&["report", "odd.dpia", "-o", "odd.pdf", "--sign", "id.p12", "--missing-characters", "allow"]);
    desk.succeed(&[&issue[..], &["--missing-characters", "allow"]].concat());
}

#[test]
fn a_line_of_a_list_that_cannot_be_used_stops_no_other() {
    let desk = Desk::new();
    fs::write(desk.file("clients.csv"), "Account;Mail\nHill School;office@hill.example\nDale School;nonsense\n").unwrap();
    let said = desk.refuse(&["issue", "a.dpia", "--clients", "clients.csv", "--out", "out", "--sign", "id.p12"], 1);
    assert!(said.contains("--column name=TITLE") && said.contains("\"Account\""), "{said}");
    let arguments = ["issue", "a.dpia", "--clients", "clients.csv", "--column", "name=Account", "--out", "out", "--sign", "id.p12"];
    let said = desk.refuse(&arguments, 1);
    assert!(said.contains("clients.csv: Line 3: \"nonsense\" is not an email address") && said.contains("1 written"), "{said}");
    assert_eq!(fs::read_dir(desk.file("out")).unwrap().count(), 2, "one copy and the record");
}

#[test]
fn the_readme_says_how_each_command_is_called() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let synopsis = readme.split("## In a terminal").nth(1).unwrap().split("```").nth(1).unwrap();
    let mut calls: Vec<String> = Vec::new();
    for line in synopsis.lines().skip(1) {
        match line.strip_prefix("dpia ") {
            Some(call) => calls.push(call.to_owned()),
            None => calls.last_mut().unwrap().push_str(line),
        }
    }
    let desk = tempfile::tempdir().unwrap();
    for call in calls {
        let words: Vec<&str> = call.split_whitespace().take_while(|word| word.chars().all(|letter| letter.is_ascii_lowercase())).collect();
        let help = Command::new(env!("CARGO_BIN_EXE_dpia")).args(&words).arg("--help").current_dir(desk.path()).output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let options = |text: &str| -> std::collections::BTreeSet<String> {
            let parts = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
            parts.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
        };
        // What an option's own words mention is no option of this command.
        let offered: String = help
            .lines()
            .filter(|line| line.trim_start().starts_with('-'))
            .map(|line| line.split("  ").find(|part| part.trim_start().starts_with('-')).unwrap_or("").to_owned() + "\n")
            .collect();
        let mut offered = options(&offered);
        let is_known = |option: &String| ["--help", "--version", "--output"].contains(&option.as_str());
        offered.retain(|option| !is_known(option));
        assert_eq!(options(&call), offered, "dpia {}", words.join(" "));
    }
}
