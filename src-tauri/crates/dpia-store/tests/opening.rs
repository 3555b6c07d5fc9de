//! Opening, closing and refusing: the file and its lock.

mod support;

use dpia_store::{Store, StoreError};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use support::*;

#[test]
fn what_was_kept_is_there_when_it_is_opened_again() {
    let (place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", prose("To teach.")))]).unwrap();
    store.save_draft(new.id, draft("security.measures", prose("Locks"), 2)).unwrap();
    store.set_setting("person", &"Sam").unwrap();
    let before = (store.load(new.id).unwrap(), store.history(new.id).unwrap(), store.drafts(new.id).unwrap());
    drop(store);
    let store = Store::open(&place.path, &KEY).unwrap();
    assert_eq!((store.load(new.id).unwrap(), store.history(new.id).unwrap(), store.drafts(new.id).unwrap()), before);
    assert_eq!(store.setting::<String>("person").unwrap().as_deref(), Some("Sam"));
    assert_eq!(store.setting::<String>("brand").unwrap(), None);
    store.check_integrity().unwrap();
    store.check_history(new.id).unwrap();
}

#[test]
fn a_missing_database_is_never_made_by_opening_it() {
    let place = place();
    assert!(matches!(Store::open(&place.path, &KEY), Err(StoreError::Missing { .. })));
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 0);
}

#[test]
fn a_database_is_never_made_over_a_file() {
    let place = place();
    fs::write(&place.path, "notes").unwrap();
    assert!(matches!(Store::create(&place.path, &KEY), Err(StoreError::Exists { .. })));
    assert_eq!(fs::read_to_string(&place.path).unwrap(), "notes");
}

#[test]
fn a_database_half_made_is_made_again() {
    let place = place();
    fs::write(place.folder.path().join("assessments.db.new"), "half").unwrap();
    drop(Store::create(&place.path, &KEY).unwrap());
    Store::open(&place.path, &KEY).unwrap().check_integrity().unwrap();
    assert!(!place.folder.path().join("assessments.db.new").exists());
}

#[test]
fn a_second_opener_is_refused_with_the_reason() {
    let (place, store) = created();
    let copy = store.clone();
    assert!(matches!(Store::open(&place.path, &KEY), Err(StoreError::AlreadyOpen { .. })));
    drop(store);
    assert!(matches!(Store::open(&place.path, &KEY), Err(StoreError::AlreadyOpen { .. })));
    drop(copy);
    Store::open(&place.path, &KEY).unwrap();
}

#[test]
fn a_wrong_key_and_a_foreign_file_are_different_errors() {
    let (place, store) = created();
    drop(store);
    let before = fs::read(&place.path).unwrap();
    let check = |path: &Path, key: &[u8; 32], expected: &str| {
        let refused = code(Store::open(path, key));
        assert!(refused.starts_with(expected), "{refused}");
    };
    check(&place.path, &[8; 32], "WrongKey");
    assert_eq!(fs::read(&place.path).unwrap(), before);
    let plain = place.folder.path().join("plain.db");
    Connection::open(&plain).unwrap().execute_batch("CREATE TABLE a (x)").unwrap();
    check(&plain, &KEY, "NotADatabase");
    let empty = place.folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    check(&empty, &KEY, "NotADatabase");
    let foreign = place.folder.path().join("foreign.db");
    unlocked(&foreign).execute_batch("PRAGMA application_id = 42; CREATE TABLE a (x)").unwrap();
    check(&foreign, &KEY, "NotADatabase");
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_was() {
    let (place, store) = created();
    drop(store);
    unlocked(&place.path).execute_batch("PRAGMA user_version = 99").unwrap();
    let before = fs::read(&place.path).unwrap();
    assert!(matches!(Store::open(&place.path, &KEY), Err(StoreError::Newer { found: 99, known: 4 })));
    assert_eq!(fs::read(&place.path).unwrap(), before);
}

#[test]
fn a_damaged_page_is_noticed() {
    let (place, store) = created();
    let new = assessment(1, "Sonar");
    store.insert_assessment(new.clone(), at(0)).unwrap();
    for number in 1..60 {
        let text = format!("{number} {}", "a long answer ".repeat(60));
        store.append(new.id, u32::try_from(number - 1).unwrap(), vec![entry(number, set_answer("purpose.aims", prose(&text)))]).unwrap();
    }
    drop(store);
    let mut bytes = fs::read(&place.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&place.path, bytes).unwrap();
    let store = Store::open(&place.path, &KEY).unwrap();
    let found = code(store.check_integrity());
    assert!(found.starts_with("Damaged"), "{found}");
    // Reading what is on that page fails as well, and nothing panics.
    let _ = store.history(new.id);
    let _ = store.load(new.id);
}

#[test]
fn nothing_that_was_written_can_be_read_in_the_files() {
    let canary = "CanaryKeptInTheDark";
    let (place, store) = created();
    let mut new = assessment(1, canary);
    new.details.author = Some(canary.to_owned());
    store.insert_assessment(new.clone(), at(0)).unwrap();
    store.append(new.id, 0, vec![entry(1, set_answer("purpose.aims", prose(canary)))]).unwrap();
    store.save_draft(new.id, draft("purpose.aims", prose(canary), 1)).unwrap();
    store.back_up(&place.folder.path().join("backup.db")).unwrap();
    let search = |moment: &str| {
        let mut names = Vec::new();
        for file in fs::read_dir(place.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            for needle in [canary.to_owned(), canary.to_lowercase(), "CREATE TABLE".to_owned(), "SQLite format".to_owned()] {
                assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{needle} in {path:?}, {moment}");
            }
            names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
        names.sort();
        names
    };
    assert_eq!(
        search("open"),
        ["assessments.db", "assessments.db-wal", "assessments.db.head", "assessments.db.lock", "backup.db", "backup.db.head"]
    );
    drop(store);
    search("closed");
    let backup = Store::open(&place.folder.path().join("backup.db"), &KEY).unwrap();
    assert_eq!(backup.drafts(new.id).unwrap().len(), 1);
    backup.check_history(new.id).unwrap();
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    store.back_up(&place.folder.path().join("backup.db")).unwrap();
    for file in fs::read_dir(place.folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}
