//! Copies: what they withhold is nowhere in them, and they open as assessments of their own.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use dpia_bundle::{Bundle, Scope, make_copy, read, write};
use dpia_model::Block;
use dpia_model::assessment::*;
use dpia_model::change::Change;
use dpia_model::id::{AssessmentId, Digest, RowId, SectionId};
use dpia_model::template::{Edition, Form, Pack, SectionItem};
use dpia_model::{Brand, RichText};
use std::collections::{BTreeMap, BTreeSet};
use support::*;
use uuid::Uuid;

/// Stands in everything that a copy without internal sections must not hold.
const CANARY: &str = "KeptFromCustomers";
const COPY: AssessmentId = AssessmentId(Uuid::from_u128(99));

fn form_of(bundle: &Bundle) -> Form {
    Form::new(&Edition::parse(&bundle.edition).unwrap(), &Pack::parse(&bundle.pack).unwrap()).unwrap()
}

/// What a customer copy holds: every section that is not internal, and these.
fn customer_sections(bundle: &Bundle, included: &[&str]) -> BTreeSet<SectionId> {
    let form = form_of(bundle);
    let is_kept = |section: &&dpia_model::template::Section| !section.is_internal || included.contains(&section.id.as_str());
    form.sections().filter(is_kept).map(|section| section.id.clone()).collect()
}

fn risk() -> Risk {
    Risk {
        id: RowId(Uuid::from_u128(5)),
        source: format!("{CANARY} source"),
        harm: format!("{CANARY} harm"),
        likelihood: Some("possible".parse().unwrap()),
        severity: Some("severe".parse().unwrap()),
        measures: vec![Measure {
            id: RowId(Uuid::from_u128(6)),
            description: format!("{CANARY} measure"),
            owner: "Kim".to_owned(),
            due: None,
            effect: None,
        }],
        residual_likelihood: Some("remote".parse().unwrap()),
        residual_severity: Some("minimal".parse().unwrap()),
        is_approved: Some(true),
    }
}

/// A full bundle on the newest edition: every kept answer says "Shown", every withheld thing says the canary.
fn whole() -> (Bundle, Digest) {
    let mut bundle = bundle_of(
        Assessment::new(AssessmentId(Uuid::from_u128(1)), "2026.1".parse().unwrap(), "internal-1".parse().unwrap(), "Sonar"),
        Vec::new(),
    );
    let place = Place { line: 1, heading: CANARY.to_owned(), question: None };
    let text = RichText::from_plain(CANARY);
    bundle.assessment.unplaced.push(Unplaced { id: RowId(Uuid::from_u128(7)), text, place: place.clone() });
    bundle.assessment.imported = Some(ImportRecord {
        document: format!("{CANARY}.md"),
        sha256: Digest::of(CANARY.as_bytes()),
        at: at(0),
        differences: Vec::new(),
        left_out: vec![LeftOut { reason: LeftOutReason::Slogan, text: CANARY.to_owned(), place }],
    });
    let origin = || Some(Origin::Typed { by: CANARY.to_owned(), at: at(0) });
    let mut changes = Vec::new();
    let mut picture_in = |words: &str| {
        let (id, attachment, bytes) = picture(words);
        bundle.attachments.insert(id, bytes);
        changes.push(Change::AddAttachment { id, attachment });
        Block::Picture { attachment: id, description: String::new(), caption: String::new() }
    };
    let (shown_picture, withheld_picture) = (picture_in("Shown"), picture_in(CANARY));
    picture_in(&format!("{CANARY} drawn nowhere"));
    for section in form_of(&bundle).sections() {
        let (words, drawn) = if section.is_internal { (CANARY, &withheld_picture) } else { ("Shown", &shown_picture) };
        for question in section.questions() {
            let text = RichText { blocks: vec![Block::plain(words), drawn.clone()] };
            let value = match &question.kind {
                dpia_model::QuestionKind::RichText { .. } => Value::RichText { text },
                dpia_model::QuestionKind::YesNo { .. } => Value::YesNo { is_yes: true, reasoning: Some(text) },
                dpia_model::QuestionKind::SignOff => {
                    Value::SignOff { name: words.to_owned(), role: words.to_owned(), date: None, signs: Some(Digest::of(b"all of it")) }
                }
                dpia_model::QuestionKind::RiskRegister => Value::Risks { risks: vec![risk()] },
                _ => continue,
            };
            let answer = Answer { content: Content::Answered { value }, origin: origin() };
            changes.push(Change::SetAnswer { question: question.id.clone(), answer: Some(answer) });
        }
    }
    // An answer to a question that the form does not ask.
    let mut orphan = prose(CANARY);
    orphan.origin = origin();
    changes.push(Change::SetAnswer { question: question("from.another_edition"), answer: Some(orphan) });
    let history = edit(&mut bundle.assessment, changes);
    bundle.scope = Scope::Full { history };
    let (logo, _, bytes) = picture("a logo");
    bundle.brand = Brand { logo: Some(logo), ..Brand::default() };
    bundle.attachments.insert(logo, bytes);
    bundle.signature = Some(CANARY.as_bytes().to_vec());
    let Block::Picture { attachment, .. } = shown_picture else { unreachable!() };
    (bundle, attachment)
}

