//! A disk that is full, a folder that cannot be written to, a file that is taken away while it is open: the officer is
//! reported in plain words, nothing is half written, and it goes on once the cause is gone.
//!
//! The disks are real: small file systems in memory, mounted in a mount namespace of a process of their own, which needs
//! no rights beyond those of a user (`unshare`).

use anyhow::{Context as _, Result, bail, ensure};
use dpia_app::editing::Typed;
use dpia_app::model::id::AssessmentId;
use dpia_app::{AppError, ErrorCode, System, Workspace};
use dpia_model::rich_text::RichText;
use dpia_tests::keychain::FileKeychain;
use dpia_tests::places::temporary_folder;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const INSIDE: &str = "DPIA_SMALL_DISK";

/// Runs a test of this name again, in a process that has a file system of 6 MB at its folder; or, within that, the test
/// itself.
fn on_a_small_disk(test: &str, body: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if let Some(folder) = std::env::var_os(INSIDE) {
        return body(&PathBuf::from(folder));
    }
    let folder = temporary_folder()?;
    let mounts = "mount -t tmpfs -o size=6m tmpfs \"$DPIA_SMALL_DISK\" && exec \"$0\" \"$@\"";
    let ways: [&[&str]; 2] = [&["--user", "--map-root-user", "--mount"], &["--mount"]];
    let way = ways.iter().find(|way| Command::new("unshare").args(**way).arg("true").output().is_ok_and(|ran| ran.status.success()));
    let way = way.context("no file system can be mounted here: neither `unshare -Urm` nor `unshare -m` works")?;
    let ran = Command::new("unshare")
        .args(*way)
        .args(["sh", "-c", mounts])
        .arg(std::env::current_exe()?)
        .args(["--exact", &format!("disk::{test}"), "--nocapture"])
        .env(INSIDE, folder.path())
        .output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    ensure!(ran.status.success() && said.contains("1 passed"), "{said}");
    Ok(())
}

fn open(folder: &Path) -> Result<Workspace, AppError> {
    Workspace::open_with(&folder.join("data"), &FileKeychain::in_folder(folder), Box::new(System))
}

fn write(workspace: &Workspace, id: AssessmentId, number: usize, settles: bool) -> Result<(), AppError> {
    let text = format!("{number} {}", "the words of an answer ".repeat(60));
    let typed = Typed::Words { text: RichText::from_plain(text.trim()) };
    let question = "purpose.aims".parse().map_err(|_| AppError::new(ErrorCode::Misused, "a question"))?;
    workspace.editor.save_answer(id, question, typed, settles).map(drop)
}

/// The number that the answer begins with.
fn read(workspace: &Workspace, id: AssessmentId) -> Result<usize> {
    let now = workspace.editor.open(id)?.now;
    let answer = now.answers.get(&"purpose.aims".parse()?).and_then(Option::as_ref).context("an answer")?;
    let text = answer.content.rich_text().context("words")?.plain_text();
    Ok(text.split(' ').next().context("a number")?.parse()?)
}

