//! The published documents with a few words changed, as people and conversions change them, and what becomes of the
//! questions concerned.

use super::{SEEDS, fixture, import};
use crate::Import;
use dpia_model::assessment::{Content, DifferenceKind, LeftOutReason, Tick, Value};
use dpia_model::id::QuestionId;
use dpia_model::template::Form;

const SONAR: usize = 0;
const MIS: usize = 1;
const SISRA: usize = 2;
const PUPIL: usize = 3;

fn changed(seed: usize, edits: &[(&str, &str)]) -> Import {
    let mut text = String::from_utf8(fixture(SEEDS[seed])).expect("it is UTF-8");
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    import("changed.txt", text.as_bytes()).unwrap_or_else(|error| panic!("{edits:?}: {error}"))
}

/// The answer in short: the text, or ticks, or yes and no, with `?` for what is unknown.
pub(super) fn answer(import: &Import, question: &str) -> String {
    let id = QuestionId::new(question).expect("an id");
    let text = |text: Option<&dpia_model::RichText>| text.map(|text| text.plain_text().replace('\n', " / ")).unwrap_or_default();
    match import.assessment.content(&id) {
        Content::Unanswered => "-".to_owned(),
        Content::Unknown { stated } => format!("? {}", text(stated.as_ref())).trim_end().to_owned(),
        Content::Answered { value } => match value {
            Value::RichText { text: prose } => text(Some(prose)),
            Value::YesNo { is_yes, reasoning } => {
                format!("{} {}", if *is_yes { "yes" } else { "no" }, text(reasoning.as_ref())).trim_end().to_owned()
            }
            Value::Choice { option, reason } => format!("{option} {}", text(reason.as_ref())).trim_end().to_owned(),
            Value::Date { date, .. } => date.to_string(),
            Value::SignOff { name, role, date, .. } => format!("{name}, {role}, {}", date.map(|date| date.to_string()).unwrap_or_default()),
            Value::Ticks { ticks, other } => {
                let form = form_of(import);
                let options = form.question(&id).map(|question| question.options().to_vec()).unwrap_or_default();
                let marks: String = options
                    .iter()
                    .map(|option| match ticks[&option.id] {
                        Tick::Ticked => 'x',
                        Tick::NotTicked => 'o',
                        Tick::Unknown => '?',
                    })
                    .collect();
                format!("{marks} {}", text(other.as_ref())).trim_end().to_owned()
            }
            Value::Table { rows } => {
                let form = form_of(import);
                let row = |row: &dpia_model::assessment::Row| {
                    let columns = form.question(&id).map(|question| question.kind.clone());
                    let Some(dpia_model::QuestionKind::Table { columns }) = columns else { return String::new() };
                    columns
                        .iter()
                        .map(|column| row.cells.get(&column.id).map(|cell| cell.plain_text()).unwrap_or_default())
                        .collect::<Vec<_>>()
                        .join(" | ")
                };
                rows.iter().map(row).collect::<Vec<_>>().join(" // ")
            }
            Value::Risks { .. } => "risks".to_owned(),
        },
        Content::NotApplicable { reason } => reason.clone(),
        Content::Withheld => "withheld".to_owned(),
    }
}

fn form_of(import: &Import) -> Form {
    super::LIBRARY.form(&import.assessment.edition, &import.assessment.pack).expect("it is there").expect("it holds together")
}

pub(super) fn unplaced(import: &Import) -> Vec<String> {
    import.assessment.unplaced.iter().map(|piece| piece.text.plain_text().replace('\n', " / ")).collect()
}

fn check(seed: usize, edits: &[(&str, &str)], expected: &[(&str, &str)]) -> Import {
    let import = changed(seed, edits);
    for (question, expected) in expected {
        assert_eq!(answer(&import, question), *expected, "{question} after {edits:?}");
    }
    import
}

