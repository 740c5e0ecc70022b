//! `http.fetch`

use crate::engine::host::{Host, denial};
use crate::engine::worlds::Outgoing;
use crate::run::Mode;
use wabe_kernel::Fault;
use wabe_package::wire::{Answer, FetchRequest, FetchResponse, Problem};
use wabe_package::{Blob, Capability, Host as Name};

/// What begins and ends the name of a secret in a request.
const MARK: (&str, &str) = ("{{secret:", "}}");
/// Bytes of an answer that are looked through in passing.
const SMALL: usize = 64 << 10;
/// The most places of secrets in one request.
const PLACES_MAX: usize = 32;

/// The host of an address: HTTPS, an exact name, no user.
fn host(url: &str) -> Result<Name, Problem> {
    let wrong = || denial::invalid("the address is https:// with an exact host name, and no user");
    let rest = url.strip_prefix("https://").ok_or_else(wrong)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest[..end].parse().map_err(|_defect| wrong())
}

impl Host<'_> {
    pub(super) async fn fetch(&self, request: FetchRequest) -> Result<Answer, Problem> {
        let name = host(&request.url)?;
        self.needs(&Capability::Http(name))?;
        if request.url.contains(MARK.0) {
            return Err(denial::invalid(
                "secrets stand in headers or in the body, never in the address",
            ));
        }
        if self.ready.run.mode == Mode::Dry {
            return Err(denial::dry());
        }
        let request = self.filled(request).await?;
        let spent = self.engine.now().0 - self.ready.began_at.0;
        let spent = u32::try_from(spent / 1_000).unwrap_or(u32::MAX);
        let within_ms = self.ready.order.limits.wall_ms.saturating_sub(spent);
        let outgoing = Outgoing {
            customer: self.ready.run.customer,
            request,
            hosts: self.ready.rights.hosts(),
            within_ms,
        };
        let answered = self.engine.parts.fetch.fetch(outgoing).await?;
        // It took its time: what was taken back meanwhile is not told any more.
        self.still_allowed().await?;
        self.scrubbed(answered).await.map(Answer::Fetched)
    }

    /// The request with its secrets in their places.
    async fn filled(&self, mut request: FetchRequest) -> Result<FetchRequest, Problem> {
        for (_, value) in &mut request.headers {
            let filled = self.fill(value.as_bytes()).await?;
            *value = String::from_utf8(filled)
                .map_err(|_form| denial::invalid("a header's value is text"))?;
        }
        request.body = Blob(self.fill(&request.body.0).await?);
        Ok(request)
    }

    /// The bytes with every `{{secret:NAME}}` replaced by its secret.
    async fn fill(&self, bytes: &[u8]) -> Result<Vec<u8>, Problem> {
        let (begin, end) = (MARK.0.as_bytes(), MARK.1.as_bytes());
        let find =
            |rest: &[u8], what: &[u8]| rest.windows(what.len()).position(|window| window == what);
        let (mut out, mut rest, mut places) = (Vec::with_capacity(bytes.len()), bytes, 0);
        while let Some(start) = find(rest, begin) {
            let behind = &rest[start + begin.len()..];
            let Some(length) = find(behind, end) else {
                break;
            };
            places += 1;
            if places > PLACES_MAX {
                return Err(denial::invalid("too many places for secrets"));
            }
            let name = std::str::from_utf8(&behind[..length]);
            let name = name.map_err(|_form| denial::invalid("the name of a secret is text"))?;
            let secret = self.secret(name).await?;
            out.extend_from_slice(&rest[..start]);
            out.extend_from_slice(secret.expose().as_bytes());
            rest = &behind[length + end.len()..];
        }
        out.extend_from_slice(rest);
        Ok(out)
    }

    /// The answer without what the other host echoed of the secrets. A large one is looked through where
    /// nobody else waits for the thread.
    async fn scrubbed(&self, answered: FetchResponse) -> Result<FetchResponse, Problem> {
        let scrub = self.state().used.clone();
        let quick = scrub.is_empty() || answered.body.0.len() <= SMALL;
        let clean = move || {
            let header = |(name, value): (String, String)| (name, scrub.text(&value));
            FetchResponse {
                status: answered.status,
                headers: answered.headers.into_iter().map(header).collect(),
                body: Blob(scrub.bytes(answered.body.0)),
            }
        };
        if quick {
            return Ok(clean());
        }
        let cleaned = tokio::task::spawn_blocking(clean).await;
        cleaned.map_err(|error| denial::fault(&Fault::because("look through an answer", error)))
    }
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn an_address_has_one_host_and_nothing_else() {
        for good in [
            "https://api.example.org/a?b#c",
            "https://api.example.org:8443?x",
        ] {
            assert!(host(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.example.org/",
            "https://user@api.example.org/",
            "https://api.example.org:x/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https:///x",
            "HTTPS://api.example.org/",
            "//api.example.org",
        ] {
            assert!(host(bad).is_err(), "{bad}");
        }
        assert!(host("https://a.example.org\\@b.example.org/").is_err());
    }
}
