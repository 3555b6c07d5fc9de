//! A workspace from its first run on: what is kept, what is asked, what is refused.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::editing::{Intent, Typed};
use dpia_app::importing::Imported;
use dpia_app::model::Brand;
use dpia_app::preview::{PreviewCopy, PreviewView, Printed};
use dpia_app::printing::{ReportRequest, ReportSignature};
use dpia_app::verifying::{FactAnswer, verify_file};
use dpia_app::{ErrorCode, Start, Surroundings as _, System};
use dpia_keys::fake::Behaviour;
use dpia_model::Extent;
use dpia_model::id::QuestionId;
use dpia_model::rich_text::RichText;
use laptop::*;
use std::path::Path;

#[test]
fn the_first_run_asks_who_one_is_once() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    assert!(matches!(workspace.start().unwrap(), Start::Ready { person: None, is_first_run: true }));
    workspace.vault.save_person(None).unwrap();
    assert!(matches!(workspace.start().unwrap(), Start::Ready { person: None, is_first_run: false }));
    workspace.vault.save_person(Some(officer())).unwrap();
    drop(workspace);
    let Start::Ready { person, is_first_run } = laptop.open().start().unwrap() else { panic!() };
    assert_eq!((person, is_first_run), (Some(officer()), false));

    let other = Laptop::new();
    let workspace = other.open();
    workspace.portfolio.create("Sonar").unwrap();
    assert!(matches!(workspace.start().unwrap(), Start::Ready { person: None, is_first_run: false }), "somebody has worked here");
}

#[test]
fn what_was_being_typed_when_the_program_ended_is_there_and_can_be_undone() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    let saved = workspace.editor.save_answer(id, aims(), prose("First. And th"), false).unwrap();
    assert_eq!(saved.update, None, "a draft makes no history");
    drop(workspace);

    let workspace = laptop.open();
    assert_eq!(words(&workspace, id), "First. And th");
    let update = workspace.editor.undo(id).unwrap();
    assert!(update.can_redo && update.can_undo);
    drop(workspace);

    let workspace = laptop.open();
    assert_eq!(words(&workspace, id), "First.");
    workspace.editor.redo(id).unwrap();
    assert_eq!(words(&workspace, id), "First. And th");
    workspace.editor.undo(id).unwrap();
    workspace.editor.undo(id).unwrap();
    assert_eq!(words(&workspace, id), "");
    let update = workspace.editor.undo(id).unwrap();
    assert!(!update.can_undo, "there is nothing left to undo");
    workspace.editor.redo(id).unwrap();
    workspace.editor.redo(id).unwrap();
    assert_eq!(words(&workspace, id), "First. And th");
}

#[test]
fn an_act_settles_what_is_being_typed_in_the_same_answer_first() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let Imported::Document { report } = workspace.imports.import_file(&fixture("2024-04-19-sonar-multi-school.txt")).unwrap() else {
        panic!()
    };
    let data: QuestionId = "processing.data".parse().unwrap();
    let other = Typed::Reasons { text: RichText::from_plain("Assessment grades and more.") };
    workspace.editor.save_answer(report.assessment, data.clone(), other, false).unwrap();
    let update = workspace.editor.edit(report.assessment, Intent::Confirm { question: data.clone() }).unwrap();
    let other = update.answers[&data].as_ref().unwrap().content.rich_text().unwrap().plain_text();
    assert_eq!(other, "Assessment grades and more.");
}

#[test]
fn a_missing_keychain_entry_is_reported_and_never_gives_an_empty_database() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    drop(workspace);
    let check = |code: ErrorCode| assert_eq!(laptop.try_open().err().map(|error| error.code), Some(code));

    laptop.keychain.set_behaviour(Behaviour::Locked);
    check(ErrorCode::KeychainLocked);
    laptop.keychain.set_behaviour(Behaviour::default());
    assert_eq!(laptop.open().portfolio.list().unwrap()[0].id, id, "unlocked, it opens without a restart");

    std::fs::rename(laptop.data().join("assessments.db"), laptop.file("elsewhere.db")).unwrap();
    check(ErrorCode::Damaged);
    std::fs::rename(laptop.file("elsewhere.db"), laptop.data().join("assessments.db")).unwrap();

    laptop.keychain.replace_all();
    check(ErrorCode::KeyMissing);
    laptop.keychain.empty();
    check(ErrorCode::KeyMissing);
}

