//! The durable queue: rows of typed work, claimed under a lease.
//!
//! Invariants: a job is enqueued in the transaction of whatever caused it. It is claimed by one
//! worker at a time; a worker that dies loses its lease and the job is tried again, so every handler
//! is idempotent. What failed too often is kept, dead and visible. Kinds run in lanes of their own.
//! The payload never holds a secret: it names rows. Start reading at [`Worker`].

mod backoff;
mod handler;
mod store;
mod worker;

pub use handler::{Handler, JobFailure};
pub use store::{
    Dead, NewJob, STATEMENTS, dead, enqueue, forget_dead,
    postgres::STATEMENTS as POSTGRES_STATEMENTS, revive, waiting,
};
pub use worker::Worker;

#[cfg(test)]
mod tests;
