//! The whole way of an officer: who am I, bring in last year's document, confirm and mend it, sign and export it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use dpia_tests::judges::{Question, check_pdf};
use dpia_tests::places::{DOCUMENTS, build_folder, document};
use dpia_tests::poppler::{read_signatures, read_text};
use dpia_tests::terminal::dpia;
use dpia_tests::words::{missing_words, split_words};
use serde_json::Value;

use crate::desk::Desk;
use crate::driver::Driver;
use crate::process::wait_until;
use crate::watch::{Watched, find_words_at_rest};
use crate::window::{Application, Window};

/// What the officer adds to an answer.
const ADDED: &str = "Reviewed with the trust in November.";

/// Where the officer saves the recovery key.
pub(crate) const RECOVERY_SHEET: &str = "recovery-key.txt";

/// The app at a desk, with a driver to open its window and a script of what its dialogs answer.
pub(crate) struct App {
    // Dropped in this order: the driver ends what sits at the desk.
    driver: Driver,
    pub(crate) desk: Desk,
    script: PathBuf,
    /// What its windows do to the machine is written down.
    pub(crate) watched: Watched,
}

impl App {
    pub(crate) fn set_up() -> Result<Self> {
        Self::set_up_with(&[])
    }

    /// As [`App::set_up`], with more in the app's environment.
    pub(crate) fn set_up_with(more: &[(&str, PathBuf)]) -> Result<Self> {
        let desk = Desk::open()?;
        let script = desk.folder().join("dialogs.json");
        let driver = Driver::start(&desk, &[&[("DPIA_TEST_DIALOGS", script.clone())], more].concat())?;
        let program = match std::env::var_os("DPIA_APP") {
            Some(named) => PathBuf::from(named),
            None => build_folder()?.join("dpia-editor"),
        };
        ensure!(program.is_file(), "there is no {}; `cargo xtask test e2e` builds it", program.display());
        let watched = Watched::set_up(&program, desk.folder())?;
        Ok(Self { driver, desk, script, watched })
    }

    pub(crate) async fn open_window(&self) -> Result<Window> {
        self.open_window_with(Vec::new()).await
    }

    /// Opens the window as a desktop does where somebody opens a file.
    pub(crate) async fn open_window_with(&self, arguments: Vec<String>) -> Result<Window> {
        let program = self.watched.program.clone();
        Window::open(&self.driver, &Application { program, arguments, browser_name: "wry" }).await
    }

    /// What the next native dialog answers.
    pub(crate) fn answer_dialog(&self, path: &Path) -> Result<()> {
        Ok(std::fs::write(&self.script, serde_json::to_vec(&[path])?)?)
    }

    /// A file on the desk.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.desk.folder().join(name)
    }
}

