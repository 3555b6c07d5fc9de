//! The signature placeholder: what a PDF must hold so that [`sign`](crate::sign) can fill it.
//!
//! The person who writes the PDF adds one signature field to the AcroForm, whose value `/V` is an
//! indirect object, not in an object stream, with these entries (ISO 32000-1, table 252; ETSI EN
//! 319 142-1, 5.3):
//!
//! ```text
//! << /Type/Sig /Filter/Adobe.PPKLite /SubFilter/ETSI.CAdES.detached
//!    /M(D:20261122093000Z)
//!    /ByteRange[0 9999999999 9999999999 9999999999]
//!    /Contents<0000…0000> >>
//! ```
//!
//! `/Contents` holds [`CONTENTS_BYTES`] zero bytes as hexadecimal digits. `/Reason`, `/Name`,
//! `/Location` and `/Reference` may be beside them. Signing changes the byte range and the
//! digits of `/Contents` in place and nothing else: no byte moves.

/// Bytes of room for the CMS structure; a signature with one certificate takes less than two
/// thousand, and a chain or a time stamp fits as well.
pub const CONTENTS_BYTES: usize = 8192;

/// The number that holds the place of each unknown offset in `/ByteRange`.
pub const BYTE_RANGE_NUMBER: i64 = 9_999_999_999;

/// `/SubFilter` of a PAdES signature.
pub const SUB_FILTER: &str = "ETSI.CAdES.detached";

/// `/Filter`: the handler that readers use by default.
pub const FILTER: &str = "Adobe.PPKLite";
