//! Headings that mix the name of a part that is kept inside with words of their own: "Risks of the new timetable", "Supplier
//! risks", "Advice from our lawyer". What such a heading speaks of is its head: the words before "of", "to", "from", or the last
//! word where nothing of that kind follows. Where the head names what is kept inside, it is in doubt whose the words below are.
//! The lists are data.

use crate::inside::{has, is_beside, is_count, join_names};

/// Heads that name what is kept inside, whatever follows.
const NAMED: &str = "risk risks impact impacts likelihood probability harm harms signoff";
/// Heads that do so where they are about a matter or come from somebody.
const GIVEN: &str =
    "decision decisions advice opinion opinions recommendation recommendations concern concerns objection objections doubts";
const GIVEN_AFTER: &str = "about on from regarding concerning raised";
/// Heads that do so as the last word of a heading.
const LAST: &str = "risk risks impact impacts likelihood signoff";
/// Heads of several words.
const NAMES: [[&str; 2]; 4] = [["action", "plan"], ["next", "steps"], ["risk", "register"], ["risk", "log"]];
/// What those who are asked about an assessment say: "the DPO's view".
const ASKED: &str = "dpo dpos ico siro reviewer reviewers";
const SAID: &str = "view views verdict opinion opinions position queries query questions concerns thoughts reply reservations";
/// Words with which the head ends.
const AFTER: &str = "of to from for in on about with by around regarding concerning at when if that which we they you it raised found \
    identified seen noted arising";
/// Words that may be before a head, besides those that stand beside the name of any part.
const BEFORE: &str = "possible potential likely serious severe biggest greatest additional other new many some several these those worst";
/// Words that make a line no heading, or its last word no head: "pupils at risk", "spot risks".
const NO_HEAD: &str = "at there is are was were be has have no not low reduce reduces reducing lower lowers lowering manage manages managing \
    minimise minimises minimising avoid avoids avoiding spot spots spotting flag flags flagging find finds finding help helps helping show \
    shows showing track tracks tracking monitor monitors monitoring prevent prevents preventing limit limits limiting measure measures \
    measuring improve improves improving understand understanding see support supports supporting";
/// The most words of a heading the last of which is its head.
const MOST_WORDS: usize = 5;

/// Says whether the head of a heading names what is kept inside.
pub(crate) fn has_inside_head(words: &[String]) -> bool {
    let words = join_names(words);
    let end = words.iter().position(|word| has(AFTER, word)).unwrap_or(words.len());
    let (head, rest) = words.split_at(end);
    let is_before = |words: &[String]| words.iter().all(|word| has(BEFORE, word) || is_beside(word) || is_count(word));
    let is_name = NAMES.iter().any(|name| head.ends_with(&name.map(str::to_owned)) && is_before(&head[..head.len() - name.len()]));
    let Some((last, before)) = head.split_last() else { return false };
    let is_said = has(SAID, last) && before.iter().any(|word| has(ASKED, word)) && is_before(before);
    let is_named = match rest.first() {
        Some(after) => is_before(before) && (has(NAMED, last) || has(GIVEN, last) && has(GIVEN_AFTER, after)),
        None => has(LAST, last) && !before.is_empty() && head.len() <= MOST_WORDS && !head.iter().any(|word| has(NO_HEAD, word)),
    };
    is_said || is_name || is_named
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::normalise_text;

    fn check(heading: &str) -> bool {
        has_inside_head(&normalise_text(heading).split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn the_head_of_a_heading_names_what_is_kept_inside() {
        for heading in [
            "Risks of the new timetable",
            "Privacy risks of the timetable",
            "Supplier risks",
            "Risks we found",
            "Impact of cameras on families",
            "Likelihood of a leak",
            "Decision about the supplier",
            "Advice from our lawyer",
            "DPO view",
            "The DPO's view of the supplier",
            "Concerns raised by the head",
            "Harm to pupils",
            "Sign-off by the head",
            "Trustee sign-off",
            "Action plan for the summer",
            "Other risks with cameras",
        ] {
            assert!(check(heading), "{heading}");
        }
    }

    #[test]
    fn a_word_beside_the_head_names_nothing() {
        for heading in [
            "Pupils at risk",
            "Pupils at risk in the system",
            "At-risk registers of pupils",
            "Risk scores of learners",
            "Risk-based authentication",
            "Decision trees in the software",
            "Recommendations of the monitoring",
            "Likelihood model of the software",
            "Reduce safeguarding risks",
            "Outcomes for pupils",
            "Approval of users",
            "Comments by teachers",
            "Views of parents",
            "There is little risk",
            "Data flows",
            "Risk",
            "",
        ] {
            assert!(!check(heading), "{heading}");
        }
    }
}
