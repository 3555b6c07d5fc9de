//! A full assessment to print: every kind of question, every state of an answer.

use dpia_model::assessment::{
    Answer, Assessment, Cell, Content, Details, DocumentDate, Effect, Measure, Origin, Place, Risk, Row, Tick, Unplaced, Value,
};
use dpia_model::id::{AssessmentId, AttachmentId, ColumnId, OptionId, QuestionId, RowId};
use dpia_model::rich_text::{Block, Link, ListItem, RichText, Run};
use dpia_model::template::Library;
use dpia_model::{CivilDate, Form, Instant};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) const AT: &str = "2025-07-04T13:32:00Z";

pub(crate) fn at() -> jiff::Timestamp {
    AT.parse().expect("a moment")
}

pub(crate) fn form(edition: &str) -> Form {
    let library = Library::built_in().expect("templates");
    library.form(&edition.parse().expect("edition"), &"internal-1".parse().expect("pack")).expect("known ids").expect("a form")
}

pub(crate) fn empty(form: &Form) -> Assessment {
    Assessment::new(AssessmentId(Uuid::from_u128(1)), form.edition.clone(), form.pack.clone(), "Pupil Progress")
}

pub(crate) fn question(id: &str) -> QuestionId {
    id.parse().expect("a question id")
}

pub(crate) fn row(number: u128) -> RowId {
    RowId(Uuid::from_u128(number))
}

pub(crate) fn date(day: i8, month: i8, year: i16) -> CivilDate {
    CivilDate::new(year, month, day).expect("a day")
}

pub(crate) fn answer(assessment: &mut Assessment, id: &str, content: Content) {
    let origin = Origin::Typed { by: "Sam Sample".to_owned(), at: Instant(at()) };
    assessment.answers.insert(question(id), Answer { content, origin: Some(origin) });
}

pub(crate) fn prose(assessment: &mut Assessment, id: &str, text: &str) {
    let value = Value::RichText { text: RichText::from_plain(text) };
    answer(assessment, id, Content::Answered { value });
}

/// Ticks these options; those in `unknown` are to be confirmed; all others are not ticked.
pub(crate) fn tick(form: &Form, assessment: &mut Assessment, id: &str, ticked: &[&str], unknown: &[&str]) {
    let asked = form.question(&question(id)).expect("a question");
    let ticks: BTreeMap<OptionId, Tick> = asked
        .options()
        .iter()
        .map(|option| {
            let name = option.id.as_str();
            let tick = if ticked.contains(&name) {
                Tick::Ticked
            } else if unknown.contains(&name) {
                Tick::Unknown
            } else {
                Tick::NotTicked
            };
            (option.id.clone(), tick)
        })
        .collect();
    answer(assessment, id, Content::Answered { value: Value::Ticks { ticks, other: None } });
}

fn recipients(assessment: &mut Assessment) {
    let rows: [(&str, &str, &str, &str, Option<&str>); 11] = [
        ("Pupil Progress", "To provide student performance tracking application", "UK", "Privacy & Policy Hub - Pupil Progress", None),
        ("Groupcall Exporter", "Facilitates transfer of data from MIS to Pupil Progress", "UK", "Xporter on Demand For Schools", None),
        (
            "AWS",
            "Hosts Pupil Progress app",
            "UK",
            "https://docs.aws.amazon.com/whitepapers/latest/navigating-gdpr-compliance/aws-data-processing-addendum-dpa.html",
            Some(""),
        ),
        ("FRAM", "Development and support of Pupil Progress", "EU", "Privacy Policy FRAM", None),
        ("Google", "Transfer and handle comms in Pupil Progress app", "EU", "https://policies.google.com/privacy?hl=en", Some("")),
        ("HubSpot", "Records Pupil Progress customer info", "EU", "https://legal.hubspot.com/", Some("")),
        ("Product Fruits", "Support for Pupil Progress", "EU", "https://productfruits.com/docs/", Some("")),
        ("Intercom", "Support for Pupil Progress", "EU", "https://www.intercom.com/legal/data-processing-agreement", Some("")),
        ("Loom", "Support for Pupil Progress", "US", "https://support.loom.com/hc/en-us/articles/360002228758-GDPR-compliance", Some("")),
        (
            "Typeform",
            "Support for Pupil Progress",
            "EU",
            "Security & privacy standards at Typeform – Help Center",
            Some("https://www.typeform.com/help/a/security-at-typeform-360029259552/"),
        ),
        ("Thinkific", "Hosts the Pupil Progress Academy for support", "CA", "https://www.thinkific.com/dpa/", Some("")),
    ];
    let column = |id: &str| -> ColumnId { id.parse().expect("a column id") };
    let text = |words: &str| Cell::Text { text: words.to_owned() };
    let rows = rows
        .iter()
        .enumerate()
        .map(|(at, (name, purpose, country, label, address))| {
            let address = address.map(|address| if address.is_empty() { (*label).to_owned() } else { address.to_owned() });
            let link = Cell::Link { label: (*label).to_owned(), address };
            let cells = [("name", text(name)), ("purpose", text(purpose)), ("country", text(country)), ("privacy_notice", link)];
            Row { id: row(100 + at as u128), cells: cells.into_iter().map(|(id, cell)| (column(id), cell)).collect() }
        })
        .collect();
    answer(assessment, "disclosure.recipients", Content::Answered { value: Value::Table { rows } });
}

