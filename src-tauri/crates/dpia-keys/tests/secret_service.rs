//! The real thing: GNOME Keyring on a bus of its own, in a process of its own.
//!
//! The test runs itself again with a private home and the address of a bus that does not exist yet,
//! since a process cannot change its own environment safely. Where `dbus-daemon` or
//! `gnome-keyring-daemon` is missing it says so and proves nothing.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dpia_keys::{
    Account, KeyFiles, Keychain, KeychainError, KeychainSaving, Obstacle, OpenedBy, Opening, OsKeychain, TimeLimited, open_or_create,
    open_with_recovery_key,
};
use rand_core::OsRng;

const FOLDER: &str = "DPIA_KEYS_TEST_FOLDER";
/// How long a busy computer may take for what is expected to come.
const PATIENCE: Duration = Duration::from_secs(600);
const NEEDED: [&str; 3] = ["dbus-daemon", "dbus-send", "gnome-keyring-daemon"];

#[test]
fn a_real_keychain_that_comes_late_is_found_keeps_the_key_and_can_be_locked() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return use_keychain(&PathBuf::from(folder));
    }
    let missing: Vec<_> = NEEDED.into_iter().filter(|program| !is_installed(program)).collect();
    if !missing.is_empty() {
        eprintln!("NOT TESTED: the real keychain; this machine lacks {}", missing.join(", "));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let run = folder.path().join("run");
    std::fs::create_dir(&run).expect("made");
    std::fs::set_permissions(&run, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("set");
    let bus = format!("unix:path={}", folder.path().join("bus").display());
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "a_real_keychain_that_comes_late_is_found_keeps_the_key_and_can_be_locked", "--nocapture"])
        .env(FOLDER, folder.path())
        .env("HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path().join("data"))
        .env("XDG_CONFIG_HOME", folder.path().join("config"))
        .env("XDG_CACHE_HOME", folder.path().join("cache"))
        .env("XDG_RUNTIME_DIR", &run)
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// The story, told within the private environment.
fn use_keychain(folder: &Path) {
    let keychain = TimeLimited::new(OsKeychain::new("DPIA Editor (test)"), PATIENCE);
    let open = |name: &str| {
        let data = folder.join(name);
        std::fs::create_dir_all(&data).expect("made");
        open_or_create(&KeyFiles::in_folder(&data, "assessments.db"), &keychain, &mut OsRng).expect("no error")
    };
    let expect_no_keychain = |opening: Opening| {
        let is_expected = matches!(opening, Opening::Stopped(Obstacle::NoKeychain { .. }));
        assert!(is_expected, "{opening:?}");
    };

    // No bus at all; then a bus with nobody on it; then the keychain: found without a restart.
    expect_no_keychain(open("one"));
    let _bus = start_bus(folder);
    expect_no_keychain(open("one"));
    let _daemon = start_keychain();
    let Opening::FirstRun(made) = open("one") else {
        panic!("the keychain that came late was not used");
    };
    let key = *made.database_key().as_bytes();
    match open("one") {
        Opening::Opened(keys) => assert_eq!(keys.database_key().as_bytes(), &key),
        other => panic!("not opened: {other:?}"),
    }

    // Another database keeps a secret of its own, and misses it when it is gone.
    let Opening::FirstRun(other) = open("two") else {
        panic!("not a first run");
    };
    assert_ne!(other.database_key().as_bytes(), &key);
    let two = KeyFiles::in_folder(&folder.join("two"), "assessments.db");
    let recovery_key = other.make_recovery_key(&two, "2026-11-22T12:00:00Z", &mut OsRng).expect("made");
    let account = read_account(&folder.join("two"));
    keychain.delete(&account).expect("deleted");
    assert!(matches!(keychain.delete(&account), Err(KeychainError::Missing)));
    let missing = open("two");
    assert!(matches!(missing, Opening::Stopped(Obstacle::KeyMissing)), "{missing:?}");

    // The recovery key opens it, and puts a fresh secret into the keychain: the next start asks nothing.
    let recovered = open_with_recovery_key(&two, &recovery_key).expect("no error");
    let Opening::Opened(recovered) = recovered else { panic!("not opened: {recovered:?}") };
    assert_eq!(recovered.database_key().as_bytes(), other.database_key().as_bytes());
    assert_eq!(recovered.keep_in_keychain(&two, &keychain, &mut OsRng).expect("no error"), KeychainSaving::Again);
    assert_ne!(read_account(&folder.join("two")).as_str(), account.as_str());
    match open("two") {
        Opening::Opened(keys) => {
            assert_eq!(keys.opened_by(), OpenedBy::Keychain);
            assert_eq!(keys.database_key().as_bytes(), other.database_key().as_bytes());
        }
        other => panic!("not opened: {other:?}"),
    }

    // Locked, with nobody to ask: said to be locked, and nothing is made.
    lock_keychain();
    let locked = open("one");
    assert!(matches!(locked, Opening::Stopped(Obstacle::Locked)), "{locked:?}");
    let recovered = open_with_recovery_key(&two, &recovery_key).expect("no error");
    let Opening::Opened(recovered) = recovered else { panic!("not opened: {recovered:?}") };
    let kept = recovered.keep_in_keychain(&two, &keychain, &mut OsRng).expect("no error");
    assert_eq!(kept, KeychainSaving::Stopped(Obstacle::Locked), "what is only locked is not given up");
    let locked = open("three");
    assert!(matches!(locked, Opening::Stopped(Obstacle::Locked)), "{locked:?}");
    assert_eq!(std::fs::read_dir(folder.join("three")).expect("a folder").count(), 0);
}

/// A child that is ended when the test ends, however it ends.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a bus that starts nothing by itself, at the address that the environment names.
fn start_bus(folder: &Path) -> Ended {
    let configuration = folder.join("bus.conf");
    let text = format!(
        "<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
        folder.join("bus").display()
    );
    std::fs::write(&configuration, text).expect("written");
    let mut child = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", configuration.display()))
        .args(["--nofork", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon starts");
    // It says its address once it listens.
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("an address");
    assert!(line.starts_with("unix:path="), "{line}");
    Ended(child)
}

/// Starts GNOME Keyring unlocked with a password, and waits until it is on the bus.
fn start_keychain() -> Ended {
    let mut command = Command::new("gnome-keyring-daemon");
    command.args(["--unlock", "--components=secrets", "--foreground"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut daemon = Ended(command.spawn().expect("gnome-keyring-daemon starts"));
    daemon.0.stdin.take().expect("a pipe").write_all(b"test").expect("told the password");
    let until = Instant::now() + PATIENCE;
    loop {
        let collections = send(&["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Introspectable.Introspect"]);
        if collections.contains("org.freedesktop.Secret.Collection") {
            return daemon;
        }
        assert!(Instant::now() < until, "the keychain does not come up: {collections}");
        std::thread::yield_now();
    }
}

fn lock_keychain() {
    let said = send(&[
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.Lock",
        "array:objpath:/org/freedesktop/secrets/collection/login",
    ]);
    assert!(said.contains("collection/login"), "{said}");
}

fn send(arguments: &[&str]) -> String {
    let output = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"])
        .args(arguments)
        .output()
        .expect("dbus-send runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn read_account(data: &Path) -> Account {
    let text = std::fs::read_to_string(data.join(dpia_keys::KEY_FILE)).expect("a key file");
    let (_, rest) = text.split_once("\"account\": \"").expect("an account");
    Account::from_name(&rest[..32]).expect("an account")
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
