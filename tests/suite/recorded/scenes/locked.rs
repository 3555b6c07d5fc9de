//! Starts at which the assessments are not opened, each with what else opens them.

use std::fs;

use anyhow::Result;
use dpia_app::keys::{TypedSecret, Unlock};
use serde_json::json;

use super::Scenes;
use super::at_work::show_list;
use super::keys::{WORDS, make_desk_with_passphrase};
use crate::recorded::base::{elizabeth, make_office, make_recovery_key};
use crate::recorded::desk::{Behaviour, Desk};
use crate::recorded::scene::Recorder;
use crate::recorded::stand_ins::RECOVERY_KEY;

type Work<'a> = &'a dyn Fn(&mut Recorder<'_>) -> Result<()>;

pub(crate) fn record(desk: &mut Desk) -> Result<Scenes> {
    let mut scenes = Scenes::new();
    let mut add = |name: &'static str, desk: Desk, work: Work<'_>| {
        scenes.entry(name).or_default().record(desk, None, |recorder| {
            recorder.call("start", json!([]))?;
            recorder.call("importGivenFile", json!([]))?;
            work(recorder)
        })
    };
    let nothing: Work<'_> = &|_| Ok(());
    let mut office = make_office()?;
    let mut without_ways = Desk::new()?;
    without_ways.open()?.vault.save_person(Some(elizabeth()))?;
    let mut with = |behaviour: Behaviour| -> Result<Desk> {
        let copy = office.copy()?;
        copy.set_behaviour(behaviour);
        Ok(copy)
    };

    add("no keychain", with(Behaviour::Absent)?, nothing)?;
    let first_run = Desk::new()?;
    first_run.set_behaviour(Behaviour::Absent);
    add("no keychain, first run", first_run, &|desk| {
        desk.call("unlock", json!(["new_passphrase", "too short"]))?;
        desk.call("unlock", json!(["new_passphrase", WORDS])).map(drop)
    })?;
    let mut both = with(Behaviour::Works)?;
    both.open()?.vault.set_passphrase(&TypedSecret::new(WORDS))?;
    let both = both.copy()?;
    both.set_behaviour(Behaviour::Locked);
    add("keychain locked, two ways", both, nothing)?;
    let locked = without_ways.copy()?;
    locked.set_behaviour(Behaviour::Locked);
    add("keychain locked", locked, nothing)?;

    let lost = with(Behaviour::Works)?;
    lost.empty_keychain()?;
    add("key missing", lost, &|desk| {
        let key = RECOVERY_KEY.join("-");
        desk.call("unlock", json!(["recovery_key", key.replacen("8575", "7575", 1)]))?;
        desk.call("unlock", json!(["recovery_key", key.to_lowercase()]))?;
        show_list(desk)
    })?;
    let lost = without_ways.copy()?;
    lost.empty_keychain()?;
    add("key missing, no other way", lost, nothing)?;

    let mut by_passphrase = make_desk_with_passphrase()?;
    make_recovery_key(&mut by_passphrase)?;
    add("passphrase needed", by_passphrase.copy()?, &|desk| {
        desk.call("unlock", json!(["passphrase", "wrong words"]))?;
        desk.call("unlock", json!(["passphrase", WORDS]))?;
        show_list(desk)
    })?;
    let mut by_key = by_passphrase.copy()?;
    let chain = by_key.keychain.clone();
    by_key.unlock(&Unlock::Passphrase(TypedSecret::new(WORDS)))?.vault.remove_passphrase_with(&chain)?;
    add("recovery key needed", by_key.copy()?, nothing)?;

    let file_gone = with(Behaviour::Works)?;
    file_gone.empty_keychain()?;
    fs::rename(file_gone.data().join("keys.json"), file_gone.file("keys.json"))?;
    add("key file missing", file_gone, &|desk| {
        desk.desk.choose("keys.json");
        desk.call("chooseKeyFile", json!([])).map(drop)
    })?;
    let file_damaged = with(Behaviour::Works)?;
    fs::write(file_damaged.data().join("keys.json"), b"{")?;
    add("key file damaged", file_damaged, nothing)?;

    let damaged = desk.copy()?;
    let database = damaged.data().join("assessments.db");
    let mut bytes = fs::read(&database)?;
    bytes.iter_mut().skip(100).for_each(|byte| *byte ^= 0x55);
    fs::write(&database, bytes)?;
    let _ = fs::remove_file(damaged.data().join("assessments.db-wal"));
    add("damaged", damaged, &|desk| desk.call("listBackups", json!([])).map(drop))?;

    let mut outdated = desk.copy()?;
    let older = desk.copy()?;
    outdated.open()?.portfolio.create("One more")?;
    outdated.workspace = None;
    let outdated = outdated.copy()?;
    let _ = fs::remove_file(outdated.data().join("assessments.db-wal"));
    fs::copy(older.data().join("assessments.db"), outdated.data().join("assessments.db"))?;
    add("outdated", outdated, &|desk| {
        desk.call("goOnWithOlder", json!([]))?;
        show_list(desk)
    })?;
    Ok(scenes)
}
