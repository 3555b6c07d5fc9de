//! Clients: what is wrong with one, which two are one, and the order in which people look for them.
//!
//! A client that was checked has a name that can be printed and written on one line.

use crate::error::{AppError, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most letters of a name, an address or a reference.
const MOST_LETTERS: usize = 200;

/// A school or trust that receives copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its name, as printed on its copy.
    pub name: String,
    /// Its email address; empty where none is known.
    pub email: String,
    /// The officer's own number for it; empty where there is none.
    pub reference: String,
}

impl Client {
    /// A client of this name, with no address and no reference.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), email: String::new(), reference: String::new() }
    }

    /// The client with surrounding spaces taken off, or what is wrong with it.
    pub fn check(&self) -> Result<Self, AppError> {
        let checked =
            Self { name: self.name.trim().to_owned(), email: self.email.trim().to_owned(), reference: self.reference.trim().to_owned() };
        match checked.find_fault() {
            Some(fault) => Err(AppError::new(ErrorCode::Refused, crate::error::sentence(&fault))),
            None => Ok(checked),
        }
    }

    pub(crate) fn find_fault(&self) -> Option<String> {
        if self.name.is_empty() {
            return Some("the name is empty. Enter the name of the school or trust.".to_owned());
        }
        for (what, text) in [("name", &self.name), ("email address", &self.email), ("reference", &self.reference)] {
            if text.chars().any(char::is_control) {
                return Some(format!("the {what} contains a line break or a tab. Look for a missing quotation mark."));
            }
            // The record is opened in spreadsheets, which would carry it out.
            if text.starts_with(['=', '+', '-', '@']) {
                return Some(format!("the {what} begins like a formula. Remove its first character."));
            }
            if text.chars().count() > MOST_LETTERS {
                return Some(format!("the {what} has more than {MOST_LETTERS} letters. Shorten it."));
            }
        }
        let is_address = |text: &str| text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty() && !at.contains('@'));
        if !self.email.is_empty() && (!is_address(&self.email) || self.email.contains(char::is_whitespace)) {
            return Some(format!("\"{}\" is not an email address. Correct it, or leave it empty.", self.email));
        }
        None
    }

    /// What tells it from others.
    pub(crate) fn key(&self) -> ClientKey {
        ClientKey { name: fold(&self.name), reference: fold(&self.reference), email: fold(&self.email) }
    }

    /// Says whether both mean the same client, as far as they say who they are: the same reference; or, where either has none, the
    /// same name and not two email addresses. Many schools share a name.
    pub fn is_same(&self, other: &Self) -> bool {
        self.key().is_same(&other.key())
    }
}

/// What tells one client from another: name, reference and email address without regard to case and spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClientKey {
    name: String,
    reference: String,
    email: String,
}

impl ClientKey {
    /// As [`Client::is_same`].
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let either_lacks = |of: fn(&Self) -> &str| of(self).is_empty() || of(other).is_empty();
        match either_lacks(|key| &key.reference) {
            false => self.reference == other.reference,
            true => self.name == other.name && (self.email == other.email || either_lacks(|key| &key.email)),
        }
    }

    /// Says whether each has an email address, and not the same.
    pub(crate) fn has_other_email(&self, other: &Self) -> bool {
        !self.email.is_empty() && !other.email.is_empty() && self.email != other.email
    }
}

