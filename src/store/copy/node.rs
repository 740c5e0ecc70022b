//! What was seen on nodes: it refers to resources at most.

use crate::copy::Table;

/// Every table of what nodes had.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "webspace_certificate",
        read: "SELECT webspace_id, customer_id, names, issuer, ends_at, seen_at, serial FROM webspace_certificate",
        write: "INSERT INTO webspace_certificate (webspace_id, customer_id, names, issuer, ends_at, seen_at, serial) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM webspace_certificate",
        columns: &[
            ("webspace_id", false),
            ("customer_id", false),
            ("names", false),
            ("issuer", false),
            ("ends_at", true),
            ("seen_at", true),
            ("serial", false),
        ],
    },
    Table {
        name: "content_use",
        read: "SELECT resource_id, customer_id, bytes, messages, measured_at FROM content_use",
        write: "INSERT INTO content_use (resource_id, customer_id, bytes, messages, measured_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM content_use",
        columns: &[
            ("resource_id", false),
            ("customer_id", false),
            ("bytes", true),
            ("messages", true),
            ("measured_at", true),
        ],
    },
    Table {
        name: "database_server",
        read: "SELECT engine, host, port, version, answers, changed_at FROM database_server",
        write: "INSERT INTO database_server (engine, host, port, version, answers, changed_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        count: "SELECT CAST(count(*) AS BIGINT) AS rows FROM database_server",
        columns: &[
            ("engine", false),
            ("host", false),
            ("port", true),
            ("version", false),
            ("answers", true),
            ("changed_at", true),
        ],
    },
];
