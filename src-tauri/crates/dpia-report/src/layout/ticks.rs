//! Options with their drawn boxes: lists in the main column, in two columns, in grids, and side by side.

use super::compose::{Composer, Last, Pen, Setting};
use super::lines::{Line, Style, break_lines, measure_words};
use super::measure::{BODY, FULL_WIDTH, HANG, MAIN, MAIN_WIDTH, RIGHT, SIDE, UNIT, baseline, mm};
use super::page::{Ink, Layer, Shape, Stroke, Tagged};
use super::path::Path;
use super::strip::{Ending, Strip};
use super::styles::{self, KEPT_SPACE};
use super::tags::{NodeId, Numbering, Role};
use crate::content::tree::{Mark, TickItem, TickLayout, TickRow, Ticks, Words};
use crate::typeface::Face;
use crate::typeface::outline::outline_word;

/// Side of a box.
pub(crate) const BOX: f32 = mm(3.7);
/// Side of a box in the legend.
pub(crate) const SMALL_BOX: f32 = mm(3.1);
/// From the top of a box to the baseline beside it, as a share of its side.
const BOX_RISE: f32 = (baseline(UNIT) - mm(1.05)) / BOX;
/// Between two columns of options.
const COLUMN_GAP: f32 = mm(8.0);
/// From a box to its label in columns.
const LABEL: f32 = mm(7.0);
/// From a box to its label on one line.
const NEAR_LABEL: f32 = mm(5.5);
/// From one option on a line to the next, at least.
const ROW_PITCH: f32 = mm(19.3);
/// In a cell of a grid, before the box.
const CELL_INSET: f32 = mm(2.3);
/// Over and under a label in a grid.
const CELL_PADDING: f32 = 4.2;
/// Over and under two columns of options, inside their rules.
const COLUMNS_PADDING: f32 = 7.0;

