//! Counting what the database does, for tests of growth: time says little on a busy computer. For tests alone.

use crate::Store;
use crate::error::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

impl Store {
    /// Does `act`, and says how many steps SQLite took for what it asked of this store.
    pub fn count_steps<T>(&self, act: impl FnOnce() -> T) -> Result<(T, u64), StoreError> {
        let steps = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&steps);
        let count = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            false
        };
        self.read(|connection| Ok(connection.progress_handler(1, Some(count))?))?;
        let done = act();
        self.read(|connection| Ok(connection.progress_handler(0, None::<fn() -> bool>)?))?;
        Ok((done, steps.load(Ordering::Relaxed)))
    }

    /// How often something was sent to the writer so far.
    pub fn count_trips(&self) -> u64 {
        self.writer.trips.load(Ordering::Relaxed)
    }
}
