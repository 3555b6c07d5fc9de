//! The limits within which a bundle is written and read. What is written stays within them, so it can be read.

/// The most bytes of the file: 256 MiB.
pub const MOST_BYTES: u64 = 256 * MIB;
/// The most bytes of all parts together, unpacked: 512 MiB.
pub const MOST_UNPACKED: u64 = 512 * MIB;
/// The most parts.
pub const MOST_PARTS: usize = 10_000;
/// The most that a part may be packed, to 1. Parts below [`RATIO_FROM`] are not judged.
pub const MOST_RATIO: u64 = 250;
/// The bytes, unpacked, from which a part's ratio is judged: 1 MiB.
pub const RATIO_FROM: u64 = MIB;
/// The deepest tree of arrays and objects.
pub const MOST_DEPTH: usize = 120;
/// The most bytes of a single text in a tree: 4 MiB.
pub const MOST_TEXT: usize = 4 * 1024 * 1024;
/// The most objects of a tree, or of all lines of the history together.
pub const MOST_OBJECTS: usize = 2_000_000;
/// The longest name of a part, in bytes.
pub const MOST_NAME: usize = 100;

const MIB: u64 = 1024 * 1024;

/// The most bytes of a part, unpacked.
pub fn most_bytes(part: &str) -> u64 {
    match part {
        "manifest.json" => 4 * MIB,
        "manifest.p7s" => MIB,
        "edition.toml" | "pack.toml" => 2 * MIB,
        "brand.json" => MIB / 16,
        "assessment.json" => 64 * MIB,
        "history.jsonl" => 192 * MIB,
        // Pictures.
        _ => 10 * MIB,
    }
}
