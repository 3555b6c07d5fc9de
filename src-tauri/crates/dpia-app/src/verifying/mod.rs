//! Verification: of each signature whether it is intact, valid and trusted, three facts that say nothing of one another,
//! what else is known, and the verdict that all of it comes to. A window shows them; a terminal reads them out.

mod facts;
mod verdict;
mod words;

pub use facts::{CertificateFacts, Fact, FactAnswer, SignatureFacts};
pub use verdict::Verdict;

use crate::documents;
use crate::error::{AppError, sentence};
use crate::files;
use crate::identity::OwnIdentity;
use crate::plain;
use crate::printing::countersign_report;
use dpia_model::date::Instant;
use dpia_report::COUNTERSIGNATURE_FIELD;
use dpia_signing::{
    AttachmentFact, Certificate, PdfVerification, SignatureReport, SigningError, awaits_countersignature, verify_detached_at, verify_pdf_at,
};
use facts::{fact, fact_of_attachment, facts_of};
use serde::Serialize;
use std::path::Path;

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Verification {
    /// What kind of file it is.
    pub kind: FileKind,
    /// What all of it comes to.
    pub verdict: Verdict,
    /// Signed, every signature intact and valid, and trusted if that was asked: what the verdict says.
    pub is_sound: bool,
    /// Why nothing can be said of the signatures, where nothing can.
    pub reason: Option<String>,
    /// The product of the assessment inside; none where none can be opened.
    pub product: Option<String>,
    /// Fields that wait for a signature, where nothing is signed.
    pub empty_fields: u32,
    /// A field waits for a countersignature, which the certification allows, and all that is signed holds.
    pub awaits_countersignature: bool,
    /// One a signature, in the order of the file.
    pub signatures: Vec<SignatureFacts>,
    /// Whether the assessment inside is the one that the file says it was printed from.
    pub attachment: Fact,
}

/// What kind of file was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A PDF.
    Pdf,
    /// A bundle.
    Bundle,
}

/// Checks the signatures of a PDF, or the signature and contents of a bundle. `now` tells whether the certificate of a
/// bundle's signature, which claims no time, has ended.
pub fn verify(bytes: &[u8], trust: Option<&[Certificate]>, now: Instant) -> Result<Verification, AppError> {
    if dpia_bundle::is_bundle(bytes) { verify_bundle(bytes, trust, now) } else { verify_report(bytes, trust, now) }
}

fn verify_bundle(bytes: &[u8], trust: Option<&[Certificate]>, now: Instant) -> Result<Verification, AppError> {
    let (opened, signature) = documents::read_bundle(bytes)?;
    let manifest = dpia_bundle::read_manifest(bytes).map_err(AppError::refused)?;
    let report = signature.map(|signature| verify_detached_at(&manifest, &signature, trust, Some(now.0)));
    let mut signatures: Vec<SignatureFacts> = report.iter().map(facts_of).collect();
    if let (Some(facts), Some(certificate)) = (signatures.first_mut(), report.as_ref().and_then(|report| report.signer.as_ref())) {
        let has_ended = now.0 > certificate.not_after();
        facts.dates = has_ended.then(|| "the certificate has expired, and whether it signed before that cannot be determined".to_owned());
    }
    // A bundle is signed in one way only, so that what cannot be judged does not hold.
    for fact in signatures.iter_mut().flat_map(|signature| [&mut signature.intact, &mut signature.valid]) {
        if fact.answer == FactAnswer::Unknown {
            fact.answer = FactAnswer::No;
        }
    }
    let verdict = match Verdict::of(report.as_slice()) {
        Verdict::NotJudged => Verdict::Broken,
        other => other,
    };
    Ok(Verification {
        kind: FileKind::Bundle,
        verdict,
        is_sound: verdict.is_sound(),
        reason: None,
        product: Some(plain::line(&opened.bundle.assessment.details.product)),
        empty_fields: 0,
        awaits_countersignature: false,
        signatures,
        attachment: fact(FactAnswer::Yes, "every part matches the bundle's manifest"),
    })
}

