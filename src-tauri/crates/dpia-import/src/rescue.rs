//! Wording that is so much in other words that only its place tells what it is: a question directly under the title of
//! its section, the first words of a question whose help is there, a title directly above its question.

use crate::chain::Anchor;
use crate::matching::{Candidate, Stream};
use crate::standing::Standing;
use crate::wording::{Instance, Phrases, Role, Wording};
use crate::words::{UNKNOWN, ratio};
use std::ops::Range;

/// The most words of a sentence that is taken for a prompt.
const LONGEST: usize = 60;
/// How much of the wording a title in other words has at least.
const LEAST_SHARED: f64 = 0.5;
/// How much of the wording a prompt in other words has at least, where it does not ask.
const LEAST_ALIKE: f64 = 0.35;

/// Adds the anchors that only their place tells.
pub(crate) fn rescue_anchors(stream: &Stream<'_>, wording: &Wording<'_>, phrases: &Phrases, anchors: Vec<Anchor>) -> Vec<Anchor> {
    let mut found = vec![false; wording.instances.len()];
    anchors.iter().for_each(|anchor| found[anchor.instance] = true);
    let mut added: Vec<Anchor> = Vec::new();
    for (index, above) in anchors.iter().enumerate() {
        let below = anchors.get(index + 1);
        let gap = above.candidate.words.end..below.map_or(stream.words.len(), |below| below.candidate.words.start);
        let next = below.map_or(wording.instances.len(), |below| below.instance);
        if gap.is_empty() || next <= above.instance {
            continue;
        }
        let missing: Vec<usize> = (above.instance + 1..next).filter(|at| !found[*at]).collect();
        let title = missing.iter().copied().rev().find(|at| matches!(wording.instances[*at].role, Role::Section(_)));
        let opening = missing.iter().copied().find(|at| wording.instances[*at].opens);
        let mut rest = gap;
        let section_below = below.and_then(|below| wording.instances[below.instance].section);
        if let Some(at) = title.filter(|at| section_below.is_some() && wording.instances[*at].section == section_below)
            && let Some(words) = title_above(stream, rest.clone(), &phrases.list[wording.instances[at].phrase].numbers)
        {
            rest.end = words.start;
            added.push(rescued(at, &wording.instances[at], words));
        }
        let Some(at) = opening else { continue };
        let instance = &wording.instances[at];
        let numbers = &phrases.list[instance.phrase].numbers;
        let is_under_title =
            wording.instances[above.instance].section == instance.section && title_or_text(&wording.instances[above.instance]);
        let has_help = below.is_some_and(|below| wording.instances[below.instance].role == instance.role);
        if rest.is_empty() {
            continue;
        }
        let words = match (is_under_title, has_help) {
            (true, _) => prompt_below(stream, rest, numbers),
            (false, true) => prompt_above(stream, rest, numbers),
            (false, false) => None,
        };
        added.extend(words.map(|words| rescued(at, instance, words)));
    }
    for (index, above) in anchors.iter().enumerate() {
        let end = anchors.get(index + 1).map_or(stream.words.len(), |below| below.candidate.words.start);
        help_after(stream, wording, phrases, &found, above, end, &mut added);
    }
    let mut all = anchors;
    all.extend(added);
    all.sort_by_key(|anchor| anchor.candidate.words.start);
    all
}

