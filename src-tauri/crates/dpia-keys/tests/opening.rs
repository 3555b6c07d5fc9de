//! Opening: every state of keychain, header and database, with a keychain in memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dpia_keys::fake::{MemoryKeychain, Mood};
use dpia_keys::{HEADER_FILE, Keychain, Obstacle, Opening, Place, TimeLimited, open_or_create};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use tempfile::TempDir;

const DATABASE: &str = "assessments.db";

struct Desk {
    folder: TempDir,
    keychain: MemoryKeychain,
    rng: ChaCha20Rng,
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        Desk { folder, keychain: MemoryKeychain::new(), rng: ChaCha20Rng::seed_from_u64(7) }
    }

    /// A desk after its first run, with a database.
    fn in_use() -> (Desk, [u8; 32]) {
        let mut desk = Desk::new();
        let key = match desk.open() {
            Opening::FirstRun(keys) => *keys.database_key().as_bytes(),
            other => panic!("not a first run: {other:?}"),
        };
        std::fs::write(desk.database(), b"rows").expect("written");
        (desk, key)
    }

    fn open(&mut self) -> Opening {
        open_or_create(&self.place(), &self.keychain, &mut self.rng).expect("no error")
    }

    fn place(&self) -> Place {
        Place::in_folder(self.folder.path(), DATABASE)
    }

    fn header(&self) -> std::path::PathBuf {
        self.folder.path().join(HEADER_FILE)
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
    let (mut desk, key) = Desk::in_use();
    assert_eq!(desk.keychain.count(), 1);
    desk.expect_key(key);
    desk.expect_key(key);
    assert_eq!(desk.keychain.count(), 1);
}

#[test]
fn a_header_without_a_database_opens_and_makes_nothing() {
    let (mut desk, key) = Desk::in_use();
    std::fs::remove_file(desk.database()).expect("removed");
    desk.expect_key(key);
    assert_eq!(desk.keychain.count(), 1);
}

#[test]
fn two_databases_of_one_person_keep_their_own_secrets() {
    let (mut one, key) = Desk::in_use();
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::in_folder(folder.path(), DATABASE);
    let Ok(Opening::FirstRun(other)) = open_or_create(&place, &one.keychain, &mut one.rng) else {
        panic!("not a first run");
    };
    assert_ne!(other.database_key().as_bytes(), &key);
    one.expect_key(key);
}

#[test]
fn a_keychain_that_fails_at_the_first_run_leaves_nothing_and_can_be_tried_again() {
    let reason = || "told to".to_owned();
    let broken = |reason: &str| Obstacle::KeychainBroken { reason: reason.to_owned() };
    let check = |mood, expected: Obstacle| {
        let mut desk = Desk::new();
        desk.keychain.set_mood(mood);
        assert_eq!(desk.expect_stop(), expected);
        assert!(list(desk.folder.path()).is_empty());
        desk.keychain.set_mood(Mood::Works);
        assert!(matches!(desk.open(), Opening::FirstRun(_)));
    };
    check(Mood::Absent, Obstacle::NoKeychain { reason: reason() });
    check(Mood::Locked, Obstacle::Locked);
    check(Mood::Denies, Obstacle::Denied { reason: reason() });
    check(Mood::Forgets, broken("it did not keep the secret that it was given"));
    check(Mood::Garbles, broken("it returned a different secret"));
    check(Mood::NoCollection, Obstacle::NoKeychain { reason: "no collection".to_owned() });
}

#[test]
fn a_keychain_that_fails_later_changes_nothing_and_can_be_tried_again() {
    let check = |mood, expected: Obstacle| {
        let (mut desk, key) = Desk::in_use();
        desk.keychain.set_mood(mood);
        assert_eq!(desk.expect_stop(), expected);
        desk.keychain.set_mood(Mood::Works);
        desk.expect_key(key);
    };
    check(Mood::Absent, Obstacle::NoKeychain { reason: "told to".to_owned() });
    check(Mood::Locked, Obstacle::Locked);
    check(Mood::Denies, Obstacle::Denied { reason: "told to".to_owned() });
}

#[test]
fn an_emptied_keychain_is_a_missing_key_and_never_a_new_database() {
    let (mut desk, _) = Desk::in_use();
    desk.keychain.empty();
    assert_eq!(desk.expect_stop(), Obstacle::KeyMissing);
    std::fs::remove_file(desk.database()).expect("removed");
    assert_eq!(desk.expect_stop(), Obstacle::KeyMissing);
    assert_eq!(desk.keychain.count(), 0);
}

#[test]
fn a_replaced_keychain_is_told_from_an_emptied_one() {
    let (mut desk, _) = Desk::in_use();
    desk.keychain.replace_all();
    assert_eq!(desk.expect_stop(), Obstacle::KeyReplaced);
}

#[test]
fn a_keychain_that_blocks_stops_within_the_time_limit_and_the_late_answer_opens() {
    let (mut desk, key) = Desk::in_use();
    let inner = Arc::new(std::mem::take(&mut desk.keychain));
    inner.block();
    let keychain = TimeLimited::new(Arc::clone(&inner), Duration::from_millis(30));
    let stopped = open_or_create(&desk.place(), &keychain, &mut desk.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::Blocked)), "{stopped:?}");
    inner.unblock();
    let patient = TimeLimited::new(inner, Duration::from_secs(600));
    match open_or_create(&desk.place(), &patient, &mut desk.rng).expect("no error") {
        Opening::Opened(keys) => assert_eq!(keys.database_key().as_bytes(), &key),
        other => panic!("not opened: {other:?}"),
    }
}

