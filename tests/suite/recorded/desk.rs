//! A desk: a folder with the assessments, a keychain in it, a clock that is set, ids that are counted, and somebody who answers
//! the dialogs.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use dpia_app::keys::Unlock;
use dpia_app::{AppError, Surroundings, Workspace, parse_moment};
use dpia_keys::{Account, Keychain, KeychainError, KeychainSecret};
use dpia_model::Instant;
use dpia_tests::keychain::FileKeychain;
use dpia_tests::places::temporary_folder;
use tempfile::TempDir;
use uuid::Uuid;

use super::stand_ins::StandIns;

/// The day on which most of it happens.
pub(crate) const NOW: &str = "2026-11-22T14:40:00Z";

pub(crate) struct Desk {
    room: TempDir,
    pub(crate) world: World,
    pub(crate) keychain: Chain,
    pub(crate) workspace: Option<Workspace>,
    pub(crate) key_file: Option<PathBuf>,
    /// What the next dialogs are answered with.
    pub(crate) chosen: VecDeque<PathBuf>,
    /// Places that were chosen, by their number.
    pub(crate) places: Vec<PathBuf>,
    /// A run of copies is cancelled after so many.
    pub(crate) cancels_after: Option<u32>,
    pub(crate) names: StandIns,
}

/// A clock that is set, and ids that are counted.
#[derive(Clone)]
pub(crate) struct World {
    now: Arc<Mutex<Instant>>,
    last: Arc<AtomicU64>,
}

/// The keychain, and what is wrong with it.
#[derive(Clone)]
pub(crate) struct Chain {
    kept: FileKeychain,
    pub(crate) behaviour: Arc<Mutex<Behaviour>>,
}

/// What is wrong with a keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Works,
    Absent,
    Locked,
}

impl Surroundings for World {
    fn now(&self) -> Instant {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_id(&self) -> Uuid {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        uuid::Builder::from_random_bytes(u128::from(number).to_be_bytes()).into_uuid()
    }
}

impl Chain {
    fn trouble(&self) -> Result<(), KeychainError> {
        match *self.behaviour.lock().unwrap_or_else(PoisonError::into_inner) {
            Behaviour::Works => Ok(()),
            Behaviour::Absent => Err(KeychainError::NoKeychain { reason: "no session bus".to_owned() }),
            Behaviour::Locked => Err(KeychainError::Locked { reason: "org.freedesktop.Secret.Error.IsLocked".to_owned() }),
        }
    }
}

impl Keychain for Chain {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        self.trouble()?;
        self.kept.get(account)
    }

    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        self.trouble()?;
        self.kept.set(account, secret)
    }

    fn delete(&self, account: &Account) -> Result<(), KeychainError> {
        self.trouble()?;
        self.kept.delete(account)
    }
}

impl Desk {
    /// A desk at which nothing was done yet.
    pub(crate) fn new() -> Result<Self> {
        let room = temporary_folder()?;
        for folder in ["data", "keychain", "files"] {
            fs::create_dir_all(room.path().join(folder))?;
        }
        let now = Arc::new(Mutex::new(moment(NOW)?));
        Ok(Self {
            keychain: Chain {
                kept: FileKeychain::in_folder(&room.path().join("keychain")),
                behaviour: Arc::new(Mutex::new(Behaviour::Works)),
            },
            room,
            world: World { now, last: Arc::default() },
            workspace: None,
            key_file: None,
            chosen: VecDeque::new(),
            places: Vec::new(),
            cancels_after: None,
            names: StandIns::default(),
        })
    }

    /// Another desk with the same folder, the same clock and the same ids to come. What this one has open is closed first.
    pub(crate) fn copy(&mut self) -> Result<Self> {
        self.workspace = None;
        let copy = Self::new()?;
        copy_folder(self.room.path(), copy.room.path())?;
        copy.set_clock(self.world.now());
        copy.world.last.store(self.world.last.load(Ordering::SeqCst), Ordering::SeqCst);
        copy.set_behaviour(*self.keychain.behaviour.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Self { names: self.names.clone(), ..copy })
    }

    /// The folder that everything is in.
    pub(crate) fn room(&self) -> &Path {
        self.room.path()
    }

    /// The folder of the assessments.
    pub(crate) fn data(&self) -> PathBuf {
        self.room.path().join("data")
    }

    /// A file or folder that a dialog may lead to.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.room.path().join("files").join(name)
    }

    /// The workspace; opened with the keychain where it is not open yet.
    pub(crate) fn open(&mut self) -> Result<&Workspace, AppError> {
        self.unlock(&Unlock::Keychain)
    }

    pub(crate) fn unlock(&mut self, unlock: &Unlock) -> Result<&Workspace, AppError> {
        let opened = match self.workspace.take() {
            Some(open) => open,
            None => {
                let (data, world) = (self.data(), Box::new(self.world.clone()));
                dpia_app::wait_for_closing(|| {
                    Workspace::unlock_with(&data, self.key_file.as_deref(), unlock, &self.keychain, world.clone())
                })?
            }
        };
        Ok(self.workspace.insert(opened))
    }

    /// A place that was chosen before.
    pub(crate) fn place(&self, number: usize) -> Result<&Path> {
        Ok(self.places.get(number).context("a place")?)
    }

    /// Answers the next dialog with a file of this name.
    pub(crate) fn choose(&mut self, name: &str) {
        self.chosen.push_back(self.file(name));
    }

    pub(crate) fn set_time(&self, at: &str) -> Result<()> {
        self.set_clock(moment(at)?);
        Ok(())
    }

    fn set_clock(&self, at: Instant) {
        *self.world.now.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    pub(crate) fn set_behaviour(&self, behaviour: Behaviour) {
        *self.keychain.behaviour.lock().unwrap_or_else(PoisonError::into_inner) = behaviour;
    }

    /// The keychain loses what it kept.
    pub(crate) fn empty_keychain(&self) -> Result<()> {
        fs::remove_dir_all(self.room.path().join("keychain"))?;
        Ok(fs::create_dir_all(self.room.path().join("keychain"))?)
    }
}

pub(crate) fn moment(at: &str) -> Result<Instant> {
    parse_moment(at).with_context(|| format!("{at} is no moment"))
}

/// Copies a folder with what is in it; a file that says that the original is open does not come along.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if entry.is_dir() {
            copy_folder(&entry, &to.join(name))?;
        } else if entry.extension().is_none_or(|extension| extension != "lock") {
            fs::copy(&entry, to.join(name))?;
        }
    }
    Ok(())
}
