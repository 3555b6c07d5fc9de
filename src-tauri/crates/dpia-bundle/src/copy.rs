//! Copies: an assessment of its own that holds what the copy prints, and names what it leaves out.
//!
//! What is kept is picked, not what is dropped: an answer, picture, note or example that no kept section prints is not
//! in the copy, and neither is the history, where answers came from, what an import could not place, or a digest over
//! what is left out.

use crate::error::BundleError;
use crate::v1::{EDITION, PACK};
use crate::{Bundle, Scope, Withheld};
use dpia_model::assessment::{Answer, Assessment, Content, Risk, Value};
use dpia_model::id::{AssessmentId, Digest, PackId, QuestionId, SectionId};
use dpia_model::template::{Edition, Form, Pack, Section, SectionItem};
use std::collections::{BTreeMap, BTreeSet};

/// What is in a withheld section of a copy's pack.
const WITHHELD: &str = "This section is withheld from this copy.";

/// Makes the copy that holds these sections and no other. `id` is the copy's own.
pub fn make_copy(whole: &Bundle, kept: &BTreeSet<SectionId>, id: AssessmentId) -> Result<Bundle, BundleError> {
    let edition = Edition::parse(&whole.edition).map_err(|source| BundleError::Template { part: EDITION, source })?;
    let pack = Pack::parse(&whole.pack).map_err(|source| BundleError::Template { part: PACK, source })?;
    let form = Form::new(&edition, &pack)?;
    let is_kept = |section: &Section| kept.contains(&section.id);
    // A copy of a copy: what was left out before is left out still, and its place in the form is kept.
    let before: &[Withheld] = match &whole.scope {
        Scope::Copy { withheld } => withheld,
        Scope::Full { .. } => &[],
    };
    let is_before = |section: &Section| before.iter().any(|known| known.id == section.id);
    let withheld: Vec<Withheld> = form
        .sections()
        .filter(|section| !is_kept(section) || is_before(section))
        .map(|section| Withheld { id: section.id.clone(), title: section.title.clone() })
        .chain(before.iter().filter(|known| !form.sections().any(|section| section.id == known.id)).cloned())
        .collect();
    let (pack_id, pack_source) = match form.sections().all(is_kept) {
        true => (pack.id, whole.pack.clone()),
        false => cut_pack(&whole.pack, &form, &is_kept)?,
    };
    let mut assessment = Assessment {
        id,
        edition: edition.id.clone(),
        pack: pack_id,
        details: whole.assessment.details.clone(),
        answers: keep_answers(&form, &edition, &whole.assessment, &is_kept),
        unplaced: Vec::new(),
        attachments: BTreeMap::new(),
        imported: None,
    };
    let drawn = assessment.pictures_drawn();
    assessment.attachments =
        whole.assessment.attachments.iter().filter(|(id, _)| drawn.contains(id)).map(|(id, known)| (*id, known.clone())).collect();
    let attachments = whole
        .attachments
        .iter()
        .filter(|(id, _)| assessment.attachments.contains_key(id) || whole.brand.logo == Some(**id))
        .map(|(id, bytes)| (*id, bytes.clone()))
        .collect();
    Ok(Bundle {
        scope: Scope::Copy { withheld },
        assessment,
        edition: whole.edition.clone(),
        pack: pack_source,
        brand: whole.brand.clone(),
        attachments,
        signature: None,
    })
}

/// The answers that the kept sections print.
fn keep_answers(
    form: &Form,
    edition: &Edition,
    assessment: &Assessment,
    is_kept: &impl Fn(&Section) -> bool,
) -> BTreeMap<QuestionId, Answer> {
    let mut kept = BTreeMap::new();
    for section in form.sections().filter(|section| is_kept(section)) {
        for item in &section.items {
            match item {
                SectionItem::Question { question } => {
                    if let Some(answer) = assessment.answers.get(&question.id) {
                        kept.insert(question.id.clone(), Answer { content: without_digest(&answer.content), origin: None });
                    }
                }
                SectionItem::RiskMap { register } => {
                    keep_risks(&mut kept, assessment, register, |kept, risk| {
                        kept.likelihood.clone_from(&risk.likelihood);
                        kept.severity.clone_from(&risk.severity);
                    });
                }
                SectionItem::RiskMeasures { register } => {
                    keep_risks(&mut kept, assessment, register, |kept, risk| {
                        kept.measures.clone_from(&risk.measures);
                        kept.is_approved = risk.is_approved;
                    });
                }
                SectionItem::Text { .. } | SectionItem::GuidanceNotes | SectionItem::RiskExamples => {}
            }
        }
    }
    // A section of the edition itself stays in the form: its answers say that they are withheld.
    for section in edition.parts.iter().flat_map(|part| &part.sections).filter(|section| !is_kept(section)) {
        for question in section.questions() {
            kept.entry(question.id.clone()).or_insert(Answer { content: Content::Withheld, origin: None });
        }
    }
    kept
}

