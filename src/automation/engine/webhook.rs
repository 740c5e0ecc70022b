//! Inbound webhooks: who calls an installation's address proves that they know its password.
//!
//! Basic: any user name, the password of the installation. HMAC-SHA-256 with that password as the key:
//! either `webhook-signature: v1,{base64}` over `{webhook-id}.{webhook-timestamp}.{body}`, at most
//! five minutes old (Standard Webhooks 1.0), or `x-hub-signature-256: sha256={hex}` over the body.
//! Signatures are taken for requests with a body only: they do not cover the address. What has a time is
//! taken once: who listened in cannot send it again; its sender tries again with another time. A body alone
//! has none, and its plugin has to know what it has seen.

use crate::desk::Desk;
use crate::engine::Engine;
use crate::engine::begin::{Now, RESTS, SEEN};
use crate::engine::worlds::{WebhookReply, WebhookRequest};
use crate::installation::secret::{self, Named};
use crate::installation::{Installed, WEBHOOK_SECRET, store as installations};
use crate::run::purge::SEEN_BEGIN;
use crate::run::{Mode, TriggerKind, code};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;
use wabe_access::Refusal;
use wabe_kernel::{Fault, Language, Secret, Timestamp};
use wabe_package::archive::sha256;
use wabe_package::entry::Reply;
use wabe_package::trigger::Auth;
use wabe_package::{Blob, Entry, Trigger};

/// The most bytes of a reply.
pub(crate) const REPLY_MAX: usize = 4 << 10;
/// How old a signature may be, in seconds. Source: Standard Webhooks 1.0.
const SIGNATURE_SECONDS: i64 = 300;
/// The longest user name, in bytes.
const USER_MAX: usize = 64;
/// Seconds after which another try makes sense when an installation rests until midnight: its hoster
/// may give it more.
const RESTS_SECONDS: u32 = 600;
/// Headers that plugins never see.
const HIDDEN: [&str; 4] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "webhook-signature",
];

impl Engine {
    /// Answers a request to the address of an installation. Whoever does not prove themselves learns
    /// nothing but that there is no such address, or that a password is asked for.
    pub async fn receive(self: &Arc<Self>, slug: &str, request: WebhookRequest) -> WebhookReply {
        match Box::pin(self.received(slug, request)).await {
            Ok(reply) => reply,
            Err(Refusal::Busy(seconds)) => plain(503, Some(seconds)),
            Err(Refusal::Conflict(RESTS)) => plain(503, Some(RESTS_SECONDS)),
            Err(Refusal::Conflict(SEEN)) => plain(409, None),
            Err(Refusal::Fault(fault)) => {
                tracing::error!(fault = %fault.chain(), "a webhook met a fault");
                plain(503, Some(30))
            }
            // Paused, gone, or no such path: there is nothing here.
            Err(_) => plain(404, None),
        }
    }

    /// Whether this is an address at all: before anything more of a request is taken in.
    pub async fn is_address(&self, slug: &str) -> bool {
        matches!(self.addressed(slug).await, Ok(Some(_)))
    }

    async fn received(
        self: &Arc<Self>,
        slug: &str,
        request: WebhookRequest,
    ) -> Result<WebhookReply, Refusal> {
        let Some((found, password)) = self.addressed(slug).await? else {
            return Err(Refusal::NotFound);
        };
        let rights = found.rights();
        let mut triggers = found.version.manifest.triggers.iter();
        let ways = triggers.find_map(|trigger| match trigger {
            Trigger::Webhook { path, auth }
                if path.as_str() == request.path && rights.may_trigger(trigger) =>
            {
                Some(auth.clone())
            }
            _ => None,
        });
        let ways = ways.ok_or(Refusal::NotFound)?;
        let Some(proof) = proved(&request, &ways, &password, self.now()) else {
            let mut reply = plain(401, None);
            reply.ask_for_password = ways.contains(&Auth::Basic);
            return Ok(reply);
        };
        let path = request.path.clone();
        let entry = entry(request, proof.user);
        let settled = self.run_now(Now {
            installation: found.installation,
            mode: Mode::Live,
            trigger: TriggerKind::Webhook,
            name: path,
            entry,
            language: Language::En,
            at: None,
            once: proof.once,
        });
        let settled = settled.await?;
        Ok(match settled.outcome.and_then(|outcome| outcome.reply) {
            Some(reply) => answered(reply),
            // It ended well and had nothing to say.
            None if settled.code.is_none() => plain(204, None),
            None if settled.code.is_some_and(code::is_ours) => plain(503, Some(30)),
            None => plain(502, None),
        })
    }

