//! What an assessment keeps inside, by the names of its headings: risks, decisions, advice, sign-off, appendices. The words
//! are data: a heading is one of them where it has a word that names such a part, and no word besides that says something
//! else.

use crate::words::{normalise, split_words};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words that name a part that is kept inside.
const PARTS: &str = "risk risks impact impacts likelihood severity probability mitigation mitigations mitigating threat threats vulnerabilities \
    hazards decision decisions advice opinion opinions recommendation recommendations appendix appendices annex annexe annexes annexure \
    addendum approval approvals approver approvers approved authorisation authorization authorised signature signatures signatory \
    signatories signoff reviewed outcome outcomes conclusion conclusions findings finding actions action issues issue incidents concerns \
    objections weaknesses review reviews reviewer reviewers comments comment notes note remarks confidential glossary references \
    bibliography footnotes endnotes lessons caveats escalation escalations amendments amendment revisions revision correspondence \
    minutes todo feedback justification";

/// Words that may be beside any of them: whose part it is, and of which assessment.
const BESIDE: &str = "the a an and or of on in to for from by with our its linking integrate integrating their this them all any not only after back into dpia pia dpo dpos \
    ico gdpr privacy project screening internal external overall identified identify identifying assess assessing assessment assessments \
    evaluation summary section part step stage chapter form final further next open outstanding known previous past history date dates \
    reason reasons rationale legal senior board governors governor trustees head heads headteachers headteacher siro iao iaos caldicott \
    guardian guardians governance ig panel committee consultation response responses documentation document acceptance accepted \
    schedule required agreed taken received given working draft version owner owners private statement confidentially strictly meeting \
    meetings follow up key main top no nr number";

/// Words that name the risks, and what is done about them.
const RISKS: &str = "risk risks impact impacts likelihood severity probability mitigation mitigations mitigating hazards";

/// Words that may be beside those.
const BESIDE_RISKS: &str = "register registers log logs matrix table list plan plans planning record records report sheet rating ratings score \
    scores scoring level levels residual initial inherent remaining high medium low measures measure controls control treatment reduce \
    reducing manage management managing analysis analyse evaluate evaluating solutions rights freedoms harm harms \
    questions checklist rag";

/// Words that may be behind those and one of "on", "to", "for", "of": "impact on individuals".
const CONCERNED: &str = "individuals individual people person persons pupils pupil children child students families parents staff employees users \
    school schools trust organisation data processing rights freedoms privacy";
const CONCERNS: &str = "on to for of";

/// Names that are one word here. None of their words would do alone.
const ONE_WORD: &str = "data protection officer>dpo, data protection officers>dpos, data protection>privacy, information commissioner>ico, \
    information commissioners>ico, information governance>ig, data subject>individual, data subjects>individuals, head teacher>headteacher, \
    head teachers>headteachers, sign off>signoff, sign offs>signoff, signed off>signoff, data risk>risk, data risks>risks, \
    information risk>risk, information risks>risks, security risk>risk, security risks>risks, cyber risk>risk, cyber risks>risks, \
    ig team>ig, project team>project, legal team>legal, project plan>project, risk assessment>risk";

/// Names of several words, or of one, none of whose words would do alone.
const NAMES: &str = "sign off, signed off, sign offs, sign off and record outcomes, signed by, next steps, action plan, document control, document \
    history, document owner, version history, version control, revision history, change history, change log, change requests, change record, \
    amendment history, distribution list, distribution, internal use only, for internal use, for internal use only, internal only, not for \
    publication, not for customers, not for release, for information, lessons learned, guidance notes, open points, open questions, \
    points to discuss, questions for the supplier, questions for the dpo, to do, to do list, follow up, what could go wrong, what worries us, \
    balancing test, legitimate interests assessment, legitimate interest assessment, lia, ico consultation, prior consultation, \
    consultation with the ico, audit trail of decisions, incident history, incident log, breach history, breach log, breach register, \
    complaints received, compliance status, email trail, not for sharing, do not share, do not publish, action log, actions log, \
    action register, actions register, issue log, issues log, issue register, issues register, comments log, decision log, decisions log, \
    decision record, decision register, approval log, approvals log, approval record, approval sheet, approval register, approvals register, \
    threat register, threat log, threat assessment, threat analysis, impact assessment, measures approved, measures approved by, \
    audit findings, test findings, pen test findings, penetration test findings, signature sheet, review log, lessons log";

/// Words of labels that are clear enough before a colon in the middle of an answer.
const CLEAR: &str = "risk risks likelihood severity mitigation mitigations mitigating decision decisions advice appendix annex annexe approval \
    approvals approved authorised signature signoff recommendation recommendations conclusion threat threats outcome confidential \
    comment comments opinion escalation escalations todo";

