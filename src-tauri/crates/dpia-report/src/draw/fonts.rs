//! Fonts cut down to the glyphs that a report uses. A subset's name has a tag made from its glyphs, so the same
//! report names its fonts the same.

use super::field_sheets;
use crate::cache::Cache;
use crate::error::ReportError;
use crate::layout::Layout;
use crate::layout::page::Shape;
use crate::typeface::Face;
use crate::typeface::shape::Shaper;
use printpdf::{Codepoint, FontId, FontMetrics, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, Pt, TextItem};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fonts that were cut, by the tags of their names.
pub(crate) type CutFonts = Cache<(Face, String), Arc<Subset>>;

/// A font with the glyphs that are used.
pub(crate) struct Subset {
    bytes: Vec<u8>,
    numbers: BTreeMap<u16, u16>,
    tag: String,
}

impl Subset {
    /// A glyph's number in the cut font.
    pub(crate) fn number(&self, glyph: u16) -> u16 {
        self.numbers.get(&glyph).copied().unwrap_or(0)
    }
}

/// The fonts in use, by face.
pub(crate) type Subsets = BTreeMap<Face, Arc<Subset>>;

/// Whether the fonts are the very same, glyph for glyph.
pub(crate) fn are_same(one: &Subsets, other: &Subsets) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|((a, one), (b, other))| a == b && Arc::ptr_eq(one, other))
}

/// The name of a face's font in the pages' resources.
pub(crate) fn font_id(face: Face) -> FontId {
    FontId(format!("F{}", face.index() + 1))
}

/// Cuts the fonts down.
pub(crate) fn cut_fonts(layout: &Layout, shaper: &Shaper, cut: &mut CutFonts) -> Result<Subsets, ReportError> {
    let mut used: BTreeMap<Face, BTreeSet<u16>> = BTreeMap::new();
    let on_pages = layout.pages.iter().flat_map(|page| {
        let artefacts = [&page.header, &page.footer, &page.layer.behind].into_iter().flatten();
        artefacts.chain(page.layer.text.iter().map(|tagged| &tagged.shape))
    });
    for shape in on_pages.chain(field_sheets(layout).flatten()) {
        if let Shape::Glyphs(run) = shape {
            used.entry(run.face).or_default().extend(run.glyphs.iter().map(|glyph| glyph.id));
        }
    }
    used.into_iter()
        .map(|(face, glyphs)| {
            let key = (face, tag_of(face, &glyphs, shaper));
            if let Some((subset, _)) = cut.get(&key) {
                return Ok((face, Arc::clone(subset)));
            }
            let subset = Arc::new(cut_font(face, &glyphs, key.1.clone())?);
            cut.keep(key, Arc::clone(&subset));
            Ok((face, subset))
        })
        .collect()
}

/// A tag made from the glyphs and what they stand for: all that goes into the file of a font, in 26 letters.
fn tag_of(face: Face, glyphs: &BTreeSet<u16>, shaper: &Shaper) -> String {
    let mut hash = Sha256::new();
    for glyph in glyphs {
        hash.update(glyph.to_be_bytes());
        hash.update(shaper.characters(face).get(glyph).map_or("", String::as_str));
    }
    hash.finalize().iter().map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn cut_font(face: Face, glyphs: &BTreeSet<u16>, tag: String) -> Result<Subset, ReportError> {
    let mut remapper = subsetter::GlyphRemapper::new();
    let numbers = glyphs.iter().map(|glyph| (*glyph, remapper.remap(*glyph))).collect();
    let bytes = subsetter::subset(face.bytes(), 0, &remapper)
        .map_err(|error| ReportError::Typeface { face: face.post_script_name(), reason: error.to_string() })?;
    Ok(Subset { bytes, numbers, tag })
}

/// Shows each glyph once: from this printpdf learns what each means, without looking through the pages.
pub(crate) fn glyph_sheet(subsets: &Subsets, shaper: &Shaper) -> Vec<Op> {
    let mut operations = vec![Op::StartTextSection];
    for (face, subset) in subsets {
        let text = |glyph: &u16| shaper.characters(*face).get(glyph).cloned().unwrap_or_default();
        let points = subset.numbers.iter().map(|(glyph, number)| Codepoint { gid: *number, offset: 0.0, cid: Some(text(glyph)) });
        operations.push(Op::SetFont { font: PdfFontHandle::External(font_id(*face)), size: Pt(1.0) });
        operations.push(Op::ShowText { items: vec![TextItem::GlyphIds(points.collect())] });
    }
    operations.push(Op::EndTextSection);
    operations
}

/// Puts the cut fonts into the document.
pub(crate) fn add_fonts(document: &mut PdfDocument, subsets: &Subsets, shaper: &Shaper) {
    for (face, subset) in subsets {
        let face = *face;
        let font = shaper.face(face);
        let widths = subset.numbers.iter().map(|(glyph, number)| (*number, natural_width(shaper, face, *glyph))).collect();
        let metrics = FontMetrics { ascent: font.ascender(), descent: font.descender() };
        let units = u16::try_from(font.units_per_em()).unwrap_or(1000);
        let name = format!("{}+{}", &subset.tag[..6], face.post_script_name());
        let mut parsed = ParsedFont::with_glyph_data(subset.bytes.clone(), 0, Some(name), BTreeMap::new(), widths, units, metrics);
        let bounds = font.global_bounding_box();
        parsed.pdf_font_metrics.x_min = bounds.x_min;
        parsed.pdf_font_metrics.y_min = bounds.y_min;
        parsed.pdf_font_metrics.x_max = bounds.x_max;
        parsed.pdf_font_metrics.y_max = bounds.y_max;
        parsed.pdf_font_metrics.us_weight_class = font.weight().to_number();
        if face.is_italic() {
            parsed.pdf_font_metrics.caret_slope_rise = 1000;
            parsed.pdf_font_metrics.caret_slope_run = 194;
        }
        document.resources.fonts.map.insert(font_id(face), PdfFont::new(parsed));
    }
}

/// The advance that the font itself gives a glyph, in units of the font.
pub(crate) fn natural_width(shaper: &Shaper, face: Face, glyph: u16) -> u16 {
    shaper.face(face).glyph_hor_advance(crate::typeface::GlyphId(glyph)).unwrap_or(0)
}