#[test]
fn an_answer_may_share_its_line_with_the_prompt_and_a_prompt_with_its_heading() {
    check(
        MIS,
        &[("rights requests?\n\n", "rights requests? ")],
        &[("rights.responsible", "Juniper customers act as the Controller and they are responsible for subject access requests.")],
    );
    check(
        SISRA,
        &[("rights requests?\n\nJuniper Customer", "rights requests?\tJuniper Customer")],
        &[("rights.responsible", "Juniper Customer")],
    );
    check(
        SISRA,
        &[(
            "Who is responsible for responding to data subjects' rights requests?\n\nJuniper Customer",
            "| Who is responsible for responding to data subjects' rights requests? | Juniper Customer |",
        )],
        &[("rights.responsible", "Juniper Customer")],
    );
    check(
        MIS,
        &[
            ("Accuracy\n\nWhat", "### Accuracy What"),
            ("Rights\n\nWhere", "**Rights** Where"),
            ("Part 2\n\nAbout the Processing\n", "Part 2 – About the Processing\n"),
        ],
        &[
            (
                "minimisation.adequate_relevant",
                "There is a limited data set that can be processed and this is all viewable in the product.",
            ),
            ("necessity.alternatives", "?"),
        ],
    );
}

#[test]
fn a_prompt_that_appears_twice_counts_once() {
    let doubled = |edits: &[(&str, &str)], question: &str, expected: &str| {
        let import = check(PUPIL, edits, &[(question, expected)]);
        let left = import.report.left_out.iter().filter(|left| left.reason == LeftOutReason::DoubledPrompt).count();
        assert!(left >= 2, "{:?}", import.report.left_out);
        assert!(unplaced(&import).is_empty(), "{:?}", unplaced(&import));
    };
    let who = "Who is responsible for responding to data subjects' rights requests?";
    let controllers = "Juniper customers are the data controllers and are responsible for data subjects' rights requests.";
    doubled(&[(who, &format!("~~{who}~~ {who}"))], "rights.responsible", controllers);
    doubled(&[(who, &format!("{who}\n\n{who}"))], "rights.responsible", controllers);
    doubled(&[(who, &format!("{who}\n\nJuniper Data Protection Impact Assessment\n\n**{who}**"))], "rights.responsible", controllers);
    doubled(&[(who, &format!("Who is responsible\n{who}"))], "rights.responsible", controllers);
    let aims = "What are the aims of the processing? What does the organisation want to achieve from it? If the data is pre-existing, how will the new use/processing differ from the current use/processing?";
    let answer = "The aim is to meet the requirements of the contract in place with Juniper and its customers for use of the Pupil Progress application.";
    doubled(&[(aims, &format!("{aims} {aims}"))], "purpose.aims", answer);
}

#[test]
fn a_prompt_in_other_words_is_known_by_its_place_and_named() {
    let reworded = |edits: &[(&str, &str)], question: &str, expected: &str| {
        let import = check(MIS, edits, &[(question, expected)]);
        let named = import.report.differences.iter().any(|differs| differs.kind == DifferenceKind::Wording && !differs.found.is_empty());
        assert!(named, "{:?}", import.report.differences);
        assert!(unplaced(&import).is_empty(), "{:?}", unplaced(&import));
    };
    let rights = "Juniper customers act as the Controller and they are responsible for subject access requests.";
    reworded(
        &[("Who is responsible for responding to data subjects' rights requests?", "Who will respond when people use their rights?")],
        "rights.responsible",
        rights,
    );
    reworded(
        &[("Storage Limitation (Retention)", "Retention and Storage")],
        "accuracy.measures",
        "There is no requirement to keep data accurate but there is negative consequence, such as emergency subject contact, to not having an accurate dataset.",
    );
    reworded(
        &[("What are the aims of the processing? What does", "What is the aim of it? What does")],
        "purpose.aims",
        "The processing allows users to effectively record data and run processes from it. This allows the users to ensure that their policies are met in a satisfactory fashion.",
    );
    reworded(&[("\nRights\n", "\n12.1 Rights\n")], "rights.responsible", rights);
}

