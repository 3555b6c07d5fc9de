//! Steps of work, counted in tests: they show that twice the text costs no more than twice the work, without a clock.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts steps where tests are built, and does nothing else.
#[cfg(test)]
pub(crate) fn count(steps: usize) {
    STEPS.with(|counted| counted.set(counted.get() + u64::try_from(steps).unwrap_or(u64::MAX)));
}

/// Counts steps where tests are built, and does nothing else.
#[cfg(not(test))]
pub(crate) fn count(_steps: usize) {}

/// How many steps something takes.
#[cfg(test)]
pub(crate) fn steps_of(work: impl FnOnce()) -> u64 {
    STEPS.with(|counted| counted.set(0));
    work();
    STEPS.with(Cell::get)
}
