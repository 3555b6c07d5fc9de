//! The power goes: of what SQLite wrote, only what it synced is sure to be there; the rest is dropped, torn or out of
//! order. Whatever is left of the file, every acknowledged edit is in it.
//!
//! The database is opened by `Store::open` as ever; a recording disk is below it.

use crate::dice::{Dice, seed, times};
use anyhow::{Context as _, Result, ensure};
use dpia_model::assessment::{Answer, Assessment, Content, Origin, Value};
use dpia_model::change::Change;
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, EditionId, EntryId, GroupId, PackId, QuestionId};
use dpia_model::rich_text::RichText;
use dpia_power::{Disk, Fault, Files, Moment, Recording, record};
use dpia_store::{Draft, NewEntry, Store};
use dpia_tests::keychain::DATABASE;
use dpia_tests::places::temporary_folder;
use std::fs;
use std::path::Path;
use uuid::Uuid;

const KEY: [u8; 32] = [7; 32];
/// How many power cuts a run has that every test run has.
const FEW: usize = 80;
/// How many edits are made from one opening to the next.
const EDITS: usize = 60;
/// How many cuts are tried of one recording.
const CUTS_A_RECORDING: usize = 40;

/// What a run came to.
#[derive(Debug, Default)]
struct Figures {
    cuts: usize,
    moments: usize,
    acknowledged: usize,
    lost: Vec<String>,
}

#[test]
fn every_acknowledged_edit_survives_a_power_cut() -> Result<()> {
    let (seed, began) = (seed(), std::time::Instant::now());
    let figures = cut_again_and_again(times("DPIA_PROVE_CUTS", FEW), seed, None)?;
    println!(
        "seed {seed}: {} power cuts in {} writes and syncs; {} edits acknowledged, {} cuts lost one; {:.1} s",
        figures.cuts,
        figures.moments,
        figures.acknowledged,
        figures.lost.len(),
        began.elapsed().as_secs_f64()
    );
    ensure!(figures.lost.is_empty(), "seed {seed}: {:#?}", figures.lost);
    Ok(())
}

#[test]
fn without_syncs_a_power_cut_loses_edits_and_it_is_noticed() -> Result<()> {
    for fault in [Fault::SynchronousOff, Fault::LyingDisk] {
        let figures = cut_again_and_again(FEW, seed(), Some(fault))?;
        ensure!(!figures.lost.is_empty(), "{fault:?} is not noticed: {figures:?}");
    }
    Ok(())
}

/// Cuts the power so many times; with a fault, until something is lost.
fn cut_again_and_again(cuts: usize, seed: u64, fault: Option<Fault>) -> Result<Figures> {
    let mut dice = Dice::new(seed);
    let mut figures = Figures::default();
    // What one cut left is what the next recording begins with.
    let mut files = make_database()?;
    let mut kept = 0;
    while figures.cuts < cuts && figures.lost.is_empty() {
        let (before, folder) = (files.clone(), temporary_folder()?);
        lay_out(folder.path(), &before)?;
        let moments = edit_and_record(folder.path(), fault, &mut dice)?;
        figures.moments += moments.len();
        figures.acknowledged += moments.iter().filter(|moment| matches!(moment, Moment::Acknowledged(_))).count();
        for _ in 0..CUTS_A_RECORDING.min(cuts - figures.cuts) {
            let mut disk = Disk::holding(before.clone());
            disk.pass(&Moment::Acknowledged(kept));
            moments[..dice.below(moments.len() + 1)].iter().for_each(|moment| disk.pass(moment));
            files = disk.cut(&mut |end| dice.below(end));
            figures.cuts += 1;
            match judge(&files, disk.acknowledged()) {
                Ok(revision) if figures.cuts % CUTS_A_RECORDING == 0 => kept = revision,
                Ok(_) => {}
                Err(error) => figures.lost.push(format!("cut {}: {error:#}", figures.cuts)),
            }
        }
    }
    Ok(figures)
}

