//! Keeps a domain pointed at a router whose address changes, in the dialect that routers speak.

mod order;
mod page;
mod target;

use order::{Order, Refusal};
use serde::{Deserialize, Serialize};
use target::{Settings, joined};
use wabe::ui::Ui;
use wabe::{Context, Effect, Form, Reply, Request, Result, json, kv, records};

/// After so long an unchanged address is set again: in between, somebody may have set another target.
const REFRESH_MS: u64 = 24 * 60 * 60 * 1000;
/// Where a host's last address is kept.
const PREFIX: &str = "host/";
/// Hosts on the page.
const SHOWN_MAX: usize = 50;

/// What is remembered of a host.
#[derive(Debug, Serialize, Deserialize)]
struct Last {
    /// The domain's id.
    domain: String,
    /// The addresses as answered.
    addresses: String,
    /// The target that was set.
    target: String,
    /// When.
    set_at_ms: u64,
}

#[derive(Deserialize)]
struct Domain {
    id: String,
    name: String,
}

#[wabe::webhook]
fn update(context: &Context, request: &Request) -> Result<Reply> {
    if request.user.is_empty() {
        return Ok(Reply::text("badauth\n").status(401));
    }
    let order = match Order::read(request) {
        Ok(order) => order,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let settings: Settings = context.settings()?;
    let target = settings.target(&order.addresses);
    let addresses = joined(&order.addresses);
    let mut reply = Reply::text("");
    let mut lines = Vec::new();
    for host in &order.hosts {
        let Some(domain) = find(host)? else {
            lines.push("nohost".to_owned());
            continue;
        };
        let key = format!("{PREFIX}{host}");
        let last: Option<Last> = kv::get(&key)?;
        if last.is_some_and(|last| last.holds(&domain, &target, context.now_ms)) {
            lines.push(format!("nochg {addresses}"));
            continue;
        }
        reply = reply.effect(Effect::redirect(&domain.id, &target));
        let now = Last {
            domain: domain.id,
            addresses: addresses.clone(),
            target: target.clone(),
            set_at_ms: context.now_ms,
        };
        kv::set(&key, &now)?;
        lines.push(format!("good {addresses}"));
    }
    reply.body = format!("{}\n", lines.join("\n")).into_bytes();
    let answers: Vec<_> = order.hosts.iter().zip(&lines).collect();
    Ok(reply.data(json!({ "answers": answers })))
}

/// The hosts with their addresses, on the dashboard and as a page.
#[wabe::form("main")]
fn addresses(context: &Context, _form: &Form) -> Result<Ui> {
    let mut hosts = Vec::new();
    for key in kv::keys(PREFIX)?.into_iter().take(SHOWN_MAX) {
        if let Some(last) = kv::get::<Last>(&key)? {
            let host = key.trim_start_matches(PREFIX).to_owned();
            hosts.push((host, last));
        }
    }
    Ok(page::draw(context, hosts))
}

impl Last {
    /// Whether nothing needs to be set.
    fn holds(&self, domain: &Domain, target: &str, now_ms: u64) -> bool {
        self.domain == domain.id
            && self.target == target
            && now_ms.saturating_sub(self.set_at_ms) < REFRESH_MS
    }
}

/// The customer's domain of exactly this name.
fn find(host: &str) -> Result<Option<Domain>> {
    let query = records::of("domain").fields(&["id", "name"]).search(host);
    let mut domains: Vec<Domain> = query.all()?;
    domains.retain(|domain| domain.name.eq_ignore_ascii_case(host));
    Ok(domains.pop())
}

/// The dialect's word, with a status that tells machines the same.
fn refused(refusal: Refusal) -> Reply {
    Reply::text(format!("{}\n", refusal.word()))
        .status(refusal.status())
        .data(json!({ "refused": refusal.word() }))
}
