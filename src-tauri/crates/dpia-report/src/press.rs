//! The press: makes reports one after another, and keeps what the next one may want again: shaped words, the body as it
//! was laid out, cut fonts, drawn pages, pictures, packed streams. All of it depends on nothing but what it was made from, so a report has the same bytes
//! whichever press made it, and whatever that press made before.

use crate::cache::Cache;
use crate::content::{self, tree::Anchor};
use crate::draw::{self, Drawn};
use crate::error::ReportError;
use crate::finish::attachment::Attachment;
use crate::finish::{self, PackedStreams, pictures::Picture};
use crate::layout::{self, Body, Layout, Pixels};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
use crate::{Beginning, EmbeddedFile, Printed, Report, ReportInput};
use dpia_model::id::AttachmentId;
use dpia_model::{Form, Typeface};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A step of making a report, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What is said.
    Content,
    /// Where it is.
    Layout,
    /// Onto pages.
    Drawing,
    /// Structure, metadata, the file.
    Finishing,
}

/// Makes reports.
pub struct Press {
    shaper: Shaper,
    body: Option<Body>,
    drawn: Drawn,
    pictures: Cache<AttachmentId, Arc<Picture>>,
    streams: PackedStreams,
}

impl Press {
    /// A press that has made nothing yet.
    pub fn new() -> Result<Self, ReportError> {
        Ok(Self { shaper: Shaper::new()?, body: None, drawn: Drawn::new(), pictures: Cache::new(), streams: Cache::new() })
    }

    /// Makes a report. Each step is reported as it begins, and may be the last: then it is [`ReportError::Cancelled`].
    pub fn print(&mut self, input: &ReportInput<'_>, watch: &mut dyn FnMut(Stage) -> ControlFlow<()>) -> Result<Report, ReportError> {
        let mut begin = |step| match watch(step) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ReportError::Cancelled),
        };
        begin(Stage::Content)?;
        input.brand.check_contrast()?;
        self.begin_report(input.brand.typeface);
        let (book, wanted) = content::write_book(input)?;
        let mut missing_pictures = Vec::new();
        let mut pictures: Vec<Arc<Picture>> = Vec::new();
        let mut places: Vec<Option<usize>> = Vec::new();
        for attachment in &wanted {
            let picture = self.picture(attachment, input);
            places.push(picture.as_ref().map(|_| pictures.len()));
            match picture {
                Some(picture) => pictures.push(picture),
                None => missing_pictures.push(*attachment),
            }
        }
        let book = content::place_pictures(book, &places);
        let missing_glyphs = content::missing::find_missing(&book, &mut self.shaper);
        let sizes: Vec<Pixels> = pictures.iter().map(|picture| Pixels { width: picture.width, height: picture.height }).collect();
        begin(Stage::Layout)?;
        let layout = layout::lay_out(&book, &mut self.shaper, &sizes, &mut self.body);
        begin(Stage::Drawing)?;
        let (document, structure) = draw::draw(&layout, &self.shaper, &Palette::of(input.brand), &mut self.drawn)?;
        begin(Stage::Finishing)?;
        let embedded = match input.embedded {
            None => None,
            Some(EmbeddedFile { name, media_type, bytes }) => {
                Some(Attachment { name, media_type, bytes: bytes().ok_or(ReportError::Embedded)? })
            }
        };
        let facts = finish::Facts {
            title: &book.title,
            author: &book.author,
            subject: &book.cover.title,
            at: input.at,
            app_version: input.app_version,
            pictures: &pictures,
            embedded,
            signature: input.signature,
        };
        let pdf = finish::finish(document, &layout, &structure, &facts, &mut self.streams)?;
        let places = find_beginnings(input.form, &layout);
        Ok(Report { pdf, pages: layout.pages.len(), missing_glyphs, missing_pictures, places })
    }

    fn begin_report(&mut self, typeface: Typeface) {
        self.shaper.begin_report(typeface);
        self.drawn.begin_report();
        self.pictures.next_generation();
        self.streams.next_generation();
    }

    /// A picture that can be drawn. An attachment's id is the hash of its bytes, so it is never another picture.
    fn picture(&mut self, attachment: &AttachmentId, input: &ReportInput<'_>) -> Option<Arc<Picture>> {
        if let Some((picture, _)) = self.pictures.get(attachment) {
            return Some(Arc::clone(picture));
        }
        let picture = Arc::new((input.pictures)(attachment).and_then(|bytes| Picture::read(&bytes))?);
        self.pictures.keep(*attachment, Arc::clone(&picture));
        Some(picture)
    }
}

/// Where the form's sections and questions begin; what this copy does not print is left out.
fn find_beginnings(form: &Form, layout: &Layout) -> Vec<Beginning> {
    let find = |place: &Anchor, what: Printed| layout.places.get(place).map(|(page, down)| Beginning { what, page: *page, down: *down });
    form.sections()
        .flat_map(|section| {
            let begins = find(&content::form::section_place(section), Printed::Section(section.id.clone()));
            let asked =
                section.questions().map(|question| find(&content::form::question_place(question), Printed::Question(question.id.clone())));
            std::iter::once(begins).chain(asked).flatten().collect::<Vec<_>>()
        })
        .collect()
}
