//! What the program does to the machine while somebody works with it, seen from outside: where it tries to connect, which
//! files it opens, and what it leaves in the clear.
//!
//! A call is watched as it is made (strace), whether the machine has a network or not: one that fails is an attempt too.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// A program whose calls to the network and openings of files are written down.
pub(crate) struct Watched {
    /// Starts the program, with the arguments that it is given.
    pub(crate) program: PathBuf,
    logs: PathBuf,
}

impl Watched {
    /// Watches a program; what it does is written to files in a folder of the desk.
    pub(crate) fn set_up(program: &Path, desk: &Path) -> Result<Self> {
        ensure!(Command::new("strace").arg("-V").output().is_ok(), "there is no strace (Debian's package strace)");
        let logs = desk.join("calls");
        fs::create_dir_all(&logs)?;
        let script = desk.join("watched");
        // The tracer steps aside (-D), so that the caller of the script has the program itself for a child.
        let text = format!(
            "#!/bin/sh\nexec strace -D -f -qq --seccomp-bpf -e signal=none -e trace=connect,sendto,sendmsg,sendmmsg,open,openat -o '{}/'$$ '{}' \"$@\"\n",
            logs.display(),
            program.display()
        );
        fs::write(&script, text)?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700))?;
        Ok(Self { program: script, logs })
    }

    /// Every call so far that names an address beyond this machine, and how many calls named an address at all.
    pub(crate) fn find_calls_beyond(&self) -> Result<(Vec<String>, usize)> {
        let mut calls = self.find("sa_family=")?;
        let all = calls.len();
        calls.retain(|line| leads_beyond(line));
        Ok((calls, all))
    }

    /// Every call so far in which these words stand, such as the name of a file.
    pub(crate) fn find(&self, words: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for log in fs::read_dir(&self.logs)? {
            found.extend(fs::read_to_string(log?.path())?.lines().filter(|line| line.contains(words)).map(str::to_owned));
        }
        Ok(found)
    }
}

/// Whether a call names an address that is neither a socket of this machine nor its loopback.
fn leads_beyond(line: &str) -> bool {
    line.split("sa_family=").skip(1).any(|address| {
        let is_local = address.starts_with("AF_UNIX") || address.starts_with("AF_NETLINK");
        let is_loopback = address.contains("inet_addr(\"127.") || address.contains("inet_pton(AF_INET6, \"::1\"");
        !(is_local || is_loopback)
    })
}

/// The files under a folder that hold these words in the clear, in UTF-8 or UTF-16, but for those that are named.
pub(crate) fn find_words_at_rest(folder: &Path, words: &str, except: &[&Path]) -> Result<Vec<PathBuf>> {
    let narrow = words.as_bytes().to_vec();
    let wide: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() {
                waiting.push(path);
            } else if kind.is_file() && !except.contains(&path.as_path()) {
                let bytes = fs::read(&path)?;
                let holds = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
                if holds(&narrow) || holds(&wide) {
                    found.push(path);
                }
            }
        }
    }
    Ok(found)
}

#[test]
fn a_call_to_the_network_is_noticed() -> Result<()> {
    let desk = dpia_tests::places::temporary_folder()?;
    let watched = Watched::set_up(Path::new("/bin/bash"), desk.path())?;
    let run = |words: &str| Command::new(&watched.program).args(["-c", words]).output();
    run("exec 3<>/dev/udp/127.0.0.1/9")?;
    crate::process::wait_until("the call is written down", || Ok(watched.find_calls_beyond()?.1 > 0))?;
    assert_eq!(watched.find_calls_beyond()?.0, Vec::<String>::new());
    // An address that is kept for documentation (RFC 5737): nobody is there.
    run("exec 3<>/dev/udp/192.0.2.1/9")?;
    crate::process::wait_until("the call is written down", || Ok(!watched.find_calls_beyond()?.0.is_empty()))
}

#[test]
fn a_file_that_is_opened_is_noticed() -> Result<()> {
    let desk = dpia_tests::places::temporary_folder()?;
    let watched = Watched::set_up(Path::new("/bin/bash"), desk.path())?;
    let file = desk.path().join("secret.txt");
    fs::write(&file, "secret")?;
    assert_eq!(watched.find("secret.txt")?, Vec::<String>::new());
    Command::new(&watched.program).args(["-c", &format!("read -r line < '{}'", file.display())]).output()?;
    crate::process::wait_until("the opening is written down", || Ok(!watched.find("secret.txt")?.is_empty()))
}

#[test]
fn words_left_in_the_clear_are_found() -> Result<()> {
    let desk = dpia_tests::places::temporary_folder()?;
    let inner = desk.path().join("a/b");
    fs::create_dir_all(&inner)?;
    fs::write(inner.join("plain"), "before secret words after")?;
    fs::write(inner.join("wide"), "secret words".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())?;
    fs::write(inner.join("other"), "secret, words")?;
    let mut found = find_words_at_rest(desk.path(), "secret words", &[])?;
    found.sort();
    assert_eq!(found, [inner.join("plain"), inner.join("wide")]);
    assert_eq!(find_words_at_rest(desk.path(), "secret words", &[&inner.join("plain"), &inner.join("wide")])?, Vec::<PathBuf>::new());
    Ok(())
}
