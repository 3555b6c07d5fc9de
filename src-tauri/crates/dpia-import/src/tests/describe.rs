//! An import as a text that people can check line by line against the document.

use crate::Import;
use dpia_model::assessment::{Content, Tick, Value};
use dpia_model::rich_text::{Block, RichText, Run};
use dpia_model::template::{Form, NEWEST_PACK};
use std::fmt::Write;

/// Every answer with its structure, then what has no place, what was left out and what differs.
pub(super) fn describe(import: &Import) -> String {
    let assessment = &import.assessment;
    let pack = dpia_model::id::PackId::new(NEWEST_PACK).expect("an id");
    let form = super::LIBRARY.form(&assessment.edition, &pack).expect("it is there").expect("it holds together");
    let mut out = String::new();
    let _ = writeln!(out, "edition {}\n{:?}\n", assessment.edition, assessment.details);
    for question in form.questions() {
        let content = assessment.content(&question.id);
        if form.section_of(&question.id).is_some_and(|section| section.is_internal) && *content == Content::Unanswered {
            continue;
        }
        let _ = writeln!(out, "## {}", question.id);
        describe_content(&mut out, content, &form, question);
    }
    let _ = writeln!(out, "\n# unplaced");
    for piece in &assessment.unplaced {
        let _ = writeln!(out, "{} [{}] {:?}", piece.place.line, piece.place.heading, piece.place.question.as_ref().map(|q| q.as_str()));
        describe_text(&mut out, &piece.text, "    ");
    }
    let Some(record) = &assessment.imported else { return out };
    let _ = writeln!(out, "\n# left out");
    for left in &record.left_out {
        let _ = writeln!(out, "{} {:?}: {}", left.place.line, left.reason, left.text);
    }
    let _ = writeln!(out, "\n# differences");
    for differs in &record.differences {
        let question = differs.place.question.as_ref().map_or("-", |q| q.as_str());
        let _ = writeln!(
            out,
            "{} {:?} {question}\n    found    {}\n    expected {}",
            differs.place.line, differs.kind, differs.found, differs.expected
        );
    }
    out
}

fn describe_content(out: &mut String, content: &Content, form: &Form, question: &dpia_model::Question) {
    let _ = form;
    match content {
        Content::Unanswered => out.push_str("(unanswered)\n"),
        Content::Unknown { stated } => {
            out.push_str("(unknown)\n");
            if let Some(text) = stated {
                describe_text(out, text, "");
            }
        }
        Content::NotApplicable { reason } => {
            let _ = writeln!(out, "(not applicable) {reason}");
        }
        Content::Withheld => out.push_str("(withheld)\n"),
        Content::Answered { value } => match value {
            Value::RichText { text } => describe_text(out, text, ""),
            Value::Ticks { ticks, other } => {
                for option in question.options() {
                    let mark = match ticks.get(&option.id) {
                        Some(Tick::Ticked) => "[x]",
                        Some(Tick::NotTicked) => "[ ]",
                        Some(Tick::Unknown) | None => "[?]",
                    };
                    let _ = writeln!(out, "{mark} {}", option.label);
                }
                if let Some(text) = other {
                    out.push_str("other:\n");
                    describe_text(out, text, "  ");
                }
            }
            Value::YesNo { is_yes, reasoning } => {
                out.push_str(if *is_yes { "yes\n" } else { "no\n" });
                if let Some(text) = reasoning {
                    describe_text(out, text, "  ");
                }
            }
            Value::Table { rows } => {
                for row in rows {
                    let cells: Vec<String> = row.cells.iter().map(|(column, cell)| format!("{column}={cell:?}")).collect();
                    let _ = writeln!(out, "{}", cells.join("\n  "));
                }
            }
            Value::Date { date, has_short_year } => {
                let _ = writeln!(out, "{date}{}", if *has_short_year { " (short year)" } else { "" });
            }
            Value::Choice { option, reason } => {
                let _ = writeln!(out, "{option}");
                if let Some(text) = reason {
                    describe_text(out, text, "  ");
                }
            }
            Value::SignOff { .. } | Value::Risks { .. } => {
                let _ = writeln!(out, "{value:?}");
            }
        },
    }
}

fn describe_text(out: &mut String, text: &RichText, indent: &str) {
    text.blocks.iter().for_each(|block| describe_block(out, block, indent, ""));
}

fn describe_block(out: &mut String, block: &Block, indent: &str, mark: &str) {
    let items = |out: &mut String, items: &[dpia_model::ListItem], mark: &dyn Fn(usize) -> String| {
        for (at, item) in items.iter().enumerate() {
            for (index, block) in item.blocks.iter().enumerate() {
                let mark = if index == 0 { mark(at) } else { "  ".to_owned() };
                describe_block(out, block, &format!("{indent}  "), &mark);
            }
        }
    };
    match block {
        Block::Paragraph { runs } => {
            let _ = writeln!(out, "{indent}{mark}¶ {}", runs.iter().map(describe_run).collect::<String>());
        }
        Block::BulletedList { items: list } => items(out, list, &|_| "- ".to_owned()),
        Block::NumberedList { start, items: list } => items(out, list, &|at| format!("{}. ", *start as usize + at)),
        Block::Picture { description, .. } => {
            let _ = writeln!(out, "{indent}{mark}picture {description}");
        }
    }
}

fn describe_run(run: &Run) -> String {
    match run {
        Run::Break => "⏎".to_owned(),
        Run::Text { text, bold, italic, link } => {
            let mut words = text.clone();
            if let Some(link) = link {
                words = format!("[{words}]({})", link.address.as_deref().unwrap_or("?"));
            }
            if *italic {
                words = format!("*{words}*");
            }
            if *bold {
                words = format!("**{words}**");
            }
            words
        }
    }
}
