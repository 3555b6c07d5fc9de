//! What a written file is, and what is left where writing fails.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_files::faulty::{FaultyDisk, Numbers};
use dpia_files::{Cause, WriteStep, Writing, place_of_part, remove_leftovers};
use std::fs;
use std::path::Path;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn whatever_fails_leaves_what_was_there_and_says_why() {
    let cases = [
        (Numbers::Windows, 5, WriteStep::Create, Cause::NoPermission),
        (Numbers::Windows, 5, WriteStep::Replace, Cause::HeldOpen),
        (Numbers::Windows, 32, WriteStep::Replace, Cause::HeldOpen),
        (Numbers::Windows, 33, WriteStep::Write, Cause::HeldOpen),
        (Numbers::Windows, 33, WriteStep::Replace, Cause::HeldOpen),
        (Numbers::Windows, 112, WriteStep::Write, Cause::Full),
        (Numbers::Windows, 39, WriteStep::Sync, Cause::Full),
        (Numbers::Windows, 19, WriteStep::Create, Cause::ReadOnly),
        (Numbers::Windows, 3, WriteStep::Create, Cause::FolderMissing),
        (Numbers::Windows, 123, WriteStep::Create, Cause::BadName),
        (Numbers::Windows, 1167, WriteStep::Write, Cause::Other),
        (Numbers::Linux, 28, WriteStep::Write, Cause::Full),
        (Numbers::Linux, 28, WriteStep::Sync, Cause::Full),
        (Numbers::Linux, 122, WriteStep::Write, Cause::Full),
        (Numbers::Linux, 30, WriteStep::Create, Cause::ReadOnly),
        (Numbers::Linux, 13, WriteStep::Create, Cause::NoPermission),
        (Numbers::Linux, 1, WriteStep::Replace, Cause::NoPermission),
        (Numbers::Linux, 16, WriteStep::Replace, Cause::HeldOpen),
        (Numbers::Linux, 36, WriteStep::Create, Cause::BadName),
        (Numbers::Linux, 5, WriteStep::Sync, Cause::Other),
        (Numbers::Linux, 13, WriteStep::Look, Cause::NoPermission),
    ];
    for (numbers, number, step, cause) in cases {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report.pdf");
        fs::write(&place, b"before").unwrap();
        let disk = FaultyDisk::new(step, number, numbers);
        let error = Writing::on(disk.clone(), &place).write(b"after").unwrap_err();
        assert_eq!((&error.cause, error.step), (&cause, step), "{numbers:?} {number}");
        assert!(!error.is_in_place());
        assert_eq!(disk.failures(), 1, "{numbers:?} {number} at {step:?} never came");
        assert_eq!(fs::read(&place).unwrap(), b"before", "{numbers:?} {number}");
        assert_eq!(names(folder.path()), ["report.pdf"], "{numbers:?} {number} left something");
    }
}

#[test]
fn a_file_whose_name_was_not_confirmed_is_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("report.pdf");
    let error = Writing::on(FaultyDisk::new(WriteStep::SyncFolder, 5, Numbers::Linux), &place).write(b"after").unwrap_err();
    assert!(error.is_in_place());
    assert_eq!(fs::read(&place).unwrap(), b"after");
    assert_eq!(names(folder.path()), ["report.pdf"]);
}

#[test]
fn what_is_stopped_while_it_is_written_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("report.pdf");
    fs::write(&place, b"before").unwrap();
    let long = vec![b'x'; 3 * 256 * 1024 + 1];
    // Asked before each of the four pieces, and once more before the file takes its place.
    for stopped_at in 0..5 {
        let asked = std::cell::Cell::new(0);
        let is_wanted = || asked.replace(asked.get() + 1) < stopped_at;
        assert!(!Writing::to(&place).write_while(&long, &is_wanted).unwrap(), "{stopped_at}");
        assert_eq!(fs::read(&place).unwrap(), b"before");
        assert_eq!(names(folder.path()), ["report.pdf"]);
    }
    assert!(Writing::to(&place).write_while(&long, &|| true).unwrap());
    assert_eq!(fs::read(&place).unwrap(), long);
}