/// Sentences of the help in other words, on the line on which the one before them ends.
fn help_after(
    stream: &Stream<'_>,
    wording: &Wording<'_>,
    phrases: &Phrases,
    found: &[bool],
    above: &Anchor,
    end: usize,
    added: &mut Vec<Anchor>,
) {
    let role = wording.instances[above.instance].role;
    let mut start = above.candidate.words.end;
    for (at, instance) in wording.instances.iter().enumerate().skip(above.instance + 1) {
        let is_taken = added.iter().any(|anchor| anchor.candidate.words.contains(&start));
        let is_question = matches!(role, Role::Question(_)) && instance.role == role && !instance.opens;
        if !is_question || found[at] || is_taken || start >= end || stream.line(start) != stream.line(start - 1) {
            return;
        }
        let line = stream.line(start);
        let limit = (start..end.min(start + LONGEST)).find(|at| stream.line(*at) != line).unwrap_or(end.min(start + LONGEST));
        let Some(last) = (start..limit).find(|at| stream.tail(*at).contains(['.', '?', '!'])) else { return };
        // Where nothing follows, it is the answer.
        if last + 1 >= end || share(stream, start..last + 1, &phrases.list[instance.phrase].numbers) < LEAST_SHARED {
            return;
        }
        added.push(rescued(at, instance, start..last + 1));
        start = last + 1;
    }
}

fn rescued(at: usize, instance: &Instance, words: Range<usize>) -> Anchor {
    let candidate = Candidate {
        phrase: instance.phrase,
        words,
        weight: 0.0,
        is_exact: false,
        ends_line: false,
        is_heading: false,
        standing: Standing::Doubtful,
        is_alone: false,
    };
    Anchor { instance: at, candidate, is_doubled: false, is_moved: false }
}

fn title_or_text(instance: &Instance) -> bool {
    match instance.role {
        Role::Section(_) | Role::Text(_) => true,
        Role::Title | Role::Part | Role::Question(_) => false,
    }
}

/// The last line of the gap, where it looks like a title and shares words with the one that is missing.
fn title_above(stream: &Stream<'_>, gap: Range<usize>, title: &[u32]) -> Option<Range<usize>> {
    let last = gap.end.checked_sub(1)?;
    let line = stream.line(last);
    let start = (gap.start..gap.end).rev().take_while(|at| stream.line(*at) == line).last()?;
    let words = start..gap.end;
    let text = &stream.document.lines[line].text;
    let is_line_alone = stream.document.lines[line].words.len() == words.len() && words.len() <= 10;
    let is_heading = stream.is_heading(start);
    let ends_open = !text.trim_end().ends_with(['.', ';', ',', '?', '!']);
    let is_apart = stream.document.lines[line].after_blank;
    (is_line_alone && (is_heading || ends_open && is_apart && share(stream, words.clone(), title) >= LEAST_SHARED)).then_some(words)
}

/// The sentences at the start of the gap that ask, or that are like the prompt.
fn prompt_below(stream: &Stream<'_>, gap: Range<usize>, prompt: &[u32]) -> Option<Range<usize>> {
    let paragraph = stream.paragraph(gap.start);
    let limit = paragraph.end.min(gap.end).min(gap.start + LONGEST);
    let asks = (gap.start..limit).rev().find(|at| stream.tail(*at).contains('?'));
    if let Some(last) = asks {
        return Some(gap.start..last + 1);
    }
    let end = (gap.start..limit).find(|at| stream.tail(*at).contains(['.', ':'])).map_or(limit, |at| at + 1);
    (share(stream, gap.start..end, prompt) >= LEAST_ALIKE && end < gap.end).then_some(gap.start..end)
}

/// The sentence at the end of the gap, where the help follows it on the same line or paragraph.
fn prompt_above(stream: &Stream<'_>, gap: Range<usize>, prompt: &[u32]) -> Option<Range<usize>> {
    let paragraph = stream.paragraph(gap.end - 1);
    let words = paragraph.start.max(gap.start)..gap.end;
    (words.len() <= LONGEST && share(stream, words.clone(), prompt) >= LEAST_ALIKE).then_some(words)
}

/// How many words both have, in any order, from 0 to 1.
fn share(stream: &Stream<'_>, words: Range<usize>, numbers: &[u32]) -> f64 {
    let mut left: Vec<u32> = numbers.to_vec();
    let length = words.len();
    let mut common = 0;
    for at in words {
        let number = stream.number(at);
        if let Some(place) = left.iter().position(|other| *other == number && number != UNKNOWN) {
            left.swap_remove(place);
            common += 1;
        }
    }
    ratio(2 * common, length + numbers.len())
}
