use super::*;
use crate::words::Vocabulary;

/// Ticked `x`, not ticked `o`, without a mark `-`, not there `?`, unclear `!`; then what is strange and what is prose.
fn spell(text: &str, labels: &[&str], other: Option<usize>) -> String {
    let mut vocabulary = Vocabulary::default();
    let labels: Vec<Vec<u32>> = labels.iter().map(|label| vocabulary.learn(label)).collect();
    let mut document = Document::read(text, &vocabulary);
    let pieces: Vec<Fragment> = (0..document.lines.len())
        .map(|at| {
            let line = &document.lines[at];
            let after_blank = line.after_blank;
            Fragment {
                line: at,
                bytes: 0..line.text.len(),
                words: line.words.clone(),
                starts_line: true,
                after_blank,
                after_page: false,
                after_wording: false,
            }
        })
        .collect();
    let reading = read_ticks(&mut document, &pieces, &labels, other);
    let marks: String = (0..labels.len())
        .map(|at| match (reading.found[at], reading.unclear[at], reading.boxes[at]) {
            (false, _, _) => '?',
            (true, true, _) => '!',
            (true, false, Some(true)) => 'x',
            (true, false, Some(false)) => 'o',
            (true, false, None) if reading.marks_are_ticks && !reading.has_edge[at] => 'o',
            (true, false, None) => '-',
        })
        .collect();
    let words = |pieces: &[Fragment]| crate::prose::read_words(&document, pieces);
    let strangers: Vec<String> = reading.strangers.iter().map(|stranger| words(stranger)).collect();
    format!("{marks} [{}] {}", strangers.join(", "), words(&reading.prose)).trim_end().to_owned()
}

#[test]
fn yes_and_no_are_read_with_their_boxes() {
    let check = |text: &str, expected: &str| assert_eq!(spell(text, &["Yes", "No"], None), expected, "{text:?}");
    check("Yes No", "-- []");
    check("Yes  No", "-- []");
    check("Yes / No", "-- []");
    check("☐ Yes ☒ No", "ox []");
    check("Yes ☒ No ☐", "xo []");
    check("Yes\t☒\nNo\t☐", "xo []");
    check("☐\tYes\t☑\tNo", "ox []");
    check("- [x] Yes\n- [ ] No", "xo []");
    check("Yes ☒ No", "!! []");
    check("No\n\nThere is none.", "?- [] There is none.");
    check("Yes, because of health data", "?? [] Yes, because of health data");
    for name in ["C#.", "X++", "V$", "R&D"] {
        check(&format!("☐ Yes\n☒ No\n\nIt is all written in\n{name}"), &format!("ox [] It is all written in {name}"));
    }
    check("", "?? []");
}

#[test]
fn a_list_is_read_option_by_option() {
    let labels = ["Name", "Location data", "Process data on a large scale;", "Other (please state below):"];
    let check = |text: &str, expected: &str| assert_eq!(spell(text, &labels, Some(3)), expected, "{text:?}");
    check("- Name\n- Location data\n- Process data on a large scale;\n- Other (please state below):", "---- []");
    check("- ☒ Name\n- ☐ Location data\n- Process data on\n  a large scale\n- ☐ Other (please state below):", "xo-o []");
    check("- Name\n- Other (please state below): Timetables", "-??- [] Timetables");
    check("- Name\n- Other (please state below):\n\nTimetables and plans.\n\n- one", "-??- [] Timetables and plans. one");
    check("- Name, Address and Phone\n- Cookies\n- Location data", "?-?? [Name, Address and Phone, Cookies]");
    check("[x] Name<br>[ ] Location data<br>[ ] Other (please state below):", "xo?o []");
    check("☐ Name\t☑ Location data\n☒ Cookies\t☐ Other (please state below)", "ox?o [☒ Cookies]");
    check("- Process personal data on a large scale", "??-? []");
}

