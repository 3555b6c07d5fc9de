//! Prints a sample report, to be looked at: `print_sample OUT.pdf [edition] [internal|customer] [signed|open|draft] [full|empty|hostile] [whole|screening]`.
#![allow(missing_docs)]

#[path = "../tests/sample/mod.rs"]
mod sample;

use dpia_model::{CopyKind, Extent};
use dpia_report::{Press, ReportInput, SignatureBlock, render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let argument = |at: usize, fallback: &str| arguments.get(at).cloned().unwrap_or_else(|| fallback.to_owned());
    let form = sample::form(&argument(1, "2025.2"));
    let assessment = match argument(4, "full").as_str() {
        "empty" => sample::empty(&form),
        "hostile" => sample::hostile(&form),
        _ => sample::full(&form),
    };
    let copy = match argument(2, "internal").as_str() {
        "customer" => CopyKind::Customer { client: "Example Academy Trust".to_owned(), included: Default::default() },
        _ => CopyKind::Internal,
    };
    let block = SignatureBlock {
        name: "Alex Example".to_owned(),
        role: "Group Data Protection Officer".to_owned(),
        organisation: "Juniper Education".to_owned(),
        email: "alex@example.org".to_owned(),
        fingerprint: [0x9F; 32],
        is_open: argument(3, "") == "open",
    };
    let brand = dpia_model::Brand::default();
    let (id, bytes) = sample::picture();
    let input = ReportInput {
        form: &form,
        assessment: &assessment,
        brand: &brand,
        copy: &copy,
        extent: if argument(5, "") == "screening" { Extent::Screening } else { Extent::Whole },
        at: sample::at(),
        signature: (argument(3, "") != "draft").then_some(&block),
        pictures: &|wanted| (*wanted == id).then(|| bytes.clone()),
        embedded: None,
        app_version: "0.1.0",
    };
    let started = std::time::Instant::now();
    let report = render(&input)?;
    println!("{} pages, {} bytes, {:?}", report.pages, report.pdf.len(), started.elapsed());
    let mut press = Press::new()?;
    let mut fastest = std::time::Duration::MAX;
    for _ in 0..40 {
        let started = std::time::Instant::now();
        press.print(&input, &mut |_| std::ops::ControlFlow::Continue(()))?;
        fastest = fastest.min(started.elapsed());
    }
    println!("again, in one press: {fastest:?}");
    for missing in &report.missing_glyphs {
        println!("no font has {:?} ({}: {})", missing.character, missing.section, missing.context);
    }
    std::fs::write(argument(0, "sample.pdf"), report.pdf)?;
    Ok(())
}
