//! Laws of bundles: what is written is read back as it was, the same content is the same bytes, and nothing that was
//! done to the bytes is read as something else.

mod support;

use dpia_bundle::{Bundle, read, write};
use dpia_model::arbitrary;
use dpia_model::assessment::Content;
use proptest::prelude::*;
use support::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn export_then_import_is_the_identity(
        mut assessment in arbitrary::assessment(),
        changes in proptest::collection::vec(arbitrary::change(), 0..8),
    ) {
        let history = edit(&mut assessment, changes);
        let bundle = bundle_of(assessment, history);
        let bytes = write(&bundle).unwrap();
        prop_assert_eq!(read(&bytes).unwrap(), bundle.clone());
        prop_assert_eq!(write(&bundle).unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).is_err());
        prop_assert!(read(&[b"PK\x03\x04".as_slice(), &bytes].concat()).is_err());
    }

    #[test]
    fn bytes_overwritten_anywhere_change_nothing_silently(place in any::<prop::sample::Index>(), new in proptest::collection::vec(any::<u8>(), 1..12)) {
        let bundle = small_bundle();
        let mut bytes = write(&bundle).unwrap();
        let start = place.index(bytes.len());
        let end = bytes.len().min(start + new.len());
        bytes[start..end].copy_from_slice(&new[..end - start]);
        is_refused_or_unchanged(&bytes, &bundle)?;
    }
}

fn is_refused_or_unchanged(bytes: &[u8], bundle: &Bundle) -> Result<(), TestCaseError> {
    match read(bytes) {
        Ok(read) => prop_assert_eq!(&read, bundle),
        Err(error) => prop_assert!(!error.to_string().is_empty()),
    }
    Ok(())
}

#[test]
fn every_flipped_byte_is_refused_or_changes_nothing() {
    let bundle = small_bundle();
    let bytes = write(&bundle).unwrap();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= [0x01, 0xff, 0x80][at % 3];
        is_refused_or_unchanged(&flipped, &bundle).unwrap();
    }
}

#[test]
fn every_truncated_bundle_is_refused() {
    let bytes = write(&small_bundle()).unwrap();
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "{length} of {} bytes", bytes.len());
    }
}

#[test]
fn pictures_logo_and_signature_come_back() {
    let bundle = small_bundle();
    let bytes = write(&bundle).unwrap();
    assert_eq!(read(&bytes).unwrap(), bundle);
    assert_eq!(dpia_bundle::read_manifest(&bytes).unwrap(), dpia_bundle::manifest_to_sign(&bundle).unwrap());
    let parts = unzip(&bytes);
    assert_eq!(parts["manifest.json"], dpia_bundle::manifest_to_sign(&bundle).unwrap());
    let names: Vec<&str> = parts.keys().map(|name| if name.starts_with("attachments/") { "a picture" } else { name }).collect();
    assert_eq!(
        names,
        [
            "assessment.json",
            "a picture",
            "a picture",
            "a picture",
            "brand.json",
            "edition.toml",
            "history.jsonl",
            "manifest.json",
            "manifest.p7s",
            "pack.toml"
        ]
    );
}

#[test]
fn a_bundle_packed_again_by_another_program_is_read() {
    let bundle = small_bundle();
    let parts: Vec<(String, Vec<u8>)> = unzip(&write(&bundle).unwrap()).into_iter().rev().collect();
    assert_eq!(read(&zip_of(&parts)).unwrap(), bundle);
}

#[test]
fn what_looks_like_a_bomb_is_stored_as_it_is_and_read_back() {
    let mut bundle = small_bundle();
    bundle.assessment.answers.insert(question("purpose.aims"), prose(&"a".repeat(Content::MOST_BYTES)));
    bundle.scope = dpia_bundle::Scope::Full { history: Vec::new() };
    bundle.attachments.retain(|id, _| bundle.assessment.attachments.contains_key(id) || bundle.brand.logo == Some(*id));
    assert_eq!(read(&write(&bundle).unwrap()).unwrap(), bundle);
}

#[test]
fn the_bytes_of_a_bundle_are_those_of_the_release() {
    // Another number here means that the same content is no longer the same bytes: a packer or a tree has changed.
    let bytes = write(&small_bundle()).unwrap();
    assert_eq!(dpia_model::id::Digest::of(&bytes).to_string(), "713b424474122fd44dbfc138bad9b748a68c21a164ab91ae576066a20dd6a8e1");
}
