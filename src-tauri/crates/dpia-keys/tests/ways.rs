//! The ways to a database's key: each obstacle of a keychain with each way on, with a keychain in memory.
//! Longer than 500 lines because each test tells a story of the same laptop, which is set up here once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dpia_keys::fake::{MemoryKeychain, Mood};
use dpia_keys::{
    Account, Found, HEADER_FILE, Kept, Keychain, KeychainError, KeychainSecret, Keys, KeysError, Obstacle, OpenedBy, Opening, Passphrase,
    Place, RecoveryKey, TimeLimited, Ways, adopt_header, copy_header, create_with_passphrase, find_ways, open_or_create,
    open_with_passphrase, open_with_recovery_key,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use tempfile::TempDir;

const NOW: &str = "2026-11-22T12:00:00Z";
const LATER: &str = "2026-11-23T12:00:00Z";
const WORDS: &str = "four words that differ";

/// A laptop after its first run.
struct Laptop {
    folder: TempDir,
    keychain: MemoryKeychain,
    rng: ChaCha20Rng,
    keys: Keys,
}

impl Laptop {
    fn new() -> Laptop {
        let folder = tempfile::tempdir().expect("a folder");
        static SEED: AtomicU64 = AtomicU64::new(0);
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        let (keychain, mut rng) = (MemoryKeychain::new(), ChaCha20Rng::seed_from_u64(seed));
        let place = Place::in_folder(folder.path(), "assessments.db");
        let keys = expect_keys(open_or_create(&place, &keychain, &mut rng).expect("no error"));
        std::fs::write(&place.database, b"rows").expect("written");
        Laptop { folder, keychain, rng, keys }
    }

    /// One without a keychain, whose officer chose a passphrase.
    fn without_keychain() -> Laptop {
        let mut laptop = Laptop::new();
        std::fs::remove_file(laptop.place().database).expect("removed");
        std::fs::remove_file(laptop.place().header).expect("removed");
        laptop.keychain = MemoryKeychain::new();
        laptop.keychain.set_mood(Mood::Absent);
        let stopped = open_or_create(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error");
        assert!(matches!(stopped, Opening::Stopped(Obstacle::NoKeychain { .. })));
        assert_eq!(find_ways(&laptop.place()).expect("no error"), Found::Nothing);
        let made = create_with_passphrase(&laptop.place(), &words(), NOW, &mut laptop.rng).expect("no error");
        assert!(matches!(made, Opening::FirstRun(_)));
        laptop.keys = expect_keys(made);
        std::fs::write(laptop.place().database, b"rows").expect("written");
        laptop
    }

    fn place(&self) -> Place {
        Place::in_folder(self.folder.path(), "assessments.db")
    }

    fn make_recovery_key(&mut self) -> RecoveryKey {
        let key = self.keys.make_recovery_key(&self.place(), NOW, &mut self.rng).expect("made");
        self.keys.confirm_recovery_key(&self.place(), &key).expect("confirmed");
        key
    }

    fn set_passphrase(&mut self, text: &str) {
        let passphrase = Passphrase::choose(text).expect("long enough");
        self.keys.set_passphrase(&self.place(), &passphrase, NOW, &mut self.rng).expect("set");
    }

    fn start(&mut self) -> Opening {
        open_or_create(&self.place(), &self.keychain, &mut self.rng).expect("no error")
    }

    fn expect_same(&self, opening: Opening) -> Keys {
        let keys = expect_keys(opening);
        assert_eq!(keys.database_key().as_bytes(), self.keys.database_key().as_bytes());
        keys
    }

    fn expect_recovery(&self, key: &RecoveryKey) -> Keys {
        self.expect_same(open_with_recovery_key(&self.place(), key).expect("no error"))
    }

    fn expect_passphrase(&self, text: &str) -> Keys {
        self.expect_same(open_with_passphrase(&self.place(), &Passphrase::typed(text)).expect("no error"))
    }

    fn ways(&self) -> Ways {
        match find_ways(&self.place()).expect("no error") {
            Found::Ways(ways) => ways,
            other => panic!("{other:?}"),
        }
    }

    fn header(&self) -> Vec<u8> {
        std::fs::read(self.place().header).expect("a header")
    }

    fn refuses(&self, key: &RecoveryKey) -> bool {
        matches!(open_with_recovery_key(&self.place(), key), Ok(Opening::Stopped(Obstacle::WrongRecoveryKey)))
    }
}

fn expect_keys(opening: Opening) -> Keys {
    match opening {
        Opening::Opened(keys) | Opening::FirstRun(keys) => keys,
        Opening::Stopped(obstacle) => panic!("stopped: {obstacle}"),
    }
}

fn words() -> Passphrase {
    Passphrase::choose(WORDS).expect("long enough")
}

/// What `adopt_header` and a copier do in tests: the header beside a copy.
fn carry(laptop: &Laptop, to: &Path) -> Place {
    let copy = Place::of_copy(to);
    copy_header(&laptop.place(), &copy.header).expect("copied");
    copy
}

#[test]
fn whatever_befalls_the_keychain_the_recovery_key_opens_the_same_keys_and_the_next_start_asks_nothing() {
    let check = |befall: &dyn Fn(&mut Laptop), mend: &dyn Fn(&mut Laptop), expected: &str| {
        let mut laptop = Laptop::new();
        let sealed = laptop.keys.seal_identity(b"a private key", &mut laptop.rng).expect("sealed");
        let key = laptop.make_recovery_key();
        befall(&mut laptop);
        let before = laptop.header();
        let Opening::Stopped(obstacle) = laptop.start() else { panic!("{expected}: opened") };
        assert!(format!("{obstacle:?}").starts_with(expected), "{obstacle:?}");
        let typed = RecoveryKey::parse(&key.to_text().to_lowercase()).expect("a key");
        let opened = laptop.expect_recovery(&typed);
        assert_eq!(opened.opened_by(), OpenedBy::RecoveryKey);
        assert_eq!(*opened.open_identity(&sealed).expect("the identity comes back"), b"a private key");
        assert_eq!(laptop.header(), before, "opening changes nothing");
        mend(&mut laptop);
        opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error");
        let again = laptop.start();
        assert_eq!(laptop.expect_same(again).opened_by(), OpenedBy::Keychain);
        laptop.expect_recovery(&key);
        assert!(laptop.ways().recovery.is_some_and(|way| way.is_confirmed));
    };
    let works = |laptop: &mut Laptop| laptop.keychain.set_mood(Mood::Works);
    check(&|laptop| laptop.keychain.set_mood(Mood::Absent), &works, "NoKeychain");
    check(&|laptop| laptop.keychain.set_mood(Mood::Locked), &works, "Locked");
    check(&|laptop| laptop.keychain.set_mood(Mood::Denies), &works, "Denied");
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
    let before = laptop.header();
    let kept = opened.keep_in_keychain(&laptop.place(), &keychain, &mut laptop.rng).expect("no error");
    assert_eq!(kept, Kept::Stopped(Obstacle::Blocked));
    assert_eq!(laptop.header(), before, "its slot is not given up: it may answer one day");
    inner.unblock();
    let patient = TimeLimited::new(inner, Duration::from_secs(600));
    assert_eq!(opened.keep_in_keychain(&laptop.place(), &patient, &mut laptop.rng).expect("no error"), Kept::Already);
}

#[test]
fn the_slots_of_a_lost_keychain_give_way_to_a_new_one_and_no_other_slot_does() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.set_passphrase(WORDS);
    let text = String::from_utf8(laptop.header()).expect("text");
    std::fs::write(laptop.place().header, text.replacen("\"key_slots\": [", "\"key_slots\": [{\"kind\": \"token\", \"n\": [1]},", 1))
        .expect("written");
    laptop.keychain.empty();
    let opened = laptop.expect_recovery(&key);
    assert_eq!(opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error"), Kept::Anew);
    let text = String::from_utf8(laptop.header()).expect("text");
    assert_eq!(text.matches("\"keychain\"").count(), 1, "{text}");
    assert_eq!(text.matches("\"token\"").count(), 1, "{text}");
    assert_eq!(laptop.keychain.count(), 1);
    laptop.expect_recovery(&key);
    laptop.expect_passphrase(WORDS);
    let again = laptop.start();
    laptop.expect_same(again);
    assert_eq!(opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error"), Kept::Already);
    assert_eq!(laptop.keychain.count(), 1);
}

#[test]
fn a_keychain_that_does_not_keep_the_new_secret_takes_nothing_away() {
    let check = |mood| {
        let mut laptop = Laptop::new();
        let key = laptop.make_recovery_key();
        laptop.keychain.empty();
        laptop.keychain.set_mood(mood);
        let before = laptop.header();
        let opened = laptop.expect_recovery(&key);
        let kept = opened.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error");
        assert!(matches!(kept, Kept::Stopped(_)), "{mood:?}: {kept:?}");
        assert_eq!(laptop.header(), before);
    };
    check(Mood::Absent);
    check(Mood::Locked);
    check(Mood::Denies);
    check(Mood::Forgets);
    check(Mood::Garbles);
    check(Mood::NoCollection);
}

/// A keychain that does something before it keeps anything, and may refuse to say what it had before.
struct Odd<'a> {
    keychain: &'a MemoryKeychain,
    refuses_to_say: bool,
    before_keeping: &'a (dyn Fn() + Sync),
    kept: std::sync::Mutex<Vec<Account>>,
}

impl Keychain for Odd<'_> {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        let is_new = self.kept.lock().expect("no panic").contains(account);
        if self.refuses_to_say && !is_new {
            return Err(KeychainError::Locked { reason: "told to".to_owned() });
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
    let odd = Odd { keychain: &laptop.keychain, refuses_to_say: true, before_keeping: &|| {}, kept: Default::default() };
    let kept = opened.keep_in_keychain(&laptop.place(), &odd, &mut laptop.rng).expect("no error");
    assert_eq!(kept, Kept::Stopped(Obstacle::Locked));
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
        assert_eq!(other.keep_in_keychain(&place, &laptop.keychain, &mut rng).expect("no error"), Kept::Anew);
    };
    let odd = Odd { keychain: &laptop.keychain, refuses_to_say: false, before_keeping: &meanwhile, kept: Default::default() };
    assert_eq!(one.keep_in_keychain(&place, &odd, &mut ChaCha20Rng::seed_from_u64(98)).expect("no error"), Kept::Anew);
    assert_eq!(String::from_utf8(laptop.header()).expect("text").matches("\"keychain\"").count(), 2);
}

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
    laptop.keychain.set_mood(Mood::Works);
    assert_eq!(laptop.keys.keep_in_keychain(&laptop.place(), &laptop.keychain, &mut laptop.rng).expect("no error"), Kept::Anew);
    let again = laptop.start();
    laptop.expect_same(again);
}