/// For each client, the place of the one that it is among those with these keys: the very same first, then one that means the
/// same; no two are the same one.
pub(crate) fn find_known(clients: &[Client], known: &[ClientKey]) -> Vec<Option<usize>> {
    let (mut by_name, mut by_reference) = (BTreeMap::<&str, Vec<usize>>::new(), BTreeMap::<&str, Vec<usize>>::new());
    for (at, key) in known.iter().enumerate() {
        by_name.entry(&key.name).or_default().push(at);
        by_reference.entry(&key.reference).or_default().push(at);
    }
    let mut is_taken = vec![false; known.len()];
    let mut found = vec![None; clients.len()];
    for is_exact in [true, false] {
        for (client, found) in clients.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let key = client.key();
            let named = by_name.get(key.name.as_str()).into_iter().flatten();
            let referred = by_reference.get(key.reference.as_str()).into_iter().flatten().filter(|_| !key.reference.is_empty());
            let fits = |at: &&usize| {
                let is_free = is_taken.get(**at) == Some(&false);
                is_free && known.get(**at).is_some_and(|known| if is_exact { *known == key } else { known.is_same(&key) })
            };
            if let Some(at) = referred.chain(named).find(fits).copied() {
                is_taken[at] = true;
                *found = Some(at);
            }
        }
    }
    found
}

/// A place in the order in which people look for a name: case, accents and punctuation make no difference, and School 2 is before
/// School 10.
pub(crate) fn name_order(name: &str) -> Vec<NamePart> {
    let letters: Vec<char> = name.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    let is_digit = |letter: &char| letter.is_ascii_digit();
    let mut parts = Vec::new();
    for run in letters.chunk_by(|one, next| is_digit(one) == is_digit(next)) {
        let run: String = run.iter().collect();
        if run.bytes().all(|byte| byte.is_ascii_digit()) {
            let digits = run.trim_start_matches('0');
            parts.push(NamePart::Number(digits.len(), digits.to_owned()));
        } else {
            // An apostrophe joins what it is between; everything else that is no letter parts words.
            let joined: String = run.chars().filter(|letter| !matches!(letter, '\'' | '’' | '‘' | '`')).collect();
            let words = joined.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
            parts.extend(words.map(|word| NamePart::Word(word.to_owned())));
        }
    }
    parts
}

/// A part of a name, in its order among others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NamePart {
    /// A number: how many digits it has, and these.
    Number(usize, String),
    /// A word.
    Word(String),
}

/// A name as it is compared: case and spaces make no difference.
pub(crate) fn fold(text: &str) -> String {
    let one = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one.nfc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn client(name: &str, email: &str, reference: &str) -> Client {
        Client { name: name.into(), email: email.into(), reference: reference.into() }
    }

    #[test]
    fn clients_are_distinguished_by_anything_that_differs() {
        let check = |one: &Client, other: &Client, expected: bool| {
            assert_eq!((one.is_same(other), other.is_same(one)), (expected, expected), "{one:?} {other:?}");
        };
        let school = client("St Mary's", "office@hill.example", "");
        check(&school, &client("st  mary's", "OFFICE@hill.example", ""), true);
        check(&school, &client("St Mary's", "office@dale.example", ""), false);
        check(&school, &client("St Mary's", "", ""), true);
        check(&school, &client("St Mary's", "", "1042"), true);
        check(&school, &client("St Mary's", "office@dale.example", "1042"), false);
        check(&client("St Mary's", "", "1"), &client("St Mary's", "", "2"), false);
        check(&client("St Mary's", "a@b.example", "1"), &client("Renamed", "c@d.example", "1"), true);
    }

    #[test]
    fn names_are_in_the_order_in_which_people_look_for_them() {
        let sorted = [
            "2 Rivers School",
            "10 Rivers School",
            "Ash School",
            "École Hill",
            "Ecole Moor",
            "School 2",
            "School 10",
            "St Mary’s Infants",
            "St. Mary's Juniors",
            "ysgol Gŵyr",
            "Ysgol y Bryn",
        ];
        let mut found = sorted;
        found.reverse();
        found.sort_by_cached_key(|name| name_order(name));
        assert_eq!(found, sorted);
    }

    proptest! {
        #[test]
        fn the_order_of_names_asks_neither_case_nor_accents_nor_spaces(name in "[a-zéŵ0-9 .'-]{0,30}") {
            let other = name.to_uppercase().nfd().collect::<String>().replace(' ', "  ");
            prop_assert_eq!(name_order(&name), name_order(&other));
        }
    }
}
