//! Shapes into the operators of a page. A setting is written only where it changes.

use super::fonts::{Subsets, font_id, natural_width};
use crate::layout::measure::PAGE_HEIGHT;
use crate::layout::page::{GlyphRun, Ink, Shape, Stroke};
use crate::layout::path::{Path, Segment};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
use printpdf::{
    Color, CurTransMat, DictItem, Line, LineCapStyle, LineDashPattern, LineJoinStyle, LinePoint, Op, PaintMode, PdfFontHandle, Point,
    Polygon, PolygonRing, Pt, Rgb, TextMatrix, WindingOrder, XObjectId, XObjectTransform,
};
use std::collections::BTreeMap;

/// Writes the operators of one page.
pub(crate) struct Pen<'a> {
    palette: &'a Palette,
    subsets: &'a Subsets,
    shaper: &'a Shaper,
    operations: Vec<Op>,
    fill: Option<Ink>,
    stroke: Option<Stroke>,
    dash: Option<(f32, f32)>,
    is_round: bool,
}

impl<'a> Pen<'a> {
    /// A pen over an empty page.
    pub(crate) fn new(palette: &'a Palette, subsets: &'a Subsets, shaper: &'a Shaper) -> Self {
        Self { palette, subsets, shaper, operations: Vec::new(), fill: None, stroke: None, dash: None, is_round: false }
    }

    /// The operators.
    pub(crate) fn finish(self) -> Vec<Op> {
        self.operations
    }

    /// Draws what is no part of the text.
    pub(crate) fn artefacts(&mut self, shapes: &[Shape]) {
        if shapes.is_empty() {
            return;
        }
        self.operations.push(Op::BeginMarkedContent { tag: "Artifact".to_owned() });
        shapes.iter().for_each(|shape| self.draw(shape, false));
        self.end();
    }

    /// Draws what runs over or under every page: an artefact of pagination of this subtype, `Header` or `Footer`
    /// (ISO 32000-1, 14.8.2.2.2; ISO 14289-1, 7.8).
    pub(crate) fn pagination(&mut self, subtype: &str, shapes: &[Shape]) {
        if shapes.is_empty() {
            return;
        }
        let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
        let map = BTreeMap::from([("Type".to_owned(), name("Pagination")), ("Subtype".to_owned(), name(subtype))]);
        let properties = DictItem::Dict { map };
        self.operations.push(Op::BeginMarkedContentWithProperties { tag: "Artifact".to_owned(), properties });
        shapes.iter().for_each(|shape| self.draw(shape, false));
        self.end();
    }

