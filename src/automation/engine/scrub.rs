//! Keeps secrets out of everything that a run leaves behind and out of the guest itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wabe_kernel::Secret;

/// Values shorter than this stand in too many texts by chance, in bytes.
const SHORTEST: usize = 4;

/// The secrets that were opened for a run, with the texts that take their place.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scrub {
    found: Vec<(Secret, String)>,
}

/// What stands for a secret in a request.
pub(crate) fn placeholder(name: &str) -> String {
    format!("{{{{secret:{name}}}}}")
}

impl Scrub {
    /// Learns a secret; from now on it is taken out.
    pub(crate) fn learn(&mut self, name: &str, secret: &Secret) {
        if secret.expose().len() < SHORTEST {
            return;
        }
        let encoded = STANDARD.encode(secret.expose());
        for text in [secret.expose(), encoded.trim_end_matches('=')] {
            self.found.push((Secret::new(text), placeholder(name)));
        }
    }

    /// The text without secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, instead) in &self.found {
            if text.contains(secret.expose()) {
                text = text.replace(secret.expose(), instead);
            }
        }
        text
    }

    /// The bytes without secrets.
    pub(crate) fn bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let mut bytes = bytes;
        for (secret, instead) in &self.found {
            bytes = replace(&bytes, secret.expose().as_bytes(), instead.as_bytes());
        }
        bytes
    }

    /// The document without secrets, in values and in keys.
    pub(crate) fn value(&self, value: Value) -> Value {
        if self.found.is_empty() {
            return value;
        }
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let clean = |(name, item): (String, Value)| (self.text(&name), self.value(item));
                Value::Object(members.into_iter().map(clean).collect())
            }
            other => other,
        }
    }
}

fn replace(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(place) = rest.windows(what.len()).position(|window| window == what) {
        out.extend_from_slice(&rest[..place]);
        out.extend_from_slice(with);
        rest = &rest[place + what.len()..];
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::Scrub;
    use serde_json::json;
    use wabe_kernel::Secret;

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        let mut scrub = Scrub::default();
        scrub.learn("token", &Secret::new("s3cret-value"));
        assert_eq!(scrub.text("a s3cret-value b"), "a {{secret:token}} b");
        let echoed = scrub.bytes(b"xs3cret-values3cret-value".to_vec());
        assert_eq!(echoed, b"x{{secret:token}}{{secret:token}}");
        // Base64 of the value, as Basic and Bearer echoes show it.
        assert_eq!(scrub.text("czNjcmV0LXZhbHVl"), "{{secret:token}}");
        let value = scrub.value(json!({ "a": ["s3cret-value", 1], "s3cret-value": null }));
        assert_eq!(
            value,
            json!({ "a": ["{{secret:token}}", 1], "{{secret:token}}": null })
        );
        scrub.learn("short", &Secret::new("abc"));
        assert_eq!(scrub.text("abc"), "abc");
    }
}
