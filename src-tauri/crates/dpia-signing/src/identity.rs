//! A signing identity: a certificate with its private key.
//!
//! The key is wiped when the identity is dropped, and no `Debug` output shows it. The same
//! person, time and random bytes always give the same identity.

use std::fmt;

use const_oid::AssociatedOid;
use const_oid::db::{rfc3280, rfc4519, rfc5912};
use der::asn1::{Any, BitString, Ia5String, OctetString, OctetStringRef, SetOfVec, UtcTime};
use der::{Decode, Encode, Sequence, Tag};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use p256::ecdsa::{DerSignature, SigningKey, signature::Signer as _};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha256};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier};
use x509_cert::ext::{AsExtension, Extension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{TbsCertificate, Version};
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::error::SigningError;
use crate::key::PrivateKey;
use crate::person::Person;
use crate::signer::{Signature, Signer};

/// How many years a certificate made here is in force.
pub const LIFE_YEARS: i8 = 3;

/// The largest stored identity that is read, in bytes.
const MAX_STORED_BYTES: usize = 128 * 1024;

/// A certificate and the private key that belongs to it.
pub struct Identity {
    certificate: Certificate,
    key: PrivateKey,
}

impl Identity {
    /// Makes a key pair and a self-signed certificate for `person`, in force from `valid_from`
    /// (cut to the second) for [`LIFE_YEARS`] years.
    ///
    /// The certificate is X.509 version 3 with a random serial number of 16 bytes, key usage
    /// digitalSignature and nonRepudiation (critical), no certificate authority, the email
    /// address as rfc822Name and in the subject (RFC 5280 4.2.1.6), and a subject key identifier
    /// by RFC 7093 method 1.
    ///
    /// # Errors
    /// A part of the person that a certificate cannot hold, a date out of range, or a source of
    /// randomness that fails.
    pub fn create(person: &Person, valid_from: Timestamp, rng: &mut impl CryptoRngCore) -> Result<Identity, SigningError> {
        let person = person.check()?;
        let validity = build_validity(valid_from)?;
        let key = draw_key(rng)?;
        let mut serial = [0; 16];
        rng.try_fill_bytes(&mut serial).map_err(SigningError::NoRandomness)?;
        // Positive, and always 16 bytes long.
        serial[0] = serial[0] & 0x7f | 0x40;

        let encoding = SigningError::encoding;
        let subject = build_name(&person).map_err(encoding("subject"))?;
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: SerialNumber::new(&serial).map_err(encoding("serial number"))?,
            signature: ecdsa_with_sha256(),
            issuer: subject.clone(),
            validity,
            extensions: Some(build_extensions(&person, &subject, &key)?),
            subject,
            subject_public_key_info: public_key_of(&key)?,
            issuer_unique_id: None,
            subject_unique_id: None,
        };
        let signed = tbs.to_der().map_err(encoding("certificate"))?;
        let signature: DerSignature = key.sign(&signed);
        let certificate = x509_cert::Certificate {
            tbs_certificate: tbs,
            signature_algorithm: ecdsa_with_sha256(),
            signature: BitString::from_bytes(signature.as_bytes()).map_err(encoding("certificate"))?,
        };
        let der = certificate.to_der().map_err(encoding("certificate"))?;
        Identity::join(Certificate::from_der(&der)?, PrivateKey::P256(key))
    }

    /// The public half.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The identity as bytes, unprotected: to be signed at once by the person who keeps it.
    ///
    /// The bytes wipe themselves. They are DER: `SEQUENCE { version INTEGER, certificate
    /// OCTET STRING, privateKey OCTET STRING (PKCS#8) }`. The version is 1 for a P-256 key, which
    /// every release reads, and 2 for the kinds of key that came later.
    ///
    /// # Errors
    /// [`SigningError::NotEncoded`], which an identity that was made or read does not give.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        let encoding = SigningError::encoding;
        let key = self.to_pkcs8()?;
        let stored = Stored {
            version: self.stored_version(),
            certificate: OctetStringRef::new(self.certificate.as_der()).map_err(encoding("identity"))?,
            private_key: OctetStringRef::new(&key).map_err(encoding("identity"))?,
        };
        let bytes = stored.to_der().map_err(encoding("identity"))?;
        Ok(Zeroizing::new(bytes))
    }

    /// Reads what [`Identity::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`SigningError::IdentityUnreadable`] for other bytes, [`SigningError::KeyMismatch`] where
    /// the key is not the certificate's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Identity, SigningError> {
        let unreadable = |reason| SigningError::IdentityUnreadable { reason };
        if bytes.len() > MAX_STORED_BYTES {
            return Err(unreadable("it is too large"));
        }
        let stored = Stored::from_der(bytes).map_err(|_| unreadable("it is damaged"))?;
        if !(1..=2).contains(&stored.version) {
            return Err(unreadable("it was written by a newer version"));
        }
        let certificate = Certificate::from_der(stored.certificate.as_bytes())?;
        let identity = Identity::join(certificate, PrivateKey::from_pkcs8(stored.private_key.as_bytes())?)?;
        match identity.stored_version() == stored.version {
            true => Ok(identity),
            false => Err(unreadable("its version is not that of its kind of key")),
        }
    }

    /// Puts a certificate and a key together, if they belong together.
    pub(crate) fn join(certificate: Certificate, key: PrivateKey) -> Result<Identity, SigningError> {
        match key.is_half_of(&certificate.public_key()?) {
            true => Ok(Identity { certificate, key }),
            false => Err(SigningError::KeyMismatch),
        }
    }

    /// Signs once and checks it: a key whose public half is right may still be broken.
    pub(crate) fn check_key(&self) -> Result<(), SigningError> {
        let public = self.certificate.public_key()?;
        let algorithm = public.algorithm()?;
        let message = b"a trial";
        let digest = algorithm.digest().hash(&[message]);
        let signature = self.key.sign_digest(&digest).map_err(|_| SigningError::KeyMismatch)?;
        match public.confirm(algorithm.scheme(), algorithm.digest(), message, &signature.bytes) {
            true => Ok(()),
            false => Err(SigningError::KeyMismatch),
        }
    }

    /// The private key as PKCS#8 DER; the bytes wipe themselves.
    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        self.key.to_pkcs8()
    }

    fn stored_version(&self) -> u8 {
        match self.key {
            PrivateKey::P256(_) => 1,
            PrivateKey::P384(_) | PrivateKey::Rsa(_) => 2,
        }
    }
}

