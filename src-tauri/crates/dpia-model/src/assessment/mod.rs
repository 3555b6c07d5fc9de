//! An assessment: the answers somebody gave on one edition of the form, with where each came from.
//!
//! Unknown is a state of its own, never "no"; what an import could not place stays with the assessment.

mod answer;
mod import_record;
mod risk;

pub use answer::{Answer, Cell, Content, Origin, Row, Tick, Value};
pub use import_record::{Difference, DifferenceKind, ImportRecord, LeftOut, LeftOutReason, Place, Unplaced};
pub use risk::{Effect, Measure, Risk};

use crate::date::CivilDate;
use crate::id::{AssessmentId, AttachmentId, Digest, EditionId, PackId, QuestionId};
use crate::rich_text::RichText;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One data protection impact assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The same for its whole life.
    pub id: AssessmentId,
    /// The edition it is written on, and shown and printed in.
    pub edition: EditionId,
    /// The pack of internal sections.
    pub pack: PackId,
    /// What is on the cover.
    pub details: Details,
    /// The answers; a question without one is unanswered.
    pub answers: BTreeMap<QuestionId, Answer>,
    /// What an import could not place, in the order of the document.
    pub unplaced: Vec<Unplaced>,
    /// What is known of each attached picture; the bytes are kept beside.
    pub attachments: BTreeMap<AttachmentId, Attachment>,
    /// The document it was read from, if it was.
    pub imported: Option<ImportRecord>,
}

/// What is on the cover and the back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// The product assessed.
    pub product: String,
    /// The date of the document.
    pub date: DocumentDate,
    /// The version in words, such as "3" or "2.1".
    pub version: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The year of the copyright line.
    pub copyright_year: Option<i16>,
}

impl Details {
    /// The same with each name on one line and every letter of it to be seen.
    #[must_use]
    pub fn on_one_line(self) -> Self {
        let line = |words: String| one_line(&words).trim().to_owned();
        Self { product: line(self.product), version: self.version.map(line), author: self.author.map(line), ..self }
    }
}

/// A name on one line: a space in the place of each letter that cannot be seen or that turns the direction of what follows
/// (UAX #9, 2).
pub fn one_line(name: &str) -> String {
    name.chars().map(|letter| if is_hidden(letter) { ' ' } else { letter }).collect()
}

/// Control characters, ends of lines, and letters that turn the direction of what follows: no name has one.
pub fn is_hidden(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The date of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum DocumentDate {
    /// Not given yet.
    #[default]
    Unanswered,
    /// Given in a way that cannot be read.
    Unknown {
        /// The words that stood for it.
        as_written: String,
    },
    /// Known.
    Known {
        /// The day.
        date: CivilDate,
        /// The year was read from two digits.
        has_short_year: bool,
    },
}

/// What is known of an attached picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The kind of picture.
    pub media_type: MediaType,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes as stored.
    pub bytes: u32,
}

/// The kinds of picture that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub enum MediaType {
    /// Portable Network Graphics.
    #[serde(rename = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
}

impl Assessment {
    /// An assessment with no answer yet.
    pub fn new(id: AssessmentId, edition: EditionId, pack: PackId, product: impl Into<String>) -> Self {
        Self {
            id,
            edition,
            pack,
            details: Details { product: product.into(), ..Details::default() },
            answers: BTreeMap::new(),
            unplaced: Vec::new(),
            attachments: BTreeMap::new(),
            imported: None,
        }
    }

    /// The content of the answer to this question.
    pub fn content(&self, question: &QuestionId) -> &Content {
        self.answers.get(question).map_or(&Content::Unanswered, |answer| &answer.content)
    }

    /// The value of the answer to this question, if it has one.
    pub fn value(&self, question: &QuestionId) -> Option<&Value> {
        match self.content(question) {
            Content::Answered { value } => Some(value),
            Content::Unanswered | Content::Unknown { .. } | Content::NotApplicable { .. } | Content::Withheld => None,
        }
    }

