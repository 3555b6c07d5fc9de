//! Files that leave the workspace: reports, signed by the officer, and bundles.

use crate::brand::CompanyBrand;
use crate::documents::{self, Opened, bundle_of};
use crate::editing::Editor;
use crate::error::AppError;
use crate::files::{self, Signing, Written};
use crate::forms::Forms;
use crate::identity::{OwnIdentity, is_in_force};
use crate::keys::{TypedSecret, Vault};
use crate::printing::{Rendered, ReportOptions, ReportRequest, ReportSignature, render_report};
use crate::provenance::sign_bundle;
use dpia_bundle::Scope;
use dpia_model::id::{AssessmentId, AttachmentId};
use dpia_model::{Assessment, Entry};
use dpia_report::ReportInput;
use dpia_store::{Revision, StoreError};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A letter that no font has: it is printed as a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct MissingLetter {
    /// The letter, as a reader counts them.
    pub letter: String,
    /// The first words it is in.
    pub words: String,
    /// The section it is in, by its title.
    pub section: String,
}

/// A bundle that is to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeBundle {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether its manifest is signed.
    pub signing: Signing,
}

/// What leaves the workspace.
pub struct Exports {
    vault: Arc<Vault>,
    editor: Editor,
    forms: Arc<Forms>,
    brand: Arc<CompanyBrand>,
    identity: Arc<OwnIdentity>,
}

impl Exports {
    /// Exports from a vault, in this brand and signed with this identity.
    pub(crate) fn new(vault: Arc<Vault>, editor: Editor, forms: Arc<Forms>, brand: Arc<CompanyBrand>, identity: Arc<OwnIdentity>) -> Self {
        Self { vault, editor, forms, brand, identity }
    }

    /// Prints an assessment as it is now. What is being typed is settled first, so that the report is a revision.
    pub fn render_report(&self, id: AssessmentId, request: &ReportRequest) -> Result<Rendered, AppError> {
        let opened = self.open_to_print(id)?;
        let identity = match request.signature {
            ReportSignature::Draft => None,
            ReportSignature::Certified | ReportSignature::OpenToCountersignature => Some(self.identity.get_or_make()?),
        };
        render_report(&opened, &ReportOptions { request, at: self.vault.now(), identity: identity.as_ref() })
    }

