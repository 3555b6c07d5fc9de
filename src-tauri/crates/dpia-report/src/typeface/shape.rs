//! Words into glyphs, each word once: shaping dominates the cost of a report where it is not kept.
//!
//! A character that neither family has never reaches a font: it comes back as a piece of its own, to be drawn as a
//! visible box and reported.

use super::{Face, GlyphId, symbols};
use crate::cache::Cache;
use crate::error::ReportError;
use dpia_model::Typeface;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// Joins characters into one; has no form of its own.
pub(crate) const JOINER: char = '\u{200D}';

/// The longest text that is kept once it is shaped, in bytes: hardly any word is longer.
const MOST_KEPT: usize = 48;

/// A glyph in its place after the one before; lengths in thousandths of the type size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    /// Its number in the whole font.
    pub(crate) id: u16,
    /// How far the pen moves on.
    pub(crate) advance: f32,
    /// Sideways from the pen.
    pub(crate) dx: f32,
    /// Upwards from the baseline.
    pub(crate) dy: f32,
}

/// A shaped stretch of text in one face.
#[derive(Debug, PartialEq)]
pub(crate) struct Shaped {
    /// The glyphs, left to right.
    pub(crate) glyphs: Vec<Glyph>,
    /// What each of them means.
    origins: Vec<GlyphOrigin>,
    /// The sum of the advances, in thousandths of the type size.
    pub(crate) advance: f32,
}

/// The part of a text that a glyph draws, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct GlyphOrigin {
    start: u32,
    end: u32,
    /// The text may be cut before it: what is before is shaped by itself as it is here.
    may_cut: bool,
}

