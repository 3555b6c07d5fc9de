//! Backups: when they are made, what is shown of them, and the way back.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_app::backups::{BackupKind, Backups, BackupsView};
use dpia_app::keys::{OpenedKeys, TypedSecret, Unlock, exchange_keys_with};
use dpia_app::model::id::AssessmentId;
use dpia_app::{AppError, ErrorCode, Surroundings, System, Workspace};
use dpia_keys::fake::{Behaviour, MemoryKeychain};
use dpia_keys::{Account, KeyFiles, Keychain, KeychainError, KeychainSecret, Opening, open_or_create};
use dpia_model::Instant;
use dpia_model::rich_text::RichText;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

const HOUR: i64 = 3600;

/// A clock that is set, and the computer's randomness.
#[derive(Clone, Default)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Surroundings for Clock {
    fn now(&self) -> Instant {
        Instant(jiff::Timestamp::from_second(1_800_000_000 + self.0.load(Ordering::SeqCst)).unwrap())
    }

    fn new_id(&self) -> uuid::Uuid {
        System.new_id()
    }
}

#[derive(Clone)]
struct Shared(Arc<MemoryKeychain>);

impl Keychain for Shared {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        self.0.get(account)
    }

    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        self.0.set(account, secret)
    }

    fn delete(&self, account: &Account) -> Result<(), KeychainError> {
        self.0.delete(account)
    }
}

struct Laptop {
    folder: tempfile::TempDir,
    keychain: Shared,
    clock: Clock,
}

impl Laptop {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keychain: Shared(Arc::new(MemoryKeychain::new())), clock: Clock::default() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn try_open(&self) -> Result<Workspace, AppError> {
        Workspace::open_with(&self.data(), &self.keychain, Box::new(self.clock.clone()))
    }

    fn open(&self) -> Workspace {
        self.try_open().unwrap()
    }

    fn backups(&self) -> Backups {
        Backups::with(&self.data(), Box::new(self.keychain.clone()))
    }

    fn made(&self) -> Vec<String> {
        let made = self.backups().view().backups.into_iter().filter(|entry| entry.kind == BackupKind::Made);
        made.map(|entry| entry.name).collect()
    }

    fn restore(&self, name: &str) -> Result<(), AppError> {
        self.backups().restore(name, self.clock.now())
    }
}

fn write(workspace: &Workspace, id: AssessmentId, words: &str) {
    let typed = dpia_app::editing::Typed::Words { text: RichText::from_plain(words) };
    workspace.editor.save_answer(id, "purpose.aims".parse().unwrap(), typed, true).unwrap();
}

fn words(workspace: &Workspace, id: AssessmentId) -> String {
    let now = workspace.editor.open(id).unwrap().now;
    now.answers[&"purpose.aims".parse().unwrap()].as_ref().unwrap().content.rich_text().unwrap().plain_text()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_made_only_where_something_was_changed_since_the_last() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    assert!(workspace.backups.make_if_changed().unwrap());
    assert!(!workspace.backups.make_if_changed().unwrap());
    write(&workspace, id, "First.");
    drop(workspace);
    let workspace = laptop.open();
    laptop.clock.pass(60);
    assert!(workspace.backups.make_if_changed().unwrap(), "what was changed before it was opened counts");
    drop(workspace);
    let workspace = laptop.open();
    assert!(!workspace.backups.make_if_changed().unwrap());
    workspace.backups.make().unwrap();
    assert_eq!(laptop.made().len(), 3, "one that is asked for is always made");
    assert_eq!(
        names(&laptop.data().join("backups"))[..3],
        ["assessments-20270115T080000Z.db", "assessments-20270115T080000Z.db.head", "assessments-20270115T080000Z.db.keys.json"]
    );
}

#[test]
fn while_it_is_open_a_backup_is_made_every_four_hours() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let mut counts = Vec::new();
    for hour in 0..10 {
        write(&workspace, id, &format!("Hour {hour}."));
        workspace.backups.keep_safe().unwrap();
        counts.push(laptop.made().len());
        laptop.clock.pass(HOUR);
    }
    assert_eq!(counts, [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
}

#[test]
fn old_backups_are_thinned_out_and_nothing_else_is_touched() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.backups.make().unwrap();
    let folder = laptop.data().join("backups");
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    for day in 0..5 {
        for hour in 0..2 {
            write(&workspace, id, &format!("Day {day}, hour {hour}."));
            laptop.clock.pass(HOUR);
            workspace.backups.make().unwrap();
        }
        laptop.clock.pass(22 * HOUR);
    }
    workspace.backups.make().unwrap();
    // One for each of four days, two that are less than a day old, and the last.
    assert_eq!(laptop.made().len(), 7);
    assert_eq!(names(&folder).len(), 7 * 3 + 1);
}

