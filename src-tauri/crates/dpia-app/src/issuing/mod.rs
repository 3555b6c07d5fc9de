//! Issuing to schools: one signed customer copy a client, into a folder, with a record of each.

mod clients;
mod holdings;
mod ledger;
mod office;
mod pattern;
mod run;
mod text;

pub use clients::{Client, ClientList, read_clients};
pub use holdings::{EarlierCopy, Holding, holdings_of};
pub use ledger::{LEDGER, read_ledger};
pub use office::{ClientsImported, IssueFailure, IssueOrder, IssueProgress, IssueResult, IssuingView, ListedClient};
pub use pattern::{DEFAULT_PATTERN, FilePattern};
pub use run::{Count, IssueReport, IssueRequest, IssuedCopy, Outcome, Step, issue};

#[cfg(test)]
mod tests;
