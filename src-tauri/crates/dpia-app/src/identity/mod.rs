//! Signing identities: made on first use, kept encrypted in the store, or carried in a PKCS#12 file.

mod certificates;
mod own;

pub use certificates::{
    IdentityLife, MadeIdentity, WARNING_DAYS, certificate_pem, make_identity, read_certificate, read_certificates, read_identity,
};
pub(crate) use certificates::{is_in_force, refuse_out_of_force};
pub use dpia_signing::Identity;
pub(crate) use own::encrypt_identity_again;
pub use own::{EarlierCertificate, IdentityOrigin, IdentityView, OwnIdentity};
