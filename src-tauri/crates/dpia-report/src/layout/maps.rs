//! The heat maps: two drawings with every word in them real text, and a sentence that says the same.

use super::compose::{Composer, Last, Pen, Setting};
use super::lines::{Style, set_line};
use super::measure::{MAIN, MAIN_WIDTH, SIDE, UNIT, baseline, mm};
use super::page::{Area, Ink, Purpose, Shape, Stroke, Zone};
use super::path::Path;
use super::strip::{Ending, Strip};
use super::styles;
use super::tables::inks_of;
use super::tags::{NodeId, Role};
use crate::content::tree::{HeatMap, HeatMaps, Words};
use crate::typeface::Family;

/// Width of a map with its labels.
const MAP: f32 = mm(80.0);
/// Between two maps.
const BETWEEN: f32 = mm(10.0);
/// Width of the labels at the left.
const LABELS: f32 = mm(20.0);
/// A cell of the usual height.
const CELL_HEIGHT: f32 = mm(17.0);
/// A cell with a second row of risks.
const TALL_CELL_HEIGHT: f32 = mm(20.0);
/// A risk's circle, across.
const CIRCLE: f32 = mm(5.4);
/// From one circle to the next.
const PITCH: f32 = mm(6.3);
/// Circles in a row.
const PER_ROW: usize = 3;
/// Circles in a cell.
const PER_CELL: usize = 6;

/// Where a map's cells are, in points from the top left of its strip.
#[derive(Debug, Clone, Copy)]
struct Grid {
    /// Its left edge.
    x: f32,
    /// The top of its first row.
    top: f32,
    /// The height of a row.
    cell: f32,
    /// The figure that it belongs to.
    figure: NodeId,
}

