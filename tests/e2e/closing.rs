//! The window goes, by its button or with the session, right after the last key: what was typed is there at the next start.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::journey::{App, begin};
use crate::process::wait_until;

const ANSWER: &str = "answer:purpose.aims";
/// How the window is asked to go; none for its button.
const WAYS: [Option<&str>; 3] = [None, Some("-TERM"), Some("-HUP")];
/// What is typed last is lost first: nothing of it is on its way while the page is busy, and the window is asked to go meanwhile.
const TYPE_AND_BE_BUSY: &str = "setTimeout(() => {
    document.execCommand('insertText', false, 'the last words. ');
    const until = performance.now() + 150;
    while (performance.now() < until);
}); return null;";
const LAST_WORDS: &str = "the last words. ";

#[tokio::test]
async fn what_was_typed_a_moment_ago_is_kept_however_the_window_goes() -> Result<()> {
    let app = App::set_up()?;
    let mut window = begin(&app).await?;
    let mut written = String::new();
    for (turn, way) in WAYS.into_iter().cycle().take(6).enumerate() {
        window.press("section:purpose").await?;
        let words = format!("Turn {turn}: ");
        window.write_at_end(ANSWER, &words).await?;
        let program = find_program(app.desk.folder())?;
        window.run(TYPE_AND_BE_BUSY).await?;
        written.push_str(&words);
        written.push_str(LAST_WORDS);
        match way {
            None => run(app.desk.place(Command::new("python3").arg(script())))?,
            Some(signal) => run(Command::new("kill").args([signal, &program]))?,
        }
        wait_until("the program ends", || Ok(!is_running(&program)))?;
        window.leave().await;
        window = app.open_window().await?;
        window.press("assessment").await?;
        window.press("section:purpose").await?;
        let kept = window.read_when(ANSWER, |shown| !shown.is_empty()).await?;
        ensure!(kept.trim() == written.trim(), "after {way:?}, {kept:?} is left of {written:?}");
    }
    window.close().await
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/close_window.py")
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status()?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// The id of the program that works in this folder.
fn find_program(desk: &Path) -> Result<String> {
    let is_it = |id: &Path| {
        let name = fs::read_to_string(id.join("comm")).unwrap_or_default();
        let environment = fs::read(id.join("environ")).unwrap_or_default();
        name.trim() == "dpia-editor" && String::from_utf8_lossy(&environment).contains(&*desk.to_string_lossy())
    };
    let found = fs::read_dir("/proc")?.flatten().map(|entry| entry.path()).find(|id| is_it(id));
    let id = found.as_deref().and_then(Path::file_name).context("the program does not run")?;
    Ok(id.to_string_lossy().into_owned())
}

/// Whether a process of this id is there and has not ended.
fn is_running(id: &str) -> bool {
    let state = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    !matches!(state.rsplit(") ").next().and_then(|rest| rest.chars().next()), None | Some('Z' | 'X'))
}
