//! Reports: which copy, of what extent, how signed, and the resulting PDF.
//!
//! The bundle of the copy goes along inside the PDF: it holds what is printed and nothing else.

use crate::documents::{Opened, open_pdf, write_bundle};
use crate::error::{AppError, ErrorCode};
use crate::identity::refuse_out_of_force;
use crate::names::{clean_name, product_stem};
use dpia_bundle::{Bundle, Scope};
use dpia_model::assessment::{Content, Value};
use dpia_model::id::{AssessmentId, AttachmentId, SectionId};
use dpia_model::{CopyKind, Extent, Instant};
pub use dpia_report::Stage;
use dpia_report::{EmbeddedFile, MissingGlyph, Press, Report, ReportError, ReportInput, SignatureBlock};
use dpia_signing::{Appearance, Certificate, Countersignature, Identity, countersign, sign};
use dpia_store::Picture;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// The most characters that a refusal names.
const MOST_NAMED: usize = 6;

/// How a report is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ReportSignature {
    /// Not signed: a draft.
    Draft,
    /// Certified by the officer; nothing may be changed afterwards (DocMDP, P 1).
    Certified,
    /// Certified by the officer, with an empty field that somebody else may sign (DocMDP, P 2).
    OpenToCountersignature,
}

/// What is asked of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// Which copy.
    pub copy: CopyKind,
    /// How much of it.
    pub extent: Extent,
    /// How it is signed.
    pub signature: ReportSignature,
    /// What becomes of characters that no font has, where it is signed.
    #[serde(default)]
    pub missing_characters: MissingCharacters,
}

/// What becomes of a signed report with characters that its fonts do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MissingCharacters {
    /// It is not signed: nobody puts their name to a box.
    #[default]
    Refuse,
    /// Somebody has seen which they are: a box is printed in the place of each.
    Allow,
}

/// How a report is made.
pub struct ReportOptions<'a> {
    /// What is asked of it.
    pub request: &'a ReportRequest,
    /// The moment it is made, and claimed by the signature.
    pub at: Instant,
    /// Who signs, unless a draft is asked for.
    pub identity: Option<&'a Identity>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub pdf: Vec<u8>,
    /// Its pages, covers included.
    pub pages: u32,
    /// Letters that no font has, with the words they stand in.
    pub missing_letters: Vec<String>,
    /// A name for the file.
    pub suggested_name: String,
}

/// Prints one report, and signs it where that is asked. A [`Printer`] prints several faster.
pub fn render_report(opened: &Opened, options: &ReportOptions<'_>) -> Result<Rendered, AppError> {
    Printer::new()?.print(opened, options, &mut |_| ControlFlow::Continue(()))
}

/// Prints reports one after another. Each has the bytes that [`render_report`] gives it.
pub struct Printer {
    press: Press,
    /// The bundle that went into the last report, by what it was made of.
    inside: Option<(Inside, Vec<u8>)>,
    /// Pictures that were checked, each with what takes its place where it says more than it shows.
    checked: BTreeMap<AttachmentId, Option<Picture>>,
}

/// What a bundle inside a report is made of.
#[derive(PartialEq)]
struct Inside {
    bundle: Bundle,
    printed: Option<BTreeSet<SectionId>>,
}

/// A character that no font has, and where it is.
fn name_missing(missing: &MissingGlyph) -> String {
    format!("\"{}\" in \"{}\" ({})", missing.character, missing.context, missing.section)
}

fn missing_characters(missing: &[MissingGlyph]) -> AppError {
    let mut named: Vec<String> = missing.iter().take(MOST_NAMED).map(name_missing).collect();
    if missing.len() > named.len() {
        named.push(format!("and {} more", missing.len() - named.len()));
    }
    let message = format!(
        "Some characters are not available in the report's fonts, and a signed report would have a box instead of each: {}. Replace \
        them, or allow boxes.",
        named.join("; ")
    );
    AppError::new(ErrorCode::CharactersMissing, message)
}

impl Printer {
    /// A printer that has printed nothing yet.
    pub fn new() -> Result<Self, AppError> {
        Ok(Self { press: Press::new().map_err(AppError::refused)?, inside: None, checked: BTreeMap::new() })
    }

