//! The checks on one CMS structure (RFC 5652) as CAdES baseline shapes it (ETSI EN 319 122-1).
//!
//! Every byte of the structure is either checked, signed, or refused: it must be DER, so that
//! the same meaning cannot be written in two ways.

use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::asn1::{Any, OctetString};
use der::{Decode, Encode, Reader, Sequence, SliceReader};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::algorithm::{DigestAlgorithm, read_signature_algorithm};
use crate::certificate::Certificate;
use crate::cms::SIGNING_CERTIFICATE_V2;
use crate::error::SigningError;

use super::report::Problem;

/// How many certificates of one signature are looked at.
const MAX_CERTIFICATES: usize = 32;

/// What a CMS structure says and what is wrong with it.
pub(super) struct Finding {
    pub(super) signer: Option<Certificate>,
    /// The digest that the signer signed, whether or not the rest holds.
    pub(super) message_digest: Option<Vec<u8>>,
    /// How the content was hashed; SHA-256 where that is not known.
    pub(super) digest: DigestAlgorithm,
    pub(super) problems: Vec<Problem>,
}

impl Finding {
    pub(super) fn unreadable() -> Finding {
        Finding { signer: None, message_digest: None, digest: DigestAlgorithm::Sha256, problems: vec![Problem::Unreadable] }
    }
}

/// ESSCertIDv2 (RFC 5035, 4).
#[derive(Sequence)]
struct EssCertIdV2 {
    #[asn1(optional = "true")]
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// SigningCertificateV2 (RFC 5035, 3).
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// Where a CMS structure stands, which says what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In a file of its own.
    Detached,
    /// In a PDF, as `ETSI.CAdES.detached` (ETSI EN 319 142-1).
    Pades,
    /// In a PDF, as `adbe.pkcs7.detached` (ISO 32000-1, 12.8.3.3): many programs sign so when they are not told otherwise.
    Pkcs7,
}

/// Checks a CMS structure that may be followed by zeros.
pub(super) fn check_signed_data(bytes: &[u8], kind: Kind) -> Finding {
    let Some((signed_data, mut problems)) = read_signed_data(bytes) else {
        return Finding::unreadable();
    };
    let [info] = signed_data.signer_infos.0.as_slice() else {
        problems.push(Problem::NotOneSigner);
        return Finding { problems, ..Finding::unreadable() };
    };
    check_structure(&signed_data, info, &mut problems);
    let signer = find_certificate(&signed_data, info);
    match &signer {
        Some(certificate) => check_signer(info, certificate, kind, &mut problems),
        None => problems.push(Problem::CertificateMissing),
    }
    if kind == Kind::Pades && has_attribute(info, rfc5911::ID_SIGNING_TIME) {
        problems.push(Problem::SigningTimePresent);
    }
    let content_type = read_attribute::<ObjectIdentifier>(info, rfc5911::ID_CONTENT_TYPE);
    if content_type != Some(rfc5911::ID_DATA) {
        let name = "content-type";
        problems.push(Problem::AttributeWrong { name });
    }
    let digest = read_attribute::<OctetString>(info, rfc5911::ID_MESSAGE_DIGEST);
    let message_digest = digest.map(|digest| digest.as_bytes().to_vec());
    if message_digest.is_none() {
        let name = "message-digest";
        problems.push(Problem::AttributeWrong { name });
    }
    // The costly part comes last, and only for a signature that could still be valid.
    if let Some(certificate) = signer.as_ref().filter(|_| problems.is_empty()) {
        check_signature(info, certificate, &mut problems);
    }
    let digest = DigestAlgorithm::read(&info.digest_alg).unwrap_or(DigestAlgorithm::Sha256);
    Finding { signer, message_digest, digest, problems }
}

/// Reads the structure and notes whether it and what follows it are as they must be.
fn read_signed_data(bytes: &[u8]) -> Option<(SignedData, Vec<Problem>)> {
    let mut problems = Vec::new();
    let mut reader = SliceReader::new(bytes).ok()?;
    let content_info = ContentInfo::decode(&mut reader).ok()?;
    let length = usize::try_from(reader.position()).ok()?;
    let (structure, padding) = bytes.split_at_checked(length)?;
    if padding.iter().any(|byte| *byte != 0) {
        problems.push(Problem::PaddingNotZero);
    }
    let signed_data: SignedData = content_info.content.decode_as().ok()?;
    let again = ContentInfo { content_type: content_info.content_type, content: Any::encode_from(&signed_data).ok()? };
    if again.to_der().ok()? != structure {
        problems.push(Problem::NotCanonical);
    }
    if content_info.content_type != rfc5911::ID_SIGNED_DATA {
        problems.push(Problem::StructureWrong);
    }
    Some((signed_data, problems))
}

