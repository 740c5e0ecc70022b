//! What the browser says about a ceremony. Source: WebAuthn level 2, 5.8.1.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// Making a key.
pub(super) const CREATE: &str = "webauthn.create";
/// Signing with one.
pub(super) const GET: &str = "webauthn.get";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

/// The challenge that was answered, when this is what was asked for, on a page of exactly this origin
/// that stands in no other.
pub(super) fn challenge(bytes: &[u8], kind: &str, origin: &str) -> Option<Vec<u8>> {
    let said: ClientData = serde_json::from_slice(bytes).ok()?;
    let fits = said.r#type == kind
        && said.origin == origin
        && !said.cross_origin
        && said.top_origin.is_none();
    let challenge = URL_SAFE_NO_PAD.decode(said.challenge);
    challenge.ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    // 3.6 T2: exact origin.
    #[test]
    fn only_this_origin_and_this_purpose_fit() {
        let said = |kind: &str, origin: &str, more: &str| {
            let text =
                format!(r#"{{"type":"{kind}","challenge":"AQI","origin":"{origin}"{more}}}"#);
            challenge(text.as_bytes(), GET, "https://portal.test:8443")
        };
        assert_eq!(said(GET, "https://portal.test:8443", ""), Some(vec![1, 2]));
        let fine = r#","crossOrigin":false,"other":1"#;
        assert_eq!(
            said(GET, "https://portal.test:8443", fine),
            Some(vec![1, 2])
        );
        for (kind, origin, more) in [
            (CREATE, "https://portal.test:8443", ""),
            (GET, "https://portal.test", ""),
            (GET, "http://portal.test:8443", ""),
            (GET, "https://portal.test:8443/", ""),
            (GET, "https://evil.portal.test:8443", ""),
            (GET, "https://portal.test:8443", r#","crossOrigin":true"#),
            (
                GET,
                "https://portal.test:8443",
                r#","topOrigin":"https://evil.test""#,
            ),
        ] {
            assert_eq!(said(kind, origin, more), None, "{kind} {origin} {more}");
        }
        assert_eq!(challenge(b"[]", GET, ""), None);
    }
}
