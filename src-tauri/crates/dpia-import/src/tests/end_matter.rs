//! What is after the last answer is no answer: headings, labels and prose of the end of a document, and its back cover.

use super::scenarios::{answer, unplaced};
use super::{LIBRARY, import, larkfield};
use crate::Import;
use proptest::prelude::*;

const LAST: &str = "Access is by single sign-on.";

/// Headings of parts that are at the end, with words under them.
const HEADINGS: [&str; 42] = [
    "Author",
    "Document properties",
    "Version control",
    "Distribution list",
    "About Juniper",
    "Authors",
    "About the author",
    "Document information",
    "Document details",
    "Version history",
    "Revision history",
    "Circulation",
    "About us",
    "About Juniper Education",
    "About this document",
    "Who we are",
    "Our mission",
    "Company information",
    "Contact",
    "Contact us",
    "Get in touch",
    "Further information",
    "Related documents",
    "Disclaimer",
    "Copyright notice",
    "Acknowledgements",
    "Prepared by",
    "Reviewed by",
    "Author(s)",
    "Document control sheet",
    "Amendment record of this document",
    "Document version history",
    "Copyright and contact",
    "About the company",
    "Distribution of copies",
    "Document classification",
    "File properties",
    "Our offices",
    "End of document",
    "Juniper Education",
    "Publication details",
    "Data Protection Officer",
];

/// Prose without a heading.
const PROSE: [&str; 27] = [
    "This assessment was written by Jo Bloggs and goes to the governors.",
    "This document is reviewed every year.",
    "Prepared by Jo Bloggs in March.",
    "Juniper Education is a company of many years and works with a thousand schools.",
    "Juniper is one of the largest companies of its kind.",
    "We are a company of teachers.",
    "For more information please write to us.",
    "The governors met in May and were not content.",
    "The DPO advised against it.",
    "An expelled parent could find the child; severe, and not yet mitigated. Not for customers.",
    "The residual risk was accepted by the trust.",
    "Registered in England, number 1234567.",
    "Registered office: 1 High Street, Town.",
    "If you have any questions, write to the team.",
    "All rights reserved.",
    "© Oakfield Trust.",
    "Copyright Oakfield Trust 2024.",
    "Next review: May 2027.",
    "Author: Jo Bloggs",
    "Version: 1.4",
    "Tel: 0345 123 4567",
    "Reviewed by\tJo Bloggs",
    "**Author** Jo Bloggs of the team",
    "Author – Jo Bloggs",
    "| Document properties | DPIA of May |",
    "Date: 04/05/2026",
    "Written by Jo and Kim",
];

/// Lines of back covers, each of which may be missing, and what may be among them.
const COVER: [&str; 6] = [
    "Juniper",
    "*WE LOOK AFTER YOU, SO THAT YOU\nCAN LOOK AFTER OUR CHILDREN*",
    "Client: Oakfield School",
    "[Junipereducation.org](https://www.junipereducation.org)",
    "© 2023 Juniper Education Services Ltd. All rights reserved. This publication is the intellectual property of Juniper Education.",
    "info@junipereducation.org",
];
const AMONG: [&str; 8] = [
    "Sarum Court, Long Lane, Town",
    "0345 123 4567",
    "Twelve offices across the country",
    "Proud to be employee owned",
    "Printed on paper from woods that are looked after.",
    "@junipereducation",
    "Follow us and join in",
    "Winner of a prize",
];

/// The document as far as the last answer, its titles in a look.
fn document(look: &str, last: &str) -> String {
    let titles: Vec<&str> =
        LIBRARY.editions()[3].parts.iter().flat_map(|part| &part.sections).map(|section| section.title.as_str()).collect();
    let text = larkfield(&[]);
    let text = &text[..text.find(LAST).expect("it is there")];
    let body = text.find("A DPIA must be carried out").expect("it is there");
    let lines = text[body..].lines().map(|line| match (look, titles.contains(&line)) {
        ("##", true) => format!("## {line}"),
        ("bold", true) => format!("**{line}**"),
        ("capitals", true) => line.to_uppercase(),
        _ => line.to_owned(),
    });
    format!("{}{}\n{last}", &text[..body], lines.collect::<Vec<_>>().join("\n"))
}

fn read(text: &str) -> Result<Import, TestCaseError> {
    import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))
}

/// The tail is no answer, and none of its words is lost.
fn check_end(look: &str, tail: &str) -> Result<(), TestCaseError> {
    let text = document(look, &format!("{LAST}{tail}"));
    let import = read(&text)?;
    prop_assert_eq!(answer(&import, "security.measures"), LAST, "{}", tail);
    let left = import.report.left_out.iter().map(|left| left.text.replace('*', ""));
    let kept: String = unplaced(&import).into_iter().chain(left).collect::<Vec<_>>().join(" ");
    let kept: Vec<&str> = kept.split(|c: char| !c.is_alphanumeric()).collect();
    let tail = tail.replace("](https://www.junipereducation.org)", "").replace("7. ", "");
    let tail = tail.replace("04/05/2026", "");
    for word in tail.split(|c: char| !c.is_alphanumeric()) {
        prop_assert!(kept.contains(&word), "{} of {}: {:?}", word, tail, kept);
    }
    Ok(())
}

