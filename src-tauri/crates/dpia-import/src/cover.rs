//! The cover: product, date, version and author. What else is there is kept.

use crate::answers::plain_line;
use crate::document::WordUse;
use crate::fields::{is_date_placeholder, read_date, split_label};
use crate::outcome::Outcome;
use crate::place::Fragment;
use crate::prose::read_words;
use crate::words::{normalise_text, split_words};
use dpia_model::assessment::{DocumentDate, LeftOutReason};
use std::collections::BTreeSet;

/// The most words of a title.
const LONGEST_TITLE: usize = 16;
/// The longest name of a product, in bytes.
const LONGEST_NAME: usize = 160;

/// Reads the pieces that stand before any title or question.
pub(crate) fn read_cover(outcome: &mut Outcome<'_>, pieces: &[Fragment]) {
    let form = outcome.wording.form;
    let titles = std::iter::once(&form.title).chain(form.parts.iter().map(|part| &part.title)).map(|title| normalise_text(title));
    let titles: BTreeSet<String> = titles.chain(["dpia".to_owned()]).collect();
    let mut paragraphs = split_paragraphs(outcome, pieces, &titles);
    // The product is under the title; what is above it is asked last.
    let title = paragraphs.iter().position(|paragraph| paragraph.first().is_some_and(|piece| piece.after_wording));
    paragraphs.rotate_left(title.unwrap_or(0));
    for paragraph in paragraphs {
        read_paragraph(outcome, &paragraph, &titles);
    }
}

/// The words of a paragraph; those of a single line with its tabs.
fn text_of(outcome: &Outcome<'_>, paragraph: &[Fragment]) -> String {
    match paragraph {
        [piece] if piece.starts_line => plain_line(outcome, piece),
        pieces => read_words(&outcome.document, pieces),
    }
}

/// Lines that belong together; a line with a label is alone.
fn split_paragraphs(outcome: &Outcome<'_>, pieces: &[Fragment], titles: &BTreeSet<String>) -> Vec<Vec<Fragment>> {
    let mut paragraphs: Vec<Vec<Fragment>> = Vec::new();
    let mut after_label = false;
    for piece in pieces {
        let text = text_of(outcome, std::slice::from_ref(piece));
        let is_label = read_label(&text).is_some() || is_fixed(outcome, piece, titles);
        let starts = piece.after_blank || piece.after_page || piece.after_wording || is_label || after_label;
        match paragraphs.last_mut().filter(|_| !starts) {
            Some(paragraph) => paragraph.push(piece.clone()),
            None => paragraphs.push(vec![piece.clone()]),
        }
        after_label = is_label;
    }
    paragraphs
}

/// A label of the cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Date,
    Version,
    Author,
    Product,
    Client,
}

fn read_label(text: &str) -> Option<(Label, &str)> {
    let (label, value) = match split_label(text) {
        Some((label, value)) => (label, value),
        // "Date 04/07/2025" and "Version 2" need no colon.
        None => text.split_once(' ').filter(|(first, value)| match normalise_text(first).as_str() {
            "date" => read_date(value).is_some() || is_date_placeholder(value),
            "version" => !value.contains(' '),
            _ => false,
        })?,
    };
    let label = match normalise_text(label).as_str() {
        "date" | "date of assessment" | "date of dpia" | "document date" => Label::Date,
        "version" | "version number" | "document version" => Label::Version,
        "author" | "prepared by" | "written by" | "completed by" | "document author" => Label::Author,
        "product" | "product name" | "project" | "project name" | "system" | "name of product" | "name of project" => Label::Product,
        "client" | "client name" => Label::Client,
        _ => return None,
    };
    Some((label, value))
}

/// The title once more.
fn is_fixed(outcome: &Outcome<'_>, piece: &Fragment, titles: &BTreeSet<String>) -> bool {
    !piece.words.is_empty()
        && piece.words.len() <= LONGEST_TITLE
        && titles.contains(&normalise_text(&outcome.document.text_of(piece.words.clone())))
}

