//! What one of the hoster's people asks for and another one decides.
//!
//! Invariants: whoever decides is neither who asked nor who gains by it, which the database holds too, and
//! has just proved a second factor; the deed and the decision are one change; what is done is what was asked
//! for, with what was known then, or nothing; whoever of the customer could say no is told at once, has 72
//! hours for that, and stops it with a link that no newer link, password or change voids; what nobody
//! decides lapses. Start reading at [`decide`]. Source: control MWK-7-07, bar 3.8 T7.

pub mod decide;
pub(crate) mod letter;
pub mod model;
pub(crate) mod owner;
pub mod read;
mod remind;
pub mod request_owner;
pub mod stop;
pub mod store;