impl Signer for Identity {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Signature, SigningError> {
        self.key.sign_digest(digest)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// The stored form of an identity.
#[derive(Sequence)]
struct Stored<'a> {
    version: u8,
    certificate: OctetStringRef<'a>,
    private_key: OctetStringRef<'a>,
}

/// Draws 32 bytes until they are a private key of P-256; all but one in 2^32 are.
fn draw_key(rng: &mut impl CryptoRngCore) -> Result<SigningKey, SigningError> {
    let mut bytes = Zeroizing::new([0; 32]);
    loop {
        rng.try_fill_bytes(bytes.as_mut()).map_err(SigningError::NoRandomness)?;
        if let Ok(key) = SigningKey::from_slice(bytes.as_ref()) {
            return Ok(key);
        }
    }
}

fn ecdsa_with_sha256() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: rfc5912::ECDSA_WITH_SHA_256, parameters: None }
}

fn public_key_of(key: &SigningKey) -> Result<SubjectPublicKeyInfoOwned, SigningError> {
    SubjectPublicKeyInfoOwned::from_key(*key.verifying_key())
        .map_err(|_| SigningError::IdentityUnreadable { reason: "its public key cannot be encoded" })
}

fn build_validity(valid_from: Timestamp) -> Result<Validity, SigningError> {
    let out_of_range = || SigningError::DateOutOfRange { at: valid_from };
    let from = Timestamp::from_second(valid_from.as_second()).map_err(|_| out_of_range())?;
    let until = from
        .to_zoned(TimeZone::UTC)
        .checked_add(LIFE_YEARS.years())
        .and_then(|until| until.checked_sub(1.second()))
        .map_err(|_| out_of_range())?
        .timestamp();
    Ok(Validity { not_before: to_x509_time(from).ok_or_else(out_of_range)?, not_after: to_x509_time(until).ok_or_else(out_of_range)? })
}

/// UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5).
fn to_x509_time(at: Timestamp) -> Option<Time> {
    let since = std::time::Duration::from_secs(u64::try_from(at.as_second()).ok()?);
    match UtcTime::from_unix_duration(since) {
        Ok(time) => Some(Time::UtcTime(time)),
        Err(_) => der::asn1::GeneralizedTime::from_unix_duration(since).ok().map(Time::GeneralTime),
    }
}

/// Organisation, title, common name and email address, from the general to the particular.
fn build_name(person: &Person) -> der::Result<Name> {
    let part = |oid, tag, text: &str| -> der::Result<RelativeDistinguishedName> {
        let value = Any::new(tag, text.as_bytes())?;
        let set = SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }])?;
        Ok(RelativeDistinguishedName(set))
    };
    Ok(RdnSequence(vec![
        part(rfc4519::O, Tag::Utf8String, &person.organisation)?,
        part(rfc4519::TITLE, Tag::Utf8String, &person.role)?,
        part(rfc4519::CN, Tag::Utf8String, &person.name)?,
        part(rfc3280::EMAIL_ADDRESS, Tag::Ia5String, &person.email)?,
    ]))
}

fn build_extensions(person: &Person, subject: &Name, key: &SigningKey) -> Result<Vec<Extension>, SigningError> {
    let encoding = SigningError::encoding;
    let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
    let basic = BasicConstraints { ca: false, path_len_constraint: None };
    let email = Ia5String::new(&person.email).map_err(encoding("email address"))?;
    let names = SubjectAltName(vec![GeneralName::Rfc822Name(email)]);
    let point = key.verifying_key().to_encoded_point(false);
    let hash = Sha256::digest(point.as_bytes());
    let identifier = OctetString::new(&hash[..20]).map_err(encoding("subject key identifier"))?;
    let identifier = SubjectKeyIdentifier(identifier);

    fn extend<T: AsExtension + AssociatedOid>(value: &T, subject: &Name) -> der::Result<Extension> {
        value.to_extension(subject, &[])
    }
    [extend(&basic, subject), extend(&usage, subject), extend(&identifier, subject), extend(&names, subject)]
        .into_iter()
        .collect::<der::Result<_>>()
        .map_err(encoding("certificate extensions"))
}