/// Words that make a label clear with any name of a part beside them.
const OURS: &str = "dpo dpos internal reviewer reviewers private ig siro governors trustees ico confidential legal log logs register outstanding \
    open known findings";

/// Heads of columns of a table of risks.
const HEADS: &str = "risk risks likelihood severity impact mitigation mitigations probability consequence residual threat harm inherent rating \
    score approved";

/// Words that may be beside those in a head.
const HEADS_BESIDE: &str =
    "id ref reference no number title description category type before what who how person individuals people school";

/// Heads that are beside "Version" in the history of a document.
const HISTORY: &str = "date author changes change who reason amended amendments approved status reviewer";

/// Notices, as they are compared.
const NOTICES: &str = "internal use only, for internal use only, for internal use, internal only, not for publication, not for customers, not for \
    release, not for sharing, do not share, do not publish, confidential, strictly confidential, private and confidential";

/// The fewest letters of a word that may be misread.
const LEAST_READ: usize = 4;

/// Words that count parts: "Part 3", "Appendix C", "Section five". Steps are as often those of an answer.
const COUNTED: &str = "part appendix annex annexe section chapter enclosure attachment schedule exhibit";
/// Those of them that are kept inside whatever they are called.
const ATTACHED: &str = "appendix annex annexe enclosure attachment";
const COUNTS: &str = "one two three four five six seven eight nine ten eleven twelve";

/// Says whether a heading names a part that is kept inside. It does so as a whole: a word that it also has is not enough.
pub(crate) fn is_inside_heading(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '*' | '_'));
    let words = words_in(text);
    let words = without_number(&words);
    names_part(words, PARTS) || counts_part(words, text) || is_use_only(words) || is_named_twice(text)
}

/// A name in two languages: "Risks / Risgiau".
fn is_named_twice(text: &str) -> bool {
    let names = text.split_once(" / ").or_else(|| text.split_once(" | "));
    names.is_some_and(|(one, other)| [one, other].iter().any(|name| names_part(without_number(&words_in(name)), PARTS)))
}

/// Says whether a label before a colon does so.
pub(crate) fn is_inside_label(words: &[String]) -> bool {
    let words = without_number(words);
    let is_ours = words.iter().any(|word| has(OURS, word)) && names_part(words, PARTS);
    is_counted(words) && words.first().is_some_and(|word| has(ATTACHED, word)) || names_part(words, CLEAR) || is_ours || is_commented(words)
}

/// "Commented [JB1]", as a word processor prints it.
fn is_commented(words: &[String]) -> bool {
    matches!(words, [first, mark] if matches!(first.as_str(), "comment" | "commented") && mark.len() <= 6)
}

/// Says whether the heads of a table are those of a table of risks.
pub(crate) fn is_inside_table(cells: &[Vec<String>]) -> bool {
    let is_beside =
        |word: &String| has(HEADS, word) || has(HEADS_BESIDE, word) || has(BESIDE, word) || has(BESIDE_RISKS, word) || is_count(word);
    let is_head = |cell: &&Vec<String>| cell.len() <= 4 && cell.iter().any(|word| has(HEADS, word)) && cell.iter().all(is_beside);
    let names = |word: &str| cells.iter().any(|cell| cell.len() == 1 && cell[0] == word);
    let is_history = names("version") && HISTORY.split(' ').any(names);
    cells.len() > 1 && (is_history || cells.iter().filter(is_head).count() >= 2)
}

/// Says whether a sentence at the start of a line is a notice that what follows is kept inside.
pub(crate) fn is_inside_notice(words: &[String]) -> bool {
    let text = words.join(" ");
    NOTICES.split(", ").any(|notice| text == notice) || is_use_only(words)
}

/// "For office use only", "Not for schools".
fn is_use_only(words: &[String]) -> bool {
    let is_short = (3..=6).contains(&words.len());
    is_short && (words[words.len() - 2..] == ["use", "only"] || words[..2] == ["not", "for"])
}

pub(crate) fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|other| other == word)
}

/// Says whether a word may be beside the name of any part.
pub(crate) fn is_beside(word: &str) -> bool {
    has(BESIDE, word)
}

fn names() -> impl Iterator<Item = &'static str> {
    NAMES.split(", ")
}

fn names_part(words: &[String], parts: &str) -> bool {
    if words.is_empty() || words.len() > 12 {
        return false;
    }
    let text = words.join(" ");
    let words = join_names(words);
    let starts_name = |name: &str| {
        let rest = text.strip_prefix(name);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(' ') && rest.split(' ').all(|word| word.is_empty() || is_beside_name(word))
        })
    };
    names().any(starts_name) || words.iter().any(|word| has(parts, word)) && (0..words.len()).all(|at| is_known(&words, at))
}

