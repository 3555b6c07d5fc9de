//! What this crate asks of a keychain, and what can go wrong with one.

use std::fmt;
use std::time::Duration;

use crate::key_file::to_hex;
use crate::secret::KeychainSecret;
use rand_core::CryptoRngCore;

use crate::error::KeysError;

/// Keeps one secret an account. Implementations: [`OsKeychain`](crate::OsKeychain), the one in
/// [`TimeLimited`](crate::TimeLimited) wrapping, and the one in memory for tests.
///
/// Calls may block, on a prompt for instance; a caller that cannot wait wraps the keychain in a
/// [`TimeLimited`](crate::TimeLimited). A call that failed may be made again at once: no
/// implementation remembers a failure.
pub trait Keychain: Send + Sync {
    /// Returns the secret of an account.
    ///
    /// # Errors
    /// [`KeychainError::Missing`] where there is none, or one of the other obstacles.
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError>;

    /// Keeps the secret of an account in place of any that is there.
    ///
    /// # Errors
    /// One of the obstacles; whether the secret was kept is then not known.
    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError>;

    /// Forgets the secret of an account.
    ///
    /// # Errors
    /// [`KeychainError::Missing`] where there is none, or one of the other obstacles.
    fn delete(&self, account: &Account) -> Result<(), KeychainError>;
}

/// The name of an entry in the keychain: random, one a database, so that two databases of one
/// person never take each other's secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Account(String);

/// Why a keychain did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    /// The keychain has no such entry. Some report this as well where no keychain can be used.
    #[error("the keychain has no such entry")]
    Missing,
    /// There is no keychain: no session bus, no service behind it, or no keyring in the service.
    #[error("no keychain can be reached: {reason}")]
    NoKeychain {
        /// What the system said.
        reason: String,
    },
    /// The keychain is locked, and was not unlocked when it asked.
    #[error("the keychain is locked: {reason}")]
    Locked {
        /// What the system said.
        reason: String,
    },
    /// The keychain did not answer in time; it is probably waiting for its own prompt.
    #[error("the keychain did not answer within {} seconds", .limit.as_secs_f32())]
    TimedOut {
        /// How long it was given.
        limit: Duration,
    },
    /// The keychain refuses this application.
    #[error("the keychain refuses access: {reason}")]
    Denied {
        /// What the system said.
        reason: String,
    },
    /// The entry or the answer is not what was kept there.
    #[error("the keychain's answer makes no sense: {reason}")]
    Broken {
        /// What is wrong with it.
        reason: String,
    },
}

impl Account {
    /// Takes a name that was drawn before: 32 hexadecimal digits.
    pub fn from_name(name: &str) -> Option<Account> {
        let is_name = name.len() == 32 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_name.then(|| Account(name.to_owned()))
    }

    /// The name as the keychain has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn draw(rng: &mut impl CryptoRngCore) -> Result<Account, KeysError> {
        let mut bytes = [0; 16];
        rng.try_fill_bytes(&mut bytes).map_err(KeysError::NoRandomness)?;
        Ok(Account(to_hex(&bytes)))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.0)
    }
}
