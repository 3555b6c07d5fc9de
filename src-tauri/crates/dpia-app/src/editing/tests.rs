//! What intents do to answers.

use super::{EditAuthor, Intent, IntentError, set_content};
use dpia_model::Assessment;
use dpia_model::assessment::{Answer, Cell, Content, Origin, Place, Row, Tick, Unplaced, Value};
use dpia_model::change::Change;
use dpia_model::date::{CivilDate, Instant};
use dpia_model::id::{AssessmentId, OptionId, QuestionId, RowId};
use dpia_model::rich_text::RichText;
use dpia_model::screening::{Outcome, ResultState, screen};
use dpia_model::template::{Form, Library, NEWEST_EDITION, NEWEST_PACK};
use uuid::Uuid;

struct Desk {
    form: Form,
    assessment: Assessment,
}

impl Desk {
    fn new() -> Self {
        let (edition, pack) = (NEWEST_EDITION.parse().unwrap(), NEWEST_PACK.parse().unwrap());
        let form = Library::built_in().unwrap().form(&edition, &pack).unwrap().unwrap();
        Self { form, assessment: Assessment::new(AssessmentId(Uuid::nil()), edition, pack, "Sonar") }
    }

    fn try_to(&mut self, intent: Intent) -> Result<bool, IntentError> {
        let change = intent.change(&self.form, &self.assessment, &author(moment()))?;
        let Some(change) = change else { return Ok(false) };
        change.apply(&mut self.assessment).unwrap();
        Ok(true)
    }

    fn act(&mut self, intent: Intent) {
        assert_eq!(self.try_to(intent.clone()), Ok(true), "{intent:?}");
    }

    /// Types an answer and leaves it.
    fn type_in(&mut self, question: &str, content: Content) -> Result<(), IntentError> {
        let author = author(moment());
        if let Some(change) = set_content(&self.form, &self.assessment, &author, &id(question), content)? {
            change.apply(&mut self.assessment).unwrap();
        }
        Ok(())
    }

    fn put(&mut self, question: &str, content: Content) {
        let origin = Some(Origin::Imported { document: "old.txt".into(), at: moment() });
        self.assessment.answers.insert(id(question), Answer { content, origin });
    }

    fn marks(&self, question: &str) -> (usize, usize, usize) {
        let Some(Value::Ticks { ticks, .. }) = self.assessment.value(&id(question)) else { panic!("{question} has no ticks") };
        let count = |mark: Tick| ticks.values().filter(|tick| **tick == mark).count();
        (count(Tick::Ticked), count(Tick::NotTicked), count(Tick::Unknown))
    }
}

fn author(at: Instant) -> EditAuthor {
    EditAuthor { person: Some(("Sam".to_owned(), "DPO".to_owned())), at, today: CivilDate::new(2026, 11, 22).unwrap() }
}

fn moment() -> Instant {
    Instant("2026-11-22T09:00:00Z".parse().unwrap())
}

fn id(question: &str) -> QuestionId {
    question.parse().unwrap()
}

fn tick(question: &str, option: &str, is_ticked: bool) -> Intent {
    Intent::Tick { question: id(question), option: option.parse().unwrap(), is_ticked }
}

fn first_option(desk: &Desk, question: &str) -> OptionId {
    desk.form.question(&id(question)).unwrap().options()[0].id.clone()
}

#[test]
fn the_first_tick_answers_a_list_and_confirms_only_itself_in_an_unknown_one() {
    let mut desk = Desk::new();
    desk.act(tick("processing.people", "employees", true));
    assert_eq!(desk.marks("processing.people"), (1, 3, 0));

    desk.put("processing.people", Content::Unknown { stated: None });
    desk.act(tick("processing.people", "employees", true));
    assert_eq!(desk.marks("processing.people"), (1, 0, 3));
    desk.act(Intent::Confirm { question: id("processing.people") });
    assert_eq!(desk.marks("processing.people"), (1, 3, 0));
    let origin = desk.assessment.answers[&id("processing.people")].origin.clone();
    assert_eq!(origin, Some(Origin::Confirmed { by: "Sam".into(), at: moment() }));
    assert_eq!(
        desk.try_to(Intent::Confirm { question: id("processing.people") }),
        Err(IntentError::NothingToConfirm(id("processing.people")))
    );
}

