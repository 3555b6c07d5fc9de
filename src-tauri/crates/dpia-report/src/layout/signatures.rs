//! The page of signatures: who signed the report, and where others may sign by hand. It never says "valid": only a
//! reader of the file can.

use super::compose::{Composer, Last};
use super::measure::{FULL_WIDTH, MAIN, MAIN_WIDTH, RIGHT, SIDE, SIDE_WIDTH, UNIT, mm};
use super::page::{Area, Ink, Purpose, Shape, Stroke, Zone};
use super::panels::INSET;
use super::path::Path;
use super::strip::{Ending, Strip};
use super::styles;
use super::tags::{Role, Tags};
use crate::content::tree::{SignaturePanel, Words};
use crate::layout::lines::Style;
use crate::typeface::Family;

/// From one group of the fingerprint to the next.
const GROUP_PITCH: f32 = mm(14.0);
/// Groups in a row.
const GROUPS: usize = 8;
/// Where the right column of the block is.
const SECOND_COLUMN: f32 = mm(69.0);

/// The height of a field that waits for a signature.
const FIELD_HEIGHT: f32 = mm(27.0);

/// What a field shows of who countersigned.
pub(crate) struct Countersigned<'a> {
    /// Name.
    pub(crate) name: &'a str,
    /// Role.
    pub(crate) role: &'a str,
    /// Organisation.
    pub(crate) organisation: &'a str,
    /// When.
    pub(crate) moment: &'a str,
    /// The certificate's fingerprint in groups.
    pub(crate) fingerprint: &'a [String],
}

