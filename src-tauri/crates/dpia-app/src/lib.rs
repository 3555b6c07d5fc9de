//! Use cases: everything that a window or a terminal can ask for.
//!
//! Two rooms: [`documents`] does what is done to one document, bytes in and bytes out; a [`Workspace`] does the same to
//! what its store holds. Whatever fails comes back as an [`AppError`], with a sentence that can be shown.

mod account;
pub mod backups;
mod brand;
mod csv_lines;
pub mod documents;
pub mod editing;
mod error;
mod exporting;
pub mod files;
pub mod identity;
pub mod importing;
pub mod issuing;
pub mod keys;
pub mod past;
pub mod plain;
mod portfolio;
mod preview;
pub mod printing;
pub mod provenance;
pub mod show;
mod surroundings;
pub mod verifying;
pub mod views;
mod workspace;

pub use error::{AppError, ErrorCode};
pub use surroundings::{At, Surroundings, System};
pub use workspace::{Workspace, wait_for_closing};

/// What crosses to a window or a terminal, as the model has it.
pub mod model {
    pub use dpia_model::{Brand, CivilDate, id};
}
