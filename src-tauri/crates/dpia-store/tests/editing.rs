//! Edits, drafts, imports and search through the store.

mod support;

use dpia_model::assessment::{Answer, Content};
use dpia_model::change::Change;
use dpia_model::history::group_to_undo;
use dpia_model::id::{EntryId, GroupId};
use dpia_store::{HitPlace, Import, StoreError, TemplateKind, TemplateSource};
use support::*;
use uuid::Uuid;

#[test]
fn an_edit_moves_document_history_and_search_together() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let appended = store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", prose("To follow progress.")))]).unwrap();
    assert_eq!(appended.revision, 1);
    assert_eq!(store.load(new.id).unwrap(), (appended.assessment, 1));
    assert_eq!(store.history(new.id).unwrap(), appended.entries);
    assert_eq!(store.search("progress", 10).unwrap().len(), 1);
    // An edit that does not fit leaves all three as they were, and the ones before it in the same call too.
    let edits = vec![
        entry(2, set_answer("purpose.aims", prose("Something else."))),
        entry(3, Change::RemoveRow { question: question("purpose.aims"), row: dpia_model::id::RowId(Uuid::from_u128(9)) }),
    ];
    assert!(matches!(store.append(new.id, 1, edits), Err(StoreError::Change(_))));
    assert_eq!(store.load(new.id).unwrap().1, 1);
    assert_eq!(store.history(new.id).unwrap().len(), 1);
    assert_eq!(store.search("something", 10).unwrap(), []);
}

#[test]
fn an_edit_begun_at_an_older_revision_is_refused() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", prose("One")))]).unwrap();
    let stale = store.append(new.id, 0, vec![entry(2, set_answer("purpose.aims", prose("Two")))]);
    assert!(matches!(stale, Err(StoreError::Stale { base: 0, current: 1 })));
    let twice = store.append(new.id, 1, vec![entry(1, set_answer("purpose.aims", prose("Two")))]);
    assert!(matches!(twice, Err(StoreError::EntryExists(_))));
    let nobody = store.append(assessment(2, "").id, 0, Vec::new());
    assert!(matches!(nobody, Err(StoreError::NoAssessment(_))));
    assert_eq!(store.load(new.id).unwrap().1, 1);
}

#[test]
fn an_edit_can_be_taken_back_from_its_entry() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    for number in 1..=3 {
        let text = format!("Aim {number}");
        store.append(new.id, u32::try_from(number - 1).unwrap(), vec![entry(number, set_answer("purpose.aims", prose(&text)))]).unwrap();
    }
    let tail = store.history_tail(new.id, 2).unwrap();
    assert_eq!(tail.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [2, 3]);
    let group = group_to_undo(&tail).unwrap();
    assert_eq!(group, GroupId(Uuid::from_u128(3)));
    let undone = tail.into_iter().rfind(|entry| entry.group == group).unwrap();
    let mut undo = entry(4, undone.inverse);
    undo.undoes = Some(undone.id);
    let appended = store.append(new.id, 3, vec![undo]).unwrap();
    assert_eq!(appended.assessment.text(&question("purpose.aims")).unwrap().plain_text(), "Aim 2");
    assert_eq!(store.entry(new.id, EntryId(Uuid::from_u128(4))).unwrap().undoes, Some(undone.id));
    assert!(matches!(store.entry(new.id, EntryId(Uuid::from_u128(5))), Err(StoreError::NoEntry(_))));
    store.check_history(new.id).unwrap();
}

#[test]
fn a_draft_is_kept_until_it_is_settled() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let aims = question("purpose.aims");
    assert!(matches!(store.save_draft(assessment(2, "").id, draft("purpose.aims", prose("x"), 1)), Err(StoreError::NoAssessment(_))));
    store.save_draft(new.id, draft("purpose.aims", prose("To fol"), 1)).unwrap();
    store.save_draft(new.id, draft("purpose.aims", prose("To follow"), 2)).unwrap();
    store.save_draft(new.id, draft("rights.responsible", prose("The"), 3)).unwrap();
    let drafts = store.drafts(new.id).unwrap();
    assert_eq!(
        drafts.iter().map(|draft| (draft.question.as_str(), draft.content.clone())).collect::<Vec<_>>(),
        [("purpose.aims", prose("To follow")), ("rights.responsible", prose("The")),]
    );
    assert_eq!(store.list().unwrap()[0].drafts, 2);
    // A settling that is refused keeps the draft.
    let settled = || vec![entry(1, set_answer("purpose.aims", prose("To follow")))];
    assert!(matches!(store.settle(new.id, 5, aims.clone(), settled()), Err(StoreError::Stale { .. })));
    assert_eq!(store.drafts(new.id).unwrap().len(), 2);
    store.settle(new.id, 0, aims.clone(), settled()).unwrap();
    assert_eq!(store.drafts(new.id).unwrap().len(), 1);
    // What came to nothing leaves no entry.
    store.settle(new.id, 1, question("rights.responsible"), Vec::new()).unwrap();
    assert_eq!((store.drafts(new.id).unwrap().len(), store.load(new.id).unwrap().1), (0, 1));
}

