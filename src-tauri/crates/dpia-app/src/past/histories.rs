//! The histories of a workspace: what its assessments said before.

use crate::editing::Editor;
use crate::keys::Vault;
use std::sync::Arc;

/// What the assessments of a workspace said before.
pub struct Histories {
    pub(super) vault: Arc<Vault>,
    pub(super) editor: Editor,
}

impl Histories {
    /// The histories in a vault.
    pub(crate) fn new(vault: Arc<Vault>, editor: Editor) -> Self {
        Self { vault, editor }
    }
}
