//! Opening: every state of keychain, key file and database, with a keychain in memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dpia_keys::fake::{Behaviour, MemoryKeychain};
use dpia_keys::{KEY_FILE, KeyFiles, Keychain, Obstacle, Opening, TimeLimited, open_or_create};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use tempfile::TempDir;

const DATABASE: &str = "assessments.db";

struct TestFolder {
    folder: TempDir,
    keychain: MemoryKeychain,
    rng: ChaCha20Rng,
}

impl TestFolder {
    fn new() -> TestFolder {
        let folder = tempfile::tempdir().expect("a folder");
        TestFolder { folder, keychain: MemoryKeychain::new(), rng: ChaCha20Rng::seed_from_u64(7) }
    }

    /// A folder after its first run, with a database.
    fn in_use() -> (TestFolder, [u8; 32]) {
        let mut folder = TestFolder::new();
        let key = match folder.open() {
            Opening::FirstRun(keys) => *keys.database_key().as_bytes(),
            other => panic!("not a first run: {other:?}"),
        };
        std::fs::write(folder.database(), b"rows").expect("written");
        (folder, key)
    }

    fn open(&mut self) -> Opening {
        open_or_create(&self.place(), &self.keychain, &mut self.rng).expect("no error")
    }

    fn place(&self) -> KeyFiles {
        KeyFiles::in_folder(self.folder.path(), DATABASE)
    }

    fn key_file(&self) -> std::path::PathBuf {
        self.folder.path().join(KEY_FILE)
    }

    fn database(&self) -> std::path::PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// Opens, expects an obstacle and that no file was changed or made.
    fn expect_stop(&mut self) -> Obstacle {
        let before = list(self.folder.path());
        let obstacle = match self.open() {
            Opening::Stopped(obstacle) => obstacle,
            other => panic!("not stopped: {other:?}"),
        };
        assert_eq!(list(self.folder.path()), before);
        obstacle
    }

    fn expect_key(&mut self, expected: [u8; 32]) {
        match self.open() {
            Opening::Opened(keys) => assert_eq!(keys.database_key().as_bytes(), &expected),
            other => panic!("not opened: {other:?}"),
        }
    }
}

/// Every file of a folder with its bytes.
fn list(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths.map(|path| (path.clone(), std::fs::read(path).expect("a file"))).collect();
    files.sort();
    files
}

#[test]
fn the_first_run_makes_keys_and_the_second_opens_the_same() {
    let (mut folder, key) = TestFolder::in_use();
    assert_eq!(folder.keychain.count(), 1);
    folder.expect_key(key);
    folder.expect_key(key);
    assert_eq!(folder.keychain.count(), 1);
}

#[test]
fn a_key_file_without_a_database_opens_and_makes_nothing() {
    let (mut folder, key) = TestFolder::in_use();
    std::fs::remove_file(folder.database()).expect("removed");
    folder.expect_key(key);
    assert_eq!(folder.keychain.count(), 1);
}

#[test]
fn two_databases_of_one_person_keep_their_own_secrets() {
    let (mut one, key) = TestFolder::in_use();
    let folder = tempfile::tempdir().expect("a folder");
    let place = KeyFiles::in_folder(folder.path(), DATABASE);
    let Ok(Opening::FirstRun(other)) = open_or_create(&place, &one.keychain, &mut one.rng) else {
        panic!("not a first run");
    };
    assert_ne!(other.database_key().as_bytes(), &key);
    one.expect_key(key);
}

#[test]
fn a_keychain_that_fails_at_the_first_run_leaves_nothing_and_can_be_tried_again() {
    let reason = || "as the test says".to_owned();
    let broken = |reason: &str| Obstacle::KeychainBroken { reason: reason.to_owned() };
    let check = |behaviour, expected: Obstacle| {
        let mut folder = TestFolder::new();
        folder.keychain.set_behaviour(behaviour);
        assert_eq!(folder.expect_stop(), expected);
        assert!(list(folder.folder.path()).is_empty());
        folder.keychain.set_behaviour(Behaviour::Works);
        assert!(matches!(folder.open(), Opening::FirstRun(_)));
    };
    check(Behaviour::Absent, Obstacle::NoKeychain { reason: reason() });
    check(Behaviour::Locked, Obstacle::Locked);
    check(Behaviour::Denies, Obstacle::Denied { reason: reason() });
    check(Behaviour::Forgets, broken("it did not keep the secret that it was given"));
    check(Behaviour::Garbles, broken("it returned a different secret"));
    check(Behaviour::NoCollection, Obstacle::NoKeychain { reason: "no collection".to_owned() });
}

