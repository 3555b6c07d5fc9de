//! Bringing a document or a bundle into the store.

use crate::documents;
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::keys::Typed;
use crate::provenance::BundleSignature;
use crate::views::Imported;
use crate::workspace::Workspace;
use dpia_bundle::{Bundle, Scope};
use dpia_model::history::{Relation, relate};
use dpia_model::id::AssessmentId;
use dpia_store::{Import, Picture, StoreError, TemplateKind, TemplateSource};
use serde::Deserialize;
use std::path::Path;

/// What becomes of a bundle whose assessment is here already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It takes the place of the one that is here, which it has all of.
    Replace,
    /// It stands beside it, as an assessment of its own.
    KeepBoth,
    /// It is left alone.
    Leave,
    /// It is taken in: nothing here has its id.
    Open,
}

/// A bundle that waits for an answer.
pub(crate) struct Waiting {
    ticket: u32,
    what: WaitingFor,
}

/// What is waited for.
enum WaitingFor {
    /// What becomes of it.
    Resolution(Box<Bundle>),
    /// The passphrase that it is sealed with.
    Passphrase(Vec<u8>),
}

impl Workspace {
    /// Reads a document, a bundle or the bundle inside a report and keeps it. A bundle that is here already, that nobody
    /// known signed, or that brings templates of its own is asked about first.
    pub fn import_file(&self, path: &Path) -> Result<Imported, AppError> {
        let bytes = files::read(path)?;
        if documents::is_sealed(&bytes) {
            return Ok(Imported::Sealed { name: files::name_of(path), ticket: self.wait_for(WaitingFor::Passphrase(bytes)) });
        }
        if dpia_bundle::is_bundle(&bytes) {
            return self.import_bundle_file(&bytes);
        }
        if documents::is_pdf(&bytes) {
            return self.import_bundle(documents::open_pdf(&bytes)?.bundle, BundleSignature::InReport);
        }
        let (bundle, report) = documents::read_document(&files::name_of(path), &bytes, None, &*self.surroundings)?;
        self.keep(bundle)?;
        Ok(Imported::Document { report })
    }

    /// Opens a sealed bundle that waits, and goes on as with any bundle; nothing where it does not wait any more.
    ///
    /// # Errors
    /// `WrongSecret` where the passphrase does not open it: it waits on.
    pub fn unseal_import(&self, ticket: u32, passphrase: &Typed) -> Result<Option<Imported>, AppError> {
        let sealed = {
            let waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match waiting.as_ref() {
                Some(Waiting { ticket: found, what: WaitingFor::Passphrase(sealed) }) if *found == ticket => sealed.clone(),
                Some(_) | None => return Ok(None),
            }
        };
        let bytes = documents::unseal(&sealed, passphrase)?;
        self.import_bundle_file(&bytes).map(Some)
    }

    fn import_bundle_file(&self, bytes: &[u8]) -> Result<Imported, AppError> {
        let (opened, signature) = documents::open_judged(bytes, &self.known_certificates()?, self.surroundings.now())?;
        self.import_bundle(opened.bundle, signature)
    }

    fn import_bundle(&self, bundle: Bundle, signature: BundleSignature) -> Result<Imported, AppError> {
        let id = bundle.assessment.id;
        let provenance = self.provenance_of(&bundle, signature);
        let Some(here) = self.store.summary(id)? else {
            if provenance.is_to_be_asked() {
                let product = bundle.assessment.details.product.clone();
                return Ok(Imported::Asked { product, provenance, ticket: self.wait_for(WaitingFor::Resolution(Box::new(bundle))) });
            }
            self.keep(bundle)?;
            return Ok(Imported::Bundle { assessment: id });
        };
        let relation = self.relate(&bundle)?;
        if relation == Relation::Same {
            self.store.restore(id)?;
            return Ok(Imported::Bundle { assessment: id });
        }
        Ok(Imported::AlreadyHere {
            assessment: id,
            product: here.product,
            here: here.revision,
            in_bundle: revision_of(&bundle),
            relation,
            provenance,
            ticket: self.wait_for(WaitingFor::Resolution(Box::new(bundle))),
        })
    }

    /// Keeps a bundle until it is answered what becomes of it.
    fn wait_for(&self, what: WaitingFor) -> u32 {
        let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ticket = waiting.as_ref().map_or(1, |waiting| waiting.ticket.wrapping_add(1));
        *waiting = Some(Waiting { ticket, what });
        ticket
    }

