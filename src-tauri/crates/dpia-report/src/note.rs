//! The page that goes to schools with a certificate, in the brand of the reports and as accessible as they are.

use crate::cache::Cache;
use crate::content::note;
use crate::error::ReportError;
use crate::finish::{self, pictures::Picture};
use crate::layout::{self, Pixels};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
use crate::{SignatureBlock, draw};
use dpia_model::Brand;
use std::sync::Arc;

/// What a certificate's page is made from.
#[derive(Clone, Copy)]
pub struct CertificateNote<'a> {
    /// Whose certificate it is, and its fingerprint.
    pub signer: &'a SignatureBlock,
    /// The first moment that it is in force.
    pub not_before: jiff::Timestamp,
    /// The last one.
    pub not_after: jiff::Timestamp,
    /// The name of the file that the certificate is in.
    pub file: &'a str,
    /// The words and colours of the company.
    pub brand: &'a Brand,
    /// The bytes of the brand's picture.
    pub logo: Option<&'a [u8]>,
    /// When the page is made.
    pub at: jiff::Timestamp,
    /// The version of the program.
    pub app_version: &'a str,
}

/// Makes a certificate's page, as a PDF of its own.
///
/// # Errors
/// A brand whose colours cannot be read, or a typeface that is damaged. Letters that no font has stand as boxes.
pub fn render_certificate_note(note: &CertificateNote<'_>) -> Result<Vec<u8>, ReportError> {
    note.brand.check_contrast()?;
    let pictures: Vec<Arc<Picture>> = note.logo.and_then(Picture::read).map(Arc::new).into_iter().collect();
    let sizes: Vec<Pixels> = pictures.iter().map(|picture| Pixels { width: picture.width, height: picture.height }).collect();
    let mut shaper = Shaper::new()?;
    shaper.begin_report(note.brand.typeface);
    let part = note::write_note(note, (!pictures.is_empty()).then_some(0));
    let layout = layout::lay_out_part(&part, &note::running(note), &mut shaper, &sizes);
    let (document, structure) = draw::draw(&layout, &shaper, &Palette::of(note.brand), &mut draw::Drawn::new())?;
    let facts = finish::Facts {
        title: note::TITLE,
        author: &note.signer.organisation,
        subject: note.file,
        at: note.at,
        app_version: note.app_version,
        pictures: &pictures,
        embedded: None,
        signature: None,
    };
    finish::finish(document, &layout, &structure, &facts, &mut Cache::new())
}