fn holds(parts: &BTreeMap<String, Vec<u8>>, needle: &str) -> Vec<String> {
    parts
        .iter()
        .filter(|(name, bytes)| name.contains(needle) || bytes.windows(needle.len()).any(|window| window == needle.as_bytes()))
        .map(|(name, _)| name.clone())
        .collect()
}

#[test]
fn nothing_of_a_withheld_section_is_in_a_copy() {
    let (mut whole, shown_picture) = whole();
    // The pack's own words of what is withheld.
    let own_words = |source: &str| source.replace("text = [", &format!("text = [\"{CANARY}\", "));
    let pack = Pack::parse(&whole.pack).unwrap();
    whole.pack = own_words(&whole.pack).replace(&format!("harm = \"{}", pack.risk_examples[0].harm), &format!("harm = \"{CANARY}"));
    for question in pack.sections.iter().flat_map(|section| section.questions()) {
        let prompt = dpia_model::rich_text::plain_runs(&question.prompt);
        whole.pack = whole.pack.replace(&format!("prompt = \"{prompt}"), &format!("prompt = \"{CANARY}"));
    }
    assert!(whole.pack.matches(CANARY).count() > 20);
    assert!(read(&write(&whole).unwrap()).unwrap() == whole);

    let copy = make_copy(&whole, &customer_sections(&whole, &[]), COPY).unwrap();
    let bytes = write(&copy).unwrap();
    let parts = unzip(&bytes);
    assert_eq!(holds(&parts, CANARY), Vec::<String>::new());
    for withheld in [
        Digest::of(b"all of it").to_string(),
        Digest::of(CANARY.as_bytes()).to_string(),
        whole.assessment.content_digest().to_string(),
        Digest::of(whole.pack.as_bytes()).to_string(),
        picture(CANARY).0.to_string(),
        whole.assessment.id.to_string(),
        "internal-1".to_owned(),
        "risk.register".to_owned(),
        "decision.advice".to_owned(),
    ] {
        assert_eq!(holds(&parts, &withheld), Vec::<String>::new(), "{withheld}");
    }
    let pictures: Vec<&String> = parts.keys().filter(|name| name.starts_with("attachments/")).collect();
    assert_eq!(pictures.len(), 2, "{pictures:?}");

    // It is read back, opens as a form, and says what it withholds.
    let opened = read(&bytes).unwrap();
    assert_eq!(opened, copy);
    assert_eq!(opened.assessment.id, COPY);
    assert!(opened.attachments.contains_key(&shown_picture));
    let Scope::Copy { withheld } = &opened.scope else { panic!("{:?}", opened.scope) };
    let titles: Vec<&str> = withheld.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Impact", "Likelihood", "Decision, Approval and Documentation", "Guidance Notes", "Risk Examples"]);
    let (form, full_form) = (form_of(&opened), form_of(&whole));
    let ids = |form: &Form| form.sections().map(|section| section.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&form), ids(&full_form));
    assert_eq!(form.questions().count(), full_form.sections().filter(|section| !section.is_internal).flat_map(|s| s.questions()).count());
    assert!(form.sections().filter(|section| section.is_internal).all(|section| matches!(section.items[..], [SectionItem::Text { .. }])));

    // Every answer that it shows is the one of the whole.
    let kept: Vec<_> = full_form.sections().filter(|s| !s.is_internal).flat_map(|s| s.questions()).map(|question| &question.id).collect();
    for id in kept {
        match (whole.assessment.content(id), opened.assessment.content(id)) {
            (
                Content::Answered { value: Value::SignOff { name, .. } },
                Content::Answered { value: Value::SignOff { name: copied, signs, .. } },
            ) => {
                assert_eq!((copied, signs), (name, &None));
            }
            (whole, copied) => assert_eq!(copied, whole, "{id}"),
        }
    }
    assert!(opened.assessment.answers.values().all(|answer| answer.origin.is_none()));
}