#[test]
fn what_it_is_made_from_is_never_replaced_whatever_it_is_called() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    let input = folder.path().join("in").join("a.dpia");
    fs::write(&input, b"bundle").unwrap();
    let mut places = vec![input.clone(), folder.path().join("in/../in/a.dpia")];
    #[cfg(unix)]
    {
        let (link, folder_link) = (folder.path().join("link.dpia"), folder.path().join("in-too"));
        std::os::unix::fs::symlink(&input, &link).unwrap();
        std::os::unix::fs::symlink(folder.path().join("in"), &folder_link).unwrap();
        places.extend([link, folder_link.join("a.dpia")]);
    }
    let hard = folder.path().join("hard.dpia");
    fs::hard_link(&input, &hard).unwrap();
    places.push(hard);
    for place in places {
        let error = Writing::to(&place).made_from(&[Path::new("/nowhere/identity.p12"), &input]).write(b"report").unwrap_err();
        assert_eq!(error.cause, Cause::IsInput, "{}", place.display());
        assert_eq!(fs::read(&input).unwrap(), b"bundle");
    }
    Writing::to(&folder.path().join("b.dpia")).made_from(&[&input]).write(b"report").unwrap();
}

#[test]
fn a_folder_a_device_or_what_is_there_already_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Writing::to(folder.path()).write(b"x").unwrap_err().cause, Cause::IsFolder);
    let place = folder.path().join("a");
    Writing::to(&place).where_nothing_is().write(b"first").unwrap();
    assert_eq!(Writing::to(&place).where_nothing_is().write(b"second").unwrap_err().cause, Cause::Exists);
    assert_eq!(fs::read(&place).unwrap(), b"first");
    assert_eq!(Writing::to(&folder.path().join("gone/a")).write(b"x").unwrap_err().cause, Cause::FolderMissing);
    assert_eq!(names(folder.path()), ["a"]);
    // Neither a device nor a link among them that leads to a file is ever replaced.
    #[cfg(unix)]
    for device in ["/dev/null", "/dev/stdout", "/proc/self/fd/1", "/dev/no-such-device"] {
        assert_eq!(Writing::to(Path::new(device)).write(b"x").unwrap_err().cause, Cause::NotAFile, "{device}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_at_the_place_is_replaced_and_never_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (victim, place) = (folder.path().join("victim"), folder.path().join("report.pdf"));
    fs::write(&victim, b"precious").unwrap();
    std::os::unix::fs::symlink(&victim, &place).unwrap();
    Writing::to(&place).write(b"report").unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert_eq!(fs::read(&place).unwrap(), b"report");
    assert!(!fs::symlink_metadata(&place).unwrap().is_symlink());
    // A link that leads nowhere is replaced too.
    let dangling = folder.path().join("dangling.pdf");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).unwrap();
    Writing::to(&dangling).write(b"report").unwrap();
    assert!(!folder.path().join("nowhere").exists());
}

#[cfg(unix)]
#[test]
fn a_file_for_its_owner_is_never_readable_by_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("identity.p12");
    fs::write(&place, b"planted").unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o666)).unwrap();
    let watched = std::cell::Cell::new(0);
    let watch = || {
        for file in fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            if file.file_name() != "identity.p12" {
                assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
                watched.set(watched.get() + 1);
            }
        }
        true
    };
    assert!(Writing::to(&place).for_owner().write_while(b"secret", &watch).unwrap());
    assert!(watched.get() > 0);
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_a_dead_process_left_is_known_by_its_name_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        ".keys.json.aB3dE5gH7jK9.part",
        ".keys.json.4711.part",
        ".keys.json.short.part",
        ".keys.json.aB3dE5gH7jK9",
        "keys.json",
        ".other.aB3dE5gH7jK9.part",
    ] {
        fs::write(folder.path().join(name), b"x").unwrap();
    }
    assert_eq!(remove_leftovers(folder.path(), &|name| place_of_part(name) == Some("keys.json")).unwrap(), 2);
    assert_eq!(names(folder.path()).len(), 4);
    // A new file is known by what it is called while it is written.
    let place = folder.path().join("a report of a school.pdf");
    let watch = || names(folder.path()).iter().any(|name| place_of_part(name) == Some("a report of a school.pdf"));
    assert!(Writing::to(&place).write_while(b"x", &watch).unwrap());
    assert_eq!(remove_leftovers(&folder.path().join("gone"), &|_| true).unwrap(), 0);
}
