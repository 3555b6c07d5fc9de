//! The one error of this crate: what was wrong, with the facts that a person can act on.

use crate::person::PersonField;

/// Why a certificate, a signature or a verification could not be made.
///
/// A signature that was read and found wanting is not an error: it is a
/// [`SignatureReport`](crate::SignatureReport) that says so.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// A part of the person's name is missing; a certificate names all four.
    #[error("the {field} is empty; a certificate needs it")]
    FieldEmpty {
        /// Which part.
        field: PersonField,
    },
    /// A part of the person's name is over the upper bound of X.520 (RFC 5280, appendix A.1).
    #[error("the {field} has {length} characters; a certificate holds at most {limit}")]
    FieldTooLong {
        /// Which part.
        field: PersonField,
        /// Characters given, after trimming.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// A part of the person's name holds a line break or another character that is not shown.
    #[error("the {field} contains a line break or another character that cannot be shown")]
    FieldNotPrintable {
        /// Which part.
        field: PersonField,
    },
    /// The email address is not `name@domain` in ASCII, the only form that an rfc822Name holds.
    #[error("the email address \"{email}\" is not of the form name@domain in plain letters, digits and signs")]
    EmailMalformed {
        /// The address as given.
        email: String,
    },
    /// The first day of validity lies outside what X.509 can say (years 1970 to 9996).
    #[error("a certificate cannot start at {at}; its dates run from 1970 to 9999")]
    DateOutOfRange {
        /// The time given.
        at: jiff::Timestamp,
    },
    /// The source of randomness failed.
    #[error("the source of random numbers failed")]
    NoRandomness(#[source] rand_core::Error),
    /// Bytes that should be an X.509 certificate are not one.
    #[error("this is not a certificate that can be read: {reason}")]
    CertificateUnreadable {
        /// What was in the way.
        reason: String,
    },
    /// Bytes that should be a stored identity are not one, or hold a key of another certificate.
    #[error("the stored signing identity cannot be read: {reason}")]
    IdentityUnreadable {
        /// What was in the way.
        reason: &'static str,
    },
    /// The private key does not belong to the certificate beside it.
    #[error("the private key does not belong to its certificate")]
    KeyMismatch,
    /// The bytes are not a PKCS#12 file.
    #[error("this is not a PKCS#12 file (.p12 or .pfx)")]
    NotPkcs12,
    /// The PKCS#12 file is encrypted with another password.
    #[error("the password does not open this PKCS#12 file")]
    WrongPassword,
    /// A PKCS#12 file is not written without a password.
    #[error("a PKCS#12 file needs a password; an empty one protects nothing")]
    EmptyPassword,
    /// A PKCS#12 file cannot have a password with a zero character in it.
    #[error("the password contains a character that cannot be typed")]
    PasswordNotPrintable,
    /// The PKCS#12 file uses a cipher that is not read here.
    #[error("this PKCS#12 file is encrypted with an unsupported cipher ({cipher}); export it again with AES-256")]
    UnsupportedCipher {
        /// Its name or its object identifier.
        cipher: String,
    },
    /// The PKCS#12 file holds no private key.
    #[error("this PKCS#12 file contains no private key; export it again with its key")]
    NoPrivateKey,
    /// The PKCS#12 file holds no certificate.
    #[error("this PKCS#12 file contains no certificate; export it again with its certificate")]
    NoCertificate,
    /// The key is of a kind that cannot sign here.
    #[error("the key is of the kind {kind}; RSA of 2048 to 4096 bits, P-256 and P-384 keys can sign here")]
    UnsupportedKey {
        /// For instance "P-521".
        kind: String,
    },
    /// The RSA key is too short to be relied upon.
    #[error("the RSA key has {bits} bits; signatures with fewer than {least} bits are not secure, so a new certificate is needed")]
    WeakKey {
        /// How many bits it has.
        bits: u32,
        /// How many are asked for.
        least: u32,
    },
    /// The certificate's key usage does not allow signing documents.
    #[error("the certificate is not for signing documents; one with the key usage digitalSignature or nonRepudiation is needed")]
    KeyUsageForbids,
    /// The PKCS#12 file asks for more work than a real one does.
    #[error("the PKCS#12 file needs {rounds} rounds of work to open it; the limit is {limit}")]
    TooManyRounds {
        /// How many, over all its parts; the largest number where it is larger than can be said.
        rounds: u64,
        /// How many are done.
        limit: u64,
    },
    /// OpenSSL failed while a PKCS#12 file was written or read.
    #[error("PKCS#12 could not be {doing}")]
    Pkcs12Failed {
        /// "written" or "read".
        doing: &'static str,
        /// What OpenSSL said.
        #[source]
        source: openssl::error::ErrorStack,
    },
    /// A signer (a keychain, a card) did not sign.
    #[error("the signer did not sign")]
    SignerFailed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A signer returned a signature that its own certificate does not confirm.
    #[error("the signer's signature does not agree with its certificate")]
    SignerMismatch,
    /// A DER structure could not be built.
    #[error("the {what} could not be encoded")]
    NotEncoded {
        /// Which structure.
        what: &'static str,
        /// What the encoder said.
        #[source]
        source: der::Error,
    },
    /// The PDF has no signature dictionary that is waiting to be filled.
    #[error("the PDF has no signature placeholder to fill")]
    NoPlaceholder,
    /// The PDF has more than one signature dictionary that is waiting to be filled.
    #[error("the PDF has {count} signature placeholders; exactly one is filled at a time")]
    ManyPlaceholders {
        /// How many.
        count: usize,
    },
    /// The placeholder is there and does not have the agreed form (see [`crate::placeholder`]).
    #[error("the signature placeholder is not as agreed: {reason}")]
    PlaceholderMalformed {
        /// What differs.
        reason: &'static str,
    },
    /// The signature with its certificate is larger than the room left for it.
    #[error("the signature takes {needed} bytes and the placeholder holds {room}")]
    SignatureTooLarge {
        /// Bytes of the CMS structure.
        needed: usize,
        /// Bytes that the placeholder holds.
        room: usize,
    },
    /// The PDF's certification allows no signature after it, or there is none.
    #[error("the document allows no further signature; it has to be exported with a field for a countersignature")]
    NoFurtherSignature,
    /// The PDF has no field of this name that waits for a signature.
    #[error("the document has no empty field \"{field}\" to sign")]
    NoEmptyField {
        /// The field that was asked for.
        field: String,
    },
    /// What is to be countersigned is not as it was signed.
    #[error("the document cannot be countersigned: {problem}")]
    NotToBeCountersigned {
        /// What is wrong with a signature that is there.
        problem: String,
    },
    /// The drawing of a countersignature is not one form with what belongs to it.
    #[error("the drawing of the countersignature is not as agreed: {reason}")]
    AppearanceMalformed {
        /// What differs.
        reason: &'static str,
    },
    /// The file is over the size that is read.
    #[error("the file has {size} bytes; the limit is {limit}")]
    TooLarge {
        /// Bytes given.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The PDF has more signatures than are checked.
    #[error("the PDF has {count} signatures; the limit is {limit}")]
    TooManySignatures {
        /// How many.
        count: usize,
        /// How many are checked.
        limit: usize,
    },
    /// The bytes do not start as a PDF file does.
    #[error("this is not a PDF file")]
    NotPdf,
    /// The PDF ends before its end.
    #[error("the PDF is incomplete (there is no \"startxref\" at the end): it was cut off in transit; ask for it again")]
    CutOff,
    /// The PDF is encrypted, so its signatures cannot be reached.
    #[error("the PDF is encrypted; signatures in encrypted files are not supported")]
    Encrypted,
    /// The PDF's metadata names the hash of its attachment, and not in the form that reports have.
    #[error("the PDF's metadata cannot be read: {reason}")]
    MetadataUnreadable {
        /// What differs.
        reason: &'static str,
    },
    /// The PDF's structure could not be followed to its signature fields.
    #[error("the PDF's structure cannot be read: {reason} (near byte {offset})")]
    PdfUnreadable {
        /// What was expected and not found.
        reason: &'static str,
        /// Byte offset in the file, or in an unpacked object stream.
        offset: usize,
    },
}

impl SigningError {
    /// Wraps a DER error with the name of the structure that was being built.
    pub(crate) fn encoding(what: &'static str) -> impl FnOnce(der::Error) -> SigningError {
        move |source| SigningError::NotEncoded { what, source }
    }
}
