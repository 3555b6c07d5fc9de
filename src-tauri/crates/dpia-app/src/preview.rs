//! The report as it would be printed now, to look at while one writes.
//!
//! What is being typed is shown and never settled: a preview writes nothing. It is drawn from a snapshot, so neither
//! the store nor the one who types waits for it. One is drawn at a time, and of those that wait only the newest.

use crate::error::{AppError, ErrorCode};
use crate::views::{Beginning, PreviewCopy, PreviewView, Printed};
use crate::workspace::Workspace;
use dpia_model::Assessment;
use dpia_model::id::{AssessmentId, AttachmentId};
use dpia_report::{CopyKind, Press, Report, ReportError, ReportInput};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Stands where a customer copy names its client.
pub(crate) const ANY_CLIENT: &str = "Name of the school or trust";

/// Draws previews, one at a time.
#[derive(Default)]
pub(crate) struct Previewer {
    /// The number of the newest request.
    newest: AtomicU32,
    /// Held while one is drawn.
    desk: Mutex<Desk>,
    /// The newest that was drawn, with its number.
    drawn: Mutex<Option<(u32, Vec<u8>)>>,
}

/// What is kept from one preview for the next.
#[derive(Default)]
pub(crate) struct Desk {
    /// The pictures drawn last: an attachment never changes under its id.
    pictures: Pictures,
    press: Option<Press>,
}

/// Pictures by id.
type Pictures = BTreeMap<AttachmentId, Arc<Vec<u8>>>;

impl Previewer {
    /// Draws when its turn comes, unless a newer one is asked for meanwhile: then none.
    pub(crate) fn draw(
        &self,
        draw: impl FnOnce(&mut Desk, &dyn Fn() -> bool) -> Result<Option<Report>, AppError>,
    ) -> Result<Option<PreviewView>, AppError> {
        let number = self.newest.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
        let is_newest = || self.newest.load(Ordering::SeqCst) == number;
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_newest() {
            return Ok(None);
        }
        let Some(report) = draw(&mut desk, &is_newest)?.filter(|_| is_newest()) else { return Ok(None) };
        let view = view_of(number, &report);
        *self.drawn.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, report.pdf));
        Ok(Some(view))
    }
}

impl Workspace {
    /// Draws the draft of a copy as it is now, with what is being typed. None where a newer one was asked for meanwhile.
    pub fn draw_preview(&self, id: AssessmentId, copy: PreviewCopy) -> Result<Option<PreviewView>, AppError> {
        self.previewer.draw(|desk, is_wanted| {
            let (assessment, _) = self.load_with_drafts(id)?;
            desk.pictures = self.read_pictures(&assessment, std::mem::take(&mut desk.pictures))?;
            self.draw(id, &assessment, copy, desk, is_wanted)
        })
    }

    /// The bytes of the preview that was drawn last, by the number it bears. They are handed out once.
    pub fn take_preview(&self, number: u32) -> Result<Vec<u8>, AppError> {
        let mut drawn = self.previewer.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        match drawn.take_if(|(drawn, _)| *drawn == number) {
            Some((_, pdf)) => Ok(pdf),
            None => Err(AppError::new(ErrorCode::Stale, "A newer preview has been drawn.")),
        }
    }

    /// Draws; none where it is not wanted any more.
    fn draw(
        &self,
        id: AssessmentId,
        assessment: &Assessment,
        copy: PreviewCopy,
        desk: &mut Desk,
        is_wanted: &dyn Fn() -> bool,
    ) -> Result<Option<Report>, AppError> {
        let (pictures, press) = (&desk.pictures, &mut desk.press);
        let copy = match copy {
            PreviewCopy::Internal => CopyKind::Internal,
            PreviewCopy::Customer => CopyKind::Customer { client: ANY_CLIENT.to_owned(), included: BTreeSet::new() },
        };
        let input = ReportInput {
            form: &*self.form_of(id)?,
            assessment,
            brand: &self.brand(),
            copy: &copy,
            extent: dpia_report::Extent::Whole,
            at: self.editor.surroundings.now().0,
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
        for id in assessment.attachments.keys().chain(&self.brand().logo) {
            let bytes = match known.remove(id) {
                Some(bytes) => bytes,
                None => Arc::new(self.store.attachment(*id)?.into_bytes()),
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
