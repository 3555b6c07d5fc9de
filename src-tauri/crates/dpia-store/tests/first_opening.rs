//! The first databases of a process, opened by many threads at once, are given their keys all the same.

mod support;

use dpia_store::Store;
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use support::*;

const CHILD: &str = "DPIA_STORE_FIRST_OPENING";
const THREADS: usize = 16;

#[test]
fn many_threads_open_the_first_databases_of_a_process_at_once() {
    let database = |folder: &Path, number: usize| folder.join(format!("{number}.db"));
    if let Some(folder) = std::env::var_os(CHILD) {
        let start = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for number in 0..THREADS {
                let (start, path) = (&start, database(Path::new(&folder), number));
                scope.spawn(move || {
                    start.wait();
                    Store::open(&path, &KEY).unwrap()
                });
            }
        });
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for number in 0..THREADS {
        Store::create(&database(folder.path(), number), &KEY).unwrap();
    }
    // A process has its first opening once.
    for _ in 0..20 {
        let child = Command::new(std::env::current_exe().unwrap()).env(CHILD, folder.path()).output().unwrap();
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    }
}
