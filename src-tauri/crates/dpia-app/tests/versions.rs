//! Versions of an assessment, and what differs between two moments: shown, written as a table, brought back.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::editing::{Intent, Typed, TypedCell, TypedRisk, TypedRow};
use dpia_app::importing::Imported;
use dpia_app::past::{ChangedPlace, Comparison, Difference, Moment, Past, RowChange, WordRun, WordRunKind};
use dpia_app::{ErrorCode, Person, Workspace, documents, moment_of_epoch};
use dpia_model::id::{AssessmentId, QuestionId, RowId};
use laptop::*;
use std::collections::BTreeMap;

const BEGINNING: Moment = Moment::Entry { number: 0 };

fn question(id: &str) -> QuestionId {
    id.parse().unwrap()
}

fn opened(laptop: &Laptop) -> (Workspace, AssessmentId) {
    let workspace = laptop.open();
    workspace.vault.save_person(Some(officer())).unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    (workspace, id)
}

fn sign(workspace: &Workspace, id: AssessmentId, name: &str) {
    sign_at(workspace, id, "screening.sign_off", name);
}

fn sign_at(workspace: &Workspace, id: AssessmentId, asked: &str, name: &str) {
    workspace.vault.save_person(Some(Person { name: name.into(), ..officer() })).unwrap();
    workspace.editor.edit(id, Intent::SignOff { question: question(asked) }).unwrap();
    workspace.vault.save_person(Some(officer())).unwrap();
}

/// Removed words in brackets, added ones in braces.
fn told(pieces: &[WordRun]) -> String {
    let tell = |piece: &WordRun| match piece.kind {
        WordRunKind::Same => piece.text.clone(),
        WordRunKind::Removed => format!("[{}]", piece.text),
        WordRunKind::Added => format!("{{{}}}", piece.text),
    };
    pieces.iter().map(tell).collect()
}

fn tell(place: &ChangedPlace) -> Vec<String> {
    let tell = |difference: &Difference| match difference {
        Difference::State { before, after } => format!("{before} > {after}"),
        Difference::Tick { label, before, after } => format!("{label}: {before} > {after}"),
        Difference::Words { label, pieces } => format!("{label}: {}", told(pieces)),
        Difference::Row { fate, name, cells } => {
            let cells: Vec<String> = cells.iter().map(|cell| format!("{}={}", cell.label, told(&cell.pieces))).collect();
            format!("{fate:?} {name} {}", cells.join("; ")).trim_end().to_owned()
        }
        Difference::Setting => "setting".to_owned(),
    };
    place.differences.iter().map(tell).collect()
}

fn compare(workspace: &Workspace, id: AssessmentId, from: Moment) -> Comparison {
    workspace.past.compare(id, from, Moment::Now).unwrap()
}

fn of(comparison: &Comparison, asked: &str) -> Vec<String> {
    comparison.places.iter().find(|place| place.question == Some(question(asked))).map(tell).unwrap_or_default()
}

#[test]
fn a_sign_off_makes_a_version_and_others_are_kept_under_a_name() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    workspace.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    sign(&workspace, id, "Sam");
    workspace.editor.save_answer(id, aims(), prose("First. Second"), false).unwrap();
    let kept = workspace.past.keep_version(id, "  Sent to\nthe board ").unwrap();
    assert_eq!((kept.revision, kept.can_undo), (4, true), "what was being typed is part of the version");
    workspace.editor.save_answer(id, aims(), prose("Third."), true).unwrap();
    workspace.editor.save_answer(id, question("security.measures"), prose("Locks."), true).unwrap();

    let view = workspace.past.read(id).unwrap();
    let versions: Vec<_> = view.versions.iter().map(|version| (version.number, version.name.as_str(), version.changes_since)).collect();
    assert_eq!(versions, [(4, "Sent to the board", 2), (2, "Signed off: DPIA Screening Questions", 3)]);
    assert_eq!((view.versions[0].is_sign_off, view.versions[1].is_sign_off), (false, true));
    assert_eq!(view.versions[0].person, "Sam Łęcki");
    assert_eq!(view.steps.iter().map(|step| step.number).collect::<Vec<_>>(), [6, 5, 4, 3, 2, 1]);
    assert_eq!(view.steps[0].questions, [question("security.measures")]);
    assert_eq!(view.steps[2].besides, ["Version \u{201c}Sent to the board\u{201d} kept"]);

    // It says nothing that is printed, so the sign-off remains valid, and undo passes over it.
    workspace.editor.undo(id).unwrap();
    workspace.editor.undo(id).unwrap();
    assert_eq!(words(&workspace, id), "First. Second");
    workspace.editor.undo(id).unwrap();
    assert!(workspace.editor.open(id).unwrap().now.changed_since_sign_off.is_empty());
    assert_eq!(workspace.past.read(id).unwrap().versions.len(), 2);
    // A sign-off that is taken back is no version.
    workspace.editor.undo(id).unwrap();
    assert_eq!(workspace.past.read(id).unwrap().versions.len(), 1);
    assert_eq!(workspace.past.keep_version(id, " \n").unwrap_err().code, ErrorCode::Refused);
    drop(workspace);
    let versions = laptop.open().past.read(id).unwrap().versions;
    assert_eq!(versions[0].name, "Sent to the board", "it is there after a restart");
}

