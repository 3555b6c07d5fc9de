//! `dpia`: the use cases in a terminal. Exit 0: done; 1: refused by content; 2: wrong use, which another call mends: an argument
//! that names what the bundle does not have, or an output that is an input; 3: the environment failed.

mod arguments;
mod commands;
mod issuing;
mod saying;

use arguments::Arguments;
use clap::Parser as _;
use dpia_app::ErrorCode;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| refuse(error));
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

/// Says what is wrong with the call, or the help that was asked for. What was given is named in it: it makes no line of its own.
fn refuse(error: clap::Error) -> ! {
    let plain = std::env::args_os().map(|given| dpia_app::plain::line(&given.to_string_lossy()));
    Arguments::try_parse_from(plain).err().unwrap_or(error).exit()
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
