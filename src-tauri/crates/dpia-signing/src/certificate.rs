//! An X.509 certificate (RFC 5280) as this application shows and checks it.
//!
//! A [`Certificate`] keeps the very bytes it was read from: the fingerprint, the signature over
//! it and what is written out again all speak of the same bytes.

use std::fmt;

use const_oid::db::{rfc3280, rfc4519};
use der::asn1::{Ia5StringRef, PrintableStringRef, Utf8StringRef};
use der::{Decode, DecodePem, Encode, EncodePem, Tagged, pem::LineEnding};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, SubjectAltName, name::GeneralName};

use crate::algorithm::{SignatureAlgorithm, read_signature_algorithm};
use crate::error::SigningError;
use crate::key::PublicKey;
use crate::person::is_unshown;

/// The largest certificate that is read, in bytes; real ones have one or two thousand.
const MAX_BYTES: usize = 64 * 1024;

const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const PEM_END: &str = "-----END CERTIFICATE-----";

/// An X.509 certificate: the public half of an identity.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

/// Whom a certificate names. Certificates made elsewhere may leave any part out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// Common name (2.5.4.3).
    pub name: Option<String>,
    /// Title (2.5.4.12).
    pub role: Option<String>,
    /// Organisation (2.5.4.10).
    pub organisation: Option<String>,
    /// The first rfc822Name of the subject's alternative names, else emailAddress of the subject.
    pub email: Option<String>,
}

