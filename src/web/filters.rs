//! What templates can say. Every module with templates has `use wabe_web::filters;` in scope.
//!
//! ```text
//! {{ "webspaces-title"|t }}                                   a message
//! {{ "mailboxes-lead"|t|num("used", 12)|num("max", 25) }}     with numbers (plural forms)
//! {{ "delete-title"|t|with("name", webspace.name) }}          with a text
//! {{ c::page_head("webspaces-title"|t) }}                     a message as a macro's argument
//! {{ error|problem }}            a kernel Problem            {{ size|bytes }}      2,0 GB
//! {{ count|number }}             11.846                      {{ at|moment }}       21.11.2026, 14:05 Uhr
//! {{ at|ago }}                   vor 4 Minuten               {{ at|day }} {{ at|clock }} {{ at|soon }}
//! {{ at|machine }}               for <time datetime>         {{ state|state_text }} Aktiv
//! {{ "app.css"|asset }}          the address with its hash   {{ "x"|icon_href }}    …icons.hash.svg#x
//! {% let view = ""|view %}       the View: view.visitor, view.theme, view.path, view.csrf
//! ```
//!
//! All of them escape like any other text. Ids are literals, so that the test finds them; an id that
//! is put together takes a word from a closed list (`"state-"|word(state)`).
#![expect(clippy::inline_always, reason = "the macro that makes filters says so")]

use crate::assets::Assets;
use crate::format;
use crate::message::Message;
use crate::texts;
use crate::view::View;
use askama::{Result, Values, filter_fn, get_value};
use std::fmt::Display;
use wabe_kernel::{Language, Problem, Timestamp};

/// A value or any reference to one: templates borrow as they please.
pub trait Shown<T> {
    /// The value.
    fn shown(&self) -> &T;
}

macro_rules! shown {
    ($($type:ty),*) => {$(
        impl Shown<$type> for $type {
            fn shown(&self) -> &$type {
                self
            }
        }

        impl<R: Shown<$type> + ?Sized> Shown<$type> for &R {
            fn shown(&self) -> &$type {
                (**self).shown()
            }
        }
    )*};
}
shown!(Message, Problem, Timestamp, i64);

fn language(values: &dyn Values) -> Result<Language> {
    Ok(get_value::<View>(values, "view")?.language)
}

fn now(values: &dyn Values) -> Result<Timestamp> {
    Ok(get_value::<View>(values, "view")?.now)
}

/// The message with this id.
#[filter_fn]
pub fn t(id: impl Display, values: &dyn Values) -> Result<Message> {
    Ok(Message::new(language(values)?, id))
}

/// The message `{stem}{word}`, for words of a closed list.
#[filter_fn]
pub fn word<W: Display>(stem: impl Display, values: &dyn Values, word: W) -> Result<Message> {
    Ok(Message::new(language(values)?, format!("{stem}{word}")))
}

/// The message with a text argument.
#[filter_fn]
pub fn with<N: Display, V: Display>(
    message: impl Shown<Message>,
    _: &dyn Values,
    name: N,
    value: V,
) -> Result<Message> {
    Ok(message.shown().clone().with(name, value))
}

/// The message with a whole number.
#[filter_fn]
pub fn num<N: Display, V: Display>(
    message: impl Shown<Message>,
    _: &dyn Values,
    name: N,
    value: V,
) -> Result<Message> {
    let value = value.to_string().parse().map_err(askama::Error::custom)?;
    Ok(message.shown().clone().num(name, value))
}

/// What is wrong with a field.
#[filter_fn]
pub fn problem(problem: impl Shown<Problem>, values: &dyn Values) -> Result<String> {
    Ok(texts::problem(language(values)?, problem.shown()))
}

/// Whether there is any text in it; for optional arguments of macros.
#[filter_fn]
pub fn filled(text: impl Display, _: &dyn Values) -> Result<bool> {
    Ok(!text.to_string().is_empty())
}

/// The word for a resource's state.
#[filter_fn]
pub fn state_text(state: impl Display, values: &dyn Values) -> Result<Message> {
    Ok(Message::new(language(values)?, format!("state-{state}")))
}

/// A size.
#[filter_fn]
pub fn bytes(size: impl Shown<i64>, values: &dyn Values) -> Result<String> {
    Ok(format::bytes(language(values)?, *size.shown()))
}

/// A whole number.
#[filter_fn]
pub fn number(count: impl Display, values: &dyn Values) -> Result<String> {
    let count = count.to_string().parse().map_err(askama::Error::custom)?;
    Ok(format::number(language(values)?, count))
}

/// Day and time.
#[filter_fn]
pub fn moment(at: impl Shown<Timestamp>, values: &dyn Values) -> Result<String> {
    Ok(format::moment(language(values)?, *at.shown()))
}

/// The day.
#[filter_fn]
pub fn day(at: impl Shown<Timestamp>, values: &dyn Values) -> Result<String> {
    Ok(format::day(language(values)?, *at.shown()))
}

/// The time of day.
#[filter_fn]
pub fn clock(at: impl Shown<Timestamp>, values: &dyn Values) -> Result<String> {
    Ok(format::clock(language(values)?, *at.shown()))
}

/// How long ago, or the moment.
#[filter_fn]
pub fn ago(at: impl Shown<Timestamp>, values: &dyn Values) -> Result<String> {
    Ok(format::ago(language(values)?, *at.shown(), now(values)?))
}

/// The time of day, with the day when it is not today.
#[filter_fn]
pub fn soon(at: impl Shown<Timestamp>, values: &dyn Values) -> Result<String> {
    Ok(format::soon(language(values)?, *at.shown(), now(values)?))
}

/// The moment for machines.
#[filter_fn]
pub fn machine(at: impl Shown<Timestamp>, _: &dyn Values) -> Result<String> {
    Ok(format::machine(*at.shown()))
}

/// The address of an asset.
#[filter_fn]
pub fn asset(name: impl Display, _: &dyn Values) -> Result<&'static str> {
    Ok(Assets::global().path(&name.to_string()))
}

/// The address of an icon in the sprite.
#[filter_fn]
pub fn icon_href(name: impl Display, _: &dyn Values) -> Result<String> {
    Ok(format!("{}#{name}", Assets::global().path("icons.svg")))
}

/// The view; what it is called on does not matter.
#[filter_fn]
pub fn view(_: impl Display, values: &dyn Values) -> Result<View> {
    Ok(get_value::<View>(values, "view")?.clone())
}
