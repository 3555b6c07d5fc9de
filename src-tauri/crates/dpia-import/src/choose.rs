//! Which edition a document is on: it is read on every one, and the one whose wording it matches best is taken.

use crate::answers::read_answers;
use crate::chain::chain_anchors;
use crate::differences::name_differences;
use crate::document::{Document, WordUse};
use crate::error::ImportError;
use crate::furniture::{Surroundings, leave_out_furniture};
use crate::matching::{Candidate, Stream, find_candidates};
use crate::outcome::Outcome;
use crate::place::cut_document;
use crate::report::EditionScore;
use crate::rescue::rescue_anchors;
use crate::wording::{Phrases, Wording};
use crate::words::{Vocabulary, ratio};
use dpia_model::Brand;
use dpia_model::assessment::Details;
use dpia_model::id::EditionId;
use dpia_model::template::Form;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many questions have to be found, or one in ten if that is more.
const LEAST_QUESTIONS: usize = 3;
/// How many words of the form have to stand in a document to the letter, in sentences that tell: another form may share a few
/// short questions.
const LEAST_WORDS: usize = 60;
/// The fewest words of a sentence that tells a form from other texts.
const TELLING: usize = 4;

/// A document read on the edition it is on, and how well every edition matches.
pub(crate) struct Chosen<'f> {
    pub(crate) outcome: Outcome<'f>,
    pub(crate) scores: Vec<EditionScore>,
    /// How many of the edition's questions were found, and how many it asks.
    pub(crate) questions_found: usize,
    pub(crate) questions_asked: usize,
}

/// Reads a document on the edition that was asked for, or else on the one that matches it best.
pub(crate) fn choose_edition<'f>(
    name: &str,
    text: &str,
    forms: &'f [Form],
    asked: Option<&EditionId>,
    brand: &Brand,
) -> Result<Chosen<'f>, ImportError> {
    let mut vocabulary = Vocabulary::default();
    let mut phrases = Phrases::default();
    let wordings: Vec<Wording<'f>> = forms.iter().map(|form| Wording::new(form, &mut phrases, &mut vocabulary)).collect();
    let titles = phrases.list.iter().filter(|phrase| phrase.is_title).map(|phrase| phrase.numbers.clone()).collect();
    let surroundings = Surroundings::new(brand, titles, &mut vocabulary);
    let mut document = Document::read(text, &vocabulary);
    let year = leave_out_furniture(&mut document, &surroundings);
    let stream = Stream::new(&document);
    let candidates = find_candidates(&stream, &phrases);
    let mut best: Option<(f64, Outcome<'f>)> = None;
    let mut scores = Vec::new();
    let details = Details { copyright_year: year.filter(|year| *year > 0), ..Details::default() };
    for wording in wordings {
        let edition = wording.form.edition.clone();
        let outcome = read_on(wording, &phrases, &stream, &candidates, details.clone());
        let score = score_outcome(&outcome, &phrases, &candidates, &stream.words);
        let is_wanted = asked.is_none_or(|asked| *asked == edition);
        // Of two that match alike, the later edition is taken.
        if is_wanted && best.as_ref().is_none_or(|(highest, _)| score >= *highest) {
            best = Some((score, outcome));
        }
        scores.push(EditionScore { edition, score });
    }
    scores.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (_, outcome) = best.ok_or_else(|| ImportError::NoEdition { name: name.to_owned() })?;
    let (questions_found, questions_asked) = count_questions(&outcome, &phrases, false);
    // Other forms ask alike: only questions to the letter tell that it is this one.
    let (to_the_letter, _) = count_questions(&outcome, &phrases, true);
    if to_the_letter < LEAST_QUESTIONS.max(questions_asked / 10) || count_words(&outcome, &phrases) < LEAST_WORDS {
        let nearest = outcome.wording.form.edition.clone();
        return Err(ImportError::NotAnAssessment { name: name.to_owned(), nearest, questions_found: to_the_letter, questions_asked });
    }
    Ok(Chosen { outcome, scores, questions_found, questions_asked })
}

