//! What plugins may read: the customer's resources, through the reads that pages use.

use crate::plugin_readings;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::{Arc, OnceLock};
use wabe_access::command::House;
use wabe_access::{Permission, Refusal, Scope};
use wabe_automation::engine::{RecordPage, RecordQuery, RecordType, Records};
use wabe_hosting::{alias, database, domain, mailbox, webspace};
use wabe_kernel::content::Mail;
use wabe_kernel::desired::Working;
use wabe_kernel::outside::Lookup;
use wabe_kernel::{Cursor, Fault, Page, PageRequest};
use wabe_store::{Store, Tx};

/// What every resource has.
macro_rules! with_standing {
    ($($field:literal),* $(,)?) => {
        &["id", "state", "reason", "created_at", "updated_at", $($field),*]
    };
}

const TYPES: &[RecordType] = &[
    RecordType {
        name: "webspace",
        fields: with_standing![
            "name",
            "preview_host",
            "hosts",
            "url",
            "document_root",
            "quota_bytes",
            "used_bytes",
            "https_redirect",
            "certificate",
        ],
        permission: Permission::WebspaceRead,
        asks_outside: false,
    },
    RecordType {
        name: "domain",
        fields: with_standing!["name", "name_unicode", "verified", "finding", "redirect"],
        permission: Permission::DomainRead,
        asks_outside: false,
    },
    RecordType {
        name: "mailbox",
        fields: with_standing![
            "address",
            "domain_id",
            "quota_bytes",
            "used_bytes",
            "messages"
        ],
        permission: Permission::MailboxRead,
        asks_outside: false,
    },
    RecordType {
        name: "alias",
        fields: with_standing!["address", "domain_id", "targets"],
        permission: Permission::MailboxRead,
        asks_outside: false,
    },
    RecordType {
        name: "database",
        fields: with_standing!["name", "engine", "quota_bytes", "used_bytes"],
        permission: Permission::DatabaseRead,
        asks_outside: false,
    },
    plugin_readings::MAIL_DNS,
    plugin_readings::MAIL_INTAKE,
];

/// Reads of hosting, for plugins.
pub struct PluginRecords {
    /// The database.
    pub store: Store,
    /// Facts that addresses are made of.
    pub house: Arc<House>,
    /// Answers for the world outside.
    pub lookup: Arc<dyn Lookup>,
    /// The mail of this machine, once it is there.
    pub mail: Arc<OnceLock<Arc<dyn Mail>>>,
}

impl Records for PluginRecords {
    fn types(&self) -> &[RecordType] {
        TYPES
    }

    fn query<'a>(
        &'a self,
        scope: &'a Scope,
        query: RecordQuery,
    ) -> Working<'a, Result<RecordPage, Refusal>> {
        Box::pin(async move {
            if let Some(found) = self.reading(scope, &query).await {
                return Ok(RecordPage {
                    items: vec![narrowed(&query.kind)(found?)],
                    next: None,
                });
            }
            let mut tx = self.store.read_for(scope.customer()).await?;
            let page = match &query.id {
                Some(id) => self.one(&mut tx, scope, &query.kind, id).await?,
                None => self.page(&mut tx, scope, &query).await?,
            };
            tx.rollback().await?;
            Ok(RecordPage {
                items: page.items.into_iter().map(narrowed(&query.kind)).collect(),
                next: page.next,
            })
        })
    }
}

impl PluginRecords {
    async fn one(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kind: &str,
        id: &str,
    ) -> Result<Page<Value>, Refusal> {
        let missing = || Refusal::NotFound;
        let found = match kind {
            "webspace" => {
                let id = id.parse().map_err(|_form| missing())?;
                value(&webspace::load(tx, scope, id, &self.house).await?)
            }
            "domain" => {
                let id = id.parse().map_err(|_form| missing())?;
                value(&domain::load(tx, scope, id).await?)
            }
            "mailbox" => {
                let id = id.parse().map_err(|_form| missing())?;
                value(&mailbox::load(tx, scope, id).await?)
            }
            "alias" => {
                let id = id.parse().map_err(|_form| missing())?;
                value(&alias::load(tx, scope, id).await?)
            }
            "database" => {
                let id = id.parse().map_err(|_form| missing())?;
                value(&database::load(tx, scope, id).await?)
            }
            _ => return Err(missing()),
        };
        Ok(Page {
            items: vec![found?],
            next: None,
        })
    }

    async fn page(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        query: &RecordQuery,
    ) -> Result<Page<Value>, Refusal> {
        let request = PageRequest {
            after: query.cursor.as_deref().and_then(Cursor::parse),
            limit: query.limit,
            search: query.search.clone(),
        };
        match query.kind.as_str() {
            "webspace" => values(webspace::list(tx, scope, &request, &self.house).await?),
            "domain" => values(domain::list(tx, scope, &request).await?),
            "mailbox" => values(mailbox::list(tx, scope, &request).await?),
            "alias" => values(alias::list(tx, scope, &request).await?),
            "database" => values(database::list(tx, scope, &request).await?),
            _ => Err(Refusal::NotFound),
        }
    }
}

pub(crate) fn value(item: &impl Serialize) -> Result<Value, Refusal> {
    let value = serde_json::to_value(item);
    value.map_err(|error| Fault::because("read for a plugin", error).into())
}

fn values<T: Serialize>(page: Page<T>) -> Result<Page<Value>, Refusal> {
    let items: Result<Vec<Value>, Refusal> = page.items.iter().map(value).collect();
    Ok(Page {
        items: items?,
        next: page.next,
    })
}

/// Leaves out what no manifest may ask for, such as the ways to prove a domain.
fn narrowed(kind: &str) -> impl Fn(Value) -> Map<String, Value> {
    let known = TYPES.iter().find(|one| one.name == kind);
    let fields = known.map_or(&[][..], |one| one.fields);
    move |item| {
        let mut item = item.as_object().cloned().unwrap_or_default();
        item.retain(|name, _| fields.contains(&name.as_str()));
        item
    }
}

#[cfg(test)]
mod tests {
    use super::TYPES;
    use schemars::{JsonSchema, schema_for};
    use std::collections::BTreeSet;
    use wabe_hosting::{alias, database, domain, mail_dns, mailbox, webspace};

    fn properties<T: JsonSchema>() -> BTreeSet<String> {
        let schema = schema_for!(T);
        let found = schema.get("properties").and_then(|all| all.as_object());
        let found = found.map(|all| all.keys().cloned().collect());
        found.unwrap_or_default()
    }

    #[test]
    fn every_field_that_can_be_asked_for_exists_and_none_is_a_secret() {
        for one in TYPES {
            let known = match one.name {
                "webspace" => properties::<webspace::Webspace>(),
                "domain" => properties::<domain::Domain>(),
                "mailbox" => properties::<mailbox::Mailbox>(),
                "alias" => properties::<alias::Alias>(),
                "mail_dns" => properties::<mail_dns::MailDns>(),
                "mail_intake" => properties::<crate::plugin_readings::MailIntake>(),
                _ => properties::<database::Database>(),
            };
            for field in one.fields {
                assert!(known.contains(*field), "{}.{field}", one.name);
                let secret = ["password", "token", "proof", "login", "key"];
                assert!(!secret.iter().any(|word| field.contains(word)), "{field}");
            }
        }
    }
}
