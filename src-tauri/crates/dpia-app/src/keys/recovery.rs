//! A recovery key that was just made: it is shown once, kept on paper, and asked back.

use super::secret::TypedSecret;
use crate::error::{AppError, ErrorCode};
use dpia_keys::{RECOVERY_KEY_GROUPS, RecoveryKey};
use dpia_model::date::Instant;
use rand_core::{OsRng, RngCore as _};
use serde::Serialize;
use zeroize::{Zeroize as _, Zeroizing};

/// How many groups of a new recovery key are asked back.
const ASKED: usize = 2;

/// A recovery key that was just made: shown once.
#[derive(Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct NewRecoveryKey {
    /// Its groups.
    pub groups: Vec<String>,
    /// The groups that are asked back, counted from zero.
    pub asked: Vec<u32>,
    /// When it was made.
    pub made_at: Instant,
    /// The sheet to print.
    pub sheet: String,
}

/// The recovery key that is shown, until it is confirmed or left.
pub(crate) struct PendingKey {
    key: RecoveryKey,
    asked: [usize; ASKED],
    made_at: Instant,
}

impl PendingKey {
    /// A key that was made at this moment. Which groups are asked back is drawn now.
    pub(crate) fn new(key: RecoveryKey, made_at: Instant) -> Self {
        Self { asked: draw_asked(), key, made_at }
    }

    /// The key as it is shown.
    pub(crate) fn show(&self) -> NewRecoveryKey {
        NewRecoveryKey {
            groups: self.key.groups().iter().map(|group| group.to_string()).collect(),
            asked: self.asked.iter().filter_map(|group| u32::try_from(*group).ok()).collect(),
            made_at: self.made_at,
            sheet: recovery_sheet(&self.key, self.made_at),
        }
    }

    /// The sheet to keep.
    pub(crate) fn sheet(&self) -> Zeroizing<String> {
        Zeroizing::new(recovery_sheet(&self.key, self.made_at))
    }

    /// The key, if these are the groups that were asked back; else `WrongSecret`.
    pub(crate) fn confirm(&self, typed: &[TypedSecret]) -> Result<&RecoveryKey, AppError> {
        for (at, group) in self.asked.iter().enumerate() {
            if !typed.get(at).is_some_and(|typed| self.key.has_group(*group, typed.as_str())) {
                let message = format!("Group {} does not match. Compare it with your sheet, then enter it again.", group + 1);
                return Err(AppError::new(ErrorCode::WrongSecret, message));
            }
        }
        Ok(&self.key)
    }
}

impl Drop for NewRecoveryKey {
    fn drop(&mut self) {
        self.groups.zeroize();
        self.sheet.zeroize();
    }
}

/// Two different groups, in their order.
fn draw_asked() -> [usize; ASKED] {
    let draw = |of: usize| OsRng.next_u32() as usize % of;
    let first = draw(RECOVERY_KEY_GROUPS);
    let second = draw(RECOVERY_KEY_GROUPS - 1);
    let second = if second >= first { second + 1 } else { second };
    [first.min(second), first.max(second)]
}

/// The sheet that is kept. Its lines are short enough for a printed page.
fn recovery_sheet(key: &RecoveryKey, made_at: Instant) -> String {
    let groups = key.groups();
    let mut rows = String::with_capacity(256);
    for row in groups.chunks(3) {
        rows.push_str("     ");
        for group in row {
            rows.push_str("   ");
            rows.push_str(group);
        }
        rows.push('\n');
    }
    let sheet = format!(
        "Recovery key of DPIA Editor\n\
         ===========================\n\n\
         {rows}\n\
         Created on {}. A key that is created later replaces it,\n\
         and this one then stops working.\n\n\
         What it is for\n\
         Your assessments are encrypted on your computer, and the computer's\n\
         keychain has their key. If the keychain loses it, or the computer is lost\n\
         and you have a copy of the assessments, this key opens them and your\n\
         signature. Without it nobody can.\n\n\
         How to use it\n\
         Start DPIA Editor. When it says that it cannot open the assessments,\n\
         enter this key. Capitals, spaces and dashes make no difference.\n\n\
         Where to keep it\n\
         On paper in a locked drawer, or in your organisation's safe: not on this\n\
         computer, and not in an email. Anyone who has this key and a copy of your\n\
         assessments can read them and sign as you.\n",
        made_at.0.strftime("%-d %B %Y"),
    );
    rows.zeroize();
    sheet
}