/// Reads a document on one edition.
fn read_on<'f>(wording: Wording<'f>, phrases: &Phrases, stream: &Stream<'_>, candidates: &[Candidate], details: Details) -> Outcome<'f> {
    let anchors = chain_anchors(&wording, phrases, candidates);
    let anchors = rescue_anchors(stream, &wording, phrases, anchors);
    let mut document = stream.document.clone();
    let layout = cut_document(&mut document, &anchors, &stream.words, &wording, phrases);
    let mut outcome = Outcome {
        wording: Rc::new(wording),
        document,
        layout,
        details,
        contents: BTreeMap::new(),
        kept: Vec::new(),
        differs: Vec::new(),
        strange_words: 0,
    };
    name_differences(&mut outcome, phrases);
    read_answers(&mut outcome);
    outcome
}

/// How many of the edition's questions were found by a sentence that tells, to the letter on wish, and how many it asks.
fn count_questions(outcome: &Outcome<'_>, phrases: &Phrases, to_the_letter: bool) -> (usize, usize) {
    let own = outcome.wording.questions.iter().filter(|asked| !asked.is_internal);
    let tells = |instance: usize| {
        let length = phrases.list[outcome.wording.instances[instance].phrase].numbers.len();
        length > TELLING && outcome.layout.found[instance].is_some() && !(to_the_letter && outcome.layout.changed.contains(&instance))
    };
    let found = own.clone().filter(|asked| asked.instances.clone().any(tells)).count();
    (found, own.count())
}

/// How many words of the edition's own sentences that tell were found to the letter.
fn count_words(outcome: &Outcome<'_>, phrases: &Phrases) -> usize {
    let layout = &outcome.layout;
    let own = outcome
        .wording
        .instances
        .iter()
        .enumerate()
        .filter(|(at, instance)| !instance.is_internal && layout.found[*at].is_some() && !layout.changed.contains(at));
    own.map(|(_, instance)| phrases.list[instance.phrase].numbers.len()).filter(|length| *length > TELLING).sum()
}

/// From 0 to 1: the words that are the edition's to the letter, against all that it has and all that the document has
/// of any form's wording.
fn score_outcome(outcome: &Outcome<'_>, phrases: &Phrases, candidates: &[Candidate], words: &[usize]) -> f64 {
    let word_uses = &outcome.document.word_uses;
    let count = |wanted: WordUse| word_uses.iter().filter(|word_use| **word_use == wanted).count();
    // What a pack adds is no edition's own.
    let internal = (0..outcome.layout.found.len()).filter(|at| outcome.layout.found[*at].is_some()).map(|at| outcome.wording.instances[at]);
    let internal: usize = internal.filter(|i| i.is_internal).map(|i| phrases.list[i.phrase].numbers.len()).sum();
    let matched = count(WordUse::Wording).saturating_sub(internal);
    let (mut foreign, mut end, mut misspelled) = (0, 0, 0.0);
    for candidate in candidates.iter().filter(|candidate| candidate.is_exact) {
        let length = phrases.list[candidate.phrase].numbers.len();
        let place = &words[candidate.words.clone()];
        let is_foreign = place.iter().all(|at| matches!(word_uses[*at], WordUse::Answer | WordUse::Unplaced | WordUse::Open));
        if length > TELLING && is_foreign && candidate.words.start >= end {
            foreign += length;
            end = candidate.words.end;
        } else if place.iter().all(|at| word_uses[*at] == WordUse::Wording) {
            misspelled += ratio(length, 1) - candidate.weight;
        }
    }
    let differing = count(WordUse::Difference) + outcome.strange_words + foreign;
    (ratio(2 * matched, outcome.wording.weight + matched + differing) - misspelled * 0.001).clamp(0.0, 1.0)
}

/// The words that were wording of the form.
pub(crate) fn wording_words(outcome: &Outcome<'_>) -> Vec<String> {
    let document = &outcome.document;
    (0..document.words.len()).filter(|at| document.word_uses[*at] == WordUse::Wording).map(|at| document.word(at).to_owned()).collect()
}
