//! Which of the places where phrases may stand are the form's own: the chain of places that covers most of the form's
//! wording in the form's order. A step back in the order costs, so that a section that was moved is still found, and a
//! stray line that reads like a title is not taken for one.

use crate::matching::Candidate;
use crate::wording::{Instance, Phrases, Role, Wording};
use std::collections::HashMap;

/// What a step back in the order of the form costs, in words.
const STEP_BACK: f64 = 8.0;
/// What it costs that a long prompt stands twice.
const DOUBLED: f64 = 0.5;
/// What it is worth that two phrases follow one another as in the form.
const FOLLOWS: f64 = 0.5;
/// What it is worth that a title is followed by its section.
const LEADS: f64 = 2.0;
/// What it costs that a title shares its line with something else.
const SHARES_LINE: f64 = 3.0;
/// The most links that are weighed.
const MOST_LINKS: usize = 2500;

/// A phrase of the form at its place in the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Anchor {
    /// The index of the instance.
    pub(crate) instance: usize,
    pub(crate) candidate: Candidate,
    /// The same instance stands further up.
    pub(crate) is_doubled: bool,
}

struct Link<'c> {
    instance: usize,
    candidate: &'c Candidate,
}

/// The best chain, in the order of the document.
pub(crate) fn chain_anchors(wording: &Wording<'_>, phrases: &Phrases, candidates: &[Candidate]) -> Vec<Anchor> {
    let mut by_phrase: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, instance) in wording.instances.iter().enumerate() {
        by_phrase.entry(instance.phrase).or_default().push(index);
    }
    let mut links: Vec<Link<'_>> = Vec::new();
    for candidate in candidates {
        for &instance in by_phrase.get(&candidate.phrase).map_or(&[][..], Vec::as_slice) {
            links.push(Link { instance, candidate });
        }
    }
    if links.len() > MOST_LINKS {
        // The heaviest stay: a hostile repetition of short titles must not cost time.
        links.sort_by(|a, b| b.candidate.weight.total_cmp(&a.candidate.weight));
        links.truncate(MOST_LINKS);
    }
    links.sort_by_key(|link| (link.candidate.words.start, link.candidate.words.end, link.instance));
    let mut best: Vec<(f64, Option<usize>)> = Vec::with_capacity(links.len());
    for (at, link) in links.iter().enumerate() {
        let mut top = (own_weight(wording, link), None);
        for (before, earlier) in
            links[..at].iter().enumerate().filter(|(_, earlier)| earlier.candidate.words.end <= link.candidate.words.start)
        {
            let weight = best[before].0 + step_weight(wording, phrases, earlier, link) + own_weight(wording, link);
            if weight > top.0 {
                top = (weight, Some(before));
            }
        }
        best.push(top);
    }
    let mut last = (0..links.len()).max_by(|a, b| best[*a].0.total_cmp(&best[*b].0)).filter(|at| best[*at].0 > 0.0);
    let mut anchors = Vec::new();
    while let Some(at) = last {
        anchors.push(Anchor { instance: links[at].instance, candidate: links[at].candidate.clone(), is_doubled: false });
        last = best[at].1;
    }
    anchors.reverse();
    mark_doubled(&mut anchors, wording.instances.len());
    anchors
}

fn mark_doubled(anchors: &mut [Anchor], instances: usize) {
    let mut seen = vec![false; instances];
    for anchor in anchors {
        anchor.is_doubled = std::mem::replace(&mut seen[anchor.instance], true);
    }
}

fn is_title(role: Role) -> bool {
    match role {
        Role::Title | Role::Part | Role::Section(_) => true,
        Role::Text(_) | Role::Question(_) => false,
    }
}

fn own_weight(wording: &Wording<'_>, link: &Link<'_>) -> f64 {
    let instance = &wording.instances[link.instance];
    match is_title(instance.role) {
        // A title is worth little by itself: it may be any line of the text.
        true => {
            let heading = if link.candidate.is_heading { 1.0 } else { 0.0 };
            let shared = if link.candidate.ends_line { 0.0 } else { SHARES_LINE };
            link.candidate.weight.min(2.0) * 0.75 + heading - shared
        }
        false => link.candidate.weight,
    }
}

fn step_weight(wording: &Wording<'_>, phrases: &Phrases, earlier: &Link<'_>, later: &Link<'_>) -> f64 {
    let (from, to) = (&wording.instances[earlier.instance], &wording.instances[later.instance]);
    let touches = earlier.candidate.words.end == later.candidate.words.start;
    let mut weight = 0.0;
    if later.instance < earlier.instance {
        weight -= STEP_BACK;
    } else if later.instance == earlier.instance {
        let is_long = phrases.list[to.phrase].numbers.len() >= 5 && !is_title(to.role);
        weight -= if is_long { DOUBLED } else { STEP_BACK };
    } else if touches {
        if later.instance == earlier.instance + 1 {
            weight += FOLLOWS;
        }
        if leads(from, to) {
            weight += LEADS;
            if !earlier.candidate.ends_line {
                weight += SHARES_LINE;
            }
        }
    }
    weight
}

/// Says whether a title stands above the other phrase in the form.
fn leads(title: &Instance, to: &Instance) -> bool {
    match title.role {
        Role::Title | Role::Part => is_title(to.role),
        Role::Section(section) => to.section == Some(section),
        Role::Text(_) | Role::Question(_) => false,
    }
}
