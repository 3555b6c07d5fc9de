//! A window, and what a person does with it and sees in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use dpia_tests::places::{build_folder, project_root};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::driver::Driver;

/// How long something may take to appear: long, so that no busy computer is called a fault.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked for meanwhile.
const GLANCE: Duration = Duration::from_millis(50);

/// The ledger of acts, among what the driven window leaves.
const ACTS: &str = "acts.txt";

/// A program with a web view.
pub(crate) struct Application {
    /// The program.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// What it calls itself to a driver.
    pub(crate) browser_name: &'static str,
}

/// An application that was opened by a driver.
pub(crate) struct Window {
    session: WebDriver,
}

impl Window {
    /// Opens an application.
    pub(crate) async fn open(driver: &Driver, application: &Application) -> Result<Self> {
        let mut capabilities = Capabilities::new();
        capabilities.set("browserName", application.browser_name)?;
        let options = json!({ "application": application.program, "args": application.arguments });
        capabilities.set("tauri:options", options)?;
        let session =
            WebDriver::new(driver.url(), capabilities).await.with_context(|| format!("{} did not open", application.program.display()))?;
        Ok(Self { session })
    }

    /// Closes it, as closing its last window does. What was done in it is kept in the ledger of acts.
    pub(crate) async fn close(self) -> Result<()> {
        self.keep_acts().await?;
        Ok(self.session.quit().await?)
    }

    /// Leaves a window that is gone already.
    pub(crate) async fn leave(self) {
        // The driver may know that it is gone, or not yet.
        drop(self.session.quit().await);
    }

    /// Adds what succeeded in this window, begun by keys and clicks, to the ledger, which `cargo xtask test` judges.
    async fn keep_acts(&self) -> Result<()> {
        let acts = self.run("return (window.__acts ?? []).splice(0);").await?;
        let lines: String = acts.as_array().into_iter().flatten().filter_map(Value::as_str).map(|act| format!("{act}\n")).collect();
        let place = e2e_folder()?.join(ACTS);
        let mut ledger = std::fs::OpenOptions::new().create(true).append(true).open(place)?;
        Ok(std::io::Write::write_all(&mut ledger, lines.as_bytes())?)
    }

    /// Goes to an address; for web views that show one.
    pub(crate) async fn go_to(&self, address: &str) -> Result<()> {
        Ok(self.session.goto(address).await?)
    }

    /// The element that a CSS selector names, once it is shown.
    pub(crate) async fn find(&self, selector: &str) -> Result<WebElement> {
        let begun = Instant::now();
        loop {
            let query = self.session.query(By::Css(selector)).wait(PATIENCE, GLANCE).and_displayed();
            match query.first().await {
                Ok(element) => return Ok(element),
                // What was found was replaced before it was looked at.
                Err(error) if error.to_string().contains("stale") && begun.elapsed() <= PATIENCE => {}
                Err(error) => {
                    // What is there instead says most about why.
                    let page = self.session.find(By::Css("body")).await?.text().await?;
                    return Err(error).with_context(|| format!("`{selector}` did not appear; the page says:\n{page}"));
                }
            }
        }
    }

    /// The element that carries a test id, once it is shown.
    pub(crate) async fn find_named(&self, name: &str) -> Result<WebElement> {
        self.find(&format!("[data-testid='{name}']")).await
    }

    /// Presses the element that carries a test id.
    pub(crate) async fn press(&self, name: &str) -> Result<()> {
        self.find_named(name).await?.click().await.with_context(|| format!("`{name}` could not be pressed"))
    }

    /// Presses the words beside a box that carries a test id: the box itself is drawn, and the native one is not seen.
    pub(crate) async fn press_label_of(&self, name: &str) -> Result<()> {
        let label = self.find(&format!("label:has([data-testid='{name}'])")).await?;
        label.click().await.with_context(|| format!("the label of `{name}` could not be pressed"))
    }

    /// Opens the assessment in whose row these words are.
    pub(crate) async fn press_row(&self, words: &str) -> Result<()> {
        let rows = self.session.query(By::Css("[data-testid='assessment']")).wait(PATIENCE, GLANCE).all_from_selector().await?;
        for row in rows {
            if row.text().await?.contains(words) {
                return Ok(row.click().await?);
            }
        }
        bail!("no assessment is called {words}")
    }

    /// Puts words into a field in place of what it holds.
    pub(crate) async fn fill(&self, name: &str, words: &str) -> Result<()> {
        let field = self.find_named(name).await?;
        field.clear().await?;
        Ok(field.send_keys(words).await?)
    }

    /// Writes words at the end of a rich text field.
    pub(crate) async fn write_at_end(&self, name: &str, words: &str) -> Result<()> {
        let field = self.find_named(name).await?;
        field.click().await?;
        field.send_keys(Key::Control + Key::End).await?;
        Ok(field.send_keys(words).await?)
    }

