//! Tables that go on over pages: the head repeated, a row whole wherever a page can hold it.

use super::compose::{Composer, Last, Pen};
use super::lines::{Line, Style, break_lines, set_line};
use super::measure::{BODY, RIGHT, SIDE, baseline, mm};
use super::page::{Ink, Layer, Shape, Stroke};
use super::path::Path;
use super::strip::{Ending, RepeatedHead, Strip};
use super::styles;
use super::tags::{NodeId, Role};
use super::ticks::BOX;
use crate::content::tree::{Cell, CellLine, Mark, Table, Words};
use dpia_model::template::Tone;
use std::collections::BTreeMap;

/// Over and under the lines of a cell.
const PADDING: f32 = 5.0;
/// Before the text of every column but the first.
const INSET: f32 = mm(2.0);
/// Kept free after the text of every column.
const OUTSET: f32 = mm(1.2);
/// A badge.
const BADGE: (f32, f32) = (mm(15.5), mm(4.0));
/// From a bullet to its words.
const BULLET: f32 = mm(3.0);

/// A line of a cell, ready to be drawn.
enum CellPart {
    Line { line: Line, source: usize, words: Words, style: Style },
    Badge(Tone, String),
    Tick { mark: Mark, line: Line, words: Words },
    Bullet { line: Line, words: Words, is_first: bool },
}

/// A cell's element, with the links in it: by line of the cell, then by piece of its words.
struct CellOwner {
    node: NodeId,
    links: BTreeMap<usize, BTreeMap<usize, NodeId>>,
}

/// Where a column's text is.
#[derive(Debug, Clone, Copy)]
struct ColumnPlace {
    x: f32,
    width: f32,
}

