//! What is said, and in which order: an assessment on its form becomes a tree of typed nodes.

mod answers;
mod covers;
pub(crate) mod form;
pub(crate) mod missing;
pub(crate) mod note;
mod risks;
mod screening;
pub(crate) mod signatures;
mod tables;
pub(crate) mod tree;
mod unplaced;
pub(crate) mod words;

use crate::ReportInput;
use crate::error::ReportError;
use dpia_model::id::AttachmentId;
use dpia_model::{CopyKind, Extent};
use tree::{AnswerBlock, Block, Book, Wordmark};

/// Writes the book of a report, with the pictures it draws in the order of its numbers.
pub(crate) fn write_book(input: &ReportInput<'_>) -> Result<(Book, Vec<AttachmentId>), ReportError> {
    if let CopyKind::Customer { client, .. } = input.copy
        && client.trim().is_empty()
    {
        return Err(ReportError::NoClient);
    }
    let mut writer = Writer::new(input);
    let logo = input.brand.logo.map(|logo| writer.number_picture(logo));
    let wordmark = Wordmark { letters: input.brand.wordmark.clone(), picture: logo };
    let mut parts = writer.parts();
    if let Some(signature) = input.signature {
        let at = signatures::place_among(&parts, input.form);
        parts.insert(at, signatures::write_part(input, signature, &wordmark));
    }
    if *input.copy == CopyKind::Internal && input.extent == Extent::Whole {
        parts.extend(writer.unplaced());
    }
    let book = covers::bind(input, parts, &wordmark);
    Ok((book, writer.pictures))
}

/// Puts in the pictures that could be read: each number becomes that of the picture, or none.
pub(crate) fn place_pictures(mut book: Book, places: &[Option<usize>]) -> Book {
    let place = |picture: &mut Option<usize>| *picture = picture.and_then(|at| places.get(at).copied().flatten());
    for block in book.parts.iter_mut().flat_map(|part| &mut part.sections).flat_map(|section| &mut section.blocks) {
        match block {
            Block::Answer(blocks) => place_in(blocks, places),
            Block::Signature(panel) => place(&mut panel.wordmark.picture),
            _ => {}
        }
    }
    place(&mut book.cover.wordmark.picture);
    place(&mut book.back.wordmark.picture);
    book
}

fn place_in(blocks: &mut [AnswerBlock], places: &[Option<usize>]) {
    for block in blocks {
        match block {
            AnswerBlock::Paragraph(_) => {}
            AnswerBlock::List { items, .. } => items.iter_mut().for_each(|item| place_in(item, places)),
            AnswerBlock::Picture { picture, .. } => *picture = picture.and_then(|at| places.get(at).copied().flatten()),
        }
    }
}

/// Writes the parts of a report.
pub(crate) struct Writer<'a> {
    input: &'a ReportInput<'a>,
    /// Titles of parts that this copy leaves out.
    omitted: Vec<String>,
    /// Places that this copy holds.
    places: std::collections::BTreeSet<tree::Anchor>,
    /// The pictures drawn so far.
    pictures: Vec<AttachmentId>,
}
