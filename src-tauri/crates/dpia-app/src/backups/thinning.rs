//! Which backups are kept: every one of the last day, one a day for two weeks, one a week for three months, one a month
//! from then on. Of those that stand for a day, a week or a month the newest is kept.

use dpia_model::Instant;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
const DAYS_OF_DAYS: i64 = 14;
const DAYS_OF_WEEKS: i64 = 91;

/// The stretch of time that a backup covers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stretch {
    /// Itself alone.
    Moment(jiff::Timestamp),
    /// A day of UTC, counted from 1 January 1970.
    Day(i64),
    /// A week of Thursdays to Wednesdays, likewise.
    Week(i64),
    /// Year and month.
    Month(i16, i8),
}

/// Those of these moments whose backups are no longer needed at this one. The newest is always kept, and so is what
/// was made at a moment that is still to come: the clock was set back.
pub fn find_surplus(made: &[Instant], now: Instant) -> Vec<Instant> {
    let mut newest_first = made.to_vec();
    newest_first.sort();
    newest_first.reverse();
    let mut taken = BTreeSet::new();
    newest_first.retain(|made| !taken.insert(stretch_of(*made, now)));
    newest_first
}

fn stretch_of(made: Instant, now: Instant) -> Stretch {
    let day = made.0.as_second().div_euclid(SECONDS_A_DAY);
    match now.0.as_second().saturating_sub(made.0.as_second()).div_euclid(SECONDS_A_DAY) {
        ..1 => Stretch::Moment(made.0),
        1..DAYS_OF_DAYS => Stretch::Day(day),
        DAYS_OF_DAYS..DAYS_OF_WEEKS => Stretch::Week(day.div_euclid(7)),
        DAYS_OF_WEEKS.. => {
            let date = made.0.to_zoned(TimeZone::UTC);
            Stretch::Month(date.year(), date.month())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60;

    fn at(hours: i64) -> Instant {
        Instant(jiff::Timestamp::from_second(1_800_000_000 + hours * HOUR).unwrap())
    }

    fn check(ages: &[i64], expected_kept: &[i64]) {
        let made: Vec<Instant> = ages.iter().map(|age| at(-age)).collect();
        let surplus = find_surplus(&made, at(0));
        let kept: Vec<i64> = ages.iter().copied().filter(|age| !surplus.contains(&at(-age))).collect();
        assert_eq!(kept, expected_kept, "{ages:?}");
    }

    #[test]
    fn the_newest_of_each_stretch_is_kept() {
        check(&[], &[]);
        check(&[0, 4, 8, 12, 20, 23], &[0, 4, 8, 12, 20, 23]);
        // 15 January 2027, 08:00: a day ago is the day before.
        check(&[0, 24, 28, 31, 33, 52], &[0, 24, 33]);
        check(&[5000, 5001, 5002], &[5000]);
        check(&[-9, -5, 0], &[-9, -5, 0]);
    }

    #[test]
    fn a_year_of_backups_every_four_hours_comes_to_a_few_dozen_and_leaves_no_gap() {
        let mut kept: Vec<Instant> = Vec::new();
        for hour in (0..400 * 24).step_by(4) {
            kept.push(at(hour));
            let surplus = find_surplus(&kept, at(hour));
            kept.retain(|made| !surplus.contains(made));
            let newest = kept.iter().max().copied();
            assert_eq!(newest, Some(at(hour)), "the newest is kept");
        }
        let now = at(399 * 24 + 20);
        let ages: Vec<i64> = kept.iter().rev().map(|made| (now.0.as_second() - made.0.as_second()) / HOUR).collect();
        assert!((30..=50).contains(&ages.len()), "{ages:?}");
        for pair in ages.windows(2) {
            let widest = match pair[1] {
                ..24 => 4,
                24..336 => 2 * 24,
                336..2184 => 14 * 24,
                _ => 62 * 24,
            };
            assert!(pair[1] - pair[0] <= widest, "{pair:?} in {ages:?}");
        }
        assert!(ages.last().is_some_and(|oldest| *oldest > 360 * 24), "{ages:?}");
    }
}