/// Takes all the room that is left but for so much.
fn fill(folder: &Path, but_for: usize) -> Result<PathBuf> {
    use std::io::Write as _;
    let filler = folder.join("filler");
    let mut file = fs::File::create(&filler)?;
    let mut written = 0u64;
    while file.write_all(&[0; 4096]).is_ok() {
        written += 4096;
    }
    file.set_len(written.saturating_sub(but_for as u64))?;
    Ok(filler)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        names.push(file?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn remount(folder: &Path, how: &str) -> Result<()> {
    let ran = Command::new("mount").args(["-o", how]).arg(folder).output()?;
    ensure!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Ok(())
}

#[test]
fn a_full_disk_is_reported_and_nothing_is_half_written() -> Result<()> {
    on_a_small_disk("a_full_disk_is_reported_and_nothing_is_half_written", |folder| {
        let workspace = open(folder)?;
        let id = workspace.portfolio.create("Sonar")?;
        write(&workspace, id, 1, true)?;
        let filler = fill(folder, 150_000)?;
        let mut kept = 1;
        let error = loop {
            match write(&workspace, id, kept + 1, kept % 2 == 0) {
                Ok(()) => kept += 1,
                Err(error) => break error,
            }
            ensure!(kept < 500, "the disk does not fill up");
        };
        ensure!(kept > 1, "some were kept before");
        assert_eq!((error.code, error.message.as_str()), full());
        // The words that were kept are waiting for the index, which has no room: what it has is found.
        assert_eq!(workspace.portfolio.search("sonar")?.len(), 1);
        // Another try fails in the same way, and a backup leaves nothing behind.
        assert_eq!(write(&workspace, id, kept + 1, true).map_err(|error| error.code), Err(ErrorCode::NotSaved));
        let error = workspace.backups.make().err().context("there is no room for a backup")?;
        assert_eq!(error.code, ErrorCode::NotSaved, "{error:?}");
        ensure!(names(&folder.join("data/backups")).is_ok_and(|names| names.is_empty()), "{:?}", names(&folder.join("data/backups")));

        fs::remove_file(&filler)?;
        write(&workspace, id, kept + 1, true)?;
        drop(workspace);
        let workspace = open(folder)?;
        assert_eq!(read(&workspace, id)?, kept + 1);
        workspace.backups.make()?;
        // It is opened on a full disk as well, to be read.
        drop(workspace);
        fill(folder, 60_000)?;
        assert_eq!(open(folder)?.portfolio.list()?.len(), 1);
        Ok(())
    })
}

fn full() -> (ErrorCode, &'static str) {
    (ErrorCode::NotSaved, "The disk is full. Keep this window open, free some space, then try again.")
}

#[test]
fn a_folder_that_turns_read_only_is_reported_and_work_goes_on_once_it_is_not() -> Result<()> {
    on_a_small_disk("a_folder_that_turns_read_only_is_reported_and_work_goes_on_once_it_is_not", |folder| {
        let workspace = open(folder)?;
        let id = workspace.portfolio.create("Sonar")?;
        write(&workspace, id, 1, true)?;
        drop(workspace);
        remount(folder, "remount,ro")?;
        let error = open(folder).err().context("it cannot be opened for writing")?;
        assert_eq!(
            (error.code, error.message.as_str()),
            (ErrorCode::NotSaved, "The folder of the assessments cannot be written to. Change its permissions, then try again.")
        );
        remount(folder, "remount,rw")?;
        assert_eq!(read(&open(folder)?, id)?, 1);
        Ok(())
    })
}

#[test]
fn a_file_that_is_taken_away_while_it_is_open_is_reported_before_anything_is_lost() -> Result<()> {
    for part in ["data", "data/assessments.db", "data/assessments.db-wal"] {
        let folder = temporary_folder()?;
        let workspace = open(folder.path())?;
        let id = workspace.portfolio.create("Sonar")?;
        write(&workspace, id, 1, true)?;
        let (place, away) = (folder.path().join(part), folder.path().join("away"));
        fs::rename(&place, &away)?;
        let check = |error: AppError| {
            assert_eq!(error.code, ErrorCode::NotSaved, "{part}");
            assert!(error.message.starts_with("The file of the assessments was moved, deleted or replaced"), "{part}: {}", error.message);
        };
        check(write(&workspace, id, 2, true).err().context("it is away")?);
        if part.ends_with(".db") {
            // Another file in its place is none of ours, and its WAL is left alone.
            fs::write(&place, "another")?;
            check(write(&workspace, id, 2, true).err().context("it is another")?);
            fs::remove_file(&place)?;
        }
        fs::rename(&away, &place)?;
        write(&workspace, id, 2, true)?;
        drop(workspace);
        assert_eq!(read(&open(folder.path())?, id)?, 2, "{part}");
    }
    Ok(())
}

#[test]
fn a_workspace_closed_after_its_file_was_replaced_leaves_the_other_alone() -> Result<()> {
    let folder = temporary_folder()?;
    let workspace = open(folder.path())?;
    workspace.portfolio.create("Sonar")?;
    let data = folder.path().join("data");
    fs::rename(&data, folder.path().join("away"))?;
    fs::create_dir(&data)?;
    for name in ["assessments.db", "assessments.db-wal"] {
        fs::write(data.join(name), "another's")?;
    }
    drop(workspace);
    assert_eq!(names(&data)?, ["assessments.db", "assessments.db-wal"]);
    for name in ["assessments.db", "assessments.db-wal"] {
        assert_eq!(fs::read_to_string(data.join(name))?, "another's");
    }
    Ok(())
}

#[test]
fn a_folder_whose_permission_is_lost_is_reported() -> Result<()> {
    const TEST: &str = "disk::a_folder_whose_permission_is_lost_is_reported";
    if let Some(folder) = std::env::var_os(INSIDE) {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = PathBuf::from(folder);
        let workspace = open(&folder)?;
        let id = workspace.portfolio.create("Sonar")?;
        write(&workspace, id, 1, true)?;
        let data = folder.join("data");
        drop(workspace);
        for (mode, words) in [(0o500, "cannot be written to"), (0o000, "")] {
            fs::set_permissions(&data, fs::Permissions::from_mode(mode))?;
            // Its files still bear their own permission: what is in the way is the folder.
            for name in ["assessments.db", "assessments.db.lock", "assessments.db.head"] {
                let _ = fs::set_permissions(data.join(name), fs::Permissions::from_mode(0o400));
            }
            let opened = open(&folder);
            let error = opened.err().with_context(|| format!("{mode:o}: it opens"))?;
            ensure!(error.message.contains(words) && error.code != ErrorCode::Refused, "{mode:o}: {error:?}");
            fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
        }
        for name in ["assessments.db", "assessments.db.lock", "assessments.db.head"] {
            fs::set_permissions(data.join(name), fs::Permissions::from_mode(0o600))?;
        }
        assert_eq!(read(&open(&folder)?, id)?, 1);
        return Ok(());
    }
    // Permissions do not bind the administrator: then it is run as nobody.
    let folder = temporary_folder()?;
    let is_administrator = fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own))? == 0;
    let program = std::env::current_exe()?;
    let mut command = if is_administrator {
        // The program may lie where nobody else may go.
        let copy = folder.path().join("test");
        fs::copy(&program, &copy)?;
        let ran = Command::new("chown").args(["-R", "65534:65534"]).arg(folder.path()).status()?;
        ensure!(ran.success(), "the folder cannot be given away");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
        command
    } else {
        Command::new(program)
    };
    let ran = command.args([OsStr::new("--exact"), OsStr::new(TEST), OsStr::new("--nocapture")]).env(INSIDE, folder.path()).output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    if !ran.status.success() || !said.contains("1 passed") {
        bail!("{said}");
    }
    Ok(())
}
