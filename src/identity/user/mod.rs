//! A user: one human being who can log in.
//!
//! Invariants: an address belongs to one user; nothing outside this room ever holds a password hash;
//! a disabled user is nobody from the next request on.

pub mod confirm_email;
pub mod disable;
pub mod enable;
pub mod first;
pub mod model;
pub mod read;
pub mod set_email;
pub mod set_password;
pub mod set_phone;
pub mod set_profile;
pub mod store;
pub mod undo_email;
pub mod unlock;

pub use store::{find, find_by_email};