    /// Prints a report, and signs it where that is asked. Each step is reported as it begins, and may be the last.
    pub fn print(
        &mut self,
        opened: &Opened,
        options: &ReportOptions<'_>,
        watch: &mut dyn FnMut(Stage) -> ControlFlow<()>,
    ) -> Result<Rendered, AppError> {
        let request = options.request;
        if matches!(&request.copy, CopyKind::Customer { client, .. } if client.trim().is_empty()) {
            return Err(AppError::new(ErrorCode::Refused, "A customer copy names its client: enter the name of the school or trust."));
        }
        refuse_long_names(opened, &request.copy)?;
        let copy = &request.copy;
        let identity = match (request.signature, options.identity) {
            (ReportSignature::Draft, _) => None,
            (ReportSignature::Certified | ReportSignature::OpenToCountersignature, Some(identity)) => Some(identity),
            (ReportSignature::Certified | ReportSignature::OpenToCountersignature, None) => {
                return Err(AppError::new(
                    ErrorCode::PersonMissing,
                    "A signature needs an identity: choose who signs, then export \
                again.",
                ));
            }
        };
        let cleaned = match &request.copy {
            CopyKind::Internal => None,
            CopyKind::Customer { .. } => self.clean_pictures(opened)?,
        };
        let opened = cleaned.as_ref().unwrap_or(opened);
        let signature = identity
            .map(|identity| signature_block(identity, options.at, request.signature == ReportSignature::OpenToCountersignature))
            .transpose()?;
        let inside_name = format!("{}.dpia", product_stem(&opened.bundle.assessment.details.product));
        let pictures = |id: &AttachmentId| opened.bundle.attachments.get(id).cloned();
        let input = ReportInput {
            form: &opened.form,
            assessment: &opened.bundle.assessment,
            brand: &opened.bundle.brand,
            copy,
            extent: request.extent,
            at: options.at.0,
            signature: signature.as_ref(),
            pictures: &pictures,
            embedded: None,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        let report = self.with_bundle_inside(opened, request, |press, bytes| {
            let embedded = EmbeddedFile { name: &inside_name, media_type: dpia_bundle::MEDIA_TYPE, bytes };
            press.print(&ReportInput { embedded: Some(embedded), ..input }, watch)
        })?;
        if let Some(lost) = report.missing_pictures.first() {
            return Err(AppError::new(ErrorCode::Damaged, "A picture in this assessment cannot be read: remove it and insert it again.")
                .with_detail(lost));
        }
        if identity.is_some() && request.missing_characters == MissingCharacters::Refuse && !report.missing_glyphs.is_empty() {
            return Err(missing_characters(&report.missing_glyphs));
        }
        let pdf = match identity {
            Some(identity) => sign(report.pdf, identity).map_err(AppError::refused)?,
            None => report.pdf,
        };
        let letters = report.missing_glyphs.iter().map(name_missing);
        Ok(Rendered {
            pdf,
            pages: u32::try_from(report.pages).unwrap_or(u32::MAX),
            missing_letters: letters.collect(),
            suggested_name: suggest_name(&opened.bundle.assessment.details.product, request),
        })
    }

    /// The assessment with pictures that say nothing but what they show; none where they are so already, as all that were
    /// taken here are. A bundle from elsewhere may bring what a camera wrote beside the pixels.
    fn clean_pictures(&mut self, opened: &Opened) -> Result<Option<Opened>, AppError> {
        let mut changed: BTreeMap<AttachmentId, Picture> = BTreeMap::new();
        for (id, bytes) in &opened.bundle.attachments {
            if !self.checked.contains_key(id) {
                let picture = Picture::take(bytes).map_err(|error| {
                    let message = "A picture cannot be checked for hidden data such as a location: remove it and insert it again.";
                    AppError::new(ErrorCode::Refused, message).with_detail(error)
                })?;
                self.checked.insert(*id, (picture.id() != *id).then_some(picture));
            }
            if let Some(Some(picture)) = self.checked.get(id) {
                changed.insert(*id, picture.clone());
            }
        }
        if changed.is_empty() {
            return Ok(None);
        }
        let mut bundle = opened.bundle.clone();
        let clean = |id: AttachmentId| changed.get(&id).map_or(id, Picture::id);
        bundle.assessment.map_attachments(clean);
        bundle.brand.logo = bundle.brand.logo.map(clean);
        bundle.attachments.retain(|id, _| !changed.contains_key(id));
        for picture in changed.into_values() {
            if let Some(known) = bundle.assessment.attachments.get_mut(&picture.id()) {
                known.clone_from(picture.attachment());
            }
            bundle.attachments.insert(picture.id(), picture.into_bytes());
        }
        Ok(Some(Opened { bundle, form: opened.form.clone() }))
    }

    /// Prints with the bundle that goes inside, which is written meanwhile; where it is the last one again, it is not
    /// written again.
    fn with_bundle_inside(
        &mut self,
        opened: &Opened,
        request: &ReportRequest,
        print: impl FnOnce(&mut Press, &dyn Fn() -> Option<Vec<u8>>) -> Result<Report, ReportError>,
    ) -> Result<Report, AppError> {
        let printed = sections_inside(opened, request);
        if let Some((inside, bytes)) = &self.inside
            && inside.printed == printed
            && inside.bundle == opened.bundle
        {
            return print(&mut self.press, &|| Some(bytes.clone())).map_err(AppError::refused);
        }
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| write_inside(opened, printed.as_ref()));
            let (writing, written) = (std::cell::Cell::new(Some(writing)), std::cell::OnceCell::new());
            let wait = || {
                let writing = writing.take()?;
                let bytes = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                written.get_or_init(|| bytes).as_ref().ok().cloned()
            };
            let report = print(&mut self.press, &wait);
            if let Some(bytes) = written.into_inner() {
                self.inside = Some((Inside { bundle: opened.bundle.clone(), printed: printed.clone() }, bytes?));
            }
            report.map_err(AppError::refused)
        })
    }
}

