//! Twice the text costs at most 2.3 times the work, for every kind of line. Work is counted in steps, never in time.

use super::hostile::BAIT;
use super::{SEEDS, fixture, import_in_full};
use crate::work::steps_of;

/// Kinds of lines beside those that were made to cost time.
const KINDS: [&str; 50] = [
    "- an item of a long list\n",
    "1. an item of a long list\n",
    "- [x] Consent\n",
    "☒\n",
    "☐ Consent\t☒ Vital interests\n",
    "■ Consent\n□ Vital interests\n",
    "X Consent  ",
    "(•) ",
    "[v] ",
    "? ",
    "\u{f0fd} ",
    "● Consent\n○ Vital interests\n",
    "a line that goes on and on without an end and is as wide as a page is\n",
    "short line\n",
    "Owner: the IT team\n",
    "A paragraph of its own.\n\n",
    "a sentence that goes on\n\n\u{c}\nover pages ",
    "# A heading\n\n",
    "#### A heading\n\nwith words\n\n",
    "**A heading in bold**\n\n",
    "A HEADING IN CAPITALS\n\nwith words\n\n",
    "Risk register\n\nwith words\n\n",
    "13. Risk register\n\n",
    "A title\n=======\n\n",
    "A title\n-------\n",
    "  ------- -----\n  North   Runs\n  Parcel  Mail\n  ------- -----\n\n",
    "  ------- -----\n",
    "  ----------\n",
    "+----+----+\n| a  | b  |\n+----+----+\n",
    "| a | b |\n| c | d |\n",
    "a    b    c\n",
    "North\tRuns\tUK\t[a](https://a.b/c)\n",
    "[a](https://a.b/c) ",
    "[a](https://a.b/c)<br>",
    "\"What is the retention period for the various types of personal data?\" ",
    "“Security” ",
    "- What is the retention period for the various types of personal data?\n",
    "words[^1] ",
    "[^1]: a note\n\n",
    "{#id} ",
    "[words]{.class} ",
    "<table><tr><td>a</td><td>b</td></tr></table>\n",
    "<tr><td>a</td>",
    "Larkfield DPIA page 3 of 9\n\nwords\n\n",
    "Yes/No ☒ ",
    "Yes          No\t☒\n",
    "a\u{336} ",
    "Y\u{336}e\u{336}s\u{336}\n",
    "\u{c}\nLarkfield 3\n\nwords\n\n",
    "Author\n\nThis assessment was written by Jo.\n\n",
];

/// The document with this in one of four places.
fn document(seed: &str, junk: &str, place: usize) -> String {
    match place {
        0 => format!("{junk}\n\n{seed}"),
        1 => seed.replacen("Standard contractual clauses.", junk, 1),
        2 => seed.replacen("\nProduct Fruits\t", &format!("\n{junk}\nProduct Fruits\t"), 1),
        _ => format!("{seed}\n\n{junk}"),
    }
}

#[test]
fn twice_the_text_is_at_most_twice_the_work_and_a_little() {
    let seed = String::from_utf8(fixture(SEEDS[3])).expect("it is UTF-8");
    let steps = |text: &str| steps_of(|| drop(import_in_full("a.txt", text.as_bytes(), None)));
    let alone = steps(&seed);
    let mut broken = Vec::new();
    for (at, kind) in BAIT.iter().chain(&KINDS).enumerate() {
        let place = at % 4;
        let work = |bytes: usize| steps(&document(&seed, &kind.repeat(bytes / kind.len()), place)).saturating_sub(alone);
        let (once, twice) = (work(6_000), work(12_000));
        // With more lines a document may come to be one in which lines end paragraphs: once, and not again.
        if twice * 10 > once * 23 && work(24_000) * 10 > twice * 23 {
            broken.push(format!("{kind:?} at place {place}: {once} steps, then {twice}"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
