//! Verification: of each signature, whether it is intact, valid and trusted. Three facts, never
//! mixed into one.
//!
//! - **Intact**: the bytes are those that were signed, and nothing follows them but what the signature itself allows.
//! - **Valid**: the signature was made with the key of the certificate that it carries, as
//!   PAdES baseline asks (ETSI EN 319 142-1).
//! - **Trusted**: that certificate is one of those given, or was issued by one of them.
//!
//! Beside them stand facts that decide nothing: the time that the signer claims, which nobody
//! confirmed, and how it lies to the certificate's own dates. Whatever the bytes are, work and
//! memory are bounded and nothing panics.

mod housekeeping;
mod later;
mod report;
mod signed_data;

pub use report::{ClaimedTime, Coverage, DateFact, Integrity, LaterChange, PdfVerification, Problem, SignatureReport, Trust, Validity};

use crate::attachment::{AttachmentFact, judge_attachment};
use crate::certificate::Certificate;
use crate::error::SigningError;
use crate::pdf::{Document, Object, SignatureDictionary, SignatureField, Spanned, find_signature_fields, hex_value};
use crate::placeholder::SUB_FILTER;
use later::judge_later;
pub(crate) use later::{Permission, read_permission};
use signed_data::{Finding, Kind, check_signed_data};

/// `/SubFilter` of the kind of signature that came before PAdES.
const OLDER_SUB_FILTER: &[u8] = b"adbe.pkcs7.detached";

/// The largest PDF that is sealed or verified, in bytes: 256 MiB.
pub const MAX_PDF_BYTES: usize = 256 * 1024 * 1024;

/// The largest signature that is read, in bytes.
const MAX_CMS_BYTES: usize = 1024 * 1024;

/// How many signatures of one file are checked.
const MAX_SIGNATURES: usize = 32;

/// How many bytes are hashed for one file in all.
const MAX_HASHED_BYTES: usize = 1024 * 1024 * 1024;

/// Verifies every signature that the PDF's form leads to.
///
/// `trust` is the list of certificates that count as trusted; without one, trust is not judged.
///
/// # Errors
/// A file that is no PDF, is too large, is encrypted, or whose structure cannot be followed
/// strictly. A signature that is broken is not an error but a report.
pub fn verify_pdf(pdf: &[u8], trust: Option<&[Certificate]>) -> Result<PdfVerification, SigningError> {
    if pdf.len() > MAX_PDF_BYTES {
        return Err(SigningError::TooLarge { size: pdf.len(), limit: MAX_PDF_BYTES });
    }
    let document = Document::read(pdf)?;
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
    let ends: Vec<usize> = all.iter().filter_map(|facts| facts.coverage.end(pdf.len())).collect();
    for (facts, (_, signature)) in all.iter_mut().zip(&signed) {
        facts.later = judge_coverage(&document, signature, facts.coverage, &ends);
    }
    let reports = all.into_iter().zip(&signed).map(|(facts, (name, _))| facts.judge(Some(name.clone()), trust)).collect();
    Ok(PdfVerification::Signed(reports))
}

/// Verifies a detached signature, as [`sign_detached`](crate::sign_detached) makes it.
///
/// Whatever is wrong with the signature is in the report; `claimed_time` is always none.
pub fn verify_detached(content: &[u8], signature: &[u8], trust: Option<&[Certificate]>) -> SignatureReport {
    let facts = Facts {
        kind: Kind::Detached,
        signed: Some([content, b""]),
        cms: signature.to_vec(),
        coverage: Coverage::Whole,
        claimed_time: None,
        attachment: AttachmentFact::None,
        later: Ok(Vec::new()),
        problems: Vec::new(),
    };
    facts.judge(None, trust)
}

fn take_signed(field: SignatureField) -> Option<(String, SignatureDictionary)> {
    let signature = field.signature?;
    Some((field.name, signature))
}

/// What a signature dictionary says, before its CMS structure is looked at.
struct Facts<'a> {
    kind: Kind,
    /// The bytes of the byte range; none where it cannot be taken at its word.
    signed: Option<[&'a [u8]; 2]>,
    cms: Vec<u8>,
    coverage: Coverage,
    claimed_time: Option<ClaimedTime>,
    attachment: AttachmentFact,
    /// What came after, where it was allowed.
    later: Result<Vec<LaterChange>, Problem>,
    /// What is wrong with the dictionary itself.
    problems: Vec<Problem>,
}

impl Facts<'_> {
    fn judge(self, field: Option<String>, trust: Option<&[Certificate]>) -> SignatureReport {
        let mut damage = Vec::new();
        let mut invalid = self.problems;
        let finding = if self.cms.is_empty() || self.cms.len() > MAX_CMS_BYTES {
            Finding::unreadable()
        } else {
            check_signed_data(&self.cms, self.kind)
        };
        match (self.signed, finding.message_digest) {
            (Some(parts), Some(signed)) if finding.digest.hash(&parts) == signed => {}
            (Some(_), Some(_)) => damage.push(Problem::ContentChanged),
            (None, _) => damage.push(Problem::ByteRangeWrong),
            (_, None) => damage.push(Problem::DigestMissing),
        }
        let after = self.later.unwrap_or_else(|problem| {
            damage.push(problem);
            Vec::new()
        });
        invalid.extend(finding.problems);
        let claimed = self.claimed_time.as_ref().and_then(|time| time.instant);
        let dates = match (claimed, &finding.signer) {
            (Some(at), Some(certificate)) if at < certificate.not_before() => DateFact::BeforeLife,
            (Some(at), Some(certificate)) if at > certificate.not_after() => DateFact::AfterLife,
            (Some(_), Some(_)) => DateFact::WithinLife,
            _ => DateFact::Unknown,
        };
        let trust = match (trust, &finding.signer) {
            (None, _) => Trust::NotAsked,
            (Some(list), Some(certificate)) => find_trust(list, certificate),
            (Some(_), None) => Trust::NotTrusted,
        };
        SignatureReport {
            field,
            signer: finding.signer,
            claimed_time: self.claimed_time,
            dates,
            coverage: self.coverage,
            after,
            attachment: self.attachment,
            integrity: match damage.is_empty() {
                true => Integrity::Intact,
                false => Integrity::Damaged(damage),
            },
            validity: match invalid.is_empty() {
                true => Validity::Valid,
                false => Validity::Invalid(invalid),
            },
            trust,
        }
    }
}

