//! The way between the panel and the agent of a node: what can be said over it, and both ends as the rest of the
//! house knows them.
//!
//! The panel is an ordinary user; the agent is root on its node and holds the drivers of sites. They speak over a
//! unix socket, in frames of a closed set of messages. Invariants:
//! - A message that is not exactly one of the set is refused and ends the connection: unknown fields too.
//! - Both say their version first, and only equal ones go on.
//! - No path crosses it, and nothing of it becomes a word of a shell. What names a thing is a typed id.
//! - Files of a customer are opened by a worker that is the customer's user; what crosses is handles.
//!
//! Start reading at [`message`], then [`AgentDriver`] (steps) and [`AgentDoors`] (files).

mod blocking;
mod client;
mod code;
mod doors;
pub mod frame;
mod known;
pub mod message;
mod packet;
mod remote;
mod run;
pub mod worker;

#[cfg(test)]
mod tests;

pub use client::{AgentDriver, greet};
pub use doors::{AgentDoors, door};
pub use known::Known;
pub use message::Answers;
pub use packet::{receive, send};
