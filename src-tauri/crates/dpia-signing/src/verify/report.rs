//! What verification says, in types that a window or a terminal shows as they are.

use std::fmt;

use jiff::{Timestamp, civil, tz::Offset};

use crate::attachment::AttachmentFact;
use crate::certificate::{Certificate, Subject};
use crate::trust::{Moment, PathProblem};

use super::problem::{Bearing, Problem};

/// What was found in a PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PdfVerification {
    /// No signature field of the PDF's form is signed.
    NotSigned {
        /// Signature fields that wait for a signature.
        empty_fields: usize,
    },
    /// One report a signature, in the order of the form; there is at least one.
    Signed(Vec<SignatureReport>),
}

/// What is known of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// The name of the form field; none for a detached signature.
    pub field: Option<String>,
    /// What it is: somebody's signature, or an authority's timestamp.
    pub kind: SignatureKind,
    /// The certificate that the signature names as its own; none where it could not be read.
    pub signer: Option<Certificate>,
    /// The time that the signer claims. Nobody has confirmed it.
    pub claimed_time: Option<ClaimedTime>,
    /// How the claimed time lies to the certificate's own dates.
    pub dates: DateFact,
    /// Which bytes the signature covers.
    pub coverage: Coverage,
    /// What came after it and was allowed by it: countersignatures, each with a report of its own.
    pub after: Vec<LaterChange>,
    /// Whether the attachment of the revision that the signature covers is the one that its metadata names;
    /// unreadable where the coverage is not known, none for a detached signature.
    pub attachment: AttachmentFact,
    /// Whether the bytes are those that were signed.
    pub integrity: Integrity,
    /// Whether the signature belongs to its certificate and is made as it must be.
    pub validity: Validity,
    /// Whether the certificate is one that the reader trusts.
    pub trust: Trust,
    /// The issuers on the way to the one that is trusted, the nearest first; none where the certificate itself is.
    pub path: Vec<Certificate>,
    /// When the certificates of the path were asked to be in force.
    pub moments: Vec<Moment>,
    /// A timestamp that confirms when the signature was there, where one holds.
    pub stamp: Option<StampFact>,
}

/// What kind of signature a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureKind {
    /// A person's or an organisation's.
    Signature,
    /// A document timestamp (ETSI EN 319 142-1, 5.4.3): an authority says when it saw the document so far.
    Timestamp,
}

/// A timestamp that holds and confirms a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampFact {
    /// When the signature was there.
    pub time: Timestamp,
    /// Whom the authority's certificate names.
    pub authority: Subject,
    /// Whether the authority is one that the reader trusts.
    pub is_trusted: bool,
}

/// A change after a signature that the signature allows (DocMDP, ISO 32000-1, 12.8.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaterChange {
    /// A field that waited was signed.
    Signed {
        /// The name of the field.
        field: String,
    },
    /// A field was added that shows nothing, and signed.
    SignedNewField {
        /// The name of the field.
        field: String,
    },
    /// A signature locks fields (FieldMDP).
    FieldsLocked {
        /// The name of the signature's field.
        field: String,
    },
    /// A document timestamp was added.
    Timestamped {
        /// The name of its field.
        field: String,
    },
    /// Certificates and revocation information were added, by which the signatures can be checked later (DSS, VRI).
    ValidationInformation,
    /// The form was written again with the same fields.
    FormRewritten {
        /// It was given fonts for fields to be drawn with (`/DR`).
        has_resources: bool,
    },
}

/// Whether the signed bytes are unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// Every byte is as it was signed, and nothing was added but what the signature itself allows.
    Intact,
    /// What differs.
    Damaged(Vec<Problem>),
    /// What is in the way of saying whether anything differs.
    NotJudged(Vec<Problem>),
    /// Every signed byte is as it was; what mail or a download did to the file around them.
    Surrounded(Vec<Problem>),
}

/// Whether the signature itself holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    /// Made by the certificate's key, with all that PAdES asks for.
    Valid,
    /// What is wrong.
    Invalid(Vec<Problem>),
    /// What about it is not judged here.
    NotJudged(Vec<Problem>),
}

