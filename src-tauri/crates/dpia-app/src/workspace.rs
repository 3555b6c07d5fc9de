//! The officer's workspace: one folder with the encrypted store and its key slots, opened with the keychain, or with what
//! the officer types where the keychain does not open it.

use crate::editing::Editor;
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::importing::Waiting;
use crate::keys::{PendingKey, Unlock, copy_to_use, open_keys};
use crate::preview::Previewer;
use crate::surroundings::{Surroundings, System};
use crate::views::{Person, Start};
use dpia_keys::{Keychain, Keys, OpenedBy, OsKeychain, Place, TimeLimited, adopt_header};
use dpia_model::id::{AssessmentId, EditionId, PackId};
use dpia_model::template::Library;
use dpia_model::{Brand, Form};
use dpia_store::{Store, StoreError, TemplateKind};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

pub(crate) const DATABASE: &str = "assessments.db";
/// The brand file: the words and colours of the company, if they are not the default ones.
pub(crate) const BRAND: &str = "brand.toml";
pub(crate) const SETTING_UP: &str = "setting-up";
/// The setting that says who works here.
pub(crate) const PERSON: &str = "person";
const WELCOMED: &str = "welcomed";

/// The name under which the keychain shows the secret.
pub(crate) const SERVICE: &str = "DPIA Editor";
/// How long the keychain may take before the person is told that it waits.
pub(crate) const KEYCHAIN_TIME: Duration = Duration::from_secs(20);
/// How long it may take once somebody typed what opens the assessments without it.
const KEYCHAIN_TIME_AFTER: Duration = Duration::from_secs(5);
/// How long another window may take to close before the person is told that it is open.
const CLOSING_TIME: Duration = Duration::from_secs(5);

/// An open workspace. Every use case of the window is a method of it; each may be called from any thread.
pub struct Workspace {
    pub(crate) store: Store,
    pub(crate) keys: Arc<Keys>,
    pub(crate) place: Place,
    /// Why the keychain could not be given the key again, where it could not.
    pub(crate) keychain_trouble: Mutex<Option<String>>,
    /// The recovery key that is shown and not confirmed yet.
    pub(crate) pending_key: Mutex<Option<PendingKey>>,
    pub(crate) editor: Editor,
    pub(crate) waiting: Mutex<Waiting>,
    pub(crate) folder: PathBuf,
    /// Why the last backup was not made, or what the last check found.
    pub(crate) backup_trouble: Mutex<Option<AppError>>,
    /// When the whole file was checked last.
    pub(crate) checked_at: Mutex<Option<dpia_model::Instant>>,
    /// The place of the brand file.
    pub(crate) brand_file: PathBuf,
    pub(crate) brand: RwLock<Brand>,
    pub(crate) previewer: Previewer,
    /// The edition on which a new assessment starts: the newest that came with the program, whatever a bundle brought.
    pub(crate) newest_edition: EditionId,
}

