//! New keys for the assessments, where somebody else may know what opens them: the recovery key was seen, or the laptop was
//! in other hands.

use super::opening::{OpenedKeys, system_keychain};
use super::secret::{TypedSecret, choose_passphrase};
use crate::backups::clear_leftovers;
use crate::error::AppError;
use crate::folder::{Folder, stamp};
use crate::identity::encrypt_identity_again;
use dpia_keys::{Keychain, Keys};
use dpia_model::date::Instant;
use dpia_store::Store;
use dpia_store::restore::{CompanionFile, Exchange};
use rand_core::OsRng;
use std::path::Path;

/// Gives the workspace in a folder new keys, and what was kept with the old ones to nobody: the database is written again,
/// the signing identity encrypted again, and no recovery key opens them until one is made. No workspace may be open there.
///
/// Backups that were made before go on opening with the old keys.
pub fn exchange_keys(folder: &Path, opened: &OpenedKeys, passphrase: Option<&TypedSecret>, now: Instant) -> Result<(), AppError> {
    exchange_keys_with(folder, opened, passphrase, &system_keychain(), now)
}

/// As [`exchange_keys`], with this keychain.
pub fn exchange_keys_with(
    folder: &Path,
    OpenedKeys(old): &OpenedKeys,
    passphrase: Option<&TypedSecret>,
    keychain: &dyn Keychain,
    now: Instant,
) -> Result<(), AppError> {
    let folder = Folder::at(folder);
    let place = folder.place();
    let passphrase = passphrase.map(choose_passphrase).transpose()?;
    let new = old.draw_successors(&place, keychain, passphrase.as_ref(), &now.to_string(), &mut OsRng)?;
    let cleared = clear_leftovers(&folder).map_err(|error| AppError::writing(folder.path(), &error));
    match cleared.and_then(|()| prepare(&place.database, old, &new.keys)) {
        // From here on it is done, whatever happens: the person who opens the assessments next goes on with it.
        Ok(exchange) => {
            let along = [CompanionFile { file: &place.key_file, bytes: &new.key_file }];
            Ok(exchange.finish(new.keys.database_key().as_bytes(), &along, &stamp(now))?)
        }
        Err(error) => {
            new.discard(keychain);
            Err(error)
        }
    }
}

/// Makes the copy under the new keys, the signing identity in it too; leaves nothing where that fails.
fn prepare(database: &Path, old: &Keys, new: &Keys) -> Result<Exchange, AppError> {
    let exchange = Exchange::prepare(database, old.database_key().as_bytes(), new.database_key().as_bytes())?;
    let copy = Store::open(&exchange.copy(), new.database_key().as_bytes()).map_err(AppError::from);
    match copy.and_then(|copy| encrypt_identity_again(&copy, old, new)) {
        Ok(()) => Ok(exchange),
        Err(error) => {
            exchange.cancel()?;
            Err(error)
        }
    }
}
