//! The customer, its people, and what it keeps here.

use crate::export::{Holding, given};

/// In the order of the file.
pub(super) const GIVEN: &[Holding] = &[
    given!("customer", whose "id = $1", by "id", 1 at once, {
        "id": Text, "number": Text, "name": Text, "plan_id": Text, "contact_email": Text,
        "second_contact_email": Text, "suspended_reason": Text, "change_seq": Number, "created_at": Time,
        "factor_required": Flag, "second_contact_asked": Text, "erasing_at": Time, "contact_phone": Text,
    }, without { "name_search": Derived, "contact_phone_reversed": Derived }),
    given!("plan", whose "id IN (SELECT plan_id FROM customer WHERE id = $1)", by "id", 1 at once, {
        "id": Text, "name": Text, "limits": Json, "created_at": Time, "run_limits": Json,
        "answer_seconds": Number, "solution_seconds": Number, "php": Flag, "upload_bytes_max": Number,
        "cron_minutes_min": Number,
        "php_megabytes": Number, "php_seconds": Number, "php_children": Number,
        "database_connections": Number, "database_connections_sum": Number,
        "database_remote": Flag, "site_proxy": Flag,
    }, without {}),
    given!("usage", whose "customer_id = $1", by "name", 200 at once, {
        "customer_id": Text, "name": Text, "used": Number, "max": Number,
    }, without {}),
    given!("member", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "user_id": Person, "role": Text, "created_at": Time,
    }, without {}),
    // Of each person what every other one sees on the page of members.
    given!("wabe_user", whose "id IN (SELECT user_id FROM member WHERE customer_id = $1)", by "id", 200 at once, {
        "id": Person, "email": Text, "name": Text, "language": Text, "disabled_at": Time,
        "last_login_at": Time, "created_at": Time,
    }, without {
        "theme": Person, "password_hash": Secret, "password_changed_at": Person,
        "must_change_password": Person, "initial_expires_at": Person, "second_email": Person,
        "second_email_asked": Person, "phone": Person, "phone_reversed": Person,
    }),
    given!("invitation", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "email": Text, "role": Text, "invited_by": Person,
        "created_at": Time, "expires_at": Time,
    }, without { "token_hash": Secret }),
    given!("api_token", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "user_id": Person, "name": Text, "scopes": Json,
        "sensitive": Flag, "created_at": Time, "expires_at": Time, "last_used_at": Time,
    }, without { "token_hash": Secret }),
    given!("resource", whose "customer_id = $1", by "id", 500 at once, {
        "id": Text, "customer_id": Text, "kind": Text, "name": Text, "state": Text,
        "desired_revision": Number, "applied_revision": Number, "failure": Text,
        "suspended_reason": Text, "suspended_by_hoster": Flag, "deleted_at": Time, "gone_at": Time,
        "created_at": Time, "updated_at": Time,
    }, without { "attempts": Machinery, "retry_at": Machinery, "checked_at": Machinery }),
    given!("domain",
        whose "customer_id = $1 AND id IN (SELECT id FROM resource WHERE customer_id = $1)",
        by "id", 500 at once, {
        "id": Text, "customer_id": Text, "name": Text, "method": Text, "verified_at": Time,
        "finding": Json, "checked_at": Time, "next_check_at": Time, "failed_checks": Number,
        "active": Flag, "redirect": Text,
    }, without { "token": Secret, "consented_by": House }),
    given!("webspace",
        whose "customer_id = $1 AND id IN (SELECT id FROM resource WHERE customer_id = $1)",
        by "id", 500 at once, {
        "id": Text, "customer_id": Text, "name": Text, "preview_label": Text, "document_root": Text,
        "quota_bytes": Number, "https_redirect": Flag, "full_addresses_until": Time, "active": Flag,
        "unwanted_certificate": Text, "php": Text, "redirects": Json, "error_pages": Json, "hsts": Text,
        "upload_bytes": Number, "php_settings": Json, "server": Text, "proxy": Text,
        "proxy_addresses": Json, "proxy_trouble": Text, "proxy_good_at": Time, "proxy_next_at": Time,
    }, without { "password_hash": Secret, "folder_keys": Secret }),
    given!("webspace_host", whose "customer_id = $1", by "webspace_id" then "name" as Text, 500 at once, {
        "webspace_id": Text, "customer_id": Text, "name": Text, "position": Number,
    }, without {}),
    given!("webspace_certificate", whose "customer_id = $1", by "webspace_id", 200 at once, {
        "webspace_id": Text, "customer_id": Text, "names": Json, "issuer": Text, "ends_at": Time,
        "seen_at": Time, "serial": Text,
    }, without {}),
    given!("site_certificate", whose "customer_id = $1", by "webspace_id" then "source" as Text, 200 at once, {
        "webspace_id": Text, "customer_id": Text, "source": Text, "names": Json, "issuer": Text,
        "serial": Text, "starts_at": Time, "ends_at": Time, "chain": Text, "added_at": Time,
    }, without { "fingerprint": Derived }),
    given!("access_key", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "webspace_id": Text, "name": Text, "public_key": Text,
        "created_at": Time,
    }, without {}),
    given!("cron_job", whose "customer_id = $1", by "id", 200 at once, {
        "id": Text, "customer_id": Text, "webspace_id": Text, "name": Text, "schedule": Text,
        "command": Text, "enabled": Flag, "next_at": Time, "asked_at": Time, "last_at": Time,
        "failures": Number, "created_at": Time,
    }, without {}),
    given!("cron_run", whose "customer_id = $1", by "id", 20 at once, {
        "id": Text, "job_id": Text, "customer_id": Text, "due_at": Time, "by_hand": Flag,
        "started_at": Time, "ended_at": Time, "outcome": Text, "reason": Text, "exit_code": Number,
        "signal": Number, "memory_bytes": Number, "output_cut": Flag, "output": Text,
    }, without {}),
    given!("mailbox", whose "customer_id = $1", by "id", 500 at once, {
        "id": Text, "customer_id": Text, "domain_id": Text, "address": Text, "quota_bytes": Number,
    }, without { "password_hash": Secret }),
    given!("alias", whose "customer_id = $1", by "id", 500 at once, {
        "id": Text, "customer_id": Text, "domain_id": Text, "address": Text, "targets": Json,
    }, without {}),
    given!("database",
        whose "customer_id = $1 AND id IN (SELECT id FROM resource WHERE customer_id = $1)",
        by "id", 500 at once, {
        "id": Text, "customer_id": Text, "name": Text, "engine": Text, "quota_bytes": Number,
        "active": Flag, "server_name": Text, "connections": Number, "remote_addresses": Json,
    }, without { "password_verifier": Secret }),
    given!("content_use", whose "customer_id = $1", by "resource_id", 500 at once, {
        "resource_id": Text, "customer_id": Text, "bytes": Number, "messages": Number,
        "measured_at": Time,
    }, without {}),
];
