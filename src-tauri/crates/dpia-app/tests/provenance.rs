//! Who vouches for a bundle: shown before anything in it is imported, and a signature that does not hold is a refusal.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod laptop;

use dpia_app::importing::{Imported, Resolution};
use dpia_app::printing::ReportSignature;
use dpia_app::provenance::{BundleSignature, Provenance};
use dpia_app::verifying::{FactAnswer, Verification, verify, verify_file};
use dpia_app::{At, ErrorCode, Surroundings, System, Workspace};
use dpia_model::assessment::{Attachment, MediaType};
use dpia_model::id::AssessmentId;
use dpia_signing::{Identity, Person, sign_detached};
use laptop::*;
use std::path::{Path, PathBuf};

/// A desk with an officer, an identity and one assessment.
fn desk_with_identity(laptop: &Laptop) -> (Workspace, AssessmentId) {
    let workspace = laptop.open();
    workspace.vault.save_person(Some(officer())).unwrap();
    workspace.identity.renew().unwrap();
    let id = workspace.portfolio.create("Sonar").unwrap();
    workspace.editor.save_answer(id, aims(), prose("To teach."), true).unwrap();
    (workspace, id)
}

/// A bundle that the desk signed.
fn signed(laptop: &Laptop, workspace: &Workspace, id: AssessmentId) -> PathBuf {
    let file = laptop.file("sonar.dpia");
    workspace.exports.write_bundle(id, &file).unwrap();
    file
}

/// What a desk that has never seen the bundle asks.
fn ask(workspace: &Workspace, file: &Path) -> (Provenance, u32) {
    match workspace.imports.import_file(file).unwrap() {
        Imported::Asked { provenance, ticket, product } => {
            assert_eq!(product, "Sonar");
            (provenance, ticket)
        }
        other => panic!("{other:?}"),
    }
}

/// The bundle with its signature exchanged.
fn with_signature(file: &Path, make: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut bundle = dpia_bundle::read(&std::fs::read(file).unwrap()).unwrap();
    bundle.signature = make(&dpia_bundle::manifest_to_sign(&bundle).unwrap());
    dpia_bundle::write(&bundle).unwrap()
}

fn stranger(from: &str) -> Identity {
    let person = Person { name: "Sam Łęcki".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() };
    Identity::create(&person, from.parse().unwrap(), &mut rand_core::OsRng).unwrap()
}

fn now_at(moment: &str) -> dpia_model::Instant {
    At(dpia_app::parse_moment(moment).unwrap()).now()
}

fn look(bytes: &[u8]) -> Verification {
    verify(bytes, None, System.now()).unwrap()
}

#[test]
fn a_bundle_that_the_desk_itself_signed_is_known_and_opens_without_asking() {
    let laptop = Laptop::new();
    let (workspace, id) = desk_with_identity(&laptop);
    let file = signed(&laptop, &workspace, id);
    assert_eq!(std::fs::read(signed(&laptop, &workspace, id)).unwrap(), std::fs::read(&file).unwrap(), "the same bytes each time");
    let found = verify_file(&workspace.identity, &file).unwrap();
    assert!(found.is_sound, "{}", found.words());

    // Changed here since: it is asked about, and said to be the officer's own.
    workspace.editor.save_answer(id, aims(), prose("Now."), true).unwrap();
    let Imported::AlreadyHere { provenance, ticket, .. } = workspace.imports.import_file(&file).unwrap() else { panic!() };
    let BundleSignature::Known { signer } = &provenance.signature else { panic!("{provenance:?}") };
    assert_eq!((signer.name.as_str(), signer.ended), ("Sam Łęcki, DPO, Juniper <sam@example.org>", None));
    assert_eq!(signer.fingerprint, workspace.identity.view().unwrap().unwrap().fingerprint);
    workspace.imports.settle(ticket, Resolution::Leave).unwrap();

    // A former certificate is known as well.
    workspace.identity.renew().unwrap();
    assert!(verify_file(&workspace.identity, &file).unwrap().is_sound);
    workspace.portfolio.bin(id).unwrap();
    let Imported::AlreadyHere { provenance, .. } = workspace.imports.import_file(&file).unwrap() else { panic!() };
    assert!(matches!(provenance.signature, BundleSignature::Known { .. }), "{provenance:?}");
}

