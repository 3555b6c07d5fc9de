//! The form as data. An [`Edition`] is the company's template as it was at a time, to the letter, and never changes
//! once released. A [`Pack`] holds the internal sections, appendices and scales. Together they make a [`Form`], which is
//! all that the window, the import and the report know of a template: a new edition needs no code.

mod form;
mod library;
mod load;
mod mark_up;
mod question;
mod roles;

pub use form::{Form, FormError, Part, RiskExample, RiskPair, RiskScales, ScaleStep, ScreeningRule, Section, SectionItem, Tone};
pub use library::{Library, NEWEST_EDITION, NEWEST_PACK};
pub use load::{Edition, Pack, TemplateError};
pub use mark_up::parse_marks;
pub use question::{
    AnswerMismatch, Column, ColumnKind, Condition, ConditionValue, Guidance, Labelled, Opt, Question, QuestionKind, label_in,
};
pub use roles::{QuestionRole, Treatment};
