//! What runs over and under every page: artefacts, which a screen reader passes over.

use super::lines::{Line, Style, break_lines, set_line};
use super::measure::{MAIN, RIGHT, SIDE, mm};
use super::page::{Ink, Page, Shape};
use super::styles;
use crate::content::tree::{Running, Words};
use crate::typeface::shape::Shaper;

/// Baseline of the header.
const HEADER: f32 = mm(17.1);
/// The rule under it.
const HEADER_RULE: f32 = mm(20.2);
/// Baseline of the line that says what goes on.
const CONTINUED: f32 = mm(27.9);
/// Baseline of the footer.
const FOOTER: f32 = mm(283.9);
/// Between two things in one line.
const APART: f32 = mm(4.0);

/// What runs over and under the pages of a report, set once for all of them.
pub(crate) struct Furniture {
    /// The header, with its rule.
    over: Vec<Shape>,
    /// The footer but for the page's number.
    under: Vec<Shape>,
}

impl Furniture {
    /// Sets header and footer.
    pub(crate) fn new(shaper: &mut Shaper, running: &Running) -> Self {
        let (mut over, mut under) = (Vec::new(), Vec::new());
        let bold = styles::RUNNING.semibold();
        let mut right = RIGHT;
        if let Some(remark) = &running.remark {
            let line = set_line(shaper, remark, bold.inked(Ink::Second));
            right -= line.width;
            draw(&mut over, &line, bold, right, HEADER);
            right -= APART;
        }
        let header = set_line(shaper, &running.header, styles::RUNNING);
        let room = (right - SIDE - header.width - APART).max(MAIN - SIDE - APART);
        let product = shorten(shaper, &running.product, bold.inked(Ink::Accent), room);
        draw(&mut over, &product, bold, SIDE, HEADER);
        draw(&mut over, &header, styles::RUNNING, MAIN.max(SIDE + product.width + APART), HEADER);
        over.push(Shape::across(SIDE, RIGHT, HEADER_RULE, Ink::Rule, 0.5));
        let footer = shorten(shaper, &running.footer, styles::SLOGAN, RIGHT - MAIN);
        draw(&mut under, &footer, styles::SLOGAN, MAIN, FOOTER);
        Self { over, under }
    }

    /// Draws header, footer and what goes on from the page before.
    pub(crate) fn furnish(&self, shaper: &mut Shaper, page: &mut Page, continued: Option<&str>, number: usize, total: usize) {
        page.header.clone_from(&self.over);
        if let Some(section) = continued {
            let words = Words::plain(format!("{section}, ")).and_italic("continued");
            for line in &break_lines(shaper, &words, styles::SMALL, f32::MAX) {
                draw(&mut page.header, line, styles::SMALL, SIDE, CONTINUED);
            }
        }
        let bold = styles::RUNNING.semibold();
        let count = set_line(shaper, &format!("Page {number} of {total}"), bold.inked(Ink::Accent));
        draw(&mut page.footer, &count, bold, SIDE, FOOTER);
        page.footer.extend_from_slice(&self.under);
    }
}

/// The text, or as much of it as there is room for. The cover has all of it.
fn shorten(shaper: &mut Shaper, text: &str, style: Style, room: f32) -> Line {
    let whole = set_line(shaper, text, style);
    if whole.width <= room {
        return whole;
    }
    let letters: Vec<char> = text.chars().collect();
    let (mut low, mut high) = (0, letters.len());
    let mut best = set_line(shaper, "…", style);
    while low < high {
        let middle = (low + high).div_ceil(2);
        let cut: String = letters[..middle].iter().collect();
        let line = set_line(shaper, &format!("{}…", cut.trim_end()), style);
        if line.width <= room {
            best = line;
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    best
}

fn draw(shapes: &mut Vec<Shape>, line: &Line, style: Style, x: f32, y: f32) {
    shapes.extend(line.runs.iter().map(|run| Shape::Glyphs(run.at((x, y), style.size))));
}
