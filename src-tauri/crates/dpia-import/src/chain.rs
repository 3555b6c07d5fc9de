//! Which of the places where phrases may be are the form's own: the chain of places that covers most of the form's
//! wording in the form's order. A step back in the order costs, so that a section that was moved is still found, and a
//! stray line that reads like a title is not taken for one.

use crate::matching::Candidate;
use crate::standing::Standing;
use crate::wording::{Instance, Phrases, Role, Wording};
use crate::work::count;
use std::collections::HashMap;

/// What a step back in the order of the form costs, in words.
const STEP_BACK: f64 = 8.0;
/// What it costs that a long prompt appears twice.
const DOUBLED: f64 = 0.5;
/// What it is worth that two phrases follow one another as in the form.
const FOLLOWS: f64 = 0.5;
/// What it is worth that a title is followed by its section.
const LEADS: f64 = 2.0;
/// What it costs that a title shares its line with something else.
const SHARES_LINE: f64 = 3.0;
/// The fewest words of a question that is taken out of the form's order, alone on its line.
const LEAST_MOVED: f64 = 3.9;
/// What it costs that wording is met a second time, away from the first: more than any wording is worth.
const AGAIN: f64 = 1000.0;
/// The most links that are weighed.
const MOST_LINKS: usize = 2500;

/// A phrase of the form at its place in the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Anchor {
    /// The index of the instance.
    pub(crate) instance: usize,
    pub(crate) candidate: Candidate,
    /// The same instance is directly above, or is a title further up.
    pub(crate) is_doubled: bool,
    /// It is a question out of the form's order, without the title of its section above it.
    pub(crate) is_moved: bool,
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
        count(at);
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
        anchors.push(Anchor { instance: links[at].instance, candidate: links[at].candidate.clone(), is_doubled: false, is_moved: false });
        last = best[at].1;
    }
    anchors.reverse();
    let mut anchors = drop_repeated(anchors, wording);
    add_moved(&mut anchors, wording, &links);
    mark_moved(&mut anchors, wording);
    anchors
}

/// Wording that is met a second time is no wording, but where it follows itself directly. Of several the one stays that
/// fits the order of the form best.
fn drop_repeated(anchors: Vec<Anchor>, wording: &Wording<'_>) -> Vec<Anchor> {
    let fits = |at: usize| {
        let instance = anchors[at].instance;
        let above = anchors[..at].iter().rev().map(|anchor| anchor.instance).find(|other| *other != instance);
        let below = anchors[at + 1..].iter().map(|anchor| anchor.instance).find(|other| *other != instance);
        let section = wording.instances[instance].section;
        let is_led = above.is_some_and(|above| wording.instances[above].section == section);
        usize::from(is_led) * 2
            + usize::from(above.is_none_or(|above| above < instance))
            + usize::from(below.is_none_or(|below| below > instance))
    };
    // Where the same wording is further up, with nothing but wording between.
    let first_of = |at: usize| {
        let touches = |at: &usize| anchors[at - 1].candidate.words.end == anchors[*at].candidate.words.start;
        let run = (1..=at).rev().take_while(touches).map(|at| at - 1);
        run.filter(|above| anchors[*above].instance == anchors[at].instance).last()
    };
    let mut best: HashMap<usize, (usize, usize)> = HashMap::new();
    for at in (0..anchors.len()).filter(|at| first_of(*at).is_none()) {
        let fit = fits(at);
        let entry = best.entry(anchors[at].instance).or_insert((fit, at));
        if fit > entry.0 {
            *entry = (fit, at);
        }
    }
    let firsts: Vec<Option<usize>> = (0..anchors.len()).map(first_of).collect();
    let mut is_kept = vec![false; anchors.len()];
    for (at, first) in firsts.iter().enumerate() {
        is_kept[at] = match first {
            Some(first) => is_kept[*first],
            None => best.get(&anchors[at].instance).is_some_and(|(_, place)| *place == at),
        };
    }
    let doubled: Vec<bool> = firsts.iter().map(Option::is_some).collect();
    let kept = anchors.into_iter().zip(doubled).zip(is_kept).filter(|(_, is_kept)| *is_kept);
    kept.map(|((anchor, is_doubled), _)| Anchor { is_doubled, ..anchor }).collect()
}

/// The first words of a question that stand alone on their lines and nowhere else are the question's, also where the order
/// of the form does not lead there.
fn add_moved(anchors: &mut Vec<Anchor>, wording: &Wording<'_>, links: &[Link<'_>]) {
    let mut is_found = vec![false; wording.instances.len()];
    anchors.iter().for_each(|anchor| is_found[anchor.instance] = true);
    let is_open = |link: &&Link<'_>| {
        let candidate = link.candidate;
        wording.instances[link.instance].opens && candidate.is_exact && candidate.standing == Standing::Own && candidate.is_alone
    };
    let mut places: HashMap<usize, Vec<&Link<'_>>> = HashMap::new();
    for link in links.iter().filter(|link| !is_found[link.instance] && link.candidate.weight >= LEAST_MOVED).filter(is_open) {
        places.entry(link.instance).or_default().push(link);
    }
    let mut places: Vec<(usize, Vec<&Link<'_>>)> = places.into_iter().filter(|(_, places)| places.len() == 1).collect();
    places.sort_by_key(|(instance, _)| *instance);
    for (instance, links) in places {
        let candidate = links[0].candidate;
        let at = anchors.partition_point(|anchor| anchor.candidate.words.start < candidate.words.start);
        let is_clear = at.checked_sub(1).is_none_or(|at| anchors[at].candidate.words.end <= candidate.words.start)
            && anchors.get(at).is_none_or(|below| below.candidate.words.start >= candidate.words.end);
        if is_clear {
            anchors.insert(at, Anchor { instance, candidate: candidate.clone(), is_doubled: false, is_moved: true });
        }
    }
}

/// Marks the questions that stand out of the form's order, without the title of their section above them.
fn mark_moved(anchors: &mut [Anchor], wording: &Wording<'_>) {
    let in_order = longest_order(anchors);
    for at in 0..anchors.len() {
        let instance = &wording.instances[anchors[at].instance];
        let is_led = at > 0 && wording.instances[anchors[at - 1].instance].section == instance.section;
        anchors[at].is_moved |= instance.opens && !in_order[at] && !is_led && matches!(instance.role, Role::Question(_));
    }
}

/// Which anchors are in the heaviest row of anchors that keep the order of the form.
fn longest_order(anchors: &[Anchor]) -> Vec<bool> {
    let mut best: Vec<(f64, Option<usize>)> = Vec::with_capacity(anchors.len());
    for (at, anchor) in anchors.iter().enumerate() {
        let above = (0..at).filter(|above| anchors[*above].instance <= anchor.instance).max_by(|a, b| best[*a].0.total_cmp(&best[*b].0));
        best.push((anchor.candidate.weight.max(0.1) + above.map_or(0.0, |above| best[above].0), above));
    }
    let mut in_order = vec![false; anchors.len()];
    let mut next = (0..anchors.len()).max_by(|a, b| best[*a].0.total_cmp(&best[*b].0));
    while let Some(at) = next {
        in_order[at] = true;
        next = best[at].1;
    }
    in_order
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
        weight -= if is_long && touches { DOUBLED } else { AGAIN };
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

/// Says whether a title is above the other phrase in the form.
fn leads(title: &Instance, to: &Instance) -> bool {
    match title.role {
        Role::Title | Role::Part => is_title(to.role),
        Role::Section(section) => to.section == Some(section),
        Role::Text(_) | Role::Question(_) => false,
    }
}