#[test]
fn the_words_of_other_survive_confirmation() {
    let mut desk = Desk::new();
    let stated = RichText::from_plain("Assessment grades");
    desk.put("processing.data", Content::Unknown { stated: Some(stated.clone()) });
    desk.act(Intent::Confirm { question: id("processing.data") });
    let Some(Value::Ticks { other, .. }) = desk.assessment.value(&id("processing.data")) else { panic!() };
    assert_eq!(*other, Some(stated));
}

#[test]
fn a_yes_or_no_that_is_unknown_cannot_be_confirmed_without_an_answer() {
    let mut desk = Desk::new();
    desk.put("disclosure.shared", Content::Unknown { stated: None });
    assert_eq!(desk.try_to(Intent::Confirm { question: id("disclosure.shared") }), Err(IntentError::NeedsAnswer(id("disclosure.shared"))));
    desk.act(Intent::AnswerYesNo { question: id("disclosure.shared"), is_yes: true });
    assert_eq!(desk.assessment.value(&id("disclosure.shared")), Some(&Value::YesNo { is_yes: true, reasoning: None }));
}

#[test]
fn screening_is_open_until_every_list_is_answered() {
    let mut desk = Desk::new();
    let check = |desk: &Desk, outcome: Outcome, state: ResultState| {
        let screening = screen(&desk.form, &desk.assessment);
        assert_eq!((screening.outcome, screening.result_state), (outcome, state));
    };
    check(&desk, Outcome::Open, ResultState::Open);
    desk.act(Intent::TickNone { question: id("screening.consider") });
    check(&desk, Outcome::Open, ResultState::Open);
    desk.act(Intent::TickNone { question: id("screening.must") });
    check(&desk, Outcome::NotRequired, ResultState::ReasonMissing);
    let option = first_option(&desk, "screening.must");
    desk.act(tick("screening.must", option.as_str(), true));
    check(&desk, Outcome::Required, ResultState::Follows);

    let result = |desk: &mut Desk, option: &str, reason: Option<&str>| {
        let value = Value::Choice { option: option.parse().unwrap(), reason: reason.map(RichText::from_plain) };
        desk.type_in("screening.result", Content::Answered { value }).unwrap();
    };
    result(&mut desk, "not_required", None);
    check(&desk, Outcome::Required, ResultState::ReasonMissing);
    result(&mut desk, "not_required", Some("The data is not personal."));
    check(&desk, Outcome::Required, ResultState::Overridden);
    desk.put("screening.must", Content::Unknown { stated: None });
    check(&desk, Outcome::Undetermined, ResultState::Recorded);
    desk.put("screening.result", Content::Unknown { stated: None });
    check(&desk, Outcome::Undetermined, ResultState::ToConfirm);
}

#[test]
fn a_row_is_one_row_of_history_and_an_unknown_column_is_refused() {
    let mut desk = Desk::new();
    let table = |names: &[&str], column: &str| {
        let row = |(number, name): (usize, &&str)| Row {
            id: RowId(Uuid::from_u128(1 + number as u128)),
            cells: [(column.parse().unwrap(), Cell::Text { text: (*name).into() })].into(),
        };
        Content::Answered { value: Value::Table { rows: names.iter().enumerate().map(row).collect() } }
    };
    let change = |desk: &Desk, content: &Content, at: Instant| {
        let author = author(at);
        set_content(&desk.form, &desk.assessment, &author, &id("disclosure.recipients"), content.clone()).unwrap().unwrap()
    };
    let later = |seconds: i64| Instant(moment().0 + jiff::SignedDuration::from_secs(seconds));
    let (one, two) = (table(&["AWS"], "name"), table(&["AWS", "Azure"], "name"));
    // What was imported becomes typed, and an answer says the hour in which it was typed.
    desk.put("disclosure.recipients", one.clone());
    assert!(matches!(change(&desk, &two, moment()), Change::SetAnswer { .. }));
    desk.assessment.answers.clear();
    desk.type_in("disclosure.recipients", one).unwrap();
    assert!(matches!(change(&desk, &two, later(3_600)), Change::SetAnswer { .. }));
    let added = change(&desk, &two, later(3_599));
    assert!(matches!(added, Change::InsertRow { at: 1, .. }), "{added:?}");
    added.apply(&mut desk.assessment).unwrap();
    assert_eq!(desk.assessment.content(&id("disclosure.recipients")), &two);
    let refused = desk.type_in("disclosure.recipients", table(&["AWS"], "colour"));
    assert_eq!(refused.unwrap_err().to_string(), "disclosure.recipients has no column \"colour\"");
}

