//! Other people's documents, read into an assessment and an account of what could not be placed.
//!
//! A document goes through these steps: bytes to text (`encoding`), text to lines (`lines`), lines to words without
//! marks (`marks`, `document`), pages off (`furniture`, `contents`), wording found (`matching`, `chain`), document cut
//! along it (`place`), pieces to answers (`answers` and the readers it calls). What always holds: every word of the
//! document ends up in the wording that was matched, an answer, a piece without a place, a difference, or what was left
//! out; nothing goes silently. No content makes it panic, and time is bounded by the size of the document.

mod answers;
mod asides;
mod back_cover;
mod boxes;
mod breaks;
mod chain;
mod choose;
mod contents;
mod cover;
mod decoded_twice;
mod differences;
mod document;
mod encoding;
mod end_matter;
mod error;
mod fields;
mod furniture;
mod headings;
mod heads;
mod html;
mod html_blocks;
mod html_table;
mod inside;
mod lines;
mod marks;
mod matching;
mod notes;
mod outcome;
mod overlays;
mod place;
mod prose;
mod record;
mod report;
mod rescue;
mod ruled_tables;
mod running;
mod standing;
mod table;
mod tick_marks;
mod tick_owners;
mod ticks;
mod wording;
mod words;
mod work;

#[cfg(test)]
mod tests;

pub use encoding::decode_windows_1252;
pub use error::ImportError;
pub use report::{EditionScore, ImportReport, Placed, Remark};

use dpia_model::date::Instant;
use dpia_model::id::{EditionId, PackId};
use dpia_model::template::{Form, Library};
use dpia_model::{Assessment, Brand};
use report::ReadingFacts;
use uuid::Uuid;

/// A document as it came.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its file name, without folders.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What an import needs to know.
pub struct ImportOptions<'a> {
    /// The edition to read it on; none to choose the best match.
    pub edition: Option<&'a EditionId>,
    /// The editions and packs to choose from.
    pub library: &'a Library,
    /// The pack of internal sections.
    pub pack: &'a PackId,
    /// When it is read.
    pub at: Instant,
    /// Where new ids come from.
    pub ids: &'a mut dyn FnMut() -> Uuid,
}

/// A document that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The assessment, with what could not be placed and the record of the import.
    pub assessment: Assessment,
    /// What there is to say about it.
    pub report: ImportReport,
}

/// Reads a document, or refuses it with a reason.
pub fn read_document(source: Source<'_>, options: ImportOptions<'_>) -> Result<Import, ImportError> {
    read_in_full(source, options).map(|(import, _)| import)
}

/// As [`read_document`], with the words that were wording of the form.
fn read_in_full(source: Source<'_>, options: ImportOptions<'_>) -> Result<(Import, Vec<String>), ImportError> {
    let text = encoding::decode_text(source.name, source.bytes)?;
    let forms = build_forms(&options)?;
    let chosen = choose::choose_edition(source.name, &text, &forms, options.edition, &Brand::default())?;
    let wording = choose::wording_words(&chosen.outcome);
    let form = chosen.outcome.wording.form;
    let assessment = record::build_assessment(chosen.outcome, source, options.at, options.ids);
    let facts = ReadingFacts {
        scores: chosen.scores,
        questions_found: chosen.questions_found,
        questions_asked: chosen.questions_asked,
        remarks: decoded_twice::find_decoded_twice(&text).into_iter().collect(),
    };
    let report = ImportReport::new(&assessment, form, options.edition.is_some(), facts);
    Ok((Import { assessment, report }, wording))
}

fn build_forms(options: &ImportOptions<'_>) -> Result<Vec<Form>, ImportError> {
    let library = options.library;
    if let Some(edition) = options.edition.filter(|edition| library.edition(edition).is_none()) {
        let known: Vec<&str> = library.editions().iter().map(|edition| edition.id.as_str()).collect();
        return Err(ImportError::NoSuchEdition { edition: edition.clone(), known: known.join(", ") });
    }
    let pack = library.pack(options.pack).ok_or_else(|| ImportError::NoSuchPack { pack: options.pack.clone() })?;
    Ok(library.editions().iter().map(|edition| Form::new(edition, pack)).collect::<Result<_, _>>()?)
}
