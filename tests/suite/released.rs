//! Every released format is read for ever: a database, a bundle and a report of each version are in `tests/fixtures/released`,
//! with what they say. They were written by the version, or with the migration, that they are named after, and are never
//! written again.
//!
//! With `DPIA_WRITE_RELEASE` set to a version that has no folder yet, its fixtures are written.

use dpia_model::{CopyKind, Extent};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use dpia_app::editing::{Intent, Typed};
use dpia_app::issuing::Client;
use dpia_app::printing::{MissingCharacters, ReportRequest, ReportSignature};
use dpia_app::show::show;
use dpia_app::verifying::verify;
use dpia_app::{At, Person, Workspace, documents, parse_moment};
use dpia_model::assessment::{Content, Value as Answered};
use dpia_model::id::{AssessmentId, Digest};
use dpia_model::rich_text::RichText;
use dpia_tests::keychain::{DATABASE, FileKeychain, database_key};
use dpia_tests::places::{DOCUMENTS, document, fixture, project_root, temporary_folder};
use serde_json::Value;

/// The moment at which a release's fixtures say they were written.
const MOMENT: &str = "2026-11-22T09:00:00Z";
const ASSESSMENT: &str = "assessment.json";
const CLIENTS: &str = "clients.json";
const REPORT: &str = "report.pdf";
/// What was being typed when the database was left, and is no entry of its history.
const DRAFT: &str = "draft.json";
/// The question that it answers.
const DRAFT_OF: &str = "retention.periods";

