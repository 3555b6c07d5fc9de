//! Footnotes that a conversion wrote out: `[^1]: words`, or `[1] words` where `[1]` was called further up. They belong to
//! the question in whose answer they were called, and what follows them to where it belonged before.

use crate::document::Line;
use crate::place::{Owner, Walk};
use std::collections::HashMap;

/// The longest name of a note, in bytes.
const LONGEST_NAME: usize = 40;
/// How far the further paragraphs of a note are set in.
const SET_IN: usize = 4;

/// The notes of a document, as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// By name: whose words called it.
    calls: HashMap<String, Owner>,
    /// In a note: whose the words before it were.
    before: Option<Owner>,
}

impl Notes {
    /// Turns aside where a note begins, and back where it ends.
    pub(crate) fn turn(&mut self, line: &Line, walk: &mut Walk) {
        let is_note = line.after_blank || self.before.is_some();
        let name = read_definition(&line.text).filter(|(name, is_marked)| is_note && (*is_marked || self.calls.contains_key(*name)));
        if let Some((name, _)) = name {
            if self.before.is_none() {
                self.before = Some(walk.owner);
            }
            let called = self.calls.get(name).copied();
            walk.owner = match (called, walk.owner) {
                (_, Owner::Cover) => Owner::Cover,
                (Some(Owner::Question(question)), _) => Owner::Note(question),
                (Some(Owner::Cover | Owner::Title | Owner::Note(_)) | None, _) => Owner::Title,
            };
            walk.begins = true;
        } else if line.after_blank
            && line.indent < SET_IN
            && let Some(owner) = self.before.take()
        {
            (walk.owner, walk.begins) = (owner, true);
        }
    }

    /// Wording of the form ends a note.
    pub(crate) fn ended(self) -> Self {
        Self { before: None, ..self }
    }

    /// Remembers which notes a line calls, and whose its words are.
    pub(crate) fn note_calls(&mut self, line: &Line, owner: Owner) {
        if matches!(owner, Owner::Note(_)) || !line.text.contains('[') {
            return;
        }
        let mut at = 0;
        while let Some(open) = line.text[at..].find('[').map(|length| at + length) {
            at = open + 1;
            let inner = &line.text[at..];
            let Some(end) = inner.bytes().take(LONGEST_NAME).position(|b| b == b']') else { continue };
            let name = inner[..end].trim_start_matches('^');
            if open > 0 && !name.is_empty() && (inner.starts_with('^') || name.bytes().all(|b| b.is_ascii_digit())) {
                self.calls.entry(name.to_owned()).or_insert(owner);
            }
        }
    }
}

/// The name of the note that a line defines, and whether it is marked as a note.
fn read_definition(text: &str) -> Option<(&str, bool)> {
    let inner = text.trim_start().strip_prefix('[')?;
    let end = inner.bytes().take(LONGEST_NAME).position(|b| b == b']')?;
    let (name, rest) = (&inner[..end], &inner[end + 1..]);
    match (name.strip_prefix('^'), rest.strip_prefix(':')) {
        (Some(name), Some(_)) if !name.is_empty() => Some((name, true)),
        (None, _) if !name.is_empty() && name.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ') => Some((name, false)),
        (Some(_) | None, _) => None,
    }
}
