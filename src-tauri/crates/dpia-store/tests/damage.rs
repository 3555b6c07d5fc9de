//! Damage to what was on the disk already: it is noticed, nothing panics, and nothing is written over.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use dpia_store::{Store, StoreError};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::*;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Database, WAL and head, as they are there. Other files say nothing of the assessments.
fn files(database: &Path) -> Files {
    let beside = |addition: &str| PathBuf::from(format!("{}{addition}", database.display()));
    ["", "-wal", ".head"].iter().map(|addition| beside(addition)).filter_map(|path| Some((path.clone(), fs::read(&path).ok()?))).collect()
}

fn lay_out(database: &Path, files: &Files) {
    for addition in ["", "-wal", ".head"] {
        let _ = fs::remove_file(format!("{}{addition}", database.display()));
    }
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
}

fn edit(store: &Store, from: u32, to: u32) {
    for revision in from..to {
        let text = format!("Text {} {}", revision + 1, "and more ".repeat(60));
        let change = set_answer("purpose.aims", prose(&text));
        store.append(assessment(1, "").id, revision, vec![entry(u128::from(revision) + 1, change)]).unwrap();
    }
}

/// A closed database with twenty edits.
fn edited() -> (TestPlace, Files) {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    edit(&store, 0, 20);
    drop(store);
    let files = files(&place.path);
    (place, files)
}

/// Opens and checks everything; the first thing that is found.
fn find(database: &Path) -> Result<(), StoreError> {
    let store = Store::open(database, &KEY)?;
    store.check_integrity()?;
    for summary in store.list()? {
        store.check_history(summary.id)?;
    }
    Ok(())
}

#[test]
fn a_flipped_bit_in_any_page_is_noticed() {
    let (place, whole) = edited();
    let length = whole[&place.path].len();
    for page in 0..length / 4096 {
        // Each page somewhere else; all of a page is under its HMAC.
        let at = page * 4096 + (page * 577) % 4096;
        let mut damaged = whole.clone();
        damaged.get_mut(&place.path).unwrap()[at] ^= 0x10;
        lay_out(&place.path, &damaged);
        let found = find(&place.path).expect_err("a page is damaged");
        assert!(matches!(found, StoreError::Damaged { .. }), "page {page}: {found:?}");
    }
}

#[test]
fn a_cut_file_is_noticed_and_left_as_it_is() {
    let (place, whole) = edited();
    let length = whole[&place.path].len();
    for length in [length - 1, length - 4096, length / 2 / 4096 * 4096, 4096, 512, 100, 0] {
        let mut damaged = whole.clone();
        damaged.get_mut(&place.path).unwrap().truncate(length);
        lay_out(&place.path, &damaged);
        let found = find(&place.path).expect_err("the file is cut");
        let is_known = matches!(found, StoreError::Damaged { .. } | StoreError::NotADatabase { .. } | StoreError::Older { .. });
        assert!(is_known, "{length}: {found:?}");
    }
}

/// A database that was left open after its head was written: its last edits are in the WAL alone.
fn left_open() -> (TestPlace, Files) {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    edit(&store, 0, 10);
    store.keep_head().unwrap();
    let files = files(&place.path);
    drop(store);
    (place, files)
}

#[test]
fn a_wal_that_is_lost_cut_or_damaged_is_noticed_and_nothing_is_written() {
    let (place, whole) = left_open();
    let wal = PathBuf::from(format!("{}-wal", place.path.display()));
    let length = whole[&wal].len();
    lay_out(&place.path, &whole);
    find(&place.path).expect("as it was it holds");
    let mut damages = vec![("lost".to_owned(), None)];
    for cut in [0, 31, 32, 5000, length / 2, length - 4096, length - 1] {
        damages.push((format!("cut to {cut}"), Some(whole[&wal][..cut].to_vec())));
    }
    for at in [3, 20, 40, 5000, length / 2, length - 10] {
        let mut bytes = whole[&wal].clone();
        bytes[at] ^= 4;
        damages.push((format!("a bit at {at}"), Some(bytes)));
    }
    for (what, bytes) in damages {
        let mut damaged = whole.clone();
        match bytes {
            Some(bytes) => damaged.insert(wal.clone(), bytes),
            None => damaged.remove(&wal),
        };
        lay_out(&place.path, &damaged);
        let found = Store::open(&place.path, &KEY).map(drop).expect_err(&what);
        assert!(matches!(found, StoreError::Older { assessments: 1, .. } | StoreError::Damaged { .. }), "{what}: {found:?}");
        let mut left = files(&place.path);
        if what == "lost" {
            // SQLite makes an empty one where it looks for one.
            assert!(left.remove(&wal).is_none_or(|bytes| bytes.is_empty()));
        }
        assert!(left == damaged, "{what}: something was written");
    }
}

