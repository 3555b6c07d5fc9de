//! Backups are whole, proved and looked into; a restoring destroys nothing.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use dpia_store::backup::look_into;
use dpia_store::restore::restore;
use dpia_store::{Store, StoreError};
use std::fs;
use std::path::Path;
use support::*;

fn edit(store: &Store, from: u32, to: u32) {
    for revision in from..to {
        let text = format!("Text {} {}", revision + 1, "and more ".repeat(100));
        let change = set_answer("purpose.aims", prose(&text));
        store.append(assessment(1, "").id, revision, vec![entry(u128::from(revision) + 1, change)]).unwrap();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_looked_into_and_restored_and_what_was_there_is_set_aside() {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    edit(&store, 0, 5);
    let folder = tempfile::tempdir().unwrap();
    let (backup, scratch) = (folder.path().join("backup.db"), place.folder.path().join("looking"));
    let head = store.back_up(&backup).unwrap();
    assert!(head.is_same(&store.keep_head().unwrap()), "nothing was written since");
    edit(&store, 5, 9);
    assert!(!head.is_same(&store.keep_head().unwrap()), "something was written since");

    let before = fs::read(&backup).unwrap();
    let look = look_into(&backup, &KEY, &scratch).unwrap();
    assert_eq!((look.assessments[0].product.as_str(), look.assessments[0].revision), ("Sonar", 5));
    assert!(look.head.is_some_and(|found| found.is_same(&head)));
    assert_eq!(names(folder.path()), ["backup.db", "backup.db.head"]);
    assert_eq!(fs::read(&backup).unwrap(), before);
    assert!(!scratch.exists());

    assert!(matches!(restore(&place.path, &KEY, &backup, &[], "today"), Err(StoreError::AlreadyOpen { .. })));
    drop(store);
    let aside = restore(&place.path, &KEY, &backup, &[], "today").unwrap();
    let store = Store::open(&place.path, &KEY).unwrap();
    assert_eq!(store.load(assessment(1, "").id).unwrap().1, 5);
    edit(&store, 5, 6);
    drop(store);
    assert_eq!(look_into(&aside, &KEY, &scratch).unwrap().assessments[0].revision, 9);
    // What was set aside is restored like a backup.
    restore(&place.path, &KEY, &aside, &[], "today").unwrap();
    assert_eq!(Store::open(&place.path, &KEY).unwrap().load(assessment(1, "").id).unwrap().1, 9);
    assert_eq!(names(place.folder.path()).iter().filter(|name| name.contains(".aside-today") && !name.ends_with(".head")).count(), 2);
}

#[test]
fn a_database_set_aside_with_its_wal_is_restored_with_it() {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    edit(&store, 0, 5);
    let copy = support::place();
    for addition in ["", "-wal"] {
        let name = |path: &Path| format!("{}{addition}", path.display());
        fs::copy(name(&place.path), name(&copy.path)).unwrap();
    }
    drop(store);
    assert_eq!(look_into(&copy.path, &KEY, &place.folder.path().join("looking")).unwrap().assessments[0].revision, 5);
    restore(&place.path, &KEY, &copy.path, &[], "today").unwrap();
    assert_eq!(Store::open(&place.path, &KEY).unwrap().load(assessment(1, "").id).unwrap().1, 5);
}

#[test]
fn a_damaged_backup_is_refused_and_changes_nothing() {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    edit(&store, 0, 30);
    let folder = tempfile::tempdir().unwrap();
    let (backup, scratch) = (folder.path().join("backup.db"), place.folder.path().join("looking"));
    store.back_up(&backup).unwrap();
    edit(&store, 30, 31);
    drop(store);
    let mut bytes = fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&backup, bytes).unwrap();
    let refused = code(look_into(&backup, &KEY, &scratch));
    assert!(refused.starts_with("Damaged"), "{refused}");
    let refused = code(restore(&place.path, &KEY, &backup, &[], "today"));
    assert!(refused.starts_with("Damaged"), "{refused}");
    assert!(matches!(restore(&place.path, &[8; 32], &backup, &[], "today"), Err(StoreError::WrongKey { .. })));
    assert!(matches!(restore(&place.path, &KEY, &folder.path().join("none.db"), &[], "today"), Err(StoreError::Missing { .. })));
    assert_eq!(Store::open(&place.path, &KEY).unwrap().load(assessment(1, "").id).unwrap().1, 31);
}

#[test]
fn a_backup_that_is_not_the_one_of_its_head_is_refused() {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    let (first, second) = (place.folder.path().join("1.db"), place.folder.path().join("2.db"));
    store.back_up(&first).unwrap();
    edit(&store, 0, 1);
    store.back_up(&second).unwrap();
    edit(&store, 1, 2);
    store.back_up(&place.folder.path().join("3.db")).unwrap();
    fs::copy(&first, place.folder.path().join("3.db")).unwrap();
    let refused = code(look_into(&place.folder.path().join("3.db"), &KEY, &place.folder.path().join("looking")));
    assert!(refused.contains("not the copy that its head speaks of"), "{refused}");
}

#[test]
fn a_damaged_database_is_not_backed_up() {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    edit(&store, 0, 60);
    drop(store);
    let mut bytes = fs::read(&place.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&place.path, bytes).unwrap();
    let store = Store::open(&place.path, &KEY).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let refused = code(store.back_up(&folder.path().join("backup.db")));
    assert!(refused.starts_with("Damaged"), "{refused}");
    assert_eq!(names(folder.path()), [""; 0]);
}
