//! `dpia`: the use cases in a terminal. Exit 0: done; 1: refused by content; 2: wrong use; 3: the environment failed.

mod arguments;
mod commands;
mod issuing;
mod saying;

use arguments::Arguments;
use clap::Parser as _;
use dpia_app::ErrorCode;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::carry_out(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            let hint = if error.code == ErrorCode::CharactersMissing { " Add --missing-characters allow." } else { "" };
            saying::say(format_args!("dpia: {}{hint}", error.message));
            if let Some(detail) = &error.detail {
                saying::say(format_args!("      {detail}"));
            }
            ExitCode::from(exit_code(error.code))
        }
    }
}

fn exit_code(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::Refused
        | ErrorCode::Stale
        | ErrorCode::Damaged
        | ErrorCode::Outdated
        | ErrorCode::Newer
        | ErrorCode::CharactersMissing
        | ErrorCode::PersonMissing
        | ErrorCode::WrongSecret => 1,
        ErrorCode::Misused => 2,
        ErrorCode::NotFound
        | ErrorCode::AlreadyOpen
        | ErrorCode::KeychainMissing
        | ErrorCode::KeychainLocked
        | ErrorCode::KeyMissing
        | ErrorCode::KeyFileMissing
        | ErrorCode::KeyFileDamaged
        | ErrorCode::PassphraseNeeded
        | ErrorCode::RecoveryKeyNeeded
        | ErrorCode::NotSaved
        | ErrorCode::Environment => 3,
    }
}