#[test]
fn each_sign_off_of_a_section_is_named_by_its_words_and_who_signed() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    sign_at(&workspace, id, "decision.measures_approved", "Alex");
    sign_at(&workspace, id, "decision.sign_off", "Sam");
    let names: Vec<String> = workspace.past.read(id).unwrap().versions.into_iter().map(|version| version.name).collect();
    assert_eq!(names, ["This DPIA is signed off by Sam", "Measures approved by Alex"]);
}

#[test]
fn a_version_travels_in_the_bundle_as_the_first_release_wrote_it() {
    let (laptop, other) = (Laptop::new(), Laptop::new());
    let (workspace, id) = opened(&laptop);
    workspace.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    workspace.past.keep_version(id, "Sent to the board").unwrap();
    let bundle = laptop.file("a.dpia");
    workspace.exports.write_bundle(id, &bundle).unwrap();
    let elsewhere = other.open();
    take_in(&elsewhere, &bundle);
    assert_eq!(elsewhere.past.read(id).unwrap(), workspace.past.read(id).unwrap());
    let past = Past::of(documents::open_bundle(&std::fs::read(&bundle).unwrap()).unwrap());
    assert_eq!((past.last_version(), past.find_moment("Sent to the board").ok()), (Some(2), Some(Moment::Entry { number: 2 })));
}

#[test]
fn a_version_takes_the_meaning_of_no_moment() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    for name in ["now", "0", "2026-11-22", "last-version", "Sent"] {
        workspace.past.keep_version(id, name).unwrap();
    }
    workspace.editor.save_answer(id, aims(), prose("What came last."), true).unwrap();
    let bundle = laptop.file("a.dpia");
    workspace.exports.write_bundle(id, &bundle).unwrap();
    let past = Past::of(documents::open_bundle(&std::fs::read(&bundle).unwrap()).unwrap());
    assert_eq!(past.find_moment("now").unwrap(), Moment::Now);
    assert_eq!(past.find_moment("0").unwrap(), Moment::Entry { number: 0 });
    assert!(matches!(past.find_moment("2026-11-22").unwrap(), Moment::Time { .. }));
    assert_eq!(past.find_moment("last-version").unwrap(), Moment::Entry { number: 5 });
    assert_eq!(past.find_moment("Sent").unwrap(), Moment::Entry { number: 5 });
    assert_eq!(past.find_moment("99").unwrap_err().code, ErrorCode::Misused);
}

