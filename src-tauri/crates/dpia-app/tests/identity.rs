//! The life of an identity: made on first use, brought, renewed, warned of, refused; and what stays on record.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_app::files::Signing;
use dpia_app::identity::{IdentityLife, IdentityOrigin, IdentityView, make_identity};
use dpia_app::printing::{MissingCharacters, ReportRequest, ReportSignature};
use dpia_app::verifying::{FactAnswer, countersign_file, verify_file};
use dpia_app::{ErrorCode, Person, Surroundings, Workspace};
use dpia_keys::fake::MemoryKeychain;
use dpia_model::date::Instant;
use dpia_model::{CopyKind, Extent};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// A clock that is set by hand.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn at(moment: &str) -> Self {
        let clock = Self(Arc::default());
        clock.set(moment);
        clock
    }

    fn set(&self, moment: &str) {
        self.0.store(moment.parse::<jiff::Timestamp>().unwrap().as_second(), Ordering::SeqCst);
    }
}

impl Surroundings for Clock {
    fn now(&self) -> Instant {
        Instant(jiff::Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap())
    }

    fn new_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}

struct Desk {
    folder: tempfile::TempDir,
    clock: Clock,
    workspace: Workspace,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::at("2026-11-22T10:00:00Z");
        let workspace = Workspace::open_with(&folder.path().join("data"), &MemoryKeychain::new(), Box::new(clock.clone())).unwrap();
        workspace.vault.save_person(Some(officer())).unwrap();
        Self { folder, clock, workspace }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn view(&self) -> IdentityView {
        self.workspace.identity.view().unwrap().unwrap()
    }

    /// Exports a bundle; says whether it is signed, which the bundle says too.
    fn export_bundle(&self) -> Option<Signing> {
        let id = self.workspace.portfolio.create("Sonar").unwrap();
        let file = self.file("sonar.dpia");
        let signing = self.workspace.exports.write_bundle(id, &file).unwrap().signing;
        let bundle = dpia_bundle::read(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(bundle.signature.is_some(), signing == Some(Signing::Signed));
        signing
    }

    /// Exports a signed report.
    fn sign(&self) -> Result<Vec<u8>, dpia_app::AppError> {
        let id = self.workspace.portfolio.create("Sonar")?;
        let request = ReportRequest {
            copy: CopyKind::Internal,
            extent: Extent::Whole,
            signature: ReportSignature::Certified,
            missing_characters: MissingCharacters::Refuse,
        };
        self.workspace.exports.render_report(id, &request).map(|report| report.pdf)
    }
}

fn officer() -> Person {
    Person { name: "Sam Łęcki".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() }
}

/// A PKCS#12 file that another program made; its password is "x".
fn brought(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dpia-signing/tests/fixtures/pkcs12").join(name)
}

#[test]
fn an_identity_is_made_on_first_use_and_says_whose_it_is_and_until_when() {
    let desk = Desk::new();
    assert_eq!(desk.workspace.identity.view().unwrap(), None);
    assert_eq!(desk.export_bundle(), Some(Signing::NoIdentity));
    desk.sign().unwrap();
    assert_eq!(desk.export_bundle(), Some(Signing::Signed));
    let view = desk.view();
    assert_eq!((view.name.as_str(), view.email.as_str()), ("Sam Łęcki", "sam@example.org"));
    assert_eq!(view.not_after.0.to_string(), "2029-11-22T09:59:59Z");
    assert_eq!((view.days_left, view.life, view.origin), (1096, IdentityLife::InForce, IdentityOrigin::MadeHere));
    assert_eq!(view.earlier, []);
}

#[test]
fn the_end_of_a_certificate_is_warned_of_sixty_days_before_and_signs_nothing_after() {
    let desk = Desk::new();
    desk.sign().unwrap();
    let check = |moment: &str, life: IdentityLife, days: i32| {
        desk.clock.set(moment);
        assert_eq!((desk.view().life, desk.view().days_left), (life, days), "{moment}");
    };
    check("2029-09-23T09:59:59Z", IdentityLife::InForce, 61);
    check("2029-09-23T10:00:00Z", IdentityLife::EndsSoon, 60);
    desk.sign().unwrap();
    check("2029-11-22T10:00:00Z", IdentityLife::Ended, -1);
    assert_eq!(desk.export_bundle(), Some(Signing::NotInForce));
    let refused = desk.sign().unwrap_err();
    assert_eq!(refused.code, ErrorCode::Refused);
    assert!(refused.message.contains("expired") && refused.message.contains("create a new one"), "{}", refused.message);
    desk.workspace.identity.renew().unwrap();
    desk.sign().unwrap();
    check("2026-11-22T10:00:00Z", IdentityLife::NotYet, 2192);
}

#[test]
fn a_renewed_certificate_takes_the_place_of_the_old_one_which_stays_on_record() {
    let desk = Desk::new();
    desk.sign().unwrap();
    let first = desk.view();
    desk.clock.set("2029-10-01T08:00:00Z");
    let second = desk.workspace.identity.renew().unwrap();
    assert_ne!(second.fingerprint, first.fingerprint);
    assert_eq!(second.life, IdentityLife::InForce);
    desk.clock.set("2029-10-02T08:00:00Z");
    let third = desk.workspace.identity.bring(&brought("p384-chain.p12"), "x").unwrap();
    assert_eq!(third.origin, IdentityOrigin::Brought);
    assert_eq!(third.name, "Siân Officer");
    assert_eq!(desk.view(), third);
    let earlier: Vec<_> = third.earlier.iter().map(|old| (old.fingerprint.clone(), old.replaced_at.0.to_string(), old.origin)).collect();
    let expected = [
        (first.fingerprint.clone(), "2029-10-01T08:00:00Z".to_owned(), IdentityOrigin::MadeHere),
        (second.fingerprint, "2029-10-02T08:00:00Z".to_owned(), IdentityOrigin::MadeHere),
    ];
    assert_eq!(earlier, expected);
    // The same file once more changes nothing.
    let again = desk.workspace.identity.bring(&brought("p384-chain.p12"), "x").unwrap();
    assert_eq!(again, third);
}

#[test]
fn a_file_that_waits_is_countersigned_and_one_that_does_not_is_refused() {
    let (desk, other) = (Desk::new(), Desk::new());
    other.workspace.identity.bring(&brought("p384-chain.p12"), "x").unwrap();
    let id = desk.workspace.portfolio.create("Sonar").unwrap();
    let write = |signature: ReportSignature, name: &str| {
        let request =
            ReportRequest { copy: CopyKind::Internal, extent: Extent::Whole, signature, missing_characters: MissingCharacters::Refuse };
        fs::write(desk.file(name), desk.workspace.exports.render_report(id, &request).unwrap().pdf).unwrap();
        desk.file(name)
    };
    let (open, to) = (write(ReportSignature::OpenToCountersignature, "open.pdf"), desk.file("both.pdf"));
    assert!(verify_file(&desk.workspace.identity, &open).unwrap().awaits_countersignature);
    let before = fs::read(&open).unwrap();
    let found = countersign_file(&other.workspace.identity, &open, &to).unwrap();
    let who: Vec<&str> = found.signatures.iter().map(|signature| signature.who.as_str()).collect();
    assert!(who.len() == 2 && who[0].contains("Sam Łęcki") && who[1].contains("Siân Officer"), "{who:?}");
    let holds = found.signatures.iter().all(|each| (each.intact.answer, each.valid.answer) == (FactAnswer::Yes, FactAnswer::Yes));
    assert!(holds && !found.awaits_countersignature, "{found:?}");
    assert_eq!(verify_file(&other.workspace.identity, &to).unwrap(), found);
    assert_eq!(fs::read(&open).unwrap(), before);
    assert!(fs::read(&to).unwrap().starts_with(&before));

    for file in [write(ReportSignature::Certified, "closed.pdf"), write(ReportSignature::Draft, "draft.pdf"), to] {
        assert!(!verify_file(&desk.workspace.identity, &file).unwrap().awaits_countersignature, "{}", file.display());
        let refused = countersign_file(&desk.workspace.identity, &file, &desk.file("refused.pdf")).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Refused, "{}: {}", file.display(), refused.message);
        assert!(!desk.file("refused.pdf").exists());
    }
}