#[test]
fn a_first_run_that_was_cut_off_before_its_database_goes_on() {
    let laptop = Laptop::new();
    drop(laptop.open());
    for file in ["assessments.db", "assessments.db-wal"] {
        let _ = std::fs::remove_file(laptop.data().join(file));
    }
    std::fs::write(laptop.data().join("setting-up"), b"").unwrap();
    assert!(laptop.open().portfolio.list().unwrap().is_empty());
    assert!(!laptop.data().join("setting-up").exists());
}

#[test]
fn a_second_window_is_refused_with_the_reason() {
    let laptop = Laptop::new();
    let _first = laptop.open();
    assert_eq!(laptop.try_open().err().map(|error| error.code), Some(ErrorCode::AlreadyOpen));
}

#[test]
fn a_report_is_signed_by_the_officer_with_the_same_certificate_each_time() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let refused = workspace.exports.render_report(id, &internal(ReportSignature::Certified)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::PersonMissing);
    workspace.vault.save_person(Some(officer())).unwrap();
    let fingerprint = |pdf: &[u8]| {
        let verification = dpia_app::verifying::verify(pdf, None, System.now()).unwrap();
        assert!(verification.is_sound, "{}", verification.words());
        assert!(verification.words().contains("Sam Łęcki"), "{}", verification.words());
        verification.words().lines().find(|line| line.contains("Certificate:")).unwrap().to_owned()
    };
    let first = workspace.exports.render_report(id, &internal(ReportSignature::Certified)).unwrap();
    drop(workspace);
    let workspace = laptop.open();
    let second = workspace.exports.render_report(id, &customer("Ysgol Gŵyr")).unwrap();
    assert_eq!(fingerprint(&first.pdf), fingerprint(&second.pdf));
    assert_eq!(second.suggested_name, "DPIA Sonar - Ysgol Gŵyr.pdf");
    let refused = workspace.exports.render_report(id, &customer(" ")).unwrap_err();
    assert_eq!(refused.message, "A customer copy names its client: enter the name of the school or trust.");
}

#[test]
fn a_name_that_would_run_off_its_page_is_refused() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let long = workspace.portfolio.create(&"n".repeat(201)).unwrap();
    let refused = workspace.exports.render_report(long, &internal(ReportSignature::Draft)).unwrap_err();
    assert!(refused.message.contains("name of the product") && refused.message.contains("201 characters"), "{}", refused.message);
    let id = workspace.portfolio.create(&"n".repeat(200)).unwrap();
    workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap();
    let typed = Typed::SignOff { name: "n".repeat(201), role: "DPO".to_owned(), day: String::new() };
    workspace.editor.save_answer(id, "screening.sign_off".parse().unwrap(), typed, true).unwrap();
    let refused = workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap_err();
    assert!(refused.message.contains("name in a sign-off"), "{}", refused.message);
}

#[test]
fn a_word_of_an_answer_is_found_with_its_section() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.imports.import_file(&fixture("2025-07-04-pupil-progress.txt")).unwrap();
    let hits = workspace.portfolio.search("rolling backup").unwrap();
    assert!(hits.iter().any(|hit| hit.label == "Storage Limitation (Retention)"), "{hits:?}");
    let list = workspace.portfolio.list().unwrap();
    assert_eq!((list.len(), list[0].product.as_str(), list[0].groups.len()), (1, "Pupil Progress", 3));
    assert_eq!(workspace.portfolio.list().unwrap(), list, "what is remembered is what was counted");
    workspace.portfolio.bin(list[0].id).unwrap();
    assert!(workspace.portfolio.list().unwrap().is_empty() && workspace.portfolio.search("rolling").unwrap().is_empty());
    workspace.portfolio.restore(list[0].id).unwrap();
    assert_eq!(workspace.portfolio.list().unwrap().len(), 1);
}

