//! Tests that cross crates, without a window: each suite is a module.

mod documents;
mod issuing;
mod judges;
mod released;
mod terminal;
