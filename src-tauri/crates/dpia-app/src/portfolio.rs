//! The list of assessments: new ones, search, the bin.

use crate::editing::Editor;
use crate::error::{AppError, ErrorCode};
use crate::forms::Forms;
use crate::keys::Vault;
use dpia_model::assessment::{Value, one_line};
use dpia_model::date::{CivilDate, Instant};
use dpia_model::id::{AssessmentId, EditionId, QuestionId};
use dpia_model::progress::{Counts, measure};
use dpia_model::template::{NEWEST_PACK, SectionItem};
use dpia_model::{Assessment, Form};
use dpia_store::HitPlace;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many places a search shows.
const MOST_HITS: u32 = 200;

/// An assessment in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Summary {
    /// Which.
    pub id: AssessmentId,
    /// The product.
    pub product: String,
    /// The edition.
    pub edition: EditionId,
    /// When it was last edited.
    pub changed_at: Instant,
    /// The next review; none where not set.
    pub next_review: Option<CivilDate>,
    /// Over all sections.
    pub counts: Counts,
    /// A section's counts each, in the groups of the form: Part 1, Part 2, internal.
    pub groups: Vec<Vec<Counts>>,
}

/// A place that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Hit {
    /// The assessment.
    pub assessment: AssessmentId,
    /// The question; none where the words stand elsewhere, such as in the product's name.
    pub question: Option<QuestionId>,
    /// The name of the section that the words stand in.
    pub label: String,
    /// The words before.
    pub before: String,
    /// The words found.
    pub found: String,
    /// The words after.
    pub after: String,
}

/// Every assessment of a workspace.
pub struct Portfolio {
    vault: Arc<Vault>,
    editor: Editor,
    forms: Arc<Forms>,
}

/// What is remembered of a revision so that the list need not read every document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    counts: CountsText,
    groups: Vec<Vec<CountsText>>,
    next_review: Option<CivilDate>,
}

/// Counts as they are kept: answered, to confirm, open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct CountsText(u32, u32, u32);

impl Portfolio {
    /// The assessments of a vault.
    pub(crate) fn new(vault: Arc<Vault>, editor: Editor, forms: Arc<Forms>) -> Self {
        Self { vault, editor, forms }
    }

    /// Every assessment outside the bin, the one edited last first.
    pub fn list(&self) -> Result<Vec<Summary>, AppError> {
        let mut list = Vec::new();
        for summary in self.vault.store().list()?.into_iter().filter(|summary| summary.binned_at.is_none()) {
            let remembered =
                summary.progress.filter(|_| summary.drafts == 0).and_then(|json| serde_json::from_str::<Remembered>(&json).ok());
            let remembered = match remembered {
                Some(remembered) => remembered,
                None => {
                    let form = self.editor.form_of(summary.id)?;
                    let (assessment, revision) = self.editor.load_with_drafts(summary.id)?;
                    let remembered = look_over(&form, &assessment);
                    if summary.drafts == 0
                        && let Ok(json) = serde_json::to_value(&remembered)
                    {
                        self.vault.store().remember_progress(summary.id, revision, json)?;
                    }
                    remembered
                }
            };
            list.push(Summary {
                id: summary.id,
                product: summary.product,
                edition: summary.edition,
                changed_at: summary.updated_at,
                next_review: remembered.next_review,
                counts: remembered.counts.into(),
                groups: remembered.groups.into_iter().map(|group| group.into_iter().map(Counts::from).collect()).collect(),
            });
        }
        Ok(list)
    }