/// Keeps of a register, whose own section may be withheld, what a view of it prints; its risks stay in order.
fn keep_risks(kept: &mut BTreeMap<QuestionId, Answer>, assessment: &Assessment, register: &QuestionId, copy: impl Fn(&mut Risk, &Risk)) {
    let Some(Value::Risks { risks }) = assessment.value(register) else { return };
    let blank = |risk: &Risk| Risk {
        id: risk.id,
        source: String::new(),
        harm: String::new(),
        likelihood: None,
        severity: None,
        measures: Vec::new(),
        residual_likelihood: risk.residual_likelihood.clone(),
        residual_severity: risk.residual_severity.clone(),
        is_approved: None,
    };
    let answer = kept.entry(register.clone()).or_insert_with(|| Answer {
        content: Content::Answered { value: Value::Risks { risks: risks.iter().map(blank).collect() } },
        origin: None,
    });
    if let Content::Answered { value: Value::Risks { risks: views } } = &mut answer.content {
        views.iter_mut().zip(risks).for_each(|(view, risk)| copy(view, risk));
    }
}

/// A sign-off's digest is over everything, what is withheld too.
fn without_digest(content: &Content) -> Content {
    match content {
        Content::Answered { value: Value::SignOff { name, role, date, .. } } => {
            Content::Answered { value: Value::SignOff { name: name.clone(), role: role.clone(), date: *date, signs: None } }
        }
        Content::Unanswered | Content::Unknown { .. } | Content::Answered { .. } | Content::NotApplicable { .. } | Content::Withheld => {
            content.clone()
        }
    }
}

/// What a copy holds of a pack: kept sections whole, withheld ones by their title; notes, examples and scales only where
/// a kept section prints them. Its id is made of what is kept, so two packs of one id are the same.
fn cut_pack(source: &str, form: &Form, is_kept: &impl Fn(&Section) -> bool) -> Result<(PackId, String), BundleError> {
    let unreadable = |what: String| BundleError::Mismatch { part: PACK.to_owned(), what };
    let mut text: toml::Table = toml::from_str(source).map_err(|error| unreadable(error.to_string()))?;
    let kept: BTreeSet<&str> = form.sections().filter(|section| is_kept(section)).map(|section| section.id.as_str()).collect();
    let items = || form.sections().filter(|section| is_kept(section)).flat_map(|section| &section.items);
    let asked: BTreeSet<&str> =
        form.sections().filter(|section| is_kept(section)).flat_map(Section::questions).map(|question| question.id.as_str()).collect();

    cut_sections(text.get_mut("sections"), &kept);
    for appendix in text.get_mut("appendices").and_then(toml::Value::as_array_mut).into_iter().flatten() {
        cut_sections(appendix.get_mut("sections"), &kept);
    }
    let prints_notes = items().any(|item| matches!(item, SectionItem::GuidanceNotes));
    if let Some(notes) = text.get_mut("guidance").and_then(toml::Value::as_array_mut) {
        notes.retain(|note| prints_notes && note.get("question").and_then(toml::Value::as_str).is_some_and(|id| asked.contains(id)));
    }
    if !items().any(|item| matches!(item, SectionItem::RiskExamples)) {
        text.insert("risk_examples".to_owned(), toml::Value::Array(Vec::new()));
    }
    let places_risks = items().any(|item| match item {
        SectionItem::RiskMap { .. } | SectionItem::RiskMeasures { .. } => true,
        SectionItem::Question { question } => matches!(question.kind, dpia_model::QuestionKind::RiskRegister),
        SectionItem::Text { .. } | SectionItem::GuidanceNotes | SectionItem::RiskExamples => false,
    });
    if !places_risks && let Some(scales) = text.get_mut("scales").and_then(toml::Value::as_table_mut) {
        for name in ["likelihood", "severity", "levels", "matrix"] {
            scales.insert(name.to_owned(), toml::Value::Array(Vec::new()));
        }
    }
    text.insert("version".to_owned(), toml::Value::String("copy".to_owned()));
    text.insert("id".to_owned(), toml::Value::String("copy".to_owned()));
    let write = |text: &toml::Table| toml::to_string(text).map_err(|error| unreadable(error.to_string()));
    let digest = Digest::of(write(&text)?.as_bytes()).to_string();
    let id = format!("copy-{}", &digest[..16]);
    text.insert("id".to_owned(), toml::Value::String(id.clone()));
    let id = PackId::new(id).map_err(|error| unreadable(error.to_string()))?;
    Ok((id, write(&text)?))
}

fn cut_sections(sections: Option<&mut toml::Value>, kept: &BTreeSet<&str>) {
    for section in sections.and_then(toml::Value::as_array_mut).into_iter().flatten() {
        let is_kept = section.get("id").and_then(toml::Value::as_str).is_some_and(|id| kept.contains(id));
        if !is_kept && let Some(section) = section.as_table_mut() {
            let note = toml::Table::from_iter([("text".to_owned(), toml::Value::Array(vec![WITHHELD.into()]))]);
            section.insert("items".to_owned(), toml::Value::Array(vec![toml::Value::Table(note)]));
        }
    }
}
