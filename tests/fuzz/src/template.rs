//! Editions, packs and brands: what is read holds together, and an assessment can be written on it.

use dpia_model::assessment::Assessment;
use dpia_model::id::AssessmentId;
use dpia_model::template::{Edition, Form, Library, Pack};
use dpia_model::{Brand, progress, screening};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use uuid::Uuid;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::built_in().expect("the templates hold together"));

/// Reads a text as an edition, as a pack and as a brand, and makes forms of it with those that come with the program.
///
/// # Panics
/// Where a law of templates is broken.
pub fn template(bytes: &[u8]) {
    let Ok(source) = std::str::from_utf8(bytes) else { return };
    match Edition::parse(source) {
        Ok(edition) => {
            assert_eq!(edition.source, source, "an edition keeps the text that it was read from");
            LIBRARY.packs().iter().filter_map(|pack| Form::new(&edition, pack).ok()).for_each(|form| hold(&form));
            keeps_its_own(|library| library.add_edition(source).is_ok());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match Pack::parse(source) {
        Ok(pack) => {
            assert_eq!(pack.source, source, "a pack keeps the text that it was read from");
            LIBRARY.editions().iter().filter_map(|edition| Form::new(edition, &pack).ok()).for_each(|form| hold(&form));
            keeps_its_own(|library| library.add_pack(source).is_ok());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(brand) = Brand::parse(source) {
        let written = brand.to_toml().expect("a brand that was read is written");
        assert_eq!(Brand::parse(&written).ok(), Some(brand), "a brand is read back as it was written");
    }
}

/// A form can be worked on: each question is found by its id, and an empty assessment has its progress and its screening.
fn hold(form: &Form) {
    let mut seen = BTreeSet::new();
    for question in form.questions() {
        assert!(seen.insert(&question.id), "{} is asked twice", question.id);
        assert!(form.section_of(&question.id).is_some(), "{} is in no section", question.id);
    }
    assert!(form.question(&form.screening.result).is_some(), "the screening's result is not asked");
    let empty = Assessment::new(AssessmentId(Uuid::nil()), form.edition.clone(), form.pack.clone(), "empty");
    let counted = progress::measure(form, &empty);
    assert_eq!(counted, progress::measure(form, &empty));
    let _ = screening::screen(form, &empty);
    assert!(serde_json::to_vec(form).is_ok(), "a form crosses to the window");
}

/// A stranger's text never takes the place of what comes with the program.
fn keeps_its_own(add: impl Fn(&mut Library) -> bool) {
    let mut library = LIBRARY.clone();
    assert!(add(&mut library), "what was read once is read again");
    for edition in LIBRARY.editions() {
        assert_eq!(library.edition(&edition.id).map(|found| &found.source), Some(&edition.source));
    }
    for pack in LIBRARY.packs() {
        assert_eq!(library.pack(&pack.id).map(|found| &found.source), Some(&pack.source));
    }
}
