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
use lopdf::{Dictionary, ObjectId};
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
            // A row brings its cells along, so one of them is there already. Nothing else does, and may hold any number of elements.
            if tags.nodes()[parent.0].role != Role::Row || !self.kids[parent.0].contains(&Kid::Node(node)) {
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

/// So many pages are drawn by two threads.
const WORTH_A_THREAD: usize = 8;

/// What was drawn before and may be again.
pub(crate) struct Drawn {
    fonts: CutFonts,
    /// The colours and fonts that the pages were drawn with.
    with: Option<(Palette, Subsets)>,
    /// The pages in their order.
    pages: Vec<DrawnPage>,
}

/// A page with its content stream.
#[derive(Default)]
struct DrawnPage {
    page: Page,
    /// The roles of its marked sequences, which the content names.
    roles: Vec<Role>,
    content: Vec<u8>,
    /// A cover's artwork.
    artwork: Vec<u8>,
}

impl DrawnPage {
    /// Draws a page, or leaves what was drawn before where it would be the same.
    fn draw<'a>(&mut self, page: &Page, tags: &Tags, pen: impl Fn() -> Pen<'a>) -> Result<(), lopdf::Error> {
        let roles = roles_of(page, tags);
        if has_artwork(page) && !self.has_artwork_of(page) {
            self.artwork = write_content(draw_artwork(page, tags, pen()))?;
        }
        if !self.is_of(page, &roles) {
            self.content = write_content(draw_words(page, tags, pen()))?;
            self.page.clone_from(page);
            self.roles = roles;
        }
        Ok(())
    }

    /// Whether this page would be drawn the same.
    fn is_of(&self, page: &Page, roles: &[Role]) -> bool {
        self.roles == roles && self.page == *page
    }

    /// Whether this page's artwork would be drawn the same.
    fn has_artwork_of(&self, page: &Page) -> bool {
        artwork(&self.page) == artwork(page)
    }
}

/// What a cover shows besides its words: artefacts, and the brand's mark where it leads. It has a stream of its own, which
/// stays as it is when the words change: it has more numbers in it than a page of text, and a copy for another client differs
/// in a name.
fn artwork(page: &Page) -> (&[Shape], &[Tagged]) {
    if !page.is_cover {
        return (&[], &[]);
    }
    let mark = page.layer.text.iter().take_while(|tagged| matches!(tagged.shape, Shape::Path { .. })).count();
    (&page.layer.behind, &page.layer.text[..mark])
}

fn has_artwork(page: &Page) -> bool {
    artwork(page) != (&[], &[])
}

/// The covers, each by its page.
fn covers(layout: &Layout) -> impl Iterator<Item = (usize, &Page)> {
    layout.pages.iter().enumerate().filter(|(_, page)| has_artwork(page))
}

impl Drawn {
    /// Nothing drawn yet.
    pub(crate) fn new() -> Self {
        Self { fonts: CutFonts::new(), with: None, pages: Vec::new() }
    }

