//! Documents drawn from the editions: a form with random answers is written out in many styles, and reading it gives
//! the same answers back.

use super::dice::Dice;
use super::{LIBRARY, import_in_full};
use crate::wording::labels_of;
use dpia_model::assessment::{Cell, Content, DocumentDate, Tick, Value};
use dpia_model::date::CivilDate;
use dpia_model::id::{PackId, QuestionId, RowId};
use dpia_model::rich_text::{Block, ListItem, Run, plain_runs};
use dpia_model::template::{Column, ColumnKind, Form, NEWEST_PACK, Question, QuestionKind, SectionItem};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How a document is written.
#[derive(Debug, Clone)]
struct Style {
    heading: &'static str,
    prompt: &'static str,
    /// Columns after which prose is broken; 0 for never.
    width: usize,
    boxes: &'static str,
    table: &'static str,
    grid: &'static str,
    joins_prompt: bool,
    curly: bool,
    shouts: bool,
    furniture: bool,
    contents: bool,
    line_end: &'static str,
    bullet: &'static str,
}

fn style() -> impl Strategy<Value = Style> {
    let pick = |all: &'static [&'static str]| prop::sample::select(all.to_vec());
    (
        (
            pick(&["", "#", "bold", "b", "numbered", "h"]),
            pick(&["", "####", "bold", "struck", "doubled"]),
            prop::sample::select(vec![0usize, 72, 100]),
        ),
        (
            pick(&["glyph", "cross", "bracket", "task", "input", "round"]),
            pick(&["tab", "pipe", "gaps"]),
            pick(&["tab", "pipe", "gaps", "lines"]),
        ),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        (pick(&["\n", "\r\n", "\r"]), pick(&["- ", "* ", "• "])),
    )
        .prop_map(
            |((heading, prompt, width), (boxes, table, grid), (joins_prompt, curly, shouts, furniture, contents), (line_end, bullet))| {
                Style { heading, prompt, width, boxes, table, grid, joins_prompt, curly, shouts, furniture, contents, line_end, bullet }
            },
        )
}

