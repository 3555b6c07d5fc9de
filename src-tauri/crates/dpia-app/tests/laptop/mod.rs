//! What the tests share: a laptop with a folder and a keychain of its own, an officer, a report to ask for.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use dpia_app::editing::Typed;
use dpia_app::importing::{Imported, Resolution};
use dpia_app::printing::{MissingCharacters, ReportRequest, ReportSignature};
use dpia_app::{Person, System, Workspace};
use dpia_keys::fake::MemoryKeychain;
use dpia_model::id::{AssessmentId, QuestionId};
use dpia_model::rich_text::RichText;
use dpia_model::{CopyKind, Extent};
use std::path::{Path, PathBuf};

pub(crate) fn internal(signature: ReportSignature) -> ReportRequest {
    ReportRequest { copy: CopyKind::Internal, extent: Extent::Whole, signature, missing_characters: MissingCharacters::Refuse }
}

pub(crate) fn customer(client: &str) -> ReportRequest {
    let copy = CopyKind::Customer { client: client.to_owned(), included: Default::default() };
    ReportRequest { copy, extent: Extent::Whole, signature: ReportSignature::Certified, missing_characters: MissingCharacters::Refuse }
}

pub(crate) struct Laptop {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) keychain: MemoryKeychain,
}

impl Laptop {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), keychain: MemoryKeychain::new() }
    }

    pub(crate) fn try_open(&self) -> Result<Workspace, dpia_app::AppError> {
        Workspace::open_with(&self.data(), &self.keychain, Box::new(System))
    }

    pub(crate) fn open(&self) -> Workspace {
        self.try_open().unwrap()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

pub(crate) fn officer() -> Person {
    Person { name: "Sam Łęcki".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() }
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/documents").join(name)
}

/// Takes in a bundle that nobody known signed, as an officer does who answers that it is to be opened.
pub(crate) fn take_in(workspace: &Workspace, file: &Path) -> AssessmentId {
    let Imported::Asked { ticket, .. } = workspace.imports.import_file(file).unwrap() else { panic!("it was not asked about") };
    let Some(Imported::Bundle { assessment }) = workspace.imports.settle(ticket, Resolution::Open).unwrap() else { panic!() };
    assessment
}

pub(crate) fn aims() -> QuestionId {
    "purpose.aims".parse().unwrap()
}

pub(crate) fn prose(words: &str) -> Typed {
    Typed::Words { text: RichText::from_plain(words) }
}

pub(crate) fn words(workspace: &Workspace, id: AssessmentId) -> String {
    let now = workspace.editor.open(id).unwrap().now;
    now.answers.get(&aims()).and_then(|answer| answer.as_ref()?.content.rich_text()).map(RichText::plain_text).unwrap_or_default()
}
