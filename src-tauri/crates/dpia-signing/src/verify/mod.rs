//! Verification: of each signature, whether it is intact, valid and trusted. Three facts, never
//! mixed into one.
//!
//! - **Intact**: the bytes are those that were signed, and nothing follows them but what the signature itself allows.
//! - **Valid**: the signature was made with the key of the certificate that it carries, as
//!   PAdES baseline asks (ETSI EN 319 142-1).
//! - **Trusted**: that certificate is one of those given, or one of them issued it, in one step or several.
//!
//! What is not checked here is reported as such, and is never taken for one of the three. Next to them are facts that decide
//! nothing: the time that the signer claims, which nobody confirmed, and how it lies to the certificate's own dates.
//! Whatever the bytes are, work and memory are bounded and nothing panics.

mod around;
mod facts;
mod later;
mod normal;
mod problem;
mod report;
mod signed_data;
mod timestamp;

pub use problem::{Bearing, Problem};
pub use report::{
    ClaimedTime, Coverage, DateFact, Integrity, LaterChange, PdfVerification, SignatureKind, SignatureReport, StampFact, Trust, Validity,
};

use jiff::Timestamp;

use crate::attachment::AttachmentFact;
use crate::certificate::Certificate;
use crate::error::SigningError;
use crate::pdf::{Document, SignatureDictionary, SignatureField, find_signature_fields};
use crate::trust::{Moment, Purpose, check_named, find_path};
use around::find_pdf;
use facts::{Facts, judge_coverage, read_facts};
pub(crate) use later::{Permission, read_permission};
use signed_data::{Finding, Kind, check_signed_data};
use timestamp::Stamp;

/// The largest PDF that is signed or verified, in bytes: 256 MiB.
pub const MAX_PDF_BYTES: usize = 256 * 1024 * 1024;

/// The largest signature that is read, in bytes.
const MAX_CMS_BYTES: usize = 1024 * 1024;

/// How many signatures of one file are checked.
const MAX_SIGNATURES: usize = 32;

/// How many bytes are hashed for one file in all.
const MAX_HASHED_BYTES: usize = 1024 * 1024 * 1024;

/// As [`verify_pdf_at`], where nobody says what time it is: a certificate that an authority on the list issued has to be
/// in force at the time of a trusted timestamp, else at the time that the signer claims. The dates of a certificate that is
/// itself on the list are not asked.
///
/// # Errors
/// As [`verify_pdf_at`].
pub fn verify_pdf(pdf: &[u8], trust: Option<&[Certificate]>) -> Result<PdfVerification, SigningError> {
    verify_pdf_at(pdf, trust, None)
}

/// Verifies every signature that the PDF's form leads to.
///
/// `trust` is the list of certificates that count as trusted; without one, trust is not judged. A certificate that is on it,
/// or that one of them issued, has to be for signing documents, and in force at the time of a trusted timestamp, else both
/// at the time that the signer claims and at `now`.
///
/// # Errors
/// A file that is no PDF, is too large, is encrypted, is cut off, or whose structure cannot be followed
/// strictly. A signature that is broken is not an error but a report.
pub fn verify_pdf_at(pdf: &[u8], trust: Option<&[Certificate]>, now: Option<Timestamp>) -> Result<PdfVerification, SigningError> {
    if pdf.len() > MAX_PDF_BYTES {
        return Err(SigningError::TooLarge { size: pdf.len(), limit: MAX_PDF_BYTES });
    }
    let found = find_pdf(pdf).ok_or(SigningError::NotPdf)?;
    let document = Document::read(&pdf[found.range.clone()])?;
    let fields = find_signature_fields(&document)?;
    let total = fields.len();
    let signed: Vec<_> = fields.into_iter().filter_map(take_signed).collect();
    if signed.is_empty() {
        return Ok(PdfVerification::NotSigned { empty_fields: total });
    }
    if signed.len() > MAX_SIGNATURES {
        return Err(SigningError::TooManySignatures { count: signed.len(), limit: MAX_SIGNATURES });
    }
    let mut hash_budget = MAX_HASHED_BYTES;
    let mut all: Vec<Facts<'_>> = signed.iter().map(|(_, signature)| read_facts(&document, signature, &mut hash_budget)).collect();
    let ends: Vec<usize> = all.iter().filter_map(|facts| facts.coverage.end(document.bytes().len())).collect();
    for (facts, (_, signature)) in all.iter_mut().zip(&signed) {
        facts.later = judge_coverage(&document, signature, facts.coverage, &ends);
        facts.around.extend(found.problems.iter().cloned());
    }
    let findings: Vec<(Finding, Option<Stamp>)> = all.iter().map(find_signature).collect();
    let question = Question { trust, now };
    let stamps = list_document_stamps(&all, &findings, document.bytes().len());
    let reports = all.into_iter().zip(findings).zip(signed).map(|((facts, (finding, stamp)), (name, _))| {
        let covering = stamps.iter().filter(|(end, _)| facts.coverage.end(document.bytes().len()).is_some_and(|own| own <= *end));
        let stamps: Vec<&StampOf> = covering.map(|(_, stamp)| stamp).collect();
        judge(facts, finding, stamp, Some(name), &stamps, &question)
    });
    Ok(PdfVerification::Signed(reports.collect()))
}