#[test]
fn a_keychain_that_blocks_at_the_first_run_leaves_nothing() {
    let mut desk = Desk::new();
    let inner = Arc::new(std::mem::take(&mut desk.keychain));
    inner.block();
    let keychain = TimeLimited::new(Arc::clone(&inner), Duration::from_millis(30));
    let stopped = open_or_create(&desk.place(), &keychain, &mut desk.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::Blocked)), "{stopped:?}");
    assert!(list(desk.folder.path()).is_empty());
    inner.unblock();
}

#[test]
fn a_database_without_its_header_is_never_given_new_keys() {
    let (mut desk, _) = Desk::in_use();
    std::fs::remove_file(desk.header()).expect("removed");
    let path = desk.header();
    assert_eq!(desk.expect_stop(), Obstacle::HeaderMissing { path });
    assert_eq!(desk.keychain.count(), 1);
}

#[test]
fn a_damaged_newer_or_foreign_header_is_left_as_it_is() {
    let check = |text: &str, expected: Obstacle| {
        let (mut desk, _) = Desk::in_use();
        std::fs::write(desk.header(), text).expect("written");
        assert_eq!(desk.expect_stop(), expected);
    };
    let damaged = |reason: &str| Obstacle::HeaderDamaged { reason: reason.to_owned() };
    check("", damaged("EOF while parsing a value at line 1 column 0"));
    check(r#"{"format":1,"key_slots":[]}"#, damaged("it has no key slot"));
    check(r#"{"format":7}"#, Obstacle::HeaderNewer { format: 7 });
    check(
        r#"{"format":1,"key_slots":[{"kind":"security token"},{"kind":"card"}]}"#,
        Obstacle::NoKnownSlot { kinds: vec!["security token".to_owned(), "card".to_owned()] },
    );
    check(r#"{"format":1,"key_slots":[{"kind":"keychain"}]}"#, damaged("missing field `account`"));
}

#[test]
fn any_changed_byte_of_a_header_stops_or_still_opens_the_same_key() {
    let (mut desk, key) = Desk::in_use();
    let header = std::fs::read(desk.header()).expect("read");
    for index in 0..header.len() {
        let mut changed = header.clone();
        changed[index] ^= 1;
        std::fs::write(desk.header(), &changed).expect("written");
        // A changed space means nothing; everything else stops.
        if let Opening::Opened(keys) = desk.open() {
            assert_eq!(keys.database_key().as_bytes(), &key, "byte {index}");
        }
        assert_eq!(std::fs::read(desk.header()).expect("read"), changed);
    }
    assert_eq!(desk.keychain.count(), 1);
}

#[test]
fn a_slot_of_a_newer_version_beside_the_keychains_does_no_harm() {
    let (mut desk, key) = Desk::in_use();
    let text = std::fs::read_to_string(desk.header()).expect("read");
    let text = text.replacen("\"key_slots\": [", "\"key_slots\": [{\"kind\": \"passphrase\", \"salt\": \"00\"},", 1);
    std::fs::write(desk.header(), &text).expect("written");
    desk.expect_key(key);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_leaves_no_secret_behind() {
    let mut desk = Desk::new();
    let gone = desk.folder.path().join("not there");
    let place = Place::in_folder(&gone, DATABASE);
    let error = open_or_create(&place, &desk.keychain, &mut desk.rng).expect_err("no folder");
    assert_eq!(error.to_string(), format!("{} was not written: the folder does not exist", place.header.display()));
    assert_eq!(desk.keychain.count(), 0);
}

#[test]
fn of_two_first_runs_at_once_one_holds_for_both() {
    // The other process writes its header while this one waits for the keychain.
    struct Slow<'a> {
        keychain: &'a MemoryKeychain,
        place: Place,
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
    let mut desk = Desk::new();
    let slow = Slow { keychain: &desk.keychain, place: desk.place(), done: false.into() };
    let ours = open_or_create(&desk.place(), &slow, &mut desk.rng).expect("no error");
    let Opening::Opened(ours) = ours else {
        panic!("not opened: {ours:?}");
    };
    let key = *ours.database_key().as_bytes();
    desk.expect_key(key);
    assert_eq!(desk.keychain.count(), 1, "the secret that lost is not left behind");
}

#[test]
fn what_is_encrypted_in_one_run_opens_in_the_next() {
    let (mut desk, _) = Desk::in_use();
    let Opening::Opened(keys) = desk.open() else { panic!("not opened") };
    let encrypted = keys.encrypt_identity(b"a private key", &mut desk.rng).expect("encrypted");
    let Opening::Opened(keys) = desk.open() else { panic!("not opened") };
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
        Obstacle::HeaderMissing { path: "/x/keys.json".into() },
        "The key file /x/keys.json is missing, but the database exists. Nothing was changed. Put the key file back from a backup, then try again.",
    );
}
