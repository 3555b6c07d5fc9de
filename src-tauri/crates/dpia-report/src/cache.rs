//! What was worked out once and may be wanted again.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Values by what they were made from. What was not asked for between two generations is let go.
pub(crate) struct Cache<K, V> {
    values: HashMap<K, (u32, V)>,
    generation: u32,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    /// Nothing kept.
    pub(crate) fn new() -> Self {
        Self { values: HashMap::new(), generation: 0 }
    }

    /// Lets go of what the last generation did not ask for.
    pub(crate) fn next_generation(&mut self) {
        let generation = self.generation;
        self.values.retain(|_, (asked, _)| *asked == generation);
        self.generation = generation.wrapping_add(1);
    }

    /// The value of a key, and whether it is asked for the first time in this generation.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<(&V, bool)>
    where
        K: Borrow<Q>,
    {
        let (asked, value) = self.values.get_mut(key)?;
        let is_first = *asked != self.generation;
        *asked = self.generation;
        Some((value, is_first))
    }

    /// Keeps a value.
    pub(crate) fn keep(&mut self, key: K, value: V) {
        self.values.insert(key, (self.generation, value));
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;

    #[test]
    fn what_a_generation_does_not_ask_for_is_let_go() {
        let mut kept = Cache::new();
        kept.keep("a", 1);
        kept.keep("b", 2);
        kept.next_generation();
        assert_eq!(kept.get("a"), Some((&1, true)));
        assert_eq!(kept.get("a"), Some((&1, false)));
        kept.next_generation();
        assert_eq!(kept.get("a"), Some((&1, true)));
        assert_eq!(kept.get("b"), None);
    }
}
