//! How staff name a customer: by number or by id.

use schemars::JsonSchema;
use std::fmt;
use std::str::FromStr;
use wabe_access::command::Preparing;
use wabe_access::customer::{self, Customer};
use wabe_access::{CustomerNumber, Refusal};
use wabe_kernel::id::CustomerId;
use wabe_kernel::{Field, Problem};

/// A customer's number (`K10234`) or id (`cus_…`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerKey {
    /// By id.
    Id(CustomerId),
    /// By number.
    Number(CustomerNumber),
}

impl fmt::Display for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl FromStr for CustomerKey {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_no_id) => text.parse().map(Self::Number),
        }
    }
}

impl Field for CustomerKey {
    fn from_json(value: &serde_json::Value) -> Result<Self, Problem> {
        Self::from_text(value.as_str().ok_or(Problem::new("must-be-text"))?)
    }

    fn from_text(text: &str) -> Result<Self, Problem> {
        text.trim().parse()
    }
}

impl JsonSchema for CustomerKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CustomerKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

impl CustomerKey {
    /// Which customer it is.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub(crate) async fn find(&self, with: &Preparing<'_>) -> Result<Customer, Refusal> {
        let mut tx = with.store.read().await?;
        let id = match self {
            Self::Id(id) => Some(*id),
            Self::Number(number) => customer::find_number(&mut tx, number).await?,
        };
        let found = match id {
            Some(id) => customer::find(&mut tx, id).await?,
            None => None,
        };
        tx.rollback().await?;
        found.ok_or(Refusal::NotFound)
    }
}