#[test]
fn an_older_copy_in_its_place_is_noticed_and_nothing_is_written() {
    let (place, older) = edited();
    let store = Store::open(&place.path, &KEY).unwrap();
    edit(&store, 20, 21);
    drop(store);
    let head = PathBuf::from(format!("{}.head", place.path.display()));
    let mut mixed = older.clone();
    mixed.insert(head.clone(), fs::read(&head).unwrap());
    lay_out(&place.path, &mixed);
    let found = code(Store::open(&place.path, &KEY));
    assert!(found.starts_with("Older { assessments: 1"), "{found}");
    let mut left = files(&place.path);
    left.retain(|path, _| !path.to_string_lossy().ends_with("-wal"));
    assert!(left == mixed);
    // Taken as it is, it is the newest from then on.
    dpia_store::restore::set_head_aside(&place.path, "today").unwrap();
    let store = Store::open(&place.path, &KEY).unwrap();
    assert_eq!(store.load(assessment(1, "").id).unwrap().1, 20);
    drop(store);
    find(&place.path).unwrap();
}

#[test]
fn a_database_that_went_another_way_is_noticed() {
    let (place, first) = edited();
    // Two ways on from one copy: as many marks, and others.
    let store = Store::open(&place.path, &KEY).unwrap();
    edit(&store, 20, 21);
    drop(store);
    let one = files(&place.path);
    lay_out(&place.path, &first);
    let store = Store::open(&place.path, &KEY).unwrap();
    edit(&store, 20, 21);
    drop(store);
    let head = PathBuf::from(format!("{}.head", place.path.display()));
    fs::write(&head, &one[&head]).unwrap();
    let found = code(Store::open(&place.path, &KEY));
    assert!(found.starts_with("Older"), "{found}");
}

#[test]
fn a_head_that_was_altered_or_forged_is_noticed_and_one_that_is_gone_says_nothing() {
    let (place, whole) = edited();
    let head = PathBuf::from(format!("{}.head", place.path.display()));
    let text = String::from_utf8(whole[&head].clone()).unwrap();
    let (body, _) = text.split_once('\n').unwrap();
    let other = support::place();
    drop(Store::create(&other.path, &[8; 32]).unwrap());
    let forged = fs::read(format!("{}.head", other.path.display())).unwrap();
    for bytes in [text.replace("\"number\":", "\"number\":1").into_bytes(), body.as_bytes().to_vec(), vec![], vec![0xff; 80], forged] {
        fs::write(&head, bytes).unwrap();
        assert!(matches!(Store::open(&place.path, &KEY), Err(StoreError::HeadUnreadable { .. })));
    }
    fs::remove_file(&head).unwrap();
    find(&place.path).unwrap();
}

#[test]
fn a_crash_between_the_mark_and_its_head_is_no_alarm() {
    let (place, store) = created();
    store.insert_assessment(assessment(1, "Sonar"), at(0)).unwrap();
    store.keep_head().unwrap();
    let head = PathBuf::from(format!("{}.head", place.path.display()));
    let before = fs::read(&head).unwrap();
    edit(&store, 0, 1);
    store.keep_head().unwrap();
    let mut crashed = files(&place.path);
    crashed.insert(head, before);
    drop(store);
    lay_out(&place.path, &crashed);
    find(&place.path).unwrap();
    // And once more: what was behind was brought up.
    find(&place.path).unwrap();
}

#[test]
fn a_beginning_that_cannot_be_read_is_damage_where_the_head_proves_the_key() {
    let (place, whole) = edited();
    let mut damaged = whole.clone();
    damaged.get_mut(&place.path).unwrap()[100] ^= 1;
    lay_out(&place.path, &damaged);
    assert!(code(Store::open(&place.path, &KEY)).starts_with("Damaged"));
    assert!(matches!(Store::open(&place.path, &[8; 32]), Err(StoreError::WrongKey { .. })));
}

#[test]
fn the_words_of_an_edit_do_not_wait_past_the_closing_but_for_a_document_that_cannot_be_read() {
    let (place, store) = created();
    for (number, product) in [(1, "Sonar"), (2, "Compass")] {
        store.insert_assessment(assessment(number, product), at(0)).unwrap();
        let id = assessment(number, product).id;
        store.append(id, 0, vec![entry(number, set_answer("purpose.aims", prose("To follow progress.")))]).unwrap();
    }
    drop(store);
    let waiting = |place: &TestPlace| -> u32 {
        unlocked(&place.path).query_row("SELECT count(*) FROM passage_waiting", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(waiting(&place), 0);
    let words_are_lost = "DELETE FROM passage; INSERT INTO passage_waiting SELECT key, 'question:purpose.aims' FROM assessment;
        UPDATE document SET json = '{' WHERE assessment = 1;";
    unlocked(&place.path).execute_batch(words_are_lost).unwrap();
    let store = Store::open(&place.path, &KEY).unwrap();
    let found: Vec<_> = store.search("progress", 10).unwrap().into_iter().map(|hit| hit.product).collect();
    assert_eq!(found, ["Compass"]);
    drop(store);
    assert_eq!(waiting(&place), 1);
}
