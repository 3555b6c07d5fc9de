//! Verification: of each signature whether it is intact, valid and trusted, three facts that say nothing of one another,
//! and what else is known. A window shows the facts; a terminal reads them out.

use crate::documents;
use crate::error::{AppError, sentence};
use crate::files;
use crate::printing::countersign_report;
use crate::workspace::Workspace;
use dpia_model::date::Instant;
use dpia_report::COUNTERSIGNATURE_FIELD;
use dpia_signing::{
    AttachmentFact, Certificate, Coverage, DateFact, Integrity, PdfVerification, Problem, SignatureReport, Trust, Validity,
    awaits_countersignature, verify_detached, verify_pdf,
};
use serde::Serialize;
use std::path::Path;

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Verification {
    /// What kind of file it is.
    pub kind: FileKind,
    /// Signed, every signature intact and valid, and trusted if that was asked.
    pub is_sound: bool,
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

/// What is known of one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct SignatureFacts {
    /// The name of its field; none for a bundle's.
    pub field: Option<String>,
    /// Whom the certificate names, in one line.
    pub who: String,
    /// The bytes are those that were signed.
    pub intact: Fact,
    /// The signature belongs to its certificate, and is made as it must be.
    pub valid: Fact,
    /// The certificate is one that the reader trusts.
    pub trusted: Fact,
    /// It covers the whole file; what came after, otherwise.
    pub covers: Fact,
    /// The assessment inside what was signed is the one that it was printed from.
    pub attachment: Fact,
    /// The time that the signer's own clock had, RFC 3339 where it can be read.
    pub claimed: Option<String>,
    /// How that time lies to the certificate's life, where it lies outside.
    pub dates: Option<String>,
    /// The certificate, where it can be read.
    pub certificate: Option<CertificateFacts>,
}

/// One fact: an answer, and the words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Fact {
    /// The answer.
    pub answer: FactAnswer,
    /// Why, in words that go on after it.
    pub words: String,
}

/// The answer to whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum FactAnswer {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It was not asked, or there is nothing to ask it of.
    NotAsked,
    /// It cannot be told.
    Unknown,
}

/// A certificate, to be compared with what its owner says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct CertificateFacts {
    /// The SHA-256, in groups of four digits.
    pub fingerprint: String,
    /// The first moment of its life, RFC 3339.
    pub not_before: String,
    /// The last moment of its life, RFC 3339.
    pub not_after: String,
}

/// Checks the signatures of a PDF, or the signature and contents of a bundle. `now` tells whether the certificate of a
/// bundle's signature, which claims no time, has ended.
pub fn verify(bytes: &[u8], trust: Option<&[Certificate]>, now: Instant) -> Result<Verification, AppError> {
    if dpia_bundle::is_bundle(bytes) { verify_bundle(bytes, trust, now) } else { verify_report(bytes, trust) }
}

fn verify_bundle(bytes: &[u8], trust: Option<&[Certificate]>, now: Instant) -> Result<Verification, AppError> {
    let (opened, signature) = documents::read_bundle(bytes)?;
    let manifest = dpia_bundle::read_manifest(bytes).map_err(AppError::refused)?;
    let report = signature.map(|signature| verify_detached(&manifest, &signature, trust));
    let mut signatures: Vec<SignatureFacts> = report.iter().map(facts_of).collect();
    if let (Some(facts), Some(certificate)) = (signatures.first_mut(), report.as_ref().and_then(|report| report.signer.as_ref())) {
        let has_ended = now.0 > certificate.not_after();
        facts.dates = has_ended.then(|| "the certificate has ended, and whether it signed before that cannot be told".to_owned());
    }
    Ok(Verification {
        kind: FileKind::Bundle,
        is_sound: report.as_ref().is_some_and(SignatureReport::is_sound),
        product: Some(opened.bundle.assessment.details.product),
        empty_fields: 0,
        awaits_countersignature: false,
        signatures,
        attachment: fact(FactAnswer::Yes, "every part is as the bundle's manifest says"),
    })
}