/// A stretch of text that one face can draw, or one that none can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stretch<'a> {
    /// All of it is in the face.
    Covered(Face, &'a str),
    /// No face has this sign, and these make it, one over the other.
    Drawn(&'a str, &'static [&'static str]),
    /// No face has these characters.
    Missing(&'a str),
}

impl<'a> Stretch<'a> {
    /// All of its text.
    pub(crate) fn text(&self) -> &'a str {
        match self {
            Stretch::Covered(_, text) | Stretch::Drawn(text, _) | Stretch::Missing(text) => text,
        }
    }
}

/// What each used glyph of each face draws.
pub(crate) type Characters = Vec<BTreeMap<u16, String>>;

/// Shapes text and remembers which glyph draws which characters.
pub(crate) struct Shaper {
    typeface: Typeface,
    faces: Vec<rustybuzz::Face<'static>>,
    plans: HashMap<(Face, rustybuzz::Script), rustybuzz::ShapePlan>,
    words: Vec<Cache<String, Arc<Shaped>>>,
    /// The room in which text is shaped.
    buffer: Option<rustybuzz::UnicodeBuffer>,
    /// Of each face, the characters that were asked about and those of them that it has.
    coverage: Vec<Coverage>,
    /// What was shaped last of all that is too long to be kept: its beginnings are asked for next, one after another.
    long: Option<(Face, String, Arc<Shaped>)>,
    characters: Characters,
    /// The bytes that were shaped so far, for what must not grow faster than a text.
    #[cfg(test)]
    pub(crate) shaped_bytes: usize,
}

impl Shaper {
    /// Opens the fonts.
    pub(crate) fn new() -> Result<Self, ReportError> {
        let faces = Face::ALL
            .iter()
            .map(|face| {
                rustybuzz::Face::from_slice(face.bytes(), 0)
                    .ok_or_else(|| ReportError::Typeface { face: face.post_script_name(), reason: "not a font".to_owned() })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            typeface: Typeface::default(),
            faces,
            plans: HashMap::new(),
            words: Face::ALL.iter().map(|_| Cache::new()).collect(),
            buffer: None,
            coverage: Face::ALL.iter().map(|_| Coverage::default()).collect(),
            long: None,
            characters: vec![BTreeMap::new(); Face::ALL.len()],
            #[cfg(test)]
            shaped_bytes: 0,
        })
    }

    /// Begins another report, in these typefaces: what glyphs draw is noted again, in its order.
    pub(crate) fn begin_report(&mut self, typeface: Typeface) {
        self.typeface = typeface;
        self.words.iter_mut().for_each(Cache::next_generation);
        self.long = None;
        self.characters.iter_mut().for_each(BTreeMap::clear);
    }

    /// The typefaces of this report.
    pub(crate) fn typeface(&self) -> Typeface {
        self.typeface
    }

    /// What the glyphs shaped so far stand for.
    pub(crate) fn remember(&self) -> Characters {
        self.characters.clone()
    }

    /// As if the text that was remembered had just been shaped, and nothing else.
    pub(crate) fn recall(&mut self, characters: &Characters) {
        self.long = None;
        self.characters.clone_from(characters);
    }

    /// The opened font of a face.
    pub(crate) fn face(&self, face: Face) -> &rustybuzz::Face<'static> {
        &self.faces[face.index()]
    }

    /// What each used glyph of a face draws.
    pub(crate) fn characters(&self, face: Face) -> &BTreeMap<u16, String> {
        &self.characters[face.index()]
    }

    /// Shapes text that the face covers; kerning and ligatures on.
    pub(crate) fn shape(&mut self, face: Face, text: &str) -> Arc<Shaped> {
        if text.len() > MOST_KEPT {
            // It is one of its kind, and many of them are as large as the report.
            return self.beginning_of_last(face, text).map(Arc::new).unwrap_or_else(|| {
                let shaped = Arc::new(self.shape_afresh(face, text));
                self.note_characters(face, text, &shaped);
                self.long = Some((face, text.to_owned(), Arc::clone(&shaped)));
                shaped
            });
        }
        let (shaped, is_first) = match self.words[face.index()].get(text) {
            Some((shaped, is_first)) => (Arc::clone(shaped), is_first),
            None => {
                let shaped = self.beginning_of_last(face, text).unwrap_or_else(|| self.shape_afresh(face, text));
                let shaped = Arc::new(shaped);
                self.words[face.index()].keep(text.to_owned(), Arc::clone(&shaped));
                (shaped, true)
            }
        };
        if is_first {
            self.note_characters(face, text, &shaped);
        }
        shaped
    }

    /// A text that what was shaped last begins with. Where that cannot be cut there, the end alone is shaped, from the last place
    /// at which it can. What the glyphs of the longer text stand for is noted already.
    fn beginning_of_last(&mut self, face: Face, text: &str) -> Option<Shaped> {
        let (_, _, whole) = self.long.as_ref().filter(|(of, longer, _)| *of == face && longer.starts_with(text))?;
        let whole = Arc::clone(whole);
        whole.beginning(text.len()).or_else(|| {
            let cut = whole.last_cut_before(text.len())?;
            let (beginning, rest) = (whole.beginning(cut)?, text.get(cut..)?);
            let end = self.shape_afresh(face, rest);
            self.note_characters(face, rest, &end);
            Some(beginning.followed_by(&end, cut))
        })
    }

    /// Notes what the glyphs of a text stand for.
    fn note_characters(&mut self, face: Face, text: &str, shaped: &Shaped) {
        let known = &mut self.characters[face.index()];
        for (glyph, origin) in shaped.glyphs.iter().zip(&shaped.origins) {
            let known = known.entry(glyph.id).or_default();
            if known.is_empty() {
                known.push_str(text.get(origin.start as usize..origin.end as usize).unwrap_or_default());
            }
        }
    }

    /// Shapes what is drawn one over the other, each in the middle of the first: the glyphs, and how far the first moves the pen.
    pub(crate) fn shape_over(&mut self, face: Face, parts: &[&str]) -> (Vec<Glyph>, f32) {
        let (mut glyphs, mut advance) = (Vec::new(), 0.0);
        for part in parts {
            let shaped = self.shape(face, part);
            let (is_first, mut pen) = (glyphs.is_empty(), -(advance + shaped.advance) / 2.0);
            for glyph in &shaped.glyphs {
                let mut glyph = *glyph;
                if !is_first {
                    // The pen stays behind the first.
                    glyph.dx += pen;
                    pen += glyph.advance;
                    glyph.advance = 0.0;
                }
                glyphs.push(glyph);
            }
            if is_first {
                advance = shaped.advance;
            }
        }
        (glyphs, advance)
    }

    fn shape_afresh(&mut self, face: Face, text: &str) -> Shaped {
        #[cfg(test)]
        {
            self.shaped_bytes += text.len();
        }
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        let script = buffer.script();
        let font = &self.faces[face.index()];
        // A plan costs far more than a word shaped by it.
        let plan = self
            .plans
            .entry((face, script))
            .or_insert_with(|| rustybuzz::ShapePlan::new(font, rustybuzz::Direction::LeftToRight, Some(script), None, &[]));
        let output = rustybuzz::shape_with_plan(font, plan, buffer);
        let infos = output.glyph_infos();
        let scale = 1000.0 / self.faces[face.index()].units_per_em() as f32;
        let glyphs: Vec<Glyph> = infos
            .iter()
            .zip(output.glyph_positions())
            .map(|(info, position)| Glyph {
                id: info.glyph_id as u16,
                advance: position.x_advance as f32 * scale,
                dx: position.x_offset as f32 * scale,
                dy: position.y_offset as f32 * scale,
            })
            .collect();
        let origins = origins_of(text, infos);
        self.buffer = Some(output.clear());
        Shaped::of(glyphs, origins)
    }

    /// The width of text in points at a size.
    pub(crate) fn width(&mut self, face: Face, size: f32, text: &str) -> f32 {
        self.shape(face, text).advance * size / 1000.0
    }

    /// Splits text by the faces that can draw it, preferring the one asked for. Characters without a form of their
    /// own (joiners, variation selectors) go with what they modify.
    pub(crate) fn split_by_coverage<'a>(&mut self, face: Face, text: &'a str) -> Vec<Stretch<'a>> {
        // Every face has the whole of ASCII, and most words are of nothing else.
        if text.is_ascii() {
            return vec![Stretch::Covered(face, text)];
        }
        let mut stretches: Vec<Stretch<'a>> = Vec::new();
        let mut start = 0;
        let mut current: Option<Face> = None;
        for (at, cluster) in text.grapheme_indices(true) {
            let wanted = if self.covers(face, cluster) {
                Some(face)
            } else if self.covers(face.fallback(), cluster) {
                Some(face.fallback())
            } else {
                None
            };
            if wanted != current || wanted.is_none() {
                if let Some(before) = current
                    && start < at
                {
                    stretches.push(Stretch::Covered(before, &text[start..at]));
                }
                start = at;
                current = wanted;
            }
            if wanted.is_none() {
                let end = at + cluster.len();
                match (symbols::drawing_of(cluster), stretches.last_mut()) {
                    (Some(parts), _) => stretches.push(Stretch::Drawn(cluster, parts)),
                    (None, Some(Stretch::Missing(before))) => *before = &text[at - before.len()..end],
                    (None, _) => stretches.push(Stretch::Missing(cluster)),
                }
                start = end;
            }
        }
        if let Some(face) = current
            && start < text.len()
        {
            stretches.push(Stretch::Covered(face, &text[start..]));
        }
        stretches
    }

    /// Whether the face can draw all of a cluster.
    fn covers(&mut self, face: Face, cluster: &str) -> bool {
        let (font, coverage) = (&self.faces[face.index()], &mut self.coverage[face.index()]);
        let mut has =
            |c: char| c.is_ascii() || c == JOINER || coverage.look_up(c, || font.glyph_index(c).is_some_and(|GlyphId(id)| id != 0));
        cluster.chars().all(&mut has) || composed(cluster).is_some_and(has)
    }
}

