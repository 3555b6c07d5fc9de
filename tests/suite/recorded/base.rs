//! The desk that most scenes begin at: six assessments, an officer with an identity and a recovery key, clients with copies,
//! backups.

use anyhow::{Context, Result};
use dpia_app::editing::Typed;
use dpia_app::importing::Imported;
use dpia_app::issuing::{Client, IssueOrder};
use dpia_app::printing::MissingCharacters;
use dpia_app::{Person, Workspace};
use dpia_model::id::AssessmentId;
use dpia_model::rich_text::RichText;
use dpia_tests::places::{DOCUMENTS, document};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::desk::{Desk, NOW};
use dpia_app::backups::Backups;
use dpia_app::keys::TypedSecret;

pub(crate) const PATTERN: &str = "DPIA {product} - {client}";

/// Schools: name, number, and whether each holds an old copy, a current one or none.
const SCHOOLS: [(&str, &str, Holds); 12] = [
    ("Birchwood Community Academy", "JE-1042", Holds::Current),
    ("École Sainte-Thérèse", "JE-1107", Holds::Old),
    ("Elm Lodge School (closed)", "JE-0990", Holds::Old),
    ("Hazel Grove Primary School", "JE-1001", Holds::Current),
    ("Hill School", "JE-1016", Holds::Nothing),
    ("Liceum Ogólnokształcące im. Żółkiewskiego", "JE-1220", Holds::Current),
    ("Oak and Ash Federation of Church of England and Community Primary Schools", "JE-1099", Holds::Old),
    ("St Mary’s C of E Primary School", "", Holds::Nothing),
    ("Vale Academy", "JE-1015", Holds::Nothing),
    ("Ysgol Gyfun Gŵyr", "JE-1203", Holds::Old),
    ("Ysgol Tŷ Coch", "JE-1204", Holds::Nothing),
    ("Zespół Szkół nr 1 w Łodzi", "JE-1221", Holds::Current),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Nothing,
    Old,
    Current,
}

pub(crate) fn elizabeth() -> Person {
    Person {
        name: "Elizabeth Marsh".into(),
        role: "Data Protection Officer".into(),
        organisation: "Juniper Education".into(),
        email: "dpo@junipereducation.org".into(),
    }
}

pub(crate) fn prose(words: &str) -> Typed {
    Typed::Words { text: RichText::from_plain(words) }
}

/// A desk of the officer, with an identity and a recovery key that was confirmed.
pub(crate) fn make_office() -> Result<Desk> {
    let mut desk = Desk::new()?;
    desk.set_time("2026-11-01T08:00:00Z")?;
    let workspace = desk.open()?;
    workspace.vault.save_person(Some(elizabeth()))?;
    workspace.identity.renew()?;
    desk.set_time("2026-11-22T12:00:00Z")?;
    make_recovery_key(&mut desk)?;
    Ok(desk)
}

pub(crate) fn make_recovery_key(desk: &mut Desk) -> Result<()> {
    let workspace = desk.workspace.as_ref().context("it is open")?;
    let made = workspace.vault.make_recovery_key()?;
    let asked: Vec<TypedSecret> = made.asked.iter().map(|group| TypedSecret::new(made.groups[*group as usize].clone())).collect();
    workspace.vault.confirm_recovery_key(&asked)?;
    desk.names.hold_recovery_key(&made.groups, &made.asked);
    Ok(())
}

/// Imports a document, by its number, under a name.
pub(crate) fn import(desk: &mut Desk, number: usize, name: &str) -> Result<AssessmentId> {
    let Imported::Document { report } = desk.open()?.imports.import_file(&document(DOCUMENTS[number]))? else {
        anyhow::bail!("it was not read")
    };
    desk.names.name(report.assessment.0, name);
    Ok(report.assessment)
}

fn create(desk: &mut Desk, product: &str, name: &str) -> Result<AssessmentId> {
    let id = desk.open()?.portfolio.create(product)?;
    desk.names.name(id.0, name);
    Ok(id)
}

