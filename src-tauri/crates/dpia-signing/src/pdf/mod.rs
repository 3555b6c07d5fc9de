//! A strict, bounded reader of PDF structure, as far as signatures need it.
//!
//! It follows a file as a viewer does: from the last `startxref` through the cross-reference
//! sections to the catalog, the AcroForm and its signature fields, and it knows at which byte of
//! the file each part of a signature dictionary is. It repairs nothing: what a lenient viewer
//! might read in two ways (an object that is not where the table says, a key that is
//! twice) is refused. All work is bounded by the constants below, whatever the bytes.

mod attachments;
mod budget;
mod fields;
mod object;
mod parser;
mod plain;
mod stream;
mod xref;

pub(crate) use attachments::{find_attachments, read_metadata_stream};
pub(crate) use fields::{SignatureDictionary, SignatureField, decode_text, find_signature_fields};
pub(crate) use object::{Dictionary, Object, Spanned, hex_value, push_references};
pub(crate) use parser::is_space;
pub(crate) use plain::{check_plain_section, find_revision_end, hides_an_object};
pub(crate) use stream::{Packing, Predictor, read_packing};
pub(crate) use xref::{Document, Entry, Placed};

use crate::error::SigningError;

/// How deep arrays and dictionaries may nest.
const MAX_DEPTH: usize = 64;

/// The most indirect objects that a file may have (ISO 32000-1, annex C).
const MAX_NUMBER: i64 = 8_388_607;

/// How many objects are read in all, parts of arrays and dictionaries counted.
const MAX_OBJECTS: usize = 1_000_000;

/// How many bytes of objects are looked at in all; a signed file of any size needs few.
const MAX_READ_BYTES: usize = 128 * 1024 * 1024;

/// How many entries the cross-reference sections may have in all.
const MAX_ENTRIES: usize = 2_000_000;

/// How many cross-reference sections (revisions) a file may have.
const MAX_SECTIONS: usize = 1_000;

/// How many bytes object streams, cross-reference streams and metadata may unpack to in all.
const MAX_UNPACKED_BYTES: usize = 64 * 1024 * 1024;

/// How many attachments, and how many nodes of their name tree, are looked at.
const MAX_ATTACHMENTS: usize = 256;

/// How many bytes all attachments may have, unpacked.
const MAX_ATTACHED_BYTES: usize = 128 * 1024 * 1024;

/// How many bytes of metadata are read.
const MAX_METADATA_BYTES: usize = 4 * 1024 * 1024;

/// How many form fields are looked at.
const MAX_FIELDS: usize = 20_000;

fn unreadable(reason: &'static str, offset: usize) -> SigningError {
    SigningError::PdfUnreadable { reason, offset }
}