/// What is known of the characters that a face has. A look into the font costs far more than one in here.
#[derive(Default)]
struct Coverage {
    /// By character divided by 64, up to the last that was asked about: a bit for each that was, and one for each that the face has.
    blocks: Vec<(u64, u64)>,
}

impl Coverage {
    fn look_up(&mut self, c: char, has: impl FnOnce() -> bool) -> bool {
        let (block, bit) = (c as usize / 64, 1_u64 << (c as u32 % 64));
        if block >= self.blocks.len() {
            self.blocks.resize(block + 1, (0, 0));
        }
        let (asked, found) = &mut self.blocks[block];
        if *asked & bit == 0 {
            *asked |= bit;
            if has() {
                *found |= bit;
            }
        }
        *found & bit != 0
    }
}

impl Shaped {
    fn of(glyphs: Vec<Glyph>, origins: Vec<GlyphOrigin>) -> Self {
        let advance = glyphs.iter().map(|glyph| glyph.advance).sum();
        Self { glyphs, origins, advance }
    }

    /// The glyphs of the first bytes of the text, where it is the same as when they are shaped by themselves.
    fn beginning(&self, bytes: usize) -> Option<Self> {
        let bytes = u32::try_from(bytes).ok()?;
        // A glyph that shares what the one before draws has no place of its own.
        let count = self.origins.partition_point(|origin| origin.start < bytes || origin.end == bytes);
        let (before, after) = self.origins.split_at(count);
        let may_cut = before.last().is_some_and(|last| last.end == bytes) && after.first().is_none_or(|next| next.may_cut);
        may_cut.then(|| Self::of(self.glyphs[..count].to_vec(), before.to_vec()))
    }

