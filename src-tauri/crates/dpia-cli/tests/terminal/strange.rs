//! Odd calls and odd files: each is refused in words that say what and what to do, and nothing is lost.

use crate::desk::Desk;
use std::fs;

#[test]
fn nothing_is_made_at_a_moment_of_which_it_could_not_be_opened() {
    let desk = Desk::new();
    for epoch in ["-99999999999", "7258118400"] {
        let ended = desk.command(&["import", "lower name.txt", "-o", "made.dpia"]).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains("SOURCE_DATE_EPOCH") && !desk.file("made.dpia").exists(), "{said}");
    }
    for at in ["--at=-000001-01-01T00:00:00Z", "--at=2200-01-01T00:00:00Z"] {
        let said = desk.refuse(&["report", "a.dpia", "-o", "made.pdf", at], 2);
        assert!(said.contains("is not a moment") && !desk.file("made.pdf").exists(), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_setting_that_cannot_be_read_is_not_taken_for_none() {
    use std::os::unix::ffi::OsStrExt as _;
    let desk = Desk::new();
    desk.succeed(&["import", "lower name.txt", "-o", "encrypted.dpia", "--encrypt"]);
    for (arguments, name) in [
        (&["report", "a.dpia", "-o", "made.pdf"][..], "SOURCE_DATE_EPOCH"),
        (&["report", "a.dpia", "-o", "made.pdf", "--sign", "id.p12"], "DPIA_P12_PASSWORD"),
        (&["show", "encrypted.dpia"], "DPIA_PASSPHRASE"),
    ] {
        let ended = desk.command(arguments).env(name, std::ffi::OsStr::from_bytes(b"\xff")).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("{name} contains bytes that are not UTF-8")) && !desk.file("made.pdf").exists(), "{said}");
    }
}

#[test]
fn a_list_that_is_called_as_the_record_is_never_emptied() {
    let desk = Desk::new();
    fs::create_dir(desk.file("out")).unwrap();
    for theirs in ["invoice 7 to Hill School", "client,email,refund", "\u{feff}client,email,reference,file,sha256,revision,issued,who"] {
        fs::write(desk.file("out/issued.csv"), theirs).unwrap();
        let said = desk.refuse(&["issue", "a.dpia", "--client", "Hill School", "--out", "out", "--sign", "id.p12"], 1);
        assert!(said.contains("is not a record of copies"), "{said}");
        assert_eq!(fs::read_to_string(desk.file("out/issued.csv")).unwrap(), theirs);
    }
    // What a run that was cut off at its very beginning leaves is ours.
    fs::write(desk.file("out/issued.csv"), "\u{feff}client,email").unwrap();
    desk.succeed(&["issue", "a.dpia", "--client", "Hill School", "--out", "out", "--sign", "id.p12"]);
}

#[test]
fn the_last_line_of_a_record_is_kept_where_an_editor_took_its_end_away() {
    let desk = Desk::new();
    let issue = |client: &str| desk.succeed(&["issue", "a.dpia", "--client", client, "--out", "out", "--sign", "id.p12"]);
    issue("Ash School");
    let record = desk.file("out/issued.csv");
    for (end, next) in [("\r\n", "Elm School"), ("\n", "Hill School")] {
        let whole = fs::read_to_string(&record).unwrap();
        fs::write(&record, whole.strip_suffix(end).unwrap()).unwrap();
        let before = desk.succeed(&["issued", "out"]).lines().count();
        issue(next);
        assert_eq!(desk.succeed(&["issued", "out"]).lines().count(), before + 1);
    }
    let held = desk.succeed(&["issued", "out"]);
    assert!(["Ash School", "Elm School", "Hill School"].iter().all(|client| held.contains(client)), "{held}");
    // A line of which more is missing was not finished.
    let whole = fs::read_to_string(&record).unwrap();
    fs::write(&record, &whole[..whole.len() - 3]).unwrap();
    assert_eq!(desk.succeed(&["issued", "out"]).lines().count(), 2);
}

#[test]
fn a_copy_says_that_it_has_no_history() {
    let desk = Desk::new();
    desk.succeed(&["report", "a.dpia", "-o", "copy.pdf", "--copy", "customer", "--client", "Hill School"]);
    for more in [&[][..], &["--between", "0", "now"]] {
        let said = desk.refuse(&[&["history", "copy.pdf"], more].concat(), 1);
        assert!(said.contains("copy.pdf: This is a copy, which has no history"), "{said}");
    }
}

#[test]
fn a_file_of_another_kind_is_refused_with_what_is_expected() {
    let desk = Desk::new();
    for (command, expected) in [
        ("show", "This is neither a bundle (.dpia) nor a report (PDF) of this program: import a document first"),
        ("verify", "This is neither a PDF nor a bundle (.dpia), so it has no signature to check."),
    ] {
        let said = desk.refuse(&[command, "lower name.txt"], 1);
        assert!(said.contains(&format!("lower name.txt: {expected}")), "{said}");
    }
}