    /// The letters of a report that no font has, without making it. What is being typed counts too.
    pub fn find_missing_letters(&self, id: AssessmentId, request: &ReportRequest) -> Result<Vec<MissingLetter>, AppError> {
        let (assessment, _) = self.editor.load_with_drafts(id)?;
        let input = ReportInput {
            form: &*self.editor.form_of(id)?,
            assessment: &assessment,
            brand: &self.brand.current(),
            copy: &request.copy,
            extent: request.extent,
            at: self.vault.now().0,
            signature: None,
            pictures: &|_| None,
            embedded: None,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        let missing = dpia_report::missing_glyphs(&input).map_err(AppError::refused)?;
        let letters =
            missing.into_iter().map(|found| MissingLetter { letter: found.character, words: found.context, section: found.section });
        Ok(letters.collect())
    }

    /// Writes a report to a place for as long as it is wanted; none where it was not to the end.
    pub fn write_report_while(&self, path: &Path, report: &Rendered, is_wanted: &dyn Fn() -> bool) -> Result<Option<Written>, AppError> {
        self.vault.folder().refuse_own_file(path)?;
        let is_written = files::write_while(path, &report.pdf, &[], is_wanted)?;
        Ok(is_written.then(|| Written { pages: Some(report.pages), ..Written::of(path, &report.pdf) }))
    }

    /// Writes a report to a place.
    pub fn write_report(&self, path: &Path, report: &Rendered) -> Result<Written, AppError> {
        self.vault.folder().write_outside(path, &report.pdf)?;
        Ok(Written { pages: Some(report.pages), ..Written::of(path, &report.pdf) })
    }

    /// A name for the bundle of an assessment.
    pub fn bundle_name(&self, id: AssessmentId) -> Result<String, AppError> {
        self.editor.file_name(id, ".dpia")
    }

    /// Writes an assessment with its history to a place, signed where there is an identity that can sign.
    pub fn write_bundle(&self, id: AssessmentId, path: &Path) -> Result<Written, AppError> {
        self.write_made_bundle(path, &self.make_bundle(id)?)
    }

    /// The bundle that [`Exports::write_bundle`] writes, encrypted with a passphrase that is chosen now; `WrongSecret` where
    /// that is too short or too long.
    pub fn encrypt_bundle(&self, id: AssessmentId, passphrase: &TypedSecret) -> Result<MadeBundle, AppError> {
        let MadeBundle { bytes, signing } = self.make_bundle(id)?;
        Ok(MadeBundle { bytes: documents::encrypt(&bytes, passphrase)?, signing })
    }

    /// Writes a bundle that was made to a place.
    pub fn write_made_bundle(&self, path: &Path, made: &MadeBundle) -> Result<Written, AppError> {
        self.vault.folder().write_outside(path, &made.bytes)?;
        Ok(Written { signing: Some(made.signing), ..Written::of(path, &made.bytes) })
    }

    /// Writes an assessment without its history to a place: what there is to keep where the history does not hold.
    pub fn write_bundle_without_history(&self, id: AssessmentId, path: &Path) -> Result<Written, AppError> {
        let bytes = documents::write_bundle(&self.read_opened(id, |_, _| Ok(Vec::new()))?.bundle)?;
        self.vault.folder().write_outside(path, &bytes)?;
        Ok(Written::of(path, &bytes))
    }

    fn make_bundle(&self, id: AssessmentId) -> Result<MadeBundle, AppError> {
        let bundle = self.open_whole(id)?.bundle;
        let now = self.vault.now();
        let (bundle, signing) = match self.identity.stored()? {
            Some(identity) if is_in_force(identity.certificate(), now) => (sign_bundle(bundle, &identity, now)?, Signing::Signed),
            Some(_) => (bundle, Signing::NotInForce),
            None => (bundle, Signing::NoIdentity),
        };
        Ok(MadeBundle { bytes: documents::write_bundle(&bundle)?, signing })
    }

    /// An assessment with its form, history and pictures.
    pub(crate) fn open_whole(&self, id: AssessmentId) -> Result<Opened, AppError> {
        self.read_opened(id, |_, _| self.vault.store().history(id))
    }

    /// As [`Exports::open_whole`]. A report says nothing of the history: one that does not hold stays out of the bundle inside,
    /// and does not stop it.
    fn open_to_print(&self, id: AssessmentId) -> Result<Opened, AppError> {
        self.read_opened(id, |assessment, revision| {
            let history = self.vault.store().history(id).unwrap_or_default();
            let holds = dpia_store::check_history(assessment, &history, revision).is_ok();
            Ok(if holds { history } else { Vec::new() })
        })
    }

    fn read_opened(
        &self,
        id: AssessmentId,
        read_history: impl FnOnce(&Assessment, Revision) -> Result<Vec<Entry>, StoreError>,
    ) -> Result<Opened, AppError> {
        let form = self.editor.form_of(id)?;
        self.editor.settle_drafts(id)?;
        let (assessment, revision) = self.vault.store().load(id)?;
        let history = read_history(&assessment, revision)?;
        // What the history names goes along, whether the assessment still has it or not.
        let mut pictures: BTreeSet<AttachmentId> = assessment.attachments.keys().copied().collect();
        history.iter().for_each(|entry| entry.change.collect_attachments(&mut pictures));
        let mut attachments = BTreeMap::new();
        let brand = self.brand.current();
        pictures.extend(brand.logo);
        for picture in pictures {
            attachments.insert(picture, self.vault.store().attachment(picture)?.into_bytes());
        }
        let bundle = bundle_of(&self.forms.library(), assessment, Scope::Full { history }, attachments, brand)?;
        Ok(Opened { bundle, form: (*form).clone() })
    }
}
