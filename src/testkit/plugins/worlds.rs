//! Other hosts, a compiler and records, all in memory.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use wabe_access::{Permission, Refusal, Scope};
use wabe_automation::desk::{NotCompiled, People, Workshop};
use wabe_automation::engine::{Fetch, Outgoing, RecordPage, RecordQuery, RecordType, Records};
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_kernel::{Cursor, Fault, PageRequest};
use wabe_package::archive::sha256;
use wabe_package::compiled::Compiled;
use wabe_package::wire::{FetchRequest, FetchResponse, Problem};
use wabe_store::{Store, Tx};

/// Takes every component for a good one, with every entry point.
pub struct FakeWorkshop;

impl Workshop for FakeWorkshop {
    fn compile<'a>(&'a self, component: &'a [u8]) -> Working<'a, Result<Compiled, NotCompiled>> {
        let export = |name: &str| format!("wabe:plugin/{name}@1.0.0");
        let exports = ["events", "tasks", "actions", "forms", "webhooks"].map(export);
        let compiled = Compiled {
            component: sha256(component),
            engine: "fake".to_owned(),
            exports: exports.to_vec(),
            imports: Vec::new(),
            sizes: BTreeMap::new(),
        };
        Box::pin(async move { Ok(compiled) })
    }
}

/// People by identity's tables, as the panel asks for them.
pub(crate) struct Known;

impl People for Known {
    fn is_disabled<'a>(&'a self, tx: &'a mut Tx, user: UserId) -> Working<'a, Result<bool, Fault>> {
        Box::pin(async move {
            // People belong to no customer.
            tx.unscope().await?;
            let found = wabe_identity::user::store::find(tx, user).await;
            tx.rescope().await?;
            Ok(found?.is_some_and(|person| person.disabled_at.is_some()))
        })
    }
}

/// Echoes every request: its headers and its body.
#[derive(Default)]
pub struct FakeFetch(Mutex<Vec<FetchRequest>>);

impl FakeFetch {
    /// What was sent so far, secrets included.
    #[must_use]
    pub fn sent(&self) -> Vec<FetchRequest> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Fetch for FakeFetch {
    fn fetch(&self, outgoing: Outgoing) -> Working<'_, Result<FetchResponse, Problem>> {
        let request = outgoing.request;
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request.clone());
        Box::pin(async move {
            Ok(FetchResponse {
                status: 200,
                headers: request.headers,
                body: request.body,
            })
        })
    }
}

/// Reads mailboxes.
pub struct FakeRecords(pub Store);

const TYPES: [RecordType; 2] = [
    RecordType {
        name: "mailbox",
        fields: &["id", "address", "quota_bytes", "state"],
        permission: Permission::MailboxRead,
        asks_outside: false,
    },
    // The same once more, as if the world had to be asked for it.
    RecordType {
        name: "faraway",
        fields: &["id"],
        permission: Permission::MailboxRead,
        asks_outside: true,
    },
];

impl Records for FakeRecords {
    fn types(&self) -> &[RecordType] {
        &TYPES
    }

    fn query<'a>(
        &'a self,
        scope: &'a Scope,
        query: RecordQuery,
    ) -> Working<'a, Result<RecordPage, Refusal>> {
        Box::pin(async move {
            let mut tx = self.0.read_for(scope.customer()).await?;
            let request = PageRequest {
                after: query.cursor.as_deref().and_then(Cursor::parse),
                limit: query.limit,
                search: query.search,
            };
            let page = wabe_hosting::mailbox::list(&mut tx, scope, &request).await?;
            tx.rollback().await?;
            let item = |one: &wabe_hosting::mailbox::Mailbox| -> Map<String, Value> {
                let value = serde_json::to_value(one).unwrap_or_default();
                value.as_object().cloned().unwrap_or_default()
            };
            Ok(RecordPage {
                items: page.items.iter().map(item).collect(),
                next: page.next,
            })
        })
    }
}
