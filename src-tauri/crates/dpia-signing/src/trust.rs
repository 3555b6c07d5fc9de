//! Paths of certificates (RFC 5280, 6): from a signer's certificate, through those that the signature carries, to one that
//! the reader trusts. Revocation is not looked up: that needs the network. What is not checked here is refused.

use std::fmt;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280;
use jiff::Timestamp;
use x509_cert::ext::pkix::{BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, PolicyConstraints};

use crate::certificate::Certificate;

/// The longest path, the signer's certificate and the trusted one counted.
const MAX_STEPS: usize = 8;

/// How many signatures of certificates are checked for one path.
const MAX_CHECKS: usize = 64;

/// Purposes of a certificate that signs documents or mail (RFC 5280, 4.2.1.12; RFC 9336; Microsoft's and Adobe's own).
const FOR_DOCUMENTS: [&str; 5] =
    ["2.5.29.37.0", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5"];

/// The one purpose of a certificate that stamps times (RFC 3161, 2.3).
const FOR_TIMESTAMPS: &str = "1.3.6.1.5.5.7.3.8";

/// Extensions that are judged here, and so may be critical.
const JUDGED: [ObjectIdentifier; 5] = [
    rfc5280::ID_CE_BASIC_CONSTRAINTS,
    rfc5280::ID_CE_KEY_USAGE,
    rfc5280::ID_CE_EXT_KEY_USAGE,
    rfc5280::ID_CE_SUBJECT_ALT_NAME,
    rfc5280::ID_CE_CERTIFICATE_POLICIES,
];

/// The policy that means all (RFC 5280, 4.2.1.4).
const ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32.0");

/// What a certificate is to be trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Documents,
    Timestamps,
}

/// A moment at which each certificate of a path has to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The time that a trusted timestamp confirms.
    Stamped(Timestamp),
    /// The time that the signer claims.
    Claimed(Timestamp),
    /// The time of the verification.
    Now(Timestamp),
}

/// Why a path to a trusted certificate is not one to rely upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathProblem {
    /// A certificate was not in force yet.
    NotYetInForce {
        /// Whose.
        whose: String,
        /// When.
        at: Moment,
    },
    /// A certificate had ended.
    Ended {
        /// Whose.
        whose: String,
        /// When.
        at: Moment,
    },
    /// There is no time at which the certificates could be asked to be in force.
    NoTime,
    /// A certificate has a critical extension that is not checked here, which forbids relying upon it (RFC 5280, 4.2).
    CriticalExtension {
        /// Whose.
        whose: String,
        /// Its object identifier.
        oid: String,
    },
    /// A certificate is for other purposes than this one.
    OtherPurpose {
        /// Whose.
        whose: String,
    },
    /// A certificate that issued another is not an authority's.
    NotAnAuthority {
        /// Whose.
        whose: String,
    },
    /// An authority allows fewer steps below it than there are.
    TooManySteps {
        /// Whose.
        whose: String,
    },
    /// The path goes on beyond the steps that are judged here.
    TooLong {
        /// Whose certificate it begins with.
        whose: String,
    },
    /// An authority asks for a policy that the certificates below it do not name (RFC 5280, 4.2.1.11).
    NoPolicy {
        /// Whose.
        whose: String,
    },
    /// An authority is bound to certain names, which is not checked here.
    NamesBound {
        /// Whose.
        whose: String,
    },
}

/// Whether a certificate that the reader named itself may be relied upon: at all moments, and for this purpose. Where no
/// moment is known, its dates are not asked.
///
/// # Errors
/// Why it may not.
pub(crate) fn check_named(certificate: &Certificate, moments: &[Moment], purpose: Purpose) -> Result<(), PathProblem> {
    moments.iter().try_for_each(|moment| check_dates(certificate, *moment))?;
    check_extensions(certificate)?;
    check_purpose(certificate, purpose, true)
}

/// A path that holds: each issuer, the nearest first, the trusted one last; none where the certificate itself is trusted.
pub(crate) type Path = Vec<Certificate>;

/// Looks for a path from a certificate to one of the anchors that holds at all moments.
///
/// # Errors
/// The first problem of the first path that leads to an anchor, or that a path is too long to say whether it does; none where
/// no path does.
pub(crate) fn find_path(
    certificate: &Certificate,
    carried: &[Certificate],
    anchors: &[Certificate],
    moments: &[Moment],
    purpose: Purpose,
) -> Result<Path, Option<PathProblem>> {
    let mut search = Search { carried, anchors, moments, purpose, checks: 0, is_cut: false, problem: None };
    match search.climb(&mut vec![certificate.clone()]) {
        Some(path) => Ok(path),
        None => Err(search.problem.or_else(|| search.is_cut.then(|| PathProblem::TooLong { whose: name(certificate) }))),
    }
}

