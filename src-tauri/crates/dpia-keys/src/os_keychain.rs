//! The operating system's own keychain, through the `keyring` package: Secret Service on Linux
//! (GNOME Keyring, KWallet), Keychain on macOS, Credential Manager on Windows.
//!
//! keyring 3.6 opens the keychain again with every call, so that one which was not there at first
//! is found on the next call. (keyring 4 opens it once, and a first failure stays for the life of
//! the process.) Only Linux has been run; the others are compiled for and unverified.

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::key_file::{from_hex, to_hex};
use crate::keychain::{Account, Keychain, KeychainError};
use crate::secret::KeychainSecret;

/// The keychain of the person who is logged in.
#[derive(Debug, Clone)]
pub struct OsKeychain {
    service: String,
}

impl OsKeychain {
    /// Entries are kept under a service name, which the person sees in the keychain's own
    /// program.
    pub fn new(service: impl Into<String>) -> OsKeychain {
        OsKeychain { service: service.into() }
    }

    fn open_entry(&self, account: &Account) -> Result<Entry, KeychainError> {
        Entry::new(&self.service, account.as_str()).map_err(describe_obstacle)
    }
}

impl Keychain for OsKeychain {
    fn get(&self, account: &Account) -> Result<KeychainSecret, KeychainError> {
        let text = self.open_entry(account)?.get_password().map_err(describe_obstacle)?;
        let text = Zeroizing::new(text);
        let bytes = from_hex::<32>(&text).map(Zeroizing::new);
        let bytes = bytes.ok_or_else(|| KeychainError::Broken { reason: "the entry is not 64 hexadecimal digits".to_owned() })?;
        Ok(KeychainSecret::from_bytes(*bytes))
    }

    fn set(&self, account: &Account, secret: &KeychainSecret) -> Result<(), KeychainError> {
        // As text: every keychain's own program can then show that the entry is there.
        let text = Zeroizing::new(to_hex(secret.as_bytes()));
        self.open_entry(account)?.set_password(&text).map_err(describe_obstacle)
    }

    fn delete(&self, account: &Account) -> Result<(), KeychainError> {
        self.open_entry(account)?.delete_credential().map_err(describe_obstacle)
    }
}

fn describe_obstacle(error: Error) -> KeychainError {
    let reason = describe(&error);
    match error {
        Error::NoEntry => KeychainError::Missing,
        Error::PlatformFailure(source) => describe_platform_failure(source.as_ref(), reason),
        Error::NoStorageAccess(source) => describe_no_access(source.as_ref(), reason),
        _ => KeychainError::Broken { reason },
    }
}

/// The error without what an entry held, which some variants carry.
fn describe(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) => "the entry is not text".to_owned(),
        Error::Ambiguous(entries) => format!("{} entries have the same name", entries.len()),
        other => other.to_string(),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn describe_platform_failure(source: &(dyn std::error::Error + 'static), reason: String) -> KeychainError {
    use secret_service::Error as Service;
    match source.downcast_ref::<Service>() {
        Some(Service::Locked | Service::Prompt) => KeychainError::Locked { reason },
        Some(Service::Crypto(_) | Service::Zvariant(_)) => KeychainError::Broken { reason },
        // An error that came over the bus is known by its name, which the Secret Service and
        // D-Bus specifications fix.
        Some(_) if reason.contains("org.freedesktop.Secret.Error.IsLocked") => KeychainError::Locked { reason },
        Some(_) if reason.contains("org.freedesktop.DBus.Error.AccessDenied") => KeychainError::Denied { reason },
        // No bus, nobody behind the name, a service that went away.
        _ => KeychainError::NoKeychain { reason },
    }
}

/// Locked, a prompt that was dismissed, or no default keyring at all.
#[cfg(all(unix, not(target_os = "macos")))]
fn describe_no_access(source: &(dyn std::error::Error + 'static), reason: String) -> KeychainError {
    use secret_service::Error as Service;
    match source.downcast_ref::<Service>() {
        Some(Service::NoResult) => KeychainError::NoKeychain { reason },
        _ => KeychainError::Locked { reason },
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn describe_platform_failure(_: &(dyn std::error::Error + 'static), reason: String) -> KeychainError {
    KeychainError::NoKeychain { reason }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn describe_no_access(_: &(dyn std::error::Error + 'static), reason: String) -> KeychainError {
    KeychainError::Denied { reason }
}
