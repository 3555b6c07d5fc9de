//! What was acknowledged is kept: when the process is killed, when the power goes, when the disk is full or the file is
//! damaged.
//!
//! Each proof has a twin that plants a fault and asserts that the proof notices it.

mod dice;
mod disk;
mod kill;
mod power;
