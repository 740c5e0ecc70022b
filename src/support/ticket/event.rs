//! What happens to a ticket beside what is written in it.

use crate::ticket::message::AuthorKind;
use wabe_access::words;

words! {
    /// What the panel itself did to a ticket; the Fluent message `ticket-event-{word}`.
    TicketEvent {
        /// Staff asked for consent to look at the customer's pages.
        ConsentAsked = "consent-asked",
        /// The customer gave it.
        ConsentGiven = "consent-given",
        /// The customer refused it.
        ConsentRefused = "consent-refused",
        /// The customer took it back.
        ConsentWithdrawn = "consent-withdrawn",
        /// Staff began to look at the customer's pages.
        AccessOpened = "access-opened",
        /// Who wrote by mail was asked by letter to confirm what they want.
        InstructionAsked = "instruction-asked",
        /// They did, on the page behind the link of the letter.
        InstructionConfirmed = "instruction-confirmed",
        /// They did not want it, or had not written.
        InstructionDeclined = "instruction-declined",
        /// Staff changed something on an instruction.
        Acted = "acted",
        /// Staff had a plugin of the customer's look or act on an instruction; the text is what it found.
        PluginRan = "plugin-ran",
        /// It closed because no answer came.
        ClosedUnanswered = "closed-unanswered",
        /// It closed because it stayed solved.
        ClosedSolved = "closed-solved",
        /// It came back at its date.
        CameBack = "came-back",
        /// A member called it solved.
        SolvedByMember = "solved-by-member",
        /// A member opened it again.
        Reopened = "reopened",
        /// Who wrote without an account proved their address.
        ContactProved = "contact-proved",
        /// The ticket came to the customer from the house, which had it first.
        HandedOver = "handed-over",
        /// A letter had files that were not taken.
        FilesLeftOut = "files-left-out",
    }
}

impl TicketEvent {
    /// Who did it.
    pub(crate) const fn author_kind(self) -> AuthorKind {
        match self {
            Self::SolvedByMember
            | Self::Reopened
            | Self::InstructionConfirmed
            | Self::InstructionDeclined
            | Self::ConsentGiven
            | Self::ConsentRefused
            | Self::ConsentWithdrawn => AuthorKind::Member,
            Self::Acted
            | Self::PluginRan
            | Self::ConsentAsked
            | Self::InstructionAsked
            | Self::HandedOver
            | Self::AccessOpened => AuthorKind::Staff,
            Self::ClosedUnanswered
            | Self::ClosedSolved
            | Self::CameBack
            | Self::ContactProved
            | Self::FilesLeftOut => AuthorKind::System,
        }
    }
}
