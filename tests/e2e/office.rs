//! The officer's other acts: a list of schools whose columns have to be named, copies for all of them, a search, the bin, the brand,
//! the certificate, and the log for support.

use anyhow::{Result, ensure};
use thirtyfour::prelude::Key;

use crate::journey::{App, begin, look_at_screen};
use crate::process::wait_until;
use crate::window::Window;

#[tokio::test]
async fn a_register_becomes_signed_copies_and_the_days_small_acts_are_done() -> Result<()> {
    let app = App::set_up()?;
    let window = begin(&app).await?;
    window.press("section:purpose").await?;
    window.write_at_end("answer:purpose.aims", "To show progress.").await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await?;
    issue_copies(&app, &window).await?;
    window.press("home").await?;
    search_and_bin(&window).await?;
    keep_brand(&window).await?;
    export_certificate(&app, &window).await?;
    copy_log(&window).await?;
    window.close().await
}

/// A list whose columns nobody can guess is asked about; a line that cannot be used stops no other.
async fn issue_copies(app: &App, window: &Window) -> Result<()> {
    window.press("more").await?;
    window.press("issue").await?;
    window.find_named("issuing").await?;
    let list = app.file("register.csv");
    std::fs::write(&list, "Provider;Mail;Key\nSt Mary's;office@hill.example;\nSt Mary's;office@dale.example;\nAsh;nonsense;\n")?;
    app.answer_dialog(&list)?;
    window.press("import-clients").await?;
    window.read_when("columns-dialog", |shown| shown.contains("no column is called \"name\"")).await?;
    look_at_screen(window, "columns").await?;
    window.find("[data-testid='column-name'] option[value='Provider']").await?.click().await?;
    window.find("[data-testid='column-email'] option[value='Mail']").await?.click().await?;
    window.press("columns-accept").await?;
    window.read_when("clients-imported", |shown| shown.contains("2 clients added") && shown.contains("Line 4")).await?;
    look_at_screen(window, "clients-imported").await?;
    let folder = app.file("copies");
    std::fs::create_dir(&folder)?;
    window.press("choose-shown").await?;
    app.answer_dialog(&folder)?;
    window.press("issue-accept").await?;
    // The assessment is not finished: that is said before anything leaves.
    window.find_named("unfinished-dialog").await?;
    look_at_screen(window, "issue-unfinished").await?;
    window.press("unfinished-accept").await?;
    window.read_when("issue-words", |shown| shown.contains("2 copies written")).await?;
    look_at_screen(window, "issued").await?;
    let copies = std::fs::read_dir(&folder)?.flatten().filter(|file| file.path().extension().is_some_and(|ending| ending == "pdf")).count();
    ensure!(copies == 2, "{copies} copies for two schools of one name");
    window.press("issue-dismiss").await?;
    keep_clients(window).await?;
    window.press("issuing-back").await?;
    window.find_named("editor").await.map(drop)
}

/// A school is added by hand, its address is mended, it is taken off the list, and that is taken back.
async fn keep_clients(window: &Window) -> Result<()> {
    window.press("add-client").await?;
    window.fill("client-name", "Ashdown Primary").await?;
    window.fill("client-email", "office@ashdown.example").await?;
    window.press("client-accept").await?;
    let row = |rest: &str| format!("[data-testid='client']:first-of-type{rest}");
    let is_there = "return [...document.querySelectorAll('[data-testid=\"client\"]')].map((row) => row.textContent).join();";
    window.run_until(is_there, |shown| shown.as_str().is_some_and(|shown| shown.contains("Ashdown Primary"))).await?;
    window.find(&row(" [data-testid='client-menu']")).await?.click().await?;
    window.press("client-edit").await?;
    window.fill("client-email", "dpo@ashdown.example").await?;
    window.press("client-accept").await?;
    window.run_until(is_there, |shown| shown.as_str().is_some_and(|shown| shown.contains("dpo@ashdown.example"))).await?;
    window.find(&row(" [data-testid='client-menu']")).await?.click().await?;
    window.press("client-remove").await?;
    window.run_until(is_there, |shown| shown.as_str().is_some_and(|shown| !shown.contains("Ashdown Primary"))).await?;
    window.press("toast-undo").await?;
    window.run_until(is_there, |shown| shown.as_str().is_some_and(|shown| shown.contains("Ashdown Primary"))).await.map(drop)
}

async fn search_and_bin(window: &Window) -> Result<()> {
    window.fill("search", "progress").await?;
    window.read_when("found-count", |shown| !shown.is_empty()).await?;
    look_at_screen(window, "found").await?;
    window.find_named("search").await?.send_keys(Key::Control + "a").await?;
    window.find_named("search").await?.send_keys(Key::Delete).await?;
    window.press("assessment-menu").await?;
    window.press("bin").await?;
    window.press("toast-undo").await?;
    window.find_named("assessment").await.map(drop)
}

async fn keep_brand(window: &Window) -> Result<()> {
    window.press("open-settings").await?;
    window.fill("brand:wordmark", "Example Trust").await?;
    window.press("brand-save").await?;
    window.read_when("toast", |shown| !shown.is_empty()).await?;
    window.press("home").await?;
    window.find_named("portfolio").await.map(drop)
}

async fn export_certificate(app: &App, window: &Window) -> Result<()> {
    let certificate = app.file("certificate.pem");
    app.answer_dialog(&certificate)?;
    window.press("signature").await?;
    window.press("signature-export").await?;
    wait_until("the certificate is written", || Ok(certificate.is_file() && app.file("certificate.pdf").is_file()))?;
    window.press("signature-done").await
}

/// What is copied for support names commands and nothing of an assessment.
async fn copy_log(window: &Window) -> Result<()> {
    window.press("open-about").await?;
    look_at_screen(window, "about").await?;
    window.press("copy-log").await?;
    let toasts = "return [...document.querySelectorAll('[data-testid=\"toast\"]')].map((toast) => toast.textContent).join();";
    window.run_until(toasts, |shown| shown.as_str().is_some_and(|shown| shown.contains("Log copied"))).await?;
    window.press("about-close").await
}
