//! `dpia` as a person at a terminal calls it.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod calls;
mod desk;
mod reading;
mod signing;
mod strange;
mod words;
