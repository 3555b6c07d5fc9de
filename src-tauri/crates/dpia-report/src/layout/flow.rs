//! Strips into pages. A page ends where it may: after a strip that ends it gladly, and otherwise after the one that
//! minds least. Nothing is cut and nothing overlaps.

use super::measure::{ANSWER_RULE, FOOT, RIGHT, SIDE, TOP};
use super::page::{Ink, Page, Shape};
use super::strip::{Ending, Flow, Strip};

/// Ending a page before this share of it is filled is worse than parting what belongs together.
const NEARLY_EMPTY: f32 = 0.35;
/// A part whose last page would be filled less than this is set with closer gaps, if that saves the page.
const HARDLY_BEGUN: f32 = 0.4;
/// The gaps of such a part, in shares of what they were: the widest that saves the page is taken.
const CLOSER: [f32; 3] = [0.9, 0.8, 0.7];
/// Rounding must not push a strip that fits to the next page.
const SLACK: f32 = 0.05;
/// The answer rule begins this far under the top of the first line.
const RULE_HEAD: f32 = 3.0;
/// The answer rule ends this far from the foot of the last line.
const RULE_FOOT: f32 = -2.2;

/// A filled page, with the section that it goes on with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filled {
    /// The page.
    pub(crate) page: Page,
    /// The section that began on an earlier page.
    pub(crate) continues: Option<usize>,
}

/// Fills pages with strips.
pub(crate) fn fill_pages(mut flow: Flow) -> Vec<Filled> {
    save_last_pages(&mut flow);
    let mut pages = Vec::new();
    let mut start = 0;
    while start < flow.strips.len() {
        let (tops, cut) = place_strips(&flow, start);
        pages.push(build_page(&mut flow, start, cut, &tops));
        start = cut;
    }
    pages
}

/// Moves the strips of a part closer together where its last page would be hardly begun.
fn save_last_pages(flow: &mut Flow) {
    let starts = (1..flow.strips.len()).filter(|at| flow.strips[*at].starts_page);
    let ends: Vec<usize> = starts.chain([flow.strips.len()]).collect();
    let mut start = 0;
    for end in ends {
        let (pages, filled) = measure_part(flow, start, end);
        if pages > 1 && filled < HARDLY_BEGUN {
            let wide: Vec<_> = flow.strips[start..end].iter().map(|strip| (strip.before, strip.opening)).collect();
            let is_saved = CLOSER.iter().any(|share| {
                for (strip, (before, opening)) in flow.strips[start..end].iter_mut().zip(&wide) {
                    strip.before = before * share;
                    strip.opening = opening.map(|(above, ink)| (above * share, ink));
                }
                measure_part(flow, start, end).0 < pages
            });
            if !is_saved {
                for (strip, (before, opening)) in flow.strips[start..end].iter_mut().zip(wide) {
                    (strip.before, strip.opening) = (before, opening);
                }
            }
        }
        start = end;
    }
}

/// How many pages the strips from `start` to `end` take, and what share of the last they fill.
fn measure_part(flow: &Flow, mut start: usize, end: usize) -> (usize, f32) {
    let (mut pages, mut filled) = (0, 1.0);
    while start < end {
        let (_, cut) = place_strips(flow, start);
        let on_page = &flow.strips[start..cut];
        filled = on_page.iter().map(|strip| strip.before + strip.height).sum::<f32>() / (FOOT - TOP);
        (pages, start) = (pages + 1, cut);
    }
    (pages, filled)
}

