//! The key file: shared, exchanged, copied, damaged or hostile.

use std::path::PathBuf;

use crate::laptop::{Laptop, NOW, WORDS, carry, expect_keys, words};
use dpia_keys::fake::MemoryKeychain;
use dpia_keys::{
    Found, KEY_FILE, KeyFiles, KeysError, Obstacle, Opening, adopt_key_file, copy_key_file, find_ways, open_or_create,
    open_with_passphrase, open_with_recovery_key,
};

#[test]
fn two_programs_that_opened_the_same_key_file_lose_nothing_of_each_other() {
    let mut laptop = Laptop::new();
    let other = expect_keys(laptop.start());
    let place = laptop.place();
    laptop.set_passphrase(WORDS);
    let key = other.make_recovery_key(&place, NOW, &mut laptop.rng).expect("made");
    laptop.keys.remove_passphrase(&place, &laptop.keychain).expect("removed");
    other.confirm_recovery_key(&place, &key).expect("confirmed");
    assert_eq!(laptop.ways().passphrase, None, "what was removed does not come back with a stale copy");
    laptop.expect_recovery(&key);
}

#[test]
fn a_key_file_that_was_exchanged_for_another_databases_is_never_changed() {
    let mut laptop = Laptop::new();
    let mut other = Laptop::new();
    let key = other.make_recovery_key();
    std::fs::copy(other.place().key_file, laptop.place().key_file).expect("exchanged");
    let before = laptop.key_file();
    let place = laptop.place();
    let check = |refused: Result<(), KeysError>| assert!(matches!(refused, Err(KeysError::KeyFileReplaced { .. })), "{refused:?}");
    check(laptop.keys.make_recovery_key(&place, NOW, &mut laptop.rng).map(drop));
    check(laptop.keys.confirm_recovery_key(&place, &key));
    check(laptop.keys.set_passphrase(&place, &words(), NOW, &mut laptop.rng));
    check(laptop.keys.remove_passphrase(&place, &laptop.keychain));
    let secrets = laptop.keychain.count();
    check(laptop.keys.keep_in_keychain(&place, &laptop.keychain, &mut laptop.rng).map(drop));
    assert_eq!(laptop.keychain.count(), secrets, "no secret is left behind");
    assert_eq!(laptop.key_file(), before);
    std::fs::remove_file(&place.key_file).expect("removed");
    check(laptop.keys.set_passphrase(&place, &words(), NOW, &mut laptop.rng));
    assert!(!place.key_file.exists());
}

#[test]
fn a_copy_of_the_database_carries_its_ways_and_opens_with_each() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.set_passphrase(WORDS);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let copy = carry(&laptop, &elsewhere.path().join("2026-11-22.db"));
    assert_eq!(copy.key_file, elsewhere.path().join("2026-11-22.db.keys.json"));
    assert_eq!(std::fs::read(&copy.key_file).expect("read"), laptop.key_file());
    std::fs::write(&copy.database, b"rows").expect("written");
    // What is changed later on the laptop does not change the copy.
    laptop.set_passphrase("another four words");
    laptop.expect_same(open_with_recovery_key(&copy, &key).expect("no error"));
    laptop.expect_same(open_with_passphrase(&copy, &words()).expect("no error"));
    let by_keychain = open_or_create(&copy, &laptop.keychain, &mut laptop.rng).expect("no error");
    laptop.expect_same(by_keychain);
    // On another computer its keychain slot says nothing.
    let stopped = open_or_create(&copy, &MemoryKeychain::new(), &mut laptop.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::KeyMissing)));
    carry(&laptop, &copy.database);
    assert_eq!(std::fs::read(&copy.key_file).expect("read"), laptop.key_file(), "a newer copy takes its place");
    std::fs::write(laptop.place().key_file, "").expect("damaged");
    assert!(copy_key_file(&laptop.place(), &copy.key_file).is_err(), "a damaged key file is not carried");
}