/// Versions and types that nothing else pins down (RFC 5652, 5.1 to 5.3).
fn check_structure(signed_data: &SignedData, info: &SignerInfo, problems: &mut Vec<Problem>) {
    let expected = match info.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    let content = &signed_data.encap_content_info;
    let own = DigestAlgorithm::read(&info.digest_alg);
    let lists_digest = signed_data.digest_algorithms.iter().any(|listed| own.is_some() && DigestAlgorithm::read(listed) == own);
    let is_as_asked = info.version == expected
        && signed_data.version == expected
        && content.econtent_type == rfc5911::ID_DATA
        && content.econtent.is_none()
        && (lists_digest || own.is_none());
    if !is_as_asked {
        problems.push(Problem::StructureWrong);
    }
}

fn find_certificate(signed_data: &SignedData, info: &SignerInfo) -> Option<Certificate> {
    let set = signed_data.certificates.as_ref()?;
    let certificates = set.0.iter().take(MAX_CERTIFICATES);
    let found = certificates
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        })
        .find(|certificate| {
            let tbs = &certificate.tbs_certificate;
            match &info.sid {
                SignerIdentifier::IssuerAndSerialNumber(id) => id.issuer == tbs.issuer && id.serial_number == tbs.serial_number,
                SignerIdentifier::SubjectKeyIdentifier(id) => {
                    tbs.get::<SubjectKeyIdentifier>().ok().flatten().is_some_and(|(_, own)| own == *id)
                }
            }
        })?;
    Certificate::from_der(&found.to_der().ok()?).ok()
}

/// Whether the certificate may sign, is the one that is meant, and its algorithms are known.
fn check_signer(info: &SignerInfo, certificate: &Certificate, kind: Kind, problems: &mut Vec<Problem>) {
    match read_attribute::<SigningCertificateV2>(info, SIGNING_CERTIFICATE_V2) {
        // The older kind names its certificate by issuer and number alone, unless it does so here too.
        None if kind == Kind::Pkcs7 && !has_attribute(info, SIGNING_CERTIFICATE_V2) => {}
        None => {
            let name = "signing-certificate-v2";
            problems.push(Problem::AttributeWrong { name });
        }
        Some(named) if !names_certificate(&named, certificate) => {
            problems.push(Problem::OtherCertificateMeant);
        }
        Some(_) => {}
    }
    if !certificate.may_sign_documents() {
        problems.push(Problem::KeyUsageForbids);
    }
    let unknown = |oid: ObjectIdentifier| Problem::AlgorithmUnknown { oid: oid.to_string() };
    let digest = DigestAlgorithm::read(&info.digest_alg);
    if digest.is_none() {
        problems.push(unknown(info.digest_alg.oid));
    }
    let key = match certificate.public_key() {
        Ok(key) => Some(key),
        Err(SigningError::WeakKey { bits, .. }) => {
            problems.push(Problem::KeyTooWeak { bits });
            None
        }
        Err(_) => {
            problems.push(unknown(certificate.key_oid()));
            None
        }
    };
    let algorithm = &info.signature_algorithm;
    let is_known = read_signature_algorithm(algorithm)
        .is_some_and(|(scheme, signed)| digest.is_none_or(|own| own == signed) && key.is_none_or(|key| key.scheme() == scheme));
    if !is_known {
        problems.push(unknown(algorithm.oid));
    }
}

/// Whether the certificate's key signed the attributes.
fn check_signature(info: &SignerInfo, certificate: &Certificate, problems: &mut Vec<Problem>) {
    let confirm = || {
        let key = certificate.public_key().ok()?;
        let digest = DigestAlgorithm::read(&info.digest_alg)?;
        let signed = digest.hash(&[&info.signed_attrs.as_ref()?.to_der().ok()?]);
        Some(key.confirm(digest, &signed, info.signature.as_bytes()))
    };
    if confirm() != Some(true) {
        problems.push(Problem::SignatureWrong);
    }
}

/// The first certificate named is the signer's (RFC 5035, 3).
fn names_certificate(named: &SigningCertificateV2, certificate: &Certificate) -> bool {
    let Some(first) = named.certs.first() else {
        return false;
    };
    let algorithm = match &first.hash_algorithm {
        None => Some(DigestAlgorithm::Sha256),
        Some(named) => DigestAlgorithm::read(named),
    };
    algorithm.is_some_and(|algorithm| algorithm.hash(&[certificate.as_der()]) == first.cert_hash.as_bytes())
}

fn has_attribute(info: &SignerInfo, oid: ObjectIdentifier) -> bool {
    let mut attributes = info.signed_attrs.iter().flat_map(|set| set.iter());
    attributes.any(|attribute| attribute.oid == oid)
}

/// The value of a signed attribute that stands once and has one value.
fn read_attribute<'a, T>(info: &'a SignerInfo, oid: ObjectIdentifier) -> Option<T>
where
    T: der::Choice<'a> + der::DecodeValue<'a>,
{
    let attributes = info.signed_attrs.iter().flat_map(|set| set.iter());
    let mut found = attributes.filter(|attribute| attribute.oid == oid);
    let (Some(attribute), None) = (found.next(), found.next()) else {
        return None;
    };
    let [value] = attribute.values.as_slice() else {
        return None;
    };
    value.decode_as().ok()
}
