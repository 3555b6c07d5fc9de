//! Lists of clients as schools' spreadsheets give them, and runs that are cut off, go on and meet what is there.

use super::*;
use crate::documents::{Opened, import_document, open_bundle};
use crate::identity::{make_identity, read_identity};
use crate::person::Person;
use crate::printing::{MissingCharacters, ReportOptions, ReportRequest, ReportSignature, render_report};
use crate::surroundings::{At, parse_moment};
use crate::{AppError, ErrorCode};
use dpia_model::{CopyKind, Extent, Instant};
use dpia_signing::Identity;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn client(name: &str, email: &str, reference: &str) -> Client {
    Client { name: name.into(), email: email.into(), reference: reference.into() }
}

fn read_list(bytes: &[u8]) -> ClientList {
    match read_clients(bytes, &ColumnTitles::default()).unwrap() {
        ListRead::List(list) => list,
        ListRead::ColumnsNeeded { why, .. } => panic!("{}: {why}", String::from_utf8_lossy(bytes)),
    }
}

#[test]
fn every_kind_of_list_gives_the_same_clients() {
    let expected = [client("Ysgol Gŵyr", "post@gwyr.example", "W1"), client("Liceum \"Łódź\", Nr 1", "", "P2")];
    let check = |bytes: &[u8]| {
        let list = read_list(bytes);
        assert_eq!(list.clients, expected, "{}", String::from_utf8_lossy(bytes));
        assert_eq!((list.remarks, list.left_out), (Vec::new(), Vec::new()), "{}", String::from_utf8_lossy(bytes));
    };
    let text = "Name,Email,Reference\r\nYsgol Gŵyr, post@gwyr.example ,W1\r\n\"Liceum \"\"Łódź\"\", Nr 1\",,P2\r\n";
    check(text.as_bytes());
    check(text.replace('\r', "").as_bytes());
    check(text.replace('\n', "").as_bytes());
    check([b"\xEF\xBB\xBF", text.as_bytes()].concat().as_slice());
    let utf_16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    check(&[b"\xFF\xFE".to_vec(), utf_16(u16::to_le_bytes)].concat());
    check(&[b"\xFE\xFF".to_vec(), utf_16(u16::to_be_bytes)].concat());
    check("REF;school;Email address\nW1;Ysgol Gŵyr;post@gwyr.example\n\n;;\nP2;\"Liceum \"\"Łódź\"\", Nr 1\";\n".as_bytes());
    check("sep=;\r\nref;Organisation;email\r\nW1;Ysgol Gŵyr;post@gwyr.example\r\nP2;Liceum \"Łódź\", Nr 1;\r\n".as_bytes());
    check("reference\tname\temail\nW1\tYsgol Gŵyr\tpost@gwyr.example\nP2\tLiceum \"Łódź\", Nr 1\n".as_bytes());
}

#[test]
fn what_is_odd_in_a_list_is_reported_and_accepted() {
    let check = |bytes: &[u8], names: &[&str], remark: &str| {
        let list = read_list(bytes);
        assert_eq!(list.clients.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), names);
        assert!(list.remarks.len() == 1 && list.remarks[0].contains(remark), "{:?}", list.remarks);
    };
    check(b"name\nColeg Si\xF4n\n", &["Coleg Siôn"], "read as Windows-1252");
    check(b"name,Phone\nHill,1\n", &["Hill"], "\"Phone\"");
    check(b"name\nHill\n\nHILL \n", &["Hill"], "Line 4: HILL is already on line 2; imported once");
    check(b"name,ref\nHill,1\nHill,2\n", &["Hill", "Hill"], "Line 3: Hill is also the name on line 2, with");
    check(b"name,ref\nHill,1\nDale,1\n", &["Hill", "Dale"], "Line 3: the reference 1 is also that of line 2");
    check(
        b"name,email\nHill,a@b.example\nHill,c@d.example\n",
        &["Hill", "Hill"],
        "a different reference or email address. Both were imported",
    );
}

