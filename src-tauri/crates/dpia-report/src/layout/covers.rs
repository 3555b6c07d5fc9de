//! The front and the back: all text at the main column, the artwork beside it.

use super::compose::{Composer, Pen};
use super::lines::{Line, Style, break_lines};
use super::measure::{MAIN, MAIN_WIDTH, mm};
use super::page::{Ink, Page, Shape, Stroke};
use super::sprig;
use super::strip::Strip;
use super::styles::KEPT_SPACE;
use super::tags::{NodeId, Role, Tags};
use crate::content::tree::{Back, Cover, Words};
use crate::typeface::Family::{Sans, Serif};

/// The widest that a line of the title and the product may be before it goes down a step.
const WIDEST: f32 = mm(115.0);
/// The steps of the title: size and leading.
const TITLE: [(f32, f32); 3] = [(45.0, 50.0), (38.0, 43.0), (32.0, 37.0)];
/// The steps of the product.
const PRODUCT: [(f32, f32); 3] = [(24.0, 30.0), (20.0, 26.0), (17.0, 23.0)];
/// Words of a title that each take a line.
const STACKED_WORDS: usize = 4;
/// Where the small print ends.
const SMALL_PRINT_FOOT: f32 = mm(270.0);

impl Composer<'_> {
    /// Composes the front; `signature_page` is where the signature is.
    pub(crate) fn front(&mut self, cover: &Cover, signature_page: Option<usize>) -> Page {
        self.parent = self.tags.add(Tags::ROOT, Role::Sect);
        let mut strip = Strip::new(0.0);
        strip.layer.behind.extend(sprig::front_sprig());
        self.wordmark(&mut strip.layer, &cover.wordmark, 30.0, (MAIN, mm(26.0)), MAIN_WIDTH);
        let mut y = mm(96.0);
        let heading = self.tags.add(self.parent, Role::Heading(1));
        let title_words: Vec<Words> = stack_title(&cover.title).into_iter().map(Words::plain).collect();
        let style = |(size, leading): (f32, f32)| Style::new(Serif, size, leading, Ink::Accent);
        let style = self.fit(&title_words, TITLE.map(style));
        for words in &title_words {
            for line in &break_lines(self.shaper, words, style, MAIN_WIDTH) {
                self.draw_line(&mut strip.layer, line, words, Pen { x: MAIN, top: y, style, node: heading });
                y += style.leading;
            }
        }
        y += 32.0;
        strip.layer.behind.push(bar(y));
        y += 28.0;
        let product = [Words::plain(cover.product.as_str())];
        let style = |(size, leading): (f32, f32)| Style::new(Sans, size, leading, Ink::Text).semibold();
        let style = self.fit(&product, PRODUCT.map(style));
        let node = self.tags.add(self.parent, Role::Paragraph);
        y = self.set_in(&mut strip, &product[0], style, (MAIN, MAIN_WIDTH), y, node);
        let node = self.tags.add(self.parent, Role::Paragraph);
        self.set_in(&mut strip, &cover.date, Style::new(Sans, 13.0, 18.0, Ink::Muted), (MAIN, MAIN_WIDTH), y + 4.0, node);
        let print = Style::new(Sans, 10.5, 15.0, Ink::Muted);
        let mut notes = vec![(cover.copy.clone(), print.semibold().inked(Ink::Text)), (cover.audience.clone(), print)];
        notes.push((
            match signature_page {
                Some(page) => format!("Certified with a digital signature: see page {page}"),
                None => "Not signed".to_owned(),
            },
            print,
        ));
        self.foot_print(&mut strip, &notes);
        Page { layer: strip.layer, is_cover: true, ..Page::default() }
    }

    /// Composes the back.
    pub(crate) fn back(&mut self, back: &Back) -> Page {
        self.parent = self.tags.add(Tags::ROOT, Role::Sect);
        let mut strip = Strip::new(0.0);
        strip.layer.behind.extend(sprig::back_sprig());
        self.wordmark(&mut strip.layer, &back.wordmark, 38.0, (MAIN, mm(96.0)), MAIN_WIDTH);
        let mut y = mm(119.0);
        y = self.label_in(&mut strip, &back.slogan, Style::new(Serif, 17.5, 26.0, Ink::Accent).slanted(), (MAIN, MAIN_WIDTH), y);
        y += 28.0;
        strip.layer.behind.push(bar(y));
        y += 24.0;
        let style = Style::new(Sans, 12.0, 20.0, Ink::Text);
        if let Some(client) = &back.client {
            let node = self.tags.add(self.parent, Role::Paragraph);
            y = self.set_in(&mut strip, &Words::plain("Client: ").and_bold(client.as_str()), style, (MAIN, MAIN_WIDTH), y, node);
        }
        if !back.site.is_empty() {
            let node = self.tags.add(self.parent, Role::Paragraph);
            let address = if back.site.contains("://") { back.site.clone() } else { format!("https://{}", back.site.to_lowercase()) };
            let words = Words::default().and_link(back.site.as_str(), crate::content::tree::Target::Address(address));
            self.set_in(&mut strip, &words, style, (MAIN, MAIN_WIDTH), y, node);
        }
        self.foot_print(&mut strip, &[(back.copyright.clone(), super::styles::SMALL)]);
        Page { layer: strip.layer, is_cover: true, ..Page::default() }
    }

    /// The largest step at which every line fits the measure; the smallest where none does, which then wraps.
    fn fit(&mut self, lines: &[Words], steps: [Style; 3]) -> Style {
        let widest = |composer: &mut Self, style: Style| {
            lines.iter().map(|words| super::lines::measure_words(composer.shaper, words, style)).fold(0.0, f32::max)
        };
        for style in steps {
            if widest(self, style) <= WIDEST {
                return style;
            }
        }
        steps[2]
    }

    /// Sets paragraphs so that the last line ends at the foot of the cover.
    fn foot_print(&mut self, strip: &mut Strip, notes: &[(String, Style)]) {
        let set: Vec<(Words, Style, Vec<Line>, NodeId)> = notes
            .iter()
            .map(|(text, style)| {
                let words = Words::plain(text.as_str());
                let lines = break_lines(self.shaper, &words, *style, mm(113.0));
                (words, *style, lines, self.tags.add(self.parent, Role::Paragraph))
            })
            .collect();
        let height: f32 = set.iter().map(|(_, style, lines, _)| style.leading * lines.len() as f32).sum();
        let mut y = SMALL_PRINT_FOOT - height;
        for (words, style, lines, node) in &set {
            for line in lines {
                self.draw_line(&mut strip.layer, line, words, Pen { x: MAIN, top: y, style: *style, node: *node });
                y += style.leading;
            }
        }
    }
}

/// The bar between the title and what is assessed.
fn bar(y: f32) -> Shape {
    Shape::rule((MAIN, y), (MAIN + mm(22.0), y), Stroke::solid(Ink::Second, 2.0))
}

/// A short title is one word a line, each but the last with a space that a line keeps: what is heard runs on. A long
/// title runs.
fn stack_title(title: &str) -> Vec<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    match words.split_last() {
        Some((last, rest)) if words.len() <= STACKED_WORDS => {
            rest.iter().map(|word| format!("{word}{KEPT_SPACE}")).chain(std::iter::once((*last).to_owned())).collect()
        }
        _ => vec![title.to_owned()],
    }
}
