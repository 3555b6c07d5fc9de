//! Where the project's files lie.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

/// The four documents on the template that were published, oldest first: names in `tests/fixtures/documents`.
pub const DOCUMENTS: [&str; 4] =
    ["2024-04-19-sonar-multi-school.txt", "2024-06-04-juniper-mis.txt", "2025-05-06-sisra-analytics.txt", "2025-07-04-pupil-progress.txt"];

/// The root of the checkout.
pub fn project_root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// A file or folder in `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    project_root().join("tests/fixtures").join(name)
}

/// One of [`DOCUMENTS`].
pub fn document(name: &str) -> PathBuf {
    fixture("documents").join(name)
}

/// The folder that this test program was built into, `debug` or `release` of the target directory.
///
/// # Errors
/// Where the program's own place is not known.
pub fn build_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    // …/debug/deps/suite-0123456789abcdef
    let folder = program.ancestors().nth(2).unwrap_or(&program);
    Ok(folder.to_path_buf())
}

/// The text of every Rust source under a folder, added to what is there.
///
/// # Errors
/// Where a folder or a source cannot be read.
pub fn read_sources(folder: &Path, sources: &mut String) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_sources(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// A folder that is removed when it is dropped.
///
/// # Errors
/// Where it cannot be made.
pub fn temporary_folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("dpia-test-").tempdir()?)
}
