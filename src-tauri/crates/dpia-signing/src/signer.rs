//! What signs: a certificate and something that can sign a digest with its private key.
//!
//! The private key never has to be in this process: a keychain, a card or a test's own double
//! implements [`Signer`] as well as an [`Identity`](crate::Identity) does. All that a signer is
//! shown is a digest.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::error::SigningError;

/// A SHA-256 digest.
pub type Sha256Digest = [u8; 32];

/// Something that signs with the private key of one certificate.
pub trait Signer {
    /// The certificate whose key signs.
    fn certificate(&self) -> &Certificate;

    /// Signs a digest as it is, without hashing it again. The digest is that of the certificate's
    /// [`SignatureAlgorithm`]: SHA-384 for P-384, SHA-256 for all others.
    ///
    /// The same digest must give the same signature, so that a document issued twice is the same
    /// file: RFC 6979 for ECDSA, PKCS#1 v1.5 for RSA.
    ///
    /// # Errors
    /// [`SigningError::SignerFailed`] where the key could not be reached or used.
    fn sign_digest(&self, digest: &[u8]) -> Result<Signature, SigningError>;
}

/// A signature over a digest, in the form that a CMS structure carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// How it was made.
    pub algorithm: SignatureAlgorithm,
    /// For ECDSA the DER form of `Ecdsa-Sig-Value` (RFC 5753 7.2), for RSA as many bytes as its modulus has.
    pub bytes: Vec<u8>,
}