#[test]
fn a_passphrase_never_makes_keys_where_there_is_a_database_or_a_header() {
    let mut laptop = Laptop::new();
    let before = laptop.header();
    let stopped = create_with_passphrase(&laptop.place(), &words(), NOW, &mut laptop.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::NoPassphrase)), "{stopped:?}");
    assert_eq!(laptop.header(), before);
    std::fs::remove_file(laptop.place().header).expect("removed");
    let stopped = create_with_passphrase(&laptop.place(), &words(), NOW, &mut laptop.rng).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::HeaderMissing { .. })), "{stopped:?}");
    assert!(!laptop.place().header.exists());
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
        let before = laptop.header();
        let refused = laptop.keys.remove_passphrase(&laptop.place(), &laptop.keychain).expect_err("refused");
        assert!(matches!(refused, KeysError::LastWay), "{refused}");
        assert_eq!(laptop.header(), before);
    };
    refuse(&laptop);
    laptop.keychain.set_mood(Mood::Locked);
    refuse(&laptop);
    let key = laptop.keys.make_recovery_key(&laptop.place(), NOW, &mut laptop.rng).expect("made");
    refuse(&laptop);
    laptop.keys.confirm_recovery_key(&laptop.place(), &key).expect("confirmed");
    laptop.keys.remove_passphrase(&laptop.place(), &laptop.keychain).expect("the recovery key opens");
    laptop.expect_recovery(&key);
}

