//! What can be read at all: a file, and nothing that would be waited for without end.
#![cfg(unix)]

use crate::desk::Desk;
use std::fs;
use std::os::unix::net::UnixListener;
use std::process::{Command, Stdio};

/// Runs it for as long as a person would wait, and gives its exit code and what it said.
fn run(desk: &Desk, arguments: &[&str]) -> (Option<i32>, String) {
    let program = desk.command(arguments);
    let mut limited = Command::new("timeout");
    limited.arg("20").arg(program.get_program()).args(program.get_args()).current_dir(desk.folder.path()).stdin(Stdio::null());
    limited.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ended = limited.output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

fn make_pipe(desk: &Desk, name: &str) {
    assert!(Command::new("mkfifo").arg(desk.file(name)).status().unwrap().success());
}

#[test]
fn what_is_no_file_is_never_waited_for() {
    let desk = Desk::new();
    make_pipe(&desk, "pipe");
    let _socket = UnixListener::bind(desk.file("socket")).unwrap();
    desk.succeed(&["issue", "a.dpia", "--client", "Hill School", "--out", "out", "--sign", "id.p12"]);
    let calls: [&[&str]; 13] = [
        &["show", "HERE"],
        &["history", "HERE"],
        &["verify", "HERE"],
        &["verify", "a.dpia", "--trust", "HERE"],
        &["import", "HERE", "-o", "made"],
        &["import", "lower name.txt", "-o", "made", "--sign", "HERE"],
        &["report", "HERE", "-o", "made"],
        &["report", "a.dpia", "-o", "made", "--sign", "HERE"],
        &["countersign", "HERE", "-o", "made", "--sign", "id.p12"],
        &["issue", "HERE", "--client", "Dale School", "--out", "out", "--sign", "id.p12"],
        &["issue", "a.dpia", "--clients", "HERE", "--out", "out", "--sign", "id.p12"],
        &["issued", "out", "--against", "HERE"],
        &["identity", "certificate", "HERE", "-o", "made"],
    ];
    for call in calls {
        for (place, what) in
            [("pipe", "it is a pipe, not a file"), ("socket", "it is a socket, not a file"), ("/dev/zero", "it is a device")]
        {
            let arguments: Vec<&str> = call.iter().map(|word| if *word == "HERE" { place } else { *word }).collect();
            let (code, said) = run(&desk, &arguments);
            assert_eq!(code, Some(3), "{arguments:?}: {said}");
            assert!(said.contains(what), "{arguments:?}: {said}");
            assert!(!desk.file("made").exists(), "{arguments:?}");
        }
    }
}

#[test]
fn a_record_of_copies_that_is_a_pipe_is_never_waited_for() {
    let desk = Desk::new();
    fs::create_dir(desk.file("out")).unwrap();
    make_pipe(&desk, "out/issued.csv");
    for arguments in [&["issued", "out"][..], &["issue", "a.dpia", "--client", "Hill School", "--out", "out", "--sign", "id.p12"]] {
        let (code, said) = run(&desk, arguments);
        assert_eq!(code, Some(3), "{arguments:?}: {said}");
        assert!(said.contains("issued.csv"), "{arguments:?}: {said}");
    }
}

#[test]
fn a_file_that_is_redirected_is_a_file_and_a_folder_is_none() {
    let desk = Desk::new();
    let shown = desk.command(&["show", "/dev/stdin"]).stdin(fs::File::open(desk.file("a.dpia")).unwrap()).output().unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let (code, said) = run(&desk, &["show", "."]);
    assert!(code == Some(3) && said.contains("it is a folder"), "{said}");
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let desk = Desk::new();
    // As large as a hundred disks, and empty.
    fs::File::create(desk.file("large.dpia")).unwrap().set_len(8 << 40).unwrap();
    let (code, said) = run(&desk, &["show", "large.dpia"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("large.dpia is over the 512 MB limit"), "{said}");
}
