//! What is refused, with the reason as it is said.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use dpia_bundle::{BundleError, read, write};
use dpia_model::id::Digest;
use serde_json::Value;
use std::collections::BTreeMap;
use support::*;

fn check(bytes: &[u8], expected: &str) {
    match read(bytes) {
        Ok(_) => panic!("it was read, and should be refused: {expected}"),
        Err(error) => assert!(error.to_string().starts_with(expected), "{error}\n  expected: {expected}"),
    }
}

type Parts = BTreeMap<String, Vec<u8>>;

fn parts() -> Parts {
    unzip(&write(&small_bundle()).unwrap())
}

/// Zips these parts as they are, whatever the manifest says.
fn zipped(parts: Parts) -> Vec<u8> {
    zip_of(&parts.into_iter().collect::<Vec<_>>())
}

fn edit_json(parts: &mut Parts, name: &str, change: impl FnOnce(&mut Value)) {
    let mut tree: Value = serde_json::from_slice(&parts[name]).unwrap();
    change(&mut tree);
    parts.insert(name.to_owned(), serde_json::to_vec(&tree).unwrap());
}

#[test]
fn other_files_are_named_for_what_they_are() {
    check(b"", "this is not a bundle");
    check(b"%PDF-1.7", "this is not a bundle");
    check(b"Data Protection Impact Assessment", "this is not a bundle");
    let file = |name: &str| (name.to_owned(), b"x".to_vec());
    check(&zip_of(&[file("[Content_Types].xml"), file("word/document.xml")]), "this is not a bundle: it is a Word document");
    check(&zip_of(&[file("xl/workbook.xml")]), "this is not a bundle: it is an Excel workbook");
    check(&zip_of(&[file("notes.txt")]), "this is not a bundle: it is another kind of zip file");
    check(&zip_of(&[file("manifest.json")]), "this is not a bundle: it is another kind of zip file");
    check(&zip_of(&[("manifest.json".to_owned(), br#"{"format":"other","version":1}"#.to_vec())]), "this is not a bundle");
    check(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "this is not a bundle: it is another kind of zip file");
}

#[test]
fn a_newer_format_is_refused_whatever_else_is_in_it() {
    let newer = altered(|parts| {
        edit_json(parts, "manifest.json", |manifest| {
            manifest["version"] = 3.into();
            manifest["encrypted"] = true.into();
        });
        parts.insert("comments.json".to_owned(), b"[]".to_vec());
    });
    check(&newer, "the bundle has format 3; 2 is the newest that this version of the program reads");
}

#[test]
fn a_typeface_needs_version_2_and_version_2_a_typeface() {
    let message = "the part brand.json of the bundle contradicts the others: only version 2 names typefaces";
    let version = |number: u32| move |manifest: &mut serde_json::Value| manifest["version"] = number.into();
    check(&altered(|parts| edit_json(parts, "manifest.json", version(2))), message);
    let mut bundle = small_bundle();
    bundle.brand.typeface = dpia_model::Typeface::Sans;
    let mut parts = unzip(&write(&bundle).unwrap());
    edit_json(&mut parts, "manifest.json", version(1));
    check(&zipped(parts), message);
    // The standard ones are not named at all.
    check(&altered(|parts| edit_json(parts, "brand.json", |brand| brand["typeface"] = "sans_and_serif".into())), message);
}

#[test]
fn parts_that_are_missing_or_too_many_are_named() {
    let without = |name: &str| {
        let mut parts = parts();
        parts.remove(name);
        zipped(parts)
    };
    check(&without("assessment.json"), "the part assessment.json of the bundle is missing");
    check(&without("history.jsonl"), "the part history.jsonl of the bundle is missing");
    check(&without("manifest.json"), "this is not a bundle");
    let unnoted = |name: &str| altered(|parts| drop(parts.remove(name)));
    check(&unnoted("pack.toml"), "the part pack.toml of the bundle is missing");
    let mut more = parts();
    more.insert("notes.txt".to_owned(), b"x".to_vec());
    check(&zipped(more), "the bundle contains notes.txt, which does not belong in it");
    check(
        &altered(|parts| drop(parts.insert("notes.txt".to_owned(), b"x".to_vec()))),
        "the bundle contains notes.txt, which does not belong in it",
    );
    check(&altered(|parts| drop(parts.insert("attachments/x.png".to_owned(), b"x".to_vec()))), "the bundle contains attachments/x.png");
}

#[test]
fn altered_parts_are_named() {
    let mut altered_text = parts();
    let text = String::from_utf8(altered_text["assessment.json"].clone()).unwrap().replace("To teach", "To sell!");
    altered_text.insert("assessment.json".to_owned(), text.into_bytes());
    check(&zipped(altered_text), "the part assessment.json of the bundle was altered: its SHA-256 does not match the manifest");
    let mut bytes = write(&small_bundle()).unwrap();
    let at = bytes.windows(13).position(|window| window == b"taken out aga").unwrap();
    bytes[at] ^= 1;
    check(&bytes, "the part attachments/");
}

#[test]
fn unsafe_names_are_refused() {
    for name in ["../evil", "/etc/passwd", "a/../../b", "a\\b", "C:evil", "a//b", "./a", "name\nwith a line", "zażółć.json"] {
        let mut with = parts();
        with.insert(name.to_owned(), b"x".to_vec());
        check(&zipped(with), "the bundle contains a part with the unsafe name");
    }
    let mut long = parts();
    long.insert("n".repeat(101), b"x".to_vec());
    check(&zipped(long), "the bundle contains a part with the unsafe name");
}

#[test]
fn names_that_appear_twice_are_refused() {
    let mut folded = parts();
    folded.insert("Manifest.JSON".to_owned(), b"{}".to_vec());
    check(&zipped(folded), "the bundle contains manifest.json twice");
    // Written under names of the same length, then renamed in the bytes: other programs would hide one of them.
    let mut same = parts();
    same.insert("Xssessment.json".to_owned(), b"{}".to_vec());
    let mut bytes = zipped(same);
    for at in 0..bytes.len() - 15 {
        if bytes[at..].starts_with(b"Xssessment.json") {
            bytes[at] = b'a';
        }
    }
    check(&bytes, "the bundle contains assessment.json twice");
}

#[test]
fn links_are_refused() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.add_symlink("assessment.json", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    check(&bytes, "the part assessment.json of the bundle is a link, and links are not followed");
}

#[test]
fn more_than_the_limits_is_refused() {
    let many: Vec<(String, Vec<u8>)> = (0..10_001).map(|number| (format!("p{number}"), Vec::new())).collect();
    check(&zip_of(&many), "the bundle contains 10001 parts; the limit is 10000");
    let bomb = vec![("assessment.json".to_owned(), vec![b' '; 2 * 1024 * 1024])];
    check(&zip_of(&bomb), "the part assessment.json of the bundle is compressed");
    let large = altered(|parts| {
        drop(parts.insert("brand.json".to_owned(), (0..70_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()))
    });
    check(&large, "the part brand.json of the bundle is too large: 70000 bytes; the limit is 65536");
    let deep = altered(|parts| drop(parts.insert("assessment.json".to_owned(), [b"[".repeat(5000), b"]".repeat(5000)].concat())));
    check(&deep, "the part assessment.json of the bundle is nested 5000 levels deep; the limit is 120");
    let nested = format!("format = 1\na = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = altered(|parts| drop(parts.insert("edition.toml".to_owned(), nested.into_bytes())));
    check(&deep, "the part edition.toml of the bundle cannot be read: the template cannot be read");
    let text: String = (0..5_000_000u32).map(|n| char::from(b'a' + ((n.wrapping_mul(2_654_435_761) >> 24) % 26) as u8)).collect();
    let long = altered(|parts| edit_json(parts, "assessment.json", |tree| tree["details"]["product"] = text.into()));
    check(&long, "the part assessment.json of the bundle contains a text of 5000000 bytes; the limit is 4194304");
}

#[test]
fn encrypted_and_strangely_packed_parts_are_refused() {
    let bytes = write(&small_bundle()).unwrap();
    let central = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let with = |offset: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[central + offset] = value;
        bytes
    };
    check(&with(8, 1), "the part assessment.json of the bundle is encrypted, which no bundle is");
    check(&with(10, 12), "the part assessment.json of the bundle is compressed by an unknown method, which no bundle is");
    // The second part's header where the first's should be: they would share bytes.
    let mut overlap = bytes.clone();
    overlap[central + 20..central + 24].copy_from_slice(&400u32.to_le_bytes());
    check(&overlap, "the bundle is damaged: its parts assessment.json and attachments/");
}

#[test]
fn parts_that_contradict_each_other_are_refused() {
    check(
        &altered(|parts| edit_json(parts, "assessment.json", |tree| tree["edition"] = "2099.1".into())),
        "the part edition.toml of the bundle contradicts the others: it is small, and the assessment names 2099.1",
    );
    check(
        &altered(|parts| edit_json(parts, "assessment.json", |tree| tree["pack"] = "other".into())),
        "the part pack.toml of the bundle contradicts the others",
    );
    check(
        &altered(|parts| edit_json(parts, "assessment.json", |tree| tree["attachments"] = Value::Object(Default::default()))),
        "entry 2 of the history in the bundle does not match its assessment",
    );
    check(
        &altered(|parts| edit_json(parts, "assessment.json", |tree| tree["surprise"] = 1.into())),
        "the part assessment.json of the bundle cannot be read: unknown field `surprise`",
    );
    check(
        &altered(|parts| edit_json(parts, "brand.json", |tree| tree["accent"] = "#ffffff".into())),
        "the brand of the bundle cannot be used",
    );
    let swap = |from: &'static str, to: &'static str| {
        altered(|parts| {
            let history = String::from_utf8(parts["history.jsonl"].clone()).unwrap();
            assert!(history.contains(from));
            parts.insert("history.jsonl".to_owned(), history.replacen(from, to, 1).into_bytes());
        })
    };
    check(&swap("Sam", "Kim"), "the history in the bundle is inconsistent: entry 2 of the history does not follow the one before it");
    check(&swap("\"sequence\":2", "\"sequence\":3"), "the history in the bundle is inconsistent: entry 2 of the history is missing");
    check(
        &altered(|parts| parts.retain(|name, bytes| !name.starts_with("attachments/") || !bytes.ends_with(b"a data flow"))),
        "the picture ",
    );
    let stray = picture("nobody names it").2;
    check(
        &altered(|parts| drop(parts.insert(format!("attachments/{}.png", Digest::of(&stray)), stray))),
        "the bundle contains the picture ",
    );
    let (id, _, bytes) = picture("a data flow");
    check(
        &altered(|parts| {
            parts.remove(&format!("attachments/{id}.png"));
            parts.insert(format!("attachments/{id}.jpg"), bytes);
        }),
        "the part attachments/",
    );
    check(
        &altered(|parts| edit_json(parts, "manifest.json", |manifest| manifest["scope"] = "copy".into())),
        "the part manifest.json of the bundle contradicts the others: a copy says what it withholds",
    );
    check(
        &altered(|parts| drop(parts.insert("edition.toml".to_owned(), b"format = 2".to_vec()))),
        "the part edition.toml of the bundle cannot be read: the template has format 2",
    );
    check(
        &altered(|parts| drop(parts.insert("edition.toml".to_owned(), b"\xff".to_vec()))),
        "the part edition.toml of the bundle is damaged: it is not UTF-8",
    );
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let mut wrong = small_bundle();
    wrong.pack = wrong.pack.replace("small-pack", "another");
    assert!(matches!(write(&wrong), Err(BundleError::Mismatch { .. })));
    let mut missing = small_bundle();
    missing.attachments.clear();
    assert!(matches!(write(&missing), Err(BundleError::MissingPicture(_))));
    let mut altered = small_bundle();
    altered.assessment.details.product = "Other".to_owned();
    altered.assessment.answers.clear();
    assert!(matches!(write(&altered), Err(BundleError::HistoryMismatch { sequence: 5 })));
}

#[test]
fn what_no_program_of_ours_writes_is_refused() {
    let implausible = |name: &str, change: &dyn Fn(&mut Value), expected: &str| {
        let altered = altered(|parts| edit_json(parts, name, |tree| change(tree)));
        check(&altered, &format!("the bundle was not written by this program, or was changed: {expected}"));
    };
    for product in ["Sonar\nSigned by: the ICO", "Sonar\u{1b}[8m", "Sonar\u{202e}gpj", "Sonar\u{2028}x", "\u{7}"] {
        implausible("assessment.json", &|tree| tree["details"]["product"] = product.into(), "the name of the product");
    }
    implausible("assessment.json", &|tree| tree["details"]["author"] = "Sam\tHill".into(), "the name of the author");
    for year in ["0001-01-01", "9999-12-31", "1899-12-31", "-000044-03-15"] {
        let date = serde_json::json!({ "state": "known", "date": year, "has_short_year": false });
        implausible("assessment.json", &|tree| tree["details"]["date"] = date.clone(), "");
    }
    implausible("assessment.json", &|tree| tree["details"]["copyright_year"] = 30_000.into(), "30000 is not a plausible year");
}

#[test]
fn a_name_that_is_there_twice_in_one_object_is_refused() {
    for part in ["assessment.json", "brand.json"] {
        let twice = altered(|parts| {
            let text = String::from_utf8(parts[part].clone()).unwrap();
            let (name, value) = match part {
                "assessment.json" => ("unplaced", "[]"),
                _ => ("slogan", "\"\""),
            };
            parts.insert(part.to_owned(), format!("{{\"{name}\":{value},{}", &text[1..]).into_bytes());
        });
        match read(&twice) {
            Ok(_) => panic!("{part} says something twice and was read"),
            Err(error) => assert!(error.to_string().contains("twice") || error.to_string().contains("duplicate"), "{part}: {error}"),
        }
    }
}