    /// The last place before so many bytes at which the text may be cut.
    fn last_cut_before(&self, bytes: usize) -> Option<usize> {
        let beyond = self.origins.partition_point(|origin| (origin.start as usize) < bytes);
        self.origins[..beyond].iter().rev().find(|origin| origin.may_cut && origin.start > 0).map(|origin| origin.start as usize)
    }

    /// This, and after it what begins at so many bytes.
    fn followed_by(mut self, next: &Self, at: usize) -> Self {
        self.glyphs.extend_from_slice(&next.glyphs);
        let later = |origin: &GlyphOrigin| GlyphOrigin { start: origin.start + at as u32, end: origin.end + at as u32, ..*origin };
        self.origins.extend(next.origins.iter().map(later));
        Self::of(self.glyphs, self.origins)
    }
}

/// The single character that a base and one mark make, where there is one.
fn composed(cluster: &str) -> Option<char> {
    let mut characters = cluster.chars();
    let (base, mark) = (characters.next()?, characters.next()?);
    if characters.next().is_some() {
        return None;
    }
    unicode_normalization::char::compose(base, mark)
}

/// What each glyph draws: the whole cluster, shared out one a glyph where a cluster has as many glyphs as characters, and
/// otherwise given to its first.
fn origins_of(text: &str, infos: &[rustybuzz::GlyphInfo]) -> Vec<GlyphOrigin> {
    let mut origins = Vec::with_capacity(infos.len());
    let mut clusters = infos.chunk_by(|one, next| one.cluster == next.cluster).peekable();
    while let Some(cluster) = clusters.next() {
        let Some(first) = cluster.first() else { continue };
        let start = first.cluster;
        let end = clusters.peek().and_then(|next| next.first()).map_or(text.len() as u32, |info| info.cluster).max(start);
        let words = text.get(start as usize..end as usize).unwrap_or_default();
        let may_cut = |at: u32| at == start && !first.unsafe_to_break();
        if cluster.len() > 1 && words.chars().count() == cluster.len() {
            origins.extend(words.char_indices().map(|(at, c)| {
                let at = start + at as u32;
                GlyphOrigin { start: at, end: at + c.len_utf8() as u32, may_cut: may_cut(at) }
            }));
        } else {
            origins.push(GlyphOrigin { start, end, may_cut: may_cut(start) });
            let others = GlyphOrigin { start: end, end, may_cut: false };
            origins.extend(std::iter::repeat_n(others, cluster.len() - 1));
        }
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Shaped {
        fn ends(&self) -> Vec<(u32, u32)> {
            self.origins.iter().map(|origin| (origin.start, origin.end)).collect()
        }
    }

    #[test]
    fn a_ligature_maps_to_all_its_letters() {
        let mut shaper = Shaper::new().expect("the fonts open");
        let check = |shaper: &mut Shaper, face: Face, word: &str| {
            let shaped = shaper.shape(face, word);
            let read: String = shaped.glyphs.iter().map(|glyph| shaper.characters(face)[&glyph.id].as_str()).collect();
            assert_eq!(read, word);
        };
        for word in ["office", "fjord", "Żółć", "Łódź", "Ωμέγα", "Україна", "Llanfairpwllgwyngyll", "e.g.", "“curly”"]
        {
            check(&mut shaper, Face::Serif, word);
            check(&mut shaper, Face::Sans, word);
            check(&mut shaper, Face::SansSemiBold, word);
        }
    }

    #[test]
    fn a_word_is_shaped_once() {
        let mut shaper = Shaper::new().expect("the fonts open");
        let first = shaper.shape(Face::Sans, "word");
        assert!(Arc::ptr_eq(&first, &shaper.shape(Face::Sans, "word")));
    }

    #[test]
    fn a_beginning_is_what_it_would_be_by_itself() {
        let texts = ["officeAVATofjordflflfi", "e\u{323}\u{302}xa\u{300}\u{323}To\u{323}\u{301}", "ΩμέγαУкраїна", "“W.A.”–f\u{301}i"];
        // Long enough not to be kept.
        let texts = texts.map(|text| text.repeat(1 + MOST_KEPT / text.len()));
        for (face, text) in Face::ALL.into_iter().flat_map(|face| texts.iter().map(move |text| (face, text))) {
            let mut shaper = Shaper::new().expect("the fonts open");
            shaper.shape(face, text);
            let once = shaper.shaped_bytes;
            let beginnings: Vec<&str> = text.char_indices().skip(1).map(|(at, _)| &text[..at]).collect();
            let found: Vec<Arc<Shaped>> = beginnings.iter().map(|beginning| shaper.shape(face, beginning)).collect();
            let again = shaper.shaped_bytes - once;
            // Marks that a face has no anchors for are placed again with every letter before them.
            let is_cut = again < 8 * text.len() || !text.is_ascii();
            assert!(is_cut, "{face:?} {text}: {again} bytes were shaped again for {} beginnings", beginnings.len());
            for (beginning, shaped) in beginnings.iter().zip(found) {
                let alone = shaper.shape_afresh(face, beginning);
                assert_eq!((&shaped.glyphs, shaped.ends()), (&alone.glyphs, alone.ends()), "{face:?} {beginning}");
            }
        }
    }

    #[test]
    fn a_letter_that_no_face_has_is_marked() {
        let mut shaper = Shaper::new().expect("the fonts open");
        let mut check = |text: &str, expected: &[Stretch<'_>]| {
            assert_eq!(shaper.split_by_coverage(Face::Serif, text), expected, "{text}");
        };
        check("plain", &[Stretch::Covered(Face::Serif, "plain")]);
        check("a漢b", &[Stretch::Covered(Face::Serif, "a"), Stretch::Missing("漢"), Stretch::Covered(Face::Serif, "b")]);
        check("漢字b字", &[Stretch::Missing("漢字"), Stretch::Covered(Face::Serif, "b"), Stretch::Missing("字")]);
        check("👩‍👧", &[Stretch::Missing("👩‍👧")]);
        check("e\u{301}", &[Stretch::Covered(Face::Serif, "e\u{301}")]);
    }
}
