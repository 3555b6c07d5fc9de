//! Laws that hold for every assessment and change.

use dpia_model::arbitrary;
use dpia_model::assessment::{Answer, Content, Origin, Value};
use dpia_model::change::{Change, TableRow};
use dpia_model::{Assessment, Instant, RichText};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_change_and_then_its_inverse_is_the_identity(before in arbitrary::assessment(), change in arbitrary::change()) {
        let mut after = before.clone();
        match change.apply(&mut after) {
            Ok(inverse) => {
                let redo = inverse.apply(&mut after).expect("an inverse fits the state that its change left");
                prop_assert_eq!(&after, &before);
                prop_assert_eq!(redo, change);
            }
            Err(_) => prop_assert_eq!(after, before),
        }
    }

    #[test]
    fn rows_are_moved_replaced_and_removed_and_come_back(
        mut assessment in arbitrary::assessment(),
        question in arbitrary::question_id(),
        rows in proptest::collection::vec(arbitrary::row(), 2..5),
        other in arbitrary::row(),
        places in (0usize..5, 0usize..5),
    ) {
        let (from, to) = (places.0 % rows.len(), places.1 % rows.len());
        let origin = Origin::Typed { by: "Sam".into(), at: Instant(jiff::Timestamp::UNIX_EPOCH) };
        assessment.answers.insert(question.clone(), Answer::of(Value::Table { rows: rows.clone() }, origin));
        let row = rows[from].id;
        let replacement = dpia_model::assessment::Row { id: row, cells: other.cells };
        for change in [
            Change::MoveRow { question: question.clone(), row, to: to as u32 },
            Change::ReplaceRow { question: question.clone(), row: TableRow::Cells { row: replacement } },
            Change::RemoveRow { question: question.clone(), row },
        ] {
            let before = assessment.clone();
            let inverse = change.apply(&mut assessment).expect("it fits");
            inverse.apply(&mut assessment).expect("the inverse fits");
            prop_assert_eq!(&assessment, &before);
        }
    }

    #[test]
    fn the_splice_between_two_texts_turns_one_into_the_other(
        mut assessment in arbitrary::assessment(),
        question in arbitrary::question_id(),
        before in arbitrary::rich_text(),
        after in arbitrary::rich_text(),
    ) {
        let origin = Origin::Typed { by: "Sam".into(), at: Instant(jiff::Timestamp::UNIX_EPOCH) };
        assessment.answers.insert(question.clone(), Answer::of(Value::RichText { text: before.clone() }, origin.clone()));
        match Change::between_texts(&question, &before, &after, Some(origin)) {
            Some(change) => { change.apply(&mut assessment).expect("it fits"); }
            None => prop_assert_eq!(&before, &after),
        }
        prop_assert_eq!(assessment.text(&question), Some(&after));
    }

    #[test]
    fn the_rows_between_two_tables_turn_one_into_the_other(
        mut assessment in arbitrary::assessment(),
        question in arbitrary::question_id(),
        before in proptest::collection::vec(arbitrary::row(), 0..6),
        new in proptest::collection::vec(arbitrary::row(), 0..3),
        order in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(),
        kept in proptest::collection::vec(any::<bool>(), 6),
        written_over in 0usize..6,
    ) {
        // Some rows stay, some come, one says something else, and all are in another order.
        let mut rows: Vec<_> = before.iter().zip(&kept).filter(|(_, stays)| **stays).map(|(row, _)| row.clone()).collect();
        if let (Some(row), Some(other)) = (rows.get_mut(written_over), new.first()) {
            row.cells = other.cells.clone();
        }
        rows.extend(new);
        let after: Vec<_> = order.into_iter().filter_map(|at| rows.get(at).cloned()).collect();
        let origin = Origin::Typed { by: "Sam".into(), at: Instant(jiff::Timestamp::UNIX_EPOCH) };
        assessment.answers.insert(question.clone(), Answer::of(Value::Table { rows: before.clone() }, origin));
        let start = assessment.clone();
        match Change::between_rows(&question, &before, &after) {
            Some(change) => {
                let inverse = change.apply(&mut assessment).expect("it fits");
                prop_assert_eq!(assessment.value(&question), Some(&Value::Table { rows: after }));
                inverse.apply(&mut assessment).expect("the inverse fits");
                prop_assert_eq!(assessment, start);
            }
            None => prop_assert_eq!(&before, &after),
        }
    }

    #[test]
    fn an_assessment_is_read_back_from_json_as_it_was(assessment in arbitrary::assessment()) {
        let json = serde_json::to_vec(&assessment).expect("it serialises");
        let read: Assessment = serde_json::from_slice(&json).expect("it is read");
        prop_assert_eq!(read.content_digest(), assessment.content_digest());
        prop_assert_eq!(read, assessment);
    }

    #[test]
    fn a_sign_off_does_not_change_what_is_signed(mut assessment in arbitrary::assessment(), text in arbitrary::rich_text()) {
        let question: dpia_model::id::QuestionId = "decision.sign_off".parse().expect("a slug");
        let prose: dpia_model::id::QuestionId = "purpose.aims".parse().expect("a slug");
        let signed = assessment.content_digest();
        let content = Content::Answered { value: Value::SignOff { name: "Sam".into(), role: "DPO".into(), date: None, signs: Some(signed) } };
        assessment.answers.insert(question.clone(), Answer { content, origin: None });
        prop_assert_eq!(assessment.content_digest(), signed);
        prop_assert!(!assessment.changed_since_sign_off().contains(&question));
        let text = RichText { blocks: [text.blocks, RichText::from_plain("one more line").blocks].concat() };
        let change = Change::SetAnswer { question: prose, answer: Some(Answer { content: Content::Answered { value: Value::RichText { text } }, origin: None }) };
        change.apply(&mut assessment).expect("it fits");
        prop_assert!(assessment.changed_since_sign_off().contains(&question));
    }
}
