//! Every kind of report under every judge: each paper, copy, extent and way of signing is PDF/A-3a and PDF/UA-1, sound
//! for qpdf, and where it is signed, valid for pdfsig and pyHanko.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dpia_app::{At, Person, Workspace, parse_moment};
use dpia_model::{Brand, Typeface};
use dpia_tests::judges::{Question, Verdict, judge_pdfs};
use dpia_tests::keychain::FileKeychain;
use dpia_tests::places::temporary_folder;
use dpia_tests::poppler;
use dpia_tests::terminal::{dpia, make_identity};

use crate::papers::{MOMENT, Paper, write_papers};

/// PDF/A-3a and PDF/UA-1, as veraPDF names them.
pub(crate) const PROFILES: &[&str] = &["3a", "ua1"];

/// Something that a report may be, with what asks the terminal for it.
struct Variant {
    name: &'static str,
    arguments: &'static [&'static str],
}

const COPIES: [Variant; 2] = [
    Variant { name: "internal", arguments: &[] },
    Variant { name: "customer", arguments: &["--copy", "customer", "--client", "Ysgol Gŵyr & Szkoła <Łódź> Κέντρο"] },
];

const EXTENTS: [Variant; 2] = [Variant { name: "whole", arguments: &[] }, Variant { name: "screening", arguments: &["--screening"] }];

/// How a report is signed; all but the draft are signed as well.
const SIGNATURES: [Variant; 3] = [
    Variant { name: DRAFT, arguments: &[] },
    Variant { name: "certified", arguments: &[] },
    Variant { name: "countersignature", arguments: &["--countersignature"] },
];
const DRAFT: &str = "draft";

/// The variants of a long paper: every page adds to the time, and what else differs is judged on the shorter ones.
const OF_LONG: [[&str; 3]; 2] = [["internal", "whole", DRAFT], ["customer", "whole", "countersignature"]];

/// Prints a paper in every copy and extent, signed one way.
fn print_all(papers: &[Paper], signature: &Variant, identity: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for paper in papers {
        for (copy, extent) in COPIES.iter().flat_map(|copy| EXTENTS.iter().map(move |extent| (copy, extent))) {
            let variants = [copy, extent, signature];
            let names = variants.map(|variant| variant.name);
            if paper.is_long && !OF_LONG.contains(&names) {
                continue;
            }
            let pdf = folder.join(format!("{}-{}.pdf", paper.name, names.join("-")));
            // A signature is made in the life of its certificate, which began just now.
            let call = if signature.name == DRAFT { dpia("report --at")?.words(MOMENT) } else { dpia("report")? };
            let mut call = call.argument(&paper.bundle).words("-o").argument(&pdf);
            for argument in variants.iter().flat_map(|variant| variant.arguments) {
                call = call.argument(argument);
            }
            if signature.name != DRAFT {
                // One paper has characters that no font has, on purpose.
                call = call.words("--missing-characters allow --sign").argument(identity);
            }
            call.succeed()?;
            files.push(pdf);
        }
    }
    Ok(files)
}

/// What the judges object to, in words.
fn objections(verdicts: &[Verdict]) -> String {
    let failed = verdicts.iter().filter(|verdict| !verdict.has_passed);
    failed.map(|verdict| format!("{} fails {}:\n  {}\n", verdict.judge, verdict.file, verdict.remarks.join("\n  "))).collect()
}

#[test]
fn the_page_that_goes_to_schools_with_a_certificate_passes_every_judge() -> Result<()> {
    let folder = temporary_folder()?;
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data)?;
    let moment = parse_moment(MOMENT).context("a moment")?;
    let workspace = Workspace::open_with(&data, &FileKeychain::in_folder(&data), Box::new(At(moment)))?;
    workspace.vault.save_person(Some(Person {
        name: "Siân Ó Briain-Łukasz".to_owned(),
        role: "Data Protection Officer".to_owned(),
        organisation: "Juniper Education Services Ltd".to_owned(),
        email: "dpo@example.org".to_owned(),
    }))?;
    let mut files = Vec::new();
    for typeface in [Typeface::SansAndSerif, Typeface::Sans, Typeface::Serif] {
        workspace.brand.save(Brand { typeface, ..Brand::default() })?;
        let certificate = folder.path().join(format!("{typeface:?}.pem"));
        workspace.identity.export_certificate(&certificate)?;
        files.push(certificate.with_extension("pdf"));
    }
    let verdicts = judge_pdfs(&files, &Question { profiles: PROFILES, is_signed: false, trust: None })?;
    assert!(verdicts.len() >= files.len(), "{} verdicts", verdicts.len());
    assert_eq!(objections(&verdicts), "");
    let pages = poppler::read_pages(&files[0])?;
    let [words] = &pages[..] else { panic!("{} pages", pages.len()) };
    let squeeze = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let fingerprint = workspace.identity.view()?.context("an identity")?.fingerprint;
    assert!(squeeze(words).contains(&squeeze(&fingerprint)), "{fingerprint} is not in:\n{words}");
    assert!(words.contains("Siân Ó Briain-Łukasz") && words.contains("SansAndSerif.pem"), "{words}");
    Ok(())
}

#[test]
fn every_paper_in_every_copy_extent_and_kind_of_signature_passes_every_judge() -> Result<()> {
    let folder = temporary_folder()?;
    let papers = write_papers(folder.path())?;
    let (identity, certificate) = make_identity(folder.path())?;
    let (mut found, mut count) = (String::new(), 0);
    for signature in SIGNATURES {
        let files = print_all(&papers, &signature, &identity, folder.path())?;
        let is_signed = signature.name != DRAFT;
        let question = Question { profiles: PROFILES, is_signed, trust: is_signed.then_some(certificate.as_path()) };
        found.push_str(&objections(&judge_pdfs(&files, &question)?));
        count += files.len();
    }
    assert!(found.is_empty(), "{found}");
    assert_eq!(count, (papers.len() - 1) * COPIES.len() * EXTENTS.len() * SIGNATURES.len() + OF_LONG.len());
    Ok(())
}