#[test]
fn a_missing_or_damaged_key_file_is_mended_from_a_copy_that_opened_and_from_no_other() {
    let check = |spoil: &dyn Fn(&PathBuf), expected: &str| {
        let mut laptop = Laptop::new();
        let key = laptop.make_recovery_key();
        let elsewhere = tempfile::tempdir().expect("a folder");
        let copy = carry(&laptop, &elsewhere.path().join("a.db"));
        let good = laptop.key_file();
        spoil(&laptop.place().key_file);
        let spoilt = std::fs::read(laptop.place().key_file).ok();
        let Opening::Stopped(obstacle) = laptop.start() else { panic!("opened") };
        assert!(format!("{obstacle:?}").starts_with(expected), "{obstacle:?}");
        assert_eq!(find_ways(&laptop.place()).expect("no error"), Found::Stopped(obstacle));

        let stranger = Laptop::new();
        let refused = adopt_key_file(&laptop.place(), &stranger.place().key_file, &laptop.keys);
        assert!(matches!(refused, Err(KeysError::KeyFileReplaced { .. })));
        assert_eq!(std::fs::read(laptop.place().key_file).ok(), spoilt);

        let place = KeyFiles { key_file: copy.key_file.clone(), ..laptop.place() };
        let opened = laptop.expect_same(open_with_recovery_key(&place, &key).expect("no error"));
        adopt_key_file(&laptop.place(), &copy.key_file, &opened).expect("adopted");
        assert_eq!(laptop.key_file(), good);
        let again = laptop.start();
        laptop.expect_same(again);
        let aside = laptop.folder.path().join(format!("{KEY_FILE}.damaged"));
        assert_eq!(std::fs::read(aside).ok(), spoilt, "what was damaged is kept");

        let refused = adopt_key_file(&laptop.place(), &copy.key_file, &opened);
        assert!(matches!(refused, Err(KeysError::KeyFileReplaced { .. })), "a key file that can be read is never written over");
    };
    check(&|key_file| std::fs::remove_file(key_file).expect("removed"), "KeyFileMissing");
    check(&|key_file| std::fs::write(key_file, "{\"format\":1").expect("damaged"), "KeyFileDamaged");
}

#[test]
fn one_damaged_way_in_leaves_the_others_open() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.set_passphrase(WORDS);
    let text = String::from_utf8(laptop.key_file()).expect("text");
    let damage = |kind: &str| {
        let (before, rest) = text.split_once(&format!("\"kind\": \"{kind}\"")).expect("a slot");
        let rest = rest.replacen("\"nonce\": \"", "\"nonce\": \"x", 1);
        std::fs::write(laptop.folder.path().join(KEY_FILE), format!("{before}\"kind\": \"{kind}\"{rest}")).expect("written");
    };
    damage("passphrase");
    laptop.expect_recovery(&key);
    damage("recovery");
    laptop.expect_passphrase(WORDS);
    damage("keychain");
    laptop.expect_recovery(&key);
    let Opening::Stopped(obstacle) = laptop.start() else { panic!("opened") };
    assert_eq!(obstacle, Obstacle::PassphraseNeeded);
}

#[test]
fn a_hostile_key_file_cannot_exhaust_the_computer() {
    let mut laptop = Laptop::new();
    laptop.set_passphrase(WORDS);
    let text = String::from_utf8(laptop.key_file()).expect("text");
    let check = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        std::fs::write(laptop.place().key_file, text.replacen(from, to, 1)).expect("written");
        let stopped = open_with_passphrase(&laptop.place(), &words()).expect("no error");
        assert!(matches!(stopped, Opening::Stopped(Obstacle::NoPassphrase)), "{to}: {stopped:?}");
    };
    check("\"memory_kib\": 65536", "\"memory_kib\": 4294967295");
    check("\"passes\": 3", "\"passes\": 4294967295");
    check("\"lanes\": 4", "\"lanes\": 16777215");
    let slot = text.rsplit_once("{\n      \"kind\": \"passphrase\"").expect("a slot").1.split_once('}').expect("an end").0;
    let slots = vec![format!("{{\"kind\": \"passphrase\"{slot}}}"); 3].join(",");
    std::fs::write(laptop.place().key_file, format!("{{\"format\": 1, \"key_slots\": [{slots}]}}")).expect("written");
    let stopped = open_with_passphrase(&laptop.place(), &words()).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::KeyFileDamaged { .. })), "{stopped:?}");
    // Nothing of it was computed: the passes alone would take years.
}
