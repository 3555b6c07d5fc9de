//! Typing, from the fields of a question to the history: what is durable, what the window hears of it, and what an answer cannot hold yet.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::Workspace;
use dpia_app::editing::{Intent, Saved, Typed};
use dpia_model::assessment::{Content, Value};
use dpia_model::id::{AssessmentId, QuestionId};
use laptop::*;

const REVIEW: &str = "decision.next_review";

fn question(id: &str) -> QuestionId {
    id.parse().unwrap()
}

fn type_day(workspace: &Workspace, id: AssessmentId, day: &str, settles: bool) -> Saved {
    workspace.editor.save_answer(id, question(REVIEW), Typed::Day { day: day.to_owned() }, settles).unwrap()
}

/// The day that is the answer, as it is kept.
fn day(workspace: &Workspace, id: AssessmentId) -> Option<String> {
    let answers = workspace.editor.open(id).unwrap().now.answers;
    match answers.get(&question(REVIEW))?.as_ref()?.content {
        Content::Answered { value: Value::Date { date, .. } } => Some(date.to_string()),
        _ => None,
    }
}

#[test]
fn half_a_date_outlives_the_program_and_is_history_once_it_is_whole() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    assert!(type_day(&workspace, id, "04/07/2027", true).is_whole);
    let half = type_day(&workspace, id, "12/3", true);
    assert!(!half.is_whole, "an answer holds no half date");
    drop(workspace);

    let workspace = laptop.open();
    let view = workspace.editor.open(id).unwrap();
    assert_eq!(view.typed, [(question(REVIEW), Typed::Day { day: "12/3".to_owned() })].into());
    assert_eq!((day(&workspace, id).as_deref(), view.now.revision), (Some("04/07/2027"), 1), "the answer is as it was");
    // Another answer is edited meanwhile, and half the date stays.
    workspace.editor.edit(id, Intent::TickNone { question: question("screening.must") }).unwrap();
    assert_eq!(workspace.editor.open(id).unwrap().typed.len(), 1);

    assert!(type_day(&workspace, id, "12/03/2028", true).is_whole);
    assert_eq!((day(&workspace, id).as_deref(), workspace.editor.open(id).unwrap().typed.len()), (Some("12/03/2028"), 0));
    // An undo of the answer takes along what was typed over it.
    type_day(&workspace, id, "13/", true);
    workspace.editor.undo(id).unwrap();
    let view = workspace.editor.open(id).unwrap();
    assert_eq!((day(&workspace, id).as_deref(), view.typed.len()), (Some("04/07/2027"), 0));
}

#[test]
fn an_edit_tells_what_it_changed_and_nothing_else() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, question("security.measures"), prose("Locks."), true).unwrap();
    let changed = |saved: Saved| {
        let update = saved.update.unwrap();
        assert_eq!((update.details, update.unplaced), (None, None));
        update.answers.into_iter().map(|(question, answer)| (question, answer.is_some())).collect::<Vec<_>>()
    };
    let save = |typed: Typed| workspace.editor.save_answer(id, aims(), typed, true).unwrap();
    assert_eq!(changed(save(prose("First."))), [(aims(), true)]);
    assert_eq!(changed(save(Typed::Nothing)), [(aims(), false)]);
    // A draft that comes to nothing is reported too: the window showed what was typed.
    workspace.editor.save_answer(id, aims(), prose("Fir"), false).unwrap();
    assert_eq!(changed(save(Typed::Nothing)), [(aims(), false)]);
    let undone = workspace.editor.undo(id).unwrap();
    assert_eq!(undone.answers.keys().collect::<Vec<_>>(), [&aims()]);
}

#[test]
fn an_editor_that_is_cancelled_brings_back_what_was_there() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let recipients = question("disclosure.recipients");
    let rows = Typed::Rows { rows: vec![dpia_app::editing::TypedRow { id: None, cells: Default::default() }] };
    workspace.editor.save_answer(id, recipients.clone(), rows.clone(), false).unwrap();
    let back = workspace.editor.save_answer(id, recipients.clone(), Typed::AsBefore { revision: 0 }, true).unwrap().update.unwrap();
    assert_eq!((back.revision, back.answers.get(&recipients)), (0, Some(&None)), "what was only a draft makes no history");

    workspace.editor.save_answer(id, recipients.clone(), rows, true).unwrap();
    let back = workspace.editor.save_answer(id, recipients.clone(), Typed::AsBefore { revision: 0 }, true).unwrap().update.unwrap();
    assert_eq!((back.revision, back.answers.get(&recipients)), (2, Some(&None)));
    let beyond = workspace.editor.save_answer(id, recipients, Typed::AsBefore { revision: 9 }, true);
    assert_eq!(beyond.unwrap_err().code, dpia_app::ErrorCode::NotFound);
}