#[test]
fn a_line_that_cannot_be_used_is_left_out_and_the_others_are_taken() {
    let check = |text: &str, names: &[&str], left_out: &[&str]| {
        let list = read_list(text.as_bytes());
        assert_eq!(list.clients.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), names, "{text}");
        assert_eq!(list.left_out.len(), left_out.len(), "{text}: {:?}", list.left_out);
        for (found, expected) in list.left_out.iter().zip(left_out) {
            assert!(found.starts_with(expected), "{text}: {found}");
        }
    };
    check("name,ref\nHill,1\n ,2\nDale,3\n", &["Hill", "Dale"], &["Line 3: the name is empty"]);
    check("\n\nname,ref\n\nHill,1\n\n\n,2\n", &["Hill"], &["Line 8: the name is empty"]);
    check("name\n\"Hill\nSchool\"\nDale\n", &["Dale"], &["Line 2: the name contains a line break"]);
    check("name,ref\nHill, Cardiff,1\nDale,2\n", &["Dale"], &["Line 2: it has 3 fields"]);
    check("name,email\nHill,hill.example\nDale,\n", &["Dale"], &["Line 2: \"hill.example\" is not an email address"]);
    check(&format!("name\n{}\nDale\n", "x".repeat(201)), &["Dale"], &["Line 2: the name has more than 200 letters"]);
    check("name\n=HYPERLINK(1)\nDale\n", &["Dale"], &["Line 2: the name begins like a formula"]);
    // A quotation mark that is never closed swallows everything to the end, and yet only its line is lost.
    let names: Vec<String> = (0..40).map(|number| format!("School {number}")).collect();
    let mut lines = names.clone();
    lines.insert(3, "\"Hill School".to_owned());
    let text = format!("name\n{}\n", lines.join("\n"));
    check(&text, &names.iter().map(String::as_str).collect::<Vec<_>>(), &["Line 5: the name contains a line break"]);
}

#[test]
fn columns_are_known_by_what_registers_call_them_or_named() {
    let check = |text: &str, columns: &ColumnTitles, expected: &Client| {
        let ListRead::List(list) = read_clients(text.as_bytes(), columns).unwrap() else { panic!("{text}") };
        assert_eq!(list.clients, std::slice::from_ref(expected), "{text}");
    };
    let none = ColumnTitles::default();
    check("URN,EstablishmentName,Postcode\n100001,Hill,AB1 2CD\n", &none, &client("Hill", "", "100001"));
    check("Account Name;Primary Email;Account Number\nHill;o@hill.example;A-1\n", &none, &client("Hill", "o@hill.example", "A-1"));
    check("ORGANISATION NAME\tMain_Email\nHill\to@hill.example\n", &none, &client("Hill", "o@hill.example", ""));
    let named = ColumnTitles { name: Some("provider".into()), email: None, reference: Some("UKPRN".into()) };
    check("UKPRN,Provider ,Name\n1,Hill,Mrs Ash\n", &named, &client("Hill", "", "1"));
    let unclear = |text: &str, expected_titles: &[&str], expected: &str| {
        let ListRead::ColumnsNeeded { titles, why } = read_clients(text.as_bytes(), &none).unwrap() else { panic!("{text}") };
        assert_eq!(titles, expected_titles);
        assert!(why.contains(expected), "{why}");
    };
    unclear("Provider,Town\nHill,Cardiff\n", &["Provider", "Town"], "no column is called \"name\"");
    unclear("name,School\nMrs Ash,Hill\n", &["name", "School"], "both \"name\" and \"School\" could be the names");
    let refused = read_clients(b"Provider\nHill\n", &ColumnTitles { name: Some("Schule".into()), ..none.clone() }).unwrap_err();
    assert!(refused.message.contains("no column is called \"Schule\"") && refused.message.contains("\"Provider\""), "{}", refused.message);
}

#[test]
fn a_list_that_cannot_be_used_says_which_line_and_what_to_do() {
    let check = |bytes: &[u8], expected: &str| {
        let refused = read_clients(bytes, &ColumnTitles::default()).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Refused);
        assert!(refused.message.contains(expected), "{}: {}", String::from_utf8_lossy(bytes), refused.message);
    };
    check(b"", "lists no clients");
    check(b"name,email\n", "lists no clients");
    check(b"name\n=HYPERLINK(1)\n", "Line 2: the name begins like a formula");
    check(b"PK\x03\x04", "save the sheet as CSV");
    check(b"\xFF\xFEn\0a", "cut off");
    check(b"a\0b", "not a text file");
}

struct Desk {
    folder: tempfile::TempDir,
    opened: Opened,
    identity: Identity,
}

const NAMES: [&str; 5] = ["Ysgol Gŵyr", "Zespół Szkół nr 1", "Hill School", "HILL SCHOOL/", "Ysgol Ŵyn"];

fn at(second: u32) -> Instant {
    parse_moment(&format!("2026-11-22T09:00:{second:02}Z")).unwrap()
}

