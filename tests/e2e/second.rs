//! A second start of the program while a window is open: what it was given is brought in by the window that is there, and the
//! second ends.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use dpia_tests::places::fixture;

use crate::journey::{App, begin};
use crate::process::wait_until;

const TYPED: &str = "To see how a school is doing.";

/// Starts the program once more at the same desk, in the desk's folder, and waits until it has ended.
fn start_again(app: &App, arguments: &[&Path]) -> Result<()> {
    let mut command = Command::new(&app.watched.program);
    let mut second = app.desk.place(command.args(arguments).current_dir(app.desk.folder())).spawn()?;
    let mut ended = None;
    wait_until("the second start ends", || {
        ended = second.try_wait()?;
        Ok(ended.is_some())
    })
    .inspect_err(|_| drop(second.kill()))?;
    let status = ended.context("it ended")?;
    ensure!(status.success(), "the second start ended with {status}");
    Ok(())
}

#[tokio::test]
async fn a_bundle_that_is_opened_while_a_window_is_open_is_brought_in_there() -> Result<()> {
    let app = App::set_up()?;
    let window = begin(&app).await?;
    window.press("section:purpose").await?;
    window.write_at_end("answer:purpose.aims", TYPED).await?;

    // Named as a terminal names it: from the folder that one is in.
    std::fs::copy(fixture("released").join("0.1.0/assessment.dpia"), app.file("given.dpia"))?;
    start_again(&app, &[Path::new("given.dpia")])?;
    // Nobody signed it, so it is asked about first.
    window.press("import-open").await?;
    // The editor of one assessment gives way to that of another: no element of it is kept.
    let product = "return document.querySelector('[data-testid=\"product\"]')?.textContent ?? null;";
    window.run_until(product, |shown| shown == "Pupil Progress").await?;

    // What was typed was kept. A start that was given nothing, or no file, ends as well.
    window.press("home").await?;
    window.find_named("portfolio").await?;
    start_again(&app, &[])?;
    window.find_named("portfolio").await?;
    start_again(&app, &[Path::new("not-there.dpia")])?;
    window.read_when("toast", |shown| shown.contains("not-there.dpia cannot be read")).await?;
    window.press_row("Sonar").await?;
    window.press("section:purpose").await?;
    window.read_when("answer:purpose.aims", |shown| shown.ends_with(TYPED)).await?;

    let (calls, all) = app.watched.find_calls_beyond()?;
    ensure!(all > 0 && !app.watched.find("instance")?.is_empty(), "the way between the two was not watched");
    ensure!(calls.is_empty(), "calls beyond this machine:\n{}", calls.join("\n"));
    window.close().await?;

    // The person who comes after is the first again.
    let window = app.open_window().await?;
    window.find_named("portfolio").await?;
    window.close().await
}
