//! Processes that a test starts, and ends with all that they started.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program of the desk may take until it is ready: long, so that no busy computer is called a fault.
pub(crate) const READY_LIMIT: Duration = Duration::from_secs(180);

/// A process of ours. It and its descendants are gone once this is dropped.
pub(crate) struct Process {
    name: String,
    child: Child,
}

impl Process {
    /// Starts a command.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("`{name}` could not be started"))?;
        Ok(Self { name, child })
    }

    /// Starts a command that prints a line once it is ready, and gives that line.
    pub(crate) fn start_and_read_line(command: &mut Command) -> Result<(Self, String)> {
        let mut process = Self::start(command.stdout(Stdio::piped()))?;
        let stdout = process.child.stdout.take().context("stdout is piped")?;
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = String::new();
            let read = reader.read_line(&mut line).map(|_| line);
            // Nobody is left to listen where the limit has passed.
            drop(sender.send(read));
            // What else it prints is read and dropped, so that it never waits for a reader.
            drop(std::io::copy(&mut reader, &mut std::io::sink()));
        });
        let line = receiver.recv_timeout(READY_LIMIT).with_context(|| format!("`{}` said nothing in {READY_LIMIT:?}", process.name))??;
        if line.trim().is_empty() {
            bail!("`{}` ended before it was ready", process.name);
        }
        Ok((process, line.trim().to_owned()))
    }

    /// Fails where the process has ended by itself.
    pub(crate) fn ensure_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("`{}` ended with {status}", self.name),
        }
    }

    /// Writes to the process and closes its stdin; it was started with one.
    pub(crate) fn tell(&mut self, words: &str) -> Result<()> {
        let mut stdin = self.child.stdin.take().with_context(|| format!("`{}` has no stdin", self.name))?;
        Ok(std::io::Write::write_all(&mut stdin, words.as_bytes())?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A driver's browser outlives the driver: the descendants are listed while their parents still live.
        let descendants = descendants_of(self.child.id());
        drop(self.child.kill());
        for id in descendants {
            drop(Command::new("kill").args(["-KILL", &id.to_string()]).stderr(Stdio::null()).status());
        }
        drop(self.child.wait());
    }
}

/// The ids of all that a process started, and of what those started.
fn descendants_of(id: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else { return Vec::new() };
    let children: Vec<u32> = threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|ids| ids.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>())
        .collect();
    let further = children.iter().flat_map(|child| descendants_of(*child)).collect::<Vec<u32>>();
    children.into_iter().chain(further).collect()
}

/// Asks again and again until a condition holds, and fails where it does not within [`READY_LIMIT`].
pub(crate) fn wait_until(what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !holds()? {
        if begun.elapsed() > READY_LIMIT {
            bail!("{what}: not within {READY_LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
