//! What a report costs in a process that is warm: `report_cost BUNDLE IDENTITY.p12 COPIES` prints JSON. The password of
//! the identity is read from `DPIA_P12_PASSWORD`.

use dpia_app::documents::{Opened, open_document};
use dpia_app::printing::{MissingCharacters, Printer, ReportOptions, ReportRequest, ReportSignature, Stage};
use dpia_app::{AppError, files, identity, moment_of_epoch};
use dpia_model::{CopyKind, Extent};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

const RUNS: usize = 25;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bundle, pkcs12, copies] = &arguments[..] else { return Err("report_cost BUNDLE IDENTITY.p12 COPIES".into()) };
    let copies: usize = copies.parse()?;
    let message = |error: AppError| error.message;
    let opened = open_document(&files::read(Path::new(bundle)).map_err(message)?).map_err(message)?;
    let password = std::env::var("DPIA_P12_PASSWORD")?;
    let identity = identity::read_identity(&files::read(Path::new(pkcs12)).map_err(message)?, &password).map_err(message)?;

    let mut printer = Printer::new().map_err(message)?;
    let mut steps: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut whole = Vec::new();
    for run in 0..=RUNS {
        let mut begun: Vec<(String, Instant)> = vec![("bundle inside".to_owned(), Instant::now())];
        // A word of the assessment changes from report to report, as it does while somebody writes.
        let changed = with_client(&opened, run);
        print(&mut printer, &changed, &identity, "Example Academy Trust", &mut |step| {
            begun.push((format!("{step:?}").to_lowercase(), Instant::now()))
        })
        .map_err(message)?;
        let end = Instant::now();
        if run == 0 {
            continue;
        }
        whole.push((end - begun[0].1).as_secs_f64() * 1000.0);
        for (at, (name, start)) in begun.iter().enumerate() {
            let until = begun.get(at + 1).map_or(end, |next| next.1);
            steps.entry(name.clone()).or_default().push((until - *start).as_secs_f64() * 1000.0);
        }
    }

    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let shares: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let work: Vec<_> = (0..threads)
            .map(|thread| {
                let (opened, identity) = (&opened, &identity);
                scope.spawn(move || {
                    let mut printer = Printer::new().map_err(message)?;
                    for number in (thread..copies).step_by(threads) {
                        print(&mut printer, opened, identity, &format!("Example School {number}"), &mut |_| {}).map_err(message)?;
                    }
                    Ok(())
                })
            })
            .collect();
        work.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a thread ended early".to_owned()))).collect()
    });
    shares.into_iter().collect::<Result<(), String>>()?;
    let each = started.elapsed().as_secs_f64() * 1000.0 * threads as f64 / copies.max(1) as f64;

    let steps: BTreeMap<String, f64> = steps.into_iter().map(|(name, values)| (name, median(values))).collect();
    let said =
        serde_json::json!({ "warm_ms": median(whole), "steps": steps, "copies": copies, "threads": threads, "copy_ms_per_core": each });
    println!("{said}");
    Ok(())
}

fn with_client(opened: &Opened, run: usize) -> Opened {
    let mut bundle = opened.bundle.clone();
    bundle.assessment.details.version = Some(format!("Draft {run}"));
    Opened { bundle, form: opened.form.clone() }
}

fn print(
    printer: &mut Printer,
    opened: &Opened,
    identity: &dpia_app::identity::Identity,
    client: &str,
    begin: &mut dyn FnMut(Stage),
) -> Result<usize, AppError> {
    let copy = CopyKind::Customer { client: client.to_owned(), included: BTreeSet::new() };
    let request =
        ReportRequest { copy, extent: Extent::Whole, signature: ReportSignature::Certified, missing_characters: MissingCharacters::Refuse };
    // A signature is made in the life of its certificate.
    let start = identity.certificate().not_before().as_second();
    let at = moment_of_epoch(start).ok_or_else(|| AppError::new(dpia_app::ErrorCode::Misused, "no such moment"))?;
    let options = ReportOptions { request: &request, at, identity: Some(identity) };
    let rendered = printer.print(opened, &options, &mut |step| {
        begin(step);
        ControlFlow::Continue(())
    })?;
    Ok(rendered.pdf.len())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
