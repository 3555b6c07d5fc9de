//! A history that was altered in place, with the key: it is noticed, reported in words, and the answers go on.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::editing::Intent;
use dpia_app::printing::ReportSignature;
use dpia_app::{ErrorCode, documents};
use dpia_keys::{KeyFiles, Opening, open_or_create};
use dpia_model::id::AssessmentId;
use dpia_store::tampering::{Tampering, tamper};
use laptop::*;

const DATABASE: &str = "assessments.db";

/// A closed workspace in which an assessment has this many entries.
fn edited(entries: u32) -> (Laptop, AssessmentId) {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.vault.save_person(Some(officer())).unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    for number in 1..=entries {
        workspace.editor.save_answer(id, aims(), prose(&format!("Answer {number}.")), true).unwrap();
    }
    assert_eq!(workspace.past.find_history_trouble(id).unwrap(), None, "a history that was left alone holds");
    drop(workspace);
    (laptop, id)
}

fn alter(laptop: &Laptop, id: AssessmentId, sequence: u32, tampering: &Tampering) {
    let Opening::Opened(keys) =
        open_or_create(&KeyFiles::in_folder(&laptop.data(), DATABASE), &laptop.keychain, &mut rand_core::OsRng).unwrap()
    else {
        panic!("the keys do not open")
    };
    tamper(&laptop.data().join(DATABASE), keys.database_key().as_bytes(), id, sequence, tampering).unwrap();
}

#[test]
fn what_was_altered_is_named_with_its_entry() {
    let check = |tampering: Tampering, sequence: u32, number: u32, words: &str| {
        let (laptop, id) = edited(20);
        alter(&laptop, id, sequence, &tampering);
        let trouble = laptop.open().past.find_history_trouble(id).unwrap().expect("it was altered");
        assert_eq!((trouble.number, trouble.words.as_str()), (Some(number), words));
    };
    let forged = || Tampering::Forged { person: "Somebody else".into() };
    check(forged(), 7, 8, "Entry 8 of the history does not follow the one before it: one of them was altered.");
    check(Tampering::Garbled, 7, 7, "Entry 7 of the history is not what was written.");
    check(Tampering::Garbled, 20, 20, "Entry 20 of the history is not what was written.");
    check(Tampering::Removed, 7, 7, "Entry 7 of the history is missing: entry 8 is in its place.");
    check(Tampering::Removed, 20, 19, "The history ends at entry 19, and the assessment is at 20.");
}

#[test]
fn a_long_history_is_read_in_parts_to_its_end() {
    let (laptop, id) = edited(1_100);
    alter(&laptop, id, 1_050, &Tampering::Forged { person: "Somebody else".into() });
    assert_eq!(laptop.open().past.find_history_trouble(id).unwrap().and_then(|trouble| trouble.number), Some(1_051));
}

#[test]
fn the_answers_go_on_and_can_be_kept_without_the_history() {
    for tampering in [Tampering::Garbled, Tampering::Forged { person: "Somebody else".into() }, Tampering::Removed] {
        let (laptop, id) = edited(20);
        alter(&laptop, id, 15, &tampering);
        let workspace = laptop.open();
        assert_eq!(words(&workspace, id), "Answer 20.");
        workspace.editor.edit(id, Intent::TickNone { question: "processing.data".parse().unwrap() }).unwrap();
        workspace.editor.save_answer(id, aims(), prose("Answer 21."), true).unwrap();
        assert_eq!(words(&workspace, id), "Answer 21.");

        let file = laptop.file("a.dpia");
        let refused = workspace.exports.write_bundle(id, &file).unwrap_err();
        assert!([ErrorCode::Damaged, ErrorCode::Refused].contains(&refused.code), "{refused:?}");
        assert!(!file.exists(), "nothing is half written");
        assert!(workspace.past.write_history(id, &file).is_err());
        workspace.exports.write_bundle_without_history(id, &file).unwrap();
        let kept = documents::open_bundle(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(kept.bundle.assessment.text(&aims()).unwrap().plain_text(), "Answer 21.");
        assert!(workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pages > 0, "a report needs no history");
    }
}
