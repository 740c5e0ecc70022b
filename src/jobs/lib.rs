//! Work that outlives a request: a durable queue, schedules, outgoing mail and notices.
//!
//! Invariants: a job, a mail and a notice exist exactly when the transaction that asked for them
//! was committed; nothing is ever sent inline (bar 3.3 T3). A handler may run twice and must not
//! mind. One kind of job that hangs never delays another (bar 3.18 T6). The tables of this room
//! belong to the system, except who wants letters about a customer's accesses: on PostgreSQL they are
//! touched outside the customer's scope. Start reading
//! at [`queue`], then [`notice`].

pub mod access_digest;
pub mod mail;
pub mod notice;
pub mod queue;
pub mod schedule;
pub mod text;

use wabe_access::CommandSpec;

/// The commands of this room.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<notice::SetPreferences>(),
    CommandSpec::of::<access_digest::SetAccessDigest>(),
];

/// Every portable statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<wabe_store::Statement> {
    [
        queue::STATEMENTS,
        schedule::STATEMENTS,
        mail::STATEMENTS,
        notice::STATEMENTS,
        access_digest::STATEMENTS,
    ]
    .concat()
}

/// The statements that only PostgreSQL understands, for the test that prepares them there.
#[must_use]
pub const fn postgres_statements() -> &'static [wabe_store::Statement] {
    queue::POSTGRES_STATEMENTS
}

#[cfg(test)]
mod bench;
