//! A bundle from somebody who means harm, opened in the real window: its words are words, whatever they look like.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use dpia_tests::places::{DOCUMENTS, document};
use dpia_tests::terminal::import;
use serde_json::{Value, json};

use crate::journey::{App, say_who};
use crate::window::Window;

/// What a page that took words for markup would run. Single quotes alone, so that it is in TOML too.
const HOSTILE: &str =
    "<img src=x onerror='window.__ran=1'><script>window.__ran=1</script><svg onload='window.__ran=1'> javascript:window.__ran=1 ";
/// The names under which words of somebody stand in an assessment.
const WORDS: [&str; 9] = ["text", "name", "role", "label", "caption", "description", "product", "author", "harm"];
/// How texts of an edition begin.
const TEXTS: [&str; 3] = ["prompt = \"", "title = \"", "label = \""];

#[tokio::test]
async fn a_hostile_bundle_runs_nothing_calls_nobody_and_reads_no_file() -> Result<()> {
    let app = App::set_up()?;
    let secret = app.file("secret.txt");
    std::fs::write(&secret, "secret")?;
    let bundle = app.file("hostile.dpia");
    write_hostile_bundle(&app, &bundle, &secret)?;

    let window = app.open_window_with(vec![bundle.display().to_string()]).await?;
    window.watch_page().await?;
    say_who(&app, &window).await?;
    window.find_named("provenance").await?;
    let told = window.read("provenance").await?;
    ensure!(told.contains("its origin cannot be checked") && told.contains("edition 2099.1"), "{told}");
    look_for_harm(&window).await?;
    window.press("import-open").await?;
    window.find_named("editor").await?;
    let edition = window.read("edition").await?;
    ensure!(edition.contains("2099.1"), "an edition that is not known here is carried inside, and shown: {edition}");
    let product = window.run("return document.querySelector('[data-testid=\"product\"]').textContent").await?;
    ensure!(product.as_str().is_some_and(|words| words.starts_with(HOSTILE)), "the words are shown as they are: {product}");
    look_for_harm(&window).await?;

    let sections =
        window.run("return [...document.querySelectorAll('[data-testid^=\"section:\"]')].map((at) => at.dataset.testid)").await?;
    let sections: Vec<String> = serde_json::from_value(sections)?;
    ensure!(sections.len() > 15, "{sections:?}");
    for section in &sections {
        window.press(section).await?;
        look_for_harm(&window).await?;
    }
    window.keep_picture("hostile").await?;
    window.press("toggle-preview").await?;
    window.find("[data-testid='pages'] [data-drawn='true'] canvas").await?;
    look_for_harm(&window).await?;
    window.press("home").await?;
    window.find_named("portfolio").await?;
    look_for_harm(&window).await?;
    // What is looked for would be seen: an address for documentation (RFC 5737), which the content policy stops.
    window.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://192.0.2.1/x\">')").await?;
    ensure!(look_for_harm(&window).await.is_err(), "a picture from elsewhere was not noticed");
    window.close().await?;

    let (calls, _) = app.watched.find_calls_beyond()?;
    ensure!(calls.is_empty(), "calls beyond this machine:\n{}", calls.join("\n"));
    let opened = app.watched.find("secret.txt")?;
    ensure!(opened.is_empty(), "a file that only the bundle names was opened:\n{}", opened.join("\n"));
    Ok(())
}

/// Fails where a script of the bundle ran, where the page holds anything that would fetch, or where the content policy had
/// to stop something.
async fn look_for_harm(window: &Window) -> Result<()> {
    let found = window
        .run(
            "const all = [...document.querySelectorAll('a[href], area, base, form[action], iframe, object, embed, link, script, img')];
             const isOurs = (address) => address && (address.startsWith('data:') || new URL(address, location.href).origin === location.origin);
             const foreign = all.filter((at) => !isOurs(at.src ?? at.href ?? at.action ?? at.data));
             return { ran: window.__ran ?? null, foreign: foreign.map((at) => at.outerHTML.slice(0, 200)) };",
        )
        .await?;
    ensure!(found == json!({ "ran": null, "foreign": [] }), "{found}");
    let seen = window.read_seen().await?;
    ensure!(seen["refused"] == json!([]), "the content policy stopped: {}", seen["refused"]);
    Ok(())
}

/// A real assessment with hostile words wherever words stand, links that lead to scripts and files, and an edition of its
/// own with hostile questions.
fn write_hostile_bundle(app: &App, to: &Path, secret: &Path) -> Result<()> {
    let imported = app.file("imported.dpia");
    import(&document(DOCUMENTS[0]), &imported)?;
    let mut bundle = dpia_bundle::read(&std::fs::read(&imported)?)?;
    let mut assessment = serde_json::to_value(&bundle.assessment)?;
    spoil(&mut assessment, &format!("file://{}", secret.display()));
    assessment["edition"] = json!("2099.1");
    bundle.assessment = serde_json::from_value(assessment).context("the hostile assessment is none")?;
    bundle.edition = bundle.edition.replacen("id = \"2024.1\"", "id = \"2099.1\"", 1);
    for beginning in TEXTS {
        bundle.edition = bundle.edition.replace(beginning, &format!("{beginning}{HOSTILE}"));
    }
    Ok(std::fs::write(to, dpia_bundle::write(&bundle)?)?)
}

/// Puts hostile words before all words, and a script or a file in the place of every address.
fn spoil(value: &mut Value, file: &str) {
    match value {
        Value::Object(fields) => {
            for (index, (name, field)) in fields.iter_mut().enumerate() {
                match field {
                    Value::String(words) if WORDS.contains(&name.as_str()) => words.insert_str(0, HOSTILE),
                    Value::String(address) if name == "address" => {
                        *address = if index % 2 == 0 { "javascript:window.__ran=1".to_owned() } else { file.to_owned() };
                    }
                    _ => spoil(field, file),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, file)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
