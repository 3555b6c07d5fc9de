//! What the application answers to the window, recorded for the tests of the screens (`ui/src/recorded`): scenes are worked
//! through with the use cases themselves, at fixed moments and with fixed ids, and every call is written down with its answer.
//!
//! The files are compared with what is answered now. With `DPIA_WRITE_BINDINGS` set (`cargo xtask bindings`) they are written.

mod answers;
mod base;
mod desk;
mod scene;
mod scenes;
mod stand_ins;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Result, ensure};
use dpia_tests::places::project_root;

#[test]
fn the_recorded_answers_are_those_of_the_application() -> Result<()> {
    let mut fresh = BTreeMap::new();
    for (file, scenes) in scenes::record()? {
        fresh.insert(format!("{file}.json"), scene::to_json(&scenes)?);
    }
    let folder = project_root().join("ui/src/recorded");
    if std::env::var_os("DPIA_WRITE_BINDINGS").is_some() {
        fs::create_dir_all(&folder)?;
        for (name, text) in &fresh {
            fs::write(folder.join(name), text)?;
        }
    }
    let mut known = BTreeMap::new();
    for file in fs::read_dir(&folder)? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            known.insert(name, fs::read_to_string(file.path())?);
        }
    }
    ensure!(known.keys().eq(fresh.keys()), "ui/src/recorded has other files than the scenes: run `cargo xtask bindings`");
    for (name, text) in &fresh {
        let differs = text.lines().zip(known[name].lines()).find(|(now, then)| now != then);
        let shown = differs.map(|(now, then)| format!("\n{}\nwas\n{}", shorten(now, then), shorten(then, now)));
        ensure!(known[name] == *text, "ui/src/recorded/{name} is out of date: run `cargo xtask bindings`{}", shown.unwrap_or_default());
    }
    Ok(())
}

/// The part of a line in which it differs from the other.
fn shorten(line: &str, other: &str) -> String {
    let same = line.chars().zip(other.chars()).take_while(|(one, two)| one == two).count();
    line.chars().skip(same.saturating_sub(80)).take(240).collect()
}