    /// Starts an assessment on the newest edition that came with the program.
    pub fn create(&self, product: &str) -> Result<AssessmentId, AppError> {
        let product = one_line(product);
        let product = product.trim();
        if product.is_empty() {
            return Err(AppError::new(ErrorCode::Refused, "Enter the name of the product."));
        }
        let id = AssessmentId(self.vault.new_id());
        let pack = NEWEST_PACK.parse().map_err(AppError::refused)?;
        let mut assessment = Assessment::new(id, self.forms.newest_edition().clone(), pack, product);
        let now = self.vault.now();
        assessment.details.author = self.vault.person()?.map(|person| person.name);
        assessment.details.copyright_year = Some(now.0.to_zoned(jiff::tz::TimeZone::UTC).year());
        self.vault.store().insert_assessment(assessment, now)?;
        Ok(id)
    }

    /// The places in which all these words stand.
    pub fn search(&self, words: &str) -> Result<Vec<Hit>, AppError> {
        let mut hits = Vec::new();
        for hit in self.vault.store().search(words, MOST_HITS)? {
            let (question, label) = match hit.place {
                HitPlace::Details => (None, "Cover".to_owned()),
                HitPlace::Unplaced(_) => (None, "Text without a place".to_owned()),
                HitPlace::Question(question) => {
                    let form = self.editor.form_of(hit.assessment)?;
                    let label = form.section_of(&question).map_or_else(|| question.to_string(), |section| section.title.clone());
                    (Some(question), label)
                }
            };
            let (before, found, after) = split_at(&hit.text, hit.matches.first());
            hits.push(Hit { assessment: hit.assessment, question, label, before, found, after });
        }
        Ok(hits)
    }

    /// Moves an assessment to the bin. Nothing of it is lost.
    pub fn bin(&self, id: AssessmentId) -> Result<(), AppError> {
        Ok(self.vault.store().bin(id, self.vault.now())?)
    }

    /// Takes an assessment out of the bin.
    pub fn restore(&self, id: AssessmentId) -> Result<(), AppError> {
        Ok(self.vault.store().restore(id)?)
    }
}

fn split_at(text: &str, range: Option<&std::ops::Range<usize>>) -> (String, String, String) {
    let parts = range.and_then(|range| Some((text.get(..range.start)?, text.get(range.clone())?, text.get(range.end..)?)));
    let (before, found, after) = parts.unwrap_or((text, "", ""));
    (before.to_owned(), found.to_owned(), after.to_owned())
}

fn look_over(form: &Form, assessment: &Assessment) -> Remembered {
    let progress = measure(form, assessment);
    let counts_of = |id: &dpia_model::id::SectionId| progress.sections.iter().find(|section| section.section == *id);
    let mut groups: Vec<Vec<CountsText>> = Vec::new();
    let mut internal = Vec::new();
    for part in &form.parts {
        let mut group = Vec::new();
        for section in part.sections.iter().filter_map(|section| counts_of(&section.id)) {
            let list = if section.is_internal { &mut internal } else { &mut group };
            list.push(section.counts.into());
        }
        if !group.is_empty() {
            groups.push(group);
        }
    }
    if !internal.is_empty() {
        groups.push(internal);
    }
    Remembered { counts: progress.counts.into(), groups, next_review: next_review(form, assessment) }
}

/// The date on which the form says that it is to be reviewed next: the last date asked in an internal section.
fn next_review(form: &Form, assessment: &Assessment) -> Option<CivilDate> {
    let dates = form.sections().filter(|section| section.is_internal).flat_map(|section| &section.items);
    dates
        .filter_map(|item| match item {
            SectionItem::Question { question } => match assessment.value(&question.id) {
                Some(Value::Date { date, .. }) => Some(*date),
                _ => None,
            },
            SectionItem::Text { .. }
            | SectionItem::RiskMap { .. }
            | SectionItem::RiskMeasures { .. }
            | SectionItem::GuidanceNotes
            | SectionItem::RiskExamples => None,
        })
        .last()
}

impl From<Counts> for CountsText {
    fn from(counts: Counts) -> Self {
        Self(counts.answered, counts.to_confirm, counts.open)
    }
}

impl From<CountsText> for Counts {
    fn from(CountsText(answered, to_confirm, open): CountsText) -> Self {
        Self { answered, to_confirm, open }
    }
}
