//! Words that belong to no answer are no answer's: what is under a heading that is not the form's, after the last
//! section, or after the back cover.

use super::scenarios::{answer, unplaced};
use super::{LIBRARY, import, larkfield};
use crate::Import;
use proptest::prelude::*;

const SECRET: &str = "An expelled parent could find the child; severe, and not yet mitigated. Not for customers.";

/// Answers, each the last words before the next title.
const ANSWERS: [(&str, &str); 8] = [
    ("Marks are entered twice a day.", "nature.description"),
    ("A web application in one data centre.", "it_systems.description"),
    ("The security lead.", "consultation.internal"),
    ("The school answers requests.", "rights.responsible"),
    ("Only name, class and mark are read.", "minimisation.adequate_relevant"),
    ("Teachers correct their own marks.", "accuracy.measures"),
    ("Marks are kept for three years and then deleted.", "retention.periods"),
    ("Access is by single sign-on.", "security.measures"),
];

/// Ways in which documents set their titles.
const LOOKS: [&str; 9] = ["#", "##", "bold", "capitals", "numbered", "dotted", "spaced", "h2", "underlined"];

/// Ways in which a name may be marked as a heading, or as a label, that is not set like the titles.
const MARKS: [&str; 16] = [
    "{}:",
    "- {}",
    "c) {}",
    "B. {}",
    "IV. {}",
    "17. {}",
    "3.4 {}",
    "[{}]",
    "({})",
    "*{}*",
    "__{}__",
    "<u>{}</u>",
    "#### {}",
    "**{}:**",
    "{} –",
    "Section 9: {}",
];

/// A title in the look of a document; numbers count up.
fn set(title: &str, look: &str, number: usize) -> String {
    match look {
        "#" => format!("# {title}"),
        "##" => format!("## {title}"),
        "bold" => format!("**{title}**"),
        "capitals" => title.to_uppercase(),
        "numbered" => format!("{number}. {title}"),
        "dotted" => format!("2.{number} {title}"),
        "spaced" => format!("\n\n{title}"),
        "h2" => format!("<h2>{title}</h2>"),
        "underlined" => format!("{title}\n{}", "=".repeat(title.len())),
        _ => title.to_owned(),
    }
}

/// The document with its section titles in a look, and a heading with words under it after the answer of this place.
fn document(look: &str, place: &str, heading: &dyn Fn(usize) -> String, words: &str) -> String {
    let titles: Vec<&str> =
        LIBRARY.editions()[3].parts.iter().flat_map(|part| &part.sections).map(|section| section.title.as_str()).collect();
    let (mut number, mut in_contents) = (0, false);
    let mut out = Vec::new();
    for line in larkfield(&[]).lines() {
        in_contents |= line == "Contents";
        in_contents &= line != "Data Protection Impact Assessment (DPIA)";
        if !in_contents && titles.contains(&line) {
            number += 1;
            out.push(set(line, look, number));
        } else {
            out.push(line.to_owned());
        }
        if line == place {
            number += 1;
            out.push(format!("\n{}\n\n{words}", heading(number)));
        }
    }
    out.join("\n")
}

/// Says whether these words are in any answer.
fn is_answered(import: &Import, words: &str) -> bool {
    let answers = import.assessment.answers.values();
    answers.filter_map(|answer| answer.content.rich_text()).any(|text| text.plain_text().contains(words))
}

