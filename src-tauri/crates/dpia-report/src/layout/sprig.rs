//! The default brand's cover artwork: a sprig of juniper, drawn by rule so that it weighs little and never varies.

use super::page::{Ink, Shape, Stroke};
use super::path::Path;

/// A stem or twig: a curve with its width at the foot.
struct Twig {
    foot: (f32, f32),
    bend: (f32, f32),
    tip: (f32, f32),
    width: f32,
    needles: usize,
    length: f32,
}

/// Needles stand at this angle to the twig, in radians.
const LEAN: f32 = 0.62;
/// The share of a needle's length that its middle is thick.
const GIRTH: f32 = 0.085;

impl Twig {
    /// The place this far along, 0 at the foot and 1 at the tip.
    fn at(&self, t: f32) -> (f32, f32) {
        let blend = |a: f32, b: f32, c: f32| (1.0 - t).powi(2) * a + 2.0 * (1.0 - t) * t * b + t.powi(2) * c;
        (blend(self.foot.0, self.bend.0, self.tip.0), blend(self.foot.1, self.bend.1, self.tip.1))
    }

    /// The direction of growth there, as an angle.
    fn heading(&self, t: f32) -> f32 {
        let slope = |a: f32, b: f32, c: f32| 2.0 * (1.0 - t) * (b - a) + 2.0 * t * (c - b);
        slope(self.foot.1, self.bend.1, self.tip.1).atan2(slope(self.foot.0, self.bend.0, self.tip.0))
    }

    fn draw(&self, shapes: &mut Vec<Shape>) {
        // Needles behind, then the twig over their feet.
        for needle in 0..self.needles {
            let t = (needle as f32 + 0.6) / self.needles as f32;
            let side = if needle % 2 == 0 { 1.0 } else { -1.0 };
            // A little unevenness that repeats every few needles, as grown things have.
            let sway = ((needle * 7 % 5) as f32 - 2.0) * 0.06;
            let length = self.length * (1.0 - 0.35 * t) * (1.0 + ((needle * 3 % 4) as f32 - 1.5) * 0.07);
            let ink = if needle % 3 == 1 { Ink::AccentLight } else { Ink::Accent };
            shapes.push(needle_shape(self.at(t), self.heading(t) + side * (LEAN + sway), length, ink));
        }
        for ray in -2..=2 {
            let length = self.length * 0.55;
            shapes.push(needle_shape(self.at(1.0), self.heading(1.0) + ray as f32 * 0.36, length, Ink::Accent));
        }
        let mut path = Path::default();
        let (foot, bend, tip) = (self.foot, self.bend, self.tip);
        let toward = |end: (f32, f32)| (end.0 + (bend.0 - end.0) * 2.0 / 3.0, end.1 + (bend.1 - end.1) * 2.0 / 3.0);
        path.move_to(foot.0, foot.1);
        path.curve_to(toward(foot), toward(tip), tip);
        let stroke = Stroke { is_round: true, ..Stroke::solid(Ink::Accent, self.width) };
        shapes.push(Shape::Path { path, fill: None, stroke: Some(stroke), is_closed: false });
    }
}

fn needle_shape(foot: (f32, f32), angle: f32, length: f32, ink: Ink) -> Shape {
    let (sin, cos) = angle.sin_cos();
    let place = |along: f32, across: f32| (foot.0 + along * cos - across * sin, foot.1 + along * sin + across * cos);
    let girth = length * GIRTH;
    let tip = place(length, 0.0);
    let mut path = Path::default();
    path.move_to(foot.0, foot.1);
    path.curve_to(place(length * 0.3, girth), place(length * 0.7, girth), tip);
    path.curve_to(place(length * 0.7, -girth), place(length * 0.3, -girth), foot);
    Shape::filled(path, ink)
}

