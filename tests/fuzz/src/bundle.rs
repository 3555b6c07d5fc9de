//! Bundles: what is read is written and read back the same, and the same bytes again.

use dpia_bundle::{BundleError, read, write};
use dpia_model::id::Digest;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::sync::LazyLock;

/// The bundle that single parts are put into.
const HOST: &[u8] = include_bytes!("../corpus/bundle/whole");

static PARTS: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| unpack(HOST));

/// Reads a bundle. Bytes that are no zip file stand for one part of a good bundle, named by the first of them: the fuzzer
/// would hardly ever guess a check sum and a SHA-256, and would not get past the manifest.
///
/// # Panics
/// Where a law of bundles is broken.
pub fn bundle(bytes: &[u8]) {
    if dpia_bundle::is_bundle(bytes) {
        return hold(bytes);
    }
    let Some((choice, content)) = bytes.split_first() else { return };
    let names: Vec<&String> = PARTS.keys().collect();
    let name = names[usize::from(*choice) % names.len()];
    let mut parts = PARTS.clone();
    parts.insert(name.clone(), content.to_vec());
    if name != "manifest.json" {
        note_parts(&mut parts);
    }
    hold(&pack(&parts));
}

fn hold(bytes: &[u8]) {
    let manifest = dpia_bundle::read_manifest(bytes);
    let bundle = match read(bytes) {
        Ok(bundle) => bundle,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert!(manifest.is_ok(), "a bundle was read, and its manifest cannot be");
    let again = match write(&bundle) {
        Ok(again) => again,
        // What was written without a space to spare may be larger with its fields in order.
        Err(BundleError::TooLarge { .. }) => return,
        Err(error) => panic!("a bundle was read that cannot be written: {error}"),
    };
    assert_eq!(read(&again).as_ref().ok(), Some(&bundle), "a bundle was read, and reads otherwise once it is written");
    assert_eq!(write(&bundle).ok(), Some(again), "the same bundle has other bytes");
}

fn unpack(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("the host is a zip file");
    let mut parts = BTreeMap::new();
    for number in 0..archive.len() {
        let mut file = archive.by_index(number).expect("the part is there");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("the part is unpacked");
        parts.insert(file.name().expect("the part has a name").into_owned(), content);
    }
    parts
}

fn pack(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name, stored).expect("a part begins");
        writer.write_all(content).expect("a part is written");
    }
    writer.finish().expect("the file ends").into_inner()
}

/// Writes the manifest's list again from the parts there are.
fn note_parts(parts: &mut BTreeMap<String, Vec<u8>>) {
    let mut manifest: serde_json::Value = serde_json::from_slice(&parts["manifest.json"]).expect("the host's manifest");
    manifest["parts"] = parts
        .iter()
        .filter(|(name, _)| !name.starts_with("manifest."))
        .map(|(name, bytes)| serde_json::json!({ "name": name, "bytes": bytes.len(), "sha256": Digest::of(bytes) }))
        .collect();
    parts.insert("manifest.json".to_owned(), serde_json::to_vec(&manifest).expect("the manifest is written"));
}
