//! Keys: P-256 and P-384 by RustCrypto, RSA by OpenSSL. P-521 and Ed25519 are checked, by OpenSSL, and do not sign here.
//!
//! Every signature is deterministic: RFC 6979 for the curves, PKCS#1 v1.5 for RSA. RSA is OpenSSL's because its
//! private operation is blinded and constant in time; the `rsa` crate's is not (RUSTSEC-2023-0071).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::Decode;
use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::algorithm::{DigestAlgorithm, ED25519, Scheme, SignatureAlgorithm};
use crate::error::SigningError;
use crate::signer::Signature;

/// How many bits an RSA key has at least: NIST SP 800-131A asks for 2048.
pub(crate) const MIN_RSA_BITS: u32 = 2048;

/// How many bits an RSA key has at most; larger ones cost time and their signatures room.
pub(crate) const MAX_RSA_BITS: u32 = 4096;

/// A private key that can sign here. It wipes itself, and no `Debug` shows it.
pub(crate) enum PrivateKey {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Rsa(PKey<Private>),
}

/// A public key whose signatures are checked here.
pub(crate) enum PublicKey {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(PKey<Public>),
    /// An RSA key that its owner uses for RSASSA-PSS alone (RFC 4055, 1.2).
    RsaPss(PKey<Public>),
    P521(PKey<Public>),
    Ed25519(PKey<Public>),
}

impl PrivateKey {
    /// Reads PKCS#8 (RFC 5208).
    ///
    /// # Errors
    /// [`SigningError::UnsupportedKey`] and [`SigningError::WeakKey`] by the kind of key, or
    /// [`SigningError::IdentityUnreadable`] for bytes that are none.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<PrivateKey, SigningError> {
        let damaged = |_| SigningError::IdentityUnreadable { reason: "its private key is damaged" };
        let info = p256::pkcs8::PrivateKeyInfo::from_der(der);
        let info = info.map_err(|_| SigningError::IdentityUnreadable { reason: "its private key is damaged" })?;
        match read_kind(&info.algorithm) {
            Kind::Curve(rfc5912::SECP_256_R_1) => p256::ecdsa::SigningKey::from_pkcs8_der(der).map(PrivateKey::P256).map_err(damaged),
            Kind::Curve(rfc5912::SECP_384_R_1) => p384::ecdsa::SigningKey::from_pkcs8_der(der).map(PrivateKey::P384).map_err(damaged),
            Kind::Rsa => {
                let key = PKey::private_key_from_pkcs8(der);
                let key = key.map_err(|_| SigningError::IdentityUnreadable { reason: "its private key is damaged" })?;
                check_bits(key.bits())?;
                Ok(PrivateKey::Rsa(key))
            }
            other => Err(SigningError::UnsupportedKey { kind: other.name() }),
        }
    }

    /// The key as PKCS#8 DER; the bytes wipe themselves.
    pub(crate) fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        let failed = SigningError::IdentityUnreadable { reason: "its private key cannot be encoded" };
        let bytes = match self {
            PrivateKey::P256(key) => key.to_pkcs8_der().ok().map(|document| document.to_bytes()),
            PrivateKey::P384(key) => key.to_pkcs8_der().ok().map(|document| document.to_bytes()),
            PrivateKey::Rsa(key) => key.private_key_to_pkcs8().ok().map(Zeroizing::new),
        };
        bytes.ok_or(failed)
    }

    /// Whether `public` is the other half of this key.
    pub(crate) fn is_half_of(&self, public: &PublicKey) -> bool {
        match (self, public) {
            (PrivateKey::P256(own), PublicKey::P256(other)) => own.verifying_key() == other,
            (PrivateKey::P384(own), PublicKey::P384(other)) => own.verifying_key() == other,
            (PrivateKey::Rsa(own), PublicKey::Rsa(other)) => own.public_eq(other),
            _ => false,
        }
    }

    /// Signs a digest of the key's own algorithm.
    ///
    /// # Errors
    /// [`SigningError::SignerFailed`] for a digest of another length.
    pub(crate) fn sign_digest(&self, digest: &[u8]) -> Result<Signature, SigningError> {
        fn failed<E: std::error::Error + Send + Sync + 'static>(error: E) -> SigningError {
            SigningError::SignerFailed(Box::new(error))
        }
        match self {
            PrivateKey::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).map_err(failed)?;
                Ok(Signature { algorithm: SignatureAlgorithm::EcdsaP256Sha256, bytes: signature.to_der().as_bytes().to_vec() })
            }
            PrivateKey::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(digest).map_err(failed)?;
                Ok(Signature { algorithm: SignatureAlgorithm::EcdsaP384Sha384, bytes: signature.to_der().as_bytes().to_vec() })
            }
            PrivateKey::Rsa(key) => {
                let bytes = sign_with_rsa(key, digest).map_err(failed)?;
                Ok(Signature { algorithm: SignatureAlgorithm::RsaPkcs1Sha256, bytes })
            }
        }
    }
}

