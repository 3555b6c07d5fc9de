//! A window, and what a person does with it and sees in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use dpia_tests::places::{build_folder, project_root};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::driver::Driver;

/// How long a person would wait for something to appear before calling it broken.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked for meanwhile.
const GLANCE: Duration = Duration::from_millis(50);

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

    /// Closes it, as closing its last window does.
    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.session.quit().await?)
    }

    /// Goes to an address; for web views that show one.
    pub(crate) async fn go_to(&self, address: &str) -> Result<()> {
        Ok(self.session.goto(address).await?)
    }

    /// The element that a CSS selector names, once it is shown.
    pub(crate) async fn find(&self, selector: &str) -> Result<WebElement> {
        let query = self.session.query(By::Css(selector)).wait(PATIENCE, GLANCE).and_displayed();
        query.first().await.with_context(|| format!("`{selector}` did not appear"))
    }

    /// Keeps a picture of the window in the target directory, as `e2e/NAME.png`.
    pub(crate) async fn keep_picture(&self, name: &str) -> Result<PathBuf> {
        let build = build_folder()?;
        let folder = build.parent().unwrap_or(&build).join("e2e");
        std::fs::create_dir_all(&folder)?;
        let picture = folder.join(format!("{name}.png"));
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

/// The source of axe, as the interface's packages hold it.
fn read_axe(root: &Path) -> Result<String> {
    let source = root.join("ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&source).with_context(|| format!("{} is missing; `cargo xtask test e2e` installs it", source.display()))
}
