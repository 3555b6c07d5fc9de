//! Which digests and signatures are made and checked, and their object identifiers.
//!
//! A key signs in one way only, so that the same document gives the same bytes: P-256 and RSA with SHA-256, P-384 with
//! SHA-384, the pair that RFC 5480 (4) and FIPS 186-5 (6.1) ask for, since a shorter digest would be the weakest part.
//! More pairs are checked than made, because authorities and other programs sign too.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
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

/// The two ways of signing, whatever the size of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ecdsa,
    RsaPkcs1,
}

/// Object identifier, way of signing, digest: what is accepted in certificates and in signatures. RSA without a digest
/// in its name (rsaEncryption) is not: one signature could then be written in two ways.
const SIGNATURES: [(ObjectIdentifier, Scheme, DigestAlgorithm); 6] = [
    (rfc5912::ECDSA_WITH_SHA_256, Scheme::Ecdsa, DigestAlgorithm::Sha256),
    (rfc5912::ECDSA_WITH_SHA_384, Scheme::Ecdsa, DigestAlgorithm::Sha384),
    (rfc5912::ECDSA_WITH_SHA_512, Scheme::Ecdsa, DigestAlgorithm::Sha512),
    (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1, DigestAlgorithm::Sha256),
    (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1, DigestAlgorithm::Sha384),
    (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1, DigestAlgorithm::Sha512),
];

impl SignatureAlgorithm {
    /// The digest that is signed, and by which the document is hashed too.
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            SignatureAlgorithm::EcdsaP256Sha256 | SignatureAlgorithm::RsaPkcs1Sha256 => DigestAlgorithm::Sha256,
            SignatureAlgorithm::EcdsaP384Sha384 => DigestAlgorithm::Sha384,
        }
    }

    /// As it stands in a CMS structure: no parameters for ECDSA (RFC 5754, 3.3), NULL for RSA (3.2).
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

    /// As it stands in a CMS structure, without parameters (RFC 5754, 2).
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
    let (_, scheme, digest) = SIGNATURES.into_iter().find(|(oid, ..)| *oid == identifier.oid)?;
    let is_as_asked = match scheme {
        Scheme::Ecdsa => identifier.parameters.is_none(),
        Scheme::RsaPkcs1 => identifier.parameters == Some(Any::from(Null)),
    };
    is_as_asked.then_some((scheme, digest))
}
