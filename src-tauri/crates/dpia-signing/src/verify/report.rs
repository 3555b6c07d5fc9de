//! What verification says, in types that a window or a terminal shows as they are.

use std::fmt;

use jiff::{Timestamp, civil, tz::Offset};

use crate::attachment::AttachmentFact;
use crate::certificate::{Certificate, Subject};

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
}

/// A change after a signature that the signature allows (DocMDP, ISO 32000-1, 12.8.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaterChange {
    /// A field that waited was signed.
    Signed {
        /// The name of the field.
        field: String,
    },
}

/// Whether the signed bytes are unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// Every byte is as it was signed, and nothing was added but what the signature itself allows.
    Intact,
    /// What differs, or why it cannot be said.
    Damaged(Vec<Problem>),
}

/// Whether the signature itself holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validity {
    /// Made by the certificate's key, with all that PAdES asks for.
    Valid,
    /// What is wrong.
    Invalid(Vec<Problem>),
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
    /// As it stands in the file, such as `D:20261122093000+01'00'`.
    pub text: String,
    /// The instant, where the text is a date with time and zone.
    pub instant: Option<Timestamp>,
}

/// Something that is wrong with a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The digest of the bytes is not the signed one.
    ContentChanged,
    /// The byte range does not leave out exactly the signature, or leaves the file.
    ByteRangeWrong,
    /// The signature does not say what it signed, or cannot be read.
    DigestMissing,
    /// The file goes on after what was signed.
    BytesAfter {
        /// How many bytes.
        count: usize,
    },
    /// The file goes on with a change that the signature does not allow.
    ChangeNotAllowed {
        /// How many bytes.
        count: usize,
        /// What about it is not allowed.
        reason: &'static str,
    },
    /// More bytes would have to be hashed than are.
    TooMuchToCheck,
    /// `/Type` is not `Sig`.
    NotASignature,
    /// `/SubFilter` is neither `ETSI.CAdES.detached` nor `adbe.pkcs7.detached`.
    KindUnknown,
    /// There is no `/Contents`.
    ContentsMissing,
    /// `/Contents` is not written as pairs of hexadecimal digits in one letter case.
    ContentsOdd,
    /// The signature is no CMS structure that can be read.
    Unreadable,
    /// The CMS structure is not in the one canonical form (DER).
    NotCanonical,
    /// Something stands between the signature and the end of its room.
    PaddingNotZero,
    /// There is not exactly one signer.
    NotOneSigner,
    /// A version number or type in the structure is not the one that the standard asks for.
    StructureWrong,
    /// The signer's certificate is not in the signature.
    CertificateMissing,
    /// A signed attribute that must be there is missing, is there twice, or is malformed.
    AttributeWrong {
        /// Its name in the standard.
        name: &'static str,
    },
    /// signing-time stands among the signed attributes, which PAdES forbids.
    SigningTimePresent,
    /// signing-certificate-v2 names another certificate.
    OtherCertificateMeant,
    /// The certificate's key usage does not allow signing documents.
    KeyUsageForbids,
    /// The kind of key, signature or digest is not one that is checked here.
    AlgorithmUnknown {
        /// Its object identifier.
        oid: String,
    },
    /// The certificate's RSA key is too short to be relied upon.
    KeyTooWeak {
        /// How many bits it has.
        bits: u32,
    },
    /// The certificate's key did not make this signature.
    SignatureWrong,
}

impl PdfVerification {
    /// Whether there is a signature and every one is sound.
    pub fn is_sound(&self) -> bool {
        match self {
            PdfVerification::NotSigned { .. } => false,
            PdfVerification::Signed(reports) => reports.iter().all(SignatureReport::is_sound),
        }
    }
}

impl SignatureReport {
    /// Intact and valid, and trusted if that was asked.
    pub fn is_sound(&self) -> bool {
        let is_trusted = match self.trust {
            Trust::NotAsked | Trust::Named | Trust::IssuedBy(_) => true,
            Trust::NotTrusted => false,
        };
        self.is_intact() && self.is_valid() && is_trusted
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
        let damage = match &self.integrity {
            Integrity::Intact => [].as_slice(),
            Integrity::Damaged(problems) => problems,
        };
        let invalid = match &self.validity {
            Validity::Valid => [].as_slice(),
            Validity::Invalid(problems) => problems,
        };
        damage.iter().chain(invalid).collect()
    }
}

impl ClaimedTime {
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Problem::ContentChanged => "the content was changed after it was signed",
            Problem::ByteRangeWrong => "the signature does not cover the file as it must",
            Problem::DigestMissing => "the signature does not say what it signed",
            Problem::BytesAfter { count } => {
                return write!(f, "{count} bytes were added after it was signed");
            }
            Problem::ChangeNotAllowed { reason, .. } => {
                return write!(f, "it was changed after it was signed in a way that the signature does not allow: {reason}");
            }
            Problem::TooMuchToCheck => "the file has too much to check",
            Problem::NotASignature => "the entry in the form is not a signature",
            Problem::KindUnknown => {
                "the signature is neither of the PAdES kind (ETSI.CAdES.detached) nor of the older one (adbe.pkcs7.detached)"
            }
            Problem::ContentsMissing => "the form has a signature field with no signature in it",
            Problem::ContentsOdd => "the signature is not written in the way that it must be",
            Problem::Unreadable => "the signature cannot be read",
            Problem::NotCanonical => "the signature is not in canonical form (DER)",
            Problem::PaddingNotZero => "something was written behind the signature",
            Problem::NotOneSigner => "the signature does not have exactly one signer",
            Problem::StructureWrong => "the signature's structure breaks the standard",
            Problem::CertificateMissing => "the signer's certificate is not in the signature",
            Problem::AttributeWrong { name } => {
                return write!(f, "the signed attribute {name} is missing or malformed");
            }
            Problem::SigningTimePresent => "the signature holds a signing-time attribute, which PAdES forbids",
            Problem::OtherCertificateMeant => "the signature was made for another certificate than the one it carries",
            Problem::KeyUsageForbids => "the certificate is not for signing documents",
            Problem::AlgorithmUnknown { oid } => {
                return write!(f, "the algorithm {oid} is not one that can be checked here");
            }
            Problem::KeyTooWeak { bits } => {
                return write!(f, "the certificate's RSA key has {bits} bits, too few to be relied upon");
            }
            Problem::SignatureWrong => "the signature was not made with the certificate's key",
        };
        f.write_str(text)
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
