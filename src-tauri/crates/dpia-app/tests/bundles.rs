//! Bundles, and reports that carry one, coming in: what is kept, what is asked, what is refused.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::ErrorCode;
use dpia_app::importing::{Imported, Resolution};
use dpia_app::printing::ReportSignature;
use dpia_app::provenance::BundleSignature;
use dpia_model::history::Relation;
use laptop::*;

#[test]
fn a_bundle_out_and_in_again_asks_and_each_answer_does_what_it_says() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("Then."), true).unwrap();
    let bundle = laptop.file("sonar.dpia");
    workspace.exports.write_bundle(id, &bundle).unwrap();
    workspace.editor.save_answer(id, aims(), prose("Now."), true).unwrap();

    let ask = || match workspace.imports.import_file(&bundle).unwrap() {
        Imported::AlreadyHere { here, in_bundle, relation, ticket, .. } => {
            assert_eq!((here, in_bundle, relation), (2, 1, Relation::Older { by: 1 }));
            ticket
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(workspace.imports.settle(ask(), Resolution::Leave).unwrap(), None);
    assert_eq!(words(&workspace, id), "Now.");

    let Some(Imported::Bundle { assessment: beside }) = workspace.imports.settle(ask(), Resolution::KeepBoth).unwrap() else { panic!() };
    assert_ne!(beside, id);
    assert_eq!((words(&workspace, id), words(&workspace, beside)), ("Now.".into(), "Then.".into()));

    let ticket = ask();
    let asked = workspace.imports.settle(ticket, Resolution::Replace).unwrap();
    let Some(Imported::AlreadyHere { relation: Relation::Older { by: 1 }, ticket: again, .. }) = asked else {
        panic!("an older one never takes the place of a newer, and is asked about again: {asked:?}")
    };
    assert_eq!(words(&workspace, id), "Now.");
    assert_eq!(workspace.imports.settle(ticket, Resolution::Replace).unwrap(), None, "it waits under another number");
    let Some(Imported::Bundle { assessment: third }) = workspace.imports.settle(again, Resolution::KeepBoth).unwrap() else { panic!() };
    assert_eq!(words(&workspace, third), "Then.", "kept without opening the file again");
}

#[test]
fn several_bundles_wait_at_once_and_each_is_answered() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let (here, there) = (ours.open(), theirs.open());
    let files = ["Sonar", "Sisra"].map(|product| {
        let id = there.portfolio.create(product).unwrap();
        there.editor.save_answer(id, aims(), prose(product), true).unwrap();
        let file = theirs.file(&format!("{product}.dpia"));
        there.exports.write_bundle(id, &file).unwrap();
        (id, file)
    });
    let tickets = files.each_ref().map(|(_, file)| match here.imports.import_file(file).unwrap() {
        Imported::Asked { ticket, .. } => ticket,
        other => panic!("{other:?}"),
    });
    for ((id, _), ticket) in files.iter().zip(tickets) {
        assert_eq!(here.imports.settle(ticket, Resolution::Open).unwrap(), Some(Imported::Bundle { assessment: *id }));
    }
    // Both again, the second asked about before the first is answered.
    for (id, _) in &files {
        here.editor.save_answer(*id, aims(), prose("Changed here."), true).unwrap();
    }
    let tickets = files.each_ref().map(|(_, file)| match here.imports.import_file(file).unwrap() {
        Imported::AlreadyHere { ticket, .. } => ticket,
        other => panic!("{other:?}"),
    });
    for ticket in tickets {
        assert!(matches!(here.imports.settle(ticket, Resolution::KeepBoth).unwrap(), Some(Imported::Bundle { .. })));
    }
    assert_eq!(here.portfolio.list().unwrap().len(), 4);
}

