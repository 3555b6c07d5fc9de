//! Every released format is read for ever: a database and a bundle of each version lie in `tests/fixtures/released`, with
//! what they say. They were written by the version, or with the migration, that they are named after, and are never written
//! again.
//!
//! With `DPIA_WRITE_RELEASE` set to a version that has no folder yet, its fixtures are written.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use dpia_app::editing::Intent;
use dpia_app::issuing::Client;
use dpia_app::show::show;
use dpia_app::{At, Workspace, documents};
use dpia_model::id::AssessmentId;
use dpia_tests::keychain::{DATABASE, FileKeychain, database_key};
use dpia_tests::places::{DOCUMENTS, document, fixture, temporary_folder};
use serde_json::Value;

/// The moment at which a release's fixtures say they were written.
const MOMENT: &str = "2026-11-22T09:00:00Z";
const ASSESSMENT: &str = "assessment.json";
const CLIENTS: &str = "clients.json";

fn open(folder: &Path) -> Result<Workspace> {
    let moment = documents::parse_moment(MOMENT).context("a moment")?;
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
    let list = workspace.list_assessments()?;
    ensure!(list.len() == 1, "there are {} assessments", list.len());
    let bundle = folder.join("again.dpia");
    workspace.write_bundle(list[0].id, &bundle)?;
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
    workspace.save_brand(dpia_model::Brand { typeface: dpia_model::Typeface::Serif, ..dpia_model::Brand::default() })?;
    workspace.import_file(&document(DOCUMENTS[3]))?;
    let id: AssessmentId = workspace.list_assessments()?[0].id;
    workspace.edit(id, Intent::Confirm { question: "processing.people".parse()? })?;
    workspace.edit(id, Intent::AnswerYesNo { question: "disclosure.shared".parse()?, is_yes: true })?;
    workspace.edit(id, Intent::TickNone { question: "screening.consider".parse()? })?;
    workspace.undo(id)?;
    for (name, reference) in [("St Mary's Primary School", "1042"), ("Ysgol Tŷ Ffynnon", "")] {
        let client = Client { name: name.to_owned(), email: "office@example.org".to_owned(), reference: reference.to_owned() };
        workspace.save_client(None, &client)?;
    }
    fs::write(folder.join(CLIENTS), serde_json::to_string_pretty(&workspace.open_issuing(id)?.clients)? + "\n")?;
    let (said, bundle) = read_workspace(&workspace, folder)?;
    fs::rename(bundle, folder.join("assessment.dpia"))?;
    fs::write(folder.join(ASSESSMENT), serde_json::to_string_pretty(&said)? + "\n")?;
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
        ensure!(!folder.exists(), "{} is there already: what was released never changes", folder.display());
        write_release(&folder)?;
    }
    let mut releases = 0;
    for release in releases_there()? {
        let name = release.display().to_string();
        let said: Value = serde_json::from_slice(&fs::read(release.join(ASSESSMENT))?)?;
        ensure!(said["answers"]["disclosure.recipients"]["rows"].as_array().is_some_and(|rows| rows.len() == 11), "{name} says too little");
        assert!(read_bundle(&release.join("assessment.dpia"))? == said, "the bundle of {name} is read otherwise");

        let desk = temporary_folder()?;
        let data = desk.path().join("data");
        copy_folder(&release.join("data"), &data)?;
        let workspace = open(&data)?;
        let (again, bundle) = read_workspace(&workspace, desk.path()).with_context(|| name.clone())?;
        assert!(again == said, "the database of {name} is read otherwise");
        assert!(read_bundle(&bundle)? == said, "{name} is exported otherwise");
        // The first release knew no clients.
        if let Ok(clients) = fs::read(release.join(CLIENTS)) {
            let listed = serde_json::to_value(workspace.open_issuing(workspace.list_assessments()?[0].id)?.clients)?;
            assert!(listed == serde_json::from_slice::<Value>(&clients)?, "the clients of {name} are read otherwise");
        }
        // What was undone then can be brought back now.
        let redone = workspace.redo(workspace.list_assessments()?[0].id)?;
        ensure!(redone.can_undo && !redone.can_redo, "{name}: its history does not go on");
        releases += 1;
    }
    ensure!(releases >= 1, "there is no release");
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
