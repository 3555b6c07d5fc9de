//! What becomes of a report after it was printed: it opens again, it is countersigned, and the judges still pass it.

use std::fs;
use std::path::Path;

use anyhow::Result;
use dpia_tests::judges::{Question, check_pdf};
use dpia_tests::places::{DOCUMENTS, document, project_root, temporary_folder};
use dpia_tests::poppler::read_text;
use dpia_tests::terminal::{dpia, import, make_identity};

/// Every judge passes the file, the person who signed it.
fn expect_all_judges(pdf: &Path) -> Result<()> {
    check_pdf(pdf, &Question { profiles: &["3a", "ua1"], is_signed: true, trust: None })
}

#[test]
fn a_countersignature_leaves_the_first_signature_valid_and_the_file_archival() -> Result<()> {
    let folder = temporary_folder()?;
    let place = |name: &str| folder.path().join(name);
    let bundle = place("a.dpia");
    import(&document(DOCUMENTS[0]), &bundle)?;
    let (identity, _) = make_identity(folder.path())?;
    let school = temporary_folder()?;
    let (head, _) = make_identity(school.path())?;
    let (open, closed) = (place("open.pdf"), place("closed.pdf"));
    let report = || dpia("report --copy customer --client Hill -o");
    report()?.argument(&open).argument(&bundle).words("--countersignature --sign").argument(&identity).succeed()?;
    report()?.argument(&closed).argument(&bundle).words("--sign").argument(&identity).succeed()?;
    expect_all_judges(&open)?;
    assert!(read_text(&open)?.contains("Not signed: this field is empty"));

    let countersign =
        |from: &Path, to: &Path| -> Result<_> { dpia("countersign -o")?.argument(to).argument(from).words("--sign").argument(&head).run() };
    let both = place("both.pdf");
    let outcome = countersign(&open, &both)?;
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let (before, after) = (fs::read(&open)?, fs::read(&both)?);
    assert_eq!(after[..before.len()], before[..], "what was signed first is there to the byte");
    expect_all_judges(&both)?;
    let outcome = dpia("verify")?.argument(&both).run()?;
    assert_eq!(outcome.code, Some(0), "{}", outcome.stdout);
    assert_eq!(outcome.stdout.matches("Intact:  yes").count(), 2, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("after them, the field \"Countersignature\" was signed"), "{}", outcome.stdout);
    assert!(!read_text(&both)?.contains("this field is empty"), "the field shows who signed it");

    // A field is signed once, and a report that allows nothing more is not signed at all.
    assert_eq!(countersign(&both, &place("third.pdf"))?.code, Some(1));
    assert_eq!(countersign(&closed, &place("third.pdf"))?.code, Some(1));
    assert!(!place("third.pdf").exists());
    Ok(())
}

#[test]
fn a_report_is_shown_and_printed_again_from_the_pdf_alone() -> Result<()> {
    let folder = temporary_folder()?;
    let place = |name: &str| folder.path().join(name);
    let bundle = place("a.dpia");
    import(&document(DOCUMENTS[1]), &bundle)?;
    let (first, second) = (place("first.pdf"), place("second.pdf"));
    dpia("report --at 2026-11-22T09:00:00Z -o")?.argument(&first).argument(&bundle).succeed()?;
    dpia("report --at 2026-11-22T09:00:00Z -o")?.argument(&second).argument(&first).succeed()?;
    assert!(fs::read(&first)? == fs::read(&second)?, "the same assessment, the same bytes");
    let shown = dpia("show")?.argument(&first).run()?;
    assert_eq!((shown.code, shown.stdout), (Some(0), dpia("show")?.argument(&bundle).run()?.stdout));
    let screening = place("screening.pdf");
    dpia("report --screening -o")?.argument(&screening).argument(&first).succeed()?;
    let shown = dpia("show")?.argument(&screening).run()?.stdout;
    assert!(read_text(&screening)?.contains("Screening") && !shown.contains("AWS"), "{shown}");
    Ok(())
}

#[test]
fn each_kind_of_key_gives_the_same_bytes_in_two_processes_and_passes_every_judge() -> Result<()> {
    let folder = temporary_folder()?;
    let bundle = folder.path().join("a.dpia");
    import(&document(DOCUMENTS[2]), &bundle)?;
    for identity in ["p256", "p384-chain", "rsa-2048", "rsa-3072-chain", "rsa-4096"] {
        let file = project_root().join(format!("src-tauri/crates/dpia-signing/tests/fixtures/pkcs12/{identity}.p12"));
        let [first, second] = ["first", "second"].map(|run| folder.path().join(format!("{identity}-{run}.pdf")));
        for pdf in [&first, &second] {
            dpia("report --copy customer --client Hill --at 2026-11-23T09:00:00Z -o")?
                .argument(pdf)
                .argument(&bundle)
                .words("--sign")
                .argument(&file)
                .environment("DPIA_P12_PASSWORD", "x")
                .succeed()?;
        }
        assert!(fs::read(&first)? == fs::read(&second)?, "{identity}: two processes differ");
        expect_all_judges(&first)?;
        assert_eq!(dpia("verify")?.argument(&first).run()?.code, Some(0), "{identity}");
    }
    Ok(())
}
