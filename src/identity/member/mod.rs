//! Members: who belongs to a customer, as what. The table is the gate's; the commands are here.
//!
//! Invariants: only owners deal with owners; the last owner stays; who is removed is out with their
//! next request, their tokens too.

pub mod policy;
pub mod remove;
pub mod set_role;
