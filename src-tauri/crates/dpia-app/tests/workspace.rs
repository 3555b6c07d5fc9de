//! A workspace from its first run on: what is kept, what is asked, what is refused.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_app::editing::Intent;
use dpia_app::importing::Resolution;
use dpia_app::model::Brand;
use dpia_app::printing::{Copy, Extent, ReportRequest, Sealing};
use dpia_app::verifying::FactAnswer;
use dpia_app::views::{Imported, Person, PreviewCopy, PreviewView, Printed, Start};
use dpia_app::{ErrorCode, System, Workspace};
use dpia_keys::fake::{MemoryKeychain, Mood};
use dpia_model::assessment::{Content, Value};
use dpia_model::history::Relation;
use dpia_model::id::{AssessmentId, QuestionId};
use dpia_model::rich_text::RichText;
use std::path::{Path, PathBuf};

fn internal(sealing: Sealing) -> ReportRequest {
    ReportRequest { copy: Copy::Internal, extent: Extent::Whole, sealing }
}

fn customer(client: &str) -> ReportRequest {
    let copy = Copy::Customer { client: client.to_owned(), included: Default::default() };
    ReportRequest { copy, extent: Extent::Whole, sealing: Sealing::Certified }
}

struct Laptop {
    folder: tempfile::TempDir,
    keychain: MemoryKeychain,
}

impl Laptop {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keychain: MemoryKeychain::new() }
    }

    fn try_open(&self) -> Result<Workspace, dpia_app::AppError> {
        Workspace::open_with(&self.data(), &self.keychain, Box::new(System))
    }

    fn open(&self) -> Workspace {
        self.try_open().unwrap()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn officer() -> Person {
    Person { name: "Sam Łęcki".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/documents").join(name)
}

fn aims() -> QuestionId {
    "purpose.aims".parse().unwrap()
}

fn prose(words: &str) -> Content {
    Content::Answered { value: Value::RichText { text: RichText::from_plain(words) } }
}

fn words(workspace: &Workspace, id: AssessmentId) -> String {
    let now = workspace.open_assessment(id).unwrap().now;
    now.answers.get(&aims()).and_then(|answer| answer.content.rich_text()).map(RichText::plain_text).unwrap_or_default()
}

#[test]
fn the_first_run_asks_who_one_is_once() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    assert!(matches!(workspace.start().unwrap(), Start::Ready { person: None, is_first_run: true }));
    workspace.save_person(None).unwrap();
    assert!(matches!(workspace.start().unwrap(), Start::Ready { person: None, is_first_run: false }));
    workspace.save_person(Some(officer())).unwrap();
    drop(workspace);
    let Start::Ready { person, is_first_run } = laptop.open().start().unwrap() else { panic!() };
    assert_eq!((person, is_first_run), (Some(officer()), false));

    let other = Laptop::new();
    let workspace = other.open();
    workspace.create_assessment("Sonar").unwrap();
    assert!(matches!(workspace.start().unwrap(), Start::Ready { person: None, is_first_run: false }), "somebody has worked here");
}

#[test]
fn what_was_being_typed_when_the_program_ended_is_there_and_can_be_undone() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    workspace.save_answer(id, aims(), prose("First."), true).unwrap();
    let update = workspace.save_answer(id, aims(), prose("First. And th"), false).unwrap();
    assert_eq!(update.revision, 1, "a draft makes no history");
    drop(workspace);

    let workspace = laptop.open();
    assert_eq!(words(&workspace, id), "First. And th");
    let update = workspace.undo(id).unwrap();
    assert!(update.can_redo && update.can_undo);
    drop(workspace);

    let workspace = laptop.open();
    assert_eq!(words(&workspace, id), "First.");
    workspace.redo(id).unwrap();
    assert_eq!(words(&workspace, id), "First. And th");
    workspace.undo(id).unwrap();
    workspace.undo(id).unwrap();
    assert_eq!(words(&workspace, id), "");
    let update = workspace.undo(id).unwrap();
    assert!(!update.can_undo, "there is nothing left to undo");
    workspace.redo(id).unwrap();
    workspace.redo(id).unwrap();
    assert_eq!(words(&workspace, id), "First. And th");
}

#[test]
fn an_act_settles_what_is_being_typed_in_the_same_answer_first() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let Imported::Document { report } = workspace.import_file(&fixture("2024-04-19-sonar-multi-school.txt")).unwrap() else { panic!() };
    let data: QuestionId = "processing.data".parse().unwrap();
    let stated = Content::Unknown { stated: Some(RichText::from_plain("Assessment grades and more.")) };
    workspace.save_answer(report.assessment, data.clone(), stated, false).unwrap();
    let update = workspace.edit(report.assessment, Intent::Confirm { question: data.clone() }).unwrap();
    let other = update.answers[&data].content.rich_text().unwrap().plain_text();
    assert_eq!(other, "Assessment grades and more.");
}