    /// The prose of the answer to this question, if it is prose.
    pub fn text(&self, question: &QuestionId) -> Option<&RichText> {
        match self.value(question) {
            Some(Value::RichText { text }) => Some(text),
            _ => None,
        }
    }

    /// What a sign-off signs: the SHA-256 over everything but the sign-offs themselves. Two assessments that say the
    /// same have the same digest.
    pub fn content_digest(&self) -> Digest {
        let mut signed = self.clone();
        signed
            .answers
            .retain(|_, answer| !matches!(answer.content, Content::Answered { value: Value::SignOff { .. } } | Content::Unanswered));
        // The tree has string keys and finite numbers only, so it always serialises.
        Digest::of(&serde_json::to_vec(&signed).unwrap_or_default())
    }

    /// The sign-offs after which something was changed.
    pub fn changed_since_sign_off(&self) -> Vec<QuestionId> {
        let now = self.content_digest();
        self.answers
            .iter()
            .filter(|(_, answer)| {
                matches!(&answer.content, Content::Answered { value: Value::SignOff { signs: Some(signed), .. } } if *signed != now)
            })
            .map(|(question, _)| question.clone())
            .collect()
    }

    /// Every rich text it holds, in the order of question ids, the unplaced ones last.
    pub fn rich_texts(&self) -> impl Iterator<Item = &RichText> {
        self.answers.values().filter_map(|answer| answer.content.rich_text()).chain(self.unplaced.iter().map(|piece| &piece.text))
    }

    /// Gives each picture the id that `map` makes of its own, where it is attached and wherever it is drawn.
    pub fn map_attachments(&mut self, map: impl Fn(AttachmentId) -> AttachmentId) {
        self.attachments = std::mem::take(&mut self.attachments).into_iter().map(|(id, known)| (map(id), known)).collect();
        let answers = self.answers.values_mut().filter_map(|answer| answer.content.rich_text_mut());
        answers.chain(self.unplaced.iter_mut().map(|piece| &mut piece.text)).for_each(|text| text.map_pictures(&map));
    }

    /// The pictures that some text draws.
    pub fn pictures_drawn(&self) -> BTreeSet<AttachmentId> {
        self.rich_texts().flat_map(RichText::pictures).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich_text::{Block, ListItem};

    #[test]
    fn a_picture_gets_another_id_where_it_is_drawn_and_not_where_its_id_is_quoted() {
        let [old, new, other] = ["old", "new", "other"].map(|name| Digest::of(name.as_bytes()));
        let draw = |id| Block::Picture { attachment: id, description: old.to_string(), caption: String::new() };
        let text = |id| RichText {
            blocks: vec![
                Block::plain(old.to_string()),
                Block::BulletedList { items: vec![ListItem { blocks: vec![draw(id), draw(other)] }] },
            ],
        };
        let content = |id| {
            [
                Content::Answered { value: Value::RichText { text: text(id) } },
                Content::Answered { value: Value::YesNo { is_yes: true, reasoning: Some(text(id)) } },
                Content::Unknown { stated: Some(text(id)) },
            ]
        };
        let known = Attachment { media_type: MediaType::Png, width: 1, height: 1, bytes: 1 };
        let assessment = |id| {
            let mut made =
                Assessment::new(AssessmentId(uuid::Uuid::nil()), "2026.1".parse().unwrap(), "internal-1".parse().unwrap(), "A product");
            made.attachments = BTreeMap::from([(id, known.clone()), (other, known.clone())]);
            for (question, content) in ["a.one", "a.two", "a.three"].into_iter().zip(content(id)) {
                made.answers.insert(question.parse().unwrap(), Answer { content, origin: None });
            }
            made
        };
        let mut changed = assessment(old);
        changed.map_attachments(|id| if id == old { new } else { id });
        assert_eq!(changed, assessment(new));
    }
}
