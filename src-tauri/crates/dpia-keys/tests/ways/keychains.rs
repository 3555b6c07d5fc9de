//! What befalls a keychain, and how it is mended.

use std::sync::Arc;
use std::time::Duration;

use crate::laptop::{Laptop, WORDS};
use dpia_keys::fake::{Behaviour, MemoryKeychain};
use dpia_keys::{
    Account, Keychain, KeychainError, KeychainSaving, KeychainSecret, Obstacle, OpenedBy, Opening, RecoveryKey, TimeLimited, open_or_create,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

#[test]
fn whatever_befalls_the_keychain_the_recovery_key_opens_the_same_keys_and_the_next_start_asks_nothing() {
    let check = |befall: &dyn Fn(&mut Laptop), mend: &dyn Fn(&mut Laptop), expected: &str| {
        let mut laptop = Laptop::new();
        let encrypted = laptop.keys.encrypt_identity(b"a private key", &mut laptop.rng).expect("encrypted");
        let key = laptop.make_recovery_key();
        befall(&mut laptop);
        let before = laptop.key_file();
        let Opening::Stopped(obstacle) = laptop.start() else { panic!("{expected}: opened") };
        assert!(format!("{obstacle:?}").starts_with(expected), "{obstacle:?}");
        let typed = RecoveryKey::parse(&key.to_text().to_lowercase()).expect("a key");
        let opened = laptop.expect_recovery(&typed);
        assert_eq!(opened.opened_by(), OpenedBy::RecoveryKey);
        assert_eq!(*opened.open_identity(&encrypted).expect("the identity comes back"), b"a private key");
        assert_eq!(laptop.key_file(), before, "opening changes nothing");
        mend(&mut laptop);
        opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error");
        let again = laptop.start();
        assert_eq!(laptop.expect_same(again).opened_by(), OpenedBy::Keychain);
        laptop.expect_recovery(&key);
        assert!(laptop.ways().recovery.is_some_and(|way| way.is_confirmed));
    };
    let works = |laptop: &mut Laptop| laptop.keychain.set_behaviour(Behaviour::Works);
    check(&|laptop| laptop.keychain.set_behaviour(Behaviour::Absent), &works, "NoKeychain");
    check(&|laptop| laptop.keychain.set_behaviour(Behaviour::Locked), &works, "Locked");
    check(&|laptop| laptop.keychain.set_behaviour(Behaviour::Denies), &works, "Denied");
    check(&|laptop| laptop.keychain.empty(), &works, "KeyMissing");
    check(&|laptop| laptop.keychain.replace_all(), &works, "KeyReplaced");
    check(&|laptop| laptop.keychain = MemoryKeychain::new(), &works, "KeyMissing");
}

#[test]
fn a_keychain_that_blocks_is_left_behind_and_the_recovery_key_opens_meanwhile() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    let inner = Arc::new(std::mem::take(&mut laptop.keychain));
    inner.block();
    let keychain = TimeLimited::new(Arc::clone(&inner), Duration::from_millis(30));
    let stopped = open_or_create(&laptop.place(), &keychain, &mut laptop.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::Blocked)), "{stopped:?}");
    let opened = laptop.expect_recovery(&key);
    let before = laptop.key_file();
    let kept = opened.keep_in_keychain(&laptop.place(), &keychain, &mut laptop.rng).expect("no error");
    assert_eq!(kept, KeychainSaving::Stopped(Obstacle::Blocked));
    assert_eq!(laptop.key_file(), before, "its slot is not given up: it may answer one day");
    inner.unblock();
    let patient = TimeLimited::new(inner, Duration::from_secs(600));
    assert_eq!(opened.keep_in_keychain(&laptop.place(), &patient, &mut laptop.rng).expect("no error"), KeychainSaving::Already);
}