#[test]
fn a_laptop_without_its_keychain_entry_is_told_and_never_gets_an_empty_database() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    drop(workspace);
    let check = |code: ErrorCode| assert_eq!(laptop.try_open().err().map(|error| error.code), Some(code));

    laptop.keychain.set_mood(Mood::Locked);
    check(ErrorCode::KeychainLocked);
    laptop.keychain.set_mood(Mood::default());
    assert_eq!(laptop.open().list_assessments().unwrap()[0].id, id, "unlocked, it opens without a restart");

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
    assert!(laptop.open().list_assessments().unwrap().is_empty());
    assert!(!laptop.data().join("setting-up").exists());
}

#[test]
fn a_second_window_is_told() {
    let laptop = Laptop::new();
    let _first = laptop.open();
    assert_eq!(laptop.try_open().err().map(|error| error.code), Some(ErrorCode::AlreadyOpen));
}

#[test]
fn a_bundle_out_and_in_again_asks_and_each_answer_does_what_it_says() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    workspace.save_answer(id, aims(), prose("Then."), true).unwrap();
    let bundle = laptop.file("sonar.dpia");
    workspace.write_bundle(id, &bundle).unwrap();
    workspace.save_answer(id, aims(), prose("Now."), true).unwrap();

    let ask = || match workspace.import_file(&bundle).unwrap() {
        Imported::AlreadyHere { here, in_bundle, relation, ticket, .. } => {
            assert_eq!((here, in_bundle, relation), (2, 1, Relation::Older { by: 1 }));
            ticket
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(workspace.settle_import(ask(), Resolution::Leave).unwrap(), None);
    assert_eq!(words(&workspace, id), "Now.");

    let Some(Imported::Bundle { assessment: beside }) = workspace.settle_import(ask(), Resolution::KeepBoth).unwrap() else { panic!() };
    assert_ne!(beside, id);
    assert_eq!((words(&workspace, id), words(&workspace, beside)), ("Now.".into(), "Then.".into()));

    let ticket = ask();
    let refused = workspace.settle_import(ticket, Resolution::Replace).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused, "an older one never takes the place of a newer");
    assert_eq!(words(&workspace, id), "Now.");
    assert_eq!(workspace.settle_import(ticket, Resolution::Replace).unwrap(), None, "it waits no more");
}

#[test]
fn a_bundle_that_comes_back_is_told_from_the_one_that_is_here() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let (here, there) = (ours.open(), theirs.open());
    let id = here.create_assessment("Sonar").unwrap();
    here.save_answer(id, aims(), prose("First."), true).unwrap();
    let bundle = ours.file("sonar.dpia");
    here.write_bundle(id, &bundle).unwrap();
    let ask = |file: &std::path::Path| match here.import_file(file).unwrap() {
        Imported::AlreadyHere { relation, ticket, .. } => Some((relation, ticket)),
        Imported::Bundle { assessment } => {
            assert_eq!(assessment, id);
            None
        }
        other => panic!("{other:?}"),
    };
    here.bin_assessment(id).unwrap();
    assert_eq!(ask(&bundle), None, "the same is opened, out of the bin");
    assert!(here.list_assessments().unwrap().iter().any(|each| each.id == id));

    there.import_file(&bundle).unwrap();
    there.save_answer(id, aims(), prose("Second, theirs."), true).unwrap();
    let newer = theirs.file("newer.dpia");
    there.write_bundle(id, &newer).unwrap();
    let (relation, ticket) = ask(&newer).unwrap();
    assert_eq!(relation, Relation::Newer { by: 1 });
    // What is written here meanwhile is not written over.
    here.save_answer(id, aims(), prose("Second, ours."), true).unwrap();
    assert_eq!(here.settle_import(ticket, Resolution::Replace).unwrap_err().code, ErrorCode::Refused);
    let (relation, ticket) = ask(&newer).unwrap();
    assert_eq!(relation, Relation::Diverged { here: 1, there: 1 });
    let Some(Imported::Bundle { assessment: beside }) = here.settle_import(ticket, Resolution::KeepBoth).unwrap() else { panic!() };
    assert_eq!((words(&here, id), words(&here, beside)), ("Second, ours.".into(), "Second, theirs.".into()));
    for (workspace, id) in [(&here, id), (&here, beside), (&there, id)] {
        workspace.undo(id).unwrap();
        assert_eq!(words(workspace, id), "First.", "both histories are whole");
    }

    let another = Laptop::new();
    let third = another.open();
    third.import_file(&bundle).unwrap();
    let Imported::AlreadyHere { relation, ticket, .. } = third.import_file(&newer).unwrap() else { panic!() };
    assert_eq!(relation, Relation::Newer { by: 1 });
    third.settle_import(ticket, Resolution::Replace).unwrap();
    assert_eq!(words(&third, id), "Second, theirs.");
}

