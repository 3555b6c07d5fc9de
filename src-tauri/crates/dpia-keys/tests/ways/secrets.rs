//! What a person keeps: a passphrase and a recovery key.

use crate::laptop::{LATER, Laptop, NOW, WORDS, words};
use dpia_keys::fake::Behaviour;
use dpia_keys::{
    KeychainSaving, KeysError, Obstacle, OpenedBy, Opening, Passphrase, RecoveryKey, Ways, create_with_passphrase, open_with_passphrase,
    open_with_recovery_key,
};

#[test]
fn without_a_keychain_the_first_run_takes_a_passphrase_and_each_start_asks_for_it() {
    let mut laptop = Laptop::without_keychain();
    assert_eq!(laptop.keys.opened_by(), OpenedBy::Passphrase);
    assert_eq!(laptop.keychain.count(), 0);
    let Opening::Stopped(obstacle) = laptop.start() else { panic!("opened") };
    assert_eq!(obstacle, Obstacle::PassphraseNeeded);
    laptop.expect_passphrase(WORDS);
    let wrong = open_with_passphrase(&laptop.place(), &Passphrase::typed("Four words that differ")).expect("no error");
    assert!(matches!(wrong, Opening::Stopped(Obstacle::WrongPassphrase)));
    let key = RecoveryKey::parse(&["0000"; 9].join("-")).expect("a key");
    let none = open_with_recovery_key(&laptop.place(), &key).expect("no error");
    assert!(matches!(none, Opening::Stopped(Obstacle::NoRecoveryKey)));
    // A keychain that comes later is used where that is asked for.
    laptop.keychain.set_behaviour(Behaviour::Works);
    assert_eq!(laptop.keys.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error"), KeychainSaving::Again);
    let again = laptop.start();
    laptop.expect_same(again);
}

#[test]
fn a_passphrase_never_makes_keys_where_there_is_a_database_or_a_key_file() {
    let mut laptop = Laptop::new();
    let before = laptop.key_file();
    let stopped = create_with_passphrase(&laptop.place(), &words(), NOW, &mut laptop.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::NoPassphrase)), "{stopped:?}");
    assert_eq!(laptop.key_file(), before);
    std::fs::remove_file(laptop.place().key_file).expect("removed");
    let stopped = create_with_passphrase(&laptop.place(), &words(), NOW, &mut laptop.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::KeyFileMissing { .. })), "{stopped:?}");
    assert!(!laptop.place().key_file.exists());
}

#[test]
fn a_recovery_key_opens_from_the_moment_it_is_shown_and_replaces_the_old_one_when_it_is_confirmed() {
    let mut laptop = Laptop::new();
    let place = laptop.place();
    assert_eq!(laptop.ways(), Ways { has_keychain: true, recovery: None, passphrase: None });
    let shown = laptop.keys.make_recovery_key(&place, NOW, &mut laptop.rng).expect("made");
    laptop.expect_recovery(&shown);
    assert!(laptop.ways().recovery.is_some_and(|way| !way.is_confirmed && way.made_at == NOW));
    let old = laptop.keys.make_recovery_key(&place, NOW, &mut laptop.rng).expect("made");
    assert!(laptop.refuses(&shown), "what was never confirmed gives way");
    let gone = laptop.keys.confirm_recovery_key(&place, &shown).expect_err("replaced");
    assert!(matches!(gone, KeysError::RecoveryKeyReplaced));
    laptop.keys.confirm_recovery_key(&place, &old).expect("confirmed");

    let new = laptop.keys.make_recovery_key(&place, LATER, &mut laptop.rng).expect("made");
    laptop.expect_recovery(&old);
    laptop.expect_recovery(&new);
    assert!(laptop.ways().recovery.is_some_and(|way| way.is_confirmed && way.made_at == NOW));
    laptop.keys.confirm_recovery_key(&place, &new).expect("confirmed");
    assert!(laptop.refuses(&old));
    laptop.expect_recovery(&new);
    assert!(laptop.ways().recovery.is_some_and(|way| way.is_confirmed && way.made_at == LATER));
    let again = laptop.start();
    laptop.expect_same(again);
}

#[test]
fn a_passphrase_is_set_changed_and_removed() {
    let mut laptop = Laptop::new();
    laptop.set_passphrase(WORDS);
    laptop.set_passphrase("another four words");
    laptop.expect_passphrase("another four words");
    let old = open_with_passphrase(&laptop.place(), &words()).expect("no error");
    assert!(matches!(old, Opening::Stopped(Obstacle::WrongPassphrase)));
    assert!(laptop.ways().passphrase.is_some_and(|way| way.made_at == NOW));
    laptop.keys.remove_passphrase(&laptop.place(), &laptop.keychain).expect("the keychain opens");
    assert_eq!(laptop.ways().passphrase, None);
    let again = laptop.start();
    laptop.expect_same(again);
}

#[test]
fn the_last_way_that_is_known_to_open_is_never_removed() {
    let mut laptop = Laptop::new();
    laptop.set_passphrase(WORDS);
    laptop.keychain.empty();
    let refuse = |laptop: &Laptop| {
        let before = laptop.key_file();
        let refused = laptop.keys.remove_passphrase(&laptop.place(), &laptop.keychain).expect_err("refused");
        assert!(matches!(refused, KeysError::LastWay), "{refused}");
        assert_eq!(laptop.key_file(), before);
    };
    refuse(&laptop);
    laptop.keychain.set_behaviour(Behaviour::Locked);
    refuse(&laptop);
    let key = laptop.keys.make_recovery_key(&laptop.place(), NOW, &mut laptop.rng).expect("made");
    refuse(&laptop);
    laptop.keys.confirm_recovery_key(&laptop.place(), &key).expect("confirmed");
    laptop.keys.remove_passphrase(&laptop.place(), &laptop.keychain).expect("the recovery key opens");
    laptop.expect_recovery(&key);
}
