//! Whole reports, looked at as laid out and as written.

mod answers;
mod file;
mod hostile;
mod pages;
#[path = "../../tests/sample/mod.rs"]
pub(crate) mod sample;

use crate::content::tree::Book;
use crate::layout::measure::{PAGE_HEIGHT, mm};
use crate::layout::page::{GlyphRun, Page, Shape};
use crate::layout::tags::Role;
use crate::layout::{Layout, Pixels, lay_out};
use crate::typeface::shape::Shaper;
use crate::{ReportInput, SignatureBlock, content};
use dpia_model::{Assessment, Brand, CopyKind, Extent, Form};
use std::collections::BTreeSet;

pub(crate) fn signer() -> SignatureBlock {
    SignatureBlock {
        name: "Alex Example".to_owned(),
        role: "Group Data Protection Officer".to_owned(),
        organisation: "Juniper Education".to_owned(),
        email: "alex@example.org".to_owned(),
        fingerprint: [0x5D; 32],
        is_open: false,
    }
}

pub(crate) fn customer() -> CopyKind {
    CopyKind::Customer { client: "Example Academy Trust".to_owned(), included: BTreeSet::new() }
}

/// Hands a report's input to `see`.
pub(crate) fn with_input<T>(
    form: &Form,
    assessment: &Assessment,
    copy: &CopyKind,
    signature: Option<&SignatureBlock>,
    see: impl FnOnce(&ReportInput<'_>) -> T,
) -> T {
    let brand = Brand::default();
    let (id, bytes) = sample::picture();
    see(&ReportInput {
        form,
        assessment,
        brand: &brand,
        copy,
        extent: Extent::Whole,
        at: sample::at(),
        signature,
        pictures: &|wanted| (*wanted == id).then(|| bytes.clone()),
        embedded: None,
        app_version: "0.1.0",
    })
}

/// A report as far as it is laid out.
pub(crate) fn laid_out(form: &Form, assessment: &Assessment, copy: &CopyKind, signature: Option<&SignatureBlock>) -> (Book, Layout) {
    with_input(form, assessment, copy, signature, |input| {
        let (book, wanted) = content::write_book(input).expect("a book");
        let sizes = vec![Pixels { width: 480, height: 160 }; wanted.len()];
        let mut shaper = Shaper::new().expect("the fonts open");
        let layout = lay_out(&book, &mut shaper, &sizes, &mut None);
        (book, layout)
    })
}

/// The tagged stretches of text of a page, in order.
pub(crate) fn runs(page: &Page) -> impl Iterator<Item = &GlyphRun> {
    page.layer.text.iter().filter_map(|tagged| match &tagged.shape {
        Shape::Glyphs(run) => Some(run),
        Shape::Path { .. } | Shape::Picture { .. } => None,
    })
}

/// The words of a page as a screen reader comes to them.
pub(crate) fn words_of(page: &Page) -> String {
    let mut text = String::new();
    let mut line = f32::NAN;
    for run in runs(page) {
        if run.y != line && !text.ends_with(' ') {
            text.push(' ');
        }
        line = run.y;
        text.push_str(&run.text);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of all pages.
pub(crate) fn all_words(layout: &Layout) -> String {
    layout.pages.iter().map(words_of).collect::<Vec<_>>().join(" ")
}

/// The width of a run as drawn.
pub(crate) fn width(run: &GlyphRun) -> f32 {
    let trailing = if run.text.ends_with(' ') { run.glyphs.last().map_or(0.0, |glyph| glyph.advance) } else { 0.0 };
    (run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() - trailing) * run.size / 1000.0
}

/// What must hold of every page of every report, whatever it says.
pub(crate) fn check_pages(layout: &Layout) {
    let (left, right) = (mm(20.0) - 0.1, mm(190.0) + 0.1);
    for (number, page) in layout.pages.iter().enumerate() {
        let at = number + 1;
        let bounds = if page.is_cover { (0.0, PAGE_HEIGHT) } else { (mm(34.0), mm(272.0)) };
        let placed: Vec<(&GlyphRun, f32)> = runs(page).map(|run| (run, run.x + width(run))).collect();
        for (run, end) in &placed {
            assert!(run.x >= left && *end <= right, "page {at}: \"{}\" leaves the columns", run.text);
            assert!(run.y >= bounds.0 && run.y <= bounds.1, "page {at}: \"{}\" leaves the text area", run.text);
        }
        for (number, (first, first_end)) in placed.iter().enumerate() {
            for (second, second_end) in &placed[number + 1..] {
                let is_apart = (first.y - second.y).abs() >= 0.62 * first.size.min(second.size)
                    || *first_end <= second.x + 0.3
                    || *second_end <= first.x + 0.3;
                assert!(is_apart, "page {at}: \"{}\" and \"{}\" overlap", first.text, second.text);
            }
        }
        let last = page.layer.text.last().map(|tagged| layout.tags.nodes()[tagged.node.0].role);
        if !page.is_cover {
            assert!(!matches!(last, Some(Role::Heading(_))), "page {at} ends with a heading");
        }
    }
}

/// A page in a compact form: a line a line of text, with its place in millimetres.
pub(crate) fn sketch(layout: &Layout) -> String {
    let mut lines = Vec::new();
    for (number, page) in layout.pages.iter().enumerate() {
        lines.push(format!("— page {}", number + 1));
        let mut before: Option<(f32, usize)> = None;
        for tagged in &page.layer.text {
            let role = layout.tags.nodes()[tagged.node.0].role.name();
            match &tagged.shape {
                Shape::Glyphs(run) => {
                    if before == Some((run.y, tagged.node.0)) {
                        if let Some(line) = lines.last_mut() {
                            line.push_str(&run.text);
                        }
                        continue;
                    }
                    before = Some((run.y, tagged.node.0));
                    lines.push(format!("{:5.1} {:5.1} {role:5} {}", run.x / mm(1.0), run.y / mm(1.0), run.text));
                }
                Shape::Picture { x, y, width, height, .. } => {
                    lines.push(format!(
                        "{:5.1} {:5.1} {role:5} picture {:.1} × {:.1}",
                        x / mm(1.0),
                        y / mm(1.0),
                        width / mm(1.0),
                        height / mm(1.0)
                    ));
                }
                Shape::Path { .. } => {}
            }
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}
