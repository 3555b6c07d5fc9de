//! The officer's words: paragraphs, nested lists and pictures beside the answer rule.

use super::compose::{Composer, Last, Pen, Setting};
use super::lines::{break_lines, set_line};
use super::measure::{MAIN, MAIN_WIDTH, UNIT, mm};
use super::page::{Area, Purpose, Shape, Tagged, Zone};
use super::strip::{Ending, Strip};
use super::styles;
use super::tags::{NodeId, Numbering, Role};
use crate::content::tree::{AnswerBlock, Words};

/// From a bullet to its text on the first level.
const BULLET_INDENT: f32 = mm(4.4);
/// From a bullet to its text on deeper levels.
const DEEPER_INDENT: f32 = mm(5.2);
/// From a number to its text.
const NUMBER_INDENT: f32 = mm(5.8);
/// From a number of two digits or more to its text.
const WIDE_NUMBER_INDENT: f32 = mm(7.5);
/// No list begins further in than this: what is nested deeper begins at the same place.
const DEEPEST: f32 = mm(48.0);
/// Tallest picture.
const PICTURE_HEIGHT: f32 = mm(110.0);
/// Points in a pixel of a picture that need not shrink.
const POINTS_A_PIXEL: f32 = 0.75;

/// Where blocks of an answer stand.
#[derive(Debug, Clone, Copy)]
struct Inset {
    x: f32,
    level: usize,
    node: NodeId,
    answer: usize,
}