#[test]
fn the_list_shows_what_was_edited_last_first() {
    let (_place, store) = created();
    for (number, product) in [(1, "Sonar"), (2, "Sisra"), (3, "MIS")] {
        store.insert_assessment(assessment(number, product), at(i64::try_from(number).unwrap())).unwrap();
    }
    let sonar = assessment(1, "").id;
    store.append(sonar, 0, vec![entry(50, set_answer("purpose.aims", prose("x")))]).unwrap();
    store.bin(assessment(3, "").id, at(60)).unwrap();
    let shown: Vec<(String, u32, bool)> =
        store.list().unwrap().into_iter().map(|row| (row.product, row.revision, row.binned_at.is_some())).collect();
    assert_eq!(shown, [("Sonar".to_owned(), 1, false), ("MIS".to_owned(), 0, true), ("Sisra".to_owned(), 0, false)]);
    store.restore(assessment(3, "").id).unwrap();
    assert_eq!(store.summary(assessment(3, "").id).unwrap().unwrap().binned_at, None);
    assert_eq!(store.summary(assessment(9, "").id).unwrap(), None);
    assert!(matches!(store.bin(assessment(9, "").id, at(1)), Err(StoreError::NoAssessment(_))));
    assert!(matches!(store.insert_assessment(assessment(1, "Sonar"), at(9)), Err(StoreError::AssessmentExists(_))));
}

#[test]
fn progress_is_remembered_for_its_own_revision_only() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let remembered = || store.summary(new.id).unwrap().unwrap().progress;
    assert_eq!(remembered(), None);
    store.remember_progress(new.id, 0, serde_json::json!({"answered": 3})).unwrap();
    assert_eq!(remembered(), Some("{\"answered\":3}".to_owned()));
    store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", prose("x")))]).unwrap();
    assert_eq!(remembered(), None);
    store.remember_progress(new.id, 0, serde_json::json!({"answered": 3})).unwrap();
    assert_eq!(remembered(), None);
}

#[test]
fn words_are_found_by_their_beginning_without_diacritics() {
    let (_place, store) = created();
    let mut new = assessment(1, "Juniper MIS");
    for (id, text) in [
        ("retention.periods", "Records are\ndeleted after seven years."),
        ("purpose.aims", "Zażółć gęślą jaźń."),
        ("nature.description", "Mae’r tŷ yn y dref; data is kept."),
    ] {
        set_answer(id, prose(text)).apply(&mut new).unwrap();
    }
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let check = |query: &str, expected: &[(&str, &[&str])]| {
        let found: Vec<(String, Vec<String>)> = store
            .search(query, 10)
            .unwrap()
            .into_iter()
            .map(|hit| (hit.place.to_string(), hit.matches.iter().map(|range| hit.text[range.clone()].to_owned()).collect()))
            .collect();
        let expected: Vec<(String, Vec<String>)> =
            expected.iter().map(|(place, words)| ((*place).to_owned(), words.iter().map(|word| (*word).to_owned()).collect())).collect();
        assert_eq!(found, expected, "{query}");
    };
    check("delet", &[("question:retention.periods", &["deleted"])]);
    check("YEARS Delet", &[("question:retention.periods", &["deleted", "years"])]);
    check("eleted", &[]);
    check("zazolc JAZN", &[("question:purpose.aims", &["Zażółć", "jaźń"])]);
    check("ty dref", &[("question:nature.description", &["tŷ", "dref"])]);
    check("mis", &[("details", &["MIS"])]);
    check("delet data", &[]);
    check("", &[]);
    check("\" OR * NEAR( )", &[]);
    check("records* \"are", &[("question:retention.periods", &["Records", "are"])]);
    // An answer taken away is no longer found, nor one in the bin.
    let gone = Change::SetAnswer { question: question("purpose.aims"), answer: None };
    store.append(new.id, 0, vec![entry(1, gone)]).unwrap();
    check("zazolc", &[]);
    store.bin(new.id, at(2)).unwrap();
    check("delet", &[]);
    store.restore(new.id).unwrap();
    let hit = store.search("deleted", 10).unwrap().remove(0);
    assert_eq!(
        (hit.assessment, hit.product.as_str(), hit.text.as_str()),
        (new.id, "Juniper MIS", "Records are deleted after seven years.")
    );
    assert_eq!(hit.place, HitPlace::Question(question("retention.periods")));
}