fn open(folder: &Path) -> Result<Workspace> {
    let moment = parse_moment(MOMENT).context("a moment")?;
    fs::create_dir_all(folder)?;
    Ok(Workspace::open_with(folder, &FileKeychain::in_folder(folder), Box::new(At(moment)))?)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The one assessment of a workspace, as `dpia show` tells it, and the bundle that it gives.
fn read_workspace(workspace: &Workspace, folder: &Path) -> Result<(Value, PathBuf)> {
    let list = workspace.portfolio.list()?;
    ensure!(list.len() == 1, "there are {} assessments", list.len());
    let bundle = folder.join("again.dpia");
    workspace.exports.write_bundle(list[0].id, &bundle)?;
    Ok((read_bundle(&bundle)?, bundle))
}

fn read_bundle(bundle: &Path) -> Result<Value> {
    let opened = documents::open_bundle(&fs::read(bundle)?)?;
    Ok(serde_json::to_value(show(&opened.form, &opened.bundle.assessment))?)
}

/// Writes a release: the third document with a tick confirmed, an answer changed and a change undone, in a brand that says
/// all that a brand can.
fn write_release(folder: &Path) -> Result<()> {
    let data = folder.join("data");
    let workspace = open(&data)?;
    workspace.brand.save(dpia_model::Brand { typeface: dpia_model::Typeface::Serif, ..dpia_model::Brand::default() })?;
    workspace.imports.import_file(&document(DOCUMENTS[3]))?;
    let id: AssessmentId = workspace.portfolio.list()?[0].id;
    workspace.editor.edit(id, Intent::Confirm { question: "processing.people".parse()? })?;
    workspace.editor.edit(id, Intent::AnswerYesNo { question: "disclosure.shared".parse()?, is_yes: true })?;
    workspace.editor.edit(id, Intent::TickNone { question: "screening.consider".parse()? })?;
    workspace.editor.undo(id)?;
    for (name, reference) in [("St Mary's Primary School", "1042"), ("Ysgol Tŷ Ffynnon", "")] {
        let client = Client { name: name.to_owned(), email: "office@example.org".to_owned(), reference: reference.to_owned() };
        workspace.issuing.save_client(None, &client)?;
    }
    fs::write(folder.join(CLIENTS), serde_json::to_string_pretty(&workspace.issuing.open(id)?.clients)? + "\n")?;
    let (said, bundle) = read_workspace(&workspace, folder)?;
    fs::rename(bundle, folder.join("assessment.dpia"))?;
    fs::write(folder.join(ASSESSMENT), serde_json::to_string_pretty(&said)? + "\n")?;
    let person = Person { name: "Sam Hill".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() };
    workspace.vault.save_person(Some(person))?;
    let report = ReportRequest {
        copy: CopyKind::Internal,
        extent: Extent::Whole,
        signature: ReportSignature::OpenToCountersignature,
        missing_characters: MissingCharacters::Refuse,
    };
    workspace.exports.write_report(&folder.join(REPORT), &workspace.exports.render_report(id, &report)?)?;
    let text = RichText::from_plain("Typed, and not finished when the program ended.");
    workspace.editor.save_answer(id, DRAFT_OF.parse()?, Typed::Words { text: text.clone() }, false)?;
    let draft = Content::Answered { value: Answered::RichText { text } };
    fs::write(folder.join(DRAFT), serde_json::to_string_pretty(&draft)? + "\n")?;
    drop(workspace);
    for left in ["assessments.db.lock", "assessments.db-wal"] {
        let _ = fs::remove_file(data.join(left));
    }
    Ok(())
}

#[test]
fn what_every_release_wrote_is_read_as_it_was() -> Result<()> {
    if let Some(version) = std::env::var_os("DPIA_WRITE_RELEASE") {
        let folder = fixture("released").join(version);
        ensure!(!folder.exists(), "{} already exists: what was released never changes", folder.display());
        write_release(&folder)?;
    }
    let mut releases = 0;
    for release in releases_there()? {
        let name = release.display().to_string();
        let said: Value = serde_json::from_slice(&fs::read(release.join(ASSESSMENT))?)?;
        ensure!(said["answers"]["disclosure.recipients"]["rows"].as_array().is_some_and(|rows| rows.len() == 11), "{name} says too little");
        assert!(read_bundle(&release.join("assessment.dpia"))? == said, "the bundle of {name} is read otherwise");

        check_report(&release, &said).with_context(|| name.clone())?;
        let desk = temporary_folder()?;
        let data = desk.path().join("data");
        copy_folder(&release.join("data"), &data)?;
        let workspace = open(&data)?;
        check_draft(&workspace, &release).with_context(|| name.clone())?;
        let (again, bundle) = read_workspace(&workspace, desk.path()).with_context(|| name.clone())?;
        assert!(again == said, "the database of {name} is read otherwise");
        assert!(read_bundle(&bundle)? == said, "{name} is exported otherwise");
        // The first release knew no clients.
        if let Ok(clients) = fs::read(release.join(CLIENTS)) {
            let listed = serde_json::to_value(workspace.issuing.open(workspace.portfolio.list()?[0].id)?.clients)?;
            assert!(listed == serde_json::from_slice::<Value>(&clients)?, "the clients of {name} are read otherwise");
        }
        // What was undone then, or just now, can be brought back.
        let redone = workspace.editor.redo(workspace.portfolio.list()?[0].id)?;
        ensure!(redone.can_undo && !redone.can_redo, "{name}: its history does not go on");
        releases += 1;
    }
    ensure!(releases >= 1, "there is no release");
    Ok(())
}

/// A report of a release is sound, and opens as the assessment that it was printed from. The first releases have none.
fn check_report(release: &Path, said: &Value) -> Result<()> {
    let Ok(report) = fs::read(release.join(REPORT)) else { return Ok(()) };
    let now = parse_moment(MOMENT).context("a moment")?;
    let found = verify(&report, None, now)?;
    ensure!(found.is_sound && found.awaits_countersignature, "its report is not sound: {found:?}");
    let opened = documents::open_document(&report)?;
    ensure!(serde_json::to_value(show(&opened.form, &opened.bundle.assessment))? == *said, "its report is read otherwise");
    Ok(())
}

/// What was being typed is there when the assessment is opened, as an edit that can be taken back; here it is taken back.
fn check_draft(workspace: &Workspace, release: &Path) -> Result<()> {
    let Ok(draft) = fs::read(release.join(DRAFT)) else { return Ok(()) };
    let typed: Content = serde_json::from_slice(&draft)?;
    let id = workspace.portfolio.list()?[0].id;
    let opened = workspace.editor.open(id)?;
    let answer = opened.now.answers.get(&DRAFT_OF.parse()?).and_then(Option::as_ref).context("the answer")?;
    ensure!(answer.content == typed, "what was being typed is read otherwise: {answer:?}");
    workspace.editor.undo(id)?;
    Ok(())
}

/// Editions, packs, migrations, and what each release wrote: the SHA-256 of every file, which never changes, and the bytes
/// that a bundle is written with.
#[test]
fn what_was_released_is_byte_for_byte_as_it_was() -> Result<()> {
    let sums = fs::read_to_string(fixture("released").join("SHA256SUMS"))?;
    let known: BTreeMap<&str, &str> = sums.lines().filter_map(|line| line.split_once("  ").map(|(sum, file)| (file, sum))).collect();
    let mut there = BTreeSet::new();
    for folder in ["src-tauri/crates/dpia-model/templates/juniper", "src-tauri/crates/dpia-store/migrations", "tests/fixtures/released"] {
        list_files(&project_root().join(folder), &mut there)?;
    }
    // What the program does with questions is its own and is part of no file that it writes.
    there.retain(|path| !path.ends_with("templates/juniper/roles.toml"));
    for path in &there {
        let file = path.strip_prefix(project_root())?.to_string_lossy().into_owned();
        let sum = known.get(file.as_str()).with_context(|| format!("{file} is new: once it is released, add its SHA-256"))?;
        ensure!(Digest::of(&fs::read(path)?).to_string() == *sum, "{file} was released and has changed");
    }
    ensure!(there.len() == known.len(), "{} files were released, and {} are here", known.len(), there.len());
    for release in releases_there()? {
        let bytes = fs::read(release.join("assessment.dpia"))?;
        ensure!(dpia_bundle::write(&dpia_bundle::read(&bytes)?)? == bytes, "{}: its bundle is written otherwise", release.display());
    }
    Ok(())
}

/// Every file below a folder, but for what explains it.
fn list_files(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_explaining = path.file_name().is_some_and(|name| name == "README.md" || name == "SHA256SUMS");
        match path.is_dir() {
            true => list_files(&path, files)?,
            false if is_explaining => {}
            false => drop(files.insert(path)),
        }
    }
    Ok(())
}