#[test]
fn a_bundle_of_an_unknown_certificate_or_of_nobody_is_asked_about_before_anything_is_taken_in() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let (there, id) = desk_with_identity(&theirs);
    let file = signed(&theirs, &there, id);
    let here = ours.open();
    let (provenance, ticket) = ask(&here, &file);
    let BundleSignature::Unknown { signer } = provenance.signature else { panic!("{provenance:?}") };
    assert_eq!(signer.name, "Sam Łęcki, DPO, Juniper <sam@example.org>");
    assert_eq!(signer.fingerprint, there.identity.view().unwrap().unwrap().fingerprint);
    assert_eq!(provenance.brings, Vec::<String>::new());
    assert!(here.portfolio.list().unwrap().is_empty(), "nothing was taken in");
    assert_eq!(here.imports.settle(ticket, Resolution::Leave).unwrap(), None);
    assert!(here.portfolio.list().unwrap().is_empty());

    // The same person's name on another certificate is nobody who is known.
    here.vault.save_person(Some(officer())).unwrap();
    here.identity.renew().unwrap();
    let (provenance, ticket) = ask(&here, &file);
    assert!(matches!(provenance.signature, BundleSignature::Unknown { .. }));
    assert_eq!(here.imports.settle(ticket, Resolution::Open).unwrap(), Some(Imported::Bundle { assessment: id }));
    assert_eq!(words(&here, id), "To teach.");
    assert_eq!(here.imports.settle(ticket, Resolution::Open).unwrap(), None, "it no longer waits");

    let found = verify_file(&here.identity, &file).unwrap();
    assert_eq!((found.is_sound, found.signatures[0].trusted.answer), (false, FactAnswer::No));
    assert!(found.words().contains("Anyone can claim a name in a certificate"), "{}", found.words());

    let unsigned = theirs.file("unsigned.dpia");
    std::fs::write(&unsigned, with_signature(&file, |_| None)).unwrap();
    let third = Laptop::new();
    let third = third.open();
    let (provenance, ticket) = ask(&third, &unsigned);
    assert_eq!(provenance.signature, BundleSignature::Unsigned);
    assert!(third.portfolio.list().unwrap().is_empty());
    // It came another way meanwhile: what is answered late takes nothing's place.
    let (_, second) = ask(&third, &unsigned);
    for ticket in [second, ticket] {
        assert_eq!(third.imports.settle(ticket, Resolution::Open).unwrap(), Some(Imported::Bundle { assessment: id }));
    }
    assert_eq!(third.portfolio.list().unwrap().len(), 1);
    assert!(look(&std::fs::read(&unsigned).unwrap()).words().contains("Not signed"));
}

#[test]
fn a_signature_that_does_not_hold_is_refused_and_nothing_is_changed() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let (there, id) = desk_with_identity(&theirs);
    let file = signed(&theirs, &there, id);
    let other = there.portfolio.create("Moon").unwrap();
    let other_file = theirs.file("moon.dpia");
    there.exports.write_bundle(other, &other_file).unwrap();
    let of_another = dpia_bundle::read(&std::fs::read(&other_file).unwrap()).unwrap().signature;
    let flipped = |manifest: &[u8], at_end: usize| {
        let mut signature = sign_detached(manifest, &stranger("2026-01-01T00:00:00Z")).unwrap();
        let at = signature.len() - at_end;
        signature[at] ^= 1;
        Some(signature)
    };
    let here = ours.open();
    let check = |bytes: Vec<u8>, why: &str| {
        let altered = ours.file("altered.dpia");
        std::fs::write(&altered, &bytes).unwrap();
        let refused = here.imports.import_file(&altered).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Refused);
        assert!(refused.message.starts_with("The signature of this bundle is not valid: "), "{}", refused.message);
        assert!(refused.message.contains(why), "{}", refused.message);
        assert!(here.portfolio.list().unwrap().is_empty(), "nothing was changed");
        assert!(dpia_app::documents::open_bundle(&bytes).is_err(), "a terminal does not open it either");
        let found = look(&bytes);
        assert!(!found.is_sound && found.words().contains("NO: "), "{}", found.words());
    };
    check(with_signature(&file, |_| of_another), "the content was changed after it was signed");
    check(with_signature(&file, |manifest| flipped(manifest, 1)), "not made with the certificate's key");
    check(with_signature(&file, |_| Some(b"a signature".to_vec())), "cannot be read");
    check(with_signature(&file, |_| Some(Vec::new())), "cannot be read");
    let not_der = |manifest: &[u8]| sign_detached(manifest, &stranger("2026-01-01T00:00:00Z")).ok().map(|s| [s, vec![1]].concat());
    check(with_signature(&file, not_der), "written behind the signature");
    // Every part changed, with the manifest brought into line: the SHA-256s hold, the signature does not.
    let mut changed = dpia_bundle::read(&std::fs::read(&file).unwrap()).unwrap();
    changed.brand.slogan = "Trust us".into();
    check(dpia_bundle::write(&changed).unwrap(), "the content was changed after it was signed");
}

