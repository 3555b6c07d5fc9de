//! One secret in the keychain wraps the database key and the signing keys.
