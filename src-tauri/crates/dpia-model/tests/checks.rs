//! What comes as an answer is checked against its question: kinds of cells, ids, scales, dates.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_model::assessment::{Cell, Content, Risk, Row, Value};
use dpia_model::date::CivilDate;
use dpia_model::id::{EditionId, QuestionId, RowId};
use dpia_model::rich_text::RichText;
use dpia_model::template::{AnswerMismatch, Form, Library, NEWEST_EDITION};
use std::collections::BTreeMap;
use uuid::Uuid;

fn form() -> Form {
    let library = Library::built_in().unwrap();
    Form::new(library.edition(&EditionId::new(NEWEST_EDITION).unwrap()).unwrap(), &library.packs()[0]).unwrap()
}

fn check(question: &str, value: Value) -> Result<(), AnswerMismatch> {
    let form = form();
    let question = form.question(&QuestionId::new(question).unwrap()).unwrap();
    form.check_answer(question, &Content::Answered { value })
}

fn row(id: u128, column: &str, cell: Cell) -> Row {
    Row { id: RowId(Uuid::from_u128(id)), cells: BTreeMap::from([(column.parse().unwrap(), cell)]) }
}

fn risk(id: u128, likelihood: Option<&str>, severity: Option<&str>) -> Risk {
    Risk {
        id: RowId(Uuid::from_u128(id)),
        source: "A laptop is lost.".to_owned(),
        harm: "Pupils are named.".to_owned(),
        likelihood: likelihood.map(|step| step.parse().unwrap()),
        severity: severity.map(|step| step.parse().unwrap()),
        measures: Vec::new(),
        residual_likelihood: None,
        residual_severity: None,
        is_approved: None,
    }
}

#[test]
fn a_row_has_an_id_of_its_own_and_cells_of_its_columns_kinds() {
    let table = |rows: Vec<Row>| check("disclosure.recipients", Value::Table { rows });
    let text = |words: &str| Cell::Text { text: words.to_owned() };
    let link = Cell::Link { label: "Notice".to_owned(), address: None };
    assert_eq!(table(vec![row(1, "name", text("AWS")), row(2, "name", text("Mail"))]), Ok(()));
    assert_eq!(table(vec![row(1, "privacy_notice", link.clone())]), Ok(()));
    assert_eq!(table(vec![row(1, "privacy_notice", text("no address"))]), Ok(()), "words may be in any cell");
    assert!(matches!(table(vec![row(1, "name", text("AWS")), row(1, "name", text("Mail"))]), Err(AnswerMismatch::RowId { .. })));
    assert!(matches!(table(vec![row(0, "name", text("AWS"))]), Err(AnswerMismatch::RowId { .. })));
    assert!(matches!(table(vec![row(1, "name", link)]), Err(AnswerMismatch::Cell { .. })));
    assert!(matches!(table(vec![row(1, "no_such_column", text("x"))]), Err(AnswerMismatch::Column { .. })));
}

#[test]
fn a_risk_is_placed_on_the_scales_of_its_form() {
    let register = |risks: Vec<Risk>| check("risk.register", Value::Risks { risks });
    assert_eq!(register(vec![risk(1, None, None), risk(2, Some("possible"), Some("severe"))]), Ok(()));
    assert!(matches!(register(vec![risk(1, Some("severe"), None)]), Err(AnswerMismatch::Step { .. })));
    assert!(matches!(register(vec![risk(1, None, Some("certain"))]), Err(AnswerMismatch::Step { .. })));
    assert!(matches!(register(vec![risk(1, None, None), risk(1, None, None)]), Err(AnswerMismatch::RowId { .. })));
}

#[test]
fn the_words_of_an_answer_are_bounded_whatever_its_kind() {
    let words = |bytes: usize| "a".repeat(bytes);
    let prose = |bytes: usize| check("processing.people_description", Value::RichText { text: RichText::from_plain(&words(bytes)) });
    let cells = |bytes: usize| {
        let halves = [bytes / 2, bytes - bytes / 2].map(words).map(|text| Cell::Text { text });
        let rows = halves.into_iter().zip(1..).map(|(cell, id)| row(id, "name", cell)).collect();
        check("disclosure.recipients", Value::Table { rows })
    };
    let register = |bytes: usize| {
        let risk = Risk { source: String::new(), harm: words(bytes), ..risk(1, None, None) };
        check("risk.register", Value::Risks { risks: vec![risk] })
    };
    for check in [&prose as &dyn Fn(usize) -> _, &cells, &register] {
        assert_eq!(check(Content::MOST_BYTES), Ok(()));
        assert!(matches!(check(Content::MOST_BYTES + 1), Err(AnswerMismatch::TooLong { .. })));
    }
    let form = form();
    let date = form.question(&"screening.date".parse().unwrap()).unwrap();
    let reason = words(Content::MOST_BYTES + 1);
    assert!(matches!(form.check_answer(date, &Content::NotApplicable { reason }), Err(AnswerMismatch::TooLong { .. })));
}

#[test]
fn nobody_withholds_an_answer_of_their_own_and_dates_are_of_this_age() {
    let form = form();
    let date = form.question(&"screening.date".parse().unwrap()).unwrap();
    assert!(matches!(form.check_answer(date, &Content::Withheld), Err(AnswerMismatch::Withheld { .. })));
    let day = |year: i16| Value::Date { date: CivilDate::new(year, 7, 4).unwrap(), has_short_year: false };
    assert_eq!(check("screening.date", day(2025)), Ok(()));
    for year in [25, 1899, 2200, 9999] {
        assert!(matches!(check("screening.date", day(year)), Err(AnswerMismatch::Year { .. })), "{year}");
    }
}