/// Keeps a picture of a screen, and fails where axe finds a fault on it.
pub(crate) async fn look_at_screen(window: &Window, name: &str) -> Result<()> {
    window.keep_picture(name).await?;
    let faults = window.find_access_faults().await?;
    ensure!(faults.is_empty(), "on the screen {name}:\n{}", faults.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_document_becomes_a_signed_report_and_a_bundle() -> Result<()> {
    let app = App::set_up()?;
    let window = app.open_window().await?;
    say_who(&app, &window).await?;
    import_document(&app, &window).await?;
    confirm_ticks(&window).await?;
    mend_answer(&window).await?;
    keep_version(&window).await?;
    look_at_preview(&window).await?;
    window.close().await?;

    let window = app.open_window().await?;
    find_all_as_it_was_left(&window).await?;
    let (report, bundle) = (app.file("report.pdf"), app.file("assessment.dpia"));
    export_report(&app, &window, &report).await?;
    export_bundle(&app, &window, &bundle).await?;
    verify_report(&app, &window, &report).await?;
    look_at_brand(&window).await?;
    window.close().await?;
    open_bundle_from_desktop(&app, &bundle).await?;
    find_no_traces(&app, &[&report, &bundle])?;
    read_report(&report)?;
    read_bundle(&bundle)
}

/// After the day's work: nobody was called, and no answer lies about in the clear but where the officer put it.
fn find_no_traces(app: &App, written: &[&Path]) -> Result<()> {
    let (calls, all) = app.watched.find_calls_beyond()?;
    ensure!(all > 0, "nothing was watched");
    ensure!(calls.is_empty(), "calls beyond this machine:\n{}", calls.join("\n"));
    for words in [ADDED, "Multi Academy Trust"] {
        let found = find_words_at_rest(app.desk.folder(), words, written)?;
        ensure!(found.is_empty(), "\"{words}\" is in the clear in {found:?}");
    }
    Ok(())
}

/// A bundle that is opened from the desktop is brought in: here it is the one that is there already.
async fn open_bundle_from_desktop(app: &App, bundle: &Path) -> Result<()> {
    let window = app.open_window_with(vec![bundle.display().to_string()]).await?;
    window.find_named("editor").await?;
    assert_eq!(window.read("product").await?, "Sonar Multi-School");
    window.close().await
}

/// Opens the window for the first time, says who one is, and starts an assessment.
pub(crate) async fn begin(app: &App) -> Result<Window> {
    let window = app.open_window().await?;
    say_who(app, &window).await?;
    window.fill("new-product", "Sonar").await?;
    window.press("create").await?;
    window.find_named("editor").await?;
    Ok(window)
}

pub(crate) async fn say_who(app: &App, window: &Window) -> Result<()> {
    window.find_named("first-run").await?;
    look_at_screen(window, "first-run").await?;
    window.fill("person-name", "Ada Officer").await?;
    window.fill("person-role", "Data Protection Officer").await?;
    window.fill("person-organisation", "Juniper").await?;
    window.fill("person-email", "ada@example.org").await?;
    window.press("continue").await?;
    keep_recovery_key(app, window).await?;
    window.find_named("new-product").await?;
    look_at_screen(window, "first-assessment").await
}

/// Saves the recovery key to a file, and types back from that file the groups that are asked for.
async fn keep_recovery_key(app: &App, window: &Window) -> Result<()> {
    window.find_named("recovery-key").await?;
    look_at_screen(window, "recovery-key").await?;
    let sheet = app.file(RECOVERY_SHEET);
    app.answer_dialog(&sheet)?;
    window.press("recovery-save").await?;
    wait_until("the sheet is written", || Ok(sheet.is_file()))?;
    let text = std::fs::read_to_string(&sheet)?;
    let groups: Vec<&str> = text.lines().filter(|line| line.starts_with("        ")).flat_map(str::split_whitespace).collect();
    ensure!(groups.len() == 9, "the sheet has not nine groups:\n{text}");
    for (number, group) in groups.iter().enumerate() {
        ensure!(window.read(&format!("recovery-shown:{number}")).await? == *group, "group {number} is another than on the sheet");
    }
    window.press("recovery-continue").await?;
    window.find_named("recovery-asked").await?;
    look_at_screen(window, "recovery-asked").await?;
    let asked =
        window.run("return [...document.querySelectorAll('[data-testid^=\"recovery-group:\"]')].map((field) => field.dataset.testid);");
    let asked = asked.await?;
    for name in asked.as_array().context("no group is asked for")?.iter().filter_map(Value::as_str) {
        let number: usize = name.trim_start_matches("recovery-group:").parse()?;
        window.fill(name, &groups[number].to_lowercase()).await?;
    }
    window.press("recovery-confirm").await
}

async fn import_document(app: &App, window: &Window) -> Result<()> {
    app.answer_dialog(&document(DOCUMENTS[0]))?;
    window.press("import").await?;
    window.find_named("import-report").await?;
    look_at_screen(window, "import-report").await?;
    window.press("open-imported").await?;
    assert_eq!(window.read("product").await?, "Sonar Multi-School");
    assert_eq!(window.read("edition").await?, "Edition 2024.1");
    look_at_screen(window, "editor").await
}

/// Ticks one option of a list that came in without marks, and confirms the rest.
async fn confirm_ticks(window: &Window) -> Result<()> {
    window.press("section:about_the_processing").await?;
    window.wait_for_attribute("question:processing.data", "data-state", "to_confirm").await?;
    window.press_label_of("tick:processing.data:behaviour").await?;
    window.read_when("confirm:processing.data", |shown| shown.contains("1 ticked")).await?;
    window.press("confirm:processing.data").await?;
    window.wait_for_attribute("question:processing.data", "data-state", "answered").await?;
    look_at_screen(window, "ticks").await
}

/// Writes a sentence, takes it back and brings it again.
async fn mend_answer(window: &Window) -> Result<()> {
    let answer = "answer:purpose.aims";
    window.press("section:purpose").await?;
    window.write_at_end(answer, &format!(" {ADDED}")).await?;
    window.read_when(answer, |shown| shown.ends_with(ADDED)).await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await?;
    window.press("undo").await?;
    window.read_when(answer, |shown| !shown.contains("Reviewed")).await?;
    window.press("redo").await?;
    window.read_when(answer, |shown| shown.ends_with(ADDED)).await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await?;
    look_at_screen(window, "answer").await
}

/// Looks at what changed since the import, and keeps that as a version.
async fn keep_version(window: &Window) -> Result<()> {
    window.press("more").await?;
    window.press("open-history").await?;
    window.read_when("compare-count", |shown| shown.contains("differ")).await?;
    window.read_when("changed:purpose.aims", |shown| shown.contains(ADDED)).await?;
    window.read_when("changed:processing.data", |shown| shown.contains("to be confirmed → ticked")).await?;
    look_at_screen(window, "history").await?;
    window.press("keep-version").await?;
    window.fill("version-name", "After the review").await?;
    window.press("keep-accept").await?;
    let kept = window.find("[data-testid^='version:']").await?.text().await?;
    ensure!(kept.contains("After the review") && kept.contains("Ada Officer"), "the version is not listed: {kept}");
    window.press("history-back").await?;
    window.find_named("editor").await.map(drop)
}

/// Opens the preview of the real PDF beside the form: its pages are drawn by a real worker, and the content policy of the
/// window stops nothing of it.
async fn look_at_preview(window: &Window) -> Result<()> {
    window.watch_page().await?;
    // What is noted is what would be stopped: a style written into the page is.
    window.run("document.body.insertAdjacentHTML('beforeend', '<i style=\"color: red\" hidden></i>');").await?;
    let refused = window.read_seen().await?["refused"].clone();
    ensure!(refused.as_array().is_some_and(|refused| refused.len() == 1), "the policy is not the strict one: {refused}");

    window.press("toggle-preview").await?;
    window.find("[data-testid='preview'][data-current='true']").await?;
    window.find("[data-testid^='page:'][data-drawn='true'] canvas").await?;
    let ink = "return [...document.querySelectorAll('[data-drawn] canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let dark = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] < 128 && data[at + 3] === 255) dark += 1;
        return dark;
    });";
    let drawn = window.run(ink).await?;
    ensure!(drawn.as_array().is_some_and(|pages| pages.iter().any(|dark| dark.as_u64() > Some(1000))), "the pages are blank: {drawn}");
    look_at_screen(window, "preview").await?;

    // What is typed is drawn without being settled, and the question that is edited is marked on its page.
    let answer = "answer:purpose.aims";
    window.write_at_end(answer, " More").await?;
    window.run_until(ink, |after| *after != drawn).await.context("what was typed is not drawn")?;
    window.press("undo").await?;
    window.read_when(answer, |shown| shown.ends_with(ADDED)).await?;

    let seen = window.read_seen().await?;
    ensure!(seen["refused"] == serde_json::json!([]), "the policy stopped: {}", seen["refused"]);
    let [worker] = seen["workers"].as_array().map_or(&[][..], Vec::as_slice) else { bail!("not one worker: {}", seen["workers"]) };
    ensure!(worker["type"] == "module" && worker["messages"].as_u64() > Some(2), "the worker did not work: {worker}");
    let own = window.run("return location.origin;").await?;
    ensure!(worker["address"].as_str().zip(own.as_str()).is_some_and(|(address, own)| address.starts_with(own)), "{worker}");
    window.press("toggle-preview").await
}