/// Signs the field that a report leaves for a countersignature; the first signature stays as it is.
pub fn countersign_report(pdf: Vec<u8>, identity: &Identity, at: Instant) -> Result<Vec<u8>, AppError> {
    let block = signature_block(identity, at, false)?;
    // The report's own brand, where its assessment is inside.
    let brand = open_pdf(&pdf).map(|opened| opened.bundle.brand).unwrap_or_default();
    let drawing = dpia_report::draw_countersignature(&block, at.0, &brand).map_err(AppError::refused)?;
    let piece = |piece| match piece {
        dpia_report::ObjectPart::Bytes(bytes) => dpia_signing::ObjectPart::Bytes(bytes),
        dpia_report::ObjectPart::Reference(place) => dpia_signing::ObjectPart::Reference(place),
    };
    let objects = drawing.objects.into_iter().map(|object| object.into_iter().map(piece).collect()).collect();
    let countersignature = Countersignature {
        field: dpia_report::COUNTERSIGNATURE_FIELD,
        at: at.0,
        reason: None,
        appearance: Some(Appearance { objects, form: drawing.form }),
    };
    countersign(pdf, &countersignature, identity).map_err(AppError::refused)
}

/// What is printed of a signature, if its certificate is in force.
pub(crate) fn signature_block(identity: &Identity, at: Instant, is_open: bool) -> Result<SignatureBlock, AppError> {
    let certificate = identity.certificate();
    refuse_out_of_force(certificate, at)?;
    Ok(signature_words(certificate, is_open))
}

/// What is printed of whom a certificate is made out to.
pub(crate) fn signature_words(certificate: &Certificate, is_open: bool) -> SignatureBlock {
    let subject = certificate.subject();
    SignatureBlock {
        name: subject.name.unwrap_or_default(),
        role: subject.role.unwrap_or_default(),
        organisation: subject.organisation.unwrap_or_default(),
        email: subject.email.unwrap_or_default(),
        fingerprint: *certificate.fingerprint().as_bytes(),
        is_open,
    }
}