#[test]
fn a_file_that_is_no_dpia_changes_nothing() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let file = laptop.file("shopping.txt");
    std::fs::write(&file, "Bread, milk and a newspaper.").unwrap();
    let error = workspace.import_file(&file).unwrap_err();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(workspace.list_assessments().unwrap().is_empty());
    std::fs::write(&file, b"PK\x03\x04 not a zip").unwrap();
    assert_eq!(workspace.import_file(&file).unwrap_err().code, ErrorCode::Refused);
}

#[test]
fn a_report_is_signed_by_the_officer_with_the_same_certificate_each_time() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    let refused = workspace.render_report(id, &internal(Sealing::Certified)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::PersonMissing);
    workspace.save_person(Some(officer())).unwrap();
    let fingerprint = |pdf: &[u8]| {
        let verification = dpia_app::verifying::verify(pdf, None).unwrap();
        assert!(verification.is_sound, "{}", verification.words());
        assert!(verification.words().contains("Sam Łęcki"), "{}", verification.words());
        verification.words().lines().find(|line| line.contains("Certificate:")).unwrap().to_owned()
    };
    let first = workspace.render_report(id, &internal(Sealing::Certified)).unwrap();
    drop(workspace);
    let workspace = laptop.open();
    let second = workspace.render_report(id, &customer("Ysgol Gŵyr")).unwrap();
    assert_eq!(fingerprint(&first.pdf), fingerprint(&second.pdf));
    assert_eq!(second.suggested_name, "DPIA Sonar - Ysgol Gŵyr.pdf");
    let refused = workspace.render_report(id, &customer(" ")).unwrap_err();
    assert_eq!(refused.message, "A customer copy names its client: write the name of the school or trust.");
}

#[test]
fn a_report_opens_again_and_editing_goes_on() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.import_file(&fixture("2024-04-19-sonar-multi-school.txt")).unwrap();
    let id = workspace.list_assessments().unwrap()[0].id;
    workspace.save_person(Some(officer())).unwrap();
    let whole = workspace.render_report(id, &internal(Sealing::Certified)).unwrap().pdf;
    let copy = workspace.render_report(id, &customer("Ysgol Gŵyr")).unwrap().pdf;
    let other = Laptop::new();
    let theirs = other.open();
    let (whole_pdf, copy_pdf) = (other.file("whole.pdf"), other.file("copy.pdf"));
    std::fs::write(&whole_pdf, &whole).unwrap();
    std::fs::write(&copy_pdf, copy).unwrap();
    let Imported::Bundle { assessment } = theirs.import_file(&whole_pdf).unwrap() else { panic!("not a bundle") };
    assert_eq!(assessment, id);
    assert_eq!(theirs.import_file(&whole_pdf).unwrap(), Imported::Bundle { assessment: id }, "the same is opened");
    let Imported::Bundle { assessment: copied } = theirs.import_file(&copy_pdf).unwrap() else { panic!("not a bundle") };
    assert_ne!(copied, id, "a copy is an assessment of its own");
    assert_eq!(theirs.import_file(&copy_pdf).unwrap(), Imported::Bundle { assessment: copied }, "and the same one each time");
    // What was opened is printed as it was: the same words, revision and all.
    let again = theirs.render_report(id, &internal(Sealing::Draft)).unwrap();
    assert_eq!(again.pages, workspace.render_report(id, &internal(Sealing::Draft)).unwrap().pages);
    assert_eq!(theirs.list_assessments().unwrap().len(), 2);

    let mut swapped = whole.clone();
    let digits = swapped.windows(23).position(|window| window == b"<dpia:attachmentSha256>").unwrap() + 23;
    swapped[digits] = if swapped[digits] == b'0' { b'1' } else { b'0' };
    std::fs::write(&whole_pdf, swapped).unwrap();
    let refused = theirs.import_file(&whole_pdf).unwrap_err();
    assert!(refused.message.contains("is not the one it was printed from"), "{}", refused.message);
    std::fs::write(&whole_pdf, b"%PDF-1.7\nnothing").unwrap();
    assert_eq!(theirs.import_file(&whole_pdf).unwrap_err().code, ErrorCode::Refused);
}

