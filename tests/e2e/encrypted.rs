//! A bundle goes out encrypted with a passphrase, and comes back at another desk.

use anyhow::{Result, ensure};

use crate::journey::{App, begin, look_at_screen, say_who};

const PASSPHRASE: &str = "walnut harbour seven lanterns";
const TYPED: &str = "To see how a school is doing.";

#[tokio::test]
async fn a_bundle_is_encrypted_at_one_desk_and_opened_at_another() -> Result<()> {
    let app = App::set_up()?;
    let window = begin(&app).await?;
    window.press("section:purpose").await?;
    window.write_at_end("answer:purpose.aims", TYPED).await?;
    window.press("more").await?;
    window.press("export-encrypted").await?;
    window.fill("passphrase-new", PASSPHRASE).await?;
    window.fill("passphrase-again", PASSPHRASE).await?;
    look_at_screen(&window, "encrypt").await?;
    let encrypted = app.file("encrypted.dpia");
    app.answer_dialog(&encrypted)?;
    window.press("encrypt-accept").await?;
    // Nothing was signed at this desk yet, so there is no identity.
    let toasts = "return [...document.querySelectorAll('[data-testid=\"toast\"]')].map((toast) => toast.textContent).join();";
    window.run_until(toasts, |shown| shown.as_str().is_some_and(|shown| shown.contains("encrypted.dpia written, not signed"))).await?;
    let bytes = std::fs::read(&encrypted)?;
    ensure!(bytes.starts_with(b"age-encryption.org/v1"), "it is not encrypted");
    window.close().await?;

    let other = App::set_up()?;
    let window = other.open_window_with(vec![encrypted.display().to_string()]).await?;
    say_who(&other, &window).await?;
    window.fill("decrypt-passphrase", "walnut harbour seven lantern").await?;
    window.press("decrypt-accept").await?;
    window.read_when("ask-passphrase", |shown| shown.contains("does not open the bundle")).await?;
    look_at_screen(&window, "decrypt").await?;
    window.fill("decrypt-passphrase", PASSPHRASE).await?;
    window.press("decrypt-accept").await?;
    window.press("import-open").await?;
    window.press("section:purpose").await?;
    window.read_when("answer:purpose.aims", |shown| shown == TYPED).await?;
    window.close().await
}