fn verify_report(bytes: &[u8], trust: Option<&[Certificate]>) -> Result<Verification, AppError> {
    let verified = verify_pdf(bytes, trust).map_err(AppError::refused)?;
    // A certification that holds says it of the whole file; another program may have rewritten what it was read from.
    let certified = match &verified {
        PdfVerification::Signed(reports) => {
            reports.first().filter(|first| first.is_intact() && first.is_valid() && !first.after.is_empty())
        }
        PdfVerification::NotSigned { .. } => None,
    };
    let attachment = match certified {
        Some(report) => report.attachment,
        None => dpia_signing::compare_attachment(bytes).map_err(AppError::refused)?,
    };
    let (empty_fields, signatures) = match &verified {
        PdfVerification::NotSigned { empty_fields } => (*empty_fields, Vec::new()),
        PdfVerification::Signed(reports) => (0, reports.iter().map(facts_of).collect()),
    };
    Ok(Verification {
        kind: FileKind::Pdf,
        is_sound: verified.is_sound(),
        product: documents::open_pdf(bytes).ok().map(|opened| opened.bundle.assessment.details.product),
        empty_fields: u32::try_from(empty_fields).unwrap_or(u32::MAX),
        awaits_countersignature: awaits_countersignature(bytes, COUNTERSIGNATURE_FIELD),
        signatures,
        attachment: fact_of_attachment(attachment),
    })
}

fn fact(answer: FactAnswer, words: impl Into<String>) -> Fact {
    Fact { answer, words: words.into() }
}

fn facts_of(report: &SignatureReport) -> SignatureFacts {
    use FactAnswer::{No, NotAsked, Unknown, Yes};
    let list = |problems: &[Problem]| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    SignatureFacts {
        field: report.field.clone(),
        who: report.signer.as_ref().map_or_else(|| "an unknown signer".to_owned(), |signer| signer.subject().to_string()),
        intact: match &report.integrity {
            Integrity::Intact => fact(Yes, "every byte is as it was signed"),
            Integrity::Damaged(problems) => fact(No, list(problems)),
        },
        valid: match &report.validity {
            Validity::Valid => fact(Yes, "made with the key of its certificate"),
            Validity::Invalid(problems) => fact(No, list(problems)),
        },
        trusted: match &report.trust {
            Trust::NotAsked => fact(NotAsked, "no certificate was named to compare it with"),
            Trust::Named => fact(Yes, "it is the certificate named"),
            Trust::IssuedBy(issuer) => fact(Yes, format!("issued by {}", issuer.subject())),
            Trust::NotTrusted => fact(No, "another certificate signed"),
        },
        covers: match report.coverage {
            Coverage::Whole => fact(Yes, "the whole file"),
            Coverage::Part { covered, after } if report.after.is_empty() => {
                fact(No, format!("the first {covered} bytes; {after} bytes came after"))
            }
            Coverage::Part { covered, .. } => {
                let later: Vec<String> = report.after.iter().map(ToString::to_string).collect();
                fact(No, format!("the first {covered} bytes; after them, {}", later.join("; ")))
            }
            Coverage::Unknown => fact(Unknown, "cannot be told"),
        },
        attachment: fact_of_attachment(report.attachment),
        claimed: report.claimed_time.as_ref().map(ToString::to_string),
        dates: match report.dates {
            DateFact::WithinLife | DateFact::Unknown => None,
            DateFact::BeforeLife => Some("that is before the certificate's life".to_owned()),
            DateFact::AfterLife => Some("that is after the certificate's life".to_owned()),
        },
        certificate: report.signer.as_ref().map(|signer| CertificateFacts {
            fingerprint: signer.fingerprint().to_string(),
            not_before: signer.not_before().to_string(),
            not_after: signer.not_after().to_string(),
        }),
    }
}

fn fact_of_attachment(attachment: AttachmentFact) -> Fact {
    let answer = match attachment {
        AttachmentFact::Matches => FactAnswer::Yes,
        AttachmentFact::Differs => FactAnswer::No,
        AttachmentFact::None => FactAnswer::NotAsked,
        AttachmentFact::NoHash | AttachmentFact::Unreadable => FactAnswer::Unknown,
    };
    fact(answer, attachment.to_string())
}

