//! Which digests and signatures are made and checked, and their object identifiers.
//!
//! A key signs in one way only, so that the same document gives the same bytes: P-256 and RSA with SHA-256, P-384 with
//! SHA-384, the pair that RFC 5480 (4) and FIPS 186-5 (6.1) ask for, since a shorter digest would be the weakest part.
//! More pairs are checked than made, because authorities and other programs sign too.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::Sequence;
use der::asn1::{Any, Null};
use openssl::md::{Md, MdRef};
use sha2::{Digest, Sha256, Sha384, Sha512};
use spki::AlgorithmIdentifierOwned;

/// How a signature is made: what the kind of key decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// ecdsa-with-SHA256 (1.2.840.10045.4.3.2) on the curve P-256.
    EcdsaP256Sha256,
    /// ecdsa-with-SHA384 (1.2.840.10045.4.3.3) on the curve P-384.
    EcdsaP384Sha384,
    /// sha256WithRSAEncryption (1.2.840.113549.1.1.11): RSASSA-PKCS1-v1_5.
    RsaPkcs1Sha256,
}

/// A digest of the SHA-2 family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
    /// 64 bytes; checked, never made here.
    Sha512,
}

/// The ways of signing that are checked, whatever the size of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ecdsa,
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    RsaPkcs1,
    /// RSASSA-PSS (RFC 8017, 8.1): the digest of its mask, and the length of its salt in bytes.
    RsaPss {
        mask: DigestAlgorithm,
        salt: u16,
    },
    /// Ed25519 (RFC 8032) over the message itself.
    Ed25519,
}

/// Object identifier, way of signing, digest: what is accepted in certificates and in signatures.
const SIGNATURES: [(ObjectIdentifier, Scheme, DigestAlgorithm); 7] = [
    (rfc5912::ECDSA_WITH_SHA_256, Scheme::Ecdsa, DigestAlgorithm::Sha256),
    (rfc5912::ECDSA_WITH_SHA_384, Scheme::Ecdsa, DigestAlgorithm::Sha384),
    (rfc5912::ECDSA_WITH_SHA_512, Scheme::Ecdsa, DigestAlgorithm::Sha512),
    (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1, DigestAlgorithm::Sha256),
    (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1, DigestAlgorithm::Sha384),
    (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1, DigestAlgorithm::Sha512),
    // The attributes of a CMS structure are hashed with SHA-512 beside it (RFC 8419, 3.1).
    (ED25519, Scheme::Ed25519, DigestAlgorithm::Sha512),
];

/// id-Ed25519 (RFC 8410, 3).
pub(crate) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// id-mgf1 (RFC 8017, A.2.1).
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The longest salt that is read: one that fills the longest key. Whether the key holds it, OpenSSL says.
const MAX_SALT: u16 = 512;

/// RSASSA-PSS-params (RFC 8017, A.2.3). What is left out means SHA-1, which is not accepted.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u16>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<u8>,
}

impl SignatureAlgorithm {
    /// The digest that is signed, and by which the document is hashed too.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            SignatureAlgorithm::EcdsaP256Sha256 | SignatureAlgorithm::RsaPkcs1Sha256 => DigestAlgorithm::Sha256,
            SignatureAlgorithm::EcdsaP384Sha384 => DigestAlgorithm::Sha384,
        }
    }

    pub(crate) fn scheme(self) -> Scheme {
        match self {
            SignatureAlgorithm::EcdsaP256Sha256 | SignatureAlgorithm::EcdsaP384Sha384 => Scheme::Ecdsa,
            SignatureAlgorithm::RsaPkcs1Sha256 => Scheme::RsaPkcs1,
        }
    }

    /// As it is in a CMS structure: no parameters for ECDSA (RFC 5754, 3.3), NULL for RSA (3.2).
    pub(crate) fn identifier(self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            SignatureAlgorithm::EcdsaP256Sha256 => (rfc5912::ECDSA_WITH_SHA_256, None),
            SignatureAlgorithm::EcdsaP384Sha384 => (rfc5912::ECDSA_WITH_SHA_384, None),
            SignatureAlgorithm::RsaPkcs1Sha256 => (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Some(Any::from(Null))),
        };
        AlgorithmIdentifierOwned { oid, parameters }
    }
}

