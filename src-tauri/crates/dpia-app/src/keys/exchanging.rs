//! New keys for the assessments, where somebody else may know what opens them: the recovery key was seen, or the laptop was
//! in other hands.

use super::{OpenedKeys, Typed, choose_passphrase};
use crate::error::AppError;
use crate::identity::reseal_identity;
use crate::workspace::{KEYCHAIN_TIME, system_keychain, workspace_place};
use dpia_keys::{Keychain, NewKeys};
use dpia_model::date::Instant;
use dpia_store::Store;
use dpia_store::restore::{Along, Exchange};
use rand_core::OsRng;
use std::path::Path;

/// Gives the workspace in a folder new keys, and what was kept with the old ones to nobody: the database is written anew,
/// the signing identity sealed anew, and no recovery key opens them until one is made. No workspace may be open there.
///
/// Backups that were made before go on opening with the old keys.
pub fn exchange_keys(folder: &Path, opened: &OpenedKeys, passphrase: Option<&Typed>, now: Instant) -> Result<(), AppError> {
    exchange_keys_with(folder, opened, passphrase, &system_keychain(KEYCHAIN_TIME), now)
}

/// As [`exchange_keys`], with this keychain.
pub fn exchange_keys_with(
    folder: &Path,
    OpenedKeys(old): &OpenedKeys,
    passphrase: Option<&Typed>,
    keychain: &dyn Keychain,
    now: Instant,
) -> Result<(), AppError> {
    let place = workspace_place(folder);
    let passphrase = passphrase.map(choose_passphrase).transpose()?;
    let new = old.draw_successors(&place, keychain, passphrase.as_ref(), &now.to_string(), &mut OsRng)??;
    match prepare(&place.database, opened_key(old), &new, |store| reseal_identity(store, old, &new.keys)) {
        // From here on it is done, whatever happens: whoever opens the assessments next goes on with it.
        Ok(exchange) => {
            let along = [Along { file: &place.header, bytes: &new.header }];
            Ok(exchange.finish(new.keys.database_key().as_bytes(), &along, &crate::backups::stamp(now))?)
        }
        Err(error) => {
            new.discard(keychain);
            Err(error)
        }
    }
}

fn opened_key(keys: &dpia_keys::Keys) -> &[u8; 32] {
    keys.database_key().as_bytes()
}

/// Makes the copy under the new key and does in it what has to be done there; leaves nothing where that fails.
fn prepare(
    database: &Path,
    key: &[u8; 32],
    new: &NewKeys,
    work: impl FnOnce(&Store) -> Result<(), AppError>,
) -> Result<Exchange, AppError> {
    let exchange = Exchange::prepare(database, key, opened_key(&new.keys))?;
    let worked = Store::open(&exchange.copy(), opened_key(&new.keys)).map_err(AppError::from).and_then(|store| work(&store));
    match worked {
        Ok(()) => Ok(exchange),
        Err(error) => {
            exchange.cancel()?;
            Err(error)
        }
    }
}