#[test]
fn a_flipped_byte_in_any_part_of_a_signed_bundle_is_refused_or_changes_nothing() {
    let laptop = Laptop::new();
    let (workspace, id) = desk_with_identity(&laptop);
    let bytes = std::fs::read(signed(&laptop, &workspace, id)).unwrap();
    let (whole, mut refused) = (dpia_bundle::read(&bytes).unwrap(), 0);
    for at in (0..bytes.len()).step_by(11) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x20;
        match dpia_app::documents::open_bundle(&flipped) {
            Ok(opened) => assert_eq!(opened.bundle.assessment, whole.assessment, "byte {at}"),
            Err(error) => {
                refused += 1;
                assert!(!error.message.is_empty());
            }
        }
    }
    assert!(refused * 11 * 10 > bytes.len() * 9, "{refused} of {}", bytes.len() / 11);
}

#[test]
fn a_certificate_that_has_expired_is_reported_and_signs_nothing_new() {
    let laptop = Laptop::new();
    let (workspace, id) = desk_with_identity(&laptop);
    let file = signed(&laptop, &workspace, id);
    let old = stranger("2001-01-01T00:00:00Z");
    let bytes = with_signature(&file, |manifest| sign_detached(manifest, &old).ok());
    let expired = laptop.file("expired.dpia");
    std::fs::write(&expired, &bytes).unwrap();
    let other = Laptop::new();
    let other = other.open();
    let (provenance, _) = ask(&other, &expired);
    let BundleSignature::Unknown { signer } = provenance.signature else { panic!("{provenance:?}") };
    assert_eq!(signer.ended.map(|at| at.0), Some(old.certificate().not_after()));
    let found = look(&bytes);
    assert!(
        found.words().contains("the certificate has expired, and whether it signed before that cannot be determined"),
        "{}",
        found.words()
    );
    assert!(!verify(&bytes, None, now_at("2001-06-01T00:00:00Z")).unwrap().words().contains("has ended"));

    let document = std::fs::read(fixture("2024-04-19-sonar-multi-school.txt")).unwrap();
    let refused = dpia_app::documents::import_document("sonar.txt", &document, None, Some(&old), &System).unwrap_err();
    assert!(refused.message.starts_with("This certificate expired on "), "{}", refused.message);
}

#[test]
fn without_an_identity_a_bundle_goes_out_unsigned() {
    let laptop = Laptop::new();
    let workspace = laptop.open();
    let id = workspace.portfolio.create("Sonar").unwrap();
    let file = signed(&laptop, &workspace, id);
    assert_eq!(dpia_bundle::read(&std::fs::read(file).unwrap()).unwrap().signature, None);
    assert_eq!(workspace.identity.view().unwrap(), None, "exporting makes none");
}

/// A PNG of a few bytes that says it is 60,000 by 60,000 pixels.
const HUGE: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00\x0f\
      \xb0\xe2\x15\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x60\xa0\x0c\x00\x00\x00\x40\x00\x01\xb7\x34\x7c\xef\x00\x00\x00\
      \x00\x49\x45\x4e\x44\xae\x42\x60\x82";

