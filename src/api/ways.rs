//! Which operation reaches which command: the one table of it.
//!
//! `noun.create` is POST on the collection, `noun.delete` is DELETE on the item, `set_*` commands of one
//! field are members of a PATCH on the item, every other verb is POST below the item. Commands that
//! are missing here and in [`NOT_OFFERED`](crate::not_offered::NOT_OFFERED) fail a test.

use crate::noun::Noun;

/// How a command is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// POST on a collection.
    Create,
    /// DELETE on an item.
    Delete,
    /// A member of a PATCH on an item.
    Patch,
    /// POST on the verb.
    Do,
}

/// The way to one command.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// The command's name.
    pub command: &'static str,
    /// How.
    pub act: Act,
    /// What the path is about.
    pub(crate) noun: Noun,
    /// The path, as axum writes it.
    pub path: &'static str,
    /// An example of the body, as JSON; empty when there is none.
    pub example: &'static str,
}

/// The way to a command.
pub(crate) const fn way(
    command: &'static str,
    act: Act,
    noun: Noun,
    path: &'static str,
    example: &'static str,
) -> Way {
    Way {
        command,
        act,
        noun,
        path,
        example,
    }
}

use Act::{Create, Delete, Do, Patch};

const DOMAIN: &str = "/api/v1/domains/{id}";
const WEBSPACE: &str = "/api/v1/webspaces/{id}";
const MAILBOX: &str = "/api/v1/mailboxes/{id}";
const ALIAS: &str = "/api/v1/aliases/{id}";
const DATABASE: &str = "/api/v1/databases/{id}";
const REASON: &str = r#"{"reason":"Invoice under review"}"#;

/// The way to every command that a token may run.
pub fn all() -> impl Iterator<Item = &'static Way> {
    let rest = crate::automation::WAYS.iter().chain(crate::ticket::WAYS);
    let rest = rest.chain(crate::retry::WAYS).chain(crate::site::WAYS);
    WAYS.iter().chain(crate::cron_job::WAYS).chain(rest)
}

