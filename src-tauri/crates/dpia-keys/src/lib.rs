//! One secret in the operating system's keychain opens the database and the signing identities; a recovery key on paper
//! and a passphrase open them where the keychain is lost, or where there is none.
//!
//! ```text
//! keychain secret ─┐
//! recovery key ────┼─wraps──▶ master key ──HKDF──▶ database key (given to the store)
//! passphrase ──────┘          (key file)      └────▶ identity key (encrypts signing identities)
//!  (key slots)
//! ```
//!
//! The master key is random, is never written in the clear and never leaves this crate. The
//! [`keys.json`](KEY_FILE) beside the database holds it once for each key slot, so that adding, changing and removing one
//! re-encrypts nothing.
//!
//! What always holds: keys are only ever made where there is neither a key file nor a database, and only once the keychain
//! has given back what it was to keep, or under a passphrase; a key file is replaced only by what was read from it under a
//! lock, so that no slot is lost; a missing, locked or blocking keychain is an [`Obstacle`] with a way on, never an empty
//! database. Secrets wipe themselves, and no `Debug` output shows one.
//!
//! Nothing here runs on an async thread by itself: calls may block up to their time limit, so
//! they are made from a thread that may wait.

mod aead;
mod error;
mod exchange;
#[cfg(feature = "fake")]
pub mod fake;
mod key_file;
mod keychain;
mod keys;
mod opening;
mod os_keychain;
mod passphrase;
mod recovery_key;
mod secret;
mod slot;
mod time_limit;
mod ways;

pub use error::{Access, KeysError};
pub use exchange::NewKeys;
pub use key_file::KEY_FILE;
pub use keychain::{Account, Keychain, KeychainError};
pub use keys::{Keys, OpenedBy};
pub use opening::{
    KeyFiles, NotDone, Obstacle, Opening, create_with_passphrase, open_or_create, open_with_passphrase, open_with_recovery_key,
};
pub use os_keychain::OsKeychain;
pub use passphrase::{FEWEST_CHARACTERS, MOST_CHARACTERS, Passphrase, PassphraseFault};
pub use recovery_key::{RECOVERY_KEY_GROUPS, RecoveryKey, RecoveryKeyFault};
pub use secret::{DatabaseKey, KeychainSecret};
pub use time_limit::TimeLimited;
pub use ways::{Found, KeychainSaving, PassphraseWay, RecoveryWay, Ways, adopt_key_file, copy_key_file, find_ways};
