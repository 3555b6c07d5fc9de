//! Why a bundle is refused: what is wrong, and where.

use dpia_model::BrandError;
use dpia_model::history::HistoryError;
use dpia_model::id::AttachmentId;
use dpia_model::template::{FormError, TemplateError};

/// Why a bundle is refused.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It is no zip file at all.
    #[error("this is not a bundle")]
    NotABundle,
    /// It is a zip file of another kind.
    #[error("this is not a bundle: it is {}", kind.unwrap_or("another kind of zip file"))]
    Foreign {
        /// The kind, where it is known.
        kind: Option<&'static str>,
    },
    /// A newer version of the program made it.
    #[error("the bundle has format {found}; {known} is the newest that this version of the program reads")]
    Newer {
        /// The version found.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The file is cut off, or its structure does not hold.
    #[error("the bundle is damaged: {what}")]
    Damaged {
        /// What does not hold.
        what: String,
    },
    /// A part is not what it was when the bundle was made.
    #[error("the part {part} of the bundle is damaged: {what}")]
    DamagedPart {
        /// The part.
        part: String,
        /// What does not hold.
        what: &'static str,
    },
    /// A part's SHA-256 is not the one of the manifest.
    #[error("the part {part} of the bundle was altered: its SHA-256 does not match the manifest")]
    WrongHash {
        /// The part.
        part: String,
    },
    /// A part that the manifest lists, or that every bundle has, is not there.
    #[error("the part {part} of the bundle is missing")]
    MissingPart {
        /// The part.
        part: String,
    },
    /// There is a part that the manifest does not list, or that the format does not know.
    #[error("the bundle contains {part}, which does not belong in it")]
    UnlistedPart {
        /// The part.
        part: String,
    },
    /// A name leads out of the bundle, or is no name of a part.
    #[error("the bundle contains a part with the unsafe name {name:?}")]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// A part is a link to something else.
    #[error("the part {name} of the bundle is a link, and links are not followed")]
    Link {
        /// The name.
        name: String,
    },
    /// Two parts have the same name, or names that differ in case only.
    #[error("the bundle contains {name} twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// A part is encrypted or packed in a way that bundles are not.
    #[error("the part {part} of the bundle is {how}, which no bundle is")]
    Packing {
        /// The part.
        part: String,
        /// How it is packed.
        how: &'static str,
    },
    /// There is more than is read.
    #[error("{what} is too large: {found} bytes; the limit is {most}")]
    TooLarge {
        /// The bundle, its parts together, or one part.
        what: String,
        /// Bytes found, or said.
        found: u64,
        /// The most that is read.
        most: u64,
    },
    /// There are too many parts.
    #[error("the bundle contains {found} parts; the limit is {most}")]
    TooManyParts {
        /// Parts found.
        found: usize,
        /// The most that are read.
        most: usize,
    },
    /// A part is packed so tightly that it is taken for a bomb.
    #[error("the part {part} of the bundle is compressed {found} to 1; the limit is {most} to 1")]
    Ratio {
        /// The part.
        part: String,
        /// The ratio found.
        found: u64,
        /// The most.
        most: u64,
    },
    /// A tree in a part is nested too deeply.
    #[error("the part {part} of the bundle is nested {found} levels deep; the limit is {most}")]
    TooDeep {
        /// The part.
        part: String,
        /// How deep it is.
        found: usize,
        /// The most.
        most: usize,
    },
    /// A single text in a part is too long.
    #[error("the part {part} of the bundle contains a text of {found} bytes; the limit is {most}")]
    TooLong {
        /// The part.
        part: String,
        /// Its length.
        found: usize,
        /// The most.
        most: usize,
    },
    /// A tree in a part has too many objects.
    #[error("the part {part} of the bundle has {found} objects; the limit is {most}")]
    TooManyObjects {
        /// The part.
        part: String,
        /// How many there are.
        found: usize,
        /// The most.
        most: usize,
    },
    /// A part is no JSON of the expected shape.
    #[error("the part {part} of the bundle cannot be read: {source}")]
    Unreadable {
        /// The part.
        part: String,
        /// Why, and where in it.
        #[source]
        source: serde_json::Error,
    },
    /// The edition or the pack cannot be read.
    #[error("the part {part} of the bundle cannot be read: {source}")]
    Template {
        /// The part.
        part: &'static str,
        /// Why.
        #[source]
        source: TemplateError,
    },
    /// Edition and pack make no form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The brand cannot be used.
    #[error("the brand of the bundle cannot be used: {0}")]
    Brand(#[from] BrandError),
    /// Parts contradict each other.
    #[error("the part {part} of the bundle contradicts the others: {what}")]
    Mismatch {
        /// The part.
        part: String,
        /// What contradicts.
        what: String,
    },
    /// It holds what no program of ours writes.
    #[error("the bundle was not written by this program, or was changed: {what}")]
    Implausible {
        /// What it holds.
        what: String,
    },
    /// A picture that is named has no bytes.
    #[error("the picture {0} is missing from the bundle")]
    MissingPicture(AttachmentId),
    /// It is encrypted, and this passphrase does not open it.
    #[error("this passphrase does not open the bundle")]
    WrongPassphrase,
    /// It is an age file, and not one that a passphrase opens.
    #[error("the bundle is encrypted to a key, not with a passphrase; ask its sender to encrypt it with a passphrase")]
    EncryptedOtherwise,
    /// Its header asks for more work than is done.
    #[error("the encrypted bundle needs 2^{found} rounds of work to open it; the limit is 2^{most}")]
    TooMuchWork {
        /// The exponent that it asks for.
        found: u8,
        /// The most.
        most: u8,
    },
    /// It is encrypted, and is not as it was encrypted.
    #[error("the encrypted bundle was cut off or changed; ask its sender for it again")]
    EncryptionBroken,
    /// It could not be encrypted.
    #[error("the bundle could not be encrypted: {what}")]
    NotEncrypted {
        /// What was in the way.
        what: String,
    },
    /// The history is not whole.
    #[error("the history in the bundle is inconsistent: {0}")]
    History(#[from] HistoryError),
    /// The history does not lead to the assessment.
    #[error("entry {sequence} of the history in the bundle does not match its assessment")]
    HistoryMismatch {
        /// The entry that cannot be taken back.
        sequence: u32,
    },
}
