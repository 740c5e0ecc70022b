//! What the hoster does with customers and plans, and what a customer says about itself. The tables
//! are the gate's; the commands are here.
//!
//! Invariants: a customer has an owner from its first moment on; it can be reached without depending
//! on what is hosted here.

pub mod create;
pub mod create_plan;
pub mod key;
pub mod resume;
pub mod set_contact;
pub mod set_plan;
pub mod suspend;
