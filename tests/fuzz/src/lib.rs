//! For tests alone: what must hold of any bytes that a stranger sends.
//!
//! Each function takes bytes, hands them to the door of one crate, and panics where a law of that crate is broken; that
//! the crate itself does not panic, and ends in time and memory, is the first law of each. A fuzzer calls them
//! (`targets`, `cargo xtask prove fuzz`), and so do the ordinary tests, with the corpus and a few seeded changes to it.

mod bundle;
mod document;
mod pdf;
mod template;

pub use bundle::bundle;
pub use document::document;
pub use pdf::pdf;
pub use template::template;

/// A target: its name, which is that of its folder in `corpus`, and what it holds the bytes to.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What must hold of these bytes. Panics where it does not.
    pub hold: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 4] = [
    Target { name: "bundle", hold: bundle },
    Target { name: "document", hold: document },
    Target { name: "template", hold: template },
    Target { name: "pdf", hold: pdf },
];
