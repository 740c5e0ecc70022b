//! What the process is asked to do, from its arguments.
//!
//! Only the panel writes them, never a person, so a wrong one is a fault and not explained.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::failure::Failure;

/// The longest time that can be asked for, in seconds.
const SECONDS_MAX: u64 = 3_600;

/// What is to be done with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Make an empty database; an existing one stays as it is.
    Create,
    /// Run the statements of the request on the standard input.
    Query,
    /// List the tables.
    Tables,
    /// Answer rows of the one table that the request on the standard input names.
    Rows,
    /// Run the dump on the standard input, all or nothing.
    Import,
    /// Write a dump to the standard output.
    Export,
    /// Look whether the file is intact.
    Check,
}

/// One request, without its input.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// What to do.
    pub(crate) operation: Operation,
    /// The database file; an absolute path, because SQLite gives `file:` a meaning of its own.
    pub(crate) database: PathBuf,
    /// The most that the file may hold, in bytes.
    pub(crate) quota_bytes: u64,
    /// When to give up.
    pub(crate) time: Duration,
}

impl Order {
    /// Reads `OPERATION --database PATH --quota BYTES --seconds N`; each option once, in any order.
    pub(crate) fn read(mut args: impl Iterator<Item = OsString>) -> Result<Self, Failure> {
        let wrong = || Failure::fault("arguments");
        let operation = match args.next().as_ref().and_then(|word| word.to_str()) {
            Some("create") => Operation::Create,
            Some("query") => Operation::Query,
            Some("tables") => Operation::Tables,
            Some("rows") => Operation::Rows,
            Some("import") => Operation::Import,
            Some("export") => Operation::Export,
            Some("check") => Operation::Check,
            _ => return Err(wrong()),
        };
        let (mut database, mut quota, mut seconds) = (None, None, None);
        while let Some(name) = args.next() {
            let value = args.next().ok_or_else(wrong)?;
            let before = match name.to_str() {
                Some("--database") => database.replace(value),
                Some("--quota") => quota.replace(value),
                Some("--seconds") => seconds.replace(value),
                _ => return Err(wrong()),
            };
            if before.is_some() {
                return Err(wrong());
            }
        }
        let number = |text: Option<OsString>| text?.to_str()?.parse::<u64>().ok();
        let database = database
            .map(PathBuf::from)
            .filter(|path| path.is_absolute());
        Ok(Self {
            operation,
            database: database.ok_or_else(wrong)?,
            quota_bytes: number(quota).ok_or_else(wrong)?,
            time: number(seconds)
                .filter(|seconds| (1..=SECONDS_MAX).contains(seconds))
                .map(Duration::from_secs)
                .ok_or_else(wrong)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof};
    use proptest::{prop_assert, proptest};

    use super::*;

    /// An argument: bytes, or something that means something here.
    fn argument() -> impl Strategy<Value = OsString> {
        let known = [
            "create",
            "query",
            "check",
            "--database",
            "--quota",
            "--seconds",
            "/d",
            "file:/d",
            "",
            "7",
            "-1",
            "3601",
            "18446744073709551616",
        ];
        prop_oneof![
            3 => prop::sample::select(known.to_vec()).prop_map(OsString::from),
            1 => prop::collection::vec(any::<u8>(), 0..12).prop_map(OsString::from_vec),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_arguments_are_an_order_within_bounds_or_none(
            arguments in prop::collection::vec(argument(), 0..9),
        ) {
            if let Ok(order) = Order::read(arguments.into_iter()) {
                prop_assert!(order.database.is_absolute());
                prop_assert!((1..=SECONDS_MAX).contains(&order.time.as_secs()));
            }
        }
    }

    fn read(line: &str) -> Option<Order> {
        Order::read(line.split_whitespace().map(OsString::from)).ok()
    }

    #[test]
    fn only_complete_and_unambiguous_arguments_are_an_order() {
        let order = read("check --database /d --quota 7 --seconds 9").unwrap();
        assert_eq!(order.operation, Operation::Check);
        assert_eq!((order.quota_bytes, order.time.as_secs()), (7, 9));
        for line in [
            "",
            "drop --database /d --quota 7 --seconds 9",
            "check --database d --quota 7 --seconds 9",
            "check --database file:/d --quota 7 --seconds 9",
            "check --database /d --quota -7 --seconds 9",
            "check --database /d --quota 7 --seconds 0",
            "check --database /d --quota 7",
            "check --database /d --quota 7 --seconds",
            "check --database /d --database /e --quota 7 --seconds 9",
            "check --database /d --quota 7 --seconds 9 --more x",
        ] {
            assert_eq!(read(line), None, "{line:?}");
        }
    }
}