#[test]
fn yes_and_no_are_read_where_they_can_be() {
    let shared = |to: &str, expected: &str| drop(check(MIS, &[("etc? Yes No", &format!("etc? {to}"))], &[("disclosure.shared", expected)]));
    shared("Yes No", "?");
    shared("Yes ☒ No ☐", "yes");
    shared("[ ] Yes [x] No", "no");
    shared("\n\n- [x] Yes\n- [ ] No", "yes");
    shared("<input type=\"radio\" checked> Yes <input type=\"radio\"> No", "yes");
    shared("☐ Yes ☐ No", "-");
    shared("☒ Yes ☒ No", "?");
    shared("Yes", "yes");
    shared("No\n\nNothing is shared.", "no Nothing is shared.");
    shared("~~Yes~~ No", "no");
    shared("", "?");
    shared("Yes No\n\nOnly within the UK.", "? Only within the UK.");
    shared("☒ Yes ☐ No\n\nOnly within the UK.", "yes Only within the UK.");
}

#[test]
fn the_result_of_the_screening_is_read_where_it_is_decided() {
    let both = "Full DPIA required / Full DPIA not required*\n\n*Delete one option";
    let result = |to: &str, expected: &str| drop(check(MIS, &[(both, to)], &[("screening.result", expected)]));
    result(both, "? Full DPIA required / Full DPIA not required*");
    result("Full DPIA not required", "not_required");
    result("Full DPIA required*\n\n\\*Delete one option", "required");
    result("☒ Full DPIA required\t☐ Full DPIA not required", "required");
    result("Full DPIA not required\n\nNo personal data is processed.", "not_required No personal data is processed.");
    result("", "-");
    result("To be decided", "? To be decided");
    check(
        MIS,
        &[(both, "Full DPIA required\nName: Jo Bloggs\nJob title: DPO\nDate: 4 June 2024")],
        &[("screening.result", "required"), ("screening.sign_off", "Jo Bloggs, DPO, 04/06/2024")],
    );
    check(MIS, &[("Date of DPIA Screening\t04/06/24", "**Date of DPIA Screening:** 4th June 2024")], &[("screening.date", "04/06/2024")]);
    check(MIS, &[("Date of DPIA Screening\t04/06/24", "Date of DPIA Screening\tearly June")], &[("screening.date", "? early June")]);
    check(MIS, &[("Date of DPIA Screening\t04/06/24", "Date of DPIA Screening\tdd/mm/yyyy")], &[("screening.date", "-")]);
}

#[test]
fn options_are_read_and_strange_ones_are_kept() {
    let import = check(
        MIS,
        &[
            ("- Name\n", "- [x] Name\n"),
            ("- Profiling\n", "- Profiling\n- Cookies and device ids\n"),
            ("below):\n", "below): Attendance marks\n"),
        ],
        &[("processing.data", "xooooooooooo Attendance marks")],
    );
    assert_eq!(unplaced(&import), ["Cookies and device ids"]);
    assert!(
        import
            .report
            .differences
            .iter()
            .any(|differs| differs.kind == DifferenceKind::OptionUnknown && differs.found == "Cookies and device ids")
    );
    let import = check(MIS, &[("- Name\n", "- ☒ Name\n"), ("- Location data\n", "")], &[("processing.data", "xooooooo?ooo")]);
    assert!(
        import
            .report
            .differences
            .iter()
            .any(|differs| differs.kind == DifferenceKind::OptionMissing && differs.expected == "Location data")
    );
    let import =
        check(MIS, &[("- Members of the public\n", "- Members of the public\n\nPupils and parents.\n")], &[("processing.people", "?")]);
    assert_eq!(unplaced(&import), ["Pupils and parents."]);
}

