//! Issuing to schools: one signed customer copy a client, into a folder, with a record of each.

mod client_list;
mod clients;
mod holdings;
mod ledger;
mod office;
mod pattern;
mod run;
mod text;

pub use client_list::{ClientList, ColumnTitles, ListRead, read_clients};
pub use clients::Client;
pub use holdings::{EarlierCopy, Holding, compare_with_copies, holdings_of};
pub use ledger::{LEDGER, read_ledger};
pub use office::{ClientsImported, ClientsRead, IssueFailure, IssueOrder, IssueProgress, IssueResult, Issuing, IssuingView, ListedClient};
pub use pattern::{DEFAULT_PATTERN, FilePattern};
pub use run::{Count, IssueReport, IssueRequest, IssuedCopy, Outcome, ServedClient, issue};

#[cfg(test)]
mod tests;