fn berry(shapes: &mut Vec<Shape>, x: f32, y: f32, radius: f32) {
    shapes.push(Shape::filled(Path::circle(x, y, radius), Ink::Second));
    let stroke = |width| Stroke { is_round: true, ..Stroke::solid(Ink::Paper, width) };
    let (cx, cy, arm) = (x + radius * 0.25, y - radius * 0.3, radius * 0.26);
    for (dx, dy) in [(0.0, 1.0), (-0.9, -0.6), (0.9, -0.6)] {
        shapes.push(Shape::rule((cx, cy), (cx + dx * arm, cy + dy * arm), stroke(radius * 0.09)));
    }
    let mut shine = Path::default();
    shine.move_to(x + radius * 0.1, y + radius * 0.68);
    shine.curve_to((x + radius * 0.4, y + radius * 0.62), (x + radius * 0.62, y + radius * 0.4), (x + radius * 0.68, y + radius * 0.1));
    shapes.push(Shape::Path { path: shine, fill: None, stroke: Some(stroke(radius * 0.08)), is_closed: false });
}

/// The tall sprig of the front: through the side column, over the left edge and the foot.
pub(crate) fn front_sprig() -> Vec<Shape> {
    let twig = |foot, bend, tip, width, needles, length| Twig { foot, bend, tip, width, needles, length };
    let mut shapes = Vec::new();
    for branch in [
        twig((85.0, 640.0), (40.0, 590.0), (-12.0, 488.0), 2.4, 26, 22.0),
        twig((78.0, 500.0), (30.0, 450.0), (6.0, 378.0), 2.2, 20, 20.0),
        twig((72.0, 330.0), (58.0, 295.0), (42.0, 252.0), 1.8, 11, 17.0),
        twig((76.0, 400.0), (112.0, 350.0), (126.0, 310.0), 1.8, 14, 18.0),
        twig((80.0, 545.0), (128.0, 495.0), (148.0, 420.0), 2.2, 22, 20.0),
        twig((86.0, 700.0), (134.0, 662.0), (152.0, 582.0), 2.4, 22, 21.0),
        twig((82.0, 790.0), (36.0, 730.0), (14.0, 645.0), 2.2, 20, 20.0),
        twig((80.0, 795.0), (140.0, 752.0), (168.0, 698.0), 2.4, 20, 20.0),
        twig((66.0, 860.0), (100.0, 600.0), (72.0, 380.0), 4.2, 60, 25.0),
        twig((72.0, 385.0), (70.0, 260.0), (104.0, 140.0), 3.0, 32, 23.0),
    ] {
        branch.draw(&mut shapes);
    }
    for (x, y, radius) in [
        (88.0, 334.0, 8.4),
        (88.0, 404.0, 9.6),
        (56.0, 468.0, 8.8),
        (60.0, 532.0, 10.4),
        (94.0, 542.0, 9.4),
        (100.0, 670.0, 11.2),
        (66.0, 684.0, 9.6),
    ] {
        berry(&mut shapes, x, y, radius);
    }
    shapes
}

/// The shorter sprig of the back.
pub(crate) fn back_sprig() -> Vec<Shape> {
    let twig = |foot, bend, tip, width, needles, length| Twig { foot, bend, tip, width, needles, length };
    let mut shapes = Vec::new();
    for branch in [
        twig((84.0, 690.0), (62.0, 640.0), (46.0, 598.0), 1.8, 12, 17.0),
        twig((86.0, 770.0), (46.0, 726.0), (22.0, 684.0), 2.0, 15, 18.0),
        twig((82.0, 690.0), (112.0, 660.0), (124.0, 624.0), 1.8, 11, 17.0),
        twig((88.0, 800.0), (134.0, 770.0), (150.0, 734.0), 2.0, 13, 18.0),
        twig((84.0, 860.0), (92.0, 680.0), (96.0, 524.0), 3.2, 42, 22.0),
    ] {
        branch.draw(&mut shapes);
    }
    for (x, y, radius) in [(66.0, 662.0, 8.8), (100.0, 712.0, 10.6), (72.0, 770.0, 9.2)] {
        berry(&mut shapes, x, y, radius);
    }
    shapes
}