struct Writer<'s> {
    style: &'s Style,
    out: String,
    since_furniture: usize,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A paragraph with an empty line after it; now and then the end of a page.
    fn paragraph(&mut self, text: &str) {
        self.line(text);
        self.line("");
        self.since_furniture += 1;
        if self.style.furniture && self.since_furniture > 11 {
            self.since_furniture = 0;
            self.line("*WE LOOK AFTER YOU, SO THAT YOU\nCAN LOOK AFTER OUR CHILDREN*\n\nPage 4 of 9\n\nJuniper Data Protection Impact Assessment\n");
        }
    }

    fn fixed(&self, text: &str) -> String {
        let text = if self.style.curly { text.replace('\'', "’") } else { text.replace('’', "'") };
        wrap(&text, self.style.width)
    }

    fn heading(&mut self, title: &str, level: usize, number: usize) {
        let title = if self.style.shouts { title.to_uppercase() } else { title.to_owned() };
        let line = match self.style.heading {
            "#" => format!("{} {title}", "#".repeat(level)),
            "bold" => format!("**{title}**"),
            "b" => format!("<b>{title}:</b>"),
            "h" => format!("<h{level}>{title}</h{level}>"),
            "numbered" => format!("{number}.{level} {title}"),
            _ => title,
        };
        self.paragraph(&line);
    }

    fn prompt(&mut self, question: &Question, tail: &str) {
        let parts: Vec<String> = std::iter::once(&question.prompt).chain(&question.help).map(|runs| plain_runs(runs)).collect();
        let first = self.fixed(&parts[0]);
        let first = match self.style.prompt {
            "####" => format!("#### {}", first.replace('\n', " ")),
            "bold" => format!("**{first}**"),
            "struck" => format!("~~{first}~~"),
            "doubled" if first.split(' ').count() > 5 => format!("{} {first}", first.split(' ').take(3).collect::<Vec<_>>().join(" ")),
            _ => first,
        };
        let rest: Vec<String> = parts[1..].iter().map(|part| self.fixed(part)).collect();
        if self.style.joins_prompt && self.style.prompt != "####" {
            let joined = std::iter::once(first).chain(rest).collect::<Vec<_>>().join(" ");
            self.paragraph(&format!("{joined}{tail}"));
        } else {
            let all: Vec<String> = std::iter::once(first).chain(rest).collect();
            let (last, before) = all.split_last().expect("there is a prompt");
            before.iter().for_each(|part| self.paragraph(part));
            self.paragraph(&format!("{last}{tail}"));
        }
    }

    fn mark(&self, tick: Option<Tick>) -> &'static str {
        match (tick, self.style.boxes) {
            (None | Some(Tick::Unknown), _) => "",
            (Some(Tick::Ticked), "glyph") => "☑ ",
            (Some(Tick::Ticked), "cross") => "☒ ",
            (Some(Tick::Ticked), "round") => "(x) ",
            (Some(Tick::NotTicked), "round") => "( ) ",
            (Some(Tick::Ticked), "bracket" | "task") => "[x] ",
            (Some(Tick::Ticked), _) => "<input checked=\"\" type=\"checkbox\"/> ",
            (Some(Tick::NotTicked), "glyph" | "cross") => "☐ ",
            (Some(Tick::NotTicked), "bracket" | "task") => "[ ] ",
            (Some(Tick::NotTicked), _) => "<input type=\"checkbox\"/> ",
        }
    }

    fn content(&mut self, question: &Question, content: &Content) {
        let labels = labels_of(question);
        let ticks: Option<&BTreeMap<_, Tick>> = match content {
            Content::Answered { value: Value::Ticks { ticks, .. } } => Some(ticks),
            _ => None,
        };
        match &question.kind {
            QuestionKind::RichText { .. } => {
                self.prompt(question, "");
            }
            QuestionKind::TickList { options, .. } => {
                self.prompt(question, "");
                for option in options {
                    let bullet = if self.style.boxes == "task" { "- " } else { self.style.bullet };
                    let line = format!(
                        "{bullet}{}{}",
                        self.mark(ticks.map(|ticks| ticks[&option.id])),
                        self.fixed(&option.label).replace('\n', "\n  ")
                    );
                    self.line(&line);
                }
                self.line("");
            }
            QuestionKind::TickGrid { options, columns } => {
                self.prompt(question, "");
                let cells: Vec<String> =
                    options.iter().map(|o| format!("{}{}", self.mark(ticks.map(|ticks| ticks[&o.id])), o.label)).collect();
                for row in cells.chunks(usize::from(*columns)) {
                    let line = match self.style.grid {
                        "tab" => row.join("\t"),
                        "pipe" => format!("| {} |", row.join(" | ")),
                        "gaps" => row.iter().map(|cell| format!("{cell:<64}")).collect::<Vec<_>>().join("  "),
                        _ => row.join("\n"),
                    };
                    self.line(line.trim_end());
                }
                self.line("");
            }
            QuestionKind::YesNo { reasoning, .. } => {
                let ticks = match content {
                    Content::Unknown { .. } => [None, None],
                    Content::Answered { value: Value::YesNo { is_yes, .. } } => {
                        [*is_yes, !*is_yes].map(|is_ticked| Some(if is_ticked { Tick::Ticked } else { Tick::NotTicked }))
                    }
                    _ => [Some(Tick::NotTicked); 2],
                };
                let line = format!("{}{} {}{}", self.mark(ticks[0]), labels[0], self.mark(ticks[1]), labels[1]);
                if self.style.joins_prompt && self.style.prompt.is_empty() {
                    self.prompt(question, &format!(" {line}"));
                } else {
                    self.prompt(question, "");
                    self.paragraph(&line);
                }
                if let Some(runs) = reasoning {
                    let text = self.fixed(&plain_runs(runs));
                    self.paragraph(&text);
                }
            }
            QuestionKind::Table { columns } => {
                self.prompt(question, "");
                self.table(columns, content);
            }
            QuestionKind::Date | QuestionKind::Choice { .. } => {
                let label = plain_runs(&question.prompt);
                let value = match content {
                    Content::Answered { value: Value::Date { date, has_short_year } } => {
                        let text = date.to_string();
                        if *has_short_year { format!("{}{}", &text[..6], &text[8..]) } else { text }
                    }
                    Content::Answered { value: Value::Choice { option, .. } } => {
                        let option = question.options().iter().find(|known| known.id == *option).expect("it is there");
                        option.label.clone()
                    }
                    Content::Unknown { stated: Some(text) } => text.plain_text(),
                    _ => String::new(),
                };
                let line = match self.style.table {
                    "tab" => format!("{label}\t{value}"),
                    "pipe" => format!("| **{label}** | {value} |"),
                    _ => format!("{label}: {value}"),
                };
                self.paragraph(line.trim_end());
                for runs in &question.help {
                    let text = plain_runs(runs).replace('*', "\\*");
                    self.paragraph(&text);
                }
            }
            QuestionKind::SignOff => {
                self.prompt(question, "");
                if let Content::Answered { value: Value::SignOff { name, role, date: Some(date), .. } } = content {
                    self.paragraph(&format!("Name: {name}"));
                    self.paragraph(&format!("Job title\t{role}"));
                    self.paragraph(&format!("Date\t{date}"));
                }
            }
            QuestionKind::RiskRegister => {}
        }
        let words = match content {
            Content::Unknown { stated: Some(_) } if matches!(question.kind, QuestionKind::Choice { .. }) => None,
            other => other.rich_text(),
        };
        if let Some(text) = words {
            self.blocks(&text.blocks, 0);
        }
    }

    fn table(&mut self, columns: &[Column], content: &Content) {
        let mut rows: Vec<Vec<String>> = vec![columns.iter().map(|column| column.label.clone()).collect()];
        if let Content::Answered { value: Value::Table { rows: all } } = content {
            rows.extend(all.iter().map(|row| {
                columns.iter().map(|column| row.cells.get(&column.id).map_or(String::new(), |cell| write_cell(cell, column))).collect()
            }));
        }
        let widths: Vec<usize> = (0..columns.len()).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
        for (at, row) in rows.iter().enumerate() {
            let line = match self.style.table {
                "tab" => row.join("\t"),
                "pipe" => format!("| {} |", row.join(" | ")),
                _ => row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect::<Vec<_>>().join("   "),
            };
            self.line(&line);
            if at == 0 && self.style.table == "pipe" {
                self.line(&format!("|{}", " --- |".repeat(columns.len())));
            }
        }
        self.line("");
    }

    fn blocks(&mut self, blocks: &[Block], indent: usize) {
        for block in blocks {
            match block {
                Block::Paragraph { runs } => {
                    let text = wrap(&write_runs(runs), self.style.width);
                    self.paragraph(&text);
                }
                Block::BulletedList { items } => self.items(items, None, indent),
                Block::NumberedList { start, items } => self.items(items, Some(*start as usize), indent),
                Block::Picture { .. } => {}
            }
        }
        if indent == 0 {
            self.line("");
        }
    }

    fn items(&mut self, items: &[ListItem], start: Option<usize>, indent: usize) {
        for (at, item) in items.iter().enumerate() {
            let mark = start.map_or(self.style.bullet.to_owned(), |start| format!("{}. ", start + at));
            let inner = " ".repeat(indent + 3);
            if let Some(Block::Paragraph { runs }) = item.blocks.first() {
                let text = wrap(&write_runs(runs), self.style.width).replace('\n', &format!("\n{inner}"));
                self.line(&format!("{}{mark}{text}", " ".repeat(indent)));
            }
            self.blocks(&item.blocks[1..], indent + 3);
        }
        if indent == 0 {
            self.line("");
        }
    }
}

