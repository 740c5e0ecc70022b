//! What is done apart from the walk, and what stays.

use crate::erase::{Disposal, Fate, Stays, kept};

/// A row that goes by a statement of its own: of people, when they are looked at one by one.
const fn apart(table: &'static str, fate: Fate) -> Disposal {
    Disposal {
        table,
        fate,
        emptied: &[],
        stays: &[],
        way: None,
    }
}

/// The places of members and the people themselves, and the customer's own row, which is the last.
pub(super) const LAST: &[Disposal] = &[
    apart("member", Fate::Removed),
    apart("wabe_user", Fate::Leaves),
    Disposal {
        table: "customer",
        fate: Fate::Emptied,
        emptied: &[
            "name",
            "name_search",
            "contact_email",
            "second_contact_email",
            "contact_phone",
            "contact_phone_reversed",
            "suspended_reason",
            "second_contact_asked",
        ],
        stays: &[
            ("id", Stays::Law),
            ("number", Stays::Law),
            ("plan_id", Stays::Law),
        ],
        way: None,
    },
];

/// By the reason.
pub(super) const KEPT: &[Disposal] = kept! {
    "customer_erasure": Law,
    "change": Record,
    "subject_key": Record,
    "tree": Record,
    "tile": Record,
    "checkpoint": Record,
    "access_grant": Record,
    "grant_reach": Record,
    "consent_extension": Record,
    "plan": House,
    "database_server": House,
    "node_stray": House,
    "acme_account": House,
    "staff": House,
    "staff_request": House,
    "permission_use": House,
    "access_review": House,
    "access_review_item": House,
    "login_failures": House,
    "known_problem": House,
    "ticket_view": House,
    "ticket_counter": House,
    "ticket_total": House,
    "canned_reply": House,
    "plugin": House,
    "plugin_version": House,
    "plugin_package": House,
    "trusted_key": House,
    "schedule": House,
    "job": Brief,
    "security_log": Brief,
    "login_throttle": Brief,
    "login_net": Brief,
    "request_rate": Brief,
    "passkey_challenge": Brief,
    "incoming_mail": Brief,
    "mail_sender": Brief,
};