#[test]
fn the_slots_of_a_lost_keychain_give_way_to_a_new_one_and_no_other_slot_does() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.set_passphrase(WORDS);
    let text = String::from_utf8(laptop.key_file()).expect("text");
    std::fs::write(laptop.place().key_file, text.replacen("\"key_slots\": [", "\"key_slots\": [{\"kind\": \"token\", \"n\": [1]},", 1))
        .expect("written");
    laptop.keychain.empty();
    let opened = laptop.expect_recovery(&key);
    assert_eq!(opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error"), KeychainSaving::Again);
    let text = String::from_utf8(laptop.key_file()).expect("text");
    assert_eq!(text.matches("\"keychain\"").count(), 1, "{text}");
    assert_eq!(text.matches("\"token\"").count(), 1, "{text}");
    assert_eq!(laptop.keychain.count(), 1);
    laptop.expect_recovery(&key);
    laptop.expect_passphrase(WORDS);
    let again = laptop.start();
    laptop.expect_same(again);
    assert_eq!(opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error"), KeychainSaving::Already);
    assert_eq!(laptop.keychain.count(), 1);
}

#[test]
fn a_keychain_that_does_not_keep_the_new_secret_takes_nothing_away() {
    let check = |behaviour| {
        let mut laptop = Laptop::new();
        let key = laptop.make_recovery_key();
        laptop.keychain.empty();
        laptop.keychain.set_behaviour(behaviour);
        let before = laptop.key_file();
        let opened = laptop.expect_recovery(&key);
        let kept = opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error");
        assert!(matches!(kept, KeychainSaving::Stopped(_)), "{behaviour:?}: {kept:?}");
        assert_eq!(laptop.key_file(), before);
    };
    check(Behaviour::Absent);
    check(Behaviour::Locked);
    check(Behaviour::Denies);
    check(Behaviour::Forgets);
    check(Behaviour::Garbles);
    check(Behaviour::NoCollection);
}

/// A keychain that does something before it keeps anything, and may refuse to say what it had before.
struct FaultyKeychain<'a> {
    keychain: &'a MemoryKeychain,
    refuses_to_say: bool,
    before_keeping: &'a (dyn Fn() + Sync),
    kept: std::sync::Mutex<Vec<Account>>,
}

impl Keychain for FaultyKeychain<'_> {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        let is_new = self.kept.lock().expect("no panic").contains(account);
        if self.refuses_to_say && !is_new {
            return Err(KeychainError::Locked { reason: "as the test says".to_owned() });
        }
        self.keychain.get(account)
    }
    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        (self.before_keeping)();
        self.kept.lock().expect("no panic").push(account.clone());
        self.keychain.set(account, secret)
    }
    fn delete(&self, account: &Account) -> Result<(), KeychainError> {
        self.keychain.delete(account)
    }
}

#[test]
fn a_keychain_slot_whose_secret_may_still_be_there_is_never_given_up() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    let opened = laptop.expect_recovery(&key);
    let odd = FaultyKeychain { keychain: &laptop.keychain, refuses_to_say: true, before_keeping: &|| {}, kept: Default::default() };
    let kept = opened.keep_in_keychain(&laptop.place(), &odd, &mut laptop.rng).expect("no error");
    assert_eq!(kept, KeychainSaving::Stopped(Obstacle::Locked));
    let again = laptop.start();
    laptop.expect_same(again);
}

#[test]
fn of_two_programs_that_mend_the_keychain_at_once_neither_takes_the_others_slot() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.keychain.empty();
    let (one, other) = (laptop.expect_recovery(&key), laptop.expect_recovery(&key));
    let place = laptop.place();
    let meanwhile = || {
        let mut rng = ChaCha20Rng::seed_from_u64(99);
        assert_eq!(other.keep_in_keychain(&place, &laptop.keychain, &mut rng).expect("no error"), KeychainSaving::Again);
    };
    let odd = FaultyKeychain { keychain: &laptop.keychain, refuses_to_say: false, before_keeping: &meanwhile, kept: Default::default() };
    assert_eq!(one.keep_in_keychain(&place, &odd, &mut ChaCha20Rng::seed_from_u64(98)).expect("no error"), KeychainSaving::Again);
    assert_eq!(String::from_utf8(laptop.key_file()).expect("text").matches("\"keychain\"").count(), 2);
}