#[test]
fn a_mark_that_cannot_be_read_is_unclear_unless_a_pair_tells() {
    let check = |text: &str, expected: &str| {
        assert_eq!(spell(text, &["Consent", "Vital interests", "Legal obligation"], None), expected, "{text:?}")
    };
    // Pairs that are certain.
    check("■ Consent\n□ Vital interests\n□ Legal obligation", "xoo []");
    check("\u{f0fd} Consent\n\u{f0a8} Vital interests\n\u{f0a8} Legal obligation", "xoo []");
    check("\u{f078} Consent\n\u{f06f} Vital interests\n\u{f06f} Legal obligation", "xoo []");
    check("\u{f052} Consent\n\u{f0a3} Vital interests\n\u{f0a3} Legal obligation", "xoo []");
    check("● Consent\n○ Vital interests\n○ Legal obligation", "xoo []");
    check("◉ Consent\n○ Vital interests\n○ Legal obligation", "xoo []");
    check("(•) Consent\n( ) Vital interests\n( ) Legal obligation", "xoo []");
    check("[v] Consent\n[ ] Vital interests\n[ ] Legal obligation", "xoo []");
    check("[*] Consent\n[ ] Vital interests\n[*] Legal obligation", "xox []");
    check("- [*] Consent\n- [ ] Vital interests\n- [*] Legal obligation", "xox []");
    // Beside empty boxes whatever else is there is no empty box.
    for mark in [
        "■", "X", "x", "Yes", "yes", "?", "\u{fffd}", "\u{f0fd}", "✗", "×", "ý", "þ", "[/]", "[?]", "[-]", "(/)", "v", "Y", "●", "☐ X",
        "☐✗", "☒☐",
    ] {
        for line in [format!("{mark} Vital interests"), format!("- {mark} Vital interests")] {
            check(&format!("☐ Consent\n{line}\n☐ Legal obligation"), "o!o []");
            check(&format!("☒ Consent\n{line}\n☐ Legal obligation"), "x!o []");
            check(&format!("☒ Consent\n{line}\nLegal obligation"), "x!- []");
        }
        check(&format!("☐ Consent\t{mark} Vital interests\t☐ Legal obligation"), "o!o []");
    }
    check("☐ Consent\nVital interests X\n☐ Legal obligation", "o!o []");
    check("Consent ☐\nVital interests X\nLegal obligation ☐", "o!o []");
    check("Consent\t☐\nVital interests\tX\nLegal obligation\t☐", "o!o []");
    check("☐\tConsent\tX\tVital interests\t☐\tLegal obligation", "o!o []");
    // So it is where the empty boxes cannot be read themselves.
    for empty in ["🔲", "❏", "🔘", "⌑", "\u{f02a}", "FORMCHECKBOX"] {
        check(&format!("{empty} Consent\n☑ Vital interests\nLegal obligation"), "!x- []");
        check(&format!("Consent {empty}\nVital interests ☑\nLegal obligation ☑"), "!xx []");
    }
    check("✓ Consent\nVital interests maybe\nLegal obligation", "x-o []");
    check("✓ Consent\nxVital interests\nLegal obligation", "x?o [] xVital interests");
    // Circles at the start of each row are marks where others stand inside the rows.
    check("○ Consent\t● Vital interests\n○ Legal obligation", "oxo []");
    check("○ Consent\t○ Vital interests\n○ Legal obligation\t● Other", "ooo [● Other]");
    // A mark that is missing.
    check("☐ Consent\nVital interests\n☐ Legal obligation", "o-o []");
    check("☒ Consent\nVital interests\n☐ Legal obligation", "x-o []");
    check("☒ Consent\nVital interests\nLegal obligation", "xoo []");
    check("Consent\nVital interests\nLegal obligation", "--- []");
    // A cross beside a tick may say the opposite, unless a box is empty.
    for (cross, tick) in [("☒", "☑"), ("[x]", "[✓]"), ("(x)", "(✓)"), ("☒", "✓"), ("(x)", "(/)")] {
        let read = spell(
            &format!("{tick} Consent\n{cross} Vital interests\n{cross} Legal obligation"),
            &["Consent", "Vital interests", "Legal obligation"],
            None,
        );
        assert!(matches!(&read[..3], "x!!" | "!!!"), "{tick} {cross}: {read}");
    }
    check("☑ Consent\n☒ Vital interests\n☐ Legal obligation", "xxo []");
    check("&#9745; Consent\n&#9744; Vital interests\n&#x2610; Legal obligation", "xoo []");
    // Space inside brackets says nothing.
    check("[ x ] Consent\n[  ] Vital interests\n[X ] Legal obligation", "xox []");
    // Bullets that all share are no marks.
    check("● ☐ Consent\n● ☒ Vital interests\n● Legal obligation", "ox- []");
    check("■ ☐ Consent\n■ ☒ Vital interests\n■ ☐ Legal obligation", "oxo []");
}

#[test]
fn a_column_of_boxes_apart_from_its_options_is_unclear() {
    let labels = ["Consent", "Vital interests", "Legal obligation"];
    let is_unclear = |text: &str| {
        let read = spell(text, &labels, None);
        assert!(read.starts_with(['-', '!']) && !read[..3].contains(['x', 'o']), "{text:?}: {read}");
    };
    let column = "Consent\nVital interests\nLegal obligation";
    for boxes in ["☒\n☐\n☒", "☒\n☒\n☒", "☐\n☐\n☐", "☒ ☐ ☒", "☒\n☐", "☒"] {
        for gap in ["\n", "\n\n"] {
            is_unclear(&format!("{boxes}{gap}{column}"));
            is_unclear(&format!("{column}{gap}{boxes}"));
        }
    }
    is_unclear("☒\n☐\n\nConsent\nVital interests\n\n☒\n\nLegal obligation");
    is_unclear("Consent    Vital interests    Legal obligation\n   ☐            ☒                 ☐");
    is_unclear("Consent\tVital interests\tLegal obligation\n☐\t☒\t☐");
    is_unclear("☐\t☒\t☐\nConsent\tVital interests\tLegal obligation");
    let check = |text: &str, expected: &str| assert_eq!(spell(text, &labels, None), expected, "{text:?}");
    check("☒\nConsent\n☐\nVital interests\n☐\nLegal obligation", "xoo []");
    check("Consent\n\n☒\n\nVital interests\n\n☐\n\nLegal obligation\n\n☐", "xoo []");
    check("☒\tConsent\n☐\tVital interests\n☐\tLegal obligation", "xoo []");
    check("☐ Consent ☒ Vital interests ☐\nLegal obligation", "oxo []");
    let yes_no = |text: &str, expected: &str| assert_eq!(spell(text, &["Yes", "No"], None), expected, "{text:?}");
    yes_no("☐ ☒\nYes No", "!- []");
    yes_no("   ☒\nYes No", "!- []");
    yes_no("Yes No\n☐   ☒", "-! []");
    yes_no("☐ Yes X No", "o! []");
    yes_no("☐ Yes\tX No", "o! []");
    yes_no("[x] Yes", "x? []");
}

