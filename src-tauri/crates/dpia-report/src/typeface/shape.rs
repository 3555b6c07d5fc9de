//! Words into glyphs, each word once: shaping dominates the cost of a report where it is not kept.
//!
//! A character that neither family has never reaches a font: it comes back as a piece of its own, to be drawn as a
//! visible box and reported.

use super::{Face, GlyphId};
use crate::error::ReportError;
use crate::kept::Kept;
use dpia_model::Typeface;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// Joins characters into one; has no form of its own.
pub(crate) const JOINER: char = '\u{200D}';

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
    /// What each of them stands for.
    characters: Vec<String>,
    /// The sum of the advances, in thousandths of the type size.
    pub(crate) advance: f32,
}

/// A stretch of text that one face can draw, or one character that none can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stretch<'a> {
    /// All of it is in the face.
    Covered(Face, &'a str),
    /// No face has this character.
    Missing(&'a str),
}

/// What each used glyph of each face stands for.
pub(crate) type Characters = Vec<BTreeMap<u16, String>>;

/// Shapes text and remembers which glyph stands for which characters.
pub(crate) struct Shaper {
    typeface: Typeface,
    faces: Vec<rustybuzz::Face<'static>>,
    plans: HashMap<(Face, rustybuzz::Script), rustybuzz::ShapePlan>,
    words: Vec<Kept<String, Arc<Shaped>>>,
    characters: Characters,
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
            words: Face::ALL.iter().map(|_| Kept::new()).collect(),
            characters: vec![BTreeMap::new(); Face::ALL.len()],
        })
    }

    /// Begins another report, in these typefaces: what glyphs stand for is told anew, in its order.
    pub(crate) fn turn(&mut self, typeface: Typeface) {
        self.typeface = typeface;
        self.words.iter_mut().for_each(Kept::turn);
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
        self.characters.clone_from(characters);
    }

    /// The opened font of a face.
    pub(crate) fn face(&self, face: Face) -> &rustybuzz::Face<'static> {
        &self.faces[face.index()]
    }

    /// What each used glyph of a face stands for.
    pub(crate) fn characters(&self, face: Face) -> &BTreeMap<u16, String> {
        &self.characters[face.index()]
    }

    /// Shapes text that the face covers; kerning and ligatures on.
    pub(crate) fn shape(&mut self, face: Face, text: &str) -> Arc<Shaped> {
        let (shaped, is_first) = match self.words[face.index()].get(text) {
            Some((shaped, is_first)) => (Arc::clone(shaped), is_first),
            None => {
                let shaped = Arc::new(self.shape_afresh(face, text));
                self.words[face.index()].keep(text.to_owned(), Arc::clone(&shaped));
                (shaped, true)
            }
        };
        if is_first {
            let known = &mut self.characters[face.index()];
            for (glyph, characters) in shaped.glyphs.iter().zip(&shaped.characters) {
                let known = known.entry(glyph.id).or_default();
                if known.is_empty() {
                    known.clone_from(characters);
                }
            }
        }
        shaped
    }

    fn shape_afresh(&mut self, face: Face, text: &str) -> Shaped {
        let mut buffer = rustybuzz::UnicodeBuffer::new();
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
        let mut glyphs = Vec::with_capacity(infos.len());
        let mut characters = Vec::with_capacity(infos.len());
        for (at, (info, position)) in infos.iter().zip(output.glyph_positions()).enumerate() {
            let id = info.glyph_id as u16;
            glyphs.push(Glyph {
                id,
                advance: position.x_advance as f32 * scale,
                dx: position.x_offset as f32 * scale,
                dy: position.y_offset as f32 * scale,
            });
            characters.push(characters_of(text, infos, at));
        }
        let advance = glyphs.iter().map(|glyph| glyph.advance).sum();
        Shaped { glyphs, characters, advance }
    }

    /// The width of text in points at a size.
    pub(crate) fn width(&mut self, face: Face, size: f32, text: &str) -> f32 {
        self.shape(face, text).advance * size / 1000.0
    }

    /// Splits text by the faces that can draw it, preferring the one asked for. Characters without a form of their
    /// own (joiners, variation selectors) go with what they modify.
    pub(crate) fn split_by_coverage<'a>(&self, face: Face, text: &'a str) -> Vec<Stretch<'a>> {
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
                stretches.push(Stretch::Missing(cluster));
                start = at + cluster.len();
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
    fn covers(&self, face: Face, cluster: &str) -> bool {
        let font = self.face(face);
        let has = |c: char| c == JOINER || font.glyph_index(c).is_some_and(|GlyphId(id)| id != 0);
        cluster.chars().all(has) || composed(cluster).is_some_and(has)
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

/// The text that a glyph stands for: the whole cluster, shared out one a glyph where a cluster has as many glyphs as
/// characters, and otherwise given to its first.
fn characters_of(text: &str, infos: &[rustybuzz::GlyphInfo], at: usize) -> String {
    let cluster = infos[at].cluster;
    let first = infos[..at].iter().rposition(|info| info.cluster != cluster).map_or(0, |before| before + 1);
    let count = infos[first..].iter().take_while(|info| info.cluster == cluster).count();
    let end = infos[first + count..].iter().map(|info| info.cluster as usize).next().unwrap_or(text.len());
    let characters = &text[cluster as usize..end.max(cluster as usize)];
    if count == 1 {
        return characters.to_owned();
    }
    if characters.chars().count() == count {
        return characters.chars().nth(at - first).map(String::from).unwrap_or_default();
    }
    if at == first { characters.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ligature_stands_for_all_its_letters() {
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
    fn a_letter_that_no_face_has_is_told_apart() {
        let shaper = Shaper::new().expect("the fonts open");
        let check = |text: &str, expected: &[Stretch<'_>]| {
            assert_eq!(shaper.split_by_coverage(Face::Serif, text), expected, "{text}");
        };
        check("plain", &[Stretch::Covered(Face::Serif, "plain")]);
        check("a漢b", &[Stretch::Covered(Face::Serif, "a"), Stretch::Missing("漢"), Stretch::Covered(Face::Serif, "b")]);
        check("👩‍👧", &[Stretch::Missing("👩‍👧")]);
        check("e\u{301}", &[Stretch::Covered(Face::Serif, "e\u{301}")]);
    }
}
