//! Invitations: somebody is asked by mail to become a member.
//!
//! Invariants: an open invitation takes a member's place of the plan; its link holds 256 random bits
//! of which only the SHA-256 is kept, and leaves the panel by mail only; accepting one is a change
//! like any other and logs nobody in.

pub mod accept;
pub mod invite;
pub mod renew;
pub mod revoke;
pub mod store;
