//! Front, back, what runs over the pages, and what this copy is.

use super::signatures::signature_place;
use super::tree::{Back, Book, Cover, Part, Running, Wordmark, Words};
use super::words::format_moment;
use crate::ReportInput;
use dpia_model::assessment::DocumentDate;
use dpia_model::{CopyKind, Extent};

/// Binds the parts between covers.
pub(crate) fn bind(input: &ReportInput<'_>, parts: Vec<Part>, wordmark: &Wordmark) -> Book {
    let (details, brand, form) = (&input.assessment.details, input.brand, input.form);
    let product = if details.product.trim().is_empty() { "Product not named yet" } else { details.product.trim() };
    let date = match &details.date {
        DocumentDate::Unanswered => Words::plain("Date: not given yet"),
        DocumentDate::Unknown { as_written } => Words::plain(format!("Date: {as_written} ")).and_remark("to be confirmed"),
        DocumentDate::Known { date, .. } => Words::plain(format!("Date: {date}")),
    };
    let (copy, audience, client) = match input.copy {
        CopyKind::Internal => ("Internal copy", "Contains every part: not for release".to_owned(), None),
        CopyKind::Customer { client, .. } => ("Customer copy", format!("For {}", client.trim()), Some(client.trim().to_owned())),
    };
    let title = match input.extent {
        Extent::Whole => form.title.clone(),
        Extent::Screening => screening_title(input),
    };
    let year = details.copyright_year.or(match &details.date {
        DocumentDate::Known { date, .. } => Some(date.0.year()),
        DocumentDate::Unanswered | DocumentDate::Unknown { .. } => None,
    });
    let year = year.map_or_else(|| input.at.strftime("%Y").to_string(), |year| year.to_string());
    let copyright = format!("© {year} {}. {}", brand.copyright_holder.trim_end_matches('.'), brand.copyright_text);
    Book {
        title: format!("{product}: {title}"),
        author: brand.copyright_holder.clone(),
        running: Running {
            product: product.to_owned(),
            header: brand.header.clone(),
            remark: input.signature.is_none().then(|| "Draft, not signed".to_owned()),
            footer: brand.footer.clone(),
        },
        cover: Cover {
            wordmark: wordmark.clone(),
            title,
            product: product.to_owned(),
            date,
            copy: copy.to_owned(),
            audience: audience.clone(),
            signature: input.signature.map(|_| signature_place()),
        },
        about: about(input, copy, &audience),
        parts,
        back: Back { wordmark: wordmark.clone(), slogan: brand.slogan.clone(), client, site: brand.site.clone(), copyright },
    }
}

/// The title of the screening alone: that of its first section.
fn screening_title(input: &ReportInput<'_>) -> String {
    let section = input.form.screening_part().and_then(|part| part.sections.first());
    section.map_or_else(|| input.form.title.clone(), |section| section.title.clone())
}

fn about(input: &ReportInput<'_>, copy: &str, audience: &str) -> Vec<(String, String)> {
    let details = &input.assessment.details;
    let audience = match input.copy {
        CopyKind::Internal => "contains every part, not for release".to_owned(),
        CopyKind::Customer { .. } => audience.replacen("For ", "for ", 1),
    };
    let mut about = vec![
        ("Copy".to_owned(), format!("{copy}: {audience}")),
        ("Edition".to_owned(), format!("{}, {}", input.form.edition, input.form.pack)),
    ];
    if matches!(input.copy, CopyKind::Customer { .. }) {
        about[1].1 = input.form.edition.to_string();
    }
    if let Some(version) = details.version.as_ref().filter(|version| !version.trim().is_empty()) {
        about.push(("Version".to_owned(), version.clone()));
    }
    if let Some(author) = details.author.as_ref().filter(|author| !author.trim().is_empty()) {
        about.push(("Author".to_owned(), author.clone()));
    }
    about.push(("Printed".to_owned(), format_moment(input.at)));
    if let Some(file) = input.embedded {
        about.push(("Attached".to_owned(), file.name.to_owned()));
    }
    about
}
