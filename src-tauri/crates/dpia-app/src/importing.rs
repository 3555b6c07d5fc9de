//! Bringing a document or a bundle into the store.

use crate::account::ImportView;
use crate::documents::{self, revision_of};
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::forms::Forms;
use crate::identity::OwnIdentity;
use crate::keys::{TypedSecret, Vault};
use crate::provenance::{BundleSignature, Provenance};
use dpia_bundle::{Bundle, Scope};
use dpia_model::history::{Relation, relate};
use dpia_model::id::AssessmentId;
use dpia_store::{Import, Picture, StoreError, TemplateKind, TemplateSource};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What becomes of a bundle whose assessment is here already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// It takes the place of the one that is here, which it has all of.
    Replace,
    /// It is next to it, as an assessment of its own.
    KeepBoth,
    /// It is left alone.
    Leave,
    /// It is taken in: nothing here has its id.
    Open,
}

/// What a chosen file led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Imported {
    /// A document was read.
    Document {
        /// The account of it.
        report: ImportView,
    },
    /// Fewer than half of the questions were found in a document: it may be another form, and is not kept before somebody says so.
    Partly {
        /// The account of it.
        report: ImportView,
        /// Names the document in the answer.
        ticket: u32,
    },
    /// A bundle was opened.
    Bundle {
        /// The assessment that it holds.
        assessment: AssessmentId,
    },
    /// A bundle is encrypted, and waits for its passphrase.
    Encrypted {
        /// The name of the file.
        name: String,
        /// Names the bundle in the answer.
        ticket: u32,
    },
    /// A bundle waits for an answer, since nobody known vouches for it or it brings templates of its own: nothing of it
    /// was taken in yet.
    Asked {
        /// The product that it says it is about.
        product: String,
        /// Where it comes from.
        provenance: Provenance,
        /// Names the bundle in the answer.
        ticket: u32,
    },
    /// The bundle's assessment is here already: ask what to do.
    AlreadyHere {
        /// The assessment.
        assessment: AssessmentId,
        /// Its product.
        product: String,
        /// The revision that is here.
        here: u32,
        /// The revision in the bundle.
        in_bundle: u32,
        /// How the bundle's relates to the one that is here; never the same.
        relation: Relation,
        /// Where the bundle comes from.
        provenance: Provenance,
        /// Names the bundle in the answer.
        ticket: u32,
    },
}

/// The most bundles that wait at a time; the one that has waited longest gives way.
const MOST_WAITING: usize = 8;

/// What is brought in, and what waits for an answer first.
pub struct Imports {
    vault: Arc<Vault>,
    forms: Arc<Forms>,
    identity: Arc<OwnIdentity>,
    waiting: Mutex<Waiting>,
}

/// The bundles that wait for an answer, each under its ticket.
#[derive(Default)]
struct Waiting {
    last_ticket: u32,
    bundles: BTreeMap<u32, WaitingFor>,
}

/// What is waited for.
#[derive(Clone)]
enum WaitingFor {
    /// What becomes of a bundle, for which this signature vouches.
    Resolution(Arc<Bundle>, BundleSignature),
    /// Whether a document is kept of which little was placed.
    Document(Arc<(Bundle, ImportView)>),
    /// The passphrase that it is encrypted with.
    Passphrase(Arc<Vec<u8>>),
}

impl Waiting {
    fn add(&mut self, what: WaitingFor) -> u32 {
        while self.bundles.len() >= MOST_WAITING {
            self.bundles.pop_first();
        }
        self.last_ticket += 1;
        self.bundles.insert(self.last_ticket, what);
        self.last_ticket
    }
}

impl Imports {
    /// Imports into a vault. What the officer signed is known.
    pub(crate) fn new(vault: Arc<Vault>, forms: Arc<Forms>, identity: Arc<OwnIdentity>) -> Self {
        Self { vault, forms, identity, waiting: Mutex::default() }
    }

