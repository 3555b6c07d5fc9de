//! Single values: a date, one of several options, a sign-off.

use crate::words::normalise_text;
use dpia_model::CivilDate;
use dpia_model::date::WrittenDate;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Reads a date however it is written: 04/07/2025, 4.7.25, 2025-07-04, 4th July 2025, July 4 2025.
pub(crate) fn read_date(text: &str) -> Option<WrittenDate> {
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    if let Ok(read) = CivilDate::parse_written(text) {
        return Some(read);
    }
    let known = |date| WrittenDate { date, has_short_year: false };
    if let [year, month, day] = text.split('-').collect::<Vec<_>>()[..]
        && year.len() == 4
    {
        return CivilDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).map(known);
    }
    let words: Vec<String> = normalise_text(text).split(' ').map(str::to_owned).collect();
    let words = match &words[..] {
        [weekday, rest @ ..] if weekday.ends_with("day") && rest.len() == 3 => rest,
        all => all,
    };
    let [first, second, year] = words else { return None };
    let (day, month) = if month_of(first).is_some() { (second, first) } else { (first, second) };
    let day = day.trim_end_matches(|c: char| c.is_alphabetic());
    let (day, month) = (day.parse::<i8>().ok()?, month_of(month)?);
    match year.len() {
        4 => CivilDate::new(year.parse().ok()?, month, day).map(known),
        2 => Some(WrittenDate { date: CivilDate::new(2000 + year.parse::<i16>().ok()?, month, day)?, has_short_year: true }),
        _ => None,
    }
}

fn month_of(word: &str) -> Option<i8> {
    let short = word.get(..3).filter(|_| word.len() <= 4);
    let at = MONTHS.iter().position(|month| word == *month || short.is_some_and(|short| month.starts_with(short)))?;
    i8::try_from(at + 1).ok()
}

/// `dd/mm/yyyy` and the like: a date that nobody filled in.
pub(crate) fn is_date_placeholder(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(letters.as_str(), "ddmmyyyy" | "ddmmyy" | "xxxxxxxx" | "xxxxxx")
}

/// A person's word, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Signed {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) date: Option<CivilDate>,
}

/// What a label of a sign-off means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignOffField {
    Name,
    Role,
    Date,
}

/// Reads the label of a line of a sign-off.
pub(crate) fn sign_off_field(label: &str) -> Option<SignOffField> {
    Some(match normalise_text(label).as_str() {
        "name" | "signed" | "signed by" | "signature" | "completed by" | "sign off" | "signed off by" | "full name" | "print name" => {
            SignOffField::Name
        }
        "role" | "job title" | "title" | "position" | "job role" => SignOffField::Role,
        "date" | "date signed" | "signed on" | "date of sign off" | "sign off date" => SignOffField::Date,
        _ => return None,
    })
}

/// Reads a sign-off from its lines, `label: value` or `name, role, date`. None where a word of it has no place.
pub(crate) fn read_sign_off(lines: &[String]) -> Option<Signed> {
    let mut signed = Signed::default();
    let mut loose: Vec<&str> = Vec::new();
    for line in lines {
        match split_label(line).and_then(|(label, value)| sign_off_field(label).map(|field| (field, value))) {
            Some((_, "")) => {}
            Some((SignOffField::Name, value)) if signed.name.is_empty() => signed.name = value.to_owned(),
            Some((SignOffField::Role, value)) if signed.role.is_empty() => signed.role = value.to_owned(),
            Some((SignOffField::Date, value)) if signed.date.is_none() => signed.date = Some(read_date(value)?.date),
            Some(_) => return None,
            None => loose.extend(line.split([',', '\t', '|']).map(str::trim).filter(|part| !part.is_empty())),
        }
    }
    if let Some(date) = loose.last().and_then(|part| read_date(part)).filter(|_| signed.date.is_none()) {
        signed.date = Some(date.date);
        loose.pop();
    }
    let mut loose = loose.into_iter();
    for place in [&mut signed.name, &mut signed.role] {
        if place.is_empty() {
            *place = loose.next().unwrap_or_default().to_owned();
        }
    }
    (loose.next().is_none() && !signed.name.is_empty() && signed.name.len() <= 120).then_some(signed)
}

/// A label and what is after the colon or tab.
pub(crate) fn split_label(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(['\t', ':'])?;
    Some((label.trim().trim_end_matches(':'), value.trim().trim_start_matches(':').trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_however_it_is_written() {
        let check = |text: &str, expected: Option<(&str, bool)>| {
            let read = read_date(text).map(|read| (read.date.to_string(), read.has_short_year));
            assert_eq!(read, expected.map(|(date, short)| (date.to_owned(), short)), "{text}");
        };
        check("04/06/24", Some(("04/06/2024", true)));
        check("4th July 2025", Some(("04/07/2025", false)));
        check("Friday 4 July 2025", Some(("04/07/2025", false)));
        check("July 4, 2025", Some(("04/07/2025", false)));
        check("4 Sept 25", Some(("04/09/2025", true)));
        check("2025-07-04", Some(("04/07/2025", false)));
        check("31 June 2025", None);
        check("summer 2025", None);
        check("dd/mm/yyyy", None);
        check("é é é", None);
        check("", None);
    }

    #[test]
    fn a_sign_off_is_read_from_labels_or_from_one_line() {
        let check = |lines: &[&str], expected: Option<(&str, &str, Option<&str>)>| {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            let read = read_sign_off(&lines).map(|signed| (signed.name, signed.role, signed.date.map(|date| date.to_string())));
            assert_eq!(read, expected.map(|(name, role, date)| (name.into(), role.into(), date.map(str::to_owned))), "{lines:?}");
        };
        check(&["Name\tJo Bloggs", "Job title: DPO", "Date\t04/07/2025"], Some(("Jo Bloggs", "DPO", Some("04/07/2025"))));
        check(&["Jo Bloggs, DPO, 4 July 2025"], Some(("Jo Bloggs", "DPO", Some("04/07/2025"))));
        check(&["Jo Bloggs"], Some(("Jo Bloggs", "", None)));
        check(&["Name:", "Date: soon"], None);
        check(&["one, two, three, four"], None);
        check(&[], None);
    }
}