    /// Begins a marked sequence (ISO 32000-1, 14.6).
    pub(crate) fn begin(&mut self, tag: &str, number: usize) {
        let map = BTreeMap::from([("MCID".to_owned(), DictItem::Int(number as i64))]);
        self.operations.push(Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties: DictItem::Dict { map } });
    }

    /// Ends a marked sequence.
    pub(crate) fn end(&mut self) {
        self.operations.push(Op::EndMarkedContent);
    }

    /// Draws a shape of the text.
    pub(crate) fn shape(&mut self, shape: &Shape) {
        self.draw(shape, true);
    }

    fn draw(&mut self, shape: &Shape, is_text: bool) {
        match shape {
            Shape::Glyphs(run) => self.glyphs(run, is_text),
            Shape::Path { path, fill, stroke, is_closed } => self.path(path, *fill, *stroke, *is_closed),
            Shape::Picture { index, x, y, width, height } => self.picture(*index, (*x, *y), (*width, *height)),
        }
    }

    fn glyphs(&mut self, run: &GlyphRun, is_text: bool) {
        let Some(subset) = self.subsets.get(&run.face) else { return };
        self.set_fill(run.ink);
        // What no font has is drawn as a box in its place (ISO 32000-1, 14.9.4).
        let stands_for = run.stands_for.as_ref().filter(|_| is_text);
        if let Some(text) = stands_for {
            let map = BTreeMap::from([("ActualText".to_owned(), DictItem::Bytes(utf_16(text)))]);
            self.operations.push(Op::BeginMarkedContentWithProperties { tag: "Span".to_owned(), properties: DictItem::Dict { map } });
        }
        self.operations.push(Op::StartTextSection);
        self.operations.push(Op::SetFont { font: PdfFontHandle::External(font_id(run.face)), size: Pt(run.size) });
        self.operations.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(round(run.x)), Pt(round(PAGE_HEIGHT - run.y))) });
        let units = self.shaper.face(run.face).units_per_em() as f32;
        let mut rise = 0.0;
        let mut line = ShownText::default();
        for glyph in run.glyphs.iter() {
            if glyph.dy != rise {
                rise = glyph.dy;
                line.rise_to(round(rise * run.size / 1000.0));
            }
            // The reader moves on by the font's own width, cut to whole thousandths; the rest is made up here.
            let own = (f32::from(natural_width(self.shaper, run.face, glyph.id)) * 1000.0 / units).floor();
            line.move_by(-glyph.dx);
            line.show(subset.number(glyph.id));
            line.move_by(own - glyph.advance + glyph.dx);
        }
        if rise != 0.0 {
            line.rise_to(0.0);
        }
        self.operations.extend(line.finish());
        self.operations.push(Op::EndTextSection);
        if stands_for.is_some() {
            self.end();
        }
    }

    fn path(&mut self, path: &Path, fill: Option<Ink>, stroke: Option<Stroke>, is_closed: bool) {
        if let Some(ink) = fill {
            self.set_fill(ink);
        }
        if let Some(stroke) = stroke {
            self.set_stroke(stroke);
        }
        let rings = rings_of(path);
        let mode = match (fill.is_some(), stroke.is_some()) {
            (true, true) => PaintMode::FillStroke,
            (true, false) => PaintMode::Fill,
            (false, true) if is_closed => PaintMode::Stroke,
            (false, true) => {
                for ring in rings {
                    self.operations.push(Op::DrawLine { line: Line { points: ring.points, is_closed: false } });
                }
                return;
            }
            (false, false) => return,
        };
        self.operations.push(Op::DrawPolygon { polygon: Polygon { rings, mode, winding_order: WindingOrder::NonZero } });
    }

    fn picture(&mut self, index: usize, (x, y): (f32, f32), (width, height): (f32, f32)) {
        self.operations.push(Op::SaveGraphicsState);
        let matrix = [round(width), 0.0, 0.0, round(height), round(x), round(PAGE_HEIGHT - y - height)];
        self.operations.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) });
        self.operations.push(Op::UseXobject { id: XObjectId(picture_name(index)), transform: XObjectTransform::default() });
        self.operations.push(Op::RestoreGraphicsState);
    }

    fn colour(&self, ink: Ink) -> Color {
        let [r, g, b] = self.palette.channels(ink);
        Color::Rgb(Rgb { r, g, b, icc_profile: None })
    }

    fn set_fill(&mut self, ink: Ink) {
        if self.fill != Some(ink) {
            self.fill = Some(ink);
            let col = self.colour(ink);
            self.operations.push(Op::SetFillColor { col });
        }
    }

    fn set_stroke(&mut self, stroke: Stroke) {
        let before = self.stroke.replace(stroke);
        if before.map(|before| before.ink) != Some(stroke.ink) {
            let col = self.colour(stroke.ink);
            self.operations.push(Op::SetOutlineColor { col });
        }
        if before.map(|before| before.width) != Some(stroke.width) {
            self.operations.push(Op::SetOutlineThickness { pt: Pt(stroke.width) });
        }
        if self.dash != stroke.dash {
            self.dash = stroke.dash;
            let dash = stroke.dash.map_or_else(LineDashPattern::solid, |(on, off)| LineDashPattern::new(0.0, &[on, off]));
            self.operations.push(Op::SetLineDashPattern { dash });
        }
        if self.is_round != stroke.is_round {
            self.is_round = stroke.is_round;
            let (cap, join) =
                if stroke.is_round { (LineCapStyle::Round, LineJoinStyle::Round) } else { (LineCapStyle::Butt, LineJoinStyle::Miter) };
            self.operations.push(Op::SetLineCapStyle { cap });
            self.operations.push(Op::SetLineJoinStyle { join });
        }
    }
}

