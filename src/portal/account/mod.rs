//! One's own affairs: name, language, theme; addresses; password; second factor; telephone PIN; sessions
//! and devices.
//!
//! Invariants: nobody sees or ends anything of somebody else here, whatever id they send; a language
//! or a theme may be chosen before the login, too, and is a cookie then.

mod email;
mod emergency_sheet;
mod factors;
mod passkeys;
mod password;
mod phone_pin;
mod preferences;
mod profile;
mod sessions;

use wabe_access::Permission;
use wabe_web::{Member, Person, Routes, Tab};

use crate::Portal;

/// Where one's second factors are.
pub(crate) const FACTORS_PAGE: &str = factors::PAGE;

/// The tabs of the account pages.
pub(crate) fn tabs(tokens: bool) -> Vec<Tab> {
    let tab = |href: &str, text, key| Tab {
        href: href.to_owned(),
        text,
        key,
    };
    let mut tabs = vec![
        tab("/account", "account-tab-profile", "profile"),
        tab(wabe_web::PASSWORD_PAGE, "account-tab-password", "password"),
        tab(factors::PAGE, "account-tab-factors", "factors"),
        tab(phone_pin::PAGE, "account-tab-phone-pin", "phone-pin"),
        tab("/account/sessions", "account-tab-sessions", "sessions"),
    ];
    if tokens {
        tabs.push(tab("/account/tokens", "account-tab-tokens", "tokens"));
    }
    tabs
}

/// The tabs that this person sees.
fn tabs_of(person: &Person) -> Vec<Tab> {
    let visitor = &person.visitor;
    tabs(visitor.customer.is_some() && visitor.has(Permission::TokenWrite))
}

/// The same person as who they are in their customer, where there is one.
pub(crate) fn member_of(person: &Person) -> Option<Member> {
    let customer = person.visitor.customer.clone()?;
    Some(Member {
        visitor: person.visitor.clone(),
        customer,
        view: person.view.clone(),
    })
}

/// Where somebody begins: staff at their desk, people without a customer where they would choose one.
pub(crate) fn home(staff: bool, has_customer: bool) -> &'static str {
    match (staff, has_customer) {
        (true, _) => "/staff",
        (false, true) => "/",
        (false, false) => "/customers",
    }
}

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    preferences::routes()
        .merge(profile::routes())
        .merge(email::routes())
        .merge(emergency_sheet::routes())
        .merge(password::routes())
        .merge(factors::routes())
        .merge(passkeys::routes())
        .merge(phone_pin::routes())
        .merge(sessions::routes())
}