/// A word of a part, or one that may be where it is.
fn is_known(words: &[String], at: usize) -> bool {
    let word = &words[at];
    let has_risks = words.iter().any(|word| has(RISKS, word));
    let concerns = || {
        let before = words[..at].iter().rposition(|word| has(CONCERNS, word));
        before.is_some_and(|before| words[..before].iter().any(|word| has(RISKS, word)))
    };
    has(PARTS, word) || has(BESIDE, word) || is_count(word) || has_risks && has(BESIDE_RISKS, word) || has(CONCERNED, word) && concerns()
}

/// The words with each name of several words as one: "sign off" is "signoff".
pub(crate) fn join_names(words: &[String]) -> Vec<String> {
    let mut joined = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let name = ONE_WORD.split(", ").filter_map(|pair| pair.split_once('>')).find(|(name, _)| {
            let length = name.split(' ').count();
            words.get(at..at + length).is_some_and(|here| here.iter().zip(name.split(' ')).all(|(word, other)| word == other))
        });
        match name {
            Some((name, word)) => {
                joined.push(word.to_owned());
                at += name.split(' ').count();
            }
            None => {
                joined.push(words[at].clone());
                at += 1;
            }
        }
    }
    joined
}

/// A word of a name, or one that may be beside it.
fn is_beside_name(word: &str) -> bool {
    has(BESIDE, word) || has(PARTS, word) || is_count(word) || names().any(|name| name.split(' ').any(|part| part == word))
}

/// "Appendix C" and whatever follows; "Part 3" alone, before what names a part, or before its title.
fn counts_part(words: &[String], text: &str) -> bool {
    if !is_counted(words) {
        return false;
    }
    let rest = &words[2..];
    has(ATTACHED, &words[0]) || rest.is_empty() || names_part(rest, PARTS) || has_title(text, &words[1])
}

/// Something parts the count from the title behind it: "Part C – Risks", "Part 3. Costs".
fn has_title(text: &str, number: &str) -> bool {
    let found = split_words(text).into_iter().take(4).find(|range| normalise(&text[range.clone()]) == number);
    let Some(rest) = found.map(|range| &text[range.end..]) else { return false };
    let parted = rest.trim_start();
    let is_spaced = parted.chars().nth(1).is_none_or(char::is_whitespace);
    is_spaced && (parted.starts_with([':', '–', '—', '.', ')', '|']) || parted.len() < rest.len() && parted.starts_with('-'))
}

fn is_counted(words: &[String]) -> bool {
    match words {
        [part, count, ..] => has(COUNTED, part) && is_count(count),
        _ => false,
    }
}

pub(crate) fn is_count(word: &str) -> bool {
    let is_number = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    let is_letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_roman = word.len() <= 4 && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    is_number || is_letter || is_roman || has(COUNTS, word)
}

fn words_in(text: &str) -> Vec<String> {
    let words: Vec<String> = split_words(text).into_iter().map(|range| normalise(&text[range])).collect();
    // "R I S K S": the letters are spaced out.
    let is_spaced = words.len() >= LEAST_READ && words.iter().all(|word| word.chars().count() == 1);
    let words = if is_spaced { vec![words.concat()] } else { words };
    words.into_iter().map(read_word).collect()
}

/// A word of a list that was misread or misspelled is that word: "rlsk", "assesment".
fn read_word(word: String) -> String {
    static WORDS: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let lists = [PARTS, BESIDE, BESIDE_RISKS, COUNTED].into_iter().flat_map(|list| list.split(' '));
        lists.filter(|word| word.len() >= LEAST_READ).map(|word| (blur(word), word)).collect()
    });
    let is_known = [PARTS, BESIDE, BESIDE_RISKS, COUNTED].iter().any(|list| has(list, &word));
    WORDS.get(&blur(&word)).filter(|_| !is_known).map_or(word, |read| (*read).to_owned())
}

/// A word as it may be misread: "l" and "1" as "i", "0" as "o", and one letter for two.
fn blur(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        let letter = match letter {
            'l' | '1' | 'í' | 'ì' => 'i',
            '0' => 'o',
            other => other,
        };
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    out
}

