//! Gathers the templates: a new edition or pack is a file in `templates/juniper`, named by its id, and no code. A name that
//! begins with a digit is an edition's, any other a pack's; `roles.toml` is neither.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("templates/juniper");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml") && !file.ends_with("roles.toml"));
    files.sort();
    let is_edition = |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(|c: char| c.is_ascii_digit()));
    let (editions, packs): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(is_edition);
    let mut code = String::new();
    for (name, files) in [("EDITIONS", editions), ("PACKS", packs)] {
        let texts: Vec<String> = files
            .iter()
            .map(|file| {
                let id = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                format!("({id:?}, include_str!({:?}))", file.display().to_string())
            })
            .collect();
        writeln!(code, "const {name}: &[(&str, &str)] = &[{}];", texts.join(", ")).map_err(io::Error::other)?;
    }
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("templates.rs"), code)
}
