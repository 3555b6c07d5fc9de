//! What the delivered programs are made of: which packages, under which licences, and what has to be said of them.

pub(crate) mod audit;
pub(crate) mod bill;
pub(crate) mod notices;
mod packages;
pub(crate) mod policy;
