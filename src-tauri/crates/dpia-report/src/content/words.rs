//! Runs of the model as words of the report: links resolved, what is left out said so.

use super::Writer;
use super::tree::{Anchor, AnswerBlock, Target, TextRun, Words};
use dpia_model::id::AttachmentId;
use dpia_model::rich_text::{Block, Link, RichText, Run};

/// Said after the label of a link whose address is lost.
pub(crate) const ADDRESS_LOST: &str = "link address to be confirmed";

/// A moment as people read it, with its zone.
pub(crate) fn format_moment(at: jiff::Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

impl Writer<'_> {
    /// Wording of the form; a part that it cites and this copy has not is said to be missing.
    pub(crate) fn form_words(&self, runs: &[Run]) -> Words {
        let mut words = Words(runs.iter().flat_map(|run| self.pieces(run, false)).collect());
        let text = words.text();
        for title in &self.omitted {
            if cites(&text, title) {
                words = words.and_italic(format!(" {title} is not part of this copy."));
            }
        }
        words
    }

    /// Blocks of rich text.
    pub(crate) fn answer_blocks(&mut self, text: &RichText) -> Vec<AnswerBlock> {
        self.blocks(&text.blocks)
    }

    fn blocks(&mut self, blocks: &[Block]) -> Vec<AnswerBlock> {
        blocks
            .iter()
            .filter_map(|block| match block {
                Block::Paragraph { runs } => {
                    let words = Words(runs.iter().flat_map(|run| self.pieces(run, true)).collect());
                    (!words.is_blank()).then_some(AnswerBlock::Paragraph(words))
                }
                Block::BulletedList { items } => {
                    let items = items.iter().map(|item| self.blocks(&item.blocks)).collect();
                    Some(AnswerBlock::List { start: None, items })
                }
                Block::NumberedList { start, items } => {
                    let items = items.iter().map(|item| self.blocks(&item.blocks)).collect();
                    Some(AnswerBlock::List { start: Some(*start), items })
                }
                Block::Picture { attachment, description, caption } => {
                    let at = self.number_picture(*attachment);
                    // A figure without words fails those who cannot see it; its caption is better than nothing.
                    let description = [description, caption].into_iter().find(|words| !words.trim().is_empty());
                    let description = description.map_or("A picture without a description", String::as_str).to_owned();
                    Some(AnswerBlock::Picture { picture: Some(at), description, caption: Words::plain(caption.as_str()) })
                }
            })
            .collect()
    }

    /// The number of a picture, the same each time it is drawn.
    pub(crate) fn number_picture(&mut self, attachment: AttachmentId) -> usize {
        let known = self.pictures.iter().position(|known| *known == attachment);
        known.unwrap_or_else(|| {
            self.pictures.push(attachment);
            self.pictures.len() - 1
        })
    }

    /// The pieces of a run. An answer says where the address of a link is lost; the form's own wording stays as it is.
    fn pieces(&self, run: &Run, is_answer: bool) -> Vec<TextRun> {
        let Run::Text { text, bold, italic, link } = run else { return vec![TextRun::Break] };
        let target = link.as_ref().and_then(|link| self.target(link));
        let is_lost = is_answer && matches!(link, Some(Link { address: None }));
        let mut pieces = Vec::new();
        // A line break in the words ends the line here as well.
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                pieces.push(TextRun::Break);
            }
            pieces.push(TextRun::Text { text: line.to_owned(), bold: *bold, italic: *italic, link: target.clone(), is_remark: false });
        }
        if is_lost {
            pieces.extend(Words::default().and_remark(format!(" ({ADDRESS_LOST})")).0);
        }
        pieces
    }

    /// Where a link leads; none for a place that this copy has not.
    fn target(&self, link: &Link) -> Option<Target> {
        let address = link.address.as_deref()?.trim();
        if let Some(id) = address.strip_prefix('#') {
            let found =
                ["part", "section"].map(|kind| Anchor(format!("{kind}.{id}"))).into_iter().find(|place| self.places.contains(place));
            return found.map(Target::Anchor);
        }
        can_lead(address).then(|| Target::Address(address.to_owned()))
    }
}

/// The longest address that a link leads to, in bytes: many programs take no longer one, and it is written once for each line.
const MOST_ADDRESS: usize = 2048;

/// Whether a link may lead to an address: to a page or a mailbox, or one without a scheme. A file, a script or a program
/// to start stays plain words, and so does an address that is too long.
pub(super) fn can_lead(address: &str) -> bool {
    if address.len() > MOST_ADDRESS {
        return false;
    }
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_scheme =
        |scheme: &String| !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    match scheme.filter(is_scheme) {
        Some(scheme) => ["http", "https", "mailto", "tel"].contains(&scheme.as_str()),
        None => !address.is_empty(),
    }
}

/// Whether words name a part by its whole title.
fn cites(text: &str, title: &str) -> bool {
    text.match_indices(title).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + title.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_pages_and_mailboxes_alone() {
        let check = |address: &str, expected: bool| assert_eq!(can_lead(address), expected, "{address}");
        check("https://example.org", true);
        check("HTTP://example.org", true);
        check("mailto:dpo@example.org", true);
        check("www.example.org/a:b", true);
        check("javascript:alert(1)", false);
        check("file:///etc/passwd", false);
        check("", false);
    }

    #[test]
    fn a_part_is_cited_by_its_whole_title_only() {
        let check = |text: &str, expected: bool| assert_eq!(cites(text, "Appendix A"), expected, "{text}");
        check("There are notes in Appendix A to assist you.", true);
        check("See Appendix A.", true);
        check("See Appendix About.", false);
        check("See appendix a.", false);
    }
}
