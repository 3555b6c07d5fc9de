//! The composer: takes what is said block by block and turns it into strips, with the space between them.

use super::lines::{Line, Style, break_lines};
use super::measure::{FULL_WIDTH, HELP_WIDTH, MAIN, MAIN_WIDTH, RIGHT, SIDE, SIDE_WIDTH, UNIT, baseline};
use super::page::{Area, Ink, Layer, Purpose, Shape, Stroke, Tagged, Zone};
use super::strip::{Ending, Flow, Strip};
use super::styles;
use super::tags::{NodeId, Role, Tags};
use crate::content::tree::{Anchor, Block, Part, Section, Target, TextRun, Words};
use crate::typeface::shape::Shaper;
use std::collections::BTreeMap;

/// What was last: the space above the next block follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Last {
    /// Nothing yet in this section.
    Opening,
    /// A question or its help.
    Question,
    /// Words of the form.
    Prose,
    /// An answer of any kind.
    Answer,
}

/// The size of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pixels {
    /// Across.
    pub(crate) width: u32,
    /// Down.
    pub(crate) height: u32,
}

/// Turns blocks into strips.
pub(crate) struct Composer<'a> {
    /// Shapes the words.
    pub(crate) shaper: &'a mut Shaper,
    /// Takes the structure.
    pub(crate) tags: &'a mut Tags,
    /// The pictures' sizes.
    pub(crate) pictures: &'a [Pixels],
    /// What has been composed.
    pub(crate) flow: Flow,
    /// The element that blocks are added to.
    pub(crate) parent: NodeId,
    /// What was last.
    pub(crate) last: Last,
    /// Answers so far.
    pub(crate) answers: usize,
    section: Option<usize>,
    side: Option<SideTitle>,
    /// Places that the next strip is at.
    waiting: Vec<Anchor>,
}

/// A title that waits for the first strip beside it.
struct SideTitle {
    layer: Layer,
    height: f32,
    before: f32,
    opening: Option<(f32, Ink)>,
}

/// Where and how lines stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting {
    /// Left edge.
    pub(crate) x: f32,
    /// Space above the first.
    pub(crate) before: f32,
    /// The element they belong to.
    pub(crate) node: NodeId,
    /// The answer they belong to.
    pub(crate) answer: Option<usize>,
    /// How willingly a page ends after the last.
    pub(crate) ending: Ending,
    /// No page ends between them.
    pub(crate) is_whole: bool,
}

/// Where and how one line is drawn, in points from the top left of its strip.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    /// Its left edge.
    pub(crate) x: f32,
    /// Its top.
    pub(crate) top: f32,
    /// Its type.
    pub(crate) style: Style,
    /// The element it belongs to.
    pub(crate) node: NodeId,
}

impl<'a> Composer<'a> {
    /// A composer with nothing composed.
    pub(crate) fn new(shaper: &'a mut Shaper, tags: &'a mut Tags, pictures: &'a [Pixels]) -> Self {
        Self {
            shaper,
            tags,
            pictures,
            flow: Flow::default(),
            parent: Tags::ROOT,
            last: Last::Opening,
            answers: 0,
            section: None,
            side: None,
            waiting: Vec::new(),
        }
    }

    /// Composes a part: its title on a new page, then its sections.
    pub(crate) fn part(&mut self, part: &Part) {
        let node = self.tags.add(Tags::ROOT, Role::Sect);
        self.part_title(node, &part.title, Some(&part.place));
        for (at, section) in part.sections.iter().enumerate() {
            self.begin_section(node, section, at == 0);
            for (at, block) in section.blocks.iter().enumerate() {
                self.block(block);
                let is_kept = section.blocks.get(at + 1).is_some_and(|next| belongs_with(block, next));
                if let (true, Some(strip)) = (is_kept, self.flow.strips.last_mut()) {
                    strip.ending = Ending::Never;
                }
            }
            self.settle_side();
        }
    }