/// Where the strips of the page that begins with `start` stand, and which one begins the next page.
fn place_strips(flow: &Flow, start: usize) -> (Vec<f32>, usize) {
    let strips = &flow.strips;
    let mut tops = Vec::new();
    let mut y = TOP + repeated_head(flow, start).map_or(0.0, |table| flow.tables[table].height);
    let mut side_foot = 0.0_f32;
    for (at, strip) in strips.iter().enumerate().skip(start) {
        let is_head = at == start;
        if strip.starts_page && !is_head {
            return (tops, at);
        }
        let before = if is_head { 0.0 } else { strip.before };
        let mut top = y + before;
        if strip.clears_side || strip.opening.is_some() {
            top = top.max(side_foot + before);
        }
        if strip.sinks {
            top = top.max(FOOT - strip.height);
        }
        let foot = top + strip.height.max(strip.side);
        if foot > FOOT + SLACK && !is_head {
            let cut = choose_cut(strips, start, at, &tops);
            return (tops, cut);
        }
        tops.push(top);
        y = top + strip.height;
        if strip.side > 0.0 {
            side_foot = top + strip.side;
        }
    }
    (tops, strips.len())
}

/// The best strip to begin the next page with, when the one at `overflow` does not fit.
fn choose_cut(strips: &[Strip], start: usize, overflow: usize, tops: &[f32]) -> usize {
    let filled = |cut: usize| {
        let last = cut - 1;
        (tops[last - start] + strips[last].height - TOP) / (FOOT - TOP)
    };
    let last_with = |worst: Ending| (start + 1..=overflow).rev().find(|cut| strips[cut - 1].ending <= worst);
    let gladly = last_with(Ending::Free);
    let reluctantly = last_with(Ending::Reluctant);
    match (gladly, reluctantly) {
        (Some(cut), Some(better)) if filled(cut) < NEARLY_EMPTY && filled(better) > filled(cut) => better,
        (Some(cut), _) => cut,
        (None, Some(cut)) => cut,
        (None, None) => overflow,
    }
}

/// The table whose head the page that begins with `start` repeats.
fn repeated_head(flow: &Flow, start: usize) -> Option<usize> {
    let before = start.checked_sub(1)?;
    flow.strips[start].table.filter(|table| flow.strips[before].table == Some(*table))
}

fn build_page(flow: &mut Flow, start: usize, cut: usize, tops: &[f32]) -> Filled {
    let mut page = Page::default();
    if let Some(table) = repeated_head(flow, start) {
        page.layer.add(flow.tables[table].layer.clone(), TOP);
    }
    for at in start..cut {
        let (strip, top) = (&mut flow.strips[at], tops[at - start]);
        if let Some((above, ink)) = strip.opening
            && at > start
        {
            page.layer.behind.push(Shape::across(SIDE, RIGHT, top - above, ink, 0.5));
        }
        page.layer.add(std::mem::take(&mut strip.layer), top);
    }
    let strips = &flow.strips;
    draw_answer_rules(&mut page, strips, start, cut, tops);
    let is_parted = cut < strips.len() && strips[cut].table.is_some() && strips[cut].table == strips[cut - 1].table;
    if is_parted {
        let foot = tops[cut - 1 - start] + strips[cut - 1].height;
        page.layer.behind.push(Shape::across(SIDE, RIGHT, foot, Ink::Rule, 0.5));
    }
    let continues =
        start.checked_sub(1).and_then(|before| strips[start].section.filter(|section| strips[before].section == Some(*section)));
    Filled { page, continues: continues.filter(|_| !strips[start].starts_page) }
}