#[test]
fn the_brand_file_is_used_and_a_colour_that_cannot_be_read_is_refused() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let plain = workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pdf;
    drop(workspace);
    let brand = |accent: &str| {
        let words = "wordmark = \"Oak\"\nslogan = \"Grow\"\nheader = \"Oak DPIA\"\nfooter = \"Grow\"\nsite = \"oak.example\"\n\
                     copyright_holder = \"Oak Ltd\"\ncopyright_text = \"All rights reserved.\"\n\
                     second = \"#5b2a6b\"\npaper = \"#f6f2e9\"\n";
        std::fs::write(laptop.data().join("brand.toml"), format!("{words}accent = \"{accent}\"\n")).unwrap();
    };
    brand("#123a6b");
    let branded = laptop.open().exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pdf;
    assert_ne!(branded, plain);
    brand("#aaccee");
    let refused = laptop.try_open().err().unwrap();
    assert!(refused.message.starts_with("The accent colour #aaccee has a contrast of 1.7:1 with white"), "{}", refused.message);
}

#[test]
fn a_preview_shows_what_is_being_typed_and_writes_nothing() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("First."), true).unwrap();
    let before = workspace.previews.draw(id, PreviewCopy::Customer).unwrap().unwrap();
    let short = workspace.previews.take(before.number).unwrap();

    let long = "A sentence that goes on for a while. ".repeat(400);
    workspace.editor.save_answer(id, aims(), prose(&long), false).unwrap();
    let after = workspace.previews.draw(id, PreviewCopy::Customer).unwrap().unwrap();
    assert!(after.pages > before.pages, "what is being typed fills more pages: {} and {}", before.pages, after.pages);
    assert!(workspace.previews.take(after.number).unwrap().len() > short.len());
    let saved = workspace.editor.save_answer(id, aims(), prose("First. Se"), false).unwrap();
    assert_eq!(saved.update, None, "the draft is a draft still");

    let page = |view: &PreviewView| view.places.iter().find(|place| place.what == Printed::Question { question: aims() }).unwrap().page;
    assert_eq!(page(&before), page(&after), "what comes before stays on its page");
    let internal = workspace.previews.draw(id, PreviewCopy::Internal).unwrap().unwrap();
    assert!(internal.places.len() > after.places.len(), "internal sections are in the internal copy alone");
}

#[test]
fn a_preview_is_handed_out_once_and_only_the_newest() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let first = workspace.previews.draw(id, PreviewCopy::Internal).unwrap().unwrap();
    let second = workspace.previews.draw(id, PreviewCopy::Internal).unwrap().unwrap();
    let check = |number: u32, is_there: bool| match workspace.previews.take(number) {
        Ok(pdf) => assert!(is_there && pdf.starts_with(b"%PDF-"), "{number}"),
        Err(error) => assert!(!is_there && error.code == ErrorCode::Stale, "{number}: {error}"),
    };
    check(first.number, false);
    check(second.number, true);
    check(second.number, false);
}

#[test]
fn of_many_previews_asked_for_at_once_the_last_is_drawn_and_no_answer_waits() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let drawn: Vec<PreviewView> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| workspace.previews.draw(id, PreviewCopy::Internal).unwrap())).collect();
        workspace.editor.save_answer(id, aims(), prose("Typed meanwhile."), false).unwrap();
        asked.into_iter().filter_map(|asked| asked.join().unwrap()).collect()
    });
    assert!(drawn.iter().any(|view| view.number == 8), "{drawn:?}");
    assert!(workspace.previews.take(8).is_ok());
}

#[test]
fn a_picture_for_the_wordmark_is_kept_printed_and_goes_into_bundles() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let plain = workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pdf;
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../icons/128x128.png");
    let logo = workspace.brand.take_logo(&picture).unwrap();
    let brand = Brand { logo: Some(logo.id), site: "  example.org ".to_owned(), ..workspace.brand.view().unwrap().brand };
    let view = workspace.brand.save(brand).unwrap();
    assert_eq!((view.brand.site.as_str(), view.logo), ("example.org", Some(logo.clone())));
    drop(workspace);

    let workspace = laptop.open();
    assert_eq!(workspace.brand.view().unwrap().brand, view.brand, "it is there after a restart");
    let branded = workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap().pdf;
    let has_picture = |pdf: &[u8]| pdf.windows(14).any(|window| window == b"/Subtype/Image");
    assert_eq!((has_picture(&plain), has_picture(&branded)), (false, true));
    let out = laptop.file("out.dpia");
    workspace.exports.write_bundle(id, &out).unwrap();
    let bundle = dpia_app::documents::open_bundle(&std::fs::read(&out).unwrap()).unwrap().bundle;
    assert_eq!(bundle.brand.logo, Some(logo.id));
    assert!(bundle.attachments.contains_key(&logo.id));
    assert!(workspace.previews.draw(id, PreviewCopy::Internal).unwrap().is_some());
}

