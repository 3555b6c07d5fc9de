//! Dates of the form and instants of the history. A form date is a civil date: a day on a calendar, without a zone. An
//! instant is UTC and only says when; order comes from a sequence, so a clock set back reorders nothing.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A day on the calendar. Serialised as `2025-07-04`, shown as `04/07/2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(transparent)]
pub struct CivilDate(#[cfg_attr(feature = "bindings", specta(type = String))] pub jiff::civil::Date);

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text has not the shape day/month/year.
    #[error("\"{0}\" is not a date: write day, month and year, such as 04/07/2025")]
    Shape(String),
    /// The calendar has no such day.
    #[error("there is no such day as \"{0}\": write day, month and year, such as 04/07/2025")]
    NoSuchDay(String),
    /// No assessment has a date in that year.
    #[error("the year of \"{0}\" is before {first} or after {last}", first = CivilDate::YEARS.start(), last = CivilDate::YEARS.end())]
    Year(String),
}

/// A date as somebody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    /// The day meant.
    pub date: CivilDate,
    /// The year was in two digits, and was read as 20yy.
    pub has_short_year: bool,
}

impl CivilDate {
    /// The years that a date of an assessment can have.
    pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

    /// Whether an assessment can have this date.
    pub fn is_plausible(&self) -> bool {
        Self::YEARS.contains(&self.0.year())
    }

    /// The day of this year, month (1–12) and day (1–31), if the calendar has it.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads day/month/year with `/`, `.` or `-` between; a two-digit year is 20yy and says so.
    pub fn parse_written(text: &str) -> Result<WrittenDate, DateError> {
        let trimmed = text.trim();
        let shape = || DateError::Shape(trimmed.chars().take(40).collect());
        let numbers: Vec<&str> = trimmed.split(['/', '.', '-']).map(str::trim).collect();
        let [day, month, year] = numbers[..] else { return Err(shape()) };
        let digits = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
            (lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<i16>().ok()).flatten()
        };
        let day = digits(day, 1..=2).ok_or_else(shape)?;
        let month = digits(month, 1..=2).ok_or_else(shape)?;
        let has_short_year = year.len() == 2;
        let year = match year.len() {
            2 => 2000 + digits(year, 2..=2).ok_or_else(shape)?,
            4 => digits(year, 4..=4).ok_or_else(shape)?,
            _ => return Err(shape()),
        };
        // Both are at most 99, so the conversion always fits.
        let (month, day) = (i8::try_from(month).map_err(|_| shape())?, i8::try_from(day).map_err(|_| shape())?);
        Self::new(year, month, day).map(|date| WrittenDate { date, has_short_year }).ok_or_else(|| DateError::NoSuchDay(trimmed.to_owned()))
    }

    /// Reads day/month/year as somebody types it now: the year has four digits, and is one that an assessment can have.
    pub fn parse_typed(text: &str) -> Result<Self, DateError> {
        let written = Self::parse_written(text)?;
        match (written.has_short_year, written.date.is_plausible()) {
            (true, _) => Err(DateError::Shape(text.trim().to_owned())),
            (false, false) => Err(DateError::Year(text.trim().to_owned())),
            (false, true) => Ok(written.date),
        }
    }
}

/// `04/07/2025`, as the form writes dates.
impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}/{:04}", self.0.day(), self.0.month(), self.0.year())
    }
}

/// A moment in UTC. Serialised as RFC 3339, such as `2025-07-04T13:32:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(transparent)]
pub struct Instant(#[cfg_attr(feature = "bindings", specta(type = String))] pub jiff::Timestamp);

impl Instant {
    /// Its year in UTC.
    pub fn year(&self) -> i16 {
        self.0.to_zoned(jiff::tz::TimeZone::UTC).year()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_date_is_read_as_day_month_year() {
        let check = |text: &str, expected: Option<(&str, bool)>| {
            let read = CivilDate::parse_written(text).ok().map(|w| (w.date.to_string(), w.has_short_year));
            assert_eq!(read, expected.map(|(date, short)| (date.to_owned(), short)), "{text}");
        };
        check("04/07/2025", Some(("04/07/2025", false)));
        check(" 4.7.2025 ", Some(("04/07/2025", false)));
        check("04/06/24", Some(("04/06/2024", true)));
        check("31/02/2025", None);
        check("2025-07-04", None);
        check("dd/mm/yyyy", None);
        check("", None);
        check("1/2/3/4", None);
        check("01/01/20255", None);
    }

    #[test]
    fn a_typed_date_has_its_whole_year() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(CivilDate::parse_typed(text).ok().map(|date| date.to_string()), expected.map(str::to_owned), "{text}");
        };
        check(" 4.7.2025 ", Some("04/07/2025"));
        check("04/07/25", None);
        check("04/07/0025", None);
        check("04/07/2200", None);
        check("4 July", None);
    }
}