#[test]
fn a_word_of_an_answer_is_found_with_its_section() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.import_file(&fixture("2025-07-04-pupil-progress.txt")).unwrap();
    let hits = workspace.search("rolling backup").unwrap();
    assert!(hits.iter().any(|hit| hit.label == "Storage Limitation (Retention)"), "{hits:?}");
    let list = workspace.list_assessments().unwrap();
    assert_eq!((list.len(), list[0].product.as_str(), list[0].groups.len()), (1, "Pupil Progress", 3));
    assert_eq!(workspace.list_assessments().unwrap(), list, "what is remembered is what was counted");
    workspace.bin_assessment(list[0].id).unwrap();
    assert!(workspace.list_assessments().unwrap().is_empty() && workspace.search("rolling").unwrap().is_empty());
    workspace.restore_assessment(list[0].id).unwrap();
    assert_eq!(workspace.list_assessments().unwrap().len(), 1);
}

#[test]
fn the_brand_file_is_used_and_a_colour_that_cannot_be_read_is_refused() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    let plain = workspace.render_report(id, &internal(Sealing::Draft)).unwrap().pdf;
    drop(workspace);
    let brand = |accent: &str| {
        let words = "wordmark = \"Oak\"\nslogan = \"Grow\"\nheader = \"Oak DPIA\"\nfooter = \"Grow\"\nsite = \"oak.example\"\n\
                     copyright_holder = \"Oak Ltd\"\ncopyright_text = \"All rights reserved.\"\n\
                     second = \"#5b2a6b\"\npaper = \"#f6f2e9\"\n";
        std::fs::write(laptop.data().join("brand.toml"), format!("{words}accent = \"{accent}\"\n")).unwrap();
    };
    brand("#123a6b");
    let branded = laptop.open().render_report(id, &internal(Sealing::Draft)).unwrap().pdf;
    assert_ne!(branded, plain);
    brand("#aaccee");
    let refused = laptop.try_open().err().unwrap();
    assert!(refused.message.starts_with("The accent colour #aaccee has a contrast of 1.7 to 1 with white"), "{}", refused.message);
}

#[test]
fn a_preview_shows_what_is_being_typed_and_writes_nothing() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    workspace.save_answer(id, aims(), prose("First."), true).unwrap();
    let before = workspace.draw_preview(id, PreviewCopy::Customer).unwrap().unwrap();
    let short = workspace.take_preview(before.number).unwrap();

    let long = "A sentence that goes on for a while. ".repeat(400);
    workspace.save_answer(id, aims(), prose(&long), false).unwrap();
    let after = workspace.draw_preview(id, PreviewCopy::Customer).unwrap().unwrap();
    assert!(after.pages > before.pages, "what is being typed fills more pages: {} and {}", before.pages, after.pages);
    assert!(workspace.take_preview(after.number).unwrap().len() > short.len());
    let update = workspace.save_answer(id, aims(), prose("First. Se"), false).unwrap();
    assert_eq!(update.revision, 1, "the draft is a draft still");

    let page = |view: &PreviewView| view.places.iter().find(|place| place.what == Printed::Question { question: aims() }).unwrap().page;
    assert_eq!(page(&before), page(&after), "what stands before stays on its page");
    let internal = workspace.draw_preview(id, PreviewCopy::Internal).unwrap().unwrap();
    assert!(internal.places.len() > after.places.len(), "internal sections are in the internal copy alone");
}

#[test]
fn a_preview_is_handed_out_once_and_only_the_newest() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    let first = workspace.draw_preview(id, PreviewCopy::Internal).unwrap().unwrap();
    let second = workspace.draw_preview(id, PreviewCopy::Internal).unwrap().unwrap();
    let check = |number: u32, is_there: bool| match workspace.take_preview(number) {
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
    let id = workspace.create_assessment("Sonar").unwrap();
    let drawn: Vec<PreviewView> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| workspace.draw_preview(id, PreviewCopy::Internal).unwrap())).collect();
        workspace.save_answer(id, aims(), prose("Typed meanwhile."), false).unwrap();
        asked.into_iter().filter_map(|asked| asked.join().unwrap()).collect()
    });
    assert!(drawn.iter().any(|view| view.number == 8), "{drawn:?}");
    assert!(workspace.take_preview(8).is_ok());
}