#[test]
fn a_bundle_with_an_edition_of_its_own_is_shown_as_such_and_a_picture_that_is_too_large_is_refused_with_nothing_changed() {
    let theirs = Laptop::new();
    let there = theirs.open();
    let id = there.portfolio.create("Sonar").unwrap();
    let file = signed(&theirs, &there, id);
    let mut bundle = dpia_bundle::read(&std::fs::read(&file).unwrap()).unwrap();
    let known = bundle.assessment.edition.to_string();
    bundle.assessment.edition = "2099.1".parse().unwrap();
    bundle.edition = bundle.edition.replacen(&format!("id = \"{known}\""), "id = \"2099.1\"", 1);
    let harmless = dpia_bundle::write(&bundle).unwrap();
    let picture = dpia_model::id::Digest::of(HUGE);
    let facts = Attachment { media_type: MediaType::Png, width: 60_000, height: 60_000, bytes: u32::try_from(HUGE.len()).unwrap() };
    bundle.assessment.attachments.insert(picture, facts);
    bundle.attachments.insert(picture, HUGE.to_vec());
    bundle.scope = dpia_bundle::Scope::Full { history: Vec::new() };
    std::fs::write(&file, dpia_bundle::write(&bundle).unwrap()).unwrap();

    let laptop = Laptop::new();
    let here = laptop.open();
    let (provenance, ticket) = ask(&here, &file);
    assert_eq!(provenance.brings, ["edition 2099.1"]);
    let refused = here.imports.settle(ticket, Resolution::Open).unwrap_err();
    assert_eq!(
        (refused.code, refused.message.as_str()),
        (ErrorCode::Refused, "The picture is 60000 by 60000 pixels; the limit is 40000000 pixels")
    );
    assert!(here.portfolio.list().unwrap().is_empty());
    // Its edition was not taken in either.
    std::fs::write(&file, harmless).unwrap();
    let (provenance, ticket) = ask(&here, &file);
    assert_eq!(provenance.brings, ["edition 2099.1"]);
    here.imports.settle(ticket, Resolution::Open).unwrap();
    assert_eq!(here.editor.open(id).unwrap().form.edition.as_str(), "2099.1");
    let again = here.imports.import_file(&file).unwrap();
    assert!(matches!(again, Imported::Bundle { .. }), "{again:?}");
}

/// A PDF is another cover around a bundle: the person who signed it vouches for what is inside, and nobody else does.
#[test]
fn a_bundle_inside_a_pdf_is_vouched_for_or_asked_about_like_one_alone() {
    let (ours, theirs) = (Laptop::new(), Laptop::new());
    let (there, id) = desk_with_identity(&theirs);
    let print = |signature: ReportSignature| there.exports.render_report(id, &internal(signature)).unwrap().pdf;
    let file = ours.file("report.pdf");
    let here = ours.open();
    let look_at = |pdf: &[u8]| {
        std::fs::write(&file, pdf).unwrap();
        ask(&here, &file).0.signature
    };
    assert_eq!(look_at(&print(ReportSignature::Draft)), BundleSignature::Unsigned);
    assert!(matches!(look_at(&print(ReportSignature::Certified)), BundleSignature::Unknown { .. }));

    // The officer's own is known, countersigned by somebody else or not.
    let own = print(ReportSignature::OpenToCountersignature);
    let countersigned = dpia_app::printing::countersign_report(own.clone(), &stranger("2026-01-01T00:00:00Z"), System.now()).unwrap();
    there.portfolio.bin(id).unwrap();
    for pdf in [&own, &countersigned] {
        std::fs::write(&file, pdf).unwrap();
        assert_eq!(there.imports.import_file(&file).unwrap(), Imported::Bundle { assessment: id });
    }

    // Where a signature does not hold, nothing is opened, here or in a terminal.
    for at in [own.len() / 3, own.len() / 2, own.len() - 40] {
        let mut changed = own.clone();
        changed[at] ^= 1;
        std::fs::write(&file, &changed).unwrap();
        assert_eq!(here.imports.import_file(&file).unwrap_err().code, ErrorCode::Refused, "{at}");
        assert!(dpia_app::documents::open_document(&changed).is_err(), "{at}");
    }
    assert!(here.portfolio.list().unwrap().is_empty());
}

#[test]
fn a_new_assessment_starts_on_an_edition_of_the_program_whatever_a_bundle_brought() {
    let laptop = Laptop::new();
    let here = laptop.open();
    let (there, id) = desk_with_identity(&Laptop::new());
    let plain = laptop.file("plain.dpia");
    there.exports.write_bundle(id, &plain).unwrap();
    let mut bundle = dpia_bundle::read(&with_signature(&plain, |_| None)).unwrap();
    bundle.assessment.edition = "2099.1".parse().unwrap();
    bundle.edition = bundle.edition.replacen("2026.1", "2099.1", 1).replacen("released = \"2026", "released = \"2099", 1);
    let squat = laptop.file("squat.dpia");
    std::fs::write(&squat, dpia_bundle::write(&bundle).unwrap()).unwrap();
    let (provenance, ticket) = ask(&here, &squat);
    assert_eq!(provenance.brings, ["edition 2099.1"]);
    here.imports.settle(ticket, Resolution::Open).unwrap();
    drop(here);
    let here = laptop.open();
    let new = here.portfolio.create("Moon").unwrap();
    let edition = here.portfolio.list().unwrap().into_iter().find(|each| each.id == new).unwrap().edition;
    assert_eq!(edition.as_str(), "2026.1");
    assert!(here.previews.draw_brand(dpia_model::Brand::default()).is_ok());
}