    /// The title over a page, with its rule.
    pub(crate) fn part_title(&mut self, node: NodeId, title: &str, place: Option<&Anchor>) {
        self.section = None;
        let heading = self.tags.add(node, Role::Heading(1));
        let words = Words::plain(title);
        let lines = break_lines(self.shaper, &words, styles::PART, MAIN_WIDTH);
        let text = lines.len() as f32 * styles::PART.leading;
        let mut strip = Strip::new(text + 1.25 * UNIT);
        for (at, line) in lines.iter().enumerate() {
            self.draw_line(
                &mut strip.layer,
                line,
                &words,
                Pen { x: MAIN, top: at as f32 * styles::PART.leading, style: styles::PART, node: heading },
            );
        }
        strip.layer.behind.push(Shape::across(SIDE, RIGHT, text + 0.5 * UNIT, Ink::Accent, 1.4));
        strip.layer.places.extend(place.map(|place| (place.clone(), 0.0)));
        strip.starts_page = true;
        strip.ending = Ending::Never;
        self.flow.strips.push(strip);
        self.last = Last::Opening;
    }

    fn begin_section(&mut self, part: NodeId, section: &Section, is_first: bool) {
        self.parent = self.tags.add(part, Role::Sect);
        self.flow.sections.push(section.title.clone());
        self.section = Some(self.flow.sections.len() - 1);
        let (before, opening) = if is_first { (0.0, None) } else { (2.0 * UNIT, Some((0.75 * UNIT, Ink::Rule))) };
        self.side_title(&section.title, styles::SECTION, Role::Heading(2), Some(&section.place), before, opening);
        self.last = Last::Opening;
    }

    /// Sets a title in the side column, beside whatever comes next.
    pub(crate) fn side_title(
        &mut self,
        title: &str,
        style: Style,
        role: Role,
        place: Option<&Anchor>,
        before: f32,
        opening: Option<(f32, Ink)>,
    ) {
        self.settle_side();
        let heading = self.tags.add(self.parent, role);
        let words = Words::plain(title);
        let lines = break_lines(self.shaper, &words, style, SIDE_WIDTH);
        let mut layer = Layer::default();
        for (at, line) in lines.iter().enumerate() {
            // The first baseline is shared with a line of running text, whatever the leading.
            let top = at as f32 * style.leading + baseline(UNIT) - baseline(style.leading);
            self.draw_line(&mut layer, line, &words, Pen { x: SIDE, top, style, node: heading });
        }
        layer.places.extend(place.map(|place| (place.clone(), 0.0)));
        self.side = Some(SideTitle { layer, height: lines.len() as f32 * style.leading, before, opening });
    }

    /// Gives a waiting side title a strip of its own.
    fn settle_side(&mut self) {
        if let Some(side) = &self.side {
            let strip = Strip { ending: Ending::Never, ..Strip::new(side.height) };
            self.push(strip);
        }
    }

    /// Adds a strip; a waiting side title goes with it.
    pub(crate) fn push(&mut self, mut strip: Strip) {
        strip.section = self.section;
        strip.layer.places.extend(self.waiting.drain(..).map(|place| (place, 0.0)));
        if let Some(side) = self.side.take() {
            let mut layer = side.layer;
            layer.add(std::mem::take(&mut strip.layer), 0.0);
            strip.layer = layer;
            strip.side = side.height;
            strip.before = side.before;
            strip.opening = side.opening;
        }
        self.flow.strips.push(strip);
    }

    /// Adds a strip on the full measure, below the side title.
    pub(crate) fn push_full(&mut self, mut strip: Strip) {
        self.settle_side();
        strip.clears_side = true;
        self.push(strip);
    }

    /// The space above a block that follows what was last.
    pub(crate) fn gap(&self, after_question: f32, after_prose: f32, after_answer: f32) -> f32 {
        UNIT * match self.last {
            Last::Opening => 0.0,
            Last::Question => after_question,
            Last::Prose => after_prose,
            Last::Answer => after_answer,
        }
    }

