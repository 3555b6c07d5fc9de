//! Native dialogs. They are opened here and their answers stay here: no path crosses to the web view.

use std::path::PathBuf;

/// Kinds of file that a dialog asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A document or a bundle to bring in.
    Importable,
    /// A PDF or a bundle to verify.
    Verifiable,
    /// A picture.
    Picture,
    /// A PDF.
    Pdf,
    /// A bundle.
    Bundle,
    /// A list of clients.
    Clients,
    /// An identity in a PKCS#12 file.
    Identity,
    /// A certificate.
    Certificate,
    /// A history as a table.
    History,
    /// A recovery key's sheet.
    RecoveryKey,
    /// A copy of the key file.
    KeyFile,
}

impl FileKind {
    fn filter(self) -> (&'static str, &'static [&'static str]) {
        match self {
            FileKind::Importable => ("Assessments and documents", &["dpia", "pdf", "txt", "md"]),
            FileKind::Verifiable => ("PDFs and bundles", &["pdf", "dpia"]),
            FileKind::Picture => ("Pictures", &["png", "jpg", "jpeg"]),
            FileKind::Pdf => ("PDF", &["pdf"]),
            FileKind::Bundle => ("DPIA bundle", &["dpia"]),
            FileKind::Identity => ("Identities (PKCS#12)", &["p12", "pfx"]),
            FileKind::Certificate => ("Certificates", &["pem"]),
            FileKind::RecoveryKey => ("Text", &["txt"]),
            FileKind::KeyFile => ("Key files", &["json"]),
            FileKind::History => ("Table (CSV)", &["csv"]),
            FileKind::Clients => ("Lists of clients", &["csv", "tsv", "txt"]),
        }
    }
}

/// Asks the person for places. Each call waits for the answer, so it belongs on a thread of its own; none is an answer
/// that was not given.
pub(crate) trait Dialogs: Send + Sync {
    /// A file to open.
    fn choose_file(&self, kind: FileKind) -> Option<PathBuf>;
    /// A place to write to; the person has agreed to replace what is there.
    fn choose_place(&self, kind: FileKind, suggested_name: &str) -> Option<PathBuf>;
    /// A folder to write to.
    fn choose_folder(&self) -> Option<PathBuf>;
}

/// The desktop's own dialogs.
pub(crate) struct NativeDialogs(pub(crate) tauri::AppHandle);

impl NativeDialogs {
    fn builder(&self, kind: FileKind) -> tauri_plugin_dialog::FileDialogBuilder<tauri::Wry> {
        let (name, extensions) = kind.filter();
        self.plain_builder().add_filter(name, extensions)
    }

    fn plain_builder(&self) -> tauri_plugin_dialog::FileDialogBuilder<tauri::Wry> {
        use tauri::Manager as _;
        use tauri_plugin_dialog::DialogExt as _;
        let builder = self.0.dialog().file();
        match self.0.get_webview_window("main") {
            Some(window) => builder.set_parent(&window),
            None => builder,
        }
    }
}

impl Dialogs for NativeDialogs {
    fn choose_file(&self, kind: FileKind) -> Option<PathBuf> {
        self.builder(kind).blocking_pick_file()?.into_path().ok()
    }

    fn choose_place(&self, kind: FileKind, suggested_name: &str) -> Option<PathBuf> {
        self.builder(kind).set_file_name(suggested_name).blocking_save_file()?.into_path().ok()
    }

    fn choose_folder(&self) -> Option<PathBuf> {
        self.plain_builder().blocking_pick_folder()?.into_path().ok()
    }
}

/// Answers from a file, for the end-to-end test: a JSON list of paths, of which each request takes the first.
#[cfg(feature = "test-dialogs")]
pub(crate) struct ScriptedDialogs(pub(crate) PathBuf);

#[cfg(feature = "test-dialogs")]
impl ScriptedDialogs {
    fn take(&self) -> Option<PathBuf> {
        let script = std::fs::read(&self.0).ok()?;
        let mut answers: Vec<PathBuf> = serde_json::from_slice(&script).ok()?;
        if answers.is_empty() {
            return None;
        }
        let answer = answers.remove(0);
        std::fs::write(&self.0, serde_json::to_vec(&answers).ok()?).ok()?;
        Some(answer)
    }
}

#[cfg(feature = "test-dialogs")]
impl Dialogs for ScriptedDialogs {
    fn choose_file(&self, _kind: FileKind) -> Option<PathBuf> {
        self.take()
    }

    fn choose_place(&self, _kind: FileKind, _suggested_name: &str) -> Option<PathBuf> {
        self.take()
    }

    fn choose_folder(&self) -> Option<PathBuf> {
        self.take()
    }
}
