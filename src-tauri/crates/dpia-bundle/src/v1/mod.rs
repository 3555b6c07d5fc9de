//! Version 1 of the format, and version 2, which differs in one field. Once released they never change: what is written
//! today is read for ever.

mod check;
mod manifest;
mod read;
mod write;

pub(crate) use read::read;
pub(crate) use write::{manifest_bytes, write};

pub(crate) const VERSION: u32 = 1;
/// Version 1 with one thing more: the brand names its typefaces.
pub(crate) const WITH_TYPEFACE: u32 = 2;
pub(crate) const FORMAT: &str = "dpia-bundle";

pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SIGNATURE: &str = "manifest.p7s";
pub(crate) const ASSESSMENT: &str = "assessment.json";
pub(crate) const EDITION: &str = "edition.toml";
pub(crate) const PACK: &str = "pack.toml";
pub(crate) const BRAND: &str = "brand.json";
pub(crate) const HISTORY: &str = "history.jsonl";
const ATTACHMENTS: &str = "attachments/";