/// Whether the signer's certificate is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// No list of trusted certificates was given.
    NotAsked,
    /// The certificate is itself on the list.
    Named,
    /// The certificate was issued by this authority on the list.
    IssuedBy(Box<Certificate>),
    /// It is on the list, or was issued by an authority on it, and not in a way to rely upon.
    NotAccepted(Box<PathProblem>),
    /// Neither.
    NotTrusted,
}

/// Which part of the file a signature covers, its own digits left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// All of it.
    Whole,
    /// The beginning; something was added later.
    Part {
        /// Bytes from the start that are covered.
        covered: usize,
        /// Bytes after them.
        after: usize,
    },
    /// The byte range cannot be taken at its word.
    Unknown,
}

/// How the claimed time lies to the certificate's own dates: a fact, which decides nothing,
/// since nobody has confirmed the claimed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFact {
    /// Between the first and the last day.
    WithinLife,
    /// Before the certificate's first day.
    BeforeLife,
    /// After the certificate's last day.
    AfterLife,
    /// No time is claimed, or it cannot be read.
    Unknown,
}

/// The time in `/M` (ISO 32000-1, 7.9.4), as the signer's computer had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedTime {
    /// As it is in the file, such as `D:20261122093000+01'00'`.
    pub text: String,
    /// The instant, where the text is a date with time and zone.
    pub instant: Option<Timestamp>,
}

impl Integrity {
    pub(super) fn of(problems: Vec<Problem>) -> Integrity {
        match problems.iter().map(Problem::bearing).min() {
            None => Integrity::Intact,
            Some(Bearing::Changed | Bearing::Broken) => Integrity::Damaged(problems),
            Some(Bearing::NotJudged) => Integrity::NotJudged(problems),
            Some(Bearing::CutOff | Bearing::Surrounding) => Integrity::Surrounded(problems),
        }
    }

    /// What is against it.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Integrity::Intact => &[],
            Integrity::Damaged(problems) | Integrity::NotJudged(problems) | Integrity::Surrounded(problems) => problems,
        }
    }
}

impl Validity {
    pub(super) fn of(problems: Vec<Problem>) -> Validity {
        match problems.iter().map(Problem::bearing).min() {
            None => Validity::Valid,
            Some(Bearing::Changed | Bearing::Broken | Bearing::CutOff | Bearing::Surrounding) => Validity::Invalid(problems),
            Some(Bearing::NotJudged) => Validity::NotJudged(problems),
        }
    }

    /// What is against it.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Validity::Valid => &[],
            Validity::Invalid(problems) | Validity::NotJudged(problems) => problems,
        }
    }
}

impl PdfVerification {
    /// Whether there is a signature, which a timestamp alone is not, and every one is sound.
    pub fn is_sound(&self) -> bool {
        match self {
            PdfVerification::NotSigned { .. } => false,
            PdfVerification::Signed(reports) => {
                reports.iter().any(|report| report.kind == SignatureKind::Signature) && reports.iter().all(SignatureReport::is_sound)
            }
        }
    }
}

impl SignatureReport {
    /// Intact and valid, and trusted if that was asked. Whose timestamps are trusted decides nothing here: it is reported.
    pub fn is_sound(&self) -> bool {
        self.is_intact() && self.is_valid() && self.is_accepted()
    }

    /// Whether nothing is known against the signer.
    pub fn is_accepted(&self) -> bool {
        match (self.kind, &self.trust) {
            (SignatureKind::Timestamp, _) | (_, Trust::NotAsked | Trust::Named | Trust::IssuedBy(_)) => true,
            (SignatureKind::Signature, Trust::NotAccepted(_) | Trust::NotTrusted) => false,
        }
    }

    /// Whether the bytes are those that were signed.
    pub fn is_intact(&self) -> bool {
        self.integrity == Integrity::Intact
    }

    /// Whether the signature itself holds.
    pub fn is_valid(&self) -> bool {
        self.validity == Validity::Valid
    }

    /// Whom the signer's certificate names.
    pub fn subject(&self) -> Option<Subject> {
        self.signer.as_ref().map(Certificate::subject)
    }

    /// All that is wrong with the bytes and with the signature.
    pub fn problems(&self) -> Vec<&Problem> {
        self.integrity.problems().iter().chain(self.validity.problems()).collect()
    }
}

impl ClaimedTime {
    /// The time that a timestamp says.
    pub(super) fn at(instant: Timestamp) -> ClaimedTime {
        ClaimedTime { text: instant.to_string(), instant: Some(instant) }
    }