const LOOKS: [&str; 4] = ["plain", "##", "bold", "capitals"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn headings_of_the_end_are_of_no_answer(
        look in prop::sample::select(LOOKS.to_vec()),
        heading in prop::sample::select(HEADINGS.to_vec()),
        mark in prop::sample::select(vec!["{}", "{}:", "**{}**", "#### {}", "7. {}", "*{}*"]),
        words in prop::sample::select(vec!["Jo Bloggs, of the team in Town", "It was started in the spring.", "1.0\tMay\tFirst copy", "- Jo\n- Kim"]),
        gap in prop::sample::select(vec!["\n\n", "\n"]),
    ) {
        check_end(look, &format!("\n\n{}{gap}{words}", mark.replace("{}", heading)))?;
    }

    #[test]
    fn prose_of_the_end_is_of_no_answer(
        look in prop::sample::select(LOOKS.to_vec()),
        prose in prop::sample::select(PROSE.to_vec()),
        more in prop::sample::select(vec!["", "\n\nIt was a wet day.", "\n\n- Jo\n- Kim"]),
    ) {
        check_end(look, &format!("\n\n{prose}{more}"))?;
    }

    #[test]
    fn prose_that_is_set_apart_at_the_end_is_of_no_answer(
        look in prop::sample::select(LOOKS.to_vec()),
        apart in prop::sample::select(vec!["\n\n\n\n", "\n\n\n", "\n\u{c}", "\n\n---\n\n", "\n\n\u{c}\n\n", "\n\n* * *\n\n", "\n\n\n\n\n\n"]),
        words in prop::sample::select(vec!["It was a wet day when Jo wrote it.", "Jo Bloggs\n\nHead of the team in Town.", "Our schools have won a prize.", "A poem by pupils of the third year."]),
    ) {
        check_end(look, &format!("{apart}{words}"))?;
    }

    #[test]
    fn no_line_of_a_back_cover_is_an_answer(
        look in prop::sample::select(LOOKS.to_vec()),
        mut lines in prop::sample::subsequence(COVER.to_vec(), 2..6),
        among in prop::sample::subsequence(AMONG.to_vec(), 0..4),
        places in prop::collection::vec(0usize..6, 4),
    ) {
        // The slogan runs at the foot of pages too.
        if lines[0].starts_with('*') {
            lines.swap(0, 1);
        }
        for (line, place) in among.into_iter().zip(places) {
            lines.insert(1 + place % lines.len(), line);
        }
        check_end(look, &format!("\n\n\n\n{}\n", lines.join("\n\n")))?;
    }

    #[test]
    fn the_last_answer_keeps_its_own_parts(
        look in prop::sample::select(LOOKS.to_vec()),
        parts in prop::sample::subsequence(vec![
            "Passwords\n\nAll are hashed.", "Backups\n\nThey are made each night.", "Physical access\n\nDoors are locked.", "Encryption at rest\n\nAES is used.",
            "Juniper Education staff are trained each year.", "We hold ISO 27001.", "Version 1.3 of TLS is used.", "About 30 members of staff have access.",
            "- Firewalls\n- Antivirus", "The board reviews security each year.", "Risks of each change are looked at.", "We are a Cyber Essentials company.",
            "Juniper Education is certified by an auditor.", "User approval\n\nThe head approves each user.", "Risk-based authentication\n\nA second factor is asked for.",
            "Contact with the data centre is encrypted.", "Change control\n\nEach change is tested.", "Document security\n\nFiles are encrypted.", "Attacks are mitigated by a firewall.", "Changes are approved by the lead.", "About the backups\n\nThey lie in a safe.",
        ], 1..5),
    ) {
        let text = document(look, &format!("{LAST}\n\n{}\n\n\n\n{}", parts.join("\n\n"), COVER.join("\n\n")));
        let import = read(&text)?;
        let plain = |text: &str| text.replace(['/', '-', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(plain(&answer(&import, "security.measures")), plain(&format!("{LAST} {}", parts.join(" "))), "{:?}", parts);
    }
}

#[test]
fn a_back_cover_behind_a_gap_is_no_part_of_a_list() {
    for tail in
        ["\n\n\n\nSarum Court, Long Lane\n\nJuniper\n\nClient: Oakfield", "\n\n\nOur schools\n\nJunipereducation.org\n\nTwelve of them"]
    {
        let text = document("plain", &format!("We take care:\n\n- Firewalls\n- Quick answers{tail}"));
        let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
        assert_eq!(answer(&import, "security.measures"), "We take care: / - Firewalls / - Quick answers".replace("- ", ""), "{tail}");
    }
}
