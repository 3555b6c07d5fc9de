//! The ways to a database's key: each obstacle of a keychain with each way on, with a keychain in memory.

mod key_files;
mod keychains;
mod laptop;
mod secrets;
