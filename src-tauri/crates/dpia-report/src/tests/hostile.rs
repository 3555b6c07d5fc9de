//! Content that tries the flow: long, wide, deep, strange.

use super::sample;
use super::{all_words, check_pages, laid_out, runs};
use crate::layout::page::Shape;
use dpia_model::assessment::{Cell, Content, Row, Value};
use dpia_model::rich_text::{Block, ListItem, RichText};
use dpia_model::{Assessment, CopyKind, Form};

fn form() -> Form {
    sample::form("2025.2")
}

fn with_text(form: &Form, text: RichText) -> Assessment {
    let mut assessment = sample::empty(form);
    sample::answer(&mut assessment, "security.measures", Content::Answered { value: Value::RichText { text } });
    assessment
}

#[test]
fn an_answer_of_forty_pages_flows_on_with_no_line_alone() {
    let form = form();
    let paragraph = "The quick brown fox jumps over the lazy dog and writes it down, once for each school and once for each year. ";
    let text = RichText { blocks: (0..300).map(|at| Block::plain(format!("Paragraph {at}. {}", paragraph.repeat(at % 7 + 1)))).collect() };
    let (_, layout) = laid_out(&form, &with_text(&form, text), &CopyKind::Internal, None);
    check_pages(&layout);
    assert!(layout.pages.len() > 50, "{} pages", layout.pages.len());
    let words = all_words(&layout);
    (0..300).for_each(|at| assert!(words.contains(&format!("Paragraph {at}.")), "paragraph {at} is missing"));
    // A paragraph that is parted leaves two lines at least on either page.
    for pair in layout.pages.windows(2) {
        let (Some(last), Some(first)) = (pair[0].layer.text.last(), pair[1].layer.text.first()) else { continue };
        if last.node == first.node {
            let lines = |page: &crate::layout::page::Page, from_head: bool| {
                let mut ys: Vec<i64> = Vec::new();
                let tagged: Box<dyn Iterator<Item = _>> =
                    if from_head { Box::new(page.layer.text.iter()) } else { Box::new(page.layer.text.iter().rev()) };
                for tagged in tagged.take_while(|tagged| tagged.node == last.node) {
                    if let Shape::Glyphs(run) = &tagged.shape {
                        let y = (run.y * 10.0) as i64;
                        if !ys.contains(&y) {
                            ys.push(y);
                        }
                    }
                }
                ys.len()
            };
            assert!(lines(&pair[0], false) >= 2 && lines(&pair[1], true) >= 2, "a line is alone");
        }
    }
}

#[test]
fn a_table_of_three_hundred_rows_repeats_its_head_and_cuts_no_row() {
    let form = form();
    let mut assessment = sample::empty(&form);
    let column = |id: &str| id.parse().expect("a column id");
    let rows = (0..300)
        .map(|at: u128| {
            let text = |words: String| Cell::Text { text: words };
            let cells = [
                (column("name"), text(format!("First{at}x"))),
                (
                    column("purpose"),
                    text("Hosting and support of the product, with backups and monitoring. ".repeat((at % 4 + 1) as usize)),
                ),
                (column("country"), text(format!("Last{at}x"))),
            ];
            Row { id: sample::row(at), cells: cells.into_iter().collect() }
        })
        .collect();
    sample::answer(&mut assessment, "disclosure.recipients", Content::Answered { value: Value::Table { rows } });
    let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
    check_pages(&layout);
    let page_of = |word: &str| layout.pages.iter().position(|page| runs(page).any(|run| run.text.trim() == word));
    let mut pages = std::collections::BTreeSet::new();
    for at in 0..300 {
        let first = page_of(&format!("First{at}x")).unwrap_or_else(|| panic!("row {at} is missing"));
        assert_eq!(Some(first), page_of(&format!("Last{at}x")), "row {at} is cut");
        pages.insert(first);
    }
    for page in pages.iter().skip(1) {
        let head =
            layout.pages[*page].layer.behind.iter().any(|shape| matches!(shape, Shape::Glyphs(run) if *run.text == *"Privacy Notice Link"));
        assert!(head, "page {} repeats the head", page + 1);
    }
}

#[test]
fn a_row_that_no_page_can_hold_is_parted_and_loses_nothing() {
    let form = form();
    let mut assessment = sample::empty(&form);
    let words: Vec<String> = (0..2000).map(|at| format!("w{at}")).collect();
    let cells = [("name", "Big".to_owned()), ("purpose", words.join(" "))];
    let cells = cells.into_iter().map(|(id, text)| (id.parse().expect("a column id"), Cell::Text { text })).collect();
    let value = Value::Table { rows: vec![Row { id: sample::row(1), cells }] };
    sample::answer(&mut assessment, "disclosure.recipients", Content::Answered { value });
    let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
    check_pages(&layout);
    assert!(all_words(&layout).contains(&words.join(" ")));
}