/// The words without the number of the heading.
fn without_number(words: &[String]) -> &[String] {
    let numbers = words.iter().take_while(|word| word.bytes().all(|b| b.is_ascii_digit())).count();
    &words[numbers.min(words.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::normalise_text;

    fn words(text: &str) -> Vec<String> {
        normalise_text(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn headings_that_name_what_is_kept_inside_are_known() {
        for heading in [
            "Risk register",
            "DPO advice",
            "DPO's advice",
            "Appendix C: Risks",
            "APPENDIX",
            "Part 3",
            "Part three",
            "Part C – Risks",
            "Impact",
            "Likelihood of harm",
            "Sign-off",
            "Sign off and record outcomes",
            "Approval",
            "Action plan",
            "Actions",
            "Next steps",
            "Decision",
            "Outcome of the assessment",
            "Residual risks",
            "Step 5: Identify and assess risks",
            "12. Risk assessment",
            "Advice from the DPO",
            "Data Protection Officer's comments",
            "Impact on individuals",
            "Mitigation measures",
            "Internal notes",
            "Document control",
            "Version history",
            "Recommendations",
            "Review",
            "Issues log",
            "Annex 1",
            "Signatures",
            "Approvals and sign-off",
            "Threats and mitigations",
            "Privacy risks and solutions",
            "Risks identified and measures to reduce them",
            "Linking the outcomes back to the project plan",
            "Confidential",
            "Risks",
            "Identified risks",
            "Key risks",
            "Information risks",
            "Data protection risks",
            "Risks to pupils and their families",
            "Risk treatment plan",
            "Risk owner",
            "Risk matrix",
            "Likelihood and impact",
            "Impact on the rights and freedoms of data subjects",
            "Residual risk after mitigation",
            "Data protection impact assessment outcome",
            "Decision, Approval and Documentation",
            "Final decision",
            "DPO recommendation",
            "Advice of the data protection officer",
            "Information Commissioner's advice",
            "Approval of the DPIA",
            "Approval by the head teacher",
            "Approved by",
            "Authorised by",
            "Reviewed by",
            "Sign-off sheet",
            "Signed off by the board",
            "Actions required",
            "Outstanding actions",
            "Outcome",
            "Conclusions and recommendations",
            "Appendices",
            "Annex B: Examples",
            "Appendix A Guidance Notes",
            "Part 3: What we think",
            "Part C - Our view",
            "Section 8 Risk assessment",
            "Section 9: Sign-off",
            "Chapter 4",
            "Measures approved by",
            "Data risks",
            "Risk assessment",
            "Project team decision",
        ] {
            assert!(is_inside_heading(heading), "{heading}");
        }
    }

    #[test]
    fn headings_of_an_answer_are_none() {
        for heading in [
            "Data flows",
            "Kinds of data",
            "Security",
            "Backups",
            "Passwords",
            "ETL Tooling",
            "MIS",
            "Access control",
            "Part of the trust",
            "Impact Tracker application",
            "Network",
            "Hosting and backups",
            "Data Protection Officer",
            "Staff",
            "Measures",
            "Internal",
            "Records",
            "Networking - Amazon Elastic Load Balancing",
            "Data",
            "",
            "Risk-based authentication",
            "User approval",
            "Approval of users",
            "Outcome data",
            "Section 9 transfers",
            "Pupils at risk",
            "At-risk registers of pupils",
            "Risk scores of learners",
            "Risk-free trial",
            "Approval workflow",
            "Approval emails",
            "Approval levels",
            "Approved devices",
            "Approved suppliers",
            "DDoS mitigation",
            "Threat detection",
            "Threat protection",
            "Threat intelligence",
            "Likelihood model",
            "Severity codes of behaviour",
            "Learning outcomes",
            "Outcomes for pupils",
            "Outcome measures",
            "Outcome records",
            "Recommendations engine",
            "Conclusion of the contract",
            "Confidential reporting",
            "Confidential data",
            "Automated decision-making",
            "Decision trees",
            "Digital signatures",
            "Signed addresses",
            "Code review",
            "Log reviews",
            "Access approval",
            "User actions",
            "Staff feedback",
            "Staff comments",
            "Pupil comments",
            "Comment fields",
            "Impact data",
            "Incident management",
            "Part 2 tokens",
            "Part-time staff",
            "Part 3-way calls",
            "Section 47 referrals",
            "Section 9.2 transfers",
            "Chapter 2 pupils",
            "Advice line",
            "Opinion polls",
            "References to pupils",
            "Escalation to the supplier",
            "Minutes of lateness",
        ] {
            assert!(!is_inside_heading(heading), "{heading}");
        }
    }

    #[test]
    fn labels_and_tables_have_to_be_clear() {
        for label in ["DPO advice", "Decision", "Approved by", "Residual risk", "Appendix C", "Overall risk"] {
            assert!(is_inside_label(&words(label)), "{label}");
        }
        for label in ["Review", "Notes", "Step 1", "Owner", "Impact Tracker", "Actions"] {
            assert!(!is_inside_label(&words(label)), "{label}");
        }
        let cells = |heads: &[&str]| heads.iter().map(|head| words(head)).collect::<Vec<_>>();
        assert!(is_inside_table(&cells(&["Risk", "Likelihood", "Severity", "Owner"])));
        assert!(is_inside_table(&cells(&["Version", "Date", "Who"])));
        assert!(!is_inside_table(&cells(&["Software", "Version", "Owner"])));
        assert!(!is_inside_table(&cells(&["Control", "Owner", "Tested"])));
    }
}
