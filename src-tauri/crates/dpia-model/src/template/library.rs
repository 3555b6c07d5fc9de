//! The editions and packs that come with the program. A released one never changes.

use super::load::{Edition, Pack, TemplateError};
use super::{Form, FormError};
use crate::id::{EditionId, PackId};

/// The edition on which a new assessment starts.
pub const NEWEST_EDITION: &str = "2026.1";
/// The pack that a new assessment takes.
pub const NEWEST_PACK: &str = "internal-1";

const EDITIONS: [&str; 5] = [
    include_str!("../../templates/juniper/2024.1.toml"),
    include_str!("../../templates/juniper/2024.2.toml"),
    include_str!("../../templates/juniper/2025.1.toml"),
    include_str!("../../templates/juniper/2025.2.toml"),
    include_str!("../../templates/juniper/2026.1.toml"),
];
const PACKS: [&str; 1] = [include_str!("../../templates/juniper/internal-1.toml")];

/// Editions and packs, by id. Each keeps the text it was read from, so that a bundle can carry it.
#[derive(Debug, Clone)]
pub struct Library {
    editions: Vec<Edition>,
    packs: Vec<Pack>,
}

impl Library {
    /// The editions and packs that come with the program.
    pub fn built_in() -> Result<Self, TemplateError> {
        let mut library = Self { editions: Vec::new(), packs: Vec::new() };
        EDITIONS.iter().try_for_each(|source| library.add_edition(source))?;
        PACKS.iter().try_for_each(|source| library.add_pack(source))?;
        Ok(library)
    }

    /// Adds an edition that somebody carries with them. One of the same id is kept as it is: editions never change.
    pub fn add_edition(&mut self, source: &str) -> Result<(), TemplateError> {
        let edition = Edition::parse(source)?;
        if self.edition(&edition.id).is_none() {
            self.editions.push(edition);
        }
        Ok(())
    }

    /// Adds a pack, as [`Library::add_edition`] adds an edition.
    pub fn add_pack(&mut self, source: &str) -> Result<(), TemplateError> {
        let pack = Pack::parse(source)?;
        if self.pack(&pack.id).is_none() {
            self.packs.push(pack);
        }
        Ok(())
    }

    /// Every edition, oldest first.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The edition of this id.
    pub fn edition(&self, id: &EditionId) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.id == *id)
    }

    /// Every pack, oldest first.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// The pack of this id.
    pub fn pack(&self, id: &PackId) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.id == *id)
    }

    /// The form of this edition and pack; none where one of them is not here.
    pub fn form(&self, edition: &EditionId, pack: &PackId) -> Option<Result<Form, FormError>> {
        Some(Form::new(self.edition(edition)?, self.pack(pack)?))
    }
}