#[test]
fn a_bundle_that_comes_back_is_compared_with_the_one_that_is_here() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let (here, there) = (ours.open(), theirs.open());
    let id = here.portfolio.create("Sonar").unwrap();
    here.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    let bundle = ours.file("sonar.dpia");
    here.exports.write_bundle(id, &bundle).unwrap();
    let ask = |file: &std::path::Path| match here.imports.import_file(file).unwrap() {
        Imported::AlreadyHere { relation, ticket, .. } => Some((relation, ticket)),
        Imported::Bundle { assessment } => {
            assert_eq!(assessment, id);
            None
        }
        other => panic!("{other:?}"),
    };
    here.portfolio.bin(id).unwrap();
    assert_eq!(ask(&bundle), None, "the same is opened, out of the bin");
    assert!(here.portfolio.list().unwrap().iter().any(|each| each.id == id));

    assert_eq!(take_in(&there, &bundle), id);
    there.editor.save_answer(id, aims(), prose("Second, theirs."), true).unwrap();
    let newer = theirs.file("newer.dpia");
    there.exports.write_bundle(id, &newer).unwrap();
    let (relation, ticket) = ask(&newer).unwrap();
    assert_eq!(relation, Relation::Newer { by: 1 });
    // What is written here meanwhile is not written over.
    here.editor.save_answer(id, aims(), prose("Second, ours."), true).unwrap();
    let asked = here.imports.settle(ticket, Resolution::Replace).unwrap();
    let Some(Imported::AlreadyHere { relation, ticket, .. }) = asked else { panic!("{asked:?}") };
    assert_eq!(relation, Relation::Diverged { here: 1, there: 1 });
    let Some(Imported::Bundle { assessment: beside }) = here.imports.settle(ticket, Resolution::KeepBoth).unwrap() else { panic!() };
    assert_eq!((words(&here, id), words(&here, beside)), ("Second, ours.".into(), "Second, theirs.".into()));
    for (workspace, id) in [(&here, id), (&here, beside), (&there, id)] {
        workspace.editor.undo(id).unwrap();
        assert_eq!(words(workspace, id), "First.", "both histories are whole");
    }

    let another = Laptop::new();
    let third = another.open();
    take_in(&third, &bundle);
    let Imported::AlreadyHere { relation, ticket, .. } = third.imports.import_file(&newer).unwrap() else { panic!() };
    assert_eq!(relation, Relation::Newer { by: 1 });
    third.imports.settle(ticket, Resolution::Replace).unwrap();
    assert_eq!(words(&third, id), "Second, theirs.");
}

#[test]
fn a_file_that_is_no_dpia_changes_nothing() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let file = laptop.file("shopping.txt");
    std::fs::write(&file, "Bread, milk and a newspaper.").unwrap();
    let error = workspace.imports.import_file(&file).unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(workspace.portfolio.list().unwrap().is_empty());
    std::fs::write(&file, b"PK\x03\x04 not a zip").unwrap();
    assert_eq!(workspace.imports.import_file(&file).unwrap_err().code, ErrorCode::Refused);
}

#[test]
fn a_report_opens_again_and_editing_goes_on() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.imports.import_file(&fixture("2024-04-19-sonar-multi-school.txt")).unwrap();
    let id = workspace.portfolio.list().unwrap()[0].id;
    workspace.vault.save_person(Some(officer())).unwrap();
    let whole = workspace.exports.render_report(id, &internal(ReportSignature::Certified)).unwrap().pdf;
    let copy = workspace.exports.render_report(id, &customer("Ysgol Gŵyr")).unwrap().pdf;
    let other = Laptop::new();
    let theirs = other.open();
    let (whole_pdf, copy_pdf) = (other.file("whole.pdf"), other.file("copy.pdf"));
    std::fs::write(&whole_pdf, &whole).unwrap();
    std::fs::write(&copy_pdf, copy).unwrap();
    let signer = |file: &std::path::Path| match theirs.imports.import_file(file).unwrap() {
        Imported::Asked { provenance, ticket, .. } => {
            assert!(matches!(provenance.signature, BundleSignature::Unknown { .. }), "{provenance:?}");
            ticket
        }
        other => panic!("{other:?}"),
    };
    // The person who signed the report vouches for the bundle inside, and is not known there.
    assert_eq!(theirs.imports.settle(signer(&whole_pdf), Resolution::Open).unwrap(), Some(Imported::Bundle { assessment: id }));
    assert_eq!(theirs.imports.import_file(&whole_pdf).unwrap(), Imported::Bundle { assessment: id }, "the same is opened");
    let opened = theirs.imports.settle(signer(&copy_pdf), Resolution::Open).unwrap();
    let Some(Imported::Bundle { assessment: copied }) = opened else { panic!("not a bundle: {opened:?}") };
    assert_ne!(copied, id, "a copy is an assessment of its own");
    assert_eq!(theirs.imports.import_file(&copy_pdf).unwrap(), Imported::Bundle { assessment: copied }, "and the same one each time");
    // What was opened is printed as it was: the same words, revision and all.
    let again = theirs.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap();
    assert_eq!(again.pages, workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pages);
    assert_eq!(theirs.portfolio.list().unwrap().len(), 2);

    let unsigned = workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pdf;
    for (pdf, why) in [(unsigned, "is not the one it was printed from"), (whole, "The signature of this PDF is not valid")] {
        let mut swapped = pdf;
        let digits = swapped.windows(23).position(|window| window == b"<dpia:attachmentSha256>").unwrap() + 23;
        swapped[digits] = if swapped[digits] == b'0' { b'1' } else { b'0' };
        std::fs::write(&whole_pdf, swapped).unwrap();
        let refused = theirs.imports.import_file(&whole_pdf).unwrap_err();
        assert!(refused.message.contains(why), "{}", refused.message);
    }
    std::fs::write(&whole_pdf, b"%PDF-1.7\nnothing").unwrap();
    assert_eq!(theirs.imports.import_file(&whole_pdf).unwrap_err().code, ErrorCode::Refused);
}