#[test]
fn a_look_tells_what_a_backup_holds_and_a_restoring_destroys_nothing() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "First.");
    workspace.backups.make().unwrap();
    laptop.clock.pass(HOUR);
    write(&workspace, id, "Second.");
    let second = workspace.portfolio.create("Arbor").unwrap();
    workspace.portfolio.bin(second).unwrap();
    workspace.backups.make().unwrap();
    let made = laptop.made();
    let look = laptop.backups().look(&made[1]).unwrap();
    assert_eq!(look.assessments.iter().map(|held| (held.product.as_str(), held.revision)).collect::<Vec<_>>(), [("Sonar", 1)]);
    assert_eq!(look.entry.made_at.0.to_string(), "2027-01-15T08:00:00Z");
    let look = laptop.backups().look(&made[0]).unwrap();
    assert_eq!(look.assessments.iter().map(|held| held.is_binned).collect::<Vec<_>>(), [true, false]);

    assert_eq!(laptop.restore(&made[1]).unwrap_err().code, ErrorCode::AlreadyOpen);
    write(&workspace, id, "Third.");
    drop(workspace);
    laptop.restore(&made[1]).unwrap();
    let workspace = laptop.open();
    assert_eq!(words(&workspace, id), "First.");
    drop(workspace);
    let aside = laptop.backups().view().backups.into_iter().find(|entry| entry.kind == BackupKind::SetAside).unwrap();
    laptop.restore(&aside.name).unwrap();
    assert_eq!(words(&laptop.open(), id), "Third.");
    assert_eq!(laptop.restore("../data/assessments.db").unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_damaged_or_lost_file_is_replaced_by_a_backup() {
    type Harm = fn(&Path);
    let harms: [(Harm, ErrorCode); 4] = [
        (|database| fs::write(database, vec![1; 8192]).unwrap(), ErrorCode::Damaged),
        (|database| fs::write(database, "").unwrap(), ErrorCode::Damaged),
        (|database| fs::remove_file(database).unwrap(), ErrorCode::Damaged),
        (
            |database| {
                let bytes = fs::read(database).unwrap();
                fs::write(database, &bytes[..bytes.len() - 4096]).unwrap();
            },
            ErrorCode::Damaged,
        ),
    ];
    for (harm, expected) in harms {
        let laptop = Laptop::new();
        let workspace = laptop.open();
        let id = workspace.portfolio.create("Sonar").unwrap();
        write(&workspace, id, "First.");
        workspace.backups.make().unwrap();
        drop(workspace);
        harm(&laptop.data().join("assessments.db"));
        let error = laptop.try_open().map(drop).unwrap_err();
        assert_eq!(error.code, expected, "{error:?}");
        laptop.restore(&laptop.made()[0]).unwrap();
        assert_eq!(words(&laptop.open(), id), "First.");
    }
}

#[test]
fn lost_key_slots_come_back_with_a_backup() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "First.");
    workspace.backups.make().unwrap();
    drop(workspace);
    for harm in ["gone", "damaged"] {
        let key_file = laptop.data().join("keys.json");
        match harm {
            "gone" => fs::remove_file(&key_file).unwrap(),
            _ => fs::write(&key_file, "{").unwrap(),
        }
        assert!(laptop.try_open().is_err());
        assert_eq!(laptop.backups().look(&laptop.made()[0]).unwrap().assessments.len(), 1);
        laptop.restore(&laptop.made()[0]).unwrap();
        assert_eq!(words(&laptop.open(), id), "First.", "{harm}");
    }
    laptop.keychain.0.replace_all();
    let refused = laptop.backups().look(&laptop.made()[0]).unwrap_err();
    assert_eq!(refused.code, ErrorCode::KeyMissing, "{refused:?}");
}

#[test]
fn an_older_copy_is_reported_in_plain_words_and_the_officer_decides() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "First.");
    drop(workspace);
    let database = laptop.data().join("assessments.db");
    let older = fs::read(&database).unwrap();
    write(&laptop.open(), id, "Second.");
    fs::write(&database, older).unwrap();
    let error = laptop.try_open().map(drop).unwrap_err();
    assert_eq!(error.code, ErrorCode::Outdated);
    assert_eq!(
        error.message,
        "The file of the assessments is older than when it was last closed, when it contained one assessment, last edited on 15 January 2027: it was replaced by an older copy, or its last edits were lost. Nothing was changed: restore a backup, or continue with the older file."
    );
    laptop.backups().go_on_with_older(laptop.clock.now()).unwrap();
    assert_eq!(words(&laptop.open(), id), "First.");
    fs::write(laptop.data().join("assessments.db.head"), "forged").unwrap();
    assert_eq!(laptop.try_open().map(drop).unwrap_err().code, ErrorCode::Outdated);
}