/// The bundle that goes inside: the whole where the whole is printed, else a copy that holds what is printed.
pub(crate) fn bundle_inside(opened: &Opened, request: &ReportRequest) -> Result<Vec<u8>, AppError> {
    write_inside(opened, sections_inside(opened, request).as_ref())
}

/// The sections of the copy that goes inside; none where the whole does.
fn sections_inside(opened: &Opened, request: &ReportRequest) -> Option<BTreeSet<SectionId>> {
    match (&request.copy, request.extent) {
        (CopyKind::Internal, Extent::Whole) => None,
        (copy, extent) => Some(dpia_report::printed_sections(&opened.form, copy, extent)),
    }
}

fn write_inside(opened: &Opened, printed: Option<&BTreeSet<SectionId>>) -> Result<Vec<u8>, AppError> {
    let Some(printed) = printed else { return write_bundle(&opened.bundle) };
    let id = id_of_copy(opened.bundle.assessment.id, printed);
    write_bundle(&dpia_bundle::make_copy(&opened.bundle, printed, id).map_err(AppError::refused)?)
}

/// The id of a copy: its own, and the same each time the same copy is made (a name-based UUID, RFC 9562, 5.5).
fn id_of_copy(id: AssessmentId, printed: &BTreeSet<SectionId>) -> AssessmentId {
    let mut name = b"copy".to_vec();
    printed.iter().for_each(|section| name.extend_from_slice(format!("\n{section}").as_bytes()));
    AssessmentId(uuid::Uuid::new_v5(&id.0, &name))
}

/// The longest name on a cover or in a sign-off, in characters: a longer one has no room there.
const LONGEST_NAME: usize = 200;

/// Refuses a name that would run off its page, so that no word of it is lost.
fn refuse_long_names(opened: &Opened, copy: &CopyKind) -> Result<(), AppError> {
    let assessment = &opened.bundle.assessment;
    let details = &assessment.details;
    let signed = assessment.answers.values().filter_map(|answer| match &answer.content {
        Content::Answered { value: Value::SignOff { name, role, .. } } => {
            Some([("name in a sign-off", name), ("role in a sign-off", role)])
        }
        Content::Answered { .. } | Content::Unanswered | Content::Unknown { .. } | Content::NotApplicable { .. } | Content::Withheld => {
            None
        }
    });
    let client = match copy {
        CopyKind::Customer { client, .. } => Some(("name of the client", client)),
        CopyKind::Internal => None,
    };
    let details = [Some(("name of the product", &details.product)), details.author.as_ref().map(|author| ("name of the author", author))];
    let version = assessment.details.version.as_ref().map(|version| ("version", version));
    let mut names = details.into_iter().flatten().chain(version).chain(client).chain(signed.flatten());
    match names.find(|(_, name)| name.chars().count() > LONGEST_NAME) {
        None => Ok(()),
        Some((what, name)) => {
            let (length, start) = (name.chars().count(), name.chars().take(40).collect::<String>());
            let message = format!(
                "The {what} “{start}…” has {length} characters, and a report has room for {LONGEST_NAME}: shorten it, then try again."
            );
            Err(AppError::new(ErrorCode::Refused, message))
        }
    }
}

/// Whether a copy was made of this assessment.
pub(crate) fn is_copy_of(copy: &Opened, whole: &Opened) -> bool {
    let Scope::Copy { withheld } = &copy.bundle.scope else { return copy.bundle.assessment.id == whole.bundle.assessment.id };
    let sections = copy.form.sections().map(|section| section.id.clone());
    let printed = sections.filter(|id| !withheld.iter().any(|section| section.id == *id)).collect();
    copy.bundle.assessment.id == id_of_copy(whole.bundle.assessment.id, &printed)
}

/// A file name for a report: what it is of, and the client where there is one, without what file systems refuse.
fn suggest_name(product: &str, request: &ReportRequest) -> String {
    let what = match request.extent {
        Extent::Whole => "DPIA",
        Extent::Screening => "DPIA screening",
    };
    let who = match &request.copy {
        CopyKind::Internal => "internal copy".to_owned(),
        CopyKind::Customer { client, .. } => client.trim().to_owned(),
    };
    format!("{}.pdf", clean_name(&format!("{what} {} - {who}", product_stem(product))))
}
