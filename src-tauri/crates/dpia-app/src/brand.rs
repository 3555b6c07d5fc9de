//! The brand, as settings show and change it: one file next to the database, and a picture kept in it.

use crate::error::AppError;
use crate::files;
use crate::keys::Vault;
use crate::pictures::{Picture, keep_picture, show_picture};
use dpia_model::Brand;
use serde::Serialize;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// The brand as settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BrandView {
    /// What reports are printed in.
    pub brand: Brand,
    /// Its picture, if it has one that is here.
    pub logo: Option<Picture>,
    /// The brand that comes with the program.
    pub standard: Brand,
}

/// The words and colours of the company.
pub struct CompanyBrand {
    vault: Arc<Vault>,
    brand: RwLock<Brand>,
}

impl CompanyBrand {
    /// The brand in the folder of a vault, or the default one.
    pub(crate) fn read(vault: Arc<Vault>) -> Result<Self, AppError> {
        let file = vault.folder().brand_file();
        let brand = match file.exists() {
            true => Brand::parse(&String::from_utf8_lossy(&files::read(&file)?)).map_err(AppError::refused)?,
            false => Brand::default(),
        };
        Ok(Self { vault, brand: RwLock::new(brand) })
    }

    /// The brand that reports are printed in.
    pub(crate) fn current(&self) -> Brand {
        self.brand.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The brand that reports are printed in, and the one that comes with the program.
    pub fn view(&self) -> Result<BrandView, AppError> {
        let brand = self.current();
        let logo = brand.logo.and_then(|logo| show_picture(self.vault.store(), logo).ok());
        Ok(BrandView { brand, logo, standard: Brand::default() })
    }

    /// Changes the brand, if its colours can be read, and its picture is there. The file is written whole or not at all.
    pub fn save(&self, brand: Brand) -> Result<BrandView, AppError> {
        let brand = check_brand(brand)?;
        if let Some(logo) = brand.logo {
            self.vault.store().attachment(logo)?;
        }
        let source = brand.to_toml().map_err(AppError::refused)?;
        let mut current = self.brand.write().unwrap_or_else(PoisonError::into_inner);
        files::write(&self.vault.folder().brand_file(), source.as_bytes(), &[])?;
        *current = brand;
        drop(current);
        self.view()
    }

    /// Keeps a picture for the wordmark's place; what cameras write next to the pixels is taken out.
    pub fn take_logo(&self, path: &Path) -> Result<Picture, AppError> {
        let (id, _) = keep_picture(self.vault.store(), path)?;
        show_picture(self.vault.store(), id)
    }
}

/// The brand with surrounding spaces taken off, if its colours can be read.
pub(crate) fn check_brand(mut brand: Brand) -> Result<Brand, AppError> {
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
