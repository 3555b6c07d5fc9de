//! Where the pieces of an answer are on the page.

use super::sample;
use super::{all_words, check_pages, laid_out, runs, words_of};
use crate::layout::page::Shape;
use dpia_model::CopyKind;
use dpia_model::assessment::{Cell, Content, Row, Value};
use dpia_model::rich_text::{Block, ListItem, RichText};

#[test]
fn a_result_given_against_the_count_is_signed_under_its_reason() {
    let form = sample::form("2025.2");
    let mut assessment = sample::empty(&form);
    let result = form.screening.result.clone();
    let option = form.question(&result).expect("the result").options()[0].id.clone();
    let reason = Some(RichText::from_plain("Decided against the count."));
    sample::answer(&mut assessment, result.as_str(), Content::Answered { value: Value::Choice { option, reason } });
    let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
    check_pages(&layout);
    let words = all_words(&layout);
    let place = |text: &str| words.find(text).unwrap_or_else(|| panic!("{text} is missing from {words}"));
    assert!(place("Result of DPIA Screening") < place("Decided against the count."));
    assert!(place("Decided against the count.") < place("Sign-off Not answered"));
}

#[test]
fn a_bullet_is_next_to_what_its_item_begins_with() {
    let form = sample::form("2025.2");
    let (attachment, _) = sample::picture();
    let picture = Block::Picture { attachment, description: "A plan".to_owned(), caption: String::new() };
    let inner = Block::BulletedList { items: vec![ListItem { blocks: vec![Block::plain("the inner words")] }] };
    let items = [picture, inner].into_iter().map(|block| ListItem { blocks: vec![block] }).collect();
    let mut assessment = sample::empty(&form);
    let text = RichText { blocks: vec![Block::BulletedList { items }] };
    sample::answer(&mut assessment, "security.measures", Content::Answered { value: Value::RichText { text } });
    let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
    check_pages(&layout);
    let page = layout.pages.iter().find(|page| words_of(page).contains("the inner words")).expect("the page");
    let y_of = |text: &str| runs(page).filter(|run| run.text.trim() == text).map(|run| run.y).collect::<Vec<_>>();
    let picture = page.layer.text.iter().find_map(|tagged| match &tagged.shape {
        Shape::Picture { y, height, .. } => Some((*y, *height)),
        Shape::Glyphs(_) | Shape::Path { .. } => None,
    });
    let (top, height) = picture.expect("the picture");
    assert!(y_of("•").iter().any(|y| (top..top + height).contains(y)), "beside the picture");
    assert_eq!(y_of("•").last(), y_of("–").last(), "both marks beside the inner words");
    assert_eq!(y_of("–").last(), y_of("the inner words").last());
}

#[test]
fn a_country_of_a_long_name_is_not_cut() {
    let form = sample::form("2025.2");
    let mut assessment = sample::empty(&form);
    let cells = [("name", "A"), ("country", "Liechtenstein")];
    let cells = cells.into_iter().map(|(id, text)| (id.parse().expect("a column"), Cell::Text { text: text.to_owned() })).collect();
    let value = Value::Table { rows: vec![Row { id: sample::row(1), cells }] };
    sample::answer(&mut assessment, "disclosure.recipients", Content::Answered { value });
    let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
    check_pages(&layout);
    assert!(layout.pages.iter().flat_map(runs).any(|run| run.text.trim() == "Liechtenstein"));
}
