//! What a customer's statement may do, decided for each act that the engine finds in it.
//!
//! Deny by default where the engine offers a way out of the file or around a limit: other files,
//! extensions, virtual tables (their modules read and write on their own), and every pragma that is
//! not on a list. Values can be set for few pragmas only.

use rusqlite::hooks::{AuthAction, Authorization, TransactionOperation};

/// Pragmas that tell something and take, at most, the name of what to tell about.
const TELLING: &[&str] = &[
    "collation_list",
    "compile_options",
    "foreign_key_check",
    "foreign_key_list",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas that may be read; they change something when given a value.
const READABLE: &[&str] = &[
    "auto_vacuum",
    "data_version",
    "encoding",
    "freelist_count",
    "journal_mode",
    "page_count",
    "page_size",
    "schema_version",
];

/// Pragmas that may be read and set: they change nothing but the customer's own data and session.
const SETTABLE: &[&str] = &[
    "application_id",
    "defer_foreign_keys",
    "foreign_keys",
    "recursive_triggers",
    "user_version",
];

/// Functions that reach out of the database.
const FORBIDDEN_FUNCTIONS: &[&str] = &["load_extension", "fts3_tokenizer"];

/// What surrounds the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A statement of its own.
    Statement,
    /// A plain or other VACUUM, which attaches a nameless temporary database on its way.
    Vacuum,
    /// Part of a dump inside our transaction, whose own beginning and end count for nothing.
    Import,
}

/// Whether the act is allowed.
pub(crate) fn decide(action: AuthAction<'_>, mode: Mode) -> Authorization {
    let allowed = match action {
        AuthAction::Attach { filename } => mode == Mode::Vacuum && filename.is_empty(),
        AuthAction::Detach { .. }
        | AuthAction::CreateVtable { .. }
        | AuthAction::DropVtable { .. }
        | AuthAction::Unknown { .. } => false,
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => pragma(&pragma_name.to_ascii_lowercase(), pragma_value),
        AuthAction::Function { function_name } => !FORBIDDEN_FUNCTIONS
            .iter()
            .any(|name| name.eq_ignore_ascii_case(function_name)),
        AuthAction::Transaction { operation } if mode == Mode::Import => {
            if operation == TransactionOperation::Rollback {
                return Authorization::Deny;
            }
            // The engine drops the BEGIN or COMMIT and goes on.
            return Authorization::Ignore;
        }
        _ => true,
    };
    if allowed {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}

fn pragma(name: &str, value: Option<&str>) -> bool {
    TELLING.contains(&name)
        || SETTABLE.contains(&name)
        || (READABLE.contains(&name) && value.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pragma_is_allowed(pragma_name: &str, pragma_value: Option<&str>) -> bool {
        let action = AuthAction::Pragma {
            pragma_name,
            pragma_value,
        };
        decide(action, Mode::Statement) == Authorization::Allow
    }

    #[test]
    fn pragmas_not_on_a_list_are_denied_in_any_case_of_letters() {
        assert!(pragma_is_allowed("Table_Info", Some("t")));
        assert!(pragma_is_allowed("page_size", None));
        assert!(pragma_is_allowed("user_version", Some("7")));
        for (name, value) in [
            ("writable_schema", Some("on")),
            ("WRITABLE_SCHEMA", None),
            ("page_size", Some("512")),
            ("journal_mode", Some("off")),
            ("max_page_count", Some("1")),
            ("temp_store_directory", Some("/tmp")),
            ("database_list", None),
            ("hard_heap_limit", Some("0")),
            ("trusted_schema", Some("1")),
        ] {
            assert!(!pragma_is_allowed(name, value), "{name}");
        }
    }

    #[test]
    fn other_files_are_out_of_reach_in_every_mode() {
        for mode in [Mode::Statement, Mode::Vacuum, Mode::Import] {
            let named = AuthAction::Attach {
                filename: "/etc/passwd",
            };
            assert_eq!(decide(named, mode), Authorization::Deny);
        }
        let nameless = AuthAction::Attach { filename: "" };
        assert_eq!(decide(nameless, Mode::Vacuum), Authorization::Allow);
        assert_eq!(decide(nameless, Mode::Statement), Authorization::Deny);
    }
}
