//! A history that was altered is reported where the assessment is open, and a backup from before brings back what it was.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use dpia_keys::{KeyFiles, Opening, Passphrase, open_with_passphrase};
use dpia_store::tampering::{Tampering, tamper};
use dpia_tests::keychain::DATABASE;
use dpia_tests::terminal::dpia;

use crate::journey::{App, look_at_screen};
use crate::process::wait_until;
use crate::window::Window;

const PASSPHRASE: &str = "four words that differ";
const BEFORE: &str = "To see how a school is doing.";
const AFTER: &str = " And to tell the trust.";
const ANSWER: &str = "answer:purpose.aims";

/// The assessments of the desk's user.
fn data_folder(app: &App) -> PathBuf {
    app.file("home/data/org.junipereducation.dpia-editor")
}

/// Alters the first entry of the only history, as somebody could who has the passphrase.
fn alter_history(folder: &Path) -> Result<()> {
    let place = KeyFiles::in_folder(folder, DATABASE);
    let Opening::Opened(keys) = open_with_passphrase(&place, &Passphrase::typed(PASSPHRASE))? else {
        bail!("the passphrase does not open")
    };
    let key = keys.database_key().as_bytes();
    let database = folder.join(DATABASE);
    let mut found = None;
    wait_until("the window has let go of the assessments", || {
        found = match dpia_store::Store::open(&database, key) {
            Err(dpia_store::StoreError::AlreadyOpen { .. }) => None,
            opened => Some(opened?.list()?[0].id),
        };
        Ok(found.is_some())
    })?;
    let id = found.context("an assessment")?;
    Ok(tamper(&database, key, id, 1, &Tampering::Garbled)?)
}

async fn unlock(window: &Window) -> Result<()> {
    window.wait_for_attribute("locked", "data-code", "passphrase_needed").await?;
    window.fill("unlock-passphrase", PASSPHRASE).await?;
    window.press("unlock-accept").await
}

/// Opens the only assessment at the question that was answered.
async fn open_answer(window: &Window) -> Result<()> {
    window.press("assessment").await?;
    window.press("section:purpose").await
}

#[tokio::test]
async fn a_history_that_was_altered_is_reported_and_a_backup_brings_it_back() -> Result<()> {
    // A bus that is not there has no keychain on it: the passphrase is the way in, for the test as well.
    let app = App::set_up_with(&[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere".into())])?;
    let window = app.open_window().await?;
    window.fill("passphrase-new", PASSPHRASE).await?;
    window.fill("passphrase-again", PASSPHRASE).await?;
    window.press("passphrase-accept").await?;
    window.press("later").await?;
    window.press("recovery-later").await?;
    window.fill("new-product", "Sonar").await?;
    window.press("create").await?;
    window.press("section:purpose").await?;
    window.write_at_end(ANSWER, BEFORE).await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await?;
    window.press("home").await?;
    window.press("open-backups").await?;
    window.press("backup-now").await?;
    window.find_named("backup").await?;
    look_at_screen(&window, "backups").await?;
    window.press("home").await?;
    open_answer(&window).await?;
    window.write_at_end(ANSWER, AFTER).await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await?;
    window.press("home").await?;
    window.find_named("assessment").await?;
    window.close().await?;

    alter_history(&data_folder(&app))?;
    let window = app.open_window().await?;
    unlock(&window).await?;
    open_answer(&window).await?;
    window.read_when("history-trouble", |shown| shown.contains("Entry 1 of the history is not what was written.")).await?;
    look_at_screen(&window, "history-trouble").await?;
    window.read_when(ANSWER, |shown| shown == format!("{BEFORE}{AFTER}")).await?;

    // The answers can be kept as they are, without what does not hold.
    let kept = app.file("kept.dpia");
    app.answer_dialog(&kept)?;
    window.press("trouble-export").await?;
    wait_until("the bundle is written", || Ok(kept.is_file()))?;
    let shown = dpia("show")?.argument(&kept).succeed()?.stdout;
    ensure!(shown.contains(BEFORE) && shown.contains(AFTER.trim()), "the bundle says:\n{shown}");

    window.press("trouble-backups").await?;
    let looks = "[data-testid='backup'] [data-testid^='look:']";
    window.find(looks).await?.click().await?;
    window.read_when("held-assessment", |shown| shown.contains("Sonar")).await?;
    look_at_screen(&window, "backup-looked-into").await?;
    window.press("restore").await?;
    unlock(&window).await?;
    open_answer(&window).await?;
    window.read_when(ANSWER, |shown| shown == BEFORE).await?;
    ensure!(window.run("return document.querySelector(\"[data-testid='history-trouble']\") === null;").await? == true, "trouble stays");
    window.close().await
}
