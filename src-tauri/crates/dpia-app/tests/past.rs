//! What an assessment said before: browsed by question, brought back, written out for those who audit.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::editing::Intent;
use dpia_app::past::PastAnswer;
use dpia_app::{ErrorCode, Workspace};
use dpia_model::id::AssessmentId;
use laptop::*;

fn said(workspace: &Workspace, id: AssessmentId) -> Vec<(u32, String)> {
    let lines = |answer: PastAnswer| (answer.number, answer.lines.join("/"));
    workspace.past.past_answers(id, &aims()).unwrap().into_iter().map(lines).collect()
}

#[test]
fn the_answers_that_a_question_had_are_browsed_and_any_is_brought_back() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.vault.save_person(Some(officer())).unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    assert_eq!(said(&workspace, id), [(0, "unanswered".to_owned())]);
    workspace.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    workspace.editor.save_answer(id, "security.measures".parse().unwrap(), prose("Locks."), true).unwrap();
    workspace.editor.save_answer(id, aims(), prose("Second."), true).unwrap();
    let expected = [(3, "Second.".to_owned()), (1, "First.".to_owned()), (0, "unanswered".to_owned())];
    assert_eq!(said(&workspace, id), expected, "an edit of another question is not among them");
    let newest = &workspace.past.past_answers(id, &aims()).unwrap()[0];
    assert_eq!((newest.person.as_deref(), newest.is_undo), (Some("Sam Łęcki"), false));

    workspace.past.bring_back(id, &aims(), 1).unwrap();
    assert_eq!(words(&workspace, id), "First.");
    assert_eq!(said(&workspace, id)[0], (4, "First.".to_owned()));
    // Nothing is changed where it is the answer already, and it can be taken back like any edit.
    assert_eq!(workspace.past.bring_back(id, &aims(), 4).unwrap().revision, 4);
    workspace.editor.undo(id).unwrap();
    assert_eq!(words(&workspace, id), "Second.");
    assert!(workspace.past.past_answers(id, &aims()).unwrap()[0].is_undo);
    workspace.past.bring_back(id, &aims(), 0).unwrap();
    assert_eq!(said(&workspace, id)[0].1, "unanswered");
    assert_eq!(workspace.past.bring_back(id, &aims(), 99).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(workspace.past.past_answers(id, &"no.such".parse().unwrap()).unwrap_err().code, ErrorCode::NotFound);
    drop(workspace);
    assert_eq!(said(&laptop.open(), id).len(), 6, "it is all there after a restart");
}

#[test]
fn what_is_being_typed_is_settled_before_an_answer_is_brought_back() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    workspace.editor.save_answer(id, aims(), prose("First. And th"), false).unwrap();
    workspace.past.bring_back(id, &aims(), 1).unwrap();
    assert_eq!(words(&workspace, id), "First.");
    assert_eq!(said(&workspace, id)[1].1, "First. And th", "nothing that was typed is lost");
}

#[test]
fn the_history_goes_out_as_a_table_with_the_hash_of_each_entry() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.vault.save_person(Some(officer())).unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("=1+1"), true).unwrap();
    let tick = Intent::Tick { question: "processing.data".parse().unwrap(), option: "behaviour".parse().unwrap(), is_ticked: true };
    workspace.editor.edit(id, tick).unwrap();
    workspace.editor.undo(id).unwrap();
    let file = laptop.file("history.csv");
    let written = workspace.past.write_history(id, &file).unwrap();
    assert_eq!(written.name, "history.csv");
    let bytes = std::fs::read(&file).unwrap();
    let text = String::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap().to_vec()).unwrap();
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect();
    let cell = |row: usize, column: usize| rows[row].get(column).unwrap().to_owned();
    assert_eq!(rows.len(), 3);
    assert_eq!((cell(0, 0), cell(0, 2), cell(0, 3)), ("1".into(), "Sam Łęcki".into(), "purpose.aims".into()));
    assert_eq!((cell(0, 5), cell(0, 6)), ("unanswered".into(), "'=1+1".into()), "no spreadsheet takes an answer for a formula");
    assert!(cell(1, 6).contains("[x] "), "{}", cell(1, 6));
    assert_eq!(cell(2, 7), "2", "the third takes back the second");
    assert_eq!((cell(1, 8), cell(2, 8)), (cell(0, 9), cell(1, 9)), "each names the hash of the one before");
}
