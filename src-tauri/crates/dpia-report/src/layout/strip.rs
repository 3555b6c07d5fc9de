//! The pieces that a page is filled with: each is whole, knows its height, and says how willingly a page may end
//! after it.

use super::page::{Ink, Layer};

/// How willingly a page ends after a strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// Gladly.
    Free,
    /// Only where keeping together would leave the page nearly empty, or is impossible.
    Reluctant,
    /// Only where a page cannot hold it otherwise.
    Never,
}

/// A piece of a page, as high as one line or one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Strip {
    /// Space above; none at the head of a page.
    pub(crate) before: f32,
    /// Its height.
    pub(crate) height: f32,
    /// How willingly a page ends after it.
    pub(crate) ending: Ending,
    /// What is on it, from its top.
    pub(crate) layer: Layer,
    /// The section it belongs to, by number; a page that goes on with one says so.
    pub(crate) section: Option<usize>,
    /// The answer it belongs to, by number: a rule runs beside it.
    pub(crate) answer: Option<usize>,
    /// The table it belongs to, by number: the head is repeated.
    pub(crate) table: Option<usize>,
    /// How far down the title in the side column reaches, if one begins here.
    pub(crate) side: f32,
    /// Stands below the side title, since it takes the full measure.
    pub(crate) clears_side: bool,
    /// Begins a page.
    pub(crate) starts_page: bool,
    /// Sinks to the foot of its page.
    pub(crate) sinks: bool,
    /// A rule this far above it, inside the space before, unless it heads a page.
    pub(crate) opening: Option<(f32, Ink)>,
}

impl Strip {
    /// A strip of this height with nothing on it yet.
    pub(crate) fn new(height: f32) -> Self {
        Self {
            before: 0.0,
            height,
            ending: Ending::Free,
            layer: Layer::default(),
            section: None,
            answer: None,
            table: None,
            side: 0.0,
            clears_side: false,
            starts_page: false,
            sinks: false,
            opening: None,
        }
    }
}

/// What a table repeats at the head of a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RepeatedHead {
    /// Its height.
    pub(crate) height: f32,
    /// What is on it: artefacts all, since the head is read once.
    pub(crate) layer: Layer,
}

/// All strips of a report's body, with what their numbers mean.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Flow {
    /// The strips, in reading order.
    pub(crate) strips: Vec<Strip>,
    /// The titles of the sections.
    pub(crate) sections: Vec<String>,
    /// The heads of the tables.
    pub(crate) tables: Vec<RepeatedHead>,
}
