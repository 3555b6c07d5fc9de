//! Tables whose cells a conversion wrapped: a row stays a row. And lines that run at the head or foot of pages, which are
//! none.

use super::scenarios::{answer, unplaced};
use super::{import, larkfield};
use proptest::prelude::*;

const HEADS: [&str; 4] = ["Name", "Purpose of processing", "Country", "Privacy Notice Link"];
const ROWS: [[&str; 4]; 7] = [
    ["Northgate Hosting", "Runs the servers and keeps the backups", "UK", "Northgate privacy notice"],
    ["Parcel Mail", "Sends letters home", "UK", "Parcel privacy"],
    ["Bureau of Statistics", "Statutory returns", "UK and EU", ""],
    ["AWS", "Hosting", "Ireland", "AWS privacy"],
    [
        "Example Analytics Limited",
        "Counts how often each page is opened by the staff of a school",
        "United States",
        "Example Analytics privacy statement",
    ],
    ["Wonde", "Synchronises pupils each night", "UK", "Wonde privacy"],
    ["Zed", "Support", "EU", "Zed"],
];
const WIDTH: usize = 17;

/// The lines of a cell.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is one");
        if !last.is_empty() && last.len() + 1 + word.len() > WIDTH {
            lines.push(word.to_owned());
        } else {
            *last = format!("{last} {word}").trim().to_owned();
        }
    }
    lines
}

/// The lines of a row, each cell as wide as its column, with this before, between and after the cells.
fn lines_of(row: &[&str; 4], [before, between, after]: [&str; 3]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row.iter().map(|cell| wrap(cell)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |cell: &[String], at: usize| format!("{:<WIDTH$}", cell.get(at).map_or("", String::as_str));
    (0..height)
        .map(|at| {
            format!("{before}{}{after}", cells.iter().map(|lines| cell(lines, at)).collect::<Vec<_>>().join(between)).trim_end().to_owned()
        })
        .collect()
}

fn draw(way: &str, rows: &[[&str; 4]]) -> String {
    let columns = ["-".repeat(WIDTH), "-".repeat(WIDTH), "-".repeat(WIDTH), "-".repeat(WIDTH)].join(" ");
    let full = "-".repeat(WIDTH * 4 + 3);
    let plain = ["  ", " ", ""];
    let body = |between: &str, marks: [&str; 3]| rows.iter().map(|row| lines_of(row, marks).join("\n")).collect::<Vec<_>>().join(between);
    match way {
        "multiline" => format!("  {full}\n{}\n  {columns}\n{}\n  {full}", lines_of(&HEADS, plain).join("\n"), body("\n\n", plain)),
        "grid" => {
            let frame = |mark: &str| format!("+{}", (mark.repeat(WIDTH + 2) + "+").repeat(4));
            let marks = ["| ", " | ", " |"];
            let between = format!("\n{}\n", frame("-"));
            format!("{}\n{}\n{}\n{}\n{}", frame("-"), lines_of(&HEADS, marks).join("\n"), frame("="), body(&between, marks), frame("-"))
        }
        "layout" => format!("{}\n\n{}", lines_of(&HEADS, ["", "   ", ""]).join("\n"), body("\n\n", ["", "   ", ""])),
        _ => format!("{}\n{}", HEADS.join("\t"), rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn wrapped_cells_make_no_rows(
        way in prop::sample::select(vec!["multiline", "grid", "layout", "tabs"]),
        first in 0usize..7,
        count in 2usize..6,
    ) {
        let rows: Vec<[&str; 4]> = (0..count).map(|at| ROWS[(first + at) % ROWS.len()]).collect();
        let table = draw(way, &rows);
        let old = "Name\tPurpose of processing\tCountry\tPrivacy Notice Link\nNorthgate Hosting\tRuns the servers\tUK\thttps://northgate.example/privacy\nParcel Mail\tSends letters home\tUK\thttps://parcel.example/privacy";
        let text = larkfield(&[(old, &table)]);
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let expected = rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join(" // ");
        prop_assert_eq!(answer(&import, "disclosure.recipients"), expected, "{}", table);
        prop_assert!(unplaced(&import).is_empty(), "{:?}", unplaced(&import));
    }

    #[test]
    fn lines_that_return_with_another_number_run_over_the_pages(
        line in prop::sample::select(vec!["Larkfield Register – DPIA {} of 9", "LR/DPIA/{} Confidential draft", "{} | Larkfield Register DPIA", "Version 2.1 sheet {}", "Printed copy {} – uncontrolled", "{}/12", "p{}", "p. {}", "{} / 12"]),
        first in 1u32..5,
    ) {
        let mut text = larkfield(&[]);
        let places = ["To keep the register that the law asks for.", "Three pilot schools were asked.", "The contract forbids any other use.", "Access is by single sign-on."];
        for (page, after) in (first..).zip(places) {
            let running = line.replace("{}", &page.to_string());
            text = text.replacen(after, &format!("{after}\n\n{running}"), 1);
        }
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(answer(&import, "purpose.aims"), "To keep the register that the law asks for.");
        prop_assert_eq!(answer(&import, "security.measures"), "Access is by single sign-on.");
        prop_assert!(unplaced(&import).is_empty(), "{:?}", unplaced(&import));
        let left = import.report.left_out.iter().filter(|left| left.text == line.replace("{}", &first.to_string()) || left.text.contains("2.1")).count();
        prop_assert!(left >= 1, "{:?}", import.report.left_out);
    }
}

#[test]
fn items_of_a_list_that_count_up_are_no_running_lines() {
    let words = "Data of Year 7 pupils\n\nData of Year 8 pupils\n\nData of Year 9 pupils";
    let text = larkfield(&[("Access is by single sign-on.", words)]);
    let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
    assert_eq!(answer(&import, "security.measures"), words.replace("\n\n", " / "));
}