    /// Reads a document, a bundle or the bundle inside a report and keeps it. A bundle that is here already, that nobody
    /// known signed, or that brings templates of its own is asked about first.
    pub fn import_file(&self, path: &Path) -> Result<Imported, AppError> {
        let bytes = files::read(path)?;
        if documents::is_encrypted(&bytes) {
            return Ok(Imported::Encrypted { name: files::name_of(path), ticket: self.wait_for(WaitingFor::Passphrase(Arc::new(bytes))) });
        }
        if dpia_bundle::is_bundle(&bytes) {
            return self.import_bundle_file(&bytes);
        }
        if files::is_pdf(&bytes) {
            let (opened, signature) = documents::open_pdf_judged(&bytes, &self.identity.known_certificates()?, self.vault.now())?;
            return self.import_bundle(opened.bundle, signature);
        }
        let (bundle, report) = documents::read_document(&files::name_of(path), &bytes, None, &**self.vault.surroundings())?;
        if report.is_partly_placed() {
            let ticket = self.wait_for(WaitingFor::Document(Arc::new((bundle, report.clone()))));
            return Ok(Imported::Partly { report, ticket });
        }
        self.keep(bundle)?;
        Ok(Imported::Document { report })
    }

    /// Opens an encrypted bundle that waits, and goes on as with any bundle; nothing where it no longer waits.
    ///
    /// # Errors
    /// `WrongSecret` where the passphrase does not open it: it waits on.
    pub fn decrypt(&self, ticket: u32, passphrase: &TypedSecret) -> Result<Option<Imported>, AppError> {
        let Some(WaitingFor::Passphrase(encrypted)) = self.find_waiting(ticket) else { return Ok(None) };
        let bytes = documents::decrypt(&encrypted, passphrase)?;
        let imported = self.import_bundle_file(&bytes)?;
        self.answered(ticket);
        Ok(Some(imported))
    }

    fn import_bundle_file(&self, bytes: &[u8]) -> Result<Imported, AppError> {
        let (opened, signature) = documents::open_judged(bytes, &self.identity.known_certificates()?, self.vault.now())?;
        self.import_bundle(opened.bundle, signature)
    }

    fn import_bundle(&self, bundle: Bundle, signature: BundleSignature) -> Result<Imported, AppError> {
        let id = bundle.assessment.id;
        let provenance = Provenance::of(&bundle, signature.clone(), &self.forms.library());
        let Some(here) = self.vault.store().summary(id)? else {
            if provenance.is_to_be_asked() {
                let product = bundle.assessment.details.product.clone();
                return Ok(Imported::Asked {
                    product,
                    provenance,
                    ticket: self.wait_for(WaitingFor::Resolution(Arc::new(bundle), signature)),
                });
            }
            self.keep(bundle)?;
            return Ok(Imported::Bundle { assessment: id });
        };
        let relation = self.relate(&bundle)?;
        if relation == Relation::Same {
            self.vault.store().restore(id)?;
            return Ok(Imported::Bundle { assessment: id });
        }
        Ok(Imported::AlreadyHere {
            assessment: id,
            product: here.product,
            here: here.revision,
            in_bundle: revision_of(&bundle),
            relation,
            provenance,
            ticket: self.wait_for(WaitingFor::Resolution(Arc::new(bundle), signature)),
        })
    }