#[test]
fn backups_go_to_the_folder_chosen_and_to_the_assessments_where_it_is_gone() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    workspace.portfolio.create("Sonar").unwrap();
    let chosen = laptop.folder.path().join("stick");
    assert_eq!(laptop.backups().choose_folder(Some(&chosen)).unwrap_err().code, ErrorCode::NotSaved);
    fs::create_dir(&chosen).unwrap();
    let view = laptop.backups().choose_folder(Some(&chosen)).unwrap();
    assert_eq!(view, BackupsView { chosen: Some("stick".to_owned()), backups: vec![], trouble: None });
    assert!(workspace.backups.make_if_changed().unwrap());
    assert_eq!(names(&chosen).len(), 3);

    fs::rename(&chosen, laptop.folder.path().join("away")).unwrap();
    laptop.clock.pass(HOUR);
    let error = workspace.backups.make_if_changed().unwrap_err();
    assert_eq!(error.code, ErrorCode::NotSaved);
    assert!(error.message.ends_with("A backup was made in the folder of the assessments instead."), "{}", error.message);
    assert_eq!(names(&laptop.data().join("backups")).len(), 3);
    assert!(workspace.backups.view(&laptop.backups()).trouble.is_some());
    laptop.clock.pass(HOUR);
    workspace.portfolio.create("Arbor").unwrap();
    workspace.backups.keep_safe().unwrap();
    assert_eq!(names(&laptop.data().join("backups")).len(), 3, "it is not made again and again");

    fs::rename(laptop.folder.path().join("away"), &chosen).unwrap();
    assert_eq!(workspace.backups.view(&laptop.backups()).trouble, Some(error), "it is reported until a backup is made");
    workspace.backups.make().unwrap();
    assert_eq!(workspace.backups.view(&laptop.backups()).trouble, None);
    assert_eq!(laptop.made().len(), 3, "those that were made with the assessments are listed as well");
    for name in laptop.made() {
        laptop.backups().look(&name).unwrap();
    }
    assert_eq!(laptop.backups().choose_folder(None).unwrap().chosen, None);
    assert_eq!(laptop.made().len(), 1);
}

#[test]
fn damage_that_is_found_while_a_file_is_open_is_reported() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    for number in 0..40 {
        write(&workspace, id, &format!("{number} {}", "a long answer ".repeat(200)));
    }
    drop(workspace);
    let database = laptop.data().join("assessments.db");
    let mut bytes = fs::read(&database).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&database, bytes).unwrap();
    let workspace = laptop.open();
    assert_eq!(workspace.backups.keep_safe().unwrap_err().code, ErrorCode::Damaged);
    assert_eq!(workspace.backups.view(&laptop.backups()).trouble.map(|error| error.code), Some(ErrorCode::Damaged));
    assert_eq!(laptop.made(), [""; 0], "a damaged file takes no backup's place");
}

#[test]
fn one_may_write_while_a_backup_is_made() {
    let laptop = Laptop::new();
    let workspace = Arc::new(laptop.open());
    let id = workspace.portfolio.create("Sonar").unwrap();
    let failed = Arc::new(Mutex::new(None));
    let writer = {
        let (workspace, failed) = (Arc::clone(&workspace), Arc::clone(&failed));
        std::thread::spawn(move || {
            for number in 0..60 {
                let typed = dpia_app::editing::Typed::Words { text: RichText::from_plain(&format!("Text {number}.")) };
                if let Err(error) = workspace.editor.save_answer(id, "purpose.aims".parse().unwrap(), typed, true) {
                    *failed.lock().unwrap() = Some(error);
                }
            }
        })
    };
    for _ in 0..5 {
        workspace.backups.make().unwrap();
    }
    writer.join().unwrap();
    assert_eq!(*failed.lock().unwrap(), None);
    for name in laptop.made() {
        laptop.backups().look(&name).unwrap();
    }
}

#[test]
fn where_there_is_no_keychain_what_was_typed_opens_the_backups_of_a_damaged_file() {
    let laptop = Laptop::new();
    laptop.keychain.0.set_behaviour(Behaviour::Absent);
    let unlock = |unlock: &Unlock| Workspace::unlock_with(&laptop.data(), None, unlock, &laptop.keychain, Box::new(laptop.clock.clone()));
    let typed = || TypedSecret::new("correct horse battery".to_owned());
    let workspace = unlock(&Unlock::NewPassphrase(typed())).unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "Kept.");
    workspace.backups.make().unwrap();
    let name = laptop.made().remove(0);
    let open = laptop.backups().with_keys(Some(workspace.vault.opened_keys()));
    assert_eq!(open.look(&name).unwrap().assessments.len(), 1);
    drop((workspace, open));

    let database = laptop.data().join("assessments.db");
    let bytes = fs::read(&database).unwrap();
    fs::write(&database, &bytes[..bytes.len() - 4096]).unwrap();
    let damaged = unlock(&Unlock::Passphrase(typed())).err().map(|error| error.code);
    assert_eq!(damaged, Some(ErrorCode::Damaged));
    assert!(laptop.restore(&name).is_err(), "nothing that is known opens it");
    let known = OpenedKeys::open(&laptop.data(), None, &Unlock::Passphrase(typed())).unwrap();
    assert!(OpenedKeys::open(&laptop.data(), None, &Unlock::Passphrase(TypedSecret::new("another".to_owned()))).is_err());
    laptop.backups().with_keys(Some(known)).restore(&name, laptop.clock.now()).unwrap();
    let workspace = unlock(&Unlock::Passphrase(typed())).unwrap();
    assert_eq!(words(&workspace, id), "Kept.");
}

