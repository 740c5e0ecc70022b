//! What stands in the form of an action before anybody typed: what probably helps.

use std::collections::BTreeMap;

use serde_json::Value;
use wabe_access::Scope;
use wabe_access::instruction;
use wabe_hosting::{alias, database, domain, mailbox, webspace};
use wabe_kernel::id::{CustomerId, TicketId};
use wabe_kernel::{Fault, Quota};
use wabe_store::Tx;
use wabe_web::{Failure, Message, StaffMember, size_text};

use crate::Staff;
use crate::ticket::offer::Offer;

/// Half as much again, and a gigabyte at least, in whole gigabytes.
fn larger(bytes: i64) -> i64 {
    let more = bytes.saturating_add((bytes / 2).max(Quota::GIGABYTE));
    let whole = more.saturating_add(Quota::GIGABYTE - 1) / Quota::GIGABYTE * Quota::GIGABYTE;
    whole.min(1 << 50)
}

/// The thing as it is now.
async fn now(staff: &Staff, tx: &mut Tx, scope: &Scope, offer: &Offer) -> Result<Value, Failure> {
    let id = &offer.object;
    macro_rules! read {
        ($load:path $(, $more:expr)?) => {{
            let id = id.parse().map_err(|_wrong| Failure::NotFound)?;
            serde_json::to_value($load(tx, scope, id $(, $more)?).await?)
        }};
    }
    let value = match offer.kind.as_str() {
        "mailbox" => read!(mailbox::load),
        "database" => read!(database::load),
        "alias" => read!(alias::load),
        "domain" => read!(domain::load),
        "webspace" => read!(webspace::load, &staff.gate.tools().house),
        _ => return Err(Failure::NotFound),
    };
    Ok(value.map_err(|error| Fault::because("read a thing", error))?)
}

/// What is suggested for each field of an action.
pub(super) async fn suggested(
    staff: &Staff,
    member: &StaffMember,
    (customer, ticket): (CustomerId, TicketId),
    offer: &Offer,
) -> Result<BTreeMap<String, String>, Failure> {
    if offer.fields.is_empty() {
        return Ok(BTreeMap::new());
    }
    let actor = member.actor().clone().at_ticket(customer, ticket);
    let mut tx = staff.gate.store().read_for(customer).await?;
    let scope = instruction::scope(&mut tx, &actor, ticket).await?;
    let value = now(staff, &mut tx, &scope, offer).await?;
    tx.rollback().await?;
    let of = |name: &&str| {
        let text = match &value[*name] {
            // Nothing says why yet: they asked for it.
            _ if *name == "reason" => {
                Message::new(member.language, "staff-action-reason-asked").to_string()
            }
            // The plan says how much that may be, and the most is seldom what is wanted.
            Value::Number(bytes) if *name == "upload_bytes" => {
                size_text(member.language, bytes.as_i64().unwrap_or(0))
            }
            Value::Number(bytes) => size_text(member.language, larger(bytes.as_i64().unwrap_or(0))),
            Value::Bool(flag) => (!flag).to_string(),
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                items.join("\n")
            }
            Value::Null | Value::Object(_) => String::new(),
        };
        ((*name).to_owned(), text)
    };
    Ok(offer.fields.iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::larger;

    #[test]
    fn more_room_is_half_as_much_again_in_whole_gigabytes() {
        assert_eq!(larger(500_000_000), 2_000_000_000);
        assert_eq!(larger(1_000_000_000), 2_000_000_000);
        assert_eq!(larger(5_000_000_000), 8_000_000_000);
        assert_eq!(larger(i64::MAX), 1 << 50);
    }
}
