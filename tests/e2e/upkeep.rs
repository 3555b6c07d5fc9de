//! What an officer seldom does: an earlier answer is brought back, the history leaves as files, a picture is in an answer, the
//! brand has a mark of its own, keys get a passphrase, backups another folder, and the certificate is renewed.

use anyhow::{Result, ensure};
use dpia_tests::places::{DOCUMENTS, document, project_root};
use dpia_tests::terminal::{IDENTITY_PASSWORD, make_identity};

use crate::journey::{App, begin, look_at_screen};
use crate::process::wait_until;
use crate::window::Window;

const ANSWER: &str = "answer:purpose.aims";

#[tokio::test]
async fn what_is_seldom_done_is_done_by_hand() -> Result<()> {
    let app = App::set_up()?;
    let window = begin(&app).await?;
    bring_back_answer(&app, &window).await?;
    add_picture(&app, &window).await?;
    window.press("home").await?;
    place_what_has_no_place(&app, &window).await?;
    set_passphrase(&window).await?;
    choose_backup_folder(&app, &window).await?;
    take_logo(&app, &window).await?;
    renew_certificate(&app, &window).await?;
    bring_certificate(&app, &window).await?;
    window.close().await
}

async fn save(window: &Window) -> Result<()> {
    window.wait_for_attribute("save-state", "data-kind", "saved").await
}

/// What an answer said before is brought back beside it, and both are in the history that leaves as a file.
async fn bring_back_answer(app: &App, window: &Window) -> Result<()> {
    window.press("section:purpose").await?;
    window.write_at_end(ANSWER, "To show progress.").await?;
    save(window).await?;
    window.press("more").await?;
    window.press("open-history").await?;
    window.press("keep-version").await?;
    window.fill("version-name", "Before the review").await?;
    window.press("keep-accept").await?;
    window.find("[data-testid^='version:']").await?;
    window.press("history-back").await?;
    window.write_at_end(ANSWER, " To tell the trust.").await?;
    save(window).await?;
    window.press("tab:history").await?;
    window.find("[data-testid^='bring-back:']").await?.click().await?;
    window.read_when(ANSWER, |shown| !shown.contains("To tell the trust.")).await?;
    look_at_screen(window, "past-answers").await?;
    window.press("undo").await?;
    window.read_when(ANSWER, |shown| shown.ends_with("To tell the trust.")).await?;

    window.press("whole-history").await?;
    window.read_when("compare-count", |shown| shown.contains("differ")).await?;
    for (button, name) in [("export-comparison", "comparison.csv"), ("export-history", "history.json")] {
        let file = app.file(name);
        app.answer_dialog(&file)?;
        window.press(button).await?;
        wait_until("it is written", || Ok(file.is_file()))?;
        let written = std::fs::read_to_string(&file)?;
        ensure!(written.contains("To tell the trust."), "{name} says:\n{written}");
    }
    window.press("history-back").await?;
    window.find_named("editor").await.map(drop)
}

/// A picture is put into the answer that may have one, by its toolbar.
async fn add_picture(app: &App, window: &Window) -> Result<()> {
    let answer = "answer:it_systems.description";
    window.press("section:it_systems").await?;
    window.find_named(answer).await?.click().await?;
    app.answer_dialog(&project_root().join("tests/fixtures/pictures/palette.png"))?;
    window.press("toolbar-picture").await?;
    window.find(&format!("[data-testid='{answer}'] img")).await?;
    save(window).await?;
    look_at_screen(window, "picture").await
}

