//! Rich text: a closed tree, not a markup language, so a typed "1. not a list" stays what it is.
//!
//! A list item and an answer hold blocks; a paragraph holds runs. Nothing else can be written down.

use crate::id::AttachmentId;
use serde::{Deserialize, Serialize};

/// A text of blocks, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct RichText {
    /// The blocks, first to last.
    pub blocks: Vec<Block>,
}

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its runs.
        runs: Vec<Run>,
    },
    /// A list marked by bullets.
    BulletedList {
        /// Its items.
        items: Vec<ListItem>,
    },
    /// A list marked by numbers that count up.
    NumberedList {
        /// The first item's number.
        start: u32,
        /// Its items.
        items: Vec<ListItem>,
    },
    /// A picture that is attached to the assessment.
    Picture {
        /// The attachment drawn.
        attachment: AttachmentId,
        /// What it shows, for those who cannot see it.
        description: String,
        /// The words under it; may be empty.
        caption: String,
    },
}

/// An item of a list; a list inside it is nested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct ListItem {
    /// The item's blocks.
    pub blocks: Vec<Block>,
}

/// A stretch of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Run {
    /// Words that share their marks.
    Text {
        /// The words.
        text: String,
        /// Set in bold.
        bold: bool,
        /// Set in italic.
        italic: bool,
        /// Where the words lead, if they are a link.
        link: Option<Link>,
    },
    /// The line ends here, the paragraph does not.
    Break,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The address; none where the label was kept and the address lost, to be confirmed.
    pub address: Option<String>,
}

impl Run {
    /// Words without a mark.
    pub fn plain(text: impl Into<String>) -> Self {
        Run::Text { text: text.into(), bold: false, italic: false, link: None }
    }
}

impl Block {
    /// A paragraph of words without a mark.
    pub fn plain(text: impl Into<String>) -> Self {
        Block::Paragraph { runs: vec![Run::plain(text)] }
    }
}

impl RichText {
    /// One paragraph a line; empty lines are left out.
    pub fn from_plain(text: &str) -> Self {
        Self { blocks: text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Block::plain).collect() }
    }

    /// Nothing to read and nothing to see: no word, no picture.
    pub fn is_blank(&self) -> bool {
        fn is_blank(block: &Block) -> bool {
            match block {
                Block::Paragraph { runs } => runs.iter().all(|run| match run {
                    Run::Text { text, .. } => text.trim().is_empty(),
                    Run::Break => true,
                }),
                Block::BulletedList { items } | Block::NumberedList { items, .. } => {
                    items.iter().all(|item| item.blocks.iter().all(is_blank))
                }
                Block::Picture { .. } => false,
            }
        }
        self.blocks.iter().all(is_blank)
    }

    /// The words alone: a line a paragraph or item, captions too, no list marks.
    pub fn plain_text(&self) -> String {
        let mut lines = Vec::new();
        collect_lines(&self.blocks, &mut lines);
        lines.join("\n")
    }

    /// The pictures drawn, in order, repeated where drawn twice.
    pub fn pictures(&self) -> Vec<AttachmentId> {
        fn collect(blocks: &[Block], found: &mut Vec<AttachmentId>) {
            for block in blocks {
                match block {
                    Block::Paragraph { .. } => {}
                    Block::BulletedList { items } | Block::NumberedList { items, .. } => {
                        items.iter().for_each(|item| collect(&item.blocks, found));
                    }
                    Block::Picture { attachment, .. } => found.push(*attachment),
                }
            }
        }
        let mut found = Vec::new();
        collect(&self.blocks, &mut found);
        found
    }

    /// Gives each picture that is drawn the id that `map` makes of its own.
    pub fn map_pictures(&mut self, map: &impl Fn(AttachmentId) -> AttachmentId) {
        fn map_in(blocks: &mut [Block], map: &impl Fn(AttachmentId) -> AttachmentId) {
            for block in blocks {
                match block {
                    Block::Paragraph { .. } => {}
                    Block::BulletedList { items } | Block::NumberedList { items, .. } => {
                        items.iter_mut().for_each(|item| map_in(&mut item.blocks, map));
                    }
                    Block::Picture { attachment, .. } => *attachment = map(*attachment),
                }
            }
        }
        map_in(&mut self.blocks, map);
    }

    /// The deepest list inside a list; 0 without lists. A reader of foreign files bounds it.
    pub fn depth(&self) -> usize {
        fn depth(blocks: &[Block]) -> usize {
            blocks
                .iter()
                .map(|block| match block {
                    Block::BulletedList { items } | Block::NumberedList { items, .. } => {
                        1 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0)
                    }
                    Block::Paragraph { .. } | Block::Picture { .. } => 0,
                })
                .max()
                .unwrap_or(0)
        }
        depth(&self.blocks)
    }
}

/// The words of these runs on one line, a break as a space.
pub fn plain_runs(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| match run {
            Run::Text { text, .. } => text.as_str(),
            Run::Break => " ",
        })
        .collect()
}

fn collect_lines(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph { runs } => lines.push(
                runs.iter()
                    .map(|run| match run {
                        Run::Text { text, .. } => text.as_str(),
                        Run::Break => "\n",
                    })
                    .collect(),
            ),
            Block::BulletedList { items } | Block::NumberedList { items, .. } => {
                items.iter().for_each(|item| collect_lines(&item.blocks, lines));
            }
            Block::Picture { caption, .. } => {
                if !caption.is_empty() {
                    lines.push(caption.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_every_word_and_no_mark() {
        let text = RichText {
            blocks: vec![
                Block::Paragraph { runs: vec![Run::plain("One"), Run::Break, Run::plain("two")] },
                Block::BulletedList {
                    items: vec![ListItem {
                        blocks: vec![
                            Block::plain("three"),
                            Block::NumberedList { start: 4, items: vec![ListItem { blocks: vec![Block::plain("four")] }] },
                        ],
                    }],
                },
            ],
        };
        assert_eq!(text.plain_text(), "One\ntwo\nthree\nfour");
        assert_eq!(text.depth(), 2);
    }

    #[test]
    fn spaces_alone_are_blank() {
        let check = |text: &RichText, blank: bool| assert_eq!(text.is_blank(), blank);
        check(&RichText::default(), true);
        check(&RichText { blocks: vec![Block::plain("  "), Block::Paragraph { runs: vec![Run::Break] }] }, true);
        check(&RichText::from_plain("a\n\nb"), false);
    }
}
