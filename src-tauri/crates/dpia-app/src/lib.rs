//! Use cases: everything that a window or a terminal can ask for.
//!
//! Two rooms: [`documents`] does what is done to one document, bytes in and bytes out; a [`Workspace`] does the same to
//! what its store holds, each part of it one thing. Whatever fails comes back as an [`AppError`], with a sentence that can be
//! shown. A view that crosses to a window is next to the use case that makes it.

pub mod account;
pub mod backups;
pub mod brand;
mod csv_lines;
pub mod documents;
pub mod editing;
mod error;
pub mod exporting;
pub mod files;
mod folder;
mod forms;
pub mod identity;
pub mod importing;
pub mod issuing;
pub mod keys;
mod names;
pub mod past;
mod person;
pub mod pictures;
pub mod plain;
pub mod portfolio;
pub mod preview;
pub mod printing;
pub mod provenance;
pub mod show;
mod surroundings;
pub mod verifying;
mod workspace;

pub use error::{AppError, ErrorCode};
pub use person::Person;
pub use surroundings::{At, Surroundings, System, moment_of_epoch, parse_moment};
pub use workspace::{Start, Workspace, wait_for_closing};

/// What crosses to a window or a terminal, as the model has it.
pub mod model {
    pub use dpia_model::{Brand, CivilDate, CopyKind, Extent, id};
}