impl DigestAlgorithm {
    /// The digest of the parts, one after the other.
    pub fn hash(self, parts: &[&[u8]]) -> Vec<u8> {
        fn run<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            parts.iter().for_each(|part| hash.update(part));
            hash.finalize().to_vec()
        }
        match self {
            DigestAlgorithm::Sha256 => run::<Sha256>(parts),
            DigestAlgorithm::Sha384 => run::<Sha384>(parts),
            DigestAlgorithm::Sha512 => run::<Sha512>(parts),
        }
    }

    /// As it is in a CMS structure, without parameters (RFC 5754, 2).
    pub(crate) fn identifier(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.oid(), parameters: None }
    }

    /// Reads an identifier whose parameters are left out or NULL (RFC 5754, 2).
    pub(crate) fn read(identifier: &AlgorithmIdentifierOwned) -> Option<DigestAlgorithm> {
        let all = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
        let found = all.into_iter().find(|digest| digest.oid() == identifier.oid);
        found.filter(|_| identifier.parameters.as_ref().is_none_or(|parameters| *parameters == Any::from(Null)))
    }

    pub(crate) fn as_openssl(self) -> &'static MdRef {
        match self {
            DigestAlgorithm::Sha256 => Md::sha256(),
            DigestAlgorithm::Sha384 => Md::sha384(),
            DigestAlgorithm::Sha512 => Md::sha512(),
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            DigestAlgorithm::Sha256 => rfc5912::ID_SHA_256,
            DigestAlgorithm::Sha384 => rfc5912::ID_SHA_384,
            DigestAlgorithm::Sha512 => rfc5912::ID_SHA_512,
        }
    }
}

/// The way of signing and the digest of an identifier whose parameters are as they must be; none for all others.
pub(crate) fn read_signature_algorithm(identifier: &AlgorithmIdentifierOwned) -> Option<(Scheme, DigestAlgorithm)> {
    if identifier.oid == rfc5912::ID_RSASSA_PSS {
        return read_pss(identifier.parameters.as_ref()?);
    }
    let (_, scheme, digest) = SIGNATURES.into_iter().find(|(oid, ..)| *oid == identifier.oid)?;
    let is_as_asked = match scheme {
        Scheme::Ecdsa | Scheme::Ed25519 => identifier.parameters.is_none(),
        Scheme::RsaPkcs1 => identifier.parameters == Some(Any::from(Null)),
        Scheme::RsaPss { .. } => false,
    };
    is_as_asked.then_some((scheme, digest))
}

/// As [`read_signature_algorithm`], in a CMS structure: RSA may be named without a digest, which is then the one named
/// beside it (RFC 3370, 3.2; RFC 5754, 3.2).
pub(crate) fn read_cms_algorithm(identifier: &AlgorithmIdentifierOwned, digest: DigestAlgorithm) -> Option<(Scheme, DigestAlgorithm)> {
    if identifier.oid != rfc5912::RSA_ENCRYPTION {
        return read_signature_algorithm(identifier);
    }
    // NULL must be written, and its absence be accepted (RFC 5754, 3.2).
    let is_as_asked = identifier.parameters.as_ref().is_none_or(|parameters| *parameters == Any::from(Null));
    is_as_asked.then_some((Scheme::RsaPkcs1, digest))
}

/// The parameters of RSASSA-PSS, of which each has to be stated and known.
fn read_pss(parameters: &Any) -> Option<(Scheme, DigestAlgorithm)> {
    let parameters: PssParameters = parameters.decode_as().ok()?;
    let digest = DigestAlgorithm::read(&parameters.hash?)?;
    let mask = parameters.mask.filter(|mask| mask.oid == MGF1)?;
    let mask = DigestAlgorithm::read(&mask.parameters?.decode_as().ok()?)?;
    let salt = parameters.salt.unwrap_or(20);
    let is_as_asked = salt <= MAX_SALT && parameters.trailer.is_none_or(|trailer| trailer == 1);
    is_as_asked.then_some((Scheme::RsaPss { mask, salt }, digest))
}
