//! Answers that look random and are the same for the same seed.

use dpia_model::assessment::{Cell, Content, Row, Tick, Value};
use dpia_model::date::CivilDate;
use dpia_model::id::RowId;
use dpia_model::rich_text::{Block, Link, ListItem, RichText, Run};
use dpia_model::template::{Column, ColumnKind, Question, QuestionKind};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Numbers that look random and are the same for the same seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).expect("it fits")).expect("it fits")
    }

    pub(super) fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    pub(super) fn words(&mut self, most: usize) -> String {
        const WORDS: [&str; 40] = [
            "pupil",
            "progress",
            "school",
            "records",
            "Azure",
            "MAT",
            "staff",
            "weekly",
            "hosting",
            "attainment",
            "teachers",
            "KS4",
            "backups",
            "parents",
            "é",
            "SEND",
            "(UK)",
            "e.g.",
            "2025",
            "don't",
            "cloud-based",
            "and/or",
            "reports",
            "trust's",
            "90",
            "governors",
            "“live”",
            "CSV",
            "analysis",
            "TLS/SSL",
            "the",
            "with",
            "of",
            "encrypted",
            "exported",
            "by",
            "R&D",
            "50%",
            "C#",
            "portal",
        ];
        let count = 1 + self.roll(most);
        (0..count).map(|_| WORDS[self.roll(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn sentence(&mut self) -> String {
        format!("Our {}.", self.words(14))
    }

    pub(super) fn runs(&mut self) -> Vec<Run> {
        let mut runs = vec![Run::plain(format!("We {}", self.words(6)))];
        for _ in 0..self.roll(4) {
            let words = self.words(5);
            let link = (self.roll(4) == 0).then(|| Link { address: (self.roll(2) == 0).then(|| "https://example.org/a_b?c=d".to_owned()) });
            let (bold, italic) = (self.one_in(3), self.one_in(4));
            if self.one_in(6) {
                runs.push(Run::Break);
            } else {
                runs.push(Run::plain(" "));
            }
            runs.push(Run::Text { text: words, bold, italic, link });
        }
        runs.push(Run::plain("."));
        merge(runs)
    }

    pub(super) fn list(&mut self, depth: usize) -> Block {
        let items = (0..1 + self.roll(3))
            .map(|_| {
                let mut blocks = vec![Block::Paragraph { runs: self.runs() }];
                if depth < 2 && self.one_in(3) {
                    blocks.push(self.list(depth + 1));
                }
                ListItem { blocks }
            })
            .collect();
        if self.one_in(2) { Block::BulletedList { items } } else { Block::NumberedList { start: 1, items } }
    }

    pub(super) fn text(&mut self) -> RichText {
        let mut blocks = vec![Block::Paragraph { runs: self.runs() }];
        for _ in 0..self.roll(3) {
            let is_after_list = !matches!(blocks.last(), Some(Block::Paragraph { .. }));
            let block = if self.one_in(3) && !is_after_list { self.list(0) } else { Block::Paragraph { runs: self.runs() } };
            blocks.push(block);
        }
        RichText { blocks }
    }

    pub(super) fn day(&mut self) -> CivilDate {
        let number = |roll: usize| i8::try_from(roll + 1).expect("it fits");
        CivilDate::new(2025, number(self.roll(12)), number(self.roll(28))).expect("a day of the calendar")
    }

    pub(super) fn content(&mut self, question: &Question) -> Content {
        match &question.kind {
            QuestionKind::RichText { .. } if self.one_in(6) => Content::Unanswered,
            QuestionKind::RichText { .. } => Content::Answered { value: Value::RichText { text: self.text() } },
            QuestionKind::TickList { other, .. } => {
                let words = other.as_ref().filter(|_| self.one_in(2)).map(|_| RichText::from_plain(&self.sentence()));
                if self.one_in(4) { Content::Unknown { stated: words } } else { self.ticks(question, words) }
            }
            QuestionKind::TickGrid { .. } if self.one_in(4) => Content::Unknown { stated: None },
            QuestionKind::TickGrid { .. } => self.ticks(question, None),
            QuestionKind::YesNo { reasoning, .. } => {
                let words = (reasoning.is_some() || self.one_in(3)).then(|| RichText::from_plain(&self.sentence()));
                match self.roll(4) {
                    0 => Content::Unknown { stated: words },
                    1 if words.is_none() => Content::Unanswered,
                    roll => Content::Answered { value: Value::YesNo { is_yes: roll == 2, reasoning: words } },
                }
            }
            QuestionKind::Table { .. } if self.one_in(5) => Content::Unanswered,
            QuestionKind::Table { columns } => {
                let rows = (0..1 + self.roll(4)).map(|_| self.row(columns)).collect();
                Content::Answered { value: Value::Table { rows } }
            }
            QuestionKind::Date => Content::Answered { value: Value::Date { date: self.day(), has_short_year: self.one_in(3) } },
            QuestionKind::Choice { options } => match self.roll(3) {
                0 => Content::Unanswered,
                1 => Content::Unknown {
                    stated: Some(RichText::from_plain(&options.iter().map(|o| o.label.as_str()).collect::<Vec<_>>().join(" / "))),
                },
                _ => {
                    let option = options[self.roll(options.len())].id.clone();
                    Content::Answered {
                        value: Value::Choice { option, reason: self.one_in(2).then(|| RichText::from_plain(&self.sentence())) },
                    }
                }
            },
            QuestionKind::SignOff => {
                let value = Value::SignOff {
                    name: "Jo Bloggs".to_owned(),
                    role: "Data Protection Officer".to_owned(),
                    date: Some(self.day()),
                    signs: None,
                };
                Content::Answered { value }
            }
            QuestionKind::RiskRegister => Content::Unanswered,
        }
    }

    pub(super) fn ticks(&mut self, question: &Question, other: Option<RichText>) -> Content {
        let tick = |dice: &mut Self| if dice.one_in(2) { Tick::Ticked } else { Tick::NotTicked };
        let ticks = question.options().iter().map(|option| (option.id.clone(), tick(self))).collect();
        Content::Answered { value: Value::Ticks { ticks, other } }
    }

    pub(super) fn row(&mut self, columns: &[Column]) -> Row {
        let mut cells = BTreeMap::new();
        for (at, column) in columns.iter().enumerate() {
            if at > 0 && self.one_in(4) {
                continue;
            }
            let cell = match &column.kind {
                ColumnKind::Text => Cell::Text { text: format!("Co {}", self.words(2)) },
                ColumnKind::Country => Cell::Text { text: ["UK", "EU", "United States"][self.roll(3)].to_owned() },
                ColumnKind::Link => match self.roll(3) {
                    0 => Cell::Link { label: "Privacy policy".to_owned(), address: None },
                    1 => Cell::Link { label: "Privacy policy".to_owned(), address: Some("https://example.org/p?a=b".to_owned()) },
                    _ => Cell::Link { label: "https://example.org/x_y/".to_owned(), address: Some("https://example.org/x_y/".to_owned()) },
                },
                ColumnKind::Date => Cell::Date { date: self.day() },
                ColumnKind::Choice { options } => Cell::Choice { option: options[self.roll(options.len())].id.clone() },
            };
            cells.insert(column.id.clone(), cell);
        }
        Row { id: RowId(Uuid::nil()), cells }
    }
}

/// Neighbours with the same marks as one run.
fn merge(runs: Vec<Run>) -> Vec<Run> {
    let mut merged: Vec<Run> = Vec::new();
    for run in runs {
        match (merged.last_mut(), run) {
            (Some(Run::Text { text, bold, italic, link }), Run::Text { text: t, bold: b, italic: i, link: l })
                if (*bold, *italic, &*link) == (b, i, &l) =>
            {
                text.push_str(&t);
            }
            (_, run) => merged.push(run),
        }
    }
    merged
}