#[test]
fn every_format_of_the_database_and_the_bundle_has_its_fixture() -> Result<()> {
    let (mut databases, mut bundles) = (BTreeSet::new(), BTreeSet::new());
    for release in releases_there()? {
        let desk = temporary_folder()?;
        copy_folder(&release.join("data"), desk.path())?;
        databases.insert(dpia_store::read_format(&desk.path().join(DATABASE), &database_key(desk.path())?)?);
        bundles.insert(bundle_version(&release.join("assessment.dpia"))?);
    }
    let missing = |found: &BTreeSet<u32>, newest: u32| (1..=newest).filter(|number| !found.contains(number)).collect::<Vec<_>>();
    let databases = missing(&databases, dpia_store::NEWEST_FORMAT);
    ensure!(
        databases.is_empty(),
        "no fixture was written with migration {databases:?}: set DPIA_WRITE_RELEASE=migration-N and run these tests"
    );
    let bundles = missing(&bundles, dpia_bundle::NEWEST_VERSION);
    ensure!(bundles.is_empty(), "no fixture was written with format {bundles:?} of the bundle");
    Ok(())
}

/// The folders of what was released.
fn releases_there() -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(fixture("released"))?.collect::<Result<Vec<_>, _>>()?;
    Ok(files.into_iter().map(|file| file.path()).filter(|path| path.is_dir()).collect())
}

/// The version that the manifest of a bundle names.
fn bundle_version(bundle: &Path) -> Result<u32> {
    let mut archive = zip::ZipArchive::new(fs::File::open(bundle)?)?;
    let manifest: Value = serde_json::from_reader(archive.by_name("manifest.json")?)?;
    Ok(u32::try_from(manifest["version"].as_u64().context("its version")?)?)
}
