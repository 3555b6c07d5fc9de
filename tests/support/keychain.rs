//! A keychain that keeps its one secret in a file beside the database, so that a database of long ago, or of a process
//! that was killed, can be opened.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use dpia_keys::{Account, KeyFiles, Keychain, KeychainError, KeychainSecret, Opening, open_or_create};

/// The keychain of a workspace's folder.
#[derive(Debug, Clone)]
pub struct FileKeychain(PathBuf);

impl FileKeychain {
    /// The keychain that is in this folder, or will.
    pub fn in_folder(folder: &Path) -> Self {
        Self(folder.join("keychain-secret"))
    }
}

impl Keychain for FileKeychain {
    fn get(&self, _account: &Account) -> Result<KeychainSecret, KeychainError> {
        let kept = fs::read(&self.0).ok().and_then(|bytes| bytes.try_into().ok());
        kept.map(KeychainSecret::from_bytes).ok_or(KeychainError::Missing)
    }

    fn set(&self, _account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        fs::write(&self.0, secret.as_bytes()).map_err(|error| KeychainError::Broken { reason: error.to_string() })
    }

    fn delete(&self, _account: &Account) -> Result<(), KeychainError> {
        fs::remove_file(&self.0).map_err(|_| KeychainError::Missing)
    }
}

/// The key of the database in a workspace's folder, whose keychain is in it.
///
/// # Errors
/// Where the folder has no keys, or they do not open.
pub fn database_key(folder: &Path) -> Result<[u8; 32]> {
    database_key_with(folder, &FileKeychain::in_folder(folder))
}

/// The key of the database in a workspace's folder, with its keychain.
///
/// # Errors
/// Where the folder has no keys, or they do not open.
pub fn database_key_with(folder: &Path, keychain: &dyn Keychain) -> Result<[u8; 32]> {
    let place = KeyFiles::in_folder(folder, DATABASE);
    match open_or_create(&place, keychain, &mut rand_core::OsRng)? {
        Opening::Opened(keys) => Ok(*keys.database_key().as_bytes()),
        other => bail!("the keys of {} do not open: {other:?}", folder.display()),
    }
}

/// The name of the database in a workspace's folder.
pub const DATABASE: &str = "assessments.db";
