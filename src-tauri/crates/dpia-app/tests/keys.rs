//! Keys and recovery: a keychain that fails in every way, a new laptop, a lost key file. The assessments and the signing
//! identity come back, and no empty workspace ever is in their place.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_app::keys::{NewRecoveryKey, OpenedWith, TypedSecret, Unlock, UnlockWays, exchange_keys_with, find_unlock_ways};
use dpia_app::printing::{MissingCharacters, ReportRequest, ReportSignature};
use dpia_app::verifying::{FactAnswer, verify_file};
use dpia_app::{AppError, ErrorCode, Person, System, Workspace};
use dpia_keys::fake::{Behaviour, MemoryKeychain};
use dpia_model::id::AssessmentId;
use dpia_model::{CopyKind, Extent};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const WORDS: &str = "four words that differ";

struct Laptop {
    folder: tempfile::TempDir,
    keychain: MemoryKeychain,
}

/// A laptop whose officer has worked: an assessment, a signing identity, a recovery key.
struct Used {
    laptop: Laptop,
    assessment: AssessmentId,
    fingerprint: String,
    recovery_key: String,
}

impl Laptop {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keychain: MemoryKeychain::new() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn key_file(&self) -> PathBuf {
        self.data().join("keys.json")
    }

    fn start(&self) -> Result<Workspace, AppError> {
        Workspace::open_with(&self.data(), &self.keychain, Box::new(System))
    }

    fn unlock(&self, unlock: Unlock) -> Result<Workspace, AppError> {
        Workspace::unlock_with(&self.data(), None, &unlock, &self.keychain, Box::new(System))
    }

    fn unlock_with_file(&self, key_file: &Path, unlock: Unlock) -> Result<Workspace, AppError> {
        Workspace::unlock_with(&self.data(), Some(key_file), &unlock, &self.keychain, Box::new(System))
    }

    fn expect_stop(&self) -> ErrorCode {
        let before = list(&self.data());
        let error = self.start().err().expect("it must not open");
        assert_eq!(list(&self.data()), before, "nothing is made and nothing changed");
        error.code
    }

    fn ways(&self) -> UnlockWays {
        find_unlock_ways(&self.data(), None)
    }
}

impl Used {
    fn new() -> Self {
        let laptop = Laptop::new();
        let workspace = laptop.start().unwrap();
        let person = Person { name: "Sam".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() };
        workspace.vault.save_person(Some(person)).unwrap();
        let assessment = workspace.portfolio.create("Sonar").unwrap();
        let fingerprint = workspace.identity.renew().unwrap().fingerprint;
        let new = workspace.vault.make_recovery_key().unwrap();
        workspace.vault.confirm_recovery_key(&asked(&new)).unwrap();
        let recovery_key = new.groups.join("-");
        Self { laptop, assessment, fingerprint, recovery_key }
    }

    fn recovery_key(&self) -> Unlock {
        Unlock::RecoveryKey(TypedSecret::new(self.recovery_key.to_lowercase().replace('-', " ")))
    }

    /// The same assessments and the same identity, which signs a report that verifies.
    fn expect_all(&self, workspace: &Workspace) {
        assert_eq!(workspace.portfolio.list().unwrap()[0].id, self.assessment);
        assert_eq!(workspace.identity.view().unwrap().unwrap().fingerprint, self.fingerprint);
        let folder = tempfile::tempdir().unwrap();
        let (pdf, certificate) = (folder.path().join("report.pdf"), folder.path().join("certificate.pem"));
        let request = ReportRequest {
            copy: CopyKind::Internal,
            extent: Extent::Whole,
            signature: ReportSignature::Certified,
            missing_characters: MissingCharacters::Refuse,
        };
        workspace.exports.write_report(&pdf, &workspace.exports.render_report(self.assessment, &request).unwrap()).unwrap();
        workspace.identity.export_certificate(&certificate).unwrap();
        let pem = dpia_app::identity::read_certificate(&fs::read(&certificate).unwrap()).unwrap();
        assert_eq!(pem.fingerprint().to_string(), self.fingerprint);
        let found = verify_file(&workspace.identity, &pdf).unwrap();
        assert!(found.is_sound && found.signatures[0].trusted.answer == FactAnswer::Yes, "{found:?}");
    }
}

