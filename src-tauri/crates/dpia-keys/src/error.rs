//! The one error of this crate: what failed for a reason that lies outside keys and keychain.

use std::fmt;
use std::path::PathBuf;

/// What was to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It was to be read.
    Read,
    /// It was to be written.
    Write,
}

impl fmt::Display for Access {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Read => "read",
            Self::Write => "written",
        })
    }
}

/// Why keys could not be opened, made or used.
///
/// What a person can resolve at the keychain is not an error but an [`Obstacle`](crate::Obstacle).
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file or folder could not be read or written.
    #[error("{path} could not be {access}")]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What was to be done with it.
        access: Access,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file was not written.
    #[error(transparent)]
    NotWritten(#[from] dpia_files::FileError),
    /// The source of randomness failed; nothing was made.
    #[error("the source of random numbers failed")]
    NoRandomness(#[source] rand_core::Error),
    /// The key file could not be written as JSON.
    #[error("the key file could not be encoded")]
    NotEncoded(#[source] serde_json::Error),
    /// The key file is not the one that these keys were opened with: gone, damaged, or another database's.
    #[error("the key file {} was replaced while it was in use", .path.display())]
    KeyFileReplaced {
        /// Where the key file is.
        path: PathBuf,
    },
    /// Another program keeps the key file locked.
    #[error("another program is writing the key file {}", .path.display())]
    KeyFileBusy {
        /// Where the key file is.
        path: PathBuf,
    },
    /// A newer recovery key was made since.
    #[error("a newer recovery key was made since")]
    RecoveryKeyReplaced,
    /// Without this way nothing would be left that is known to open the database.
    #[error("nothing else is known to open the database")]
    LastWay,
    /// A new passphrase is needed, and none was given.
    #[error("the new keys need a new passphrase")]
    PassphraseMissing,
    /// There is no room in memory to make a key of a passphrase.
    #[error("making a key of the passphrase needs {kib} KiB of memory, and there is less")]
    TooLittleMemory {
        /// How much is needed.
        kib: u32,
    },
    /// The passphrase cannot be used in this way.
    #[error("no key can be made of the passphrase")]
    PassphraseNotUsed,
    /// An encrypted identity was changed, cut, or encrypted under other keys.
    #[error("the signing identity cannot be opened: it is damaged or belongs to another database")]
    IdentityNotOpened,
    /// An encrypted identity was written by a newer version.
    #[error("the signing identity was stored by a newer version (format {format}); update the application to use it")]
    IdentityNewer {
        /// The format that it says it has.
        format: u8,
    },
    /// Something could not be encrypted: it is larger than the cipher takes.
    #[error("the signing identity is too large to be encrypted")]
    NotEncrypted,
}
