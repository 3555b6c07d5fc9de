//! Letters as paths: the wordmark and the question mark in a box are drawn, not written, so that no stray letter is
//! read out or copied.

use super::Face;
use super::shape::Shaper;
use crate::layout::path::Path;
use rustybuzz::ttf_parser;

/// The outlines of a word, the first letter's origin at (0, 0), y pointing down, in points at the given size; and its
/// width.
pub(crate) fn outline_word(shaper: &mut Shaper, face: Face, size: f32, word: &str) -> (Path, f32) {
    let shaped = shaper.shape(face, word);
    let scale = size / 1000.0;
    let mut path = Path::default();
    let mut pen = 0.0;
    for glyph in &shaped.glyphs {
        let font = shaper.face(face);
        let unit = size / font.units_per_em() as f32;
        let mut builder = Builder { path: &mut path, x: (pen + glyph.dx) * scale, y: -glyph.dy * scale, unit, at: (0.0, 0.0) };
        font.outline_glyph(ttf_parser::GlyphId(glyph.id), &mut builder);
        pen += glyph.advance;
    }
    (path, pen * scale)
}

struct Builder<'a> {
    path: &'a mut Path,
    x: f32,
    y: f32,
    unit: f32,
    at: (f32, f32),
}

impl Builder<'_> {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.unit, self.y - y * self.unit)
    }
}

impl ttf_parser::OutlineBuilder for Builder<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.place(x, y);
        self.path.move_to(self.at.0, self.at.1);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.at = self.place(x, y);
        self.path.line_to(self.at.0, self.at.1);
    }

    // A quadratic curve is a cubic one whose handles lie two thirds of the way to its own handle.
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (from, handle, to) = (self.at, self.place(x1, y1), self.place(x, y));
        let toward = |end: (f32, f32)| (end.0 + (handle.0 - end.0) * 2.0 / 3.0, end.1 + (handle.1 - end.1) * 2.0 / 3.0);
        let (a, b) = (toward(from), toward(to));
        self.path.curve_to(a, b, to);
        self.at = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        self.path.curve_to(self.place(x1, y1), self.place(x2, y2), to);
        self.at = to;
    }

    fn close(&mut self) {}
}
