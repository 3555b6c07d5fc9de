//! A desk in a folder of its own: a document, its bundle, and an identity.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DOCUMENT: &str = "tests/fixtures/documents/made-up/elm-lodge-reports.txt";
const PASSPHRASE: &str = "a long enough passphrase of words";

/// A folder with a document read into a bundle, the same encrypted, and an identity.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let document = root().join(DOCUMENT);
        fs::copy(&document, desk.file("lower name.txt")).unwrap();
        desk.succeed(&["import", "lower name.txt", "-o", "a.dpia"]);
        desk.succeed(&["import", "lower name.txt", "-o", "secret.dpia", "--encrypt"]);
        desk.succeed(&[
            "identity",
            "new",
            "--name",
            "Sam",
            "--role",
            "DPO",
            "--organisation",
            "Juniper",
            "--email",
            "sam@example.org",
            "-o",
            "id.p12",
        ]);
        desk
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpia"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("DPIA_P12_PASSWORD", "correct horse battery staple")
            .env("DPIA_PASSPHRASE", PASSPHRASE)
            .env("SOURCE_DATE_EPOCH", "1795338000");
        command
    }

    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap()
    }

    /// Runs it, expects this exit code, and gives what it said.
    pub(crate) fn refuse(&self, arguments: &[&str], code: i32) -> String {
        let ended = self.run(arguments);
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap().to_owned()
}
