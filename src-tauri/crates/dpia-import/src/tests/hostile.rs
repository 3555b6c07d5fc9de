//! Documents that were made to cost time: what is repeated in them must not be compared with itself.

use super::{SEEDS, fixture, import_in_full};

/// Repeated thousands of times, each is bait for one of the readers.
pub(super) const BAIT: [&str; 42] = [
    "*a ",
    "**a ",
    "[a](",
    "[",
    "![a](b) ",
    "<",
    "<!--",
    "<a ",
    "&a",
    "~~a~~ ",
    "_a_ ",
    "https://a.b/ ",
    "☐ ",
    "Yes ☐ No ☒ ",
    "a\tb\t",
    "| a | b |\n",
    "- a\n",
    "  - a\n",
    "1. a\n",
    "What data is being processed?\n",
    "What data is being processed? ",
    "the of and to is ",
    "Rights\n\n",
    "Rights ",
    "Name\tCountry\n",
    "Name  Country\n",
    "AWS\tHosting\tUK\tx\n",
    "# \n",
    "#### Who is the data about?\n",
    "3\n\n",
    "Contents\n",
    "Screening..... 3\n",
    "© 2023 all rights reserved\n\n",
    "Juniper\n\n",
    "Client: a\n\n",
    "a  b  ",
    "é",
    "Date: 1/1/2024\n",
    "Yes\n",
    "Consent\t",
    "<br>",
    "We look after you, so that you can look after our children ",
];

#[test]
fn documents_that_were_made_to_cost_time_are_read_or_refused() {
    let seed = String::from_utf8(fixture(SEEDS[3])).expect("it is UTF-8");
    for (at, bait) in BAIT.into_iter().enumerate() {
        let junk = bait.repeat(8_000 / bait.len());
        // At the start, in an answer, in the table and at the end, by turns.
        let text = match at % 4 {
            0 => format!("{junk}\n\n{seed}"),
            1 => seed.replacen("Standard contractual clauses.", &junk, 1),
            2 => seed.replacen("\nProduct Fruits\t", &format!("\n{junk}\nProduct Fruits\t"), 1),
            _ => format!("{seed}\n\n{junk}"),
        };
        if let Ok((import, _)) = import_in_full("a.txt", text.as_bytes(), None) {
            assert!(import.report.placed.len() + import.report.unknown.len() > 5, "{bait}");
        }
    }
}
