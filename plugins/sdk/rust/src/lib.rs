//! Write plugins for the hosting control panel Wabe.
//!
//! A plugin is functions with an attribute. Each says when it runs; what it returns says what shall
//! change. Nothing is changed by a call: an [`Effect`] is a command of the customer, carried out after
//! the run together with everything that was written to [`kv`], or not at all.
//!
//! ```
//! use wabe::{Change, Context, Effect, Event, Outcome, Result};
//!
//! #[wabe::event("mailbox.create")]
//! fn welcome(context: &Context, event: &Event<Change>) -> Result<Outcome> {
//!     let address = &event.payload.object.name;
//!     let subject = context.text("Neues Postfach", "New mailbox");
//!     Ok(Outcome::new().effect(Effect::message(subject, address)))
//! }
//! ```
//!
//! Start reading at [`Context`] and [`Outcome`], then at the capability you need: [`kv`], [`http`],
//! [`records`], [`files`], [`secrets`], [`crypto`], [`log`]. What is not granted answers a [`Problem`]
//! that says how to ask for it. Pages are made with [`ui`].
//!
//! Outside of the sandbox, in `cargo test`, functions are functions, and every capability answers
//! `unavailable`.
#![deny(missing_docs)]

#[cfg(target_family = "wasm")]
#[allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    reason = "generated from wit/"
)]
#[rustfmt::skip]
mod bindings;
mod codec;
mod context;
pub mod crypto;
mod effect;
mod event;
mod failure;
pub mod files;
mod form;
#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the exports that bindings.rs declares")]
mod guest;
#[cfg_attr(
    not(target_family = "wasm"),
    allow(dead_code, reason = "called by the entry points")
)]
mod handler;
mod host;
pub mod http;
pub mod kv;
pub mod log;
mod outcome;
pub mod records;
pub mod secrets;
mod task;
mod ticket;
pub mod ui;
mod webhook;

pub use context::Context;
pub use effect::Effect;
pub use event::{Actor, Change, Event, Object, Quota};
pub use failure::{Failure, Problem, Result};
pub use form::{Form, Input};
pub use outcome::{Outcome, Page, Slice};
pub use serde_json::{Value, json};
pub use task::Task;
pub use ticket::Action;
pub use wabe_plugin_macros::{action, card, event, form, task, ticket, webhook};
pub use webhook::{Reply, Request};

/// What the attributes use.
#[doc(hidden)]
pub mod __private {
    pub use crate::handler::{action, card, event, form, task, ticket, webhook};
}

/// Names a function to the kit before the first entry point is called.
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($kind:ident, $name:literal, $function:ident) => {
        const _: () = {
            extern "C" fn register() {
                $crate::__private::$kind($name, $function);
            }
            // The section of functions that run when an instance starts.
            #[used]
            #[cfg_attr(target_family = "wasm", unsafe(link_section = ".init_array"))]
            static REGISTER: extern "C" fn() = register;
        };
    };
}