    /// Composes one block.
    pub(crate) fn block(&mut self, block: &Block) {
        match block {
            Block::Anchor(place) => self.waiting.push(place.clone()),
            Block::Prose(words) => self.form_text(words, styles::PROSE),
            Block::Guide(words) => self.form_text(words, styles::HELP),
            Block::Question { prompt, help } => self.question(prompt, help),
            Block::Answer(blocks) => self.answer(blocks),
            Block::Nothing(text) => self.nothing(text),
            Block::Ticks(ticks) => self.ticks(ticks),
            Block::TickRow(row) => self.tick_row(row),
            Block::Table(table) => self.table(table),
            Block::Facts(facts) => self.facts(facts),
            Block::Result(result) => self.result(result),
            Block::PanelLines(lines) => self.panel_lines(lines),
            Block::HeatMaps(maps) => self.heat_maps(maps),
            Block::Legend => self.legend(),
            Block::ReadingPanel => self.reading_panel(),
            Block::Note { title, paragraphs } => self.note(title, paragraphs),
            Block::Steps(steps) => self.steps(steps),
            Block::Signature(panel) => self.signature_panel(panel),
            Block::EmptyField(words) => self.empty_field(words),
            Block::HandSignature(labels) => self.hand_signature(labels),
        }
    }

    fn form_text(&mut self, words: &Words, style: Style) {
        let node = self.tags.add(self.parent, Role::Paragraph);
        let before = self.gap(0.75, 0.5, 1.0);
        self.paragraph(words, style, HELP_WIDTH, Setting { x: MAIN, before, node, answer: None, ending: Ending::Free, is_whole: false });
        self.last = Last::Prose;
    }

    fn question(&mut self, prompt: &Words, help: &[Words]) {
        let style = if prompt.has_bold() { styles::MARKED_QUESTION } else { styles::QUESTION };
        let before = self.gap(0.75, 0.75, 1.25);
        if !prompt.is_blank() {
            let node = self.tags.add(self.parent, Role::Heading(3));
            self.paragraph(
                prompt,
                style,
                MAIN_WIDTH,
                Setting { x: MAIN, before, node, answer: None, ending: Ending::Never, is_whole: true },
            );
        }
        for (at, words) in help.iter().enumerate() {
            let node = self.tags.add(self.parent, Role::Paragraph);
            let before = match at {
                0 if prompt.is_blank() => before,
                0 => 0.0,
                _ => 0.25 * UNIT,
            };
            let setting = Setting { x: MAIN, before, node, answer: None, ending: Ending::Never, is_whole: true };
            self.paragraph(words, styles::HELP, HELP_WIDTH, setting);
        }
        self.last = Last::Question;
    }

    fn nothing(&mut self, text: &str) {
        let node = self.tags.add(self.parent, Role::Paragraph);
        let setting = Setting { x: MAIN, before: self.gap(0.5, 0.5, 0.5), node, answer: None, ending: Ending::Free, is_whole: true };
        self.paragraph(&Words::plain(text), styles::NOTHING, MAIN_WIDTH, setting);
        self.last = Last::Answer;
    }

    fn note(&mut self, title: &str, paragraphs: &[Words]) {
        let before = self.gap(1.0, 1.0, 1.0);
        self.side_title(title, styles::NOTE, Role::Heading(3), None, before, None);
        self.last = Last::Opening;
        for words in paragraphs {
            self.form_text(words, styles::PROSE);
        }
    }

    /// Sets a paragraph, a strip a line: two lines at least at the head and the foot of a page.
    pub(crate) fn paragraph(&mut self, words: &Words, style: Style, measure: f32, setting: Setting) {
        let lines = break_lines(self.shaper, words, style, measure);
        self.set_lines(lines, words, style, setting, |_, _| {});
    }