#[test]
fn differences_are_shown_in_the_order_of_the_form_and_within_words() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    workspace.editor.save_answer(id, aims(), prose("Kept for six years."), true).unwrap();
    workspace.past.keep_version(id, "Before").unwrap();
    workspace.editor.save_answer(id, aims(), prose("Kept for seven years."), true).unwrap();
    let tick = Intent::Tick { question: question("processing.data"), option: "behaviour".parse().unwrap(), is_ticked: true };
    workspace.editor.edit(id, tick).unwrap();
    workspace.editor.edit(id, Intent::AnswerYesNo { question: question("disclosure.shared"), is_yes: true }).unwrap();
    let mut details = workspace.editor.open(id).unwrap().now.details.unwrap();
    details.product = "Sonar Tracker".into();
    workspace.editor.edit(id, Intent::SetDetails { details }).unwrap();

    let comparison = compare(&workspace, id, Moment::Entry { number: 2 });
    assert_eq!((comparison.from.number, comparison.to.number, comparison.changes), (2, 6, 4));
    assert_eq!(comparison.from.name.as_deref(), Some("Before"));
    let order: Vec<Option<String>> = comparison.places.iter().map(|place| place.question.as_ref().map(ToString::to_string)).collect();
    let expected = [None, Some("purpose.aims"), Some("processing.data"), Some("disclosure.shared")];
    let form_order: Vec<Option<String>> = {
        let form = workspace.editor.open(id).unwrap().form;
        let asked: Vec<String> = form.questions().map(|question| question.id.to_string()).collect();
        let mut expected: Vec<Option<String>> = expected.iter().map(|id| id.map(str::to_owned)).collect();
        expected.sort_by_key(|id| id.as_ref().map(|id| asked.iter().position(|known| known == id)));
        expected
    };
    assert_eq!(order, form_order);
    assert_eq!(tell(&comparison.places[0]), ["Product: Sonar{ Tracker}"]);
    assert_eq!(of(&comparison, "purpose.aims"), [": Kept for [six]{seven} years."]);
    assert_eq!(of(&comparison, "processing.data"), ["Not answered > Answered", "Information about behaviour: not answered > ticked"]);
    assert_eq!(of(&comparison, "disclosure.shared")[1], ": {Yes}");
    // The order in which they are named makes no difference; nothing is between a moment and itself.
    assert_eq!(workspace.past.compare(id, Moment::Now, Moment::Entry { number: 2 }).unwrap(), comparison);
    assert!(compare(&workspace, id, Moment::Now).places.is_empty());
    assert_eq!(workspace.past.compare(id, Moment::Entry { number: 7 }, Moment::Now).unwrap_err().code, ErrorCode::NotFound);
    // A moment in time is what had been said by then.
    let first = workspace.past.read(id).unwrap().steps.last().unwrap().at;
    assert_eq!(compare(&workspace, id, Moment::Time { at: first }).from.number, 1);
    assert_eq!(compare(&workspace, id, Moment::Time { at: moment_of_epoch(0).unwrap() }).from.number, 0);

    // An earlier answer comes back from there.
    workspace.past.bring_back(id, &aims(), comparison.from.number).unwrap();
    assert_eq!(words(&workspace, id), "Kept for six years.");
}

#[test]
fn rows_are_compared_by_their_ids_in_any_order() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    let recipients = question("disclosure.recipients");
    let column = |name: &str| name.parse().unwrap();
    let cells = |name: &str| BTreeMap::from([(column("name"), TypedCell::Text { text: name.into() })]);
    let row = |id: Option<RowId>, name: &str| TypedRow { id, cells: cells(name) };
    let save = |question: &QuestionId, typed: Typed| workspace.editor.save_answer(id, question.clone(), typed, true).unwrap().new_ids;
    let mut rows = Vec::new();
    for name in ["Alpha", "Beta", "Gamma"] {
        rows.push(row(None, name));
        let new_ids = save(&recipients, Typed::Rows { rows: rows.clone() });
        assert_eq!(new_ids.len(), 1, "of rows, those that are new have a new id");
        rows.last_mut().unwrap().id = Some(new_ids[0]);
    }
    let before: Vec<RowId> = rows.iter().filter_map(|row| row.id).collect();
    rows[1] = row(Some(before[1]), "Beta Ltd");
    save(&recipients, Typed::Rows { rows: rows.clone() });
    workspace.editor.edit(id, Intent::RemoveRow { question: recipients.clone(), row: before[0] }).unwrap();
    rows[0] = row(None, "Delta");
    save(&recipients, Typed::Rows { rows });
    let comparison = compare(&workspace, id, Moment::Entry { number: 3 });
    let label = match &comparison.places[0].differences[0] {
        Difference::Row { cells, .. } => cells[0].label.clone(),
        other => panic!("{other:?}"),
    };
    let mut found = of(&comparison, "disclosure.recipients");
    found.sort();
    let mut expected = [
        format!("Removed Alpha {label}=[Alpha]"),
        format!("Added Delta {label}={{Delta}}"),
        format!("Changed Beta Ltd {label}=Beta{{ Ltd}}"),
    ];
    expected.sort();
    assert_eq!(found, expected);

    let number = comparison.to.number;
    workspace.editor.edit(id, Intent::MoveRow { question: recipients.clone(), row: before[2], to: 0 }).unwrap();
    assert_eq!(of(&compare(&workspace, id, Moment::Entry { number }), "disclosure.recipients"), ["Moved Gamma"]);

    // Risks are rows too, and their steps are shown by their words.
    let register = question("risk.register");
    let number = number + 1;
    let mut risk = TypedRisk {
        id: None,
        source: "A lost laptop".into(),
        harm: "Distress".into(),
        likelihood: None,
        severity: None,
        measures: Vec::new(),
        residual_likelihood: None,
        residual_severity: None,
        is_approved: None,
    };
    risk.id = Some(save(&register, Typed::Risks { risks: vec![risk.clone()] })[0]);
    let comparison = compare(&workspace, id, Moment::Entry { number });
    assert!(matches!(&comparison.places[0].differences[1], Difference::Row { fate: RowChange::Added, cells, .. } if cells.len() == 2));
    let step = workspace.editor.open(id).unwrap().form.scales.likelihood[0].clone();
    risk.likelihood = Some(step.id);
    save(&register, Typed::Risks { risks: vec![risk] });
    let comparison = compare(&workspace, id, Moment::Entry { number: number + 1 });
    assert_eq!(tell(&comparison.places[0]), [format!("Changed A lost laptop Likelihood={{{}}}", step.label)]);
}