/// SHA-256 of a certificate's DER bytes; shown as sixteen groups of four hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Certificate {
    /// Reads a certificate from DER.
    ///
    /// # Errors
    /// [`SigningError::CertificateUnreadable`] where the bytes are no certificate, or too many.
    pub fn from_der(der: &[u8]) -> Result<Certificate, SigningError> {
        if der.len() > MAX_BYTES {
            return Err(unreadable("it is larger than 64 KiB"));
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(unreadable)?;
        Ok(Certificate { der: der.to_vec(), parsed })
    }

    /// Reads every certificate of a file, first to last: any number as PEM, with anything between them, or one as DER. One that
    /// cannot be read is there as the reason. There are none where the file looks like neither.
    pub fn read_all(file: &[u8]) -> Vec<Result<Certificate, SigningError>> {
        let text = String::from_utf8_lossy(file);
        let mut pieces = text.split(PEM_BEGIN);
        // What comes before the first of them.
        pieces.next();
        let read: Vec<_> = pieces.map(Certificate::from_pem_body).collect();
        match (read.is_empty(), file) {
            // A DER certificate is a SEQUENCE.
            (true, [0x30, ..]) => vec![Certificate::from_der(file)],
            _ => read,
        }
    }

    /// Reads the first certificate of a PEM text; what is before and after it is ignored.
    ///
    /// # Errors
    /// [`SigningError::CertificateUnreadable`] where there is none in the text.
    pub fn from_pem(pem: &str) -> Result<Certificate, SigningError> {
        let (_, body) = pem.split_once(PEM_BEGIN).ok_or_else(|| unreadable("there is no \"BEGIN CERTIFICATE\" line"))?;
        Certificate::from_pem_body(body)
    }

    /// Reads what follows the line that begins a certificate.
    fn from_pem_body(text: &str) -> Result<Certificate, SigningError> {
        let (body, _) = text.split_once(PEM_END).ok_or_else(|| unreadable("its END CERTIFICATE line is missing"))?;
        if body.len() > 2 * MAX_BYTES {
            return Err(unreadable("it is larger than 64 KiB"));
        }
        let whole = format!("{PEM_BEGIN}{body}{PEM_END}");
        let parsed = x509_cert::Certificate::from_pem(whole).map_err(unreadable)?;
        let der = parsed.to_der().map_err(SigningError::encoding("certificate"))?;
        Certificate::from_der(&der)
    }

    /// The certificate as PEM, lines ended by LF.
    ///
    /// # Errors
    /// [`SigningError::NotEncoded`], which a certificate that was read does not give.
    pub fn to_pem(&self) -> Result<String, SigningError> {
        self.parsed.to_pem(LineEnding::LF).map_err(SigningError::encoding("certificate"))
    }

    /// The certificate's DER bytes.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whom the certificate names. Characters that are not shown are replaced by U+FFFD, so that a
    /// hostile certificate cannot turn the text around it.
    pub fn subject(&self) -> Subject {
        let read = |oid| self.read_name_part(oid);
        Subject {
            name: read(rfc4519::CN),
            role: read(rfc4519::TITLE),
            organisation: read(rfc4519::O),
            email: self.read_alternative_email().or_else(|| read(rfc3280::EMAIL_ADDRESS)),
        }
    }

    /// The serial number as colon-separated hexadecimal, as other programs show it.
    pub fn serial(&self) -> String {
        let bytes = self.parsed.tbs_certificate.serial_number.as_bytes();
        let groups: Vec<String> = bytes.iter().map(|b| format!("{b:02x}")).collect();
        groups.join(":")
    }

    /// The first second at which the certificate is in force.
    pub fn not_before(&self) -> Timestamp {
        to_timestamp(self.parsed.tbs_certificate.validity.not_before)
    }

    /// The last second at which the certificate is in force.
    pub fn not_after(&self) -> Timestamp {
        to_timestamp(self.parsed.tbs_certificate.validity.not_after)
    }

    /// Whole days from a moment to the certificate's end, the day begun counted; none are left, or fewer than none,
    /// where it has ended.
    pub fn days_left(&self, at: Timestamp) -> i64 {
        let seconds = self.not_after().as_second().saturating_sub(at.as_second());
        seconds.div_euclid(24 * 60 * 60).saturating_add(i64::from(seconds >= 0))
    }

    /// Whether the certificate has ended, or ends within so many days.
    pub fn expires_within(&self, days: u32, at: Timestamp) -> bool {
        self.days_left(at) <= i64::from(days)
    }

    /// SHA-256 over the certificate's DER bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(Sha256::digest(&self.der).into())
    }

    /// Whether `issuer` is a certificate authority that signed this certificate.
    ///
    /// RSA (2048 to 4096 bits), P-256, P-384, P-521 and Ed25519 issuers are checked, with a digest of the
    /// SHA-2 family; another kind of key counts as not having issued it.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        let (own, theirs) = (&self.parsed.tbs_certificate, &issuer.parsed.tbs_certificate);
        let basic: Option<BasicConstraints> = issuer.read_extension();
        let usage: Option<KeyUsage> = issuer.read_extension();
        basic.is_some_and(|basic| basic.ca)
            && usage.is_none_or(|usage| usage.key_cert_sign())
            && own.issuer == theirs.subject
            && self.is_signed_with_key_of(issuer)
    }

    /// Whether `issuer` has the name that this certificate gives as its issuer's.
    pub(crate) fn is_named_by(&self, issuer: &Certificate) -> bool {
        self.parsed.tbs_certificate.issuer == issuer.parsed.tbs_certificate.subject
    }

    /// Whether subject and issuer have the same name.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.is_named_by(self)
    }

    /// How the certificate's owner signs here.
    ///
    /// # Errors
    /// [`SigningError::UnsupportedKey`] and [`SigningError::WeakKey`] for a key that cannot sign here.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, SigningError> {
        self.public_key()?.algorithm()
    }

    /// The certificate's own key.
    pub(crate) fn public_key(&self) -> Result<PublicKey, SigningError> {
        let spki = self.parsed.tbs_certificate.subject_public_key_info.to_der();
        PublicKey::from_der(&spki.map_err(SigningError::encoding("public key"))?)
    }

    /// The object identifier of the kind of key.
    pub(crate) fn key_oid(&self) -> const_oid::ObjectIdentifier {
        self.parsed.tbs_certificate.subject_public_key_info.algorithm.oid
    }

    /// Whether key usage, where it is stated, allows signing documents (RFC 5280 4.2.1.3).
    pub(crate) fn may_sign_documents(&self) -> bool {
        match self.read_extension::<KeyUsage>() {
            Some(usage) => usage.digital_signature() || usage.non_repudiation(),
            None => !self.has_extension::<KeyUsage>(),
        }
    }

    /// The parsed form, for the CMS that carries it.
    pub(crate) fn as_parsed(&self) -> &x509_cert::Certificate {
        &self.parsed
    }

    pub(crate) fn is_signed_with_key_of(&self, issuer: &Certificate) -> bool {
        let check = || {
            let algorithm = &self.parsed.signature_algorithm;
            let (scheme, digest) = read_signature_algorithm(algorithm)?;
            let key = issuer.public_key().ok()?;
            if *algorithm != self.parsed.tbs_certificate.signature {
                return None;
            }
            let signed = self.parsed.tbs_certificate.to_der().ok()?;
            key.confirm(scheme, digest, &signed, self.parsed.signature.as_bytes()?).then_some(())
        };
        check().is_some()
    }

    pub(crate) fn has_extension<T: const_oid::AssociatedOid>(&self) -> bool {
        let extensions = self.parsed.tbs_certificate.extensions.iter().flatten();
        extensions.into_iter().any(|e| e.extn_id == T::OID)
    }

    pub(crate) fn read_extension<'a, T>(&'a self) -> Option<T>
    where
        T: const_oid::AssociatedOid + Decode<'a>,
    {
        let (_, value) = self.parsed.tbs_certificate.get::<T>().ok()??;
        Some(value)
    }

    fn read_alternative_email(&self) -> Option<String> {
        let names: SubjectAltName = self.read_extension()?;
        names.0.iter().find_map(|name| match name {
            GeneralName::Rfc822Name(email) => Some(show(email.as_str())),
            _ => None,
        })
    }

    fn read_name_part(&self, oid: const_oid::ObjectIdentifier) -> Option<String> {
        let sequence = &self.parsed.tbs_certificate.subject;
        let mut parts = sequence.0.iter().flat_map(|set| set.0.iter());
        let value = &parts.find(|part| part.oid == oid)?.value;
        let text = match value.tag() {
            der::Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok()?.to_string(),
            der::Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok()?.to_string(),
            der::Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok()?.to_string(),
            der::Tag::BmpString => {
                let units = value.value().chunks_exact(2);
                let units: Vec<u16> = units.map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
                String::from_utf16(&units).ok()?
            }
            // Teletex and the rest: only their ASCII letters mean the same everywhere.
            _ => value.value().iter().map(|b| if b.is_ascii() { char::from(*b) } else { '\u{fffd}' }).collect(),
        };
        Some(show(&text))
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").field("subject", &self.subject()).field("fingerprint", &self.fingerprint()).finish_non_exhaustive()
    }
}

/// `Name, role, organisation <email>`, leaving out what the certificate does not say.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.name, &self.role, &self.organisation];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        match (&self.email, parts.is_empty()) {
            (Some(email), true) => f.write_str(email),
            (Some(email), false) => write!(f, "{} <{email}>", parts.join(", ")),
            (None, true) => f.write_str("(no name)"),
            (None, false) => f.write_str(&parts.join(", ")),
        }
    }
}

impl Fingerprint {
    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pair) in self.0.chunks_exact(2).enumerate() {
            let gap = if index == 0 { "" } else { " " };
            write!(f, "{gap}{:02x}{:02x}", pair[0], pair[1])?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn show(text: &str) -> String {
    let shown = |c| if is_unshown(c) { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

fn unreadable(reason: impl fmt::Display) -> SigningError {
    SigningError::CertificateUnreadable { reason: reason.to_string() }
}

/// X.509 times have whole seconds between 1970 and 9999, all of which a timestamp holds.
fn to_timestamp(time: x509_cert::time::Time) -> Timestamp {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}
