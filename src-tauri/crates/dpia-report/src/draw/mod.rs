//! Pages into PDF objects, with printpdf: text as glyphs of subset fonts, paths, pictures by name, marked content.
//!
//! What is tagged is drawn in reading order and numbered as it is drawn; artefacts are marked as such. Nothing is
//! drawn outside of a mark.

mod fonts;
pub(crate) mod operations;

use crate::error::ReportError;
use crate::layout::Layout;
use crate::layout::page::{Page, Purpose, Shape, Tagged};
use crate::layout::tags::{NodeId, Role, Tags};
use crate::palette::Palette;
use crate::typeface::shape::Shaper;
use fonts::{CutFonts, Subsets};
use operations::Pen;
use printpdf::{Mm, Op, PdfDocument, PdfPage, PdfSaveOptions};

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

/// What was drawn before and may stand again.
pub(crate) struct Drawn {
    fonts: CutFonts,
    /// The colours and fonts that the pages were drawn with.
    with: Option<(Palette, Subsets)>,
    /// The pages in their order.
    pages: Vec<DrawnPage>,
}

/// A page with its content stream.
struct DrawnPage {
    page: Page,
    /// The roles of its marked sequences, which the content names.
    roles: Vec<Role>,
    content: Vec<u8>,
}

impl DrawnPage {
    /// Whether this page would be drawn the same.
    fn is_of(&self, page: &Page, roles: &[Role]) -> bool {
        self.roles == roles && self.page == *page
    }
}

impl Drawn {
    /// Nothing drawn yet.
    pub(crate) fn new() -> Self {
        Self { fonts: CutFonts::new(), with: None, pages: Vec::new() }
    }

    /// Begins another report.
    pub(crate) fn turn(&mut self) {
        self.fonts.turn();
    }

    /// Cuts the fonts; pages that were drawn with other ones, or in other colours, are forgotten.
    fn cut_fonts(&mut self, layout: &Layout, shaper: &Shaper, palette: &Palette) -> Result<Subsets, ReportError> {
        let subsets = fonts::cut_fonts(layout, shaper, &mut self.fonts)?;
        let is_same = self.with.as_ref().is_some_and(|(before, fonts)| before == palette && fonts::are_same(fonts, &subsets));
        if !is_same {
            self.pages.clear();
            self.with = Some((*palette, subsets.clone()));
        }
        Ok(subsets)
    }
}

/// Draws the pages into a document that lacks structure and metadata still.
pub(crate) fn draw(
    layout: &Layout,
    shaper: &Shaper,
    palette: &Palette,
    drawn: &mut Drawn,
) -> Result<(lopdf::Document, Structure), ReportError> {
    let subsets = drawn.cut_fonts(layout, shaper, palette)?;
    let mut structure = Structure::new(&layout.tags, layout.pages.len());
    let mut document = PdfDocument::new("");
    for (at, page) in layout.pages.iter().enumerate() {
        for (node, _) in sequences(page) {
            structure.begin(&layout.tags, node, at);
        }
        structure.add_zones(&layout.tags, page, at);
        let stands = drawn.pages.get(at).is_some_and(|drawn| drawn.is_of(page, &roles_of(page, &layout.tags)));
        let operations = if stands { Vec::new() } else { draw_page(page, layout, Pen::new(palette, &subsets, shaper)) };
        document.pages.push(PdfPage::new(Mm(210.0), Mm(297.0), operations));
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
    let mut document = document.to_lopdf_document(&options, &mut Vec::new());
    keep_pages(&mut document, layout, drawn)?;
    Ok((document, structure))
}

/// The marked sequences of a page: stretches of its text that belong to one element.
fn sequences(page: &Page) -> impl Iterator<Item = (NodeId, &[Tagged])> {
    page.layer.text.chunk_by(|a, b| a.node == b.node).filter_map(|tagged| Some((tagged.first()?.node, tagged)))
}

fn roles_of(page: &Page, tags: &Tags) -> Vec<Role> {
    sequences(page).map(|(node, _)| tags.nodes()[node.0].role).collect()
}

fn draw_page(page: &Page, layout: &Layout, mut pen: Pen<'_>) -> Vec<Op> {
    pen.pagination("Header", &page.header);
    pen.pagination("Footer", &page.footer);
    pen.artefacts(&page.layer.behind);
    for (number, (node, tagged)) in sequences(page).enumerate() {
        pen.begin(layout.tags.nodes()[node.0].role.name(), number);
        tagged.iter().for_each(|tagged| pen.shape(&tagged.shape));
        pen.end();
    }
    pen.finish()
}

/// Puts the content of pages that stand as they were where nothing was drawn, and keeps that of the others.
fn keep_pages(document: &mut lopdf::Document, layout: &Layout, drawn: &mut Drawn) -> Result<(), lopdf::Error> {
    let pages: Vec<lopdf::ObjectId> = document.get_pages().values().copied().take(layout.pages.len()).collect();
    drawn.pages.truncate(pages.len());
    for (at, (id, page)) in pages.into_iter().zip(&layout.pages).enumerate() {
        let content = document.get_dictionary(id)?.get(b"Contents")?.as_reference()?;
        let stream = document.get_object_mut(content)?.as_stream_mut()?;
        let roles = roles_of(page, &layout.tags);
        match drawn.pages.get_mut(at) {
            Some(before) if before.is_of(page, &roles) => stream.set_content(before.content.clone()),
            Some(other) => *other = DrawnPage { page: page.clone(), roles, content: stream.content.clone() },
            None => drawn.pages.push(DrawnPage { page: page.clone(), roles, content: stream.content.clone() }),
        }
    }
    Ok(())
}
