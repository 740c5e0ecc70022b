//! The words of the house as types: ids, parsed names, time, secrets, input errors, paging, and the
//! desired and observed state of everything a customer owns.
//!
//! Invariants: no IO, no async runtime, no SQL. Time and randomness come in as arguments. A value of
//! a type from here cannot be wrong: it was parsed. Start reading at [`field`] (how input becomes
//! types) and [`desired`] (what the planner and the drivers speak about).
#![deny(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::as_conversions)]

// What `fields!` makes names this room from outside.
extern crate self as wabe_kernel;

pub mod address_range;
pub mod amend;
pub mod certificate;
pub mod command_line;
pub mod content;
pub mod cron;
pub mod database_login;
pub mod database_name;
pub mod desired;
pub mod domain_name;
mod edited;
mod error_page;
pub mod fault;
pub mod field;
pub mod finding;
pub mod folder_verifier;
pub mod form;
pub mod hex;
pub mod id;
pub mod incoming;
mod language;
mod lines;
mod login_guard;
pub mod mail_address;
pub mod mask;
pub mod outside;
pub mod paging;
pub mod person;
pub mod phone;
mod php_settings;
mod php_status;
mod php_value;
pub mod php_version;
pub mod quota;
pub mod redirect_target;
pub mod rel_path;
mod remote_way;
pub mod rng;
pub mod schedule;
pub mod secret;
pub mod site_log;
pub mod site_rules;
pub mod site_server;
pub mod state;
mod step_failure;
pub mod text;
pub mod time;
pub mod upstream;
pub mod webspace_name;

#[cfg(test)]
mod tests;

pub use address_range::{AddressRange, RemoteAddresses};
pub use amend::Amend;
pub use command_line::CommandLine;
pub use cron::{CronOutcome, CronRuns};
pub use database_login::{PasswordVerifier, ServerName};
pub use database_name::DatabaseName;
pub use domain_name::DomainName;
pub use edited::{Aside, EditMark, Edited, EditedSetting, Reading, Stray};
pub use error_page::ErrorPage;
pub use fault::Fault;
pub use field::{Field, FieldErrors, Fields, Problem};
pub use folder_verifier::FolderVerifier;
pub use form::{FormState, Input};
pub use hex::hex;
pub use incoming::IncomingMail;
pub use language::Language;
pub use mail_address::{LocalPart, MailAddress};
pub use paging::{Cursor, Page, PageRequest};
pub use person::PersonName;
pub use phone::{CallingCode, PhoneNumber, PhoneSpelling};
pub use php_settings::{PhpCeiling, PhpOrigin, PhpRow, PhpSettings, PhpValues};
pub use php_value::{
    PhpCharset, PhpChildren, PhpErrors, PhpInputVars, PhpMemory, PhpRevalidation, PhpSeconds,
    PhpSession, PhpZone,
};
pub use php_version::PhpVersion;
pub use quota::{Bytes, Quota};
pub use redirect_target::RedirectTarget;
pub use rel_path::RelPath;
pub use remote_way::RemoteWay;
pub use rng::Rng;
pub use schedule::Schedule;
pub use secret::Secret;
pub use site_log::{LogQuery, LogStatus, SiteLog};
pub use site_rules::{ErrorPages, FolderKey, FolderUser, Hsts, SiteRedirects, SiteRules};
pub use site_server::SiteServer;
pub use state::{Engine, ResourceKind, State};
pub use text::{Line, MessageText, Reason, is_unseen};
pub use time::{Clock, Timestamp};
pub use upstream::{Reached, SiteProxy, Upstream};
pub use webspace_name::WebspaceName;

/// What the macros of this room need from outside; not for use by name.
#[doc(hidden)]
pub mod macros {
    pub use schemars;
    pub use serde;
    pub use serde_json;
    pub use type_safe_id;
    pub use uuid;
}
