//! What a data protection impact assessment (DPIA) is.
//!
//! Pure: no input or output, no clock, no randomness, no threads. Time, ids and people are handed in, so the same
//! input gives the same output everywhere. The form itself is data: see [`template`].

pub mod answer_text;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
pub mod assessment;
mod brand;
pub mod change;
pub mod copy;
pub mod date;
pub mod history;
pub mod id;
pub mod progress;
pub mod rich_text;
pub mod screening;
pub mod template;
pub mod version;

pub use assessment::{Answer, Assessment, Content, Value};
pub use brand::{Brand, BrandError, Colour, Typeface, contrast_ratio};
pub use change::{Change, ChangeError};
pub use copy::{CopyKind, Extent};
pub use date::{CivilDate, Instant};
pub use history::Entry;
pub use rich_text::{Block, Link, ListItem, RichText, Run};
pub use template::{Edition, Form, Pack, Question, QuestionKind};
