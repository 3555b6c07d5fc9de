//! The first run, the recovery key, the passphrase, the keychain.

use std::fs;

use anyhow::Result;
use dpia_app::keys::{TypedSecret, Unlock};
use dpia_tests::places::fixture;
use serde_json::json;

use super::Scenes;
use super::at_work::show_list;
use crate::recorded::base::{elizabeth, make_office};
use crate::recorded::desk::{Behaviour, Desk};
use crate::recorded::scene::Recorder;
use crate::recorded::stand_ins::RECOVERY_KEY;

pub(crate) const WORDS: &str = "four words that differ";

type Way<'a> = dyn FnMut(&dyn Fn(&mut Recorder<'_>) -> Result<()>) -> Result<()> + 'a;

/// What is done to the keys at an ordinary desk.
pub(crate) fn record_at_desk(way: &mut Way<'_>) -> Result<()> {
    way(&|desk| {
        desk.call("makeRecoveryKey", json!([]))?;
        desk.call("forgetRecoveryKey", json!([])).map(drop)
    })?;
    way(&|desk| {
        desk.call("setPassphrase", json!([WORDS]))?;
        desk.call("removePassphrase", json!([])).map(drop)
    })?;
    way(&|desk| {
        desk.call("exchangeKeys", json!([null]))?;
        desk.call("makeRecoveryKey", json!([]))?;
        desk.call("forgetRecoveryKey", json!([])).map(drop)
    })
}

/// A desk with a passphrase and without a keychain.
pub(crate) fn make_desk_with_passphrase() -> Result<Desk> {
    let mut desk = Desk::new()?;
    desk.set_behaviour(Behaviour::Absent);
    desk.set_time("2026-11-22T12:00:00Z")?;
    desk.unlock(&Unlock::NewPassphrase(TypedSecret::new(WORDS)))?.vault.save_person(Some(elizabeth()))?;
    Ok(desk)
}

pub(crate) fn record() -> Result<Scenes> {
    let mut scenes = Scenes::new();
    let mut way = |name: &'static str, desk: Desk, work: &dyn Fn(&mut Recorder<'_>) -> Result<()>| {
        scenes.entry(name).or_default().record(desk, None, work)
    };
    let at_noon = || -> Result<Desk> {
        let desk = Desk::new()?;
        desk.set_time("2026-11-22T12:00:00Z")?;
        Ok(desk)
    };
    let [_, _, third, _, _, _, seventh, _, _] = RECOVERY_KEY;
    way("first run", at_noon()?, &|desk| {
        show_list(desk)?;
        desk.call("makeRecoveryKey", json!([]))?;
        for asked in ["saveRecoveryKey", "printRecoveryKey"] {
            desk.call(asked, json!([]))?;
        }
        desk.call("confirmRecoveryKey", json!([[third, third]]))?;
        desk.call("confirmRecoveryKey", json!([[third, seventh.to_lowercase()]]))?;
        desk.call("forgetRecoveryKey", json!([])).map(drop)
    })?;
    way("first run", at_noon()?, &|desk| {
        desk.call("makeRecoveryKey", json!([]))?;
        desk.call("forgetRecoveryKey", json!([]))?;
        desk.call("makeRecoveryKey", json!([]))?;
        desk.call("confirmRecoveryKey", json!([[third, seventh]]))?;
        desk.call("forgetRecoveryKey", json!([])).map(drop)
    })?;
    let mut nobody = Desk::new()?;
    nobody.open()?.vault.save_person(None)?;
    way("nothing yet", nobody, &show_list)?;
    let begin = |desk: &mut Desk| desk.unlock(&Unlock::Passphrase(TypedSecret::new(WORDS))).map(drop);
    let mut with_passphrase = make_desk_with_passphrase()?;
    for exchanges in [false, true] {
        let mut copy = with_passphrase.copy()?;
        begin(&mut copy)?;
        way("passphrase", copy, &|desk| {
            show_list(desk)?;
            if !exchanges {
                return desk.call("removePassphrase", json!([])).map(drop);
            }
            desk.call("exchangeKeys", json!(["short"]))?;
            desk.call("exchangeKeys", json!(["four others that differ"]))?;
            desk.call("makeRecoveryKey", json!([]))?;
            desk.call("forgetRecoveryKey", json!([])).map(drop)
        })?;
    }
    let mut recovered = make_office()?.copy()?;
    recovered.set_behaviour(Behaviour::Locked);
    let key = recovered.names.real_recovery_key(&RECOVERY_KEY.join("-"));
    recovered.unlock(&Unlock::RecoveryKey(TypedSecret::new(key)))?;
    way("recovered", recovered, &|desk| {
        show_list(desk)?;
        desk.desk.set_behaviour(Behaviour::Works);
        desk.call("keepInKeychain", json!([])).map(drop)
    })?;
    let mut unsigned = Desk::new()?;
    unsigned.open()?.vault.save_person(Some(elizabeth()))?;
    fs::copy(fixture("../../src-tauri/crates/dpia-signing/tests/fixtures/pkcs12/p256.p12"), unsigned.file("own.p12"))?;
    way("no identity", unsigned, &|desk| {
        show_list(desk)?;
        desk.desk.choose("own.p12");
        desk.call("bringIdentity", json!(["x"])).map(drop)
    })?;
    Ok(scenes)
}