/// What came after what a signature covers; nothing where it covers the whole file.
fn judge_coverage(
    document: &Document<'_>,
    signature: &SignatureDictionary,
    coverage: Coverage,
    ends: &[usize],
) -> Result<Vec<LaterChange>, Problem> {
    let Coverage::Part { covered, after } = coverage else {
        return Ok(Vec::new());
    };
    let revision = document.read_revision(covered);
    match revision.ok().and_then(|revision| read_permission(&revision, signature)) {
        Some(Permission::Signatures) => {
            judge_later(document, covered, ends).map_err(|reason| Problem::ChangeNotAllowed { count: after, reason })
        }
        Some(Permission::Nothing | Permission::Unknown) | None => Err(Problem::BytesAfter { count: after }),
    }
}

fn find_trust(list: &[Certificate], certificate: &Certificate) -> Trust {
    if list.contains(certificate) {
        return Trust::Named;
    }
    let issuer = list.iter().find(|issuer| certificate.is_issued_by(issuer));
    match issuer {
        Some(issuer) => Trust::IssuedBy(Box::new(issuer.clone())),
        None => Trust::NotTrusted,
    }
}

fn read_facts<'a>(document: &Document<'a>, signature: &SignatureDictionary, hash_budget: &mut usize) -> Facts<'a> {
    let pdf = document.bytes();
    let entries = &signature.entries;
    let mut facts = Facts {
        kind: Kind::Pades,
        signed: None,
        cms: Vec::new(),
        coverage: Coverage::Unknown,
        claimed_time: None,
        attachment: AttachmentFact::Unreadable,
        later: Ok(Vec::new()),
        problems: Vec::new(),
    };
    if let Some(Object::LiteralString(text)) = entries.get("M").map(|time| &time.object) {
        facts.claimed_time = Some(ClaimedTime::read(text));
    }
    // /Type may be left out (ISO 32000-1, table 252), but not be something else.
    if entries.get("Type").is_some() && entries.get_name("Type") != Some(b"Sig") {
        facts.problems.push(Problem::NotASignature);
    }
    match entries.get_name("SubFilter") {
        Some(kind) if kind == SUB_FILTER.as_bytes() => {}
        Some(OLDER_SUB_FILTER) => facts.kind = Kind::Pkcs7,
        _ => facts.problems.push(Problem::KindUnknown),
    }
    let contents = entries.get("Contents");
    let Some((Object::HexString(digits), span)) = contents.map(|c| (&c.object, &c.span)) else {
        facts.problems.push(Problem::ContentsMissing);
        return facts;
    };
    match read_contents(digits) {
        Some(cms) => facts.cms = cms,
        None => facts.problems.push(Problem::ContentsOdd),
    }
    let Some([start, before, resume, rest]) = read_byte_range(entries.get("ByteRange")) else {
        return facts;
    };
    let Some(end) = resume.checked_add(rest).filter(|end| *end <= pdf.len()) else {
        return facts;
    };
    // The gap is exactly the string, angle brackets included, of the dictionary that the form
    // leads to, and that dictionary lies within what is signed.
    let gap_is_contents = start == 0 && before == span.start && resume == span.end;
    if !gap_is_contents || signature.span.end > end {
        return facts;
    }
    facts.coverage = match pdf.len() - end {
        0 => Coverage::Whole,
        after => Coverage::Part { covered: end, after },
    };
    let Some(left) = hash_budget.checked_sub(before + rest) else {
        facts.problems.push(Problem::TooMuchToCheck);
        return facts;
    };
    *hash_budget = left;
    facts.signed = Some([&pdf[..before], &pdf[resume..end]]);
    facts.attachment = match facts.coverage {
        Coverage::Whole => judge_attachment(document),
        Coverage::Part { .. } | Coverage::Unknown => match document.read_revision(end) {
            Ok(revision) => judge_attachment(&revision),
            Err(_) => AttachmentFact::Unreadable,
        },
    };
    facts
}

/// Four direct, non-negative numbers.
fn read_byte_range(value: Option<&Spanned>) -> Option<[usize; 4]> {
    let Object::Array(items) = &value?.object else {
        return None;
    };
    let numbers = items.iter().map(|item| match item.object {
        Object::Integer(number) => usize::try_from(number).ok(),
        _ => None,
    });
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}

/// The bytes of a hexadecimal string: an even number of digits in one letter case and nothing
/// between them. Anything else could be changed without changing the signature.
fn read_contents(digits: &[u8]) -> Option<Vec<u8>> {
    let has_lower = digits.iter().any(u8::is_ascii_lowercase);
    let has_upper = digits.iter().any(u8::is_ascii_uppercase);
    if !digits.len().is_multiple_of(2) || (has_lower && has_upper) || digits.len() / 2 > MAX_CMS_BYTES {
        return None;
    }
    let pairs = digits.chunks_exact(2);
    pairs.map(|pair| Some(hex_value(pair[0])? << 4 | hex_value(pair[1])?)).collect()
}
