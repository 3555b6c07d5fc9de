//! What is where: pages of placed shapes, each either a part of the text or an artefact of the page.
//!
//! Artefacts are behind the text and are drawn first, so the order of what is tagged is the reading order.

use super::path::Path;
use super::tags::NodeId;
use crate::content::tree::{Anchor, Target};
use crate::typeface::Face;
use crate::typeface::shape::Glyph;
use std::sync::Arc;

/// A colour by its office; the brand's file says what three of them look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ink {
    /// Questions and answers.
    Text,
    /// Help, labels.
    Muted,
    /// The brand's accent.
    Accent,
    /// A lighter accent, in artwork only.
    AccentLight,
    /// The brand's second colour.
    Second,
    /// A medium risk.
    Lilac,
    /// The brand's paper, behind panels.
    Paper,
    /// White.
    White,
    /// Rules that carry structure.
    Rule,
    /// Rules where space alone would do.
    Hairline,
}

/// A stroke.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    /// Its colour.
    pub(crate) ink: Ink,
    /// Its width in points.
    pub(crate) width: f32,
    /// Length of dash and gap, if it is dashed.
    pub(crate) dash: Option<(f32, f32)>,
    /// Round ends and corners.
    pub(crate) is_round: bool,
}

impl Stroke {
    /// A plain stroke.
    pub(crate) const fn solid(ink: Ink, width: f32) -> Self {
        Self { ink, width, dash: None, is_round: false }
    }
}

/// Glyphs of one face on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GlyphRun {
    /// The face.
    pub(crate) face: Face,
    /// The type size in points.
    pub(crate) size: f32,
    /// Left end.
    pub(crate) x: f32,
    /// Baseline.
    pub(crate) y: f32,
    /// The colour.
    pub(crate) ink: Ink,
    /// The glyphs. A page is kept for the next report, and a copy of it has the same ones.
    pub(crate) glyphs: Arc<[Glyph]>,
    /// What the glyphs stand for, where they do not say so themselves.
    pub(crate) stands_for: Option<String>,
    /// The text, for snapshots and search.
    pub(crate) text: Arc<str>,
}

/// What can be drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// Text.
    Glyphs(GlyphRun),
    /// A path, filled, stroked or both.
    Path {
        /// The outline.
        path: Path,
        /// Its filling.
        fill: Option<Ink>,
        /// Its stroke.
        stroke: Option<Stroke>,
        /// Closed where it is stroked.
        is_closed: bool,
    },
    /// A picture of the assessment, by its place in the report's list of pictures.
    Picture {
        /// Which.
        index: usize,
        /// Left edge.
        x: f32,
        /// Top edge.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
    },
}

impl Shape {
    /// A straight line.
    pub(crate) fn rule(from: (f32, f32), to: (f32, f32), stroke: Stroke) -> Self {
        Shape::Path { path: Path::lines(&[from, to]), fill: None, stroke: Some(stroke), is_closed: false }
    }

    /// A horizontal line.
    pub(crate) fn across(x0: f32, x1: f32, y: f32, ink: Ink, width: f32) -> Self {
        Self::rule((x0, y), (x1, y), Stroke::solid(ink, width))
    }

    /// A filled outline.
    pub(crate) fn filled(path: Path, ink: Ink) -> Self {
        Shape::Path { path, fill: Some(ink), stroke: None, is_closed: true }
    }

    /// The shape lower on the page.
    pub(crate) fn lowered(mut self, by: f32) -> Self {
        match &mut self {
            Shape::Glyphs(run) => run.y += by,
            Shape::Path { path, .. } => *path = path.shifted(0.0, by),
            Shape::Picture { y, .. } => *y += by,
        }
        self
    }
}

/// A shape that belongs to an element of the structure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tagged {
    /// The element.
    pub(crate) node: NodeId,
    /// The shape.
    pub(crate) shape: Shape,
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    /// Left.
    pub(crate) left: f32,
    /// Top.
    pub(crate) top: f32,
    /// Right.
    pub(crate) right: f32,
    /// Foot.
    pub(crate) foot: f32,
}

impl Area {
    /// The rectangle lower on the page.
    pub(crate) fn lowered(self, by: f32) -> Self {
        Self { top: self.top + by, foot: self.foot + by, ..self }
    }
}

/// A part of the page that does or means something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Zone {
    /// The element it belongs to.
    pub(crate) node: NodeId,
    /// Where it is.
    pub(crate) area: Area,
    /// What it is.
    pub(crate) purpose: Purpose,
}

impl Zone {
    /// The zone lower on the page.
    fn lowered(self, by: f32) -> Self {
        let purpose = match self.purpose {
            Purpose::EmptyField(shapes) => Purpose::EmptyField(shapes.into_iter().map(|shape| shape.lowered(by)).collect()),
            other @ (Purpose::Link(..) | Purpose::Figure | Purpose::Signature) => other,
        };
        Self { area: self.area.lowered(by), purpose, ..self }
    }
}

/// What a zone is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Purpose {
    /// A link; the words say where it leads.
    Link(Target, String),
    /// The extent of a figure.
    Figure,
    /// The field of the digital signature.
    Signature,
    /// A field that waits for somebody else's signature, with what it shows until then.
    EmptyField(Vec<Shape>),
}

/// What is placed, relative to the top of a strip or of the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layer {
    /// Artefacts, drawn first.
    pub(crate) behind: Vec<Shape>,
    /// The text, in reading order.
    pub(crate) text: Vec<Tagged>,
    /// Links, figures and fields.
    pub(crate) zones: Vec<Zone>,
    /// Places that are linked to, with how far down they lie.
    pub(crate) places: Vec<(Anchor, f32)>,
}

impl Layer {
    /// Adds another layer, lowered.
    pub(crate) fn add(&mut self, other: Layer, by: f32) {
        self.behind.extend(other.behind.into_iter().map(|shape| shape.lowered(by)));
        self.text.extend(other.text.into_iter().map(|tagged| Tagged { node: tagged.node, shape: tagged.shape.lowered(by) }));
        self.zones.extend(other.zones.into_iter().map(|zone| zone.lowered(by)));
        self.places.extend(other.places.into_iter().map(|(place, y)| (place, y + by)));
    }
}

/// A page of the report.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    /// All that is on it, but what runs over and under every page.
    pub(crate) layer: Layer,
    /// What runs over it: artefacts of pagination.
    pub(crate) header: Vec<Shape>,
    /// What runs under it: artefacts of pagination.
    pub(crate) footer: Vec<Shape>,
    /// Bears neither header nor footer.
    pub(crate) is_cover: bool,
}