#[test]
fn rows_added_one_by_one_cost_in_proportion_to_their_number() {
    let cost = |rows: usize| {
        let mut desk = Desk::new();
        let mut kept = Vec::new();
        let mut bytes = 0;
        for number in 0..rows {
            let text = format!("A recipient of pupils' data, number {number}");
            kept.push(Row {
                id: RowId(Uuid::from_u128(1 + number as u128)),
                cells: [("name".parse().unwrap(), Cell::Text { text })].into(),
            });
            let content = Content::Answered { value: Value::Table { rows: kept.clone() } };
            let author = author(moment());
            let change = set_content(&desk.form, &desk.assessment, &author, &id("disclosure.recipients"), content).unwrap().unwrap();
            let inverse = change.apply(&mut desk.assessment).unwrap();
            bytes += serde_json::to_vec(&(change, inverse)).unwrap().len();
        }
        bytes
    };
    let (once, twice) = (cost(100), cost(200));
    assert!(twice as f64 <= 2.3 * once as f64, "the history of 100 rows has {once} bytes, that of 200 {twice}");
}

#[test]
fn a_piece_without_a_place_moves_to_the_end_of_an_answer_in_one_change() {
    let mut desk = Desk::new();
    let piece = Unplaced {
        id: RowId(Uuid::from_u128(7)),
        text: RichText::from_plain("Left over."),
        place: Place { line: 3, heading: String::new(), question: None },
    };
    desk.assessment.unplaced.push(piece.clone());
    desk.put("purpose.aims", Content::Answered { value: Value::RichText { text: RichText::from_plain("Before.") } });
    let refused = desk.try_to(Intent::PlacePiece { piece: piece.id, question: id("disclosure.shared") });
    assert_eq!(refused, Err(IntentError::NotProse(id("disclosure.shared"))));
    desk.act(Intent::PlacePiece { piece: piece.id, question: id("purpose.aims") });
    assert_eq!(desk.assessment.text(&id("purpose.aims")).unwrap().plain_text(), "Before.\nLeft over.");
    assert!(desk.assessment.unplaced.is_empty());
}

#[test]
fn a_sign_off_signs_what_is_said_and_a_later_edit_shows() {
    let mut desk = Desk::new();
    let sign_off = || Intent::SignOff { question: id("screening.sign_off") };
    let nobody = EditAuthor { person: None, ..author(moment()) };
    assert_eq!(sign_off().change(&desk.form, &desk.assessment, &nobody), Err(IntentError::Nameless));
    desk.act(sign_off());
    let Some(Value::SignOff { name, role, date, signs }) = desk.assessment.value(&id("screening.sign_off")) else { panic!() };
    assert_eq!((name.as_str(), role.as_str(), *date, signs.is_some()), ("Sam", "DPO", Some(author(moment()).today), true));
    assert!(desk.assessment.changed_since_sign_off().is_empty());
    desk.act(Intent::TickNone { question: id("screening.consider") });
    assert_eq!(desk.assessment.changed_since_sign_off(), [id("screening.sign_off")]);
}

#[test]
fn an_answer_of_another_kind_is_refused_with_words() {
    let mut desk = Desk::new();
    let refused = desk.type_in("purpose.aims", Content::Answered { value: Value::YesNo { is_yes: true, reasoning: None } });
    assert_eq!(refused.unwrap_err().to_string(), "purpose.aims takes text, not yes or no");
    assert_eq!(
        desk.try_to(tick("purpose.aims", "name", true)).unwrap_err().to_string(),
        "purpose.aims takes text, so this is not possible"
    );
}
