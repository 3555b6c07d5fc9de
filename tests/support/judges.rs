//! Programs of others that judge a PDF: veraPDF, qpdf, pdfsig and pyHanko, through `tests/judges/check-pdf`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::places::{build_folder, project_root};
use crate::process::{finish, read};

/// What is asked of a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question<'a> {
    /// veraPDF's profiles, such as `3a` and `ua1`; none leaves veraPDF out.
    pub profiles: &'a [&'a str],
    /// Whether its signatures are judged. An unsigned file fails then.
    pub is_signed: bool,
    /// The certificate (PEM) that every signature has to lead to; without one, each signer is trusted.
    pub trust: Option<&'a Path>,
}

/// One judge's word on a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// `veraPDF-3a`, `veraPDF-ua1`, `qpdf`, `pdfsig` or `pyHanko`.
    pub judge: String,
    /// The file, as it was named to the judge.
    pub file: String,
    /// Whether the file passed.
    pub has_passed: bool,
    /// What the judge said of it, a line each.
    pub remarks: Vec<String>,
}

/// A rule of a profile that veraPDF found broken: its clause and the number of its test, such as `7.1` and `9`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// The clause of the standard.
    pub clause: String,
    /// The number of the test among those of the clause.
    pub test: u32,
}

impl Verdict {
    /// The rules that were broken, where the judge names rules.
    pub fn broken_rules(&self) -> Vec<Rule> {
        self.remarks.iter().filter_map(|remark| parse_rule(remark)).collect()
    }
}

/// Reads the rule off a remark such as `clause 7.1, test 9: Title is missing (1 times, …)`.
fn parse_rule(remark: &str) -> Option<Rule> {
    let (clause, rest) = remark.strip_prefix("clause ")?.split_once(", test ")?;
    let (test, _) = rest.split_once(':')?;
    Some(Rule { clause: clause.to_owned(), test: test.parse().ok()? })
}

/// Asks the judges about a file; the verdicts in the order in which the judges spoke.
///
/// # Errors
/// Where a judge is missing, or could not speak.
pub fn judge_pdf(pdf: &Path, question: &Question<'_>) -> Result<Vec<Verdict>> {
    judge_pdfs(&[pdf], question)
}

/// Asks the judges about several files at once, which is far quicker than one after the other.
///
/// # Errors
/// As [`judge_pdf`].
pub fn judge_pdfs(files: &[impl AsRef<Path>], question: &Question<'_>) -> Result<Vec<Verdict>> {
    let mut command = judges()?;
    command.args(["--profiles", &question.profiles.join(",")]);
    if !question.is_signed {
        command.arg("--unsigned");
    }
    if let Some(certificate) = question.trust {
        command.arg("--trust").arg(certificate);
    }
    let output = finish(command.args(files.iter().map(AsRef::as_ref)))?;
    let verdicts = parse_verdicts(&String::from_utf8_lossy(&output.stdout));
    let expected = files.len() * (question.profiles.len() + 1 + if question.is_signed { 2 } else { 0 });
    if verdicts.len() != expected {
        bail!("{} judges of {expected} spoke\n{}", verdicts.len(), String::from_utf8_lossy(&output.stderr));
    }
    Ok(verdicts)
}

/// The rules of a profile of veraPDF, such as `3a`.
///
/// # Errors
/// Where veraPDF is missing or knows no such profile.
pub fn list_rules(profile: &str) -> Result<Vec<Rule>> {
    let printed = read(judges()?.args(["--rules", profile]))?;
    let rule = |line: &str| {
        let (clause, test) = line.split_once(' ')?;
        Some(Rule { clause: clause.to_owned(), test: test.parse().ok()? })
    };
    printed.lines().map(|line| rule(line).with_context(|| format!("veraPDF names a rule {line}"))).collect()
}

/// The script that asks the judges, and where they were installed.
fn judges() -> Result<Command> {
    let mut command = Command::new(project_root().join("tests/judges/check-pdf"));
    if std::env::var_os("DPIA_JUDGES").is_none() {
        let build = build_folder()?;
        command.env("DPIA_JUDGES", build.parent().unwrap_or(&build).join("judges"));
    }
    Ok(command)
}

/// Passes where every judge passes the file; fails with all that the others said.
///
/// # Errors
/// As [`judge_pdf`], and where a judge fails the file.
pub fn check_pdf(pdf: &Path, question: &Question<'_>) -> Result<()> {
    let failed: Vec<String> = judge_pdf(pdf, question)?
        .into_iter()
        .filter(|verdict| !verdict.has_passed)
        .map(|verdict| format!("{} fails {}:\n  {}", verdict.judge, pdf.display(), verdict.remarks.join("\n  ")))
        .collect();
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

/// Reads lines such as `PASS qpdf file`, and the indented remarks under them.
fn parse_verdicts(printed: &str) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = Vec::new();
    for line in printed.lines() {
        let mut words = line.splitn(3, ' ');
        match (words.next(), words.next()) {
            (Some(word @ ("PASS" | "FAIL")), Some(judge)) => verdicts.push(Verdict {
                judge: judge.to_owned(),
                file: words.next().unwrap_or_default().to_owned(),
                has_passed: word == "PASS",
                remarks: Vec::new(),
            }),
            _ => {
                if let Some(verdict) = verdicts.last_mut() {
                    verdict.remarks.push(line.trim().to_owned());
                }
            }
        }
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::{Rule, Verdict, parse_rule, parse_verdicts};

    #[test]
    fn a_verdict_is_read_with_the_remarks_under_it() {
        let printed = "PASS veraPDF-3a a b.pdf\nFAIL qpdf a b.pdf\n   WARNING: offset 5\n   done\nPASS pyHanko a b.pdf\n";
        let verdict = |judge: &str, has_passed, remarks: &[&str]| Verdict {
            judge: judge.to_owned(),
            file: "a b.pdf".to_owned(),
            has_passed,
            remarks: remarks.iter().map(ToString::to_string).collect(),
        };
        let expected =
            [verdict("veraPDF-3a", true, &[]), verdict("qpdf", false, &["WARNING: offset 5", "done"]), verdict("pyHanko", true, &[])];
        assert_eq!(parse_verdicts(printed), expected);
    }
    #[test]
    fn a_rule_is_read_off_a_remark_of_verapdf_and_off_no_other() {
        let remark = "clause 7.1, test 9: The catalog has no Metadata: none (1 times, first at root)";
        assert_eq!(parse_rule(remark), Some(Rule { clause: "7.1".to_owned(), test: 9 }));
        assert_eq!(parse_rule("java.lang.Exception: clause unknown"), None);
    }
}
