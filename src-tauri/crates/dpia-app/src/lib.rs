//! Use cases: everything that a window or a terminal can ask for.

pub mod editing;
mod error;
pub mod show;
mod surroundings;
pub mod views;

pub use error::{AppError, ErrorCode};
pub use surroundings::{At, Surroundings, System};
