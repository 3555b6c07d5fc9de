//! The report as it would be printed now, to look at while one writes.
//!
//! What is being typed is shown and never settled: a preview writes nothing. It is drawn from a snapshot, so neither
//! the store nor the one who types waits for it. One is drawn at a time, and of those that wait only the newest.

use crate::brand::{CompanyBrand, check_brand};
use crate::editing::Editor;
use crate::error::{AppError, ErrorCode};
use crate::forms::Forms;
use crate::keys::Vault;
use dpia_model::id::{AssessmentId, AttachmentId, QuestionId, SectionId};
use dpia_model::template::NEWEST_PACK;
use dpia_model::{Assessment, Brand, CopyKind, Extent};
use dpia_report::{Press, Report, ReportError, ReportInput};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Is printed where a customer copy names its client.
const ANY_CLIENT: &str = "Name of the school or trust";
/// What the sample report is of.
const SAMPLE_PRODUCT: &str = "Name of the product";

/// Which copy a preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PreviewCopy {
    /// Every part.
    Internal,
    /// What any client receives.
    Customer,
}

/// A preview that was drawn; its bytes are asked for by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct PreviewView {
    /// Names it.
    pub number: u32,
    /// Its pages, covers included.
    pub pages: u32,
    /// Where each section and question begins, in the order of the form.
    pub places: Vec<Beginning>,
}

/// Where something of the form begins in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Beginning {
    /// What begins.
    pub what: Printed,
    /// Its page, counted from 0.
    pub page: u32,
    /// How far down the page, in points.
    pub down: u32,
}

/// What of a form can be found in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Printed {
    /// A section.
    Section {
        /// Which.
        section: SectionId,
    },
    /// A question.
    Question {
        /// Which.
        question: QuestionId,
    },
}

/// Previews, drawn one at a time.
pub struct Previews {
    vault: Arc<Vault>,
    editor: Editor,
    forms: Arc<Forms>,
    brand: Arc<CompanyBrand>,
    /// The number of the newest request.
    newest: AtomicU32,
    /// Held while one is drawn.
    cache: Mutex<PreviewCache>,
    /// The newest that was drawn, with its number.
    drawn: Mutex<Option<(u32, Vec<u8>)>>,
}

/// What is kept from one preview for the next.
#[derive(Default)]
struct PreviewCache {
    /// The pictures drawn last: an attachment never changes under its id.
    pictures: Pictures,
    press: Option<Press>,
}

/// Pictures by id.
type Pictures = BTreeMap<AttachmentId, Arc<Vec<u8>>>;

impl Previews {
    /// Previews of what a vault keeps.
    pub(crate) fn new(vault: Arc<Vault>, editor: Editor, forms: Arc<Forms>, brand: Arc<CompanyBrand>) -> Self {
        let (newest, cache, drawn) = (AtomicU32::default(), Mutex::default(), Mutex::default());
        Self { vault, editor, forms, brand, newest, cache, drawn }
    }

    /// Draws the draft of a copy as it is now, with what is being typed. None where a newer one was asked for meanwhile.
    pub fn draw(&self, id: AssessmentId, copy: PreviewCopy) -> Result<Option<PreviewView>, AppError> {
        self.draw_newest(|cache, is_wanted| {
            let (assessment, _) = self.editor.load_with_drafts(id)?;
            cache.pictures = self.read_pictures(&assessment, std::mem::take(&mut cache.pictures))?;
            self.print(id, &assessment, copy, cache, is_wanted)
        })
    }

