//! Certificates for the public names of webspaces: ordered from an authority, or handed in by somebody of the
//! customer.
//!
//! Invariants: a key is sealed when it is kept, opened for the node alone, and never shown again; what somebody
//! handed in is served until it is taken away or ends, then what was ordered; an order is placed for names that
//! the customer has proved, whose CAA records permit the authority, five times a day at most, and after
//! failures with pauses up to days, which restarts do not shorten; without any certificate the node serves one
//! that stands in. Wishes name a certificate by its fingerprint and hold neither chain nor key. Start reading at
//! [`schedule`] (when what is ordered), then [`store`].

pub mod account;
pub mod caa;
pub(crate) mod order;
mod pause;
pub mod schedule;
pub(crate) mod store;

pub use order::note_names;
pub use schedule::{Failed, Outcome, order_due};
pub use store::{CertificateStanding, Source, bundle, orders, standing};

pub(crate) use order::hurry;
pub(crate) use store::{find_own, put, remove_own, serving};

use std::sync::Arc;
use wabe_access::command::Tools;
use wabe_audit::seal::SealKey;
use wabe_kernel::certificate::Inspector;
use wabe_kernel::{DomainName, Fault};

/// What certificates stand on beyond the gate's own tools.
pub struct Desk {
    /// Seals keys; it lies in the data folder.
    pub secrets: Arc<SealKey>,
    /// Judges what is handed in.
    pub inspector: Arc<dyn Inspector>,
    /// Whether certificates are ordered here.
    pub orders: bool,
}

impl Desk {
    /// The desk that was put into the tools.
    ///
    /// # Errors
    /// A fault when the wiring forgot it.
    pub fn of(tools: &Tools) -> Result<&Self, Fault> {
        tools.rooms.get()
    }
}

/// Those of these names that only a public authority signs for.
#[must_use]
pub fn public_names(hosts: &[DomainName]) -> Vec<DomainName> {
    let public = hosts.iter().filter(|host| !host.is_reserved_for_trying());
    public.cloned().collect()
}