impl Desk {
    fn new() -> Self {
        let document = include_bytes!("../../../../../tests/fixtures/documents/made-up/elm-lodge-reports.txt");
        let (bundle, _) = import_document("elm-lodge.txt", document, None, None, &At(at(0))).unwrap();
        let person = Person { name: "Sam".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() };
        let pkcs12 = make_identity(&person, "secret", &At(at(0))).unwrap().pkcs12;
        let identity = read_identity(&pkcs12, "secret").unwrap();
        Self { folder: tempfile::tempdir().unwrap(), opened: open_bundle(&bundle).unwrap(), identity }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, clients: &[Client], second: u32, cancel_after: usize) -> Result<IssueReport, AppError> {
        let pattern = FilePattern::parse("{client}").unwrap();
        let included = BTreeSet::new();
        let (folder, at, identity) = (self.folder(), at(second), &self.identity);
        let request = IssueRequest {
            clients,
            pattern: &pattern,
            included: &included,
            is_open: false,
            missing_characters: MissingCharacters::Refuse,
            folder,
            made_from: &[],
            at,
            identity,
        };
        let cancel = AtomicBool::new(cancel_after == 0);
        issue(&self.opened, &request, &cancel, &mut |step| {
            cancel.store(step.number >= cancel_after, Ordering::Relaxed);
            Ok(())
        })
    }

    fn issue(&self, names: &[&str], second: u32) -> IssueReport {
        let clients: Vec<Client> = names.iter().map(|name| Client::named(name)).collect();
        self.run(&clients, second, usize::MAX).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> =
            fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        files
    }
}

/// What became of each client, in one letter each, with its file.
fn fates(report: &IssueReport) -> Vec<String> {
    let fate = |step: &ServedClient| match &step.outcome {
        Outcome::Issued(copy) => format!("issued {}", copy.file),
        Outcome::Kept(copy) => format!("kept {}", copy.file),
        Outcome::Failed(error) => format!("failed {}", error.message),
    };
    report.steps.iter().map(fate).collect()
}

#[test]
fn a_copy_is_byte_for_byte_what_a_single_export_gives() {
    let desk = Desk::new();
    let report = desk.issue(&NAMES, 1);
    assert!(!report.is_cancelled && report.stopped.is_none());
    assert_eq!(fates(&report)[2..4], ["issued Hill School.pdf", "issued HILL SCHOOL (2).pdf"]);
    for (step, name) in report.steps.iter().zip(NAMES) {
        let Outcome::Issued(copy) = &step.outcome else { panic!("{step:?}") };
        let asked = CopyKind::Customer { client: name.into(), included: BTreeSet::new() };
        let request = ReportRequest {
            copy: asked,
            extent: Extent::Whole,
            signature: ReportSignature::Certified,
            missing_characters: MissingCharacters::Refuse,
        };
        let options = ReportOptions { request: &request, at: at(1), identity: Some(&desk.identity) };
        let single = render_report(&desk.opened, &options).unwrap().pdf;
        assert!(fs::read(desk.folder().join(&copy.file)).unwrap() == single, "{name}");
        assert_eq!(copy.sha256, dpia_model::id::Digest::of(&single));
    }
    let ledger = read_ledger(desk.folder()).unwrap();
    assert_eq!(ledger.iter().map(|copy| copy.client.name.as_str()).collect::<Vec<_>>(), NAMES);
    let issued = report.steps.into_iter().map(|step| match step.outcome {
        Outcome::Issued(copy) => copy,
        other => panic!("{other:?}"),
    });
    assert_eq!(ledger, issued.collect::<Vec<_>>());
}

#[test]
fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let desk = Desk::new();
    let clients: Vec<Client> = NAMES.iter().map(|name| Client::named(name)).collect();
    let report = desk.run(&clients, 1, 2).unwrap();
    assert!(report.is_cancelled);
    assert_eq!(fates(&report), ["issued Ysgol Gŵyr.pdf", "issued Zespół Szkół nr 1.pdf"]);
    assert_eq!(desk.files(), ["Ysgol Gŵyr.pdf", "Zespół Szkół nr 1.pdf", LEDGER]);

    // What a run leaves that the power was cut from: a line without its end, a file beside its place, a line without its file.
    let ledger = desk.folder().join(LEDGER);
    let mut bytes = fs::read(&ledger).unwrap();
    bytes.extend_from_slice(b"Hill School,,,Hill Sch");
    fs::write(&ledger, bytes).unwrap();
    fs::write(desk.folder().join(".Hill School.pdf.4711.part"), "half").unwrap();
    fs::write(desk.folder().join(".notes.part"), "mine").unwrap();
    fs::remove_file(desk.folder().join("Zespół Szkół nr 1.pdf")).unwrap();

    let expected = ["kept", "issued", "issued", "issued", "issued"];
    let report = desk.issue(&NAMES, 9);
    assert!(fates(&report).iter().zip(expected).all(|(fate, expected)| fate.starts_with(expected)), "{:?}", fates(&report));
    assert_eq!(read_ledger(desk.folder()).unwrap().len(), 6);
    assert!(!desk.folder().join(".Hill School.pdf.4711.part").exists() && desk.folder().join(".notes.part").exists());
    let again = desk.issue(&NAMES, 30);
    assert!(fates(&again).iter().all(|fate| fate.starts_with("kept")), "{:?}", fates(&again));
    assert!(desk.run(&clients, 1, 0).unwrap().steps.is_empty(), "cancelled before the first");
}