#[test]
fn two_programs_that_opened_the_same_header_lose_nothing_of_each_other() {
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
fn a_header_that_was_exchanged_for_another_databases_is_never_changed() {
    let mut laptop = Laptop::new();
    let mut other = Laptop::new();
    let key = other.make_recovery_key();
    std::fs::copy(other.place().header, laptop.place().header).expect("exchanged");
    let before = laptop.header();
    let place = laptop.place();
    let check = |refused: Result<(), KeysError>| assert!(matches!(refused, Err(KeysError::HeaderReplaced { .. })), "{refused:?}");
    check(laptop.keys.make_recovery_key(&place, NOW, &mut laptop.rng).map(drop));
    check(laptop.keys.confirm_recovery_key(&place, &key));
    check(laptop.keys.set_passphrase(&place, &words(), NOW, &mut laptop.rng));
    check(laptop.keys.remove_passphrase(&place, &laptop.keychain));
    let secrets = laptop.keychain.count();
    check(laptop.keys.keep_in_keychain(&place, &laptop.keychain, &mut laptop.rng).map(drop));
    assert_eq!(laptop.keychain.count(), secrets, "no secret is left behind");
    assert_eq!(laptop.header(), before);
    std::fs::remove_file(&place.header).expect("removed");
    check(laptop.keys.set_passphrase(&place, &words(), NOW, &mut laptop.rng));
    assert!(!place.header.exists());
}

#[test]
fn a_copy_of_the_database_carries_its_ways_and_opens_with_each() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.set_passphrase(WORDS);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let copy = carry(&laptop, &elsewhere.path().join("2026-11-22.db"));
    assert_eq!(copy.header, elsewhere.path().join("2026-11-22.db.keys.json"));
    assert_eq!(std::fs::read(&copy.header).expect("read"), laptop.header());
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
    assert_eq!(std::fs::read(&copy.header).expect("read"), laptop.header(), "a newer copy takes its place");
    std::fs::write(laptop.place().header, "").expect("damaged");
    assert!(copy_header(&laptop.place(), &copy.header).is_err(), "a damaged header is not carried");
}

