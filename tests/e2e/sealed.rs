//! A bundle goes out encrypted with a passphrase, and comes back at another desk.

use anyhow::{Result, ensure};

use crate::journey::{App, begin, look_at_screen, say_who};

const PASSPHRASE: &str = "walnut harbour seven lanterns";
const TYPED: &str = "To see how a school is doing.";

#[tokio::test]
async fn a_bundle_is_sealed_at_one_desk_and_opened_at_another() -> Result<()> {
    let app = App::set_up()?;
    let window = begin(&app).await?;
    window.press("section:purpose").await?;
    window.write_at_end("answer:purpose.aims", TYPED).await?;
    window.press("more").await?;
    window.press("export-sealed").await?;
    window.fill("passphrase-new", PASSPHRASE).await?;
    window.fill("passphrase-again", PASSPHRASE).await?;
    look_at_screen(&window, "seal").await?;
    let sealed = app.file("sealed.dpia");
    app.answer_dialog(&sealed)?;
    window.press("seal-accept").await?;
    // Nothing was signed at this desk yet, so there is no identity.
    let toasts = "return [...document.querySelectorAll('[data-testid=\"toast\"]')].map((toast) => toast.textContent).join();";
    window.run_until(toasts, |shown| shown.as_str().is_some_and(|shown| shown.contains("sealed.dpia written, not signed"))).await?;
    let bytes = std::fs::read(&sealed)?;
    ensure!(bytes.starts_with(b"age-encryption.org/v1"), "it is not sealed");
    window.close().await?;

    let other = App::set_up()?;
    let window = other.open_window_with(vec![sealed.display().to_string()]).await?;
    say_who(&other, &window).await?;
    window.fill("unseal-passphrase", "walnut harbour seven lantern").await?;
    window.press("unseal-accept").await?;
    window.read_when("ask-passphrase", |shown| shown.contains("does not open the bundle")).await?;
    look_at_screen(&window, "unseal").await?;
    window.fill("unseal-passphrase", PASSPHRASE).await?;
    window.press("unseal-accept").await?;
    window.press("import-open").await?;
    window.press("section:purpose").await?;
    window.read_when("answer:purpose.aims", |shown| shown == TYPED).await?;
    window.close().await
}