fn read_paragraph(outcome: &mut Outcome<'_>, paragraph: &[Fragment], titles: &BTreeSet<String>) {
    let text = text_of(outcome, paragraph);
    if let Some((label, value)) = read_label(&text) {
        if value.is_empty() || is_date_placeholder(value) {
            outcome.leave_out(paragraph, if value.is_empty() { LeftOutReason::Cover } else { LeftOutReason::Placeholder });
            return;
        }
        if read_field(outcome, label, value) {
            settle_label(outcome, paragraph);
            return;
        }
        if label == Label::Client {
            outcome.leave_out(paragraph, LeftOutReason::Cover);
            return;
        }
    }
    if let ([piece], Some((words, name))) = (paragraph, split_title(outcome, paragraph, titles)) {
        outcome.decide(paragraph, WordUse::Answer);
        outcome.document.decide(piece.words.start..piece.words.start + words, WordUse::Wording);
        outcome.details.product = name;
    } else if paragraph.iter().all(|piece| is_fixed(outcome, piece, titles)) {
        outcome.leave_out(paragraph, LeftOutReason::Cover);
    } else if let (Some(read), DocumentDate::Unanswered) = (read_date(&text), &outcome.details.date) {
        outcome.details.date = DocumentDate::Known { date: read.date, has_short_year: read.has_short_year };
        outcome.decide(paragraph, WordUse::Answer);
    } else if outcome.details.product.is_empty() && is_name(&text) {
        outcome.details.product = text.replace('\t', " ");
        outcome.decide(paragraph, WordUse::Answer);
    } else {
        outcome.keep(paragraph, None);
    }
}

/// Says whether a paragraph can be the product's name: it is short and no stamp.
fn is_name(text: &str) -> bool {
    let normal = normalise_text(text);
    let stamps = [
        "draft",
        "final",
        "final draft",
        "confidential",
        "official",
        "official sensitive",
        "internal",
        "internal use only",
        "for internal use",
    ];
    !normal.is_empty() && text.len() <= LONGEST_NAME && !stamps.contains(&normal.as_str())
}

/// `Data Protection Impact Assessment – Product`, `DPIA for Product`: how many words are the title's, and the product.
fn split_title(outcome: &Outcome<'_>, paragraph: &[Fragment], titles: &BTreeSet<String>) -> Option<(usize, String)> {
    let text = read_words(&outcome.document, paragraph);
    if !outcome.details.product.is_empty() || text.len() > LONGEST_NAME {
        return None;
    }
    let words = split_words(&text);
    titles.iter().rev().find_map(|title| {
        let length = title.split(' ').count();
        let last = words.get(length - 1).filter(|_| words.len() > length)?;
        if normalise_text(&text[..last.end]) != *title {
            return None;
        }
        let rest = text[last.end..].trim_start_matches([')', '*']).trim_start();
        let name = match rest.strip_prefix([':', '-', '–', '—', '|']) {
            Some(name) => name,
            None => rest.strip_prefix("for ").or_else(|| rest.strip_prefix("of "))?,
        };
        let taken = words.len() - split_words(name).len();
        (!name.trim().is_empty()).then(|| (taken, name.trim().to_owned()))
    })
}

/// Sets a detail. Says whether it was still free.
fn read_field(outcome: &mut Outcome<'_>, label: Label, value: &str) -> bool {
    let details = &mut outcome.details;
    let text = match label {
        Label::Date => {
            let is_free = details.date == DocumentDate::Unanswered;
            if is_free {
                details.date = match read_date(value) {
                    Some(read) => DocumentDate::Known { date: read.date, has_short_year: read.has_short_year },
                    None => DocumentDate::Unknown { as_written: value.to_owned() },
                };
            }
            return is_free;
        }
        Label::Version => &mut details.version,
        Label::Author => &mut details.author,
        Label::Product => {
            let is_free = details.product.is_empty();
            if is_free {
                details.product = value.to_owned();
            }
            return is_free;
        }
        Label::Client => return false,
    };
    let is_free = text.is_none();
    text.get_or_insert_with(|| value.to_owned());
    is_free
}

/// The words of a label are the form's, those of the value the answer's.
fn settle_label(outcome: &mut Outcome<'_>, paragraph: &[Fragment]) {
    outcome.decide(paragraph, WordUse::Answer);
    for piece in paragraph.iter().take(1) {
        let line = &outcome.document.lines[piece.line];
        let end = line.text[piece.bytes.clone()].find([':', '\t']).map(|at| piece.bytes.start + at);
        let label = piece.words.clone().filter(|at| match end {
            Some(end) => outcome.document.words[*at].end <= end,
            None => *at == piece.words.start,
        });
        let label: Vec<usize> = label.collect();
        label.into_iter().for_each(|at| outcome.document.decide(at..at + 1, WordUse::Wording));
    }
}
