//! A form: an edition and a pack put together, in reading order.

use super::load::{Edition, Pack};
use super::question::{AnswerMismatch, Guidance, Labelled, Question};
use super::roles::QuestionRole;
use crate::assessment::{Assessment, Content, Tick, Value};
use crate::id::{EditionId, OptionId, PackId, PartId, QuestionId, SectionId};
use crate::rich_text::Run;
use crate::template::ConditionValue;
use serde::Serialize;
use std::collections::BTreeSet;

/// The whole form of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Form {
    /// The edition it is.
    pub edition: EditionId,
    /// The pack whose sections it holds.
    pub pack: PackId,
    /// The title on the cover.
    pub title: String,
    /// The parts, in order: introduction, Part 1, Part 2, appendices.
    pub parts: Vec<Part>,
    /// How the ticks of the screening lead to its result.
    pub screening: ScreeningRule,
    /// The scales on which risks are placed.
    pub scales: RiskScales,
    /// The library of risks (Appendix B).
    pub risk_examples: Vec<RiskExample>,
}

/// A part of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Part {
    /// The stable id.
    pub id: PartId,
    /// The title.
    pub title: String,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// A section of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Section {
    /// The stable id.
    pub id: SectionId,
    /// The title.
    pub title: String,
    /// Left out of a customer copy unless asked for.
    pub is_internal: bool,
    /// What it holds, in order.
    pub items: Vec<SectionItem>,
}

/// What is in a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SectionItem {
    /// Words of the form.
    Text {
        /// The words, paragraph by paragraph.
        paragraphs: Vec<Vec<Run>>,
    },
    /// A question.
    Question {
        /// The question.
        question: Box<Question>,
    },
    /// The risks of a register on the scales, before and after the measures.
    RiskMap {
        /// The register drawn.
        register: QuestionId,
    },
    /// The measures of a register's risks, and what is left.
    RiskMeasures {
        /// The register shown.
        register: QuestionId,
    },
    /// The notes of every question, in order.
    GuidanceNotes,
    /// The library of risks.
    RiskExamples,
}

/// How the ticks of the screening lead to its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ScreeningRule {
    /// The tick lists that are screened.
    pub lists: Vec<QuestionId>,
    /// The question that records the result.
    pub result: QuestionId,
    /// The option of the result that any tick leads to.
    pub required: OptionId,
    /// The option of the result where every list is answered with no tick.
    pub not_required: OptionId,
}

/// The scales on which risks are placed, lowest step first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct RiskScales {
    /// How likely it is.
    pub likelihood: Vec<ScaleStep>,
    /// How bad it would be.
    pub severity: Vec<ScaleStep>,
    /// The overall levels.
    pub levels: Vec<ScaleStep>,
    /// The level of each likelihood with each severity.
    pub pairs: Vec<RiskPair>,
}

/// The overall level of a likelihood with a severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct RiskPair {
    /// How likely it is.
    pub likelihood: OptionId,
    /// How bad it would be.
    pub severity: OptionId,
    /// The word of the level.
    pub label: String,
    /// How strongly the level is drawn.
    pub tone: Tone,
}

/// How strongly a level is drawn: the words are the template's, and there may be more of them than tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The lowest level.
    Low,
    /// Any level between.
    Medium,
    /// The highest level.
    High,
}

/// A step of a scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ScaleStep {
    /// The stable id.
    pub id: OptionId,
    /// The word.
    pub label: String,
}

impl Labelled for ScaleStep {
    fn id(&self) -> &OptionId {
        &self.id
    }

    fn label(&self) -> &str {
        &self.label
    }
}

/// A risk of the library, with measures that help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct RiskExample {
    /// Where the risk comes from.
    pub source: String,
    /// What could happen to people.
    pub harm: String,
    /// Measures that help.
    pub measures: Vec<String>,
}

/// Why an edition and a pack make no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The pack puts its sections after a part that the edition has not.
    #[error("pack {pack} adds sections to \"{part}\", which edition {edition} does not have")]
    Part {
        /// The pack.
        pack: PackId,
        /// The part named.
        part: PartId,
        /// The edition.
        edition: EditionId,
    },
    /// Both ask the same question, or hold the same section or part.
    #[error("\"{id}\" is in edition {edition} and in pack {pack}: an id is used once")]
    Twice {
        /// The id.
        id: String,
        /// The edition.
        edition: EditionId,
        /// The pack.
        pack: PackId,
    },
}

