//! What a signature dictionary says, before its CMS structure is looked at, and what the file says after it.

use super::later::{Later, Permission, Refusal, Rules, judge_later, read_rules};
use super::problem::Problem;
use super::report::{ClaimedTime, Coverage};
use super::signed_data::Kind;
use super::{MAX_CMS_BYTES, around};
use crate::attachment::{AttachmentFact, judge_attachment};
use crate::pdf::{Document, Object, SignatureDictionary, Spanned, hex_value, is_space};
use crate::placeholder::SUB_FILTER;

/// `/SubFilter` of the kind of signature that came before PAdES.
const OLDER_SUB_FILTER: &[u8] = b"adbe.pkcs7.detached";

/// `/SubFilter` of a document timestamp.
const TIMESTAMP_SUB_FILTER: &[u8] = b"ETSI.RFC3161";

/// What a signature dictionary says.
pub(super) struct Facts<'a> {
    pub(super) kind: Kind,
    /// The bytes of the byte range; none where it cannot be taken at its word.
    pub(super) signed: Option<[&'a [u8]; 2]>,
    pub(super) cms: Vec<u8>,
    pub(super) coverage: Coverage,
    pub(super) claimed_time: Option<ClaimedTime>,
    pub(super) attachment: AttachmentFact,
    /// What came after, where it was allowed.
    pub(super) later: Result<Later, Problem>,
    /// What is wrong with the dictionary itself.
    pub(super) problems: Vec<Problem>,
    /// What is around the PDF.
    pub(super) around: Vec<Problem>,
}

/// What came after what a signature covers; nothing where it covers the whole file.
pub(super) fn judge_coverage(
    document: &Document<'_>,
    signature: &SignatureDictionary,
    coverage: Coverage,
    ends: &[usize],
) -> Result<Later, Problem> {
    let Coverage::Part { covered, after } = coverage else {
        return Ok(Later::default());
    };
    let rest = &document.bytes()[covered..];
    if rest.iter().all(|byte| is_space(*byte)) {
        return Ok(Later { blanks: after, ..Later::default() });
    }
    if document.section_starts().iter().all(|start| *start < covered) {
        return Err(if around::is_begun(rest) { Problem::CutOff { count: after } } else { Problem::BytesAfter { count: after } });
    }
    let revision = document.read_revision(covered).map_err(|_| Problem::BytesAfter { count: after })?;
    let rules = read_rules(&revision, signature);
    let allows_more = matches!(rules, Rules::Certified(Permission::Unknown, _) | Rules::Odd);
    judge_later(document, covered, ends, &rules).map_err(|refusal| match (refusal, &rules) {
        (Refusal::NotJudged(reason), _) => Problem::ChangeNotJudged { count: after, reason },
        (Refusal::NotAllowed(reason), _) if allows_more => Problem::ChangeNotJudged { count: after, reason },
        (Refusal::NotAllowed(_), Rules::Certified(Permission::Nothing, _)) => Problem::BytesAfter { count: after },
        (Refusal::NotAllowed(reason), _) => Problem::ChangeNotAllowed { count: after, reason },
    })
}

pub(super) fn read_facts<'a>(document: &Document<'a>, signature: &SignatureDictionary, hash_budget: &mut usize) -> Facts<'a> {
    let pdf = document.bytes();
    let entries = &signature.entries;
    let mut facts = Facts {
        kind: Kind::Pades,
        signed: None,
        cms: Vec::new(),
        coverage: Coverage::Unknown,
        claimed_time: None,
        attachment: AttachmentFact::Unreadable,
        later: Ok(Later::default()),
        problems: Vec::new(),
        around: Vec::new(),
    };
    if let Some(Object::LiteralString(text)) = entries.get("M").map(|time| &time.object) {
        facts.claimed_time = Some(ClaimedTime::read(text));
    }
    match entries.get_name("SubFilter") {
        Some(kind) if kind == SUB_FILTER.as_bytes() => {}
        Some(OLDER_SUB_FILTER) => facts.kind = Kind::Pkcs7,
        Some(TIMESTAMP_SUB_FILTER) => facts.kind = Kind::Timestamp,
        _ => facts.problems.push(Problem::KindUnknown),
    }
    // /Type may be left out (ISO 32000-1, table 252), but not be something else.
    let is_kind = match entries.get_name("Type") {
        Some(b"Sig") => facts.kind != Kind::Timestamp,
        Some(b"DocTimeStamp") => facts.kind == Kind::Timestamp,
        _ => entries.get("Type").is_none(),
    };
    if !is_kind {
        facts.problems.push(Problem::NotASignature);
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
    // leads to, and that dictionary is within what is signed.
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