/// Words of an imported document without a place are put into an answer, and removed; both can be taken back.
async fn place_what_has_no_place(app: &App, window: &Window) -> Result<()> {
    let text = app.file("with-appendix.txt");
    let words = "The trust asked for this page.";
    std::fs::write(&text, format!("{}\n\nAppendix A\n\n{words}\n", std::fs::read_to_string(document(DOCUMENTS[0]))?))?;
    app.answer_dialog(&text)?;
    window.press("import").await?;
    window.press("open-imported").await?;
    window.press("section:purpose").await?;
    window.find_named(ANSWER).await?.click().await?;
    window.press("tab:unplaced").await?;
    window.read_when("unplaced", |shown| shown.contains(words)).await?;
    look_at_screen(window, "unplaced").await?;
    window.press("place").await?;
    window.read_when(ANSWER, |shown| shown.contains(words)).await?;
    window.press("undo").await?;
    window.read_when(ANSWER, |shown| !shown.contains(words)).await?;
    window.press("remove-unplaced").await?;
    window.read_when("panel", |shown| !shown.contains(words)).await?;
    window.press("undo").await?;
    window.read_when("unplaced", |shown| shown.contains(words)).await?;
    // The message that offered the same is gone: its "Undo" would take back another edit.
    let offers = "return document.querySelectorAll('[data-testid=\"toast-undo\"]').length;";
    window.run_until(offers, |offers| offers == 0).await?;
    window.press("home").await?;
    window.find_named("portfolio").await.map(drop)
}

/// A passphrase is set, and taken off again.
async fn set_passphrase(window: &Window) -> Result<()> {
    window.press("open-keys").await?;
    window.press("passphrase-set").await?;
    window.fill("passphrase-new", "walnut harbour seven lanterns").await?;
    window.fill("passphrase-again", "walnut harbour seven lanterns").await?;
    window.press("passphrase-accept").await?;
    window.read_when("passphrase-state", |shown| shown.contains("You have one")).await?;
    look_at_screen(window, "passphrase-set").await?;
    window.press("passphrase-remove").await?;
    window.press("passphrase-remove-accept").await?;
    window.read_when("passphrase-state", |shown| shown.contains("You have none")).await?;
    window.press("home").await?;
    window.find_named("portfolio").await.map(drop)
}

/// Backups go to another folder, and to their own again.
async fn choose_backup_folder(app: &App, window: &Window) -> Result<()> {
    let folder = app.file("stick");
    std::fs::create_dir(&folder)?;
    window.press("open-backups").await?;
    app.answer_dialog(&folder)?;
    window.press("backup-choose").await?;
    window.read_when("backup-folder", |shown| shown.contains("stick")).await?;
    window.press("backup-now").await?;
    window.find_named("backup").await?;
    ensure!(std::fs::read_dir(&folder)?.next().is_some(), "no backup is in the folder");
    window.press("backup-forget").await?;
    window.read_when("backup-folder", |shown| shown.contains("In the same folder")).await?;
    window.press("home").await?;
    window.find_named("portfolio").await.map(drop)
}

async fn take_logo(app: &App, window: &Window) -> Result<()> {
    window.press("open-settings").await?;
    app.answer_dialog(&project_root().join("tests/fixtures/pictures/palette.png"))?;
    window.press("brand-logo").await?;
    window.find_named("brand-logo-remove").await?;
    look_at_screen(window, "brand-logo").await?;
    window.press("home").await?;
    window.find_named("portfolio").await.map(drop)
}

/// A first report makes the certificate; another takes its place.
async fn renew_certificate(app: &App, window: &Window) -> Result<()> {
    window.press_row("Sonar").await?;
    let report = app.file("report.pdf");
    app.answer_dialog(&report)?;
    window.press("export-pdf").await?;
    window.press("export-accept").await?;
    wait_until("the report is written", || Ok(report.is_file()))?;
    window.press("home").await?;
    window.press("signature").await?;
    let before = window.read("signature-fingerprint").await?;
    window.press("signature-renew").await?;
    window.press("signature-renew-accept").await?;
    window.read_when("signature-fingerprint", |shown| shown != before).await?;
    look_at_screen(window, "signature-renewed").await
}

/// The identity that an organisation gave is signed with from then on.
async fn bring_certificate(app: &App, window: &Window) -> Result<()> {
    let before = window.read("signature-fingerprint").await?;
    let (identity, _) = make_identity(app.desk.folder())?;
    window.press("signature-bring").await?;
    window.fill("signature-password", IDENTITY_PASSWORD).await?;
    app.answer_dialog(&identity)?;
    window.press("signature-bring-accept").await?;
    window.read_when("signature-fingerprint", |shown| shown != before).await?;
    window.press("signature-done").await
}
