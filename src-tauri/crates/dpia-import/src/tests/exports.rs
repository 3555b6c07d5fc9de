//! What exports put around words: blocks of a page on one line, fences, attributes, columns that only space parts.

use super::describe::describe;
use super::{import, larkfield};
use proptest::prelude::*;

const PLACE: &str = "Marks are entered twice a day.";

/// The answer in which these words stand, and its account of what has no place, with line numbers off.
fn read(words: &str) -> Result<(String, bool), TestCaseError> {
    let text = larkfield(&[(PLACE, words)]);
    let import = import("a.html", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let all = describe(&import);
    let answer = all.split("## nature.description\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    Ok((answer.to_owned(), import.assessment.unplaced.is_empty()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn blocks_on_one_line_are_those_on_lines_of_their_own(
        first in prop::sample::select(vec!["Marks are entered.", "Marks are <b>entered</b> by hand."]),
        parts in prop::collection::vec(prop::sample::select(vec![
            "<p>Names are read at night.</p>", "<div>Names are read at night.</div>", "<p class=\"a\">Jo looks at them.</p>",
            "<h4>Where it runs</h4>", "<ul>\n<li>Names</li>\n<li>Marks of <i>all</i> pupils</li>\n</ul>", "<ol>\n<li>Names</li>\n</ol>",
            "<ul>\n<li>Names\n<ul>\n  <li>First names</li>\n</ul>\n</li>\n<li>Marks</li>\n</ul>", "<blockquote>So it is.</blockquote>",
        ]), 1..4),
    ) {
        let lines = format!("<p>{first}</p>\n\n{}", parts.join("\n\n"));
        let line = lines.replace('\n', "");
        let (expected, _) = read(&lines)?;
        let (found, is_placed) = read(&line)?;
        prop_assert_eq!(found, expected, "{}", line);
        prop_assert!(is_placed);
    }

    #[test]
    fn blocks_of_a_cell_do_not_run_together(blocks in prop::collection::vec(prop::sample::select(vec!["Names", "Marks", "Jo looks."]), 2..4)) {
        let cell: String = blocks.iter().map(|block| format!("<p>{block}</p>")).collect();
        let (found, _) = read(&format!("<table><tr><td>{cell}</td><td>May</td></tr></table>"))?;
        prop_assert_eq!(found, format!("¶ {} | May", blocks.join(" ")));
    }

    #[test]
    fn fences_and_attributes_are_marks(
        fence in prop::sample::select(vec!["::: {custom-style=\"Body Text\"}", ":::: aside", "::: {.a #b}", "```", "```text", "~~~"]),
        is_apart in any::<bool>(),
    ) {
        let close: String = fence.chars().take_while(|c| matches!(c, ':' | '`' | '~')).collect();
        let gap = if is_apart { "\n\n" } else { "\n" };
        let (found, is_placed) = read(&format!("{fence}{gap}{PLACE}{gap}{close}"))?;
        prop_assert_eq!(found, format!("¶ {PLACE}"), "{}", fence);
        prop_assert!(is_placed);
        let (found, _) = read("[Marks]{custom-style=\"Strong\"} are entered by {name=\"Jo\" or \"Kim\"}.")?;
        prop_assert_eq!(found, "¶ Marks are entered by {name=\"Jo\" or \"Kim\"}.");
    }

    #[test]
    fn columns_that_only_space_parts_keep_their_lines(
        rows in prop::collection::vec(prop::sample::select(vec![
            ["Marks of", "three years", "the law"], ["pupils", "", "says so"], ["names", "until they leave", "custom"], ["reasons for absence", "a week", "and a day"],
        ]), 2..5),
        gap in 3usize..12,
    ) {
        let lines: Vec<String> = rows.iter().map(|[a, b, c]| format!("{a:<width$}{b:<width$}{c}", width = 18 + gap)).collect();
        let (found, _) = read(&lines.join("\n"))?;
        let expected: Vec<String> = lines.iter().map(|line| format!("¶ {}", line.split_whitespace().collect::<Vec<_>>().join(" "))).collect();
        prop_assert_eq!(found, expected.join("\n"));
    }
}
