//! What the use cases take from the world: the time, and randomness. Handed in, so that the same input can give the same
//! output where that is wanted.

use dpia_model::{CivilDate, Instant};
use uuid::Uuid;

/// The world around a use case.
pub trait Surroundings: Send + Sync {
    /// The moment it is.
    fn now(&self) -> Instant;
    /// The day it is where the officer is; where that is not known, in UTC.
    fn today(&self) -> CivilDate {
        CivilDate(self.now().0.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
    /// A fresh random (v4) id.
    fn new_id(&self) -> Uuid;
}

/// The computer's clock and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Surroundings for System {
    fn now(&self) -> Instant {
        Instant(jiff::Timestamp::now())
    }

    fn today(&self) -> CivilDate {
        CivilDate(jiff::Zoned::now().date())
    }

    fn new_id(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// The computer's randomness, and a moment that is still: for repeatable output.
#[derive(Debug, Clone, Copy)]
pub struct At(pub Instant);

impl Surroundings for At {
    fn now(&self) -> Instant {
        self.0
    }

    fn new_id(&self) -> Uuid {
        System.new_id()
    }
}

/// A moment from RFC 3339, such as `2026-11-22T09:00:00Z`. One in a year that no assessment can speak of is none: what is made
/// then could not be opened.
pub fn parse_moment(text: &str) -> Option<Instant> {
    text.parse().ok().map(Instant).filter(is_plausible)
}

/// A moment from seconds since 1970, as [`parse_moment`].
pub fn moment_of_epoch(seconds: i64) -> Option<Instant> {
    jiff::Timestamp::from_second(seconds).ok().map(Instant).filter(is_plausible)
}

fn is_plausible(moment: &Instant) -> bool {
    CivilDate::YEARS.contains(&moment.year())
}
