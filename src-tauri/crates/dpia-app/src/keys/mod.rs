//! Keys and recovery: what opens the assessments, by the keychain and besides it, and how that is made, changed and removed.

mod exchanging;
mod opening;
mod recovery;
mod secret;
mod vault;

pub use exchanging::{exchange_keys, exchange_keys_with};
pub use opening::{OpenedKeys, Unlock, UnlockWays, find_unlock_ways};
pub(crate) use opening::{system_keychain, system_keychain_for};
pub use recovery::NewRecoveryKey;
pub use secret::{TypedSecret, judge_passphrase};
pub(crate) use secret::{choose_passphrase, typed_passphrase};
pub use vault::{KeysView, OpenedWith, PassphraseFacts, RecoveryKeyFacts, Vault};