impl Form {
    /// Puts an edition and a pack together.
    pub fn new(edition: &Edition, pack: &Pack) -> Result<Self, FormError> {
        let mut parts = edition.parts.clone();
        let host = parts.iter_mut().find(|part| part.id == pack.sections_follow).ok_or_else(|| FormError::Part {
            pack: pack.id.clone(),
            part: pack.sections_follow.clone(),
            edition: edition.id.clone(),
        })?;
        host.sections.extend(pack.sections.iter().cloned());
        parts.extend(pack.appendices.iter().cloned());
        for question in
            parts.iter_mut().flat_map(|part| &mut part.sections).flat_map(|section| &mut section.items).filter_map(|item| match item {
                SectionItem::Question { question } => Some(question),
                _ => None,
            })
        {
            question.guidance = pack.guidance.get(&question.id).cloned();
        }
        let form = Self {
            edition: edition.id.clone(),
            pack: pack.id.clone(),
            title: edition.title.clone(),
            parts,
            screening: edition.screening.clone(),
            scales: pack.scales.clone(),
            risk_examples: pack.risk_examples.clone(),
        };
        let mut seen = BTreeSet::new();
        let ids = form
            .parts
            .iter()
            .map(|part| format!("part {}", part.id))
            .chain(form.sections().map(|section| format!("section {}", section.id)))
            .chain(form.questions().map(|question| format!("question {}", question.id)));
        for id in ids {
            if !seen.insert(id.clone()) {
                return Err(FormError::Twice { id, edition: edition.id.clone(), pack: pack.id.clone() });
            }
        }
        Ok(form)
    }

    /// Every section, in order.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.parts.iter().flat_map(|part| &part.sections)
    }

    /// Every question, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sections().flat_map(Section::questions)
    }

    /// The question of this id.
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions().find(|question| question.id == *id)
    }

    /// The part that is screened (Part 1): the one that asks for the result.
    pub fn screening_part(&self) -> Option<&Part> {
        let asks = |section: &Section| section.questions().any(|question| question.id == self.screening.result);
        self.parts.iter().find(|part| part.sections.iter().any(asks))
    }

    /// The question whose answer has this role, if the form asks one.
    pub fn question_of(&self, role: QuestionRole) -> Option<&Question> {
        self.questions().find(|question| question.treatment.role == Some(role))
    }

    /// The section that asks this question.
    pub fn section_of(&self, id: &QuestionId) -> Option<&Section> {
        self.sections().find(|section| section.questions().any(|question| question.id == *id))
    }

    /// The notes beside the questions, in the order of the form.
    pub fn guidance(&self) -> impl Iterator<Item = (&Question, &Guidance)> {
        self.questions().filter_map(|question| question.guidance.as_ref().map(|note| (question, note)))
    }

    /// Says whether the question is asked, going by its condition. Where the other question has no certain answer yet,
    /// it is asked: unknown is not "no".
    pub fn is_asked(&self, question: &Question, assessment: &Assessment) -> bool {
        let Some(condition) = &question.condition else { return true };
        let Some(answer) = assessment.answers.get(&condition.question) else { return true };
        let Content::Answered { value } = &answer.content else { return true };
        match (&condition.is, value) {
            (ConditionValue::Yes, Value::YesNo { is_yes, .. }) => *is_yes,
            (ConditionValue::No, Value::YesNo { is_yes, .. }) => !is_yes,
            (ConditionValue::Option(option), Value::Ticks { ticks, .. }) => ticks.get(option) != Some(&Tick::NotTicked),
            (ConditionValue::Option(option), Value::Choice { option: chosen, .. }) => chosen == option,
            _ => true,
        }
    }
}

impl Form {
    /// Says whether this content may be the answer to a question of this form: [`Question::check`], and the steps of the
    /// form's scales.
    pub fn check_answer(&self, question: &Question, content: &Content) -> Result<(), AnswerMismatch> {
        question.check(content)?;
        let Content::Answered { value: Value::Risks { risks } } = content else { return Ok(()) };
        let known = |steps: &[ScaleStep], step: &Option<OptionId>| match step {
            Some(step) if !steps.iter().any(|known| known.id == *step) => {
                Err(AnswerMismatch::Step { question: question.id.clone(), step: step.clone() })
            }
            Some(_) | None => Ok(()),
        };
        risks.iter().try_for_each(|risk| {
            known(&self.scales.likelihood, &risk.likelihood)?;
            known(&self.scales.likelihood, &risk.residual_likelihood)?;
            known(&self.scales.severity, &risk.severity)?;
            known(&self.scales.severity, &risk.residual_severity)
        })
    }
}

impl Section {
    /// The section's questions, in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.items.iter().filter_map(|item| match item {
            SectionItem::Question { question } => Some(&**question),
            SectionItem::Text { .. }
            | SectionItem::RiskMap { .. }
            | SectionItem::RiskMeasures { .. }
            | SectionItem::GuidanceNotes
            | SectionItem::RiskExamples => None,
        })
    }
}

impl RiskScales {
    /// The overall level of this likelihood and severity, by their ids.
    pub fn level(&self, likelihood: &OptionId, severity: &OptionId) -> Option<&RiskPair> {
        self.pairs.iter().find(|pair| pair.likelihood == *likelihood && pair.severity == *severity)
    }
}
