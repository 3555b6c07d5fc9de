//! A keychain that was lost, in the real window: the recovery key opens, and the next start asks nothing. And a computer
//! that has none: a passphrase, asked for at each start.

use anyhow::Result;

use crate::journey::{App, RECOVERY_SHEET, begin, look_at_screen};
use crate::window::Window;

/// The first run, as far as an assessment that is open.
async fn begin_assessment(app: &App) -> Result<Window> {
    let window = begin(app).await?;
    Ok(window)
}

/// The recovery key on the sheet that was saved on the first run.
fn read_key(app: &App) -> Result<String> {
    let sheet = std::fs::read_to_string(app.file(RECOVERY_SHEET))?;
    let groups: Vec<&str> = sheet.lines().filter(|line| line.starts_with("        ")).flat_map(str::split_whitespace).collect();
    Ok(groups.join(" "))
}

#[tokio::test]
async fn a_lost_keychain_is_mended_with_the_recovery_key_from_its_sheet() -> Result<()> {
    let mut app = App::set_up()?;
    let window = begin_assessment(&app).await?;
    window.close().await?;

    app.desk.replace_keychain()?;
    let window = app.open_window().await?;
    window.wait_for_attribute("locked", "data-code", "key_missing").await?;
    window.fill("unlock-recovery-key", "0000 0000").await?;
    window.press("unlock-accept").await?;
    window.read_when("unlock-form", |shown| shown.contains("36 letters and digits; this one has 8")).await?;
    look_at_screen(&window, "locked").await?;
    window.fill("unlock-recovery-key", &read_key(&app)?.to_lowercase()).await?;
    window.press("unlock-accept").await?;
    window.find_named("assessment").await?;
    window.press("open-keys").await?;
    window.read_when("keychain-state", |shown| shown.contains("It has the key")).await?;
    window.close().await?;

    let window = app.open_window().await?;
    window.find_named("assessment").await?;
    window.close().await
}

#[tokio::test]
async fn without_a_keychain_a_passphrase_is_chosen_and_asked_for() -> Result<()> {
    const PASSPHRASE: &str = "four words that differ";
    // A bus that is not there has no keychain on it.
    let app = App::set_up_with(&[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere".into())])?;
    let window = app.open_window().await?;
    window.wait_for_attribute("locked", "data-code", "keychain_missing").await?;
    look_at_screen(&window, "no-keychain").await?;
    window.fill("passphrase-new", PASSPHRASE).await?;
    window.fill("passphrase-again", PASSPHRASE).await?;
    window.press("passphrase-accept").await?;
    window.find_named("first-run").await?;
    window.press("later").await?;
    window.press("recovery-later").await?;
    window.fill("new-product", "Sonar").await?;
    window.press("create").await?;
    window.find_named("editor").await?;
    window.press("home").await?;
    window.find_named("recovery-reminder").await?;
    window.close().await?;

    let window = app.open_window().await?;
    window.wait_for_attribute("locked", "data-code", "passphrase_needed").await?;
    window.fill("unlock-passphrase", "four words that diffe").await?;
    window.press("unlock-accept").await?;
    window.read_when("unlock-form", |shown| shown.contains("does not open the database")).await?;
    window.fill("unlock-passphrase", PASSPHRASE).await?;
    window.press("unlock-accept").await?;
    window.find_named("assessment").await?;
    window.close().await
}

#[tokio::test]
async fn keys_are_exchanged_and_the_old_recovery_key_opens_nothing_any_more() -> Result<()> {
    let mut app = App::set_up()?;
    let window = begin_assessment(&app).await?;
    window.press("home").await?;
    window.press("open-keys").await?;
    window.press("exchange").await?;
    window.press("exchange-accept").await?;
    window.find_named("recovery-key").await?;
    look_at_screen(&window, "keys-exchanged").await?;
    window.press("recovery-later").await?;
    window.close().await?;

    let window = app.open_window().await?;
    window.find_named("assessment").await?;
    window.close().await?;
    app.desk.replace_keychain()?;
    let window = app.open_window().await?;
    window.wait_for_attribute("locked", "data-code", "key_missing").await?;
    window.fill("unlock-recovery-key", &read_key(&app)?).await?;
    window.press("unlock-accept").await?;
    window.read_when("unlock-form", |shown| shown.contains("does not open the database")).await?;
    window.close().await
}