    /// Keeps a bundle until it is answered what becomes of it.
    fn wait_for(&self, what: WaitingFor) -> u32 {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).add(what)
    }

    fn find_waiting(&self, ticket: u32) -> Option<WaitingFor> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).bundles.get(&ticket).cloned()
    }

    /// A bundle waits no longer.
    fn answered(&self, ticket: u32) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).bundles.remove(&ticket);
    }

    /// Does with a waiting bundle what was answered; nothing where it waits no longer. What is here may have changed since it was
    /// asked about: then it is asked again, of what is here now. Where this fails, the bundle waits on.
    pub fn settle(&self, ticket: u32, resolution: Resolution) -> Result<Option<Imported>, AppError> {
        let (bundle, signature) = match self.find_waiting(ticket) {
            Some(WaitingFor::Resolution(bundle, signature)) => (bundle, signature),
            Some(WaitingFor::Document(document)) => {
                let kept = (resolution != Resolution::Leave).then(|| self.keep(document.0.clone())).transpose()?;
                self.answered(ticket);
                return Ok(kept.map(|()| Imported::Document { report: document.1.clone() }));
            }
            Some(WaitingFor::Passphrase(_)) | None => return Ok(None),
        };
        let is_here = self.vault.store().summary(bundle.assessment.id)?.is_some();
        let imported = match resolution {
            Resolution::Leave => None,
            Resolution::Open if is_here => Some(self.import_bundle((*bundle).clone(), signature)?),
            Resolution::Open => Some(self.keep_as(&bundle, bundle.assessment.id)?),
            Resolution::Replace if !is_here || !matches!(self.relate(&bundle)?, Relation::Newer { .. }) => {
                Some(self.import_bundle((*bundle).clone(), signature)?)
            }
            Resolution::Replace => {
                self.put((*bundle).clone(), |import| self.vault.store().replace_assessment(import))?;
                Some(Imported::Bundle { assessment: bundle.assessment.id })
            }
            Resolution::KeepBoth => Some(self.keep_as(&bundle, AssessmentId(self.vault.new_id()))?),
        };
        self.answered(ticket);
        Ok(imported)
    }

    /// Keeps a bundle as the assessment of this id.
    fn keep_as(&self, bundle: &Bundle, id: AssessmentId) -> Result<Imported, AppError> {
        let mut bundle = bundle.clone();
        bundle.assessment.id = id;
        self.keep(bundle)?;
        Ok(Imported::Bundle { assessment: id })
    }

    /// How a bundle is to the assessment of its id that is here. A draft that is not settled counts for neither.
    fn relate(&self, bundle: &Bundle) -> Result<Relation, AppError> {
        let (here, _) = self.vault.store().load(bundle.assessment.id)?;
        let history = match &bundle.scope {
            Scope::Full { history } => history.as_slice(),
            Scope::Copy { .. } => &[],
        };
        Ok(match relate(&self.vault.store().history(bundle.assessment.id)?, history) {
            Relation::Same if here != bundle.assessment => Relation::Diverged { here: 0, there: 0 },
            relation => relation,
        })
    }

    fn keep(&self, bundle: Bundle) -> Result<(), AppError> {
        self.put(bundle, |import| self.vault.store().import_assessment(import))
    }

    /// Puts a bundle into the store, with the templates that it brings. They are known here once they are stored and not
    /// before: else a bundle that fails would leave them known, and the next to bring them would not store them.
    fn put(&self, bundle: Bundle, put: impl FnOnce(Import) -> Result<(), StoreError>) -> Result<(), AppError> {
        let (edition, pack) = (bundle.edition.clone(), bundle.pack.clone());
        let import = self.import_of(bundle)?;
        let brings_templates = !import.templates.is_empty();
        put(import)?;
        if brings_templates { self.forms.learn(&edition, &pack) } else { Ok(()) }
    }

    /// The templates that a bundle brings and that are not known here; another text under a known id is refused, for a
    /// template never changes.
    fn templates_brought(&self, bundle: &Bundle) -> Result<Vec<TemplateSource>, AppError> {
        let (edition, pack) = (&bundle.assessment.edition, &bundle.assessment.pack);
        let mut brought = Vec::new();
        let library = self.forms.library();
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
                        "The bundle contains a different text of \"{id}\" than this program has, and a template never changes. It was \
                        not opened."
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
        Ok(Import { assessment: bundle.assessment, history, pictures, templates, at: self.vault.now() })
    }
}