#[test]
fn a_keychain_that_fails_later_changes_nothing_and_can_be_tried_again() {
    let check = |behaviour, expected: Obstacle| {
        let (mut folder, key) = TestFolder::in_use();
        folder.keychain.set_behaviour(behaviour);
        assert_eq!(folder.expect_stop(), expected);
        folder.keychain.set_behaviour(Behaviour::Works);
        folder.expect_key(key);
    };
    check(Behaviour::Absent, Obstacle::NoKeychain { reason: "as the test says".to_owned() });
    check(Behaviour::Locked, Obstacle::Locked);
    check(Behaviour::Denies, Obstacle::Denied { reason: "as the test says".to_owned() });
}

#[test]
fn an_emptied_keychain_is_a_missing_key_and_never_a_new_database() {
    let (mut folder, _) = TestFolder::in_use();
    folder.keychain.empty();
    assert_eq!(folder.expect_stop(), Obstacle::KeyMissing);
    std::fs::remove_file(folder.database()).expect("removed");
    assert_eq!(folder.expect_stop(), Obstacle::KeyMissing);
    assert_eq!(folder.keychain.count(), 0);
}

#[test]
fn a_replaced_keychain_is_not_taken_for_an_emptied_one() {
    let (mut folder, _) = TestFolder::in_use();
    folder.keychain.replace_all();
    assert_eq!(folder.expect_stop(), Obstacle::KeyReplaced);
}

#[test]
fn a_keychain_that_blocks_stops_within_the_time_limit_and_the_late_answer_opens() {
    let (mut folder, key) = TestFolder::in_use();
    let inner = Arc::new(std::mem::take(&mut folder.keychain));
    inner.block();
    let keychain = TimeLimited::new(Arc::clone(&inner), Duration::from_millis(30));
    let stopped = open_or_create(&folder.place(), &keychain, &mut folder.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::Blocked)), "{stopped:?}");
    inner.unblock();
    let patient = TimeLimited::new(inner, Duration::from_secs(600));
    match open_or_create(&folder.place(), &patient, &mut folder.rng).expect("no error") {
        Opening::Opened(keys) => assert_eq!(keys.database_key().as_bytes(), &key),
        other => panic!("not opened: {other:?}"),
    }
}

#[test]
fn a_keychain_that_blocks_at_the_first_run_leaves_nothing() {
    let mut folder = TestFolder::new();
    let inner = Arc::new(std::mem::take(&mut folder.keychain));
    inner.block();
    let keychain = TimeLimited::new(Arc::clone(&inner), Duration::from_millis(30));
    let stopped = open_or_create(&folder.place(), &keychain, &mut folder.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::Blocked)), "{stopped:?}");
    assert!(list(folder.folder.path()).is_empty());
    inner.unblock();
}

#[test]
fn a_database_without_its_key_file_is_never_given_new_keys() {
    let (mut folder, _) = TestFolder::in_use();
    std::fs::remove_file(folder.key_file()).expect("removed");
    let path = folder.key_file();
    assert_eq!(folder.expect_stop(), Obstacle::KeyFileMissing { path });
    assert_eq!(folder.keychain.count(), 1);
}