/// The whole desk. `older.dpia` is the first assessment as it was before its last changes.
pub(crate) fn make_desk() -> Result<Desk> {
    let mut desk = make_office()?;
    desk.set_time("2026-10-02T10:00:00Z")?;
    import(&mut desk, 0, "sonar")?;
    create(&mut desk, "Parent App", "parent")?;
    let tracker = create(&mut desk, "Sonar Tracker", "tracker")?;
    desk.open()?.editor.save_answer(tracker, "decision.next_review".parse()?, Typed::Day { day: "20/03/2027".into() }, true)?;
    desk.set_time("2026-11-20T10:00:00Z")?;
    let sisra = import(&mut desk, 2, "sisra")?;
    desk.open()?.editor.save_answer(sisra, "decision.next_review".parse()?, Typed::Day { day: "06/05/2026".into() }, true)?;
    let id = import(&mut desk, 3, "pupil")?;
    set_one_aside(&mut desk)?;
    let workspace = desk.open()?;
    workspace.editor.save_answer(id, "risk.register".parse()?, risks()?, true)?;
    workspace.past.keep_version(id, "First draft")?;
    workspace.editor.save_answer(id, "retention.periods".parse()?, prose("Answers are kept for six years."), true)?;
    workspace.past.keep_version(id, "Sent to the board")?;
    desk.set_time("2026-11-20T16:58:11Z")?;
    desk.open()?.backups.make()?;
    add_clients(&mut desk)?;
    issue(&mut desk, id, Holds::Old)?;
    let older = desk.file("older.dpia");
    let workspace = desk.open()?;
    workspace.exports.write_bundle(id, &older)?;
    workspace.editor.save_answer(id, "retention.periods".parse()?, prose("Answers are kept for ninety days."), true)?;
    workspace.editor.save_answer(id, "purpose.aims".parse()?, prose("To track the progress of pupils."), true)?;
    desk.set_time("2026-11-21T14:32:05Z")?;
    desk.open()?.backups.make()?;
    issue(&mut desk, id, Holds::Current)?;
    let workspace = desk.open()?;
    let clients = workspace.issuing.list_clients()?;
    let closed = clients.iter().find(|client| client.name.starts_with("Elm Lodge")).context("a client")?;
    workspace.issuing.remove_client(closed.id)?;
    let clients = workspace.issuing.list_clients()?;
    for (at, client) in clients.iter().enumerate() {
        desk.names.name(client.id.0, &format!("client-{at}"));
    }
    desk.names.name(closed.id.0, "closed");
    desk.set_time(NOW)?;
    for folder in ["Schools, autumn 2026", "DPIA backups"] {
        fs::create_dir_all(desk.file(folder))?;
    }
    fs::write(desk.file("clients.csv"), b"Name,Email,Reference\nColeg Si\xf4n,,JE-1301\nHill School,office@hill.example,JE-1016\n")?;
    Ok(desk)
}

/// Makes a backup and restores it: what was there is set aside.
fn set_one_aside(desk: &mut Desk) -> Result<()> {
    desk.set_time("2026-11-12T09:05:00Z")?;
    desk.open()?.backups.make()?;
    desk.workspace = None;
    desk.set_time("2026-11-12T09:10:00Z")?;
    let backups = Backups::with(&desk.data(), Box::new(desk.keychain.clone()));
    let newest = backups.view().backups.first().context("a backup")?.name.clone();
    let now = dpia_app::Surroundings::now(&desk.world);
    dpia_app::wait_for_closing(|| backups.restore(&newest, now))?;
    desk.set_time("2026-11-20T11:00:00Z")
}

fn risks() -> Result<Typed> {
    let measure = |description: &str, owner: &str, due: &str, effect: Value| json!({"id": null, "description": description, "owner": owner, "due": due, "effect": effect});
    let risk = |source: &str, harm: &str, levels: [&str; 2], measures: Vec<Value>, after: [Option<&str>; 2]| {
        json!({"id": null, "source": source, "harm": harm, "likelihood": levels[0], "severity": levels[1], "measures": measures,
               "residual_likelihood": after[0], "residual_severity": after[1], "is_approved": null})
    };
    let first = risk(
        "Staff accounts without a second factor",
        "Pupils’ results and behaviour notes are read by somebody who should not",
        ["possible", "severe"],
        vec![
            measure("Second factor for every staff account", "Head of IT", "31/01/2027", json!("reduced")),
            measure("Accounts of leavers close the same day", "Operations", "", Value::Null),
        ],
        [Some("remote"), Some("severe")],
    );
    let second = risk(
        "Transfer to a country without adequacy",
        "Families cannot use their rights against a recipient abroad",
        ["probable", "significant"],
        Vec::new(),
        [None, None],
    );
    Ok(serde_json::from_value(json!({"type": "risks", "risks": [first, second]}))?)
}

fn add_clients(desk: &mut Desk) -> Result<()> {
    let workspace = desk.open()?;
    for (name, reference, _) in SCHOOLS {
        let email = if reference.is_empty() { String::new() } else { format!("office@{}.example", reference.to_lowercase()) };
        workspace.issuing.save_client(None, &Client { name: name.to_owned(), email, reference: reference.to_owned() })?;
    }
    Ok(())
}

/// Issues copies to those who hold such a one.
fn issue(desk: &mut Desk, id: AssessmentId, holds: Holds) -> Result<()> {
    let folder = desk.file(&format!("{holds:?}"));
    fs::create_dir_all(&folder)?;
    let workspace = desk.open()?;
    let is_meant = |name: &str| SCHOOLS.iter().any(|(school, _, theirs)| *school == name && *theirs == holds);
    let clients = workspace.issuing.list_clients()?.into_iter().filter(|client| is_meant(&client.name)).map(|client| client.id).collect();
    issue_to(workspace, id, clients, &folder)
}

fn issue_to(
    workspace: &Workspace,
    id: AssessmentId,
    clients: std::collections::BTreeSet<dpia_model::id::ClientId>,
    folder: &Path,
) -> Result<()> {
    let order = IssueOrder {
        clients,
        pattern: PATTERN.into(),
        included: Default::default(),
        is_open: false,
        missing_characters: MissingCharacters::Refuse,
    };
    workspace.issuing.issue(id, &order, folder, &AtomicBool::new(false), &mut |_| {})?;
    Ok(())
}
