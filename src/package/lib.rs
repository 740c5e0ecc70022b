//! Plugins as data: what a package is made of, what it may ask for, its limits, the pages it may
//! draw, and what the panel and the sandbox say to each other.
//!
//! Invariants: pure, as the kernel is: no IO, no async runtime, no SQL, no engine. Both sides of the
//! wall use the same types, so that an author's machine judges a package as the panel does. Start
//! reading at [`wire`].
#![deny(missing_docs)]

pub mod archive;
pub mod bytes;
pub mod capability;
pub mod compiled;
pub mod cron;
pub mod entry;
pub mod flaw;
pub mod grant;
pub mod icon;
pub mod json;
pub mod limits;
pub mod manifest;
pub mod names;
pub mod record;
pub mod seal;
pub mod settings;
pub mod signature;
pub mod text;
pub mod topic;
pub mod trigger;
pub mod ui;
pub mod wire;

pub use archive::Package;
pub use bytes::Blob;
pub use capability::{Capability, Request};
pub use cron::{Cron, Zone};
pub use entry::Entry;
pub use flaw::{Defect, Flaw};
pub use grant::{Grant, Grants};
pub use limits::{LimitName, Limits};
pub use manifest::Manifest;
pub use names::{Host, PluginName, Slug};
pub use signature::{PublicKey, Signature, SigningKey};
pub use text::Texts;
pub use topic::{Filter, Topic, TopicGlob};
pub use trigger::Trigger;
pub use ui::Page;