/// Verifies a detached signature, as [`sign_detached`](crate::sign_detached) makes it.
///
/// Whatever is wrong with the signature is in the report; `claimed_time` is always none, so that a certificate that an
/// authority on the list issued is trusted only with [`verify_detached_at`]; the dates of one on the list are not asked.
pub fn verify_detached(content: &[u8], signature: &[u8], trust: Option<&[Certificate]>) -> SignatureReport {
    verify_detached_at(content, signature, trust, None)
}

/// As [`verify_detached`], with the time at which the certificates have to be in force.
pub fn verify_detached_at(content: &[u8], signature: &[u8], trust: Option<&[Certificate]>, now: Option<Timestamp>) -> SignatureReport {
    let facts = Facts {
        kind: Kind::Detached,
        signed: Some([content, b""]),
        cms: signature.to_vec(),
        coverage: Coverage::Whole,
        claimed_time: None,
        attachment: AttachmentFact::None,
        later: Ok(later::Later::default()),
        problems: Vec::new(),
        around: Vec::new(),
    };
    let (finding, stamp) = find_signature(&facts);
    judge(facts, finding, stamp, None, &[], &Question { trust, now })
}

fn take_signed(field: SignatureField) -> Option<(String, SignatureDictionary)> {
    let signature = field.signature?;
    Some((field.name, signature))
}

/// Whom the reader trusts, and what time it is.
struct Question<'q> {
    trust: Option<&'q [Certificate]>,
    now: Option<Timestamp>,
}

impl Question<'_> {
    /// When a certificate that is itself on the list has to be in force. Where nobody says what time it is, its dates are
    /// not asked: what somebody signed long ago with a certificate of their own is still theirs.
    fn dates_of_named<'m>(&self, moments: &'m [Moment]) -> &'m [Moment] {
        if self.now.is_some() { moments } else { &[] }
    }
}

/// A timestamp that holds: its authority, and the certificates that it carries.
struct StampOf {
    time: Timestamp,
    authority: Certificate,
    carried: Vec<Certificate>,
}

impl StampOf {
    fn of(stamp: &Stamp) -> Option<StampOf> {
        let time = stamp.time.filter(|_| stamp.holds())?;
        Some(StampOf { time, authority: stamp.finding.signer.clone()?, carried: stamp.finding.certificates.clone() })
    }

    /// Whether its authority is trusted, was in force at its time, and is now.
    fn is_trusted(&self, question: &Question<'_>) -> bool {
        let moments: Vec<Moment> = [Some(Moment::Stamped(self.time)), question.now.map(Moment::Now)].into_iter().flatten().collect();
        question.trust.is_some_and(|list| match list.contains(&self.authority) {
            true => check_named(&self.authority, question.dates_of_named(&moments), Purpose::Timestamps).is_ok(),
            false => find_path(&self.authority, &self.carried, list, &moments, Purpose::Timestamps).is_ok(),
        })
    }
}

/// The CMS structure of a signature, checked; where it is a timestamp, what it says too.
fn find_signature(facts: &Facts<'_>) -> (Finding, Option<Stamp>) {
    if facts.cms.is_empty() || facts.cms.len() > MAX_CMS_BYTES {
        return (Finding::unreadable(), None);
    }
    match (facts.kind, facts.signed) {
        (Kind::Timestamp, Some(parts)) => (Finding::unreadable(), Some(Stamp::check(&facts.cms, &parts))),
        (Kind::Timestamp, None) => (Finding::unreadable(), Some(Stamp::check(&facts.cms, &[]))),
        (Kind::Detached | Kind::Pades | Kind::Pkcs7, _) => (check_signed_data(&facts.cms, facts.kind), None),
    }
}