/// Ways in which two words stand side by side with nothing that parts them.
const JOINS: [&str; 14] = ["/", " / ", "|", " | ", ", ", " ", "  ", " - ", " – ", "\\", "; ", " /\n", "\t/\t", " /\t"];
const MARKS: [&str; 14] = ["☒", "☑", "✓", "[x]", "(x)", "X", "☐", "[ ]", "■", "●", "(X)", "✗", "<input type=\"checkbox\" checked>", "√"];

#[test]
fn one_mark_beside_several_words_is_of_none_of_them() {
    let is_unclear = |text: &str, labels: &[&str]| {
        let read = spell(text, labels, None);
        assert!(!read[..2].contains(['x', 'o']), "{text:?}: {read}");
    };
    for join in JOINS {
        for mark in MARKS {
            for gap in [" ", "", "\t", "  ", ": ", " - ", "\n", "\n\n"] {
                // A letter that touches a word is none, and a mark in the cell of one word is that word's.
                if gap.is_empty() && mark == "X" {
                    continue;
                }
                let yes_no = ["Yes", "No"];
                is_unclear(&format!("Yes{join}No{gap}{mark}"), &yes_no);
                is_unclear(&format!("{mark}{gap}Yes{join}No"), &yes_no);
                let labels = ["Consent", "Vital interests", "Legal obligation"];
                is_unclear(&format!("Consent{join}Vital interests{gap}{mark}\nLegal obligation"), &labels);
                is_unclear(&format!("{mark}{gap}Consent{join}Vital interests\n{mark}{gap}Legal obligation"), &labels);
            }
        }
    }
    for mark in MARKS {
        // Columns of words, and the mark in a column of its own.
        for text in [
            "Yes\tNo\tM",
            "M\tYes\tNo",
            "Yes\tNo\t\tM",
            "M\t\tYes\tNo",
            "Yes    No    M",
            "M   Yes   No",
            "| Yes | No | M |",
            "| M | Yes | No |",
        ] {
            is_unclear(&text.replace('M', mark), &["Yes", "No"]);
        }
        for text in [
            "(Yes/No) M",
            "[Yes/No] M",
            "YES/NO M",
            "Yes／No M",
            "Yes⁄No M",
            "Yes\u{a0}/\u{a0}No\u{a0}M",
            "Yes\u{2003}No M",
            "Yes or No M",
            "Yes & No M",
            "Yes/No M please tick",
            "M Yes/No please tick",
            "Yes/No → M",
            "Yes / No / Maybe M",
            "Yes ... No M",
            "**Yes** / **No** M",
            "M **Yes**/No",
            "Yes/No\tM\t",
            "\tYes/No\tM",
            "Yes /\nNo M",
            "Yes/\nNo\tM",
        ] {
            is_unclear(&text.replace('M', mark), &["Yes", "No"]);
        }
        for text in ["| Yes / No | M |", "| Yes/No M |", "| Yes<br>No | M |", "- Yes/No M", "Yes/No M Yes/No", "Yes / ~~No~~ M"] {
            is_unclear(&text.replace('M', mark), &["Yes", "No"]);
        }
    }
}

#[test]
fn a_mark_that_is_parted_from_other_words_is_its_own_words() {
    let check = |text: &str, expected: &str| assert_eq!(spell(text, &["Yes", "No"], None), expected, "{text:?}");
    check("Yes\tNo ☒", "ox []");
    check("☒ Yes\tNo", "xo []");
    check("| Yes | No ☒ |", "ox []");
    check("Yes\nNo ☒", "ox []");
    check("Yes      No ☒", "ox []");
    check("☒ Yes      No", "xo []");
    check("☒  Yes          No", "xo []");
    check("Yes\t\tNo\t☒", "ox []");
    check("☒\tYes\t\tNo", "xo []");
    check("☒ Yes / ☐ No", "xo []");
    check("Yes ☐ / No ☒", "ox []");
    check("Yes☒/No☐", "xo []");
    check("~~Yes~~ / No ☒", "ox []");
    check("☒ Yes/~~No~~", "xo []");
    check("☒ ~~Yes~~ ☐ No", "!o []");
}
