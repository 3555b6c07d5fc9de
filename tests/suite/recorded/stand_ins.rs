//! What chance drew, by a name: ids that the tests speak of, fingerprints, digests, sizes and recovery keys. The recorded
//! answers are the same on every run.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

/// The recovery key that is shown in the place of every one that was drawn.
pub(crate) const RECOVERY_KEY: [&str; 9] = ["006H", "M9SM", "8575", "PT3N", "GA7S", "SADP", "RF8D", "VTQQ", "70PW"];
/// The groups of it that are asked back, counted from zero.
const ASKED: [usize; 2] = [2, 6];
/// The size of every file, in bytes, and of every backup, in kilobytes: encryption and signatures vary by some bytes.
const BYTES: u32 = 91_230;
const KILOBYTES: u32 = 284;

/// The names of what chance drew.
#[derive(Debug, Clone, Default)]
pub(crate) struct StandIns {
    /// Ids, by what they really are.
    names: BTreeMap<String, String>,
    /// The recovery key that was made last, with the groups of it that are asked back.
    recovery_key: Option<(Vec<String>, Vec<usize>)>,
}

impl StandIns {
    /// Calls an id by this name from now on.
    pub(crate) fn name(&mut self, real: impl ToString, name: &str) {
        self.names.insert(real.to_string(), name.to_owned());
    }

    /// The value with every name replaced by what it names.
    pub(crate) fn to_real(&self, value: &Value) -> Value {
        let real = |text: &str| self.names.iter().find(|(_, name)| name.as_str() == text).map(|(real, _)| real.clone());
        map_texts(value, &|text| real(text).unwrap_or_else(|| text.to_owned()))
    }

    /// What a call answered, with names in the place of what chance drew. `room` is the folder that everything is in.
    pub(crate) fn to_recorded(&self, call: &str, value: &Value, room: &Path) -> Value {
        let (room, drawn) = (room.to_string_lossy().into_owned(), Drawn::default());
        let mut recorded = map_texts(value, &|text| match self.names.get(text) {
            Some(name) => name.clone(),
            None => hide_length(&text.replace(&room, "/home/elizabeth")),
        });
        drawn.replace(&mut recorded);
        if let ("makeRecoveryKey", Some((groups, _))) = (call, &self.recovery_key) {
            let sheet = recorded["sheet"].as_str().unwrap_or_default().to_owned();
            let sheet = groups
                .iter()
                .zip(RECOVERY_KEY)
                .fold(sheet, |sheet, (real, shown)| sheet.replacen(&format!("   {real}"), &format!("   {shown}"), 1));
            recorded["groups"] = RECOVERY_KEY.as_slice().into();
            recorded["asked"] = ASKED.as_slice().into();
            recorded["sheet"] = sheet.into();
        }
        if let (Some((_, asked)), Some(message)) = (&self.recovery_key, recorded["message"].as_str())
            && let Some((real, shown)) = asked.iter().zip(ASKED).find(|(real, _)| message.starts_with(&format!("Group {} ", *real + 1)))
        {
            recorded["message"] = message.replacen(&(real + 1).to_string(), &(shown + 1).to_string(), 1).into();
        }
        recorded
    }

    /// Remembers the recovery key that was just made.
    pub(crate) fn hold_recovery_key(&mut self, groups: &[String], asked: &[u32]) {
        self.recovery_key = Some((groups.to_vec(), asked.iter().map(|group| *group as usize).collect()));
    }

    /// The groups that were really asked back, where these were typed for those that are shown.
    pub(crate) fn real_groups(&self, typed: &[String]) -> Vec<String> {
        let Some((groups, asked)) = &self.recovery_key else { return typed.to_vec() };
        let shown = |at: usize| ASKED.get(at).map(|group| RECOVERY_KEY[*group]).unwrap_or_default();
        let is_right = |at: usize, typed: &str| typed.eq_ignore_ascii_case(shown(at));
        let real = |at: usize| asked.get(at).and_then(|group| groups.get(*group)).cloned().unwrap_or_default();
        typed.iter().enumerate().map(|(at, typed)| if is_right(at, typed) { real(at) } else { "-".to_owned() }).collect()
    }

    /// The recovery key that was really made, where this was typed for the one that is shown: mistyped as that is.
    pub(crate) fn real_recovery_key(&self, typed: &str) -> String {
        let Some((groups, _)) = &self.recovery_key else { return typed.to_owned() };
        if typed.eq_ignore_ascii_case(&RECOVERY_KEY.join("-")) {
            return groups.join("-");
        }
        let mut mistyped = groups.clone();
        mistyped[2] = if mistyped[2] == "7575" { "8575".to_owned() } else { "7575".to_owned() };
        mistyped.join("-")
    }
}

/// The digests and fingerprints of one answer, numbered as they come.
#[derive(Default)]
struct Drawn(std::cell::RefCell<Vec<String>>);

impl Drawn {
    fn number(&self, real: &str) -> usize {
        let mut known = self.0.borrow_mut();
        known.iter().position(|known| known == real).unwrap_or_else(|| {
            known.push(real.to_owned());
            known.len() - 1
        }) + 1
    }

    fn replace(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match (key.as_str(), &*value) {
                        ("bytes", Value::Number(_)) => *value = BYTES.into(),
                        ("kilobytes", Value::Number(_)) => *value = KILOBYTES.into(),
                        ("sha256" | "certificate", Value::String(real)) => *value = format!("{:064x}", self.number(real)).into(),
                        ("fingerprint", Value::String(real)) => {
                            *value = vec![format!("{:04X}", 0x5d20 + self.number(real)); 16].join(" ").into();
                        }
                        _ => self.replace(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// What says how much of a file is signed, with the length of every file in the place of that of this one.
fn hide_length(text: &str) -> String {
    let begins = "the first ";
    let rest = text.strip_prefix(begins).map(|rest| rest.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    match rest {
        Some(rest) if rest.starts_with(" bytes") => format!("{begins}{BYTES}{rest}"),
        Some(_) | None => text.to_owned(),
    }
}

fn map_texts(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(items) => items.iter().map(|item| map_texts(item, change)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (change(key), map_texts(value, change))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
