//! The SQLite file that holds the assessments. Every statement of SQL is here.
//!
//! What always holds: the file is encrypted (SQLCipher) and open in one process only; one thread owns the connection;
//! what a call acknowledged has been synced to the disk; document, history and what the search waits for move in one
//! transaction; a history is only ever appended to; a database that is not as far as the head beside it is not written to.
//! Time, ids and the key are handed in.

pub mod backup;
mod edit;
mod editing;
mod error;
mod file;
mod head;
mod json;
mod leftovers;
mod migration;
pub mod picture;
mod place;
pub mod restore;
mod search;
mod store;
mod table;
#[cfg(feature = "tampering")]
pub mod tampering;
#[cfg(feature = "tampering")]
mod work;

pub use edit::{Appended, Import, NewEntry, check_history};
pub use editing::Editing;
pub use error::StoreError;
pub use file::read_format;
pub use head::Head;
pub use picture::{Picture, PictureError};
pub use search::{Hit, HitPlace};
pub use store::Store;
pub use table::assessment::Summary;
pub use table::client::Client;
pub use table::draft::Draft;
pub use table::issued::Issued;
pub use table::template::{TemplateKind, TemplateSource};

/// The newest format of the file: the number of the last migration.
pub const NEWEST_FORMAT: u32 = migration::MIGRATIONS.len() as u32;

/// The state of an assessment: the sequence of its last history entry, 0 before the first.
pub type Revision = u32;