    /// Sets lines, a strip a line; the first strip is handed to `mark` to draw what hangs beside it.
    pub(crate) fn set_lines(
        &mut self,
        lines: Vec<Line>,
        words: &Words,
        style: Style,
        setting: Setting,
        mark: impl FnOnce(&mut Self, &mut Strip),
    ) {
        let mut mark = Some(mark);
        let count = lines.len();
        let mut links = BTreeMap::new();
        for (at, line) in lines.into_iter().enumerate() {
            let mut strip = Strip::new(style.leading);
            if let Some(mark) = mark.take() {
                strip.before = setting.before;
                mark(self, &mut strip);
            }
            strip.answer = setting.answer;
            let is_last = at + 1 == count;
            strip.ending = if is_last {
                setting.ending
            } else if setting.is_whole || at == 0 || at + 2 == count {
                Ending::Never
            } else {
                Ending::Free
            };
            self.draw_linked(&mut strip.layer, &line, words, Pen { x: setting.x, top: 0.0, style, node: setting.node }, &mut links);
            self.push(strip);
        }
    }

    /// Draws a line.
    pub(crate) fn draw_line(&mut self, layer: &mut Layer, line: &Line, words: &Words, pen: Pen) {
        self.draw_linked(layer, line, words, pen, &mut BTreeMap::new());
    }

    /// Draws a line of a paragraph whose links may go on from line to line.
    pub(crate) fn draw_linked(
        &mut self,
        layer: &mut Layer,
        line: &Line,
        words: &Words,
        Pen { x, top, style, node }: Pen,
        links: &mut BTreeMap<usize, NodeId>,
    ) {
        let y = top + baseline(style.leading);
        for run in &line.runs {
            let mut owner = node;
            if let Some((link, target, label)) = run.link.and_then(|link| link_of(words, link)) {
                owner = *links.entry(link).or_insert_with(|| self.tags.add(node, Role::Link));
                let right = x + (run.x + run.width).min(line.width.max(run.x));
                let area = Area { left: x + run.x, top, right, foot: top + style.leading };
                layer.behind.push(Shape::rule((area.left, y + 1.6), (right, y + 1.6), Stroke::solid(Ink::Accent, 0.55)));
                join_zone(layer, Zone { node: owner, area, purpose: Purpose::Link(target.clone(), label) });
            }
            layer.text.push(Tagged { node: owner, shape: Shape::Glyphs(run.at((x, y), style.size)) });
        }
    }

    /// A paper panel behind the full measure of a strip.
    pub(crate) fn paper(strip: &mut Strip) {
        let path = super::path::Path::rectangle(SIDE, 0.0, FULL_WIDTH, strip.height);
        strip.layer.behind.insert(0, Shape::filled(path, Ink::Paper));
    }
}

/// Whether no page ends between the two: instructions stand before what they instruct, a field with its lines.
fn belongs_with(block: &Block, next: &Block) -> bool {
    match block {
        Block::Guide(_) => !matches!(next, Block::Guide(_) | Block::Prose(_)),
        Block::Prose(_) | Block::EmptyField(_) => matches!(next, Block::Signature(_) | Block::EmptyField(_) | Block::HandSignature(_)),
        _ => false,
    }
}

/// The link that a piece of words is, with its target and what it says.
fn link_of(words: &Words, at: usize) -> Option<(usize, &Target, String)> {
    match words.0.get(at)? {
        TextRun::Text { link: Some(target), text, .. } => Some((at, target, describe_link(text, target))),
        TextRun::Text { link: None, .. } | TextRun::Break => None,
    }
}

/// A link in words, as a reader hears it.
fn describe_link(label: &str, target: &Target) -> String {
    match target {
        Target::Address(address) if address.trim_start_matches("mailto:") != label.trim() => format!("{} ({address})", label.trim()),
        Target::Address(_) | Target::Anchor(_) => label.trim().to_owned(),
    }
}

/// Adds a zone, as a part of the one before it where the same link goes on in the same line.
fn join_zone(layer: &mut Layer, zone: Zone) {
    if let Some(before) = layer.zones.last_mut()
        && before.node == zone.node
        && before.area.top == zone.area.top
        && before.area.right <= zone.area.left + 4.0
    {
        before.area.right = zone.area.right;
        return;
    }
    layer.zones.push(zone);
}