impl Composer<'_> {
    /// Composes both maps and the sentence under them.
    pub(crate) fn heat_maps(&mut self, maps: &HeatMaps) {
        let rows = maps.severity.len();
        let is_crowded = maps.maps.iter().flat_map(|map| map.risks.iter().flatten()).any(|risks| risks.len() > PER_ROW);
        let cell = if is_crowded { TALL_CELL_HEIGHT } else { CELL_HEIGHT };
        let head = 28.0;
        let mut strip = Strip::new(head + cell * rows as f32 + 34.0);
        strip.before = self.gap(0.75, 0.75, 0.75);
        strip.ending = Ending::Never;
        for (at, map) in maps.maps.iter().enumerate() {
            let x = SIDE + at as f32 * (MAP + BETWEEN);
            let figure = self.tags.add_figure(self.parent, &map.description);
            let area = Area { left: x, top: 0.0, right: x + MAP, foot: strip.height };
            strip.layer.zones.push(Zone { node: figure, area, purpose: Purpose::Figure });
            self.heat_map(&mut strip, maps, map, Grid { x, top: head, cell, figure });
        }
        self.push_full(strip);
        let node = self.tags.add(self.parent, Role::Paragraph);
        let setting = Setting { x: MAIN, before: 0.5 * UNIT, node, answer: None, ending: Ending::Free, is_whole: true };
        self.paragraph(&maps.summary, styles::PROSE, MAIN_WIDTH, setting);
        self.last = Last::Answer;
    }

    fn heat_map(&mut self, strip: &mut Strip, maps: &HeatMaps, map: &HeatMap, grid: Grid) {
        let Grid { x, top, cell, figure } = grid;
        let small = styles::SMALL;
        self.text_in(strip, &map.title, Align::Left, Pen { x, top: 0.0, style: styles::PROSE.semibold(), node: figure });
        let left = x + LABELS;
        self.text_in(strip, "Severity", Align::Right, Pen { x: left - mm(2.5), top: 14.0, style: small, node: figure });
        let width = (MAP - LABELS) / maps.likelihood.len().max(1) as f32;
        for (row, severity) in maps.severity.iter().enumerate() {
            let y = top + row as f32 * cell;
            self.text_in(strip, severity, Align::Right, Pen { x: left - mm(2.5), top: y + cell / 2.0 - 8.0, style: small, node: figure });
            for column in 0..maps.likelihood.len() {
                let Some((level, word)) = maps.levels.get(row).and_then(|levels| levels.get(column)) else { continue };
                let (fill, ink) = inks_of(*level);
                let at = left + column as f32 * width;
                let path = Path::rectangle(at, y, width, cell);
                let stroke = Some(Stroke::solid(Ink::Rule, 0.7));
                strip.layer.text.push(tagged(figure, Shape::Path { path, fill: Some(fill), stroke, is_closed: true }));
                let style = Style::new(Family::Sans, 9.5, 14.0, ink).semibold();
                self.text_in(strip, word, Align::Left, Pen { x: at + mm(1.6), top: y + 2.5, style, node: figure });
                let risks = map.risks.get(row).and_then(|risks| risks.get(column)).map_or(&[][..], Vec::as_slice);
                self.circles(strip, risks, Grid { x: at + mm(1.3), top: y, ..grid });
            }
        }
        let height = cell * maps.severity.len() as f32;
        let frame = Path::rectangle(left, top, width * maps.likelihood.len() as f32, height);
        let stroke = Some(Stroke::solid(Ink::Second, 0.9));
        strip.layer.text.push(tagged(figure, Shape::Path { path: frame, fill: None, stroke, is_closed: true }));
        for (column, likelihood) in maps.likelihood.iter().enumerate() {
            let centre = left + (column as f32 + 0.5) * width;
            self.text_in(strip, likelihood, Align::Centre, Pen { x: centre, top: top + height + 3.0, style: small, node: figure });
        }
        let centre = left + (MAP - LABELS) / 2.0;
        self.text_in(strip, "Likelihood", Align::Centre, Pen { x: centre, top: top + height + 17.0, style: small, node: figure });
    }

    /// The numbers of the risks in a cell, in circles.
    fn circles(&mut self, strip: &mut Strip, risks: &[usize], Grid { x, top, cell, figure }: Grid) {
        let shown = if risks.len() > PER_CELL { PER_CELL - 1 } else { risks.len() };
        let mut words: Vec<String> = risks[..shown].iter().map(usize::to_string).collect();
        if risks.len() > shown {
            words.push(format!("+{}", risks.len() - shown));
        }
        let rows = words.len().div_ceil(PER_ROW);
        for (at, word) in words.iter().enumerate() {
            let (row, column) = (at / PER_ROW, at % PER_ROW);
            let centre_x = x + CIRCLE / 2.0 + column as f32 * PITCH;
            let centre_y = top + cell - mm(1.6) - CIRCLE / 2.0 - (rows - 1 - row) as f32 * (CIRCLE + mm(0.6));
            let path = Path::circle(centre_x, centre_y, CIRCLE / 2.0);
            let stroke = Some(Stroke::solid(Ink::Text, 1.0));
            strip.layer.text.push(tagged(figure, Shape::Path { path, fill: Some(Ink::White), stroke, is_closed: true }));
            let size = if word.chars().count() > 2 { 8.5 } else { 9.5 };
            let style = Style::new(Family::Sans, size, 14.0, Ink::Text);
            self.text_in(strip, word, Align::Centre, Pen { x: centre_x, top: centre_y + 3.3 - baseline(14.0), style, node: figure });
        }
    }

    /// Sets one line of text that belongs to an element as drawn; `align` says which end of it is at the pen.
    fn text_in(&mut self, strip: &mut Strip, text: &str, align: Align, pen: Pen) {
        let line = set_line(self.shaper, text, pen.style);
        let x = match align {
            Align::Left => pen.x,
            Align::Centre => pen.x - line.width / 2.0,
            Align::Right => pen.x - line.width,
        };
        self.draw_line(&mut strip.layer, &line, &Words::plain(text), Pen { x, ..pen });
    }
}

/// Which end of the text is at its place.
#[derive(Debug, Clone, Copy)]
enum Align {
    Left,
    Centre,
    Right,
}

fn tagged(node: NodeId, shape: Shape) -> super::page::Tagged {
    super::page::Tagged { node, shape }
}
