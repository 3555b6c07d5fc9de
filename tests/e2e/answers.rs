//! Every kind of answer, given in the real window with keys and clicks: ticks, a day from the calendar, a choice, yes and no, rows,
//! risks, reasons, the cover's details, and the sign-off of it all.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use thirtyfour::prelude::Key;

use crate::journey::{App, begin, look_at_screen};
use crate::window::Window;

/// The date of a sign-off that is recorded, and the half of it that is typed at first.
const RECORDED_ON: &str = "sign-off-date:decision.sign_off";
const HALF_A_DATE: &str = "12/3";

#[tokio::test]
async fn every_kind_of_answer_is_given_and_signed_off() -> Result<()> {
    let app = App::set_up()?;
    let window = begin(&app).await?;
    answer_screening(&window).await?;
    sign_off(&window).await?;
    answer_with_rows(&window).await?;
    place_risks(&window).await?;
    say_why(&window).await?;
    give_reasons(&window).await?;
    record_sign_off(&window).await?;
    change_details(&window).await?;
    go_by_keys(&window).await?;
    window.close().await?;

    // The signature is there after a restart, and says that something was changed since.
    let window = app.open_window().await?;
    window.press("assessment").await?;
    window.press("section:screening_questions").await?;
    assert_eq!(window.value_of("sign-off-name:screening.sign_off").await?, "Ada Officer");
    window.find_named("changed:screening.sign_off").await?;
    // So is half a date, which no answer holds.
    window.press("section:decision").await?;
    assert_eq!(window.value_of(RECORDED_ON).await?, HALF_A_DATE);
    assert_eq!(window.value_of("sign-off-name:decision.sign_off").await?, "Head of School");
    finish_date(&window).await?;
    window.close().await
}

/// Lists, a day from the calendar, a choice with its reason.
async fn answer_screening(window: &Window) -> Result<()> {
    window.press("section:screening_questions").await?;
    window.press("none:screening.consider").await?;
    window.find_named("none-said:screening.consider").await?;
    let first = first_of(window, "tick:screening.must:").await?;
    window.press_label_of(&first).await?;
    window.wait_for_attribute("question:screening.must", "data-state", "answered").await?;

    window.press("date:screening.date:pick").await?;
    let calendar = "[role='dialog'][aria-label='Pick a day']";
    window.find(&format!("{calendar} [data-marked]")).await?;
    look_at_screen(window, "calendar").await?;
    window.find(&format!("{calendar} [data-marked]")).await?.click().await?;
    let today = today(window).await?;
    let picked = window.value_of("date:screening.date").await?;
    ensure!(picked == today, "the calendar gave {picked} on {today}");
    // The same by keys: a week before.
    window.press("date:screening.date:pick").await?;
    window.find(&format!("{calendar} [data-marked]")).await?.send_keys(Key::Up + Key::Enter).await?;
    window.wait_for_attribute("question:screening.date", "data-state", "answered").await?;
    ensure!(window.value_of("date:screening.date").await? != today, "the keys moved nothing");

    let required = first_of(window, "choice:screening.result:").await?;
    window.press_label_of(&required).await?;
    window.wait_for_attribute("question:screening.result", "data-state", "answered").await
}

/// The first press of "Sign off" signs.
async fn sign_off(window: &Window) -> Result<()> {
    window.press("sign-now:screening.sign_off").await?;
    window.wait_for_attribute("question:screening.sign_off", "data-state", "answered").await?;
    assert_eq!(window.value_of("sign-off-name:screening.sign_off").await?, "Ada Officer");
    assert_eq!(window.value_of("sign-off-role:screening.sign_off").await?, "Data Protection Officer");
    assert_eq!(window.value_of("sign-off-date:screening.sign_off").await?, today(window).await?);
    look_at_screen(window, "signed-off").await
}