impl Composer<'_> {
    /// Composes the block of the digital signature, with its field over it.
    pub(crate) fn signature_panel(&mut self, panel: &SignaturePanel) {
        let mut strip = Strip::new(0.0);
        strip.before = self.gap(0.75, 0.75, 0.75);
        let top = mm(5.0);
        self.wordmark(&mut strip.layer, &panel.wordmark, 16.0, (SIDE + INSET, top - 0.5), SIDE_WIDTH);
        let mut side = top + 26.0;
        for line in &panel.kind {
            side = self.label_in(&mut strip, line, styles::SMALL, (SIDE + INSET, SIDE_WIDTH - INSET), side);
        }
        let (left, right) = ((MAIN, SECOND_COLUMN - mm(3.0)), (MAIN + SECOND_COLUMN, MAIN_WIDTH - SECOND_COLUMN - INSET));
        let name = Style::new(Family::Serif, 16.0, 20.0, Ink::Text).semibold();
        let y = self.pair(&mut strip, "Signed by", &panel.name, name, left, top);
        let other = self.pair(&mut strip, panel.moment.0, &panel.moment.1, styles::PROSE.semibold(), right, top);
        let y = y.max(other) + 6.0;
        let mut rows = y;
        for (row, [first, second]) in
            [[("Role", &panel.role), ("Organisation", &panel.organisation)], [("Email", &panel.email), ("", &String::new())]]
                .into_iter()
                .enumerate()
        {
            let start = if row == 0 { y } else { rows + 4.0 };
            let mut foot = start;
            for ((label, value), place) in [(first, left), (second, right)] {
                if !value.is_empty() {
                    foot = foot.max(self.pair(&mut strip, label, value, styles::PROSE, place, start));
                }
            }
            rows = rows.max(foot);
        }
        let mut y = rows + 8.0;
        strip.layer.behind.push(Shape::across(MAIN, RIGHT - INSET, y, Ink::Rule, 0.5));
        y = self.label_in(&mut strip, "Certificate fingerprint (SHA-256)", styles::SMALL, (MAIN, MAIN_WIDTH - INSET), y + 6.0);
        let groups = self.tags.add(self.parent, Role::Paragraph);
        for (at, group) in panel.fingerprint.iter().enumerate() {
            let place = (MAIN + (at % GROUPS) as f32 * GROUP_PITCH, GROUP_PITCH);
            let words = Words::plain(format!("{group} "));
            self.set_in(&mut strip, &words, styles::PROSE, place, y + (at / GROUPS) as f32 * UNIT, groups);
        }
        y += panel.fingerprint.len().div_ceil(GROUPS) as f32 * UNIT;
        strip.height = y.max(side) + mm(4.0);
        let height = strip.height;
        Self::paper(&mut strip);
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, 0.0, Ink::Accent, 1.4));
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, height, Ink::Rule, 0.5));
        if panel.has_field {
            let form = self.tags.add(self.parent, Role::Form);
            self.tags.describe(form, &format!("Digital signature of {}", panel.name));
            let area = Area { left: SIDE, top: 0.0, right: SIDE + FULL_WIDTH, foot: height };
            strip.layer.zones.push(Zone { node: form, area, purpose: Purpose::Signature });
        }
        self.push_full(strip);
        self.last = Last::Answer;
    }

    /// Composes the field that waits for a signature. What it shows is the field's own, so that signing replaces it.
    pub(crate) fn empty_field(&mut self, words: &str) {
        let mut strip = Strip::new(FIELD_HEIGHT);
        strip.before = self.gap(0.75, 0.75, 0.75);
        let (half, height) = (0.5, strip.height);
        let frame = Path::rectangle(SIDE + half, half, FULL_WIDTH - 2.0 * half, height - 2.0 * half);
        let dashes = Stroke { ink: Ink::Rule, width: 1.0, dash: Some((3.0, 2.5)), is_round: false };
        let mut shapes = vec![Shape::Path { path: frame, fill: None, stroke: Some(dashes), is_closed: true }];
        let form = self.tags.add(self.parent, Role::Form);
        let mut inside = Strip::new(height);
        self.set_in(&mut inside, &Words::plain(words), styles::SMALL, (MAIN, MAIN_WIDTH - INSET), mm(11.0), form);
        shapes.extend(inside.layer.text.into_iter().map(|tagged| tagged.shape));
        self.tags.describe(form, "Field for a countersignature");
        let area = Area { left: SIDE, top: 0.0, right: SIDE + FULL_WIDTH, foot: height };
        strip.layer.zones.push(Zone { node: form, area, purpose: Purpose::EmptyField(shapes) });
        self.push_full(strip);
        self.last = Last::Answer;
    }

    /// Composes what the field shows once it is signed.
    pub(crate) fn countersigned(&mut self, countersigned: &Countersigned<'_>) -> Zone {
        let mut strip = Strip::new(FIELD_HEIGHT);
        Self::paper(&mut strip);
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, 0.7, Ink::Accent, 1.4));
        let top = mm(3.5);
        self.label_in(&mut strip, "Countersignature", styles::SMALL, (SIDE + INSET, SIDE_WIDTH - INSET), top);
        let (left, right) = ((MAIN, SECOND_COLUMN - mm(3.0)), (MAIN + SECOND_COLUMN, MAIN_WIDTH - SECOND_COLUMN));
        let name = Style::new(Family::Serif, 13.0, 17.0, Ink::Text).semibold();
        let mut y = self.label_in(&mut strip, countersigned.name, name, left, top - 1.5);
        let small = styles::SMALL.inked(Ink::Text);
        for words in [countersigned.role, countersigned.organisation, countersigned.moment] {
            if !words.trim().is_empty() && y + small.leading <= FIELD_HEIGHT {
                y = self.label_in(&mut strip, words, small, left, y);
            }
        }
        let mut y = self.label_in(&mut strip, "Certificate fingerprint (SHA-256)", styles::SMALL, right, top);
        let groups = Style::new(Family::Sans, 8.5, 10.5, Ink::Text);
        for row in countersigned.fingerprint.chunks(4) {
            y = self.label_in(&mut strip, &row.join("  "), groups, right, y);
        }
        let shapes = strip.layer.behind.into_iter().chain(strip.layer.text.into_iter().map(|tagged| tagged.shape)).collect();
        let area = Area { left: SIDE, top: 0.0, right: SIDE + FULL_WIDTH, foot: FIELD_HEIGHT };
        Zone { node: Tags::ROOT, area, purpose: Purpose::EmptyField(shapes) }
    }

    /// A label with its value under it.
    fn pair(&mut self, strip: &mut Strip, label: &str, value: &str, style: Style, place: (f32, f32), top: f32) -> f32 {
        let y = self.label_in(strip, label, styles::SMALL, place, top);
        self.label_in(strip, value, style, place, y)
    }

    /// Composes lines to sign on by hand.
    pub(crate) fn hand_signature(&mut self, labels: &[String]) {
        let mut strip = Strip::new(mm(22.0));
        strip.before = self.gap(1.0, 1.0, 1.0);
        strip.ending = Ending::Free;
        let gap = mm(6.0);
        let width = (FULL_WIDTH - gap * (labels.len().max(1) - 1) as f32) / labels.len().max(1) as f32;
        for (at, label) in labels.iter().enumerate() {
            let x = SIDE + at as f32 * (width + gap);
            strip.layer.behind.push(Shape::across(x, x + width, mm(14.0), Ink::Rule, 0.7));
            self.label_in(&mut strip, label, styles::SMALL, (x, width), mm(15.0));
        }
        self.push_full(strip);
        self.last = Last::Answer;
    }
}
