//! Keys and recovery: what opens the assessments besides the keychain, and how that is made, changed and removed.

mod exchanging;

pub use exchanging::{exchange_keys, exchange_keys_with};

use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::views::Written;
use crate::workspace::{KEYCHAIN_TIME, Workspace, system_keychain, workspace_place};
use dpia_keys::{
    Found, Kept, Keychain, Keys, Obstacle, OpenedBy, Opening, Passphrase, Place, RECOVERY_KEY_GROUPS, RecoveryKey, Ways,
    create_with_passphrase, find_ways, open_or_create, open_with_passphrase, open_with_recovery_key,
};
use dpia_model::date::Instant;
use rand_core::{OsRng, RngCore as _};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many groups of a new recovery key are asked back.
const ASKED: usize = 2;

/// A secret that somebody typed. It wipes itself and does not show itself.
#[derive(Clone, Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(transparent)]
pub struct TypedSecret(String);

/// How the assessments are opened.
pub enum Unlock {
    /// By the keychain; on the first run the keys are made with it.
    Keychain,
    /// With the recovery key. The keychain is then given the key anew.
    RecoveryKey(TypedSecret),
    /// With the passphrase.
    Passphrase(TypedSecret),
    /// On the first run, under a new passphrase.
    NewPassphrase(TypedSecret),
}

/// What else opens assessments that the keychain does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct UnlockWays {
    /// The recovery key.
    pub recovery_key: bool,
    /// The passphrase.
    pub passphrase: bool,
    /// A new passphrase: this is the first run, and there is nothing to open yet.
    pub new_passphrase: bool,
    /// A copy of the key file: the one that belongs here is missing or damaged.
    pub key_file: bool,
}

/// What opens the assessments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct KeysView {
    /// What opened them this time.
    pub opened_by: OpenedWith,
    /// The keychain is one of the ways.
    pub has_keychain: bool,
    /// Why the keychain could not be given the key again; none where it has it, or never had it.
    pub keychain_trouble: Option<String>,
    /// The recovery key, once one was made.
    pub recovery: Option<RecoveryKeyFacts>,
    /// The passphrase, where one is set.
    pub passphrase: Option<PassphraseFacts>,
}

/// What opened the assessments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum OpenedWith {
    /// The keychain.
    Keychain,
    /// The recovery key.
    RecoveryKey,
    /// The passphrase.
    Passphrase,
}

/// What is known of the recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct RecoveryKeyFacts {
    /// When it was made; none where that cannot be read.
    pub made_at: Option<Instant>,
    /// Whether the officer has shown that it was kept.
    pub is_confirmed: bool,
}

/// What is known of the passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct PassphraseFacts {
    /// When it was set; none where that cannot be read.
    pub made_at: Option<Instant>,
}

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

impl TypedSecret {
    /// Takes what was typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Drop for NewRecoveryKey {
    fn drop(&mut self) {
        self.groups.zeroize();
        self.sheet.zeroize();
    }
}

/// Opens the keys at a place in this way, or makes them on the first run.
pub(crate) fn open_keys(place: &Place, unlock: &Unlock, keychain: &dyn Keychain, now: Instant) -> Result<Keys, AppError> {
    let opening = match unlock {
        Unlock::Keychain => open_or_create(place, keychain, &mut OsRng)?,
        Unlock::RecoveryKey(typed) => open_with_recovery_key(place, &parse_recovery_key(typed)?)?,
        Unlock::Passphrase(typed) => open_with_passphrase(place, &Passphrase::typed(&typed.0))?,
        Unlock::NewPassphrase(typed) => create_with_passphrase(place, &choose_passphrase(typed)?, &now.to_string(), &mut OsRng)?,
    };
    match opening {
        Opening::Opened(keys) | Opening::FirstRun(keys) => Ok(keys),
        Opening::Stopped(obstacle) => Err(obstacle.into()),
    }
}

/// The copy of the key file that is used: it stands in for nothing that can be read.
pub(crate) fn copy_to_use<'a>(place: &Place, key_file: Option<&'a Path>) -> Result<Option<&'a Path>, AppError> {
    Ok(match find_ways(place)? {
        Found::Stopped(Obstacle::HeaderMissing { .. } | Obstacle::HeaderDamaged { .. }) => key_file,
        Found::Nothing | Found::Ways(_) | Found::Stopped(_) => None,
    })
}

/// Keys that were opened, for what is done while the workspace is closed or cannot be opened.
#[derive(Debug, Clone)]
pub struct OpenedKeys(pub(crate) Arc<Keys>);

