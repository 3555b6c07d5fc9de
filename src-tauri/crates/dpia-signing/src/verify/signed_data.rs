//! The checks on one CMS structure (RFC 5652) as CAdES baseline shapes it (ETSI EN 319 122-1).
//!
//! Every part of the structure is either checked, signed, or refused. In a PDF it may be BER, as other programs write it;
//! a detached signature is one that was made here, and must be DER, so that the same meaning cannot be written in two ways.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::asn1::{Any, OctetString};
use der::{Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::algorithm::{DigestAlgorithm, Scheme, read_cms_algorithm, read_signature_algorithm};
use crate::certificate::Certificate;
use crate::cms::SIGNING_CERTIFICATE_V2;
use crate::error::SigningError;

use super::normal::{drop_doubles, normalise, split_all, write_element};
use super::problem::Problem;
use crate::trust::is_for_timestamps;

/// How many certificates of one signature are looked at.
const MAX_CERTIFICATES: usize = 32;

/// id-ct-TSTInfo (RFC 3161, 2.4.2).
const TIMESTAMP_CONTENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// id-aa-timeStampToken (RFC 3161, appendix A).
const TIMESTAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// id-aa-signingCertificate (RFC 2634, 5.4), which names a certificate by SHA-1.
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");

/// How many timestamps of one signature are looked at.
const MAX_TIMESTAMPS: usize = 4;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const CONTEXT_0: u8 = 0xa0;

/// What a CMS structure says and what is wrong with it.
pub(super) struct Finding {
    pub(super) signer: Option<Certificate>,
    /// All certificates that the structure carries.
    pub(super) certificates: Vec<Certificate>,
    /// The content that it carries, where it does.
    pub(super) content: Option<Vec<u8>>,
    /// The signature itself, which a timestamp confirms.
    pub(super) signature: Vec<u8>,
    /// Timestamps beside the signature, each a CMS structure.
    pub(super) timestamps: Vec<Vec<u8>>,
    /// The digest that the signer signed, whether or not the rest holds.
    pub(super) message_digest: Option<Vec<u8>>,
    /// How the content was hashed; SHA-256 where that is not known.
    pub(super) digest: DigestAlgorithm,
    pub(super) problems: Vec<Problem>,
}

impl Finding {
    pub(super) fn unreadable() -> Finding {
        Finding {
            signer: None,
            certificates: Vec::new(),
            content: None,
            signature: Vec::new(),
            timestamps: Vec::new(),
            message_digest: None,
            digest: DigestAlgorithm::Sha256,
            problems: vec![Problem::Unreadable],
        }
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

/// Where a CMS structure is, which says what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// In a file of its own.
    Detached,
    /// In a PDF, as `ETSI.CAdES.detached` (ETSI EN 319 142-1).
    Pades,
    /// In a PDF, as `adbe.pkcs7.detached` (ISO 32000-1, 12.8.3.3): many programs sign so by default.
    Pkcs7,
    /// A timestamp (RFC 3161), which carries what it signs.
    Timestamp,
}

/// ESSCertID (RFC 2634, 5.4.1).
#[derive(Sequence)]
struct EssCertId {
    cert_hash: OctetString,
    #[asn1(optional = "true")]
    issuer_serial: Option<Any>,
}

/// SigningCertificate (RFC 2634, 5.4).
#[derive(Sequence)]
struct SigningCertificate {
    certs: Vec<EssCertId>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

/// Checks a CMS structure that may be followed by zeros.
pub(super) fn check_signed_data(bytes: &[u8], kind: Kind) -> Finding {
    let Some(Read { signed_data, der, mut problems }) = read_signed_data(bytes, kind) else {
        return Finding::unreadable();
    };
    let [info] = signed_data.signer_infos.0.as_slice() else {
        problems.push(Problem::NotOneSigner);
        return Finding { problems, ..Finding::unreadable() };
    };
    check_structure(&signed_data, info, kind, &mut problems);
    let certificates = list_certificates(&der);
    let signer = find_certificate(&certificates, info);
    match &signer {
        Some(certificate) => check_signer(info, certificate, kind, &mut problems),
        None => problems.push(Problem::CertificateMissing),
    }
    if kind == Kind::Pades && has_attribute(info, rfc5911::ID_SIGNING_TIME) {
        problems.push(Problem::SigningTimePresent);
    }
    let content_type = read_attribute::<ObjectIdentifier>(info, rfc5911::ID_CONTENT_TYPE);
    if content_type != Some(content_type_of(kind)) {
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
        check_signature(info, certificate, &der, kind, &mut problems);
    }
    Finding {
        signer,
        certificates,
        content: signed_data
            .encap_content_info
            .econtent
            .as_ref()
            .and_then(|content| content.decode_as::<OctetString>().ok())
            .map(OctetString::into_bytes),
        signature: info.signature.as_bytes().to_vec(),
        timestamps: list_timestamps(info),
        message_digest,
        digest: DigestAlgorithm::read(&info.digest_alg).unwrap_or(DigestAlgorithm::Sha256),
        problems,
    }
}

/// A structure that was read: as DER, and what is wrong with how it is written.
struct Read {
    signed_data: SignedData,
    der: Vec<u8>,
    problems: Vec<Problem>,
}

/// Reads the structure and notes whether it and what follows it are as they must be.
fn read_signed_data(bytes: &[u8], kind: Kind) -> Option<Read> {
    let mut problems = Vec::new();
    let (der, length, was_der) = normalise(bytes)?;
    if bytes[length..].iter().any(|byte| *byte != 0) {
        problems.push(Problem::PaddingNotZero);
    }
    let der = if kind == Kind::Detached { der } else { drop_doubles(&der)? };
    let content_info = ContentInfo::from_der(&der).ok()?;
    let signed_data: SignedData = content_info.content.decode_as().ok()?;
    if kind == Kind::Detached {
        let again = ContentInfo { content_type: content_info.content_type, content: Any::encode_from(&signed_data).ok()? };
        if !was_der || again.to_der().ok()? != der {
            problems.push(Problem::NotCanonical);
        }
    }
    if content_info.content_type != rfc5911::ID_SIGNED_DATA {
        problems.push(Problem::StructureWrong);
    }
    Some(Read { signed_data, der, problems })
}

fn content_type_of(kind: Kind) -> ObjectIdentifier {
    match kind {
        Kind::Detached | Kind::Pades | Kind::Pkcs7 => rfc5911::ID_DATA,
        Kind::Timestamp => TIMESTAMP_CONTENT,
    }
}

/// Versions and types that nothing else pins down (RFC 5652, 5.1 to 5.3).
fn check_structure(signed_data: &SignedData, info: &SignerInfo, kind: Kind, problems: &mut Vec<Problem>) {
    let of_signer = match info.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    let content = &signed_data.encap_content_info;
    let is_version = match kind {
        Kind::Detached | Kind::Pades | Kind::Pkcs7 => signed_data.version == of_signer,
        // Its content is of another type than data, which asks for 3; some write 1.
        Kind::Timestamp => matches!(signed_data.version, CmsVersion::V1 | CmsVersion::V3),
    };
    let own = DigestAlgorithm::read(&info.digest_alg);
    let lists_digest = signed_data.digest_algorithms.iter().any(|listed| own.is_some() && DigestAlgorithm::read(listed) == own);
    let is_as_asked = info.version == of_signer
        && is_version
        && content.econtent_type == content_type_of(kind)
        && content.econtent.is_some() == (kind == Kind::Timestamp)
        && (lists_digest || own.is_none());
    if !is_as_asked {
        problems.push(Problem::StructureWrong);
    }
}

/// The certificates that the structure carries, as they are written there: digests and signatures are of these bytes.
fn list_certificates(der: &[u8]) -> Vec<Certificate> {
    let certificates = find_content(der, &[SEQUENCE, CONTEXT_0, SEQUENCE, CONTEXT_0]).and_then(split_all);
    let certificates = certificates.iter().flatten().take(MAX_CERTIFICATES);
    certificates.filter_map(|(tag, content)| Certificate::from_der(&write_element(*tag, content)).ok()).collect()
}

/// The timestamps among the attributes that are not signed.
fn list_timestamps(info: &SignerInfo) -> Vec<Vec<u8>> {
    let attributes = info.unsigned_attrs.iter().flat_map(|set| set.iter()).filter(|attribute| attribute.oid == TIMESTAMP_TOKEN);
    attributes.flat_map(|attribute| attribute.values.iter()).take(MAX_TIMESTAMPS).filter_map(|value| value.to_der().ok()).collect()
}

fn find_certificate(certificates: &[Certificate], info: &SignerInfo) -> Option<Certificate> {
    let mut certificates = certificates.iter();
    let found = certificates.find(|certificate| {
        let tbs = &certificate.as_parsed().tbs_certificate;
        match &info.sid {
            SignerIdentifier::IssuerAndSerialNumber(id) => id.issuer == tbs.issuer && id.serial_number == tbs.serial_number,
            SignerIdentifier::SubjectKeyIdentifier(id) => {
                tbs.get::<SubjectKeyIdentifier>().ok().flatten().is_some_and(|(_, own)| own == *id)
            }
        }
    });
    found.cloned()
}

/// Whether the certificate may sign, is the one that is meant, and its algorithms are known.
fn check_signer(info: &SignerInfo, certificate: &Certificate, kind: Kind, problems: &mut Vec<Problem>) {
    match read_attribute::<SigningCertificateV2>(info, SIGNING_CERTIFICATE_V2) {
        // The older kind names its certificate by issuer and number alone, unless it does so here too.
        None if kind == Kind::Pkcs7 && !has_attribute(info, SIGNING_CERTIFICATE_V2) => {}
        None if kind == Kind::Timestamp && names_by_sha1(info, certificate) => {}
        None => {
            let name = "signing-certificate-v2";
            problems.push(Problem::AttributeWrong { name });
        }
        Some(named) if !names_certificate(&named, certificate) => {
            problems.push(Problem::OtherCertificateMeant);
        }
        Some(_) => {}
    }
    if !certificate.may_sign_documents() || (kind == Kind::Timestamp && !is_for_timestamps(certificate)) {
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
    let is_known = digest.is_none_or(|own| {
        let read = read_algorithm(kind, algorithm, own);
        read.is_some_and(|(scheme, signed)| own == signed && key.as_ref().is_none_or(|key| key.is_for(scheme)))
    });
    if !is_known {
        problems.push(unknown(algorithm.oid));
    }
}

/// How the signature was made. One that was made here names its digest, so that it is written in one way only.
fn read_algorithm(kind: Kind, identifier: &AlgorithmIdentifierOwned, digest: DigestAlgorithm) -> Option<(Scheme, DigestAlgorithm)> {
    match kind {
        Kind::Detached => read_signature_algorithm(identifier),
        Kind::Pades | Kind::Pkcs7 | Kind::Timestamp => read_cms_algorithm(identifier, digest),
    }
}

/// Whether the certificate's key signed the attributes: sorted, as DER has them, or in the order in which they stand, as
/// some programs sign them.
fn check_signature(info: &SignerInfo, certificate: &Certificate, der: &[u8], kind: Kind, problems: &mut Vec<Problem>) {
    let confirm = || {
        let key = certificate.public_key().ok()?;
        let digest = DigestAlgorithm::read(&info.digest_alg)?;
        let (scheme, digest) = read_algorithm(kind, &info.signature_algorithm, digest)?;
        let sorted = info.signed_attrs.as_ref()?.to_der().ok()?;
        let holds = |message: &[u8]| key.confirm(scheme, digest, message, info.signature.as_bytes());
        let as_written = || read_attributes_as_written(der).filter(|written| kind != Kind::Detached && *written != sorted);
        Some(holds(&sorted) || as_written().is_some_and(|written| holds(&written)))
    };
    if confirm() != Some(true) {
        problems.push(Problem::SignatureWrong);
    }
}

/// The signed attributes of the one signer as a SET, in the order in which they stand.
fn read_attributes_as_written(der: &[u8]) -> Option<Vec<u8>> {
    let attributes = find_content(der, &[SEQUENCE, CONTEXT_0, SEQUENCE, SET, SEQUENCE, CONTEXT_0])?;
    Some(write_element(SET, attributes))
}

/// The content of the element that is at the end of a way of tags: at each step the last element with the tag.
fn find_content<'a>(der: &'a [u8], way: &[u8]) -> Option<&'a [u8]> {
    way.iter().try_fold(der, |content, wanted| Some(split_all(content)?.into_iter().rfind(|(tag, _)| tag == wanted)?.1))
}

/// The older attribute, which many timestamps have.
fn names_by_sha1(info: &SignerInfo, certificate: &Certificate) -> bool {
    let named = read_attribute::<SigningCertificate>(info, SIGNING_CERTIFICATE);
    let first = named.and_then(|named| named.certs.into_iter().next());
    first.is_some_and(|first| first.cert_hash.as_bytes() == openssl::sha::sha1(certificate.as_der()))
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

/// The value of a signed attribute that is once and has one value.
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
