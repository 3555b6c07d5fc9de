//! Tests that cross crates, without a window: each suite is a module.

mod broken;
mod canaries;
mod conformance;
mod documents;
mod issuing;
mod judges;
mod ledger;
mod papers;
mod promises;
mod recorded;
mod released;
mod same_pages;
mod signatures;
mod signing;
mod structure;
mod tampering;
mod terminal;