#[test]
fn what_was_not_known_is_never_shown_as_not_ticked() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let Imported::Document { report } = workspace.imports.import_file(&fixture("2024-04-19-sonar-multi-school.txt")).unwrap() else {
        panic!()
    };
    let (id, asked) = (report.assessment, question("processing.data"));
    let began = workspace.editor.open(id).unwrap().now.revision;
    let tick = Intent::Tick { question: asked.clone(), option: "behaviour".parse().unwrap(), is_ticked: true };
    workspace.editor.edit(id, tick).unwrap();
    workspace.editor.edit(id, Intent::Confirm { question: asked }).unwrap();
    let told = |number| of(&compare(&workspace, id, Moment::Entry { number }), "processing.data");
    let since_import = told(began);
    assert!(since_import.contains(&"To be confirmed > Answered".to_owned()), "{since_import:?}");
    assert!(since_import.contains(&"Information about behaviour: to be confirmed > ticked".to_owned()), "{since_import:?}");
    let since_tick = told(began + 1);
    assert!(since_tick.iter().all(|line| line.ends_with(": to be confirmed > not ticked")), "{since_tick:?}");
    assert!(since_tick.len() > 1);
}

#[test]
fn a_change_of_formatting_alone_is_shown_as_one() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    workspace.editor.save_answer(id, aims(), prose("Plain."), true).unwrap();
    let mut bold = prose("Plain.");
    if let Typed::Words { text } = &mut bold
        && let dpia_model::Block::Paragraph { runs } = &mut text.blocks[0]
    {
        runs[0] = dpia_model::Run::Text { text: "Plain.".into(), bold: true, italic: false, link: None };
    }
    workspace.editor.save_answer(id, aims(), bold, true).unwrap();
    assert_eq!(of(&compare(&workspace, id, Moment::Entry { number: 1 }), "purpose.aims"), ["setting"]);
}

#[test]
fn what_differs_goes_out_as_a_table_without_formulas() {
    let laptop = Laptop::new();
    let (workspace, id) = opened(&laptop);
    workspace.editor.save_answer(id, aims(), prose("Plain."), true).unwrap();
    workspace.editor.save_answer(id, aims(), prose("=1+1"), true).unwrap();
    workspace.past.keep_version(id, "=HYPERLINK(1)").unwrap();
    let file = laptop.file("changes.csv");
    workspace.past.write_comparison(id, Moment::Entry { number: 1 }, Moment::Now, &file).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let text = String::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap().to_vec()).unwrap();
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0][3], &rows[0][6], &rows[0][7], &rows[0][8]), ("purpose.aims", "changed", "Plain.", "'=1+1"));
    assert!(rows[0][1].starts_with("'=HYPERLINK(1) (entry 3"), "{}", &rows[0][1]);
    workspace.past.write_comparison(id, BEGINNING, BEGINNING, &file).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 1, "the heads stand alone where nothing differs");
}