impl Verification {
    /// The facts, to be read out.
    pub fn words(&self) -> String {
        let head = match (self.kind, &self.product) {
            (FileKind::Bundle, Some(product)) => format!("Bundle of {product}: {}.\n", self.attachment.words),
            (FileKind::Bundle, None) | (FileKind::Pdf, _) => String::new(),
        };
        let rest = match (self.kind, self.signatures.as_slice(), self.empty_fields) {
            (FileKind::Bundle, [], _) => "Not signed: nobody vouches for the manifest.\n".to_owned(),
            (FileKind::Pdf, [], 0) => format!("Not signed.\n{}", self.attachment_line("")),
            (FileKind::Pdf, [], empty) => {
                format!("Not signed. Fields that wait for a signature: {empty}.\n{}", self.attachment_line(""))
            }
            (_, signatures, _) => signatures.iter().map(|signature| self.words_of(signature)).collect::<Vec<_>>().join("\n"),
        };
        let waiting = if self.awaits_countersignature { "A field waits for a countersignature.\n" } else { "" };
        head + &rest + waiting
    }

    fn words_of(&self, signature: &SignatureFacts) -> String {
        let say = |fact: &Fact| match fact.answer {
            FactAnswer::Yes => format!("yes, {}", fact.words),
            FactAnswer::No => format!("NO: {}", fact.words),
            FactAnswer::NotAsked => "not asked; name a certificate with --trust".to_owned(),
            FactAnswer::Unknown => fact.words.clone(),
        };
        let mut lines = vec![match &signature.field {
            Some(field) => format!("Signature \"{field}\" by {}", signature.who),
            None => format!("Signature by {}", signature.who),
        }];
        lines.push(format!("  Intact:  {}", say(&signature.intact)));
        lines.push(format!("  Valid:   {}", say(&signature.valid)));
        lines.push(format!("  Trusted: {}", say(&signature.trusted)));
        lines.push(format!("  Covers:  {}", signature.covers.words));
        if let Some(claimed) = &signature.claimed {
            let dates = signature.dates.as_ref().map(|dates| format!("; {dates}")).unwrap_or_default();
            lines.push(format!("  Claimed: {claimed}, by the signer's own clock{dates}"));
        } else if let Some(dates) = &signature.dates {
            lines.push(format!("  Dates:   {dates}"));
        }
        if self.kind == FileKind::Bundle && signature.trusted.answer != FactAnswer::Yes {
            lines.push("  A name in a certificate can be claimed by anybody: compare the fingerprint with what its owner says.".to_owned());
        }
        if self.kind == FileKind::Pdf {
            lines.push(format!("  Inside:  {}", signature.attachment.words));
        }
        if let Some(certificate) = &signature.certificate {
            let CertificateFacts { fingerprint, not_before, not_after } = certificate;
            lines.push(format!("  Certificate: {fingerprint}, valid from {not_before} to {not_after}"));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn attachment_line(&self, indent: &str) -> String {
        format!("{indent}Assessment inside: {}.\n", self.attachment.words)
    }
}

impl Workspace {
    /// Verifies a file. The officer's own certificates, present and former, are those that are trusted here.
    pub fn verify_file(&self, path: &Path) -> Result<Verification, AppError> {
        let bytes = files::read(path)?;
        if documents::is_sealed(&bytes) {
            let name = sentence(&files::name_of(path));
            let message = format!("{name} is sealed with a passphrase. Import it: once it is open, it is told who signed it.");
            return Err(AppError::new(crate::ErrorCode::Refused, message));
        }
        if !dpia_bundle::is_bundle(&bytes) && !documents::is_pdf(&bytes) {
            let name = sentence(&files::name_of(path));
            return Err(AppError::new(
                crate::ErrorCode::Refused,
                format!("{name} is neither a PDF nor a bundle (.dpia), so it bears no signature to check."),
            ));
        }
        let known = self.known_certificates()?;
        verify(&bytes, (!known.is_empty()).then_some(known.as_slice()), self.surroundings.now())
    }

    /// Signs the field that a report leaves for a countersignature, as the person who works here, and writes the file to
    /// another place; the first signature stays as it is. Gives what is known of the new file.
    pub fn countersign_file(&self, path: &Path, to: &Path) -> Result<Verification, AppError> {
        let signed = countersign_report(files::read(path)?, &self.identity()?, self.surroundings.now())?;
        files::write(to, &signed)?;
        self.verify_file(to)
    }
}
