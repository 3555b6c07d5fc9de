//! `cargo xtask run`: opens the app; without a display, does its main job in the terminal.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::interface::build_interface;
use crate::machine::has_display;
use crate::progress::{note, run, step};
use crate::project::{APP_FEATURES, Project};
use crate::requirements::{Need, ensure_requirements};

/// The document that is made into a signed PDF.
const SAMPLE: &str = "tests/fixtures/documents/2025-07-04-pupil-progress.txt";
/// The password of the sample's identity, which signs nothing but the sample.
const SAMPLE_PASSWORD: &str = "sample";

/// Sets up, then opens the window or, where there is no display, makes the sample PDF.
pub(crate) fn run_app(project: &Project) -> Result<()> {
    if has_display() {
        open_window(project)
    } else {
        note("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): the main job is done in the terminal.");
        make_sample(project)
    }
}

/// Builds the app and opens it; returns when its window is closed.
fn open_window(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal, Need::Window])?;
    build_interface(project)?;
    step("building the app (some minutes the first time)", || {
        run(project.cargo().args(["build", "--package", "dpia-editor", "--features", APP_FEATURES]))
    })?;
    note("Opening DPIA Editor. This command ends when its window is closed.");
    run(&mut Command::new(project.debug_binary("dpia-editor")))
}

/// Imports the sample document, makes an identity, signs and exports the PDF, verifies it.
fn make_sample(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal])?;
    step("building dpia (some minutes the first time)", || run(project.cargo().args(["build", "--package", "dpia-cli"])))?;
    let folder = project.target.join("sample");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let bundle = folder.join("pupil-progress.dpia");
    let identity = folder.join("officer.p12");
    let certificate = folder.join("officer.pem");
    let pdf = folder.join("pupil-progress.pdf");
    for made_before in [&bundle, &certificate, &pdf] {
        if made_before.exists() {
            fs::remove_file(made_before).with_context(|| format!("{} cannot be removed", made_before.display()))?;
        }
    }

    let dpia = |arguments: &[&Path]| {
        let mut command = Command::new(project.debug_binary("dpia"));
        command.current_dir(&project.root).env("DPIA_P12_PASSWORD", SAMPLE_PASSWORD).args(arguments);
        run(&mut command)
    };
    let word = Path::new;
    step("importing the sample document", || dpia(&[word("import"), word(SAMPLE), word("-o"), &bundle]))?;
    if !identity.exists() {
        step("making an identity to sign with", || {
            let new: Vec<&Path> = [
                ["identity", "new"],
                ["--name", "Sample Officer"],
                ["--role", "Data Protection Officer"],
                ["--organisation", "Sample Organisation"],
                ["--email", "officer@example.org"],
            ]
            .iter()
            .flatten()
            .map(|text| word(text))
            .chain([word("-o"), identity.as_path()])
            .collect();
            dpia(&new)
        })?;
    }
    step("exporting and signing the report", || dpia(&[word("report"), &bundle, word("-o"), &pdf, word("--sign"), &identity]))?;
    step("verifying the signature", || {
        dpia(&[word("identity"), word("certificate"), &identity, word("-o"), &certificate])?;
        dpia(&[word("verify"), &pdf, word("--trust"), &certificate])
    })?;
    ensure!(pdf.is_file(), "dpia said that it was done, and there is no {}", pdf.display());
    println!("The signed PDF: {}", pdf.display());
    println!("The assessment: {}", bundle.display());
    Ok(())
}
