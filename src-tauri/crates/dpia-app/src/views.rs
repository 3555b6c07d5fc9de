//! What a window is told. The shapes cross to the web front end; every rule behind them stays here.

use crate::editing::Typed;
use crate::error::AppError;
use crate::files;
use crate::keys::UnlockWays;
use crate::provenance::Provenance;
use dpia_model::assessment::{Answer, Content, Details, Unplaced};
use dpia_model::date::{CivilDate, Instant};
use dpia_model::history::Relation;
use dpia_model::id::{AssessmentId, AttachmentId, EditionId, QuestionId, RowId, SectionId};
use dpia_model::progress::{Counts, Progress};
use dpia_model::screening::Screening;
use dpia_model::{Brand, Form};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// How the start went.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Start {
    /// The assessments can be worked on.
    Ready {
        /// The officer, once known.
        person: Option<Person>,
        /// Nothing was ever done here.
        is_first_run: bool,
    },
    /// They cannot be opened.
    Locked {
        /// Why, and the way on.
        failure: AppError,
        /// What else opens them.
        ways: UnlockWays,
    },
}

/// The officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name, as signed.
    pub name: String,
    /// Role, such as "Data Protection Officer".
    pub role: String,
    /// Organisation.
    pub organisation: String,
    /// E-mail address.
    pub email: String,
}

/// An assessment in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Summary {
    /// Which.
    pub id: AssessmentId,
    /// The product.
    pub product: String,
    /// The edition.
    pub edition: EditionId,
    /// When it was last edited.
    pub changed_at: Instant,
    /// The next review; none where not set.
    pub next_review: Option<CivilDate>,
    /// Over all sections.
    pub counts: Counts,
    /// A section's counts each, in the groups of the form: Part 1, Part 2, internal.
    pub groups: Vec<Vec<Counts>>,
}

/// A place that a search found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Hit {
    /// The assessment.
    pub assessment: AssessmentId,
    /// The question; none where the words stand elsewhere, such as in the product's name.
    pub question: Option<QuestionId>,
    /// The name of the section that the words stand in.
    pub label: String,
    /// The words before.
    pub before: String,
    /// The words found.
    pub found: String,
    /// The words after.
    pub after: String,
}

/// An assessment as an editor shows it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct AssessmentView {
    /// Which.
    pub id: AssessmentId,
    /// Its form.
    pub form: Form,
    /// What it says now, all of it.
    pub now: Update,
    /// What was typed before the program ended and no answer can hold yet, by question.
    pub typed: BTreeMap<QuestionId, Typed>,
}

/// What came of typing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Saved {
    /// When it was made durable.
    pub saved_at: Instant,
    /// The ids of the rows, risks and measures that were typed without one, in their order: a risk before its measures.
    pub new_ids: Vec<RowId>,
    /// Whether the answer holds all that was typed. The rest, such as half a date, is kept as it was typed.
    pub is_whole: bool,
    /// What a history entry of it changed; none where none was asked for.
    pub update: Option<Update>,
}

/// What an edit, an undo or a redo changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Update {
    /// The revision: the last history entry's sequence.
    pub revision: u32,
    /// The cover; none where it is as it was.
    pub details: Option<Details>,
    /// The answers that changed; none for a question that has no answer now.
    pub answers: BTreeMap<QuestionId, Option<Answer>>,
    /// What has no place; none where that is as it was.
    pub unplaced: Option<Vec<Unplaced>>,
    /// How far it is.
    pub progress: Progress,
    /// The screening.
    pub screening: Screening,
    /// The sign-offs after which something was changed.
    pub changed_since_sign_off: Vec<QuestionId>,
    /// There is something to undo.
    pub can_undo: bool,
    /// There is something to redo.
    pub can_redo: bool,
    /// When it was last made durable.
    pub saved_at: Instant,
}

/// A line of an import report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ReportItem {
    /// Where: a question's words, or the line and heading of the document.
    pub place: String,
    /// The words.
    pub words: String,
    /// Why, where it needs saying.
    pub reason: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ImportView {
    /// The assessment made.
    pub assessment: AssessmentId,
    /// The document's file name.
    pub document: String,
    /// The product.
    pub product: String,
    /// The edition chosen.
    pub edition: EditionId,
    /// How many questions of the edition were found in the document.
    pub questions_found: u32,
    /// How many it asks, those of the internal sections not counted.
    pub questions_asked: u32,
    /// What is odd about the text of the document, a sentence each.
    pub remarks: Vec<String>,
    /// Answers found.
    pub placed: Vec<ReportItem>,
    /// Answers to be confirmed.
    pub unknown: Vec<ReportItem>,
    /// Text without a place, kept.
    pub unplaced: Vec<ReportItem>,
    /// Wording that differs from the edition's.
    pub differences: Vec<ReportItem>,
    /// What was left out, and why.
    pub left_out: Vec<ReportItem>,
}

