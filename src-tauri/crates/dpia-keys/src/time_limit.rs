//! A time limit around a keychain that may block on its own prompt for as long as it likes.
//!
//! Each call runs on a thread of its own. A call that does not answer in time is left behind: its
//! thread cannot be ended and lives until the keychain answers, or with the process. A `get` that
//! was left behind is not lost: the next `get` for the same account waits for it instead of
//! asking again, so that a person who unlocks the keychain late and tries again is not asked twice.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::keychain::{Account, Keychain, KeychainError};
use crate::secret::KeychainSecret;

type Answer<T> = Result<T, KeychainError>;

/// A keychain whose calls end within a time limit.
pub struct TimeLimited<K> {
    keychain: Arc<K>,
    limit: Duration,
    left_behind: Mutex<HashMap<Account, Receiver<Answer<KeychainSecret>>>>,
}

impl<K: Keychain + 'static> TimeLimited<K> {
    /// Gives every call of `keychain` at most `limit`.
    pub fn new(keychain: K, limit: Duration) -> TimeLimited<K> {
        TimeLimited { keychain: Arc::new(keychain), limit, left_behind: Mutex::default() }
    }

    /// Starts a call on a thread of its own.
    fn start<T: Send + 'static>(&self, call: impl FnOnce(&K) -> Answer<T> + Send + 'static) -> Answer<Receiver<Answer<T>>> {
        let keychain = Arc::clone(&self.keychain);
        let (sender, receiver) = channel();
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                // Nobody is left to listen where the call was left behind for good.
                let _ = sender.send(call(&keychain));
            })
            .map_err(|error| KeychainError::Broken { reason: error.to_string() })?;
        Ok(receiver)
    }

    fn wait<T>(&self, receiver: &Receiver<Answer<T>>) -> Answer<T> {
        match receiver.recv_timeout(self.limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => Err(KeychainError::TimedOut { limit: self.limit }),
            Err(RecvTimeoutError::Disconnected) => Err(KeychainError::Broken { reason: "the call ended without an answer".to_owned() }),
        }
    }

    fn take_left_behind(&self, account: &Account) -> Option<Receiver<Answer<KeychainSecret>>> {
        self.left_behind.lock().unwrap_or_else(PoisonError::into_inner).remove(account)
    }
}

impl<K: Keychain + 'static> Keychain for TimeLimited<K> {
    fn get(&self, account: &Account) -> Answer<KeychainSecret> {
        let receiver = match self.take_left_behind(account) {
            Some(receiver) => receiver,
            None => {
                let name = account.clone();
                self.start(move |keychain| keychain.get(&name))?
            }
        };
        let answer = self.wait(&receiver);
        if let Err(KeychainError::TimedOut { .. }) = answer {
            let mut left_behind = self.left_behind.lock().unwrap_or_else(PoisonError::into_inner);
            left_behind.insert(account.clone(), receiver);
        }
        answer
    }

    fn set(&self, account: &Account, secret: &KeychainSecret) -> Answer<()> {
        let (name, secret) = (account.clone(), secret.clone());
        self.take_left_behind(account);
        let receiver = self.start(move |keychain| keychain.set(&name, &secret))?;
        self.wait(&receiver)
    }

    fn delete(&self, account: &Account) -> Answer<()> {
        let name = account.clone();
        self.take_left_behind(account);
        let receiver = self.start(move |keychain| keychain.delete(&name))?;
        self.wait(&receiver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::MemoryKeychain;
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    const LIMIT: Duration = Duration::from_millis(30);

    #[test]
    fn a_keychain_that_blocks_is_left_behind_and_its_late_answer_is_not_lost() {
        let account = Account::draw(&mut ChaCha20Rng::seed_from_u64(1)).expect("drawn");
        let secret = KeychainSecret::from_bytes([5; 32]);
        let inner = Arc::new(MemoryKeychain::new());
        inner.set(&account, &secret).expect("kept");
        let keychain = TimeLimited::new(Arc::clone(&inner), LIMIT);
        inner.block();
        for _ in 0..2 {
            let said = keychain.get(&account).expect_err("it blocks").to_string();
            assert_eq!(said, "the keychain did not answer within 0.03 seconds");
        }
        assert_eq!(inner.calls_started(), 2, "one set, and one get that both attempts waited for");
        inner.unblock();
        let patient = TimeLimited { limit: Duration::from_secs(600), ..keychain };
        assert_eq!(patient.get(&account).expect("answered at last"), secret);
        assert_eq!(inner.calls_started(), 2);
        assert_eq!(patient.get(&account).expect("asked again"), secret);
        assert_eq!(inner.calls_started(), 3);
    }
}
