//! Pages into PDF objects, with printpdf: text as glyphs of subset fonts, paths, pictures by name, marked content.
//!
//! What is tagged is drawn in reading order and numbered as it is drawn; artefacts are marked as such. Nothing is
//! drawn outside of a mark.

mod fonts;
pub(crate) mod operations;

use crate::error::ReportError;
use crate::layout::Layout;
use crate::layout::page::{Page, Purpose, Shape};
use crate::layout::tags::{NodeId, Role, Tags};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
pub(crate) use fonts::CutFonts;
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
    /// By element, what it holds.
    pub(crate) kids: Vec<Vec<Kid>>,
    /// Which elements hang in the tree.
    attached: Vec<bool>,
    /// By page, the element of each marked sequence.
    pub(crate) sequences: Vec<Vec<NodeId>>,
}

impl Structure {
    fn new(tags: &Tags, pages: usize) -> Self {
        let count = tags.nodes().len();
        Self { kids: vec![Vec::new(); count], attached: vec![false; count], sequences: vec![Vec::new(); pages] }
    }

    /// Whether the element hangs in the tree: it, or something in it, was drawn, or it is a cell of a row that was.
    pub(crate) fn is_used(&self, node: NodeId) -> bool {
        self.attached[node.0]
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
        self.attached[node.0] = true;
        let tag = &tags.nodes()[node.0];
        if let Some(parent) = tag.parent {
            self.attach(tags, parent);
            // A row brings its cells along, so one of them is there already.
            if !self.kids[parent.0].contains(&Kid::Node(node)) {
                self.kids[parent.0].push(Kid::Node(node));
            }
        }
        if tag.role == Role::Row {
            self.attach_cells(tags, node);
        }
    }

    /// Hangs all cells of a row into the tree, also those that hold nothing: every row of a table has as many.
    fn attach_cells(&mut self, tags: &Tags, row: NodeId) {
        let later = tags.nodes().iter().enumerate().skip(row.0 + 1).take_while(|(_, tag)| tag.role != Role::Row);
        for (at, _) in later.filter(|(_, tag)| tag.parent == Some(row)) {
            self.attached[at] = true;
            self.kids[row.0].push(Kid::Node(NodeId(at)));
        }
    }

    fn add_zones(&mut self, tags: &Tags, page: &Page, at: usize) {
        for (number, zone) in page.layer.zones.iter().enumerate() {
            match zone.purpose {
                Purpose::Link(..) | Purpose::Signature | Purpose::EmptyField(_) => {
                    self.attach(tags, zone.node);
                    self.kids[zone.node.0].push(Kid::Zone(at, number));
                }
                Purpose::Figure => {}
            }
        }
    }
}

/// What the empty fields show, in the order of the pages.
pub(crate) fn field_sheets(layout: &Layout) -> impl Iterator<Item = &[Shape]> {
    layout.pages.iter().flat_map(|page| &page.layer.zones).filter_map(|zone| match &zone.purpose {
        Purpose::EmptyField(shapes) => Some(&shapes[..]),
        Purpose::Link(..) | Purpose::Figure | Purpose::Signature => None,
    })
}

/// Sheets after the last page that are taken off again: one a field, and the one that shows each glyph once.
pub(crate) const GLYPH_SHEETS: usize = 1;

/// Draws the pages into a document that lacks structure and metadata still.
pub(crate) fn draw(
    layout: &Layout,
    shaper: &Shaper,
    palette: &Palette,
    cut: &mut CutFonts,
) -> Result<(lopdf::Document, Structure), ReportError> {
    let subsets = fonts::cut_fonts(layout, shaper, cut)?;
    let mut structure = Structure::new(&layout.tags, layout.pages.len());
    let mut document = PdfDocument::new("");
    for (at, page) in layout.pages.iter().enumerate() {
        let mut pen = Pen::new(palette, &subsets, shaper);
        pen.pagination("Header", &page.header);
        pen.pagination("Footer", &page.footer);
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
    // What a field shows is drawn on a sheet after the last page, and taken off it again when the field is made.
    for shapes in field_sheets(layout) {
        let mut pen = Pen::new(palette, &subsets, shaper);
        shapes.iter().for_each(|shape| pen.shape(shape));
        document.pages.push(PdfPage::new(Mm(210.0), Mm(297.0), pen.finish()));
    }
    document.pages.push(PdfPage::new(Mm(210.0), Mm(297.0), fonts::glyph_sheet(&subsets, shaper)));
    fonts::add_fonts(&mut document, &subsets, shaper);
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: false, image_optimization: None };
    Ok((document.to_lopdf_document(&options, &mut Vec::new()), structure))
}
