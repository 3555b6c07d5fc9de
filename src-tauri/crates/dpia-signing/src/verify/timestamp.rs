//! Timestamps (RFC 3161): what an authority says of when it saw something. A timestamp is next to a signature, whose value
//! it confirms, or in a field of its own, where it confirms the document so far (ETSI EN 319 142-1, 5.4.3).

use der::Decode;
use jiff::{Timestamp, civil, tz::Offset};
use spki::AlgorithmIdentifierOwned;

use super::normal::{normalise, split_der};
use super::problem::Problem;
use super::signed_data::{Finding, Kind, check_signed_data};
use crate::algorithm::DigestAlgorithm;

/// What a timestamp says.
pub(super) struct Stamp {
    /// Its CMS structure.
    pub(super) finding: Finding,
    /// The time, to the second.
    pub(super) time: Option<Timestamp>,
    /// Whether what it confirms is what it is said to confirm; none where that cannot be read.
    pub(super) is_of_this: Option<bool>,
}

impl Stamp {
    /// Reads and checks a timestamp of the parts, one after the other.
    pub(super) fn check(token: &[u8], parts: &[&[u8]]) -> Stamp {
        let mut finding = check_signed_data(token, Kind::Timestamp);
        let content = finding.content.clone().unwrap_or_default();
        if finding.message_digest.as_ref().is_some_and(|signed| *signed != finding.digest.hash(&[&content])) {
            finding.problems.push(Problem::SignatureWrong);
        }
        let info = read_info(&content);
        if info.is_none() && !finding.problems.contains(&Problem::Unreadable) {
            finding.problems.push(Problem::Unreadable);
        }
        let is_of_this = info.as_ref().map(|(_, digest, imprint)| digest.hash(parts) == *imprint);
        Stamp { finding, time: info.map(|(time, ..)| time), is_of_this }
    }

    /// Whether it is a timestamp of the parts that holds.
    pub(super) fn holds(&self) -> bool {
        self.finding.problems.is_empty() && self.is_of_this == Some(true) && self.time.is_some()
    }
}

/// Time, digest and imprint of a TSTInfo (RFC 3161, 2.4.2).
fn read_info(bytes: &[u8]) -> Option<(Timestamp, DigestAlgorithm, Vec<u8>)> {
    const SEQUENCE: u8 = 0x30;
    const OCTETS: u8 = 0x04;
    const TIME: u8 = 0x18;
    let (der, ..) = normalise(bytes)?;
    let (SEQUENCE, content, []) = split_der(&der)? else { return None };
    let (_version, _, rest) = split_der(content)?;
    let (_policy, _, rest) = split_der(rest)?;
    let (SEQUENCE, imprint, rest) = split_der(rest)? else { return None };
    let (_serial, _, rest) = split_der(rest)?;
    let (TIME, time, _) = split_der(rest)? else { return None };
    let (SEQUENCE, algorithm, rest) = split_der(imprint)? else { return None };
    let (OCTETS, hash, []) = split_der(rest)? else { return None };
    let algorithm = AlgorithmIdentifierOwned::from_der(&super::normal::write_element(SEQUENCE, algorithm)).ok()?;
    Some((read_time(time)?, DigestAlgorithm::read(&algorithm)?, hash.to_vec()))
}

/// `YYYYMMDDHHMMSS`, perhaps a fraction, and `Z`.
fn read_time(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (digits, fraction) = text.split_at_checked(14)?;
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_fraction = fraction.is_empty()
        || fraction.strip_prefix('.').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_plain || !is_fraction {
        return None;
    }
    let part = |from, to| digits.get(from..to)?.parse::<i8>().ok();
    let date =
        civil::DateTime::new(digits.get(..4)?.parse().ok()?, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0)
            .ok()?;
    Offset::UTC.to_timestamp(date).ok()
}

#[cfg(test)]
mod tests {
    use super::read_time;

    #[test]
    fn a_time_is_read_in_utc_with_or_without_a_fraction() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(read_time(text.as_bytes()).map(|time| time.to_string()).as_deref(), expected, "{text}");
        };
        check("20261122093000Z", Some("2026-11-22T09:30:00Z"));
        check("20261122093000.25Z", Some("2026-11-22T09:30:00Z"));
        check("20261122093000", None);
        check("20261122093000.Z", None);
        check("20261322093000Z", None);
        check("2026112209300+Z", None);
    }
}