fn retention(assessment: &mut Assessment) {
    let bold = |text: &str| Run::Text { text: text.to_owned(), bold: true, italic: false, link: None };
    let item = |text: &str| ListItem { blocks: vec![Block::plain(text)] };
    let text = RichText {
        blocks: vec![
            Block::Paragraph {
                runs: vec![
                    Run::plain("Juniper processes existing customer data for "),
                    bold("8 years"),
                    Run::plain(" and will delete all terminating customer data within "),
                    bold("90 days"),
                    Run::plain(
                        ". Pupil Progress processes all ‘active’ data (data that has been provided and is linked to active accounts on a verified licence) until the following:",
                    ),
                ],
            },
            Block::BulletedList {
                items: vec![
                    item(
                        "If your subscription or trial subscription licence has run out, access to the live platform is revoked for all users after a 90 day period.",
                    ),
                    ListItem {
                        blocks: vec![
                            Block::plain("Subsequently, platform data is retained until one of the following conditions has been met;"),
                            Block::BulletedList {
                                items: vec![
                                    item(
                                        "If the subscription expiry date is between the 1st of September and the 31st of March, the live platform data will be securely deleted in the following August.",
                                    ),
                                    item(
                                        "If the subscription expiry date is between the 1st of April and the 31st of August, the live platform data will be securely deleted in the following January.",
                                    ),
                                ],
                            },
                        ],
                    },
                    item("We also operate a rolling backup that retains information for 90 further days following live platform deletion."),
                ],
            },
            Block::plain(
                "For example, if a subscription expired on the 22nd of February 2027, the live platform data would be deleted on a date within August such as 31st August 2027. The rolling backup would then retain the information for 90 further days until the 29th of November 2027.",
            ),
            Block::plain(
                "If you request it, we will provide written certification that all Personal Data has been completely deleted in line with the guidance within the right to erasure.",
            ),
        ],
    };
    answer(assessment, "retention.periods", Content::Answered { value: Value::RichText { text } });
}

fn risks(assessment: &mut Assessment) {
    let option = |id: &str| -> OptionId { id.parse().expect("an option id") };
    let risk = |number: u128, source: &str, harm: &str, scales: [&str; 4], measure: (&str, &str, Effect), is_approved: Option<bool>| Risk {
        id: row(200 + number),
        source: source.to_owned(),
        harm: harm.to_owned(),
        likelihood: Some(option(scales[0])),
        severity: Some(option(scales[1])),
        measures: vec![Measure {
            id: row(300 + number),
            description: measure.0.to_owned(),
            owner: measure.1.to_owned(),
            due: Some(date(30, 9, 2025)),
            effect: Some(measure.2),
        }],
        residual_likelihood: Some(option(scales[2])),
        residual_severity: Some(option(scales[3])),
        is_approved,
    };
    let risks = vec![
        risk(
            1,
            "A user account is linked to the wrong school at onboarding",
            "Staff see the attainment of pupils they do not teach; families lose trust.",
            ["possible", "significant", "remote", "significant"],
            ("Two people check the mapping of each school at onboarding.", "Customer Operations", Effect::Reduced),
            Some(true),
        ),
        risk(
            2,
            "The MIS transfer takes more fields than are needed",
            "Sensitive details of pupils are held without a purpose.",
            ["probable", "significant", "remote", "significant"],
            ("The field list is agreed with each customer; all other fields are off.", "Head of Product", Effect::Reduced),
            Some(true),
        ),
        risk(
            3,
            "A predicted grade is taken for a decision",
            "A pupil is kept out of a course or an examination tier.",
            ["possible", "severe", "possible", "significant"],
            ("Each prediction shows its basis and a note that a teacher decides.", "Head of Product", Effect::Reduced),
            Some(true),
        ),
        risk(
            4,
            "Support tools keep recordings after the contract ends",
            "Names and screens stay with suppliers.",
            ["possible", "significant", "remote", "minimal"],
            ("Recordings are deleted after 90 days and at the end of a contract.", "Support Manager", Effect::Eliminated),
            Some(false),
        ),
        risk(
            5,
            "A teacher’s password is reused and stolen",
            "Grades are read or changed by a stranger.",
            ["possible", "severe", "remote", "severe"],
            ("A second factor is required for every account that can change grades.", "Head of Engineering", Effect::Accepted),
            None,
        ),
    ];
    answer(assessment, "risk.register", Content::Answered { value: Value::Risks { risks } });
}

