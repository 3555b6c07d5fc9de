//! The CMS structure (RFC 5652) of a CAdES baseline signature (ETSI EN 319 122-1, 5 and 6).
//!
//! Signed attributes are content-type, message-digest and signing-certificate-v2 (RFC 5035), and
//! no signing-time: PAdES takes the claimed time from the PDF (ETSI EN 319 142-1, 6.3).
//! Everything is DER, sets are sorted, so the same input gives the same bytes.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Encode, Sequence};
use x509_cert::attr::Attribute;

use crate::certificate::Certificate;
use crate::error::SigningError;
use crate::signer::{Signature, Signer};

/// id-aa-signingCertificateV2 (RFC 5035, 3).
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2;

/// ESSCertIDv2 as written here: SHA-256 is the default, so the hash alone is left
/// (RFC 5035, 4). Only this form is written; `verify` reads the full one.
#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

/// SigningCertificateV2 with one certificate.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

/// Builds the detached signature over content of which only the digest is known, by the algorithm of the signer's
/// certificate.
pub(crate) fn build_signature(content: &[u8], signer: &(impl Signer + ?Sized)) -> Result<Vec<u8>, SigningError> {
    let encoding = SigningError::encoding;
    let certificate = signer.certificate();
    let key = certificate.public_key()?;
    let algorithm = key.algorithm()?;
    let attributes = build_attributes(content, certificate).map_err(encoding("signed attributes"))?;
    // What is signed is the attributes as a SET OF, not with the tag that they carry (RFC 5652, 5.4).
    let signed = attributes.to_der().map_err(encoding("signed attributes"))?;
    let signature = signer.sign_digest(&algorithm.digest().hash(&[&signed]))?;
    if signature.algorithm != algorithm || !key.confirm(algorithm.scheme(), algorithm.digest(), &signed, &signature.bytes) {
        return Err(SigningError::SignerMismatch);
    }
    build_content_info(certificate, attributes, &signature).map_err(encoding("signature"))
}

fn build_attributes(content: &[u8], certificate: &Certificate) -> der::Result<SignedAttributes> {
    let signing_certificate =
        SigningCertificateV2 { certs: vec![EssCertIdV2 { cert_hash: OctetString::new(certificate.fingerprint().as_bytes().as_slice())? }] };
    let attribute = |oid, value: Any| -> der::Result<Attribute> { Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? }) };
    SetOfVec::try_from(vec![
        attribute(rfc5911::ID_CONTENT_TYPE, Any::encode_from(&rfc5911::ID_DATA)?)?,
        attribute(rfc5911::ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(content)?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&signing_certificate)?)?,
    ])
}

fn build_content_info(certificate: &Certificate, attributes: SignedAttributes, signature: &Signature) -> der::Result<Vec<u8>> {
    let digest = signature.algorithm.digest().identifier();
    let parsed = certificate.as_parsed();
    let signer_info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: parsed.tbs_certificate.issuer.clone(),
            serial_number: parsed.tbs_certificate.serial_number.clone(),
        }),
        digest_alg: digest.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: signature.algorithm.identifier(),
        signature: OctetString::new(signature.bytes.as_slice())?,
        unsigned_attrs: None,
    };
    // RFC 5652, 5.1: version 1, since the content is id-data and the signer is named by issuer
    // and serial number.
    let signed_data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: rfc5911::ID_DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(vec![CertificateChoices::Certificate(parsed.clone())])?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer_info])?),
    };
    ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&signed_data)? }.to_der()
}
