//! The brand, as settings show and change it: one file beside the database, and a picture kept in it.

use crate::error::AppError;
use crate::files;
use crate::preview::ANY_CLIENT;
use crate::views::{BrandView, Picture, PreviewView};
use crate::workspace::Workspace;
use dpia_model::id::{AssessmentId, AttachmentId};
use dpia_model::template::NEWEST_PACK;
use dpia_model::{Assessment, Brand};
use dpia_report::{CopyKind, ReportInput};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::PoisonError;
use uuid::Uuid;

/// What the sample report is of.
const SAMPLE_PRODUCT: &str = "Name of the product";

impl Workspace {
    /// The brand that reports are printed in, and the one that comes with the program.
    pub fn brand_view(&self) -> Result<BrandView, AppError> {
        let brand = self.brand();
        let logo = brand.logo.and_then(|logo| self.read_picture(logo).ok());
        Ok(BrandView { brand, logo, standard: Brand::default() })
    }

    /// Changes the brand, if its colours can be read, and its picture is there. The file is written whole or not at all.
    pub fn save_brand(&self, brand: Brand) -> Result<BrandView, AppError> {
        let brand = check_brand(brand)?;
        if let Some(logo) = brand.logo {
            self.store.attachment(logo)?;
        }
        let source = brand.to_toml().map_err(AppError::refused)?;
        let mut current = self.brand.write().unwrap_or_else(PoisonError::into_inner);
        files::write(&self.brand_file, source.as_bytes(), &[])?;
        *current = brand;
        drop(current);
        self.brand_view()
    }

    /// Keeps a picture for the wordmark's place; what cameras write beside the pixels is taken out.
    pub fn take_logo(&self, path: &Path) -> Result<Picture, AppError> {
        let picture = dpia_store::Picture::take(&files::read(path)?).map_err(AppError::refused)?;
        let id = picture.id();
        self.store.put_attachment(picture)?;
        self.read_picture(id)
    }

    /// Draws a report without answers in a brand, to look at before it is kept. None where a newer drawing was asked for.
    pub fn draw_brand(&self, brand: Brand) -> Result<Option<PreviewView>, AppError> {
        let brand = check_brand(brand)?;
        let logo = brand.logo.map(|logo| self.store.attachment(logo)).transpose()?.map(dpia_store::Picture::into_bytes);
        let edition = self.newest_edition.clone();
        let pack = NEWEST_PACK.parse().map_err(AppError::refused)?;
        let form = self.form(&edition, &pack)?;
        let assessment = Assessment::new(AssessmentId(Uuid::nil()), edition, pack, SAMPLE_PRODUCT);
        let copy = CopyKind::Customer { client: ANY_CLIENT.to_owned(), included: BTreeSet::new() };
        let pictures = |_: &AttachmentId| logo.clone();
        let input = ReportInput {
            form: &form,
            assessment: &assessment,
            brand: &brand,
            copy: &copy,
            extent: dpia_report::Extent::Screening,
            at: self.editor.surroundings.now().0,
            signature: None,
            pictures: &pictures,
            embedded: None,
            app_version: env!("CARGO_PKG_VERSION"),
        };
        self.previewer.draw(|_, _| dpia_report::render(&input).map(Some).map_err(AppError::refused))
    }
}

/// The brand with surrounding spaces taken off, if its colours can be read.
fn check_brand(mut brand: Brand) -> Result<Brand, AppError> {
    for words in [
        &mut brand.wordmark,
        &mut brand.slogan,
        &mut brand.header,
        &mut brand.footer,
        &mut brand.site,
        &mut brand.copyright_holder,
        &mut brand.copyright_text,
    ] {
        *words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    brand.check_contrast().map_err(AppError::refused)?;
    Ok(brand)
}