#[test]
fn a_picture_for_the_wordmark_is_kept_printed_and_goes_into_bundles() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    let plain = workspace.render_report(id, &internal(Sealing::Draft)).unwrap().pdf;
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../icons/128x128.png");
    let logo = workspace.take_logo(&picture).unwrap();
    let brand = Brand { logo: Some(logo.id), site: "  example.org ".to_owned(), ..workspace.brand_view().unwrap().brand };
    let view = workspace.save_brand(brand).unwrap();
    assert_eq!((view.brand.site.as_str(), view.logo), ("example.org", Some(logo.clone())));
    drop(workspace);

    let workspace = laptop.open();
    assert_eq!(workspace.brand_view().unwrap().brand, view.brand, "it is there after a restart");
    let branded = workspace.render_report(id, &internal(Sealing::Draft)).unwrap().pdf;
    let has_picture = |pdf: &[u8]| pdf.windows(14).any(|window| window == b"/Subtype/Image");
    assert_eq!((has_picture(&plain), has_picture(&branded)), (false, true));
    let out = laptop.file("out.dpia");
    workspace.write_bundle(id, &out).unwrap();
    let bundle = dpia_app::documents::open_bundle(&std::fs::read(&out).unwrap()).unwrap().bundle;
    assert_eq!(bundle.brand.logo, Some(logo.id));
    assert!(bundle.attachments.contains_key(&logo.id));
    assert!(workspace.draw_preview(id, PreviewCopy::Internal).unwrap().is_some());
}

#[test]
fn a_brand_is_seen_before_it_is_kept_and_refused_with_the_ratio() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let standard = workspace.brand_view().unwrap().brand;
    let changed = Brand { wordmark: "Example".to_owned(), ..standard.clone() };
    let view = workspace.draw_brand(changed).unwrap().unwrap();
    assert!(view.pages >= 3, "covers and a page between: {}", view.pages);
    assert_eq!(workspace.brand_view().unwrap().brand, standard, "what is looked at is not kept");

    let pale: Brand = serde_json::from_value({
        let mut json = serde_json::to_value(&standard).unwrap();
        json["accent"] = "#9bc4c4".into();
        json
    })
    .unwrap();
    for error in [workspace.draw_brand(pale.clone()).unwrap_err(), workspace.save_brand(pale).unwrap_err()] {
        assert_eq!(error.code, ErrorCode::Refused);
        assert!(error.message.contains("contrast of 1.9 to 1 with white"), "{error}");
    }
    assert!(!laptop.data().join("brand.toml").exists(), "nothing was written");
}

#[test]
fn letters_that_no_font_has_are_told_before_export() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.create_assessment("Sonar").unwrap();
    workspace.save_answer(id, aims(), prose("Wrocław and \u{4e16}\u{754c}."), false).unwrap();
    let told = workspace.find_missing_letters(id, &internal(Sealing::Draft)).unwrap();
    let letters: Vec<&str> = told.iter().map(|found| found.letter.as_str()).collect();
    assert_eq!(letters, ["\u{4e16}", "\u{754c}"]);
    assert!(told.iter().all(|found| found.section == "Purpose of the processing" && found.words.starts_with("Wrocław and")), "{told:?}");
    let screening = ReportRequest { extent: Extent::Screening, ..internal(Sealing::Draft) };
    assert_eq!(workspace.find_missing_letters(id, &screening).unwrap(), [], "the screening alone does not print them");
}

#[test]
fn a_verified_file_gives_its_facts_and_the_same_words_in_a_terminal() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.save_person(Some(officer())).unwrap();
    let id = workspace.create_assessment("Sonar").unwrap();
    let report = laptop.file("report.pdf");
    let signed = workspace.render_report(id, &customer("Example Trust")).unwrap();
    workspace.write_report(&report, &signed).unwrap();
    let found = workspace.verify_file(&report).unwrap();
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
    let found = workspace.verify_file(&report).unwrap();
    assert!(!found.is_sound);
    assert_eq!(found.signatures[0].intact.answer, FactAnswer::No, "{}", found.words());

    let draft = workspace.render_report(id, &internal(Sealing::Draft)).unwrap();
    std::fs::write(&report, &draft.pdf).unwrap();
    let found = workspace.verify_file(&report).unwrap();
    assert!(!found.is_sound && found.signatures.is_empty(), "{found:?}");
    assert_eq!(found.attachment.answer, FactAnswer::Yes, "a draft carries what it was printed from too");

    let other = Laptop::new();
    let stranger = other.open();
    std::fs::write(&report, &signed.pdf).unwrap();
    assert_eq!(stranger.verify_file(&report).unwrap().signatures[0].trusted.answer, FactAnswer::NotAsked);
    let letter = laptop.file("letter.txt");
    std::fs::write(&letter, "Dear school").unwrap();
    assert_eq!(workspace.verify_file(&letter).unwrap_err().code, ErrorCode::Refused);
}