#[test]
fn a_view_of_a_withheld_register_holds_what_it_prints() {
    let (whole, _) = whole();
    let copy = make_copy(&whole, &customer_sections(&whole, &["likelihood"]), COPY).unwrap();
    let Some(Value::Risks { risks }) = copy.assessment.value(&question("risk.register")) else { panic!("no risks") };
    let expected = Risk { source: String::new(), harm: String::new(), ..risk() };
    assert_eq!(risks, &[expected]);
    let pack = Pack::parse(&copy.pack).unwrap();
    assert_eq!(pack.scales, form_of(&whole).scales);
    assert_eq!((pack.guidance.len(), pack.risk_examples.len()), (0, 0));
    assert_eq!(read(&write(&copy).unwrap()).unwrap(), copy);
}

#[test]
fn a_copy_with_everything_keeps_its_pack_and_no_history() {
    let (whole, _) = whole();
    let every: BTreeSet<SectionId> = form_of(&whole).sections().map(|section| section.id.clone()).collect();
    let copy = make_copy(&whole, &every, COPY).unwrap();
    assert_eq!((&copy.pack, &copy.scope), (&whole.pack, &Scope::Copy { withheld: Vec::new() }));
    assert_eq!(copy.assessment.value(&question("risk.register")), whole.assessment.value(&question("risk.register")));
    let parts = unzip(&write(&copy).unwrap());
    assert!(!parts.contains_key("history.jsonl") && !parts.contains_key("manifest.p7s"));
    assert_eq!(copy.assessment.imported, None);
}

#[test]
fn notes_go_along_where_they_are_printed_and_only_those_of_kept_questions() {
    let (whole, _) = whole();
    let copy = make_copy(&whole, &customer_sections(&whole, &["guidance_notes"]), COPY).unwrap();
    let pack = Pack::parse(&copy.pack).unwrap();
    assert!(pack.guidance.contains_key(&question("purpose.aims")));
    assert!(!pack.guidance.contains_key(&question("risk.register")));
    assert_eq!(pack.scales.levels, []);
}

#[test]
fn the_same_cut_of_the_same_pack_has_the_same_id() {
    let (whole, _) = whole();
    let cut = |sections: &[&str]| make_copy(&whole, &customer_sections(&whole, sections), COPY).unwrap().assessment.pack;
    assert_eq!(cut(&[]), cut(&[]));
    assert_ne!(cut(&[]), cut(&["impact"]));
    assert_ne!(cut(&["decision"]), cut(&["impact"]));
}

#[test]
fn a_copy_of_a_copy_withholds_no_less() {
    let (whole, _) = whole();
    let copy = make_copy(&whole, &customer_sections(&whole, &["decision"]), COPY).unwrap();
    let every: BTreeSet<SectionId> = form_of(&whole).sections().map(|section| section.id.clone()).collect();
    let again = make_copy(&copy, &every, AssessmentId(Uuid::from_u128(100))).unwrap();
    assert_eq!(again.scope, copy.scope);
    let less = make_copy(&copy, &customer_sections(&copy, &[]), AssessmentId(Uuid::from_u128(100))).unwrap();
    let Scope::Copy { withheld } = less.scope else { panic!() };
    assert_eq!(withheld.len(), 5);
    assert!(read(&write(&again).unwrap()).is_ok());
}

#[test]
fn a_copy_of_the_screening_holds_no_answer_of_part_2() {
    let (whole, _) = whole();
    let screened = form_of(&whole).screening_part().unwrap().clone();
    let kept: BTreeSet<SectionId> = screened.sections.iter().map(|section| section.id.clone()).collect();
    let copy = make_copy(&whole, &kept, COPY).unwrap();
    let asked: BTreeSet<&dpia_model::id::QuestionId> =
        screened.sections.iter().flat_map(|s| s.questions()).map(|question| &question.id).collect();
    let told = copy.assessment.answers.iter().filter(|(_, answer)| answer.content != Content::Withheld);
    assert!(told.clone().count() > 0 && told.clone().all(|(id, _)| asked.contains(id)), "{:?}", told.collect::<Vec<_>>());
    assert_eq!(read(&write(&copy).unwrap()).unwrap(), copy);
}
