//! How each element of the report is set: one constant an element, sizes and leadings in points.

use super::lines::Style;
use super::page::Ink;
use crate::typeface::Family::{Sans, Serif};

/// Parts words that stand apart, so that they are not heard as one: a space that no line drops.
pub(crate) const KEPT_SPACE: char = '\u{a0}';

/// The title of a part.
pub(crate) const PART: Style = Style::new(Serif, 28.0, 32.0, Ink::Accent).semibold();
/// The title of a section, in the side column.
pub(crate) const SECTION: Style = Style::new(Sans, 14.0, 16.0, Ink::Accent).semibold();
/// The title of a note, in the side column.
pub(crate) const NOTE: Style = Style::new(Sans, 11.0, 16.0, Ink::Accent).semibold();
/// A question.
pub(crate) const QUESTION: Style = Style::new(Sans, 11.5, 16.0, Ink::Text).semibold();
/// A question that marks some of its words itself.
pub(crate) const MARKED_QUESTION: Style = Style::new(Sans, 11.5, 16.0, Ink::Text);
/// Help and instructions.
pub(crate) const HELP: Style = Style::new(Sans, 10.5, 16.0, Ink::Muted);
/// Words of the form that ask nothing.
pub(crate) const PROSE: Style = Style::new(Sans, 10.5, 16.0, Ink::Text);
/// The officer's words.
pub(crate) const ANSWER: Style = Style::new(Serif, 11.0, 16.0, Ink::Text);
/// Said where there is no answer.
pub(crate) const NOTHING: Style = Style::new(Sans, 10.5, 16.0, Ink::Muted).slanted();
/// Said of what is to be confirmed.
pub(crate) const REMARK: Style = Style::new(Sans, 10.5, 16.0, Ink::Second).slanted();
/// The label of a box.
pub(crate) const TICK: Style = Style::new(Sans, 10.5, 16.0, Ink::Text);
/// The label of a box in a grid.
pub(crate) const GRID: Style = Style::new(Sans, 10.5, 14.5, Ink::Text);
/// A table's cell.
pub(crate) const CELL: Style = Style::new(Sans, 10.5, 14.0, Ink::Text);
/// A table's head.
pub(crate) const HEAD: Style = Style::new(Sans, 9.5, 13.0, Ink::Accent).semibold();
/// Labels, captions, small print.
pub(crate) const SMALL: Style = Style::new(Sans, 9.5, 14.0, Ink::Muted);
/// A short answer by its label.
pub(crate) const FACT: Style = Style::new(Serif, 11.0, 16.0, Ink::Text);
/// The label of a short answer.
pub(crate) const FACT_LABEL: Style = Style::new(Sans, 10.5, 16.0, Ink::Muted);
/// The result of the screening.
pub(crate) const RESULT: Style = Style::new(Serif, 17.0, 22.0, Ink::Accent).semibold();
/// The running header and footer.
pub(crate) const RUNNING: Style = Style::new(Sans, 9.0, 12.0, Ink::Muted);
/// The slogan at the foot.
pub(crate) const SLOGAN: Style = Style { tracking: 50.0, ..Style::new(Sans, 8.5, 12.0, Ink::Muted) };
/// A part in the contents.
pub(crate) const CONTENTS_PART: Style = Style::new(Serif, 11.5, 16.0, Ink::Accent).semibold();
/// A line of the contents.
pub(crate) const CONTENTS_LINE: Style = Style::new(Sans, 10.5, 16.0, Ink::Text);
