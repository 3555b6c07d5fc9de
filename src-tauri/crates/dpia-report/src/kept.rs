//! What was worked out once and may be wanted again.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Values by what they were made from. What was not asked for between two turns is let go.
pub(crate) struct Kept<K, V> {
    values: HashMap<K, (u32, V)>,
    turn: u32,
}

impl<K: Eq + Hash, V> Kept<K, V> {
    /// Nothing kept.
    pub(crate) fn new() -> Self {
        Self { values: HashMap::new(), turn: 0 }
    }

    /// Lets go of what the last turn did not ask for.
    pub(crate) fn turn(&mut self) {
        let turn = self.turn;
        self.values.retain(|_, (asked, _)| *asked == turn);
        self.turn = turn.wrapping_add(1);
    }

    /// The value of a key, and whether it is asked for the first time in this turn.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<(&V, bool)>
    where
        K: Borrow<Q>,
    {
        let (asked, value) = self.values.get_mut(key)?;
        let is_first = *asked != self.turn;
        *asked = self.turn;
        Some((value, is_first))
    }

    /// Keeps a value.
    pub(crate) fn keep(&mut self, key: K, value: V) {
        self.values.insert(key, (self.turn, value));
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn what_a_turn_does_not_ask_for_is_let_go() {
        let mut kept = Kept::new();
        kept.keep("a", 1);
        kept.keep("b", 2);
        kept.turn();
        assert_eq!(kept.get("a"), Some((&1, true)));
        assert_eq!(kept.get("a"), Some((&1, false)));
        kept.turn();
        assert_eq!(kept.get("a"), Some((&1, true)));
        assert_eq!(kept.get("b"), None);
    }
}