#[test]
fn exchanged_keys_open_the_same_assessments_and_what_was_known_before_opens_them_no_more() {
    let used = Used::new();
    let laptop = &used.laptop;
    let workspace = laptop.start().unwrap();
    let opened = workspace.vault.opened_keys();
    let now = || dpia_app::Surroundings::now(&System);
    // While they are open nothing is exchanged, and nothing is left of the attempt.
    let before = fs::read(laptop.key_file()).unwrap();
    let refused = exchange_keys_with(&laptop.data(), &opened, None, &laptop.keychain, now()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AlreadyOpen);
    drop(workspace);
    let beside = list(&laptop.data());
    laptop.keychain.set_behaviour(Behaviour::Locked);
    assert!(exchange_keys_with(&laptop.data(), &opened, None, &laptop.keychain, now()).is_err());
    laptop.keychain.set_behaviour(Behaviour::Works);
    assert_eq!(list(&laptop.data()), beside, "a keychain that is locked changes nothing");

    exchange_keys_with(&laptop.data(), &opened, None, &laptop.keychain, now()).unwrap();
    assert_ne!(fs::read(laptop.key_file()).unwrap(), before);
    let workspace = laptop.start().unwrap();
    used.expect_all(&workspace);
    assert_eq!(workspace.vault.view().unwrap().recovery, None, "a new one is to be made");
    drop(workspace);
    // The sheet that was seen no longer opens anything, with the key file that is here and with the old one.
    assert!(!laptop.ways().recovery_key);
    let old_file = laptop.folder.path().join("old.json");
    fs::write(&old_file, &before).unwrap();
    fs::remove_file(laptop.key_file()).unwrap();
    let error = laptop.unlock_with_file(&old_file, used.recovery_key()).err().unwrap();
    assert!(matches!(error.code, ErrorCode::Damaged | ErrorCode::KeyMissing | ErrorCode::WrongSecret), "{error:?}");
    let names: Vec<_> = list(&laptop.data()).into_iter().map(|(name, _)| name).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().contains("aside")), "{names:?}");
}

#[test]
fn keys_under_a_passphrase_are_exchanged_with_a_new_one() {
    let used = Used::new();
    let laptop = &used.laptop;
    let workspace = laptop.start().unwrap();
    workspace.vault.set_passphrase(&TypedSecret::new(WORDS)).unwrap();
    let opened = workspace.vault.opened_keys();
    drop(workspace);
    let exchange = |words: Option<&str>| {
        let typed = words.map(TypedSecret::new);
        exchange_keys_with(&laptop.data(), &opened, typed.as_ref(), &laptop.keychain, dpia_app::Surroundings::now(&System))
    };
    assert_eq!(exchange(None).unwrap_err().code, ErrorCode::WrongSecret);
    assert_eq!(exchange(Some("short")).unwrap_err().code, ErrorCode::WrongSecret);
    exchange(Some("four others that differ")).unwrap();
    laptop.keychain.empty();
    assert!(laptop.unlock(Unlock::Passphrase(TypedSecret::new(WORDS))).is_err());
    used.expect_all(&laptop.unlock(Unlock::Passphrase(TypedSecret::new("four others that differ"))).unwrap());
}

#[test]
fn what_was_open_before_keys_could_not_be_replaced_opens_again_without_the_keychain() {
    let used = Used::new();
    let laptop = &used.laptop;
    let opened = laptop.start().unwrap().vault.opened_keys();
    laptop.keychain.set_behaviour(Behaviour::Locked);
    assert!(exchange_keys_with(&laptop.data(), &opened, None, &laptop.keychain, dpia_app::Surroundings::now(&System)).is_err());
    assert!(laptop.start().is_err());
    used.expect_all(&laptop.unlock(Unlock::Kept(opened)).unwrap());
    let other = Used::new();
    let others = other.laptop.start().unwrap().vault.opened_keys();
    assert!(laptop.unlock(Unlock::Kept(others)).is_err(), "the keys of other assessments open nothing");
}

/// The groups that are asked back.
fn asked(new: &NewRecoveryKey) -> Vec<TypedSecret> {
    new.asked.iter().map(|group| TypedSecret::new(new.groups[*group as usize].to_lowercase())).collect()
}