impl OpenedKeys {
    /// Opens the keys of the workspace in a folder with what was typed; the keychain is not asked.
    pub fn open(folder: &Path, key_file: Option<&Path>, unlock: &Unlock) -> Result<Self, AppError> {
        let place = workspace_place(folder);
        let header = copy_to_use(&place, key_file)?.unwrap_or(&place.header).to_owned();
        let opening = match unlock {
            Unlock::RecoveryKey(typed) => open_with_recovery_key(&Place { header, ..place }, &parse_recovery_key(typed)?)?,
            Unlock::Passphrase(typed) => open_with_passphrase(&Place { header, ..place }, &Passphrase::typed(&typed.0))?,
            Unlock::Keychain | Unlock::NewPassphrase(_) => {
                return Err(AppError::new(ErrorCode::Misused, "Only what was typed for assessments that are there opens their keys."));
            }
        };
        match opening {
            Opening::Opened(keys) | Opening::FirstRun(keys) => Ok(Self(Arc::new(keys))),
            Opening::Stopped(obstacle) => Err(obstacle.into()),
        }
    }
}

fn parse_recovery_key(typed: &TypedSecret) -> Result<RecoveryKey, AppError> {
    RecoveryKey::parse(&typed.0).map_err(|fault| AppError::new(ErrorCode::WrongSecret, fault.to_string()))
}

impl From<String> for TypedSecret {
    fn from(typed: String) -> Self {
        Self(typed)
    }
}

/// What was typed as a passphrase that was chosen before.
pub(crate) fn typed_passphrase(typed: &TypedSecret) -> Passphrase {
    Passphrase::typed(&typed.0)
}

/// Takes a new passphrase; `WrongSecret` where it is too short or too long.
pub(crate) fn choose_passphrase(typed: &TypedSecret) -> Result<Passphrase, AppError> {
    Passphrase::choose(&typed.0).map_err(|fault| AppError::new(ErrorCode::WrongSecret, fault.to_string()))
}

/// What else opens the assessments in a folder. A `key_file` is a copy of the key file that stands in for a missing one.
/// What cannot be read opens nothing.
pub fn find_unlock_ways(folder: &Path, key_file: Option<&Path>) -> UnlockWays {
    let place = workspace_place(folder);
    let ways_of =
        |ways: &Ways| UnlockWays { recovery_key: ways.recovery.is_some(), passphrase: ways.passphrase.is_some(), ..UnlockWays::default() };
    match find_ways(&place) {
        Ok(Found::Nothing) => UnlockWays { new_passphrase: true, ..UnlockWays::default() },
        Ok(Found::Ways(ways)) => ways_of(&ways),
        Ok(Found::Stopped(Obstacle::HeaderMissing { .. } | Obstacle::HeaderDamaged { .. })) => {
            let copy = key_file.map(|header| find_ways(&Place { header: header.to_owned(), ..place.clone() }));
            let ways = if let Some(Ok(Found::Ways(ways))) = &copy { ways_of(ways) } else { UnlockWays::default() };
            UnlockWays { key_file: true, ..ways }
        }
        Ok(Found::Stopped(_)) | Err(_) => UnlockWays::default(),
    }
}

impl Workspace {
    /// The keys, for what is done while the workspace is closed.
    pub fn opened_keys(&self) -> OpenedKeys {
        OpenedKeys(Arc::clone(&self.keys))
    }

    /// What opens the assessments.
    pub fn keys_view(&self) -> Result<KeysView, AppError> {
        let ways = match find_ways(&self.place)? {
            Found::Ways(ways) => ways,
            Found::Stopped(obstacle) => return Err(obstacle.into()),
            Found::Nothing => return Err(Obstacle::HeaderMissing { path: self.place.header.clone() }.into()),
        };
        Ok(KeysView {
            opened_by: match self.keys.opened_by() {
                OpenedBy::Keychain => OpenedWith::Keychain,
                OpenedBy::RecoveryKey => OpenedWith::RecoveryKey,
                OpenedBy::Passphrase => OpenedWith::Passphrase,
            },
            has_keychain: ways.has_keychain,
            keychain_trouble: self.keychain_trouble.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            recovery: ways.recovery.map(|way| RecoveryKeyFacts { made_at: moment(&way.made_at), is_confirmed: way.is_confirmed }),
            passphrase: ways.passphrase.map(|way| PassphraseFacts { made_at: moment(&way.made_at) }),
        })
    }

    /// Makes a recovery key and returns it, this once. The one before it goes on opening until this one is confirmed.
    pub fn make_recovery_key(&self) -> Result<NewRecoveryKey, AppError> {
        let made_at = self.editor.surroundings.now();
        let key = self.keys.make_recovery_key(&self.place, &made_at.to_string(), &mut OsRng)?;
        let pending = PendingKey { asked: draw_asked(), key, made_at };
        let new = NewRecoveryKey {
            groups: pending.key.groups().iter().map(|group| group.to_string()).collect(),
            asked: pending.asked.iter().filter_map(|group| u32::try_from(*group).ok()).collect(),
            made_at,
            sheet: recovery_sheet(&pending.key, made_at),
        };
        *self.pending_key.lock().unwrap_or_else(PoisonError::into_inner) = Some(pending);
        Ok(new)
    }