#[test]
fn nobody_is_given_the_file_of_another_and_nothing_foreign_is_written_over() {
    let desk = Desk::new();
    let mut two = [client("Hill", "", "1"), client("hill", "", "2")];
    desk.run(&two, 1, usize::MAX).unwrap();
    two.reverse();
    let swapped = desk.run(&two, 2, usize::MAX).unwrap();
    assert_eq!(fates(&swapped), ["kept hill (2).pdf", "kept Hill.pdf"]);

    // One that is called otherwise now holds no copy in its name.
    let renamed = desk.run(&[client("Hill Academy", "", "1")], 2, usize::MAX).unwrap();
    assert_eq!(fates(&renamed), ["issued Hill Academy.pdf"]);
    let with_and_without = [client("Vale", "", "7"), client("Vale", "", "")];
    desk.run(&with_and_without, 1, usize::MAX).unwrap();
    assert_eq!(fates(&desk.run(&with_and_without, 2, usize::MAX).unwrap()), ["kept Vale.pdf", "kept Vale (2).pdf"]);

    fs::write(desk.folder().join("Hill.pdf"), "changed by somebody").unwrap();
    fs::write(desk.folder().join("Dale.pdf"), "somebody's own").unwrap();
    let report = desk.run(&[client("Hill", "", "1"), client("Dale", "", ""), client("Ash", "", "")], 3, usize::MAX).unwrap();
    let fates = fates(&report);
    assert!(fates[0].starts_with("failed Hill.pdf in this folder is not the copy"), "{fates:?}");
    assert!(fates[1].starts_with("failed Dale.pdf in this folder"), "{fates:?}");
    assert_eq!(fates[2], "issued Ash.pdf");
    assert_eq!(fs::read(desk.folder().join("Dale.pdf")).unwrap(), b"somebody's own");
}

#[test]
fn a_later_revision_takes_the_place_of_the_earlier_copy() {
    let mut desk = Desk::new();
    desk.issue(&["Hill"], 1);
    let first = fs::read(desk.folder().join("Hill.pdf")).unwrap();
    desk.opened.bundle.assessment.details.product = "Elm Lodge 2".into();
    let report = desk.issue(&["Hill"], 2);
    assert_eq!(fates(&report), ["issued Hill.pdf"]);
    assert!(fs::read(desk.folder().join("Hill.pdf")).unwrap() != first);
    let rows = read_ledger(desk.folder()).unwrap();
    assert_eq!(rows.len(), 2);
    assert_ne!(rows[0].content, rows[1].content);
}

#[test]
fn the_record_says_who_holds_an_outdated_copy() {
    let mut desk = Desk::new();
    desk.issue(&["Hill", "Dale", "Vale"], 1);
    let held = |desk: &Desk, against: bool| {
        let ledger = read_ledger(desk.folder()).unwrap();
        let holdings = holdings_of(&ledger, against.then_some(&desk.opened)).unwrap();
        holdings.into_iter().map(|held| (held.name, held.is_outdated)).collect::<Vec<_>>()
    };
    let expected = |outdated: [bool; 3]| ["Dale", "Hill", "Vale"].map(str::to_owned).into_iter().zip(outdated).collect::<Vec<_>>();
    assert_eq!(held(&desk, true), expected([false; 3]));
    // What no client sees outdates nothing; what they see does.
    desk.opened.bundle.assessment.unplaced.clear();
    desk.opened.bundle.assessment.imported = None;
    assert_eq!(held(&desk, true), expected([false; 3]));
    desk.opened.bundle.assessment.details.product = "Elm Lodge 2".into();
    assert_eq!(held(&desk, true), expected([true; 3]));
    desk.issue(&["hill"], 2);
    let mut mixed = expected([true, false, true]);
    mixed[1].0 = "hill".into();
    assert_eq!(held(&desk, true), mixed);
    assert!(held(&desk, false).iter().all(|(_, is_outdated)| !is_outdated), "all are of revision 0");
}

