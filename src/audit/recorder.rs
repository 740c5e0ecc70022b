//! Writing entries in the transaction of their change, and reading them back.

use crate::entry::{ChangeFilter, ChangeKind, ChangeRecord, Entry};
use crate::keys::Keys;
use crate::lent::committed_key;
use crate::seal::{SealKey, place};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use wabe_kernel::id::{ChangeId, ConsentId, CustomerId, InstructionId, TicketId};
use wabe_kernel::rng::random;
use wabe_kernel::{Clock, Fault, Page, PageRequest, Rng};
use wabe_store::{Row, Tx, statements};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, customer_id, seq, at, actor_kind, actor_user, actor_token, actor_installation, \
             command, object_kind, object_id, kind, payload_hmac, payload, leaf_index FROM change ",
            $rest
        )
    };
}

statements! {
    INSERT = "audit.change.insert" =>
        "INSERT INTO change (id, customer_id, seq, at, actor_kind, actor_user, actor_token, \
         actor_installation, command, object_kind, object_id, kind, payload_hmac, payload, authority, \
         ticket_id, instruction_id, consent_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    FIND = "audit.change.find" => select!("WHERE id = $1 AND customer_id = $2");
    LATER = "audit.change.later" =>
        select!("WHERE customer_id = $1 AND object_id = $2 AND seq > $3 ORDER BY seq");
    LIST = "audit.change.list" =>
        select!("WHERE customer_id = $1 AND seq < $2 AND at >= $3 AND at < $4 \
                 AND ($5 = '' OR object_kind = $5) AND ($6 = '' OR actor_user = $6) \
                 AND ($7 = '' OR kind = $7) AND command <> $9 AND ($10 = 0 OR actor_kind = 'plugin' OR object_kind = 'run') \
                 ORDER BY seq DESC LIMIT $8");
    LIST_OBJECT = "audit.change.list_object" =>
        select!("WHERE customer_id = $1 AND seq < $2 AND at >= $3 AND at < $4 \
                 AND ($5 = '' OR object_kind = $5) AND ($6 = '' OR actor_user = $6) \
                 AND ($7 = '' OR kind = $7) AND command <> $9 AND ($10 = 0 OR actor_kind = 'plugin' OR object_kind = 'run') \
                 AND object_id = $11 ORDER BY seq DESC LIMIT $8");
    AFTER = "audit.change.after" =>
        select!("WHERE customer_id = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    FIND_KEY = "audit.subject_key.find" =>
        "SELECT wrapped FROM subject_key WHERE customer_id = $1";
    INSERT_KEY = "audit.subject_key.insert" =>
        "INSERT INTO subject_key (customer_id, wrapped, created_at) VALUES ($1, $2, $3)";
    DESTROY_KEY = "audit.subject_key.destroy" =>
        "INSERT INTO subject_key (customer_id, wrapped, created_at, destroyed_at) \
         VALUES ($1, NULL, $2, $2) \
         ON CONFLICT (customer_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at";
}

/// Bytes of the salt in front of a payload.
const SALT_LEN: usize = 32;

/// What is sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Payload {
    object_name: String,
    purpose: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ticket: Option<TicketId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    instruction: Option<InstructionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<ConsentId>,
    before: Value,
    after: Value,
}

/// A payload as it was hashed: the salt, and the exact text.
pub(crate) struct Opened {
    pub(crate) salt: String,
    pub(crate) text: String,
}

