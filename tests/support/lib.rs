//! What the suites share: where the fixtures lie, the `dpia` program, words to compare by, and the judges of a PDF.
//!
//! Everything here works on the real parts: the program as cargo built it, documents as they were published, and judges
//! that know nothing of this project.

pub mod judges;
pub mod keychain;
pub mod normal;
pub mod places;
pub mod poppler;
pub mod terminal;
pub mod words;

mod process;