async fn answer_with_rows(window: &Window) -> Result<()> {
    window.press("section:disclosure").await?;
    window.press_label_of("yes-no:disclosure.shared:yes").await?;
    window.wait_for_attribute("question:disclosure.shared", "data-state", "answered").await?;
    window.press("add-row:disclosure.recipients").await?;
    window.fill("cell:name", "Nobody").await?;
    window.press("row-cancel").await?;
    window.find_named("no-rows:disclosure.recipients").await?;
    for name in ["Northgate Hosting", "Parcel Mail"] {
        window.press("add-row:disclosure.recipients").await?;
        window.fill("cell:name", name).await?;
        window.press("row-done").await?;
        window.read_when("table:disclosure.recipients", |shown| shown.contains(name)).await?;
    }
    look_at_screen(window, "recipients").await?;
    window.press("undo").await?;
    window.read_when("table:disclosure.recipients", |shown| !shown.contains("Parcel Mail")).await?;
    window.press("redo").await?;
    let table = "table:disclosure.recipients";
    window.read_when(table, |shown| shown.contains("Parcel Mail")).await?;
    let stands_before = |shown: &str, one: &str, other: &str| shown.find(one) < shown.find(other);
    press_of_last_row(window, "row-up").await?;
    window.read_when(table, |shown| stands_before(shown, "Parcel Mail", "Northgate Hosting")).await?;
    press_of_last_row(window, "row-remove").await?;
    window.read_when(table, |shown| !shown.contains("Northgate Hosting")).await?;
    window.press("toast-undo").await?;
    window.read_when(table, |shown| stands_before(shown, "Parcel Mail", "Northgate Hosting")).await.map(drop)
}

/// Opens the menu of the last row, and presses what it offers.
async fn press_of_last_row(window: &Window, offer: &str) -> Result<()> {
    window.find("tr:last-child [data-testid='row-menu']").await?.click().await?;
    window.press(offer).await
}

async fn place_risks(window: &Window) -> Result<()> {
    window.press("section:impact").await?;
    window.press("add-risk").await?;
    window.fill("risk-source", "A laptop is lost").await?;
    window.fill("risk-harm", "Pupils are named").await?;
    window.press_label_of("risk-likelihood:possible").await?;
    window.press_label_of("risk-severity:severe").await?;
    window.press("risk-done").await?;
    window.read_when("risks", |shown| shown.contains("A laptop is lost")).await?;
    look_at_screen(window, "risks").await
}

/// A question that does not apply, with the reason.
async fn say_why(window: &Window) -> Result<()> {
    window.press("section:it_systems").await?;
    window.press("excuse:it_systems.description").await?;
    window.fill("excuse-reason", "No system is involved").await?;
    window.press("excuse-accept").await?;
    window.find_named("answer-after-all:it_systems.description").await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await?;
    window.press("answer-after-all:it_systems.description").await?;
    window.wait_for_attribute("question:it_systems.description", "data-state", "open").await
}

/// The reasons next to a yes.
async fn give_reasons(window: &Window) -> Result<()> {
    let asked = "necessity.alternatives";
    window.press("section:necessity").await?;
    // While nobody has said, an arrow key leads to the other choice and chooses none; the space bar does.
    let (yes, no) = (format!("yes-no:{asked}:yes"), format!("yes-no:{asked}:no"));
    window.find_named(&no).await?.send_keys(Key::Left + "").await?;
    let focused = "return document.activeElement?.dataset.testid ?? null;";
    window.run_until(focused, |focused| focused == yes.as_str()).await?;
    ensure!(
        window.run("return document.querySelector('[data-testid^=\"yes-no:\"] input:checked') === null;").await? == true,
        "an arrow chose"
    );
    window.find_named(&yes).await?.send_keys(Key::Space + "").await?;
    window.wait_for_attribute(&format!("question:{asked}"), "data-state", "answered").await?;
    window.write_at_end(&format!("reasoning:{asked}"), "Paper was considered.").await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await
}