/// Writes and reads the record.
pub struct Recorder {
    keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl Recorder {
    /// A recorder with these keys.
    #[must_use]
    pub fn new(keys: Arc<Keys>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self { keys, clock, rng }
    }

    /// The keys.
    pub(crate) const fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// Writes an entry inside the caller's transaction; without it, the change must not be either.
    ///
    /// # Errors
    /// A fault; the caller gives the transaction up (bar 3.10 T1).
    pub async fn append(&self, tx: &mut Tx, entry: &Entry) -> Result<ChangeId, Fault> {
        let id = ChangeId::new(entry.at, self.rng.as_ref());
        let payload = Payload {
            object_name: entry.object_name.clone(),
            purpose: entry.purpose.clone(),
            ticket: entry.ticket,
            instruction: entry.instruction,
            consent: entry.consent,
            before: entry.before.clone(),
            after: entry.after.clone(),
        };
        let json = serde_json::to_vec(&payload)
            .map_err(|error| Fault::because("write a payload", error))?;
        let salt: [u8; SALT_LEN] = random(self.rng.as_ref());
        let tag = STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &salt), &json));
        // Of an erased customer nothing personal is kept any more; the skeleton says what happened.
        let sealed = match self.sealing_key(tx, entry.customer).await? {
            Some(key) => {
                let plain = zeroize::Zeroizing::new([salt.as_slice(), &json].concat());
                Some(key.seal(
                    self.rng.as_ref(),
                    &payload_place(id, entry.customer),
                    &plain,
                )?)
            }
            None => None,
        };
        let query = INSERT
            .bind(id)
            .bind(entry.customer)
            .bind(entry.seq)
            .bind(entry.at);
        let query = query
            .bind(entry.actor_kind)
            .bind(entry.actor_user)
            .bind(entry.actor_token)
            .bind(entry.actor_installation);
        let query = query
            .bind(entry.command)
            .bind(entry.object_kind)
            .bind(&entry.object_id);
        query
            .bind(entry.kind().word())
            .bind(tag)
            .bind(sealed)
            .bind(entry.authority)
            .bind(entry.ticket)
            .bind(entry.instruction)
            .bind(entry.consent)
            .execute_one(tx)
            .await?;
        Ok(id)
    }

    /// One change of this customer.
    ///
    /// # Errors
    /// A fault, also when the stored payload is not what was recorded.
    pub async fn load(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        id: ChangeId,
    ) -> Result<Option<ChangeRecord>, Fault> {
        let Some(row) = FIND.bind(id).bind(customer).optional(tx).await? else {
            return Ok(None);
        };
        let key = self.opening_key(tx, customer).await?;
        record(&row, customer, key.as_deref()).map(Some)
    }

    /// The changes of an object after the one numbered `seq`, oldest first.
    ///
    /// # Errors
    /// A fault, also when a stored payload is not what was recorded.
    pub async fn later(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        object_id: &str,
        seq: i64,
    ) -> Result<Vec<ChangeRecord>, Fault> {
        let rows = LATER
            .bind(customer)
            .bind(object_id)
            .bind(seq)
            .all(tx)
            .await?;
        self.records(tx, customer, &rows).await
    }

    /// Up to `limit` changes of a customer behind the one numbered `seq`, oldest first: what follows
    /// the record with a cursor. Numbers have no gaps, and a change is visible only when all before it
    /// are.
    ///
    /// # Errors
    /// A fault, also when a stored payload is not what was recorded.
    pub async fn after(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<ChangeRecord>, Fault> {
        let rows = AFTER.bind(customer).bind(seq).bind(limit).all(tx).await?;
        self.records(tx, customer, &rows).await
    }

    /// A page of changes, newest first.
    ///
    /// # Errors
    /// A fault, also when a stored payload is not what was recorded.
    pub async fn list(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> Result<Page<ChangeRecord>, Fault> {
        let before = page.after_key().parse().unwrap_or(i64::MAX);
        let statement = if filter.object_id.is_some() {
            LIST_OBJECT
        } else {
            LIST
        };
        let query = statement.bind(customer).bind(before);
        let query = query.bind(filter.from.map_or(i64::MIN, |at| at.0));
        let query = query.bind(filter.until.map_or(i64::MAX, |at| at.0));
        let query = query.bind(filter.object_kind.as_deref().unwrap_or_default());
        let query = query.bind(
            filter
                .actor_user
                .map(|user| user.to_string())
                .unwrap_or_default(),
        );
        let query = query
            .bind(filter.kind.map_or("", ChangeKind::word))
            .bind(page.limit + 1);
        let query = query
            .bind(filter.without_command.unwrap_or_default())
            .bind(filter.by_plugins);
        let query = match &filter.object_id {
            Some(object) => query.bind(object),
            None => query,
        };
        let rows = query.all(tx).await?;
        let records = self.records(tx, customer, &rows).await?;
        Ok(Page::from_rows(records, page.limit, |record| {
            record.seq.to_string()
        }))
    }

    /// Destroys the customer's key: what was sealed under it is gone, wherever a copy lies. Proofs
    /// stay valid (bar 3.10 T4).
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn erase_subject(&self, tx: &mut Tx, customer: CustomerId) -> Result<(), Fault> {
        DESTROY_KEY
            .bind(customer)
            .bind(self.clock.now())
            .execute_one(tx)
            .await?;
        self.keys.forget(customer);
        Ok(())
    }

    async fn records(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
        rows: &[Row],
    ) -> Result<Vec<ChangeRecord>, Fault> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.opening_key(tx, customer).await?;
        rows.iter()
            .map(|row| record(row, customer, key.as_deref()))
            .collect()
    }

    /// The key for a new payload, made on first use; `None` once it was destroyed.
    async fn sealing_key(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
    ) -> Result<Option<Arc<SealKey>>, Fault> {
        if let Some(key) = self.keys.cached(customer) {
            return Ok(Some(key));
        }
        if let Some(row) = FIND_KEY.bind(customer).optional(tx).await? {
            let wrapped = row.text_or_null("wrapped")?;
            return wrapped
                .map(|wrapped| self.keys.unwrap(customer, &wrapped))
                .transpose();
        }
        let (key, wrapped) = self.keys.make(customer, self.rng.as_ref())?;
        INSERT_KEY
            .bind(customer)
            .bind(wrapped)
            .bind(self.clock.now())
            .execute_one(tx)
            .await?;
        Ok(Some(key))
    }

    /// The key for reading: always from the database, so that destroying it counts at once for every
    /// process.
    pub(crate) async fn opening_key(
        &self,
        tx: &mut Tx,
        customer: CustomerId,
    ) -> Result<Option<Arc<SealKey>>, Fault> {
        committed_key(&self.keys, tx, customer).await
    }
}

