//! Bundles encrypted with a passphrase, out and in.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::ErrorCode;
use dpia_app::files::Signing;
use dpia_app::importing::{Imported, Resolution};
use dpia_app::keys::TypedSecret;
use dpia_app::provenance::BundleSignature;
use dpia_app::verifying::verify_file;
use laptop::*;

fn typed(words: &str) -> TypedSecret {
    TypedSecret::from(words.to_owned())
}

#[test]
fn an_encrypted_bundle_waits_for_its_passphrase_and_then_tells_who_signed_it() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let there = theirs.open();
    there.vault.save_person(Some(officer())).unwrap();
    there.identity.renew().unwrap();
    let id = there.portfolio.create("Sonar").unwrap();
    there.editor.save_answer(id, aims(), prose("To teach."), true).unwrap();
    let short = there.exports.encrypt_bundle(id, &typed("too short")).unwrap_err();
    assert_eq!(short.code, ErrorCode::WrongSecret);
    let encrypted = there.exports.encrypt_bundle(id, &typed("walnut harbour seven lanterns")).unwrap();
    assert_eq!(encrypted.signing, Signing::Signed);
    assert!(!encrypted.bytes.windows(8).any(|words| words == b"To teach"));
    let file = theirs.file("sonar.dpia");
    there.exports.write_made_bundle(&file, &encrypted).unwrap();

    let here = ours.open();
    let Imported::Encrypted { name, ticket } = here.imports.import_file(&file).unwrap() else { panic!() };
    assert_eq!(name, "sonar.dpia");
    let wrong = here.imports.decrypt(ticket, &typed("walnut harbour seven lantern")).unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongSecret);
    assert!(here.portfolio.list().unwrap().is_empty());
    assert_eq!(here.imports.settle(ticket + 1, Resolution::Open).unwrap(), None, "nothing waits under that number");
    // It waits on, and is asked about like any other.
    let asked = here.imports.decrypt(ticket, &typed("walnut harbour seven lanterns")).unwrap().unwrap();
    let Imported::Asked { provenance, ticket: next, .. } = asked else { panic!("{asked:?}") };
    assert!(matches!(provenance.signature, BundleSignature::Unknown { .. }));
    assert!(here.portfolio.list().unwrap().is_empty());
    assert_eq!(here.imports.decrypt(ticket, &typed("walnut harbour seven lanterns")).unwrap(), None, "it is open already");
    here.imports.settle(next, Resolution::Open).unwrap();
    assert_eq!(words(&here, id), "To teach.");

    let refused = verify_file(&here.identity, &file).unwrap_err();
    assert!(refused.message.starts_with("“sonar.dpia” is encrypted with a passphrase"), "{}", refused.message);
}

#[test]
fn an_encrypted_bundle_that_is_cut_off_or_holds_no_bundle_changes_nothing() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let passphrase = "walnut harbour seven lanterns";
    let check = |bytes: &[u8], expected: &str| {
        let file = laptop.file("odd.dpia");
        std::fs::write(&file, bytes).unwrap();
        let Imported::Encrypted { ticket, .. } = workspace.imports.import_file(&file).unwrap() else { panic!() };
        let refused = workspace.imports.decrypt(ticket, &typed(passphrase)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Refused);
        assert!(refused.message.contains(expected), "{}", refused.message);
        assert!(workspace.portfolio.list().unwrap().is_empty());
    };
    let encrypted = dpia_app::documents::encrypt(b"a shopping list", &typed(passphrase)).unwrap();
    check(&encrypted, "This is not a bundle");
    check(&encrypted[..encrypted.len() - 1], "cut off or changed");
    check(b"age-encryption.org/v1\nnonsense", "cut off or changed");
}