async fn find_all_as_it_was_left(window: &Window) -> Result<()> {
    window.find_named("portfolio").await?;
    window.find_named("assessment").await?;
    look_at_screen(window, "portfolio").await?;
    window.press("assessment").await?;
    window.press("section:about_the_processing").await?;
    window.wait_for_attribute("question:processing.data", "data-state", "answered").await?;
    window.press("section:purpose").await?;
    window.read_when("answer:purpose.aims", |shown| shown.ends_with(ADDED)).await?;
    // What was done before the restart can still be undone.
    window.press("undo").await?;
    window.read_when("answer:purpose.aims", |shown| !shown.contains("Reviewed")).await?;
    window.press("redo").await?;
    window.read_when("answer:purpose.aims", |shown| shown.ends_with(ADDED)).await.map(drop)
}

async fn export_report(app: &App, window: &Window, report: &Path) -> Result<()> {
    app.answer_dialog(report)?;
    window.press("export-pdf").await?;
    window.find_named("export-dialog").await?;
    look_at_screen(window, "export").await?;
    window.press("export-accept").await?;
    window.read_when("toast", |shown| shown.contains("report.pdf written")).await.map(drop)
}

async fn export_bundle(app: &App, window: &Window, bundle: &Path) -> Result<()> {
    app.answer_dialog(bundle)?;
    window.press("more").await?;
    window.press("export-bundle").await?;
    wait_until("the bundle is written", || Ok(bundle.is_file()))
}