/// A rule beside each answer, from its first line on the page to its last.
fn draw_answer_rules(page: &mut Page, strips: &[Strip], start: usize, cut: usize, tops: &[f32]) {
    let mut at = start;
    while at < cut {
        let Some(answer) = strips[at].answer else {
            at += 1;
            continue;
        };
        let mut last = at;
        while last + 1 < cut && strips[last + 1].answer == Some(answer) {
            last += 1;
        }
        let head = tops[at - start] + RULE_HEAD;
        let foot = tops[last - start] + strips[last].height + RULE_FOOT;
        let stroke = super::page::Stroke::solid(Ink::Accent, 1.4);
        page.layer.behind.push(Shape::rule((ANSWER_RULE, head), (ANSWER_RULE, foot), stroke));
        at = last + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::measure::BODY;

    /// One strip a letter: `.` may end a page, `~` would rather not, `!` must not; each is a sixth of a page high.
    fn flow_of(pattern: &str) -> Flow {
        let strips = pattern
            .chars()
            .map(|c| Strip {
                ending: match c {
                    '~' => Ending::Reluctant,
                    '!' => Ending::Never,
                    _ => Ending::Free,
                },
                starts_page: c == '|',
                ..Strip::new(BODY / 6.0)
            })
            .collect();
        Flow { strips, ..Flow::default() }
    }

    fn cuts(flow: &Flow) -> Vec<usize> {
        let mut cuts = Vec::new();
        let mut start = 0;
        while start < flow.strips.len() {
            let (tops, cut) = place_strips(flow, start);
            assert!(tops.iter().zip(&flow.strips[start..]).all(|(top, strip)| top + strip.height <= FOOT + SLACK || tops.len() == 1));
            cuts.push(cut - start);
            start = cut;
        }
        cuts
    }

    #[test]
    fn a_page_ends_after_the_last_strip_that_allows_it() {
        let check = |pattern: &str, expected: &[usize]| assert_eq!(cuts(&flow_of(pattern)), expected, "{pattern}");
        check("......", &[6]);
        check(".......", &[6, 1]);
        check(".....!.", &[5, 2]);
        check("....!!!.", &[4, 4]);
        check("...|..", &[3, 3]);
    }

    #[test]
    fn a_page_is_not_left_nearly_empty_for_the_sake_of_keeping_together() {
        let check = |pattern: &str, expected: &[usize]| assert_eq!(cuts(&flow_of(pattern)), expected, "{pattern}");
        check(".~~~~~~.", &[6, 2]);
        check("..~~~~~.", &[6, 2]);
        check("...~~~~.", &[3, 5]);
    }

    #[test]
    fn what_no_page_can_hold_is_parted_where_it_has_to_be() {
        let check = |pattern: &str, expected: &[usize]| assert_eq!(cuts(&flow_of(pattern)), expected, "{pattern}");
        check("!!!!!!!!", &[6, 2]);
    }

    #[test]
    fn a_part_is_set_closer_where_that_saves_a_page_that_is_hardly_begun() {
        let check = |before: f32, expected: &[usize]| {
            let mut flow = flow_of("......|.....");
            flow.strips.iter_mut().for_each(|strip| strip.before = before);
            // The first part has gaps to give, and the second has not enough.
            flow.strips[..6].iter_mut().for_each(|strip| strip.height = BODY / 6.5);
            save_last_pages(&mut flow);
            assert_eq!(cuts(&flow), expected, "{before}");
            assert!(flow.strips[6..].iter().all(|strip| strip.before == before), "{before}");
        };
        let room = (BODY - 6.0 * BODY / 6.5) / 5.0;
        check(room, &[6, 5, 1]);
        check(room * 1.3, &[6, 5, 1]);
        check(room * 1.5, &[5, 1, 5, 1]);
    }

    #[test]
    fn a_table_repeats_its_head_on_the_next_page() {
        let mut flow = flow_of(".......");
        flow.strips.iter_mut().for_each(|strip| strip.table = Some(0));
        let mut layer = crate::layout::page::Layer::default();
        layer.behind.push(Shape::across(SIDE, RIGHT, 7.0, Ink::Accent, 1.1));
        flow.tables.push(crate::layout::strip::RepeatedHead { height: 30.0, layer });
        let pages = fill_pages(flow);
        let heads = |page: &Filled| {
            page.page.layer.behind.iter().filter(|shape| **shape == Shape::across(SIDE, RIGHT, TOP + 7.0, Ink::Accent, 1.1)).count()
        };
        assert_eq!(pages.iter().map(heads).collect::<Vec<_>>(), [0, 1]);
    }
}
