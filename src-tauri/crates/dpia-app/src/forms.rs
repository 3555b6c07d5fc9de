//! The editions and packs that are known here, and the forms that are made of them.

use crate::error::{AppError, ErrorCode};
use dpia_model::Form;
use dpia_model::id::{EditionId, PackId};
use dpia_model::template::{Library, TemplateError};
use dpia_store::{TemplateKind, TemplateSource};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// The editions and packs that are known here, and the forms that were made of them.
pub(crate) struct Forms {
    library: RwLock<Library>,
    made: RwLock<BTreeMap<(EditionId, PackId), Arc<Form>>>,
    newest_edition: EditionId,
}

impl Forms {
    /// Those that come with the program, and those that bundles brought.
    pub(crate) fn with(brought: &[TemplateSource]) -> Result<Self, AppError> {
        let mut library = built_in()?;
        let newest_edition = library.newest_edition().map(|edition| edition.id.clone());
        let newest_edition = newest_edition
            .ok_or_else(|| AppError::new(ErrorCode::Environment, "There is no form to start with: install the program again."))?;
        for template in brought {
            match template.kind {
                TemplateKind::Edition => library.add_edition(&template.source),
                TemplateKind::Pack => library.add_pack(&template.source),
            }
            .map_err(AppError::refused)?;
        }
        Ok(Self { library: RwLock::new(library), made: RwLock::default(), newest_edition })
    }

    /// The form of an edition and a pack.
    pub(crate) fn get(&self, edition: &EditionId, pack: &PackId) -> Result<Arc<Form>, AppError> {
        let key = (edition.clone(), pack.clone());
        if let Some(form) = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(form));
        }
        let form = Arc::new(form_in(&self.library(), edition, pack)?);
        self.made.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&form));
        Ok(form)
    }

    /// The editions and packs that are known here.
    pub(crate) fn library(&self) -> RwLockReadGuard<'_, Library> {
        self.library.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The edition on which a new assessment starts: the newest that came with the program, whatever a bundle brought.
    pub(crate) fn newest_edition(&self) -> &EditionId {
        &self.newest_edition
    }

    /// Adds an edition and a pack that a bundle brought.
    pub(crate) fn learn(&self, edition: &str, pack: &str) -> Result<(), AppError> {
        let mut library = self.library.write().unwrap_or_else(PoisonError::into_inner);
        library.add_edition(edition).map_err(AppError::refused)?;
        library.add_pack(pack).map_err(AppError::refused)
    }
}

/// The editions and packs that come with the program.
pub(crate) fn built_in() -> Result<Library, AppError> {
    Library::built_in().map_err(damaged_templates)
}

pub(crate) fn damaged_templates(error: TemplateError) -> AppError {
    AppError::new(ErrorCode::Environment, "The templates of this program are damaged: install it again.").with_detail(error)
}

/// The form of an edition and a pack.
pub(crate) fn form_in(library: &Library, edition: &EditionId, pack: &PackId) -> Result<Form, AppError> {
    match library.form(edition, pack) {
        Some(form) => form.map_err(AppError::refused),
        None => Err(AppError::new(
            ErrorCode::Newer,
            format!("This assessment uses edition {edition} with {pack}, which this version does not have: install a newer version."),
        )),
    }
}
