//! Everything of a customer's removed for good, after its contract.
//!
//! Invariants: two people of the hoster agree to it, and only while the customer is switched off; its owners
//! are told at once and have 14 days in which each of them stops it, in the portal or with a link that no
//! newer link voids; whoever switches the customer on again stops it as well. Then the panel begins: from
//! that moment nobody else changes anything there. First the nodes give up what they have, like with any
//! deletion; then the rows go in pieces, in the order in which the store lists them, until a whole walk finds
//! nothing; then the people who belong to nobody else, and the key of the record; at last another such walk.
//! Whatever is cut off goes on where it was, and doing anything twice changes nothing more. Start reading at
//! [`carry`]. Source: GDPR 17, ADR 0025.

pub mod begin;
pub mod carry;
pub mod finish;
pub(crate) mod letter;
pub mod model;
mod person;
pub mod read;
pub mod stop;
pub mod store;
