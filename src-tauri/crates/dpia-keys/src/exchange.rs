//! New keys for a database that is there, to take the place of those that somebody else may know. They are drawn here; that
//! the database is given them, and the key file with it, is for the person who keeps both.

use rand_core::CryptoRngCore;

use crate::error::KeysError;
use crate::key_file::KeyFile;
use crate::keychain::{Account, Keychain};
use crate::keys::{Keys, OpenedBy};
use crate::opening::{KeyFiles, NotDone, keep, read_key_file};
use crate::passphrase::{Cost, Passphrase};
use crate::secret::MasterKey;
use crate::slot::{KeySlot, PassphraseSlot};

/// Keys that no file knows yet.
#[derive(Debug)]
pub struct NewKeys {
    /// The keys.
    pub keys: Keys,
    /// The key file that opens them.
    pub key_file: Vec<u8>,
    /// What the keychain was given for it.
    account: Option<Account>,
}

impl NewKeys {
    /// Takes back what the keychain was given, where these keys do not come into use.
    pub fn discard(self, keychain: &dyn Keychain) {
        if let Some(account) = self.account {
            // Nobody will ever ask for this secret; where it cannot be removed it does no harm.
            let _ = keychain.delete(&account);
        }
    }
}

impl Keys {
    /// Draws new keys, with slots of the kinds that the key file at `place` has: the keychain's, which is given a new secret
    /// beside the old one, and the passphrase's. A recovery key is not among them: it is made, shown and confirmed once they
    /// are in use. What is there is not changed.
    ///
    /// # Errors
    /// An obstacle at the keychain or the key file; [`KeysError::PassphraseMissing`] where the key file has a passphrase slot, or no keychain slot, and none is given; the key file
    /// cannot be read, or is another's by now.
    pub fn draw_successors(
        &self,
        place: &KeyFiles,
        keychain: &dyn Keychain,
        passphrase: Option<&Passphrase>,
        made_at: &str,
        rng: &mut impl CryptoRngCore,
    ) -> Result<NewKeys, NotDone> {
        let key_file = match read_key_file(place)? {
            Some(key_file) if self.fits(&key_file) => key_file,
            Some(_) | None => return Err(KeysError::KeyFileReplaced { path: place.key_file.clone() }.into()),
        };
        let has_keychain = key_file.keychain_slots().next().is_some();
        if passphrase.is_none() && (key_file.passphrase_slots().next().is_some() || !has_keychain) {
            return Err(KeysError::PassphraseMissing.into());
        }
        let master = MasterKey::draw(rng)?;
        let of_passphrase = passphrase.map(|words| PassphraseSlot::wrap(&master, words, Cost::STANDARD, made_at, rng)).transpose()?;
        let of_keychain = has_keychain.then(|| keep(&master, keychain, rng)).transpose()?;
        let account = of_keychain.as_ref().map(|slot| slot.account.clone());
        let slots: Vec<KeySlot> =
            of_keychain.into_iter().map(KeySlot::Keychain).chain(of_passphrase.into_iter().map(KeySlot::Passphrase)).collect();
        let first = slots.iter().find_map(|slot| match slot {
            KeySlot::Keychain(slot) => Some((OpenedBy::Keychain, &slot.wrapped)),
            KeySlot::Passphrase(slot) => Some((OpenedBy::Passphrase, &slot.wrapped)),
            KeySlot::Recovery(_) | KeySlot::Other(_) | KeySlot::Damaged { .. } => None,
        });
        let (opened_by, wrapped) = first.ok_or(KeysError::PassphraseMissing)?;
        let keys = Keys::derive(master, opened_by, wrapped);
        let key_file = KeyFile::with_slots(slots).to_text()?;
        Ok(NewKeys { keys, key_file, account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Behaviour, MemoryKeychain};
    use crate::opening::{Obstacle, Opening, open_or_create, open_with_passphrase, open_with_recovery_key};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

    fn opened(opening: Opening) -> Keys {
        match opening {
            Opening::Opened(keys) | Opening::FirstRun(keys) => keys,
            Opening::Stopped(obstacle) => panic!("{obstacle}"),
        }
    }

    #[test]
    fn successors_open_by_the_same_kinds_of_way_and_the_old_ways_do_not_lead_to_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = KeyFiles::in_folder(folder.path(), "a.db");
        let (keychain, mut rng) = (MemoryKeychain::new(), ChaCha20Rng::seed_from_u64(5));
        let old = opened(open_or_create(&place, &keychain, &mut rng).expect("made"));
        let recovery = old.make_recovery_key(&place, "now", &mut rng).expect("made");
        let before = std::fs::read(&place.key_file).expect("read");
        std::fs::write(&place.database, "").expect("written");

        let new = old.draw_successors(&place, &keychain, None, "now", &mut rng).expect("drawn");
        assert_eq!(std::fs::read(&place.key_file).expect("read"), before, "nothing is changed");
        assert_ne!(new.keys.database_key().as_bytes(), old.database_key().as_bytes());
        std::fs::write(&place.key_file, &new.key_file).expect("written");
        let again = opened(open_or_create(&place, &keychain, &mut rng).expect("read"));
        assert_eq!(again.database_key().as_bytes(), new.keys.database_key().as_bytes());
        assert!(matches!(open_with_recovery_key(&place, &recovery).expect("read"), Opening::Stopped(Obstacle::NoRecoveryKey)));
        // Those that were there before are of another key file now.
        assert!(matches!(
            old.draw_successors(&place, &keychain, None, "now", &mut rng),
            Err(NotDone::Failed(KeysError::KeyFileReplaced { .. }))
        ));

        let words = Passphrase::choose("four words that differ").expect("long enough");
        again.set_passphrase(&place, &words, "now", &mut rng).expect("set");
        assert!(matches!(
            again.draw_successors(&place, &keychain, None, "now", &mut rng),
            Err(NotDone::Failed(KeysError::PassphraseMissing))
        ));
        let other = Passphrase::choose("four others that differ").expect("long enough");
        let new = again.draw_successors(&place, &keychain, Some(&other), "now", &mut rng).expect("drawn");
        std::fs::write(&place.key_file, &new.key_file).expect("written");
        assert!(matches!(open_with_passphrase(&place, &words).expect("read"), Opening::Stopped(Obstacle::WrongPassphrase)));
        opened(open_with_passphrase(&place, &other).expect("read"));

        keychain.set_behaviour(Behaviour::Locked);
        let stopped = new.keys.draw_successors(&place, &keychain, Some(&other), "now", &mut rng);
        assert!(matches!(stopped, Err(NotDone::Obstacle(Obstacle::Locked))), "{stopped:?}");
    }
}
