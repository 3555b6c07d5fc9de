//! What is known of one signature, as facts that a window shows.

use crate::plain;
use dpia_signing::{
    AttachmentFact, Bearing, Certificate, Coverage, DateFact, Integrity, Problem, SignatureKind, SignatureReport, StampFact, Trust,
    Validity,
};
use serde::Serialize;

/// What is known of one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct SignatureFacts {
    /// The name of its field; none for a bundle's.
    pub field: Option<String>,
    /// It is an authority's timestamp of the document, and nobody's signature.
    pub is_timestamp: bool,
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
    /// A timestamp that confirms when it was there, in words; none where there is none that holds.
    pub stamped: Option<String>,
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
    /// It cannot be determined.
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

pub(super) fn fact(answer: FactAnswer, words: impl Into<String>) -> Fact {
    Fact { answer, words: words.into() }
}

pub(super) fn facts_of(report: &SignatureReport) -> SignatureFacts {
    use FactAnswer::{No, NotAsked, Unknown, Yes};
    let list = |problems: &[Problem]| plain::line(&problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    SignatureFacts {
        field: report.field.as_deref().map(plain::line),
        is_timestamp: report.kind == SignatureKind::Timestamp,
        who: report.signer.as_ref().map_or_else(|| "an unknown signer".to_owned(), |signer| plain::line(&signer.subject().to_string())),
        intact: match &report.integrity {
            Integrity::Intact => fact(Yes, "every byte is unchanged since it was signed"),
            Integrity::Damaged(problems) => fact(No, list(problems)),
            Integrity::NotJudged(problems) => fact(Unknown, list(problems)),
            Integrity::Surrounded(problems) if problems.iter().all(|problem| problem.bearing() == Bearing::Surrounding) => {
                fact(Yes, format!("what was signed is unchanged; {}", list(problems)))
            }
            Integrity::Surrounded(problems) => fact(Unknown, list(problems)),
        },
        valid: match &report.validity {
            Validity::Valid => fact(Yes, "made with the key of its certificate"),
            Validity::Invalid(problems) => fact(No, list(problems)),
            Validity::NotJudged(problems) => fact(Unknown, list(problems)),
        },
        trusted: match &report.trust {
            Trust::NotAsked => fact(NotAsked, "no certificate was given to compare it with"),
            Trust::Named => fact(Yes, "it is the certificate given"),
            Trust::IssuedBy(issuer) => fact(Yes, describe_path(issuer, report)),
            Trust::NotAccepted(problem) => fact(No, plain::line(&problem.to_string())),
            Trust::NotTrusted => fact(No, "it was signed with another certificate"),
        },
        covers: match report.coverage {
            Coverage::Whole => fact(Yes, "the whole file"),
            Coverage::Part { covered, after } if report.after.is_empty() => {
                fact(No, format!("the first {covered} bytes; {after} bytes came after"))
            }
            Coverage::Part { covered, .. } => {
                let later: Vec<String> = report.after.iter().map(|change| plain::line(&change.to_string())).collect();
                fact(No, format!("the first {covered} bytes; after them, {}", later.join("; ")))
            }
            Coverage::Unknown => fact(Unknown, "cannot be determined"),
        },
        attachment: fact_of_attachment(report.attachment),
        claimed: report.claimed_time.as_ref().map(|time| plain::line(&time.to_string())),
        stamped: report.stamp.as_ref().map(describe_stamp),
        dates: match report.dates {
            DateFact::WithinLife | DateFact::Unknown => None,
            DateFact::BeforeLife => Some("that is before the certificate was valid".to_owned()),
            DateFact::AfterLife => Some("that is after the certificate expired".to_owned()),
        },
        certificate: report.signer.as_ref().map(|signer| CertificateFacts {
            fingerprint: signer.fingerprint().to_string(),
            not_before: signer.not_before().to_string(),
            not_after: signer.not_after().to_string(),
        }),
    }
}

pub(super) fn fact_of_attachment(attachment: AttachmentFact) -> Fact {
    let answer = match attachment {
        AttachmentFact::Matches => FactAnswer::Yes,
        AttachmentFact::Differs => FactAnswer::No,
        AttachmentFact::None => FactAnswer::NotAsked,
        AttachmentFact::NoHash | AttachmentFact::Unreadable => FactAnswer::Unknown,
    };
    fact(answer, attachment.to_string())
}

/// Who issued the certificate, by which steps, and when all of them were in force.
fn describe_path(issuer: &Certificate, report: &SignatureReport) -> String {
    let between: Vec<String> =
        report.path.iter().take(report.path.len().saturating_sub(1)).map(|step| step.subject().to_string()).collect();
    let through = if between.is_empty() { String::new() } else { format!(" through {}", between.join(", ")) };
    let moments: Vec<String> = report.moments.iter().map(ToString::to_string).collect();
    plain::line(&format!("issued by {}{through}; valid {}; revocation is not checked", issuer.subject(), moments.join(" and ")))
}

fn describe_stamp(stamp: &StampFact) -> String {
    let trust = if stamp.is_trusted { "which is trusted" } else { "which is not known to be trusted" };
    plain::line(&format!("{} by {}, {trust}", stamp.time, stamp.authority))
}