/// Somebody else's sign-off is recorded, and its date is left half typed.
async fn record_sign_off(window: &Window) -> Result<()> {
    window.press("section:decision").await?;
    window.fill("sign-off-name:decision.sign_off", "Head of School").await?;
    window.find_named(RECORDED_ON).await?.send_keys(HALF_A_DATE + Key::Tab).await?;
    window.read_when("sign-off:decision.sign_off", |shown| shown.contains("is not a date")).await?;
    look_at_screen(window, "half-a-date").await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await
}

async fn finish_date(window: &Window) -> Result<()> {
    window.find_named(RECORDED_ON).await?.send_keys("/2027" + Key::Tab).await?;
    window.read_when("sign-off:decision.sign_off", |shown| !shown.contains("is not a date")).await?;
    window.press("home").await?;
    window.press("assessment").await?;
    window.press("section:decision").await?;
    ensure!(window.value_of(RECORDED_ON).await? == "12/03/2027", "the whole date is no answer");
    Ok(())
}

async fn change_details(window: &Window) -> Result<()> {
    window.press("more").await?;
    window.press("details").await?;
    window.fill("details-product", "Sonar Plus").await?;
    window.press("details-accept").await?;
    window.read_when("product", |shown| shown == "Sonar Plus").await?;
    window.wait_for_attribute("save-state", "data-kind", "saved").await
}

/// F8 and Ctrl+K put the caret into the question that they go to, whatever it is answered with, and out of the one before.
async fn go_by_keys(window: &Window) -> Result<()> {
    window.press("section:decision").await?;
    window.find_named("sign-off-name:decision.sign_off").await?.click().await?;
    let mut before = "decision.sign_off".to_owned();
    let mut reached_prose = false;
    for _ in 0..8 {
        window.find(":focus").await?.send_keys(Key::F8).await?;
        let caret = window.run_until(CARET, |caret| caret["question"].as_str().is_some_and(|question| question != before)).await?;
        ensure!(caret["is_in_answer"] == true, "after {before} the caret is at {caret}");
        reached_prose |= caret["role"] == "textbox";
        before = caret["question"].as_str().unwrap_or_default().to_owned();
    }
    ensure!(reached_prose, "no question with prose was reached");

    window.find(":focus").await?.send_keys(Key::Control + "k").await?;
    window.fill("command-field", "Officer’s advice?").await?;
    window.find_named("found").await?;
    window.find_named("command-field").await?.send_keys(Key::Enter + "").await?;
    window.run_until(CARET, |caret| caret["question"] == "decision.advice" && caret["role"] == "textbox").await?;
    // Shift makes a capital of the letter; the shortcut is the same.
    window.find(":focus").await?.send_keys(Key::Control + Key::Shift + "k").await?;
    window.find_named("link-dialog").await?;
    look_at_screen(window, "link-by-keys").await?;
    window.find_named("link-address").await?.send_keys(Key::Escape + "").await?;
    window.run_until("return document.querySelector('[data-testid=link-dialog]') === null;", |is_gone| is_gone == true).await?;
    Ok(())
}

/// Where the caret is.
const CARET: &str = "const at = document.activeElement; return {
    question: at?.closest('[data-question]')?.dataset.question ?? null,
    is_in_answer: !!at?.closest('[data-body]') && !at.closest('[role=toolbar]'),
    role: at?.getAttribute('role') ?? at?.localName ?? null };";

/// The first test id with this beginning.
async fn first_of(window: &Window, beginning: &str) -> Result<String> {
    let script = format!("return document.querySelector('[data-testid^=\"{beginning}\"]')?.dataset.testid ?? null;");
    let found = window.run_until(&script, |found| !found.is_null()).await?;
    found.as_str().map(str::to_owned).with_context(|| format!("there is no {beginning}"))
}

/// This day as the window writes it.
async fn today(window: &Window) -> Result<String> {
    let day = window.run("const now = new Date(); return [now.getDate(), now.getMonth() + 1, now.getFullYear()];").await?;
    let parts: Vec<i64> = day.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    let [day, month, year] = parts.as_slice() else { anyhow::bail!("the window has no clock") };
    Ok(format!("{day:02}/{month:02}/{year}"))
}
