//! Why something does not work: reads only, and says what is wrong with the way to mend it.
//!
//! Each question has three steps: what the tables say, inside a transaction; what the world outside says,
//! outside of one; and what follows from both, which is pure. Whoever may see the thing may ask.

mod domain;
mod mailbox;
mod outside;
mod question;
mod standing;
#[cfg(test)]
mod tests;
mod upload;
mod website;

pub use domain::DomainQuestion;
pub use mailbox::MailboxQuestion;
pub(crate) use outside::is_local;
pub use question::Question;
pub use upload::UploadQuestion;
pub use wabe_kernel::finding::{Diagnosis, Finding, Fix, Level, Way};
pub use website::WebsiteQuestion;
