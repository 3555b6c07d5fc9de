//! Shapes made of lines and curves, in points from the top left, y pointing down.

/// A step of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Segment {
    /// A new outline begins here.
    Move(f32, f32),
    /// A straight line to here.
    Line(f32, f32),
    /// A cubic curve: two handles, then the end.
    Curve((f32, f32), (f32, f32), (f32, f32)),
}

/// Outlines, each closed when it is filled.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Path {
    /// The steps, in order.
    pub(crate) steps: Vec<Segment>,
}

/// The handle's share of the radius that makes a quarter circle of a cubic curve.
const QUARTER: f32 = 0.552_285;

impl Path {
    /// Begins an outline.
    pub(crate) fn move_to(&mut self, x: f32, y: f32) {
        self.steps.push(Segment::Move(x, y));
    }

    /// Goes on in a straight line.
    pub(crate) fn line_to(&mut self, x: f32, y: f32) {
        self.steps.push(Segment::Line(x, y));
    }

    /// Goes on in a curve.
    pub(crate) fn curve_to(&mut self, first: (f32, f32), second: (f32, f32), end: (f32, f32)) {
        self.steps.push(Segment::Curve(first, second, end));
    }

    /// An open or closed run of straight lines.
    pub(crate) fn lines(points: &[(f32, f32)]) -> Self {
        let mut path = Self::default();
        for (at, (x, y)) in points.iter().enumerate() {
            if at == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
        }
        path
    }

    /// A rectangle.
    pub(crate) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self::lines(&[(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    }

    /// A rectangle with rounded corners.
    pub(crate) fn rounded(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Self {
        let (right, foot, hold) = (x + width, y + height, radius * (1.0 - QUARTER));
        let mut path = Self::default();
        path.move_to(x + radius, y);
        path.line_to(right - radius, y);
        path.curve_to((right - hold, y), (right, y + hold), (right, y + radius));
        path.line_to(right, foot - radius);
        path.curve_to((right, foot - hold), (right - hold, foot), (right - radius, foot));
        path.line_to(x + radius, foot);
        path.curve_to((x + hold, foot), (x, foot - hold), (x, foot - radius));
        path.line_to(x, y + radius);
        path.curve_to((x, y + hold), (x + hold, y), (x + radius, y));
        path
    }

    /// A circle about a centre.
    pub(crate) fn circle(x: f32, y: f32, radius: f32) -> Self {
        Self::rounded(x - radius, y - radius, 2.0 * radius, 2.0 * radius, radius)
    }

    /// The same path elsewhere.
    pub(crate) fn shifted(&self, dx: f32, dy: f32) -> Self {
        self.mapped(|(x, y)| (x + dx, y + dy))
    }

    /// The path with each point moved.
    pub(crate) fn mapped(&self, place: impl Fn((f32, f32)) -> (f32, f32)) -> Self {
        let steps = self
            .steps
            .iter()
            .map(|step| match *step {
                Segment::Move(x, y) => {
                    let (x, y) = place((x, y));
                    Segment::Move(x, y)
                }
                Segment::Line(x, y) => {
                    let (x, y) = place((x, y));
                    Segment::Line(x, y)
                }
                Segment::Curve(a, b, c) => Segment::Curve(place(a), place(b), place(c)),
            })
            .collect();
        Self { steps }
    }
}