fn payload_place(id: ChangeId, customer: CustomerId) -> Vec<u8> {
    place(&["change", "payload", &id.to_string(), &customer.to_string()])
}

/// Opens the payload of a row and holds it against its HMAC; `None` when it was destroyed.
pub(crate) fn open(
    row: &Row,
    customer: CustomerId,
    key: Option<&SealKey>,
) -> Result<Option<Opened>, Fault> {
    let wrong = || Fault::new("the payload of a change is not what was recorded");
    let (Some(key), Some(sealed)) = (key, row.text_or_null("payload")?) else {
        return Ok(None);
    };
    let plain = key.open(&payload_place(row.parsed("id")?, customer), &sealed)?;
    let (salt, json) = plain.split_at_checked(SALT_LEN).ok_or_else(wrong)?;
    let tag = STANDARD
        .decode(row.text("payload_hmac")?)
        .map_err(|_form| wrong())?;
    let salted = hmac::Key::new(hmac::HMAC_SHA256, salt);
    hmac::verify(&salted, json, &tag).map_err(|_differs| wrong())?;
    let text = String::from_utf8(json.to_vec()).map_err(|_form| wrong())?;
    Ok(Some(Opened {
        salt: STANDARD.encode(salt),
        text,
    }))
}

pub(crate) fn record(
    row: &Row,
    customer: CustomerId,
    key: Option<&SealKey>,
) -> Result<ChangeRecord, Fault> {
    let opened = open(row, customer, key)?;
    let erased = opened.is_none();
    let payload: Payload = match opened {
        Some(opened) => serde_json::from_str(&opened.text)
            .map_err(|error| Fault::because("read a payload", error))?,
        None => Payload::default(),
    };
    Ok(ChangeRecord {
        id: row.parsed("id")?,
        customer,
        seq: row.int("seq")?,
        at: row.time("at")?,
        actor_kind: row.text("actor_kind")?,
        actor_user: row.parsed_or_null("actor_user")?,
        actor_token: row.parsed_or_null("actor_token")?,
        actor_installation: row.parsed_or_null("actor_installation")?,
        purpose: payload.purpose,
        ticket: payload.ticket,
        instruction: payload.instruction,
        consent: payload.consent,
        command: row.text("command")?,
        object_kind: row.text("object_kind")?,
        object_id: row.text("object_id")?,
        object_name: payload.object_name,
        kind: row.parsed("kind")?,
        before: payload.before,
        after: payload.after,
        erased,
        leaf_index: row.int_or_null("leaf_index")?,
    })
}
