//! Why a document is refused. A refusal changes nothing.

use dpia_model::id::{EditionId, PackId};
use dpia_model::template::FormError;

/// Why a document was not read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is not a word in it.
    #[error("“{name}” is empty: there is no text in it to read")]
    Empty {
        /// The document's file name.
        name: String,
    },
    /// It has more bytes than are read.
    #[error("“{name}” has {bytes} bytes; documents up to {limit} bytes are read")]
    TooLarge {
        /// The document's file name.
        name: String,
        /// Its size in bytes.
        bytes: usize,
        /// The most that is read, in bytes.
        limit: usize,
    },
    /// It has more lines than are read.
    #[error("“{name}” has more than {limit} lines, which is more than any form of this kind")]
    TooManyLines {
        /// The document's file name.
        name: String,
        /// The most that are read.
        limit: usize,
    },
    /// A line is longer than is read.
    #[error("line {line} of “{name}” has more than {limit} bytes, which is more than any text of this kind")]
    LineTooLong {
        /// The document's file name.
        name: String,
        /// The line, counted from 1.
        line: u32,
        /// The most bytes that are read.
        limit: usize,
    },
    /// It is not text.
    #[error("“{name}” is not a text: it looks like {found}. Save it as .txt or .md and import that file")]
    NotText {
        /// The document's file name.
        name: String,
        /// What it looks like, such as "a PDF".
        found: &'static str,
    },
    /// It is text, and no assessment on this template.
    #[error(
        "“{name}” does not look like a data protection impact assessment on this template: \
         {questions_found} of the {questions_asked} questions of the nearest edition, {nearest}, were found in it word for word"
    )]
    NotAnAssessment {
        /// The document's file name.
        name: String,
        /// The edition that is nearest to it.
        nearest: EditionId,
        /// How many of that edition's questions were found word for word.
        questions_found: usize,
        /// How many questions that edition asks.
        questions_asked: usize,
    },
    /// The edition that was asked for is not here.
    #[error("there is no edition {edition} here: choose one of {known}")]
    NoSuchEdition {
        /// The edition.
        edition: EditionId,
        /// The editions that are here, with commas between.
        known: String,
    },
    /// There is no edition to read it on.
    #[error("“{name}” cannot be read: there is no edition of the template here")]
    NoEdition {
        /// The document's file name.
        name: String,
    },
    /// The pack that was asked for is not here.
    #[error("there is no pack {pack} of internal sections here")]
    NoSuchPack {
        /// The pack.
        pack: PackId,
    },
    /// An edition and the pack make no form.
    #[error("the form cannot be put together: {0}")]
    Form(#[from] FormError),
}