    /// Begins another report.
    pub(crate) fn begin_report(&mut self) {
        self.fonts.next_generation();
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

    /// Draws the pages. A first report draws them all, so two threads share them.
    fn draw_pages<'a>(&mut self, layout: &Layout, pen: impl Fn() -> Pen<'a> + Sync) -> Result<(), lopdf::Error> {
        let is_first = self.pages.is_empty();
        self.pages.resize_with(layout.pages.len(), DrawnPage::default);
        let draw = |kept: &mut [DrawnPage], pages: &[Page]| {
            kept.iter_mut().zip(pages).try_for_each(|(kept, page)| kept.draw(page, &layout.tags, &pen))
        };
        if !is_first || layout.pages.len() < WORTH_A_THREAD {
            return draw(&mut self.pages, &layout.pages);
        }
        let half = layout.pages.len() / 2;
        let (first, second) = self.pages.split_at_mut(half);
        std::thread::scope(|scope| {
            let second = scope.spawn(|| draw(second, &layout.pages[half..]));
            draw(first, &layout.pages[..half]).and(second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
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
        document.pages.push(sheet(Vec::new()));
    }
    drawn.draw_pages(layout, || Pen::new(palette, &subsets, shaper))?;
    // The artwork of each cover has a sheet of its own.
    document.pages.extend(covers(layout).map(|_| sheet(Vec::new())));
    // What a field shows is drawn on a sheet after the last page, and taken off it again when the field is made.
    for shapes in field_sheets(layout) {
        let mut pen = Pen::new(palette, &subsets, shaper);
        shapes.iter().for_each(|shape| pen.shape(shape));
        document.pages.push(sheet(pen.finish()));
    }
    document.pages.push(sheet(fonts::glyph_sheet(&subsets, shaper)));
    fonts::add_fonts(&mut document, &subsets, shaper);
    let mut document = to_objects(document);
    fill_sheets(&mut document, layout, drawn)?;
    Ok((document, structure))
}

fn to_objects(document: PdfDocument) -> lopdf::Document {
    let options = PdfSaveOptions { optimize: false, subset_fonts: false, secure: false, image_optimization: None };
    document.to_lopdf_document(&options, &mut Vec::new())
}

/// The content stream of these operators. Each page is written by itself: the operators of all pages at once take many times the
/// room of the streams.
fn write_content(operations: Vec<Op>) -> Result<Vec<u8>, lopdf::Error> {
    let mut document = PdfDocument::new("");
    document.pages.push(sheet(operations));
    let mut document = to_objects(document);
    let page = document.page_iter().next().ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let content = document.get_dictionary(page)?.get(b"Contents")?.as_reference()?;
    Ok(std::mem::take(&mut document.get_object_mut(content)?.as_stream_mut()?.content))
}

fn sheet(operations: Vec<Op>) -> PdfPage {
    PdfPage::new(Mm(210.0), Mm(297.0), operations)
}

/// The marked sequences of a page: stretches of its text that belong to one element, those of the artwork first.
fn sequences(page: &Page) -> impl Iterator<Item = (NodeId, &[Tagged])> {
    let (mark, words) = page.layer.text.split_at(artwork(page).1.len());
    [mark, words].into_iter().flat_map(stretches)
}

fn stretches(text: &[Tagged]) -> impl Iterator<Item = (NodeId, &[Tagged])> {
    text.chunk_by(|a, b| a.node == b.node).filter_map(|tagged| Some((tagged.first()?.node, tagged)))
}

/// How many of the sequences are part of the artwork.
fn marks(page: &Page) -> usize {
    stretches(artwork(page).1).count()
}

fn roles_of(page: &Page, tags: &Tags) -> Vec<Role> {
    sequences(page).map(|(node, _)| tags.nodes()[node.0].role).collect()
}

/// Draws a page but for its artwork.
fn draw_words(page: &Page, tags: &Tags, mut pen: Pen<'_>) -> Vec<Op> {
    pen.pagination("Header", &page.header);
    pen.pagination("Footer", &page.footer);
    if !page.is_cover {
        pen.artefacts(&page.layer.behind);
    }
    draw_sequences(&mut pen, tags, sequences(page).enumerate().skip(marks(page)));
    pen.finish()
}

/// Draws the artwork of a page.
fn draw_artwork(page: &Page, tags: &Tags, mut pen: Pen<'_>) -> Vec<Op> {
    pen.artefacts(artwork(page).0);
    draw_sequences(&mut pen, tags, sequences(page).enumerate().take(marks(page)));
    pen.finish()
}

fn draw_sequences<'a>(pen: &mut Pen<'_>, tags: &Tags, sequences: impl Iterator<Item = (usize, (NodeId, &'a [Tagged]))>) {
    for (number, (node, tagged)) in sequences {
        pen.begin(tags.nodes()[node.0].role.name(), number);
        tagged.iter().for_each(|tagged| pen.shape(&tagged.shape));
        pen.end();
    }
}

/// Puts the content of the pages where nothing was drawn. The artwork of a cover goes from its own sheet to the cover, behind the
/// words.
fn fill_sheets(document: &mut lopdf::Document, layout: &Layout, drawn: &Drawn) -> Result<(), lopdf::Error> {
    let mut pages: Vec<ObjectId> = document.get_pages().values().copied().collect();
    let mut sheets = pages.split_off(layout.pages.len()).into_iter();
    for ((id, page), drawn) in pages.into_iter().zip(&layout.pages).zip(&drawn.pages) {
        let words = document.get_dictionary(id)?.get(b"Contents")?.as_reference()?;
        document.get_object_mut(words)?.as_stream_mut()?.set_content(drawn.content.clone());
        if has_artwork(page) {
            let sheet = take_page(document, sheets.next().ok_or(lopdf::Error::ObjectNotFound(id))?)?;
            document.objects.remove(&sheet.get(b"Resources")?.as_reference()?);
            let behind = sheet.get(b"Contents")?.as_reference()?;
            document.get_object_mut(behind)?.as_stream_mut()?.set_content(drawn.artwork.clone());
            document.get_dictionary_mut(id)?.set("Contents", vec![behind.into(), words.into()]);
        }
    }
    Ok(())
}

/// Takes a page off the page tree and gives what it says of itself.
pub(crate) fn take_page(document: &mut lopdf::Document, page: ObjectId) -> Result<Dictionary, lopdf::Error> {
    let taken = document.get_dictionary(page)?.clone();
    document.objects.remove(&page);
    let tree = document.get_dictionary_mut(taken.get(b"Parent")?.as_reference()?)?;
    let kids = tree.get_mut(b"Kids")?.as_array_mut()?;
    kids.retain(|kid| kid.as_reference().ok() != Some(page));
    let count = kids.len() as i64;
    tree.set("Count", count);
    Ok(taken)
}
