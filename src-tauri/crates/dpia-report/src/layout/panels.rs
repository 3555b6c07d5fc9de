//! Panels and short forms: the screening's result, the reading panel, facts by label, steps.

use super::compose::{Composer, Last, Pen, Setting};
use super::lines::{Line, Style, break_lines};
use super::measure::{ANSWER_RULE, MAIN, MAIN_WIDTH, RIGHT, SIDE, SIDE_WIDTH, UNIT, baseline, mm};
use super::page::{Ink, Shape, Stroke};
use super::strip::{Ending, Strip};
use super::styles;
use super::tags::{NodeId, Numbering, Role};
use super::ticks::SMALL_BOX;
use crate::content::tree::{Fact, Mark, PanelLine, ScreeningResult, Words};

/// Inside a panel, on every side.
pub(crate) const INSET: f32 = mm(5.0);
/// From the main column to the value of a fact.
const FACT_VALUE: f32 = mm(44.0);

impl Composer<'_> {
    /// Sets words into a strip under construction; gives the foot of the last line.
    pub(crate) fn set_in(&mut self, strip: &mut Strip, words: &Words, style: Style, (x, width): (f32, f32), top: f32, node: NodeId) -> f32 {
        let lines = break_lines(self.shaper, words, style, width);
        for (at, line) in lines.iter().enumerate() {
            self.draw_line(&mut strip.layer, line, words, Pen { x, top: top + at as f32 * style.leading, style, node });
        }
        top + lines.len() as f32 * style.leading
    }

    /// Sets plain text into a strip as a paragraph of its own.
    pub(crate) fn label_in(&mut self, strip: &mut Strip, text: &str, style: Style, place: (f32, f32), top: f32) -> f32 {
        let node = self.tags.add(self.parent, Role::Paragraph);
        self.set_in(strip, &Words::plain(text), style, place, top, node)
    }

    /// Composes the result of the screening.
    pub(crate) fn result(&mut self, result: &ScreeningResult) {
        let mut strip = Strip::new(0.0);
        strip.before = self.gap(0.75, 0.75, 0.75);
        let mut top = mm(4.0);
        for line in &result.first {
            top = self.panel_line(&mut strip, line, top) + 7.0;
            strip.layer.behind.push(Shape::across(SIDE + INSET, RIGHT - INSET, top, Ink::Rule, 0.5));
            top += 7.0;
        }
        let label_foot = self.label_in(&mut strip, &result.label, styles::SMALL, (SIDE + INSET, SIDE_WIDTH - INSET), top);
        let style = if result.is_open { styles::RESULT.inked(Ink::Second) } else { styles::RESULT };
        let main = (MAIN, MAIN_WIDTH - INSET);
        let mut y = self.label_in(&mut strip, &result.result, style, main, top - 3.5);
        for reason in &result.reasons {
            let node = self.tags.add(self.parent, Role::Paragraph);
            y = self.set_in(&mut strip, reason, styles::HELP, main, y + 2.0, node);
        }
        y = y.max(label_foot);
        for line in &result.lines {
            y += 7.0;
            strip.layer.behind.push(Shape::across(SIDE + INSET, RIGHT - INSET, y, Ink::Rule, 0.5));
            y = self.panel_line(&mut strip, line, y + 6.0);
        }
        strip.height = y + mm(4.0);
        Self::paper(&mut strip);
        self.push_full(strip);
        self.last = Last::Answer;
    }

    /// Composes lines of a panel without a result.
    pub(crate) fn panel_lines(&mut self, lines: &[PanelLine]) {
        let mut strip = Strip::new(0.0);
        strip.before = self.gap(0.75, 0.75, 0.75);
        let mut y = mm(4.0);
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                y += 7.0;
                strip.layer.behind.push(Shape::across(SIDE + INSET, RIGHT - INSET, y, Ink::Rule, 0.5));
                y += 6.0;
            }
            y = self.panel_line(&mut strip, line, y);
        }
        strip.height = y + mm(4.0);
        Self::paper(&mut strip);
        self.push_full(strip);
        self.last = Last::Answer;
    }

    /// Sets a label and its values in columns; gives the foot of the lowest.
    fn panel_line(&mut self, strip: &mut Strip, (label, values): &PanelLine, top: f32) -> f32 {
        let mut foot = self.label_in(strip, label, styles::SMALL, (SIDE + INSET, SIDE_WIDTH - INSET), top);
        let pitch = (MAIN_WIDTH - INSET) / values.len().max(1) as f32;
        for (at, (name, value)) in values.iter().enumerate() {
            let place = (MAIN + at as f32 * pitch, pitch - mm(2.0));
            let value_top = if name.is_empty() { top } else { self.label_in(strip, name, styles::SMALL, place, top) };
            let style = if at == 0 { styles::PROSE.semibold() } else { styles::PROSE };
            foot = foot.max(self.label_in(strip, value, style, place, value_top));
        }
        foot
    }

    /// Composes short answers by label.
    pub(crate) fn facts(&mut self, facts: &[Fact]) {
        let before = self.gap(0.5, 0.5, 1.0);
        for (at, fact) in facts.iter().enumerate() {
            let mut strip = Strip::new(0.0);
            strip.before = if at == 0 { before } else { 5.0 };
            let foot = self.label_in(&mut strip, &fact.label, styles::FACT_LABEL, (MAIN, FACT_VALUE - mm(3.0)), 0.0);
            let node = self.tags.add(self.parent, Role::Paragraph);
            let style = if fact.is_missing { styles::NOTHING } else { styles::FACT };
            let value = self.set_in(&mut strip, &fact.value, style, (MAIN + FACT_VALUE, MAIN_WIDTH - FACT_VALUE), 0.0, node);
            strip.height = foot.max(value) + 5.0;
            let height = strip.height;
            strip.layer.behind.push(Shape::across(MAIN, RIGHT, height, Ink::Hairline, 0.5));
            strip.ending = if at == 0 && facts.len() > 1 { Ending::Never } else { Ending::Free };
            self.push(strip);
        }
        self.last = Last::Answer;
    }

    /// Composes numbered steps in the form's voice.
    pub(crate) fn steps(&mut self, steps: &[Words]) {
        let list = self.tags.add_list(self.parent, Numbering::Decimal);
        let before = self.gap(0.5, 0.5, 0.5);
        for (at, words) in steps.iter().enumerate() {
            let entry = self.tags.add(list, Role::Item);
            let label = self.tags.add(entry, Role::Label);
            let body = self.tags.add(entry, Role::Body);
            let lines: Vec<Line> = break_lines(self.shaper, words, styles::PROSE, MAIN_WIDTH - mm(5.8));
            let before = if at == 0 { before } else { 0.25 * UNIT };
            let setting = Setting { x: MAIN + mm(5.8), before, node: body, answer: None, ending: Ending::Free, is_whole: true };
            self.set_lines(lines, words, styles::PROSE, setting, |composer, strip| {
                let mark = Words::plain(format!("{}.", at + 1));
                for line in &break_lines(composer.shaper, &mark, styles::PROSE, MAIN_WIDTH) {
                    composer.draw_line(&mut strip.layer, line, &mark, Pen { x: MAIN, top: 0.0, style: styles::PROSE, node: label });
                }
            });
        }
        self.last = Last::Prose;
    }

    /// Composes the panel that says how the report is read.
    pub(crate) fn reading_panel(&mut self) {
        let mut strip = Strip::new(0.0);
        strip.before = 2.0 * UNIT;
        strip.sinks = true;
        let main = (MAIN, MAIN_WIDTH - INSET);
        let top = mm(5.0);
        self.label_in(&mut strip, "Reading this document", styles::NOTE, (SIDE + INSET, SIDE_WIDTH - INSET), top);
        let mut y = self.label_in(&mut strip, "The form’s question looks like this.", styles::QUESTION, main, top);
        y = self.label_in(&mut strip, "The form’s help and instructions look like this.", styles::HELP, main, y);
        y += 0.5 * UNIT;
        let stroke = Stroke::solid(Ink::Accent, 1.4);
        strip.layer.behind.push(Shape::rule((ANSWER_RULE, y + 3.0), (ANSWER_RULE, y + 13.8), stroke));
        y = self.label_in(&mut strip, "An answer looks like this, next to a rule in the margin.", styles::ANSWER, main, y);
        y += 0.5 * UNIT;
        for (mark, name, meaning) in [
            (Mark::Ticked, "Ticked", "The answer is yes, or the option applies."),
            (Mark::Blank, "Not ticked", "The option was considered and does not apply."),
            (
                Mark::Unknown,
                "To be confirmed",
                "Not known: the mark in the earlier document could not be read. It is neither a yes nor \
            a no.",
            ),
        ] {
            let shapes = self.box_shapes(mark, MAIN, y + baseline(UNIT), SMALL_BOX * 1.1);
            strip.layer.behind.extend(shapes);
            self.label_in(&mut strip, name, styles::PROSE.semibold(), (MAIN + mm(5.5), mm(27.0)), y);
            y = self.label_in(&mut strip, meaning, styles::PROSE, (MAIN + mm(33.0), MAIN_WIDTH - INSET - mm(33.0)), y);
        }
        strip.height = y + mm(4.0);
        Self::paper(&mut strip);
        self.push_full(strip);
        self.last = Last::Answer;
    }
}
