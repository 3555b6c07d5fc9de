//! What an assessment keeps inside, by the names of its headings: risks, decisions, advice, sign-off, appendices. The words
//! are data: a heading is one of them where it has a word that names such a part, and no word besides that says something
//! else.

/// Words that name a part that is kept inside.
const PARTS: &str = "risk risks impact impacts likelihood severity probability mitigation mitigations mitigating threat threats vulnerabilities \
    hazards decision decisions advice opinion opinions recommendation recommendations appendix appendices annex annexe annexes annexure \
    addendum approval approvals approver approvers approved authorisation authorization authorised signature signatures signatory \
    signatories signoff outcome outcomes conclusion conclusions findings finding actions action issues issue incidents concerns \
    objections weaknesses review reviews reviewer reviewers comments comment notes note remarks confidential glossary references \
    bibliography footnotes endnotes lessons caveats escalation escalations amendments amendment revisions revision correspondence \
    minutes todo feedback justification";

/// Words that may stand beside them.
const BESIDE: &str = "the a an and or of on in to for from by with at our its their this all any not only data protection privacy dpia pia dpo dpos \
    officer officers information commissioner commissioners ico gdpr project processing screening internal external overall \
    identified identify identifying assess assessing assessment assessments analysis analyse evaluation evaluate evaluating \
    register registers log logs matrix table list plan plans planning summary section part step stage chapter form record records \
    statement report sheet rating ratings score scores scoring level levels residual initial inherent remaining final further \
    next open outstanding known high medium low measures measure controls control treatment reduce reducing manage management managing \
    owner owners rights freedoms individuals people subjects subject harm harms consultation response responses documentation \
    document acceptance accepted schedule required agreed taken received given known previous past history dates date reasons reason \
    rationale questions points legal senior board governors governor trustees head heads headteachers headteacher siro iao iaos caldicott \
    guardian guardians governance ig team group panel committee staff private working draft confidentially strictly checklist audit \
    penetration pen test tests testing meeting meetings follow up";

/// Names of several words, or of one, none of whose words would do alone.
const NAMES: &str = "sign off, signed off, sign offs, sign off and record outcomes, signed by, next steps, action plan, document control, document \
    history, document owner, version history, version control, revision history, change history, change log, change requests, change record, \
    amendment history, distribution list, distribution, internal use only, for internal use, for internal use only, internal only, not for \
    publication, not for customers, not for release, for information, lessons learned, guidance notes, open points, open questions, \
    points to discuss, questions for the supplier, questions for the dpo, to do, to do list, follow up, what could go wrong, what worries us, \
    balancing test, legitimate interests assessment, legitimate interest assessment, lia, ico consultation, prior consultation, \
    consultation with the ico, audit trail of decisions, incident history, incident log, breach history, breach log, breach register, \
    complaints received, compliance status, email trail, not for sharing, do not share, do not publish";

/// Words that name such a part whatever stands beside them in a short heading.
const STRONG: &str = "risk risks likelihood severity mitigation mitigations appendix annex annexe outcomes recommendations conclusion conclusions \
    approval approvals approver signoff escalations confidential";

/// The most words of such a heading.
const MOST_STRONG: usize = 8;

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

/// Heads that stand beside "Version" in the history of a document.
const HISTORY: &str = "date author changes change who reason amended amendments approved status reviewer";

/// Notices, as they are compared.
const NOTICES: &str = "internal use only, for internal use only, for internal use, internal only, not for publication, not for customers, not for \
    release, not for sharing, do not share, do not publish, confidential, strictly confidential, private and confidential";

/// Words that count parts: "Part 3", "Appendix C", "Section five". Steps are as often those of an answer.
const COUNTED: &str = "part appendix annex annexe section chapter enclosure attachment";
const COUNTS: &str = "one two three four five six seven eight nine ten eleven twelve";

/// Says whether a heading of these words, as they are compared, names a part that is kept inside.
pub(crate) fn is_inside_heading(words: &[String]) -> bool {
    let words = without_number(words);
    let is_strong = words.len() <= MOST_STRONG && join_sign_off(words).iter().any(|word| has(STRONG, word));
    is_counted(words) || is_strong || names_part(words, PARTS)
}

/// Says whether a label before a colon does so.
pub(crate) fn is_inside_label(words: &[String]) -> bool {
    let words = without_number(words);
    let is_ours = words.iter().any(|word| has(OURS, word)) && names_part(words, PARTS);
    is_counted(words) && !matches!(words.first().map(String::as_str), Some("section" | "part"))
        || names_part(words, CLEAR)
        || is_ours
        || is_commented(words)
}

/// "Commented [JB1]", as a word processor prints it.
fn is_commented(words: &[String]) -> bool {
    matches!(words, [first, mark] if matches!(first.as_str(), "comment" | "commented") && mark.len() <= 6)
}

/// Says whether the heads of a table are those of a table of risks.
pub(crate) fn is_inside_table(cells: &[Vec<String>]) -> bool {
    let is_head = |cell: &&Vec<String>| cell.len() <= 4 && cell.iter().any(|word| has(HEADS, word));
    let names = |word: &str| cells.iter().any(|cell| cell.len() == 1 && cell[0] == word);
    let is_history = names("version") && HISTORY.split(' ').any(names);
    cells.len() > 1 && (is_history || cells.iter().filter(is_head).count() >= 2)
}

/// Says whether a sentence at the start of a line is a notice that what follows is kept inside.
pub(crate) fn is_inside_notice(words: &[String]) -> bool {
    let text = words.join(" ");
    NOTICES.split(", ").any(|notice| text == notice)
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|other| other == word)
}

fn names() -> impl Iterator<Item = &'static str> {
    NAMES.split(", ")
}

fn names_part(words: &[String], parts: &str) -> bool {
    if words.is_empty() || words.len() > 12 {
        return false;
    }
    let text = words.join(" ");
    let words = join_sign_off(words);
    let is_part = |word: &str| has(parts, word);
    let is_known = |word: &String| is_part(word) || has(PARTS, word) || has(BESIDE, word) || is_count(word);
    names().any(|name| {
        text == name || text.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ') && words.iter().all(|word| is_beside_name(word)))
    }) || words.iter().any(|word| is_part(word)) && words.iter().all(is_known)
}

/// "Sign-off" as one word.
fn join_sign_off(words: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        match joined.last_mut().filter(|last| matches!(last.as_str(), "sign" | "signed") && matches!(word.as_str(), "off" | "offs")) {
            Some(last) => "signoff".clone_into(last),
            None => joined.push(word.clone()),
        }
    }
    joined
}

/// A word of a name, or one that may stand beside it.
fn is_beside_name(word: &str) -> bool {
    has(BESIDE, word) || has(PARTS, word) || names().any(|name| name.split(' ').any(|part| part == word))
}

/// "Appendix C", "Part 3": and whatever follows.
fn is_counted(words: &[String]) -> bool {
    match words {
        [part, count, ..] => has(COUNTED, part) && is_count(count),
        _ => false,
    }
}

fn is_count(word: &str) -> bool {
    let is_number = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
    let is_letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_roman = word.len() <= 4 && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    is_number || is_letter || is_roman || has(COUNTS, word)
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
        ] {
            assert!(is_inside_heading(&words(heading)), "{heading}");
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
        ] {
            assert!(!is_inside_heading(&words(heading)), "{heading}");
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
