//! Tickets: customers ask, the hoster's people help.
//!
//! States are in [`model`]. Invariants: an internal note is out of reach of everything that a customer
//! can ask (see [`message`]); who of the hoster works on a ticket owns it; the record says what was
//! done to a ticket, never what was written in it; a page of the queue costs the same whatever lies
//! behind it (see [`queue`]).

pub(crate) mod answer;
pub(crate) mod assigned;
mod call;
mod create;
mod desk;
mod event;
mod lapse;
pub mod message;
pub mod model;
pub(crate) mod opened;
pub(crate) mod policy;
pub mod queue;
mod read;
pub(crate) mod reply;
pub(crate) mod store;
pub mod targets;
pub(crate) mod tell;
pub(crate) mod work;

pub use answer::{AnswerTicket, NoteOnTicket};
pub use assigned::Assigned;
pub use call::CallTicket;
pub use create::CreateTicket;
pub use desk::{
    AssignTicket, FollowUpTicket, SetTicketCategory, SetTicketPriority, SetTicketStatus,
};
pub use lapse::{LapseTicket, lapse_due};
pub use message::Message;
pub use model::{
    Category, Channel, Lane, Priority, Status, Targets, Ticket, TicketNumber, TicketObject,
};
pub use opened::TicketOpened;
pub use read::{list, load, messages};
pub use reply::{ReopenTicket, Replied, ReplyToTicket, SolveTicket};

use wabe_access::CommandSpec;

/// The commands of this noun.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<CreateTicket>(),
    CommandSpec::of::<ReplyToTicket>(),
    CommandSpec::of::<SolveTicket>(),
    CommandSpec::of::<ReopenTicket>(),
    CommandSpec::of::<AnswerTicket>(),
    CommandSpec::of::<NoteOnTicket>(),
    CommandSpec::of::<AssignTicket>(),
    CommandSpec::of::<SetTicketStatus>(),
    CommandSpec::of::<SetTicketPriority>(),
    CommandSpec::of::<SetTicketCategory>(),
    CommandSpec::of::<FollowUpTicket>(),
    CommandSpec::of::<CallTicket>(),
    CommandSpec::of::<LapseTicket>(),
    CommandSpec::of::<targets::SetPlanTargets>(),
];