#[test]
fn a_brand_is_seen_before_it_is_kept_and_refused_with_the_ratio() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let standard = workspace.brand.view().unwrap().brand;
    let changed = Brand { wordmark: "Example".to_owned(), ..standard.clone() };
    let view = workspace.previews.draw_brand(changed).unwrap().unwrap();
    assert!(view.pages >= 3, "covers and a page between: {}", view.pages);
    assert_eq!(workspace.brand.view().unwrap().brand, standard, "what is looked at is not kept");

    let pale: Brand = serde_json::from_value({
        let mut json = serde_json::to_value(&standard).unwrap();
        json["accent"] = "#9bc4c4".into();
        json
    })
    .unwrap();
    for error in [workspace.previews.draw_brand(pale.clone()).unwrap_err(), workspace.brand.save(pale).unwrap_err()] {
        assert_eq!(error.code, ErrorCode::Refused);
        assert!(error.message.contains("contrast of 1.9:1 with white"), "{error}");
    }
    assert!(!laptop.data().join("brand.toml").exists(), "nothing was written");
}

#[test]
fn letters_that_no_font_has_are_reported_before_export() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("Wrocław and \u{4e16}\u{754c}."), false).unwrap();
    let told = workspace.exports.find_missing_letters(id, &internal(ReportSignature::Draft)).unwrap();
    let letters: Vec<&str> = told.iter().map(|found| found.letter.as_str()).collect();
    assert_eq!(letters, ["\u{4e16}", "\u{754c}"]);
    assert!(told.iter().all(|found| found.section == "Purpose of the processing" && found.words.starts_with("Wrocław and")), "{told:?}");
    let screening = ReportRequest { extent: Extent::Screening, ..internal(ReportSignature::Draft) };
    assert_eq!(workspace.exports.find_missing_letters(id, &screening).unwrap(), [], "the screening alone does not print them");
}

#[test]
fn a_verified_file_gives_its_facts_and_the_same_words_in_a_terminal() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.vault.save_person(Some(officer())).unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let report = laptop.file("report.pdf");
    let signed = workspace.exports.render_report(id, &customer("Example Trust")).unwrap();
    workspace.exports.write_report(&report, &signed).unwrap();
    let found = verify_file(&workspace.identity, &report).unwrap();
    let [signature] = found.signatures.as_slice() else { panic!("{found:?}") };
    let answers = [&signature.intact, &signature.valid, &signature.trusted, &signature.covers, &signature.attachment];
    assert!(answers.iter().all(|fact| fact.answer == FactAnswer::Yes), "{found:?}");
    assert!(found.is_sound && signature.who.contains("Sam Łęcki") && signature.claimed.is_some());
    assert_eq!(found.product.as_deref(), Some("Sonar"));
    for fact in answers {
        assert!(found.words().contains(&fact.words), "{}: {}", fact.words, found.words());
    }

    // One bit of a page is changed: the signature is still its signer's, but not of these bytes.
    let mut bytes = signed.pdf.clone();
    let at = bytes.windows(6).position(|window| window == b"stream").unwrap() + 20;
    bytes[at] ^= 1;
    std::fs::write(&report, &bytes).unwrap();
    let found = verify_file(&workspace.identity, &report).unwrap();
    assert!(!found.is_sound);
    assert_eq!(found.signatures[0].intact.answer, FactAnswer::No, "{}", found.words());

    let draft = workspace.exports.render_report(id, &internal(ReportSignature::Draft)).unwrap();
    std::fs::write(&report, &draft.pdf).unwrap();
    let found = verify_file(&workspace.identity, &report).unwrap();
    assert!(!found.is_sound && found.signatures.is_empty(), "{found:?}");
    assert_eq!(found.attachment.answer, FactAnswer::Yes, "a draft carries what it was printed from too");

    let other = Laptop::new();
    let stranger = other.open();
    std::fs::write(&report, &signed.pdf).unwrap();
    assert_eq!(verify_file(&stranger.identity, &report).unwrap().signatures[0].trusted.answer, FactAnswer::NotAsked);
    let letter = laptop.file("letter.txt");
    std::fs::write(&letter, "Dear school").unwrap();
    assert_eq!(verify_file(&workspace.identity, &letter).unwrap_err().code, ErrorCode::Refused);
}