/// What a chosen file led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Imported {
    /// A document was read.
    Document {
        /// The account of it.
        report: ImportView,
    },
    /// Fewer than half of the questions were found in a document: it may be another form, and is not kept before somebody says so.
    Partly {
        /// The account of it.
        report: ImportView,
        /// Names the document in the answer.
        ticket: u32,
    },
    /// A bundle was opened.
    Bundle {
        /// The assessment that it holds.
        assessment: AssessmentId,
    },
    /// A bundle is sealed, and waits for its passphrase.
    Sealed {
        /// The name of the file.
        name: String,
        /// Names the bundle in the answer.
        ticket: u32,
    },
    /// A bundle waits for an answer, since nobody known vouches for it or it brings templates of its own: nothing of it
    /// was taken in yet.
    Asked {
        /// The product that it says it is about.
        product: String,
        /// Where it comes from.
        provenance: Provenance,
        /// Names the bundle in the answer.
        ticket: u32,
    },
    /// The bundle's assessment is here already: ask what to do.
    AlreadyHere {
        /// The assessment.
        assessment: AssessmentId,
        /// Its product.
        product: String,
        /// The revision that is here.
        here: u32,
        /// The revision in the bundle.
        in_bundle: u32,
        /// How the bundle's stands to the one that is here; never the same.
        relation: Relation,
        /// Where the bundle comes from.
        provenance: Provenance,
        /// Names the bundle in the answer.
        ticket: u32,
    },
}

/// An answer that a question had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct PastAnswer {
    /// The number of the entry that gave it; 0 as the assessment began.
    pub number: u32,
    /// Who; none as it began.
    pub person: Option<String>,
    /// When; none as it began.
    pub at: Option<Instant>,
    /// It came of taking back another, or of bringing that back.
    pub is_undo: bool,
    /// The answer in plain words, line by line.
    pub lines: Vec<String>,
    /// The answer.
    pub content: Content,
}

/// A letter that no font has: it is printed as a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct MissingLetter {
    /// The letter, as a reader counts them.
    pub letter: String,
    /// The first words it stands in.
    pub words: String,
    /// The section it stands in, by its title.
    pub section: String,
}

/// The brand as settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BrandView {
    /// What reports are printed in.
    pub brand: Brand,
    /// Its picture, if it has one that is here.
    pub logo: Option<Picture>,
    /// The brand that comes with the program.
    pub standard: Brand,
}

/// Which copy a preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum PreviewCopy {
    /// Every part.
    Internal,
    /// What any client receives.
    Customer,
}

/// A preview that was drawn; its bytes are asked for by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct PreviewView {
    /// Names it.
    pub number: u32,
    /// Its pages, covers included.
    pub pages: u32,
    /// Where each section and question begins, in the order of the form.
    pub places: Vec<Beginning>,
}

/// Where something of the form begins in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Beginning {
    /// What begins.
    pub what: Printed,
    /// Its page, counted from 0.
    pub page: u32,
    /// How far down the page, in points.
    pub down: u32,
}

/// What of a form can be found in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Printed {
    /// A section.
    Section {
        /// Which.
        section: SectionId,
    },
    /// A question.
    Question {
        /// Which.
        question: QuestionId,
    },
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Written {
    /// Its name, without the folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u32,
    /// Pages, for a PDF.
    pub pages: Option<u32>,
    /// Whether its manifest is signed, for a bundle.
    pub signing: Option<Signing>,
}

impl Written {
    /// Bytes that were written to a place, which have no pages and no manifest.
    pub(crate) fn of(path: &Path, bytes: &[u8]) -> Self {
        Self { name: files::name_of(path), bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX), pages: None, signing: None }
    }
}

/// Whether a bundle that goes out is signed, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    /// With the officer's identity.
    Signed,
    /// Not: the life of its certificate is over, or has not begun.
    NotInForce,
    /// Not: there is no identity.
    NoIdentity,
}

/// An attached picture to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Picture {
    /// Its id.
    pub id: AttachmentId,
    /// A `data:` address of its bytes.
    pub address: String,
}
