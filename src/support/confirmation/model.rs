//! What somebody was asked to confirm.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::words;
use wabe_kernel::Timestamp;
use wabe_kernel::id::{ConfirmationId, CustomerId, TicketId, UserId};

/// For how many seconds the link of a letter works.
pub const VALID_SECONDS: i64 = 72 * 3_600;

words! {
    /// How a letter ends before its time.
    Ending {
        /// Whoever it went to confirmed it.
        Confirmed = "confirmed",
        /// They did not want it, or had not written.
        Declined = "declined",
        /// A newer letter asks for the same.
        Superseded = "superseded",
    }
}

/// What a letter asks somebody to confirm. The secret of its link is nowhere in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Asked {
    /// Its id.
    pub id: ConfirmationId,
    /// In which ticket.
    pub ticket: TicketId,
    /// Whose.
    #[serde(skip)]
    pub customer: CustomerId,
    /// Who wrote, and got the letter.
    pub user: UserId,
    /// The id of the thing it is about.
    pub object: String,
    /// What kind of thing that is.
    pub object_kind: String,
    /// What people call it.
    pub object_name: String,
    /// What they wrote.
    pub quote: String,
    /// When the letter was written.
    pub asked_at: Timestamp,
    /// Until when its link works.
    pub expires_at: Timestamp,
}