    /// Does with a waiting bundle what was answered; nothing where it does not wait any more.
    pub fn settle_import(&self, ticket: u32, resolution: Resolution) -> Result<Option<Imported>, AppError> {
        let waiting = {
            let mut waiting = self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match waiting.as_ref() {
                Some(found) if found.ticket == ticket => waiting.take(),
                Some(_) | None => None,
            }
        };
        let Some(Waiting { what: WaitingFor::Resolution(mut bundle), .. }) = waiting else { return Ok(None) };
        match resolution {
            Resolution::Leave => return Ok(None),
            Resolution::Open => {
                if self.store.summary(bundle.assessment.id)?.is_some() {
                    let message = "The assessment in this bundle has come here meanwhile: open the bundle again.";
                    return Err(AppError::new(ErrorCode::Stale, message));
                }
                self.keep((*bundle).clone())?;
            }
            Resolution::Replace => {
                // What is here may have been changed since it was asked about.
                if !matches!(self.relate(&bundle)?, Relation::Newer { .. }) {
                    let message = "What is here has changes that the bundle does not have: keep both, then nothing is lost.";
                    return Err(AppError::new(ErrorCode::Refused, message));
                }
                self.put((*bundle).clone(), |import| self.store.replace_assessment(import))?;
            }
            Resolution::KeepBoth => {
                bundle.assessment.id = AssessmentId(self.surroundings.new_id());
                self.keep((*bundle).clone())?;
            }
        }
        Ok(Some(Imported::Bundle { assessment: bundle.assessment.id }))
    }

    /// How a bundle stands to the assessment of its id that is here. A draft that is not settled counts for neither.
    fn relate(&self, bundle: &Bundle) -> Result<Relation, AppError> {
        let (here, _) = self.store.load(bundle.assessment.id)?;
        let history = match &bundle.scope {
            Scope::Full { history } => history.as_slice(),
            Scope::Copy { .. } => &[],
        };
        Ok(match relate(&self.store.history(bundle.assessment.id)?, history) {
            Relation::Same if here != bundle.assessment => Relation::Diverged { here: 0, there: 0 },
            relation => relation,
        })
    }

    fn keep(&self, bundle: Bundle) -> Result<(), AppError> {
        self.put(bundle, |import| self.store.import_assessment(import))
    }

    /// Puts a bundle into the store, with the templates that it brings. They are known here once they are stored and not
    /// before: else a bundle that fails would leave them known, and the next to bring them would not store them.
    fn put(&self, bundle: Bundle, put: impl FnOnce(Import) -> Result<(), StoreError>) -> Result<(), AppError> {
        let (edition, pack) = (bundle.edition.clone(), bundle.pack.clone());
        let import = self.import_of(bundle)?;
        let brings_templates = !import.templates.is_empty();
        put(import)?;
        if brings_templates { self.learn(&edition, &pack) } else { Ok(()) }
    }

    /// The templates that a bundle brings and that are not known here; another text under a known id is refused, for a
    /// template never changes.
    fn templates_brought(&self, bundle: &Bundle) -> Result<Vec<TemplateSource>, AppError> {
        let (edition, pack) = (&bundle.assessment.edition, &bundle.assessment.pack);
        let mut brought = Vec::new();
        let library = self.library();
        let known_edition = library.edition(edition).map(|known| known.source.clone());
        let known_pack = library.pack(pack).map(|known| known.source.clone());
        drop(library);
        for (kind, id, known, source) in [
            (TemplateKind::Edition, edition.to_string(), known_edition, &bundle.edition),
            (TemplateKind::Pack, pack.to_string(), known_pack, &bundle.pack),
        ] {
            match known {
                Some(known) if known == *source => {}
                Some(_) => {
                    let message = format!(
                        "The bundle brings another text of \"{id}\" than the one known here, and a template never changes: it was not opened."
                    );
                    return Err(AppError::new(ErrorCode::Refused, message));
                }
                None => brought.push(TemplateSource { kind, id, source: source.clone() }),
            }
        }
        Ok(brought)
    }

    fn import_of(&self, bundle: Bundle) -> Result<Import, AppError> {
        let templates = self.templates_brought(&bundle)?;
        let history = match bundle.scope {
            Scope::Full { history } => history,
            Scope::Copy { .. } => Vec::new(),
        };
        let pictures = bundle.attachments.into_values().map(Picture::keep).collect::<Result<_, _>>().map_err(AppError::refused)?;
        Ok(Import { assessment: bundle.assessment, history, pictures, templates, at: self.surroundings.now() })
    }
}

/// The revision that a bundle's history leads to.
pub(crate) fn revision_of(bundle: &Bundle) -> u32 {
    match &bundle.scope {
        Scope::Full { history } => history.last().map_or(0, |entry| entry.sequence),
        Scope::Copy { .. } => 0,
    }
}