/// The document timestamps that hold, each with the end of what it covers.
fn list_document_stamps(all: &[Facts<'_>], findings: &[(Finding, Option<Stamp>)], length: usize) -> Vec<(usize, StampOf)> {
    let stamps = all.iter().zip(findings).filter(|(facts, _)| facts.problems.is_empty() && facts.later.is_ok());
    stamps.filter_map(|(facts, (_, stamp))| Some((facts.coverage.end(length)?, StampOf::of(stamp.as_ref()?)?))).collect()
}

fn judge(
    facts: Facts<'_>,
    finding: Finding,
    stamp: Option<Stamp>,
    field: Option<String>,
    stamps: &[&StampOf],
    question: &Question<'_>,
) -> SignatureReport {
    let mut damage = Vec::new();
    let mut invalid = facts.problems;
    let (is_timestamp, mut claimed_time) = (stamp.is_some(), facts.claimed_time);
    let finding = match stamp {
        Some(stamp) => {
            match (facts.signed, stamp.is_of_this) {
                (None, _) => damage.push(Problem::ByteRangeWrong),
                (Some(_), Some(false)) => damage.push(Problem::ContentChanged),
                (Some(_), None) => damage.push(Problem::DigestMissing),
                (Some(_), Some(true)) => {}
            }
            claimed_time = stamp.time.map(ClaimedTime::at);
            stamp.finding
        }
        None => {
            match (facts.signed, &finding.message_digest) {
                (Some(parts), Some(signed)) if finding.digest.hash(&parts) == *signed => {}
                (Some(_), Some(_)) => damage.push(Problem::ContentChanged),
                (None, _) => damage.push(Problem::ByteRangeWrong),
                (_, None) => damage.push(Problem::DigestMissing),
            }
            finding
        }
    };
    let later = facts.later.unwrap_or_else(|problem| {
        damage.push(problem);
        later::Later::default()
    });
    if later.blanks > 0 {
        damage.push(Problem::WhiteSpaceAfter { count: later.blanks });
    }
    damage.extend(facts.around);
    invalid.extend(finding.problems.iter().cloned());
    let claimed = claimed_time.as_ref().and_then(|time| time.instant);
    let own = finding.timestamps.iter().filter_map(|token| StampOf::of(&Stamp::check(token, &[finding.signature.as_slice()])));
    let own: Vec<StampOf> = if is_timestamp { Vec::new() } else { own.collect() };
    let stamps: Vec<(&StampOf, bool)> = own.iter().chain(stamps.iter().copied()).map(|stamp| (stamp, stamp.is_trusted(question))).collect();
    let best = stamps.iter().min_by_key(|(stamp, is_trusted)| (!is_trusted, stamp.time)).filter(|_| !is_timestamp);
    let moments = list_moments(best, claimed, question.now);
    let (trust, path) = judge_trust(&finding, &moments, is_timestamp, question);
    SignatureReport {
        field,
        kind: if is_timestamp { SignatureKind::Timestamp } else { SignatureKind::Signature },
        dates: compare_dates(claimed, finding.signer.as_ref()),
        signer: finding.signer,
        claimed_time,
        coverage: facts.coverage,
        after: later.changes,
        attachment: facts.attachment,
        integrity: Integrity::of(damage),
        validity: Validity::of(invalid),
        moments: if path.is_empty() { Vec::new() } else { moments },
        trust,
        path,
        stamp: best.map(|(stamp, is_trusted)| StampFact {
            time: stamp.time,
            authority: stamp.authority.subject(),
            is_trusted: *is_trusted,
        }),
    }
}

/// When the certificates have to be in force: at the time of a trusted timestamp, else at the claimed time and now.
fn list_moments(best: Option<&(&StampOf, bool)>, claimed: Option<Timestamp>, now: Option<Timestamp>) -> Vec<Moment> {
    match best {
        Some((stamp, true)) => vec![Moment::Stamped(stamp.time)],
        Some((_, false)) | None => [claimed.map(Moment::Claimed), now.map(Moment::Now)].into_iter().flatten().collect(),
    }
}

fn compare_dates(claimed: Option<Timestamp>, signer: Option<&Certificate>) -> DateFact {
    match (claimed, signer) {
        (Some(at), Some(certificate)) if at < certificate.not_before() => DateFact::BeforeLife,
        (Some(at), Some(certificate)) if at > certificate.not_after() => DateFact::AfterLife,
        (Some(_), Some(_)) => DateFact::WithinLife,
        _ => DateFact::Unknown,
    }
}

/// Whether the signer is trusted, and the way from its certificate to one on the list.
fn judge_trust(finding: &Finding, moments: &[Moment], is_timestamp: bool, question: &Question<'_>) -> (Trust, Vec<Certificate>) {
    let Some(list) = question.trust else { return (Trust::NotAsked, Vec::new()) };
    let Some(certificate) = &finding.signer else { return (Trust::NotTrusted, Vec::new()) };
    let purpose = if is_timestamp { Purpose::Timestamps } else { Purpose::Documents };
    if list.contains(certificate) {
        return match check_named(certificate, question.dates_of_named(moments), purpose) {
            Ok(()) => (Trust::Named, Vec::new()),
            Err(problem) => (Trust::NotAccepted(Box::new(problem)), Vec::new()),
        };
    }
    match find_path(certificate, &finding.certificates, list, moments, purpose) {
        Ok(path) => match path.last() {
            Some(anchor) => (Trust::IssuedBy(Box::new(anchor.clone())), path),
            None => (Trust::NotTrusted, path),
        },
        Err(Some(problem)) => (Trust::NotAccepted(Box::new(problem)), Vec::new()),
        Err(None) => (Trust::NotTrusted, Vec::new()),
    }
}
