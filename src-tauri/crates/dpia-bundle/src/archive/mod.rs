//! The zip file that a bundle is (PKWARE APPNOTE 6.3.10), and nothing else of zip.
//!
//! A reader of strangers' files that knows little cannot be led astray: one disk, no zip64, no encryption, stored or
//! deflated, names that are plain paths. The central directory is what counts; every name is in it once.

mod read;
mod write;

pub(crate) use read::Archive;
pub(crate) use write::write;

const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
