//! Reports: which copy, of what extent, how sealed, and the PDF that comes of it.
//!
//! The bundle of the copy goes along inside the PDF: it holds what is printed and no more.

use crate::documents::{Opened, clean_name, write_bundle};
use crate::error::{AppError, ErrorCode};
use dpia_bundle::Bundle;
use dpia_model::Instant;
use dpia_model::id::{AssessmentId, AttachmentId, SectionId};
use dpia_report::{CopyKind, EmbeddedFile, ReportInput, SignatureBlock};
use dpia_signing::{Identity, seal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which copy of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Copy {
    /// Every part: not for release.
    Internal,
    /// What a client receives.
    Customer {
        /// The client named on it.
        client: String,
        /// Internal sections that go along all the same.
        included: BTreeSet<SectionId>,
    },
}

/// How much of an assessment is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// All of the form.
    Whole,
    /// The screening alone, as a short document of its own.
    Screening,
}

/// How a report is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Sealing {
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
    pub copy: Copy,
    /// How much of it.
    pub extent: Extent,
    /// How it is sealed.
    pub sealing: Sealing,
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

/// Prints an assessment, and signs it where that is asked.
pub fn render_report(opened: &Opened, options: &ReportOptions<'_>) -> Result<Rendered, AppError> {
    let request = options.request;
    let copy = match &request.copy {
        Copy::Internal => CopyKind::Internal,
        Copy::Customer { client, .. } if client.trim().is_empty() => {
            return Err(AppError::new(ErrorCode::Refused, "A customer copy names its client: write the name of the school or trust."));
        }
        Copy::Customer { client, included } => CopyKind::Customer { client: client.trim().to_owned(), included: included.clone() },
    };
    let identity = match (request.sealing, options.identity) {
        (Sealing::Draft, _) => None,
        (Sealing::Certified | Sealing::OpenToCountersignature, Some(identity)) => Some(identity),
        (Sealing::Certified | Sealing::OpenToCountersignature, None) => {
            return Err(AppError::new(ErrorCode::PersonMissing, "A signature needs an identity: say who signs, then export again."));
        }
    };
    let signature = identity.map(|identity| signature_block(identity, options.at)).transpose()?;
    let bundle = bundle_inside(&opened.bundle, &request.copy)?;
    let embedded = EmbeddedFile {
        name: format!("{}.dpia", clean_name(&opened.bundle.assessment.details.product)),
        media_type: dpia_bundle::MEDIA_TYPE.to_owned(),
        bytes: bundle,
    };
    let pictures = |id: &AttachmentId| opened.bundle.attachments.get(id).cloned();
    let input = ReportInput {
        form: &opened.form,
        assessment: &opened.bundle.assessment,
        brand: &opened.bundle.brand,
        copy: &copy,
        at: options.at.0,
        signature: signature.as_ref(),
        pictures: &pictures,
        embedded: Some(&embedded),
        app_version: env!("CARGO_PKG_VERSION"),
    };
    let report = dpia_report::render(&input).map_err(AppError::refused)?;
    if let Some(lost) = report.missing_pictures.first() {
        return Err(AppError::new(ErrorCode::Damaged, "A picture of this assessment cannot be read: remove it and place it anew.")
            .with_detail(lost));
    }
    let pdf = match identity {
        Some(identity) => seal(report.pdf, identity).map_err(AppError::refused)?,
        None => report.pdf,
    };
    let letters =
        report.missing_glyphs.iter().map(|missing| format!("\"{}\" in \"{}\" ({})", missing.character, missing.context, missing.section));
    Ok(Rendered {
        pdf,
        pages: u32::try_from(report.pages).unwrap_or(u32::MAX),
        missing_letters: letters.collect(),
        suggested_name: suggest_name(&opened.bundle.assessment.details.product, &request.copy),
    })
}

/// What is printed of a signature, if its certificate is in force.
fn signature_block(identity: &Identity, at: Instant) -> Result<SignatureBlock, AppError> {
    let certificate = identity.certificate();
    if at.0 > certificate.not_after() {
        let since = certificate.not_after();
        return Err(AppError::new(ErrorCode::Refused, format!("This certificate expired on {since}: make a new one, then sign again.")));
    }
    let subject = certificate.subject();
    Ok(SignatureBlock {
        name: subject.name.unwrap_or_default(),
        role: subject.role.unwrap_or_default(),
        organisation: subject.organisation.unwrap_or_default(),
        email: subject.email.unwrap_or_default(),
        fingerprint: *certificate.fingerprint().as_bytes(),
    })
}

/// The bundle that goes inside: the whole for an internal copy, what is printed for a customer.
fn bundle_inside(whole: &Bundle, copy: &Copy) -> Result<Vec<u8>, AppError> {
    match copy {
        Copy::Internal => write_bundle(whole),
        Copy::Customer { included, .. } => {
            let id = id_of_copy(whole.assessment.id, included);
            write_bundle(&dpia_bundle::make_copy(whole, included, id).map_err(AppError::refused)?)
        }
    }
}

/// The id of a copy: its own, and the same each time the same copy is made (a name-based UUID, RFC 9562, 5.8).
fn id_of_copy(id: AssessmentId, included: &BTreeSet<SectionId>) -> AssessmentId {
    let mut name = b"customer copy".to_vec();
    included.iter().for_each(|section| name.extend_from_slice(format!("\n{section}").as_bytes()));
    AssessmentId(uuid::Uuid::new_v5(&id.0, &name))
}

/// A file name for a report: the product, and the client where there is one, without what file systems refuse.
fn suggest_name(product: &str, copy: &Copy) -> String {
    let who = match copy {
        Copy::Internal => "internal copy".to_owned(),
        Copy::Customer { client, .. } => client.trim().to_owned(),
    };
    format!("{}.pdf", clean_name(&format!("DPIA {product} - {who}")))
}
