//! What an import could not place: kept to the end of the internal copy, with where it stood.

use super::Writer;
use super::tree::{Anchor, Block, Part, Section, Words};

impl Writer<'_> {
    /// The part, if there is anything unplaced.
    pub(crate) fn unplaced(&mut self) -> Option<Part> {
        let input = self.input;
        if input.assessment.unplaced.is_empty() {
            return None;
        }
        let mut blocks = vec![Block::Prose(Words::plain(
            "The earlier document contained this text. It matches no question of the form, and is kept here until it is moved or \
            removed.",
        ))];
        for piece in &input.assessment.unplaced {
            let heading = piece.place.heading.trim();
            let stood = if heading.is_empty() {
                format!("Line {} of the document, before its first heading", piece.place.line)
            } else {
                format!("Line {} of the document, under “{heading}”", piece.place.line)
            };
            blocks.push(Block::Question { prompt: Words::default(), help: vec![Words::plain(stood)] });
            let text = self.answer_blocks(&piece.text);
            blocks.push(if text.is_empty() { Block::Nothing("No words".to_owned()) } else { Block::Answer(text) });
        }
        let section =
            Section { place: Anchor("section.unplaced".to_owned()), title: "Unplaced text".to_owned(), is_internal: true, blocks };
        Some(Part {
            place: Anchor("part.unplaced".to_owned()),
            title: "Text that matches no question of this form".to_owned(),
            sections: vec![section],
        })
    }
}
