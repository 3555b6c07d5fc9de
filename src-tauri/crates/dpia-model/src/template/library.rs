//! The editions and packs that come with the program. A released one never changes.

use super::load::{Edition, Pack, TemplateError};
use super::{Form, FormError};
use crate::id::{EditionId, PackId};

/// The pack that a new assessment takes.
pub const NEWEST_PACK: &str = "internal-1";
/// The edition on which a new assessment starts, as of this version; see [`Library::newest_edition`].
pub const NEWEST_EDITION: &str = "2026.1";

// `EDITIONS` and `PACKS`: the ids and texts of all files in `templates/juniper`, gathered when the crate is built.
include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Editions and packs, by id. Each keeps the text it was read from, so that a bundle can carry it.
#[derive(Debug, Clone)]
pub struct Library {
    editions: Vec<Edition>,
    packs: Vec<Pack>,
}

impl Library {
    /// The editions and packs that come with the program.
    pub fn built_in() -> Result<Self, TemplateError> {
        Self::gather(|_| true)
    }

    /// As [`Library::built_in`], with this edition and this pack alone, where they are among them: one form is made sooner.
    pub fn built_in_for(edition: &EditionId, pack: &PackId) -> Result<Self, TemplateError> {
        Self::gather(|id| id == edition.as_str() || id == pack.as_str())
    }

    fn gather(is_wanted: impl Fn(&str) -> bool) -> Result<Self, TemplateError> {
        let mut library = Self { editions: Vec::new(), packs: Vec::new() };
        let wanted = |(id, _): &&(&str, &str)| is_wanted(id);
        EDITIONS.iter().filter(wanted).try_for_each(|(_, source)| library.add_edition(source))?;
        PACKS.iter().filter(wanted).try_for_each(|(_, source)| library.add_pack(source))?;
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

    /// The edition released last: a new assessment starts on it.
    pub fn newest_edition(&self) -> Option<&Edition> {
        self.editions.iter().max_by_key(|edition| edition.released)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_templates_is_there_and_the_last_released_is_the_newest() {
        let library = Library::built_in().unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/juniper");
        let files = std::fs::read_dir(folder).unwrap().count();
        // One file more says how questions are treated.
        assert_eq!(library.editions().len() + library.packs().len() + 1, files);
        assert_eq!(library.newest_edition().map(|edition| edition.id.as_str()), Some(NEWEST_EDITION));
        assert!(library.pack(&PackId::new(NEWEST_PACK).unwrap()).is_some());
    }

    #[test]
    fn a_form_is_the_same_whether_all_are_read_or_its_own_alone() {
        let library = Library::built_in().unwrap();
        for (edition, pack) in library.editions().iter().flat_map(|edition| library.packs().iter().map(move |pack| (edition, pack))) {
            let few = Library::built_in_for(&edition.id, &pack.id).unwrap();
            assert_eq!((few.editions().len(), few.packs().len()), (1, 1), "{} {}", edition.id, pack.id);
            assert_eq!(few.form(&edition.id, &pack.id).unwrap().unwrap(), library.form(&edition.id, &pack.id).unwrap().unwrap());
        }
        let unknown = Library::built_in_for(&EditionId::new("1999.1").unwrap(), &PackId::new("none").unwrap()).unwrap();
        assert!(unknown.editions().is_empty() && unknown.packs().is_empty());
    }
}
