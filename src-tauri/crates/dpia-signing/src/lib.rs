//! Certificates, PAdES signatures and their verification: bytes in, bytes out.
//!
//! This crate knows nothing of assessments, files, keychains or clocks. It is given bytes, a
//! time where one is needed and a source of randomness where one is needed, and it returns
//! bytes or facts. The same document, signer and time always give the same signed bytes.
//!
//! - [`Identity`] is a certificate with its private key: made here, or read from PKCS#12.
//! - [`Signer`] is whatever can sign a digest for a certificate; an [`Identity`] is one.
//! - [`sign`] fills the signature placeholder of a finished PDF (see [`placeholder`]).
//! - [`countersign`] signs a field that waits, in a document whose certification allows it.
//! - [`sign_detached`] and [`verify_detached`] are the same for any other bytes.
//! - [`verify_pdf`] says of each signature whether it is intact, valid and trusted: three facts.
//! - [`read_attachments`] and [`read_metadata`] read what a PDF carries beside its pages.
//!
//! What always holds: no private key leaves an [`Identity`] except signed in PKCS#12 or through
//! [`Identity::to_bytes`], which wipes itself; no input makes verification panic, recurse
//! without bound or allocate without bound.

mod algorithm;
mod attachment;
mod certificate;
mod cms;
mod countersignature;
mod error;
mod identity;
mod key;
mod pades;
mod pdf;
mod person;
mod pkcs12;
pub mod placeholder;
mod signer;
mod trust;
mod verify;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use attachment::{AttachmentFact, PdfAttachment, compare_attachment, read_attachment_hash, read_attachments, read_metadata};
pub use certificate::{Certificate, Fingerprint, Subject};
pub use countersignature::{Appearance, Countersignature, ObjectPart, awaits_countersignature, countersign};
pub use error::SigningError;
pub use identity::{Identity, LIFE_YEARS};
pub use pades::{sign, sign_detached};
pub use person::{Person, PersonField};
pub use signer::{Sha256Digest, Signature, Signer};
pub use trust::{Moment, PathProblem};
pub use verify::{
    Bearing, ClaimedTime, Coverage, DateFact, Integrity, LaterChange, MAX_PDF_BYTES, PdfVerification, Problem, SignatureKind,
    SignatureReport, StampFact, Trust, Validity, verify_detached, verify_detached_at, verify_pdf, verify_pdf_at,
};