/// The picture that the sample draws.
pub(crate) fn picture() -> (AttachmentId, Vec<u8>) {
    let picture = image::RgbaImage::from_fn(480, 160, |x, y| {
        let inside = (x / 160) != 0 && x % 160 > 30 || x < 130;
        if inside && y > 20 && y < 140 { image::Rgba([11, 74, 80, 255]) } else { image::Rgba([255, 255, 255, 0]) }
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    let bytes = bytes.into_inner();
    (AttachmentId::of(&bytes), bytes)
}

/// The assessment of the pictures of the house style, as far as it is known, the rest invented.
pub(crate) fn full(form: &Form) -> Assessment {
    let mut a = empty(form);
    a.details = Details {
        product: "Pupil Progress".to_owned(),
        date: DocumentDate::Known { date: date(4, 7, 2025), has_short_year: false },
        version: Some("3".to_owned()),
        author: Some("Sam Sample".to_owned()),
        copyright_year: Some(2025),
    };
    prose(
        &mut a,
        "screening.description",
        "Juniper will resell Pupil Progress to new and existing secondary school customers. Pupil Progress is an application which provides real-time tracking and monitoring of secondary education students for schools and trusts across all subjects and qualifications.",
    );
    tick(form, &mut a, "screening.consider", &["new_technology", "evaluation_scoring", "systematic_monitoring"], &["sensitive_data"]);
    tick(form, &mut a, "screening.must", &["vulnerable_people", "data_matching"], &["special_category_large_scale"]);
    answer(
        &mut a,
        "screening.result",
        Content::Answered { value: Value::Choice { option: "required".parse().expect("an option"), reason: None } },
    );
    let signed = |name: &str, role: &str| Content::Answered {
        value: Value::SignOff { name: name.to_owned(), role: role.to_owned(), date: Some(date(4, 7, 2025)), signs: None },
    };
    answer(&mut a, "screening.sign_off", signed("Sam Sample", "Product Manager"));
    answer(&mut a, "processing.data", Content::Unknown { stated: None });
    tick(form, &mut a, "processing.people", &["customers"], &[]);
    prose(
        &mut a,
        "processing.people_description",
        "Juniper customer data will be processed to provide access to the application, which will contain data relating to students.",
    );
    prose(
        &mut a,
        "processing.expectations",
        "Yes, customers will expect data to be processed in the ways envisaged to meet the requirements of the contract in place with Juniper for use of the application.",
    );
    prose(
        &mut a,
        "purpose.aims",
        "The aim is to meet the requirements of the contract in place with Juniper and its customers for use of the Pupil Progress application.",
    );
    prose(
        &mut a,
        "responsibility.beneficiaries",
        "The commercial and operations teams will process data within Juniper in order to onboard and support customers. Juniper will benefit commercially and financially. Customers will benefit from real-time tracking and monitoring of students across all subjects and qualifications.",
    );
    prose(
        &mut a,
        "nature.description",
        "The data within the application will be provided by the customer via their MIS. They will use the application to monitor, analyse and report on student performance.",
    );
    let (attachment, _) = picture();
    let text = RichText {
        blocks: vec![
            Block::plain(
                "Data will be fed into the Pupil Progress cloud application from customers’ MIS application using Groupcall Exporter.",
            ),
            Block::Picture {
                attachment,
                description: "Three boxes in a row.".to_owned(),
                caption: "Figure 1. How pupil data reaches Pupil Progress (sample picture).".to_owned(),
            },
        ],
    };
    answer(&mut a, "it_systems.description", Content::Answered { value: Value::RichText { text } });
    answer(&mut a, "disclosure.shared", Content::Answered { value: Value::YesNo { is_yes: true, reasoning: None } });
    recipients(&mut a);
    prose(&mut a, "consultation.views", "Internal consultation will take place within Juniper.");
    prose(&mut a, "consultation.internal", "Group Data Protection Officer (GDPO).");
    answer(&mut a, "necessity.alternatives", Content::Unknown { stated: None });
    prose(
        &mut a,
        "rights.responsible",
        "Juniper customers are the data controllers and are responsible for data subjects’ rights requests.",
    );
    answer(&mut a, "privacy.notice_sufficient", Content::Unknown { stated: None });
    tick(form, &mut a, "lawful_basis.article_6", &[], &[]);
    answer(&mut a, "lawful_basis.special_category", Content::Unknown { stated: None });
    let last =
        form.question(&question("lawful_basis.article_9")).map(|asked| asked.options()[5].id.as_str().to_owned()).unwrap_or_default();
    tick(form, &mut a, "lawful_basis.article_9", &[&last], &[]);
    prose(&mut a, "minimisation.purpose_limits", "Standard contractual clauses.");
    prose(&mut a, "minimisation.adequate_relevant", "Customers are entirely responsible for the data uploaded to the application.");
    prose(&mut a, "accuracy.measures", "Customers are entirely responsible for maintaining the data within the application.");
    retention(&mut a);
    let link = Run::Text {
        text: "APupil Progress App: How we keep your data safe".to_owned(),
        bold: false,
        italic: false,
        link: Some(Link { address: None }),
    };
    let text = RichText { blocks: vec![Block::Paragraph { runs: vec![Run::plain("Please refer to "), link] }] };
    answer(&mut a, "security.measures", Content::Answered { value: Value::RichText { text } });
    risks(&mut a);
    answer(&mut a, "decision.measures_approved", signed("Morgan Example", "Head of Product"));
    answer(&mut a, "decision.residual_accepted", signed("Robin Example", "Managing Director"));
    prose(
        &mut a,
        "decision.advice",
        "The processing may go ahead when the field list of each customer is agreed in writing before the first transfer.",
    );
    answer(&mut a, "decision.advice_accepted", Content::Answered { value: Value::YesNo { is_yes: true, reasoning: None } });
    answer(&mut a, "decision.next_review", Content::Answered { value: Value::Date { date: date(4, 7, 2026), has_short_year: false } });
    a.unplaced.push(Unplaced {
        id: row(400),
        text: RichText::from_plain("A paragraph that the form has no place for."),
        place: Place { line: 85, heading: "DPIA Screening Questions".to_owned(), question: None },
    });
    a
}

/// Content that tries the flow: long, wide, deep, strange.
pub(crate) fn hostile(form: &Form) -> Assessment {
    let mut a = full(form);
    a.details.product = "Comprehensive Multi-Academy Trust Attainment, Progress and Behaviour Analysis Platform".to_owned();
    let mut block = Block::plain("the innermost words of all");
    for at in 0..9 {
        let items = vec![ListItem {
            blocks: vec![Block::plain(format!("level {at} of a list inside a list, and on it goes over the line")), block],
        }];
        block = if at % 3 == 0 { Block::NumberedList { start: 98, items } } else { Block::BulletedList { items } };
    }
    let word: String = (0..2000).map(|at| char::from(b'a' + (at % 26) as u8)).collect();
    let text = RichText {
        blocks: vec![
            Block::plain("Świętochłowice, Żółć; Ελληνικά ονόματα; Київ; Llanfairpwllgwyngyll; smile 😀 and 漢字."),
            block,
            Block::plain(format!("One word of two thousand letters: {word}.")),
        ],
    };
    answer(&mut a, "security.measures", Content::Answered { value: Value::RichText { text } });
    let option = |id: &str| -> OptionId { id.parse().expect("an option id") };
    let risks = (0..30)
        .map(|at: u128| Risk {
            id: row(500 + at),
            source: format!("Source {at} of a risk whose name is not short"),
            harm: "Something happens to somebody. ".repeat((at % 4) as usize),
            likelihood: Some(option(if at.is_multiple_of(2) { "possible" } else { "probable" })),
            severity: Some(option(["minimal", "significant", "severe"][(at % 3) as usize])),
            measures: Vec::new(),
            residual_likelihood: (!at.is_multiple_of(5)).then(|| option("remote")),
            residual_severity: Some(option("minimal")),
            is_approved: None,
        })
        .collect();
    answer(&mut a, "risk.register", Content::Answered { value: Value::Risks { risks } });
    a
}