fn sign_with_rsa(key: &PKey<Private>, digest: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.sign_init()?;
    context.set_rsa_padding(Padding::PKCS1)?;
    context.set_signature_md(SignatureAlgorithm::RsaPkcs1Sha256.digest().as_openssl())?;
    let mut bytes = Vec::new();
    context.sign_to_vec(digest, &mut bytes)?;
    Ok(bytes)
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// [`SigningError::UnsupportedKey`] and [`SigningError::WeakKey`] by the kind of key.
    pub(crate) fn from_der(der: &[u8]) -> Result<PublicKey, SigningError> {
        let unknown = |kind: &str| SigningError::UnsupportedKey { kind: kind.to_owned() };
        let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| unknown("unreadable"))?;
        match read_kind(&info.algorithm) {
            Kind::Curve(rfc5912::SECP_256_R_1) => {
                p256::ecdsa::VerifyingKey::from_public_key_der(der).map(PublicKey::P256).map_err(|_| unknown("P-256, damaged"))
            }
            Kind::Curve(rfc5912::SECP_384_R_1) => {
                p384::ecdsa::VerifyingKey::from_public_key_der(der).map(PublicKey::P384).map_err(|_| unknown("P-384, damaged"))
            }
            Kind::Rsa => {
                let key = read_with_openssl(der, Id::RSA).ok_or_else(|| unknown("RSA, damaged"))?;
                check_bits(key.bits())?;
                Ok(PublicKey::Rsa(key))
            }
            Kind::Other(rfc5912::ID_RSASSA_PSS) => {
                let key = read_with_openssl(der, Id::RSA_PSS).ok_or_else(|| unknown("RSA, damaged"))?;
                check_bits(key.bits())?;
                Ok(PublicKey::RsaPss(key))
            }
            Kind::Curve(rfc5912::SECP_521_R_1) => {
                read_with_openssl(der, Id::EC).map(PublicKey::P521).ok_or_else(|| unknown("P-521, damaged"))
            }
            Kind::Other(ED25519) => read_with_openssl(der, Id::ED25519).map(PublicKey::Ed25519).ok_or_else(|| unknown("Ed25519, damaged")),
            other => Err(SigningError::UnsupportedKey { kind: other.name() }),
        }
    }

    /// How the key's owner signs here.
    ///
    /// # Errors
    /// [`SigningError::UnsupportedKey`] for a key whose signatures are checked and not made.
    pub(crate) fn algorithm(&self) -> Result<SignatureAlgorithm, SigningError> {
        let only_checked = |kind: &str| Err(SigningError::UnsupportedKey { kind: kind.to_owned() });
        match self {
            PublicKey::P256(_) => Ok(SignatureAlgorithm::EcdsaP256Sha256),
            PublicKey::P384(_) => Ok(SignatureAlgorithm::EcdsaP384Sha384),
            PublicKey::Rsa(_) => Ok(SignatureAlgorithm::RsaPkcs1Sha256),
            PublicKey::RsaPss(_) => only_checked("RSA for PSS alone"),
            PublicKey::P521(_) => only_checked("P-521"),
            PublicKey::Ed25519(_) => only_checked("Ed25519"),
        }
    }

    /// Whether the key is for this way of signing.
    pub(crate) fn is_for(&self, scheme: Scheme) -> bool {
        match (self, scheme) {
            (PublicKey::P256(_) | PublicKey::P384(_) | PublicKey::P521(_), Scheme::Ecdsa)
            | (PublicKey::Rsa(_), Scheme::RsaPkcs1 | Scheme::RsaPss { .. })
            | (PublicKey::RsaPss(_), Scheme::RsaPss { .. })
            | (PublicKey::Ed25519(_), Scheme::Ed25519) => true,
            (PublicKey::P256(_) | PublicKey::P384(_) | PublicKey::P521(_), _)
            | (PublicKey::Rsa(_) | PublicKey::RsaPss(_) | PublicKey::Ed25519(_), _) => false,
        }
    }

    /// Whether the key made the signature over the message. An ECDSA signature has to be DER.
    pub(crate) fn confirm(&self, scheme: Scheme, algorithm: DigestAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.is_for(scheme) {
            return false;
        }
        let digest = || algorithm.hash(&[message]);
        match self {
            PublicKey::P256(key) => {
                let parsed = p256::ecdsa::Signature::from_der(signature);
                parsed.is_ok_and(|parsed| key.verify_prehash(&digest(), &parsed).is_ok())
            }
            PublicKey::P384(key) => {
                let parsed = p384::ecdsa::Signature::from_der(signature);
                parsed.is_ok_and(|parsed| key.verify_prehash(&digest(), &parsed).is_ok())
            }
            PublicKey::Rsa(key) | PublicKey::RsaPss(key) | PublicKey::P521(key) => {
                confirm_with_openssl(key, scheme, algorithm, &digest(), signature).unwrap_or(false)
            }
            PublicKey::Ed25519(key) => {
                let confirm = || -> Result<bool, ErrorStack> { Verifier::new_without_digest(key)?.verify_oneshot(signature, message) };
                confirm().unwrap_or(false)
            }
        }
    }
}

