//! The tables of second factors; they refer to users and customers and to nothing else outside.

use crate::copy::Table;

/// Every table of second factors.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "totp_factor",
        read: "SELECT user_id, secret, last_step, enrolled_at, pending, pending_at FROM totp_factor",
        write: "INSERT INTO totp_factor (user_id, secret, last_step, enrolled_at, pending, pending_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM totp_factor",
        columns: &[
            ("user_id", false),
            ("secret", false),
            ("last_step", true),
            ("enrolled_at", true),
            ("pending", false),
            ("pending_at", true),
        ],
    },
    Table {
        name: "recovery_code",
        read: "SELECT code_hash, user_id, created_at, used_at FROM recovery_code",
        write: "INSERT INTO recovery_code (code_hash, user_id, created_at, used_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM recovery_code",
        columns: &[
            ("code_hash", false),
            ("user_id", false),
            ("created_at", true),
            ("used_at", true),
        ],
    },
    Table {
        name: "factor_guess",
        read: "SELECT user_id, step, in_step, since, in_hour FROM factor_guess",
        write: "INSERT INTO factor_guess (user_id, step, in_step, since, in_hour) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM factor_guess",
        columns: &[
            ("user_id", false),
            ("step", true),
            ("in_step", true),
            ("since", true),
            ("in_hour", true),
        ],
    },
    Table {
        name: "half_login",
        read: "SELECT token_hash, user_id, staff, stage, must_change_password, device, subject, created_at, expires_at FROM half_login",
        write: "INSERT INTO half_login (token_hash, user_id, staff, stage, must_change_password, device, subject, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM half_login",
        columns: &[
            ("token_hash", false),
            ("user_id", false),
            ("staff", true),
            ("stage", false),
            ("must_change_password", true),
            ("device", false),
            ("subject", false),
            ("created_at", true),
            ("expires_at", true),
        ],
    },
    Table {
        name: "factor_loss",
        read: "SELECT id, user_id, customer_id, asked_at, due_at, told_at, ended_at, ending, decided_by, reason FROM factor_loss",
        write: "INSERT INTO factor_loss (id, user_id, customer_id, asked_at, due_at, told_at, ended_at, ending, decided_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM factor_loss",
        columns: &[
            ("id", false),
            ("user_id", false),
            ("customer_id", false),
            ("asked_at", true),
            ("due_at", true),
            ("told_at", true),
            ("ended_at", true),
            ("ending", false),
            ("decided_by", false),
            ("reason", false),
        ],
    },
    Table {
        name: "phone_pin",
        read: "SELECT user_id, pin_hash, tries, locked_until, set_at FROM phone_pin",
        write: "INSERT INTO phone_pin (user_id, pin_hash, tries, locked_until, set_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM phone_pin",
        columns: &[
            ("user_id", false),
            ("pin_hash", false),
            ("tries", true),
            ("locked_until", true),
            ("set_at", true),
        ],
    },
];
