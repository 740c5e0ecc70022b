//! What tests and benchmarks stand on: a clock and dice that obey, a database of one's own on either
//! engine, a whole panel without its faces, a node that can be told to fail, and rows in bulk.
//!
//! Invariants: nothing here sleeps, nothing depends on the order of tests, every test has its own
//! files and its own database; no product binary links this room. Start reading at [`House`].
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    reason = "a test that cannot be set up ends on the spot; its files and processes are its own"
)]

mod authenticator;
mod bulk;
mod bulk_ticket;
mod clock;
mod driver;
mod embedded;
mod house;
mod lookup;
mod mails;
mod passwords;
mod plugins;
mod postgres;
mod registry;
mod rng;
mod snapshot;
mod store;

pub use authenticator::{Authenticator, base64};
pub use bulk::{Bulk, fill};
pub use bulk_ticket::{Tickets, fill_tickets};
pub use clock::TestClock;
pub use driver::{CERTIFICATE_ENDS, FakeDriver, ISSUER};
pub use house::{Builder, House, Tenant};
pub use lookup::FakeLookup;
pub use mails::Mails;
pub use passwords::PASSWORD;
pub use plugins::{
    FakeFetch, FakeRecords, FakeSandbox, FakeWorkshop, Guest, MemoryFiles, Plugins, capability,
    capability_with, done, failed, guest, manifest, outcome, package, signed_package,
};
pub use postgres::Postgres;
pub use registry::{commands, postgres_statements, statements};
pub use rng::TestRng;
pub use snapshot::snapshot;
pub use store::{Engine, TestStore};
