//! The files with everything of a customer's, behind the approvals that they refer to.

use crate::copy::Table;

/// Those that are kept, and their parts.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "customer_export",
        read: "SELECT id, customer_id, asked_by, asked_at, approval_id, approval_ending, agreed_by, place, after_key, parts, lines, bytes, ready_at, expires_at, ended_at, ending FROM customer_export",
        write: "INSERT INTO customer_export (id, customer_id, asked_by, asked_at, approval_id, approval_ending, agreed_by, place, after_key, parts, lines, bytes, ready_at, expires_at, ended_at, ending) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM customer_export",
        columns: &[
            ("id", false),
            ("customer_id", false),
            ("asked_by", false),
            ("asked_at", true),
            ("approval_id", false),
            ("approval_ending", false),
            ("agreed_by", false),
            ("place", true),
            ("after_key", false),
            ("parts", true),
            ("lines", true),
            ("bytes", true),
            ("ready_at", true),
            ("expires_at", true),
            ("ended_at", true),
            ("ending", false),
        ],
    },
    Table {
        name: "customer_export_part",
        read: "SELECT export_id, customer_id, place, sealed FROM customer_export_part",
        write: "INSERT INTO customer_export_part (export_id, customer_id, place, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM customer_export_part",
        columns: &[
            ("export_id", false),
            ("customer_id", false),
            ("place", true),
            ("sealed", false),
        ],
    },
];