#[test]
fn a_word_of_two_thousand_letters_is_broken_to_fit() {
    let form = form();
    let word: String = (0..2000).map(|at| char::from(b'a' + (at % 26) as u8)).collect();
    let (_, layout) = laid_out(&form, &with_text(&form, RichText::from_plain(&format!("Before {word} after"))), &CopyKind::Internal, None);
    check_pages(&layout);
    assert!(all_words(&layout).replace(' ', "").contains(&format!("Before{word}after")));
}

#[test]
fn lists_nested_deeply_stay_in_the_column() {
    let form = form();
    let mut block = Block::plain("the innermost words of all");
    for at in 0..24 {
        let items = vec![ListItem { blocks: vec![Block::plain(format!("level {at}")), block] }];
        block = if at % 3 == 0 { Block::NumberedList { start: 98, items } } else { Block::BulletedList { items } };
    }
    let (_, layout) = laid_out(&form, &with_text(&form, RichText { blocks: vec![block] }), &CopyKind::Internal, None);
    check_pages(&layout);
    assert!(all_words(&layout).contains("innermost words"));
}

#[test]
fn names_of_many_languages_are_drawn_and_what_is_not_is_reported() {
    let form = form();
    let check = |text: &str, missing: &[&str]| {
        let assessment = with_text(&form, RichText::from_plain(text));
        let found: Vec<String> = super::with_input(&form, &assessment, &CopyKind::Internal, None, |input| {
            crate::missing_glyphs(input).expect("it can be looked at").into_iter().map(|missing| missing.character).collect()
        });
        assert_eq!(found, missing, "{text}");
        let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
        check_pages(&layout);
        let boxes = layout.pages.iter().flat_map(runs).filter(|run| run.stands_for.is_some());
        let drawn: usize = boxes.map(|run| run.glyphs.len()).sum();
        assert_eq!(drawn, missing.len(), "{text}");
    };
    check("Łódź, Świętochłowice, Żółć", &[]);
    check("Llanfairpwllgwyngyll, Tŷ Ŵyr, Môn", &[]);
    check("Ελληνικά ονόματα: Παπαδόπουλος", &[]);
    check("Київ, Волгоград, Ђорђевић", &[]);
    check("e\u{301}cole, nai\u{308}ve", &[]);
    check("☑ ticked → done • ok", &[]);
    check("smile 😀 and 漢字", &["😀", "漢", "字"]);
    check("family 👩‍👩‍👧", &["👩‍👩‍👧"]);
}

#[test]
fn long_titles_and_names_stay_in_their_places() {
    let form = form();
    let mut assessment = sample::empty(&form);
    assessment.details.product =
        "Comprehensive Multi-Academy Trust Attainment, Progress, Behaviour and Attendance Analysis Platform for Schools".to_owned();
    for copy in [
        CopyKind::Internal,
        CopyKind::Customer { client: "The Ancient and Venerable Federation of ".repeat(6), included: Default::default() },
    ] {
        let (_, layout) = laid_out(&form, &assessment, &copy, None);
        check_pages(&layout);
    }
}

#[test]
fn everything_at_once_keeps_the_rules_in_every_edition() {
    for edition in ["2024.1", "2025.2", "2026.1"] {
        let form = sample::form(edition);
        let (_, layout) = laid_out(&form, &sample::hostile(&form), &CopyKind::Internal, None);
        check_pages(&layout);
    }
}

#[test]
fn forty_risks_are_counted_where_they_cannot_all_be_shown() {
    let form = form();
    let mut assessment = sample::empty(&form);
    let option = |id: &str| id.parse().expect("an option id");
    let risks = (0..40)
        .map(|at: u128| dpia_model::assessment::Risk {
            id: sample::row(at),
            source: format!("Source {at} of a risk whose name is not short"),
            harm: "Something happens to somebody. ".repeat((at % 5) as usize),
            likelihood: Some(option("possible")),
            severity: Some(option(if at.is_multiple_of(3) { "severe" } else { "minimal" })),
            measures: (0..at % 4)
                .map(|number| dpia_model::assessment::Measure {
                    id: sample::row(1000 + 10 * at + number),
                    description: format!("Measure {number}"),
                    owner: "Somebody with a long title in a large organisation".to_owned(),
                    due: None,
                    effect: None,
                })
                .collect(),
            residual_likelihood: None,
            residual_severity: None,
            is_approved: None,
        })
        .collect();
    sample::answer(&mut assessment, "risk.register", Content::Answered { value: Value::Risks { risks } });
    let (_, layout) = laid_out(&form, &assessment, &CopyKind::Internal, None);
    check_pages(&layout);
    let words = all_words(&layout);
    assert!(words.contains("+9") && words.contains("+21"), "cells say how many more there are");
    assert!(words.contains("Before: 14 high, 26 low. After: 40 not placed yet."));
    assert!(words.contains("No measure has been recorded"));
}