    /// The words that are shown in the element with a test id.
    pub(crate) async fn read(&self, name: &str) -> Result<String> {
        Ok(self.find_named(name).await?.text().await?)
    }

    /// What the field with a test id holds.
    pub(crate) async fn value_of(&self, name: &str) -> Result<String> {
        Ok(self.find_named(name).await?.prop("value").await?.unwrap_or_default())
    }

    /// Waits until an element with a test id shows what a condition asks for, and gives what it shows.
    pub(crate) async fn read_when(&self, name: &str, holds: impl Fn(&str) -> bool) -> Result<String> {
        let begun = Instant::now();
        loop {
            let shown = match self.read(name).await {
                // What was found was replaced before it was read.
                Err(error) if error.to_string().starts_with("Element is stale") && begun.elapsed() <= PATIENCE => continue,
                other => other?,
            };
            if holds(&shown) {
                return Ok(shown);
            }
            if begun.elapsed() > PATIENCE {
                bail!("`{name}` still shows: {shown}");
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// What a script gives, once it holds.
    pub(crate) async fn run_until(&self, script: &str, holds: impl Fn(&serde_json::Value) -> bool) -> Result<serde_json::Value> {
        let begun = Instant::now();
        loop {
            let given = self.run(script).await?;
            if holds(&given) {
                return Ok(given);
            }
            if begun.elapsed() > PATIENCE {
                bail!("still given: {given}");
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Waits until an element with a test id has a value in an attribute.
    pub(crate) async fn wait_for_attribute(&self, name: &str, attribute: &str, value: &str) -> Result<()> {
        self.find(&format!("[data-testid='{name}'][{attribute}='{value}']")).await.map(drop)
    }

    /// Notes from now on what the content policy stops, and which workers are started and what they say.
    pub(crate) async fn watch_page(&self) -> Result<()> {
        let script = "
            const seen = (window.__seen = { refused: [], workers: [] });
            document.addEventListener('securitypolicyviolation', (event) =>
                seen.refused.push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
            window.Worker = class extends window.Worker {
                constructor(address, options) {
                    super(address, options);
                    const worker = { address: String(new URL(address, location.href)), type: options?.type, messages: 0 };
                    seen.workers.push(worker);
                    this.addEventListener('message', () => { worker.messages += 1; });
                }
            };";
        self.session.execute(script, Vec::new()).await.map(drop).context("the page could not be watched")
    }

    /// What [`Window::watch_page`] noted since it was asked last.
    pub(crate) async fn read_seen(&self) -> Result<Value> {
        let script = "const { refused, workers } = window.__seen; return { refused: refused.splice(0), workers };";
        Ok(self.session.execute(script, Vec::new()).await?.json().clone())
    }

    /// Runs a script in the page, and gives what it returns.
    pub(crate) async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.session.execute(script, Vec::new()).await?.json().clone())
    }

    /// Keeps a picture of the window in the target directory, as `e2e/NAME.png`.
    pub(crate) async fn keep_picture(&self, name: &str) -> Result<PathBuf> {
        let picture = e2e_folder()?.join(format!("{name}.png"));
        // Until a typeface is there, words stand in another one.
        let typefaces_ready = "document.fonts.ready.then(() => arguments[arguments.length - 1]());";
        self.session.execute_async(typefaces_ready, Vec::new()).await?;
        self.session.screenshot(&picture).await?;
        Ok(picture)
    }

    /// What axe finds wrong with what is shown, a line a fault: the rule, and the first place where it is broken.
    pub(crate) async fn find_access_faults(&self) -> Result<Vec<String>> {
        self.session.execute(read_axe(&project_root())?, Vec::new()).await?;
        let script = "
            const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] })
               .then((result) => done(result.violations.map((fault) => ({
                   rule: fault.id, help: fault.help, places: fault.nodes.map((node) => node.target.join(' ')) }))))
               .catch((error) => done(String(error)));";
        let answer = self.session.execute_async(script, Vec::new()).await?;
        let Value::Array(faults) = answer.json() else { bail!("axe failed: {}", answer.json()) };
        Ok(faults
            .iter()
            .map(|fault| {
                let places = fault["places"].as_array().map_or(0, Vec::len);
                format!("{}: {} ({places} places, first {})", fault["rule"], fault["help"], fault["places"][0])
            })
            .collect())
    }
}

/// The folder of the target directory for what the driven window leaves.
fn e2e_folder() -> Result<PathBuf> {
    let build = build_folder()?;
    let folder = build.parent().unwrap_or(&build).join("e2e");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The source of axe, as the interface's packages hold it.
fn read_axe(root: &Path) -> Result<String> {
    let source = root.join("ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&source).with_context(|| format!("{} is missing; `cargo xtask test e2e` installs it", source.display()))
}
