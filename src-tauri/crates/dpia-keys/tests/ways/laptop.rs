//! The laptop that each test tells a story of, with a keychain in memory.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use dpia_keys::fake::{Behaviour, MemoryKeychain};
use dpia_keys::{
    Found, KeyFiles, Keys, Obstacle, Opening, Passphrase, RecoveryKey, Ways, copy_key_file, create_with_passphrase, find_ways,
    open_or_create, open_with_passphrase, open_with_recovery_key,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use tempfile::TempDir;

pub(crate) const NOW: &str = "2026-11-22T12:00:00Z";
pub(crate) const LATER: &str = "2026-11-23T12:00:00Z";
pub(crate) const WORDS: &str = "four words that differ";

/// A laptop after its first run.
pub(crate) struct Laptop {
    pub(crate) folder: TempDir,
    pub(crate) keychain: MemoryKeychain,
    pub(crate) rng: ChaCha20Rng,
    pub(crate) keys: Keys,
}

impl Laptop {
    pub(crate) fn new() -> Laptop {
        let folder = tempfile::tempdir().expect("a folder");
        static SEED: AtomicU64 = AtomicU64::new(0);
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        let (keychain, mut rng) = (MemoryKeychain::new(), ChaCha20Rng::seed_from_u64(seed));
        let place = KeyFiles::in_folder(folder.path(), "assessments.db");
        let keys = expect_keys(open_or_create(&place, &keychain, &mut rng).expect("no error"));
        std::fs::write(&place.database, b"rows").expect("written");
        Laptop { folder, keychain, rng, keys }
    }

    /// One without a keychain, whose officer chose a passphrase.
    pub(crate) fn without_keychain() -> Laptop {
        let mut laptop = Laptop::new();
        std::fs::remove_file(laptop.place().database).expect("removed");
        std::fs::remove_file(laptop.place().key_file).expect("removed");
        laptop.keychain = MemoryKeychain::new();
        laptop.keychain.set_behaviour(Behaviour::Absent);
        let stopped = open_or_create(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error");
        assert!(matches!(stopped, Opening::Stopped(Obstacle::NoKeychain { .. })));
        assert_eq!(find_ways(&laptop.place()).expect("no error"), Found::Nothing);
        let made = create_with_passphrase(&laptop.place(), &words(), NOW, &mut laptop.rng).expect("no error");
        assert!(matches!(made, Opening::FirstRun(_)));
        laptop.keys = expect_keys(made);
        std::fs::write(laptop.place().database, b"rows").expect("written");
        laptop
    }

    pub(crate) fn place(&self) -> KeyFiles {
        KeyFiles::in_folder(self.folder.path(), "assessments.db")
    }

    pub(crate) fn make_recovery_key(&mut self) -> RecoveryKey {
        let key = self.keys.make_recovery_key(&self.place(), NOW, &mut self.rng).expect("made");
        self.keys.confirm_recovery_key(&self.place(), &key).expect("confirmed");
        key
    }

    pub(crate) fn set_passphrase(&mut self, text: &str) {
        let passphrase = Passphrase::choose(text).expect("long enough");
        self.keys.set_passphrase(&self.place(), &passphrase, NOW, &mut self.rng).expect("set");
    }

    pub(crate) fn start(&mut self) -> Opening {
        open_or_create(&self.place(), &self.keychain, &mut self.rng).expect("no error")
    }

    pub(crate) fn expect_same(&self, opening: Opening) -> Keys {
        let keys = expect_keys(opening);
        assert_eq!(keys.database_key().as_bytes(), self.keys.database_key().as_bytes());
        keys
    }

    pub(crate) fn expect_recovery(&self, key: &RecoveryKey) -> Keys {
        self.expect_same(open_with_recovery_key(&self.place(), key).expect("no error"))
    }

    pub(crate) fn expect_passphrase(&self, text: &str) -> Keys {
        self.expect_same(open_with_passphrase(&self.place(), &Passphrase::typed(text)).expect("no error"))
    }

    pub(crate) fn ways(&self) -> Ways {
        match find_ways(&self.place()).expect("no error") {
            Found::Ways(ways) => ways,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn key_file(&self) -> Vec<u8> {
        std::fs::read(self.place().key_file).expect("a key file")
    }

    pub(crate) fn refuses(&self, key: &RecoveryKey) -> bool {
        matches!(open_with_recovery_key(&self.place(), key), Ok(Opening::Stopped(Obstacle::WrongRecoveryKey)))
    }
}

pub(crate) fn expect_keys(opening: Opening) -> Keys {
    match opening {
        Opening::Opened(keys) | Opening::FirstRun(keys) => keys,
        Opening::Stopped(obstacle) => panic!("stopped: {obstacle}"),
    }
}

pub(crate) fn words() -> Passphrase {
    Passphrase::choose(WORDS).expect("long enough")
}

/// What `adopt_key_file` and a copier do in tests: the key file beside a copy.
pub(crate) fn carry(laptop: &Laptop, to: &Path) -> KeyFiles {
    let copy = KeyFiles::of_copy(to);
    copy_key_file(&laptop.place(), &copy.key_file).expect("copied");
    copy
}