struct Search<'a> {
    carried: &'a [Certificate],
    anchors: &'a [Certificate],
    moments: &'a [Moment],
    purpose: Purpose,
    checks: usize,
    /// Whether a path was left because it was too long, or there was too much to check.
    is_cut: bool,
    problem: Option<PathProblem>,
}

impl Search<'_> {
    /// Goes on from the last certificate of the steps, trusted issuers first.
    fn climb(&mut self, steps: &mut Vec<Certificate>) -> Option<Path> {
        let (anchors, carried) = (self.anchors, self.carried);
        let last = steps.last()?.clone();
        for issuer in anchors.iter().chain(carried) {
            let is_anchor = anchors.contains(issuer);
            if steps.contains(issuer) || !last.is_named_by(issuer) {
                continue;
            }
            if self.checks >= MAX_CHECKS {
                self.is_cut = true;
                continue;
            }
            self.checks += 1;
            if !last.is_signed_with_key_of(issuer) {
                continue;
            }
            if steps.len() >= MAX_STEPS {
                self.is_cut = true;
                continue;
            }
            steps.push(issuer.clone());
            if is_anchor {
                match check_path(steps, self.moments, self.purpose) {
                    Ok(()) => return Some(steps[1..].to_vec()),
                    Err(problem) => self.problem = self.problem.take().or(Some(problem)),
                }
            } else if let Some(path) = self.climb(steps) {
                return Some(path);
            }
            steps.pop();
        }
        None
    }
}

/// Checks a whole path, the signer's certificate first.
fn check_path(steps: &[Certificate], moments: &[Moment], purpose: Purpose) -> Result<(), PathProblem> {
    if moments.is_empty() {
        return Err(PathProblem::NoTime);
    }
    for (index, certificate) in steps.iter().enumerate() {
        // What an authority asks for is asked of all below it, and of itself where another issued it.
        check_policy(certificate, &steps[..(index + 1).min(steps.len() - 1)])?;
        for moment in moments {
            check_dates(certificate, *moment)?;
        }
        check_extensions(certificate)?;
        match index {
            0 => check_purpose(certificate, purpose, true)?,
            _ => check_authority(certificate, &steps[1..index], purpose)?,
        }
    }
    Ok(())
}

fn name(certificate: &Certificate) -> String {
    certificate.subject().to_string()
}

fn check_dates(certificate: &Certificate, at: Moment) -> Result<(), PathProblem> {
    let (Moment::Stamped(time) | Moment::Claimed(time) | Moment::Now(time)) = at;
    if time < certificate.not_before() {
        return Err(PathProblem::NotYetInForce { whose: name(certificate), at });
    }
    // The last second is in force to its end.
    match time.as_second() > certificate.not_after().as_second() {
        true => Err(PathProblem::Ended { whose: name(certificate), at }),
        false => Ok(()),
    }
}

fn check_extensions(certificate: &Certificate) -> Result<(), PathProblem> {
    let extensions = certificate.as_parsed().tbs_certificate.extensions.iter().flatten();
    let mut seen = Vec::new();
    for extension in extensions {
        if extension.extn_id == rfc5280::ID_CE_NAME_CONSTRAINTS {
            return Err(PathProblem::NamesBound { whose: name(certificate) });
        }
        let is_twice = seen.contains(&extension.extn_id);
        if (extension.critical && !JUDGED.contains(&extension.extn_id)) || is_twice {
            return Err(PathProblem::CriticalExtension { whose: name(certificate), oid: extension.extn_id.to_string() });
        }
        seen.push(extension.extn_id);
    }
    Ok(())
}

/// Whether certificates name a policy together, where an authority asks that they do. How many steps it lets pass, and which
/// policies stand for which, is not judged: without a policy in common the path is not relied upon.
fn check_policy(authority: &Certificate, bound: &[Certificate]) -> Result<(), PathProblem> {
    if !authority.has_extension::<PolicyConstraints>() {
        return Ok(());
    }
    let no_policy = || PathProblem::NoPolicy { whose: name(authority) };
    let constraints: PolicyConstraints = authority.read_extension().ok_or_else(no_policy)?;
    if constraints.require_explicit_policy.is_none() {
        return Ok(());
    }
    let mut shared: Option<Vec<ObjectIdentifier>> = None;
    for certificate in bound {
        let policies: CertificatePolicies = certificate.read_extension().ok_or_else(no_policy)?;
        let own: Vec<ObjectIdentifier> = policies.0.iter().map(|policy| policy.policy_identifier).collect();
        if !own.contains(&ANY_POLICY) {
            let kept = match shared {
                Some(shared) => shared.into_iter().filter(|policy| own.contains(policy)).collect(),
                None => own,
            };
            shared = Some(kept);
        }
    }
    match shared.is_some_and(|shared| shared.is_empty()) {
        true => Err(no_policy()),
        false => Ok(()),
    }
}

