//! Pages into PDF objects, with printpdf: text as glyphs of subset fonts, paths, pictures by name, marked content.
//!
//! What is tagged is drawn in reading order and numbered as it is drawn; artefacts are marked as such. Nothing is
//! drawn outside of a mark.

mod fonts;
pub(crate) mod operations;

use crate::error::ReportError;
use crate::layout::Layout;
use crate::layout::page::{Page, Purpose};
use crate::layout::tags::{NodeId, Tags};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
use operations::Pen;
use printpdf::{Mm, PdfDocument, PdfPage, PdfSaveOptions};

/// What an element holds, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kid {
    /// Another element.
    Node(NodeId),
    /// A marked sequence: its page (counted from 0) and its number there.
    Content(usize, usize),
    /// A zone: its page and its place in the page's list.
    Zone(usize, usize),
}

/// How the drawn pages hang together with the structure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Structure {
    /// By element, what it holds; empty for one that was never drawn.
    pub(crate) kids: Vec<Vec<Kid>>,
    /// By page, the element of each marked sequence.
    pub(crate) sequences: Vec<Vec<NodeId>>,
}

impl Structure {
    fn new(tags: &Tags, pages: usize) -> Self {
        Self { kids: vec![Vec::new(); tags.nodes().len()], sequences: vec![Vec::new(); pages] }
    }

    /// Whether the element, or something in it, was drawn.
    pub(crate) fn is_used(&self, node: NodeId) -> bool {
        !self.kids[node.0].is_empty()
    }

    /// Begins a marked sequence of an element on a page; gives its number.
    fn begin(&mut self, tags: &Tags, node: NodeId, page: usize) -> usize {
        self.attach(tags, node);
        let number = self.sequences[page].len();
        self.sequences[page].push(node);
        self.kids[node.0].push(Kid::Content(page, number));
        number
    }

    /// Hangs an element, and what holds it, into the tree; once.
    fn attach(&mut self, tags: &Tags, node: NodeId) {
        if self.is_used(node) {
            return;
        }
        if let Some(parent) = tags.nodes()[node.0].parent {
            self.attach(tags, parent);
            self.kids[parent.0].push(Kid::Node(node));
        }
    }

    fn add_zones(&mut self, tags: &Tags, page: &Page, at: usize) {
        for (number, zone) in page.layer.zones.iter().enumerate() {
            match zone.purpose {
                Purpose::Link(..) | Purpose::Signature => {
                    self.attach(tags, zone.node);
                    self.kids[zone.node.0].push(Kid::Zone(at, number));
                }
                Purpose::Figure => {}
            }
        }
    }
}

/// Draws the pages into a document that lacks structure and metadata still.
pub(crate) fn draw(layout: &Layout, shaper: &Shaper, palette: &Palette) -> Result<(lopdf::Document, Structure), ReportError> {
    let subsets = fonts::cut_fonts(&layout.pages, shaper)?;
    let mut structure = Structure::new(&layout.tags, layout.pages.len());
    let mut document = PdfDocument::new("");
    for (at, page) in layout.pages.iter().enumerate() {
        let mut pen = Pen::new(palette, &subsets, shaper);
        pen.artefacts(&page.layer.behind);
        let mut current = None;
        for tagged in &page.layer.text {
            if current != Some(tagged.node) {
                if current.is_some() {
                    pen.end();
                }
                let number = structure.begin(&layout.tags, tagged.node, at);
                pen.begin(layout.tags.nodes()[tagged.node.0].role.name(), number);
                current = Some(tagged.node);
            }
            pen.shape(&tagged.shape);
        }
        if current.is_some() {
            pen.end();
        }
        structure.add_zones(&layout.tags, page, at);
        document.pages.push(PdfPage::new(Mm(210.0), Mm(297.0), pen.finish()));
    }
    fonts::add_fonts(&mut document, subsets, shaper);
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: true, image_optimization: None };
    Ok((document.to_lopdf_document(&options, &mut Vec::new()), structure))
}