/// The editions and packs that are known here, and the forms that were made of them.
pub(crate) struct Forms {
    library: RwLock<Library>,
    made: RwLock<BTreeMap<(EditionId, PackId), Arc<Form>>>,
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
        let keychain = system_keychain(match unlock {
            Unlock::Keychain => KEYCHAIN_TIME,
            Unlock::RecoveryKey(_) | Unlock::Passphrase(_) | Unlock::NewPassphrase(_) => KEYCHAIN_TIME_AFTER,
        });
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
        fs::create_dir_all(folder).map_err(|error| AppError::writing(folder, &error))?;
        let place = workspace_place(folder);
        // Database and key slots may be on their way.
        dpia_store::restore::finish_restoring(&place.database)?;
        // Says that a first run has begun and its database was never made: then, and only then, one may be made later.
        let setting_up = folder.join(SETTING_UP);
        if !place.header.exists() && !place.database.exists() {
            files::write(&setting_up, b"", &[])?;
        }
        let copy = copy_to_use(&place, key_file)?;
        let opened_with = Place { header: copy.unwrap_or(&place.header).to_owned(), ..place.clone() };
        let keys = open_keys(&opened_with, unlock, keychain, surroundings.now())?;
        let store = match Store::open(&place.database, keys.database_key().as_bytes()) {
            Err(StoreError::Missing { .. }) if setting_up.exists() => Store::create(&place.database, keys.database_key().as_bytes()),
            opened => opened,
        }?;
        // A file that cannot be removed stops nothing here; an exchange of keys insists on it.
        let _ = crate::backups::clear_leftovers(folder);
        if setting_up.exists() {
            fs::remove_file(&setting_up).map_err(|error| AppError::writing(&setting_up, &error))?;
        }
        if let Some(copy) = copy {
            adopt_header(&place, copy, &keys)?;
        }
        let mut library = crate::documents::built_in()?;
        let newest_edition = library.newest_edition().map(|edition| edition.id.clone());
        let newest_edition = newest_edition
            .ok_or_else(|| AppError::new(ErrorCode::Environment, "There is no edition to start on: install the program again."))?;
        for template in store.templates()? {
            match template.kind {
                TemplateKind::Edition => library.add_edition(&template.source),
                TemplateKind::Pack => library.add_pack(&template.source),
            }
            .map_err(AppError::refused)?;
        }
        let workspace = Self {
            store,
            keys: Arc::new(keys),
            place,
            keychain_trouble: Mutex::default(),
            pending_key: Mutex::default(),
            editor: Editor {
                surroundings: Arc::from(surroundings),
                forms: Arc::new(Forms { library: RwLock::new(library), made: RwLock::default() }),
            },
            waiting: Mutex::default(),
            folder: folder.to_owned(),
            backup_trouble: Mutex::default(),
            checked_at: Mutex::default(),
            brand: RwLock::new(read_brand(folder)?),
            brand_file: folder.join(BRAND),
            previewer: Previewer::default(),
            newest_edition,
        };
        if workspace.keys.opened_by() != OpenedBy::Keychain {
            workspace.mend_keychain(keychain);
        }
        Ok(workspace)
    }

    /// How the start went, once the workspace is open.
    pub fn start(&self) -> Result<Start, AppError> {
        let person = self.person()?;
        let is_first_run = person.is_none() && self.store.setting::<bool>(WELCOMED)?.is_none() && self.store.list()?.is_empty();
        Ok(Start::Ready { person, is_first_run })
    }

    /// Sets who works here; none says that it is to be asked later.
    pub fn save_person(&self, person: Option<Person>) -> Result<(), AppError> {
        if let Some(person) = person {
            let checked = crate::identity::check_person(&person)?;
            self.store.set_setting(PERSON, &checked)?;
        }
        Ok(self.store.set_setting(WELCOMED, &true)?)
    }

    /// Who works here, if that was said.
    pub fn person(&self) -> Result<Option<Person>, AppError> {
        Ok(self.store.setting(PERSON)?)
    }

    /// The form of an assessment.
    pub(crate) fn form_of(&self, id: AssessmentId) -> Result<Arc<Form>, AppError> {
        let summary = self.store.summary(id)?.ok_or_else(|| AppError::not_found("This assessment"))?;
        self.form(&summary.edition, &summary.pack)
    }

    /// The form of an edition and a pack.
    pub(crate) fn form(&self, edition: &EditionId, pack: &PackId) -> Result<Arc<Form>, AppError> {
        self.editor.forms.get(edition, pack)
    }

    /// The editions and packs that are known here.
    pub(crate) fn library(&self) -> std::sync::RwLockReadGuard<'_, Library> {
        self.editor.forms.library.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The words and colours of the company.
    pub(crate) fn brand(&self) -> Brand {
        self.brand.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds an edition and a pack that a bundle brought.
    pub(crate) fn learn(&self, edition: &str, pack: &str) -> Result<(), AppError> {
        let mut library = self.editor.forms.library.write().unwrap_or_else(PoisonError::into_inner);
        library.add_edition(edition).map_err(AppError::refused)?;
        library.add_pack(pack).map_err(AppError::refused)
    }
}

impl Forms {
    /// The form of an edition and a pack.
    pub(crate) fn get(&self, edition: &EditionId, pack: &PackId) -> Result<Arc<Form>, AppError> {
        let key = (edition.clone(), pack.clone());
        if let Some(form) = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(form));
        }
        let form = {
            let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
            crate::documents::form_in(&library, edition, pack)?
        };
        let form = Arc::new(form);
        self.made.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&form));
        Ok(form)
    }
}

/// Where the key file and the database of a workspace are.
pub(crate) fn workspace_place(folder: &Path) -> Place {
    Place::in_folder(folder, DATABASE)
}

/// The keychain of the person who is logged in.
pub(crate) fn system_keychain(limit: Duration) -> TimeLimited<OsKeychain> {
    TimeLimited::new(OsKeychain::new(SERVICE), limit)
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

/// The brand in the workspace's folder, or the default one.
fn read_brand(folder: &Path) -> Result<Brand, AppError> {
    let place = folder.join(BRAND);
    if !place.exists() {
        return Ok(Brand::default());
    }
    Brand::parse(&String::from_utf8_lossy(&files::read(&place)?)).map_err(AppError::refused)
}
