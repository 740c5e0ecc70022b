//! Outgoing mail: queued in the transaction of its cause, written and sent by a job.
//!
//! Invariants: nothing is sent inline (bar 3.3 T3). A mail is written from typed arguments when it is
//! sent, in the recipient's language of that time. Its arguments, which may hold a once-only link,
//! are erased as soon as it went out, was refused for good, or grew older than seven days. Headers
//! are built by a library from single lines: CR and LF have no way in (bar 3.14 T7). A mail may go
//! out twice after a crash, then with the same Message-ID. Start reading at [`queue`].

mod letter;
mod outbox;
mod send;
mod smtp;
mod store;
mod transport;

pub use letter::Letter;
pub use outbox::FileOutbox;
pub use send::{People, Person, SendMail};
pub use smtp::{SmtpSettings, SmtpTls, SmtpTransport};
pub use store::{Outgoing, Recipient, STATEMENTS, Sent, queue, recent, sweep};
pub use transport::Transport;

#[cfg(test)]
mod tests;