/// A key of this kind, where OpenSSL reads it as one.
fn read_with_openssl(der: &[u8], id: Id) -> Option<PKey<Public>> {
    PKey::public_key_from_der(der).ok().filter(|key| key.id() == id)
}

fn confirm_with_openssl(
    key: &PKey<Public>,
    scheme: Scheme,
    algorithm: DigestAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<bool, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.verify_init()?;
    match scheme {
        Scheme::RsaPkcs1 => {
            context.set_rsa_padding(Padding::PKCS1)?;
            context.set_signature_md(algorithm.as_openssl())?;
        }
        Scheme::RsaPss { mask, salt } => {
            context.set_rsa_padding(Padding::PKCS1_PSS)?;
            context.set_signature_md(algorithm.as_openssl())?;
            context.set_rsa_mgf1_md(mask.as_openssl())?;
            context.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt)))?;
        }
        Scheme::Ecdsa => context.set_signature_md(algorithm.as_openssl())?,
        Scheme::Ed25519 => return Ok(false),
    }
    context.verify(digest, signature)
}

fn check_bits(bits: u32) -> Result<(), SigningError> {
    match bits {
        0..MIN_RSA_BITS => Err(SigningError::WeakKey { bits, least: MIN_RSA_BITS }),
        MIN_RSA_BITS..=MAX_RSA_BITS => Ok(()),
        _ => Err(SigningError::UnsupportedKey { kind: format!("RSA {bits}") }),
    }
}

/// A kind of key, by its algorithm identifier.
enum Kind {
    Rsa,
    Curve(ObjectIdentifier),
    Other(ObjectIdentifier),
}

fn read_kind(algorithm: &AlgorithmIdentifierRef<'_>) -> Kind {
    match (algorithm.oid, algorithm.parameters_oid()) {
        (rfc5912::RSA_ENCRYPTION, _) => Kind::Rsa,
        (rfc5912::ID_EC_PUBLIC_KEY, Ok(curve)) => Kind::Curve(curve),
        (other, _) => Kind::Other(other),
    }
}

impl Kind {
    fn name(self) -> String {
        let oid = match self {
            Kind::Rsa => return "RSA".to_owned(),
            Kind::Curve(oid) => return format!("elliptic curve {}", name_oid(oid)),
            Kind::Other(oid) => oid,
        };
        name_oid(oid)
    }
}

/// The name by which people know an object identifier, else its numbers.
fn name_oid(oid: ObjectIdentifier) -> String {
    match oid.to_string().as_str() {
        "1.3.132.0.35" => "P-521".to_owned(),
        "1.3.132.0.10" => "secp256k1".to_owned(),
        "1.3.101.112" => "Ed25519".to_owned(),
        "1.3.101.113" => "Ed448".to_owned(),
        "1.2.840.10040.4.1" => "DSA".to_owned(),
        "1.2.840.113549.1.1.10" => "RSA for PSS alone".to_owned(),
        other => other.to_owned(),
    }
}