    /// The installation behind an address, with its password.
    async fn addressed(&self, slug: &str) -> Result<Option<(Installed, Secret)>, Fault> {
        let plausible = slug.len() == 26 && slug.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plausible {
            return Ok(None);
        }
        let key = &Desk::of(self.parts.gate.tools())?.secrets;
        let mut tx = self.parts.gate.store().read().await?;
        let Some(found) = installations::by_slug(&mut tx, slug).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let named = Named {
            customer: found.customer,
            installation: found.id,
            name: WEBHOOK_SECRET,
        };
        let password = secret::open(&mut tx, key, named).await?;
        let found = match installations::installed(&mut tx, found).await {
            Ok(found) => found,
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(_) => return Ok(None),
        };
        tx.rollback().await?;
        Ok(password.map(|password| (found, password)))
    }
}

fn header<'a>(request: &'a WebhookRequest, name: &str) -> Option<&'a str> {
    let mut found = request.headers.iter().filter(|(known, _)| known == name);
    let one = found.next().map(|(_, value)| value.as_str());
    // Twice is not once: proxies disagree about which one counts.
    one.filter(|_| found.next().is_none())
}

/// That somebody knows the password.
struct Proof {
    /// The user name; empty for a signature.
    user: String,
    /// What a signed request with a time is known by.
    once: Option<String>,
}

fn proved(
    request: &WebhookRequest,
    ways: &[Auth],
    password: &Secret,
    now: Timestamp,
) -> Option<Proof> {
    let of = |user| Proof { user, once: None };
    if ways.contains(&Auth::Basic)
        && let Some(user) = basic(request, password)
    {
        return Some(of(user));
    }
    if !ways.contains(&Auth::Hmac) || request.body.is_empty() {
        return None;
    }
    if let Some(once) = standard(request, password, now) {
        let user = String::new();
        let once = Some(once);
        return Some(Proof { user, once });
    }
    hub(request, password).then(|| of(String::new()))
}

/// Source: RFC 7617.
fn basic(request: &WebhookRequest, password: &Secret) -> Option<String> {
    let value = header(request, "authorization")?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (user, given) = pair.split_once(':')?;
    let plain = user.len() <= USER_MAX && !user.chars().any(char::is_control);
    (password.verify(given) && plain).then(|| user.to_owned())
}

fn fits(password: &Secret, message: &[u8], signature: &[u8]) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, password.expose().as_bytes());
    hmac::verify(&key, message, signature).is_ok()
}

/// What a request is known by that is signed and fresh.
fn standard(request: &WebhookRequest, password: &Secret, now: Timestamp) -> Option<String> {
    let id = header(request, "webhook-id")?;
    let at = header(request, "webhook-timestamp")?;
    let signatures = header(request, "webhook-signature")?;
    let age = (now.0 / 1_000_000).checked_sub(at.parse().ok()?)?;
    if age.checked_abs()? > SIGNATURE_SECONDS {
        return None;
    }
    let message = [format!("{id}.{at}.").as_bytes(), &request.body].concat();
    let given = signatures
        .split(' ')
        .filter_map(|one| one.strip_prefix("v1,"));
    let mut given = given.filter_map(|one| STANDARD.decode(one).ok());
    let signed = given.any(|one| fits(password, &message, &one));
    signed.then(|| format!("{SEEN_BEGIN}{}", sha256(&message)))
}

fn hub(request: &WebhookRequest, password: &Secret) -> bool {
    let given = header(request, "x-hub-signature-256");
    let given = given.and_then(|value| value.strip_prefix("sha256="));
    let Some(given) = given.filter(|given| given.len() == 64 && given.is_ascii()) else {
        return false;
    };
    let digits = (0..32).map(|place| u8::from_str_radix(&given[place * 2..place * 2 + 2], 16));
    let bytes: Result<Vec<u8>, _> = digits.collect();
    bytes.is_ok_and(|bytes| fits(password, &request.body, &bytes))
}

/// What the plugin sees of the request; never what proved it.
fn entry(request: WebhookRequest, user: String) -> Entry {
    let mut headers = request.headers;
    headers.retain(|(name, _)| !HIDDEN.contains(&name.as_str()));
    Entry::Webhook {
        method: request.method,
        path: format!("/{}{}", request.path, request.rest),
        query: request.query,
        headers,
        body: Blob(request.body),
        remote: request.remote.to_canonical().to_string(),
        user,
    }
}

fn answered(reply: Reply) -> WebhookReply {
    WebhookReply {
        status: reply.status,
        content_type: if reply.content_type == "text/plain" {
            "text/plain"
        } else {
            "application/json"
        },
        body: reply.body.0,
        ask_for_password: false,
        retry_after: None,
    }
}

fn plain(status: u16, retry_after: Option<u32>) -> WebhookReply {
    WebhookReply {
        status,
        content_type: "text/plain",
        body: Vec::new(),
        ask_for_password: false,
        retry_after,
    }
}