#[test]
fn a_folder_that_is_in_use_or_holds_another_record_is_refused() {
    let desk = Desk::new();
    let held = super::ledger::Ledger::open(desk.folder()).unwrap();
    let clients = [Client::named("Hill")];
    assert_eq!(desk.run(&clients, 1, usize::MAX).unwrap_err().code, ErrorCode::AlreadyOpen);
    drop(held);
    fs::write(desk.folder().join(LEDGER), "date,amount\n1,2\n").unwrap();
    let refused = desk.run(&clients, 1, usize::MAX).unwrap_err();
    assert!(refused.message.contains("not a record of copies"), "{}", refused.message);
    assert_eq!(fs::read(desk.folder().join(LEDGER)).unwrap(), b"date,amount\n1,2\n", "it is left as it was");
    assert_eq!(desk.files(), [LEDGER]);
    fs::remove_file(desk.folder().join(LEDGER)).unwrap();
    assert_eq!(
        desk.run(&[Client::named(" ")], 1, usize::MAX).unwrap_err().message,
        "The name is empty. Enter the name of the school or trust."
    );
}

#[test]
fn a_folder_that_cannot_be_written_stops_the_run_and_what_was_noted_stays() {
    let desk = Desk::new();
    let clients = [Client::named("Hill"), Client::named("Dale")];
    let pattern = FilePattern::parse("{client}").unwrap();
    let included = BTreeSet::new();
    let request = IssueRequest {
        clients: &clients,
        pattern: &pattern,
        included: &included,
        is_open: false,
        missing_characters: MissingCharacters::Refuse,
        folder: desk.folder(),
        made_from: &[],
        at: at(1),
        identity: &desk.identity,
    };
    let report =
        issue(&desk.opened, &request, &AtomicBool::new(false), &mut |_| Err(AppError::new(ErrorCode::NotSaved, "The disk is full.")))
            .unwrap();
    assert_eq!((report.steps.len(), report.stopped.map(|error| error.message)), (1, Some("The disk is full.".to_owned())));
    assert_eq!(desk.files(), ["Hill.pdf", LEDGER]);
    let gone = desk.folder().join("gone");
    let request = IssueRequest { folder: &gone, ..request };
    let refused = issue(&desk.opened, &request, &AtomicBool::new(false), &mut |_| Ok(())).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotSaved);
    let late = IssueRequest { folder: desk.folder(), at: parse_moment("2036-01-01T00:00:00Z").unwrap(), ..request };
    let refused = issue(&desk.opened, &late, &AtomicBool::new(false), &mut |_| Ok(())).unwrap_err();
    assert!(refused.message.contains("expired"), "{}", refused.message);
}

#[test]
fn copies_with_a_field_for_a_countersignature_are_those_of_a_single_export_and_can_be_countersigned() {
    let desk = Desk::new();
    let clients = [Client::named("Hill")];
    let pattern = FilePattern::parse("{client}").unwrap();
    let included = BTreeSet::new();
    let request = IssueRequest {
        clients: &clients,
        pattern: &pattern,
        included: &included,
        is_open: true,
        missing_characters: MissingCharacters::Refuse,
        folder: desk.folder(),
        made_from: &[],
        at: at(1),
        identity: &desk.identity,
    };
    issue(&desk.opened, &request, &AtomicBool::new(false), &mut |_| Ok(())).unwrap();
    let copy = fs::read(desk.folder().join("Hill.pdf")).unwrap();
    let asked = CopyKind::Customer { client: "Hill".into(), included: BTreeSet::new() };
    let asked = ReportRequest {
        copy: asked,
        extent: Extent::Whole,
        signature: ReportSignature::OpenToCountersignature,
        missing_characters: MissingCharacters::Refuse,
    };
    let options = ReportOptions { request: &asked, at: at(1), identity: Some(&desk.identity) };
    assert_eq!(copy, render_report(&desk.opened, &options).unwrap().pdf);
    let signed = crate::printing::countersign_report(copy, &desk.identity, at(2)).unwrap();
    assert!(crate::verifying::verify(&signed, None, at(0)).unwrap().is_sound);
}
