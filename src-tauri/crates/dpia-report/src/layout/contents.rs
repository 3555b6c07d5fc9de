//! The contents: part by part, with leaders and page numbers; every line is a link.

use super::compose::{Composer, Pen};
use super::lines::{break_lines, set_line};
use super::measure::{MAIN, RIGHT, SIDE, SIDE_WIDTH, UNIT, baseline, mm};
use super::page::{Area, GlyphRun, Ink, Layer, Purpose, Shape, Stroke, Tagged, Zone};
use super::strip::{Ending, Strip};
use super::styles;
use super::tags::{NodeId, Role, Tags};
use crate::content::tree::{Anchor, Part, Target, Words};
use crate::typeface::Face;

/// Where titles end and leaders begin to end.
const TITLES: f32 = mm(106.0);
/// Kept free for a page number.
const NUMBER: f32 = mm(8.0);

impl Composer<'_> {
    /// Composes the contents; `page_of` says where a place lies.
    pub(crate) fn contents(&mut self, parts: &[Part], page_of: &dyn Fn(&Anchor) -> usize) {
        let sect = self.tags.add(Tags::ROOT, Role::Sect);
        self.part_title(sect, "Contents", None);
        let contents = self.tags.add(sect, Role::Contents);
        for (at, part) in parts.iter().enumerate() {
            let item = self.tags.add(contents, Role::ContentsItem);
            let mut strip = Strip::new(UNIT);
            if at > 0 {
                strip.before = 0.7 * UNIT;
                strip.opening = Some((0.3 * UNIT, Ink::Hairline));
            }
            self.contents_part(&mut strip, part, item);
            let nested = self.tags.add(item, Role::Contents);
            let count = part.sections.len();
            for (number, section) in part.sections.iter().enumerate() {
                let entry = self.tags.add(nested, Role::ContentsItem);
                self.contents_line(&mut strip, &section.title, &section.place, page_of(&section.place), entry);
                strip.ending = if number == 0 && count > 1 { Ending::Never } else { Ending::Free };
                let after = Strip::new(UNIT);
                self.flow.strips.push(std::mem::replace(&mut strip, after));
            }
            if part.sections.is_empty() {
                self.flow.strips.push(strip);
            }
        }
    }

    fn contents_part(&mut self, strip: &mut Strip, part: &Part, item: NodeId) {
        let reference = self.tags.add(item, Role::Reference);
        let link = self.tags.add(reference, Role::Link);
        let words = Words::plain(part.title.as_str());
        let style = styles::CONTENTS_PART;
        let lines = break_lines(self.shaper, &words, style, SIDE_WIDTH);
        for (at, line) in lines.iter().enumerate() {
            let top = at as f32 * style.leading;
            self.draw_line(&mut strip.layer, line, &words, Pen { x: SIDE, top, style, node: link });
            add_link(&mut strip.layer, link, &part.place, &part.title, (SIDE, SIDE + line.width), top);
        }
        strip.side = lines.len() as f32 * style.leading;
    }

    fn contents_line(&mut self, strip: &mut Strip, title: &str, place: &Anchor, page: usize, entry: NodeId) {
        let reference = self.tags.add(entry, Role::Reference);
        let link = self.tags.add(reference, Role::Link);
        let words = Words::plain(title);
        let style = styles::CONTENTS_LINE;
        let lines = break_lines(self.shaper, &words, style, TITLES);
        strip.height = lines.len() as f32 * style.leading;
        let last = lines.len().saturating_sub(1);
        let mut end = MAIN;
        for (at, line) in lines.iter().enumerate() {
            self.draw_line(&mut strip.layer, line, &words, Pen { x: MAIN, top: at as f32 * style.leading, style, node: link });
            end = MAIN + line.width;
        }
        let top = last as f32 * style.leading;
        let y = top + baseline(style.leading) - 0.6;
        let dots = Stroke { ink: Ink::Muted, width: 0.9, dash: Some((0.0, 4.6)), is_round: true };
        // Leaders are under one another: each begins on the same grid.
        let from = RIGHT - NUMBER - ((RIGHT - NUMBER - end - 6.0) / 4.6).floor() * 4.6;
        if from < RIGHT - NUMBER {
            strip.layer.behind.push(Shape::rule((from, y), (RIGHT - NUMBER + 0.1, y), dots));
        }
        let number = page.to_string();
        let figure = set_line(self.shaper, &number, style.semibold());
        // A space keeps title and figure apart for those who hear or copy them.
        let space = self.shaper.shape(Face::Sans, " ").glyphs.as_slice().into();
        let y = top + baseline(style.leading);
        let run =
            GlyphRun { face: Face::Sans, size: style.size, x: end, y, ink: style.ink, glyphs: space, stands_for: None, text: " ".into() };
        strip.layer.text.push(Tagged { node: link, shape: Shape::Glyphs(run) });
        self.draw_line(
            &mut strip.layer,
            &figure,
            &Words::plain(number.as_str()),
            Pen { x: RIGHT - figure.width, top, style: style.semibold(), node: link },
        );
        add_link(&mut strip.layer, link, place, &format!("{title}, page {number}"), (MAIN, RIGHT), top);
    }

    /// What this copy is, at the foot of the contents.
    pub(crate) fn about(&mut self, about: &[(String, String)]) {
        self.parent = self.tags.add(Tags::ROOT, Role::Sect);
        let mut strip = Strip::new(0.0);
        strip.before = UNIT;
        strip.sinks = true;
        strip.clears_side = true;
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, 0.0, Ink::Rule, 0.5));
        let mut y = 10.0;
        self.label_in(&mut strip, "About this copy", styles::SMALL.semibold().inked(Ink::Accent), (SIDE, SIDE_WIDTH), y);
        // The first is alone, since it says most; the others two by two.
        let (first, others) = about.split_at(about.len().min(1));
        for pair in first.chunks(1).chain(others.chunks(2)) {
            let mut foot = y;
            for (column, (label, value)) in pair.iter().enumerate() {
                let x = MAIN + column as f32 * mm(62.0);
                let width = if pair.len() == 1 { mm(92.0) } else { mm(33.0) };
                self.label_in(&mut strip, label, styles::SMALL, (x, mm(26.0)), y);
                foot = foot.max(self.label_in(&mut strip, value, styles::SMALL.inked(Ink::Text), (x + mm(27.0), width), y));
            }
            y = foot;
        }
        strip.height = y + 4.0;
        self.flow.strips.push(strip);
    }
}

fn add_link(layer: &mut Layer, node: NodeId, place: &Anchor, words: &str, (left, right): (f32, f32), top: f32) {
    let area = Area { left, top, right, foot: top + UNIT };
    layer.zones.push(Zone { node, area, purpose: Purpose::Link(Target::Anchor(place.clone()), words.to_owned()) });
}