fn check_ends(text: &str, place: (&str, &str)) -> Result<(), TestCaseError> {
    let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(!is_answered(&import, SECRET), "it is an answer\n{}", text);
    prop_assert!(unplaced(&import).iter().any(|piece| piece.contains(SECRET)), "{:?}\n{}", unplaced(&import), text);
    prop_assert_eq!(answer(&import, place.1), place.0, "{}", text);
    prop_assert_eq!(answer(&import, "accuracy.measures"), "Teachers correct their own marks.");
    prop_assert!(import.assessment.details.copyright_year == Some(2023), "the back cover is read\n{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_heading_in_the_look_of_the_titles_ends_an_answer(
        look in prop::sample::select(LOOKS.to_vec()),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec!["Harms to families", "What the governors said", "Safeguarding panel", "Costs and benefits", "Other matters"]),
    ) {
        check_ends(&document(look, place.0, &|number| set(title, look, number), SECRET), place)?;
    }

    #[test]
    fn a_heading_that_names_what_is_kept_inside_ends_an_answer(
        look in prop::sample::select([&LOOKS[..], &["plain"]].concat()),
        own in prop::sample::select([&LOOKS[..], &["plain"]].concat()),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec![
            "Risk register", "DPO advice", "Appendix C: Risks", "Part 3", "Residual risks", "Sign-off", "Approval", "Action plan", "Decision",
            "Risk assessment", "DPO's comments", "Next steps", "Likelihood and severity", "Mitigation measures", "Annex 1 Interview notes",
            "Risks", "Identified risks", "Risks to pupils and their families", "Key risks", "Part C: Our view", "Signed off by the board",
            "Approval of the DPIA", "Outcome", "Outcome of the assessment", "Conclusions", "Reviewed by", "Final decision",
            "Advice of the Data Protection Officer", "Impact on individuals", "Section 8 Risk assessment", "Actions required", "Authorised by",
            "Information risks", "Risk treatment plan", "Appendices", "Recommendations",
        ]),
    ) {
        check_ends(&document(look, place.0, &|number| set(title, own, number), SECRET), place)?;
    }

    #[test]
    fn what_is_kept_inside_is_known_however_its_name_is_marked(
        look in prop::sample::select(vec!["##", "bold", "capitals", "numbered", "plain"]),
        mark in prop::sample::select(MARKS.to_vec()),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec![
            "Risk log", "DPO opinion", "Action log", "Issue log", "Open issues", "Internal notes", "Reviewer's comments", "Residual risk",
            "Governors' decision", "Internal comments", "Mitigation", "Approvals", "Legal advice", "Audit findings", "Escalations",
        ]),
    ) {
        check_ends(&document(look, place.0, &|_| mark.replace("{}", title), SECRET), place)?;
    }

    #[test]
    fn a_part_that_is_kept_inside_is_known_by_its_name(
        look in prop::sample::select(vec!["##", "bold", "plain"]),
        case in prop::sample::select(vec!["plain", "lower", "capitals", "bold"]),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec![
            "Amendments", "Revisions", "Version control", "Change requests", "Decisions taken", "Reasons for the decision", "To do", "Follow up",
            "Board decision", "Open questions", "Working notes", "Feedback from the DPO", "Balancing test", "Prior consultation", "Minutes",
            "Previous incidents", "Breach log", "Correspondence", "What could go wrong", "Penetration test findings", "Internal only",
            "Recommendation to the board", "Document owner", "Strictly confidential",
        ]),
    ) {
        let heading = |_| match case {
            "lower" => title.to_lowercase(),
            "capitals" => title.to_uppercase(),
            "bold" => format!("**{title}**"),
            _ => title.to_owned(),
        };
        check_ends(&document(look, place.0, &heading, SECRET), place)?;
    }

    #[test]
    fn a_heading_whose_head_names_what_is_kept_inside_ends_an_answer(
        look in prop::sample::select(vec!["##", "bold", "capitals", "plain"]),
        own in prop::sample::select(vec!["####", "bold", "plain"]),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec![
            "Risks of the new timetable", "Risks with cameras", "Supplier risks", "Risks we found", "Impact of cameras on families",
            "Likelihood of a leak", "Decision about the supplier", "Advice from our lawyer", "DPO view", "The DPO's view of the supplier",
            "Concerns raised by the head", "Harm to pupils", "Sign-off by the head", "Trustee sign-off", "Action plan for the summer",
            "Next steps for the rollout", "Privacy risks of the timetable",
        ]),
    ) {
        let heading = |_| match own {
            "plain" => title.to_owned(),
            "bold" => format!("**{title}**"),
            marks => format!("{marks} {title}"),
        };
        check_ends(&document(look, place.0, &heading, SECRET), place)?;
    }

    #[test]
    fn what_is_kept_inside_is_known_however_its_name_is_spelled(
        look in prop::sample::select(vec!["##", "bold", "plain"]),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec![
            "Ｒｉｓｋ ｒｅｇｉｓｔｅｒ", "Rlsk register", "R1sk register", "R I S K S", "Risk assesment", "Mitlgation measures", "Risk / Risg",
            "Risks | Risgiau", "Risgiau / Risks", "Risk register ..........", "h3. Risk register", "Q12. Risk register", "Step Seven: Sign off",
            "Section Nine – Risk register", "Stage 4: Decision", "Schedule 2", "Exhibit B", "Risk (RAG)", "For office use only", "Not for schools",
        ]),
    ) {
        check_ends(&document(look, place.0, &|_| title.to_owned(), SECRET), place)?;
    }

    #[test]
    fn a_comment_on_the_document_is_no_answers(
        place in prop::sample::select(ANSWERS.to_vec()),
        comment in prop::sample::select(vec![
            "[Comment: {}]", "[Comment JB, 3 May: {}]", "[Commented [JB1]: {}]", "[DPO: {}]", "[Internal note: {}]", "{>>{}<<}",
            "[{}]{.comment-start id=\"0\" author=\"Jo Bloggs\"}[]{.comment-end id=\"0\"}",
        ]),
        is_apart in any::<bool>(),
    ) {
        let between = if is_apart { "\n\n" } else { " " };
        let text = larkfield(&[(place.0, &format!("{}{between}{}", place.0, comment.replace("{}", SECRET)))]);
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(answer(&import, place.1), place.0, "{}", text);
        prop_assert!(import.report.left_out.iter().any(|left| left.text.contains(SECRET)), "{:?}", import.report.left_out);
    }

    #[test]
    fn a_heading_that_only_holds_a_word_of_what_is_kept_inside_is_the_answers_own(
        look in prop::sample::select(vec!["##", "bold", "capitals", "dotted", "h2", "plain"]),
        place in prop::sample::select(ANSWERS.to_vec()),
        title in prop::sample::select(vec![
            "Risk-based authentication", "User approval", "Approval of users", "Outcome data", "Section 9 transfers", "Approved devices",
            "Threat detection systems", "DDoS mitigation services", "Decision trees in the software", "Confidential data", "Log reviews",
            "Digital signatures", "Pupils at risk in the system", "Part 2 tokens", "Access approval", "Outcome records in the database",
            "Staff feedback", "Incident management", "Conclusion of user sessions", "Recommendations of the monitoring",
            "Likelihood model of the software", "Appended files", "Review of access logs by hand", "Signed links", "Approval by text message to users",
        ]),
        own in prop::sample::select(vec!["####", "plain", "label", "lead"]),
    ) {
        let heading = |_| match own {
            "plain" => title.to_owned(),
            "label" => format!("{title}:"),
            "lead" => format!("{title}: yes.\n\nAlso:"),
            marks => format!("{marks} {title}"),
        };
        let text = document(look, place.0, &heading, "It goes to the school and back.");
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let read = answer(&import, place.1);
        prop_assert!(read.starts_with(place.0) && read.contains(title) && read.ends_with("It goes to the school and back."), "{}\n{}", read, text);
    }

    #[test]
    fn a_lower_heading_is_the_answers_own(
        look in prop::sample::select(vec!["##", "bold", "capitals", "dotted", "h2", "plain"]),
        place in prop::sample::select(ANSWERS[..6].to_vec()),
        title in prop::sample::select(vec![
            "Data flows", "Kinds of data", "Security", "Backups", "Rights", "Where it runs", "Incident response", "Audit trail", "Complaints procedure",
            "Access reviews", "Comments by teachers", "Internal systems", "Decision support", "Open source software", "Version numbers", "Email",
        ]),
        own in prop::sample::select(vec!["###", "####", "plain", "label"]),
    ) {
        prop_assume!(own.starts_with('#') || title != "Security" && title != "Rights");
        let heading = |_| match own {
            "plain" => title.to_owned(),
            "label" => format!("{title}:"),
            marks => format!("{marks} {title}"),
        };
        let text = document(look, place.0, &heading, "It goes to the school and back.");
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let read = answer(&import, place.1);
        prop_assert!(read.starts_with(place.0) && read.contains(title) && read.ends_with("It goes to the school and back."), "{}\n{}", read, text);
    }
}