impl Composer<'_> {
    /// Composes an answer.
    pub(crate) fn answer(&mut self, blocks: &[AnswerBlock]) {
        self.answers += 1;
        let inset = Inset { x: MAIN, level: 0, node: self.parent, answer: self.answers };
        let before = self.gap(0.5, 0.5, 0.5);
        self.answer_blocks(blocks, inset, before, Vec::new());
        self.last = Last::Answer;
    }

    /// Composes blocks one under the other; the marks of the list items that begin here are beside the first.
    fn answer_blocks(&mut self, blocks: &[AnswerBlock], inset: Inset, before: f32, mut marks: Vec<ItemMark>) {
        for (at, block) in blocks.iter().enumerate() {
            let is_last = at + 1 == blocks.len();
            let before = match (at, block) {
                (0, _) => before,
                (_, AnswerBlock::List { .. }) => 0.25 * UNIT,
                (_, AnswerBlock::Paragraph(_) | AnswerBlock::Picture { .. }) => 0.5 * UNIT,
            };
            match block {
                AnswerBlock::Paragraph(words) => {
                    let leads_list = matches!(blocks.get(at + 1), Some(AnswerBlock::List { .. })) && words.text().trim_end().ends_with(':');
                    let is_single_head = at == 0 && !is_last;
                    self.answer_paragraph(words, inset, before, std::mem::take(&mut marks), leads_list || is_single_head);
                }
                AnswerBlock::List { start, items } => self.list(*start, items, inset, before, std::mem::take(&mut marks)),
                AnswerBlock::Picture { picture, description, caption } => {
                    self.picture(*picture, description, caption, inset, before, std::mem::take(&mut marks));
                }
            }
        }
        if !marks.is_empty() {
            self.bare_marks(inset, before, marks);
        }
    }

    fn answer_paragraph(&mut self, words: &Words, inset: Inset, before: f32, marks: Vec<ItemMark>, keeps_next: bool) {
        let lines = break_lines(self.shaper, words, styles::ANSWER, MAIN + MAIN_WIDTH - inset.x);
        let node = self.tags.add(inset.node, Role::Paragraph);
        let ending = if keeps_next && lines.len() < 3 { Ending::Never } else { Ending::Free };
        let setting = Setting { x: inset.x, before, node, answer: Some(inset.answer), ending, is_whole: false };
        self.set_lines(lines, words, styles::ANSWER, setting, |composer, strip| {
            composer.draw_marks(strip, marks);
        });
    }

    fn list(&mut self, start: Option<u32>, items: &[Vec<AnswerBlock>], inset: Inset, before: f32, mut marks: Vec<ItemMark>) {
        let numbering = if start.is_some() { Numbering::Decimal } else { Numbering::Unordered };
        let list = self.tags.add_list(inset.node, numbering);
        let base = inset.x.min(MAIN + DEEPEST);
        for (at, item) in items.iter().enumerate() {
            let number = start.map(|start| u64::from(start) + at as u64);
            let text = match number {
                Some(number) => format!("{number}."),
                None if inset.level.is_multiple_of(2) => "•".to_owned(),
                None => "–".to_owned(),
            };
            let indent = match number {
                Some(number) if number >= 10 => WIDE_NUMBER_INDENT.max(mm(2.0) + mm(1.9) * text.len() as f32),
                Some(_) => NUMBER_INDENT,
                None if inset.level == 0 => BULLET_INDENT,
                None => DEEPER_INDENT,
            };
            let entry = self.tags.add(list, Role::Item);
            marks.push(ItemMark { x: base, text, node: self.tags.add(entry, Role::Label) });
            let body = self.tags.add(entry, Role::Body);
            let x = base + indent;
            let before = if at == 0 { before } else { 0.25 * UNIT };
            let marks = std::mem::take(&mut marks);
            self.answer_blocks(item, Inset { x, level: inset.level + 1, node: body, ..inset }, before, marks);
        }
    }

    /// Marks of an item that holds nothing.
    fn bare_marks(&mut self, inset: Inset, before: f32, marks: Vec<ItemMark>) {
        let mut strip = Strip::new(styles::ANSWER.leading);
        strip.before = before;
        strip.answer = Some(inset.answer);
        self.draw_marks(&mut strip, marks);
        self.push(strip);
    }

    fn draw_marks(&mut self, strip: &mut Strip, marks: Vec<ItemMark>) {
        for mark in marks {
            let line = set_line(self.shaper, &mark.text, styles::ANSWER);
            self.draw_line(
                &mut strip.layer,
                &line,
                &Words::plain(mark.text),
                Pen { x: mark.x, top: 0.0, style: styles::ANSWER, node: mark.node },
            );
        }
    }

    fn picture(&mut self, picture: Option<usize>, description: &str, caption: &Words, inset: Inset, before: f32, marks: Vec<ItemMark>) {
        let Some((index, pixels)) = picture.and_then(|index| self.pictures.get(index).map(|pixels| (index, *pixels))) else {
            let words = Words::default().and_italic(format!("A picture here could not be read: {description}"));
            self.answer_paragraph(&words, inset, before, marks, false);
            self.caption(caption, inset, None);
            return;
        };
        let (width, height) = (pixels.width.max(1) as f32 * POINTS_A_PIXEL, pixels.height.max(1) as f32 * POINTS_A_PIXEL);
        let scale = (PICTURE_HEIGHT / height).min((MAIN + MAIN_WIDTH - inset.x) / width).min(1.0);
        let (width, height) = (width * scale, height * scale);
        let figure = self.tags.add_figure(inset.node, description);
        let mut strip = Strip::new(height + 0.25 * UNIT);
        strip.before = before;
        strip.answer = Some(inset.answer);
        strip.layer.text.push(Tagged { node: figure, shape: Shape::Picture { index, x: inset.x, y: 3.0, width, height } });
        let area = Area { left: inset.x, top: 3.0, right: inset.x + width, foot: 3.0 + height };
        strip.layer.zones.push(Zone { node: figure, area, purpose: Purpose::Figure });
        strip.ending = if caption.is_blank() { Ending::Free } else { Ending::Never };
        self.draw_marks(&mut strip, marks);
        self.push(strip);
        self.caption(caption, inset, Some(figure));
    }

    fn caption(&mut self, caption: &Words, inset: Inset, figure: Option<NodeId>) {
        if caption.is_blank() {
            return;
        }
        let node = match figure {
            Some(figure) => self.tags.add(figure, Role::Caption),
            None => self.tags.add(inset.node, Role::Paragraph),
        };
        let setting = Setting { x: inset.x, before: 0.25 * UNIT, node, answer: Some(inset.answer), ending: Ending::Free, is_whole: true };
        self.paragraph(caption, styles::SMALL, MAIN + MAIN_WIDTH - inset.x, setting);
    }
}

/// The bullet or number of an item.
struct ItemMark {
    x: f32,
    text: String,
    node: NodeId,
}