#[test]
fn a_backup_of_before_an_exchange_of_keys_is_restored_with_the_keys_it_was_made_with() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "Before.");
    workspace.backups.make().unwrap();
    let opened = workspace.vault.opened_keys();
    drop(workspace);
    exchange_keys_with(&laptop.data(), &opened, None, &laptop.keychain, laptop.clock.now()).unwrap();
    let workspace = laptop.open();
    write(&workspace, id, "After.");
    laptop.clock.pass(60);
    workspace.backups.make().unwrap();
    drop(workspace);
    let made = laptop.made();
    for (name, expected) in [(&made[1], "Before."), (&made[0], "After.")] {
        assert_eq!(laptop.backups().look(name).unwrap().assessments.len(), 1);
        laptop.restore(name).unwrap();
        assert_eq!(words(&laptop.open(), id), expected);
    }
}

#[test]
fn what_a_process_that_was_ended_left_is_gone_at_the_next_start() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "Kept.");
    workspace.backups.make().unwrap();
    let kept = laptop.made();
    drop(workspace);
    let (data, backups) = (laptop.data(), laptop.data().join("backups"));
    let whole = fs::read(data.join("assessments.db")).unwrap();
    fs::create_dir(data.join("looking")).unwrap();
    let left = [
        data.join("looking/copy.db"),
        data.join("assessments.db.restored"),
        data.join("assessments.db.restored-wal"),
        data.join("keys.json.restored"),
        data.join(".keys.json.aB3dE5gH7jK9.part"),
        backups.join("assessments-20270115T080001Z.db.part"),
        backups.join("assessments-20270115T080001Z.db.part-journal"),
        backups.join("assessments-20270115T080001Z.db.keys.json"),
    ];
    left.iter().for_each(|place| fs::write(place, &whole).unwrap());
    let workspace = laptop.open();
    for place in &left {
        assert!(!place.exists(), "{} is left", place.display());
    }
    assert_eq!((words(&workspace, id), laptop.made()), ("Kept.".to_owned(), kept));
}

#[test]
fn after_an_exchange_the_old_keys_open_nothing_here_but_backups_of_before() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "Kept.");
    workspace.backups.make().unwrap();
    let (data, opened) = (laptop.data(), workspace.vault.opened_keys());
    drop(workspace);
    let place = KeyFiles::in_folder(&data, "assessments.db");
    let Opening::Opened(old) = open_or_create(&place, &laptop.keychain, &mut rand_core::OsRng).unwrap() else { panic!() };
    let old_key = *old.database_key().as_bytes();
    fs::create_dir(data.join("looking")).unwrap();
    for place in ["looking/copy.db", "assessments.db.restored", "backups/assessments-20270115T080001Z.db.part"] {
        fs::copy(data.join("assessments.db"), data.join(place)).unwrap();
    }
    exchange_keys_with(&data, &opened, None, &laptop.keychain, laptop.clock.now()).unwrap();
    let backups: Vec<PathBuf> = laptop.made().iter().map(|name| data.join("backups").join(name)).collect();
    let mut folders = vec![data.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !backups.contains(&path) {
                assert!(dpia_store::read_format(&path, &old_key).is_err(), "{} opens with the old key", path.display());
            }
        }
    }
    assert_eq!(words(&laptop.open(), id), "Kept.");
}

#[test]
fn a_backup_dated_in_the_future_stops_no_other() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    write(&workspace, id, "First.");
    workspace.backups.make().unwrap();
    let made = laptop.made().remove(0);
    let backups = laptop.data().join("backups");
    for ending in ["", ".head", ".keys.json"] {
        fs::copy(backups.join(format!("{made}{ending}")), backups.join(format!("assessments-20990101T000000Z.db{ending}"))).unwrap();
    }
    laptop.clock.pass(5 * HOUR);
    write(&workspace, id, "Second.");
    workspace.backups.keep_safe().unwrap();
    assert_eq!(laptop.made().len(), 3, "one of now was made, and the one of the future is left alone");
}
