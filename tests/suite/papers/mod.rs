//! What reports are made of in these suites: the published documents, an assessment without an answer, one that is made
//! up to be as hard to print as an officer's could be, and one that is long.

pub(crate) mod filling;
mod hostile;
mod long;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dpia_bundle::{Bundle, Scope};
use dpia_model::assessment::{Assessment, Attachment, MediaType};
use dpia_model::id::{AssessmentId, AttachmentId, Digest};
use dpia_model::template::{Library, NEWEST_EDITION, NEWEST_PACK};
use dpia_model::{Brand, Form};
use dpia_tests::places::{DOCUMENTS, document, fixture};
use dpia_tests::terminal::import;
use uuid::Uuid;

pub(crate) use hostile::make_hostile;
pub(crate) use long::make_long;

/// The moment at which every report of these suites is made.
pub(crate) const MOMENT: &str = "2026-11-22T09:00:00Z";

/// Something to print.
pub(crate) struct Paper {
    /// What it is called in a failure.
    pub(crate) name: String,
    /// Its bundle.
    pub(crate) bundle: PathBuf,
    /// It has so many pages that judging it takes far longer than judging all others.
    pub(crate) is_long: bool,
}

/// An assessment with its pictures.
pub(crate) struct Made {
    pub(crate) form: Form,
    pub(crate) assessment: Assessment,
    pub(crate) pictures: BTreeMap<AttachmentId, Vec<u8>>,
}

/// Every paper: the four documents, the empty assessment, the hostile one and the long one, as bundles in this folder.
pub(crate) fn write_papers(folder: &Path) -> Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for name in DOCUMENTS {
        let name = name.trim_end_matches(".txt");
        let bundle = folder.join(name).with_extension("dpia");
        import(&document(&format!("{name}.txt")), &bundle)?;
        papers.push(Paper { name: name.to_owned(), bundle, is_long: false });
    }
    for (name, made, is_long) in [("empty", make_empty()?, false), ("hostile", make_hostile()?, false), ("long", make_long()?, true)] {
        let bundle = folder.join(name).with_extension("dpia");
        fs::write(&bundle, made.into_bundle_bytes()?)?;
        papers.push(Paper { name: name.to_owned(), bundle, is_long });
    }
    Ok(papers)
}

/// An assessment on the newest edition and pack without an answer, without even a name.
pub(crate) fn make_empty() -> Result<Made> {
    let form = newest_form()?;
    let assessment = Assessment::new(AssessmentId(Uuid::from_u128(1)), form.edition.clone(), form.pack.clone(), "");
    Ok(Made { form, assessment, pictures: BTreeMap::new() })
}

/// The form of the newest edition and pack.
pub(crate) fn newest_form() -> Result<Form> {
    let form = Library::built_in()?.form(&NEWEST_EDITION.parse()?, &NEWEST_PACK.parse()?);
    Ok(form.context("the newest edition and pack are known")??)
}

impl Made {
    /// Attaches a picture of `tests/fixtures/pictures`.
    pub(crate) fn attach_fixture(&mut self, name: &str) -> Result<AttachmentId> {
        self.attach(fs::read(fixture("pictures").join(name))?, 720, 300)
    }

    /// Attaches a picture.
    pub(crate) fn attach(&mut self, bytes: Vec<u8>, width: u32, height: u32) -> Result<AttachmentId> {
        let media_type = if bytes.starts_with(b"\x89PNG") { MediaType::Png } else { MediaType::Jpeg };
        let id = Digest::of(&bytes);
        self.assessment.attachments.insert(id, Attachment { media_type, width, height, bytes: u32::try_from(bytes.len())? });
        self.pictures.insert(id, bytes);
        Ok(id)
    }

    /// A whole bundle without a history.
    pub(crate) fn into_bundle(self) -> Result<Bundle> {
        let library = Library::built_in()?;
        let edition = library.edition(&self.assessment.edition).context("a known edition")?.source.clone();
        let pack = library.pack(&self.assessment.pack).context("a known pack")?.source.clone();
        Ok(Bundle {
            scope: Scope::Full { history: Vec::new() },
            assessment: self.assessment,
            edition,
            pack,
            brand: Brand::default(),
            attachments: self.pictures,
            signature: None,
        })
    }

    /// The bytes of [`Made::into_bundle`].
    pub(crate) fn into_bundle_bytes(self) -> Result<Vec<u8>> {
        Ok(dpia_bundle::write(&self.into_bundle()?)?)
    }
}
