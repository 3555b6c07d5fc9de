//! Reads an edition or a pack from its TOML text and checks it whole: what comes out holds together.

use super::form::{Part, RiskExample, RiskPair, RiskScales, ScaleStep, ScreeningRule, Section, SectionItem, Tone};
use super::mark_up::parse_marks;
use super::question::{Column, ColumnKind, Condition, ConditionValue, Guidance, Opt, Question, QuestionKind};
use super::roles::treat;
use crate::date::CivilDate;
use crate::id::{ColumnId, EditionId, OptionId, PackId, PartId, QuestionId, SectionId};
use crate::rich_text::Run;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The format of template files that this program reads.
const FORMAT: u32 = 1;

/// The company's template as it was at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The stable id.
    pub id: EditionId,
    /// The day it was first used.
    pub released: CivilDate,
    /// The title on the cover.
    pub title: String,
    /// Introduction, Part 1 and Part 2.
    pub parts: Vec<Part>,
    /// How the ticks of the screening lead to its result.
    pub screening: ScreeningRule,
    /// The text that it was read from.
    pub source: String,
}

/// Internal sections, appendices, notes and scales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The stable id; another wording is another pack.
    pub id: PackId,
    /// The version shown to people.
    pub version: String,
    /// The part of the edition at whose end the sections stand.
    pub sections_follow: PartId,
    /// Sections of that part.
    pub sections: Vec<Section>,
    /// Parts after the last of the edition.
    pub appendices: Vec<Part>,
    /// The notes, by question.
    pub guidance: BTreeMap<QuestionId, Guidance>,
    /// The scales on which risks are placed.
    pub scales: RiskScales,
    /// The library of risks.
    pub risk_examples: Vec<RiskExample>,
    /// The text that it was read from.
    pub source: String,
}

/// Why a text is no edition and no pack.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// Not TOML, or not of the expected shape.
    #[error("the template cannot be read: {0}")]
    Toml(#[from] Box<toml::de::Error>),
    /// A later program wrote it.
    #[error("the template has format {found}; this version of DPIA Editor reads format {FORMAT}")]
    Newer {
        /// The format named in the text.
        found: u32,
    },
    /// The text contradicts itself.
    #[error("the template {template} is inconsistent: {what}")]
    Broken {
        /// The edition's or pack's id.
        template: String,
        /// What is wrong, and where.
        what: String,
    },
}

impl Edition {
    /// Reads an edition.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        let text: EditionText = read(source)?;
        let broken = |what: String| TemplateError::Broken { template: text.id.to_string(), what };
        let parts: Vec<Part> = text.parts.into_iter().map(PartText::build).collect::<Result<_, _>>().map_err(&broken)?;
        let questions = || parts.iter().flat_map(|part| &part.sections).flat_map(Section::questions);
        for list in &text.screening.lists {
            match questions().find(|question| question.id == *list).map(|question| &question.kind) {
                Some(QuestionKind::TickList { .. }) => {}
                Some(_) | None => return Err(broken(format!("the screening names {list}, which is not a tick list of this edition"))),
            }
        }
        let result = questions()
            .find(|question| question.id == text.screening.result)
            .ok_or_else(|| broken(format!("the screening names {}, which is not asked", text.screening.result)))?;
        for option in [&text.screening.required, &text.screening.not_required] {
            if !result.options().iter().any(|known| known.id == *option) {
                return Err(broken(format!("{} has no option {option}", result.id)));
            }
        }
        for question in questions() {
            if let Some(condition) = &question.condition
                && !questions().any(|other| other.id == condition.question)
            {
                return Err(broken(format!("{} depends on {}, which is not asked", question.id, condition.question)));
            }
        }
        Ok(Self {
            id: text.id,
            released: text.released,
            title: text.title,
            parts,
            screening: text.screening.build(),
            source: source.to_owned(),
        })
    }
}

impl Pack {
    /// Reads a pack.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        let text: PackText = read(source)?;
        let broken = |what: String| TemplateError::Broken { template: text.id.to_string(), what };
        let scales = text.scales.build().map_err(&broken)?;
        let sections = text.sections.into_iter().map(SectionText::build).collect::<Result<_, _>>().map_err(&broken)?;
        let appendices = text.appendices.into_iter().map(PartText::build).collect::<Result<_, _>>().map_err(&broken)?;
        Ok(Self {
            id: text.id,
            version: text.version,
            sections_follow: text.sections_follow,
            sections,
            appendices,
            guidance: text.guidance.into_iter().map(|note| (note.question.clone(), note.build())).collect(),
            scales,
            risk_examples: text.risk_examples.into_iter().map(RiskExampleText::build).collect(),
            source: source.to_owned(),
        })
    }
}

#[derive(Deserialize)]
struct FormatText {
    format: u32,
}

