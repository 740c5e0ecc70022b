//! An erasure, and how far it is.

use wabe_access::customer::CustomerNumber;
use wabe_access::words;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ApprovalId, CustomerId, ErasureId, UserId};

/// For how long it can be stopped: as long as anything deleted lies in the trash.
pub const WAIT_DAYS: i64 = wabe_access::resource::TRASH_DAYS;

words! {
    /// How one ended before it began.
    Ending {
        /// An owner stopped it: in the portal, or with the link in a letter.
        Stopped = "stopped",
        /// The hoster switched the customer on again.
        Resumed = "resumed",
    }
}

/// What two people agreed to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct New {
    pub(crate) id: ErasureId,
    pub(crate) customer: CustomerId,
    /// When the customer was switched off.
    pub(crate) contract_ended_at: Option<Timestamp>,
    pub(crate) asked_by: UserId,
    pub(crate) asked_at: Timestamp,
    pub(crate) approval: ApprovalId,
    pub(crate) agreed_by: UserId,
    pub(crate) at: Timestamp,
}

/// One that was not stopped, as whoever could stop it sees it.
#[derive(Debug, Clone, Copy)]
pub struct Waiting {
    /// Which one.
    pub id: ErasureId,
    /// Whose everything.
    pub customer: CustomerId,
    /// Who asked.
    pub asked_by: UserId,
    /// Who agreed.
    pub agreed_by: UserId,
    /// From when on it is too late to stop it.
    pub due_at: Timestamp,
    /// Whether it began.
    pub begun: bool,
}

/// One that is to be carried out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    pub(crate) id: ErasureId,
    pub(crate) customer: CustomerId,
    pub(crate) agreed_at: Timestamp,
    pub(crate) due_at: Timestamp,
    pub(crate) begun: bool,
    /// The next of the store's disposals.
    pub(crate) place: i64,
    /// Rows that the present walk through them found.
    pub(crate) touched: i64,
    /// Up to which entry of the record former members were looked for.
    pub(crate) past_seq: i64,
    /// Whether all of them were.
    pub(crate) past_read: bool,
    /// Whether the key is destroyed.
    pub(crate) keyless: bool,
}

/// What is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was stopped, or it is done.
    Nothing,
    /// To wait: for the day, or for the nodes.
    Wait,
    /// To begin, by `erasure.begin`.
    Begin,
    /// Another step, at once; the nodes have something to do.
    Wake,
    /// Another step, at once.
    Again,
    /// To finish, by `erasure.finish`.
    Finish,
}

/// One as the hoster sees it: before it is done how it stands, and then what remains.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Which one.
    pub id: ErasureId,
    /// Whose everything.
    pub customer: CustomerId,
    /// The customer's number.
    pub number: CustomerNumber,
    /// What it is called; its number once that is gone.
    pub customer_name: String,
    /// The plan it booked.
    pub plan: String,
    /// Since when it was a customer.
    pub since: Timestamp,
    /// When it was switched off.
    pub contract_ended_at: Option<Timestamp>,
    /// Who asked: what they are called, or the id of who is not known here any more.
    pub asker: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who agreed, in the same way.
    pub second: String,
    /// When.
    pub agreed_at: Timestamp,
    /// From when on it is too late to stop it.
    pub due_at: Timestamp,
    /// How and when it ended before it began.
    pub ended: Option<(Ending, Timestamp)>,
    /// When it began.
    pub begun_at: Option<Timestamp>,
    /// How many rows were removed or emptied.
    pub rows: i64,
    /// How many people were removed.
    pub people: i64,
    /// When the key of its part of the record was destroyed.
    pub key_gone_at: Option<Timestamp>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

impl Erasure {
    /// How it stands: the message `staff-erasure-state-{word}`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match (&self.ended, self.begun_at, self.done_at) {
            (Some((ending, _)), _, _) => ending.word(),
            (None, _, Some(_)) => "done",
            (None, Some(_), None) => "underway",
            (None, None, None) => "waits",
        }
    }

    /// When it was stopped, or called off.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended.map(|(_, at)| at)
    }
}
