//! Where everything stands: the content tree becomes pages of placed shapes and a tree of tags.
//!
//! The page numbers of the contents are found as a fixed point: the contents are composed again until the numbers
//! they print are those of the pages they stand before.

mod answers;
pub(crate) mod breaks;
mod compose;
mod contents;
mod covers;
mod flow;
mod furniture;
pub(crate) mod lines;
mod maps;
pub(crate) mod measure;
pub(crate) mod page;
mod panels;
pub(crate) mod path;
mod signatures;
mod sprig;
mod strip;
mod styles;
mod tables;
pub(crate) mod tags;
mod ticks;

#[cfg(test)]
mod tests;

pub(crate) use compose::Pixels;

use crate::content::tree::{Book, Place};
use crate::typeface::shape::Shaper;
use compose::Composer;
use flow::{Filled, fill_pages};
use page::Page;
use std::collections::BTreeMap;
use tags::Tags;

/// Tries to make the contents agree with the pages; the second agrees unless the contents themselves grow.
const MOST_ROUNDS: usize = 5;

/// A report laid out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    /// The pages, covers included.
    pub(crate) pages: Vec<Page>,
    /// The structure.
    pub(crate) tags: Tags,
    /// Where each place lies: page (counted from 0) and how far down.
    pub(crate) places: BTreeMap<Place, (usize, f32)>,
    /// The bookmarks.
    pub(crate) bookmarks: Vec<Bookmark>,
}

/// A line of the outline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bookmark {
    /// Its words.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) place: Place,
    /// What lies under it.
    pub(crate) children: Vec<Bookmark>,
}

/// Lays a report out.
pub(crate) fn lay_out(book: &Book, shaper: &mut Shaper, pictures: &[Pixels]) -> Layout {
    let mut contents_pages = 1;
    let mut numbers: BTreeMap<Place, usize> = BTreeMap::new();
    let mut round = 0;
    loop {
        round += 1;
        let mut tags = Tags::new();
        let signature = book.cover.signature.as_ref().and_then(|place| numbers.get(place).copied());
        let mut composer = Composer::new(shaper, &mut tags, pictures);
        let front = composer.front(&book.cover, signature.or(book.cover.signature.as_ref().map(|_| 0)));
        composer.contents(&book.parts, &|place| numbers.get(place).copied().unwrap_or(0));
        composer.about(&book.about);
        let contents = fill_pages(std::mem::take(&mut composer.flow));
        for part in &book.parts {
            composer.part(part);
        }
        let flow = std::mem::take(&mut composer.flow);
        let sections = flow.sections.clone();
        let body = fill_pages(flow);
        let back = composer.back(&book.back);
        let found = places_of(&contents, &body);
        let found_numbers: BTreeMap<Place, usize> = found.iter().map(|(place, (page, _))| (place.clone(), page + 1)).collect();
        let agrees = found_numbers == numbers && contents.len() == contents_pages;
        if agrees || round == MOST_ROUNDS {
            let mut pages = vec![front];
            let total = contents.len() + body.len() + 2;
            for (at, filled) in contents.into_iter().chain(body).enumerate() {
                let continued = filled.continues.and_then(|section| sections.get(section));
                let mut page = filled.page;
                furniture::furnish(shaper, &mut page, &book.running, continued.map(String::as_str), at + 2, total);
                pages.push(page);
            }
            pages.push(back);
            return Layout { pages, tags, places: found, bookmarks: bookmarks(book) };
        }
        contents_pages = contents.len();
        numbers = found_numbers;
    }
}

fn places_of(contents: &[Filled], body: &[Filled]) -> BTreeMap<Place, (usize, f32)> {
    let pages = contents.iter().chain(body).enumerate();
    pages.flat_map(|(at, filled)| filled.page.layer.places.iter().map(move |(place, y)| (place.clone(), (at + 1, *y)))).collect()
}

fn bookmarks(book: &Book) -> Vec<Bookmark> {
    book.parts
        .iter()
        .map(|part| Bookmark {
            title: part.title.clone(),
            place: part.place.clone(),
            children: part
                .sections
                .iter()
                .map(|section| Bookmark { title: section.title.clone(), place: section.place.clone(), children: Vec::new() })
                .collect(),
        })
        .collect()
}
