//! A keychain in memory, for tests: it fails, forgets and blocks as a test sets it.
//!
//! Built only with the feature `fake`, which no part of the application turns on.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::keychain::{Account, Keychain, KeychainError};
use crate::secret::KeychainSecret;

/// What a [`MemoryKeychain`] does when it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Behaviour {
    /// Keeps and returns secrets.
    #[default]
    Works,
    /// Says that there is no keychain.
    Absent,
    /// Says that it is locked.
    Locked,
    /// Refuses the application.
    Denies,
    /// Says that it kept a secret, and has none.
    Forgets,
    /// Says that it kept a secret, and returns another.
    Garbles,
    /// Says that nothing is there when asked, and fails to keep anything: what some do where no
    /// keyring exists.
    NoCollection,
}

/// A keychain in memory.
#[derive(Debug, Default)]
pub struct MemoryKeychain {
    state: Mutex<State>,
    unblocked: Condvar,
}

#[derive(Debug, Default)]
struct State {
    secrets: HashMap<Account, KeychainSecret>,
    behaviour: Behaviour,
    is_blocked: bool,
    calls: usize,
}

impl MemoryKeychain {
    /// An empty keychain that works.
    pub fn new() -> MemoryKeychain {
        MemoryKeychain::default()
    }

    /// Sets what it does from now on.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        self.lock().behaviour = behaviour;
    }

    /// From now on calls do not return until [`MemoryKeychain::unblock`].
    pub fn block(&self) {
        self.lock().is_blocked = true;
    }

    /// Lets all blocked calls return.
    pub fn unblock(&self) {
        self.lock().is_blocked = false;
        self.unblocked.notify_all();
    }

    /// Forgets everything, as an emptied keychain does.
    pub fn empty(&self) {
        self.lock().secrets.clear();
    }

    /// Puts another secret in the place of every one that it has.
    pub fn replace_all(&self) {
        for secret in self.lock().secrets.values_mut() {
            *secret = KeychainSecret::from_bytes([0xaa; 32]);
        }
    }

    /// How many secrets it has.
    pub fn count(&self) -> usize {
        self.lock().secrets.len()
    }

    /// How many calls were begun.
    pub fn calls_started(&self) -> usize {
        self.lock().calls
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a call: counts it, waits while blocked, and fails if that is the behaviour.
    fn begin(&self) -> Result<MutexGuard<'_, State>, KeychainError> {
        let mut state = self.lock();
        state.calls += 1;
        while state.is_blocked {
            state = self.unblocked.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let reason = "as the test says".to_owned();
        match state.behaviour {
            Behaviour::Works | Behaviour::Forgets | Behaviour::Garbles | Behaviour::NoCollection => Ok(state),
            Behaviour::Absent => Err(KeychainError::NoKeychain { reason }),
            Behaviour::Locked => Err(KeychainError::Locked { reason }),
            Behaviour::Denies => Err(KeychainError::Denied { reason }),
        }
    }
}

impl Keychain for MemoryKeychain {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        let state = self.begin()?;
        state.secrets.get(account).cloned().ok_or(KeychainError::Missing)
    }

    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        let mut state = self.begin()?;
        match state.behaviour {
            Behaviour::Forgets => {}
            Behaviour::Garbles => {
                state.secrets.insert(account.clone(), KeychainSecret::from_bytes([0; 32]));
            }
            Behaviour::NoCollection => return Err(KeychainError::NoKeychain { reason: "no collection".to_owned() }),
            Behaviour::Works | Behaviour::Absent | Behaviour::Locked | Behaviour::Denies => {
                state.secrets.insert(account.clone(), secret.clone());
            }
        }
        Ok(())
    }

    fn delete(&self, account: &Account) -> Result<(), KeychainError> {
        let mut state = self.begin()?;
        state.secrets.remove(account).map(|_| ()).ok_or(KeychainError::Missing)
    }
}

impl<K: Keychain> Keychain for Arc<K> {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        (**self).get(account)
    }

    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        (**self).set(account, secret)
    }

    fn delete(&self, account: &Account) -> Result<(), KeychainError> {
        (**self).delete(account)
    }
}
