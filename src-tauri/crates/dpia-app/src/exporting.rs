//! Files that leave the workspace: reports, signed by the officer, and bundles.

use crate::backups;
use crate::documents::{self, Opened, bundle_of, product_stem};
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::identity::is_in_force;
use crate::keys::TypedSecret;
use crate::printing::{Rendered, ReportOptions, ReportRequest, Sealing, render_report};
use crate::provenance::sign_bundle;
use crate::views::{MissingLetter, Picture, Signing, Written};
use crate::workspace::Workspace;
use dpia_bundle::Scope;
use dpia_model::change::Change;
use dpia_model::id::{AssessmentId, AttachmentId};
use dpia_model::{Assessment, Entry};
use dpia_report::ReportInput;
use dpia_store::{Revision, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A bundle that is to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeBundle {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether its manifest is signed.
    pub signing: Signing,
}

impl Workspace {
    /// Prints an assessment as it is now. What is being typed is settled first, so that the report is a revision.
    pub fn render_report(&self, id: AssessmentId, request: &ReportRequest) -> Result<Rendered, AppError> {
        let opened = self.open_to_print(id)?;
        let identity = match request.sealing {
            Sealing::Draft => None,
            Sealing::Certified | Sealing::OpenToCountersignature => Some(self.identity()?),
        };
        render_report(&opened, &ReportOptions { request, at: self.editor.surroundings.now(), identity: identity.as_ref() })
    }

    /// The letters of a report that no font has, without making it. Of what is being typed, they are told as well.
    pub fn find_missing_letters(&self, id: AssessmentId, request: &ReportRequest) -> Result<Vec<MissingLetter>, AppError> {
        let (assessment, _) = self.load_with_drafts(id)?;
        let input = ReportInput {
            form: &*self.form_of(id)?,
            assessment: &assessment,
            brand: &self.brand(),
            copy: &request.copy.kind(),
            extent: request.extent.into(),
            at: self.editor.surroundings.now().0,
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
        self.refuse_own_file(path)?;
        let is_written = files::write_while(path, &report.pdf, &[], is_wanted)?;
        Ok(is_written.then(|| Written { pages: Some(report.pages), ..Written::of(path, &report.pdf) }))
    }

    /// Writes a report to a place.
    pub fn write_report(&self, path: &Path, report: &Rendered) -> Result<Written, AppError> {
        self.write_outside(path, &report.pdf)?;
        Ok(Written { pages: Some(report.pages), ..Written::of(path, &report.pdf) })
    }

    /// Writes a file that somebody asked for.
    pub(crate) fn write_outside(&self, path: &Path, bytes: &[u8]) -> Result<(), AppError> {
        self.refuse_own_file(path)?;
        files::write(path, bytes, &[])
    }

    /// Fails where a file is one of those that keep the assessments: nothing that is exported takes its place.
    pub(crate) fn refuse_own_file(&self, path: &Path) -> Result<(), AppError> {
        let Ok(place) = path.canonicalize() else { return Ok(()) };
        let is_in = |folder: PathBuf| folder.canonicalize().is_ok_and(|folder| place.parent() == Some(&folder));
        let name = files::name_of(&place);
        match is_in(self.folder.clone()) || is_in(self.folder.join(backups::FOLDER)) || backups::backup_in(&name).is_some() {
            true => {
                let words = format!(
                    "{} was not written. DPIA Editor keeps the assessments in that file: choose another name.",
                    files::name_of(path)
                );
                Err(AppError::new(ErrorCode::NotSaved, words))
            }
            false => Ok(()),
        }
    }

    /// A name for the bundle of an assessment.
    pub fn bundle_name(&self, id: AssessmentId) -> Result<String, AppError> {
        self.file_name(id, ".dpia")
    }

    /// A name for the history of an assessment as a table.
    pub fn history_name(&self, id: AssessmentId) -> Result<String, AppError> {
        self.file_name(id, " history.csv")
    }

    /// A name for what differs between two moments as a table.
    pub fn comparison_name(&self, id: AssessmentId) -> Result<String, AppError> {
        self.file_name(id, " changes.csv")
    }

    fn file_name(&self, id: AssessmentId, ending: &str) -> Result<String, AppError> {
        let summary = self.store.summary(id)?.ok_or_else(|| AppError::not_found("This assessment"))?;
        Ok(format!("{}{ending}", product_stem(&summary.product)))
    }

    /// Writes an assessment with its history to a place, signed where there is an identity that can sign.
    pub fn write_bundle(&self, id: AssessmentId, path: &Path) -> Result<Written, AppError> {
        self.write_made_bundle(path, &self.make_bundle(id)?)
    }

    /// The bundle that [`Workspace::write_bundle`] writes, sealed with a passphrase that is chosen now; `WrongSecret` where
    /// that is too short or too long.
    pub fn seal_bundle(&self, id: AssessmentId, passphrase: &TypedSecret) -> Result<MadeBundle, AppError> {
        let MadeBundle { bytes, signing } = self.make_bundle(id)?;
        Ok(MadeBundle { bytes: documents::seal(&bytes, passphrase)?, signing })
    }

    /// Writes a bundle that was made to a place.
    pub fn write_made_bundle(&self, path: &Path, made: &MadeBundle) -> Result<Written, AppError> {
        self.write_outside(path, &made.bytes)?;
        Ok(Written { signing: Some(made.signing), ..Written::of(path, &made.bytes) })
    }

    /// Writes an assessment without its history to a place: what there is to keep where the history does not hold.
    pub fn write_bundle_without_history(&self, id: AssessmentId, path: &Path) -> Result<Written, AppError> {
        let bytes = documents::write_bundle(&self.read_opened(id, |_, _| Ok(Vec::new()))?.bundle)?;
        self.write_outside(path, &bytes)?;
        Ok(Written::of(path, &bytes))
    }

    fn make_bundle(&self, id: AssessmentId) -> Result<MadeBundle, AppError> {
        let bundle = self.open_whole(id)?.bundle;
        let now = self.editor.surroundings.now();
        let (bundle, signing) = match self.stored_identity()? {
            Some(identity) if is_in_force(identity.certificate(), now) => (sign_bundle(bundle, &identity, now)?, Signing::Signed),
            Some(_) => (bundle, Signing::NotInForce),
            None => (bundle, Signing::NoIdentity),
        };
        Ok(MadeBundle { bytes: documents::write_bundle(&bundle)?, signing })
    }

    /// An assessment with its form, history and pictures.
    pub(crate) fn open_whole(&self, id: AssessmentId) -> Result<Opened, AppError> {
        self.read_opened(id, |_, _| self.store.history(id))
    }

    /// As [`Workspace::open_whole`]. A report says nothing of the history: one that does not hold stays out of the bundle inside,
    /// and does not stop it.
    fn open_to_print(&self, id: AssessmentId) -> Result<Opened, AppError> {
        self.read_opened(id, |assessment, revision| {
            let history = self.store.history(id).unwrap_or_default();
            let holds = dpia_store::check_history(assessment, &history, revision).is_ok();
            Ok(if holds { history } else { Vec::new() })
        })
    }

    fn read_opened(
        &self,
        id: AssessmentId,
        read_history: impl FnOnce(&Assessment, Revision) -> Result<Vec<Entry>, StoreError>,
    ) -> Result<Opened, AppError> {
        let form = self.form_of(id)?;
        self.settle_drafts(id)?;
        let (assessment, revision) = self.store.load(id)?;
        let history = read_history(&assessment, revision)?;
        // What the history names goes along, whether the assessment still has it or not.
        let mut pictures: BTreeSet<AttachmentId> = assessment.attachments.keys().copied().collect();
        history.iter().for_each(|entry| entry.change.collect_attachments(&mut pictures));
        let mut attachments = BTreeMap::new();
        let brand = self.brand();
        pictures.extend(brand.logo);
        for picture in pictures {
            attachments.insert(picture, self.store.attachment(picture)?.into_bytes());
        }
        let bundle = bundle_of(&self.library(), assessment, Scope::Full { history }, attachments, brand)?;
        Ok(Opened { bundle, form: (*form).clone() })
    }

    /// Attaches a picture; what cameras write beside the pixels is taken out.
    pub fn add_picture(&self, id: AssessmentId, path: &Path) -> Result<Picture, AppError> {
        let picture = dpia_store::Picture::take(&files::read(path)?).map_err(AppError::refused)?;
        let (attachment, known) = (picture.id(), picture.attachment().clone());
        self.store.put_attachment(picture)?;
        self.edit_one(id, move |page| {
            let (assessment, revision) = page.load()?;
            if !assessment.attachments.contains_key(&attachment) {
                let attach = Change::AddAttachment { id: attachment, attachment: known };
                page.append(&page.hand()?, revision, vec![(attach, None)])?;
            }
            Ok(())
        })?;
        self.read_picture(attachment)
    }

    /// An attached picture, to show.
    pub fn read_picture(&self, attachment: AttachmentId) -> Result<Picture, AppError> {
        let picture = self.store.attachment(attachment)?;
        let media_type = match picture.attachment().media_type {
            dpia_model::assessment::MediaType::Png => "image/png",
            dpia_model::assessment::MediaType::Jpeg => "image/jpeg",
        };
        Ok(Picture { id: attachment, address: format!("data:{media_type};base64,{}", data_encoding::BASE64.encode(picture.bytes())) })
    }
}