fn write_cell(cell: &Cell, column: &Column) -> String {
    match (cell, &column.kind) {
        (Cell::Link { label, address: Some(address) }, _) if label != address => format!("[{label}]({address})"),
        (Cell::Link { label, .. }, _) => label.clone(),
        (Cell::Choice { option }, ColumnKind::Choice { options }) => {
            options.iter().find(|known| known.id == *option).map_or(String::new(), |option| option.label.clone())
        }
        (cell, _) => cell.plain_text(),
    }
}

fn write_runs(runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        let Run::Text { text, bold, italic, link } = run else {
            out.push_str("  \n");
            continue;
        };
        let length = text.trim_end().len();
        let (mut words, space) = (text[..length].to_owned(), &text[length..]);
        if let Some(link) = link {
            words = format!("[{words}]({})", link.address.as_deref().unwrap_or("#"));
        }
        if *italic && !words.is_empty() {
            words = format!("*{words}*");
        }
        if *bold && !words.is_empty() {
            words = format!("**{words}**");
        }
        out.push_str(&words);
        out.push_str(space);
    }
    out
}

/// Breaks lines at spaces, none of which begins with something like a list mark.
fn wrap(text: &str, width: usize) -> String {
    if width == 0 {
        return text.to_owned();
    }
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let hard = line.ends_with("  ");
        let mut current = String::new();
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            let may_break = word.starts_with(char::is_alphabetic) && word.len() > 1;
            if may_break && !current.is_empty() && current.chars().count() + word.chars().count() >= width {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(if hard { format!("{current}  ") } else { current });
    }
    lines.join("\n")
}