#[test]
fn a_damaged_newer_or_foreign_key_file_is_left_as_it_is() {
    let check = |text: &str, expected: Obstacle| {
        let (mut folder, _) = TestFolder::in_use();
        std::fs::write(folder.key_file(), text).expect("written");
        assert_eq!(folder.expect_stop(), expected);
    };
    let damaged = |reason: &str| Obstacle::KeyFileDamaged { reason: reason.to_owned() };
    check("", damaged("EOF while parsing a value at line 1 column 0"));
    check(r#"{"format":1,"key_slots":[]}"#, damaged("it has no key slot"));
    check(r#"{"format":7}"#, Obstacle::KeyFileNewer { format: 7 });
    check(
        r#"{"format":1,"key_slots":[{"kind":"security token"},{"kind":"card"}]}"#,
        Obstacle::NoKnownSlot { kinds: vec!["security token".to_owned(), "card".to_owned()] },
    );
    check(r#"{"format":1,"key_slots":[{"kind":"keychain"}]}"#, damaged("missing field `account`"));
}

#[test]
fn any_changed_byte_of_a_key_file_stops_or_still_opens_the_same_key() {
    let (mut folder, key) = TestFolder::in_use();
    let key_file = std::fs::read(folder.key_file()).expect("read");
    for index in 0..key_file.len() {
        let mut changed = key_file.clone();
        changed[index] ^= 1;
        std::fs::write(folder.key_file(), &changed).expect("written");
        // A changed space means nothing; everything else stops.
        if let Opening::Opened(keys) = folder.open() {
            assert_eq!(keys.database_key().as_bytes(), &key, "byte {index}");
        }
        assert_eq!(std::fs::read(folder.key_file()).expect("read"), changed);
    }
    assert_eq!(folder.keychain.count(), 1);
}

#[test]
fn a_slot_of_a_newer_version_beside_the_keychains_does_no_harm() {
    let (mut folder, key) = TestFolder::in_use();
    let text = std::fs::read_to_string(folder.key_file()).expect("read");
    let text = text.replacen("\"key_slots\": [", "\"key_slots\": [{\"kind\": \"passphrase\", \"salt\": \"00\"},", 1);
    std::fs::write(folder.key_file(), &text).expect("written");
    folder.expect_key(key);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_leaves_no_secret_behind() {
    let mut folder = TestFolder::new();
    let gone = folder.folder.path().join("not there");
    let place = KeyFiles::in_folder(&gone, DATABASE);
    let error = open_or_create(&place, &folder.keychain, &mut folder.rng).expect_err("no folder");
    assert_eq!(error.to_string(), format!("{} was not written: the folder does not exist", place.key_file.display()));
    assert_eq!(folder.keychain.count(), 0);
}

#[test]
fn of_two_first_runs_at_once_one_holds_for_both() {
    // The other process writes its key file while this one waits for the keychain.
    struct Slow<'a> {
        keychain: &'a MemoryKeychain,
        place: KeyFiles,
        done: std::sync::atomic::AtomicBool,
    }
    impl Keychain for Slow<'_> {
        fn get(&self, account: &dpia_keys::Account) -> Result<dpia_keys::KeychainSecret, dpia_keys::KeychainError> {
            if !self.done.swap(true, std::sync::atomic::Ordering::SeqCst) {
                let mut rng = ChaCha20Rng::seed_from_u64(99);
                let other = open_or_create(&self.place, self.keychain, &mut rng).expect("no error");
                assert!(matches!(other, Opening::FirstRun(_)));
            }
            self.keychain.get(account)
        }
        fn set(&self, account: &dpia_keys::Account, secret: &dpia_keys::KeychainSecret) -> Result<(), dpia_keys::KeychainError> {
            self.keychain.set(account, secret)
        }
        fn delete(&self, account: &dpia_keys::Account) -> Result<(), dpia_keys::KeychainError> {
            self.keychain.delete(account)
        }
    }
    let mut folder = TestFolder::new();
    let slow = Slow { keychain: &folder.keychain, place: folder.place(), done: false.into() };
    let ours = open_or_create(&folder.place(), &slow, &mut folder.rng).expect("no error");
    let Opening::Opened(ours) = ours else {
        panic!("not opened: {ours:?}");
    };
    let key = *ours.database_key().as_bytes();
    folder.expect_key(key);
    assert_eq!(folder.keychain.count(), 1, "the secret that lost is not left behind");
}

#[test]
fn what_is_encrypted_in_one_run_opens_in_the_next() {
    let (mut folder, _) = TestFolder::in_use();
    let Opening::Opened(keys) = folder.open() else { panic!("not opened") };
    let encrypted = keys.encrypt_identity(b"a private key", &mut folder.rng).expect("encrypted");
    let Opening::Opened(keys) = folder.open() else { panic!("not opened") };
    assert_eq!(*keys.open_identity(&encrypted).expect("opened"), b"a private key");
}

#[test]
fn each_obstacle_says_in_plain_words_what_it_is_and_what_to_do() {
    let reason = || "no bus".to_owned();
    let check = |obstacle: Obstacle, said: &str| assert_eq!(obstacle.to_string(), said);
    check(Obstacle::Locked, "The keychain is locked. Unlock it, then try again.");
    check(
        Obstacle::NoKeychain { reason: reason() },
        "No keychain was found (no bus). Start the keychain of this computer, then try again.",
    );
    check(
        Obstacle::NoKnownSlot { kinds: vec!["passphrase".into()] },
        "The database opens only with passphrase, which this version does not know. Update the application to open it.",
    );
    check(
        Obstacle::KeyFileMissing { path: "/x/keys.json".into() },
        "The key file /x/keys.json is missing, but the database exists. Nothing was changed. Put the key file back from a backup, then try again.",
    );
}
