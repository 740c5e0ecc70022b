//! The certificate of a webspace, as its node had it. Bookkeeping: pages and lists read it, and whoever wants
//! another one says with it which one they mean; whoever looks at the node writes down what was there.

use schemars::JsonSchema;
use serde::Serialize;
use wabe_kernel::certificate::STANDS_IN;
use wabe_kernel::desired::ObservedCertificate;
use wabe_kernel::id::{CustomerId, WebspaceId};
use wabe_kernel::{DomainName, Fault, Timestamp};
use wabe_store::{Row, Tx, statements};

statements! {
    SET = "hosting.webspace_certificate.set" =>
        "INSERT INTO webspace_certificate (webspace_id, customer_id, names, issuer, ends_at, seen_at, \
         serial) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (webspace_id) DO UPDATE SET \
         names = excluded.names, issuer = excluded.issuer, ends_at = excluded.ends_at, \
         seen_at = excluded.seen_at, serial = excluded.serial";
    SERIAL = "hosting.webspace_certificate.serial" =>
        "SELECT serial FROM webspace_certificate WHERE webspace_id = $1 AND customer_id = $2";
    DROP = "hosting.webspace_certificate.drop" =>
        "DELETE FROM webspace_certificate WHERE webspace_id = $1 AND customer_id = $2";
    SET_UNWANTED = "hosting.webspace.set_unwanted" =>
        "UPDATE webspace SET unwanted_certificate = $1 WHERE id = $2 AND customer_id = $3 \
         AND (unwanted_certificate IS NULL OR unwanted_certificate <> $1)";
}

/// What visitors' browsers are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Certificate {
    /// The names it is for.
    pub names: Vec<DomainName>,
    /// Who signed it.
    pub issuer: String,
    /// Until when it is valid. It is renewed by itself before, unless somebody handed it in.
    pub valid_until: Timestamp,
}

impl Certificate {
    /// Whether it stands in for one that is on its way.
    #[must_use]
    pub fn stands_in(&self) -> bool {
        self.issuer == STANDS_IN
    }

    /// Of a row that has `names`, `issuer` and `ends_at`, all absent without a certificate.
    pub(crate) fn from_row(row: &Row) -> Result<Option<Self>, Fault> {
        let Some(issuer) = row.text_or_null("issuer")? else {
            return Ok(None);
        };
        let names = serde_json::from_value(row.json("names")?);
        Ok(Some(Self {
            names: names.map_err(|error| Fault::because("read a certificate's names", error))?,
            issuer,
            valid_until: row.time("ends_at")?,
        }))
    }
}

/// Keeps what a node had: this certificate, or none.
///
/// # Errors
/// A fault of the database.
pub async fn note_certificate(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    seen: Option<&ObservedCertificate>,
    now: Timestamp,
) -> Result<(), Fault> {
    let query = match seen {
        Some(seen) => {
            let names: serde_json::Value = seen.names.iter().map(DomainName::as_str).collect();
            let query = SET.bind(id).bind(customer).bind(&names);
            let query = query.bind(&seen.issuer).bind(seen.ends_at).bind(now);
            query.bind(&seen.serial)
        }
        None => DROP.bind(id).bind(customer),
    };
    query.execute(tx).await.map(|_rows| ())
}

/// The serial number of the certificate that a node was last seen with; absent without one.
pub(crate) async fn serial(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
) -> Result<Option<String>, Fault> {
    let row = SERIAL.bind(id).bind(customer).optional(tx).await?;
    row.map_or(Ok(None), |row| row.text_or_null("serial"))
}

/// Says which certificate the webspace is not to be served with any more; false when that was said before.
pub(crate) async fn set_unwanted(
    tx: &mut Tx,
    customer: CustomerId,
    id: WebspaceId,
    serial: &str,
) -> Result<bool, Fault> {
    let query = SET_UNWANTED.bind(serial).bind(id).bind(customer);
    Ok(query.execute(tx).await? == 1)
}