fn write_document(form: &Form, contents: &BTreeMap<QuestionId, Content>, style: &Style) -> String {
    let mut writer = Writer { style, out: String::new(), since_furniture: 0 };
    writer.paragraph(&form.title);
    writer.paragraph("Oakfield Tracker");
    writer.paragraph("Date: 04/07/2025");
    writer.paragraph("Juniper");
    if style.contents {
        writer.paragraph("Contents");
        for part in &form.parts {
            writer.line(&format!("{}.....\t3", part.title));
            part.sections.iter().for_each(|section| writer.line(&format!("{}\t4", section.title)));
        }
        writer.line("");
    }
    for (at, part) in form.parts.iter().enumerate() {
        if part.sections.iter().all(|section| section.is_internal) {
            continue;
        }
        writer.heading(&part.title, 2, at + 1);
        for section in part.sections.iter().filter(|section| !section.is_internal) {
            writer.heading(&section.title, 3, at + 1);
            for item in &section.items {
                match item {
                    SectionItem::Text { paragraphs } => {
                        for runs in paragraphs {
                            let text = writer.fixed(&plain_runs(runs));
                            writer.paragraph(&text);
                        }
                    }
                    SectionItem::Question { question } => writer.content(question, &contents[&question.id]),
                    _ => {}
                }
            }
        }
    }
    writer.paragraph("Juniper");
    writer.paragraph("*WE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN*");
    writer.paragraph("Client: Name Here");
    writer.paragraph(
        "© 2025 Juniper Education Services Ltd. All rights reserved. This publication is the intellectual property of Juniper Education.",
    );
    writer.out.replace('\n', style.line_end)
}

fn form_of(edition: &str) -> Form {
    let edition = LIBRARY.editions().iter().find(|known| known.id.as_str() == edition).expect("it is there");
    let pack = LIBRARY.pack(&PackId::new(NEWEST_PACK).expect("an id")).expect("it is there");
    Form::new(edition, pack).expect("it holds together")
}

fn without_ids(content: &Content) -> Content {
    let mut content = content.clone();
    if let Content::Answered { value: Value::Table { rows } } = &mut content {
        rows.iter_mut().for_each(|row| row.id = RowId(Uuid::nil()));
    }
    content
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_written_in_any_style_is_read_back(
        edition in prop::sample::select(vec!["2024.1", "2024.2", "2025.1", "2025.2", "2026.1"]),
        style in style(),
        seed in any::<u64>(),
    ) {
        let form = form_of(edition);
        let mut dice = Dice(seed);
        let contents: BTreeMap<QuestionId, Content> = form
            .sections()
            .flat_map(|section| section.questions().map(move |question| (section.is_internal, question)))
            .filter(|(is_internal, _)| !is_internal)
            .map(|(_, question)| (question.id.clone(), dice.content(question)))
            .collect();
        let text = write_document(&form, &contents, &style);
        let (import, _) = import_in_full("oakfield.txt", text.as_bytes(), None).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(import.report.edition.as_str(), edition, "{:?}", import.report.scores);
        for (question, expected) in &contents {
            prop_assert_eq!(&without_ids(import.assessment.content(question)), expected, "{}\n{}", question, text);
        }
        prop_assert!(import.assessment.unplaced.is_empty(), "{:?}\n{}", import.assessment.unplaced, text);
        prop_assert_eq!(&import.assessment.details.product, "Oakfield Tracker");
        let date = CivilDate::new(2025, 7, 4).expect("a day");
        prop_assert_eq!(&import.assessment.details.date, &DocumentDate::Known { date, has_short_year: false });
        prop_assert_eq!(import.assessment.details.copyright_year, Some(2025));
    }
}
