//! A log for the day when somebody asks for help: what was done, how long it took, how it ended, where the program broke. It holds
//! nothing of an assessment, and cannot: what is written is of closed types, never a message, a name or a path that somebody chose.

use dpia_app::ErrorCode;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

const NAME: &str = "support.log";
const BEFORE: &str = "support.log.before";
/// When a log is this long it becomes the one before, and another begins: bytes.
const MOST_BYTES: u64 = 256 * 1024;

/// The log of this process. A window that cannot keep one works all the same.
static LOG: OnceLock<Log> = OnceLock::new();

/// What can be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event {
    /// The program started.
    Started,
    /// A command ended.
    Done {
        /// The command.
        command: &'static str,
        /// How long it took.
        took: Duration,
        /// How it failed; none where it did not.
        failed: Option<ErrorCode>,
    },
    /// A command broke off.
    BrokeOff {
        /// The command.
        command: &'static str,
    },
    /// The backup at the end failed.
    ClosingBackupFailed(ErrorCode),
    /// The program ended as it should.
    Ended,
}

struct Log {
    place: PathBuf,
    file: Mutex<Option<File>>,
}

/// Begins the log in a folder, and has every panic written to it: its place in the code and its thread, never its message.
pub(crate) fn begin(folder: &Path) {
    let place = folder.join(NAME);
    let _ = LOG.set(Log { file: Mutex::new(open(&place).ok()), place });
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}:{}", at.file(), at.line(), at.column())).unwrap_or_default();
        // A thread's name is the program's own.
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        write_line(&format!("panic at {place} in {thread}"));
        before(panic);
    }));
    note(Event::Started);
}

/// Writes an event.
pub(crate) fn note(event: Event) {
    let version = env!("CARGO_PKG_VERSION");
    write_line(&match event {
        Event::Started => format!("started {version} {} {}", std::env::consts::OS, std::env::consts::ARCH),
        Event::Done { command, took, failed } => {
            let ended = failed.map_or("done".to_owned(), |code| format!("failed {}", code_word(code)));
            format!("{command} {} ms {ended}", took.as_millis())
        }
        Event::BrokeOff { command } => format!("{command} broke off"),
        Event::ClosingBackupFailed(code) => format!("backup at the end failed {}", code_word(code)),
        Event::Ended => "ended".to_owned(),
    });
}

/// What was written, the older part first.
pub(crate) fn read() -> String {
    let Some(log) = LOG.get() else { return String::new() };
    [log.place.with_file_name(BEFORE), log.place.clone()].iter().filter_map(|place| fs::read_to_string(place).ok()).collect()
}

/// The command that a piece of work belongs to: the function of `crate::commands` that its type is named after.
pub(crate) fn command_of<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    let after = name.split("::commands::").nth(1).and_then(|rest| rest.split("::").nth(1));
    after.unwrap_or("other")
}

fn code_word(code: ErrorCode) -> String {
    serde_json::to_value(code).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn write_line(words: &str) {
    let Some(log) = LOG.get() else { return };
    let mut file = log.file.lock().unwrap_or_else(PoisonError::into_inner);
    let at = dpia_app::Surroundings::now(&dpia_app::System);
    let Some(open_file) = &mut *file else { return };
    // A log that cannot be written says less, and stops nothing.
    let _ = open_file.write_all(format!("{at} {words}\n").as_bytes());
    if open_file.metadata().is_ok_and(|known| known.len() > MOST_BYTES) {
        *file = None;
        let _ = fs::rename(&log.place, log.place.with_file_name(BEFORE));
        *file = open(&log.place).ok();
    }
}

fn open(place: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_says_what_was_done_and_nothing_that_anybody_typed() {
        const CANARY: &str = "canary: Pupil Premium of Sam Hill";
        let folder = tempfile::tempdir().unwrap();
        begin(folder.path());
        note(Event::Done { command: "save_answer", took: Duration::from_millis(3), failed: None });
        note(Event::Done { command: "export_pdf", took: Duration::from_millis(40), failed: Some(ErrorCode::NotSaved) });
        note(Event::BrokeOff { command: "issue_copies" });
        let broken = std::thread::Builder::new().name("store writer".to_owned()).spawn(|| panic!("{CANARY}")).unwrap().join();
        assert!(broken.is_err());
        for _ in 0..6_000 {
            note(Event::Done { command: "save_answer", took: Duration::from_millis(3), failed: None });
        }
        note(Event::Ended);
        let said = read();
        assert!(said.ends_with("ended\n"));
        assert!(said.contains("panic at src/log.rs") || said.contains("panic at src-tauri/src/log.rs"), "{}", &said[..400]);
        assert!(
            said.contains("in store writer")
                && said.contains("export_pdf 40 ms failed not_saved")
                && said.contains("issue_copies broke off")
        );
        assert!(!said.contains("canary") && !said.contains("Sam"));
        assert!(fs::metadata(folder.path().join(NAME)).unwrap().len() <= MOST_BYTES + 200 && folder.path().join(BEFORE).exists());
    }
}