#[test]
fn an_import_is_kept_whole_or_not_at_all() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    store
        .append(
            new.id,
            0,
            vec![entry(1, set_answer("purpose.aims", prose("One"))), entry(2, set_answer("rights.responsible", prose("Two")))],
        )
        .unwrap();
    let import = Import {
        assessment: store.load(new.id).unwrap().0,
        history: store.history(new.id).unwrap(),
        pictures: Vec::new(),
        templates: vec![TemplateSource { kind: TemplateKind::Edition, id: "2030.1".to_owned(), source: "format = 1".to_owned() }],
        at: at(9),
    };
    assert!(matches!(store.import_assessment(import.clone()), Err(StoreError::AssessmentExists(_))));
    assert_eq!(store.templates().unwrap(), []);

    let (_place, other) = created();
    let check = |import: Import, expected: &str| {
        let refused = code(other.import_assessment(import));
        assert!(refused.starts_with(expected), "{refused}");
        assert_eq!((other.list().unwrap().len(), other.templates().unwrap().len()), (0, 0));
    };
    let mut gap = import.clone();
    gap.history.remove(0);
    check(gap, "History(Gap");
    let mut elsewhere = import.clone();
    set_answer("rights.responsible", prose("Three")).apply(&mut elsewhere.assessment).unwrap();
    check(elsewhere, "HistoryMismatch { sequence: 2 }");
    let mut missing = import.clone();
    let nothing = dpia_model::id::Digest::of(b"nothing");
    missing.history.clear();
    missing.assessment.attachments.insert(
        nothing,
        dpia_model::assessment::Attachment { media_type: dpia_model::assessment::MediaType::Png, width: 1, height: 1, bytes: 1 },
    );
    check(missing, "NoAttachment");

    other.import_assessment(import.clone()).unwrap();
    assert_eq!(other.load(new.id).unwrap(), (import.assessment.clone(), 2));
    assert_eq!(other.history(new.id).unwrap(), import.history);
    assert_eq!(other.templates().unwrap(), import.templates);
    assert_eq!(other.search("two", 5).unwrap().len(), 1);
    other.check_history(new.id).unwrap();
    // A template that is here never changes.
    let altered = TemplateSource { source: "format = 2".to_owned(), ..import.templates[0].clone() };
    assert!(matches!(other.put_template(altered), Err(StoreError::TemplateDiffers { .. })));

    // Going on from there, it can take the place of the older one.
    other.append(new.id, 2, vec![entry(3, set_answer("purpose.aims", prose("Four")))]).unwrap();
    store.save_draft(new.id, draft("accuracy.measures", prose("Draft"), 10)).unwrap();
    let newer = Import { assessment: other.load(new.id).unwrap().0, history: other.history(new.id).unwrap(), ..import };
    store.bin(new.id, at(11)).unwrap();
    store.replace_assessment(newer.clone()).unwrap();
    assert_eq!(store.summary(new.id).unwrap().unwrap().binned_at, None);
    assert_eq!(store.load(new.id).unwrap(), (newer.assessment, 3));
    assert_eq!((store.search("four", 5).unwrap().len(), store.search("one", 5).unwrap().len()), (1, 0));
    assert_eq!(store.drafts(new.id).unwrap().len(), 1);
    store.check_history(new.id).unwrap();
}

#[test]
fn a_picture_has_to_be_here_before_it_is_attached() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let mut png = Vec::new();
    image::DynamicImage::new_rgb8(3, 2).write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let picture = dpia_store::Picture::take(&png).unwrap();
    let attach = || vec![entry(1, Change::AddAttachment { id: picture.id(), attachment: picture.attachment().clone() })];
    assert!(matches!(store.append(new.id, 0, attach()), Err(StoreError::NoAttachment(_))));
    store.put_attachment(picture.clone()).unwrap();
    store.put_attachment(picture.clone()).unwrap();
    let appended = store.append(new.id, 0, attach()).unwrap();
    assert_eq!(appended.assessment.attachments[&picture.id()], *picture.attachment());
    assert_eq!(store.attachment(picture.id()).unwrap(), picture);
}

#[test]
fn lists_too_deep_to_be_read_back_are_refused() {
    let (_place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let nested = (0..40).fold(vec![dpia_model::Block::plain("deep")], |blocks, _| {
        vec![dpia_model::Block::BulletedList { items: vec![dpia_model::ListItem { blocks }] }]
    });
    let deep = Content::Answered { value: dpia_model::Value::RichText { text: dpia_model::RichText { blocks: nested } } };
    let refused = store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", deep.clone()))]);
    assert!(matches!(refused, Err(StoreError::TooDeep { .. })));
    assert!(matches!(store.save_draft(new.id, draft("purpose.aims", deep, 1)), Err(StoreError::TooDeep { .. })));
    assert_eq!(store.load(new.id).unwrap(), (new, 0));
}

#[test]
fn where_thousands_of_places_are_found_the_newest_come_first() {
    let (_place, store) = created();
    let mut new = assessment(1, "Sonar");
    for number in 0..2100 {
        let words = if number == 7 { "every pupil, once" } else { "every pupil" };
        new.answers.insert(question(&format!("question.{number:04}")), Answer { content: prose(words), origin: None });
    }
    store.insert_assessment(new.clone(), at(0)).unwrap();
    let places = |query: &str| store.search(query, 3).unwrap().into_iter().map(|hit| hit.place.to_string()).collect::<Vec<_>>();
    assert_eq!(places("pupil").len(), 3);
    assert!(places("pupil")[0] > places("pupil")[1], "{:?}", places("pupil"));
    assert_eq!(places("once pup").len(), 1);
    store.bin(new.id, at(1)).unwrap();
    assert_eq!(places("pupil").len(), 0);
}
