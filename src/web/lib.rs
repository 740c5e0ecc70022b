//! What every face stands on: routes, sessions, CSRF, headers, texts, assets, error pages, layouts.
//!
//! Invariants: a route exists only through [`Routes`], which writes down what it needs and enforces
//! it before the handler runs; every response, errors included, carries the security headers; an
//! unsafe request passes only from the same origin and, with a session, with that session's token;
//! no sentence for people lies in Rust. Absent on purpose: tables, commands, and any knowledge of how
//! people log in ([`Sessions`] is the wall; the panel wires it). Start reading at [`routes`], then
//! [`page`], which shows how a page is made.

pub mod arrival;
pub mod assets;
pub mod check;
pub mod client;
pub mod comb;
pub mod cookie;
pub mod csrf;
pub mod diff;
pub mod download;
pub mod errors;
pub mod extract;
pub mod face;
pub mod failure;
pub mod filters;
pub mod finding;
pub mod form;
pub mod format;
pub mod live;
pub mod local_path;
mod look;
pub mod message;
pub mod page;
pub mod parts;
pub mod plot;
pub mod posted;
pub mod rate;
pub mod request;
pub mod routes;
pub mod session;
pub mod size_text;
pub mod texts;
pub mod upload;
pub mod view;
pub mod web;

mod admit;
mod headers;
mod layers;
mod pace;

#[cfg(test)]
mod tests;

pub use admit::{LOGOUT, PASSWORD_PAGE, PROVE};
pub use arrival::Arrival;
pub use assets::Assets;
pub use check::{Sample, check_html};
pub use diff::Preview;
pub use download::{disposition, download};
pub use errors::{Occasion, Renderer};
pub use extract::{Caller, Guest, Member, Path, Path2, Person, Query, StaffMember};
pub use face::{Area, Face, NavGroup, NavItem};
pub use failure::{Failure, Shown};
pub use form::Form;
pub use local_path::LocalPath;
pub use message::Message;
pub use page::{Page, Part, logged_out, see_other};
pub use parts::{Chip, Choice, DiffRow, Progress, StripStep, Tab};
pub use posted::{Bounds, Posted, PostedFile};
pub use rate::Cost;
pub use routes::{Needs, RouteInfo, Routes};
pub use session::{Bearer, CustomerBrief, Look, ProvedBy, Sessions, Theme, Visitor};
pub use size_text::size_text;
pub use texts::{Texts, t};
pub use upload::Upload;
pub use view::View;
pub use web::{Settings, Web};