impl Composer<'_> {
    /// Composes a table on the full measure.
    pub(crate) fn table(&mut self, table: &Table) {
        let mut x = SIDE;
        let places: Vec<ColumnPlace> = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, (_, width))| {
                let inset = if at == 0 { 0.0 } else { INSET };
                let place = ColumnPlace { x: x + inset, width: mm(*width) - inset - OUTSET };
                x += mm(*width);
                place
            })
            .collect();
        let node = self.tags.add(self.parent, Role::Table);
        let number = self.table_head(node, table, &places);
        let count = table.rows.len();
        for (at, row) in table.rows.iter().enumerate() {
            let is_last = at + 1 == count;
            let ending = if is_last {
                Ending::Free
            } else if at == 0 || at + 2 == count {
                Ending::Reluctant
            } else {
                Ending::Free
            };
            self.row(node, row, &places, number, ending, is_last);
        }
        self.last = Last::Answer;
    }

    fn table_head(&mut self, table: NodeId, content: &Table, places: &[ColumnPlace]) -> usize {
        let row = self.tags.add(table, Role::Row);
        let set: Vec<(Words, Vec<Line>)> = content
            .columns
            .iter()
            .zip(places)
            .map(|((label, _), place)| {
                let words = Words::plain(label.as_str());
                let lines = break_lines(self.shaper, &words, styles::HEAD, place.width);
                (words, lines)
            })
            .collect();
        let lines = set.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
        let mut strip = Strip::new(lines as f32 * styles::HEAD.leading + 2.0 * PADDING);
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, 0.0, Ink::Accent, 1.1));
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, strip.height, Ink::Accent, 0.8));
        for ((words, lines), place) in set.iter().zip(places) {
            let cell = self.tags.add(row, Role::ColumnHead);
            for (at, line) in lines.iter().enumerate() {
                let top = PADDING + at as f32 * styles::HEAD.leading;
                self.draw_line(&mut strip.layer, line, words, Pen { x: place.x, top, style: styles::HEAD, node: cell });
            }
        }
        let mut repeated = Layer { behind: strip.layer.behind.clone(), ..Layer::default() };
        repeated.behind.extend(strip.layer.text.iter().map(|tagged| tagged.shape.clone()));
        self.flow.tables.push(RepeatedHead { height: strip.height, layer: repeated });
        let number = self.flow.tables.len() - 1;
        strip.before = self.gap(0.75, 0.75, 0.75);
        strip.ending = Ending::Never;
        strip.table = Some(number);
        self.push_full(strip);
        number
    }

    fn row(&mut self, table: NodeId, cells: &[Cell], places: &[ColumnPlace], number: usize, ending: Ending, is_last: bool) {
        let row = self.tags.add(table, Role::Row);
        let parts: Vec<Vec<CellPart>> = cells.iter().zip(places).map(|(cell, place)| self.set_cell(cell, place.width)).collect();
        let mut owners: Vec<CellOwner> =
            parts.iter().map(|_| CellOwner { node: self.tags.add(row, Role::Cell), links: BTreeMap::new() }).collect();
        let count = parts.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let leading = styles::CELL.leading;
        let height = count as f32 * leading + 2.0 * PADDING;
        // A row that no page can hold is parted between its lines; each piece is a strip of its own.
        let room = BODY - self.flow.tables[number].height;
        let piece = if height > room { 1 } else { count };
        for first in (0..count).step_by(piece) {
            let after = (first + piece).min(count);
            let head = if first == 0 { PADDING } else { 0.0 };
            let foot = if after == count { PADDING } else { 0.0 };
            let mut strip = Strip::new((after - first) as f32 * leading + head + foot);
            strip.table = Some(number);
            strip.ending = if after == count {
                ending
            } else if first == 0 || after + 1 == count {
                Ending::Never
            } else {
                Ending::Reluctant
            };
            for ((parts, place), owner) in parts.iter().zip(places).zip(&mut owners) {
                for (at, part) in parts.iter().enumerate().skip(first).take(after - first) {
                    let top = head + (at - first) as f32 * leading;
                    self.draw_part(&mut strip.layer, part, place.x, top, owner);
                }
            }
            if after == count {
                let (ink, width) = if is_last { (Ink::Rule, 0.5) } else { (Ink::Hairline, 0.5) };
                strip.layer.behind.push(Shape::across(SIDE, RIGHT, strip.height, ink, width));
            }
            self.push_full(strip);
        }
    }

    fn set_cell(&mut self, cell: &Cell, width: f32) -> Vec<CellPart> {
        let mut parts = Vec::new();
        for (source, line) in cell.0.iter().enumerate() {
            let (words, style, width) = match line {
                CellLine::Words(words) => (words, styles::CELL, width),
                CellLine::Small(words) => (words, Style { leading: styles::CELL.leading, ..styles::SMALL }, width),
                CellLine::Tick(_, words) => (words, styles::CELL, width - mm(5.2)),
                CellLine::Bullet(words) => (words, styles::CELL, width - BULLET),
                CellLine::Badge(level, word) => {
                    parts.push(CellPart::Badge(*level, word.clone()));
                    continue;
                }
            };
            let mut mark = match line {
                CellLine::Tick(mark, _) => Some(*mark),
                CellLine::Words(_) | CellLine::Small(_) | CellLine::Bullet(_) | CellLine::Badge(..) => None,
            };
            let is_bullet = matches!(line, CellLine::Bullet(_));
            for (at, line) in break_lines(self.shaper, words, style, width).into_iter().enumerate() {
                parts.push(match mark.take() {
                    Some(mark) => CellPart::Tick { mark, line, words: words.clone() },
                    None if is_bullet => CellPart::Bullet { line, words: words.clone(), is_first: at == 0 },
                    None => CellPart::Line { line, source, words: words.clone(), style },
                });
            }
        }
        parts
    }

    fn draw_part(&mut self, layer: &mut Layer, part: &CellPart, x: f32, top: f32, owner: &mut CellOwner) {
        let cell = owner.node;
        match part {
            CellPart::Line { line, source, words, style } => {
                let links = owner.links.entry(*source).or_default();
                self.draw_linked(layer, line, words, Pen { x, top, style: *style, node: cell }, links);
            }
            CellPart::Tick { mark, line, words } => {
                let label = self.tags.add_actual(cell, Role::Span, mark.words());
                self.draw_box(layer, *mark, x, top + baseline(styles::CELL.leading), BOX * 0.92, label);
                self.draw_line(layer, line, words, Pen { x: x + mm(5.2), top, style: styles::CELL, node: cell });
            }
            CellPart::Bullet { line, words, is_first } => {
                if *is_first {
                    let bullet = set_line(self.shaper, "•", styles::CELL);
                    self.draw_line(layer, &bullet, &Words::plain("•"), Pen { x, top, style: styles::CELL, node: cell });
                }
                self.draw_line(layer, line, words, Pen { x: x + BULLET, top, style: styles::CELL, node: cell });
            }
            CellPart::Badge(level, word) => self.draw_badge(layer, *level, word, x, top, cell),
        }
    }

    /// Draws a risk's level, the word in it.
    fn draw_badge(&mut self, layer: &mut Layer, tone: Tone, word: &str, x: f32, top: f32, node: NodeId) {
        let (fill, ink) = inks_of(tone);
        let style = Style::new(crate::typeface::Family::Sans, 9.5, styles::CELL.leading, ink).semibold();
        let words = Words::plain(word);
        for line in &break_lines(self.shaper, &words, style, f32::MAX) {
            let width = BADGE.0.max(line.width + mm(3.0));
            let path = Path::rounded(x, top + (styles::CELL.leading - BADGE.1) / 2.0 - 0.2, width, BADGE.1, mm(0.4));
            let stroke = Some(Stroke::solid(Ink::Second, 0.9));
            layer.behind.push(Shape::Path { path, fill: Some(fill), stroke, is_closed: true });
            self.draw_line(layer, line, &words, Pen { x: x + (width - line.width) / 2.0, top: top - 0.35, style, node });
        }
    }
}

/// The filling of a level and the colour of words on it.
pub(crate) fn inks_of(tone: Tone) -> (Ink, Ink) {
    match tone {
        Tone::Low => (Ink::White, Ink::Text),
        Tone::Medium => (Ink::Lilac, Ink::Text),
        Tone::High => (Ink::Second, Ink::White),
    }
}
