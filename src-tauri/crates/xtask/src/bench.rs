//! `cargo xtask bench report`: what the printing of a report costs, beside Typst in the same run. `cargo xtask bench store`:
//! what the store costs, beside plain SQLite in the same run. `cargo xtask bench answer`: what a megabyte in one answer costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::progress::{run, step, succeeds};
use crate::project::Project;
use crate::requirements::{Need, ensure_requirements};

/// The document whose customer copy has 14 pages.
const DOCUMENT: &str = "tests/fixtures/documents/2024-06-04-juniper-mis.txt";
/// The document of which one answer is made long.
const LONG_DOCUMENT: &str = "tests/fixtures/documents/made-up/oakfield-tracker.md";
/// The typesetter beside which we stand, from PyPI.
const TYPST: &str = "typst==0.15.2";
/// The password of an identity that signs nothing but the bench's reports.
const PASSWORD: &str = "bench";

/// Runs the bench that is named.
pub(crate) fn run_bench(project: &Project, names: &[String]) -> Result<()> {
    match names {
        [name] if name == "report" => bench_report(project),
        [name] if name == "store" => bench_store(project),
        [name] if name == "answer" => bench_answer(project),
        _ => bail!("name one bench: report, store, answer"),
    }
}

/// How many assessments the databases hold.
const ASSESSMENTS: &str = "10000";

fn bench_store(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal])?;
    step("building the store, optimised (some minutes the first time)", || {
        run(project.cargo().args(["build", "--release", "--package", "dpia-power", "--examples"]))
    })?;
    // On the disk of the checkout: a temporary folder may lie in memory, where a sync costs nothing.
    let folder = project.target.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let program = release(project, "examples/store_cost");
    step("filling two databases and timing (some minutes)", || run(Command::new(program).arg(folder).arg(ASSESSMENTS)))
}

fn bench_answer(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal])?;
    build_programs(project)?;
    step("timing (a minute or two)", || {
        run(Command::new("python3")
            .arg(project.root.join("tests/bench/long_answer.py"))
            .arg("--dpia")
            .arg(release(project, "dpia"))
            .arg("--document")
            .arg(project.root.join(LONG_DOCUMENT))
            .arg("--out")
            .arg(project.target.join("bench")))
    })
}

fn bench_report(project: &Project) -> Result<()> {
    ensure_requirements(&[Need::Terminal, Need::Judges])?;
    let folder = project.target.join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let python = install_typst(&folder)?;
    build_programs(project)?;
    let (bundle, identity) = (folder.join("bench.dpia"), folder.join("bench.p12"));
    step("importing the document", || {
        let _ = fs::remove_file(&bundle);
        run(Command::new(release(project, "dpia"))
            .arg("import")
            .arg(project.root.join(DOCUMENT))
            .arg("-o")
            .arg(&bundle)
            .stderr(fs::File::create(folder.join("import.log"))?))
    })?;
    make_identity(&folder, &identity)?;
    step("timing (a minute or two)", || {
        run(Command::new(python)
            .arg(project.root.join("tests/bench/report.py"))
            .env("DPIA_P12_PASSWORD", PASSWORD)
            .arg("--dpia")
            .arg(release(project, "dpia"))
            .arg("--cost")
            .arg(release(project, "examples/report_cost"))
            .arg("--bundle")
            .arg(&bundle)
            .arg("--identity")
            .arg(&identity)
            .arg("--fonts")
            .arg(project.root.join("src-tauri/crates/dpia-report/fonts"))
            .arg("--out")
            .arg(&folder))
    })
}

fn build_programs(project: &Project) -> Result<()> {
    step("building dpia, optimised (some minutes the first time)", || {
        run(project.cargo().args(["build", "--release", "--package", "dpia-cli", "--package", "dpia-app", "--bins", "--examples"]))
    })
}

/// An optimised program.
fn release(project: &Project, name: &str) -> PathBuf {
    project.target.join("release").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Brings Typst into an environment of its own; gives its Python.
fn install_typst(folder: &Path) -> Result<PathBuf> {
    let python = folder.join("python/bin/python");
    if !succeeds(Command::new(&python).args(["-c", "import typst"])) {
        step("installing Typst", || {
            run(Command::new("python3").args(["-m", "venv"]).arg(folder.join("python")))?;
            run(Command::new(&python).args(["-m", "pip", "install", "--quiet", TYPST]))
        })?;
    }
    Ok(python)
}

/// An identity as an authority hands it out: OpenSSL's own PKCS#12, with its usual 2,048 rounds.
fn make_identity(folder: &Path, identity: &Path) -> Result<()> {
    if identity.is_file() {
        return Ok(());
    }
    let (key, certificate) = (folder.join("bench.key"), folder.join("bench.pem"));
    step("making an identity to sign with", || {
        run(Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "365", "-sha256"])
            .args(["-subj", "/O=Sample Organisation/title=Data Protection Officer/CN=Sample Officer/emailAddress=officer@example.org"])
            .args(["-addext", "keyUsage=critical,digitalSignature,nonRepudiation", "-addext", "basicConstraints=CA:FALSE", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate))?;
        run(Command::new("openssl")
            .args(["pkcs12", "-export", "-passout", &format!("pass:{PASSWORD}"), "-inkey"])
            .arg(&key)
            .arg("-in")
            .arg(&certificate)
            .arg("-out")
            .arg(identity))
    })
}
