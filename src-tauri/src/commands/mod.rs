//! The commands, one file a topic, each a few lines over the use cases.

pub(crate) mod about;
pub(crate) mod backups;
pub(crate) mod editing;
pub(crate) mod history;
pub(crate) mod identity;
pub(crate) mod issuing;
pub(crate) mod keys;
pub(crate) mod pictures;
pub(crate) mod portfolio;
pub(crate) mod preview;
pub(crate) mod settings;
pub(crate) mod start;
pub(crate) mod transfer;
pub(crate) mod verify;
