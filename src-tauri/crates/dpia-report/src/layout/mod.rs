//! Where everything is: the content tree becomes pages of placed shapes and a tree of tags.
//!
//! The page numbers of the contents are found as a fixed point: the contents are composed again until the numbers
//! they print are those of the pages they stand before.

mod answers;
pub(crate) mod breaks;
pub(crate) mod compose;
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
mod word;
mod wordmark;

pub(crate) use compose::Pixels;
pub(crate) use signatures::Countersigned;

use crate::content::tree::{Anchor, Book, Part, Running};
use crate::typeface::shape::{Characters, Shaper};
use compose::Composer;
use dpia_model::Typeface;
use flow::{Filled, fill_pages};
use furniture::Furniture;
use page::Page;
use std::collections::BTreeMap;
use tags::Tags;

/// Rounds of making the contents agree with their own length; the second agrees unless they grow with their numbers.
const MOST_ROUNDS: usize = 5;

/// A report laid out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    /// The pages, covers included.
    pub(crate) pages: Vec<Page>,
    /// The structure.
    pub(crate) tags: Tags,
    /// Where each place lies: page (counted from 0) and how far down.
    pub(crate) places: BTreeMap<Anchor, (usize, f32)>,
    /// The bookmarks.
    pub(crate) bookmarks: Vec<Bookmark>,
}

impl Layout {
    /// A page that holds one zone and nothing else.
    pub(crate) fn of_zone(zone: page::Zone, tags: Tags) -> Self {
        let mut page = Page::default();
        page.layer.zones.push(zone);
        Self { pages: vec![page], tags, places: BTreeMap::new(), bookmarks: Vec::new() }
    }
}

/// A line of the outline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bookmark {
    /// Its words.
    pub(crate) title: String,
    /// Where it leads.
    pub(crate) place: Anchor,
    /// What is under it.
    pub(crate) children: Vec<Bookmark>,
}

/// The body of a report: its parts on pages, without what runs over and under them.
pub(crate) struct Body {
    parts: Vec<Part>,
    typeface: Typeface,
    pictures: Vec<Pixels>,
    pages: Vec<Filled>,
    /// The titles of the sections.
    sections: Vec<String>,
    tags: Tags,
    /// What its glyphs stand for.
    characters: Characters,
}

impl Body {
    /// Lays the parts out; where they are those of the body that is kept, it is that body.
    fn of(parts: &[Part], shaper: &mut Shaper, pictures: &[Pixels], kept: Option<Body>) -> Self {
        if let Some(body) = kept
            && body.parts == parts
            && body.typeface == shaper.typeface()
            && body.pictures == pictures
        {
            shaper.recall(&body.characters);
            return body;
        }
        let mut tags = Tags::new();
        let mut composer = Composer::new(shaper, &mut tags, pictures);
        parts.iter().for_each(|part| composer.part(part));
        let flow = std::mem::take(&mut composer.flow);
        let sections = flow.sections.clone();
        let pages = fill_pages(flow);
        Self {
            parts: parts.to_vec(),
            typeface: shaper.typeface(),
            pictures: pictures.to_vec(),
            pages,
            sections,
            tags,
            characters: shaper.remember(),
        }
    }
}

/// Lays a report out. The body is kept for the next one.
pub(crate) fn lay_out(book: &Book, shaper: &mut Shaper, pictures: &[Pixels], kept: &mut Option<Body>) -> Layout {
    let before = kept.take();
    let body = kept.insert(Body::of(&book.parts, shaper, pictures, before));
    let (mut tags, body, sections) = (body.tags.clone(), body.pages.clone(), &body.sections);
    let mut composer = Composer::new(shaper, &mut tags, pictures);
    let in_body = places_of(&body);
    let mut contents_pages = 1;
    let mut round = 0;
    loop {
        round += 1;
        // Before the body stand the cover and the contents; people count pages from 1.
        let page_of = |place: &Anchor| in_body.get(place).map_or(0, |(page, _)| page + contents_pages + 2);
        composer.contents(&book.parts, &page_of);
        composer.about(&book.about);
        let contents = fill_pages(std::mem::take(&mut composer.flow));
        if contents.len() != contents_pages && round < MOST_ROUNDS {
            contents_pages = contents.len();
            continue;
        }
        let signature = book.cover.signature.as_ref().map(&page_of);
        let mut pages = vec![composer.front(&book.cover, signature)];
        let back = composer.back(&book.back);
        let total = contents.len() + body.len() + 2;
        let inner = (2..).zip(contents.into_iter().chain(body));
        let furniture = Furniture::new(composer.shaper, &book.running);
        pages.extend(inner.map(|(number, filled)| furnish(composer.shaper, filled, sections, &furniture, number, total)));
        pages.push(back);
        let places = in_body.into_iter().map(|(place, (page, y))| (place, (page + contents_pages + 1, y))).collect();
        return Layout { pages, tags, places, bookmarks: bookmarks(&book.parts) };
    }
}

/// Lays out one part without covers and contents, such as a note.
pub(crate) fn lay_out_part(part: &Part, running: &Running, shaper: &mut Shaper, pictures: &[Pixels]) -> Layout {
    let mut tags = Tags::new();
    let mut composer = Composer::new(shaper, &mut tags, pictures);
    composer.part(part);
    let flow = std::mem::take(&mut composer.flow);
    let sections = flow.sections.clone();
    let filled = fill_pages(flow);
    let places = places_of(&filled).into_iter().collect();
    let total = filled.len();
    let furniture = Furniture::new(composer.shaper, running);
    let pages = (1..).zip(filled).map(|(number, filled)| furnish(composer.shaper, filled, &sections, &furniture, number, total)).collect();
    Layout { pages, tags, places, bookmarks: bookmarks(std::slice::from_ref(part)) }
}

/// A page with what runs over and under it.
fn furnish(shaper: &mut Shaper, filled: Filled, sections: &[String], furniture: &Furniture, number: usize, total: usize) -> Page {
    let continued = filled.continues.and_then(|section| sections.get(section));
    let mut page = filled.page;
    furniture.furnish(shaper, &mut page, continued.map(String::as_str), number, total);
    page
}

fn places_of(body: &[Filled]) -> BTreeMap<Anchor, (usize, f32)> {
    let pages = body.iter().enumerate();
    pages.flat_map(|(at, filled)| filled.page.layer.places.iter().map(move |(place, y)| (place.clone(), (at, *y)))).collect()
}

fn bookmarks(parts: &[Part]) -> Vec<Bookmark> {
    parts
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
