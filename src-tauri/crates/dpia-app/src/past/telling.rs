//! A history and a comparison as lines to read, as the terminal shows them.

use super::comparing::Compared;
use super::moments::Past;
use super::tables::{comparison_table, format_fate, format_moment};
use super::views::{Difference, WordRun, WordRunKind};
use crate::error::AppError;
use crate::plain;

impl Past {
    /// The versions, and the entries by day, the newest first. Days are those of UTC.
    pub fn tell(&self) -> String {
        let view = self.view();
        let mut lines = vec![self.assessment.details.product.clone(), String::new(), "## Versions".to_owned()];
        if view.versions.is_empty() {
            lines.push("    none".to_owned());
        }
        for version in &view.versions {
            let since = match version.changes_since {
                1 => "1 change since".to_owned(),
                count => format!("{count} changes since"),
            };
            lines.push(format!("    {}  {}  {}, {}; {since}", version.number, version.at, version.name, version.person));
        }
        let mut day = String::new();
        for step in &view.steps {
            let this_day = step.at.0.strftime("%-d %B %Y").to_string();
            if this_day != day {
                lines.extend([String::new(), format!("## {this_day}")]);
                day = this_day;
            }
            let mut what: Vec<String> = step.questions.iter().map(ToString::to_string).collect();
            what.extend(step.besides.iter().cloned());
            let undo = if step.is_undo { " (undo or redo)" } else { "" };
            lines.push(format!("    {}  {}  {}: {}{undo}", step.number, step.at.0.strftime("%H:%M"), step.person, what.join(", ")));
        }
        lines.push(String::new());
        plain::join(&lines)
    }
}

impl Compared {
    /// What differs. Words that are gone stand in `[-…-]`, words that came in `{+…+}`.
    pub fn tell(&self) -> String {
        let comparison = &self.comparison;
        let count = match comparison.places.len() {
            1 => "1 place differs".to_owned(),
            count => format!("{count} places differ"),
        };
        let mut lines = vec![
            self.product.clone(),
            format!("From: {}", format_moment(&comparison.from)),
            format!("To:   {}", format_moment(&comparison.to)),
            format!("{count}; changes between the two: {}", comparison.changes),
        ];
        let mut section = "";
        for place in &comparison.places {
            if place.section != section {
                lines.extend([String::new(), format!("## {}", place.section)]);
                section = &place.section;
            }
            if let Some(question) = &place.question {
                lines.extend([String::new(), format!("{question}  {}", place.words)]);
            }
            place.differences.iter().for_each(|difference| format_difference(difference, &mut lines));
        }
        lines.push(String::new());
        plain::join(&lines)
    }

    /// What differs as a CSV file.
    pub fn to_table(&self) -> Result<Vec<u8>, AppError> {
        comparison_table(&self.comparison)
    }
}

fn format_difference(difference: &Difference, lines: &mut Vec<String>) {
    let indented = |indent: &str, text: &str| text.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>();
    match difference {
        Difference::State { before, after } => lines.push(format!("    {before} -> {after}")),
        Difference::Tick { label, before, after } => lines.push(format!("    {label}: {before} -> {after}")),
        Difference::Words { label, pieces } => {
            let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
            lines.extend(indented("    ", &format!("{label}{}", format_pieces(pieces))));
        }
        Difference::Setting => lines.push("    Formatting only".to_owned()),
        Difference::Row { fate, name, cells } => {
            lines.extend(indented("    ", &format!("{} {}", format_fate(*fate), name.lines().next().unwrap_or_default())));
            for cell in cells {
                lines.extend(indented("        ", &format!("{}: {}", cell.label, format_pieces(&cell.pieces))));
            }
        }
    }
}

fn format_pieces(pieces: &[WordRun]) -> String {
    pieces
        .iter()
        .map(|piece| match piece.kind {
            WordRunKind::Same => piece.text.clone(),
            WordRunKind::Removed => format!("[-{}-]", piece.text),
            WordRunKind::Added => format!("{{+{}+}}", piece.text),
        })
        .collect()
}
