//! Notices: what a customer's people are told, in the portal and by mail.
//!
//! Invariants: a notice about a thing reaches exactly the members whose role lets them see it. It is
//! a row per person and, unless that person does without, a mail. Security is always mailed. The same
//! news is told once until it is cleared. Links stand in the mail alone. Start reading at [`tell`].

mod quota;
mod set_preferences;
mod store;
mod tell;

pub use quota::{QuotaUse, quota};
pub use set_preferences::SetPreferences;
pub use store::{
    STATEMENTS, Shown, clear, forget, list, mark_all_read, mark_read, preferences, unread_count,
};
pub use tell::{About, Audience, Notice, Personal, tell, tell_members, tell_person, tell_those};

#[cfg(test)]
mod tests;