/// Every file of a folder with its bytes.
fn list(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    files.sort();
    files
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_new_laptop_opens_a_copy_of_the_folder_with_the_recovery_key_and_asks_it_once() {
    let used = Used::new();
    let new = Laptop::new();
    copy_folder(&used.laptop.data(), &new.data());
    assert_eq!(new.expect_stop(), ErrorCode::KeyMissing);
    assert_eq!(new.ways(), UnlockWays { recovery_key: true, ..UnlockWays::default() });

    let workspace = new.unlock(used.recovery_key()).unwrap();
    used.expect_all(&workspace);
    let view = workspace.vault.view().unwrap();
    assert_eq!((view.opened_by, view.has_keychain, view.keychain_trouble), (OpenedWith::RecoveryKey, true, None));
    drop(workspace);

    let workspace = new.start().unwrap();
    assert_eq!(workspace.vault.view().unwrap().opened_by, OpenedWith::Keychain, "the new keychain opens without asking");
    used.expect_all(&workspace);
    drop(workspace);
    assert_eq!(new.keychain.count(), 1);

    // The old laptop is as it was.
    let workspace = used.laptop.start().unwrap();
    assert_eq!(workspace.vault.view().unwrap().opened_by, OpenedWith::Keychain);
    used.expect_all(&workspace);
}

#[test]
fn each_thing_that_befalls_a_keychain_ends_with_a_way_on_and_never_with_a_new_workspace() {
    let check = |befall: &dyn Fn(&MemoryKeychain), code: ErrorCode, is_mended: bool| {
        let used = Used::new();
        befall(&used.laptop.keychain);
        assert_eq!(used.laptop.expect_stop(), code);
        assert!(used.laptop.ways().recovery_key);
        assert!(!used.laptop.ways().new_passphrase, "there is something to lose");
        let workspace = used.laptop.unlock(used.recovery_key()).unwrap();
        used.expect_all(&workspace);
        assert_eq!(workspace.vault.view().unwrap().keychain_trouble.is_none(), is_mended, "{code:?}");
        drop(workspace);
        if is_mended {
            assert_eq!(used.laptop.start().unwrap().vault.view().unwrap().opened_by, OpenedWith::Keychain);
        } else {
            assert_eq!(used.laptop.expect_stop(), code);
            used.laptop.keychain.set_behaviour(Behaviour::Works);
            used.expect_all(&used.laptop.start().unwrap());
        }
    };
    check(&|keychain| keychain.set_behaviour(Behaviour::Absent), ErrorCode::KeychainMissing, false);
    check(&|keychain| keychain.set_behaviour(Behaviour::Denies), ErrorCode::KeychainMissing, false);
    check(&|keychain| keychain.set_behaviour(Behaviour::Locked), ErrorCode::KeychainLocked, false);
    check(&MemoryKeychain::empty, ErrorCode::KeyMissing, true);
    check(&MemoryKeychain::replace_all, ErrorCode::KeyMissing, true);
}

#[test]
fn a_keychain_that_blocks_is_not_waited_for_for_ever_and_the_recovery_key_opens_meanwhile() {
    let mut used = Used::new();
    let inner = Arc::new(std::mem::take(&mut used.laptop.keychain));
    inner.block();
    let keychain = dpia_keys::TimeLimited::new(Arc::clone(&inner), Duration::from_millis(30));
    let error = Workspace::open_with(&used.laptop.data(), &keychain, Box::new(System)).err().unwrap();
    assert_eq!(error.code, ErrorCode::KeychainLocked);
    let opened = Workspace::unlock_with(&used.laptop.data(), None, &used.recovery_key(), &keychain, Box::new(System)).unwrap();
    used.expect_all(&opened);
    assert!(opened.vault.view().unwrap().keychain_trouble.is_some());
    inner.unblock();
}

#[test]
fn without_a_keychain_the_first_run_goes_on_with_a_passphrase_that_each_start_asks_for() {
    let laptop = Laptop::new();
    laptop.keychain.set_behaviour(Behaviour::Absent);
    assert_eq!(laptop.start().err().unwrap().code, ErrorCode::KeychainMissing);
    assert_eq!(laptop.ways(), UnlockWays { new_passphrase: true, ..UnlockWays::default() });
    let short = laptop.unlock(Unlock::NewPassphrase(TypedSecret::new("too short"))).err().unwrap();
    assert_eq!(short.code, ErrorCode::WrongSecret);
    assert!(short.message.contains("15 characters"), "{}", short.message);
    let workspace = laptop.unlock(Unlock::NewPassphrase(TypedSecret::new(WORDS))).unwrap();
    let assessment = workspace.portfolio.create("Sonar").unwrap();
    assert_eq!(workspace.vault.view().unwrap().keychain_trouble, None, "it never had the key");
    drop(workspace);

    assert_eq!(laptop.expect_stop(), ErrorCode::PassphraseNeeded);
    assert_eq!(laptop.ways(), UnlockWays { passphrase: true, ..UnlockWays::default() });
    let wrong = laptop.unlock(Unlock::Passphrase(TypedSecret::new("four words that difer"))).err().unwrap();
    assert_eq!(wrong.code, ErrorCode::WrongSecret);
    let again = laptop.unlock(Unlock::NewPassphrase(TypedSecret::new("another four words"))).err().unwrap();
    assert_eq!(again.code, ErrorCode::WrongSecret, "a new passphrase takes nothing over");
    let workspace = laptop.unlock(Unlock::Passphrase(TypedSecret::new(WORDS))).unwrap();
    assert_eq!(workspace.portfolio.list().unwrap()[0].id, assessment);
    assert_eq!(workspace.vault.remove_passphrase_with(&laptop.keychain).err().unwrap().code, ErrorCode::Refused, "nothing else opens");

    // A keychain that comes later is used once that is asked for.
    laptop.keychain.set_behaviour(Behaviour::Works);
    assert!(workspace.vault.keep_in_keychain_with(&laptop.keychain).unwrap().has_keychain);
    assert_eq!(workspace.vault.remove_passphrase_with(&laptop.keychain).unwrap().passphrase, None);
    drop(workspace);
    assert_eq!(laptop.start().unwrap().portfolio.list().unwrap()[0].id, assessment);
}

#[test]
fn a_first_run_that_ended_after_its_passphrase_was_chosen_goes_on_with_it() {
    let laptop = Laptop::new();
    laptop.keychain.set_behaviour(Behaviour::Absent);
    drop(laptop.unlock(Unlock::NewPassphrase(TypedSecret::new(WORDS))).unwrap());
    // As if the program had ended before the database was made.
    fs::remove_file(laptop.data().join("assessments.db")).unwrap();
    fs::write(laptop.data().join("setting-up"), "").unwrap();
    let workspace = laptop.unlock(Unlock::Passphrase(TypedSecret::new(WORDS))).unwrap();
    assert_eq!(workspace.portfolio.list().unwrap().len(), 0);
    drop(workspace);
    fs::remove_file(laptop.data().join("assessments.db")).unwrap();
    let lost = laptop.unlock(Unlock::Passphrase(TypedSecret::new(WORDS))).err().unwrap();
    assert_eq!(lost.code, ErrorCode::Damaged, "a database that was lost later is never replaced by an empty one");
}

#[test]
fn a_recovery_key_is_confirmed_by_two_of_its_groups_and_is_not_shown_again() {
    let laptop = Laptop::new();
    let workspace = laptop.start().unwrap();
    assert_eq!(workspace.vault.view().unwrap().recovery, None);
    let new = workspace.vault.make_recovery_key().unwrap();
    assert_eq!((new.groups.len(), new.asked.len()), (9, 2));
    assert!(new.asked[0] < new.asked[1]);
    assert!(workspace.vault.view().unwrap().recovery.is_some_and(|key| !key.is_confirmed && key.made_at == Some(new.made_at)));
    for wrong in [vec![], asked(&new)[..1].to_vec(), asked(&new).into_iter().rev().collect()] {
        let refused = workspace.vault.confirm_recovery_key(&wrong).err().unwrap();
        assert_eq!(refused.code, ErrorCode::WrongSecret);
        assert!(refused.message.starts_with("Group "), "{}", refused.message);
    }
    assert!(workspace.vault.confirm_recovery_key(&asked(&new)).unwrap().recovery.unwrap().is_confirmed);
    assert_eq!(workspace.vault.confirm_recovery_key(&asked(&new)).err().unwrap().code, ErrorCode::Stale);

    let other = workspace.vault.make_recovery_key().unwrap();
    workspace.vault.forget_recovery_key();
    assert_eq!(workspace.vault.write_recovery_key(&laptop.folder.path().join("key.txt")).err().unwrap().code, ErrorCode::Stale);
    assert_eq!(workspace.vault.confirm_recovery_key(&asked(&other)).err().unwrap().code, ErrorCode::Stale);
    assert!(workspace.vault.view().unwrap().recovery.unwrap().is_confirmed, "the first one still holds");
}

#[test]
fn the_sheet_that_is_saved_has_the_key_for_its_owner_alone() {
    let laptop = Laptop::new();
    let workspace = laptop.start().unwrap();
    let new = workspace.vault.make_recovery_key().unwrap();
    let path = laptop.folder.path().join("key.txt");
    assert_eq!(workspace.vault.write_recovery_key(&path).unwrap().name, "key.txt");
    let sheet = fs::read_to_string(&path).unwrap();
    assert_eq!(sheet, new.sheet, "what is printed is what is saved");
    assert!(new.groups.iter().all(|group| sheet.contains(group.as_str())), "{sheet}");
    assert!(sheet.contains(&format!("Created on {}.", new.made_at.0.strftime("%-d %B %Y"))), "{sheet}");
    assert!(sheet.lines().all(|line| line.len() <= 76), "{sheet}");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    // What is on the sheet opens, as it is there.
    let rows: Vec<&str> = sheet.lines().filter(|line| line.starts_with("        ")).collect();
    drop(workspace);
    laptop.keychain.empty();
    laptop.unlock(Unlock::RecoveryKey(TypedSecret::new(rows.join("\n")))).unwrap();
}

#[test]
fn what_is_typed_wrongly_is_reported_and_opens_nothing() {
    let used = Used::new();
    used.laptop.keychain.empty();
    let check = |unlock: Unlock, said: &str| {
        let before = list(&used.laptop.data());
        let error = used.laptop.unlock(unlock).err().unwrap();
        assert_eq!(error.code, ErrorCode::WrongSecret);
        assert!(error.message.contains(said), "{}", error.message);
        assert_eq!(list(&used.laptop.data()), before);
    };
    check(Unlock::RecoveryKey(TypedSecret::new("")), "36 letters and digits");
    check(Unlock::RecoveryKey(TypedSecret::new(used.recovery_key.replacen(|_| true, "#", 1))), "never contains “#”");
    check(Unlock::RecoveryKey(TypedSecret::new(["0000"; 9].join("-"))), "Look for a newer sheet");
    check(Unlock::Passphrase(TypedSecret::new(WORDS)), "No passphrase was set");
}

#[test]
fn a_lost_or_damaged_key_file_comes_back_from_a_copy_that_opens_the_assessments() {
    let check = |spoil: &dyn Fn(&Path), code: ErrorCode| {
        let used = Used::new();
        let copy = used.laptop.folder.path().join("backup.db.keys.json");
        fs::copy(used.laptop.key_file(), &copy).unwrap();
        spoil(&used.laptop.key_file());
        let spoilt = fs::read(used.laptop.key_file()).ok();
        assert_eq!(used.laptop.expect_stop(), code);
        assert_eq!(used.laptop.ways(), UnlockWays { key_file: true, ..UnlockWays::default() });
        let ways = find_unlock_ways(&used.laptop.data(), Some(&copy));
        assert_eq!(ways, UnlockWays { key_file: true, recovery_key: true, ..UnlockWays::default() });

        // Another database's key file opens, and does not open these assessments: it is not put in place.
        let stranger = Used::new();
        let refused = used.laptop.unlock_with_file(&stranger.laptop.key_file(), stranger.recovery_key()).err().unwrap();
        assert_eq!(refused.code, ErrorCode::KeyMissing);
        assert_eq!(fs::read(used.laptop.key_file()).ok(), spoilt);

        let workspace = used.laptop.unlock_with_file(&copy, Unlock::Keychain).unwrap();
        used.expect_all(&workspace);
        drop(workspace);
        assert_eq!(fs::read(used.laptop.key_file()).unwrap(), fs::read(&copy).unwrap());
        used.laptop.start().unwrap();
    };
    check(&|file| fs::remove_file(file).unwrap(), ErrorCode::KeyFileMissing);
    check(&|file| fs::write(file, "{").unwrap(), ErrorCode::KeyFileDamaged);
}

#[test]
fn a_lost_key_file_on_a_new_laptop_takes_its_copy_and_the_recovery_key() {
    let used = Used::new();
    let new = Laptop::new();
    fs::create_dir(new.data()).unwrap();
    fs::copy(used.laptop.data().join("assessments.db"), new.data().join("assessments.db")).unwrap();
    assert_eq!(new.expect_stop(), ErrorCode::KeyFileMissing);
    let workspace = new.unlock_with_file(&used.laptop.key_file(), used.recovery_key()).unwrap();
    used.expect_all(&workspace);
    assert_eq!(workspace.vault.view().unwrap().keychain_trouble, None);
    drop(workspace);
    used.expect_all(&new.start().unwrap());
    used.expect_all(&used.laptop.start().unwrap());
}