    pub(crate) fn read(text: &[u8]) -> ClaimedTime {
        let shown = text.iter().take(64).map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '\u{fffd}',
        });
        let text: String = shown.collect();
        let instant = read_pdf_date(&text);
        ClaimedTime { text, instant }
    }
}

/// `D:YYYYMMDDHHmmSS` and `Z`, `+HH'mm` or `-HH'mm'`; a date without a zone is no instant.
fn read_pdf_date(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix("D:")?;
    let (date, zone) = digits.split_at_checked(14)?;
    if !date.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from, to| date.get(from..to)?.parse::<i8>().ok();
    let date =
        civil::DateTime::new(date.get(..4)?.parse().ok()?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()?;
    let seconds = match zone.split_at_checked(1)? {
        ("Z", "" | "00'00" | "00'00'") => 0,
        (sign @ ("+" | "-"), rest) => {
            let (hours, rest) = rest.split_once('\'').unwrap_or((rest, "00"));
            let minutes = rest.strip_suffix('\'').unwrap_or(rest);
            let read = |text: &str, limit: i32| {
                let is_plain = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
                let value: i32 = text.parse().ok().filter(|_| is_plain)?;
                (value < limit).then_some(value)
            };
            let seconds = read(hours, 24)? * 3600 + read(minutes, 60)? * 60;
            if sign == "-" { -seconds } else { seconds }
        }
        _ => return None,
    };
    Offset::from_seconds(seconds).ok()?.to_timestamp(date).ok()
}

impl fmt::Display for ClaimedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant {
            Some(instant) => write!(f, "{instant}"),
            None => f.write_str(&self.text),
        }
    }
}

impl Coverage {
    /// The end of what is covered, in a file of `length` bytes.
    pub(super) fn end(self, length: usize) -> Option<usize> {
        match self {
            Coverage::Whole => Some(length),
            Coverage::Part { covered, .. } => Some(covered),
            Coverage::Unknown => None,
        }
    }
}

impl fmt::Display for LaterChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LaterChange::Signed { field } => write!(f, "the field \"{field}\" was signed, as this signature allows"),
            LaterChange::SignedNewField { field } => write!(f, "the field \"{field}\", which shows nothing, was added and signed"),
            LaterChange::FieldsLocked { field } => write!(f, "the signature in \"{field}\" locks fields"),
            LaterChange::Timestamped { field } => write!(f, "a timestamp of the document was added in the field \"{field}\""),
            LaterChange::ValidationInformation => {
                f.write_str("certificates and revocation information were added, by which the signatures can be checked later")
            }
            LaterChange::FormRewritten { has_resources: false } => f.write_str("the form was written again with the same fields"),
            LaterChange::FormRewritten { has_resources: true } => {
                f.write_str("the form was written again with the same fields and with fonts for them")
            }
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Coverage::Whole => f.write_str("the whole file"),
            Coverage::Part { covered, after } => {
                write!(f, "the first {covered} bytes; {after} bytes follow")
            }
            Coverage::Unknown => f.write_str("not known"),
        }
    }
}

impl fmt::Display for DateFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateFact::WithinLife => "the claimed time lies within the certificate's dates",
            DateFact::BeforeLife => "the claimed time lies before the certificate's first day",
            DateFact::AfterLife => "the claimed time lies after the certificate's last day",
            DateFact::Unknown => "no time is claimed that could be compared with the certificate",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_date_with_a_zone_is_an_instant() {
        let check = |text: &str, expected: Option<&str>| {
            let instant = ClaimedTime::read(text.as_bytes()).instant;
            assert_eq!(instant.map(|at| at.to_string()).as_deref(), expected, "{text}");
        };
        check("D:20261122093000Z", Some("2026-11-22T09:30:00Z"));
        check("D:20261122093000+00'00'", Some("2026-11-22T09:30:00Z"));
        check("D:20261122093000+05'30", Some("2026-11-22T04:00:00Z"));
        check("D:20261122093000-08'00'", Some("2026-11-22T17:30:00Z"));
        check("D:20261122093000", None);
        check("D:20261322093000Z", None);
        check("D:2026112209300+Z", None);
        check("D:20261122093000+é'00'", None);
        check("D:20261122093000+25'00'", None);
        check("20261122093000Z", None);
        check("", None);
    }
}
