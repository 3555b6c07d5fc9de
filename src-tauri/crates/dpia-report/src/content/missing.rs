//! Characters that no font has, found before anything is drawn.

use super::tree::{AnswerBlock, Block, Book, Cell, CellLine, PanelLine, Words};
use crate::MissingGlyph;
use crate::typeface::shape::{Shaper, Stretch};
use crate::typeface::{Face, symbols};
use std::collections::BTreeSet;

/// Letters of context on either side.
const CONTEXT: usize = 20;

/// Every character of the book that no font has, once a section.
pub(crate) fn find_missing(book: &Book, shaper: &mut Shaper) -> Vec<MissingGlyph> {
    let mut finder = Finder { shaper, found: Vec::new(), seen: BTreeSet::new(), section: "Cover".to_owned() };
    finder.text(&book.cover.product);
    finder.words(&book.cover.date);
    finder.text(&book.cover.audience);
    for (_, value) in &book.about {
        finder.text(value);
    }
    for section in book.parts.iter().flat_map(|part| &part.sections) {
        finder.section.clone_from(&section.title);
        section.blocks.iter().for_each(|block| finder.block(block));
    }
    finder.section = "Back cover".to_owned();
    for text in [&book.back.slogan, &book.back.site, &book.back.copyright] {
        finder.text(text);
    }
    finder.found
}

struct Finder<'a> {
    shaper: &'a mut Shaper,
    found: Vec<MissingGlyph>,
    seen: BTreeSet<(String, String)>,
    section: String,
}

impl Finder<'_> {
    fn text(&mut self, text: &str) {
        use unicode_normalization::UnicodeNormalization;
        use unicode_segmentation::UnicodeSegmentation;
        // Nearly all text is plain: it is looked at no further.
        if text.is_ascii() {
            return;
        }
        let composed: String = text
            .nfc()
            .map(symbols::shown)
            .filter(|c| !crate::layout::breaks::is_invisible(*c))
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        let mut next = 0;
        for stretch in self.shaper.split_by_coverage(Face::Serif, &composed) {
            let at = next;
            next += stretch.text().len();
            let Stretch::Missing(characters) = stretch else { continue };
            for (within, character) in characters.grapheme_indices(true) {
                if self.seen.insert((self.section.clone(), character.to_owned())) {
                    let context = context_of(&composed, at + within, character);
                    self.found.push(MissingGlyph { character: character.to_owned(), context, section: self.section.clone() });
                }
            }
        }
    }

    fn words(&mut self, words: &Words) {
        self.text(&words.text());
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Prose(words) | Block::Guide(words) => self.words(words),
            Block::Question { prompt, help } => {
                self.words(prompt);
                help.iter().for_each(|words| self.words(words));
            }
            Block::Answer(blocks) => self.answer(blocks),
            Block::Nothing(text) => self.text(text),
            Block::Ticks(ticks) => ticks.items.iter().for_each(|item| self.words(&item.label)),
            Block::TickRow(row) => row.items.iter().for_each(|item| self.words(&item.label)),
            Block::Table(table) => {
                table.columns.iter().for_each(|(head, _)| self.text(head));
                table.rows.iter().flatten().for_each(|cell| self.cell(cell));
            }
            Block::Facts(facts) => facts.iter().for_each(|fact| {
                self.text(&fact.label);
                self.words(&fact.value);
            }),
            Block::Result(result) => {
                self.text(&result.result);
                result.reasons.iter().for_each(|words| self.words(words));
                self.panel_lines(&result.first);
                self.panel_lines(&result.lines);
            }
            Block::PanelLines(lines) => self.panel_lines(lines),
            Block::Note { title, paragraphs } => {
                self.text(title);
                paragraphs.iter().for_each(|words| self.words(words));
            }
            Block::Steps(steps) => steps.iter().for_each(|words| self.words(words)),
            Block::Signature(panel) => {
                [&panel.name, &panel.role, &panel.organisation, &panel.email].into_iter().for_each(|text| self.text(text))
            }
            Block::Anchor(_)
            | Block::HeatMaps(_)
            | Block::Legend
            | Block::ReadingPanel
            | Block::EmptyField(_)
            | Block::HandSignature(_) => {}
        }
    }

    fn panel_lines(&mut self, lines: &[PanelLine]) {
        lines.iter().flat_map(|(_, values)| values).for_each(|(_, value)| self.text(value));
    }

    fn answer(&mut self, blocks: &[AnswerBlock]) {
        for block in blocks {
            match block {
                AnswerBlock::Paragraph(words) => self.words(words),
                AnswerBlock::List { items, .. } => items.iter().for_each(|item| self.answer(item)),
                AnswerBlock::Picture { caption, .. } => self.words(caption),
            }
        }
    }

    fn cell(&mut self, cell: &Cell) {
        for line in &cell.0 {
            match line {
                CellLine::Words(words) | CellLine::Small(words) | CellLine::Bullet(words) | CellLine::Tick(_, words) => self.words(words),
                CellLine::Badge(_, word) => self.text(word),
            }
        }
    }
}

/// The letters around one at this place.
fn context_of(text: &str, at: usize, character: &str) -> String {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, character));
    let before: Vec<char> = before.chars().rev().take(CONTEXT).collect();
    before.into_iter().rev().chain(after.chars().take(CONTEXT)).collect()
}
