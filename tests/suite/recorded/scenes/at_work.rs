//! The list, the editor, the history, issuing, the brand, backups: what is done at an ordinary desk.

use std::fs;

use anyhow::{Context, Result};
use dpia_store::tampering::{Tampering, tamper};
use dpia_tests::keychain::database_key_with;
use serde_json::{Value, json};

use super::Scenes;
use crate::recorded::base::{PATTERN, prose};
use crate::recorded::desk::Desk;
use crate::recorded::scene::{Recorder, Scene};

/// What the list of assessments asks for.
pub(crate) fn show_list(desk: &mut Recorder<'_>) -> Result<()> {
    for asked in ["start", "importGivenFile", "listBackups", "readIdentity", "readKeys", "listAssessments"] {
        desk.call(asked, json!([]))?;
    }
    Ok(())
}

fn open(desk: &mut Recorder<'_>, assessment: &str) -> Result<()> {
    desk.call("openAssessment", json!([assessment]))?;
    desk.call("findHistoryTrouble", json!([assessment]))?;
    Ok(())
}

fn request(copy: Value, signature: &str, missing: &str) -> Value {
    json!({"copy": copy, "extent": "whole", "signature": signature, "missing_characters": missing})
}

/// The desk as it is, and what is done at it.
pub(crate) fn record_desk(desk: &mut Desk) -> Result<Scene> {
    let mut scene = Scene::default();
    scene.record(desk.copy()?, None, |desk| {
        show_list(desk)?;
        open(desk, "pupil")?;
        open(desk, "parent")?;
        for (call, with) in [
            ("readBrand", json!([])),
            ("cancelExport", json!([])),
            ("cancelIssuing", json!([])),
            ("showInFolder", json!([0])),
            ("showInFolder", json!([1])),
        ] {
            desk.call(call, with)?;
        }
        desk.call("drawPreview", json!(["pupil", "internal"]))?;
        draw_brands(desk)?;
        look_at_history(desk, &[4, 2])?;
        look_at_clients(desk)?;
        desk.call("lookIntoBackup", json!(["assessments-20261120T165811Z.db"]))?;
        desk.call("exportCertificate", json!([]))?;
        let internal = json!({"type": "internal"});
        desk.call("findMissingLetters", json!(["pupil", request(internal.clone(), "certified", "refuse")]))?;
        desk.call("exportPdf", json!(["pupil", request(internal, "certified", "refuse")]))?;
        let customer = json!({"type": "customer", "client": "Example Trust", "included": ["decision"]});
        let asked = json!(["pupil", request(customer, "open_to_countersignature", "refuse")]);
        desk.call("findMissingLetters", asked.clone())?;
        desk.call("exportPdf", asked)?;
        desk.call("exportEncryptedBundle", json!(["pupil", "walnut harbour seven lanterns"]))?;
        desk.call("exportBundle", json!(["pupil"])).map(drop)
    })?;
    let tick = |question: &str, option: &str| json!(["pupil", {"type": "tick", "question": question, "option": option, "is_ticked": true}]);
    let mut way = |work: &dyn Fn(&mut Recorder<'_>) -> Result<()>| scene.record(desk.copy()?, None, work);
    way(&|desk| desk.call("edit", tick("processing.people", "employees")).map(drop))?;
    way(&|desk| {
        desk.call("edit", json!(["pupil", {"type": "confirm", "question": "processing.people"}]))?;
        desk.call("undo", json!(["pupil"]))?;
        desk.call("redo", json!(["pupil"])).map(drop)
    })?;
    way(&|desk| desk.call("edit", json!(["pupil", {"type": "answer_yes_no", "question": "disclosure.shared", "is_yes": true}])).map(drop))?;
    way(&|desk| {
        desk.call("edit", tick("processing.data", "performance"))?;
        desk.call("pastAnswers", json!(["pupil", "processing.data"]))?;
        desk.call("bringBack", json!(["pupil", "processing.data", 0])).map(drop)
    })?;
    way(&|desk| {
        for list in ["screening.consider", "screening.must"] {
            desk.call("edit", json!(["parent", {"type": "tick_none", "question": list}]))?;
        }
        Ok(())
    })?;
    way(&|desk| {
        desk.call("edit", tick("screening.must", "children"))?;
        for settles in [false, true] {
            let typed = json!({"type": "choice", "option": "not_required", "reasons": null});
            desk.call("saveAnswer", json!(["pupil", "screening.result", typed, settles]))?;
        }
        Ok(())
    })?;
    way(&|desk| {
        let standard = desk.call("readBrand", json!([]))?["brand"].clone();
        desk.call("saveBrand", json!([with(&standard, "Example", "#0b3a60")])).map(drop)
    })?;
    way(&|desk| {
        desk.call("bringBack", json!(["pupil", "retention.periods", 4]))?;
        look_at_history(desk, &[4, 2])?;
        desk.call("keepVersion", json!(["pupil", ""]))?;
        desk.call("keepVersion", json!(["pupil", "For the board"]))?;
        look_at_history(desk, &[4, 2])
    })?;
    way(&|desk| {
        desk.call("restoreBackup", json!(["assessments-20261120T165811Z.db"]))?;
        show_list(desk)
    })?;
    way(&|desk| {
        desk.call(
            "saveAnswer",
            json!(["pupil", "decision.measures_approved", {"type": "sign_off", "name": "Ada", "role": "", "day": ""}, false]),
        )
        .map(drop)
    })?;
    super::keys::record_at_desk(&mut way)?;
    way(&|desk| {
        desk.call("issueCopies", json!(["pupil", order(&[1, 5, 8], &[], false, "refuse"), false]))?;
        desk.call("openIssuing", json!(["pupil"]))?;
        desk.call("nameCopy", json!(["pupil", PATTERN, "client-1"])).map(drop)
    })?;
    way(&|desk| {
        desk.desk.choose("clients.csv");
        desk.call("importClients", json!([]))?;
        let view = desk.call("openIssuing", json!(["pupil"]))?;
        let all: Vec<&str> = view["clients"].as_array().context("clients")?.iter().filter_map(|client| client["name"].as_str()).collect();
        desk.call("findMissingLetters", json!(["pupil", for_clients(&all, &[])]))?;
        desk.call("nameCopy", json!(["pupil", PATTERN, "client-0"])).map(drop)
    })?;
    way(&|desk| {
        let first = desk.call("openIssuing", json!(["pupil"]))?["clients"][0].clone();
        desk.call("removeClient", json!(["client-0"]))?;
        desk.call("openIssuing", json!(["pupil"]))?;
        desk.call("nameCopy", json!(["pupil", PATTERN, "client-1"]))?;
        let client = json!({"name": first["name"], "email": first["email"], "reference": first["reference"]});
        desk.call("saveClient", json!(["client-0", client]))?;
        desk.call("openIssuing", json!(["pupil"])).map(drop)
    })?;
    Ok(scene)
}

fn with(brand: &Value, wordmark: &str, accent: &str) -> Value {
    let mut brand = brand.clone();
    brand["wordmark"] = wordmark.into();
    brand["accent"] = accent.into();
    brand
}

fn draw_brands(desk: &mut Recorder<'_>) -> Result<()> {
    let standard = desk.call("readBrand", json!([]))?["brand"].clone();
    for (wordmark, accent) in [("Juniper", "#0b4a50"), ("Example", "#0b3a60"), ("Juniper", "#9bc4c4")] {
        desk.call("drawBrand", json!([with(&standard, wordmark, accent)]))?;
    }
    Ok(())
}

/// The versions, and what changed since these entries.
fn look_at_history(desk: &mut Recorder<'_>, since: &[u32]) -> Result<()> {
    desk.call("readHistory", json!(["pupil"]))?;
    for number in since {
        desk.call("compareMoments", json!(["pupil", {"type": "entry", "number": number}, {"type": "now"}]))?;
    }
    Ok(())
}

fn order(clients: &[usize], included: &[&str], is_open: bool, missing: &str) -> Value {
    let clients: Vec<String> = clients.iter().map(|client| format!("client-{client}")).collect();
    json!({"clients": clients, "pattern": PATTERN, "included": included, "is_open": is_open, "missing_characters": missing})
}

fn for_clients(names: &[&str], included: &[&str]) -> Value {
    request(json!({"type": "customer", "client": names.join(", "), "included": included}), "certified", "refuse")
}

fn look_at_clients(desk: &mut Recorder<'_>) -> Result<Vec<String>> {
    let view = desk.call("openIssuing", json!(["pupil"]))?;
    for (pattern, client) in [(PATTERN, "client-0"), ("{town}", "client-0")] {
        desk.call("nameCopy", json!(["pupil", pattern, client]))?;
    }
    let names: Vec<String> =
        view["clients"].as_array().context("clients")?.iter().filter_map(|client| client["name"].as_str()).map(str::to_owned).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    desk.call("findMissingLetters", json!(["pupil", for_clients(&all, &[])]))?;
    desk.call("findMissingLetters", json!(["pupil", for_clients(&[all[1], all[5], all[8]], &[])]))?;
    Ok(names)
}

/// The scenes that begin at the desk with something else.
pub(crate) fn record(desk: &mut Desk, first: &Scene) -> Result<Scenes> {
    let mut scenes = Scenes::new();
    let mut add = |name: &'static str,
                   prepare: &mut dyn FnMut(&mut Desk) -> Result<()>,
                   work: &dyn Fn(&mut Recorder<'_>) -> Result<()>|
     -> Result<()> {
        let mut copy = desk.copy()?;
        prepare(&mut copy)?;
        scenes.entry(name).or_insert_with(|| Scene::from("desk")).record(copy, Some(first), work)
    };
    let all: Vec<usize> = (0..11).collect();
    add(
        "letters",
        &mut |desk| {
            let id = pupil(desk)?;
            desk.open()?.editor.save_answer(id, "purpose.aims".parse()?, prose("Known as 世界 in its home market."), true)?;
            Ok(())
        },
        &|desk| {
            open(desk, "pupil")?;
            let internal = json!({"type": "internal"});
            desk.call("findMissingLetters", json!(["pupil", request(internal.clone(), "certified", "refuse")]))?;
            desk.call("exportPdf", json!(["pupil", request(internal, "certified", "allow")]))?;
            let names = look_at_clients(desk)?;
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            desk.call("findMissingLetters", json!(["pupil", for_clients(&names, &["impact"])]))?;
            desk.call("issueCopies", json!(["pupil", order(&all, &["impact"], true, "allow"), false]))?;
            desk.call("openIssuing", json!(["pupil"])).map(drop)
        },
    )?;
    add(
        "a file in the way",
        &mut |desk| {
            let name = "DPIA Pupil Progress - École Sainte-Thérèse.pdf";
            Ok(fs::write(desk.file("Schools, autumn 2026").join(name), b"Another file.")?)
        },
        &|desk| {
            look_at_clients(desk)?;
            for goes_on in [false, true] {
                desk.call("issueCopies", json!(["pupil", order(&all, &[], false, "refuse"), goes_on]))?;
                desk.call("openIssuing", json!(["pupil"]))?;
            }
            Ok(())
        },
    )?;
    add(
        "a run that is cancelled",
        &mut |desk| {
            desk.cancels_after = Some(4);
            Ok(())
        },
        &|desk| {
            look_at_clients(desk)?;
            desk.call("issueCopies", json!(["pupil", order(&all, &[], false, "refuse"), false]))?;
            desk.call("openIssuing", json!(["pupil"])).map(drop)
        },
    )?;
    add(
        "no clients",
        &mut |desk| {
            let workspace = desk.open()?;
            for client in workspace.issuing.list_clients()? {
                workspace.issuing.remove_client(client.id)?;
            }
            Ok(())
        },
        &|desk| {
            desk.call("openIssuing", json!(["parent"]))?;
            desk.call("nameCopy", json!(["parent", PATTERN, null]))?;
            desk.call("saveClient", json!([null, {"name": "", "email": "", "reference": ""}]))?;
            let saved = desk.call("saveClient", json!([null, {"name": "Ysgol Gŵyr", "email": "", "reference": ""}]))?;
            desk.call("openIssuing", json!(["parent"]))?;
            desk.call("nameCopy", json!(["parent", PATTERN, saved["id"]])).map(drop)
        },
    )?;
    add(
        "a history that does not hold",
        &mut |desk| {
            let id = pupil(desk)?;
            desk.workspace = None;
            let key = database_key_with(&desk.data(), &desk.keychain)?;
            Ok(tamper(&desk.data().join("assessments.db"), &key, id, 3, &Tampering::Forged { person: "Somebody else".into() })?)
        },
        &|desk| desk.call("exportWithoutHistory", json!(["pupil"])).map(drop),
    )?;
    add(
        "a folder of backups that is gone",
        &mut |desk| {
            let stick = desk.file("Stick");
            fs::create_dir_all(&stick)?;
            dpia_app::backups::Backups::with(&desk.data(), Box::new(desk.keychain.clone())).choose_folder(Some(&stick))?;
            fs::remove_dir_all(&stick)?;
            // The backup is made with the assessments instead.
            drop(desk.open()?.backups.make());
            Ok(())
        },
        &|desk| {
            desk.desk.choose("DPIA backups");
            desk.call("chooseBackupFolder", json!([]))?;
            desk.call("forgetBackupFolder", json!([]))?;
            desk.desk.set_time("2026-11-22T15:00:00Z")?;
            desk.call("makeBackup", json!([])).map(drop)
        },
    )?;
    add("a certificate that ends soon", &mut |desk| desk.set_time("2029-09-30T08:00:00Z"), &|desk| {
        desk.call("renewIdentity", json!([])).map(drop)
    })?;
    Ok(scenes)
}

/// The assessment that most is done to.
pub(crate) fn pupil(desk: &mut Desk) -> Result<dpia_model::id::AssessmentId> {
    let list = desk.open()?.portfolio.list()?;
    Ok(list.iter().find(|each| each.product == "Pupil Progress").context("it is there")?.id)
}