/// What extended key usage allows; a certificate without it is for all that its key usage says. An authority for
/// timestamps need not say so.
fn check_purpose(certificate: &Certificate, purpose: Purpose, is_signer: bool) -> Result<(), PathProblem> {
    let other = || Err(PathProblem::OtherPurpose { whose: name(certificate) });
    let Some(named) = certificate.read_extension::<ExtendedKeyUsage>() else {
        let may_say_nothing = purpose == Purpose::Documents || !is_signer;
        return if may_say_nothing && !certificate.has_extension::<ExtendedKeyUsage>() { Ok(()) } else { other() };
    };
    let names = |known: &[&str]| named.0.iter().any(|oid| known.contains(&oid.to_string().as_str()));
    let is_for_it = match purpose {
        Purpose::Documents => names(&FOR_DOCUMENTS),
        Purpose::Timestamps if is_signer => names(&[FOR_TIMESTAMPS]) && named.0.len() == 1,
        Purpose::Timestamps => names(&[FOR_TIMESTAMPS, "2.5.29.37.0"]),
    };
    if is_for_it { Ok(()) } else { other() }
}

/// Whether a certificate may issue those below it (RFC 5280, 4.2.1.9 and 4.2.1.3). `below` are the authorities between
/// it and the signer's certificate.
fn check_authority(certificate: &Certificate, below: &[Certificate], purpose: Purpose) -> Result<(), PathProblem> {
    let basic: Option<BasicConstraints> = certificate.read_extension();
    let may_issue = match certificate.read_extension::<KeyUsage>() {
        Some(usage) => usage.key_cert_sign(),
        None => !certificate.has_extension::<KeyUsage>(),
    };
    let Some(basic) = basic.filter(|basic| basic.ca && may_issue) else {
        return Err(PathProblem::NotAnAuthority { whose: name(certificate) });
    };
    let steps = below.iter().filter(|authority| !authority.is_self_issued()).count();
    if basic.path_len_constraint.is_some_and(|most| steps > usize::from(most)) {
        return Err(PathProblem::TooManySteps { whose: name(certificate) });
    }
    check_purpose(certificate, purpose, false)
}

/// Whether the certificate is one that stamps times and nothing else, as it says critically (RFC 3161, 2.3).
pub(crate) fn is_for_timestamps(certificate: &Certificate) -> bool {
    let mut extensions = certificate.as_parsed().tbs_certificate.extensions.iter().flatten();
    extensions.any(|extension| extension.extn_id == rfc5280::ID_CE_EXT_KEY_USAGE && extension.critical)
        && check_purpose(certificate, Purpose::Timestamps, true).is_ok()
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Stamped(at) => write!(f, "at {at}, the time of a trusted timestamp"),
            Moment::Claimed(at) => write!(f, "at {at}, the time that the signer claims"),
            Moment::Now(at) => write!(f, "now, at {at}"),
        }
    }
}

impl fmt::Display for PathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathProblem::NotYetInForce { whose, at } => write!(f, "the certificate of {whose} was not valid yet {at}"),
            PathProblem::Ended { whose, at } => write!(f, "the certificate of {whose} had expired {at}"),
            PathProblem::NoTime => f.write_str("there is no known time at which the certificates would have to be valid"),
            PathProblem::CriticalExtension { whose, oid } => {
                write!(f, "the certificate of {whose} has a critical extension that this program cannot check ({oid})")
            }
            PathProblem::OtherPurpose { whose } => write!(f, "the certificate of {whose} is for other purposes than signing documents"),
            PathProblem::NotAnAuthority { whose } => write!(f, "the certificate of {whose} may not issue others"),
            PathProblem::TooManySteps { whose } => write!(f, "{whose} allows fewer certificates between it and the signer"),
            PathProblem::TooLong { whose } => {
                write!(f, "the path from the certificate of {whose} to a trusted one is too long to check")
            }
            PathProblem::NoPolicy { whose } => {
                write!(f, "the certificate of {whose} asks for a policy that those below it do not name")
            }
            PathProblem::NamesBound { whose } => {
                write!(f, "the certificate of {whose} limits the names it may issue to, which this program cannot check")
            }
        }
    }
}
