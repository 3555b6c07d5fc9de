//! The brand's mark: a picture where it has one, and otherwise its letters as outlines.

use super::compose::Composer;
use super::measure::mm;
use super::page::{Area, Ink, Layer, Purpose, Shape, Tagged, Zone};
use super::path::Path;
use crate::content::tree::Wordmark;
use crate::typeface::Face;
use crate::typeface::outline::outline_word;
use crate::typeface::shape::Stretch;

/// The dot of the i, as a share of the type size.
const DOT: f32 = 0.088;
/// How far above the baseline the dot's centre lies, as a share of the type size.
const DOT_RISE: f32 = 0.655;
/// The largest that a picture is drawn.
const LARGEST: (f32, f32) = (mm(60.0), mm(14.0));
/// The type size of letters as high as the largest picture.
const LARGEST_SIZE: f32 = 30.0;

impl Composer<'_> {
    /// Draws the mark as high as letters of this size, from its top left corner, no wider than the room.
    pub(crate) fn wordmark(&mut self, layer: &mut Layer, wordmark: &Wordmark, size: f32, (x, top): (f32, f32), room: f32) {
        let letters = wordmark.letters.trim();
        let picture = wordmark.picture.and_then(|index| self.pictures.get(index).map(|pixels| (index, *pixels)));
        if letters.is_empty() && picture.is_none() {
            return;
        }
        let figure = self.tags.add_figure(self.parent, if letters.is_empty() { "The company’s mark" } else { letters });
        let (width, height) = match picture {
            Some((index, pixels)) => {
                let share = (size / LARGEST_SIZE).min(1.0);
                let (across, down) = (pixels.width.max(1) as f32, pixels.height.max(1) as f32);
                let scale = ((LARGEST.0 * share).min(room) / across).min(LARGEST.1 * share / down);
                let (width, height) = (across * scale, down * scale);
                layer.text.push(Tagged { node: figure, shape: Shape::Picture { index, x, y: top, width, height } });
                (width, height)
            }
            None => {
                // A mark too wide for its place goes smaller rather than over the edge.
                let width = self.shaper.width(Face::SerifSemiBold, size, letters);
                let size = if width > room { size * room / width } else { size };
                let shapes = self.letter_shapes(letters, size, x, top + 0.84 * size);
                layer.text.extend(shapes.into_iter().map(|shape| Tagged { node: figure, shape }));
                (width.min(room), 1.14 * size)
            }
        };
        let area = Area { left: x, top, right: x + width, foot: top + height };
        layer.zones.push(Zone { node: figure, area, purpose: Purpose::Figure });
    }

    /// Letters as outlines; where there is an i, its dot in the second colour.
    fn letter_shapes(&mut self, word: &str, size: f32, x: f32, y: f32) -> Vec<Shape> {
        // Only what the face has is drawn; the words are read from the alternate text all the same.
        let drawable: String = self
            .shaper
            .split_by_coverage(Face::SerifSemiBold, word)
            .into_iter()
            .filter_map(|stretch| match stretch {
                Stretch::Covered(Face::SerifSemiBold, text) => Some(text),
                Stretch::Covered(..) | Stretch::Drawn(..) | Stretch::Missing(_) => None,
            })
            .collect();
        let dot = drawable.find('i');
        let dotless = if dot.is_some() { drawable.replacen('i', "ı", 1) } else { drawable };
        let (outline, _) = outline_word(self.shaper, Face::SerifSemiBold, size, &dotless);
        let mut shapes = vec![Shape::filled(outline.shifted(x, y), Ink::Accent)];
        if let Some(at) = dot {
            let before = self.shaper.width(Face::SerifSemiBold, size, &dotless[..at]);
            let letter = self.shaper.width(Face::SerifSemiBold, size, "ı");
            let centre = (x + before + letter / 2.0, y - DOT_RISE * size);
            shapes.push(Shape::filled(Path::circle(centre.0, centre.1, DOT * size), Ink::Second));
        }
        shapes
    }
}