/// The report that was written, as the window itself judges it.
async fn verify_report(app: &App, window: &Window, report: &Path) -> Result<()> {
    window.press("home").await?;
    app.answer_dialog(report)?;
    window.press("verify").await?;
    window.read_when("verdict", |shown| shown == "Signed and unchanged").await?;
    for fact in ["fact:intact", "fact:valid", "fact:trusted", "inside"] {
        window.wait_for_attribute(fact, "data-answer", "yes").await?;
    }
    look_at_screen(window, "verified").await?;
    // The assessment inside is the same as the one that is here: that one is opened.
    window.press("open-inside").await?;
    window.find_named("editor").await?;
    assert_eq!(window.read("product").await?, "Sonar Multi-School");
    Ok(())
}

/// The brand of the reports, with a report drawn in it.
async fn look_at_brand(window: &Window) -> Result<()> {
    window.press("home").await?;
    window.press("open-settings").await?;
    window.find("[data-testid='brand-preview'] [data-drawn='true'] canvas").await?;
    look_at_screen(window, "brand").await
}

/// The report as others see it: signed by the officer, with what was confirmed and added.
fn read_report(report: &Path) -> Result<()> {
    check_pdf(report, &Question { profiles: &[], is_signed: true, trust: None })?;
    let signatures = read_signatures(report)?;
    assert_eq!(signatures.iter().map(|signature| signature.signer.as_str()).collect::<Vec<_>>(), ["Ada Officer"]);
    dpia("verify")?.argument(report).succeed()?;
    let printed = split_words(&read_text(report)?);
    assert_eq!(missing_words(&split_words(ADDED), &printed), []);
    Ok(())
}

/// The bundle as the terminal reads it.
fn read_bundle(bundle: &Path) -> Result<()> {
    let shown: Value = serde_json::from_str(&dpia("show --json")?.argument(bundle).succeed()?.stdout)?;
    let answers = &shown["answers"];
    let aims = answers["purpose.aims"]["text"].as_str().context("the answer has a text")?;
    assert!(aims.ends_with(ADDED), "{aims}");
    assert_eq!(answers["processing.data"]["ticks"], serde_json::json!(["Information about behaviour"]));
    assert_eq!(answers["processing.data"]["state"], "answered");
    assert_eq!(answers["processing.people"]["state"], "unknown");
    Ok(())
}
