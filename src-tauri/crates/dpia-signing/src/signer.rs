//! What signs: a certificate and something that can sign a digest with its private key.
//!
//! The private key never has to be in this process: a keychain, a card or a test's own double
//! implements [`Signer`] as well as an [`Identity`](crate::Identity) does. All that a signer is
//! shown is a SHA-256 digest.

use crate::certificate::Certificate;
use crate::error::SigningError;

/// A SHA-256 digest.
pub type Sha256Digest = [u8; 32];

/// Something that signs with the private key of one certificate.
pub trait Signer {
    /// The certificate whose key signs.
    fn certificate(&self) -> &Certificate;

    /// Signs a digest as it is, without hashing it again.
    ///
    /// The same digest must give the same signature, so that a document issued twice is the same
    /// file: RFC 6979 for ECDSA, PKCS#1 v1.5 for RSA.
    ///
    /// # Errors
    /// [`SigningError::SignerFailed`] where the key could not be reached or used.
    fn sign_digest(&self, digest: &Sha256Digest) -> Result<Signature, SigningError>;
}

/// A signature over a SHA-256 digest, in the form that a CMS structure carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// How it was made.
    pub algorithm: SignatureAlgorithm,
    /// For ECDSA the DER form of `Ecdsa-Sig-Value` (RFC 5753 7.2).
    pub bytes: Vec<u8>,
}

/// How a signature was made. More kinds join here as they can be made and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// ecdsa-with-SHA256 (1.2.840.10045.4.3.2) on the curve P-256.
    EcdsaP256Sha256,
}
