//! What one of the hoster's people asks for and another one decides.
//!
//! Invariants: whoever decides is neither who asked nor whom it concerns, of which the database holds the
//! first and who gains by it, and has just proved a second factor; the deed and the decision are one change;
//! what is done is what was asked for, with what was known then, or nothing; owners are told at once that
//! somebody else shall be one, have 72 hours to say no, and stop it in the portal or with a link that no
//! newer link, password or change voids; what nobody decides lapses, and whoever was told that something was
//! asked for is told how it ended. Start reading at [`decide`]. Source: control MWK-7-07, bar 3.8 T3, T7.

mod content;
pub mod decide;
pub(crate) mod end;
pub(crate) mod letter;
pub mod model;
pub(crate) mod owner;
pub mod read;
mod remind;
mod request;
pub mod request_erasure;
pub mod request_export;
pub mod request_extension;
pub mod request_owner;
pub mod stop;
pub mod store;
