//! Files that come in: documents, bundles of others, files whose signatures are checked.

use std::fs;

use anyhow::{Context, Result};
use dpia_app::Person;
use dpia_app::keys::TypedSecret;
use dpia_app::model::{CopyKind, Extent};
use dpia_app::printing::{MissingCharacters, ReportRequest, ReportSignature};
use dpia_model::id::AssessmentId;
use dpia_tests::places::{DOCUMENTS, document};
use serde_json::json;

use super::Scenes;
use super::at_work::pupil;
use crate::recorded::base::{import, prose};
use crate::recorded::desk::Desk;
use crate::recorded::scene::{Recorder, Scene};

const PASSPHRASE: &str = "open sesame, said the forty";

pub(crate) fn record(desk: &mut Desk, first: &Scene) -> Result<Scenes> {
    let mut scenes = Scenes::new();
    for (name, make, then) in SCENES {
        let mut copy = desk.copy()?;
        make(&mut copy)?;
        scenes.entry(name).or_insert_with(|| Scene::from("desk")).record(copy, Some(first), |desk| {
            desk.desk.choose("came.in");
            then(desk)
        })?;
    }
    Ok(scenes)
}

type Make = fn(&mut Desk) -> Result<()>;
type Then = fn(&mut Recorder<'_>) -> Result<()>;

/// The name of a scene, what makes the file that is chosen, and what is done with it.
const SCENES: [(&str, Make, Then); 16] = [
    ("a document", |desk| bring(desk, fs::read(document(DOCUMENTS[1]))?), import_it),
    (
        "a newer bundle",
        |desk| {
            let mut ahead = desk.copy()?;
            edit(&mut ahead, 3)?;
            bring_bundle_of(desk, &mut ahead)
        },
        import_it,
    ),
    ("an older bundle", |desk| bring(desk, fs::read(desk.file("older.dpia"))?), import_it),
    (
        "a bundle that diverged",
        |desk| {
            let mut ahead = desk.copy()?;
            edit(&mut ahead, 2)?;
            edit(desk, 5)?;
            bring_bundle_of(desk, &mut ahead)
        },
        import_it,
    ),
    (
        "a bundle of another beginning",
        |desk| {
            let list = desk.open()?.portfolio.list()?;
            let sonar = list.iter().find(|each| each.edition.as_str() == "2024.1").map(|each| each.id);
            let file = desk.file("sonar.dpia");
            desk.open()?.exports.write_bundle(sonar.context("an assessment on that edition")?, &file)?;
            let mut bundle = dpia_bundle::read(&fs::read(file)?)?;
            bundle.assessment.details.author = Some("Somebody else".into());
            bundle.signature = None;
            bring(desk, dpia_bundle::write(&bundle)?)
        },
        import_it,
    ),
    (
        "a bundle of somebody unknown",
        |desk| {
            let (mut there, id) = meadowbank("2026-11-01T08:00:00Z")?;
            bring_bundle(desk, &mut there, id)
        },
        open_it,
    ),
    (
        "a bundle of a certificate that ended",
        |desk| {
            let (mut there, id) = meadowbank("2022-03-01T09:00:00Z")?;
            bring_bundle(desk, &mut there, id)
        },
        open_it,
    ),
    ("a bundle of nobody", |desk| bring_changed(desk, false), open_it),
    ("a bundle with its own edition", |desk| bring_changed(desk, true), open_it),
    (
        "an encrypted bundle",
        |desk| {
            let (mut there, id) = meadowbank("2026-11-01T08:00:00Z")?;
            let (file, workspace) = (there.file("a.dpia"), there.open()?);
            workspace.exports.write_made_bundle(&file, &workspace.exports.encrypt_bundle(id, &TypedSecret::new(PASSPHRASE))?)?;
            bring(desk, fs::read(file)?)
        },
        |desk| {
            desk.call("importFile", json!([]))?;
            for passphrase in ["open says me", PASSPHRASE] {
                desk.call("decryptImport", json!([1, passphrase]))?;
            }
            Ok(())
        },
    ),
    (
        "a sound file",
        |desk| bring_report(desk, ReportSignature::Certified),
        |desk| {
            desk.call("verifyFile", json!([]))?;
            desk.call("openVerified", json!([0]))?;
            desk.call("openAssessment", json!(["pupil"])).map(drop)
        },
    ),
    ("a damaged file", |desk| bring_changed_report(desk, b"xpacket end", b"Xpacket", &[b' '; 412]), verify_it),
    (
        "a file that is not signed",
        |desk| {
            let file = desk.file("certificate.pem");
            desk.open()?.identity.export_certificate(&file)?;
            bring(desk, fs::read(file.with_extension("pdf"))?)
        },
        verify_it,
    ),
    (
        "a file that was cut off",
        |desk| {
            let id = pupil(desk)?;
            let report = print(desk, id, ReportSignature::Certified)?;
            bring(desk, report[..report.len() - 4_000].to_vec())
        },
        verify_it,
    ),
    // The last algorithm that the signature names is its own: ECDSA with SHA-256, and then one that nobody knows.
    ("a foreign file", |desk| bring_changed_report(desk, b"2a8648ce3d040302", b"2a8648ce3d04030f", b""), verify_it),
    (
        "a file that waits for a countersignature",
        |desk| bring_report(desk, ReportSignature::OpenToCountersignature),
        |desk| {
            verify_it(desk)?;
            desk.desk.choose("DPIA Pupil Progress, countersigned.pdf");
            desk.call("countersignVerified", json!([0])).map(drop)
        },
    ),
];

fn import_it(desk: &mut Recorder<'_>) -> Result<()> {
    desk.call("importFile", json!([])).map(drop)
}

fn open_it(desk: &mut Recorder<'_>) -> Result<()> {
    import_it(desk)?;
    desk.call("settleImport", json!([1, "open"])).map(drop)
}

fn verify_it(desk: &mut Recorder<'_>) -> Result<()> {
    desk.call("verifyFile", json!([])).map(drop)
}

/// The file that is chosen.
fn bring(desk: &mut Desk, bytes: Vec<u8>) -> Result<()> {
    Ok(fs::write(desk.file("came.in"), bytes)?)
}

fn edit(desk: &mut Desk, times: u32) -> Result<()> {
    let id = pupil(desk)?;
    for time in 1..=times {
        desk.open()?.editor.save_answer(id, "purpose.aims".parse()?, prose(&format!("Written for the time {time} of {times}.")), true)?;
    }
    Ok(())
}

fn bring_bundle_of(desk: &mut Desk, from: &mut Desk) -> Result<()> {
    let id = pupil(from)?;
    bring_bundle(desk, from, id)
}

fn bring_bundle(desk: &mut Desk, from: &mut Desk, id: AssessmentId) -> Result<()> {
    let file = from.file("a.dpia");
    from.open()?.exports.write_bundle(id, &file)?;
    bring(desk, fs::read(file)?)
}

/// Another officer's desk, whose certificate begins then, with one assessment.
fn meadowbank(at: &str) -> Result<(Desk, AssessmentId)> {
    let mut desk = Desk::new()?;
    desk.set_time(at)?;
    desk.open()?.vault.save_person(Some(Person {
        name: "Sam Łęcki".into(),
        role: "Data Protection Officer".into(),
        organisation: "Meadowbank Learning".into(),
        email: "sam.lecki@meadowbank.example".into(),
    }))?;
    desk.open()?.identity.renew()?;
    // Its ids are none of the first desk's.
    for _ in 0..5_000 {
        dpia_app::Surroundings::new_id(&desk.world);
    }
    let id = import(&mut desk, 3, "theirs")?;
    Ok((desk, id))
}

/// A bundle that nobody signed; with an edition and a pack that are not known here, where it brings those.
fn bring_changed(desk: &mut Desk, brings: bool) -> Result<()> {
    let (mut there, id) = meadowbank("2026-11-01T08:00:00Z")?;
    bring_bundle(desk, &mut there, id)?;
    let mut bundle = dpia_bundle::read(&fs::read(desk.file("came.in"))?)?;
    bundle.signature = None;
    if brings {
        let known = bundle.assessment.edition.to_string();
        bundle.edition = bundle.edition.replacen(&format!("id = \"{known}\""), "id = \"2099.1\"", 1);
        bundle.assessment.edition = "2099.1".parse()?;
        let known = bundle.assessment.pack.to_string();
        bundle.pack = bundle.pack.replacen(&format!("id = \"{known}\""), "id = \"meadowbank-2\"", 1);
        bundle.assessment.pack = "meadowbank-2".parse()?;
    }
    bring(desk, dpia_bundle::write(&bundle)?)
}

/// A report that this desk prints and signs.
fn print(desk: &mut Desk, id: AssessmentId, signature: ReportSignature) -> Result<Vec<u8>> {
    let request =
        ReportRequest { copy: CopyKind::Internal, extent: Extent::Whole, signature, missing_characters: MissingCharacters::Refuse };
    Ok(desk.open()?.exports.render_report(id, &request)?.pdf)
}

/// A report of the desk's own.
fn bring_report(desk: &mut Desk, signature: ReportSignature) -> Result<()> {
    let id = pupil(desk)?;
    let report = print(desk, id, signature)?;
    bring(desk, report)
}

/// Somebody else's report, changed after it was signed: the last of these bytes become the others.
fn bring_changed_report(desk: &mut Desk, from: &[u8], to: &[u8], and: &[u8]) -> Result<()> {
    let (mut there, id) = meadowbank("2026-11-01T08:00:00Z")?;
    let mut report = print(&mut there, id, ReportSignature::Certified)?;
    let at = report.windows(from.len()).rposition(|bytes| bytes == from).context("the report has other bytes")?;
    report[at..at + to.len()].copy_from_slice(to);
    report.extend_from_slice(and);
    bring(desk, report)
}
