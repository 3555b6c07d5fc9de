//! The officer's workspace: the vault in a folder, opened with the keychain or with what the officer types where the keychain
//! does not open it, and those who do something with what is in it.

use crate::backups::BackupMaker;
use crate::brand::CompanyBrand;
use crate::editing::Editor;
use crate::error::{AppError, ErrorCode};
use crate::exporting::Exports;
use crate::forms::Forms;
use crate::identity::OwnIdentity;
use crate::importing::Imports;
use crate::issuing::Issuing;
use crate::keys::{Unlock, UnlockWays, Vault, system_keychain_for};
use crate::past::Histories;
use crate::person::Person;
use crate::portfolio::Portfolio;
use crate::preview::Previews;
use crate::surroundings::{Surroundings, System};
use dpia_keys::Keychain;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long another window may take to close before the person reads that it is open.
const CLOSING_TIME: Duration = Duration::from_secs(5);

/// How the start went.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Start {
    /// The assessments can be worked on.
    Ready {
        /// The officer, once known.
        person: Option<Person>,
        /// Nothing was ever done here.
        is_first_run: bool,
    },
    /// They cannot be opened.
    Locked {
        /// Why, and the way on.
        failure: AppError,
        /// What else opens them.
        ways: UnlockWays,
    },
}

/// An open workspace. Each use case of the window is a method of one of its parts, and may be called from any thread.
pub struct Workspace {
    /// The keys, and who works here.
    pub vault: Arc<Vault>,
    /// The list of assessments: new ones, search, the bin.
    pub portfolio: Portfolio,
    /// What is typed and done to an assessment.
    pub editor: Editor,
    /// What an assessment said before.
    pub past: Histories,
    /// The words and colours of the company.
    pub brand: Arc<CompanyBrand>,
    /// Who signs.
    pub identity: Arc<OwnIdentity>,
    /// Documents and bundles that come in.
    pub imports: Imports,
    /// Reports and bundles that go out.
    pub exports: Arc<Exports>,
    /// Reports to look at while one writes.
    pub previews: Previews,
    /// Clients, and their copies.
    pub issuing: Issuing,
    /// Backups that are made while it is open.
    pub backups: BackupMaker,
}

impl Workspace {
    /// Opens the workspace in a folder with the keychain of the person who is logged in, or sets it up on the first run.
    /// May wait for the keychain, within a time limit; may be called again after it failed.
    pub fn open(folder: &Path) -> Result<Self, AppError> {
        Self::unlock(folder, None, &Unlock::Keychain)
    }

    /// Opens the workspace in this way. A `key_file` is a copy of the key file for one that is missing or damaged: once it
    /// has opened the assessments it takes that one's place.
    pub fn unlock(folder: &Path, key_file: Option<&Path>, unlock: &Unlock) -> Result<Self, AppError> {
        let keychain = system_keychain_for(unlock);
        wait_for_closing(|| Self::unlock_with(folder, key_file, unlock, &keychain, Box::new(System)))
    }

    /// As [`Workspace::open`], with this keychain.
    pub fn open_with(folder: &Path, keychain: &dyn Keychain, surroundings: Box<dyn Surroundings>) -> Result<Self, AppError> {
        Self::unlock_with(folder, None, &Unlock::Keychain, keychain, surroundings)
    }

    /// As [`Workspace::unlock`], with this keychain.
    pub fn unlock_with(
        folder: &Path,
        key_file: Option<&Path>,
        unlock: &Unlock,
        keychain: &dyn Keychain,
        surroundings: Box<dyn Surroundings>,
    ) -> Result<Self, AppError> {
        let vault = Arc::new(Vault::unlock(folder, key_file, unlock, keychain, Arc::from(surroundings))?);
        let forms = Arc::new(Forms::with(&vault.store().templates()?)?);
        let brand = Arc::new(CompanyBrand::read(Arc::clone(&vault))?);
        vault.mend_keychain(keychain);
        let editor = Editor::new(vault.store().clone(), Arc::clone(vault.surroundings()), Arc::clone(&forms));
        let identity = Arc::new(OwnIdentity::new(Arc::clone(&vault), Arc::clone(&brand)));
        let exports = Exports::new(Arc::clone(&vault), editor.clone(), Arc::clone(&forms), Arc::clone(&brand), Arc::clone(&identity));
        let exports = Arc::new(exports);
        Ok(Self {
            portfolio: Portfolio::new(Arc::clone(&vault), editor.clone(), Arc::clone(&forms)),
            past: Histories::new(Arc::clone(&vault), editor.clone()),
            imports: Imports::new(Arc::clone(&vault), Arc::clone(&forms), Arc::clone(&identity)),
            previews: Previews::new(Arc::clone(&vault), editor.clone(), forms, Arc::clone(&brand)),
            issuing: Issuing::new(Arc::clone(&vault), editor.clone(), Arc::clone(&exports), Arc::clone(&identity)),
            backups: BackupMaker::new(Arc::clone(&vault)),
            vault,
            editor,
            brand,
            identity,
            exports,
        })
    }

    /// How the start went, once the workspace is open.
    pub fn start(&self) -> Result<Start, AppError> {
        Ok(Start::Ready { person: self.vault.person()?, is_first_run: self.vault.is_first_run()? })
    }
}

/// Does something for which no workspace may be open. One that was just closed needs a moment to let go of its file: it is
/// tried again until that has passed.
pub fn wait_for_closing<T>(work: impl Fn() -> Result<T, AppError>) -> Result<T, AppError> {
    let patience = Instant::now() + CLOSING_TIME;
    loop {
        match work() {
            Err(error) if error.code == ErrorCode::AlreadyOpen && Instant::now() < patience => {
                std::thread::sleep(Duration::from_millis(50));
            }
            done => return done,
        }
    }
}
