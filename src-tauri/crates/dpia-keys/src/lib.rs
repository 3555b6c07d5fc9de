//! One secret in the operating system's keychain opens the database and the signing identities.
//!
//! ```text
//! keychain secret ──wraps──▶ master key ──HKDF──▶ database key (given to the store)
//!   (key slot)               (header)      └────▶ identity key (seals signing identities)
//! ```
//!
//! The master key is random, is never written in the clear and never leaves this crate. The
//! [`header`](HEADER_FILE) beside the database holds it once for each key slot; further kinds of slot
//! (a recovery key, a passphrase) open the same master key, so that adding one re-encrypts nothing.
//!
//! What always holds: keys are only ever made where there is neither a header nor a database,
//! and only once the keychain has given back what it was told to keep; a header is never
//! overwritten; a missing, locked or blocking keychain is an [`Obstacle`] with a way on, never
//! an empty database. Secrets wipe themselves, and no `Debug` output shows one.
//!
//! Nothing here runs on an async thread by itself: calls may block up to their time limit, so
//! they are made from a thread that may wait.

mod aead;
mod error;
#[cfg(feature = "fake")]
pub mod fake;
mod header;
mod keychain;
mod keys;
mod opening;
mod os_keychain;
mod secret;
mod time_limit;

pub use error::KeysError;
pub use header::HEADER_FILE;
pub use keychain::{Account, Keychain, KeychainError};
pub use keys::Keys;
pub use opening::{Obstacle, Opening, Place, open_or_create};
pub use os_keychain::OsKeychain;
pub use secret::{DatabaseKey, KeychainSecret};
pub use time_limit::TimeLimited;