#[test]
fn nothing_after_the_last_section_is_its_answer() {
    let check = |after: &str| {
        let text = larkfield(&[("Access is by single sign-on.", &format!("Access is by single sign-on.\n\n{after}"))]);
        let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
        assert_eq!(answer(&import, "security.measures"), "Access is by single sign-on.", "{after}");
        assert!(unplaced(&import).iter().any(|piece| piece.contains("severe")), "{after}: {:?}", unplaced(&import));
    };
    check(&format!("Risk register\n\n{SECRET}"));
    check(&format!("# Appendix C: Risks\n\n{SECRET}"));
    check(&format!("DPO advice\n\n{SECRET}"));
    check(&format!("What the panel found\n\n{SECRET}"));
    check(&format!("DPO advice: {SECRET}"));
    check(&format!("**Risk register** {SECRET}"));
    check(&format!("Risk\tLikelihood\tSeverity\nExposure\tpossible\tsevere\n\n{SECRET}"));
    check(&format!("| Risk | Likelihood | Severity |\n|---|---|---|\n| {SECRET} | possible | severe |"));
    check(&format!("17. Risk register: {SECRET}"));
    check(&format!("[Risk register] {SECRET}"));
    check(&format!("- Risk register: {SECRET}"));
    check(&format!("Section 9: Risk register: {SECRET}"));
    check(&format!("Issue log: {SECRET}"));
    check(&format!("Internal use only. {SECRET}"));
    check(&format!("Commented [JB1]: {SECRET}"));
    check(&format!("| Version | Date | Who |\n|---|---|---|\n| 1 | May | {SECRET} |"));
    check(&format!("Internal notes – {SECRET}"));
    check(&format!("risk register\n\n{SECRET}"));
    check(&format!("13. Risk assessment\n\n{SECRET}"));
}

