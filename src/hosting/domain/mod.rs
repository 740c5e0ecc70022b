//! Domains: claimed by anybody, proved by one.
//!
//! Invariants: nothing is served or received for a name that is not proved; a claim reserves nothing;
//! a name below somebody else's proved domain needs that owner's consent; public suffixes and the
//! installation's own names are refused; a proof that comes or goes takes effect at once on everything
//! that stands on the name; a host name leads to a webspace or is redirected, never both.

mod consent;
mod create;
mod delete;
mod import;
mod model;
mod proof;
pub mod schedule;
mod set_redirect;
mod settle;
pub(crate) mod store;
mod verify;
mod withdraw;

pub use consent::ConsentToDomain;
pub use create::CreateDomain;
pub use delete::{DeleteDomain, RestoreDomain};
pub use import::ImportDomain;
pub use model::{Domain, Method, Proofs};
pub use set_redirect::SetRedirect;
pub use store::{Claim, claims_below, list, load, proved, proved_since};
pub use verify::VerifyDomain;
pub use withdraw::WithdrawDomain;

pub(crate) use proof::{covering, owner, served};

use wabe_access::{CommandSpec, Permission};
use wabe_kernel::ResourceKind;
use wabe_kernel::id::DomainId;

crate::lifecycle::retry_command!(
    DomainId,
    ResourceKind::Domain,
    Permission::DomainWrite,
    "domain.retry"
);

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateDomain>(),
    CommandSpec::of::<VerifyDomain>(),
    CommandSpec::of::<ConsentToDomain>(),
    CommandSpec::of::<ImportDomain>(),
    CommandSpec::of::<WithdrawDomain>(),
    CommandSpec::of::<SetRedirect>(),
    CommandSpec::of::<Retry>(),
    CommandSpec::of::<DeleteDomain>(),
    CommandSpec::of::<RestoreDomain>(),
];
