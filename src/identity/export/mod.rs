//! Everything that the tables hold of a customer's, as one file for its owners.
//!
//! Invariants: an owner asks for it with a fresh proof, or two people of the hoster agree to it; whoever
//! asked, only owners of that moment get it, and nobody of the hoster; a job makes it in parts, each sealed
//! under the customer's key as it is written, and goes on where it was left; three days after it is ready,
//! or when the next one is, the parts are gone; what is in it and what is not, and why, is what the store
//! says of its own tables, and stands in its first line. Start reading at [`make`]. Source: GDPR 15, 20,
//! ADR 0021.

pub mod ask;
mod letter;
mod line;
pub mod make;
pub mod model;
pub mod read;
pub mod store;