#[test]
fn tables_are_read_with_other_headers_and_over_pages() {
    let header = "Name\tPurpose of processing\tCountry\tPrivacy Notice Link\n";
    let rows = "DfE | Statutory | UK | Link // Wonde | Data Share, Statutory | UK | Link // AWS | Hosting | UK | Link // Apache | Hosting | UK | Link";
    let table = |edits: &[(&str, &str)], expected: &str| check(MIS, edits, &[("disclosure.recipients", expected)]);
    table(&[("Country\tPrivacy", "Location\tPrivacy")], rows);
    table(&[(header, "**Name**\t**Purpose of processing**\t**Country**\t**Privacy Notice Link**\n")], rows);
    table(&[("AWS\tHosting", &format!("\nWE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN\n\n{header}AWS\tHosting"))], rows);
    table(
        &[(
            "Wonde\tData Share, Statutory\tUK\tLink\n",
            "Wonde\tData Share,\tUK\tLink\n\n4\n\nJuniper Data Protection Impact Assessment\n\n\tStatutory\t\t\n",
        )],
        rows,
    );
    table(
        &[
            (
                header,
                "<table><tr><th>Name</th><th>Purpose of processing</th>\n<th>Country</th><th>Privacy Notice Link</th></tr>\n<tr><td>Google</td><td>Sign in</td><td>US</td><td><a href=\"https://example.org/p\">Policy</a></td></tr></table>\n",
            ),
            ("DfE\tStatutory\tUK\tLink\nWonde\tData Share, Statutory\tUK\tLink\nAWS\tHosting\tUK\tLink\nApache\tHosting\tUK\tLink\n", ""),
        ],
        "Google | Sign in | US | Policy https://example.org/p",
    );
    let import = table(
        &[
            ("Privacy Notice Link\n", "Privacy Notice Link\tContract\n"),
            ("DfE\tStatutory\tUK\tLink", "DfE\tStatutory\tUK\tLink\tsigned 2023"),
        ],
        rows,
    );
    assert_eq!(unplaced(&import), ["DfE – Contract: / signed 2023"]);
    let import = table(&[("Apache\tHosting\tUK\tLink\n", "Apache\tHosting\tUK\tLink\n\nA list of others is kept.\n")], rows);
    assert_eq!(unplaced(&import), ["A list of others is kept."]);
    table(
        &[("DfE\tStatutory\tUK\tLink\nWonde\tData Share, Statutory\tUK\tLink\nAWS\tHosting\tUK\tLink\nApache\tHosting\tUK\tLink\n", "")],
        "-",
    );
    table(
        &[
            (header, ""),
            (
                "DfE\tStatutory\tUK\tLink\nWonde\tData Share, Statutory\tUK\tLink\nAWS\tHosting\tUK\tLink\nApache\tHosting\tUK\tLink\n",
                "None, nothing is shared.\n",
            ),
        ],
        "? None, nothing is shared.",
    );
}

#[test]
fn slogans_and_page_ends_leave_sentences_whole() {
    let aims = "The processing allows users to effectively record data and run processes from it. This allows the users to ensure that their policies are met in a satisfactory fashion.";
    let again = ("Juniper will benefit commercially", "Oakfield DPIA | Page 4 of 12\n\nJuniper will benefit commercially");
    let slogan = |words: &str| {
        let import =
            check(MIS, &[("effectively record data", &format!("effectively {words} record data")), again], &[("purpose.aims", aims)]);
        let is_left_out = import.report.left_out.iter().any(|left| left.text == "Oakfield DPIA | Page 4 of 12");
        assert_eq!(is_left_out, words.contains("Oakfield"), "{words}");
    };
    slogan("WE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN");
    slogan("\n\n*We look after you, so that you\ncan look after our children*\n\n");
    slogan("\n\nWE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN 7\n\nJuniper Data Protection Impact Assessment\n\n");
    slogan("\n\nPage 3 of 12\n\n");
    slogan("\n\nOakfield DPIA | Page 3 of 12\n\n");
    slogan("\n\n\u{c}Juniper Data Protection Impact Assessment\n\n");
    slogan("\n\nJuniper Data Protection Impact Assessment 3\n\n");
}

