//! What can be wrong with a signature, or is in the way of judging it, and what each comes to.

use std::fmt;

/// Something that is wrong with a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The digest of the bytes is not the signed one.
    ContentChanged,
    /// The byte range does not leave out exactly the signature, or leaves the file.
    ByteRangeWrong,
    /// The signature does not say what it signed, or cannot be read.
    DigestMissing,
    /// The file goes on after what was signed.
    BytesAfter {
        /// How many bytes.
        count: usize,
    },
    /// The file goes on with a change that the signature does not allow.
    ChangeNotAllowed {
        /// How many bytes.
        count: usize,
        /// What about it is not allowed.
        reason: &'static str,
    },
    /// The file goes on with a change that the signature may allow, and that is not judged here.
    ChangeNotJudged {
        /// How many bytes.
        count: usize,
        /// What about it is not judged.
        reason: &'static str,
    },
    /// White space follows what was signed, and nothing else.
    WhiteSpaceAfter {
        /// How many bytes.
        count: usize,
    },
    /// Something is before the PDF's first byte.
    BytesBefore {
        /// How many bytes.
        count: usize,
    },
    /// The lines by which a mail ends a part are behind the PDF.
    MailAfter {
        /// How many bytes.
        count: usize,
    },
    /// The file goes on with an addition that has no end.
    CutOff {
        /// How many bytes of it there are.
        count: usize,
    },
    /// More bytes would have to be hashed than are.
    TooMuchToCheck,
    /// `/Type` is not `Sig`.
    NotASignature,
    /// `/SubFilter` is neither `ETSI.CAdES.detached` nor `adbe.pkcs7.detached`.
    KindUnknown,
    /// There is no `/Contents`.
    ContentsMissing,
    /// `/Contents` is not written as pairs of hexadecimal digits in one letter case.
    ContentsOdd,
    /// The signature is no CMS structure that can be read.
    Unreadable,
    /// The CMS structure is not in the one canonical form (DER).
    NotCanonical,
    /// Something is between the signature and the end of its room.
    PaddingNotZero,
    /// There is not exactly one signer.
    NotOneSigner,
    /// A version number or type in the structure is not the one that the standard asks for.
    StructureWrong,
    /// The signer's certificate is not in the signature.
    CertificateMissing,
    /// A signed attribute that must be there is missing, is there twice, or is malformed.
    AttributeWrong {
        /// Its name in the standard.
        name: &'static str,
    },
    /// signing-time is among the signed attributes, which PAdES forbids.
    SigningTimePresent,
    /// signing-certificate-v2 names another certificate.
    OtherCertificateMeant,
    /// The certificate's key usage does not allow signing documents.
    KeyUsageForbids,
    /// The kind of key, signature or digest is not one that is checked here.
    AlgorithmUnknown {
        /// Its object identifier.
        oid: String,
    },
    /// The certificate's RSA key is too short to be relied upon.
    KeyTooWeak {
        /// How many bits it has.
        bits: u32,
    },
    /// The certificate's key did not make this signature.
    SignatureWrong,
}

/// What a problem comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// The bytes are not those that were signed, or something was added that the signature does not allow.
    Changed,
    /// The signature itself does not hold.
    Broken,
    /// It is of a kind that is not checked here.
    NotJudged,
    /// The file ends before its end.
    CutOff,
    /// What was signed is as it was, and something is around it.
    Surrounding,
}

impl Problem {
    /// What the problem comes to.
    pub fn bearing(&self) -> Bearing {
        match self {
            Problem::ContentChanged | Problem::ByteRangeWrong | Problem::BytesAfter { .. } | Problem::ChangeNotAllowed { .. } => {
                Bearing::Changed
            }
            Problem::WhiteSpaceAfter { .. } | Problem::BytesBefore { .. } | Problem::MailAfter { .. } => Bearing::Surrounding,
            Problem::CutOff { .. } => Bearing::CutOff,
            Problem::DigestMissing
            | Problem::ChangeNotJudged { .. }
            | Problem::TooMuchToCheck
            | Problem::KindUnknown
            | Problem::Unreadable
            | Problem::NotOneSigner
            | Problem::CertificateMissing
            | Problem::AlgorithmUnknown { .. } => Bearing::NotJudged,
            Problem::NotASignature
            | Problem::ContentsMissing
            | Problem::ContentsOdd
            | Problem::NotCanonical
            | Problem::PaddingNotZero
            | Problem::StructureWrong
            | Problem::AttributeWrong { .. }
            | Problem::SigningTimePresent
            | Problem::OtherCertificateMeant
            | Problem::KeyUsageForbids
            | Problem::KeyTooWeak { .. }
            | Problem::SignatureWrong => Bearing::Broken,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Problem::ContentChanged => "the content was changed after it was signed",
            Problem::ByteRangeWrong => "the signature does not cover the file as it must",
            Problem::DigestMissing => "the signature does not say what it signed",
            Problem::BytesAfter { count } => {
                return write!(f, "{count} bytes were added after it was signed");
            }
            Problem::ChangeNotAllowed { reason, .. } => {
                return write!(f, "it was changed after it was signed in a way that the signature does not allow: {reason}");
            }
            Problem::ChangeNotJudged { reason, .. } => {
                return write!(
                    f,
                    "something was added after it was signed, and whether the signature allows it is not judged here: {reason}"
                );
            }
            Problem::WhiteSpaceAfter { count } => {
                return write!(f, "nothing but white space follows what was signed ({count} bytes), as mail programs add it");
            }
            Problem::BytesBefore { count } => {
                return write!(f, "{count} bytes stand before the PDF, as the head of a mail does; what was signed follows them");
            }
            Problem::MailAfter { count } => {
                return write!(f, "{count} bytes stand behind the PDF, with which a mail ends an attachment");
            }
            Problem::CutOff { count } => {
                return write!(f, "{count} bytes of an addition follow that has no end: the file was cut off on the way");
            }
            Problem::TooMuchToCheck => "the file has too much to check",
            Problem::NotASignature => "the entry in the form is not a signature",
            Problem::KindUnknown => {
                "the signature is neither of the PAdES kind (ETSI.CAdES.detached) nor of the older one (adbe.pkcs7.detached), nor a timestamp"
            }
            Problem::ContentsMissing => "the form has a signature field with no signature in it",
            Problem::ContentsOdd => "the signature is not written in the way that it must be",
            Problem::Unreadable => "the signature cannot be read",
            Problem::NotCanonical => "the signature is not in canonical form (DER)",
            Problem::PaddingNotZero => "something was written behind the signature",
            Problem::NotOneSigner => "the signature does not have exactly one signer",
            Problem::StructureWrong => "the signature's structure breaks the standard",
            Problem::CertificateMissing => "the signer's certificate is not in the signature",
            Problem::AttributeWrong { name } => {
                return write!(f, "the signed attribute {name} is missing or malformed");
            }
            Problem::SigningTimePresent => "the signature holds a signing-time attribute, which PAdES forbids",
            Problem::OtherCertificateMeant => "the signature was made for another certificate than the one it carries",
            Problem::KeyUsageForbids => "the certificate is not for signing documents",
            Problem::AlgorithmUnknown { oid } => {
                return write!(f, "the algorithm {oid} is not one that can be checked here");
            }
            Problem::KeyTooWeak { bits } => {
                return write!(f, "the certificate's RSA key has {bits} bits, too few to be relied upon");
            }
            Problem::SignatureWrong => "the signature was not made with the certificate's key",
        };
        f.write_str(text)
    }
}
