//! An assessment as a PDF that can be read, heard, archived and signed.
//!
//! Four steps, a module each: `content` says what is said, `layout` where it is, `draw` puts it on pages with
//! printpdf, `finish` adds structure, metadata and the signature's place with lopdf. Time, people and pictures are
//! inputs, so the same input gives the same bytes. Content never stops a report: what no font can draw is as a
//! visible box and is reported next to the PDF.

mod cache;
mod content;
mod countersignature;
mod draw;
mod error;
mod finish;
mod layout;
mod note;
mod palette;
mod press;
#[cfg(test)]
mod tests;
mod typeface;

pub use content::form::printed_sections;
pub use countersignature::draw_countersignature;
pub use error::ReportError;
pub use finish::drawing::{Drawing, ObjectPart};
pub use finish::signature::COUNTERSIGNATURE as COUNTERSIGNATURE_FIELD;
pub use note::{CertificateNote, render_certificate_note};
pub use press::{Press, Stage};

use content::tree::Book;
use dpia_model::id::{AttachmentId, QuestionId, SectionId};
use dpia_model::{Assessment, Brand, CopyKind, Extent, Form};
use std::ops::ControlFlow;
use typeface::shape::Shaper;

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct ReportInput<'a> {
    /// The form that the assessment is written on.
    pub form: &'a Form,
    /// The assessment.
    pub assessment: &'a Assessment,
    /// The words and colours of the company.
    pub brand: &'a Brand,
    /// Which copy.
    pub copy: &'a CopyKind,
    /// How much of it.
    pub extent: Extent,
    /// When it is made: the date of the file, and of the signature if there is one.
    pub at: jiff::Timestamp,
    /// Whose signature is to sign it; none for a draft.
    pub signature: Option<&'a SignatureBlock>,
    /// The bytes of an attached picture, PNG or JPEG.
    pub pictures: &'a dyn Fn(&AttachmentId) -> Option<Vec<u8>>,
    /// The file it was made from, to be carried inside.
    pub embedded: Option<EmbeddedFile<'a>>,
    /// The version of the program.
    pub app_version: &'a str,
}

/// Who signs, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureBlock {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Organisation.
    pub organisation: String,
    /// Email address.
    pub email: String,
    /// SHA-256 of the certificate.
    pub fingerprint: [u8; 32],
    /// Somebody else may sign afterwards: an empty field waits for them (DocMDP, P 2). Else nothing may change (P 1).
    pub is_open: bool,
}

/// A file carried inside the PDF.
#[derive(Clone, Copy)]
pub struct EmbeddedFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its media type, such as `application/zip`.
    pub media_type: &'a str,
    /// Gives its bytes, or none where they could not be made. They are asked for last, so they can be made meanwhile.
    pub bytes: &'a dyn Fn() -> Option<Vec<u8>>,
}

/// A report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The file. With a signature asked for, it holds a `/Contents` of 8192 zero bytes and a `/ByteRange` of
    /// placeholders, to be filled in place (ISO 32000-1, 12.8.1).
    pub pdf: Vec<u8>,
    /// How many pages it has, covers included.
    pub pages: usize,
    /// Characters that no font of the report has.
    pub missing_glyphs: Vec<MissingGlyph>,
    /// Pictures that the assessment draws and that could not be read.
    pub missing_pictures: Vec<AttachmentId>,
    /// Where each section and question of this copy begins, in the order of the form.
    pub places: Vec<Beginning>,
}

/// Where something of the form begins in a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Beginning {
    /// What begins.
    pub what: Printed,
    /// Its page, counted from 0, covers included.
    pub page: usize,
    /// How far down the page, in points from its upper edge.
    pub down: f32,
}

/// What of a form can be found in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// A section.
    Section(SectionId),
    /// A question.
    Question(QuestionId),
}

/// A character that is printed as a box, since no font has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingGlyph {
    /// The character, as a reader counts them.
    pub character: String,
    /// The first words it is in.
    pub context: String,
    /// The section it is in, by its title.
    pub section: String,
}

/// Makes one report; [`Press`] makes several faster.
pub fn render(input: &ReportInput<'_>) -> Result<Report, ReportError> {
    Press::new()?.print(input, &mut |_| ControlFlow::Continue(()))
}

/// The characters of a report that no font has, without making it: to be shown before export.
pub fn missing_glyphs(input: &ReportInput<'_>) -> Result<Vec<MissingGlyph>, ReportError> {
    let mut shaper = Shaper::new()?;
    let (book, _): (Book, _) = content::write_book(input)?;
    Ok(content::missing::find_missing(&book, &mut shaper))
}
