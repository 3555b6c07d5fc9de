//! Rules of the flow on the sample, in every edition and copy.

use super::sample;
use super::{all_words, check_pages, customer, laid_out, runs, signer, sketch, with_input, words_of};
use crate::content::tree::{AnswerBlock, Block, Words};
use crate::layout::page::{Purpose, Shape};
use crate::layout::tags::Role;
use crate::{Printed, render};
use dpia_model::template::QuestionKind;
use dpia_model::{Brand, CopyKind, Typeface};

const EDITIONS: [&str; 5] = ["2024.1", "2024.2", "2025.1", "2025.2", "2026.1"];

#[test]
fn every_page_of_every_edition_and_copy_keeps_the_rules() {
    let signer = signer();
    for edition in EDITIONS {
        let form = sample::form(edition);
        for (copy, signature) in [(CopyKind::Internal, None), (customer(), Some(&signer))] {
            for assessment in [sample::full(&form), sample::empty(&form)] {
                check_pages(&laid_out(&form, &assessment, &copy, signature).1);
            }
        }
    }
}

#[test]
fn the_contents_name_the_page_on_which_each_section_begins() {
    let form = sample::form("2025.2");
    let signer = signer();
    let (book, layout) = laid_out(&form, &sample::full(&form), &CopyKind::Internal, Some(&signer));
    let contents = words_of(&layout.pages[1]);
    let mut rest = contents.as_str();
    for section in book.parts.iter().flat_map(|part| &part.sections) {
        let page =
            layout.pages.iter().position(|page| page.layer.places.iter().any(|(place, _)| *place == section.place)).expect("its page");
        let line = format!("{} {}", section.title, page + 1);
        let at = rest.find(&line).unwrap_or_else(|| panic!("\"{line}\" in {rest}"));
        rest = &rest[at..];
        let heading = layout.pages[page].layer.text.iter().any(|tagged| {
            let is_heading = layout.tags.nodes()[tagged.node.0].role == Role::Heading(2);
            matches!(&tagged.shape, Shape::Glyphs(run) if is_heading && section.title.starts_with(run.text.trim()))
        });
        assert!(heading, "{} is on page {}", section.title, page + 1);
    }
    assert!(words_of(&layout.pages[0]).contains("see page 16"), "{}", words_of(&layout.pages[0]));
    assert!(words_of(&layout.pages[15]).starts_with("Signatures"));
}