/// The name of a picture in the pages' resources.
pub(crate) fn picture_name(index: usize) -> String {
    format!("Im{}", index + 1)
}

/// Glyphs shown one after another, with what the pen moves between them, sideways (the operator TJ; ISO 32000-1, 9.4.3) and
/// upwards (Ts; 9.3.7).
///
/// printpdf's own operator writes each glyph apart and is slow over many, so these are handed to it as they are to stand.
#[derive(Default)]
struct ShownText {
    operators: String,
    /// What is between the brackets of the last of them.
    shown: String,
    /// The last string of glyphs goes on.
    is_open: bool,
    /// To the left, in thousandths of the type size, and not written yet.
    owed: f32,
}

impl ShownText {
    /// Moves the pen to the left. What is less than a whole thousandth waits until it has grown to one.
    fn move_by(&mut self, offset: f32) {
        self.owed += offset;
    }

    /// Moves the pen so many points above the baseline.
    fn rise_to(&mut self, rise: f32) {
        self.end_array();
        self.push_operator(&format!("{rise} Ts"));
    }

    fn show(&mut self, glyph: u16) {
        let whole = self.owed.trunc();
        if whole != 0.0 {
            self.end_string();
            if !self.shown.is_empty() {
                self.shown.push(' ');
            }
            self.shown.push_str(&(whole as i64).to_string());
            self.owed -= whole;
        }
        if !std::mem::replace(&mut self.is_open, true) {
            self.shown.push('<');
        }
        self.shown.extend([12, 8, 4, 0].map(|shift| char::from(b"0123456789ABCDEF"[usize::from(glyph >> shift & 0xF)])));
    }

    fn end_string(&mut self) {
        if std::mem::take(&mut self.is_open) {
            self.shown.push('>');
        }
    }

    fn end_array(&mut self) {
        self.end_string();
        if !self.shown.is_empty() {
            let operator = format!("[{}] TJ", std::mem::take(&mut self.shown));
            self.push_operator(&operator);
        }
    }

    fn push_operator(&mut self, operator: &str) {
        if !self.operators.is_empty() {
            self.operators.push('\n');
        }
        self.operators.push_str(operator);
    }

    /// The operators, if anything is shown.
    fn finish(mut self) -> Option<Op> {
        self.end_array();
        (!self.operators.is_empty()).then_some(Op::Unknown { key: self.operators, value: Vec::new() })
    }
}

/// Hundredths of a point, 4 µm, are fine enough to place anything on paper, and keep the file small.
fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}

fn rings_of(path: &Path) -> Vec<PolygonRing> {
    let mut rings: Vec<PolygonRing> = Vec::new();
    let point = |(x, y): (f32, f32), bezier: bool| LinePoint { p: Point { x: Pt(round(x)), y: Pt(round(PAGE_HEIGHT - y)) }, bezier };
    for step in &path.steps {
        match *step {
            Segment::Move(x, y) => rings.push(PolygonRing { points: vec![point((x, y), false)] }),
            Segment::Line(x, y) => {
                if let Some(ring) = rings.last_mut() {
                    ring.points.push(point((x, y), false));
                }
            }
            Segment::Curve(first, second, end) => {
                if let Some(ring) = rings.last_mut() {
                    ring.points.extend([point(first, true), point(second, true), point(end, false)]);
                }
            }
        }
    }
    rings
}
