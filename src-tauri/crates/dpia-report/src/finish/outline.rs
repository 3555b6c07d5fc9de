//! The outline: parts, and under them their sections (ISO 32000-1, 12.3.3).

use super::objects::{destination, name, text};
use crate::layout::{Bookmark, Layout};
use lopdf::{Dictionary, Document, ObjectId, dictionary};

/// Adds the outline, opened one step.
pub(crate) fn add_outline(document: &mut Document, pages: &[ObjectId], layout: &Layout) -> Result<(), lopdf::Error> {
    if layout.bookmarks.is_empty() {
        return Ok(());
    }
    let root = document.new_object_id();
    let mut outline = dictionary! { "Type" => name("Outlines") };
    add_level(document, pages, layout, &layout.bookmarks, root, &mut outline);
    outline.set("Count", count(&layout.bookmarks));
    document.set_object(root, outline);
    let catalog = document.catalog_mut()?;
    catalog.set("Outlines", root);
    catalog.set("PageMode", name("UseOutlines"));
    Ok(())
}

fn add_level(
    document: &mut Document,
    pages: &[ObjectId],
    layout: &Layout,
    bookmarks: &[Bookmark],
    parent: ObjectId,
    holder: &mut Dictionary,
) {
    let ids: Vec<ObjectId> = bookmarks.iter().map(|_| document.new_object_id()).collect();
    for (at, bookmark) in bookmarks.iter().enumerate() {
        let mut item = dictionary! { "Title" => text(&bookmark.title), "Parent" => parent };
        if let Some((page, y)) = layout.places.get(&bookmark.place) {
            item.set("Dest", destination(pages[*page], *y));
        }
        if let Some(before) = at.checked_sub(1) {
            item.set("Prev", ids[before]);
        }
        if let Some(next) = ids.get(at + 1) {
            item.set("Next", *next);
        }
        if !bookmark.children.is_empty() {
            add_level(document, pages, layout, &bookmark.children, ids[at], &mut item);
            item.set("Count", count(&bookmark.children));
        }
        document.set_object(ids[at], item);
    }
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        holder.set("First", *first);
        holder.set("Last", *last);
    }
}

/// How many lines are open.
fn count(bookmarks: &[Bookmark]) -> i64 {
    bookmarks.iter().map(|bookmark| 1 + count(&bookmark.children)).sum()
}