#[test]
fn a_missing_or_damaged_header_is_mended_from_a_copy_that_opened_and_from_no_other() {
    let check = |spoil: &dyn Fn(&PathBuf), expected: &str| {
        let mut laptop = Laptop::new();
        let key = laptop.make_recovery_key();
        let elsewhere = tempfile::tempdir().expect("a folder");
        let copy = carry(&laptop, &elsewhere.path().join("a.db"));
        let good = laptop.header();
        spoil(&laptop.place().header);
        let spoilt = std::fs::read(laptop.place().header).ok();
        let Opening::Stopped(obstacle) = laptop.start() else { panic!("opened") };
        assert!(format!("{obstacle:?}").starts_with(expected), "{obstacle:?}");
        assert_eq!(find_ways(&laptop.place()).expect("no error"), Found::Stopped(obstacle));

        let stranger = Laptop::new();
        let refused = adopt_header(&laptop.place(), &stranger.place().header, &laptop.keys);
        assert!(matches!(refused, Err(KeysError::HeaderReplaced { .. })));
        assert_eq!(std::fs::read(laptop.place().header).ok(), spoilt);

        let place = Place { header: copy.header.clone(), ..laptop.place() };
        let opened = laptop.expect_same(open_with_recovery_key(&place, &key).expect("no error"));
        adopt_header(&laptop.place(), &copy.header, &opened).expect("adopted");
        assert_eq!(laptop.header(), good);
        let again = laptop.start();
        laptop.expect_same(again);
        let aside = laptop.folder.path().join(format!("{HEADER_FILE}.damaged"));
        assert_eq!(std::fs::read(aside).ok(), spoilt, "what was damaged is kept");

        let refused = adopt_header(&laptop.place(), &copy.header, &opened);
        assert!(matches!(refused, Err(KeysError::HeaderReplaced { .. })), "a header that can be read is never written over");
    };
    check(&|header| std::fs::remove_file(header).expect("removed"), "HeaderMissing");
    check(&|header| std::fs::write(header, "{\"format\":1").expect("damaged"), "HeaderDamaged");
}

#[test]
fn one_damaged_way_in_leaves_the_others_open() {
    let mut laptop = Laptop::new();
    let key = laptop.make_recovery_key();
    laptop.set_passphrase(WORDS);
    let text = String::from_utf8(laptop.header()).expect("text");
    let damage = |kind: &str| {
        let (before, rest) = text.split_once(&format!("\"kind\": \"{kind}\"")).expect("a slot");
        let rest = rest.replacen("\"nonce\": \"", "\"nonce\": \"x", 1);
        std::fs::write(laptop.folder.path().join(HEADER_FILE), format!("{before}\"kind\": \"{kind}\"{rest}")).expect("written");
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
fn a_hostile_header_cannot_exhaust_the_computer() {
    let mut laptop = Laptop::new();
    laptop.set_passphrase(WORDS);
    let text = String::from_utf8(laptop.header()).expect("text");
    let check = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        std::fs::write(laptop.place().header, text.replacen(from, to, 1)).expect("written");
        let stopped = open_with_passphrase(&laptop.place(), &words()).expect("no error");
        assert!(matches!(stopped, Opening::Stopped(Obstacle::NoPassphrase)), "{to}: {stopped:?}");
    };
    check("\"memory_kib\": 65536", "\"memory_kib\": 4294967295");
    check("\"passes\": 3", "\"passes\": 4294967295");
    check("\"lanes\": 4", "\"lanes\": 16777215");
    let slot = text.rsplit_once("{\n      \"kind\": \"passphrase\"").expect("a slot").1.split_once('}').expect("an end").0;
    let slots = vec![format!("{{\"kind\": \"passphrase\"{slot}}}"); 3].join(",");
    std::fs::write(laptop.place().header, format!("{{\"format\": 1, \"key_slots\": [{slots}]}}")).expect("written");
    let stopped = open_with_passphrase(&laptop.place(), &words()).expect("no error");
    assert!(matches!(stopped, Opening::Stopped(Obstacle::HeaderDamaged { .. })), "{stopped:?}");
    // Nothing of it was computed: the passes alone would take years.
}