#[test]
fn each_kind_of_brought_identity_signs_a_report() {
    let desk = Desk::new();
    for name in ["rsa-2048.p12", "old-rc2-40.p12", "p384-chain.p12"] {
        let view = desk.workspace.identity.bring(&brought(name), "x").unwrap();
        let words = dpia_app::verifying::verify(&desk.sign().unwrap(), None, dpia_app::Surroundings::now(&dpia_app::System)).unwrap();
        assert!(words.is_sound, "{name}");
        assert_eq!(view.name, "Siân Officer");
    }
}

#[test]
fn a_file_that_cannot_sign_now_is_refused_and_the_identity_stays() {
    let desk = Desk::new();
    desk.sign().unwrap();
    let before = desk.view();
    let check = |path: &Path, password: &str, said: &str| {
        let refused = desk.workspace.identity.bring(path, password).unwrap_err();
        assert!(refused.message.contains(said), "{}", refused.message);
    };
    check(&brought("rsa-2048.p12"), "y", "password does not open");
    check(&brought("weak-rsa-1024.p12"), "x", "1024 bits");
    check(&brought("other-usage.p12"), "x", "not for signing documents");
    check(&brought("nothing.p12"), "x", "does not exist");
    // An identity of another time.
    let made = make_identity(&officer(), "x", &Clock::at("2020-01-01T00:00:00Z")).unwrap();
    fs::write(desk.file("old.p12"), made.pkcs12).unwrap();
    check(&desk.file("old.p12"), "x", "has expired: ask its issuer for a new one");
    let made = make_identity(&officer(), "x", &Clock::at("2030-01-01T00:00:00Z")).unwrap();
    fs::write(desk.file("new.p12"), made.pkcs12).unwrap();
    check(&desk.file("new.p12"), "x", "not valid yet");
    assert_eq!(desk.view(), before);
}

#[test]
fn the_certificate_goes_out_with_a_page_that_says_how_to_check_by_it() {
    let desk = Desk::new();
    let place = desk.file("juniper.pem");
    let written = desk.workspace.identity.export_certificate(&place).unwrap();
    assert_eq!(written.name, "juniper.pem");
    let certificate = dpia_app::identity::read_certificate(&fs::read(&place).unwrap()).unwrap();
    let fingerprint = desk.view().fingerprint;
    assert_eq!(certificate.fingerprint().to_string(), fingerprint);
    // What the page says is read in the tests that cross crates.
    assert!(fs::read(desk.file("juniper.pdf")).unwrap().starts_with(b"%PDF-1.7"));
    assert!(!fs::read_to_string(&place).unwrap().contains("PRIVATE"));
}