#[test]
fn the_words_of_the_covers_are_kept_or_named() {
    let import = changed(
        MIS,
        &[
            ("Juniper MIS\n\nDate: 04/06/24", "Oakfield MIS\n\nVersion 2.1\n\nAuthor\tJo Bloggs\n\nDate: June 2024\n\nFor internal use"),
            ("Client: Name Here", "Client: Oakfield Academy"),
        ],
    );
    let details = &import.assessment.details;
    assert_eq!(
        (details.product.as_str(), details.version.as_deref(), details.author.as_deref()),
        ("Oakfield MIS", Some("2.1"), Some("Jo Bloggs"))
    );
    assert_eq!(details.date, dpia_model::assessment::DocumentDate::Unknown { as_written: "June 2024".to_owned() });
    assert_eq!(unplaced(&import), ["For internal use"]);
    assert!(import.report.left_out.iter().any(|left| left.reason == LeftOutReason::Cover && left.text == "Client: Oakfield Academy"));
    let product =
        |edits: &[(&str, &str)], expected: &str| assert_eq!(changed(MIS, edits).assessment.details.product, expected, "{edits:?}");
    let cover = "Data Protection Impact Assessment\n\n\n\nJuniper MIS\n";
    product(&[(cover, "# Data Protection Impact Assessment – Oakfield MIS\n")], "Oakfield MIS");
    product(&[(cover, "# DPIA for Oakfield MIS\n")], "Oakfield MIS");
    product(&[(cover, "# Data Protection Impact Assessment (DPIA)\n\n## Product: Oakfield MIS\n")], "Oakfield MIS");
    product(&[(cover, "")], "changed");
    product(&[(cover, "Juniper Education\n\nData Protection Impact Assessment\n\nDRAFT\n\nOakfield MIS\n")], "Oakfield MIS");
    product(&[(cover, "Oakfield MIS\n\nData Protection Impact Assessment\n")], "Oakfield MIS");
}

#[test]
fn words_under_no_question_are_kept_with_their_place() {
    let import = changed(
        SONAR,
        &[
            ("The purpose of a consultation", "We have a panel of schools.\n\nThe purpose of a consultation"),
            (
                "UK-South Datacentre.\n",
                "UK-South Datacentre.\n\nImpact\n\nData could be lost.\n\nAppendix A\n\nGuidance Notes\n\nA note.\n",
            ),
        ],
    );
    assert_eq!(unplaced(&import), ["We have a panel of schools.", "Data could be lost.", "A note."]);
    let places: Vec<&str> = import.assessment.unplaced.iter().map(|piece| piece.place.heading.as_str()).collect();
    assert_eq!(places, ["Consultation Process", "Impact", "Guidance Notes"]);
}

#[test]
fn an_answer_that_nobody_gave_is_none() {
    let given = |words: &str, expected: &str| {
        drop(check(
            SISRA,
            &[("rights requests?\n\nJuniper Customer", &format!("rights requests?\n\n{words}"))],
            &[("rights.responsible", expected)],
        ));
    };
    given("Click or tap here to enter text.", "-");
    given("Not answered", "-");
    given("", "-");
    given("N/A", "N/A");
}

#[test]
fn a_running_header_may_name_the_product() {
    let header = |page: u32| format!("\n\nOakfield MIS Juniper Data Protection Impact Assessment\nPage {page} of 9\n\n");
    let import = check(
        MIS,
        &[
            ("The subjects would", &format!("The subjects {} would", header(3))),
            ("It is a brand new", &format!("{}It is a brand new", header(4))),
            ("\nSecurity\n", &format!("{}Accuracy, continued\n\nSecurity\n", header(5))),
        ],
        &[("processing.expectations", "The subjects would expect this, it is common.")],
    );
    let left = import.report.left_out.iter().filter(|left| left.reason == LeftOutReason::PageFurniture).count();
    assert_eq!(left, 7, "{:?}", import.report.left_out);
}

#[test]
fn sections_in_another_order_are_found() {
    let text = String::from_utf8(fixture(SEEDS[MIS])).expect("it is UTF-8");
    let at = |words: &str| text.find(words).expect("it is there");
    let (accuracy, storage, security) = (at("Accuracy\n"), at("Storage Limitation"), at("Security\n"));
    let moved = format!("{}{}{}{}", &text[..accuracy], &text[storage..security], &text[accuracy..storage], &text[security..]);
    let (before, after) = (import("a.txt", text.as_bytes()).expect("it is read"), import("a.txt", moved.as_bytes()).expect("it is read"));
    assert_eq!(before.report.placed, after.report.placed);
    for placed in &before.report.placed {
        assert_eq!(before.assessment.content(&placed.question), after.assessment.content(&placed.question), "{}", placed.question);
    }
}

#[test]
fn a_link_of_the_form_that_leads_elsewhere_is_named() {
    let import = changed(MIS, &[("[Juniper Privacy notice](#)", "[Juniper Privacy notice](https://example.org/privacy)")]);
    assert!(
        import.report.differences.iter().any(|differs| differs.found == "https://example.org/privacy"),
        "{:?}",
        import.report.differences
    );
}