/// The ways to commands on resources, people and oneself.
const WAYS: &[Way] = &[
    way(
        "domain.create",
        Create,
        Noun::Domain,
        "/api/v1/domains",
        r#"{"name":"example.org"}"#,
    ),
    way(
        "domain.set_redirect",
        Patch,
        Noun::Domain,
        DOMAIN,
        r#"{"redirect":"https://www.example.org/"}"#,
    ),
    way("domain.delete", Delete, Noun::Domain, DOMAIN, ""),
    way(
        "domain.restore",
        Do,
        Noun::Domain,
        "/api/v1/domains/{id}/restore",
        "",
    ),
    way(
        "domain.verify",
        Do,
        Noun::Domain,
        "/api/v1/domains/{id}/verify",
        "",
    ),
    way(
        "domain.consent",
        Do,
        Noun::Domain,
        "/api/v1/domains/{id}/consent",
        r#"{"claim":"dom_01kaj8xv00e0m9f8w2v3x4y5z6"}"#,
    ),
    way(
        "webspace.create",
        Create,
        Noun::Webspace,
        "/api/v1/webspaces",
        r#"{"name":"shop","domain":"www.example.org"}"#,
    ),
    way("webspace.delete", Delete, Noun::Webspace, WEBSPACE, ""),
    way(
        "webspace.set_document_root",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"document_root":"public"}"#,
    ),
    way(
        "webspace.set_https_redirect",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"https_redirect":true}"#,
    ),
    way(
        "webspace.set_php",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"php":"8.2"}"#,
    ),
    way(
        "webspace.set_quota",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"quota_bytes":2000000000}"#,
    ),
    way(
        "webspace.set_full_addresses",
        Patch,
        Noun::Webspace,
        WEBSPACE,
        r#"{"full_addresses":false}"#,
    ),
    way(
        "webspace.suspend",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/suspend",
        REASON,
    ),
    way(
        "webspace.resume",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/resume",
        "",
    ),
    way(
        "webspace.restore",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/restore",
        "",
    ),
    way(
        "webspace.add_host",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/add_host",
        r#"{"host":"www.example.org"}"#,
    ),
    way(
        "webspace.remove_host",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/remove_host",
        r#"{"host":"www.example.org"}"#,
    ),
    way(
        "webspace.set_upload_password",
        Do,
        Noun::Webspace,
        "/api/v1/webspaces/{id}/set_upload_password",
        "",
    ),
    way(
        "access_key.create",
        Create,
        Noun::AccessKey,
        "/api/v1/webspaces/{webspace_id}/access_keys",
        r#"{"name":"Laptop","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGr0…"}"#,
    ),
    way(
        "access_key.delete",
        Delete,
        Noun::AccessKey,
        "/api/v1/webspaces/{webspace_id}/access_keys/{id}",
        "",
    ),
    way(
        "mailbox.create",
        Create,
        Noun::Mailbox,
        "/api/v1/mailboxes",
        r#"{"address":"info@example.org","password":"two words and a number 7","quota_bytes":1000000000}"#,
    ),
    way("mailbox.delete", Delete, Noun::Mailbox, MAILBOX, ""),
    way(
        "mailbox.set_quota",
        Patch,
        Noun::Mailbox,
        MAILBOX,
        r#"{"quota_bytes":2000000000}"#,
    ),
    way(
        "mailbox.set_password",
        Do,
        Noun::Mailbox,
        "/api/v1/mailboxes/{id}/set_password",
        r#"{"password":"two words and a number 8"}"#,
    ),
    way(
        "mailbox.suspend",
        Do,
        Noun::Mailbox,
        "/api/v1/mailboxes/{id}/suspend",
        REASON,
    ),
    way(
        "mailbox.resume",
        Do,
        Noun::Mailbox,
        "/api/v1/mailboxes/{id}/resume",
        "",
    ),
    way(
        "mailbox.restore",
        Do,
        Noun::Mailbox,
        "/api/v1/mailboxes/{id}/restore",
        "",
    ),
    way(
        "alias.create",
        Create,
        Noun::Alias,
        "/api/v1/aliases",
        r#"{"address":"shop@example.org","targets":["info@example.org"]}"#,
    ),
    way("alias.delete", Delete, Noun::Alias, ALIAS, ""),
    way(
        "alias.set_targets",
        Patch,
        Noun::Alias,
        ALIAS,
        r#"{"targets":["info@example.org"]}"#,
    ),
    way(
        "alias.suspend",
        Do,
        Noun::Alias,
        "/api/v1/aliases/{id}/suspend",
        REASON,
    ),
    way(
        "alias.resume",
        Do,
        Noun::Alias,
        "/api/v1/aliases/{id}/resume",
        "",
    ),
    way(
        "alias.restore",
        Do,
        Noun::Alias,
        "/api/v1/aliases/{id}/restore",
        "",
    ),
    way(
        "database.create",
        Create,
        Noun::Database,
        "/api/v1/databases",
        r#"{"name":"shop","engine":"sqlite"}"#,
    ),
    way("database.delete", Delete, Noun::Database, DATABASE, ""),
    way(
        "database.set_quota",
        Patch,
        Noun::Database,
        DATABASE,
        r#"{"quota_bytes":1000000000}"#,
    ),
    way(
        "database.set_connections",
        Patch,
        Noun::Database,
        DATABASE,
        r#"{"connections":10}"#,
    ),
    way(
        "database.set_remote_addresses",
        Patch,
        Noun::Database,
        DATABASE,
        r#"{"remote_addresses":["203.0.113.7","198.51.100.0/24"]}"#,
    ),
    way(
        "database.set_password",
        Do,
        Noun::Database,
        "/api/v1/databases/{id}/set_password",
        "",
    ),
    way(
        "database.suspend",
        Do,
        Noun::Database,
        "/api/v1/databases/{id}/suspend",
        REASON,
    ),
    way(
        "database.resume",
        Do,
        Noun::Database,
        "/api/v1/databases/{id}/resume",
        "",
    ),
    way(
        "database.restore",
        Do,
        Noun::Database,
        "/api/v1/databases/{id}/restore",
        "",
    ),
    way(
        "member.invite",
        Create,
        Noun::Invitation,
        "/api/v1/invitations",
        r#"{"email":"ada@example.org","role":"webmaster"}"#,
    ),
    way(
        "member.revoke_invitation",
        Delete,
        Noun::Invitation,
        "/api/v1/invitations/{id}",
        "",
    ),
    way(
        "member.renew_invitation",
        Do,
        Noun::Invitation,
        "/api/v1/invitations/{id}/renew",
        "",
    ),
    way(
        "member.set_role",
        Patch,
        Noun::Member,
        "/api/v1/members/{id}",
        r#"{"role":"viewer"}"#,
    ),
    way(
        "member.remove",
        Delete,
        Noun::Member,
        "/api/v1/members/{id}",
        "",
    ),
    way(
        "token.create",
        Create,
        Noun::Token,
        "/api/v1/tokens",
        r#"{"name":"Deployment","scopes":["webspace:read","file:write"],"days":90,"sensitive":false}"#,
    ),
    way(
        "token.revoke",
        Delete,
        Noun::Token,
        "/api/v1/tokens/{id}",
        "",
    ),
    way(
        "customer.set_contact",
        Do,
        Noun::Customer,
        "/api/v1/customer/set_contact",
        r#"{"contact_email":"info@example.org","second_contact_email":"ada@example.net","contact_phone":"+49 30 1234567"}"#,
    ),
    way(
        "customer.set_factor_required",
        Do,
        Noun::Customer,
        "/api/v1/customer/set_factor_required",
        r#"{"factor_required":false}"#,
    ),
    way(
        "user.set_profile",
        Do,
        Noun::Own,
        "/api/v1/user/set_profile",
        r#"{"name":"Ada Example","language":"en","theme":"dark"}"#,
    ),
    way(
        "user.set_phone",
        Do,
        Noun::Own,
        "/api/v1/user/set_phone",
        r#"{"phone":"+49 30 1234567"}"#,
    ),
    way(
        "user.set_email",
        Do,
        Noun::Own,
        "/api/v1/user/set_email",
        r#"{"email":"ada@example.org","second_email":"ada@example.net","password":"two words and a number 7"}"#,
    ),
    way(
        "notice.set_preferences",
        Do,
        Noun::Own,
        "/api/v1/notices/set_preferences",
        r#"{"kind":"quota-80","wanted":false}"#,
    ),
];