/// A database with one assessment, closed.
fn make_database() -> Result<Files> {
    let folder = temporary_folder()?;
    let store = Store::create(&folder.path().join(DATABASE), &KEY)?;
    let product = Assessment::new(id(), EditionId::new("2026.1")?, PackId::new("internal-1")?, "Sonar");
    store.insert_assessment(product, moment(0)?)?;
    drop(store);
    let mut files = Files::new();
    for file in fs::read_dir(folder.path())? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".lock") {
            files.insert(name, fs::read(file.path())?);
        }
    }
    Ok(files)
}

fn lay_out(folder: &Path, files: &Files) -> Result<()> {
    files.iter().try_for_each(|(name, bytes)| Ok(fs::write(folder.join(name), bytes)?))
}

/// Edits, with the recording disk below; closes the file at the end, unless the dice have it otherwise.
fn edit_and_record(folder: &Path, fault: Option<Fault>, dice: &mut Dice) -> Result<Vec<Moment>> {
    let folder = folder.canonicalize()?;
    let recording = record(&folder, fault);
    let store = Store::open(&folder.join(DATABASE), &KEY)?;
    let mut revision = store.load(id())?.1;
    for _ in 0..EDITS {
        let next = revision + 1;
        let content = words(next, dice);
        store.save_draft(id(), Draft { question: aims()?, content: content.clone(), typed: None, at: moment(next)? })?;
        let entry = NewEntry {
            id: EntryId(Uuid::from_u128(u128::from(next))),
            group: GroupId(Uuid::from_u128(u128::from(next))),
            person: "Sam".to_owned(),
            at: moment(next)?,
            undoes: None,
            change: Change::SetAnswer { question: aims()?, answer: Some(Answer { content, origin: Some(typed(next)?) }) },
        };
        store.settle(id(), revision, aims()?, vec![entry])?;
        revision = next;
        recording.note(Moment::Acknowledged(usize::try_from(revision)?));
        if dice.once_in(10) {
            store.keep_head()?;
            note_head(&folder, &recording)?;
        }
    }
    drop(store);
    note_head(&folder, &recording)?;
    Ok(recording.moments())
}

/// The head is put in its place by other means than SQLite's: it is on the disk now, and the database has to be as far.
fn note_head(folder: &Path, recording: &Recording) -> Result<()> {
    let name = format!("{DATABASE}.head");
    let bytes = fs::read(folder.join(&name))?;
    recording.note(Moment::Replaced { name, bytes });
    Ok(())
}

/// The revision that the files hold, where it is at least this one and all holds together.
fn judge(files: &Files, acknowledged: usize) -> Result<usize> {
    let folder = temporary_folder()?;
    lay_out(folder.path(), files)?;
    let place = folder.path().canonicalize()?;
    // What is looked at need not be synced.
    let _unsynced = record(&place, None);
    let store = Store::open(&place.join(DATABASE), &KEY).context("it does not open")?;
    let (assessment, revision) = store.load(id())?;
    let revision = usize::try_from(revision)?;
    ensure!(revision >= acknowledged, "edit {acknowledged} was acknowledged, and {revision} is the last");
    store.check_integrity()?;
    store.check_history(id())?;
    let text = assessment.text(&aims()?).map(RichText::plain_text).unwrap_or_default();
    ensure!(revision == 0 || text.starts_with(&format!("{revision} ")), "the answer is not that of revision {revision}");
    Ok(revision)
}

/// The words of a revision; now and then many.
fn words(revision: u32, dice: &mut Dice) -> Content {
    let length = if dice.once_in(6) { 600 } else { 1 + dice.below(20) };
    let text = format!("{revision} {}", "words of an answer ".repeat(length));
    Content::Answered { value: Value::RichText { text: RichText::from_plain(text.trim()) } }
}

fn id() -> AssessmentId {
    AssessmentId(Uuid::from_u128(1))
}

fn aims() -> Result<QuestionId> {
    Ok(QuestionId::new("purpose.aims")?)
}

fn moment(second: u32) -> Result<Instant> {
    dpia_app::moment_of_epoch(1_700_000_000 + i64::from(second)).context("a moment")
}

fn typed(second: u32) -> Result<Origin> {
    Ok(Origin::Typed { by: "Sam".to_owned(), at: moment(second)? })
}
