//! The real window, driven as a person drives it.
//!
//! A [`Desk`](desk::Desk) is a machine's desktop in small: a display that nobody looks at, a session bus, a keychain and
//! a home of its own. A [`Driver`](driver::Driver) sits at it, and a [`Window`](window::Window) is the app opened there.
//! What a test waits for is a condition with a limit; nothing sleeps for a guessed time.

mod answers;
mod backups;
mod closing;
mod desk;
mod driver;
mod encrypted;
mod harness;
mod hostile;
mod journey;
mod office;
mod process;
mod recovery;
mod second;
mod upkeep;
mod watch;
mod window;