    /// Draws a report without answers in a brand, to look at before it is kept. None where a newer drawing was asked for.
    pub fn draw_brand(&self, brand: Brand) -> Result<Option<PreviewView>, AppError> {
        let brand = check_brand(brand)?;
        let logo = brand.logo.map(|logo| self.vault.store().attachment(logo)).transpose()?.map(dpia_store::Picture::into_bytes);
        let edition = self.forms.newest_edition().clone();
        let pack = NEWEST_PACK.parse().map_err(AppError::refused)?;
        let form = self.forms.get(&edition, &pack)?;
        let assessment = Assessment::new(AssessmentId(Uuid::nil()), edition, pack, SAMPLE_PRODUCT);
        let copy = CopyKind::Customer { client: ANY_CLIENT.to_owned(), included: BTreeSet::new() };
        let pictures = |_: &AttachmentId| logo.clone();
        let input = ReportInput {
            form: &form,
            assessment: &assessment,
            brand: &brand,
            copy: &copy,
            extent: Extent::Screening,
            at: self.vault.now().0,
            signature: None,
            pictures: &pictures,
            embedded: None,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        self.draw_newest(|_, _| dpia_report::render(&input).map(Some).map_err(AppError::refused))
    }

    /// The bytes of the preview that was drawn last, by its number. They are handed out once.
    pub fn take(&self, number: u32) -> Result<Vec<u8>, AppError> {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        match drawn.take_if(|(drawn, _)| *drawn == number) {
            Some((_, pdf)) => Ok(pdf),
            None => Err(AppError::new(ErrorCode::Stale, "A newer preview has been drawn.")),
        }
    }

    /// Draws when its turn comes, unless a newer one is asked for meanwhile: then none.
    fn draw_newest(
        &self,
        draw: impl FnOnce(&mut PreviewCache, &dyn Fn() -> bool) -> Result<Option<Report>, AppError>,
    ) -> Result<Option<PreviewView>, AppError> {
        let number = self.newest.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
        let is_newest = || self.newest.load(Ordering::SeqCst) == number;
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_newest() {
            return Ok(None);
        }
        let Some(report) = draw(&mut cache, &is_newest)?.filter(|_| is_newest()) else { return Ok(None) };
        let view = view_of(number, &report);
        *self.drawn.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, report.pdf));
        Ok(Some(view))
    }

    /// Draws; none where it is no longer wanted.
    fn print(
        &self,
        id: AssessmentId,
        assessment: &Assessment,
        copy: PreviewCopy,
        cache: &mut PreviewCache,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Option<Report>, AppError> {
        let (pictures, press) = (&cache.pictures, &mut cache.press);
        let copy = match copy {
            PreviewCopy::Internal => CopyKind::Internal,
            PreviewCopy::Customer => CopyKind::Customer { client: ANY_CLIENT.to_owned(), included: BTreeSet::new() },
        };
        let input = ReportInput {
            form: &*self.editor.form_of(id)?,
            assessment,
            brand: &self.brand.current(),
            copy: &copy,
            extent: Extent::Whole,
            at: self.vault.now().0,
            signature: None,
            pictures: &|id| pictures.get(id).map(|bytes| bytes.to_vec()),
            embedded: None,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        let press = match press {
            Some(press) => press,
            None => press.insert(Press::new().map_err(AppError::refused)?),
        };
        match press.print(&input, &mut |_| if is_wanted() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }) {
            Ok(report) => Ok(Some(report)),
            Err(ReportError::Cancelled) => Ok(None),
            Err(error) => Err(AppError::refused(error)),
        }
    }

    /// The pictures of an assessment; those that are known already are not read again.
    fn read_pictures(&self, assessment: &Assessment, mut known: Pictures) -> Result<Pictures, AppError> {
        let mut pictures = Pictures::new();
        for id in assessment.attachments.keys().chain(&self.brand.current().logo) {
            let bytes = match known.remove(id) {
                Some(bytes) => bytes,
                None => Arc::new(self.vault.store().attachment(*id)?.into_bytes()),
            };
            pictures.insert(*id, bytes);
        }
        Ok(pictures)
    }
}

fn view_of(number: u32, report: &Report) -> PreviewView {
    let places = report.places.iter().map(|place| Beginning {
        what: match &place.what {
            dpia_report::Printed::Section(section) => Printed::Section { section: section.clone() },
            dpia_report::Printed::Question(question) => Printed::Question { question: question.clone() },
        },
        page: u32::try_from(place.page).unwrap_or(u32::MAX),
        down: place.down.max(0.0) as u32,
    });
    PreviewView { number, pages: u32::try_from(report.pages).unwrap_or(u32::MAX), places: places.collect() }
}
