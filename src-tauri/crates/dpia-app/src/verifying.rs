//! Verification in words: of each signature whether it is intact, valid and trusted, and what else is known.

use crate::documents::open_bundle;
use crate::error::AppError;
use dpia_signing::{
    Certificate, Coverage, DateFact, Integrity, PdfVerification, Problem, SignatureReport, Trust, Validity, verify_detached, verify_pdf,
};

/// What was found.
pub struct Verification {
    /// Signed, every signature intact and valid, and trusted if that was asked.
    pub is_sound: bool,
    /// The facts, to be read.
    pub words: String,
}

/// Checks the signatures of a PDF, or the signature and contents of a bundle.
pub fn verify(bytes: &[u8], trust: Option<&Certificate>) -> Result<Verification, AppError> {
    let trust = trust.map(std::slice::from_ref);
    if dpia_bundle::is_bundle(bytes) {
        let opened = open_bundle(bytes)?;
        let manifest = dpia_bundle::read_manifest(bytes).map_err(AppError::refused)?;
        let head = format!("Bundle of {}: every part is as its manifest says.\n", opened.bundle.assessment.details.product);
        let Some(signature) = &opened.bundle.signature else {
            return Ok(Verification { is_sound: false, words: format!("{head}Not signed: nobody vouches for the manifest.\n") });
        };
        let report = verify_detached(&manifest, signature, trust);
        return Ok(Verification { is_sound: report.is_sound(), words: format!("{head}{}", words_of(&report)) });
    }
    match verify_pdf(bytes, trust).map_err(AppError::refused)? {
        PdfVerification::NotSigned { empty_fields: 0 } => Ok(Verification { is_sound: false, words: "Not signed.\n".to_owned() }),
        PdfVerification::NotSigned { empty_fields } => {
            Ok(Verification { is_sound: false, words: format!("Not signed. Fields that wait for a signature: {empty_fields}.\n") })
        }
        PdfVerification::Signed(reports) => Ok(Verification {
            is_sound: reports.iter().all(SignatureReport::is_sound),
            words: reports.iter().map(words_of).collect::<Vec<_>>().join("\n"),
        }),
    }
}

fn words_of(report: &SignatureReport) -> String {
    let mut lines = Vec::new();
    let list = |problems: &[Problem]| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let who = report.signer.as_ref().map_or_else(|| "an unknown signer".to_owned(), |signer| signer.subject().to_string());
    lines.push(match &report.field {
        Some(field) => format!("Signature \"{field}\" by {who}"),
        None => format!("Signature by {who}"),
    });
    lines.push(match &report.integrity {
        Integrity::Intact => "  Intact:  yes, every byte is as it was signed".to_owned(),
        Integrity::Damaged(problems) => format!("  Intact:  NO: {}", list(problems)),
    });
    lines.push(match &report.validity {
        Validity::Valid => "  Valid:   yes, made with the key of its certificate".to_owned(),
        Validity::Invalid(problems) => format!("  Valid:   NO: {}", list(problems)),
    });
    lines.push(match &report.trust {
        Trust::NotAsked => "  Trusted: not asked; name a certificate with --trust".to_owned(),
        Trust::Named => "  Trusted: yes, it is the certificate named".to_owned(),
        Trust::IssuedBy(issuer) => format!("  Trusted: yes, issued by {}", issuer.subject()),
        Trust::NotTrusted => "  Trusted: NO, another certificate signed".to_owned(),
    });
    lines.push(match report.coverage {
        Coverage::Whole => "  Covers:  the whole file".to_owned(),
        Coverage::Part { covered, after } => format!("  Covers:  the first {covered} bytes; {after} bytes came after"),
        Coverage::Unknown => "  Covers:  cannot be told".to_owned(),
    });
    if let Some(time) = &report.claimed_time {
        let fact = match report.dates {
            DateFact::WithinLife | DateFact::Unknown => "",
            DateFact::BeforeLife => "; that is before the certificate's life",
            DateFact::AfterLife => "; that is after the certificate's life",
        };
        let when = time.instant.map_or_else(|| time.text.clone(), |instant| instant.to_string());
        lines.push(format!("  Claimed: {when}, by the signer's own clock{fact}"));
    }
    if let Some(signer) = &report.signer {
        lines.push(format!("  Certificate: {}, valid from {} to {}", signer.fingerprint(), signer.not_before(), signer.not_after()));
    }
    lines.push(String::new());
    lines.join("\n")
}