impl Composer<'_> {
    /// Composes a list of options.
    pub(crate) fn ticks(&mut self, ticks: &Ticks) {
        let before = self.gap(0.5, 0.5, 0.5);
        let list = self.tags.add_list(self.parent, Numbering::Unordered);
        let before = match &ticks.remark {
            Some(remark) => {
                self.list_remark(remark, before);
                0.5 * UNIT
            }
            None => before,
        };
        match ticks.layout {
            TickLayout::Column => self.tick_column(list, &ticks.items, before),
            TickLayout::TwoColumns => self.two_columns(list, &ticks.items, before),
            TickLayout::Grid(columns) => self.grid(list, &ticks.items, columns.max(1), before.max(0.75 * UNIT)),
        }
        self.last = Last::Answer;
    }

    /// Said once above a list of which nothing is known, beside a box of that kind.
    fn list_remark(&mut self, remark: &str, before: f32) {
        let node = self.tags.add(self.parent, Role::Paragraph);
        let words = Words::plain(remark);
        let lines = break_lines(self.shaper, &words, styles::REMARK, MAIN_WIDTH);
        let setting = Setting { x: MAIN, before, node, answer: None, ending: Ending::Never, is_whole: true };
        self.set_lines(lines, &words, styles::REMARK, setting, |composer, strip| {
            let shapes = composer.box_shapes(Mark::Unknown, HANG, baseline(UNIT), BOX);
            strip.layer.behind.extend(shapes);
        });
    }

    fn tick_column(&mut self, list: NodeId, items: &[TickItem], before: f32) {
        let count = items.len();
        for (at, item) in items.iter().enumerate() {
            let entry = self.tags.add(list, Role::Item);
            let label = self.tags.add_actual(entry, Role::Label, item.mark.words());
            let body = self.tags.add(entry, Role::Body);
            let words = item.label.clone();
            let style = label_style(item.mark, styles::TICK);
            let lines = break_lines(self.shaper, &words, style, MAIN_WIDTH);
            let ending = if at == 0 && count > 1 || at + 2 == count { Ending::Never } else { Ending::Free };
            let before = if at == 0 { before } else { 0.25 * UNIT };
            let setting = Setting { x: MAIN, before, node: body, answer: None, ending, is_whole: true };
            self.set_lines(lines, &words, style, setting, |composer, strip| {
                composer.draw_box(&mut strip.layer, item.mark, HANG, baseline(UNIT), BOX, label);
            });
        }
    }

    fn two_columns(&mut self, list: NodeId, items: &[TickItem], before: f32) {
        let width = (FULL_WIDTH - COLUMN_GAP) / 2.0;
        let set: Vec<(Words, Style, Vec<Line>)> = items
            .iter()
            .map(|item| {
                let (words, style) = (item.label.clone(), label_style(item.mark, styles::TICK));
                let lines = break_lines(self.shaper, &words, style, width - LABEL);
                (words, style, lines)
            })
            .collect();
        let split = items.len().div_ceil(2);
        let height_of = |range: std::ops::Range<usize>| -> f32 {
            set[range].iter().map(|(_, _, lines)| lines.len() as f32 * UNIT + 0.25 * UNIT).sum::<f32>() - 0.25 * UNIT
        };
        let height = height_of(0..split).max(height_of(split..items.len())) + 2.0 * COLUMNS_PADDING;
        if height > BODY / 2.0 {
            return self.tick_column(list, items, before);
        }
        let mut strip = Strip::new(height);
        strip.before = before.max(0.5 * UNIT);
        for y in [0.0, height] {
            strip.layer.behind.push(Shape::across(SIDE, RIGHT, y, Ink::Hairline, 0.8));
        }
        let mut y = COLUMNS_PADDING;
        for (at, (words, style, lines)) in set.iter().enumerate() {
            if at == split {
                y = COLUMNS_PADDING;
            }
            let x = if at < split { SIDE } else { SIDE + width + COLUMN_GAP };
            let item = &items[at];
            let entry = self.tags.add(list, Role::Item);
            let label = self.tags.add_actual(entry, Role::Label, item.mark.words());
            let body = self.tags.add(entry, Role::Body);
            self.draw_box(&mut strip.layer, item.mark, x, y + baseline(UNIT), BOX, label);
            for line in lines {
                self.draw_line(&mut strip.layer, line, words, Pen { x: x + LABEL, top: y, style: *style, node: body });
                y += UNIT;
            }
            y += 0.25 * UNIT;
        }
        self.push_full(strip);
    }

    fn grid(&mut self, list: NodeId, items: &[TickItem], columns: usize, before: f32) {
        let width = FULL_WIDTH / columns as f32;
        let rows = items.len().div_ceil(columns);
        for (row, cells) in items.chunks(columns).enumerate() {
            let set: Vec<(Words, Style, Vec<Line>)> = cells
                .iter()
                .map(|item| {
                    let (words, style) = (item.label.clone(), label_style(item.mark, styles::GRID));
                    let lines = break_lines(self.shaper, &words, style, width - CELL_INSET - mm(6.1) - mm(1.5));
                    (words, style, lines)
                })
                .collect();
            let lines = set.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1);
            let mut strip = Strip::new(lines as f32 * styles::GRID.leading + 2.0 * CELL_PADDING);
            strip.before = if row == 0 { before } else { 0.0 };
            strip.ending = if row + 1 == rows { Ending::Free } else { Ending::Reluctant };
            for (column, item) in cells.iter().enumerate() {
                if item.mark == Mark::Ticked {
                    let path = Path::rectangle(SIDE + column as f32 * width, 0.0, width, strip.height);
                    strip.layer.behind.push(Shape::filled(path, Ink::Paper));
                }
            }
            let height = strip.height;
            for column in 1..columns {
                let x = SIDE + column as f32 * width;
                strip.layer.behind.push(Shape::rule((x, 0.0), (x, height), Stroke::solid(Ink::Hairline, 0.5)));
            }
            for y in [0.0, height] {
                strip.layer.behind.push(Shape::across(SIDE, RIGHT, y, Ink::Rule, 0.5));
            }
            for (column, (item, (words, style, lines))) in cells.iter().zip(&set).enumerate() {
                let x = SIDE + column as f32 * width + CELL_INSET;
                let entry = self.tags.add(list, Role::Item);
                let label = self.tags.add_actual(entry, Role::Label, item.mark.words());
                let body = self.tags.add(entry, Role::Body);
                self.draw_box(&mut strip.layer, item.mark, x, CELL_PADDING + baseline(style.leading), BOX, label);
                for (at, line) in lines.iter().enumerate() {
                    let top = CELL_PADDING + at as f32 * style.leading;
                    self.draw_line(&mut strip.layer, line, words, Pen { x: x + mm(6.1), top, style: *style, node: body });
                }
            }
            self.push_full(strip);
        }
    }

    /// Composes options side by side, each with its box before it.
    pub(crate) fn tick_row(&mut self, row: &TickRow) {
        let list = self.tags.add_list(self.parent, Numbering::Unordered);
        let mut strip = Strip::new(UNIT);
        strip.before = self.gap(0.5, 0.5, 0.5);
        let mut x = MAIN;
        for item in &row.items {
            let style = label_style(item.mark, styles::TICK);
            let width = NEAR_LABEL + measure_words(self.shaper, &item.label, style);
            if x > MAIN && x + width > RIGHT {
                strip.ending = Ending::Never;
                self.push(std::mem::replace(&mut strip, Strip { before: 0.25 * UNIT, ..Strip::new(UNIT) }));
                x = MAIN;
            }
            let entry = self.tags.add(list, Role::Item);
            let label = self.tags.add_actual(entry, Role::Label, item.mark.words());
            let body = self.tags.add(entry, Role::Body);
            self.draw_box(&mut strip.layer, item.mark, x, baseline(UNIT), BOX, label);
            let lines = break_lines(self.shaper, &item.label, style, RIGHT - x - NEAR_LABEL);
            for (at, line) in lines.iter().enumerate() {
                if at > 0 {
                    strip.ending = Ending::Never;
                    self.push(std::mem::replace(&mut strip, Strip::new(UNIT)));
                }
                self.draw_line(&mut strip.layer, line, &item.label, Pen { x: x + NEAR_LABEL, top: 0.0, style, node: body });
            }
            x += (width + mm(8.0)).max(ROW_PITCH);
        }
        if let Some(remark) = &row.remark {
            let node = self.tags.add(self.parent, Role::Paragraph);
            let words = Words::plain(remark);
            if x > MAIN && x + measure_words(self.shaper, &words, styles::REMARK) > RIGHT {
                strip.ending = Ending::Never;
                self.push(std::mem::replace(&mut strip, Strip::new(UNIT)));
                x = MAIN;
            }
            for line in &break_lines(self.shaper, &words, styles::REMARK, RIGHT - x) {
                self.draw_line(&mut strip.layer, line, &words, Pen { x, top: 0.0, style: styles::REMARK, node });
            }
        }
        self.push(strip);
        self.last = Last::Answer;
    }

    /// Composes what the three boxes mean.
    pub(crate) fn legend(&mut self) {
        let node = self.tags.add(self.parent, Role::Paragraph);
        let mut strip = Strip::new(14.0);
        strip.before = 0.5 * UNIT;
        let mut x = MAIN;
        let y = baseline(14.0);
        for (mark, words) in
            [(Mark::Ticked, "ticked"), (Mark::Blank, "not ticked"), (Mark::Unknown, "to be confirmed: not known, neither yes nor no")]
        {
            strip.layer.behind.extend(self.box_shapes(mark, x, y, SMALL_BOX));
            let words = Words::plain(format!("{words}{KEPT_SPACE}"));
            x += mm(4.4);
            for line in &break_lines(self.shaper, &words, styles::SMALL, RIGHT - x) {
                self.draw_line(&mut strip.layer, line, &words, Pen { x, top: 0.0, style: styles::SMALL, node });
                x += line.width + mm(5.0);
            }
        }
        self.push(strip);
        self.last = Last::Answer;
    }

    /// Draws a box as the mark of an item.
    pub(crate) fn draw_box(&mut self, layer: &mut Layer, mark: Mark, x: f32, baseline: f32, side: f32, node: NodeId) {
        let shapes = self.box_shapes(mark, x, baseline, side);
        layer.text.extend(shapes.into_iter().map(|shape| Tagged { node, shape }));
    }

    /// The shapes of a box beside a baseline.
    pub(crate) fn box_shapes(&mut self, mark: Mark, x: f32, baseline: f32, side: f32) -> Vec<Shape> {
        let y = baseline - BOX_RISE * side;
        let frame = Path::rounded(x, y, side, side, mm(0.5));
        let framed =
            |fill: Ink, stroke: Stroke| Shape::Path { path: frame.clone(), fill: Some(fill), stroke: Some(stroke), is_closed: true };
        match mark {
            Mark::Ticked => {
                let at = |across: f32, down: f32| (x + across * side, y + down * side);
                let tick = Path::lines(&[at(0.23, 0.53), at(0.43, 0.73), at(0.79, 0.27)]);
                let stroke = Stroke { is_round: true, ..Stroke::solid(Ink::White, 1.5 * side / BOX) };
                vec![
                    framed(Ink::Accent, Stroke::solid(Ink::Accent, 0.9)),
                    Shape::Path { path: tick, fill: None, stroke: Some(stroke), is_closed: false },
                ]
            }
            Mark::Blank => vec![framed(Ink::White, Stroke::solid(Ink::Muted, 0.9))],
            Mark::Unknown => {
                let size = 8.4 * side / BOX;
                let (outline, width) = outline_word(self.shaper, Face::SansSemiBold, size, "?");
                let dashes = Stroke { dash: Some((1.6, 1.35)), ..Stroke::solid(Ink::Second, 0.9) };
                let letter = outline.shifted(x + (side - width) / 2.0, y + side / 2.0 + 0.33 * size);
                vec![framed(Ink::White, dashes), Shape::filled(letter, Ink::Second)]
            }
        }
    }
}

/// The style of a label: semibold where it is ticked.
fn label_style(mark: Mark, style: Style) -> Style {
    match mark {
        Mark::Ticked => style.semibold(),
        Mark::Blank | Mark::Unknown => style,
    }
}