#[test]
fn nothing_after_the_back_cover_is_an_answer() {
    let end = "infringement of copyright.\n";
    let check = |edits: &[(&str, &str)]| {
        let import = import("a.txt", larkfield(edits).as_bytes()).expect("it is an assessment");
        assert_eq!(answer(&import, "security.measures"), "Access is by single sign-on.", "{edits:?}");
        assert_eq!(import.assessment.details.copyright_year, Some(2023));
        import
    };
    let import = check(&[
        ("twice a day.", "twice a day.[^1] Nobody else sees them."),
        (end, &format!("{end}\n[^1]: At nine and at one o'clock.\n")),
    ]);
    assert_eq!(answer(&import, "nature.description"), "Marks are entered twice a day.[^1] Nobody else sees them.");
    assert_eq!(unplaced(&import), ["[^1]: At nine and at one o'clock."]);
    let place = &import.assessment.unplaced[0].place;
    assert_eq!(place.question.as_ref().map(|question| question.as_str()), Some("nature.description"));
    let import = check(&[(end, &format!("{end}\nMinutes of the meeting\n\n{SECRET}\n"))]);
    assert!(unplaced(&import).iter().any(|piece| piece.contains(SECRET)), "{:?}", unplaced(&import));
    let import = check(&[(end, &format!("{end}\n{SECRET}\n"))]);
    assert_eq!(unplaced(&import), [SECRET]);
}

#[test]
fn notes_do_not_end_the_answer_that_contains_them() {
    let text = larkfield(&[(
        "Marks are entered twice a day.",
        "Marks are entered[^a] twice a day.\n\n[^a]: By hand.\n\nNobody else sees them.\n\n[^b]: Never called.\n",
    )]);
    let import = import("a.md", text.as_bytes()).expect("it is an assessment");
    assert_eq!(answer(&import, "nature.description"), "Marks are entered[^a] twice a day. / Nobody else sees them.");
    assert_eq!(unplaced(&import), ["[^a]: By hand.", "[^b]: Never called."]);
    let text = larkfield(&[("twice a day.", "twice a day.[1]"), ("single sign-on.", "single sign-on.\n\n[1] At nine.")]);
    let plain = super::import("a.txt", text.as_bytes()).expect("it is an assessment");
    assert_eq!(unplaced(&plain), ["[1] At nine."]);
    assert_eq!(answer(&plain, "security.measures"), "Access is by single sign-on.");
}

#[test]
fn attributes_of_headings_are_marks() {
    let text: String = larkfield(&[])
        .lines()
        .map(|line| match line {
            "Data Protection Impact Assessment" => "# Data Protection Impact Assessment {#data-protection-impact-assessment}\n".to_owned(),
            "Rights" | "Accuracy" | "Security" | "IT Systems" => format!("# {line} {{#{} .unnumbered}}\n", line.to_lowercase()),
            line => format!("{line}\n"),
        })
        .collect();
    let import = import("a.md", text.as_bytes()).expect("it is an assessment");
    assert_eq!(import.assessment.details.product, "Larkfield Register");
    for (expected, question) in ANSWERS {
        assert_eq!(answer(&import, question), expected);
    }
    assert!(import.report.left_out.iter().any(|left| left.text == "{#security .unnumbered}"), "{:?}", import.report.left_out);
    let spans = larkfield(&[("Access is by single sign-on.", "[]{#a}Access is by [single sign-on]{.underline}. A {name} stays.")]);
    let spanned = super::import("a.md", spans.as_bytes()).expect("it is an assessment");
    assert_eq!(answer(&spanned, "security.measures"), "Access is by single sign-on. A {name} stays.");
}
