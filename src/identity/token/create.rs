//! Making an API token.

use crate::desk::Desk;
use crate::outbox::{MailKind, OutgoingMail};
use crate::secret_token::{self, digest};
use crate::token::authenticate::TOKEN_PREFIX;
use crate::token::store::{self, ApiToken};
use crate::user::store as users;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wabe_access::{Command, Door, Object, Permission, Refusal, Risk, Scope};
use wabe_kernel::id::TokenId;
use wabe_kernel::{Line, Problem, Timestamp, fields};

/// The longest life of a token, in days.
const DAYS_MAX: i64 = 365;

/// The most tokens of one user in one customer.
const TOKENS_MAX: i64 = 50;

fields! {
    /// Makes an API token for oneself.
    pub struct CreateToken {
        /// What it is for.
        pub name: Line,
        /// What it may; nothing that oneself may not.
        pub scopes: Vec<Permission>,
        /// How many days it lives, 1 to 365.
        pub days: i64,
        /// Whether it may run sensitive commands.
        pub sensitive: bool,
    }
}

/// A token that was just made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TokenCreated {
    /// Which one.
    pub id: TokenId,
    /// The token itself; this is the only time it is shown.
    pub token: String,
    /// Until when it works.
    pub expires_at: Timestamp,
}

pub(crate) fn snapshot(token: &ApiToken) -> Value {
    json!({
        "name": token.name,
        "scopes": token.scopes,
        "sensitive": token.sensitive,
        "expires_at": token.expires_at,
    })
}

impl CreateToken {
    fn check(&self, own: &Scope) -> Result<BTreeSet<Permission>, Refusal> {
        if !(1..=DAYS_MAX).contains(&self.days) {
            let problem = Problem::new("out-of-range").with("min", 1);
            return Err(Refusal::field("days", problem.with("max", DAYS_MAX)));
        }
        if self.scopes.is_empty() {
            return Err(Refusal::field("scopes", Problem::new("required")));
        }
        if !self.scopes.iter().all(|scope| own.has(*scope)) {
            return Err(Refusal::field("scopes", Problem::new("scope-not-own")));
        }
        Ok(self.scopes.iter().copied().collect())
    }
}

impl Command for CreateToken {
    const NAME: &'static str = "token.create";
    const PERMISSION: Permission = Permission::TokenWrite;
    const RISK: Risk = Risk::Sensitive;
    type Output = TokenCreated;

    async fn apply(&self, door: &mut Door<'_>) -> Result<TokenCreated, Refusal> {
        let desk = Desk::of(door.tools())?;
        let user = door.actor().user.ok_or(Refusal::Forbidden)?;
        let actor = door.actor().clone();
        let scopes = self.check(&Scope::of(door.tx(), &actor).await?)?;
        let (now, customer) = (door.now(), door.customer());
        if store::count(door.tx(), customer, user).await? >= TOKENS_MAX {
            return Err(Refusal::Conflict("too-many-tokens"));
        }
        let secret = format!("{TOKEN_PREFIX}{}", secret_token::new(door.rng()).expose());
        let token = ApiToken {
            id: TokenId::new(now, door.rng()),
            customer,
            user,
            name: self.name.clone(),
            scopes,
            sensitive: self.sensitive,
            created_at: now,
            expires_at: now.plus_days(self.days),
            last_used_at: None,
        };
        let tx = door.tx();
        store::insert(tx, &token, &digest(&secret)).await?;
        tx.unscope().await?;
        if let Some(owner) = users::find(tx, user).await? {
            let mail = OutgoingMail::new(owner.email, owner.language, MailKind::TokenCreated);
            desk.outbox.queue(tx, mail.with("name", &self.name)).await?;
        }
        tx.rescope().await?;
        let object = Object {
            kind: "token",
            id: token.id.to_string(),
            name: token.name.to_string(),
        };
        door.record(object, Value::Null, snapshot(&token));
        Ok(TokenCreated {
            id: token.id,
            token: secret,
            expires_at: token.expires_at,
        })
    }
}