fn read<T: serde::de::DeserializeOwned>(source: &str) -> Result<T, TemplateError> {
    let format: FormatText = toml::from_str(source).map_err(Box::new)?;
    if format.format != FORMAT {
        return Err(TemplateError::Newer { found: format.format });
    }
    Ok(toml::from_str(source).map_err(Box::new)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditionText {
    #[serde(rename = "format")]
    _format: u32,
    id: EditionId,
    released: CivilDate,
    title: String,
    screening: ScreeningText,
    parts: Vec<PartText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackText {
    #[serde(rename = "format")]
    _format: u32,
    id: PackId,
    version: String,
    sections_follow: PartId,
    scales: ScalesText,
    sections: Vec<SectionText>,
    appendices: Vec<PartText>,
    guidance: Vec<GuidanceText>,
    risk_examples: Vec<RiskExampleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScreeningText {
    lists: Vec<QuestionId>,
    result: QuestionId,
    required: OptionId,
    not_required: OptionId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartText {
    id: PartId,
    title: String,
    sections: Vec<SectionText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionText {
    id: SectionId,
    title: String,
    #[serde(default)]
    internal: bool,
    items: Vec<ItemText>,
}

/// An item: `text = […]`, `question = "id"` with its kind, or `show = "risk_map"` and the like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemText {
    text: Option<Vec<String>>,
    question: Option<QuestionId>,
    show: Option<ShowText>,
    register: Option<QuestionId>,
    kind: Option<KindText>,
    #[serde(default)]
    prompt: String,
    #[serde(default)]
    help: Vec<String>,
    #[serde(default)]
    options: Vec<OptText>,
    other: Option<OptionId>,
    #[serde(default)]
    pictures: bool,
    grid_columns: Option<u8>,
    yes: Option<String>,
    no: Option<String>,
    reasoning: Option<String>,
    #[serde(default)]
    columns: Vec<ColumnText>,
    when: Option<WhenText>,
    #[serde(default)]
    addition: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ShowText {
    RiskMap,
    RiskMeasures,
    GuidanceNotes,
    RiskExamples,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindText {
    RichText,
    TickList,
    TickGrid,
    YesNo,
    Table,
    Date,
    Choice,
    SignOff,
    RiskRegister,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OptText {
    id: OptionId,
    label: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnText {
    id: ColumnId,
    label: String,
    #[serde(default)]
    kind: ColumnKindText,
    #[serde(default)]
    options: Vec<OptText>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum ColumnKindText {
    #[default]
    Text,
    Country,
    Link,
    Date,
    Choice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhenText {
    question: QuestionId,
    is: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScalesText {
    likelihood: Vec<OptText>,
    severity: Vec<OptText>,
    levels: Vec<OptText>,
    matrix: Vec<Vec<OptionId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GuidanceText {
    question: QuestionId,
    title: String,
    text: Vec<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RiskExampleText {
    source: String,
    harm: String,
    measures: Vec<String>,
}

fn paragraphs(texts: &[String]) -> Vec<Vec<Run>> {
    texts.iter().map(|text| parse_marks(text)).collect()
}

impl PartText {
    fn build(self) -> Result<Part, String> {
        Ok(Part { id: self.id, title: self.title, sections: self.sections.into_iter().map(SectionText::build).collect::<Result<_, _>>()? })
    }
}

impl SectionText {
    fn build(self) -> Result<Section, String> {
        let id = self.id;
        let items =
            self.items.into_iter().map(|item| item.build().map_err(|what| format!("section {id}: {what}"))).collect::<Result<_, _>>()?;
        Ok(Section { id, title: self.title, is_internal: self.internal, items })
    }
}

impl ItemText {
    fn build(mut self) -> Result<SectionItem, String> {
        match (self.text.take(), self.question.take(), self.show.take()) {
            (Some(text), None, None) => Ok(SectionItem::Text { paragraphs: paragraphs(&text) }),
            (None, Some(id), None) => Ok(SectionItem::Question { question: Box::new(self.build_question(id)?) }),
            (None, None, Some(show)) => {
                let register = self.register.ok_or("a risk map and risk measures name their register");
                Ok(match show {
                    ShowText::RiskMap => SectionItem::RiskMap { register: register? },
                    ShowText::RiskMeasures => SectionItem::RiskMeasures { register: register? },
                    ShowText::GuidanceNotes => SectionItem::GuidanceNotes,
                    ShowText::RiskExamples => SectionItem::RiskExamples,
                })
            }
            _ => Err("an item has exactly one of text, question and show".to_owned()),
        }
    }

    fn build_question(self, id: QuestionId) -> Result<Question, String> {
        let wrong = |what: &str| format!("question {id}: {what}");
        let kind = self.kind.ok_or_else(|| wrong("the kind is missing"))?;
        let options: Vec<Opt> = self.options.into_iter().map(OptText::build).collect();
        if let Some(twice) = options.iter().enumerate().find_map(|(i, o)| options[..i].iter().any(|e| e.id == o.id).then_some(&o.id)) {
            return Err(wrong(&format!("the option {twice} is listed twice")));
        }
        if matches!(kind, KindText::TickList | KindText::TickGrid | KindText::Choice) == options.is_empty() {
            return Err(wrong("lists, grids and choices have options, other kinds have none"));
        }
        let kind = match kind {
            KindText::RichText => QuestionKind::RichText { allows_pictures: self.pictures },
            KindText::TickList => {
                if let Some(other) = self.other.as_ref().filter(|other| !options.iter().any(|option| option.id == **other)) {
                    return Err(wrong(&format!("\"other\" names {other}, which is not an option")));
                }
                QuestionKind::TickList { options, other: self.other }
            }
            KindText::TickGrid => QuestionKind::TickGrid {
                options,
                columns: self.grid_columns.filter(|columns| *columns > 0).ok_or_else(|| wrong("a grid gives its number of columns"))?,
            },
            KindText::YesNo => QuestionKind::YesNo {
                yes: self.yes.unwrap_or_else(|| "Yes".to_owned()),
                no: self.no.unwrap_or_else(|| "No".to_owned()),
                reasoning: self.reasoning.map(|prompt| parse_marks(&prompt)),
            },
            KindText::Table if self.columns.is_empty() => return Err(wrong("a table has columns")),
            KindText::Table => QuestionKind::Table { columns: self.columns.into_iter().map(ColumnText::build).collect() },
            KindText::Date => QuestionKind::Date,
            KindText::Choice => QuestionKind::Choice { options },
            KindText::SignOff => QuestionKind::SignOff,
            KindText::RiskRegister => QuestionKind::RiskRegister,
        };
        Ok(Question {
            treatment: treat(&id, &kind)?,
            prompt: parse_marks(&self.prompt),
            help: paragraphs(&self.help),
            kind,
            condition: self.when.map(|when| when.build()).transpose().map_err(|what| format!("question {id}: {what}"))?,
            is_addition: self.addition,
            guidance: None,
            id,
        })
    }
}

impl OptText {
    fn build(self) -> Opt {
        Opt { id: self.id, label: self.label }
    }

    fn build_step(self) -> ScaleStep {
        ScaleStep { id: self.id, label: self.label }
    }
}

impl ColumnText {
    fn build(self) -> Column {
        let kind = match self.kind {
            ColumnKindText::Text => ColumnKind::Text,
            ColumnKindText::Country => ColumnKind::Country,
            ColumnKindText::Link => ColumnKind::Link,
            ColumnKindText::Date => ColumnKind::Date,
            ColumnKindText::Choice => ColumnKind::Choice { options: self.options.into_iter().map(OptText::build).collect() },
        };
        Column { id: self.id, label: self.label, kind }
    }
}

impl WhenText {
    fn build(self) -> Result<Condition, String> {
        let is = match self.is.as_str() {
            "yes" => ConditionValue::Yes,
            "no" => ConditionValue::No,
            option => ConditionValue::Option(OptionId::new(option).map_err(|error| error.to_string())?),
        };
        Ok(Condition { question: self.question, is })
    }
}

impl ScreeningText {
    fn build(self) -> ScreeningRule {
        ScreeningRule { lists: self.lists, result: self.result, required: self.required, not_required: self.not_required }
    }
}

impl ScalesText {
    /// The matrix has a row a severity and a column a likelihood.
    fn build(self) -> Result<RiskScales, String> {
        for scale in [&self.likelihood, &self.severity, &self.levels] {
            if let Some(twice) = scale.iter().enumerate().find(|(at, step)| scale[..*at].iter().any(|other| other.id == step.id)) {
                return Err(format!("the step {} is listed twice in its scale", twice.1.id));
            }
        }
        if self.matrix.len() != self.severity.len() || self.matrix.iter().any(|row| row.len() != self.likelihood.len()) {
            return Err("the matrix needs one row per severity and one column per likelihood".to_owned());
        }
        let mut pairs = Vec::new();
        for (severity, row) in self.severity.iter().zip(&self.matrix) {
            for (likelihood, level) in self.likelihood.iter().zip(row) {
                let place = self.levels.iter().position(|step| step.id == *level);
                let place = place.ok_or_else(|| format!("the matrix names the level {level}, which the scale does not have"))?;
                let tone = match place {
                    0 => Tone::Low,
                    place if place + 1 == self.levels.len() => Tone::High,
                    _ => Tone::Medium,
                };
                let label = self.levels[place].label.clone();
                pairs.push(RiskPair { likelihood: likelihood.id.clone(), severity: severity.id.clone(), label, tone });
            }
        }
        let steps = |scale: Vec<OptText>| scale.into_iter().map(OptText::build_step).collect();
        Ok(RiskScales { likelihood: steps(self.likelihood), severity: steps(self.severity), levels: steps(self.levels), pairs })
    }
}

impl GuidanceText {
    fn build(self) -> Guidance {
        Guidance { title: self.title, paragraphs: paragraphs(&self.text), source: self.source }
    }
}

impl RiskExampleText {
    fn build(self) -> RiskExample {
        RiskExample { source: self.source, harm: self.harm, measures: self.measures }
    }
}