    /// Writes the recovery key that is shown to a text file, readable by its owner alone.
    pub fn write_recovery_key(&self, path: &Path) -> Result<Written, AppError> {
        let pending = self.pending_key.lock().unwrap_or_else(PoisonError::into_inner);
        let pending = pending.as_ref().ok_or_else(no_key_shown)?;
        let sheet = zeroize::Zeroizing::new(recovery_sheet(&pending.key, pending.made_at));
        self.refuse_own_file(path)?;
        files::write_secret(path, sheet.as_bytes(), &[])?;
        Ok(Written::of(path, sheet.as_bytes()))
    }

    /// Takes the groups that were asked back. From then on the key that is shown is the one that opens, and it is not shown
    /// any more.
    pub fn confirm_recovery_key(&self, typed: &[TypedSecret]) -> Result<KeysView, AppError> {
        let mut pending = self.pending_key.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = pending.as_ref().ok_or_else(no_key_shown)?;
        for (at, group) in shown.asked.iter().enumerate() {
            if !typed.get(at).is_some_and(|typed| shown.key.has_group(*group, &typed.0)) {
                let message = format!("Group {} is another. Compare it with your sheet, then type it again.", group + 1);
                return Err(AppError::new(ErrorCode::WrongSecret, message));
            }
        }
        self.keys.confirm_recovery_key(&self.place, &shown.key)?;
        *pending = None;
        drop(pending);
        self.keys_view()
    }

    /// Shows the recovery key no more, whether it was confirmed or not.
    pub fn forget_recovery_key(&self) {
        *self.pending_key.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Sets the passphrase, in the place of any that there was. Takes some tenths of a second on purpose.
    pub fn set_passphrase(&self, typed: &TypedSecret) -> Result<KeysView, AppError> {
        let passphrase = choose_passphrase(typed)?;
        self.keys.set_passphrase(&self.place, &passphrase, &self.editor.surroundings.now().to_string(), &mut OsRng)?;
        self.keys_view()
    }

    /// Removes the passphrase, where something else is known to open the assessments.
    pub fn remove_passphrase(&self) -> Result<KeysView, AppError> {
        self.remove_passphrase_with(&system_keychain(KEYCHAIN_TIME))
    }

    /// As [`Workspace::remove_passphrase`], with this keychain.
    pub fn remove_passphrase_with(&self, keychain: &dyn Keychain) -> Result<KeysView, AppError> {
        self.keys.remove_passphrase(&self.place, keychain)?;
        self.keys_view()
    }

    /// Gives the keychain the key, so that the next start asks nothing.
    pub fn keep_in_keychain(&self) -> Result<KeysView, AppError> {
        self.keep_in_keychain_with(&system_keychain(KEYCHAIN_TIME))
    }

    /// As [`Workspace::keep_in_keychain`], with this keychain.
    pub fn keep_in_keychain_with(&self, keychain: &dyn Keychain) -> Result<KeysView, AppError> {
        let kept = self.keys.keep_in_keychain(&self.place, keychain, &mut OsRng)?;
        let trouble = match kept {
            Kept::Already | Kept::Anew => None,
            Kept::Stopped(obstacle) => Some(obstacle),
        };
        *self.keychain_trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble.as_ref().map(Obstacle::to_string);
        match trouble {
            Some(obstacle) => Err(obstacle.into()),
            None => self.keys_view(),
        }
    }

    /// After the assessments were opened without it: gives the keychain the key again, if it was one of the ways or a
    /// recovery key had to be typed. Where it cannot have it, the assessments are open all the same, and it is said.
    pub(crate) fn mend_keychain(&self, keychain: &dyn Keychain) {
        let had_one = matches!(find_ways(&self.place), Ok(Found::Ways(ways)) if ways.has_keychain);
        if !had_one && self.keys.opened_by() != OpenedBy::RecoveryKey {
            return;
        }
        if let Err(error) = self.keep_in_keychain_with(keychain) {
            *self.keychain_trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.message);
        }
    }
}

fn no_key_shown() -> AppError {
    AppError::new(ErrorCode::Stale, "This recovery key is not shown any more. Make one again, and keep that.")
}

fn moment(text: &str) -> Option<Instant> {
    crate::documents::parse_moment(text)
}

/// Different groups, in the order in which they stand.
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
         Made on {}. A key that is made later takes its place,\n\
         and this one then opens nothing.\n\n\
         What it is for\n\
         Your assessments lie encrypted on your computer, and the computer's\n\
         keychain has their key. If the keychain loses it, or the computer is lost\n\
         and you have a copy of the assessments, this key opens them, and your\n\
         signature with them. Without it nobody can.\n\n\
         How to use it\n\
         Start DPIA Editor. Where it says that it cannot open the assessments,\n\
         type this key. Small or capital letters, spaces and dashes make no\n\
         difference.\n\n\
         Where to keep it\n\
         On paper in a locked drawer, or in your organisation's safe: not on this\n\
         computer, and not in an email. Whoever has this key and a copy of your\n\
         assessments can read them and sign as you.\n",
        made_at.0.strftime("%-d %B %Y"),
    );
    rows.zeroize();
    sheet
}