fn verify_report(bytes: &[u8], trust: Option<&[Certificate]>, now: Instant) -> Result<Verification, AppError> {
    let verified = match verify_pdf_at(bytes, trust, Some(now.0)) {
        Ok(verified) => verified,
        Err(SigningError::NotPdf) => {
            let message = "This is neither a PDF nor a bundle (.dpia), so it has no signature to check.";
            return Err(AppError::new(crate::ErrorCode::Refused, message));
        }
        Err(error @ SigningError::TooLarge { .. }) => return Err(AppError::refused(error)),
        Err(error) => return Ok(unreadable(&error)),
    };
    let reports: &[SignatureReport] = match &verified {
        PdfVerification::Signed(reports) => reports,
        PdfVerification::NotSigned { .. } => &[],
    };
    let empty_fields = match verified {
        PdfVerification::NotSigned { empty_fields } => empty_fields,
        PdfVerification::Signed(_) => 0,
    };
    let verdict = Verdict::of(reports);
    Ok(Verification {
        kind: FileKind::Pdf,
        verdict,
        is_sound: verdict.is_sound(),
        reason: None,
        product: documents::open_pdf(bytes).ok().map(|opened| plain::line(&opened.bundle.assessment.details.product)),
        empty_fields: u32::try_from(empty_fields).unwrap_or(u32::MAX),
        awaits_countersignature: awaits_countersignature(bytes, COUNTERSIGNATURE_FIELD),
        signatures: reports.iter().map(facts_of).collect(),
        attachment: fact_of_attachment(judge_attachment(bytes, reports)),
    })
}

/// A PDF of whose signatures nothing can be said.
fn unreadable(error: &SigningError) -> Verification {
    let verdict = match error {
        SigningError::CutOff => Verdict::CutOff,
        _ => Verdict::Unreadable,
    };
    Verification {
        kind: FileKind::Pdf,
        verdict,
        is_sound: verdict.is_sound(),
        reason: Some(plain::line(&sentence(&error.to_string()))),
        product: None,
        empty_fields: 0,
        awaits_countersignature: false,
        signatures: Vec::new(),
        attachment: fact(FactAnswer::Unknown, AttachmentFact::Unreadable.to_string()),
    }
}

/// A certification that holds says it of the whole file; another program may have rewritten what it was read from.
fn judge_attachment(bytes: &[u8], reports: &[SignatureReport]) -> AttachmentFact {
    let first = reports.first();
    match first.filter(|first| first.is_intact() && first.is_valid() && !first.after.is_empty()) {
        Some(report) => report.attachment,
        // Where something is before the PDF, what the first signature covers is read alone.
        None => {
            dpia_signing::compare_attachment(bytes).unwrap_or_else(|_| first.map_or(AttachmentFact::Unreadable, |first| first.attachment))
        }
    }
}

/// Verifies a file. The officer's own certificates, present and former, are those that are trusted.
pub fn verify_file(identity: &OwnIdentity, path: &Path) -> Result<Verification, AppError> {
    let bytes = files::read(path)?;
    if documents::is_encrypted(&bytes) {
        let name = files::name_of(path);
        let message = format!("“{name}” is encrypted with a passphrase. Import it: once it is open, you see who signed it.");
        return Err(AppError::new(crate::ErrorCode::Refused, message));
    }
    if !dpia_bundle::is_bundle(&bytes) && !files::is_pdf(&bytes) {
        let name = files::name_of(path);
        return Err(AppError::new(
            crate::ErrorCode::Refused,
            format!("“{name}” is neither a PDF nor a bundle (.dpia), so it has no signature to check."),
        ));
    }
    let known = identity.known_certificates()?;
    verify(&bytes, (!known.is_empty()).then_some(known.as_slice()), identity.vault().now())
}

/// Signs the field that a report leaves for a countersignature, as the person who works here, and writes the file to
/// another place; the first signature stays as it is. Gives what is known of the new file.
pub fn countersign_file(identity: &OwnIdentity, path: &Path, to: &Path) -> Result<Verification, AppError> {
    let signed = countersign_report(files::read(path)?, &identity.get_or_make()?, identity.vault().now())?;
    identity.vault().folder().refuse_own_file(to)?;
    files::write(to, &signed, &[path])?;
    verify_file(identity, to)
}