#[test]
fn each_question_is_found_where_its_words_begin() {
    let form = sample::form("2025.2");
    let assessment = sample::full(&form);
    for copy in [CopyKind::Internal, customer()] {
        let layout = laid_out(&form, &assessment, &copy, None).1;
        let places = with_input(&form, &assessment, &copy, None, |input| render(input).expect("a report")).places;
        let printed = form.sections().filter(|section| copy == CopyKind::Internal || !section.is_internal);
        let expected: Vec<Printed> = printed
            .flat_map(|section| {
                let asked = section.questions().map(|question| Printed::Question(question.id.clone()));
                std::iter::once(Printed::Section(section.id.clone())).chain(asked).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(places.iter().map(|place| place.what.clone()).collect::<Vec<_>>(), expected);
        assert!(places.is_sorted_by(|a, b| (a.page, a.down) <= (b.page, b.down)), "{places:?}");
        for place in &places {
            let Printed::Question(id) = &place.what else { continue };
            // Short answers stand by labels of their own.
            let is_short = |kind: &QuestionKind| matches!(kind, QuestionKind::Date | QuestionKind::SignOff | QuestionKind::Choice { .. });
            if is_short(&form.question(id).expect("a question").kind) {
                continue;
            }
            let prompt = dpia_model::rich_text::plain_runs(&form.question(id).expect("a question").prompt);
            let mut near = runs(&layout.pages[place.page]).filter(|run| (place.down..place.down + 40.0).contains(&run.y));
            assert!(
                near.any(|run| prompt.contains(run.text.trim()) && !run.text.trim().is_empty()),
                "{id}: \"{prompt}\" is not at {place:?}"
            );
        }
    }
}

#[test]
fn every_word_of_the_form_and_of_each_answer_is_printed_in_order() {
    let form = sample::form("2025.2");
    let (book, layout) = laid_out(&form, &sample::full(&form), &CopyKind::Internal, None);
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let printed = squeeze(&all_words(&layout));
    let mut at = 0;
    let mut check = |words: &Words| {
        let wanted = squeeze(&words.text());
        let found = printed[at..].find(&wanted).unwrap_or_else(|| panic!("\"{}\" is missing or out of order", words.text()));
        at += found + wanted.len();
    };
    for block in book.parts.iter().flat_map(|part| &part.sections).flat_map(|section| &section.blocks) {
        match block {
            Block::Prose(words) | Block::Guide(words) => check(words),
            Block::Question { prompt, help } => {
                check(prompt);
                help.iter().for_each(&mut check);
            }
            Block::Answer(blocks) => check_answer(blocks, &mut check),
            Block::Ticks(ticks) => ticks.items.iter().for_each(|item| check(&item.label)),
            _ => {}
        }
    }
}

fn check_answer(blocks: &[AnswerBlock], check: &mut impl FnMut(&Words)) {
    for block in blocks {
        match block {
            AnswerBlock::Paragraph(words) => check(words),
            AnswerBlock::List { items, .. } => items.iter().for_each(|item| check_answer(item, check)),
            AnswerBlock::Picture { caption, .. } => check(caption),
        }
    }
}

#[test]
fn a_report_is_set_in_the_typefaces_of_its_brand_whatever_was_set_before() {
    let form = sample::form("2025.2");
    let assessment = sample::full(&form);
    let mut press = crate::Press::new().expect("a press");
    for typeface in [Typeface::SansAndSerif, Typeface::Sans, Typeface::Serif, Typeface::SansAndSerif] {
        let brand = Brand { typeface, ..Brand::default() };
        let pdf = with_input(&form, &assessment, &CopyKind::Internal, None, |input| {
            let input = crate::ReportInput { brand: &brand, ..*input };
            let pdf = press.print(&input, &mut |_| std::ops::ControlFlow::Continue(())).expect("a report").pdf;
            assert_eq!(pdf, render(&input).expect("a report").pdf, "{typeface:?}");
            pdf
        });
        let holds = |family: &str| pdf.windows(family.len()).any(|window| window == family.as_bytes());
        // A single letter may be lent by the other family; none of the sample's bold ones is.
        let expected = (typeface != Typeface::Serif, typeface != Typeface::Sans);
        assert_eq!((holds("+SourceSans3-Semibold"), holds("+SourceSerif4-Semibold")), expected, "{typeface:?}");
    }
}

#[test]
fn a_customer_copy_holds_nothing_internal_and_says_what_it_lacks() {
    let form = sample::form("2025.2");
    let (book, layout) = laid_out(&form, &sample::full(&form), &customer(), None);
    let words = all_words(&layout);
    for absent in [
        "wrong school at onboarding",
        "Residual risk",
        "Managing Director",
        "Guidance Notes",
        "Risk Examples",
        "no place for",
        "Internal copy",
    ] {
        assert!(!words.contains(absent), "\"{absent}\" is in a customer copy");
    }
    assert!(
        words.contains("There are guidance notes in Appendix A to assist you in completing the form. Appendix A is not part of this copy.")
    );
    assert!(words.contains("Client: Example Academy Trust"));
    assert!(layout.bookmarks.iter().all(|bookmark| !bookmark.title.starts_with("Appendix")));
    assert_eq!(book.parts.len(), 3);
}

#[test]
fn a_link_goes_where_its_words_say() {
    let form = sample::form("2025.2");
    let (_, layout) = laid_out(&form, &sample::full(&form), &CopyKind::Internal, None);
    let links = layout.pages.iter().flat_map(|page| &page.layer.zones).filter_map(|zone| match &zone.purpose {
        Purpose::Link(target, words) => Some((target, words)),
        Purpose::Figure | Purpose::Signature | Purpose::EmptyField(_) => None,
    });
    let mut inside = 0;
    for (target, words) in links {
        match target {
            crate::content::tree::Target::Anchor(place) => {
                assert!(layout.places.contains_key(place), "\"{words}\" leads to {place:?}");
                inside += 1;
            }
            crate::content::tree::Target::Address(address) => assert!(!address.starts_with('#'), "{address}"),
        }
    }
    assert!(inside > 30, "the contents are links: {inside}");
}

#[test]
fn an_address_cut_over_lines_reads_as_it_was_given() {
    let form = sample::form("2025.2");
    let (_, layout) = laid_out(&form, &sample::full(&form), &CopyKind::Internal, None);
    let address = "https://docs.aws.amazon.com/whitepapers/latest/navigating-gdpr-compliance/aws-data-processing-addendum-dpa.html";
    let mut lines = Vec::new();
    let mut rest = address;
    for run in layout.pages.iter().flat_map(runs) {
        if !run.text.is_empty() && rest.starts_with(&*run.text) && (lines.is_empty() == (rest == address)) && run.text.len() > 8 {
            lines.push(run.text.to_string());
            rest = &rest[run.text.len()..];
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    https://docs.aws.amazon.com/
    whitepapers/latest/navigating-gdpr
    -compliance/aws-data-processing
    -addendum-dpa.html
    ");
}

#[test]
fn a_report_is_laid_out_as_it_was() {
    let form = sample::form("2025.2");
    let signer = signer();
    let (_, layout) = laid_out(&form, &sample::full(&form), &customer(), Some(&signer));
    insta::assert_snapshot!("customer_copy", sketch(&layout));
}

#[test]
fn an_empty_assessment_says_of_each_question_that_it_is_not_answered() {
    let form = sample::form("2026.1");
    let (_, layout) = laid_out(&form, &sample::empty(&form), &CopyKind::Internal, None);
    let words = all_words(&layout);
    let prose = form.questions().filter(|question| matches!(question.kind, dpia_model::QuestionKind::RichText { .. })).count();
    let said = words.matches("Not answered").count() + words.matches("Not asked").count();
    assert!(said >= prose, "{prose} questions take prose, {said} say that they are not answered");
    assert!(words.contains("Date: not given yet"));
}

#[test]
fn a_picture_replaces_the_letters_of_the_wordmark() {
    let form = sample::form("2025.2");
    let assessment = sample::full(&form);
    let (id, _) = sample::picture();
    let drawn = |logo: Option<dpia_model::id::AttachmentId>| {
        super::with_input(&form, &assessment, &customer(), None, |input| {
            let brand = dpia_model::Brand { logo, ..dpia_model::Brand::default() };
            let (book, wanted) = crate::content::write_book(&crate::ReportInput { brand: &brand, ..*input }).expect("a book");
            let sizes = vec![crate::layout::Pixels { width: 480, height: 160 }; wanted.len()];
            let mut shaper = crate::typeface::shape::Shaper::new().expect("the fonts open");
            let layout = crate::layout::lay_out(&book, &mut shaper, &sizes, &mut None);
            [0, layout.pages.len() - 1].map(|page| {
                layout.pages[page].layer.text.iter().find_map(|tagged| match tagged.shape {
                    Shape::Picture { height, .. } => Some(height.round()),
                    Shape::Glyphs(_) | Shape::Path { .. } => None,
                })
            })
        })
    };
    assert_eq!(drawn(None), [None, None]);
    assert_eq!(drawn(Some(id)), [Some(40.0), Some(40.0)]);
}
